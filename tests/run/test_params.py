"""Rules of `params` in what comes out: how parameters start, what is trained, the table that `mtc params` prints, and that a
small change of a rule is a small change of the C."""

import difflib
import re

import numpy as np
import pytest
from helpers import EXACT, MTC, WARNINGS, build, mtc, run
from safetensors.numpy import load_file

MODEL = """mt 1

data {{
  train = inline(x=[[0, 0.5, 1, 2], [0, 1, 3, 1], [1, 0, 2, 1]], y=[[0], [1], [1]])
  batch = 3
  shuffle = false
}}

model rules(x: [B, 4]) {{
  wide: linear(60) -> tanh
  tall: linear(8) -> tanh
  scale = param(8)
  h: tall * scale
  out: linear(1)
}}

params {{
  "scale" {{ init = ones }}
{rules}}}

loss {{ mse_loss(out, y) }}
optimizer sgd(lr=0.1, weight_decay=0.01)
train {{ run = 1 step }}
"""


def program(*rules):
    return MODEL.format(rules="".join(f"  {rule}\n" for rule in rules))


def start(folder, *rules, seed=0, name="start"):
    """The initial parameters: a step of length 0."""
    mtc(program(*rules), folder / f"{name}.c")
    trainer = build(folder / f"{name}.c", "-DMT_DOUBLE", *EXACT, optimize="-O0")
    run([trainer, "--lr=0", f"--seed={seed}", f"--save={folder}/{name}.safetensors"], cwd=folder)
    return load_file(folder / f"{name}.safetensors")


# ---------------------------------------------------------------------------------------------------------------- inits


def test_no_warnings(tmp_path):
    mtc(program('"wide.weight" { init = orthogonal }', '"tall.weight" { init = trunc_normal(0.02) }',
                '"out.weight" { init = load("a \\"quoted\\" name.npy") }', '"wide.*" { frozen = true }'), tmp_path / "all.c")
    for cc, *flags in (["gcc", "-std=c99"], ["clang", "-std=c99"], ["gcc", "-std=c99", "-DMT_DOUBLE"]):
        run([cc, *flags, *WARNINGS, "-O1", "-c", tmp_path / "all.c", "-o", "/dev/null"])
    run(["tcc", "-c", tmp_path / "all.c", "-o", tmp_path / "all.o"])


@pytest.mark.parametrize("gain", [1, 2.5])
@pytest.mark.parametrize("path", ["wide.weight", "tall.weight", "out.weight"])
def test_orthogonal(tmp_path, path, gain):
    """Rows or columns, of which there are fewer, at right angles, each of length gain: [60, 4], [8, 60], [1, 8]."""
    w = start(tmp_path, f'"{path}" {{ init = orthogonal(gain={gain}) }}')[path]
    q = w if w.shape[0] <= w.shape[1] else w.T
    np.testing.assert_allclose(q @ q.T, gain**2 * np.eye(len(q)), atol=1e-13 * gain**2)
    # The same as numpy makes of the same random numbers, with a positive diagonal of R.
    drawn = start(tmp_path, f'"{path}" {{ init = normal }}', name="drawn")[path]
    expected, r = np.linalg.qr(drawn.T if w.shape[0] <= w.shape[1] else drawn)
    expected = gain * expected * np.sign(np.diag(r))
    np.testing.assert_allclose(q.T, expected, atol=1e-12)


@pytest.mark.parametrize("std, mean, low, high", [(1, 0, -2, 2), (0.5, 1, 0.9, 1.3), (1, 0, 1, 9), (1, -2, 0, 0.1), (2, 0, -1, 9),
                                                  (1, 0, 0, 2.4)])
def test_trunc_normal(tmp_path, std, mean, low, high):
    """Within its bounds, with the mean and deviation that the density there has, another one for each path and seed."""
    rule = f'"*.weight" {{ init = trunc_normal({std}, mean={mean}, a={low}, b={high}) }}'
    drawn = [start(tmp_path, rule, seed=seed) for seed in range(4)]
    x = np.concatenate([w[path].ravel() for w in drawn for path in ("wide.weight", "tall.weight")])
    assert len(np.unique(x)) == len(x) == 4 * 720
    assert x.min() >= low and x.max() <= high
    grid = np.linspace(low, high, 200001)
    density = np.exp(-((grid - mean) / std) ** 2 / 2)
    density /= density.sum()
    expected = (grid * density).sum()
    deviation = np.sqrt((grid**2 * density).sum() - expected**2)
    assert abs(x.mean() - expected) < 4 * deviation / np.sqrt(len(x))
    assert abs(x.std() / deviation - 1) < 0.06
    below = (x < mean + std / 2).mean(), density[grid < mean + std / 2].sum()
    assert abs(below[0] - below[1]) < 4 * np.sqrt(0.25 / len(x))


