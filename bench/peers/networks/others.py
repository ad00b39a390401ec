"""Recommenders, experts, memories, and networks that solve equations."""

import math

import torch
from torch import nn
from torch.nn import functional

from .case import Case


class Dlrm(nn.Module):
    """Dense features and bags of ids: sums of embeddings, all pairs' products below the diagonal."""

    def __init__(self, width=6):
        super().__init__()
        self.bags = nn.ModuleList(nn.EmbeddingBag(n, width, mode=mode) for n, mode in ((9, "sum"), (7, "mean")))
        self.bottom, self.top = nn.Linear(4, width), nn.Linear(width + 3, 1)
        rows, columns = torch.tril_indices(3, 3, -1)
        self.register_buffer("rows", rows)
        self.register_buffer("columns", columns)

    def forward(self, dense, first, second):
        x = functional.relu(self.bottom(dense))
        t = torch.stack([x, self.bags[0](first), self.bags[1](second)], 1)
        z = torch.bmm(t, t.transpose(1, 2))
        return torch.sigmoid(self.top(torch.cat([x, z[:, self.rows, self.columns]], 1)))


class FactorisationMachine(nn.Module):
    """DeepFM: first order, pairs by the square of the sum, and a deep part."""

    def __init__(self):
        super().__init__()
        self.linear, self.embed = nn.Embedding(20, 1), nn.Embedding(20, 4)
        self.deep = nn.Sequential(nn.Linear(12, 8), nn.ReLU(), nn.Linear(8, 1))

    def forward(self, ids):
        e = self.embed(ids)
        pairs = 0.5 * (e.sum(1).pow(2) - e.pow(2).sum(1)).sum(1, keepdim=True)
        return torch.sigmoid(self.linear(ids).sum(1) + pairs + self.deep(e.flatten(1)))


class Interest(nn.Module):
    """What was bought, weighted by the likeness to a candidate, where a mask says."""

    def __init__(self):
        super().__init__()
        self.items, self.score, self.act = nn.Embedding(12, 5, padding_idx=0), nn.Linear(20, 1), nn.PReLU(1)
        self.out = nn.Linear(10, 2)

    def forward(self, history, candidate):
        h, c = self.items(history), self.items(candidate).unsqueeze(1).expand(-1, history.size(1), -1)
        scores = self.score(torch.cat([h, c, h - c, h * c], -1)).squeeze(-1)
        scores = scores.masked_fill(history.eq(0), float("-inf")).softmax(1)
        return self.out(self.act(torch.cat([torch.einsum("bt,btd->bd", scores, h), c[:, 0]], 1)))


class Experts(nn.Module):
    """A gate chooses two of four experts, whose weights are one tensor."""

    def __init__(self):
        super().__init__()
        self.gate, self.up, self.down = nn.Linear(6, 4), nn.Parameter(torch.randn(4, 6, 8)), nn.Parameter(torch.randn(4, 8, 3))

    def forward(self, x):
        weights, chosen = torch.topk(self.gate(x).softmax(-1), 2, dim=-1)
        weights = weights / weights.sum(-1, keepdim=True)
        gates = torch.zeros(x.size(0), 4, dtype=x.dtype).scatter(1, chosen, weights)
        h = functional.gelu(torch.einsum("bi,eih->beh", x, self.up))
        return torch.einsum("beh,eho,be->bo", h, self.down, gates)


class SpatialTransformer(nn.Module):
    """A picture turned and moved by what a network says."""

    def __init__(self):
        super().__init__()
        self.locate, self.conv, self.out = nn.Linear(36, 6), nn.Conv2d(1, 4, 3), nn.Linear(4, 3)

    def forward(self, x):
        theta = self.locate(x.flatten(1)).view(-1, 2, 3) * 0.1 + torch.eye(2, 3, dtype=x.dtype)
        steps = torch.linspace(-1, 1, 6, dtype=x.dtype)
        base = torch.stack([steps.repeat(6), steps.repeat_interleave(6), torch.ones(36, dtype=x.dtype)], -1)
        grid = torch.matmul(base, theta.transpose(1, 2)).view(-1, 6, 6, 2)
        x = functional.grid_sample(x, grid, align_corners=False)
        return self.out(functional.relu(self.conv(x)).mean((2, 3)))


