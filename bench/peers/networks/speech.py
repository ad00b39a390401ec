"""Networks for sounds: recurrent ones, convolutions over time, and both with attention."""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import weight_norm

from .case import Case


class DeepSpeech(nn.Module):
    """Bidirectional LSTMs over frames, a class for each frame."""

    def __init__(self):
        super().__init__()
        self.into, self.lstm = nn.Linear(8, 10), nn.LSTM(10, 6, num_layers=2, bidirectional=True)
        self.norm, self.out = nn.LayerNorm(12), nn.Linear(12, 7)

    def forward(self, x):
        x = functional.hardtanh(self.into(x.transpose(0, 1)), 0, 20)
        return self.out(self.norm(self.lstm(x)[0])).transpose(0, 1).flatten(0, 1)


class LastState(nn.Module):
    """A keyword: the last output of an LSTM whose initial state learns, with projected states summed in."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 8, batch_first=True)
        self.h, self.c = nn.Parameter(torch.randn(1, 1, 8)), nn.Parameter(torch.randn(1, 1, 8))
        self.out = nn.Linear(16, 4)

    def forward(self, x):
        batch = x.size(0)
        y, (h, c) = self.lstm(x, (self.h.expand(-1, batch, -1).contiguous(), self.c.expand(-1, batch, -1).contiguous()))
        return self.out(torch.cat([y[:, -1], c[0]], 1))


class ConvGru(nn.Module):
    """Convolutions over a spectrogram in training mode, a GRU over time, a mean over frames."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 4, (5, 3), (2, 2), (2, 1)), nn.BatchNorm2d(4), nn.Hardtanh(0, 20),
            nn.Conv2d(4, 4, 3, (2, 1), 1), nn.BatchNorm2d(4), nn.Hardtanh(0, 20))
        self.gru, self.out = nn.GRU(16, 6, bidirectional=True, batch_first=True), nn.Linear(12, 5)

    def forward(self, x):
        x = self.conv(x)
        batch, channels, bands, frames = x.size()
        x = x.view(batch, channels * bands, frames).transpose(1, 2)
        y, _ = self.gru(x)
        return self.out(y.view(batch, frames, 2, -1).sum(2).repeat(1, 1, 2).mean(1))


class Wav2Vec(nn.Module):
    """A stack of convolutions on the wave, group normalisation, positions by a weight-normed convolution."""

    def __init__(self):
        super().__init__()
        self.conv0, self.group = nn.Conv1d(1, 8, 5, 3, bias=False), nn.GroupNorm(8, 8)
        self.conv1, self.conv2 = nn.Conv1d(8, 8, 3, 2, bias=False), nn.Conv1d(8, 8, 2, 2, bias=False)
        self.norm, self.project = nn.LayerNorm(8), nn.Linear(8, 12)
        self.positions = weight_norm(nn.Conv1d(12, 12, 4, padding=2, groups=3), name="weight", dim=2)
        self.layer = nn.TransformerEncoderLayer(12, 2, 24, 0, "gelu", batch_first=True)
        self.out = nn.Linear(12, 4)

    def forward(self, x):
        x = (x - x.mean(-1, keepdim=True)) / (x.var(-1, unbiased=False, keepdim=True) + 1e-7).sqrt()
        x = functional.gelu(self.group(self.conv0(x.unsqueeze(1))))
        x = functional.gelu(self.conv2(functional.gelu(self.conv1(x))))
        x = self.project(self.norm(x.transpose(1, 2)))
        x = x + functional.gelu(self.positions(x.transpose(1, 2))[:, :, :-1]).transpose(1, 2)
        return self.out(self.layer(x).mean(1))