@pytest.mark.parametrize("numbers", [np.float32, np.float64, np.int16, np.uint8])
def test_load(tmp_path, numbers):
    values = np.arange(240).reshape(60, 4).astype(numbers)
    np.save(tmp_path / "wide.npy", values)
    rule = '"wide.weight" { init = load("wide.npy") }'
    assert (start(tmp_path, rule)["wide.weight"] == values).all()
    # A file of parameters that has all of them needs no other.
    (tmp_path / "wide.npy").unlink()
    trainer = build(tmp_path / "start.c", "-DMT_DOUBLE", *EXACT, optimize="-O0")
    run([trainer, "--init=start.safetensors", "--lr=0", "--save=again.safetensors"], cwd=tmp_path)
    assert (load_file(tmp_path / "again.safetensors")["wide.weight"] == values).all()
    message = run([trainer], cwd=tmp_path, code=1).stderr
    assert "rules: error: wide.npy: No such file" in message


@pytest.mark.parametrize("write, words", [
    (lambda path: np.save(path, np.zeros((4, 60))), "holds an array [4, 60], but the parameter `wide.weight` is [60, 4]"),
    (lambda path: np.save(path, np.zeros(240)), "holds an array [240]"),
    (lambda path: np.save(path, np.zeros((60, 4, 1))), "holds an array [60, 4, 1]"),
    (lambda path: np.save(path, np.zeros((60, 4), complex)), "numbers of type '<c16'"),
    (lambda path: np.save(path, np.asfortranarray(np.zeros((60, 4)))), "Fortran order"),
    (lambda path: path.write_bytes(b"nothing"), "not an npy file"),
    (lambda path: (np.save(path, np.zeros((60, 4))), path.write_bytes(path.read_bytes()[:-1])), "bytes of numbers"),
])
def test_load_of_what_does_not_fit(tmp_path, write, words):
    mtc(program('"wide.weight" { init = load("wide.npy") }'), tmp_path / "load.c")
    write(tmp_path / "wide.npy")
    message = run([build(tmp_path / "load.c", optimize="-O0")], cwd=tmp_path, code=1).stderr
    assert words in message and "wide.npy" in message


def test_last_rule_wins_and_rules_beat_the_layer(tmp_path):
    w = start(tmp_path, "linear.weight { init = ones }", "linear { init = constant(3) }", '"out.*" { init = constant(-1) }')
    assert (w["wide.weight"] == 3).all() and (w["tall.bias"] == 3).all() and (w["out.weight"] == -1).all()
    assert (w["scale"] == 1).all()


def test_a_rule_leaves_the_others_as_they_are(tmp_path):
    plain, ruled = start(tmp_path), start(tmp_path, '"tall.weight" { init = orthogonal }', name="ruled")
    assert all((plain[path] == ruled[path]).all() == (path != "tall.weight") for path in plain)


# ------------------------------------------------------------------------------------------------------ the C, the table


@pytest.mark.parametrize("rule, lines", [
    ('"tall.bias" { weight_decay = 0 }', 1), ('"tall.*" { lr_scale = 0.1 }', 2), ("bias { weight_decay = 0 }", 3),
    ('"tall.weight" { init = xavier_uniform }', 1), ('"out.bias" { init = zeros }', 1),
])
def test_a_rule_changes_its_lines_of_the_table(tmp_path, rule, lines):
    for name, rules in (("a", []), ("b", [rule])):
        mtc(program(*rules), tmp_path / f"{name}.c")
    a, b = ((tmp_path / f"{name}.c").read_text().replace(f"{name}.mt", "").splitlines() for name in "ab")
    difference = [line for line in difflib.ndiff(a, b) if line[0] in "-+"]
    assert len(difference) == 2 * lines, "\n".join(difference)
    assert all(re.match(r"[-+] +\{(PARAMETER|\")", line) for line in difference)


def shown(folder, text):
    (folder / "shown.mt").write_text(text)
    return run([MTC, "params", "shown.mt"], cwd=folder).stdout


def test_table(tmp_path):
    text = shown(tmp_path, program("linear.weight, \"scale\" { init = normal(std=0.02) }", "bias { weight_decay = 0 }",
                                   "\"wide.*\" { frozen = true }", "\"out.*\" { lr_scale = 0.5 }"))
    assert text == """\
path         shape    count  init                                  decay  lr      set by
wide.weight  [60, 4]    240  normal(std=0.02)                      -      frozen  line 19: linear.weight, line 21: "wide.*"
wide.bias    [60]        60  uniform(-0.5, 0.5) (PyTorch's)        -      frozen  line 20: bias, line 21: "wide.*"
tall.weight  [8, 60]    480  normal(std=0.02)                      0.01   x1      line 19: linear.weight
tall.bias    [8]          8  uniform(-0.1291, 0.1291) (PyTorch's)  0      x1      line 20: bias
scale        [8]          8  normal(std=0.02)                      0.01   x1      line 19: "scale"
out.weight   [1, 8]       8  normal(std=0.02)                      0.01   x0.5    line 19: linear.weight, line 22: "out.*"
out.bias     [1]          1  uniform(-0.3536, 0.3536) (PyTorch's)  0      x0.5    line 20: bias, line 22: "out.*"
7 parameters, 805 numbers; 2 frozen
"""


