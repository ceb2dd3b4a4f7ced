"""Binary records: files of one size of record, found by a pattern; and one_hot, whose classes such files often hold."""

import gzip
import lzma
import os
import pathlib

import numpy as np
import pytest
from helpers import BUILD, build, evaluate, mtc, read_log, run
from test_data import make, model, refused, values

TYPES = {"u8": "<u1", "i8": "<i1", "u16": "<u2", "i16": "<i2", "u32": "<u4", "i32": "<i4", "u64": "<u8", "i64": "<i8",
         "f32": "<f4", "f64": "<f8"}
RECORDS = model(['train = records("r*.bin", label=u8, image=i16[2, 3], rest=f64[2])', "x: image",
                 "y: label -> class(3)"])
RECORD = np.dtype([("label", "u1"), ("image", "<i2", (2, 3)), ("rest", "<f8", 2)])


@pytest.fixture(scope="session")
def records(tmp_path_factory):
    return make(tmp_path_factory, "records", RECORDS)


def array(n, seed=0):
    random = np.random.default_rng(seed)
    a = np.zeros(n, RECORD)
    a["label"] = random.integers(0, 3, n)
    a["image"] = random.integers(-999, 999, (n, 2, 3))
    a["rest"] = random.normal(size=(n, 2))
    return a


def write(folder, *counts):
    """Files r0.bin, r1.bin, ... of so many records each; the images of all."""
    a = array(sum(counts))
    for k, part in enumerate(np.split(a, np.cumsum(counts)[:-1])):
        (folder / f"r{k}.bin").write_bytes(part.tobytes())
    return a["image"]


@pytest.mark.parametrize("counts", [(7,), (5, 1, 9), (1, 1), (16, 17, 1, 40), tuple([3] * 25)])
def test_files_follow_each_other(records, tmp_path, counts):
    if len(counts) <= 10:
        x = write(tmp_path, *counts)
    else:  # by name, in the order of bytes: r10 stands before r2
        a = array(sum(counts))
        parts = np.split(a, np.cumsum(counts)[:-1])
        for k, part in enumerate(parts):
            (tmp_path / f"r{k}.bin").write_bytes(part.tobytes())
        x = np.concatenate([parts[k]["image"] for k in sorted(range(len(parts)), key=lambda k: f"r{k}.bin".encode())])
    assert np.array_equal(values(records, tmp_path), x)
    assert np.array_equal(values(records, tmp_path, "--batch=3"), x)


def test_order_does_not_depend_on_the_locale(records, tmp_path):
    a = array(3)
    for k, name in enumerate(["rB.bin", "r_.bin", "ra.bin"]):
        (tmp_path / name).write_bytes(a[k:k + 1].tobytes())
    assert np.array_equal(values(records, tmp_path), a["image"])
    init, out = tmp_path / "init.safetensors", tmp_path / "other.npy"
    run([records, "predict", f"--init={init}", "--split=train", "--value=x", f"--out={out}"], cwd=tmp_path,
        env={"LC_ALL": "en_US.UTF-8"})
    assert np.array_equal(np.load(out), a["image"])


def test_pattern_as_a_flag(records, tmp_path):
    x = write(tmp_path, 4, 6)
    (tmp_path / "other").mkdir()
    os.rename(tmp_path / "r1.bin", tmp_path / "other" / "part.dat")
    assert np.array_equal(values(records, tmp_path), x[:4])
    assert np.array_equal(values(records, tmp_path, "--data.train=o*/p?rt.d[a-c]t"), x[4:])
    assert np.array_equal(values(records, tmp_path, f"--data.train={tmp_path}/r0.bin"), x[:4])
    shown = run([records, "--help"]).stdout
    assert "--data.train=" in shown and "files, as a pattern" in shown


@pytest.mark.parametrize("name", TYPES)
def test_types(tmp_path_factory, tmp_path, name):
    """Every type, in front of and behind fields that shift it to an odd place."""
    text = model([f'train = records("r.bin", a=u8[3], x={name}[2, 3], y=i64)', "y: y -> class(3)"])
    program = make(tmp_path_factory, f"type_{name}", text, "-DMT_DOUBLE")
    kind = np.dtype(TYPES[name])
    if kind.kind == "f":
        x = np.random.default_rng(1).normal(size=(9, 2, 3)).astype(kind)
    else:
        limits = np.iinfo(kind)
        x = np.array([limits.min, limits.max, 0, 1, 2, 3] * 9, kind).reshape(9, 2, 3)
    a = np.zeros(9, [("a", "u1", 3), ("x", kind, (2, 3)), ("y", "<i8")])
    a["x"], a["y"] = x, np.arange(9) % 3
    (tmp_path / "r.bin").write_bytes(a.tobytes())
    # Training on such numbers may end at once: the parameters come from a file of zeros.
    zeros = a.copy()
    zeros["x"] = 0
    (tmp_path / "zeros.bin").write_bytes(zeros.tobytes())
    values(program, tmp_path, "--data.train=zeros.bin")
    assert np.array_equal(values(program, tmp_path), x.astype("f8"))


