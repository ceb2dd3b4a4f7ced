"""The loss section against PyTorch (tests/parity/make_loss.py): the loss of a split is that of the split as one batch,
however it is cut; gradients and steps; refusals."""

import json

import numpy as np
import pytest
from helpers import ROOT, build, evaluate, mtc, read_log, relative_error, run
from safetensors.numpy import load_file, save_file

EXPECTED = json.loads((ROOT / "tests" / "parity" / "loss.json").read_text())
CASES = EXPECTED["cases"]

MODEL = """mt 1
const C = 0.3
fn soft(x; s=2) = x / (s + abs(x))
fn larger(x, z) = where(x > z, x * x, x * z)
data {
  train = npy(x="x.npy", y="y.npy", k="k.npy")
  k: k -> class(3)
  batch = 14
  shuffle = false
}
model net(x: [B, 4]) {
  w = param(4, init=ones)
  h: x * w
  fc1: linear(5) -> tanh
  z = fc1 -> linear(3)
  out: linear(2)
}
loss {
  ROWS
}
optimizer sgd(lr=0.05, momentum=0.9, weight_decay=0.1)
train {
  run = 4 steps
}
"""


def source(name):
    return MODEL.replace("ROWS", "\n  ".join(CASES[name]["rows"]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("loss")
    for column, kind in (("x", np.float32), ("y", np.float32), ("k", np.uint8)):
        np.save(path / f"{column}.npy", np.array(EXPECTED[column], dtype=kind))
    save_file({path: np.array(value) for path, value in EXPECTED["parameters"].items()}, path / "start.safetensors")
    return path


@pytest.fixture(scope="module", params=CASES)
def case(request, folder):
    """A trainer in double, and what PyTorch says."""
    mtc(source(request.param), folder / f"{request.param}.c")
    flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-D_POSIX_C_SOURCE=200809L"]
    program = build(folder / f"{request.param}.c", "-DMT_DOUBLE", *flags, optimize="-O1")
    return program, CASES[request.param]


def difference(found, expected):
    assert found.keys() == expected.keys()
    return max(relative_error(found[path], np.array(expected[path])) for path in found)


def reported(found, expected):
    """The worst difference of reported numbers, relative to 1 or more."""
    assert found.keys() == expected.keys()
    return max(abs(found[name] - value) / max(1, abs(value)) for name, value in expected.items())


def results(line):
    return {name: value for name, value in line.items() if isinstance(value, float) and name not in ("lr", "seconds")}


@pytest.mark.parametrize("batch", [14, 5, 3, 1])
def test_the_loss_of_a_split_does_not_depend_on_the_batch(case, folder, batch):
    program, expected = case
    found = evaluate(program, "train", "--init=start.safetensors", f"--data.batch={batch}", cwd=folder)
    assert reported({name: found[name] for name in expected["values"]}, expected["values"]) <= 1e-12


def test_the_running_loss_is_that_of_its_examples(case, folder):
    program, expected = case
    run([program, "--init=start.safetensors", "--data.batch=5", "--run=3steps", "--lr=1e-300", "--log_every=3steps", "--log=log.jsonl"],
        cwd=folder)
    line = next(line for line in read_log(folder / "log.jsonl") if line["event"] == "step")
    assert reported({name: line[name] for name in expected["values"]}, expected["values"]) <= 1e-12


def test_gradient_and_steps(case, folder):
    program, expected = case
    flags = ["--init=start.safetensors", "--data.batch=5"]
    run([program, "grads", *flags, "--out=g.safetensors"], cwd=folder)
    assert difference(load_file(folder / "g.safetensors"), expected["gradient"]) <= 1e-10
    run([program, *flags, "--save=after.safetensors"], cwd=folder)
    assert difference(load_file(folder / "after.safetensors"), expected["after"]) <= 1e-10


def test_gradcheck(case, folder):
    run([case[0], "gradcheck", "--init=start.safetensors"], cwd=folder)


def test_accumulation(case, folder):
    """One step of 5 examples in micro-batches of 2, 2 and 1 is the step of the batch, or it is refused."""
    program, expected = case
    flags = ["--init=start.safetensors", "--data.batch=2", "--accumulate=3"]
    if not expected["accumulates"]:
        assert "--accumulate=3" in run([program, *flags], cwd=folder, code=2).stderr
        return
    run([program, "grads", *flags, "--out=g.safetensors"], cwd=folder)
    small = load_file(folder / "g.safetensors")
    run([program, "grads", "--init=start.safetensors", "--data.batch=6", "--out=g.safetensors"], cwd=folder)
    assert difference(small, load_file(folder / "g.safetensors")) <= 1e-12
