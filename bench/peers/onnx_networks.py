#!/usr/bin/python3
"""Writes the golden files of ExportedNetworks: networks exported to ONNX, and training steps of them by PyTorch's autograd.

    onnx_networks.py FOLDER [NETWORK...]

For each network NETWORK.onnx, with float32 parameters, and NETWORK.npz, which holds the inputs as input/NAME, the `target`,
whether the loss `isCrossEntropy` or else half the squared error, the learning `rate`, the `losses` before each of three
steps of plain gradient descent, and after/PARAMETER, the parameters after the first of them. The steps are in float64, from
the file's parameters.
"""

import argparse
import math
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional

STEPS = 3


class GroupedConvolutions(nn.Module):
    """Grouped, dilated, strided and depthwise convolutions with uneven padding."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2)
        self.dilated = nn.Conv2d(6, 6, (3, 2), dilation=(1, 2), padding=(1, 0))
        self.depthwise = nn.Conv2d(6, 12, 3, groups=6, bias=False)
        self.pointwise = nn.Conv2d(12, 5, 1)

    def forward(self, x):
        x = functional.leaky_relu(self.first(x), 0.1)
        x = functional.elu(self.dilated(functional.pad(x, (0, 1, 2, 0))))
        x = functional.avg_pool2d(self.depthwise(x), 2, stride=1, padding=1, count_include_pad=False)
        return torch.tanh(self.pointwise(x)).mean((2, 3))


class BatchNormalised(nn.Module):
    """A residual block with batch normalisation by the batch's own statistics."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(8)
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(8)
        self.out = nn.Linear(8, 4)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.stem_norm(self.stem(x))), 3, 2, ceil_mode=True)
        y = self.norm2(self.conv2(functional.relu(self.norm1(self.conv1(x)))))
        return self.out(functional.adaptive_avg_pool2d(functional.relu(x + y), 1).flatten(1))


class FrozenStatistics(BatchNormalised):
    """The same with the running statistics, as a network is fine-tuned."""

    def __init__(self):
        super().__init__()
        for norm in (self.stem_norm, self.norm1, self.norm2):
            norm.running_mean.normal_(0, 0.3)
            norm.running_var.uniform_(0.5, 2)


class GroupAndInstanceNorm(nn.Module):
    """Convolutions over sequences with group, instance and layer normalisation and SiLU."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(3, 8, 5, padding=2)
        self.group = nn.GroupNorm(4, 8)
        self.conv2 = nn.Conv1d(8, 6, 3, stride=2)
        self.instance = nn.InstanceNorm1d(6, affine=True)
        self.layer = nn.LayerNorm(6)
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        x = functional.silu(self.group(self.conv1(x)))
        x = functional.softplus(self.instance(self.conv2(x)))
        return self.out(self.layer(x.transpose(1, 2)).mean(1))


class CausalAttention(nn.Module):
    """Token embeddings, a causal mask by masked_fill, GELU, and logits by the embedding itself: a small language model."""

    def __init__(self, vocabulary=11, width=8, heads=2, tokens=5):
        super().__init__()
        self.heads = heads
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(tokens, width) * 0.1)
        self.qkv = nn.Linear(width, 3 * width)
        self.mix = nn.Linear(width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.register_buffer("mask", torch.ones(tokens, tokens).triu(1).bool())

    def forward(self, tokens):
        batch, length = tokens.shape
        x = self.embedding(tokens) + self.position
        q, k, v = (p.reshape(batch, length, self.heads, -1).transpose(1, 2) for p in self.qkv(self.norm1(x)).chunk(3, -1))
        scores = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).masked_fill(self.mask, float("-inf"))
        x = x + self.mix((scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, -1))
        x = x + self.down(functional.gelu(self.up(self.norm2(x))))
        return functional.linear(x[:, -1], self.embedding.weight)


class BidirectionalGru(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(9, 4)
        self.gru = nn.GRU(4, 5, bidirectional=True, batch_first=True)
        self.out = nn.Linear(10, 3)

    def forward(self, tokens):
        y, _ = self.gru(self.embedding(tokens))
        return self.out(y.max(1).values)


class StackedLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, num_layers=2, bidirectional=True)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.out(h.transpose(0, 1).flatten(1))


class ElmanNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(3, 6, num_layers=2, nonlinearity="tanh", batch_first=True)
        self.out = nn.Linear(6, 2)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


class DenselyConnected(nn.Module):
    """Each layer reads all before it."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv2d(2 + 3 * i, 3, 3, padding=1) for i in range(3))
        self.shrink = nn.Conv2d(11, 4, 1)

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, functional.relu(layer(x))], 1)
        return functional.max_pool2d(self.shrink(x), 4).flatten(1)


