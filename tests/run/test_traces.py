"""The traces of the optimizer and schedule tables: what PyTorch made of a parameter in three steps and of a rate in
eight (tests/parity/make_traces.py), against trainers built from programs that have these options."""

import json

import pytest

import helpers

numpy_files = pytest.importorskip("safetensors.numpy")

# One example a step, whose x is the gradient of w.
PROGRAM = """mt 1
data {{
  train = inline(x=[{numbers}])
  batch = 1
  shuffle = false
}}
model m(x: [B]) {{
  w = param(1, init=ones)
  v: x -> reshape(B, 1)
  y: v * w
}}
loss {{ sum(y) }}
optimizer {optimizer}
{schedule}
train {{
  run = {run}
  log_every = 1 steps
}}
"""


def traces(kind):
    return [pytest.param(table["name"], trace, id=f"{table['name']}-{k}")
            for table in helpers.tables()[kind] for k, trace in enumerate(table["traces"])]


def program(**words):
    return PROGRAM.format(**{"optimizer": "sgd(lr=1)", "schedule": "", "run": "3 steps"} | words)


@pytest.mark.parametrize("name, trace", traces("optimizers"))
def test_optimizer(tmp_path, name, trace):
    text = program(numbers=", ".join(map(repr, trace["d_w"])), optimizer=f"{name}({trace['options']})")
    train = helpers.trainer(text, tmp_path, "-DMT_DOUBLE", optimize="-O0")
    for steps, expected in enumerate(trace["after"], 1):
        helpers.run([train, f"--run={steps}steps", "--save=w.safetensors"], cwd=tmp_path)
        w = numpy_files.load_file(tmp_path / "w.safetensors")["w"][0]
        assert abs(w - expected) < 1e-14, f"step {steps}: {w}, not {expected}"


@pytest.mark.parametrize("name, trace", traces("schedules"))
def test_schedule(tmp_path, name, trace):
    text = program(numbers="0.5", schedule=f"schedule {name}({trace['options']})", run="8 epochs")
    train = helpers.trainer(text, tmp_path, optimize="-O0")
    helpers.run([train, "--log=log.jsonl"], cwd=tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    rates = [line["lr"] for line in lines if line["event"] == "step"]
    assert rates == pytest.approx(trace["rate"], rel=1e-14, abs=1e-15)


def test_cosine_holds_its_end(tmp_path):
    """Where PyTorch's closed form would climb again."""
    text = program(numbers="0.5", schedule="schedule cosine_annealing_lr(T_max=3 epochs, eta_min=0.25)", run="6 epochs")
    train = helpers.trainer(text, tmp_path, optimize="-O0")
    helpers.run([train, "--log=log.jsonl"], cwd=tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["lr"] for line in lines if line["event"] == "step"][3:] == [0.25, 0.25, 0.25]
