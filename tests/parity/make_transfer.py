"""Writes transfer_trunk.safetensors and transfer.safetensors: a small network trained by PyTorch on the digits of
examples/digits, and what PyTorch makes of it when its convolutions are frozen and a new head learns odd and even.

    python3 tests/parity/make_transfer.py

Needs torch and safetensors. tests/run/test_transfer.py does the same with the trainer of transfer.mt: same data in the
same order, same recipe. The trunk is stored in float, as one would be; the head is trained in double.
"""

import pathlib
import struct

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
DIGITS = HERE.parent.parent / "examples" / "digits"
PREDICTED = 40  # examples of the test split whose outputs are stored


def read_idx(path):
    data = path.read_bytes()
    rank = data[3]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(struct.unpack(f">{rank}i", data[4:4 + 4 * rank]))


def digits(split):
    """Images [N, 8, 8] of 0 to 16, labels [N]."""
    return tuple(read_idx(next(DIGITS.glob(f"{split}*{kind}*"))) for kind in ("image", "label"))


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.head = nn.Linear(64, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.head(x.flatten(1))


def inputs(images, dtype):
    return torch.tensor(images, dtype=dtype).div(16).unsqueeze(1)


def pretrain():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    images, labels = digits("train")
    net, x, y = Net(10), inputs(images, torch.float32), torch.tensor(labels, dtype=torch.long)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
    for _ in range(20):
        for batch in torch.randperm(len(x)).split(50):
            optimizer.zero_grad()
            F.cross_entropy(net(x[batch]), y[batch]).backward()
            optimizer.step()
    images, labels = digits("test")
    right = (net(inputs(images, torch.float32)).argmax(1) == torch.tensor(labels)).float().mean()
    print(f"ten digits, test split: {right:.3f}")
    return net.state_dict()


def transfer(trunk):
    """The recipe of transfer.mt."""
    images, labels = digits("train")
    net = Net(2).double()
    state = {path: values for path, values in trunk.items() if not path.startswith("head.")}
    net.load_state_dict(state, strict=False)
    nn.init.zeros_(net.head.weight)
    nn.init.zeros_(net.head.bias)
    x, y = inputs(images, torch.float64), torch.tensor(labels % 2, dtype=torch.long)
    optimizer = torch.optim.SGD([{"params": [net.head.weight]}, {"params": [net.head.bias], "weight_decay": 0.0}], lr=0.01,
                                momentum=0.9, weight_decay=0.001)
    for _ in range(3):
        for xs, ys in zip(x.split(50), y.split(50)):
            optimizer.zero_grad()
            F.cross_entropy(net(xs), ys).backward()
            optimizer.step()
    return net


def main():
    trunk = pretrain()
    save_file(trunk, HERE / "transfer_trunk.safetensors")
    net = transfer(load_file(HERE / "transfer_trunk.safetensors"))
    images, labels = digits("test")
    with torch.no_grad():
        outputs = net(inputs(images, torch.float64))
    right = (outputs.argmax(1) == torch.tensor(labels % 2)).double().mean()
    print(f"odd or even, test split: {right:.3f}")
    save_file({"head.weight": net.head.weight.detach(), "head.bias": net.head.bias.detach(),
               "outputs": outputs[:PREDICTED].clone(), "accuracy": right.reshape(1)}, HERE / "transfer.safetensors")


if __name__ == "__main__":
    main()
