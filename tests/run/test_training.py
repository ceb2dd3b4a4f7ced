"""Chains of schedules, clipped gradients and groups of parameters, against PyTorch (tests/parity/make_training.py), and
the command line of their settings."""

import json
import math
import re

import numpy as np
import pytest
from helpers import ROOT, build, mtc, read_log, relative_error, run, trainer
from safetensors.numpy import load_file

EXPECTED = json.loads((ROOT / "tests" / "parity" / "training.json").read_text())

# Two steps an epoch.
RATES = """mt 1
data {{
  train = inline(x=[1, 1])
  batch = 1
  shuffle = false
}}
model m(x: [B]) {{
  w = param(1, init=ones)
  v: x -> reshape(B, 1)
  y: v * w
}}
loss {{ sum(y) }}
optimizer sgd(lr=1)
schedule {schedule}
train {{
  run = {run}
  log_every = 1 step
}}
"""


def rates_of(program, folder, *flags):
    run([program, "--log=log.jsonl", *flags], cwd=folder)
    return [line["lr"] for line in read_log(folder / "log.jsonl") if line["event"] == "step"]


def scheduled(folder, schedule, length):
    return trainer(RATES.format(schedule=schedule, run=length), folder, optimize="-O0")


# ------------------------------------------------------------------------------------------------------------ schedules


@pytest.mark.parametrize("unit", ["steps", "epochs"])
@pytest.mark.parametrize("chain", EXPECTED["chains"], ids=lambda chain: re.sub(r"\(.*?\)", "", chain["text"]))
def test_chain_is_sequential_lr(tmp_path, chain, unit):
    program = scheduled(tmp_path, chain["text"].replace("%s", unit), f"{len(chain['rates'])} {unit}")
    expected = [rate for rate in chain["rates"] for _ in range(2 if unit == "epochs" else 1)]
    assert rates_of(program, tmp_path) == pytest.approx(expected, rel=1e-14, abs=1e-15)


def cosine(t, length):
    return (1 + math.cos(math.pi * min(t, length) / length)) / 2


