"""The command line of a trainer: runs in epochs and steps, logs, files of parameters, all commands, and every way
to use them wrongly."""

import json
import math
import re
import resource
import signal
import subprocess
import time

import numpy as np
import pytest
from helpers import ROOT, build, evaluate, mtc, read_log, relative_error, run, terminal
from safetensors.numpy import load_file, safe_open, save_file

# 14 examples in batches of 12: whatever is counted by batches instead of examples comes out wrong.
MODEL = """mt 1
data {{
  train = npy(x="x.npy", y="y.npy")
  {splits}
  x: x -> standardize
  y: y -> class(3)
  batch = 12
  shuffle = true
}}
model tiny(x: [B, 4]) {{
  fc1: linear(5) -> tanh{dropout}
  logits: linear(3)
}}
loss {{ cross_entropy(logits, y) }}
metrics {{ acc = accuracy(logits, y) }}
optimizer {optimizer}
{schedule}
train {{
  run = 3 epochs
  log_every = 2 steps
  seed = 7
}}
"""


def text(splits="", dropout="", optimizer="sgd(lr=0.1, momentum=0.9)", schedule=""):
    return MODEL.format(splits=splits, dropout=dropout, optimizer=optimizer, schedule=schedule)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Data, and parameters to start from."""
    path = tmp_path_factory.mktemp("tiny")
    random = np.random.default_rng(1)
    np.save(path / "x.npy", (3 * random.normal(size=(14, 4)) + 1).astype(np.float32))
    np.save(path / "y.npy", random.integers(0, 3, size=14).astype(np.uint8))
    return path


def make(folder, name, source, *flags, **options):
    mtc(source, folder / f"{name}.c")
    return build(folder / f"{name}.c", *flags, optimize="-O1", **options)


@pytest.fixture(scope="module")
def plain(folder):
    return make(folder, "plain", text())


@pytest.fixture(scope="module")
def random(folder):
    """With dropout, in double."""
    return make(folder, "random", text(dropout=" -> dropout(0.3)"), "-DMT_DOUBLE")


@pytest.fixture(scope="module")
def trained(folder, plain):
    run([plain, "--save=trained.safetensors"], cwd=folder)
    return folder / "trained.safetensors"


def log_of(program, folder, *flags):
    run([program, "--log=log.jsonl", *flags], cwd=folder)
    return read_log(folder / "log.jsonl")


def steps(log, event):
    return [line["step"] for line in log if line["event"] == event]


def parameters(program, folder, *flags):
    run([program, "--save=run.safetensors", *flags], cwd=folder)
    return load_file(folder / "run.safetensors")


def difference(a, b):
    assert a.keys() == b.keys()
    return max(relative_error(a[path], b[path]) for path in a)


# ------------------------------------------------------------------------------------------------ runs and logs


def test_log_has_the_documented_lines(plain, folder):
    log = log_of(plain, folder)
    assert [line["event"] for line in log] == ["start", "step", "eval", "step", "eval", "step", "eval", "end"]
    assert log[0]["program"] == "tiny" and log[0]["parameters"] == 4 * 5 + 5 + 5 * 3 + 3
    assert log[0]["settings"]["optimizer.lr"] == 0.1 and log[0]["settings"]["train.run"] == "3 epochs"
    assert list(log[1]) == ["event", "step", "epoch", "loss", "lr", "examples_per_second", "seconds"]
    assert list(log[2]) == ["event", "step", "epoch", "split", "loss", "acc"]
    assert list(log[-1]) == ["event", "step", "seconds"] and log[-1]["step"] == 6
    assert (log[1]["step"], log[1]["epoch"], log[1]["lr"]) == (2, 0, 0.1)
    assert (log[5]["step"], log[5]["epoch"]) == (6, 2)
    assert log[2]["split"] == "train"


def test_lines_of_a_pipe(plain, folder):
    lines = run([plain], cwd=folder).stdout.splitlines()
    assert "evaluation on train" in lines[0]
    assert re.fullmatch(r"\[1,     2\] loss: \d\.\d{3}", lines[1])
    assert re.fullmatch(r"\[1,     2\] train loss: \d\.\d{3}  acc: \d\.\d{3}", lines[2])
    assert lines[-1] == "Finished Training" and not any("\r" in line for line in lines)


@pytest.mark.parametrize("flags, logged, evaluated", [
    (["--run=5steps"], [2, 4, 5], [2, 4, 5]),
    (["--run=5steps", "--eval_every=3steps"], [2, 4, 5], [3, 5]),
    (["--run=6steps", "--log_every=3steps", "--eval_every=3steps"], [3, 6], [3, 6]),
    (["--run=3epochs", "--log_every=1epoch", "--eval_every=2epochs"], [2, 4, 6], [4, 6]),
    (["--run=1step"], [1], [1]),
    (["--run=2 epochs", "--batch=4", "--log_every=100steps"], [8], [4, 8]),
    (["--run=2epochs", "--batch=4", "--accumulate=3", "--log_every=1step"], [1, 2, 3, 4], [2, 4]),
    (["--run=2epochs", "--drop_last", "--log_every=1step"], [1, 2], [1, 2]),
])
def test_what_is_due(plain, folder, flags, logged, evaluated):
    log = log_of(plain, folder, *flags)
    assert steps(log, "step") == logged and steps(log, "eval") == evaluated


def test_running_loss_is_a_mean_over_examples(plain, folder):
    """Nothing is learned, so an epoch of 12 and 2 examples has the loss of the whole split."""
    log = log_of(plain, folder, "--lr=0", "--run=1epoch", "--save=still.safetensors")
    assert log[1]["loss"] == pytest.approx(log[2]["loss"], rel=1e-6)
    assert log[2]["loss"] == pytest.approx(evaluate(plain, "train", "--init=still.safetensors", cwd=folder)["loss"])


def test_short_names_prefer_the_shorter_path(folder):
    program = make(folder, "held", text(splits="valid = holdout(train, 0.2)\n  test = holdout(train, 0.2)"))
    log = log_of(program, folder, "--seed=3", "--valid.seed=4", "--run=2steps")
    assert log[0]["settings"]["train.seed"] == 3 and log[0]["settings"]["data.valid.seed"] == 4
    assert log[0]["settings"]["data.test.seed"] == 0


def test_test_split_is_evaluated_once_at_the_end(folder):
    program = make(folder, "tested", text(splits='valid = holdout(train, 0.2)\n  test = npy(x="x.npy", y="y.npy")'))
    log = log_of(program, folder, "--save=tested.safetensors")
    evaluations = [line for line in log if line["event"] == "eval"]
    assert [line["split"] for line in evaluations] == ["valid"] * 3 + ["test"]
    assert evaluations[-1]["loss"] == evaluate(program, "test", "--init=tested.safetensors", cwd=folder)["loss"]


@pytest.mark.parametrize("schedule, flags, rate", [
    ("schedule step_lr(step_size=2 steps, gamma=0.5)", [], lambda k: 0.1 * 0.5 ** (k // 2)),
    ("schedule step_lr(step_size=1 epoch, gamma=0.5)", [], lambda k: 0.1 * 0.5 ** (k // 2)),
    ("schedule step_lr(step_size=1 epoch, gamma=0.5)", ["--step_size=3steps", "--gamma=0.1"],
     lambda k: 0.1 * 0.1 ** (k // 3)),
    ("schedule cosine_annealing_lr(T_max=4 steps)", [], lambda k: 0.05 * (1 + math.cos(math.pi * min(k, 4) / 4))),
    ("schedule cosine_annealing_lr(T_max=run)", [], lambda k: 0.05 * (1 + math.cos(math.pi * (k // 2) / 3))),
    ("schedule cosine_annealing_lr(T_max=run)", ["--run=6steps"], lambda k: 0.05 * (1 + math.cos(math.pi * k / 6))),
    ("schedule min((step + 1) / 4, 1) * (1 - step // 2 / 10) + epoch / 7", [],
     lambda k: 0.1 * (min((k + 1) / 4, 1) * (1 - k // 2 / 10) + k / 2 / 7)),
    ("schedule ((step - 9) % 4 + exp(-step) + sin(step) + log(step + 1) + sqrt(step) + max(step, 2)) / 9", [],
     lambda k: 0.1 * ((k - 9) % 4 + math.exp(-k) + math.sin(k) + math.log(k + 1) + math.sqrt(k) + max(k, 2)) / 9),
    ("schedule where(step < steps / 2 && !(epoch > 10), 1, 2 ** -step) * (step > 1) / 2 + epochs", [],
     lambda k: 0.1 * ((1 if k < 3 else 2.0 ** -k) * (k > 1) / 2 + 3)),
    ("schedule where(step < 3, 1, 3) / 2", [], lambda k: 0.1 * (1 if k < 3 else 3) / 2),
    ("schedule 1 + - -step / (1 + 1)", [], lambda k: 0.1 * (1 + k / 2)),
    ("schedule 7 - -(-step + 2) + where(true && step > 1 || step < 1, 1, 4) / 8", [],
     lambda k: 0.1 * (7 + 2 - k + (4 if k == 1 else 1) / 8)),
])
def test_learning_rates(folder, schedule, flags, rate):
    program = make(folder, "schedule", text(schedule=schedule))
    log = log_of(program, folder, "--log_every=1step", *flags)
    rates = [line["lr"] for line in log if line["event"] == "step"]
    assert rates == pytest.approx([rate(k) for k in range(6)], rel=1e-12)


METRICS = {
    "half": ("loss * (1 / 2)", lambda r: r["loss"] / 2),
    "third": ("1 / 3 * acc", lambda r: r["acc"] / 3),
    "twice": ("- -loss - -K * loss", lambda r: r["loss"] - r["loss"]),
    "floor2": ("loss // 0.3 + loss % 0.3", lambda r: r["loss"] // 0.3 + r["loss"] % 0.3),
    "chosen": ("where(!(loss < 0) && acc >= 0, 1, 3) / 2 + (loss > 0) / 4", lambda r: 0.75),
    "worst": ("max(-loss, 2 ** loss) + exp(-loss)", lambda r: 2 ** r["loss"] + math.exp(-r["loss"])),
    "above": ("half + third", lambda r: r["half"] + r["third"]),
    "constant": ("1 / 8", lambda r: 0.125),
}


def with_metrics(rows):
    rows = "".join(f"  {name} = {formula}\n" for name, formula in rows)
    return text().replace("metrics { acc = accuracy(logits, y) }",
                          f"metrics {{\n  acc = accuracy(logits, y)\n{rows}}}").replace("mt 1\n", "mt 1\nconst K = -1\n")


def test_formulas_of_metrics(folder, trained):
    program = make(folder, "formulas", with_metrics((name, formula) for name, (formula, _) in METRICS.items()))
    result = evaluate(program, "train", f"--init={trained}", cwd=folder)
    for name, (formula, value) in METRICS.items():
        assert result[name] == pytest.approx(value(result), rel=1e-12), formula


@pytest.mark.parametrize("formula, word, message", [
    ("exp(loss, 2)", "exp(loss, 2)", "exp takes 1 value, got 2"),
    ("min(loss)", "min(loss)", "min takes 2 values, got 1"),
    ("max(loss, 1, 2)", "max(loss, 1, 2)", "max takes 2 values, got 3"),
    ("!loss", "loss", "`!` needs a condition here"),
    ("where(loss, 1, 2)", "loss", "`where` needs a condition here"),
    ("loss * NAME", "NAME", "`NAME` is no number"),
    ("loss * LIST", "LIST", "`LIST` is no number"),
    ('loss * "a"', '"a"', "this is no number"),
    ("loss / (1 / 0)", "0", "zero"),
    ("los / 2", "los", "unknown metric `los`"),
    ("abs(loss, x=1)", "abs(loss, x=1)", "abs takes 1 value"),
    ("sqrt(x=loss)", "x=loss", "functions of a formula have no options"),
])
def test_faults_of_metrics(folder, formula, word, message):
    source = with_metrics([("bad", formula)]).replace("mt 1\n", 'mt 1\nconst NAME = "a"\nconst LIST = [1, 2]\n')
    shown = mtc(source, folder / "faulty.c", code=1).stderr
    lines = source.splitlines()
    row = next(k for k, line in enumerate(lines) if line.startswith("  bad ="))
    column = lines[row].rindex(word) if word != "0" else lines[row].rindex("0")
    assert message in shown and f"faulty.mt:{row + 1}:{column + 1}" in shown
    assert shown.count("error[") == 1


# ------------------------------------------------------------------------------------------------ accumulation


def test_accumulation_equals_the_large_batch(random, folder):
    """With dropout, and a short last group: 12 + 2 against 4 + 4 + 4 and 2."""
    large = parameters(random, folder, "--run=20epochs")
    assert difference(parameters(random, folder, "--run=20epochs", "--batch=4", "--accumulate=3"), large) <= 1e-12


def test_accumulation_of_the_tutorials_is_caught(random, folder):
    source = (folder / "random.c").read_text()
    right = "(i + 1) % options->train.accumulate == 0"
    assert source.count(right) == 1
    (folder / "planted.c").write_text(source.replace(right, "i % options->train.accumulate == 0"))
    planted = build(folder / "planted.c", "-DMT_DOUBLE", optimize="-O1")
    large = parameters(random, folder, "--run=20epochs")
    assert difference(parameters(planted, folder, "--run=20epochs", "--batch=4", "--accumulate=3"), large) > 1e-3


@pytest.mark.parametrize("step", [1, 2, 4])
def test_gradient_of_a_step_is_that_of_its_union(random, folder, step):
    run([random, "grads", f"--step={step}", "--out=large.safetensors"], cwd=folder)
    run([random, "grads", f"--step={step}", "--batch=4", "--accumulate=3", "--out=parts.safetensors"], cwd=folder)
    assert difference(load_file(folder / "parts.safetensors"), load_file(folder / "large.safetensors")) <= 1e-12
    losses = [float(safe_open(folder / f"{name}.safetensors", "numpy").metadata()["loss"])
              for name in ("large", "parts")]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)


def test_gradient_is_what_a_step_takes(folder):
    """sgd with lr=1 and nothing else: the parameters change by the gradient that grads writes, step by step."""
    program = make(folder, "sgd", text(optimizer="sgd(lr=1)"), "-DMT_DOUBLE")
    states = [parameters(program, folder, "--lr=0", "--run=1step")]
    for step in (1, 2, 3):
        start = [] if step == 1 else ["--init=before.safetensors"]
        states.append(parameters(program, folder, f"--run={step}steps"))
        run([program, "grads", f"--step={step}", "--out=step.safetensors", *start], cwd=folder)
        gradient = load_file(folder / "step.safetensors")
        assert all(np.abs(states[-2][k] - gradient[k] - states[-1][k]).max() <= 1e-14 for k in gradient)
        (folder / "run.safetensors").rename(folder / "before.safetensors")


@pytest.mark.parametrize("step, rows", [(1, slice(0, 12)), (2, slice(12, 14))])
def test_gradient_is_that_of_the_mean(folder, step, rows):
    """In numpy: softmax minus one-hot, over the number of examples."""
    program = make(folder, "sgd", text(optimizer="sgd(lr=1)"), "-DMT_DOUBLE")
    run([program, "--lr=0", "--run=1step", "--save=start.safetensors"], cwd=folder)
    run([program, "grads", f"--step={step}", "--shuffle=false", "--out=mean.safetensors"], cwd=folder)
    hidden, logits = (value[rows] for value in forward(folder, folder / "start.safetensors"))
    y = np.load(folder / "y.npy")[rows]
    d = (np.exp(logits) / np.exp(logits).sum(1, keepdims=True) - np.eye(3)[y]) / len(y)
    gradient = load_file(folder / "mean.safetensors")
    assert relative_error(gradient["logits.bias"], d.sum(0)) <= 1e-10
    assert relative_error(gradient["logits.weight"], d.T @ hidden) <= 1e-10
    loss = np.mean(np.log(np.exp(logits).sum(1)) - logits[np.arange(len(y)), y])
    assert float(safe_open(folder / "mean.safetensors", "numpy").metadata()["loss"]) == pytest.approx(loss, rel=1e-10)


NOISY = """mt 1

