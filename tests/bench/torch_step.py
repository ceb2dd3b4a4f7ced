"""PyTorch's side of bench.py: a training step of each net on one thread, eager or as torch.compile makes it."""

import pathlib
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "parity"))
from torch_nets import MLP, LeNet5, ResNet20  # noqa: E402

torch.set_num_threads(1)

# name: the net, the shape of an example, the batch, classes
NETS = {
    "mlp": (lambda: MLP(784, 512, 256, 10), [784], 64, 10),
    "lenet5": (LeNet5, [1, 28, 28], 64, 10),
    "small": (lambda: nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3)), [4], 16, 3),
    "resnet20": (ResNet20, [3, 32, 32], 32, 10),
}


class Step:
    """Steps of one net on data that lie in memory already, batch after batch."""

    def __init__(self, name, batches, channels_last=False, compiled=False):
        make, shape, batch, classes = NETS[name]
        torch.manual_seed(1)
        net = make()
        self.x = [torch.rand(batch, *shape) for _ in range(batches)]
        self.y = torch.randint(0, classes, [batches, batch])
        if channels_last:
            net = net.to(memory_format=torch.channels_last)
            self.x = [x.to(memory_format=torch.channels_last) for x in self.x]
        self.optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
        self.net = torch.compile(net) if compiled else net

    def seconds(self, steps):
        """Of one step, the mean over so many."""
        start = time.perf_counter()
        for k in range(steps):
            i = k % len(self.x)
            self.optimizer.zero_grad()
            F.cross_entropy(self.net(self.x[i]), self.y[i]).backward()
            self.optimizer.step()
        return (time.perf_counter() - start) / steps
