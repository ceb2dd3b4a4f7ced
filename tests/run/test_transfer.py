"""Transfer from PyTorch: a trunk that it has trained is loaded by path and stays as it is, a new head is trained, and the
file that comes out is one of PyTorch's again (tests/parity/make_transfer.py, transfer.mt)."""

import sys

import numpy as np
import pytest
from helpers import EXACT, ROOT, build, evaluate, mtc, relative_error, run
from safetensors.numpy import load_file, save_file

PARITY = ROOT / "tests" / "parity"
PRETRAINED, EXPECTED = PARITY / "transfer_trunk.safetensors", load_file(PARITY / "transfer.safetensors")
TRUNK = ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"]
KEEP = [f"--init={PRETRAINED}", "--init-missing=keep"]


def read_idx(path, skip, shape):
    return np.frombuffer(path.read_bytes(), np.uint8, offset=skip).reshape(shape)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The digits, with odd and even as labels."""
    path, digits = tmp_path_factory.mktemp("transfer"), ROOT / "examples" / "digits"
    for split in ("train", "test"):
        np.save(path / f"{split}_image.npy", read_idx(digits / f"{split}-images-idx3-ubyte", 16, (-1, 8, 8)))
        np.save(path / f"{split}_odd.npy", read_idx(digits / f"{split}-labels-idx1-ubyte", 8, (-1,)) % 2)
    return path


def make(folder, name, *flags):
    mtc(PARITY / "transfer.mt", folder / f"{name}.c")
    return build(folder / f"{name}.c", *flags)


@pytest.fixture(scope="module")
def double(folder):
    return make(folder, "double", "-DMT_DOUBLE", *EXACT)


@pytest.fixture(scope="module")
def single(folder):
    return make(folder, "single")


def test_head_is_trained_as_by_pytorch(folder, double):
    done = run([double, *KEEP, "--save=double.safetensors"], cwd=folder)
    trained, start = load_file(folder / "double.safetensors"), load_file(PRETRAINED)
    assert set(trained) == {*TRUNK, "head.weight", "head.bias"}
    assert all((trained[path] == start[path].astype(np.float64)).all() for path in TRUNK)
    for path in ("head.weight", "head.bias"):
        assert relative_error(trained[path], EXPECTED[path]) < 1e-10
    assert "4 of 6 parameters are those of" in done.stderr


def test_table_of_what_happens(folder, single):
    lines = run([single, *KEEP, "--run=1step"], cwd=folder).stderr.splitlines()
    assert lines[0] == f"parity: 4 of 6 parameters are those of {PRETRAINED}"
    assert lines[1:8] == [
        "  path          in the file    in the model   what happens",
        "  conv1.weight  [8, 1, 3, 3]   [8, 1, 3, 3]   loaded",
        "  conv1.bias    [8]            [8]            loaded",
        "  conv2.weight  [16, 8, 3, 3]  [16, 8, 3, 3]  loaded",
        "  conv2.bias    [16]           [16]           loaded",
        "  head.weight   [10, 64]       [2, 64]        keeps its initial values: another shape",
        "  head.bias     [10]           [2]            keeps its initial values: another shape",
    ]


def test_pytorch_predicts_the_same(folder, single):
    """In float; the outputs of the twin are committed, and where there is PyTorch it reads the file itself."""
    run([single, *KEEP, "--save=single.safetensors"], cwd=folder)
    run([single, "predict", "--init=single.safetensors", "--split=test", "--out=outputs.npy"], cwd=folder)
    outputs = np.load(folder / "outputs.npy")
    assert relative_error(outputs[:len(EXPECTED["outputs"])], EXPECTED["outputs"]) < 1e-5
    result = evaluate(single, "test", "--init=single.safetensors", cwd=folder)
    assert result["acc"] == pytest.approx(EXPECTED["accuracy"][0], abs=0.005) and result["acc"] > 0.9
    torch = pytest.importorskip("torch")
    sys.path.insert(0, str(PARITY))
    import make_transfer
    net = make_transfer.Net(2)
    net.load_state_dict({path: torch.tensor(values) for path, values in load_file(folder / "single.safetensors").items()})
    with torch.no_grad():
        twin = net(make_transfer.inputs(np.load(folder / "test_image.npy"), torch.float32)).numpy()
    assert relative_error(outputs, twin) < 1e-5


def test_trunk_has_no_gradient(folder, double):
    """Neither code for it, nor a place in grads, nor a check."""
    text = (folder / "double.c").read_text()
    assert "conv2d_backward" not in text and "max_pool2d_backward" not in text and "d->x" not in text
    run([double, "grads", *KEEP, "--out=grads.safetensors"], cwd=folder)
    assert set(load_file(folder / "grads.safetensors")) == {"head.weight", "head.bias"}
    checked = run([double, "gradcheck"], cwd=folder).stdout
    assert "all 2 tensors agree" in checked and "conv" not in checked


@pytest.mark.parametrize("change, words", [
    (lambda w: w.pop("conv1.bias"), ["3 of 6 parameters", "conv1.bias", "keeps its initial values: not in the file"]),
    (lambda w: w.update(extra=w["conv1.bias"]), ["4 of 6 parameters", "extra", "ignored"]),
    (lambda w: w.update({"conv1.bias": w["conv1.bias"].astype(np.int64)}),
     ["3 of 6 parameters", "[8] I64", "keeps its initial values: numbers that are not F32 or F64"]),
])
def test_what_is_missing_keeps_its_values(folder, single, change, words):
    start = dict(load_file(PRETRAINED))
    change(start)
    save_file(start, folder / "changed.safetensors")
    message = run([single, "--init=changed.safetensors", "--init-missing=keep", "--save=kept.safetensors", "--run=1step"],
                  cwd=folder).stderr
    assert all(word in message for word in words)
    kept = load_file(folder / "kept.safetensors")
    assert (kept["conv1.weight"] == start["conv1.weight"]).all()
    run([single, "--save=fresh.safetensors", "--run=1step"], cwd=folder)
    fresh = load_file(folder / "fresh.safetensors")
    if "keeps" in words[-1]:
        assert (kept["conv1.bias"] == fresh["conv1.bias"]).all() and not (kept["conv1.weight"] == fresh["conv1.weight"]).all()


def test_without_keep_all_that_is_wrong_is_listed(folder, single):
    message = run([single, f"--init={PRETRAINED}"], cwd=folder, code=1).stderr
    assert "error: this model has other parameters than those of" in message
    assert [line.split()[0] for line in message.splitlines()[1:]] == ["path", "head.weight", "head.bias"]
    assert message.count("another shape") == 2


def test_nothing_in_common_is_an_error(folder, single):
    save_file({"other": np.zeros(3, np.float32)}, folder / "other.safetensors")
    message = run([single, "--init=other.safetensors", "--init-missing=keep"], cwd=folder, code=1).stderr
    assert "error: this model has no parameter of other.safetensors" in message and "not in this model" in message


@pytest.mark.parametrize("flags, words", [
    (["--init-missing=keep"], "--init-missing needs a file: --init=FILE.safetensors"),
    ([f"--init={PRETRAINED}", "--init-missing=draw"], "--init-missing=draw: not keep"),
    (["eval", f"--init={PRETRAINED}", "--init-missing=keep"], "`eval` has no flag --init-missing"),
    ([f"--init={PRETRAINED}", "--init-mising=keep"], "did you mean --init-missing?"),
])
def test_wrong_use(folder, single, flags, words):
    assert words in run([single, *flags], cwd=folder, code=2).stderr
