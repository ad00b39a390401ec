#!/usr/bin/python3
"""Times PyTorch's passes of a two-dimensional convolution on one thread of the CPU, in float32.

With --serve it answers lines on standard input: "PASS SAMPLES INPUTS EXTENT OUTPUTS KERNEL STRIDE PAD GROUP STEPS", where PASS
is forward, input or weight, times that many steps in a row and gives their mean. Otherwise the same words are its arguments.
"""

import argparse
import functools
import json
import sys
import time

import torch


@functools.lru_cache(maxsize=1)
def make_pass(name, samples, inputs, extent, outputs, kernel, stride, pad, group):
    torch.manual_seed(0)
    x = torch.rand(samples, inputs, extent, extent)
    w = torch.rand(outputs, inputs // group, kernel, kernel)
    settings = ([stride, stride], [pad, pad], [1, 1])
    if name == "forward":
        return lambda: torch.conv2d(x, w, None, *settings, group)
    error = torch.rand_like(torch.conv2d(x, w, None, *settings, group))
    wanted = [name == "input", name == "weight", False]
    return lambda: torch.ops.aten.convolution_backward(error, x, w, None, *settings, False, [0, 0], group, wanted)


def measure(words):
    name, *numbers = words
    *sizes, steps = map(int, numbers)
    run = make_pass(name, *sizes)
    start = time.perf_counter()
    for _ in range(steps):
        run()
    milliseconds = (time.perf_counter() - start) / steps * 1e3
    print(json.dumps({"peer": "pytorch", "version": torch.__version__, "millisecondsPerStep": round(milliseconds, 5)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", action="store_true", help="answer lines on standard input")
    parser.add_argument("words", nargs="*", metavar="WORD")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with torch.inference_mode():
        if arguments.serve:
            for line in sys.stdin:
                measure(line.split())
        else:
            measure(arguments.words)


if __name__ == "__main__":
    main()
