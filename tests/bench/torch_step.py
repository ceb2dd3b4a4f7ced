"""PyTorch's side of bench.py: a training step of each net on one thread, eager or as torch.compile makes it."""

import time

import torch
from resnet20 import resnet20
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.logits = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1)
        return self.logits(F.relu(self.fc2(F.relu(self.fc1(x)))))


def dense(*sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


NETS = {
    "mlp": (lambda: dense(784, 512, 256, 10), [784], 64, 10),
    "lenet5": (LeNet5, [1, 28, 28], 64, 10),
    "small": (lambda: dense(4, 16, 16, 3), [4], 16, 3),
    "resnet20": (resnet20, [3, 32, 32], 32, 10),
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