TIED = """mt 1

const width = 4
data {
  train = inline(x=[[0, 0.5, 1, 2], [0, 1, 3, 1]], y=[[0, 1, 1, 1], [1, 1, 1, 1]])
  batch = 2
  shuffle = false
}
block layer(x; ch) {
  up: linear(ch) -> tanh
  proj: linear(width)
  add(x)
}
model tied(x: [B, 4]) {
  wte: linear(width, bias=false)
  blocks: repeat 3 { layer(6) }
  logits: linear(4, weight=wte.weight)
}
params {
  linear.weight { init = normal(std=0.02) }
  "*.proj.weight" { init = normal(std=0.02 / sqrt(2 * width)) }
  "logits.*" { lr_scale = 2 }
}
loss { mse_loss(logits, y) }
optimizer adamw(lr=0.1)
train { run = 1 step }
"""


def test_blocks_and_ties(tmp_path):
    """Patterns reach into blocks and rounds; a tied parameter follows the rules of its owner only."""
    lines = {line.split()[0]: line for line in shown(tmp_path, TIED).splitlines()}
    assert len([path for path in lines if path.startswith("blocks.")]) == 12
    assert "normal(std=0.02)" in lines["wte.weight"] and lines["wte.weight"].endswith("line 20: linear.weight; also logits.weight")
    assert " x1 " in lines["wte.weight"] and " x2 " in lines["logits.bias"]
    for k in range(3):
        assert "normal(std=0.02 / sqrt(2 * width))" in lines[f"blocks.{k}.proj.weight"]
        assert "line 20" in lines[f"blocks.{k}.up.weight"]
    mtc(TIED, tmp_path / "tied.c")
    table = " ".join((tmp_path / "tied.c").read_text().split())
    assert table.count(f"NORMAL, 0, {0.02 / 8**0.5!r}, 1, -1, 0") == 3 and table.count("NORMAL, 0, 0.02, 1, -1, 0") == 4


@pytest.mark.parametrize("words, message", [
    (["params"], "`mtc params` needs a file"), (["params", "a.mt", "--dump=after:lower"], "`mtc params` runs all passes"),
])
def test_wrong_use(tmp_path, words, message):
    assert message in run([MTC, *words], cwd=tmp_path, code=2).stderr


def test_faulty_program_has_no_table(tmp_path):
    (tmp_path / "a.mt").write_text(program('"nothing" { frozen = true }'))
    done = run([MTC, "params", "a.mt"], cwd=tmp_path, code=1)
    assert done.stdout == "" and "E0610" in done.stderr


# ---------------------------------------------------------------------------------------------------------------- frozen


@pytest.mark.parametrize("frozen, checked", [
    (['"wide.*"'], {"tall.weight", "tall.bias", "scale", "out.weight", "out.bias"}),
    (['"tall.*"'], {"wide.weight", "wide.bias", "scale", "out.weight", "out.bias", "x"}),
    (['"tall.weight"', '"scale"'], {"wide.weight", "wide.bias", "tall.bias", "out.weight", "out.bias", "x"}),
    (['"wide.weight"'], {"wide.bias", "tall.weight", "tall.bias", "scale", "out.weight", "out.bias", "x"}),
    (['"wide.*"', '"tall.*"', '"scale"'], {"out.weight", "out.bias"}),
    (['"out.*"'], {"wide.weight", "wide.bias", "tall.weight", "tall.bias", "scale", "x"}),
])
def test_frozen_anywhere(tmp_path, frozen, checked):
    """Whatever is frozen: the other gradients are right, and a step changes the others alone."""
    mtc(program(f"{', '.join(frozen)} {{ frozen = true }}"), tmp_path / "frozen.c")
    text = (tmp_path / "frozen.c").read_text()
    trainer = build(tmp_path / "frozen.c", "-DMT_DOUBLE", *EXACT, optimize="-O0")
    lines = run([trainer, "gradcheck", "--elements=all"], cwd=tmp_path).stdout.splitlines()
    assert {line.split()[0] for line in lines[1:-1]} == checked
    before = start(tmp_path)
    run([trainer, "--save=after.safetensors"], cwd=tmp_path)
    after = load_file(tmp_path / "after.safetensors")
    assert {path for path in after if (after[path] != before[path]).any()} == checked - {"x"}
    assert all(f"g->{path}" not in text for path in set(after) - checked)