data {
  train = npy(x="x.npy", label="y.npy")
  y: label -> class(3)
  batch = 12
  shuffle = true
}

model noisy(x: [B, 4]) {
  mu: linear(5)
  z = mu + 0.5 * randn_like(mu)
  scale = param(5, init=ones)
  h: z * scale
  logits: linear(3)
}

loss {
  ce = cross_entropy(logits, y, weight=[1, 2, 3])
  ce + 0.1 * mean(scale ** 2)
}

optimizer sgd(lr=0.1)
train { run = 3 epochs }
"""


def test_noise_depends_on_the_example_alone(folder):
    """randn_like draws the same however a step or a split is cut, and other numbers for every example and split; a penalty
    counts once in a step, however many micro-batches that has."""
    program = make(folder, "noisy", NOISY, "-DMT_DOUBLE")
    large = parameters(program, folder, "--run=20epochs")
    assert difference(parameters(program, folder, "--run=20epochs", "--batch=4", "--accumulate=3"), large) <= 1e-12
    run([program, "--run=1step", "--save=noisy.safetensors"], cwd=folder)
    outputs = {}
    for batch, seed in ((12, 0), (5, 0), (12, 1)):
        flags = [f"--batch={batch}", f"--seed={seed}", "--split=train", "--init=noisy.safetensors"]
        for value in ("mu", "z"):
            run([program, "predict", *flags, f"--value={value}", "--out=value.npy"], cwd=folder)
            outputs[batch, seed, value] = np.load(folder / "value.npy")
    noise = (outputs[12, 0, "z"] - outputs[12, 0, "mu"]) / 0.5
    assert len(np.unique(noise.round(9))) == noise.size and 0.5 < noise.std() < 2
    assert (outputs[12, 0, "z"] == outputs[5, 0, "z"]).all() and (outputs[12, 0, "z"] != outputs[12, 1, "z"]).all()


def test_several_denominators_are_not_accumulated(folder):
    source = NOISY.replace("ce + 0.1 * mean(scale ** 2)", "ce + 0.1 * mean(logits * logits)")
    program = make(folder, "several", source, "-DMT_DOUBLE")
    run([program, "--run=3epochs"], cwd=folder)
    said = run([program, "--accumulate=2"], cwd=folder, code=2).stderr
    assert "--accumulate=2" in said and "1" in said
    assert "several denominators" in run([program, "--help"], cwd=folder).stdout
    source = source.replace("run = 3 epochs", "run = 3 epochs; accumulate = 2".replace("; ", "\n  ")).replace("train { ", "train {\n  ")
    shown = mtc(source.replace(" }\n", "\n}\n"), folder / "refused.c", code=1).stderr
    assert "error[E0640]" in shown


def test_grads_without_dropout(random, folder):
    run([random, "grads", "--out=on.safetensors"], cwd=folder)
    run([random, "grads", "--dropout=off", "--out=off.safetensors"], cwd=folder)
    assert difference(load_file(folder / "on.safetensors"), load_file(folder / "off.safetensors")) > 1e-3


# ------------------------------------------------------------------------------------------------ files


def test_saved_parameters(trained):
    with safe_open(trained, "numpy") as file:
        metadata = file.metadata()
        assert sorted(file.keys()) == ["fc1.bias", "fc1.weight", "logits.bias", "logits.weight"]
        assert file.get_tensor("fc1.weight").shape == (5, 4) and file.get_tensor("fc1.weight").dtype == np.float32
    assert metadata["program"] == "tiny" and metadata["edition"] == "1"
    assert json.loads(metadata["settings"])["train.seed"] == 7
    assert len(json.loads(metadata["data.x.mean"])) == 4


def forward(folder, file):
    """The model in numpy, with what standardize found as the file of parameters has it."""
    w, metadata = load_file(file), safe_open(file, "numpy").metadata()
    mean, deviation = (np.array(json.loads(metadata[f"data.x.{k}"])) for k in ("mean", "deviation"))
    x = (np.load(folder / "x.npy") - mean) / deviation
    hidden = np.tanh(x @ w["fc1.weight"].T + w["fc1.bias"])
    return hidden, hidden @ w["logits.weight"].T + w["logits.bias"]


def test_predict(plain, folder, trained):
    hidden, logits = forward(folder, trained)
    flags = [plain, "predict", f"--init={trained}", "--split=train"]
    shown = run(flags, cwd=folder).stdout
    run([*flags, "--out=p.npy"], cwd=folder)
    run([*flags, "--out=p.csv", "--value=fc1", "--batch=5"], cwd=folder)
    p = np.load(folder / "p.npy")
    assert p.dtype == np.float32 and relative_error(p, logits) <= 1e-5
    assert (np.loadtxt(shown.splitlines(), delimiter=",", dtype=np.float32) == p).all()
    assert relative_error(np.loadtxt(folder / "p.csv", delimiter=","), hidden) <= 1e-5


def test_predict_needs_no_targets_and_standardizes_as_in_training(plain, folder, trained, tmp_path):
    np.save(tmp_path / "x.npy", 5 * np.load(folder / "x.npy")[:9] - 2)
    run([plain, "predict", f"--init={trained}", "--split=train", "--out=p.npy"], cwd=tmp_path)
    assert relative_error(np.load(tmp_path / "p.npy"), forward(tmp_path, trained)[1]) <= 1e-5


def test_eval(plain, folder, trained):
    _, logits = forward(folder, trained)
    y = np.load(folder / "y.npy")
    loss = np.mean(np.log(np.exp(logits).sum(1)) - logits[np.arange(14), y])
    result = evaluate(plain, "train", f"--init={trained}", cwd=folder)
    assert result["loss"] == pytest.approx(loss, rel=1e-5) and result["acc"] == np.mean(logits.argmax(1) == y)
    assert result["split"] == "train" and result["examples"] == 14
    sentence = run([plain, "eval", f"--init={trained}"], cwd=folder).stdout
    assert sentence.startswith("train, 14 examples: loss ") and sentence.count("\n") == 1


def test_init_takes_doubles_and_foreign_files(plain, folder, trained):
    w = load_file(trained)
    save_file({k: v.astype(np.float64) for k, v in w.items()}, folder / "double.safetensors", {"by": 'another "one"'})
    again = parameters(plain, folder, "--lr=0", "--run=1step", "--init=double.safetensors")
    assert all((again[k] == w[k]).all() for k in w)


@pytest.mark.parametrize("change, words", [
    (lambda w: w.pop("fc1.bias"), ["fc1.bias", "-            [5]           not in the file"]),
    (lambda w: w.update({"fc1.bias": w["fc1.bias"][:4]}), ["fc1.bias", "[4]          [5]           another shape"]),
    (lambda w: w.update({"fc2.bias": w["fc1.bias"]}), ["fc2.bias", "[5]          -             not in this model"]),
    (lambda w: w.update({"fc1.bias": w["fc1.bias"].astype(np.int32)}), ["fc1.bias", "[5] I32      [5]           numbers that are not F32 or F64"]),
])
def test_init_that_does_not_fit(plain, folder, trained, change, words):
    w = dict(load_file(trained))
    change(w)
    save_file(w, folder / "other.safetensors")
    message = run([plain, "--init=other.safetensors"], cwd=folder, code=1).stderr
    assert "this model has other parameters than those of other.safetensors" in message and all(word in message for word in words)
    assert "logits.bias" not in message


@pytest.mark.parametrize("damage", [
    lambda b: b[:5], lambda b: b[:-1], lambda b: b"\xff" * 8 + b[8:], lambda b: b[:8] + b"[" + b[9:],
    lambda b: b.replace(b'"F32"', b'"F64"'), lambda b: b.replace(b"[5, 4]", b"[4, 4]"), lambda b: b"",
])
def test_init_of_a_damaged_file(plain, folder, trained, damage):
    (folder / "damaged.safetensors").write_bytes(damage(trained.read_bytes()))
    message = run([plain, "--init=damaged.safetensors"], cwd=folder, code=1).stderr
    assert "damaged.safetensors" in message


def full_disk():
    """Files may grow to no more than 100 bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


