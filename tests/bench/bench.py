#!/usr/bin/env python3
"""A training step of mtc's trainers against PyTorch's, in turns, on one thread. A tool: nothing here passes or fails.

    cmake --build build --target bench              (needs torch in the Python that MT_PYTHON names)
    python3 tests/bench/bench.py [--rounds=N] [--cc=gcc]

Each round times both, one after the other, so that a change of the clock or a neighbour meets both; ratios are taken
within a round, and the median of them is printed. Both have their data in memory. `peak` is the share of the
multiply-adds a second that the same process measures beside the step (step.c).
"""

import argparse
import os
import pathlib
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
NETS = {
    "mlp": ("MLP 784-512-256-10, batch 64", ROOT / "examples/mlp/model.mt", 10, 200, 60, 64 * (3 * DENSE - 784 * 512)),
    "lenet5": ("LeNet-5, batch 64", ROOT / "examples/lenet5/model.mt", 10, 200, 40, 64 * (3 * LENET - CONV1)),
    "small": ("MLP 4-16-16-3, batch 16", SMALL, 3, 50000, 2000, 16 * (3 * (4 * 16 + 256 + 48) - 64)),
}


def build(name, folder, cc):
    program = NETS[name][1]
    if isinstance(program, str):
        (folder / "small.mt").write_text(program)
        program = folder / "small.mt"
    source, binary = folder / f"{name}.c", folder / name
    subprocess.run([MTC, program, "-o", source], check=True)
    subprocess.run([cc, "-O3", "-march=native", "-w", "-DMT_NO_MAIN", f'-DTRAINER="{source}"', HERE / "step.c", "-lm",
                    "-o", binary], check=True)
    return binary


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cc", default="gcc")
    options = parser.parse_args()
    try:
        import torch
        import torch_step
    except ImportError:
        sys.exit("bench needs PyTorch: pip install torch, and MT_PYTHON=the Python that has it")
    print(f"PyTorch {torch.__version__} eager, {options.cc} -O3 -march=native, one thread, "
          f"{options.rounds} rounds in turns, medians")
    print(f"{'':30}{'mtc':>10}{'PyTorch':>12}{'times as fast':>15}{'peak':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (title, _, classes, ours, theirs, work) in NETS.items():
            binary = build(name, pathlib.Path(folder), options.cc)
            twin = torch_step.Step(name, 16)
            twin.seconds(theirs // 4 + 1)
            rounds = []
            for _ in range(options.rounds):
                words = subprocess.run([binary, str(classes), str(ours)], check=True, capture_output=True, text=True).stdout
                mine, peak = map(float, words.split()[:2])
                rounds.append((mine, twin.seconds(theirs), peak))
            mine, other = (statistics.median(r[k] for r in rounds) for k in (0, 1))
            ratio = statistics.median(r[1] / r[0] for r in rounds)
            share = statistics.median(work / r[0] / r[2] for r in rounds)
            print(f"{title:30}{mine * 1e6:8.1f} us{other * 1e6:9.1f} us{ratio:15.2f}{share:8.0%}", flush=True)


if __name__ == "__main__":
    main()
