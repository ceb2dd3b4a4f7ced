"""Batch norm in a trainer: running statistics in files and in evaluation, batches of one example, accumulated micro-batches."""

import json

import numpy as np
import pytest
from helpers import EXACT, mtc, build, run, trainer
from safetensors.numpy import load_file, save_file

PROGRAM = """mt 1

data {{
  train = npy(x="x.npy", label="y.npy")
  test = npy(x="x.npy", label="y.npy")
  y: label -> class(3)
  batch = {batch}
  shuffle = true
}}

block dense(x; d) {{
  fc: linear(d, bias=false)
  bn: batch_norm1d({options})
  relu
}}

model net(x: [B, 6]) {{
  h1: dense(8)
  h2: h1 -> dense(8)
  h3: h2 -> share(h2)
  logits: linear(3)
}}

loss {{ cross_entropy(logits, y) }}
optimizer sgd(lr=0.05, momentum=0.9)
train {{
  run = 3 epochs
  accumulate = {accumulate}
}}
"""
STATISTICS = ["h1.bn.running_mean", "h1.bn.running_var", "h2.bn.running_mean", "h2.bn.running_var"]


def program(options="", batch=8, accumulate=1):
    return PROGRAM.format(options=options, batch=batch, accumulate=accumulate)


@pytest.fixture(autouse=True)
def data(tmp_path):
    state = np.random.RandomState(0)
    np.save(tmp_path / "x.npy", (2 + 3 * state.standard_normal([43, 6])).astype(np.float32))
    np.save(tmp_path / "y.npy", state.randint(0, 3, 43))


def trained(net, folder, *flags):
    run([net, "--save=a.safetensors", *flags], cwd=folder)
    return load_file(folder / "a.safetensors")


def predict(net, folder, *flags, split="test"):
    run([net, "predict", f"--split={split}", "--init=a.safetensors", "--out=predictions.npy", *flags], cwd=folder)
    return np.load(folder / "predictions.npy")


def test_statistics_are_saved_and_loaded(tmp_path):
    net = trainer(program(), tmp_path)
    kept = trained(net, tmp_path)
    assert set(STATISTICS) <= set(kept) and not any("h3" in path for path in kept)
    assert all(np.abs(kept[path] - path.endswith("var")).max() > 0.01 for path in STATISTICS)
    run([net, "--lr=1e-30", "--run=1steps", "--init=a.safetensors", "--save=b.safetensors"], cwd=tmp_path)
    again = load_file(tmp_path / "b.safetensors")
    assert np.array_equal(again["h1.fc.weight"], kept["h1.fc.weight"])
    for path in STATISTICS:  # moved by one step from where they were, not from their start
        assert 0 < np.abs(again[path] - kept[path]).max() < 0.6 * np.abs(kept[path] - path.endswith("var")).max()


def by_hand(kept, x):
    """The net in evaluation mode."""
    for block in ["h1", "h2", "h2"]:
        x = x @ kept[f"{block}.fc.weight"].T.astype(float)
        scale = kept[f"{block}.bn.weight"] / np.sqrt(kept[f"{block}.bn.running_var"].astype(float) + 1e-5)
        x = np.maximum((x - kept[f"{block}.bn.running_mean"]) * scale + kept[f"{block}.bn.bias"], 0)
    return x @ kept["logits.weight"].T + kept["logits.bias"]


def test_evaluation_does_not_see_the_batch(tmp_path):
    net = trainer(program(), tmp_path, "-ffp-contract=off")
    kept = trained(net, tmp_path)
    all_of_them = predict(net, tmp_path)
    np.testing.assert_allclose(all_of_them, by_hand(kept, np.load(tmp_path / "x.npy")), rtol=1e-4, atol=1e-5)
    assert np.array_equal(predict(net, tmp_path, "--batch=1"), all_of_them)
    np.save(tmp_path / "x.npy", np.load(tmp_path / "x.npy")[41:42])
    assert np.array_equal(predict(net, tmp_path), all_of_them[41:42])


