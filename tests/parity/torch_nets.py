"""The nets of nets.py and of the benchmarks as PyTorch writes them. Members have the names of the rows."""

import torch
from torch import nn
from torch.nn import functional as F


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.logits = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1)
        return self.logits(F.relu(self.fc2(F.relu(self.fc1(x)))))


class MLP(nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        self.fc1, self.fc2, self.logits = (nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        return self.logits(F.relu(self.fc2(F.relu(self.fc1(x)))))


class ConvBN(nn.Module):
    def __init__(self, inputs, outputs, kernel=3, stride=1, momentum=0.1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, stride=stride, bias=False)
        self.bn = nn.BatchNorm2d(outputs, momentum=momentum)

    def forward(self, x):
        return self.bn(self.conv(x))


class Norms(nn.Module):
    def __init__(self):
        super().__init__()
        self.entry = nn.BatchNorm2d(1, affine=False, eps=0.001)
        self.stem, self.a = ConvBN(1, 4, stride=2, momentum=0.3), ConvBN(4, 4)
        self.seq = nn.BatchNorm1d(8, track_running_stats=False)
        self.fc, self.bn, self.logits = nn.Linear(128, 12, bias=False), nn.BatchNorm1d(12, momentum=0.3), nn.Linear(12, 10)

    def forward(self, x):
        a = F.relu(self.a(F.relu(self.stem(F.max_pool2d(self.entry(x), 4)))))
        x = torch.cat([self.a(a), a], dim=1)
        return self.logits(F.relu(self.bn(self.fc(torch.tanh(self.seq(x.reshape(len(x), 8, 16))).flatten(1)))))


class Tower(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(inputs, 16), nn.Linear(16, outputs)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x)))


class LinearOf(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.fc = nn.Linear(inputs, outputs)

    def forward(self, x):
        return self.fc(x)


class Mixed(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.left, self.right = LinearOf(inputs, outputs), LinearOf(inputs, outputs)

    def forward(self, a, b):
        return self.left(a) * torch.sigmoid(self.right(b))


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.u = Tower(784, 20), Tower(20, 20)
        self.b, self.c, self.gain = nn.Linear(20, 20), nn.Module(), nn.Parameter(torch.ones(20))
        self.c.bias = nn.Parameter(torch.zeros(20))
        self.m, self.logits = Mixed(20, 12), nn.Linear(12, 10)

    def forward(self, x):
        c = torch.tanh(F.linear(torch.tanh(self.b(torch.tanh(self.first(x)))), self.b.weight, self.c.bias))
        u = self.u(torch.tanh(self.b(c)) * self.gain)
        return self.logits(self.m(u, self.u(u)))


class ConvBNReLU(ConvBN):
    def forward(self, x):
        return F.relu(super().forward(x))


class Inception(nn.Module):
    def __init__(self, inputs, c1, c3, c5, cp):
        super().__init__()
        self.b1, self.bp = ConvBNReLU(inputs, c1, 1), ConvBNReLU(inputs, cp, 1)
        self.r3, self.b3 = ConvBNReLU(inputs, c3 // 2, 1), ConvBNReLU(c3 // 2, c3, 3)
        self.r5, self.b5 = ConvBNReLU(inputs, c5 // 2, 1), ConvBNReLU(c5 // 2, c5, 5)

    def forward(self, x):
        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
        return torch.cat([self.b1(x), self.b3(self.r3(x)), self.b5(self.r5(x)), self.bp(pooled)], dim=1)


class SmallInception(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = ConvBNReLU(1, 8)
        self.a, self.b = Inception(8, 4, 8, 4, 4), Inception(20, 6, 12, 6, 3)
        self.logits = nn.Linear(27, 10)

    def forward(self, x):
        x = F.max_pool2d(self.a(F.max_pool2d(self.stem(x), 2)), 2)
        return self.logits(F.adaptive_avg_pool2d(self.b(x), 1).flatten(1))


class Basic(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.skip = ConvBN(inputs, outputs, 1, stride) if stride != 1 or inputs != outputs else nn.Identity()
        self.a, self.b = ConvBN(inputs, outputs, 3, stride), ConvBN(outputs, outputs)

    def forward(self, x):
        return F.relu(self.b(F.relu(self.a(x))) + self.skip(x))


class ResNet20(nn.Module):
    """He et al. 2015, 4.2, with convolutions of 1 x 1 where sizes change (option B)."""

    def __init__(self):
        super().__init__()
        self.stem = ConvBN(3, 16)
        self.s1 = nn.Sequential(Basic(16, 16), Basic(16, 16), Basic(16, 16))
        self.s2 = nn.Sequential(Basic(16, 32, 2), Basic(32, 32), Basic(32, 32))
        self.s3 = nn.Sequential(Basic(32, 64, 2), Basic(64, 64), Basic(64, 64))
        self.logits = nn.Linear(64, 10)

    def forward(self, x):
        x = self.s3(self.s2(self.s1(F.relu(self.stem(x)))))
        return self.logits(F.adaptive_avg_pool2d(x, 1).flatten(1))
