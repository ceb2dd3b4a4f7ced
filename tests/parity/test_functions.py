"""Fns of a program: values and derivatives against PyTorch's, at corners (functions.json, make_functions.py); fns drawn at
random, compiled and checked by differences; the same bits from every compiler; edits that stay where they are made."""

import difflib
import json
import os
import pathlib
import random
import re

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from helpers import EXACT, ROOT, SANITIZERS, WARNINGS, build, clang_format, mtc, run

EXPECTED = json.loads(pathlib.Path(__file__).with_name("functions.json").read_text())
PROGRAM = """mt 1

data {{
  train = inline(x=[{x}])
  batch = 1
  shuffle = false
}}

{fns}

model m(x: [B, {count}]) {{
{rows}
}}

loss {{ {loss} }}
optimizer sgd(lr=1)

train {{ run = 1 steps }}
"""


def corners():
    """Of one example: a row and a parameter for each fn, so that a step of rate 1 leaves minus the derivative."""
    points, functions = EXPECTED["x"], EXPECTED["functions"]
    rows = "\n".join(f"  w{k} = param({len(points)}, init=zeros)\n  y{k} = f{k}(x + w{k})" for k in range(len(functions)))
    return PROGRAM.format(
        x=points, count=len(points), rows=rows + "\n  x",
        fns="\n".join(f"fn f{k}(x) = {function['fn']}" for k, function in enumerate(functions)),
        loss=" + ".join(f"sum(y{k})" for k in range(len(functions))))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The trainer, its folder, and the parameters after the step."""
    folder = tmp_path_factory.mktemp("functions")
    mtc(corners(), folder / "corners.c")
    trainer = build(folder / "corners.c", *SANITIZERS, "-DMT_DOUBLE", optimize="-O1")
    run([trainer, "train", "--save=after.safetensors"], cwd=folder)
    after = load_file(folder / "after.safetensors")
    save_file({path: np.zeros_like(values) for path, values in after.items()}, folder / "zeros.safetensors")
    return trainer, folder, after


every = pytest.mark.parametrize("k", range(len(EXPECTED["functions"])), ids=[each["fn"] for each in EXPECTED["functions"]])


@every
def test_derivative(trained, k):
    np.testing.assert_allclose(-trained[2][f"w{k}"], EXPECTED["functions"][k]["d"], rtol=1e-10, atol=1e-10)


@every
def test_value(trained, k):
    trainer, folder, _ = trained
    run([trainer, "predict", "--init=zeros.safetensors", "--split=train", f"--value=y{k}", f"--out={k}.npy"], cwd=folder)
    np.testing.assert_allclose(np.load(folder / f"{k}.npy")[0], EXPECTED["functions"][k]["y"], rtol=1e-10, atol=1e-10)


# ------------------------------------------------------------------------------------------------------------ random

UNARY = ["sigmoid({})", "tanh({})", "sin({})", "cos({})", "softplus({})", "softplus({}, beta=a)", "exp(0.3 * {})", "gelu({})",
         "gelu({}, approximate=\"tanh\")", "silu({})", "mish({})", "elu({}, alpha=a)", "selu({})", "softsign({})",
         "log(0.5 + exp({}))", "sqrt(1 + ({}) ** 2)", "log_sigmoid({})", "-{}", "({}) ** 2", "({}) ** 3", "1 / (2 + sin({}))",
         "(1 + ({}) ** 2) ** 0.7", "f0({})", "f0({}, b=a)", "relu({})", "abs({})", "leaky_relu({}, negative_slope=a)"]
BINARY = ["({} + {})", "({} - {})", "{} * {}", "{} / (3 + cos({}))", "max({}, {})", "min({}, {})", "where({} > x, {}, {})",
          "where(z <= {} && x > {}, {}, x)"]


def expression(draw, depth):
    if depth == 0 or draw.random() < 0.1:
        return draw.choice(["x", "x", "z", "z", "a", "0.5", "2", "-1.5", "C"])
    form = draw.choice(UNARY + 3 * BINARY)
    return form.format(*(expression(draw, depth - 1) for _ in range(form.count("{}"))))


def random_program(seed, count=15):
    draw = random.Random(seed)
    fns = ["const C = 1.25", "fn f0(x; b=0.9) = x * tanh(b * x)"]
    while len(fns) < count + 2:
        text = expression(draw, 4)
        if len(text) < 200 and re.search(r"\b[xz]\b", text):
            fns.append(f"fn f{len(fns) - 1}(x, z; a=0.7) = {text}")
    rows = ["  w = param(5, init=normal(std=0.5))", "  v = param(5, init=normal(std=0.5))"]
    rows += [f"  y{k} = f{k}(x + w, v * x, a={0.5 + k / 16})" for k in range(1, count + 1)]
    points = [[round(draw.uniform(-2, 2), 3) for _ in range(5)] for _ in range(3)]
    return PROGRAM.format(x=", ".join(map(str, points)), count=5, fns="\n".join(fns), rows="\n".join(rows) + "\n  x",
                          loss=" + ".join(f"mean(y{k})" for k in range(1, count + 1))).replace("batch = 1", "batch = 3")


@pytest.mark.parametrize("seed", range(3))
def test_random(tmp_path, seed):
    """Values and derivatives as C: no warnings, the project's layout, and derivatives that agree with differences."""
    source = tmp_path / "random.c"
    mtc(random_program(seed), source)
    for cc in ("gcc", "clang"):
        for flags in ([], ["-DMT_DOUBLE"]):
            run([cc, "-std=c99", *WARNINGS, "-O1", *flags, "-c", source, "-o", os.devnull])
    model, = re.findall(r"\A.*?(?=^/\* -+\n \* settings)", source.read_text(), re.M | re.S)
    model = model.rstrip() + "\n"
    (tmp_path / "model.c").write_text(model)
    assert run([clang_format(), f"--style=file:{ROOT}/.clang-format", tmp_path / "model.c"]).stdout == model
    trainer = build(source, *SANITIZERS, "-DMT_DOUBLE", optimize="-O1")
    run([trainer, "gradcheck", "--elements=all"], cwd=tmp_path)