class Capsules(nn.Module):
    """Dynamic routing between capsules, and their lengths."""

    def __init__(self):
        super().__init__()
        self.conv, self.weight = nn.Conv2d(1, 8, 3, 2), nn.Parameter(torch.randn(3, 18, 4, 4) * 0.5)

    @staticmethod
    def squash(x):
        square = (x ** 2).sum(-1, keepdim=True)
        return square / (1 + square) * x / torch.sqrt(square + 1e-8)

    def forward(self, x):
        u = self.squash(self.conv(x).view(x.size(0), 2, 4, 9).permute(0, 1, 3, 2).reshape(x.size(0), 18, 4))
        votes = torch.matmul(u[:, None, :, None, :], self.weight[None]).squeeze(3)
        logits = torch.zeros(x.size(0), 3, 18, dtype=x.dtype)
        for turn in range(3):
            v = self.squash((logits.softmax(1).unsqueeze(-1) * votes).sum(2))
            if turn < 2:
                logits = logits + (votes * v.unsqueeze(2)).sum(-1)
        return v.norm(dim=-1)


class NeuralOde(nn.Module):
    """Four steps of Runge and Kutta, and a state-space model's scan in a loop."""

    def __init__(self):
        super().__init__()
        self.field, self.back, self.out = nn.Linear(4, 8), nn.Linear(8, 4), nn.Linear(4, 2)
        self.log_rate, self.drive = nn.Parameter(torch.randn(4)), nn.Linear(4, 4)

    def slope(self, y):
        return self.back(torch.tanh(self.field(y)))

    def forward(self, x):
        y, h = x[:, 0], 0.25
        for _ in range(4):
            k1 = self.slope(y)
            k2 = self.slope(y + 0.5 * h * k1)
            k3 = self.slope(y + 0.5 * h * k2)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + self.slope(y + h * k3))
        rate = torch.exp(-torch.exp(self.log_rate))
        for t in range(x.size(1)):
            y = rate * y + (1 - rate) * self.drive(x[:, t])
        return self.out(y)


class Mixer(nn.Module):
    """Tokens and channels are mixed in turn; a kernel made by another network."""

    def __init__(self):
        super().__init__()
        self.patches, self.norm1, self.norm2 = nn.Conv2d(3, 8, 4, 4), nn.LayerNorm(8), nn.LayerNorm(8)
        self.tokens = nn.Sequential(nn.Linear(4, 6), nn.GELU(), nn.Linear(6, 4))
        self.channels = nn.Sequential(nn.Linear(8, 12), nn.Mish(), nn.Linear(12, 8))
        self.hyper, self.out = nn.Linear(8, 24), nn.Linear(3, 3)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = x + self.tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        x = x + self.channels(self.norm2(x))
        made = self.hyper(x.mean(1)).view(-1, 8, 3)
        return self.out(functional.softsign(torch.bmm(x, made)).amax(1))


class Field(nn.Module):
    """NeRF and SIREN: sines of coordinates, and light summed along a ray through what is dense."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.out = nn.Linear(12, 10), nn.Linear(10, 10), nn.Linear(10, 4)

    def forward(self, points):
        x = torch.cat([f(points * 2.0 ** k * math.pi) for k in range(2) for f in (torch.sin, torch.cos)], -1)
        x = self.out(torch.sin(3 * self.second(torch.sin(3 * self.first(x)))))
        density, colour = functional.softplus(x[..., 3]), torch.sigmoid(x[..., :3])
        alpha = 1 - torch.exp(-density * 0.3)
        through = torch.exp(-(torch.cumsum(density * 0.3, 1) - density * 0.3))
        return ((alpha * through).unsqueeze(-1) * colour).sum(1)


class Siamese(nn.Module):
    """Two pictures through one network: cosine similarity, distance, and a mixture's log-likelihood."""

    def __init__(self):
        super().__init__()
        self.conv, self.project = nn.Conv2d(1, 6, 3), nn.Linear(6, 5)
        self.means, self.log_spread, self.weights = (nn.Parameter(torch.randn(*s)) for s in ((3, 5), (3, 5), (3,)))

    def embed(self, x):
        return functional.normalize(self.project(functional.selu(self.conv(x)).mean((2, 3))), dim=1)

    def forward(self, first, second):
        a, b = self.embed(first), self.embed(second)
        z = (a.unsqueeze(1) - self.means) / torch.exp(self.log_spread)
        mixture = torch.logsumexp(-0.5 * z.pow(2).sum(-1) - self.log_spread.sum(-1) + functional.log_softmax(self.weights, 0), 1)
        return torch.stack([functional.cosine_similarity(a, b), functional.pairwise_distance(a, b), mixture], 1)


