#!/usr/bin/python3
"""Times a timestep of predictive coding inference in PyTorch, on the CPU, in float32: pcx's MLP 784-128-128-128-10, batch
128, GELU (the tanh form), a value node after each GELU, images and labels clamped.

A step is a timestep: F, the sum over nodes and samples of half the squared error; its gradient in the values, by autograd;
gradient descent with momentum on the values. The first layer's prediction moves in no timestep, for nothing that it depends
on does. The step "all" computes it all the same, as pcx does; the step "moving" computes the other layers' only.

Prints one line of JSON for each step and number of threads. With --serve it answers requests on standard input instead, so that
another program can take turns with it: "THREADS STEPS [all|moving]" times STEPS timesteps in a row on THREADS threads.
"""

import timing
import torch
from torch.nn import functional

LAYERS = (784, 128, 128, 128, 10)
BATCH = 128
RATE = 0.0261
MOMENTUM = 0.1


class Timestep:
    """Energy, gradient and update of the values, which go on from one timestep to the next. Weights have no gradient."""

    def __init__(self, moving_layers_only):
        torch.manual_seed(0)
        self.layers = [torch.nn.Linear(inputs, units).requires_grad_(False) for inputs, units in zip(LAYERS, LAYERS[1:])]
        self.images = torch.rand(BATCH, LAYERS[0])
        self.labels = functional.one_hot(torch.randint(LAYERS[-1], (BATCH,)), LAYERS[-1]).float()
        self.values = []
        for layer in range(len(self.layers) - 1):
            self.values.append(self.predict(layer).detach().requires_grad_())
        self.first = self.predict(0) if moving_layers_only else None
        self.optimizer = torch.optim.SGD(self.values, RATE, MOMENTUM)

    def predict(self, layer):
        """What a layer predicts from the values before it; the last one without GELU."""
        product = self.layers[layer]([self.images, *self.values][layer])
        return product if layer == len(self.layers) - 1 else functional.gelu(product, approximate="tanh")

    def energy(self):
        total = 0
        for layer, value in enumerate([*self.values, self.labels]):
            prediction = self.first if layer == 0 and self.first is not None else self.predict(layer)
            total = total + functional.mse_loss(prediction, value, reduction="sum") / 2
        return total

    def __call__(self):
        self.optimizer.zero_grad(set_to_none=True)
        self.energy().backward()
        self.optimizer.step()


if __name__ == "__main__":
    timing.main({"all": Timestep(False), "moving": Timestep(True)}, __doc__)
