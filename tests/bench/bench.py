#!/usr/bin/env python3
"""A training step of mtc's trainers against PyTorch's, in turns, on one thread. A tool: nothing here passes or fails.

    cmake --build build --target bench              (needs torch in the Python that MT_PYTHON names)
    python3 tests/bench/bench.py [--only NET...] [--rounds=N] [--cc=gcc]

Each round times both, one after the other, so that a change of the clock or a neighbour meets both; ratios are taken
within a round, and the median of them is printed. Both have their data in memory. `peak` is the share of the
multiply-adds a second that the same process measures beside the step (step.c). ResNet-20 runs against eager PyTorch and
torch.compile, each with images stored plane by plane and channels_last: the line to look at is that of the fastest.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MTC = pathlib.Path(os.environ.get("MT_BUILD", ROOT / "build")) / "mtc"

SMALL = """mt 1

data {
  train = npy(x="x.npy", label="y.npy")
  y: label -> class(3)
  batch = 16
  shuffle = true
}

model small(x: [B, 4]) {
  fc1: linear(16) -> relu
  fc2: linear(16) -> relu
  logits: linear(3)
}

loss { cross_entropy(logits, y) }
optimizer sgd(lr=0.01, momentum=0.9)

train { run = 1 epochs }
"""

# name: program, classes, steps of a round here and there, multiply-adds of a step. Backward takes twice those of
# forward, but the first layer needs no gradient of its input.
DENSE = 784 * 512 + 512 * 256 + 256 * 10
CONV1, CONV2 = 28 * 28 * 6 * 25, 10 * 10 * 16 * 6 * 25
LENET = CONV1 + CONV2 + 400 * 120 + 120 * 84 + 84 * 10
STEM, SAME, HALF, SKIP = 1024 * 16 * 27, 1024 * 16 * 144, 256 * 32 * 144, 256 * 32 * 16  # the last three alike further on
RESNET = STEM + 16 * SAME + 2 * HALF + 2 * SKIP + 640
NETS = {
    "mlp": ("MLP 784-512-256-10, batch 64", ROOT / "examples/mlp/model.mt", 10, 200, 60, 64 * (3 * DENSE - 784 * 512)),
    "lenet5": ("LeNet-5, batch 64", ROOT / "examples/lenet5/model.mt", 10, 200, 40, 64 * (3 * LENET - CONV1)),
    "small": ("MLP 4-16-16-3, batch 16", SMALL, 3, 50000, 2000, 16 * (3 * (4 * 16 + 256 + 48) - 64)),
    "resnet20": ("ResNet-20, batch 32", ROOT / "examples/resnet20/model.mt", 10, 10, 10, 32 * (3 * RESNET - STEM)),
}
BATCHES = {"resnet20": 32}  # where the program has another
WAYS = {"": {}, "channels_last": {"channels_last": True}, "compile": {"compiled": True},
        "compile, channels_last": {"compiled": True, "channels_last": True}}


def build(name, folder, cc):
    text = NETS[name][1] if isinstance(NETS[name][1], str) else NETS[name][1].read_text()
    if name in BATCHES:
        text = re.sub(r"\bbatch = \d+", f"batch = {BATCHES[name]}", text)
    program, source, binary = folder / f"{name}.mt", folder / f"{name}.c", folder / name
    program.write_text(text)
    subprocess.run([MTC, program, "-o", source], check=True)
    buffers = ["-DBUFFERS_OF_NET"] if "static void init_buffers(" in source.read_text() else []
    subprocess.run([cc, "-O3", "-march=native", "-w", "-DMT_NO_MAIN", *buffers, f'-DTRAINER="{source}"', HERE / "step.c",
                    "-lm", "-o", binary], check=True)
    return binary


def line(title, ours, theirs, ratio, share):
    print(f"{title:40}{ours:>12}{theirs:>12}{ratio:>15}{share:>8}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=NETS, default=list(NETS))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cc", default="gcc")
    options = parser.parse_args()
    try:
        import torch
        import torch_step
    except ImportError:
        sys.exit("bench needs PyTorch: pip install torch, and MT_PYTHON=the Python that has it")
    print(f"PyTorch {torch.__version__}, {options.cc} -O3 -march=native, one thread, "
          f"{options.rounds} rounds in turns, medians")
    line("", "mtc", "PyTorch", "times as fast", "peak")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            title, _, classes, ours, theirs, work = NETS[name]
            binary = build(name, pathlib.Path(folder), options.cc)
            ways = WAYS if name == "resnet20" else {"": {}}
            twins = {way: torch_step.Step(name, 16, **how) for way, how in ways.items()}
            for twin in twins.values():
                twin.seconds(theirs // 4 + 1)
            rounds = {way: [] for way in ways}
            for _ in range(options.rounds):
                words = subprocess.run([binary, str(classes), str(ours)], check=True, capture_output=True, text=True).stdout
                mine, peak = map(float, words.split()[:2])
                for way, twin in twins.items():
                    rounds[way].append((mine, twin.seconds(theirs), peak))
            for way, results in rounds.items():
                mine, other = (statistics.median(r[k] for r in results) for k in (0, 1))
                ratio = statistics.median(r[1] / r[0] for r in results)
                share = statistics.median(work / r[0] / r[2] for r in results)
                line(f"{title}{', ' if way else ''}{way}", f"{mine * 1e6:.1f} us", f"{other * 1e6:.1f} us", f"{ratio:.2f}",
                     f"{share:.0%}")


if __name__ == "__main__":
    main()