class Memory(nn.Module):
    """A memory that is read and written by content over the steps of a sequence."""

    def __init__(self):
        super().__init__()
        self.cell, self.key, self.erase, self.add = nn.LSTMCell(8, 6), nn.Linear(6, 4), nn.Linear(6, 4), nn.Linear(6, 4)
        self.start, self.strength, self.out = nn.Parameter(torch.randn(5, 4)), nn.Linear(6, 1), nn.Linear(10, 3)

    def forward(self, x):
        batch = x.size(0)
        memory = self.start.unsqueeze(0).repeat(batch, 1, 1)
        h, c = torch.zeros(batch, 6, dtype=x.dtype), torch.zeros(batch, 6, dtype=x.dtype)
        read = torch.zeros(batch, 4, dtype=x.dtype)
        for t in range(3):
            h, c = self.cell(torch.cat([x[:, t], read], 1), (h, c))
            likeness = functional.cosine_similarity(memory + 1e-16, self.key(h).unsqueeze(1) + 1e-16, dim=-1)
            weights = functional.softmax(functional.softplus(self.strength(h)) * likeness, dim=1)
            erase, add = torch.sigmoid(self.erase(h)), self.add(h)
            memory = memory * (1 - weights.unsqueeze(2) * erase.unsqueeze(1)) + weights.unsqueeze(2) * add.unsqueeze(1)
            read = torch.bmm(weights.unsqueeze(1), memory).squeeze(1)
        return self.out(torch.cat([h, read], 1))


def bag(count, *shape):
    return torch.randint(count, shape)


NETWORKS = {
    "capsules": Case(Capsules, lambda: {"x": torch.randn(2, 1, 7, 7)}, "squared-error", 15),
    "dlrm": Case(
        Dlrm, lambda: {"dense": torch.randn(3, 4), "first": bag(9, 3, 4), "second": bag(7, 3, 2)}, "squared-error", 15),
    "experts": Case(Experts, lambda: {"x": torch.randn(5, 6)}, opset=14),
    "factorisation-machine": Case(FactorisationMachine, lambda: {"ids": bag(20, 4, 3)}, "squared-error", 13),
    "field": Case(Field, lambda: {"points": torch.rand(3, 5, 3)}, "squared-error", 13),
    "interest": Case(
        Interest, lambda: {"history": torch.tensor([[3, 4, 0, 0], [1, 2, 5, 0], [7, 7, 8, 9]]), "candidate": bag(12, 3)}, opset=16),
    "memory": Case(Memory, lambda: {"x": torch.randn(2, 3, 4)}, opset=14),
    "mixer": Case(Mixer, lambda: {"x": torch.randn(3, 3, 8, 8)}, opset=14),
    "neural-ode": Case(NeuralOde, lambda: {"x": torch.randn(3, 5, 4)}, opset=15),
    "siamese": Case(
        Siamese, lambda: {"first": torch.randn(3, 1, 6, 6), "second": torch.randn(3, 1, 6, 6)}, "squared-error", 16),
    "spatial-transformer": Case(SpatialTransformer, lambda: {"x": torch.randn(2, 1, 6, 6)}, opset=16),
}
