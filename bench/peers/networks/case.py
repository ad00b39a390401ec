"""What a golden is made of."""

import dataclasses
from typing import Callable

from torch import nn


@dataclasses.dataclass
class Case:
    """A network, its inputs by name, and how it is exported."""

    make: Callable[[], nn.Module]
    inputs: Callable[[], dict]
    loss: str = "cross-entropy"
    opset: int = 15
    training: bool = False
    # Names of axes that the file leaves open, by input.
    dynamic: dict = dataclasses.field(default_factory=dict)


def narrow(network, factor):
    """A network whose layers have a factor fewer channels: those that are multiples of it, the colours and classes stay."""
    def less(count):
        return count // factor if count % factor == 0 else count

    for parent in list(network.modules()):
        for name, layer in list(parent.named_children()):
            smaller = None
            if isinstance(layer, (nn.Conv2d, nn.Conv3d)):
                depthwise = layer.groups == layer.in_channels and layer.groups > 1
                smaller = (nn.Conv2d if isinstance(layer, nn.Conv2d) else nn.Conv3d)(
                    less(layer.in_channels), less(layer.out_channels), layer.kernel_size, layer.stride, layer.padding,
                    layer.dilation, less(layer.groups) if depthwise else layer.groups, layer.bias is not None)
            elif isinstance(layer, (nn.BatchNorm2d, nn.BatchNorm3d)):
                smaller = type(layer)(less(layer.num_features), layer.eps, layer.momentum)
            elif isinstance(layer, nn.Linear):
                smaller = nn.Linear(less(layer.in_features), less(layer.out_features), layer.bias is not None)
            if smaller is not None:
                setattr(parent, name, smaller)
    return network