@pytest.mark.parametrize("schedule, length, flags, rate", [
    # what is left of the run: in its own unit, in the other one, and where a flag changes it
    ("linear_lr(total_iters=2 steps) -> cosine_annealing_lr(T_max=run)", "10 steps", [],
     lambda k: (1 + k) / 3 if k < 2 else cosine(k - 2, 8)),
    ("linear_lr(total_iters=2 steps) -> cosine_annealing_lr(T_max=run)", "5 epochs", [],
     lambda k: (1 + k) / 3 if k < 2 else cosine(k - 2, 8)),
    ("linear_lr(total_iters=2 epochs) -> cosine_annealing_lr(T_max=run)", "10 steps", [],
     lambda k: (1 + k // 2) / 3 if k < 4 else cosine(k // 2 - 2, 3)),
    ("linear_lr(total_iters=2 epochs) -> cosine_annealing_lr(T_max=run)", "9 steps", ["--run=10steps"],
     lambda k: (1 + k // 2) / 3 if k < 4 else cosine(k // 2 - 2, 3)),
    ("linear_lr(total_iters=2 steps) -> cosine_annealing_lr(T_max=run)", "20 steps", ["--run=10steps"],
     lambda k: (1 + k) / 3 if k < 2 else cosine(k - 2, 8)),
    # a part of an epoch counts
    ("linear_lr(total_iters=1 epoch) -> cosine_annealing_lr(T_max=run)", "7 steps", [],
     lambda k: 1 / 3 if k < 2 else cosine(k // 2 - 1, 2.5)),
    # the last stage holds its end
    ("linear_lr(total_iters=2 steps) -> cosine_annealing_lr(T_max=3 steps, eta_min=0.5)", "8 steps", [],
     lambda k: (1 + k) / 3 if k < 2 else 0.5 + cosine(k - 2, 3) / 2),
    # a formula behind a stage has the clocks of what is left
    ("linear_lr(total_iters=4 steps) -> step + 10 * steps + 100 * epoch + 1000 * epochs", "10 steps", [],
     lambda k: (2 + k) / 6 if k < 4 else k - 4 + 60 + 100 * (k - 4) / 2 + 3000),
    ("linear_lr(total_iters=4 steps) -> step + 10 * steps", "10 steps", ["--total_iters=1epoch"],
     lambda k: 1 / 3 if k < 2 else k - 2 + 80),
    # flags: of both units together, of an option that two stages have, of one that one has
    ("linear_lr(total_iters=4 steps) -> cosine_annealing_lr(T_max=4 steps)", "10 steps",
     ["--total_iters=1epoch", "--T_max=2epochs"], lambda k: 1 / 3 if k < 2 else cosine(k // 2 - 1, 2)),
    ("linear_lr(total_iters=4 steps) -> linear_lr(total_iters=9 steps)", "10 steps",
     ["--schedule.1.total_iters=2steps", "--2.total_iters=3steps", "--schedule.2.start_factor=0.1"],
     lambda k: (1 + k) / 3 if k < 2 else 0.1 + 0.3 * min(k - 2, 3)),
    ("linear_lr(total_iters=2 steps) -> multistep_lr(milestones=[4 steps, 5 steps], gamma=0.25)", "10 steps",
     ["--schedule.gamma=0.5", "--milestones=1step"], lambda k: (1 + k) / 3 if k < 2 else 0.5 if k > 2 else 1),
    ("multistep_lr(milestones=[4 steps, 5 steps], gamma=0.5)", "10 steps", ["--milestones=[1 epoch, 3 epochs, 4epochs]"],
     lambda k: 0.5 ** sum(k // 2 >= m for m in (1, 3, 4))),
    ("multistep_lr(milestones=[4 steps, 5 steps], gamma=0.5)", "10 steps",
     ["--milestones=" + ",".join(f"{k}steps" for k in range(1, 33))], lambda k: 0.5 ** k),
])
def test_rates(tmp_path, schedule, length, flags, rate):
    rates = rates_of(scheduled(tmp_path, schedule, length), tmp_path, *flags)
    assert rates == pytest.approx([rate(k) for k in range(len(rates))], rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("flag, words", [
    ("--total_iters=2epochs", "--schedule.milestones is in steps, and --schedule.total_iters in epochs: a schedule has one unit"),
    ("--milestones=2epochs", "--schedule.milestones is in epochs, and --schedule.total_iters in steps"),
    ("--milestones=3", "not durations of one unit that grow, as 30epochs,60epochs"),
    ("--milestones=", "not durations of one unit"),
    ("--milestones=3steps,", "not durations of one unit"),
    ("--milestones=[3steps", "not durations of one unit"),
    ("--milestones=3steps]", "not durations of one unit"),
    ("--milestones=3steps,3steps", "not durations of one unit"),
    ("--milestones=3steps,4epochs", "not durations of one unit"),
    ("--milestones=" + "1" * 70 + "steps", "not durations of one unit"),
    ("--milestones=" + ",".join(f"{k}steps" for k in range(1, 34)), "not durations of one unit"),
    ("--start_factor=0", "not a number above 0 to 1"),
    ("--end_factor=1.5", "not a number from 0 to 1"),
])
def test_wrong_flags_of_a_schedule(tmp_path, flag, words):
    program = scheduled(tmp_path, "linear_lr(total_iters=2 steps) -> multistep_lr(milestones=[4 steps, 5 steps])", "8 steps")
    assert words in run([program, flag], cwd=tmp_path, code=2).stderr


def test_flag_of_two_stages(tmp_path):
    program = scheduled(tmp_path, "linear_lr(total_iters=2 steps) -> linear_lr(total_iters=9 steps)", "8 steps")
    said = run([program, "--total_iters=3steps"], cwd=tmp_path, code=2).stderr
    assert "--total_iters could be --schedule.1.total_iters or --schedule.2.total_iters" in said


def test_milestones_are_told(tmp_path):
    """In info, in the log, and where they are not those of the program."""
    program = scheduled(tmp_path, "multistep_lr(milestones=[4 steps, 5 steps])", "8 steps")
    assert '--schedule.milestones=["4 steps", "5 steps"]' in run([program, "info"], cwd=tmp_path).stdout
    told = run([program, "--milestones=1epoch", "--log=log.jsonl"], cwd=tmp_path).stdout
    assert 'schedule.milestones=["1 epoch"], not [4 steps, 5 steps]' in told
    assert read_log(tmp_path / "log.jsonl")[0]["settings"]["schedule.milestones"] == ["1 epoch"]
    assert "schedule.milestones" not in run([program, "--milestones=4steps,5steps"], cwd=tmp_path).stdout
