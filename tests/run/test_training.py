"""Chains of schedules, clipped gradients and groups of parameters, against PyTorch (tests/parity/make_training.py), and
the command line of their settings."""

import json
import math
import re

import numpy as np
import pytest
from helpers import EXACT, ROOT, build, mtc, read_log, relative_error, run, trainer
from safetensors.numpy import load_file, save_file

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


# -------------------------------------------------------------------------- bounds of the gradient, groups of parameters

# 5 examples: steps of 4 and 1. As in make_training.py, which takes 8 steps.
NET = """mt 1
data {{
  train = npy(x="x.npy", t="t.npy")
  batch = 2
  shuffle = false
}}
model net(x: [B, 2]) {{
  fc1: linear(3) -> tanh
  fc2: linear(1)
}}
loss {{ mse_loss(fc2, t) }}
optimizer {optimizer}
train {{
  run = 8 steps
  accumulate = 2
{settings}}}
"""
KINDS = {"float": ([], 1e-5), "double": (["-DMT_DOUBLE"], 1e-12)}
kinds = pytest.mark.parametrize("kind", KINDS)


def net_source(folder, optimizer="sgd(lr=0.5, momentum=0.9)", **settings):
    """The C of the net, beside its examples and the parameters it starts from."""
    for name in ("x", "t"):
        np.save(folder / f"{name}.npy", np.array(EXPECTED[name], np.float32))
    save_file({path: np.array(w, np.float32) for path, w in EXPECTED["init"].items()}, folder / "init.safetensors")
    lines = "".join(f"  {name} = {value}\n" for name, value in settings.items())
    mtc(NET.format(optimizer=optimizer, settings=lines), folder / "net.c")
    return folder / "net.c"


def set_groups(source, groups):
    """Writes options of groups into the table of parameters."""
    text = source.read_text()
    for path, group in groups.items():
        row = re.compile(rf"(\{{PARAMETER\({re.escape(path)}\), .*?), 1, -1, 0\}},", re.S)
        options = f"{group.get('lr_scale', 1)}, {group.get('weight_decay', -1)}, {int(group.get('frozen', False))}"
        text, count = row.subn(rf"\1, {options}}},", text, count=1)
        assert count == 1, path
    source.write_text(text)


def trained(program, folder, *flags):
    run([program, "--init=init.safetensors", "--save=after.safetensors", *flags], cwd=folder)
    return load_file(folder / "after.safetensors")


def expect(found, expected, tolerance):
    assert found.keys() == expected.keys()
    for path, w in expected.items():
        assert relative_error(found[path], w) < tolerance, path


@kinds
@pytest.mark.parametrize("case", EXPECTED["bounds"], ids=lambda case: f"{case['bounds']}{'-frozen' * case['frozen']}")
def test_bounds(tmp_path, case, kind):
    flags, tolerance = KINDS[kind]
    source = net_source(tmp_path, **case["bounds"])
    if case["frozen"]:
        set_groups(source, {"fc2.bias": {"frozen": True}})
    expect(trained(build(source, *flags, optimize="-O0"), tmp_path), case["after"], tolerance)


def test_bounds_are_flags(tmp_path):
    case = EXPECTED["bounds"][3]
    program = build(net_source(tmp_path, clip_grad_norm=100, clip_grad_value=100), "-DMT_DOUBLE", optimize="-O0")
    flags = [f"--{name}={value}" for name, value in case["bounds"].items()]
    expect(trained(program, tmp_path, *flags), case["after"], 1e-12)
    for flag in ("--clip_grad_norm=0", "--clip_grad_value=-1"):
        assert "not a number above 0" in run([program, flag], cwd=tmp_path, code=2).stderr


def test_bound_that_is_not_reached_changes_no_bit(tmp_path):
    without = trained(build(net_source(tmp_path), optimize="-O0"), tmp_path)
    far = trained(build(net_source(tmp_path, clip_grad_norm=1e6, clip_grad_value=1e6), optimize="-O0"), tmp_path)
    assert all((far[path] == w).all() for path, w in without.items())


def test_no_bound_no_code(tmp_path):
    source = net_source(tmp_path)
    assert not re.search(r"clip_grad_\w+\(", source.read_text())
    said = run([build(source, optimize="-O0"), "--clip_grad_norm=1"], cwd=tmp_path, code=2).stderr
    assert "--clip_grad_norm needs a compile" in said
    source = net_source(tmp_path, clip_grad_value=1)
    assert not re.search(r"clip_grad_norm\(", source.read_text())