class UShaped(nn.Module):
    """Down and up again by a transposed convolution and by linear resizing, with skips."""

    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1, 4, 3, padding=1)
        self.down2 = nn.Conv2d(4, 6, 3, stride=2, padding=1)
        self.bottom = nn.Conv2d(6, 6, 3, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(6, 6, 3, stride=2, padding=1, output_padding=1)
        self.mix = nn.Conv2d(12, 4, 1)
        self.out = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        a = functional.relu(self.down1(x))
        b = functional.relu(self.down2(a))
        c = torch.cat([self.up2(functional.relu(self.bottom(b))), b], 1)
        d = functional.interpolate(self.mix(c), scale_factor=2, mode="bilinear", align_corners=False)
        return self.out(torch.cat([d, a], 1)).flatten(1)


class Gates(nn.Module):
    """Gates by chunk, a choice by where, and one weight read three times."""

    def __init__(self):
        super().__init__()
        self.into = nn.Linear(4, 6)
        self.shared = nn.Linear(6, 12)
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        h = self.into(x)
        for _ in range(3):
            a, b = self.shared(h).chunk(2, 1)
            h = torch.where(b > 0, a * torch.sigmoid(b), 0.5 * h) + h
        return self.out(h)


class Volumes(nn.Module):
    """Three-dimensional convolution and pooling, PReLU and hard activations."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv3d(1, 4, (2, 3, 3), padding=(0, 1, 1))
        self.act = nn.PReLU(4)
        self.up = nn.ConvTranspose3d(4, 2, 2, stride=2)
        self.out = nn.Linear(2 * 3 * 2 * 2, 3)

    def forward(self, x):
        x = functional.max_pool3d(self.act(self.conv(x)), (1, 2, 2))
        x = functional.hardswish(self.up(x))
        return self.out(functional.avg_pool3d(x, 2).flatten(1))


class SqueezeExcite(nn.Module):
    """An inverted residual block with a gate for each channel."""

    def __init__(self):
        super().__init__()
        self.expand, self.depthwise = nn.Conv2d(4, 12, 1), nn.Conv2d(12, 12, 3, padding=1, groups=12)
        self.squeeze, self.excite = nn.Conv2d(12, 4, 1), nn.Conv2d(4, 12, 1)
        self.project, self.out = nn.Conv2d(12, 4, 1), nn.Linear(4, 3)

    def forward(self, x):
        y = functional.hardswish(self.depthwise(functional.relu6(self.expand(x))))
        gate = functional.hardsigmoid(self.excite(functional.relu(self.squeeze(functional.adaptive_avg_pool2d(y, 1)))))
        return self.out((x + self.project(y * gate)).mean((2, 3)))


class Statistics(nn.Module):
    """Einsum, pixel shuffle, and reductions: norm, log-sum-exp, variance, product, cumulative sum."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 8, 3, padding=1)
        self.bilinear = nn.Parameter(torch.randn(3, 8, 8) * 0.3)

    def forward(self, x):
        y = torch.tanh(functional.pixel_shuffle(self.conv(x), 2))
        y = y.flatten(2).cumsum(-1)[..., ::7]
        features = torch.cat([y.logsumexp(-1), y.norm(dim=-1), y.var(-1), (1.5 + 0.1 * y).prod(-1)], 1)
        features = functional.normalize(features, dim=1)
        return torch.einsum("ni,kij,nj->nk", features, self.bilinear, features)


class PatchTransformer(nn.Module):
    """Patches by convolution, a class token, PyTorch's own encoder layer."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(1, 8, 4, stride=4)
        self.token = nn.Parameter(torch.randn(1, 1, 8))
        self.encoder = nn.TransformerEncoderLayer(8, 2, 16, dropout=0, activation="gelu", batch_first=True)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1)
        return self.out(self.encoder(x)[:, 0])


def tokens(count, *shape):
    return torch.randint(count, shape)


# Network, its input, the loss.
NETWORKS = {
    "grouped-convolutions": (GroupedConvolutions, lambda: torch.randn(3, 4, 9, 8), "squared-error"),
    "batch-norm": (BatchNormalised, lambda: torch.randn(4, 3, 8, 8), "cross-entropy"),
    "frozen-statistics": (FrozenStatistics, lambda: torch.randn(4, 3, 8, 8), "cross-entropy"),
    "group-and-instance-norm": (GroupAndInstanceNorm, lambda: torch.randn(3, 3, 11), "squared-error"),
    "causal-attention": (CausalAttention, lambda: tokens(11, 4, 5), "cross-entropy"),
    "bidirectional-gru": (BidirectionalGru, lambda: tokens(9, 3, 6), "cross-entropy"),
    "stacked-lstm": (StackedLstm, lambda: torch.randn(5, 3, 3), "squared-error"),
    "elman": (ElmanNetwork, lambda: torch.randn(3, 5, 3), "squared-error"),
    "densely-connected": (DenselyConnected, lambda: torch.randn(3, 2, 8, 8), "squared-error"),
    "u-shaped": (UShaped, lambda: torch.randn(2, 1, 8, 8), "squared-error"),
    "gates": (Gates, lambda: torch.randn(5, 4), "cross-entropy"),
    "volumes": (Volumes, lambda: torch.randn(2, 1, 4, 4, 4), "squared-error"),
    "squeeze-excite": (SqueezeExcite, lambda: torch.randn(3, 4, 5, 5), "squared-error"),
    "statistics": (Statistics, lambda: torch.randn(3, 2, 4, 4), "squared-error"),
    "patch-transformer": (PatchTransformer, lambda: torch.randn(3, 1, 8, 8), "cross-entropy"),
}

# Batch normalisation by the batch's own statistics is what distinguishes training from evaluation here.
TRAINING = {"batch-norm"}
# Their batch is a symbol in the file; sequences come first in the LSTM's input.
SYMBOLIC = {"gates": 0, "causal-attention": 0, "stacked-lstm": 1, "squeeze-excite": 0}
RATES = {"densely-connected": 0.01, "u-shaped": 0.002, "causal-attention": 0.1, "statistics": 0.1, "bidirectional-gru": 0.2, "frozen-statistics": 0.05, "batch-norm": 0.05}


def squared_error(prediction, target):
    return 0.5 * torch.sum((prediction - target) ** 2) / len(prediction)


def write(name, folder):
    torch.manual_seed(2022)
    create, sample, loss_name = NETWORKS[name]
    network = create()
    # The exporter merges parameters that are equal, such as the scales and biases of fresh normalisations.
    with torch.no_grad():
        for parameter in network.parameters():
            if (parameter == parameter.flatten()[0]).all():
                parameter += 0.2 * torch.randn_like(parameter)
    training = name in TRAINING
    network.train(training)
    x = sample()
    dynamic = {"input": {SYMBOLIC[name]: "batch"}} if name in SYMBOLIC else None
    torch.onnx.export(
        network, (x,), str(folder / f"{name}.onnx"), input_names=["input"], output_names=["output"], opset_version=16,
        dynamic_axes=dynamic, do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE)

    network.double()
    network.train(training)
    x = x.double() if x.is_floating_point() else x
    rate = RATES.get(name, 0.5)
    prediction = network(x).detach()
    if loss_name == "cross-entropy":
        loss_of, target = functional.cross_entropy, torch.randint(prediction.shape[1], (len(prediction),))
    else:
        loss_of, target = squared_error, torch.randn_like(prediction)
    arrays = {"input/input": x.float().numpy() if x.is_floating_point() else x.numpy()}
    losses = []
    for step in range(STEPS):
        network.zero_grad()
        loss = loss_of(network(x), target)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for key, parameter in network.named_parameters():
                if parameter.grad is not None:
                    parameter -= rate * parameter.grad
                if step == 0:
                    arrays[f"after/{key}"] = parameter.numpy().copy()
    arrays.update(target=target.numpy(), isCrossEntropy=numpy.array([loss_name == "cross-entropy"]), rate=numpy.array([rate]),
                  losses=numpy.array(losses))
    numpy.savez_compressed(folder / f"{name}.npz", **arrays)
    print(f"{name}: losses {losses}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("networks", nargs="*")
    options = arguments.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.networks or NETWORKS:
        write(name, options.folder)


if __name__ == "__main__":
    main()
