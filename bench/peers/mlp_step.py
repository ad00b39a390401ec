#!/usr/bin/python3
"""Times PyTorch's training step of the MLP 784-300-100-10: batch 64, tanh, squared error, plain SGD, float32, on the CPU.

Prints one line of JSON for each number of threads. With --serve it answers requests on standard input instead, so that
another program can take turns with it: "THREADS STEPS" gives the median of STEPS steps on THREADS threads.
"""

import argparse
import ctypes
import json
import statistics
import sys
import time

import torch

LAYERS = (784, 300, 100, 10)
BATCH = 64
LEARNING_RATE = 0.01


def set_threads(count):
    """PyTorch's own threads, and OpenBLAS's, which a PyTorch that is linked to a system BLAS does not set."""
    torch.set_num_threads(count)
    try:
        ctypes.CDLL("libopenblas.so.0").openblas_set_num_threads(count)
    except OSError:
        pass


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


def median_milliseconds(step, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def measure(step, threads, count):
    set_threads(threads)
    milliseconds = median_milliseconds(step, count)
    return {"peer": "pytorch", "version": torch.__version__, "threads": threads, "steps": count,
            "millisecondsPerStep": round(milliseconds, 5)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--steps", type=int, default=2000, help="timed steps for each number of threads")
    parser.add_argument("--warm-up", type=int, default=200, help="steps before the timed ones")
    parser.add_argument("--serve", action="store_true", help='answer lines "THREADS STEPS" on standard input')
    arguments = parser.parse_args()

    step = Step()
    if arguments.serve:
        for line in sys.stdin:
            threads, count = map(int, line.split())
            print(json.dumps(measure(step, threads, count)), flush=True)
        return
    for threads in arguments.threads:
        measure(step, threads, arguments.warm_up)
        print(json.dumps(measure(step, threads, arguments.steps)), flush=True)


if __name__ == "__main__":
    main()
