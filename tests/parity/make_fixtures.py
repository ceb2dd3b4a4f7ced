#!/usr/bin/env python3
"""Computes with PyTorch, in double, what test_parity.py expects, and stores it under fixtures/. Needs torch; the tests
do not.

    python3 tests/parity/make_fixtures.py [build [NAME...]]

With names only the files of these are made; the others stay.

One file for each operation, optimizer and net: fixtures/NAME.safetensors, in which CASE/y, CASE/loss, CASE/grad.PATH
and the like are digests (cases.py), and the metadata hold the program that was computed. The numbers of inputs and
parameters are not stored: they follow from the name of the case.
"""

import json
import pathlib
import subprocess
import sys

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional as F  # noqa: F401 (used by templates)

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import cases  # noqa: E402
import nets  # noqa: E402
import template  # noqa: E402
from torch_nets import MLP, LeNet5, Norms, ResNet20, SmallInception, Tied  # noqa: E402

NETS = {"lenet5": LeNet5, "mlp": lambda: MLP(784, 512, 256, 10), "norms": Norms, "tied": Tied, "inception": SmallInception,
        "resnet20": ResNet20}

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def tensor(array):
    array = torch.tensor(array)
    return array.double() if array.is_floating_point() else array


def variables(case):
    """The inputs by name, the leaves whose gradients are wanted by path, the columns."""
    columns, tensors = case.numbers()
    inputs, leaves = {}, {}
    for name, kind in case.inputs.items():
        if kind.element != "real":
            inputs[name] = tensor(columns[f"{name}0"])
        elif not kind.batched:
            inputs[name] = leaves[name] = tensor(tensors[name]).requires_grad_()
        else:
            value = tensor(columns[f"{name}0"])
            if name != "target":
                leaves[f"w{name}"] = torch.zeros(value.shape[1:]).requires_grad_()
                value = value + leaves[f"w{name}"] * (tensor(columns["u"]) if case.mixed else 1)
            inputs[name] = value.reshape(cases.EXAMPLES, *kind.sizes)
    return inputs, leaves, columns


def apply(case, inputs, leaves):
    """The value of the example, with its parameters, in training mode (in evaluation mode where that is random); the value
    in evaluation mode; the expression."""
    call = template.Call(case)
    y = torch.empty(cases.EXAMPLES, *case.output.sizes) if case.output else None
    result = eval(call.expression(), {"torch": torch, "nn": nn, "F": F, "math": __import__("math"), "y": y, **inputs})
    evaluated = None
    if isinstance(result, nn.Module):
        shapes = {path: list(p.shape) for path, p in result.named_parameters()}
        for path, p in result.named_parameters():
            p.data = tensor(case.parameters(shapes)[path])
            leaves[f"{case.row}.{path}"] = p
        for path, b in result.named_buffers():
            if cases.is_statistic(path):
                b.data = tensor(case.parameters({path: list(b.shape)})[path])
        module, x = result, inputs[call.operands[0]]
        evaluated = module.eval()(x)  # before training mode changes the buffers
        result = evaluated if case.random else module.train()(x)
    return result, result if evaluated is None else evaluated, call.expression()


def compute(case):
    """What is expected, by name, and the expression."""
    if case.kind == "source":
        return compute_source(case)
    inputs, leaves, columns = variables(case)
    value, evaluated, expression = apply(case, inputs, leaves)
    expected = {}
    if case.kind == "metric":
        expected["metric"] = value
        loss = (inputs["x"] * tensor(columns["r"])).mean()
    elif case.kind == "loss" and not case.output:
        loss = value
    else:
        if case.kind != "loss":
            expected["y"] = evaluated
        loss = (value * tensor(columns["r"])).mean()
    expected["loss"] = loss
    if loss.requires_grad:  # not behind `detach`
        loss.backward()
    for path, leaf in leaves.items():
        expected[f"grad.{path}"] = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
    return expected, expression


def compute_source(case):
    numbers = {name: tensor(array) for name, array in case.source_numbers().items()}
    w = tensor(case.parameters({"w": case.output.sizes})["w"]).requires_grad_()
    y = numbers["x"] + w
    loss = (y * numbers["r"]).mean()
    loss.backward()
    return {"y": y, "loss": loss, "grad.w": w.grad}, "x + w"


def finite(expected):
    return all(bool(torch.isfinite(value).all()) for value in expected.values())


def fixture(case):
    expected, expression = compute(case)
    if not finite(expected):  # log, sqrt, division: outside of their domain with any numbers
        case.positive = True
        expected, expression = compute(case)
    assert finite(expected), f"{case.name}: {expression} is not finite"
    facts = {"program": case.program(), "pytorch": expression, "positive": case.positive}
    return {name: cases.digest(value.detach().numpy()) for name, value in expected.items()}, facts


