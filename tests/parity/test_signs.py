"""A sign flipped in any one line of any backward is caught.

For the examples of every operation the emitted C is changed in one place at a time: an assignment in `backward` gets the
other sign, or what a kernel has just made (its last argument, and every gradient of a parameter) is negated behind it. Built with tcc (fast), in double; `gradcheck` passes on the
original and must fail on the changed one. Where a derivative is 0 everywhere in one example (a clamp that cuts everything
off, a condition that always holds) its sign does not show there: setting it to 0 must then change nothing either, and the
same line, but for numbers, must be caught in another example, or in one of the programs below.
"""

import pathlib
import re
import sys

import numpy as np
import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import cases  # noqa: E402
from helpers import mtc, run, tables  # noqa: E402

pytestmark = pytest.mark.skipif(run(["sh", "-c", "command -v tcc"], code=None).returncode != 0, reason="needs tcc")

STATEMENT = re.compile(r"\n( +)((?:[dg]->|\w+\()[^;{}]*;)")


def backward_of(text):
    start = text.index("static void backward(")
    return start, text.index("\n}\n", start)


def counts_of(text):
    """How many numbers a derivative has, from the memory plan; a gradient is an array of known size."""
    counts = dict(re.findall(r"TAKE\(memory, (d->[\w.]+), ([^;]+)\);", text))
    return lambda name: counts[name] if name.startswith("d->") else f"sizeof {name} / sizeof *{name}"


def changed(text):
    """(the line, the text with its sign flipped, the text with 0 in its place) for each place."""
    start, end = backward_of(text)
    count = counts_of(text)
    for found in STATEMENT.finditer(text, start, end):
        line = " ".join(found[2].split())
        head, tail = text[:found.start(2)], text[found.end(2):]
        assigned = re.fullmatch(r"([dg]->[\w.]+\[i\]) (\+?=) (.*);", line)
        if assigned:
            target, sign, value = assigned.groups()
            yield line, f"{head}{target} {sign} -({value});{tail}", f"{head}{target} {sign} 0;{tail}"
            continue
        last = re.search(r"([dg]->[\w.]+)\);$", line)
        made = [*re.findall(r"(g->[\w.]+), ", line), *([last[1]] if last else [])]
        for name in made:
            loop = f"for (size_t m = 0; m < {count(name)}; m++) {name}[m] ="
            shown = line if len(made) == 1 else f"{line} {name}"
            yield shown, f"{head}{{{found[2]} {loop} -{name}[m];}}{tail}", f"{head}{{{found[2]} {loop} 0;}}{tail}"


def build(text, folder, name):
    source, program = folder / f"{name}.c", folder / name
    source.write_text(text)
    run(["tcc", "-w", "-DMT_DOUBLE", source, "-lm", "-o", program])
    return program


def differentiable():
    operations = {}
    for case in cases.cases(tables()):
        if case.kind != "metric" and any(rule.get("call") or rule.get("value") != "0" for rule in case.op["backward"]):
            operations.setdefault(case.file + ("_loss" if case.kind == "loss" else ""), []).append(case)
    return operations


def shape_of(line):
    """The line but for its numbers and lists of numbers."""
    return re.sub(r"(?<![\w])-?\d+(\.\d+)?(e-?\d+)?", "#", re.sub(r"lists\.\w+", "NULL", line)).replace("(real)#", "#")


def check(text, folder, caught, unseen, what):
    """Adds the lines whose other sign gradcheck sees to `caught`, those that are 0 here to `unseen`."""
    run([build(text, folder, "original"), "gradcheck"], cwd=folder)
    for line, negative, zero in changed(text):
        done = run([build(negative, folder, "flipped"), "gradcheck"], cwd=folder, code=None)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        if done.returncode == 1:
            caught.add(shape_of(line))
            continue
        run([build(zero, folder, "zero"), "gradcheck"], cwd=folder)  # or the sign is simply not seen
        unseen[shape_of(line)] = f"{what}: {line}"


@pytest.mark.parametrize("name", differentiable())
def test_flipped_sign_is_caught(tmp_path, name):
    caught, unseen = set(), {}
    for case in differentiable()[name]:
        for column, array in case.numbers()[0].items():
            np.save(tmp_path / f"{column}.npy", array)
        mtc(case.program(), tmp_path / "model.c")
        check((tmp_path / "model.c").read_text(), tmp_path, caught, unseen, case.example["row"])
    assert caught, "no line of backward was found"
    missed = [place for line, place in unseen.items() if line not in caught and line not in ALWAYS_ZERO.get(name, ())]
    assert not missed, "the other sign is seen in no example of\n    " + "\n    ".join(missed)


# Lines that are 0 in all examples of an operation, because random numbers are never 0: test_both_branches has them.
ALWAYS_ZERO = {"chunk": ["put_part(#, #, #, #, # * B, NULL, d->x);"],  # the part that nothing uses
               "where": ["d->z[i] = v->c[i] ? # : d->h[i];", "d->x[i] = v->c[i] ? # : d->h[i];"]}


def test_both_branches(tmp_path):
    """`where` with a condition that holds for some elements."""
    mtc("""mt 1

data {
  train = inline(x=[[1, 2, 3, 4, 5]], z=[[1, 2, 3, 4, 5]])
  batch = 3
  shuffle = false
}

model m(x: [B, 5], z: [B, 5]) {
  w = param(5, init=ones)
  y: x * w
  h: where(y > z, 2 * y, 3 * z)
}

loss { mean(h) }
optimizer sgd(lr=1)
train { run = 1 steps }
""", tmp_path / "model.c")
    caught, unseen = set(), {}
    check((tmp_path / "model.c").read_text(), tmp_path, caught, unseen, "where")
    assert len(caught) >= 2 and not unseen, f"{caught} {unseen}"
