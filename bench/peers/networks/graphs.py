"""Networks on graphs, point clouds and sets."""

import torch
from torch import nn
from torch.nn import functional

from .case import Case

NODES, EDGES = 6, 11


class MessagePassing(nn.Module):
    """Messages along edges: gathered by source, summed where they arrive, through a GRU cell; a read-out by graph."""

    def __init__(self, width=8):
        super().__init__()
        self.embed, self.message = nn.Linear(4, width), nn.Linear(2 * width + 2, width)
        self.update, self.out = nn.GRUCell(width, width), nn.Linear(width, 3)

    def forward(self, nodes, edges, features):
        h = torch.tanh(self.embed(nodes))
        source, target = edges[0], edges[1]
        for _ in range(2):
            m = functional.relu(self.message(torch.cat([h[source], h[target], features], 1)))
            h = self.update(torch.zeros_like(h).scatter_add(0, target.unsqueeze(1).expand_as(m), m), h)
        return self.out(h)


class GraphConvolution(nn.Module):
    """Kipf and Welling's: a normalised adjacency matrix that the graph computes."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(4, 8, False), nn.Linear(8, 3)

    def forward(self, nodes, adjacency):
        a = adjacency + torch.eye(NODES, dtype=adjacency.dtype)
        degree = a.sum(1).pow(-0.5)
        a = degree[:, None] * a * degree[None, :]
        return self.second(a @ functional.relu(a @ self.first(nodes)))


class GraphAttention(nn.Module):
    """Attention over a node's edges: a softmax by scattered sums of exponentials."""

    def __init__(self, width=8, heads=2):
        super().__init__()
        self.heads, self.project = heads, nn.Linear(4, width, False)
        self.source, self.target = (nn.Parameter(torch.randn(1, heads, width // heads) * 0.5) for _ in range(2))
        self.out = nn.Linear(width, 3)

    def forward(self, nodes, edges):
        h = self.project(nodes).view(NODES, self.heads, -1)
        scores = functional.leaky_relu((h * self.source).sum(-1)[edges[0]] + (h * self.target).sum(-1)[edges[1]], 0.2)
        weights = torch.exp(scores)
        place = edges[1].unsqueeze(-1).expand(-1, self.heads)
        total = torch.zeros(NODES, self.heads, dtype=h.dtype).scatter_add(0, place, weights)
        weights = (weights / total[edges[1]]).unsqueeze(-1)
        place = edges[1].view(-1, 1, 1).expand(-1, self.heads, h.size(-1))
        y = torch.zeros_like(h).scatter_add(0, place, weights * h[edges[0]])
        return self.out(functional.elu(y.flatten(1)))


class PointNet(nn.Module):
    """A learnt rotation of points, layers for each point, the largest of each feature."""

    def __init__(self):
        super().__init__()
        self.turn, self.turn_out = nn.Conv1d(3, 8, 1), nn.Linear(8, 9)
        self.first, self.second = nn.Conv1d(3, 8, 1), nn.Conv1d(8, 12, 1)
        self.norm1, self.norm2, self.out = nn.BatchNorm1d(8), nn.BatchNorm1d(12), nn.Linear(12, 4)

    def forward(self, x):
        rotation = self.turn_out(torch.max(functional.relu(self.turn(x)), 2)[0]).view(-1, 3, 3) + torch.eye(3, dtype=x.dtype)
        x = torch.bmm(x.transpose(2, 1), rotation).transpose(2, 1)
        x = self.norm2(self.second(functional.relu(self.norm1(self.first(x)))))
        return self.out(torch.max(x, 2)[0])


class EdgeConvolution(nn.Module):
    """Each point with its nearest neighbours, found in the graph."""

    def __init__(self):
        super().__init__()
        self.edge, self.out = nn.Conv2d(6, 8, 1), nn.Linear(16, 4)

    def forward(self, x):
        batch, dims, count = x.shape
        inner = -2 * torch.matmul(x.transpose(2, 1), x)
        square = (x ** 2).sum(1, keepdim=True)
        nearest = (-square - inner - square.transpose(2, 1)).topk(3, dim=-1)[1]
        flat = x.transpose(2, 1).reshape(batch * count, dims)
        places = (nearest + torch.arange(batch).view(-1, 1, 1) * count).view(-1)
        near = flat[places].view(batch, count, 3, dims)
        own = flat.view(batch, count, 1, dims).repeat(1, 1, 3, 1)
        y = functional.leaky_relu(self.edge(torch.cat((near - own, own), 3).permute(0, 3, 1, 2)), 0.2).max(-1)[0]
        return self.out(torch.cat([y.amax(-1), y.mean(-1)], 1))


def edges():
    return torch.randint(NODES, (2, EDGES))


NETWORKS = {
    "edge-convolution": Case(EdgeConvolution, lambda: {"x": torch.randn(2, 3, 7)}, opset=15),
    "graph-attention": Case(GraphAttention, lambda: {"nodes": torch.randn(NODES, 4), "edges": edges()}, opset=16),
    "graph-convolution": Case(
        GraphConvolution,
        lambda: {"nodes": torch.randn(NODES, 4), "adjacency": (lambda a: ((a + a.T) > 0.8).float())(torch.rand(NODES, NODES))}, opset=13),
    "message-passing": Case(
        MessagePassing, lambda: {"nodes": torch.randn(NODES, 4), "edges": edges(), "features": torch.randn(EDGES, 2)}, opset=16),
    "pointnet": Case(PointNet, lambda: {"x": torch.randn(3, 3, 9)}, opset=14, training=True),
}
