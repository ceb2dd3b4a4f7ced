"""A sign flipped in any one line of any backward is caught.

For the examples of every operation the emitted C is changed in one place at a time: an assignment in `backward` gets the
other sign, or what a kernel has just made is negated behind it. Built with tcc (fast), in double; `gradcheck` passes on the
original and must fail on the changed one. Where a derivative is 0 everywhere in one example (a clamp that cuts everything
off) its sign does not show there; then the same line, but for numbers, must be caught in another example of the operation.
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


def flipped(text):
    """(what, the changed text) for each place."""
    start, end = backward_of(text)
    count = counts_of(text)
    for found in STATEMENT.finditer(text, start, end):
        line = " ".join(found[2].split())
        assigned = re.fullmatch(r"([dg]->[\w.]+\[i\] \+?=) (.*);", line)
        if assigned:
            yield line, text[:found.start(2)] + f"{assigned[1]} -({assigned[2]});" + text[found.end(2):]
            continue
        made = re.search(r"([dg]->[\w.]+)\);$", line)
        if made:
            negate = f"for (size_t m = 0; m < {count(made[1])}; m++) {made[1]}[m] = -{made[1]}[m];"
            yield line, text[:found.start(2)] + "{" + found[2] + " " + negate + "}" + text[found.end(2):]


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
    return re.sub(r"\d+(\.\d+)?(e-?\d+)?", "#", line)


@pytest.mark.parametrize("name", differentiable())
def test_flipped_sign_is_caught(tmp_path, name):
    caught, unseen = set(), {}
    for case in differentiable()[name]:
        for column, array in case.numbers()[0].items():
            np.save(tmp_path / f"{column}.npy", array)
        mtc(case.program(), tmp_path / "model.c")
        text = (tmp_path / "model.c").read_text()
        run([build(text, tmp_path, "original"), "gradcheck"], cwd=tmp_path)
        for line, changed in flipped(text):
            done = run([build(changed, tmp_path, "flipped"), "gradcheck"], cwd=tmp_path, code=None)
            assert done.returncode in (0, 1), done.stdout + done.stderr
            if done.returncode == 1:
                caught.add(shape_of(line))
            else:
                unseen[shape_of(line)] = f"{case.example['row']}: {line}"
    assert caught, "no line of backward was found"
    missed = [place for line, place in unseen.items() if line not in caught]
    assert not missed, "gradcheck does not see the other sign of\n    " + "\n    ".join(missed)
