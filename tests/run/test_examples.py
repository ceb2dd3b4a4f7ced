"""The examples learn what they are there to learn."""

import os
import pathlib

import pytest
from helpers import EXAMPLES, evaluate, example, read_log, run

FAST = dict(optimize="-O3")


def accuracy(name, folder, split, *flags):
    """Trains an example as it stands; the accuracy of what it saves, by `eval`, which must be the last one logged."""
    program = example(name, folder, **FAST)
    saved, log = folder / "p.safetensors", folder / "log"
    run([program, f"--save={saved}", f"--log={log}", *flags], cwd=EXAMPLES / name)
    result = evaluate(program, split, f"--init={saved}", *flags, cwd=EXAMPLES / name)
    last = [line for line in read_log(log) if line["event"] == "eval"][-1]
    assert last["split"] == split
    assert result["acc"] == pytest.approx(last["acc"], abs=1e-12)
    assert result["loss"] == pytest.approx(last["loss"], rel=1e-6)
    return result["acc"]


def test_digits(tmp_path):
    assert accuracy("digits", tmp_path, "test") >= 0.97


def test_iris(tmp_path):
    assert accuracy("iris", tmp_path, "test") >= 0.93


def test_xor(tmp_path):
    assert accuracy("xor", tmp_path, "train") == 1


def test_seeds(tmp_path):
    """Not one lucky seed: three more of each reach the mark on average."""
    for name, split, least in (("digits", "test", 0.97), ("iris", "test", 0.93), ("xor", "train", 1)):
        folder = tmp_path / name
        folder.mkdir()
        results = [accuracy(name, folder, split, f"--train.seed={seed}") for seed in (11, 12, 13)]
        assert sum(results) / 3 >= least, f"{name}: {results}"


def mnist():
    folder = pathlib.Path(os.environ.get("MT_MNIST", "/nonexistent"))
    if not (folder / "train-images-idx3-ubyte").exists():
        pytest.skip("MT_MNIST is not set to a folder with the four unpacked files of MNIST")
    return folder


@pytest.mark.parametrize("name", ["lenet5", "mlp"])
def test_mnist(tmp_path, name):
    """One epoch of MNIST."""
    folder = mnist()
    program = example(name, tmp_path, "-march=native", **FAST)
    saved = tmp_path / "p.safetensors"
    run([program, "--run=1epochs", f"--save={saved}"], cwd=folder, timeout=1200)
    assert evaluate(program, "test", f"--init={saved}", cwd=folder)["acc"] >= 0.96


def test_learns_nothing_from_noise(tmp_path):
    """The accuracy is measured, not promised: with labels that have nothing to do with the images it is chance."""
    import numpy as np

    data = (EXAMPLES / "digits" / "train-labels-idx1-ubyte").read_bytes()
    labels = np.frombuffer(data[8:], np.uint8)
    shuffled = np.random.RandomState(1).permutation(labels)
    (tmp_path / "labels").write_bytes(data[:8] + shuffled.tobytes())
    program = example("digits", tmp_path, **FAST)
    saved = tmp_path / "p.safetensors"
    run([program, "--run=3epochs", f"--data.train.label={tmp_path}/labels", f"--save={saved}"], cwd=EXAMPLES / "digits")
    assert evaluate(program, "test", f"--init={saved}", cwd=EXAMPLES / "digits")["acc"] < 0.4