def test_evaluation_with_the_batch(tmp_path):
    """track_running_stats=false: nothing is kept, and another batch is another result."""
    net = trainer(program("track_running_stats=false"), tmp_path)
    kept = trained(net, tmp_path)
    assert not any("running" in path for path in kept)
    assert np.abs(predict(net, tmp_path) - predict(net, tmp_path, "--batch=5")).max() > 0.01
    done = run([net, "predict", "--init=a.safetensors", "--batch=1"], cwd=tmp_path, code=1)
    assert "a batch has one example, and batch_norm1d of `h1.bn` needs more than one number" in done.stderr
    done = run([net, "eval", "--init=a.safetensors", "--batch=6"], cwd=tmp_path, code=1)
    assert "the last batch of test has one example" in done.stderr


def test_file_of_pytorch(tmp_path):
    """What torch's state_dict has besides: how many batches a norm has seen, as an I64 without axes."""
    net = trainer(program(), tmp_path)
    kept = trained(net, tmp_path)
    expected = predict(net, tmp_path)
    counters = {f"{block}.bn.num_batches_tracked": np.array(18) for block in ["h1", "h2"]}
    save_file({**kept, **counters}, tmp_path / "a.safetensors")
    assert np.array_equal(predict(net, tmp_path), expected)
    for stray in ["num_batches_tracked", "h1.num_batches_tracked", "h1.bn.x.num_batches_tracked", "h3.bn.num_batches_tracked"]:
        save_file({**kept, stray: np.array(18)}, tmp_path / "a.safetensors")
        done = run([net, "predict", "--init=a.safetensors"], cwd=tmp_path, code=1)
        assert stray in done.stderr and "not in this model" in done.stderr


def test_missing_statistics(tmp_path):
    """A file without them is refused: evaluation would use statistics that no training has gathered."""
    net = trainer(program(), tmp_path)
    kept = trained(net, tmp_path)
    del kept["h2.bn.running_var"]
    save_file(kept, tmp_path / "a.safetensors")
    for command in ["eval", "train", "gradcheck"]:
        done = run([net, command, "--init=a.safetensors"], cwd=tmp_path, code=1)
        assert "h2.bn.running_var " in done.stderr and "not in the file" in done.stderr


def test_info(tmp_path):
    text = run([trainer(program(), tmp_path), "info"], cwd=tmp_path).stdout
    parameters, buffers = text.split("buffers, which forward_train changes\n")
    assert not any(path in parameters for path in STATISTICS)
    assert all(f"  {path:24} [8]  8\n" in buffers for path in STATISTICS) and f"  {'total':24} 32\n" in buffers


def test_grads_and_gradcheck_leave_them_out(tmp_path):
    net = trainer(program(), tmp_path, "-DMT_DOUBLE")
    kept = trained(net, tmp_path)
    run([net, "gradcheck", "--elements=all", "--init=a.safetensors"], cwd=tmp_path)
    for step in ["1", "6"]:  # the last batch of the epoch is short
        run([net, "grads", "--init=a.safetensors", "--out=g.safetensors", f"--step={step}"], cwd=tmp_path)
        assert set(load_file(tmp_path / "g.safetensors")) == set(kept) - set(STATISTICS)


@pytest.mark.parametrize("flags, error", [
    (["--batch=7"], "the last batch of train has one example, and batch_norm1d of `h1.bn` needs more than one number for each "
                    "channel\n  43 examples in batches of 7; --data.drop_last=true leaves the last one out; "
                    "--data.batch=5 leaves no such batch\n"),
    (["--batch=1"], "a batch of train has one example, and batch_norm1d of `h1.bn` needs more than one number for each channel\n"
                    "  43 examples in batches of 1; --data.batch=8 leaves no such batch\n"),
])
def test_batch_of_one(tmp_path, flags, error):
    net = trainer(program(), tmp_path)
    done = run([net, "--save=a.safetensors", *flags], cwd=tmp_path, code=1)
    assert done.stderr == f"net: error: {error}" and "loss" not in done.stdout
    assert not (tmp_path / "a.safetensors").exists()
    for mend in error.split("; ")[1:]:
        run([net, flags[0] if "drop_last" in mend else "--run=1epochs", mend.split()[0]], cwd=tmp_path)


