#!/usr/bin/python3
"""Times PyTorch's training step of the MLP 784-300-100-10: batch 64, tanh, squared error, plain SGD, float32, on the CPU.

Prints one line of JSON for each number of threads. With --serve it answers requests on standard input instead, so that
another program can take turns with it: "THREADS STEPS" times STEPS steps in a row on THREADS threads.
"""

import timing
import torch

LAYERS = (784, 300, 100, 10)
BATCH = 64
LEARNING_RATE = 0.01


class Step:
    """Forward, backward and update, as a user writes them. Batch and target stay the same: nothing else is timed."""

    def __init__(self):
        torch.manual_seed(0)
        modules = []
        for inputs, units in zip(LAYERS, LAYERS[1:]):
            modules += [torch.nn.Linear(inputs, units), torch.nn.Tanh()]
        self.network = torch.nn.Sequential(*modules[:-1])
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=LEARNING_RATE)
        self.batch = torch.rand(BATCH, LAYERS[0])
        self.target = torch.nn.functional.one_hot(torch.randint(LAYERS[-1], (BATCH,)), LAYERS[-1]).float()

    def __call__(self):
        self.optimizer.zero_grad(set_to_none=True)
        prediction = self.network(self.batch)
        loss = torch.nn.functional.mse_loss(prediction, self.target, reduction="sum") * (0.5 / BATCH)
        loss.backward()
        self.optimizer.step()


if __name__ == "__main__":
    timing.main({"training": Step()}, __doc__)
