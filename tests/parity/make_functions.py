"""What PyTorch makes of fns at their corners: values and derivatives, for tests/parity/test_functions.py.

    python3 tests/parity/make_functions.py        # needs torch; writes tests/parity/functions.json

In double. Where PyTorch gives NaN because a branch that `where` did not take is infinite (pytorch #68425), the twin
keeps that branch away from there, as its documentation advises: LANGUAGE 9.5 defines the derivative of the branch taken.
"""

import json
import pathlib

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

POINTS = [0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 6.0, -6.0, 0.3, -0.7, 25.0]

# The fn of x, and the same in PyTorch.
FUNCTIONS = {
    "abs(x)": torch.abs,
    "x * abs(x)": lambda x: x * torch.abs(x),
    "max(x, 0)": lambda x: torch.maximum(x, torch.zeros_like(x)),
    "min(x, x * x)": lambda x: torch.minimum(x, x * x),
    "max(x, -x) ** 2": lambda x: torch.maximum(x, -x) ** 2,
    "relu(x) ** 2 + relu6(x)": lambda x: F.relu(x) ** 2 + F.relu6(x),
    "clamp(x, -1, 2)": lambda x: torch.clamp(x, -1, 2),
    "clamp(x * x, 1, 4)": lambda x: torch.clamp(x * x, 1, 4),
    "hardtanh(x)": F.hardtanh,
    "hardswish(x)": F.hardswish,
    "leaky_relu(x, negative_slope=0.2)": lambda x: F.leaky_relu(x, 0.2),
    "elu(x, alpha=0.5) * x": lambda x: F.elu(x, 0.5) * x,
    "softplus(x, beta=2, threshold=4)": lambda x: F.softplus(x, 2, 4),
    "where(x > 0, x * x, 3 * x)": lambda x: torch.where(x > 0, x * x, 3 * x),
    "where(x >= 0 && x < 2 || x == -3, x * x, 1)":
        lambda x: torch.where((x >= 0) & (x < 2) | (x == -3), x * x, torch.ones_like(x)),
    "where(x > 0, sqrt(x), 0)": lambda x: torch.where(x > 0, torch.sqrt(torch.where(x > 0, x, 1.0)), 0.0),
    "where(x == 0, 1, sin(x) / x)":
        lambda x: torch.where(x == 0, 1.0, torch.sin(x) / torch.where(x == 0, 1.0, x)),
    "where(abs(x) < 1, 0.5 * x * x, abs(x) - 0.5)": lambda x: F.huber_loss(x, torch.zeros_like(x), reduction="none"),
    "0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3)))": lambda x: F.gelu(x, approximate="tanh"),
    "gelu(x) + gelu(x, approximate=\"tanh\")": lambda x: F.gelu(x) + F.gelu(x, approximate="tanh"),
    "x * sigmoid(1.5 * x)": lambda x: x * torch.sigmoid(1.5 * x),
    "silu(mish(x))": lambda x: F.silu(F.mish(x)),
    "x ** 2 + x ** 3 + x ** 4": lambda x: x ** 2 + x ** 3 + x ** 4,
    "(x * x + 1) ** 0.5": lambda x: (x * x + 1) ** 0.5,
    "abs(x) ** 1.5": lambda x: torch.abs(x) ** 1.5,
    "2 ** x": lambda x: 2 ** x,
    "(x * x + 1) ** (x / 9)": lambda x: (x * x + 1) ** (x / 9),
    "log(1 + x * x) / (2 + cos(x))": lambda x: torch.log(1 + x * x) / (2 + torch.cos(x)),
    "x * (x > 0.4)": lambda x: x * (x > 0.4),
    "softsign(x) * log_sigmoid(x) + selu(x)": lambda x: F.softsign(x) * F.logsigmoid(x) + F.selu(x),
    "exp(-x * x)": lambda x: torch.exp(-x * x),
}


def main():
    results = []
    for text, function in FUNCTIONS.items():
        x = torch.tensor(POINTS, requires_grad=True)
        y = function(x)
        y.sum().backward()
        assert torch.isfinite(y).all() and torch.isfinite(x.grad).all(), text
        results.append({"fn": text, "y": y.tolist(), "d": x.grad.tolist()})
    path = pathlib.Path(__file__).with_name("functions.json")
    path.write_text(json.dumps({"x": POINTS, "functions": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
