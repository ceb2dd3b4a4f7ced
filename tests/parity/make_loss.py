"""Writes loss.json: what PyTorch makes of loss sections: sums and means beside each other, penalties, formulas of scalars.

    python3 tests/parity/make_loss.py

Needs torch; in double. tests/run/test_loss.py compares trainers with it: the loss of a split and of the named rows, taken as
one batch, the gradient of a step, parameters after some steps.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

EXAMPLES, BATCH, STEPS = 14, 5, 4
CE = "F.cross_entropy(z, k%s)"
MSE = "F.mse_loss(out, y%s)"
WEIGHT = "weight=torch.tensor([1.0, 2.0, 3.0])"

# A name, the rows of the section as in .mt, each with PyTorch's expression, and whether micro-batches may be accumulated.
CASES = [
    ("mean", [("mse_loss(out, y)", MSE % "")], True),
    ("sum", [('mse_loss(out, y, reduction="sum")', MSE % ', reduction="sum"')], True),
    ("sum_and_penalty", [('cross_entropy(z, k, reduction="sum") + 0.01 * sum(w * w)',
                          CE % ', reduction="sum"' + " + 0.01 * (w * w).sum()")], False),
    ("sum_and_named_penalty", [('a = mse_loss(out, y, reduction="sum")', MSE % ', reduction="sum"'),
                               ("size = mean(w ** 2)", "(w ** 2).mean()"), ("both = 2 * a - size", "2 * a - size"),
                               ("0.5 * both + 0.1 * size", "0.5 * both + 0.1 * size")], False),
    ("sum_and_constant", [('mse_loss(out, y, reduction="sum") + 1.5', MSE % ', reduction="sum"' + " + 1.5")], True),
    ("mean_and_constant", [("mse_loss(out, y) - 1.5", MSE % "" + " - 1.5")], True),
    ("weighted_and_penalty", [("cross_entropy(z, k, weight=[1, 2, 3]) + 0.1 * mean(w ** 2)",
                               CE % f", {WEIGHT}" + " + 0.1 * (w ** 2).mean()")], True),
    ("ignored_and_penalty", [("cross_entropy(z, k, ignore_index=1) + 0.1 * sum(w ** 2)",
                              CE % ", ignore_index=1" + " + 0.1 * (w ** 2).sum()")], True),
    ("several", [("cross_entropy(z, k, ignore_index=1) + 0.3 * mse_loss(out, y) + sum(abs(w))",
                  CE % ", ignore_index=1" + " + 0.3 * " + MSE % "" + " + w.abs().sum()")], False),
    ("several_named", [("a = cross_entropy(z, k, weight=[1, 2, 3])", CE % f", {WEIGHT}"), ("b = mean(out * out)",
                       "(out * out).mean()"), ("both = a - 0.5 * b", "a - 0.5 * b"),
                       ("both + b * 0.1 + sum(out) * 0.01 + 0.25", "both + b * 0.1 + out.sum() * 0.01 + 0.25")], False),
    ("root", [("sqrt(mse_loss(out, y))", f"({MSE % ''}).sqrt()")], False),
    ("root_of_a_sum", [('sqrt(mse_loss(out, y, reduction="sum"))', f"""({MSE % ', reduction="sum"'}).sqrt()""")], False),
    ("ratio", [("cross_entropy(z, k) + 0.5 * mse_loss(out, y) / mean(y * y)",
                CE % "" + " + 0.5 * " + MSE % "" + " / (y * y).mean()")], False),
    ("product", [("a = mse_loss(out, y)", MSE % ""), ("b = cross_entropy(z, k, weight=[1, 2, 3])", CE % f", {WEIGHT}"),
                 ("a * b - a * a + 0.1 * b", "a * b - a * a + 0.1 * b")], False),
    ("unnamed_twice", [("mse_loss(out, y) * mse_loss(out, y)", f"{MSE % ''} * {MSE % ''}")], False),
    ("function_of_a_mean", [("exp(mean(z)) + log(mean(out * out))", "z.mean().exp() + (out * out).mean().log()")], False),
    ("rows_of_rows", [("a = mse_loss(out, y)", MSE % ""), ("b = cross_entropy(z, k)", CE % ""),
                      ("scale = mean(y * y)", "(y * y).mean()"), ("ratio = a / scale", "a / scale"),
                      ("total = a + 0.5 * b", "a + 0.5 * b"), ("root = sqrt(total) * ratio", "total.sqrt() * ratio"),
                      ("root - 0.2 * ratio + total * b", "root - 0.2 * ratio + total * b")], False),
    ("function_of_a_penalty", [("cross_entropy(z, k, weight=[1, 2, 3]) + 0.1 * sqrt(sum(w ** 2)) - 0.2 * log(mean(w * w))",
                                CE % f", {WEIGHT}" + " + 0.1 * (w ** 2).sum().sqrt() - 0.2 * (w * w).mean().log()")], True),
    ("function_of_a_named_penalty", [("size = sum(w ** 2)", "(w ** 2).sum()"), ("root = sqrt(size) / 2", "size.sqrt() / 2"),
                                     ("mse_loss(out, y) + 0.1 * root * root + 0.3 * root + 0.01 * size",
                                      MSE % "" + " + 0.1 * root * root + 0.3 * root + 0.01 * size")], True),
    ("penalty_alone", [("mean(w ** 2) * sum(abs(w))", "(w ** 2).mean() * w.abs().sum()")], True),
    ("sum_and_function_of_a_penalty", [('mse_loss(out, y, reduction="sum") + sqrt(sum(w * w))',
                                        MSE % ', reduction="sum"' + " + (w * w).sum().sqrt()")], False),
    ("own_functions", [("a = mse_loss(out, y)", MSE % ""), ("b = cross_entropy(z, k)", CE % ""),
                       ("soft(a, s=0.5) * soft(b) + larger(a, b)", "a / (0.5 + a.abs()) * (b / (2 + b.abs())) + "
                        "torch.where(a > b, a * a, a * b)")], False),
    ("choices", [("a = mse_loss(out, y)", MSE % ""), ("b = cross_entropy(z, k)", CE % ""),
                 ("where(a > 1.2, a, a * b) + max(a, b) + clamp(b, 0.1, 0.2) + a ** 1.5 + 2 ** b + 1 / (1 + a) + a ** 2",
                  "torch.where(a > 1.2, a, a * b) + torch.maximum(a, b) + b.clamp(0.1, 0.2) + a ** 1.5 + 2 ** b + "
                  "1 / (1 + a) + a ** 2")], False),
    ("constants", [("a = mse_loss(out, y)", MSE % ""), ("a / C + C * log(a + C ** 2)", "a / 0.3 + 0.3 * (a + 0.3 ** 2).log()")],
     False),
    ("elements", [('each = cross_entropy(z, k, reduction="none")', CE % ', reduction="none"'),
                  ("mean(each * each) / mean(each)", "(each * each).mean() / each.mean()")], False),
    ("same_kinds", [('mean(mse_loss(out, y, reduction="none") ** 2) / (mse_loss(out, y) + mse_loss(y, out))',
                     f"""(({MSE % ', reduction="none"'}) ** 2).mean() / ({MSE % ''} + F.mse_loss(y, out))""")], False),
    ("smoothed", [("mse_loss(out, y) / (1 + cross_entropy(z, k, label_smoothing=0.1))",
                   MSE % "" + " / (1 + " + CE % ", label_smoothing=0.1" + ")")], False),
    ("zeros", [("a = mse_loss(out, y)", MSE % ""), ("b = mean(z * z)", "(z * z).mean()"), ("a - a + 0 * b", "a - a + 0 * b")],
     True),
    ("zero_of_a_formula", [("a = mse_loss(out, y)", MSE % ""), ("b = mean(z * z)", "(z * z).mean()"),
                           ("a ** 0 + b * b - b ** 2", "a ** 0 + b * b - b ** 2")], False),
    ("condition_alone", [("a = mse_loss(out, y)", MSE % ""), ("b = mean(z * z)", "(z * z).mean()"),
                         ("where(a > 0, 2, 1) * b", "torch.where(a > 0, 2.0, 1.0) * b")], False),
    ("report_only", [("a = mse_loss(out, y)", MSE % ""), ("ratio = a / mean(y * y)", "a / (y * y).mean()"), ("a", "a")], True),
]


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.ones(4))
        self.fc1, self.z, self.out = torch.nn.Linear(4, 5), torch.nn.Linear(5, 3), torch.nn.Linear(5, 2)

    def forward(self, x):
        h = torch.tanh(self.fc1(x * self.w))
        return self.z(h), self.out(h)


def start():
    """The net with its parameters, and examples; all of them floats."""
    torch.manual_seed(3)
    net = Net()
    for parameter in net.parameters():
        parameter.data = torch.randn(parameter.shape).float().double()
    x, y = (torch.randn(EXAMPLES, n).float().double() for n in (4, 2))
    return net, x, y, torch.arange(EXAMPLES) * 5 % 7 % 3


def values(rows, net, x, y, k):
    """The rows by name; the objective is called loss."""
    z, out = net(x)
    names = {"torch": torch, "F": F, "w": net.w, "z": z, "out": out, "y": y, "k": k}
    for text, expression in rows:
        name = text.split(" = ")[0] if " = " in text else "loss"
        names[name] = eval(expression, names)
    return {text.split(" = ")[0] if " = " in text else "loss": names[text.split(" = ")[0] if " = " in text else "loss"]
            for text, _ in rows}


def numbers(tensors):
    return {path: tensor.tolist() for path, tensor in tensors}


def results(rows):
    net, *data = start()
    reported = {name: float(value.detach().mean()) for name, value in values(rows, net, *data).items()}
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=0.1)
    for step in range(STEPS):
        first = step * BATCH % (EXAMPLES + 1)
        optimizer.zero_grad(set_to_none=True)
        values(rows, net, *(column[first:first + BATCH] for column in data))["loss"].backward()
        if step == 0:
            gradient = numbers((path, p.grad if p.grad is not None else torch.zeros_like(p))
                               for path, p in net.named_parameters())
        optimizer.step()
    return {"rows": [text for text, _ in rows], "values": reported, "gradient": gradient,
            "after": numbers(net.named_parameters())}


def main():
    net, x, y, k = start()
    cases = {name: {**results(rows), "accumulates": accumulates} for name, rows, accumulates in CASES}
    text = {"x": x.tolist(), "y": y.tolist(), "k": k.tolist(), "parameters": numbers(net.named_parameters()), "cases": cases}
    path = pathlib.Path(__file__).with_name("loss.json")
    path.write_text(json.dumps(text, indent=None, separators=(",", ":")).replace('},"', '},\n"') + "\n")


if __name__ == "__main__":
    main()