class WaveNet(nn.Module):
    """Dilated causal convolutions with gates and skips; a class for each sample."""

    def __init__(self):
        super().__init__()
        self.embed, self.start = nn.Embedding(8, 6), nn.Conv1d(6, 6, 1)
        self.filters = nn.ModuleList(nn.Conv1d(6, 12, 2, dilation=2 ** i) for i in range(3))
        self.residuals, self.skips = (nn.ModuleList(nn.Conv1d(6, 6, 1) for _ in range(3)) for _ in range(2))
        self.end1, self.end2 = nn.Conv1d(6, 8, 1), nn.Conv1d(8, 8, 1)

    def forward(self, codes):
        x, skip = self.start(self.embed(codes).transpose(1, 2)), 0
        for i, (conv, residual, skips) in enumerate(zip(self.filters, self.residuals, self.skips)):
            a, b = conv(functional.pad(x, (2 ** i, 0))).chunk(2, 1)
            h = torch.tanh(a) * torch.sigmoid(b)
            skip, x = skip + skips(h), x + residual(h)
        y = self.end2(functional.relu(self.end1(functional.relu(skip))))
        return y.transpose(1, 2).flatten(0, 1)


class Conformer(nn.Module):
    """Half steps, attention, a gated convolution by GLU with depthwise filters, batch normalisation and SiLU."""

    def __init__(self, width=12):
        super().__init__()
        self.ff = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 24), nn.SiLU(), nn.Linear(24, width)) for _ in range(2))
        self.norm1, self.attention = nn.LayerNorm(width), nn.MultiheadAttention(width, 2, batch_first=True)
        self.norm2, self.pointwise1 = nn.LayerNorm(width), nn.Conv1d(width, 2 * width, 1)
        self.depthwise = nn.Conv1d(width, width, 5, padding=2, groups=width)
        self.batch_norm, self.pointwise2 = nn.BatchNorm1d(width), nn.Conv1d(width, width, 1)
        self.norm3, self.out = nn.LayerNorm(width), nn.Linear(width, 5)

    def forward(self, x):
        x = x + 0.5 * self.ff[0](x)
        h = self.norm1(x)
        x = x + self.attention(h, h, h, need_weights=False)[0]
        h = functional.glu(self.pointwise1(self.norm2(x).transpose(1, 2)), 1)
        x = x + self.pointwise2(functional.silu(self.batch_norm(self.depthwise(h)))).transpose(1, 2)
        return self.out(self.norm3(x + 0.5 * self.ff[1](x)).flatten(0, 1))


class SincNet(nn.Module):
    """Filters whose edges learn, computed in the graph, then a temporal convolution network."""

    def __init__(self):
        super().__init__()
        self.low, self.width = nn.Parameter(torch.rand(4, 1) * 0.2), nn.Parameter(torch.rand(4, 1) * 0.2)
        self.register_buffer("time", torch.arange(-4, 5).float()[None])
        self.register_buffer("window", torch.hamming_window(9, False)[None])
        self.conv, self.act, self.out = nn.Conv1d(4, 6, 3, 2), nn.PReLU(), nn.Linear(6, 3)

    def forward(self, x):
        low = self.low.abs() + 0.02
        high = torch.clamp(low + self.width.abs(), 0.02, 0.5)
        angle = 6.283185 * self.time + 1e-3
        filters = (torch.sin(high * angle) - torch.sin(low * angle)) / angle * self.window
        filters = filters / filters.abs().max(1, keepdim=True)[0]
        y = functional.max_pool1d(torch.abs(functional.conv1d(x.unsqueeze(1), filters.unsqueeze(1))), 2)
        y = self.act(self.conv(torch.log(y + 1)))
        return self.out(torch.cat([y.mean(-1)[:, :3], y.std(-1)[:, 3:]], 1))


def noise(*shape):
    return lambda: {"x": torch.randn(*shape)}


NETWORKS = {
    "conformer": Case(Conformer, noise(3, 6, 12), opset=15, training=True),
    "conv-gru": Case(ConvGru, noise(2, 1, 16, 12), opset=14, training=True),
    "deep-speech-lstm": Case(DeepSpeech, noise(2, 6, 8), opset=14),
    "keyword-lstm": Case(LastState, noise(3, 7, 6), opset=13, dynamic={"x": {0: "batch"}}),
    "sincnet": Case(SincNet, noise(3, 40), "squared-error", 16),
    "wav2vec": Case(Wav2Vec, noise(2, 80), opset=14),
    "wavenet": Case(WaveNet, lambda: {"codes": torch.randint(8, (2, 9))}, opset=16),
}
