#!/usr/bin/python3
"""Training steps of networks as users draw and export them, in PyTorch: batch 64, float32, plain SGD, on the CPU.

Prints one line of JSON for each network and number of threads. With --serve it answers "THREADS STEPS NAME" on standard
input, so that another program can take turns with it; it then knows the networks of more_networks.py, too, and other names
that files of the same networks have. Other uses:

    exported_networks.py --export DIR        writes DIR/NAME.onnx of each: training mode, nothing folded, opset 15
    exported_networks.py --export-more DIR   those of more_networks.py, in the same way
    exported_networks.py --peak NAME         makes some steps, and prints the peak memory of the process in megabytes
    exported_networks.py --sizes NAME...     how many parameters each has and the shape of its batch, a line of JSON each
"""

import json
import pathlib
import sys

import timing
import torch
import more_networks
from torch import nn
from torch.nn import functional

BATCH = 64
CLASSES = 10
LEARNING_RATE = 0.01
STEPS_TO_PEAK = 4


class LastOfSequence(nn.Module):
    """A recurrent operator, read at its last step."""

    def __init__(self, operator):
        super().__init__()
        self.recurrent = operator(28, 128, 1, batch_first=True)
        self.output = nn.Linear(128, CLASSES)

    def forward(self, x):
        return self.output(self.recurrent(x)[0][:, 27])


class Cells(nn.Module):
    """A recurrent network written as a loop over its steps."""

    def __init__(self):
        super().__init__()
        self.input, self.hidden, self.output = nn.Linear(28, 128), nn.Linear(128, 128), nn.Linear(128, CLASSES)

    def forward(self, x):
        state = torch.zeros(x.shape[0], 128)
        for step in range(28):
            state = torch.tanh(self.input(x[:, step]) + self.hidden(state))
        return self.output(state)


class Encoder(nn.Module):
    """A transformer's encoder; its files hold layer normalisation and GELU taken apart."""

    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(64, 4, 256, 0.0, activation="gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.output = nn.Linear(64, CLASSES)

    def forward(self, x):
        return self.output(self.encoder(x).mean(1))


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.skip = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return functional.relu(self.body(x) + self.skip(x))


def resnet18(stem):
    layers, inputs = stem + [nn.BatchNorm2d(64), nn.ReLU()], 64
    if len(stem) > 1:
        layers = [stem[0], nn.BatchNorm2d(64), nn.ReLU(), stem[1]]
    for outputs, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        layers += [Residual(inputs, outputs, stride), Residual(outputs, outputs, 1)]
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, CLASSES))


def convolutions(*extents):
    layers, inputs = [], 1
    for outputs, kernel, padding in extents:
        layers += [nn.Conv2d(inputs, outputs, kernel, 1, padding), nn.ReLU(), nn.MaxPool2d(2)]
        inputs = outputs
    return layers + [nn.Flatten()]


def dense(extents, unit):
    layers = []
    for inputs, outputs in zip(extents, extents[1:]):
        layers += [nn.Linear(inputs, outputs), unit()]
    return layers[:-1]


NETWORKS = {
    "mlp": (lambda: nn.Sequential(*dense((784, 300, 100, CLASSES), nn.Tanh), nn.Tanh()), (784,)),
    "lenet": (lambda: nn.Sequential(
        *convolutions((6, 5, 2), (16, 5, 0)), *dense((400, 120, 84, CLASSES), nn.ReLU)), (1, 28, 28)),
    "cnn": (lambda: nn.Sequential(
        *convolutions((32, 3, 1), (64, 3, 1)), *dense((3136, 128, CLASSES), nn.ReLU)), (1, 28, 28)),
    "rnn-cells": (Cells, (28, 28)),
    "rnn-operator": (lambda: LastOfSequence(nn.RNN), (28, 28)),
    "lstm-operator": (lambda: LastOfSequence(nn.LSTM), (28, 28)),
    "gru-operator": (lambda: LastOfSequence(nn.GRU), (28, 28)),
    "transformer": (Encoder, (32, 64)),
    "resnet18": (lambda: resnet18([nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.MaxPool2d(3, 2, 1)]), (3, 32, 32)),
    "resnet18-small-stem": (lambda: resnet18([nn.Conv2d(3, 64, 3, 1, 1, bias=False)]), (3, 32, 32)),
}


# Each network as (how it is made, shape of a sample, samples of a batch).
DRAWN = {name: (*drawn, BATCH) for name, drawn in NETWORKS.items()}

# Those of the other file, too.
ALL = DRAWN | more_networks.NETWORKS

# What files of the same networks, layer by layer, are called as well.
OTHER_NAMES = {"lstm": "lstm-operator", "resnet18-cifar": "resnet18-small-stem", "rnn-fused": "rnn-operator"}


def known(name):
    """A network's name here; ends the script where there is none of this name."""
    own = OTHER_NAMES.get(name, name)
    return own if own in ALL else timing.refuse(name, [*ALL, *OTHER_NAMES])


class Step:
    """Forward, backward and update of a network, which is made when it is first asked for."""

    def __init__(self, name):
        self.name, self.network = name, None

    def make(self):
        torch.manual_seed(0)
        create, shape, batch = ALL[self.name]
        self.network = create().train()
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=LEARNING_RATE)
        self.batch, self.target = torch.rand(batch, *shape), torch.randint(CLASSES, (batch,))

    def __call__(self):
        if self.network is None:
            self.make()
        self.optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(self.network(self.batch), self.target).backward()
        self.optimizer.step()


def export(networks, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (create, shape, batch) in networks.items():
        torch.manual_seed(0)
        torch.onnx.export(
            create(), torch.rand(batch, *shape), str(folder / f"{name}.onnx"), opset_version=15,
            training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False, input_names=["x"],
            output_names=["y"])


def sizes(name):
    """What tells another network of the same name from this one."""
    create, shape, batch = ALL[name]
    parameters = sum(parameter.numel() for parameter in create().parameters())
    return {"network": name, "parameters": parameters, "batch": [batch, *shape]}


def peak_megabytes():
    """Of this process alone: what getrusage tells would begin with what the parent had."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--export":
        export(DRAWN, pathlib.Path(sys.argv[2]))
    elif len(sys.argv) == 3 and sys.argv[1] == "--export-more":
        export(more_networks.NETWORKS, pathlib.Path(sys.argv[2]))
    elif len(sys.argv) == 3 and sys.argv[1] == "--peak":
        step = Step(known(sys.argv[2]))
        for _ in range(STEPS_TO_PEAK):
            step()
        print(peak_megabytes())
    elif len(sys.argv) > 2 and sys.argv[1] == "--sizes":
        for name in sys.argv[2:]:
            print(json.dumps(sizes(known(name))))
    else:
        steps = {name: Step(name) for name in (ALL if "--serve" in sys.argv else NETWORKS)}
        if "--serve" in sys.argv:
            steps |= {other: steps[own] for other, own in OTHER_NAMES.items()}
        timing.main(steps, __doc__)
