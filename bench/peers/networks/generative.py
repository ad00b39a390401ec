"""Networks that generate."""

import math

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import spectral_norm

from .case import Case


class Vae(nn.Module):
    """Encoder, noise drawn in the graph, decoder."""

    def __init__(self):
        super().__init__()
        self.encode, self.mean, self.log_variance = nn.Linear(12, 10), nn.Linear(10, 3), nn.Linear(10, 3)
        self.decode, self.out = nn.Linear(3, 10), nn.Linear(10, 12)

    def forward(self, x):
        h = torch.relu(self.encode(x))
        spread = torch.exp(0.5 * self.log_variance(h))
        z = self.mean(h) + torch.randn_like(spread) * spread
        return torch.sigmoid(self.out(torch.relu(self.decode(z))))


class Generator(nn.Module):
    """DCGAN's generator in training mode."""

    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(6, 16, 4, 1, 0, bias=False), nn.BatchNorm2d(16), nn.ReLU(True),
            nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(True),
            nn.ConvTranspose2d(8, 3, 3, 2, 1, output_padding=1, bias=False), nn.Tanh())

    def forward(self, z):
        return self.main(z)


class Discriminator(nn.Module):
    """Spectral normalisation, its power iteration done, and the spread over a minibatch as a feature."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = spectral_norm(nn.Conv2d(3, 6, 4, 2, 1)), spectral_norm(nn.Conv2d(6, 8, 4, 2, 1))
        self.out = nn.Linear(9, 1)

    def forward(self, x):
        x = functional.leaky_relu(self.conv2(functional.leaky_relu(self.conv1(x), 0.2)), 0.2).mean((2, 3))
        spread = x.std(0, unbiased=False).mean().expand(x.size(0), 1)
        return self.out(torch.cat([x, spread], 1))


class Coupling(nn.Module):
    """RealNVP: masked couplings; what comes out are the latents and the log-determinant."""

    def __init__(self):
        super().__init__()
        self.scale, self.shift = (
            nn.ModuleList(nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 4)) for _ in range(3)) for _ in range(2))
        self.turn = nn.Parameter(torch.randn(4, 4))
        self.register_buffer("masks", torch.tensor([[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0]]))

    def forward(self, x):
        total = torch.zeros(x.size(0), dtype=x.dtype)
        for i in range(3):
            held = x * self.masks[i]
            s = torch.tanh(self.scale[i](held)) * (1 - self.masks[i])
            x = held + (1 - self.masks[i]) * (x * torch.exp(s) + self.shift[i](held))
            total = total + s.sum(1)
        total = total + torch.det(self.turn).abs().log()
        return torch.cat([x @ self.turn, total.unsqueeze(1)], 1)


class DiffusionUNet(nn.Module):
    """A U-Net that is told the time by sines, with group normalisation, attention in the middle, and skips."""

    def __init__(self, width=8):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(8, 16), nn.SiLU(), nn.Linear(16, 16))
        self.into, self.down = nn.Conv2d(1, width, 3, padding=1), nn.Conv2d(width, width, 3, 2, 1)
        self.blocks = nn.ModuleList(nn.ModuleList([
            nn.GroupNorm(4, channels), nn.Conv2d(channels, width, 3, padding=1), nn.Linear(16, 2 * width),
            nn.GroupNorm(4, width), nn.Conv2d(width, width, 3, padding=1)]) for channels in (width, width, 2 * width))
        self.norm, self.qkv, self.proj = nn.GroupNorm(4, width), nn.Conv2d(width, 3 * width, 1), nn.Conv2d(width, width, 1)
        self.skip, self.out = nn.Conv2d(2 * width, width, 1), nn.Conv2d(width, 1, 3, padding=1)

    @staticmethod
    def residual(block, x, time):
        h = block[1](functional.silu(block[0](x)))
        scale, shift = block[2](time)[:, :, None, None].chunk(2, dim=1)
        return block[4](functional.silu(block[3](h) * (1 + scale) + shift))

    def attend(self, x):
        b, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, 3, c, h * w).unbind(1)
        weights = torch.einsum("bct,bcs->bts", q * c ** -0.25, k * c ** -0.25).softmax(-1)
        return x + self.proj(torch.einsum("bts,bcs->bct", weights, v).reshape(b, c, h, w))

    def forward(self, x, t):
        rates = torch.exp(torch.arange(4, dtype=x.dtype) * (-math.log(10000) / 3))
        angles = t.to(x.dtype)[:, None] * rates[None]
        time = self.time(torch.cat([angles.sin(), angles.cos()], -1))
        a = self.into(x)
        a = a + self.residual(self.blocks[0], a, time)
        b = self.down(a)
        b = self.attend(b + self.residual(self.blocks[1], b, time))
        b = functional.interpolate(b, scale_factor=2.0, mode="nearest")
        c = torch.cat([b, a], 1)
        return self.out(functional.silu(self.skip(c) + self.residual(self.blocks[2], c, time)))


class PixelCnn(nn.Module):
    """Convolutions whose weights are masked, so that a pixel sees those before it."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.out = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 6, 3, padding=1), nn.Conv2d(6, 1, 1)
        first, second = torch.ones(5, 5), torch.ones(3, 3)
        first[2, 2:], first[3:], second[1, 2:], second[2:] = 0, 0, 0, 0
        self.register_buffer("mask1", first)
        self.register_buffer("mask2", second)

    def forward(self, x):
        x = functional.relu(functional.conv2d(x, self.first.weight * self.mask1, self.first.bias, padding=2))
        return self.out(functional.relu(functional.conv2d(x, self.second.weight * self.mask2, self.second.bias, padding=1)))