def test_bounds_stand_between_divide_and_step(tmp_path):
    text = net_source(tmp_path, clip_grad_norm=1, clip_grad_value=1).read_text()
    calls = re.findall(r"^ *(\w+)\(", text[text.index("/* optimize."):text.index("/* print statistics")], re.M)
    assert calls == ["divide", "clip_grad_norm", "clip_grad_value", "step", "zero_grad", "show_progress"]


def test_norm_of_a_long_gradient(tmp_path):
    """Sums of eight parts and a rest: 1 to 17 numbers of 3 have the norm 3 sqrt(n)."""
    for n in [*range(1, 10), 16, 17]:
        model = f"""mt 1
data {{
  train = inline(x=[{[3] * n}])
  batch = 1
  shuffle = false
}}
model m(x: [B, {n}]) {{
  w = param({n}, init=zeros)
  y: x * w
}}
loss {{ sum(y) }}
optimizer sgd(lr=1)
train {{
  run = 1 step
  clip_grad_norm = 0.5
}}
"""
        run([trainer(model, tmp_path, "-DMT_DOUBLE", optimize="-O0"), "--save=w.safetensors"], cwd=tmp_path)
        expected = -3 * 0.5 / (3 * math.sqrt(n) + 1e-6)
        assert load_file(tmp_path / "w.safetensors")["w"] == pytest.approx(np.full(n, expected), rel=1e-15)


@pytest.mark.parametrize("case", EXPECTED["optimizers"], ids=lambda case: case["text"])
def test_groups(tmp_path, case):
    """lr_scale, weight_decay and frozen of each parameter, as the options of PyTorch's groups."""
    source = net_source(tmp_path, case["text"])
    set_groups(source, EXPECTED["groups"])
    found = trained(build(source, "-DMT_DOUBLE", optimize="-O0"), tmp_path)
    expect(found, case["after"], 1e-12)
    assert (found["fc2.bias"] == np.array(EXPECTED["init"]["fc2.bias"], np.float32)).all()


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
def test_what_the_loss_does_not_reach_stays_as_it_is(tmp_path, optimizer):
    """As in PyTorch: no gradient, no step and no decay."""
    source = net_source(tmp_path, f"{optimizer}(lr=0.1, weight_decay=0.5)")
    model = (tmp_path / "net.mt").read_text().replace("  fc2: linear(1)\n", "  fc2: linear(1)\n  fc3: linear(4)\n")
    mtc(model, source)
    program = build(source, optimize="-O0")
    run([program, "--save=start.safetensors", "--lr=0"], cwd=tmp_path)
    run([program, "--save=after.safetensors"], cwd=tmp_path)
    start, after = (load_file(tmp_path / f"{name}.safetensors") for name in ("start", "after"))
    assert {path for path, w in start.items() if (after[path] == w).all()} == {"fc3.weight", "fc3.bias"}


def test_frozen_parameters_are_not_in_grads(tmp_path):
    source = net_source(tmp_path)
    flags = ["--init=init.safetensors", "--out=g.safetensors"]
    run([build(source, optimize="-O0"), "grads", *flags], cwd=tmp_path)
    everything = load_file(tmp_path / "g.safetensors")
    assert everything.keys() == EXPECTED["init"].keys()
    set_groups(source, {"fc1.bias": {"frozen": True}})
    run([build(source, optimize="-O0"), "grads", *flags], cwd=tmp_path)
    found = load_file(tmp_path / "g.safetensors")
    assert everything.keys() - found.keys() == {"fc1.bias"}
    assert all((everything[path] == gradient).all() for path, gradient in found.items())


def test_norm_has_the_same_bits_everywhere(tmp_path):
    """Also where a compiler makes vectors of its sum, and with threads."""
    source = net_source(tmp_path, clip_grad_norm=0.05)
    found = [trained(build(source, *EXACT, *flags, cc=cc, optimize=optimize), tmp_path) for cc, optimize, flags in
             [("gcc", "-O0", []), ("gcc", "-O3", ["-march=native"]), ("clang", "-O3", ["-march=native"]),
              ("gcc", "-O2", ["-fopenmp"])]]
    for other in found[1:]:
        assert all((other[path] == w).all() for path, w in found[0].items())