def optimizer_fixture(table, trace):
    columns, parameters = cases.optimizer_numbers()
    options = {}
    for option in cases.split_top(trace["options"]):
        key, text = option.split("=", 1)
        value = template.literal(text, {})
        options[key] = [float(number) for number in value] if isinstance(value, list) else value
    kind = next(getattr(torch.optim, name) for name in dir(torch.optim) if name.lower() == table["name"])
    net = nn.Sequential()
    net.fc1, net.out = nn.Linear(5, 4), nn.Linear(4, 3)
    net.load_state_dict({path: tensor(array) for path, array in parameters.items()})
    optimizer = kind(net.parameters(), **options)
    x, t = tensor(columns["x"]), tensor(columns["t"])
    batches = [slice(i, i + 8) for i in range(0, len(x), 8)]
    for step in range(cases.STEPS):
        batch = batches[step % len(batches)]
        optimizer.zero_grad()
        F.mse_loss(net.out(torch.tanh(net.fc1(x[batch]))), t[batch]).backward()
        optimizer.step()
    after = {path: cases.digest(p.detach().numpy()) for path, p in net.named_parameters()}
    return after, {"program": cases.optimizer_program(table, trace), "pytorch": f"{kind.__name__}(**{options})"}


def load(net, parameters):
    counters = {path: b for path, b in net.named_buffers() if path.endswith("num_batches_tracked")}
    net.load_state_dict({**{path: tensor(array) for path, array in parameters.items()}, **counters})


def net_fixture(name):
    net = NETS[name]()
    shapes = {path: list(value.shape) for path, value in net.state_dict().items() if value.shape}
    columns, parameters = nets.numbers(name, shapes)
    load(net, parameters)
    image = tensor(columns["image"]).double() / 256
    x = image.flatten(1) if isinstance(net, (MLP, Tied)) else image.unsqueeze(1) if image.ndim == 3 else image
    t = tensor(columns["label"])
    batches = [slice(i, i + nets.BATCH) for i in range(0, len(x), nets.BATCH)]
    expected = {"y": torch.cat([net.eval()(x[batch]) for batch in batches])}  # some norms see the batch in evaluation too
    net.train()
    loss = F.cross_entropy(net(x[batches[0]]), t[batches[0]])
    loss.backward()
    expected["loss"] = loss
    expected.update({f"grad.{path}": p.grad.clone() for path, p in net.named_parameters()})
    load(net, parameters)  # buffers have changed
    optimizer = torch.optim.SGD(net.parameters(), lr=nets.NETS[name].lr, momentum=0.9)
    for step in range(nets.NETS[name].steps):
        batch = batches[step % len(batches)]
        optimizer.zero_grad()
        F.cross_entropy(net(x[batch]), t[batch]).backward()
        optimizer.step()
    expected.update({f"after.{path}": net.state_dict()[path] for path in parameters})
    digests = {key: cases.digest(value.detach().numpy()) for key, value in expected.items()}
    return digests, {"program": nets.program(name), "shapes": shapes}


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "build").resolve()
    dump = build / "tests" / "dump_operations"
    tables = json.loads(subprocess.run([dump], check=True, capture_output=True, text=True).stdout)
    only, files = sys.argv[2:], {}

    def wanted(file):
        return not only or file in only

    def add(file, name, result):
        arrays, facts = result
        file = files.setdefault(file, ({}, {}))
        assert name not in file[1], f"two cases are called {name}"
        file[0].update({f"{name}/{key}": np.atleast_1d(array) for key, array in arrays.items()})
        file[1][name] = json.dumps(facts)
        print(f"{name:24} {facts.get('pytorch', '')}")

    faults = []
    for case in filter(lambda case: wanted(case.file), cases.cases(tables)):
        try:
            add(case.file, case.name, fixture(case))
        except Exception as fault:  # the others are made all the same
            faults.append(f"{case.name}: {case.example}: {fault}")
    for table in filter(lambda table: wanted(table["name"]), tables["optimizers"]):
        for index, trace in enumerate(table["traces"]):
            add(table["name"], f"{table['name']}-{index}", optimizer_fixture(table, trace))
    for name in filter(wanted, nets.NETS):
        add(name, name, net_fixture(name))
    folder = HERE / "fixtures"
    folder.mkdir(exist_ok=True)
    for old in [] if only else folder.glob("*.safetensors"):
        old.unlink()
    for file, (arrays, facts) in files.items():
        save_file(arrays, folder / f"{file}.safetensors", metadata={**facts, "torch": torch.__version__})
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{len(files)} files, {size / 1e6:.2f} MB, PyTorch {torch.__version__}")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
