"""LeNet-5 on MNIST, the same recipe here and in PyTorch: test accuracy after 10 epochs, one line a seed.

    python3 tests/bench/accuracy_lenet5.py --data FOLDER [--seeds 1 2 3 4 5] [--epochs 10] [--only ours|torch]

FOLDER holds the four unpacked IDX files of MNIST. The recipe is examples/lenet5/model.mt: batches of 64 in a new order
each epoch, pixels scaled to [0, 1], SGD with lr 0.01 and momentum 0.9. One seed says little: compare the means.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = {
    "train.image": "train-images-idx3-ubyte",
    "train.label": "train-labels-idx1-ubyte",
    "test.image": "t10k-images-idx3-ubyte",
    "test.label": "t10k-labels-idx1-ubyte",
}


def ours(folder, seeds, epochs, mtc):
    with tempfile.TemporaryDirectory() as work:
        c, program, log = (pathlib.Path(work) / name for name in ("train.c", "train", "log"))
        subprocess.run([mtc, ROOT / "examples/lenet5/model.mt", "-o", c], check=True)
        subprocess.run(["cc", "-O3", "-march=native", c, "-lm", "-o", program], check=True)
        for seed in seeds:
            paths = [f"--data.{key}={folder / name}" for key, name in FILES.items()]
            subprocess.run([program, *paths, f"--seed={seed}", f"--run={epochs}epochs", f"--log={log}"], check=True,
                           stdout=subprocess.DEVNULL)
            evals = [event for event in map(json.loads, open(log)) if event["event"] == "eval"]
            yield seed, evals[-1]["acc"]


def read_idx(path):
    import numpy
    data = path.read_bytes()
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * k:8 + 4 * k], "big") for k in range(rank)]
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * rank).reshape(shape)


def theirs(folder, seeds, epochs):
    import torch
    from torch import nn

    torch.set_num_threads(1)
    x, y, test_x, test_y = (torch.tensor(read_idx(folder / name)) for name in FILES.values())
    x, test_x = (images.unsqueeze(1).float() / 255 for images in (x, test_x))
    y, test_y = y.long(), test_y.long()
    for seed in seeds:
        torch.manual_seed(seed)
        model = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
        for _ in range(epochs):
            for batch in torch.randperm(len(x)).split(64):
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
                optimizer.step()
        with torch.no_grad():
            yield seed, (model(test_x).argmax(1) == test_y).double().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--only", choices=["ours", "torch"])
    parser.add_argument("--mtc", type=pathlib.Path, default=ROOT / "build/mtc")
    arguments = parser.parse_args()
    for name, run in (("ours", lambda *a: ours(*a, arguments.mtc)), ("torch", theirs)):
        if arguments.only in (None, name):
            accuracies = []
            for seed, accuracy in run(arguments.data, arguments.seeds, arguments.epochs):
                accuracies.append(100 * accuracy)
                print(f"{name:6} seed {seed:3}  {100 * accuracy:.2f} %", flush=True)
            print(f"{name:6} mean {statistics.mean(accuracies):.3f} %, lowest {min(accuracies):.2f} %", flush=True)


if __name__ == "__main__":
    main()
