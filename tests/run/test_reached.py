"""Which parameters a step changes: those that the loss reaches through operations with a derivative, though it may be 0, as
in PyTorch; not those behind a condition, `detach`, or nothing. With weight decay alone they shrink."""

import numpy as np
import pytest
from helpers import build, mtc, run
from safetensors.numpy import load_file

# What stands in the model for the parameter u, and whether PyTorch steps it: whether u.grad is a tensor of zeros, not None.
CASES = {
    "difference": ("u - u", True),
    "written_apart": ("(u - 2) - u", True),
    "times_0": ("u * 0", True),
    "power_0": ("u ** 0", True),
    "fn_of_zero": ("zero(u)", True),
    "fn_of_fn": ("twice(u)", True),
    "fn_power_0": ("flat(u)", True),
    "fn_branch_never_taken": ("never(u)", True),
    "branch_never_taken": ("where(1 > 2, u, 3)", True),
    "clamped": ("clamp(u * 0 + 9, 0, 1)", True),
    "condition": ("where(u > 0, 1, 2)", False),
    "comparison": ("(u > 0) * 2", False),
    "fn_of_condition": ("sign(u)", False),
    "fn_of_fn_of_condition": ("both(u)", False),
    "fn_of_comparison": ("above(u)", False),
    "unused": ("1", False),
}

MODEL = """mt 1
fn zero(x) = x - x
fn twice(x) = 2 * zero(x) + 1
fn flat(x) = x ** 0
fn never(x) = where(1 > 2, x, 0.5)
fn sign(x) = where(x > 0, 1, -1)
fn both(x) = sign(x) * 2
fn above(x) = (x > 0) * 2 + 1
data {
  train = inline(x=[[0, 1], [1, 0], [1, 1]], y=[[0], [1], [3]])
  batch = 2
  shuffle = true
}
model m(x: [B, 2]) {
  u = param(2, init=ones)
  g = param(2, init=ones)
  q = x * g
  h: CODE
  out: linear(1)
}
loss { mse_loss(out, y) }
optimizer sgd(lr=0.1, weight_decay=0.5)
train { run = 2 steps }
"""


def stepped(folder, source):
    mtc(source, folder / "u.c")
    program = build(folder / "u.c", "-DMT_DOUBLE", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", optimize="-O1")
    run([program, "--save=u.safetensors"], cwd=folder)
    return load_file(folder / "u.safetensors")


@pytest.mark.parametrize("name", CASES)
def test_a_parameter_with_the_derivative_0_is_stepped(name, tmp_path):
    text, reached = CASES[name]
    after = stepped(tmp_path, MODEL.replace("CODE", f"q + {text}"))["u"]
    assert np.abs(after - ((1 - 0.1 * 0.5) ** 2 if reached else 1)).max() <= 1e-15, after


def test_what_stands_before_it_is_stepped_too(tmp_path):
    """The layer below a function whose derivative is 0; not the one below `detach`."""
    source = MODEL.replace("h: CODE", "low = q -> linear(2)\n  h: q + zero(low)")
    after = stepped(tmp_path, source)
    mtc(source, tmp_path / "u.c")
    run([build(tmp_path / "u.c", "-DMT_DOUBLE", optimize="-O1"), "--run=1step", "--save=one.safetensors"], cwd=tmp_path)
    once = load_file(tmp_path / "one.safetensors")
    assert np.abs(after["low.weight"] - once["low.weight"] * 0.95).max() <= 1e-15 and np.abs(after["low.weight"]).max() > 0
    after = stepped(tmp_path, MODEL.replace("h: CODE", "low = u -> detach\n  h: q + low"))
    assert (after["u"] == 1).all()


def test_frozen_parameters_stay(tmp_path):
    source = MODEL.replace("CODE", "q + zero(u)").replace("loss {", "params {\n  \"u\" { frozen = true }\n}\nloss {")
    assert (stepped(tmp_path, source)["u"] == 1).all()


@pytest.mark.parametrize("objective, reached", [("a - a + b", True), ("0 * a + b", True), ("a ** 0 * b", True),
                                                ("where(a > 0, 1, 2) * b", False), ("b", False)])
def test_scalars_of_the_loss(objective, reached, tmp_path):
    source = MODEL.replace("h: CODE", "h: q").replace("{ mse_loss(out, y) }",
                                                      f"{{\n  a = sum(u * u)\n  b = mse_loss(out, y)\n  {objective}\n}}")
    after = stepped(tmp_path, source)["u"]
    assert np.abs(after - ((1 - 0.1 * 0.5) ** 2 if reached else 1)).max() <= 1e-15, after
