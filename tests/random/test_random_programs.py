"""200 random programs against the numbers that random_programs.py stored: loss, every gradient, evaluation, metrics, the
value of the last row, and the parameters after five steps. Float within 2e-4, double within 1e-9 of a tensor's largest number.

    cmake --build build --target random      # 2,000 others, with PyTorch
"""

import json
import pathlib
import re
import sys

import pytest
from safetensors.numpy import load_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import check  # noqa: E402
import shrink  # noqa: E402
import text as mt  # noqa: E402

PROGRAMS = {entry["seed"]: entry for entry in json.loads((HERE / "fixtures" / "programs.json").read_text())}
THOROUGH = 8
GROUPS = 20  # a test is several programs, so that the summary stays readable
EXPECTED = {}
for name, array in load_file(HERE / "fixtures" / "expected.safetensors").items():
    seed, key = name.split("/", 1)
    EXPECTED.setdefault(int(seed), {})[key] = array


def test_there_are_enough():
    assert len(PROGRAMS) == len(EXPECTED) >= 200
    assert all(any(key.startswith("grad.") for key in expected) for expected in EXPECTED.values())


def first_values(program):
    return {path: mt.parameter(path, shape) for path, shape in program["shapes"].items()}


@pytest.mark.parametrize("group", range(GROUPS))
def test_programs(group):
    wrong = []
    for number, (seed, program) in enumerate(PROGRAMS.items()):
        if number % GROUPS != group:
            continue
        first = first_values(program)
        try:
            faults = check.check(program, first, EXPECTED[seed], thorough=number % THOROUGH == 0)
        except (AssertionError, check.Refused) as fault:
            faults = fault
        if faults:
            wrong.append(f"seed {seed}: {faults}\n{program['text']}")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("old, new", [
    ("    linear_backward_bias(", "    (void)("),  # a term left out: the comma expression does nothing
    ("    linear_backward_input(", "    (void)("),
    ("lr = learning_rate(", "lr = 1.01 * learning_rate("),
    ("    cross_entropy_backward(", "    (void)("),
])
def test_planted_fault_is_found(tmp_path, monkeypatch, old, new):
    """By one of the first programs that have the place; in some only gradcheck asks for what the line computes."""
    tried = 0
    for seed, program in PROGRAMS.items():
        if old not in check.compiled(program["text"], tmp_path):
            continue
        tried += 1
        monkeypatch.setenv("MT_PLANT", f"{old}=>{new}")
        if check.check(program, first_values(program), EXPECTED[seed], kinds=("double",)):
            return
        monkeypatch.delenv("MT_PLANT")
        assert tried < 8, "none of these programs finds it"
    pytest.fail(f"no program has {old}")


def test_shrink():
    """Of a program that fails where `tanh` stands in a block that is used twice, only that is left."""
    def stage(name, *arguments):
        return {"call": name, "values": [], "args": [["", text] for text in arguments]}

    def row(mark, name, stages, head=None, when=None):
        return {"mark": mark, "names": [name] if name else [], "head": head, "stages": stages, "when": when}
    block = {"name": "b", "inputs": [["x", ""]], "options": [["k", "3"]],
             "rows": [row(":", "h", [stage("linear", "k"), stage("tanh")]), row("", "", [stage("relu")])]}
    program = {"consts": [["WIDE", "2"]], "fns": [], "blocks": [block], "inputs": [["x", [4, 4]]], "targets": [],
               "rows": [row(":", "a", [stage("b")]), row("", "", [stage("relu")]),
                        {"mark": ":", "names": ["r"], "repeat": "3", "as": "i", "rows": [row(":", "c", [stage("b", "4")])]},
                        row(":", "out", [stage("linear", "2")], when="WIDE == 2")],
               "loss": [["size", "sum(a)"], ["", "mean(out) + size"]], "metrics": [["m", "accuracy(out)"]],
               "optimizer": ["adam", [["lr", "0.1"], ["eps", "0.1"]]], "schedule": [["step_lr", []]], "params": [],
               "clip": [["clip_grad_norm", "1"]], "batch": 4, "examples": 11, "accumulate": 3}

    def fails(candidate):
        source = mt.text(candidate)
        return "tanh" in source and len([line for line in source.splitlines() if re.match(r" .*\bb\b", line)]) >= 2
    small = shrink.shrink(program, fails, tries=3000)
    assert small["rows"] == [row(":", "a", [stage("b")]), row(":", "c", [stage("b")])]
    assert small["blocks"][0]["rows"] == [row(":", "h", [stage("tanh")])] and not small["blocks"][0]["options"]
    assert (small["inputs"], small["accumulate"], small["examples"]) == ([["x", [1, 1]]], 1, 2)
    assert not small["metrics"] and not small["clip"] and not small["schedule"] and not small["consts"]
