"""Whole nets that are compared with PyTorch: outputs, loss, every gradient, and parameters and buffers after some steps.

Each is a model of this file, or the blocks and the model of an example; torch_nets.py has its twin by the same name. The
shapes of parameters and buffers are PyTorch's: make_fixtures.py stores them with the digests.
"""

import pathlib
import re
import zlib
from dataclasses import dataclass

import numpy as np
from cases import STEPS, is_statistic, statistic

HERE = pathlib.Path(__file__).resolve().parent
BATCH = 8


@dataclass
class Net:
    model: str
    transform: str = "unsqueeze(0)"
    image: tuple = (28, 28)
    examples: int = 44  # the last batch of an epoch has 4
    lr: float = 0.05
    steps: int = STEPS


def example(name):
    """The blocks and the model of an example."""
    text = (HERE.parents[1] / "examples" / name / "model.mt").read_text()
    return re.search(r"^(block|model).*?(?=^loss)", text, re.M | re.S)[0].strip()


NETS = {
    "lenet5": Net("""model lenet5(x: [B, 1, 28, 28]) {
  conv1: conv2d(6, 5, padding=2) -> relu -> max_pool2d(2)
  conv2: conv2d(16, 5) -> relu -> max_pool2d(2)
  flatten
  fc1: linear(120) -> relu
  fc2: linear(84) -> relu
  logits: linear(10)
}"""),
    "mlp": Net("""model mlp(x: [B, 784]) {
  fc1: linear(512) -> relu
  fc2: linear(256) -> relu
  logits: linear(10)
}""", transform="reshape(784)"),
    "norms": Net("""block conv_bn(x; ch, stride=1, momentum=0.1) {
  conv: conv2d(ch, 3, padding=1, stride=stride, bias=false)
  bn: batch_norm2d(momentum=momentum)
}

model norms(x: [B, 1, 28, 28]) {
  entry: batch_norm2d(affine=false, eps=0.001)
  max_pool2d(4)
  stem: conv_bn(4, 2, 0.3) -> relu
  a: conv_bn(4) -> relu
  b = a -> share(a)
  [b, a] -> concat(dim=1)
  seq: reshape(B, 8, 16) -> batch_norm1d(track_running_stats=false) -> tanh
  flatten
  fc: linear(12, bias=false)
  bn: batch_norm1d(momentum=0.3)
  relu
  logits: linear(10)
}"""),
    # Parameters used several times: a tied weight, a row and a block shared, one of two blocks kept apart; a block of two
    # inputs; a parameter by itself.
    "tied": Net("""block tower(x; d) {
  fc1: linear(16) -> tanh
  fc2: linear(d)
}
block mixed(a, b; d) {
  left = a -> linear_of(d)
  right = b -> linear_of(d)
  left * sigmoid(right)
}
block linear_of(x; d) {
  fc: linear(d)
}

model tied(x: [B, 784]) {
  first: tower(20) -> tanh
  b: linear(20) -> tanh
  c: linear(20, weight=b.weight) -> tanh
  d: share(b) -> tanh
  gain = param(20, init=ones)
  scaled: d * gain
  u: tower(20)
  w = u -> share(u)
  m: mixed(w, d=12)
  logits: linear(10)
}""", transform="reshape(784)"),
    "inception": Net("""block cbr(x; ch, k) {
  conv: conv2d(ch, k, padding=k // 2, bias=false)
  bn: batch_norm2d
  relu
}

block inception(x; c1, c3, c5, cp) {
  b1 = x -> cbr(c1, 1)
  r3 = x -> cbr(c3 // 2, 1)
  b3 = r3 -> cbr(c3, 3)
  r5 = x -> cbr(c5 // 2, 1)
  b5 = r5 -> cbr(c5, 5)
  bp = x -> max_pool2d(3, stride=1, padding=1) -> cbr(cp, 1)
  [b1, b3, b5, bp] -> concat(dim=1)
}

model small_inception(x: [B, 1, 28, 28]) {
  stem: cbr(8, 3) -> max_pool2d(2)
  a: inception(4, 8, 4, 4)
  pool: max_pool2d(2)
  b: inception(6, 12, 6, 3)
  adaptive_avg_pool2d(1)
  flatten
  logits: linear(10)
}"""),
    "resnet20": Net(example("resnet20"), transform="reshape(3, 32, 32)", image=(3, 32, 32), examples=20, lr=0.01, steps=2),
}


def program(name):
    net = NETS[name]
    return f"""mt 1

data {{
  train = npy(image="image.npy", label="label.npy")
  x: image -> scale(1 / 256) -> {net.transform}
  y: label -> class(10)
  batch = {BATCH}
  shuffle = false
}}

{net.model}

loss {{ cross_entropy(logits, y) }}
optimizer sgd(lr={net.lr}, momentum=0.9)

train {{ run = {net.steps} steps }}
"""


def numbers(name, shapes):
    """Images of noise, and weights of PyTorch's default size."""
    net, state = NETS[name], np.random.RandomState(zlib.crc32(name.encode()) & 0x7fffffff)
    image = state.randint(0, 256, [net.examples, *net.image]).astype(np.uint8)
    label = state.randint(0, 10, [net.examples]).astype(np.int64)
    parameters = {}
    for path, sizes in shapes.items():
        if is_statistic(path):
            parameters[path] = statistic(path, sizes)
            continue
        fan_in = np.prod(shapes.get(path.replace(".bias", ".weight"), [1])[1:])
        parameters[path] = (state.uniform(-1, 1, sizes) / np.sqrt(fan_in)).astype(np.float32)
    return {"image": image, "label": label}, parameters
