"""Times PyTorch's steps, for the scripts beside this one: which kernels, which threads, and the command line.

Import it before torch: OpenBLAS chooses its kernels when it is loaded. OpenBLAS 0.3.21 takes a processor that is newer than
itself for the oldest, whose kernels are slower. Here it is told what the processor can do, whatever the environment says.

PyTorch's own thread pool and that of OpenBLAS are set apart. With more than one thread, the fastest of three settings is taken:
both pools with that many threads, or one of them with a single one.
"""

import argparse
import ctypes
import functools
import json
import os
import pathlib
import statistics
import sys
import time


def choose_kernels():
    processor = pathlib.Path("/proc/cpuinfo")
    flags = processor.read_text().split() if processor.exists() else []
    if "avx2" in flags:
        os.environ["OPENBLAS_CORETYPE"] = "SKYLAKEX" if "avx512f" in flags else "HASWELL"


choose_kernels()
import torch  # noqa: E402

STEPS_IN_A_ROW = 20
TRIALS = 9

# Of steps that take longer, fewer are tried.
LONG_MILLISECONDS = 100


@functools.cache
def openblas():
    """The system's OpenBLAS, or None."""
    try:
        library = ctypes.CDLL("libopenblas.so.0")
    except OSError:
        return None
    library.openblas_get_corename.restype = ctypes.c_char_p
    return library


def set_threads(setting):
    own, blas = setting
    torch.set_num_threads(own)
    if openblas():
        openblas().openblas_set_num_threads(blas)


def milliseconds(step, count):
    """The mean time of some steps in a row."""
    start = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - start) / count * 1e3


@functools.cache
def best_setting(step, threads):
    settings = [(1, 1)] if threads == 1 else [(threads, threads), (threads, 1), (1, threads)]
    times = {setting: [] for setting in settings}
    step()
    is_long = milliseconds(step, 1) > LONG_MILLISECONDS
    trials, count = (3, 1) if is_long else (TRIALS, STEPS_IN_A_ROW)
    for _ in range(trials if len(settings) > 1 else 0):
        for setting in settings:
            set_threads(setting)
            step()
            times[setting].append(milliseconds(step, count))
    return min(settings, key=lambda setting: statistics.median(times[setting] or [0]))


def measure(step, threads, rounds, count):
    """The best setting of the threads, and in it the median over rounds of the mean over the steps of a round."""
    setting = best_setting(step, threads)
    set_threads(setting)
    return setting, statistics.median(milliseconds(step, count) for _ in range(rounds))


def report(name, step, threads, rounds, count):
    """What measure has found, as the object that is printed."""
    setting, time_of_step = measure(step, threads, rounds, count)
    kernel = openblas().openblas_get_corename().decode() if openblas() else None
    return {"peer": "pytorch", "version": torch.__version__, "step": name, "kernel": kernel, "threads": threads,
            "torchThreads": setting[0], "blasThreads": setting[1], "steps": rounds * count,
            "millisecondsPerStep": round(time_of_step, 5)}


def refuse(name, names):
    """Ends the script, which knows other names than this one."""
    sys.exit(f"{pathlib.Path(sys.argv[0]).name} does not know '{name}'; it knows {', '.join(sorted(names))}")


def serve(steps):
    for line in sys.stdin:
        threads, count, *names = line.split(maxsplit=2)
        name = names[0].strip() if names else next(iter(steps))
        if name not in steps:
            refuse(name, steps)
        print(json.dumps(report(name, steps[name], int(threads), 1, int(count))), flush=True)


def main(steps, description):
    """The command line of a script that times one step or several.

    steps: each step by its name, the first one first in order and the one that is meant when none is named.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--steps", type=int, default=2000, help="timed steps for each number of threads")
    parser.add_argument("--warm-up", type=int, default=200, help="steps before the timed ones")
    parser.add_argument("--serve", action="store_true", help='answer lines "THREADS STEPS [NAME]" on standard input')
    arguments = parser.parse_args()

    if arguments.serve:
        serve(steps)
        return
    for name, step in steps.items():
        found = []
        for threads in arguments.threads:
            measure(step, threads, 1, arguments.warm_up)
            found.append(report(name, step, threads, max(arguments.steps // STEPS_IN_A_ROW, 1), STEPS_IN_A_ROW))
            print(json.dumps(found[-1]), flush=True)
        best = min(found, key=lambda one: one["millisecondsPerStep"])
        print(f"{name}: {best['millisecondsPerStep']:.3f} ms at best, on {best['torchThreads']} of PyTorch's threads and "
              f"{best['blasThreads']} of OpenBLAS's, kernels for {best['kernel']}", file=sys.stderr)