class VectorQuantised(nn.Module):
    """The nearest code of a book by ArgMin, and a decoder that learns with the book."""

    def __init__(self):
        super().__init__()
        self.encode, self.book, self.decode = nn.Linear(6, 3), nn.Embedding(5, 3), nn.Linear(3, 6)

    def forward(self, x):
        z = self.encode(x)
        distance = z.pow(2).sum(1, keepdim=True) - 2 * z @ self.book.weight.t() + self.book.weight.pow(2).sum(1)
        return self.decode(self.book(distance.argmin(1)) + 0.5 * z)


class StyleMixing(nn.Module):
    """Weights modulated by a style and demodulated, a bilinear upsampling, an adaptive instance normalisation."""

    def __init__(self):
        super().__init__()
        self.constant, self.style1, self.style2 = nn.Parameter(torch.randn(1, 4, 4, 4)), nn.Linear(5, 4), nn.Linear(5, 8)
        self.weight, self.norm, self.out = nn.Parameter(torch.randn(4, 4, 3, 3)), nn.InstanceNorm2d(4), nn.Conv2d(4, 1, 1)

    def forward(self, z):
        b = z.size(0)
        z = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        w = self.weight[None] * self.style1(z).view(b, 1, 4, 1, 1)
        w = w * torch.rsqrt(w.square().sum((2, 3, 4)) + 1e-8).view(b, 4, 1, 1, 1)
        x = functional.interpolate(self.constant, scale_factor=2, mode="bilinear", align_corners=True).expand(b, -1, -1, -1)
        x = functional.conv2d(x.reshape(1, b * 4, 8, 8), w.reshape(b * 4, 4, 3, 3), padding=1, groups=b).view(b, 4, 8, 8)
        scale, shift = self.style2(z)[:, :, None, None].chunk(2, 1)
        return self.out(functional.leaky_relu(self.norm(x) * (scale + 1) + shift, 0.2))


def noise(*shape):
    return lambda: {"x": torch.randn(*shape)}


NETWORKS = {
    "dcgan-generator": Case(Generator, lambda: {"z": torch.randn(3, 6, 1, 1)}, "squared-error", 15, True),
    "diffusion-u-net": Case(
        DiffusionUNet, lambda: {"x": torch.randn(2, 1, 8, 8), "t": torch.tensor([3, 40])}, "squared-error", 14),
    "discriminator": Case(Discriminator, noise(4, 3, 8, 8), "squared-error", 13),
    "pixel-cnn": Case(PixelCnn, noise(2, 1, 6, 6), "squared-error", 17),
    "real-nvp": Case(Coupling, noise(4, 4), "squared-error", 13),
    "style-mixing": Case(StyleMixing, lambda: {"z": torch.randn(2, 5)}, "squared-error", 15),
    "vae": Case(Vae, noise(4, 12), "squared-error", 15),
    "vector-quantised": Case(VectorQuantised, noise(5, 6), "squared-error", 14),
}
