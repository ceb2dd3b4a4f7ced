"""Runs that are kept: checkpoint, checkpoint_every, best, early_stop, and --resume, which goes on with a run as if it had
never been interrupted: killed at any moment, it ends with the same bits."""

import json
import math
import os
import re
import resource
import signal
import subprocess
import time

import numpy as np
import pytest
from helpers import ROOT, build, evaluate, mtc, read_log, run
from safetensors.numpy import load_file, safe_open, save_file
from test_examples import FAST, mnist

KILL = ROOT / "tests" / "run" / "kill.h"

# 46 examples, of which 5 are held out: 41, in batches of 4 and steps of 3 batches an epoch is 4 steps, the last one short.
MODEL = """mt 1
data {{
  train = npy(x="x.npy", y="y.npy")
  {splits}
  x: x -> standardize{noise}
  y: y -> class(3)
  batch = 4
  shuffle = true
  drop_last = {drop_last}
}}
model kept(x: [B, 4]) {{
  fc1: linear(7)
  {norm}tanh -> dropout(0.3)
  logits: linear(3)
}}
loss {{
  fit = cross_entropy(logits, y)
  fit + 0.01 * mean(logits * logits)
}}
metrics {{ acc = accuracy(logits, y) }}
optimizer {optimizer}
{schedule}
train {{
  run = {run}
  log_every = 3 steps
  eval_every = {eval_every}
  accumulate = 3
  seed = 7
  {settings}
}}
"""
SPLITS = 'test = npy(x="x_test.npy", y="y_test.npy")\n  valid = holdout(train, 0.1)'
KEPT = 'checkpoint = "run.ckpt"\n  checkpoint_every = 2 steps'
CHAIN = "schedule linear_lr(start_factor=0.25, total_iters=4 steps) -> cosine_annealing_lr(T_max=run)"


def text(splits=SPLITS, noise="", drop_last="false", norm="", optimizer="sgd(lr=0.3, momentum=0.9)", schedule="",
         length="3 epochs", settings=KEPT, eval_every="1 epoch"):
    return MODEL.format(splits=splits, noise=noise, drop_last=drop_last, norm=norm, optimizer=optimizer, schedule=schedule,
                        run=length, settings=settings, eval_every=eval_every)