def test_same_bits(tmp_path):
    source = tmp_path / "random.c"
    mtc(random_program(11), source)
    parameters = []
    for k, (cc, optimize) in enumerate([("gcc", "-O0"), ("gcc", "-O3"), ("clang", "-O3")]):
        trainer = build(source, *EXACT, cc=cc, optimize=optimize)
        run([trainer, "train", f"--save={k}.safetensors", "--run=3steps"], cwd=tmp_path)
        parameters.append((tmp_path / f"{k}.safetensors").read_bytes())
    assert parameters[0] == parameters[1] == parameters[2]


# ---------------------------------------------------------------------------------------------------------- locality

EDITS = [  # what is edited, into what, whose lines may change, and how many of the others
    ("0.5 * r * r", "0.25 * r * r", "huber", 0),
    ("0.044715", "0.05", "gelu_tanh", 0),
    ("(1 + x ** 2)", "(2 + x ** 2)", "cube", 0),
    ("fn nothing(x) = where(x > 0, 1, 2)", "fn nothing(x) = where(x > 0, 1, 3)", "nothing", 0),
    ("# Ramachandran et al., 2017", "# A comment", "swish", 0),
    ("beta=1.0", "beta=1.25", "swish", 6),  # the one row that takes the default
]


def without_fn(text, name):
    """The C without the lines of one fn: from the comment that has its text to the next blank line."""
    found = re.search(rf"^/\*(?:(?!\*/)[\s\S])*?fn {name}\(.*?\n(?=\n)", text, re.M | re.S)
    assert found, f"no fn {name} in the C"
    return text[:found.start()] + text[found.end():]


@pytest.mark.parametrize("old, new, name, others", EDITS, ids=[edit[0] for edit in EDITS])
def test_locality(tmp_path, old, new, name, others):
    text = (ROOT / "tests" / "run" / "programs" / "functions.mt").read_text()
    assert text.count(old) == 1
    files = []
    for k, version in enumerate([text, text.replace(old, new)]):
        (tmp_path / str(k)).mkdir()
        mtc(version, tmp_path / str(k) / "functions.c")
        files.append((tmp_path / str(k) / "functions.c").read_text())
    assert files[0] != files[1]
    rest = [without_fn(c, name).splitlines() for c in files]
    changed = [line for line in difflib.unified_diff(*rest, n=0, lineterm="") if re.match(r"[-+](?![-+]{2} )", line)]
    assert len(changed) <= others, "\n".join(changed)