SIZE = RECORD.itemsize
FAULTS = {
    "none": ({}, "r*.bin: no file has such a name"),
    "empty": ({"r0.bin": b""}, "r0.bin: the file is empty"),
    "second_empty": ({"r0.bin": array(2).tobytes(), "r1.bin": b""}, "r1.bin: the file is empty"),
    "cut": ({"r0.bin": array(2).tobytes()[:-1]},
            f"r0.bin: {2 * SIZE - 1} bytes are no whole number of records of {SIZE} bytes each\n"
            "  a record is label=u8, image=i16[2, 3], rest=f64[2]"),
    "long": ({"r0.bin": array(2).tobytes(), "r1.bin": array(3).tobytes() + b"a"},
             f"r1.bin: {3 * SIZE + 1} bytes are no whole number of records"),
    "short": ({"r0.bin": b"a"}, "r0.bin: 1 bytes are no whole number of records"),
    "gzip": ({"r0.bin": gzip.compress(array(3).tobytes())}, "r0.bin: this is a gzip file; unpack it first"),
    "directory": ({"r0.bin": array(1).tobytes(), "r1.bin": None}, "r1.bin: Is a directory"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(records, tmp_path, fault):
    files, message = FAULTS[fault]
    for name, content in files.items():
        if content is None:
            (tmp_path / name).mkdir()
        else:
            (tmp_path / name).write_bytes(content)
    assert f"m: error: {message}" in refused(records, tmp_path)


def test_begins_as_gzip_files_do(records, tmp_path):
    """Two bytes that are data are no reason to refuse whole records. (class 31 is one of 3 here, and said to be.)"""
    a = array(2).tobytes()
    (tmp_path / "r0.bin").write_bytes(b"\x1f\x8b" + a[2:])
    assert "label 31 in example 0 (file r0.bin, record 0) is not below 3" in refused(records, tmp_path)


def test_class_out_of_range(records, tmp_path):
    a = array(12)
    a["label"][9] = 3
    (tmp_path / "r0.bin").write_bytes(a[:7].tobytes())
    (tmp_path / "r1.bin").write_bytes(a[7:].tobytes())
    message = refused(records, tmp_path)
    assert "m: error: label 3 in example 9 (file r1.bin, record 2) is not below 3\n" in message
    assert "declared at records.mt: y: label -> class(3)" in message


@pytest.mark.parametrize("flags", [("gcc", "-DMT_NO_MMAP"), ("tcc",), ("gcc", "-std=c99", "-U__unix__", "-DMT_DOUBLE")])
def test_other_builds_read_the_same(tmp_path, flags):
    cc, *flags = flags
    mtc(RECORDS, tmp_path / "m.c")
    program = build(tmp_path / "m.c", *flags, cc=cc, optimize=None)
    x = write(tmp_path, 9)
    assert np.array_equal(values(program, tmp_path, "--data.train=r0.bin"), x)
    if "-U__unix__" in flags:
        assert "m: error: r*.bin: this system has no patterns" in refused(program, tmp_path)
    else:
        assert np.array_equal(values(program, tmp_path), x)


def test_unreadable(records, tmp_path):
    write(tmp_path, 3)
    os.symlink("nowhere", tmp_path / "r1.bin")
    assert "m: error: r1.bin: No such file or directory" in refused(records, tmp_path)


# ------------------------------------------------------------------------------------------------------- one_hot


@pytest.mark.parametrize("chain", ["one_hot(4)", "class(4) -> one_hot", "class(3) -> one_hot(4)"])
def test_one_hot(tmp_path, chain):
    text = model(['train = records("r.bin", y=u8)', f"x: y -> {chain} -> scale(0.9)"], shape="[B, 4]", loss="mean(out)")
    mtc(text, tmp_path / "m.c")
    program = build(tmp_path / "m.c", optimize="-O1")
    labels = np.arange(37) % 3
    (tmp_path / "r.bin").write_bytes(labels.astype("u1").tobytes())
    assert np.array_equal(values(program, tmp_path), np.eye(4, dtype="f4")[labels] * np.float32(0.9))
    (tmp_path / "r.bin").write_bytes(bytes([0, 4]))
    assert "y 4 in example 1 (file r.bin, record 1) is not below" in refused(program, tmp_path)


def test_one_hot_of_places_words_and_lists(tmp_path):
    """The vectors are the last axis, as in PyTorch; of a csv the words are classes first, of inline the numbers."""
    text = model(['train = npy(a="a.npy")', "x: a -> one_hot(3)"], shape="[B, 2, 5, 3]", loss="mean(out)")
    mtc(text, tmp_path / "m.c")
    labels = np.random.default_rng(1).integers(0, 3, (20, 2, 5))
    np.save(tmp_path / "a.npy", labels)
    assert np.array_equal(values(build(tmp_path / "m.c", optimize="-O1"), tmp_path), np.eye(3)[labels])
    text = model(['train = csv("t.csv")', 'x: column(0) -> classes("b", "a") -> one_hot'], shape="[B, 2]",
                 loss="mean(out)")
    other = tmp_path / "csv"
    other.mkdir()
    mtc(text, other / "m.c")
    (other / "t.csv").write_text("a\nb\nb\n")
    assert values(build(other / "m.c", optimize="-O1"), other).tolist() == [[0, 1], [1, 0], [1, 0]]
    text = model(["train = inline(k=[2, 0])", "x: k -> one_hot(3)"], shape="[B, 3]", loss="mean(out)")
    third = tmp_path / "inline"
    third.mkdir()
    mtc(text, third / "m.c")
    assert values(build(third / "m.c", optimize="-O1"), third).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_one_hot_target(tmp_path):
    """A distribution as the target gives the loss that the class gives."""
    losses = []
    for name, column in (("a", "y: k -> class(3)"), ("b", "y: k -> one_hot(3)")):
        text = model(['train = records("r.bin", k=u8, x=f32[2])', column], shape="[B, 2]")
        mtc(text, tmp_path / f"{name}.c")
        program = build(tmp_path / f"{name}.c", optimize="-O1")
        a = np.zeros(50, [("k", "u1"), ("x", "<f4", 2)])
        a["k"], a["x"] = np.arange(50) % 3, np.random.default_rng(1).normal(size=(50, 2))
        (tmp_path / "r.bin").write_bytes(a.tobytes())
        run([program, f"--log={tmp_path / name}", "--log_every=1steps", "--run=3epochs"], cwd=tmp_path)
        losses.append([line["loss"] for line in read_log(tmp_path / name) if line["event"] == "step"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-5) and len(set(losses[0])) > 3


# ------------------------------------------------------------------------------------------------------- CIFAR-10


CIFAR = ["cifar10-data_batch_1.bin", "cifar10-test_first1000.bin"]


def cifar():
    """A folder with binary files of CIFAR-10: $MT_CIFAR; .xz is unpacked."""
    if not os.environ.get("MT_CIFAR"):
        pytest.skip("no CIFAR-10: set MT_CIFAR to a folder with " + " and ".join(CIFAR) + ", unpacked or .xz")
    folder = pathlib.Path(os.environ["MT_CIFAR"]).resolve()
    if all((folder / name).exists() for name in CIFAR):
        return folder
    missing = [name for name in CIFAR if not (folder / f"{name}.xz").exists()]
    if missing:
        pytest.skip(f"no CIFAR-10: {folder} has no {' '.join(missing)}, nor these as .xz")
    unpacked = BUILD / "cifar"
    unpacked.mkdir(exist_ok=True)
    for name in CIFAR:
        if not (unpacked / name).exists():
            fresh = unpacked / f"{name}.{os.getpid()}"  # several workers may unpack the same
            fresh.write_bytes(lzma.decompress((folder / f"{name}.xz").read_bytes()))
            os.replace(fresh, unpacked / name)
    return unpacked


CIFAR_MODEL = """mt 1
data {
  train = records("cifar10-data_batch_*.bin", label=u8, image=u8[3, 32, 32])
  test = records("cifar10-test_*.bin", label=u8, image=u8[3, 32, 32])
  x: image -> scale(1 / 255) -> random_crop(32, padding=4) -> random_hflip
    -> normalize(mean=[0.4914, 0.4822, 0.4465], std=[0.2470, 0.2435, 0.2616])
  y: label -> class(10)
  batch = 50
  shuffle = true
}
model net(x: [B, 3, 32, 32]) {
  conv1: conv2d(16, 5, stride=2) -> relu
  conv2: conv2d(32, 3, stride=2) -> relu
  flatten
  logits: linear(10)
}
loss { cross_entropy(logits, y) }
metrics { acc = accuracy(logits, y) }
optimizer adam(lr=0.001)
train { run = 3 epochs }
"""


def test_cifar(tmp_path):
    """The images as numpy reads them; a small net learns from moved ones what it needs for those of the test."""
    folder = cifar()
    mtc(CIFAR_MODEL, tmp_path / "m.c")
    program = build(tmp_path / "m.c", "-march=native", optimize="-O3")
    saved, out = tmp_path / "p.safetensors", tmp_path / "x.npy"
    run([program, f"--save={saved}"], cwd=folder, timeout=1200)
    assert evaluate(program, "test", f"--init={saved}", cwd=folder)["acc"] >= 0.4, "chance is 0.1"
    run([program, "predict", f"--init={saved}", "--split=test", "--value=x", f"--out={out}"], cwd=folder)
    records = np.frombuffer((folder / CIFAR[1]).read_bytes(), [("label", "u1"), ("image", "u1", (3, 32, 32))])
    mean, std = (np.array(v).reshape(3, 1, 1) for v in ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]))
    assert np.abs(np.load(out) - (records["image"] / 255 - mean) / std).max() < 1e-5
