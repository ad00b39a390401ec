"""Writes the .onnx files of this folder with PyTorch, and beside each an .npz with an input, a target, the prediction, the loss
and the prediction after one step of gradient descent.

Run with: python3 make_onnx.py (PyTorch 1.13)
"""
import numpy as np
import torch
from torch import nn

RATE = 0.1


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3))

    def forward(self, x):
        return self.layers(x)


class Transformer(nn.Module):
    """One block: attention with two heads, and two dense layers, each behind a layer norm and around a skip connection."""

    def __init__(self, width=8, heads=2):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1) / (d // self.heads) ** 0.5
        mask = torch.triu(torch.full((t, t), float("-inf")), diagonal=1)
        mixed = (torch.softmax(scores + mask, -1) @ v).transpose(1, 2).reshape(n, t, d)
        x = x + self.out(mixed)
        return x + self.down(nn.functional.gelu(self.up(self.norm2(x))))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, num_layers=2)
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        return self.out(self.lstm(x)[0][-1])


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 4, bidirectional=True, batch_first=True)
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        return self.out(self.gru(x)[0]).mean(1)


class Rnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(3, 4, nonlinearity="relu", bias=False)
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        return self.out(self.rnn(x)[1][0])


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(3), nn.MaxPool2d(2), nn.Conv2d(3, 4, 2, stride=2), nn.Tanh(),
            nn.AvgPool2d(2), nn.Flatten(), nn.Linear(4, 2))

    def forward(self, x):
        return self.layers(x)


def write(name, model, x, batch_axis=0, **options):
    model.eval()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.1 * torch.randn_like(p))
        for m in model.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.running_mean.normal_()
                m.running_var.uniform_(0.5, 1.5)
    torch.onnx.export(
        model, (x,), f"{name}.onnx", input_names=["x"], output_names=["y"],
        dynamic_axes={"x": {batch_axis: "N"}, "y": {0: "N"}}, **options)
    before = model(x)
    target = torch.randn_like(before)
    loss = 0.5 * ((before - target) ** 2).sum() / before.shape[0]
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= RATE * p.grad
    after = model(x)
    arrays = dict(x=x, target=target, before=before, loss=loss, after=after, rate=torch.tensor(RATE, dtype=torch.float64))
    np.savez(f"{name}.npz", **{key: value.detach().numpy() for key, value in arrays.items()})


torch.manual_seed(20)
write("mlp", Mlp(), torch.randn(4, 5), opset_version=13)
write("mlp_float64", Mlp().double(), torch.randn(3, 5, dtype=torch.float64), opset_version=9)
write("transformer", Transformer(), torch.randn(2, 3, 8), opset_version=14)
write("lstm", Lstm(), torch.randn(5, 2, 3), batch_axis=1, opset_version=11)
write("lstm_unfolded", Lstm(), torch.randn(3, 2, 3), batch_axis=1, opset_version=15, do_constant_folding=False)
write("gru_bidirectional", Gru(), torch.randn(2, 4, 3), opset_version=13)
write("rnn", Rnn(), torch.randn(3, 2, 3), batch_axis=1, opset_version=12)
write("cnn", Cnn(), torch.randn(2, 1, 8, 8), opset_version=12)
