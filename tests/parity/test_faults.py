"""A fault planted in any one line of any backward is caught: faults that test_signs.py does not plant.

    missing   0 in the place of what the line computes, or nothing added where it adds
    scaled    the result times 1.01
    axis      two sizes that differ, swapped
    input     another value of the same shape in the place of one that is read

As there: one place at a time in the C of each example of each operation, built in double with tcc, and `gradcheck` must
fail (or the trainer crash). A fault is known by the line but for its numbers; it must be caught in one example at least.
What no example shows is listed in EQUIVALENT with the reason why it cannot be seen.
"""

import pathlib
import re
import sys

import numpy as np
import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from helpers import mtc, run  # noqa: E402
from test_signs import STATEMENT, backward_of, build, counts_of, differentiable, shape_of  # noqa: E402

pytestmark = pytest.mark.skipif(run(["sh", "-c", "command -v tcc"], code=None).returncode != 0, reason="needs tcc")


def shapes_of(text):
    """The shape of each value that has memory, as the comments of struct Values say it, for v-> and for d->."""
    start = text.index("struct Values {")
    members = re.findall(r"\n    real \*(\w+); /\* (\[[^\]]*\])", text[start:text.index("\n};", start)])
    taken = set(re.findall(r"(?:TAKE|SAME)\(memory, ([vd]->\w+),", text))
    result = {}
    for name, shape in members:
        for side in "vd":
            if f"{side}->{name}" in taken or side == "v":
                result[f"{side}->{name}"] = shape
    # x: x0 + wx is how an example is made, and wx is 0: x0 and x are the same numbers, and their derivatives are.
    return {name: shape for name, shape in result.items() if not re.fullmatch(r"[vd]->\w+0", name)}


def faults(text):
    """(kind, line, changed text) for each fault of each line of backward."""
    start, end = backward_of(text)
    count, shapes = counts_of(text), shapes_of(text)
    for found in STATEMENT.finditer(text, start, end):
        line = " ".join(found[2].split())
        for kind, changed in of_line(line, count, shapes):
            yield kind, line, text[:found.start(2)] + changed + text[found.end(2):]


def of_line(line, count, shapes):
    assigned = re.fullmatch(r"([dg]->[\w.]+\[i\]) (\+?=) (.*);", line)
    made = re.search(r"([dg]->[\w.]+)\);$", line)
    if assigned:
        target, sign, value = assigned.groups()
        yield "missing", f"{target} {sign} 0;"
        yield "scaled", f"{target} {sign} 1.01 * ({value});"
        yield from inputs(line, assigned.start(3), len(line), shapes)
    elif made:
        loop = f"for (size_t m = 0; m < {count(made[1])}; m++) {made[1]}[m]"
        yield "missing", ";" if made[1].startswith("g->") else f"{loop} = 0;"  # g is what was there before
        yield "scaled", f"{{{line} {loop} *= 1.01;}}"
        yield from axes(line)
        yield from inputs(line, line.index("("), made.start(1), shapes)


def axes(line):
    """Each two sizes next to each other, swapped."""
    sizes = list(re.finditer(r"(?<=[(, ])\d+(?=[,)])", line))
    for one, two in zip(sizes, sizes[1:]):
        if one[0] != two[0] and re.fullmatch(r", ", line[one.end():two.start()]):
            yield "axis", line[:one.start()] + two[0] + ", " + one[0] + line[two.end():]


def inputs(line, start, end, shapes):
    for read in re.finditer(r"[vd]->\w+", line[start:end]):
        name = read[0]
        other = next((other for other, shape in shapes.items() if shape == shapes.get(name) and other != name and
                      other[0] == name[0]), None) or \
            next((other for other, shape in shapes.items() if shape == shapes.get(name) and other != name), None)
        if other:
            at = start + read.start()
            yield "input", line[:at] + other + line[at + len(name):]


# What cannot be seen, by operation: the kind and the line but for its numbers, and why.
UNUSED = "the first line of d x, about a part that nothing uses: it writes zeros, and the lines behind it write the rest"
BRANCH = "the condition is a random number, never 0, so this branch is never taken; test_both_branches takes it"
WHERE = ("d->z[i] = v->c[i] ? # : d->h[i];", "d->x[i] = v->c[i] ? # : d->h[i];")
EQUIVALENT = {
    "chunk": {("missing", "put_part(#, #, #, #, # * B, NULL, d->x);"): UNUSED,
              ("scaled", "put_part(#, #, #, #, # * B, NULL, d->x);"): UNUSED},
    "add": {("input", "g->wz[i] += d->wz__z[i];"): "of x + z the derivatives by x and z are the same numbers"},
    "where": {(kind, line): BRANCH for kind in ("missing", "scaled", "input") for line in WHERE},
}


@pytest.mark.parametrize("name", differentiable())
def test_planted_fault_is_caught(tmp_path, name):
    caught, unseen = set(), {}
    for case in differentiable()[name]:
        for column, array in case.numbers()[0].items():
            np.save(tmp_path / f"{column}.npy", array)
        mtc(case.program(), tmp_path / "model.c")
        text = (tmp_path / "model.c").read_text()
        for kind, line, changed in faults(text):
            key = (kind, shape_of(line))
            if key in caught:
                continue
            done = run([build(changed, tmp_path, "faulty"), "gradcheck"], cwd=tmp_path, code=None)
            if done.returncode != 0:
                caught.add(key)
            else:
                unseen[key] = f"{kind}: {case.example['row']}: {line}"
    assert caught, "no line of backward was found"
    missed = [f"{place}\n        {key}" for key, place in unseen.items()
              if key not in caught and key not in EQUIVALENT.get(name, {})]
    assert not missed, "seen in no example:\n    " + "\n    ".join(missed)


def test_both_branches(tmp_path):
    """`where` with a condition that holds for some elements: every fault is seen."""
    mtc("""mt 1

data {
  train = inline(x=[[1, 2, 3, 4, 5]], z=[[1, 2, 3, 4, 5]])
  batch = 3
  shuffle = false
}

model m(x: [B, 5], z: [B, 5]) {
  w = param(5, init=uniform(0.5, 1.5))
  y: x * w
  a = 2 * y * y
  b = 3 * sin(z)
  h: where(y > z, a, b)
}

loss { mean(h * h) }
optimizer sgd(lr=1)
train { run = 1 steps }
""", tmp_path / "model.c")
    text = (tmp_path / "model.c").read_text()
    run([build(text, tmp_path, "original"), "gradcheck"], cwd=tmp_path)
    lines = [(kind, line, changed) for kind, line, changed in faults(text) if "?" in line]
    assert {kind for kind, _, _ in lines} == {"missing", "scaled", "input"} and len(lines) >= 6
    for kind, line, changed in lines:
        done = run([build(changed, tmp_path, "faulty"), "gradcheck"], cwd=tmp_path, code=None)
        assert done.returncode != 0, f"{kind}: {line}"


def test_faults_are_planted():
    """The lines below have these faults, and a list of what is equivalent names no operation that is not there."""
    shapes = {"v->a": "[B, 3]", "v->b": "[B, 3]", "d->a": "[B, 3]", "d->b": "[B, 3]"}
    kinds = [kind for kind, _ in of_line("linear_backward_input(4, 3, B, p->w, d->a, d->b);", lambda name: "3", shapes)]
    assert kinds == ["missing", "scaled", "axis", "input"]
    kinds = [kind for kind, _ in of_line("d->a[i] += v->a[i] * d->b[i];", lambda name: "3", shapes)]
    assert kinds == ["missing", "scaled", "input", "input"]
    assert set(EQUIVALENT) <= set(differentiable())
