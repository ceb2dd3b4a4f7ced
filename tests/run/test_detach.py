"""detach: the gradient is that of a program in which the detached value is a column of the data; and what is behind it and
used nowhere else has no line in backward."""

import re

import numpy as np
from helpers import mtc, run, trainer
from safetensors.numpy import load_file

ROWS = """  a: linear(4) -> tanh
  h: linear(4)
{s}  m = h * s
  o: m -> linear(1)
"""
PROGRAM = """mt 1

data {{
  train = npy(x="x.npy", y="y.npy"{column})
  batch = 5
  shuffle = false
}}

model m(x: [B, 3]{input}) {{
{rows}}}

loss {{ mse_loss(o, y) }}
optimizer sgd(lr=0.1)
train {{ run = 1 steps }}
"""


def program(detached):
    rows = ROWS.format(s="  s = a -> detach\n" if detached else "")
    return PROGRAM.format(rows=rows, column="" if detached else ', s="s.npy"', input="" if detached else ", s: [B, 4]")


def gradients(built, folder):
    run([built, "grads", "--init=p.safetensors", "--out=g.safetensors"], cwd=folder)
    return load_file(folder / "g.safetensors")


def test_gradient_is_that_of_a_column(tmp_path):
    state = np.random.RandomState(3)
    for name, width in {"x": 3, "y": 1, "s": 4}.items():
        np.save(tmp_path / f"{name}.npy", state.standard_normal([5, width]).astype(np.float32))
    detached = trainer(program(True), tmp_path, "-DMT_DOUBLE", name="detached")
    run([detached, "--run=1steps", "--lr=1e-30", "--save=p.safetensors"], cwd=tmp_path)
    run([detached, "predict", "--split=train", "--value=s", "--init=p.safetensors", "--out=s.npy"], cwd=tmp_path)
    column = trainer(program(False), tmp_path, "-DMT_DOUBLE", name="column")
    found, expected = gradients(detached, tmp_path), gradients(column, tmp_path)
    assert found.keys() == expected.keys() and any(np.abs(value).max() > 1e-3 for value in expected.values())
    for path, value in expected.items():
        np.testing.assert_allclose(found[path], value, rtol=1e-12, atol=1e-15, err_msg=path)


def backward_of(rows, folder):
    text = PROGRAM.format(rows=rows, column="", input="")
    mtc(text, folder / "out.c")
    code = (folder / "out.c").read_text()
    return re.search(r"^static void backward\([^;{}]*\)\n\{.*?^\}\n", code, re.M | re.S)[0]


def test_no_gradient_code_behind_it(tmp_path):
    """a is used by s alone, which is detached; without `detach` its derivative is there."""
    rows = "  a: linear(4) -> tanh\n  s = a{detach}\n  h: x -> linear(4)\n  m = h * s\n  o: m -> linear(1)\n"
    without, behind = backward_of(rows.format(detach=""), tmp_path), backward_of(rows.format(detach=" -> detach"), tmp_path)
    assert "g->h.weight" in behind and "g->a.weight" in without
    assert not re.search(r"\b[dg]->[as]\b", behind), behind