def test_one_example_with_many_places(tmp_path):
    """A batch of one image has a variance in each channel."""
    np.save(tmp_path / "x.npy", np.random.RandomState(1).standard_normal([3, 2, 4, 4]).astype(np.float32))
    np.save(tmp_path / "y.npy", np.array([0, 1, 2]))
    text = program(batch=2).replace("[B, 6]", "[B, 2, 4, 4]").replace("h1: dense(8)", "h0: batch_norm2d -> flatten\n  h1: h0 -> linear(8)")
    text = text.replace("h2: h1 -> dense(8)", "h2: linear(8)").replace("  h3: h2 -> share(h2)\n", "").replace("block dense", "block unused")
    net = trainer(text, tmp_path)
    run([net, "--batch=1"], cwd=tmp_path)
    run([net], cwd=tmp_path)


def test_accumulated(tmp_path):
    """The compiler warns of what the program says, the trainer of what the command line says."""
    source = tmp_path / "net.c"
    assert "warning[W0631]: batch statistics see 8 examples, not 32" in mtc(program(accumulate=4), source).stderr
    net = build(source)
    assert run([net], cwd=tmp_path).stderr == ""
    assert run([net, "--accumulate=1"], cwd=tmp_path).stderr == ""
    assert run([net, "--accumulate=2", "--batch=5"], cwd=tmp_path).stderr == (
        "net: warning: batch statistics see 5 examples, not 10: batch_norm1d of `h1.bn` normalises each micro-batch by itself\n")
    assert mtc(program(), source).stderr == ""


def test_statistics_of_micro_batches(tmp_path):
    """Each micro-batch updates them once, whatever a step is."""
    one = trained(trainer(program(), tmp_path), tmp_path, "--lr=1e-30", "--run=1epochs")
    four = trained(trainer(program(accumulate=4), tmp_path), tmp_path, "--lr=1e-30", "--run=1epochs")
    for path in STATISTICS:
        assert np.array_equal(one[path], four[path])


def test_same_bits(tmp_path):
    """For any number of threads, level of optimization and compiler."""
    source = tmp_path / "net.c"
    mtc(program(batch=13), source)
    kinds = [["gcc", "-O0"], ["gcc", "-O3", "-march=native"], ["clang", "-O3", "-march=native"]]
    kept = [trained(build(source, *EXACT, *kind[2:], cc=kind[0], optimize=kind[1]), tmp_path) for kind in kinds]
    threads = build(source, *EXACT, "-fopenmp")
    for number in ["1", "2"]:
        run([threads, "--save=a.safetensors"], cwd=tmp_path, env={"OMP_NUM_THREADS": number})
        kept.append(load_file(tmp_path / "a.safetensors"))
    for other in kept[1:]:
        assert all(np.array_equal(other[path], array) for path, array in kept[0].items())


def test_not_finite_is_not_saved(tmp_path):
    """Statistics that are no finite number are said by name."""
    np.save(tmp_path / "x.npy", np.load(tmp_path / "x.npy") * np.float32(1e19))
    done = run([trainer(program(), tmp_path), "--save=a.safetensors", "--run=1steps"], cwd=tmp_path, code=3)
    assert not (tmp_path / "a.safetensors").exists()
    assert "error: h1.bn.running_var is not finite after step 1: nothing is saved" in done.stderr


def test_a_log_counts_parameters_alone(tmp_path):
    net = trainer(program(), tmp_path)
    trained(net, tmp_path, "--log=log")
    start = json.loads((tmp_path / "log").read_text().splitlines()[0])
    assert start["parameters"] == 6 * 8 + 16 + 64 + 16 + 27
