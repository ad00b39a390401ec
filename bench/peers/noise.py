"""The noise of a vertex, drawn here as the network draws it: by NumPy's generator, from seed, step and vertex."""

import contextlib

import numpy
import torch

MASK = (1 << 64) - 1


def _mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def _fnv1a(text):
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return h


def seed_of(vertex, step=1, seed=0):
    """The 32 bits from which a vertex draws in a step: the first output of xoshiro256** at a seed of its own."""
    own = _mix((_mix((_mix(seed) + _fnv1a(f"draws of {vertex}")) & MASK) + (step << 24)) & MASK)
    second = _mix((own + 2 * 0x9E3779B97F4A7C15) & MASK)
    product = (second * 5) & MASK
    return (((product << 7 | product >> 57) & MASK) * 9) & 0xFFFFFFFF


@contextlib.contextmanager
def vertex_noise():
    """PyTorch's randn_like as the vertices of the exported file draw: the exporter counts their names up."""
    original, drawn = torch.randn_like, 0

    def draw(tensor, **_):
        nonlocal drawn
        name = "/RandomNormalLike" + (f"_{drawn}" if drawn else "") + "_output_0"
        drawn += 1
        return torch.from_numpy(numpy.random.RandomState(seed_of(name)).standard_normal(tuple(tensor.shape)))

    torch.randn_like = draw
    try:
        yield
    finally:
        torch.randn_like = original
