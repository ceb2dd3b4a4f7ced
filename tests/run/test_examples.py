"""The examples learn what they are there to learn."""

import gzip
import os
import pathlib

import pytest
from helpers import BUILD, EXAMPLES, ROOT, evaluate, example, read_log, run

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


MNIST = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]


def mnist():
    """A folder with the four files of MNIST: $MT_MNIST, or ../shared/data beside the checkout; .gz is unpacked."""
    for folder in (os.environ.get("MT_MNIST"), ROOT.parent / "shared" / "data"):
        folder = folder and pathlib.Path(folder)
        if folder and all((folder / name).exists() for name in MNIST):
            return folder
        if folder and all((folder / f"{name}.gz").exists() for name in MNIST):
            unpacked = BUILD / "mnist"
            unpacked.mkdir(exist_ok=True)
            for name in MNIST:
                if not (unpacked / name).exists():
                    fresh = unpacked / f"{name}.{os.getpid()}"  # several workers may unpack the same
                    fresh.write_bytes(gzip.decompress((folder / f"{name}.gz").read_bytes()))
                    os.replace(fresh, unpacked / name)
            return unpacked
    pytest.skip("no MNIST: set MT_MNIST to a folder with its four files, unpacked or .gz")


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
