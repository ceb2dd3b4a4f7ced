"""ResNet-20 for CIFAR-10 as PyTorch writes it: the twin of examples/resnet20/model.mt."""

import torch
from torch import nn


def conv_bn(inputs, outputs, kernel=3, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))


class Basic(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.a, self.b = conv_bn(inputs, outputs, 3, stride), conv_bn(outputs, outputs)
        self.skip = conv_bn(inputs, outputs, 1, stride) if stride != 1 or inputs != outputs else nn.Identity()

    def forward(self, x):
        return torch.relu(self.b(torch.relu(self.a(x))) + self.skip(x))


def resnet20():
    rows, width = [conv_bn(3, 16), nn.ReLU()], 16
    for outputs, stride in ((16, 1), (32, 2), (64, 2)):
        for k in range(3):
            rows.append(Basic(width, outputs, stride if k == 0 else 1))
            width = outputs
    return nn.Sequential(*rows, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