@pytest.mark.parametrize("command, file", [
    (["--run=1step", "--save=old"], "old"), (["grads", "--out=old"], "old"),
    (["predict", "--init=trained.safetensors", "--out=old.npy"], "old.npy"),
])
def test_full_disk_keeps_the_old_file(plain, folder, trained, tmp_path, command, file):
    for name in ("x.npy", "y.npy", "trained.safetensors"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / file).write_text("old")
    done = subprocess.run([plain, *command], cwd=tmp_path, capture_output=True, text=True, preexec_fn=full_disk)
    assert done.returncode == 1 and f"cannot write {file}: " in done.stderr
    assert (tmp_path / file).read_text() == "old" and not list(tmp_path.glob("*.tmp"))


def test_full_disk_of_the_log_saves_first(plain, folder, tmp_path):
    for name in ("x.npy", "y.npy"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    done = subprocess.run([plain, "--run=1000steps", "--log_every=1step", "--log=log", "--save=saved"], cwd=tmp_path,
                          capture_output=True, text=True, preexec_fn=small)
    assert done.returncode == 1 and "cannot write log: " in done.stderr and "are in saved" in done.stderr
    assert "fc1.weight" in load_file(tmp_path / "saved")


@pytest.mark.parametrize("command", [["--run=2steps"], ["predict", "--init=trained.safetensors"],
                                     ["eval", "--init=trained.safetensors"], ["gradcheck"], ["info"], ["--help"]])
def test_full_standard_output(plain, folder, trained, command):
    with open("/dev/full", "w") as full:
        done = subprocess.run([plain, *command], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "cannot write standard output" in done.stderr


def test_reader_that_goes_away(plain, folder):
    program = subprocess.Popen([plain, "--run=2000000000steps", "--log_every=1epoch", "--save=gone.safetensors"],
                               cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    program.stdout.readline()
    program.stdout.close()
    message = program.stderr.read()
    assert program.wait(timeout=60) == 1 and "cannot write standard output" in message
    assert "fc1.weight" in load_file(folder / "gone.safetensors")


def test_devices_are_written_directly(plain, folder):
    run([plain, "--run=1step", "--save=/dev/null"], cwd=folder)
    assert not open("/dev/null").read()


# ------------------------------------------------------------------------------------------------ stopping


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_finishes_the_step_and_saves(plain, folder, number):
    program = subprocess.Popen([plain, "--run=2000000000steps", "--log_every=1epoch", "--eval_every=100000epochs",
                                "--save=stopped.safetensors", "--log=stopped.jsonl"],
                               cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not program.stdout.readline().startswith("["):
        pass
    program.send_signal(number)
    _, message = program.communicate(timeout=60)
    assert program.returncode == 130
    step = int(re.search(r"stopped after step (\d+) of", message).group(1))
    assert "the parameters so far are in stopped.safetensors" in message
    assert read_log(folder / "stopped.jsonl")[-1]["step"] == step
    same = parameters(plain, folder, f"--run={step}steps", "--log_every=100000epochs", "--eval_every=100000epochs")
    saved = load_file(folder / "stopped.safetensors")
    assert all((saved[k] == same[k]).all() for k in saved)


def test_loss_that_is_no_number(plain, folder):
    done = run([plain, "--lr=1e38", "--run=100steps", "--save=bad.safetensors", "--log=bad.jsonl", "--log_every=1step",
                "--eval_every=1step"], cwd=folder, code=3)
    assert "the loss became NaN in step" in done.stderr or "the loss became infinite in step" in done.stderr
    assert "`fc1`" in done.stderr or "`logits`" in done.stderr
    assert not (folder / "bad.safetensors").exists()
    lines = (folder / "bad.jsonl").read_text()  # what is no number is null in JSON
    assert re.search('"loss":null', lines) and not re.search("nan|inf", lines, re.I)


def test_first_row_that_is_not_finite(plain, folder, trained):
    w = dict(load_file(trained))
    w["logits.bias"] = np.array([0, np.inf, 0], np.float32)
    save_file(w, folder / "infinite.safetensors")
    message = run([plain, "--init=infinite.safetensors"], cwd=folder, code=3).stderr
    assert "in step 1" in message and "`logits`" in message and "`fc1`" not in message


def test_run_that_ends_in_nan(plain, folder):
    """The loss before the only step is finite; what the step makes is not, and is not saved."""
    done = run([plain, "--lr=1e39", "--run=1step", "--save=end.safetensors"], cwd=folder, code=3)
    assert "the loss became NaN after step 1, in the evaluation on train: fc1.weight is not finite" in done.stderr
    assert "`fc1`" in done.stderr and "in example 1 of train" in done.stderr
    assert not (folder / "end.safetensors").exists() and "Finished Training" not in done.stdout


def test_last_evaluation_that_is_no_number(folder, trained, tmp_path):
    """With finite parameters: the first row, and the example by its place in the split."""
    for name in ("x.npy", "y.npy"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    x = np.load(folder / "x.npy")
    x[13] = 3e38
    np.save(tmp_path / "large.npy", x)
    program = make(folder, "large", text(splits='valid = npy(x="large.npy", y="y.npy")').replace(" -> tanh", ""))
    save_file({k: 1000 * v for k, v in load_file(trained).items()}, tmp_path / "start.safetensors")
    done = run([program, "--init=start.safetensors", "--lr=0", "--save=end.safetensors"], cwd=tmp_path, code=3)
    assert "after step 6, in the evaluation on valid\n" in done.stderr and "in example 14 of valid" in done.stderr
    assert re.search("`fc1`|`logits`", done.stderr) and not (tmp_path / "end.safetensors").exists()


def test_parameter_that_the_loss_does_not_show(folder):
    """relu hides a NaN from the loss: the last look is at the parameters."""
    program = make(folder, "hidden", text().replace("-> tanh", "-> relu"))
    w = {k: np.zeros(v.shape, np.float32) for k, v in parameters(program, folder, "--run=1step").items()}
    w["fc1.weight"][0, 0] = -3e38
    w["fc1.bias"][:] = -1
    save_file(w, folder / "start.safetensors")
    source = (folder / "hidden.c").read_text()
    place = source.index("static int train(")
    end = source.index("    return 0;", place)  # as if the last step had made it
    (folder / "planted.c").write_text(source[:end] + "    p->fc1.bias[1] = (real)NAN;\n" + source[end:])
    planted = build(folder / "planted.c", optimize="-O1")
    done = run([planted, "--run=2steps", "--save=hidden.safetensors"], cwd=folder, code=3)
    assert "fc1.bias is not finite after step 2" in done.stderr
    assert not (folder / "hidden.safetensors").exists()


@pytest.fixture(scope="module")
def ignoring(folder):
    source = text().replace("cross_entropy(logits, y)", "cross_entropy(logits, y, ignore_index=1)")
    return make(folder, "ignoring", source)


def test_no_target_counts(ignoring, folder, tmp_path):
    (tmp_path / "x.npy").write_bytes((folder / "x.npy").read_bytes())
    np.save(tmp_path / "y.npy", np.ones(14, np.uint8))
    done = run([ignoring, "--save=none.safetensors"], cwd=tmp_path, code=3)
    assert "no target of the step counted" in done.stderr and "step 1" in done.stderr
    assert not (tmp_path / "none.safetensors").exists() and "Finished" not in done.stdout
    done = run([ignoring, "grads", "--out=none.safetensors"], cwd=tmp_path, code=3)
    assert "no target of the step counted" in done.stderr and not (tmp_path / "none.safetensors").exists()


def test_a_micro_batch_without_targets_is_nothing(ignoring, folder, tmp_path):
    """Where another one of the step has some, the mean is over those."""
    (tmp_path / "x.npy").write_bytes((folder / "x.npy").read_bytes())
    y = np.ones(14, np.uint8)
    y[3] = 2
    np.save(tmp_path / "y.npy", y)
    flags = ["--batch=7", "--shuffle=false", "--run=1epoch"]
    run([ignoring, *flags, "--accumulate=2"], cwd=tmp_path)
    assert "step 2" in run([ignoring, *flags], cwd=tmp_path, code=3).stderr


def test_no_target_of_the_evaluation_counts(folder, tmp_path):
    (tmp_path / "x.npy").write_bytes((folder / "x.npy").read_bytes())
    np.save(tmp_path / "y.npy", np.zeros(14, np.uint8))
    np.save(tmp_path / "z.npy", np.ones(14, np.uint8))
    program = make(folder, "elsewhere", text(splits='valid = npy(x="x.npy", y="z.npy")').replace(
        "cross_entropy(logits, y)", "cross_entropy(logits, y, ignore_index=1)"))
    done = run([program, "--save=none.safetensors"], cwd=tmp_path, code=3)
    assert "after step 6, in the evaluation on valid" in done.stderr and "no target of valid counted" in done.stderr
    assert not (tmp_path / "none.safetensors").exists()
    assert "-nan" not in done.stdout and "valid loss: nan" in done.stdout


def test_nan_has_no_sign(folder, trained):
    program = make(folder, "signs", with_metrics([("a", "(loss - loss) / (loss - loss)"), ("b", "-a")]))
    shown = run([program, "--run=1step"], cwd=folder).stdout
    shown += run([program, "eval", f"--init={trained}"], cwd=folder).stdout
    assert shown.count("a: nan  b: nan") == 1 and "a nan, b nan" in shown and "-nan" not in shown


# ------------------------------------------------------------------------------------------------ gradcheck


def test_gradcheck(random, folder):
    shown = run([random, "gradcheck", "--elements=all"], cwd=folder).stdout
    assert "tolerance 1e-07" in shown and "all 5 tensors agree" in shown
    assert re.search(r"^fc1\.weight +20 of 20 +worst error \S+ at \[\d, \d\]$", shown, re.M)
    assert re.search(r"^x +12 of 12 ", shown, re.M)


def test_gradcheck_in_float_says_so(plain, folder):
    assert "float; build with -DMT_DOUBLE" in run([plain, "gradcheck"], cwd=folder).stdout


def test_gradcheck_finds_a_flipped_sign(random, folder):
    source = (folder / "random.c").read_text()
    planted = re.sub(r"(d->fc1__linear\[i\] =\s+)", r"\1-", source)
    assert planted != source
    (folder / "flipped.c").write_text(planted)
    shown = run([build(folder / "flipped.c", "-DMT_DOUBLE", optimize="-O1"), "gradcheck"], cwd=folder, code=1).stdout
    assert re.search(r"^fc1\.weight .*FAILED$", shown, re.M)
    assert not re.search(r"^logits\.weight .*FAILED$", shown, re.M)
    assert "3 of 5 tensors FAILED" in shown


# ------------------------------------------------------------------------------------------------ the command line


@pytest.mark.parametrize("flags, words", [
    (["--lrr=1"], "unknown flag --lrr: did you mean --lr?"),
    (["--optimizer.lt=1"], "did you mean --optimizer.lr?"),
    (["--banana=1"], "unknown flag --banana (--help lists all)"),
    (["--lr=x"], "--lr=x: not a number from 0"),
    (["--lr=nan"], "not a number"),
    (["--lr=0x1"], "not a number"),
    (["--lr=-1"], "not a number from 0"),
    (["--lr=1 "], "not a number"),
    (["--lr"], "--lr needs a value: --lr=0.1"),
    (["--run=5"], "a duration with its unit"),
    (["--run=0epochs"], "a duration with its unit"),
    (["--run=1.5epochs"], "a duration with its unit"),
    (["--run=5parsecs"], "a duration with its unit"),
    (["--batch=13"], "a whole number from 1 to 12"),
    (["--batch=0"], "a whole number from 1 to 12"),
    (["--accumulate=99999999999"], "not a whole number"),
    (["--shuffle=yes"], "not true or false"),
    (["--x="], "not a path"),
    (["trian"], "unknown command `trian`: did you mean `train`?"),
    (["lr=0.1"], "a setting is written --name=value"),
    (["train", "eval"], "one command is enough"),
    (["-lr=1"], "flags are written --name=value"),
    (["eval"], "needs the parameters of a trained model: --init="),
    (["predict"], "needs the parameters of a trained model: --init="),
    (["eval", "--init=trained.safetensors", "--split=tset"], "the program has train"),
    (["eval", "--save=x"], "`eval` has no flag --save"),
    (["predict", "--init=trained.safetensors", "--value=fc2"], "did you mean fc1?"),
    (["predict", "--init=trained.safetensors", "--out=x.txt"], "ends in .csv or .npy"),
    (["grads"], "--out=FILE.safetensors"),
    (["grads", "--out=x", "--dropout=on"], "--dropout=on: not off"),
    (["gradcheck", "--elements=none"], "not a whole number from 1, nor all"),
])
def test_wrong_use(plain, folder, trained, flags, words):
    done = run([plain, *flags], cwd=folder, code=2)
    assert words in done.stderr and done.stderr.startswith("tiny: error: ") and not done.stdout


def test_help_has_the_values_of_the_file(plain, folder):
    shown = run([plain, "--help"], cwd=folder).stdout
    for line in ("--optimizer.lr=0.1", "--train.run=3 epochs", "--data.train.x=x.npy", "--data.batch=12", "--log=FILE"):
        assert re.search(rf"^ +{re.escape(line)}$", shown, re.M), line


def test_info(plain, folder):
    shown = run([plain, "info", "--lr=0.5"], cwd=folder).stdout
    assert re.search(r"total +43$", shown, re.M) and "--optimizer.lr=0.5" in shown and "element float" in shown


def test_what_decides_code_is_no_flag(folder):
    program = make(folder, "sgd", text(optimizer="sgd(lr=1)"), "-DMT_DOUBLE")
    for flag in ("momentum=0.9", "dampening=.5", "optimizer.dampening=.5", "nesterov", "maximize=true"):
        message = run([program, f"--{flag}"], cwd=folder, code=2).stderr
        assert f"--{flag.split('=')[0]} needs a compile: optimizer." in message
    assert "unknown flag --mentum" in run([program, "--mentum=0.9"], cwd=folder, code=2).stderr


def test_flag_that_the_file_would_refuse(folder):
    program = make(folder, "nesterov", text(optimizer="sgd(lr=1, momentum=0.9, nesterov=true)"))
    message = run([program, "--momentum=0"], cwd=folder, code=2).stderr
    assert "--momentum=0: not a number above 0" in message
    run([program, "--momentum=0.5", "--run=1step"], cwd=folder)


def test_comments_have_the_name_of_the_file(plain, folder):
    source = (folder / "plain.c").read_text()
    assert "made by mtc from plain.mt" in source and "tiny.mt" not in source
    assert "The values of plain.mt are in" in " ".join(source.split())
    assert "value in plain.mt, least, most" in source


def test_no_number_says_which_mode_it_is(plain, random, folder):
    for name in ("plain", "random"):
        source = (folder / f"{name}.c").read_text()
        assert "int training" not in source and "forward_as" not in source


def test_a_program_of_others_may_include_it(plain, folder):
    (folder / "other.c").write_text('#define MT_NO_MAIN\n#include "plain.c"\nint main(void)\n{\n'
                                    '    char name[] = "x", flag[] = "--run=1step", *words[] = {name, flag, NULL};\n'
                                    "    return mt_main(2, words) || mt_main(2, words);\n}\n")
    program = folder / "other"
    run(["gcc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Werror",
         folder / "other.c", "-lm", "-o", program])
    assert run([program], cwd=folder).stdout.count("Finished Training") == 2


@pytest.mark.parametrize("flags", [["-DMT_DOUBLE"], ["-DMT_BATCH=3"], ["-DMT_NO_MAIN", "-c"]])
@pytest.mark.parametrize("cc", ["gcc", "clang"])
def test_no_warnings(plain, folder, tmp_path, cc, flags):
    run([cc, "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-O1", *flags, folder / "plain.c",
         *([] if "-c" in flags else ["-lm"]), "-o", tmp_path / "out"])


def test_batch_of_the_build(folder, plain, tmp_path):
    program = build(folder / "plain.c", "-DMT_BATCH=5", optimize="-O1")
    assert log_of(program, folder, "--run=1epoch", "--log_every=1step")[0]["settings"]["data.batch"] == 5
    assert "from 1 to 5" in run([program, "--batch=6"], cwd=folder, code=2).stderr


def test_progress_on_a_terminal(plain, folder):
    import os

    master, slave = terminal()
    program = subprocess.Popen([plain, "--run=2000000000steps", "--log_every=2000000000steps",
                                "--eval_every=1000000epochs"], cwd=folder, stdout=slave, stderr=subprocess.DEVNULL)
    os.close(slave)
    seen, deadline = "", time.time() + 60
    while "left" not in seen and time.time() < deadline:
        seen += os.read(master, 4096).decode()
    program.send_signal(signal.SIGINT)
    program.wait(timeout=60)
    os.close(master)
    assert re.search(r"epoch \d+/\d+  step \d+/2000000000  loss \S+  \d+ examples/s  \S+ left", seen)


def test_damaged_files_of_parameters(tmp_path):
    """200,000 files, under the sanitizers: every one is refused with a message, or read."""
    program = tmp_path / "fuzz"
    run(["gcc", "-g", "-O1", "-std=c99", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
         ROOT / "tests/fuzz/fuzz_safetensors.c", "-lm", "-o", program])
    assert "of 200000 damaged files were read" in run([program], cwd=tmp_path).stdout


@pytest.mark.parametrize("cc", ["gcc", "clang"])
@pytest.mark.parametrize("piece", sorted(path.name for path in (ROOT / "runtime").glob("*.c")
                                         if '#include "trainer.h"' in path.read_text()))
def test_pieces_compile_by_themselves(cc, piece):
    for flags in ([], ["-DMT_DOUBLE"]):
        run([cc, "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-Wno-unused-function", *flags,
             "-fsyntax-only", ROOT / "runtime" / piece])