BEST = KEPT + "\n  best = max(acc)\n  early_stop = 50"
VARIANTS = {
    # All of it at once, ending within an epoch.
    "everything": text(noise=" -> random_noise(0.1)", drop_last="true", norm="bn: batch_norm1d -> ",
                       optimizer="adamw(lr=0.03)", schedule=CHAIN, length="11 steps", settings=BEST, eval_every="3 steps"),
    # What is the smallest: no momentum, no best, evaluation on test.
    "plain": text(splits='test = npy(x="x_test.npy", y="y_test.npy")', optimizer="sgd(lr=0.1)"),
    "early": text(settings=KEPT.replace("2 steps", "3 steps") + "\n  best = min(loss)\n  early_stop = 2",
                  optimizer="sgd(lr=3, momentum=0.9)", schedule="schedule step_lr(step_size=2 epochs)", length="40 epochs",
                  eval_every="2 steps"),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    random = np.random.default_rng(1)
    for name, count in ("", 46), ("_test", 13):
        x = random.normal(size=(count, 4))
        np.save(folder / f"x{name}.npy", (3 * x + 1).astype(np.float32))
        np.save(folder / f"y{name}.npy", np.abs(np.rint(x[:, 0] + x[:, 1])).clip(0, 2).astype(np.uint8))
    return folder


@pytest.fixture(scope="module")
def programs(data):
    """Trainers by the name of their variant, made when they are asked for."""
    made = {}

    def program(name, *flags):
        if (name, flags) not in made:
            mtc(VARIANTS[name], data / f"{name}.c")
            made[name, flags] = build(data / f"{name}.c", *flags, optimize="-O1")
        return made[name, flags]

    return program


@pytest.fixture
def folder(data, tmp_path):
    for file in data.glob("*.npy"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def other_folder(data, path):
    path.mkdir()
    for file in data.glob("*.npy"):
        (path / file.name).write_bytes(file.read_bytes())
    return path


def tensors(path):
    return {name: (values.dtype, values.shape, values.tobytes()) for name, values in load_file(path).items()}


def metadata(path):
    with safe_open(path, "np") as file:
        return file.metadata()


def without_times(log):
    return [{key: value for key, value in line.items() if key not in ("seconds", "examples_per_second")} for line in log]


def state(folder):
    """All that a run leaves behind, but for times."""
    files = {}
    for path in sorted(folder.glob("*.safetensors")) + sorted(folder.glob("run.ckpt*")):
        if "previous" in path.name:  # of a start that was killed before its first checkpoint
            continue
        facts = {key: value for key, value in metadata(path).items() if key not in ("seconds", "log bytes")}
        files[path.name] = tensors(path), facts
    return files, without_times(read_log(folder / "log.jsonl"))


FLAGS = ["--log=log.jsonl", "--save=end.safetensors"]


def run_to_the_end(program, folder, *flags, kill=None):
    """Killed after so many moments, and resumed till it ends; the first time after a new start. Returns how often it was
    killed, and the last output."""
    for killed in range(1000):
        begun = ["--resume=run.ckpt"] if (folder / "run.ckpt").exists() else []
        done = run([program, *FLAGS, *begun, *flags], cwd=folder, code=None, env={"MT_KILL": str(kill)} if kill else None)
        if done.returncode == 0:
            return killed, done.stdout
        assert done.returncode == -signal.SIGKILL, done.stderr
        if kill and killed > 2:
            kill += 7  # it must get on
    raise AssertionError("it never ends")


@pytest.mark.parametrize("name", VARIANTS)
def test_killed_at_any_moment(programs, data, tmp_path, name):
    """The moments are every micro-batch, and before and after everything that makes a file last."""
    program = programs(name, "-include", KILL)
    whole = other_folder(data, tmp_path / "whole")
    assert run_to_the_end(program, whole)[0] == 0
    expected, lines = state(whole), run([program, *FLAGS], cwd=whole).stdout.splitlines()
    assert "run.ckpt" in expected[0]
    kills = 0
    for kill in [*range(1, 40), *range(41, 130, 3)]:
        broken = other_folder(data, tmp_path / str(kill))
        killed, output = run_to_the_end(program, broken, kill=kill)
        kills += killed
        assert state(broken) == expected, f"killed at moment {kill}"
        assert not list(broken.glob("*.previous")) and not list(broken.glob("*.tmp"))
        rest = [line for line in output.splitlines() if line.startswith("[")]
        assert rest == [line for line in lines if line.startswith("[")][-len(rest):] if rest else True
    assert kills > 60


def test_stopped_run_goes_on(programs, data, tmp_path):
    """Ctrl-C between two checkpoints, and in the middle of an epoch."""
    program = programs("everything")
    long = ["--run=4000steps", "--log_every=100steps", "--eval_every=1000steps", "--checkpoint_every=100epochs"]
    whole = other_folder(data, tmp_path / "whole")
    run([program, *FLAGS, *long], cwd=whole)
    folder = other_folder(data, tmp_path / "stopped")
    running = subprocess.Popen([program, *FLAGS, *long], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               text=True)
    while len((folder / "log.jsonl").read_text().splitlines() if (folder / "log.jsonl").exists() else []) < 3:
        time.sleep(0.001)
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=60)
    assert running.returncode == 130
    step = int(re.search(r"stopped after step (\d+) of 4000", error)[1])
    assert "--resume=run.ckpt goes on from there" in error and 100 <= step < 4000
    assert metadata(folder / "run.ckpt")["step"] == str(step)
    done = run([program, *FLAGS, "--resume=run.ckpt"], cwd=folder)  # with the settings of the checkpoint
    assert f"going on after step {step}\n" in done.stdout
    seconds = [line["seconds"] for line in read_log(folder / "log.jsonl") if "seconds" in line]
    assert seconds == sorted(seconds), "the clock goes on, too"
    assert state(folder) == state(whole)


# ---------------------------------------------------------------------------------------------------- what is in the files


@pytest.fixture
def finished(programs, folder):
    run([programs("everything"), *FLAGS], cwd=folder)
    return folder


def test_checkpoint_is_a_file_of_parameters(programs, finished):
    """Python reads it; --init takes the parameters, eval and predict, too."""
    program = programs("everything")
    kept, saved = load_file(finished / "run.ckpt"), load_file(finished / "end.safetensors")
    assert {name for name in kept if not name.startswith("optim.")} == set(saved)
    assert all((kept[name] == saved[name]).all() for name in saved)
    trained = [name for name in saved if "running_" not in name]
    assert {f"optim.{state}.{name}" for name in trained for state in ("exp_avg", "exp_avg_sq")} == set(kept) - set(saved)
    assert all(kept[f"optim.exp_avg.{name}"].shape == saved[name].shape for name in trained)
    facts = metadata(finished / "run.ckpt")
    assert facts["program"] == "kept" and facts["step"] == "11" and facts["edition"] == "1"
    assert json.loads(facts["settings"])["train.run"] == "11 steps"
    assert evaluate(program, "test", "--init=run.ckpt", cwd=finished) == \
        evaluate(program, "test", "--init=end.safetensors", cwd=finished) == evaluate(program, "test", cwd=finished)
    predicted = [run([program, "predict", "--split=test", *flags], cwd=finished).stdout
                 for flags in ([], ["--init=end.safetensors"])]
    assert predicted[0] == predicted[1] != ""
    run([program, "--init=run.ckpt", "--run=1step", "--checkpoint=other.ckpt"], cwd=finished)


def test_eval_and_predict_without_parameters(programs, folder):
    for command in "eval", "predict":
        done = run([programs("plain"), command], cwd=folder, code=2)
        assert f"`{command}` needs the parameters" in done.stderr and "no checkpoint run.ckpt yet" in done.stderr


def test_new_run_keeps_the_old_checkpoint(programs, folder):
    program = programs("everything")
    run([program], cwd=folder)
    old = {name: (folder / name).read_bytes() for name in ("run.ckpt", "run.ckpt.best")}
    done = run([program, "--seed=8"], cwd=folder)
    assert "run.ckpt of an earlier run is now run.ckpt.previous" in done.stderr
    assert (folder / "run.ckpt.previous").read_bytes() == old["run.ckpt"] != (folder / "run.ckpt").read_bytes()
    assert (folder / "run.ckpt.previous.best").read_bytes() == old["run.ckpt.best"]
    # It can be gone on with where it is, and nothing else changes.
    newer = (folder / "run.ckpt").read_bytes()
    run([program, "--resume=run.ckpt.previous", "--run=13steps"], cwd=folder)
    assert metadata(folder / "run.ckpt.previous")["step"] == "13" and (folder / "run.ckpt").read_bytes() == newer


def test_resume_into_another_file(programs, finished):
    program = programs("everything")
    (finished / "other.ckpt").write_bytes(b"precious")
    before = (finished / "run.ckpt").read_bytes()
    run([program, "--resume=run.ckpt", "--run=12steps", "--checkpoint=other.ckpt"], cwd=finished)
    assert (finished / "run.ckpt").read_bytes() == before
    assert (finished / "other.ckpt.previous").read_bytes() == b"precious"
    assert metadata(finished / "other.ckpt")["step"] == "12" and (finished / "other.ckpt.best").exists()


def test_checkpoints_are_due(programs, folder):
    """Every so many steps or epochs, and at the end; counted by renames."""
    program = programs("plain", "-include", KILL)

    def steps(*flags):
        found = []
        for kill in range(1, 400):
            for path in folder.glob("run.ckpt*"):
                path.unlink()
            done = run([program, *flags], cwd=folder, code=None, env={"MT_KILL": str(kill)})
            if (folder / "run.ckpt").exists():
                step = int(metadata(folder / "run.ckpt")["step"])
                if step not in found:
                    found.append(step)
            if done.returncode == 0:
                return found
        raise AssertionError("too many moments")

    assert steps("--run=7steps", "--checkpoint_every=3steps") == [3, 6, 7]
    assert steps("--run=2epochs", "--checkpoint_every=1epoch") == [4, 8]


# -------------------------------------------------------------------------------------------------------------- settings


def test_precedence_of_settings(programs, folder):
    """Program, then checkpoint, then flags; what flags change is said."""
    program = programs("everything")
    run([program, "--lr=0.011", "--betas=0.8,0.99", "--run=6steps", "--total_iters=5steps", "--seed=-3"], cwd=folder)
    done = run([program, "--resume=run.ckpt", "--lr=0.03", "--run=9steps"], cwd=folder)
    assert "optimizer.lr=0.03, and 0.011 in run.ckpt\n" in done.stdout
    assert 'train.run="9 steps", and "6 steps" in run.ckpt\n' in done.stdout
    assert done.stdout.count(" in run.ckpt\n") == 2 and "going on after step 6" in done.stdout
    settings = json.loads(metadata(folder / "run.ckpt")["settings"])
    assert settings["optimizer.betas"] == [0.8, 0.99] and settings["schedule.total_iters"] == "5 steps"
    assert settings["optimizer.lr"] == 0.03 and settings["train.seed"] == -3


def test_odd_paths(programs, folder):
    """Settings are read back from JSON: quotes, backslashes, blanks, letters past ASCII, a control character."""
    program, odd = programs("plain"), 'an "odd"\\ näme,}\t.npy'
    (folder / odd).write_bytes((folder / "x.npy").read_bytes())
    (folder / "x.npy").write_bytes(b"nothing")
    run([program, f"--data.train.x={odd}", '--checkpoint=odd "c".ckpt', "--run=5steps"], cwd=folder)
    done = run([program, '--resume=odd "c".ckpt', "--run=6steps"], cwd=folder)
    assert "going on after step 5" in done.stdout
    assert json.loads(metadata(folder / 'odd "c".ckpt')["settings"])["data.train.x"] == odd


def test_flags_that_move_the_steps(programs, folder):
    """Another place in the epoch would be another run; the same examples in other micro-batches are none."""
    program = programs("plain")
    run([program, "--accumulate=1", "--run=5steps"], cwd=folder)
    for flags, words in ([["--accumulate=2"], "(batch times accumulate) are 4 there, and 8 here"],
                         [["--drop_last"], "the steps of an epoch are 12 there, and 11 here"]):
        assert words in run([program, "--resume=run.ckpt", *flags], cwd=folder, code=1).stderr
    done = run([program, "--resume=run.ckpt", "--batch=2", "--accumulate=2", "--run=7steps"], cwd=folder)
    assert "data.batch=2, and 4 in run.ckpt" in done.stdout and "going on after step 5" in done.stdout


def changed(path, entries=None, **facts):
    """The file with other tensors or metadata; None takes a key away."""
    with safe_open(path, "np") as file:
        old = file.metadata()
    new = {key: value for key, value in {**old, **{key.replace("__", " "): value for key, value in facts.items()}}.items()
           if value is not None}
    save_file(entries(load_file(path)) if entries else load_file(path), path, new)


def drop(name):
    return lambda entries: {key: value for key, value in entries.items() if key != name}


@pytest.mark.parametrize("change, words", [
    (dict(program="other"), "the model is other there, and kept here"),
    (dict(optimizer="sgd(nesterov=true)"), "the optimizer is sgd(nesterov=true) there, and adamw("),
    (dict(examples="40"), "the examples of train are 40 there, and 41 here"),
    (dict(examples=None), "the examples of train are unknown there"),
    (dict(examples__of__a__step="16"), "batch times accumulate) are 16 there, and 12 here"),
    (dict(step=None), "but not the state of a run: --init=run.ckpt"),
    (dict(step="-1"), "its step is no whole number"),
    (dict(step="1e3"), "its step is no whole number"),
    (dict(step=""), "its step is no whole number"),
    (dict(settings="{"), "its settings cannot be read"),
    (dict(settings=""), "its settings cannot be read"),
    (dict(settings='{"optimizer.lr": }'), "its settings cannot be read"),
    (dict(settings='{"optimizer.lr": "x"'), "its setting optimizer.lr = x is not a number from 0"),
    (dict(settings='{"data.batch": 5}'), "its setting data.batch = 5 is not a whole number from 1 to 4"),
    (dict(settings='{"optimizer.betas": [[0.9, 0.9]'), "its setting optimizer.betas"),
    (dict(entries=drop("fc1.weight")), "this model has other parameters than those of run.ckpt"),
    (dict(entries=drop("optim.exp_avg.fc1.weight")), "optim.exp_avg.fc1.weight: not in the file"),
    (dict(entries=lambda e: {**e, "optim.exp_avg.fc1.weight": e["optim.exp_avg.fc1.weight"].T.copy()}),
     "optim.exp_avg.fc1.weight: another shape"),
    (dict(entries=lambda e: {**e, "fc1.bias": e["fc1.bias"].astype(np.float64)}), "it is of a build with -DMT_DOUBLE"),
])
def test_what_does_not_fit_is_refused(programs, finished, change, words):
    changed(finished / "run.ckpt", **change)
    before = {path.name: path.read_bytes() for path in finished.iterdir()}
    done = run([programs("everything"), "--resume=run.ckpt", "--log=log.jsonl"], cwd=finished, code=1)
    assert words in done.stderr
    assert {path.name: path.read_bytes() for path in finished.iterdir()} == before


@pytest.mark.parametrize("damage", [
    lambda b: b"", lambda b: b[:7], lambda b: b[:200], lambda b: b[:-1], lambda b: b"\xff" * 8 + b[8:],
    lambda b: b[:8] + b"[" + b[9:], lambda b: b.replace(b"[7, 4]", b"[4, 4]"), lambda b: os.urandom(5000),
])
def test_damaged_checkpoint(programs, finished, damage):
    (finished / "run.ckpt").write_bytes(damage((finished / "run.ckpt").read_bytes()))
    for command in ["--resume=run.ckpt"], ["eval"], ["predict"]:
        assert "run.ckpt" in run([programs("everything"), *command], cwd=finished, code=1).stderr


def test_every_cut_checkpoint_is_refused(programs, finished):
    """Also with one byte changed anywhere in the header: no crash, whatever it becomes."""
    program, whole = programs("plain"), None
    run([program, "--run=2steps"], cwd=finished)
    whole = (finished / "run.ckpt").read_bytes()
    header = 8 + int.from_bytes(whole[:8], "little")
    for end in range(0, len(whole), 37):
        (finished / "cut").write_bytes(whole[:end])
        assert run([program, "--resume=cut"], cwd=finished, code=1).stderr
    random = np.random.default_rng(3)
    for place in random.integers(8, header, 150):
        (finished / "cut").write_bytes(whole[:place] + bytes([random.integers(0, 256)]) + whole[place + 1:])
        done = run([program, "--resume=cut", "--run=3steps"], cwd=finished, code=None)
        assert done.returncode in (0, 1, 2), done.stderr


def test_other_counters_begin_anew(programs, finished):
    changed(finished / "run.ckpt", **{"max(acc)": None, "running.fit.sum": "x"})
    done = run([programs("everything"), "--resume=run.ckpt"], cwd=finished)
    assert "running.fit.sum, max(acc) begin anew: not in run.ckpt" in done.stderr


@pytest.mark.parametrize("flags, words", [
    (["--resume=none.ckpt"], "cannot read none.ckpt"), (["--resume="], "--resume=: not a path"),
    (["--resume"], "--resume needs a value: --resume=FILE"),
    (["--resume=run.ckpt", "--init=run.ckpt"], "--init starts a new run"),
    (["eval", "--resume=run.ckpt"], "`eval` has no flag --resume"),
    (["--best=loss"], "--best needs a compile"), (["--early_stop=0"], "not a whole number from 1"),
    (["--checkpoint_every=3"], "a duration with its unit"), (["--resum=run.ckpt"], "did you mean --resume"),
])
def test_wrong_use(programs, folder, flags, words):
    done = run([programs("everything"), *flags], cwd=folder, code=None)
    assert done.returncode in (1, 2) and words in done.stderr


# ------------------------------------------------------------------------------------------------------------------ best


def evaluations(log, split="valid"):
    return [line for line in log if line["event"] == "eval" and line["split"] == split]


@pytest.mark.parametrize("rule, better", [("max(acc)", lambda a, b: a > b), ("min(loss)", lambda a, b: a < b),
                                          ("min(acc)", lambda a, b: a < b), ("max(fit)", lambda a, b: a > b)])
def test_best_is_the_best_evaluation(folder, rule, better):
    """The first of equal ones; its file evaluates to the very numbers of its line."""
    mtc(text(settings=KEPT + f"\n  best = {rule}", length="80 steps", eval_every="1 step", optimizer="sgd(lr=0.3)"), folder / "a.c")
    program = build(folder / "a.c", optimize="-O1")
    done = run([program, *FLAGS], cwd=folder)
    log, name = read_log(folder / "log.jsonl"), rule[4:-1]
    best = None
    for line in evaluations(log):
        if best is None or better(line[name], best[name]):
            best = line
    assert len(evaluations(log)) == 80 and (best["step"] < 80 or rule == "max(fit)")
    assert name != "acc" or [line["acc"] for line in evaluations(log)].count(best["acc"]) > 1, "no equal ones to tell apart"
    assert f"{rule} = {best[name]:.6g} after step {best['step']} was the best" in done.stdout
    facts = metadata(folder / "run.ckpt.best")
    assert facts["step"] == str(best["step"]) and float(facts[rule]) == best[name]
    result = evaluate(program, "valid", "--init=run.ckpt.best", cwd=folder)
    assert all(result[key] == best[key] for key in ("loss", "fit", "acc"))
    # At the end test is evaluated with the last parameters, then with the best ones.
    last, chosen = evaluations(log, "test")
    assert last["step"] == 80 and "parameters" not in last
    assert chosen["step"] == best["step"] and chosen["parameters"] == "best"
    for line, file in (last, "end.safetensors"), (chosen, "run.ckpt.best"):
        result = evaluate(program, "test", f"--init={file}", cwd=folder)
        assert all(result[key] == line[key] for key in ("loss", "fit", "acc"))
    assert set(load_file(folder / "run.ckpt.best")) == set(load_file(folder / "end.safetensors"))


def test_best_of_batch_norm(programs, finished):
    """The buffers are those of the best step as well."""
    log = read_log(finished / "log.jsonl")
    chosen = evaluations(log, "test")[1]
    result = evaluate(programs("everything"), "test", "--init=run.ckpt.best", cwd=finished)
    assert all(result[key] == chosen[key] for key in ("loss", "fit", "acc"))


def test_best_that_is_not_there(programs, finished):
    (finished / "run.ckpt.best").unlink()
    done = run([programs("everything"), "--resume=run.ckpt"], cwd=finished, code=1)
    assert "cannot read run.ckpt.best" in done.stderr
    changed_best = load_file(finished / "end.safetensors")
    save_file(changed_best, finished / "run.ckpt.best", {"step": "1000"})
    done = run([programs("everything"), "--resume=run.ckpt"], cwd=finished, code=1)
    assert "run.ckpt.best has not the parameters of step" in done.stderr


# An evaluation whose metric is NaN, or not, as the batches say: 0 / 0 where the logit is below 0.
def test_nan_is_never_the_best(folder):
    model = text(settings=KEPT + "\n  best = max(odd)", length="20 steps", eval_every="1 step").replace(
        "metrics {", "metrics {\n  odd = log(acc - 0.55)\n ")
    model = model.replace("metrics {\n  odd = log(acc - 0.55)\n  acc = accuracy(logits, y) }",
                          "metrics {\n  acc = accuracy(logits, y)\n  odd = log(acc - 0.55)\n}")
    mtc(model, folder / "a.c")
    run([build(folder / "a.c", optimize="-O1"), *FLAGS], cwd=folder)
    odd = [line["odd"] for line in evaluations(read_log(folder / "log.jsonl"))]
    assert None in odd and any(odd), "this run shows nothing: take another bound than 0.55"
    numbers = [-math.inf if value is None else value for value in odd]
    assert metadata(folder / "run.ckpt.best")["step"] == str(1 + numbers.index(max(numbers)))


# ------------------------------------------------------------------------------------------------------------ early_stop


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("patience", [1, 3])
def test_early_stop(folder, kept, patience):
    """So many evaluations without a new smallest loss; the rest is logged, and a resumed run does not go on."""
    settings = (KEPT + "\n  " if kept else "") + f"early_stop = {patience}"
    mtc(text(settings=settings, length="200 steps", eval_every="2 steps", optimizer="sgd(lr=2, momentum=0.9)"), folder / "a.c")
    program = build(folder / "a.c", optimize="-O1")
    done = run([program, *FLAGS], cwd=folder)
    log = read_log(folder / "log.jsonl")
    losses = [line["loss"] for line in evaluations(log)]
    since = len(losses) - 1 - losses.index(min(losses))
    assert since == patience and len(losses) < 100
    for k in range(1, len(losses)):  # never so many before
        assert k - losses[:k].index(min(losses[:k])) - 1 < patience
    stop = next(line for line in log if line["event"] == "early_stop")
    step, best = 2 * len(losses), 2 * (1 + losses.index(min(losses)))
    assert stop == {"event": "early_stop", "step": step, "evaluations": patience, "best": "min(loss)", "best_step": best,
                    "value": min(losses)}
    assert f"stopped early after step {step} of 200, by {patience} evaluation" in done.stdout
    assert "Finished Training" in done.stdout and log[-1]["step"] == step
    assert [line["step"] for line in log if line["event"] == "step"][-1] == step
    if kept:
        again = run([program, *FLAGS, "--resume=run.ckpt"], cwd=folder)
        assert "it had stopped early" in again.stdout and without_times(read_log(folder / "log.jsonl")) == without_times(log)
        further = run([program, "--resume=run.ckpt", f"--early_stop={patience + 1}"], cwd=folder)
        assert "it had stopped early" not in further.stdout and int(metadata(folder / "run.ckpt")["step"]) > step


# ----------------------------------------------------------------------------------------------------- what can go wrong


def limited(size):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # a signal of its own, which the trainer must not die of

    return limit


def test_full_disk(programs, finished):
    """A message, the old checkpoint whole; nothing half written."""
    program = programs("everything")
    before = {path.name: path.read_bytes() for path in finished.glob("run.ckpt*")}
    done = subprocess.run([program, "--resume=run.ckpt", "--run=20steps"], cwd=finished, capture_output=True, text=True,
                          preexec_fn=limited(1000))
    assert done.returncode == 1 and re.search(r"cannot write run\.ckpt(\.best)?: File too large", done.stderr)
    assert {path.name: path.read_bytes() for path in finished.glob("run.ckpt*")} == before


def test_checkpoint_that_cannot_be_written(programs, folder):
    """Said before the first step."""
    program = programs("plain")
    for path in "none/run.ckpt", ".":
        done = run([program, f"--checkpoint={path}"], cwd=folder, code=1)
        assert f"cannot write {path}: " in done.stderr and "[1, " not in done.stdout
    (folder / "run.ckpt").write_bytes(b"precious")
    (folder / "run.ckpt.tmp").mkdir()
    assert "cannot write run.ckpt: " in run([program], cwd=folder, code=1).stderr
    assert (folder / "run.ckpt").read_bytes() == b"precious"


def test_previous_best_is_that_of_the_previous_run(programs, folder):
    """A checkpoint without a best one takes none of an older run with it."""
    (folder / "run.ckpt").write_bytes(b"new")
    for name, content in (("run.ckpt.previous", b"old"), ("run.ckpt.previous.best", b"best of old")):
        (folder / name).write_bytes(content)
    run([programs("plain"), "--run=1step"], cwd=folder)
    assert (folder / "run.ckpt.previous").read_bytes() == b"new" and not (folder / "run.ckpt.previous.best").exists()


def test_diverged_run_keeps_the_good_checkpoint(programs, folder):
    """The last one that was finite is still there."""
    program = programs("plain")
    run([program, "--run=2steps"], cwd=folder)
    good = (folder / "run.ckpt").read_bytes()
    done = run([program, "--resume=run.ckpt", "--lr=1e300", "--run=40steps", "--checkpoint_every=1step"], cwd=folder, code=3)
    assert "is not finite after step 3: nothing is saved" in done.stderr
    assert (folder / "run.ckpt").read_bytes() == good


def test_log_of_something_else(programs, finished):
    program = programs("everything")
    (finished / "log.jsonl").write_text('{"event":"start"}\n')
    done = run([program, "--resume=run.ckpt", "--log=log.jsonl", "--run=12steps"], cwd=finished)
    assert "log.jsonl is not the log of this run" in done.stderr
    assert [line["event"] for line in read_log(finished / "log.jsonl")][0] == "start"
    done = run([program, "--resume=run.ckpt", "--log=new.jsonl", "--run=13steps"], cwd=finished)
    events = [line["step"] for line in read_log(finished / "new.jsonl") if line["event"] == "step"]
    assert events == [13] and "not the log" not in done.stderr


def test_double(programs, folder):
    """A build in double goes on with its own checkpoints only; --init converts."""
    double = programs("plain", "-DMT_DOUBLE")
    run([double, "--run=2steps"], cwd=folder)
    assert {values.dtype for values in load_file(folder / "run.ckpt").values()} == {np.dtype("float64")}
    run([double, "--resume=run.ckpt", "--run=3steps"], cwd=folder)
    done = run([programs("plain"), "--resume=run.ckpt"], cwd=folder, code=1)
    assert "it is of a build with -DMT_DOUBLE" in done.stderr
    run([programs("plain"), "--init=run.ckpt", "--run=1step"], cwd=folder)


def test_mlp_of_the_language(tmp_path):
    """The program of 5.3 as it is: an epoch of MNIST."""
    folder = mnist()
    mtc(ROOT / "tests" / "programs" / "mlp.mt", tmp_path / "mlp.c")
    program = build(tmp_path / "mlp.c", "-march=native", **FAST)
    flags = [f"--{split}.{column}={folder / name}" for split, start in (("train", "train"), ("test", "t10k"))
             for column, name in (("image", f"{start}-images-idx3-ubyte"), ("label", f"{start}-labels-idx1-ubyte"))]
    done = run([program, "--run=1epoch", "--log=log.jsonl", *flags], cwd=tmp_path)
    last, best = evaluations(read_log(tmp_path / "log.jsonl"), "test")
    assert last["acc"] == best["acc"] >= 0.93 and "max(acc) = " in done.stdout
    assert (tmp_path / "mlp.ckpt").exists() and (tmp_path / "mlp.ckpt.best").exists()
