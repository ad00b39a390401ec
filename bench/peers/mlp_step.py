#!/usr/bin/python3
"""Times PyTorch's training step of the MLP 784-300-100-10: batch 64, tanh, squared error, plain SGD, float32, on the CPU.

Prints one line of JSON for each number of threads. With --serve it answers requests on standard input instead, so that
another program can take turns with it: "THREADS STEPS" times STEPS steps in a row on THREADS threads.

PyTorch's own thread pool and that of a system BLAS are set apart. With more than one thread, the fastest of three settings
is taken: both pools with that many threads, or one of them with a single one.
"""

import argparse
import ctypes
import functools
import json
import statistics
import sys
import time

import torch

LAYERS = (784, 300, 100, 10)
BATCH = 64
LEARNING_RATE = 0.01
STEPS_IN_A_ROW = 20
TRIALS = 9


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

    def milliseconds(self, count):
        """The mean time of some steps in a row."""
        start = time.perf_counter()
        for _ in range(count):
            self()
        return (time.perf_counter() - start) / count * 1e3


def set_threads(setting):
    own, blas = setting
    torch.set_num_threads(own)
    try:
        ctypes.CDLL("libopenblas.so.0").openblas_set_num_threads(blas)
    except OSError:
        pass


@functools.cache
def best_setting(step, threads):
    settings = [(1, 1)] if threads == 1 else [(threads, threads), (threads, 1), (1, threads)]
    times = {setting: [] for setting in settings}
    for _ in range(TRIALS if len(settings) > 1 else 0):
        for setting in settings:
            set_threads(setting)
            step.milliseconds(1)
            times[setting].append(step.milliseconds(STEPS_IN_A_ROW))
    return min(settings, key=lambda setting: statistics.median(times[setting] or [0]))


def measure(step, threads, rounds, count):
    """The median over rounds of the mean over the steps of a round."""
    setting = best_setting(step, threads)
    set_threads(setting)
    times = [step.milliseconds(count) for _ in range(rounds)]
    return {"peer": "pytorch", "version": torch.__version__, "threads": threads, "torchThreads": setting[0],
            "blasThreads": setting[1], "steps": rounds * count, "millisecondsPerStep": round(statistics.median(times), 5)}


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
            print(json.dumps(measure(step, threads, 1, count)), flush=True)
        return
    for threads in arguments.threads:
        measure(step, threads, 1, arguments.warm_up)
        print(json.dumps(measure(step, threads, max(arguments.steps // STEPS_IN_A_ROW, 1), STEPS_IN_A_ROW)), flush=True)


if __name__ == "__main__":
    main()
