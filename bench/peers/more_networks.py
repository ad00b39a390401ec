"""Networks beside those of exported_networks.py, of other kinds: for what the kernels have not been tuned to."""

import torch
from torch import nn
from torch.nn import functional

CLASSES = 10


def normed(inputs, outputs, kernel, stride=1, padding=0, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(outputs),
        nn.ReLU())


def double(inputs, outputs):
    return nn.Sequential(normed(inputs, outputs, 3, 1, 1), normed(outputs, outputs, 3, 1, 1))


def head(features):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features, CLASSES))


class UNet(nn.Module):
    """Encoder, decoder, skips by concatenation; up by transposed convolutions, or by interpolation."""

    def __init__(self, up, width=16):
        super().__init__()
        self.down = nn.ModuleList([double(3, width), double(width, 2 * width), double(2 * width, 4 * width)])
        self.up = nn.ModuleList(up(2 * w, w) for w in (2 * width, width))
        self.merge = nn.ModuleList(double(2 * w, w) for w in (2 * width, width))
        self.out = nn.Conv2d(width, CLASSES, 1)

    def forward(self, x):
        skips = []
        for level, layer in enumerate(self.down):
            x = layer(functional.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for up, merge, skip in zip(self.up, self.merge, skips[-2::-1]):
            x = merge(torch.cat([skip, up(x)], 1))
        return self.out(x).mean((2, 3))


def transposed(inputs, outputs):
    return nn.ConvTranspose2d(inputs, outputs, 2, 2)


def interpolated(inputs, outputs):
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(inputs, outputs, 3, 1, 1))


class LayerNormOfChannels(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNextBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.depthwise, self.norm = nn.Conv2d(channels, channels, 7, 1, 3, groups=channels), nn.LayerNorm(channels)
        self.widen, self.narrow = nn.Linear(channels, 4 * channels), nn.Linear(4 * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), 0.1))

    def forward(self, x):
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        y = self.scale * self.narrow(functional.gelu(self.widen(y)))
        return x + y.permute(0, 3, 1, 2)


def convnext(width=32):
    return nn.Sequential(
        nn.Conv2d(3, width, 4, 4), LayerNormOfChannels(width), ConvNextBlock(width), ConvNextBlock(width),
        LayerNormOfChannels(width), nn.Conv2d(width, 2 * width, 2, 2),
        ConvNextBlock(2 * width), ConvNextBlock(2 * width),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(2 * width), nn.Linear(2 * width, CLASSES))


class VisionTransformer(nn.Module):
    """Attention written out, before it the normalisation; a token of the class."""

    def __init__(self, width=64, heads=4, layers=2):
        super().__init__()
        self.heads, self.patches = heads, nn.Conv2d(3, width, 4, 4)
        self.token, self.place = nn.Parameter(torch.zeros(1, 1, width)), nn.Parameter(torch.randn(1, 65, width) * 0.02)
        self.layers = nn.ModuleList(nn.ModuleDict({
            "norm1": nn.LayerNorm(width), "qkv": nn.Linear(width, 3 * width), "join": nn.Linear(width, width),
            "norm2": nn.LayerNorm(width), "mlp": nn.Sequential(
                nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))}) for _ in range(layers))
        self.norm, self.out = nn.LayerNorm(width), nn.Linear(width, CLASSES)

    def attend(self, layer, x):
        batch, tokens, width = x.shape
        q, k, v = layer["qkv"](x).reshape(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5).softmax(-1)
        return layer["join"]((weights @ v).transpose(1, 2).reshape(batch, tokens, width))

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place
        for layer in self.layers:
            x = x + self.attend(layer, layer["norm1"](x))
            x = x + layer["mlp"](layer["norm2"](x))
        return self.out(self.norm(x)[:, 0])


class Growing(nn.Module):
    """DenseNet's layer: what it computes is joined to what it reads."""

    def __init__(self, inputs, growth):
        super().__init__()
        self.norm, self.conv = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, growth, 3, 1, 1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv(functional.relu(self.norm(x)))], 1)


def densenet(growth=12, layers=6):
    parts, channels = [nn.Conv2d(3, 2 * growth, 3, 1, 1, bias=False)], 2 * growth
    for block in range(3):
        for _ in range(layers):
            parts.append(Growing(channels, growth))
            channels += growth
        parts += [nn.BatchNorm2d(channels), nn.ReLU()]
        if block < 2:
            parts += [nn.Conv2d(channels, channels // 2, 1, bias=False), nn.AvgPool2d(2)]
            channels //= 2
    return nn.Sequential(*parts, head(channels))


def mobilenet():
    parts, channels = [normed(3, 16, 3, 1, 1)], 16
    for outputs, stride in ((32, 1), (64, 2), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1)):
        parts += [normed(channels, channels, 3, stride, 1, groups=channels), normed(channels, outputs, 1)]
        channels = outputs
    return nn.Sequential(*parts, head(channels))


def alexnet():
    return nn.Sequential(
        nn.Conv2d(3, 32, 11, 4, 5), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(32, 96, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 192, 3, 1, 1), nn.ReLU(), nn.Conv2d(192, 128, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(),
        nn.Dropout(0.0), nn.Linear(1152, 256), nn.ReLU(), nn.Linear(256, CLASSES))


class Gru(nn.Module):
    """Two layers of a recurrent operator, read at the last step."""

    def __init__(self):
        super().__init__()
        self.recurrent, self.output = nn.GRU(28, 128, 2, batch_first=True), nn.Linear(128, CLASSES)

    def forward(self, x):
        return self.output(self.recurrent(x)[0][:, -1])


# How each is made, the shape of a sample, and the samples of a batch.
NETWORKS = {
    "alexnet": (alexnet, (3, 128, 128), 32),
    "convnext": (convnext, (3, 64, 64), 16),
    "densenet": (densenet, (3, 32, 32), 16),
    "gru-layers": (Gru, (28, 28), 64),
    "mobilenet": (mobilenet, (3, 32, 32), 32),
    "unet-transposed": (lambda: UNet(transposed), (3, 64, 64), 16),
    "unet-upsample": (lambda: UNet(interpolated), (3, 64, 64), 16),
    "vit": (VisionTransformer, (3, 32, 32), 32),
}
