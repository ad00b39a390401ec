#!/usr/bin/python3
"""Writes the golden files of PyTorchGoldens: one training step of small networks, by PyTorch's autograd on the CPU.

    mlp_gradients.py FOLDER

Each file NETWORK-LOSS-DTYPE.npz holds, for one network, loss and element type: before/PARAMETER, the batch `input`, the
`target`, the learning `rate`, the `loss` before the update, and after/PARAMETER, after one step of plain gradient descent.
"""

import argparse
import pathlib

import numpy
import torch

BATCH = 6
FEATURES = 5
OUTPUTS = 3
# Large, so that what is compared is the gradient and not the value that it is taken from.
RATE = 1.0


def mlp(p, x):
    h = torch.tanh(x @ p["w1"] + p["b1"])
    h = torch.tanh(h @ p["w2"] + p["b2"])
    return h @ p["w3"] + p["b3"]


def residual(p, x):
    """Blocks with one shared weight, and a skip connection around all of them."""
    first = torch.tanh(x @ p["we"] + p["be"])
    h = first
    for bias in ("b1", "b2", "b3"):
        h = h + torch.tanh(h @ p["w"] + p[bias])
    return (h + first) @ p["wo"] + p["bo"]


def gate(p, x):
    """The input is read twice: by sigmoid units, and by a softmax that weighs them."""
    units = torch.sigmoid(x @ p["wu"] + p["bu"])
    weights = torch.softmax(x @ p["wg"], dim=-1)
    return (units * weights) @ p["wo"] + p["bo"]


NETWORKS = {
    "mlp": (mlp, {"w1": (FEATURES, 7), "b1": (7,), "w2": (7, 4), "b2": (4,), "w3": (4, OUTPUTS), "b3": (OUTPUTS,)}),
    "residual": (residual, {"we": (FEATURES, 4), "be": (4,), "w": (4, 4), "b1": (4,), "b2": (4,), "b3": (4,),
                            "wo": (4, OUTPUTS), "bo": (OUTPUTS,)}),
    "gate": (gate, {"wu": (FEATURES, 8), "bu": (8,), "wg": (FEATURES, 8), "wo": (8, OUTPUTS), "bo": (OUTPUTS,)}),
}


def squared_error(prediction, target):
    return 0.5 * torch.sum((prediction - target) ** 2) / BATCH


LOSSES = {
    "squared-error": (squared_error, lambda dtype: torch.randn(BATCH, OUTPUTS, dtype=dtype)),
    "cross-entropy": (torch.nn.functional.cross_entropy, lambda dtype: torch.randint(OUTPUTS, (BATCH,))),
}

DTYPES = {"f32": torch.float32, "f64": torch.float64}


def step(network, shapes, loss, new_target, dtype):
    parameters = {name: (0.6 * torch.randn(shape, dtype=dtype)).requires_grad_() for name, shape in shapes.items()}
    batch = torch.randn(BATCH, FEATURES, dtype=dtype)
    target = new_target(dtype)
    arrays = {f"before/{name}": value.detach().numpy().copy() for name, value in parameters.items()}
    value = loss(network(parameters, batch), target)
    value.backward()
    torch.optim.SGD(parameters.values(), lr=RATE).step()
    arrays |= {f"after/{name}": value.detach().numpy() for name, value in parameters.items()}
    return arrays | {"input": batch.numpy(), "target": target.numpy(), "rate": numpy.float64(RATE),
                     "loss": numpy.float64(value.item())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for network_name, (network, shapes) in NETWORKS.items():
        for loss_name, (loss, new_target) in LOSSES.items():
            for dtype_name, dtype in DTYPES.items():
                torch.manual_seed(1)
                arrays = step(network, shapes, loss, new_target, dtype)
                numpy.savez(folder / f"{network_name}-{loss_name}-{dtype_name}.npz", **arrays)


if __name__ == "__main__":
    main()
