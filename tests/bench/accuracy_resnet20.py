"""ResNet-20 on part of CIFAR-10, the same recipe here and in PyTorch: test accuracy, one line a seed.

    python3 tests/bench/accuracy_resnet20.py --data FOLDER [--seeds 1 2 3] [--epochs 15] [--only ours|torch]

FOLDER holds data_batch_1.bin (10,000 images) and test_batch.bin of the binary version of CIFAR-10; a test_batch.bin of
fewer images will do. The recipe is examples/resnet20/model.mt with a shorter run: batches of 128 in a new order each
epoch, crops of images padded by 4 and flips, SGD with lr 0.1, momentum 0.9 and weight decay 1e-4, a tenth of the rate
from 2/3 of the run on and a hundredth for its last eighth. One seed says little: compare the means.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MEAN, STD = [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]


def milestones(epochs):
    return [epochs * 2 // 3, epochs * 7 // 8]


def ours(folder, seeds, epochs, mtc):
    with tempfile.TemporaryDirectory() as work:
        c, program, log = (pathlib.Path(work) / name for name in ("train.c", "train", "log"))
        subprocess.run([mtc, ROOT / "examples/resnet20/model.mt", "-o", c], check=True)
        subprocess.run(["cc", "-O3", "-march=native", c, "-lm", "-o", program], check=True)
        for seed in seeds:
            subprocess.run([program, f"--data.train={folder}/data_batch_1.bin", f"--data.test={folder}/test_batch.bin",
                            f"--train.seed={seed}", f"--run={epochs}epochs", f"--log={log}",
                            "--milestones=" + ",".join(f"{k}epochs" for k in milestones(epochs))],
                           check=True, stdout=subprocess.DEVNULL)
            evals = [event for event in map(json.loads, open(log)) if event["event"] == "eval"]
            yield seed, evals[-1]["acc"]


def theirs(folder, seeds, epochs):
    import numpy
    import torch
    from torch import nn

    sys.path.insert(0, str(ROOT / "tests" / "parity"))
    from torch_nets import ResNet20

    def read(name):
        records = numpy.fromfile(folder / name, numpy.uint8).reshape(-1, 3073)
        images = torch.tensor(records[:, 1:].reshape(-1, 3, 32, 32)).float() / 255
        return images, torch.tensor(records[:, 0]).long()

    mean, std = (torch.tensor(values).reshape(1, 3, 1, 1) for values in (MEAN, STD))
    (x, y), (test_x, test_y) = read("data_batch_1.bin"), read("test_batch.bin")
    padded, test_x = nn.functional.pad(x, (4, 4, 4, 4)), (test_x - mean) / std
    torch.set_num_threads(1)
    for seed in seeds:
        torch.manual_seed(seed)
        model = ResNet20()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
        schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones(epochs), 0.1)
        for _ in range(epochs):
            model.train()
            for batch in torch.randperm(len(x)).split(128):
                places, flips = torch.randint(0, 9, (len(batch), 2)), torch.rand(len(batch)) < 0.5
                images = torch.stack([padded[i, :, r:r + 32, c:c + 32] for i, (r, c) in zip(batch, places.tolist())])
                images = torch.where(flips.reshape(-1, 1, 1, 1), images.flip(3), images)
                optimizer.zero_grad()
                nn.functional.cross_entropy(model((images - mean) / std), y[batch]).backward()
                optimizer.step()
            schedule.step()
        model.eval()
        with torch.no_grad():
            found = torch.cat([model(part).argmax(1) for part in test_x.split(128)])
            yield seed, (found == test_y).double().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--only", choices=["ours", "torch"])
    parser.add_argument("--mtc", type=pathlib.Path, default=ROOT / "build/mtc")
    arguments = parser.parse_args()
    for name, run in (("ours", lambda *a: ours(*a, arguments.mtc)), ("torch", theirs)):
        if arguments.only in (None, name):
            accuracies = []
            for seed, accuracy in run(arguments.data, arguments.seeds, arguments.epochs):
                accuracies.append(accuracy)
                print(f"{name}  seed {seed}  {100 * accuracy:.2f} %", flush=True)
            print(f"{name}  mean    {100 * statistics.mean(accuracies):.2f} %", flush=True)


if __name__ == "__main__":
    main()
