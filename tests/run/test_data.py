"""Data from files to the model: what `predict --value=x` prints of an input is compared with what numpy makes of the
same numbers; and a clear message with exit code 1 for each kind of faulty file."""

import gzip
import io
import os
import shutil
import struct

import numpy as np
import pytest
from helpers import ROOT, build, clang_format, evaluate, mtc, read_log, run, trainer

MODEL = """mt 1
data {{
  {data}
  batch = {batch}
  shuffle = {shuffle}
}}
model m(x: {shape}) {{
  {flatten}out: linear(3)
}}
loss {{ {loss} }}
optimizer sgd(lr=0.1)
train {{ run = 1 epochs }}
"""
CLASSES = "cross_entropy(out, y)"


def model(data, shape="[B, 2, 3]", batch=4, shuffle="true", loss=CLASSES):
    flatten = "flatten\n  " if shape.count(",") > 1 else ""
    return MODEL.format(data="\n  ".join(data), shape=shape, batch=batch, shuffle=shuffle, flatten=flatten, loss=loss)


def make(tmp_path_factory, name, text, *flags, **options):
    return trainer(text, tmp_path_factory.mktemp(name), *flags, name=name, optimize="-O1", **options)


@pytest.fixture(scope="session")
def idx(tmp_path_factory):
    return make(tmp_path_factory, "idx", model(
        ['train = idx(image="x", label="y")', "x: image", "y: label -> class(3)"]))


NPY = model(['train = npy(image="x.npy", label="y.npy")', "x: image", "y: label -> class(3)"])


@pytest.fixture(scope="session")
def npy(tmp_path_factory):
    return make(tmp_path_factory, "npy", NPY)


CSV = model(['train = csv("t.csv", header=true)', 'x: columns("b", "a")',
             'y: column("kind") -> classes("no", "yes", "?")'], shape="[B, 2]")


@pytest.fixture(scope="session")
def csv(tmp_path_factory):
    return make(tmp_path_factory, "csv", CSV)


@pytest.fixture(scope="session")
def numbers(tmp_path_factory):
    return make(tmp_path_factory, "numbers", model(
        ['train = csv("t.csv", sep=";")', "x: columns(first=0, last=1)", "y: column(3) -> class(3)"], shape="[B, 2]"))


def values(program, folder, *flags, value="x", split="train"):
    """The rows of a value for each example of a split, in file order."""
    init = folder / "init.safetensors"
    if not init.exists():
        run([program, f"--save={init}", "--run=1steps", *flags], cwd=folder)
    out = folder / "out.npy"
    run([program, "predict", f"--init={init}", f"--split={split}", f"--value={value}", f"--out={out}", *flags],
        cwd=folder)
    return np.load(out)


def refused(program, folder, *flags):
    """The message of a trainer that does not begin."""
    done = run([program, *flags], cwd=folder, code=1)
    assert "Finished" not in done.stdout and "loss" not in done.stdout
    return done.stderr


# ------------------------------------------------------------------------------------------------------------ idx


IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def idx_bytes(array, code=0x08):
    head = struct.pack(">HBB", 0, code, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(IDX_TYPES[code]).tobytes()


def labels(n):
    return np.arange(n) % 3


def write_idx(folder, n=7, code=0x08):
    x = np.random.default_rng(n).integers(0, 100, (n, 2, 3))
    (folder / "x").write_bytes(idx_bytes(x, code))
    (folder / "y").write_bytes(idx_bytes(labels(n)))
    return x


@pytest.mark.parametrize("code", IDX_TYPES)
def test_idx(idx, tmp_path, code):
    x = write_idx(tmp_path, code=code) * (-1 if code in (0x09, 0x0B, 0x0C, 0x0D, 0x0E) else 1)
    (tmp_path / "x").write_bytes(idx_bytes(x, code))
    assert (values(idx, tmp_path) == x).all()


IDX_FAULTS = {
    "empty": (b"", "x: the file is empty"),
    "gzip": (gzip.compress(b"abc"), "x: this is a gzip file; unpack it first:  gunzip x"),
    "text": (b"hello, world", "x: this is not an idx file"),
    "type": (b"\0\0\x0a\1\0\0\0\1aa", "x: an idx file of type 0x0A"),
    "header": (b"\0\0\x08\3\0\0\0\1", "x: the file is cut off in its header"),
    "axes": (b"\0\0\x08\x11" + b"\0\0\0\1" * 17 + b"a", "x: an idx file with 17 axes"),
    "shape": (idx_bytes(np.zeros((7, 3, 2))), "x: holds an array [7, 3, 2], but `image` takes [2, 3] for each example"),
    "rank": (idx_bytes(np.zeros(7)), "x: holds an array [7], but `image` takes [2, 3]"),
    "cut": (idx_bytes(np.zeros((7, 2, 3)))[:-1],
            "x: the file is cut off: 41 bytes of numbers where the header says 42"),
    "long": (idx_bytes(np.zeros((7, 2, 3))) + b"a", "x: there is something behind the numbers: 43 bytes"),
    "none": (idx_bytes(np.zeros((0, 2, 3))), "x: holds no examples"),
    "count": (idx_bytes(np.zeros((6, 2, 3))), "x has 6 examples, but y has 7"),
    "huge": (b"\0\0\x0e\3" + b"\xff\xff\xff\xff" + b"\0\0\0\2\0\0\0\3", "x: holds 4294967295 examples, more than"),
}


@pytest.mark.parametrize("fault", IDX_FAULTS)
def test_idx_faults(idx, tmp_path, fault):
    content, message = IDX_FAULTS[fault]
    write_idx(tmp_path)
    (tmp_path / "x").write_bytes(content)
    assert f"m: error: {message}" in refused(idx, tmp_path)


def test_files_that_cannot_be_read(idx, tmp_path):
    write_idx(tmp_path)
    assert "m: error: nowhere: No such file or directory" in refused(idx, tmp_path, "--data.train.image=nowhere")
    assert "m: error: .: Is a directory" in refused(idx, tmp_path, "--data.train.image=.")


def test_class_out_of_range(idx, tmp_path):
    write_idx(tmp_path, n=900)
    y = labels(900)
    y[812] = 10
    (tmp_path / "y").write_bytes(idx_bytes(y))
    assert refused(idx, tmp_path) == ("m: error: label 10 in example 812 is not below 3\n"
                                      "  declared at idx.mt: y: label -> class(3)\n")
    y[812] = 3
    (tmp_path / "y").write_bytes(idx_bytes(y))
    assert "label 3 in example 812 is not below 3\n" in refused(idx, tmp_path)
    (tmp_path / "y").write_bytes(idx_bytes(-y, 0x09))
    assert "label -1 in example 1 is below 0\n" in refused(idx, tmp_path)
    (tmp_path / "y").write_bytes(idx_bytes(y * 0.5, 0x0D))
    assert "y: `label` holds floating-point numbers, but whole ones are needed" in refused(idx, tmp_path)


def test_predict_takes_no_labels(idx, tmp_path):
    x = write_idx(tmp_path)
    values(idx, tmp_path)
    (tmp_path / "y").unlink()
    assert (values(idx, tmp_path) == x).all()


# ------------------------------------------------------------------------------------------------------------ npy


NPY_TYPES = ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]


@pytest.mark.parametrize("kind", NPY_TYPES)
@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_npy(npy, tmp_path, kind, version):
    x = np.random.default_rng(1).integers(0, 2 if kind == "b1" else 100, (7, 2, 3)).astype("<" + kind)
    if kind[0] in "fi":
        x = -x
    with open(tmp_path / "x.npy", "wb") as file:
        np.lib.format.write_array(file, x, version=version)
    np.save(tmp_path / "y.npy", labels(7).astype("i8" if kind[0] == "f" else kind) if kind != "b1" else x[:, 0, 0])
    assert (values(npy, tmp_path) == x).all()


def test_npy_of_one_column_is_a_scalar(npy, tmp_path):
    np.save(tmp_path / "x.npy", np.ones((7, 2, 3)))
    np.save(tmp_path / "y.npy", labels(7)[:, None])
    values(npy, tmp_path)


def npy_bytes(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


GOOD = npy_bytes(np.zeros((7, 2, 3), "f4"))
NPY_FAULTS = {
    "empty": (b"", "x.npy: the file is empty"),
    "text": (b"hello, world", "x.npy: this is not an npy file"),
    "version": (GOOD[:6] + b"\x04" + GOOD[7:], "x.npy: npy format version 4"),
    "header": (GOOD[:40], "x.npy: the file is cut off in its header"),
    "cut": (GOOD[:-2], "x.npy: the file is cut off: 166 bytes of numbers where the header says 168"),
    "big": (npy_bytes(np.zeros((7, 2, 3), ">f4")), "x.npy: numbers of type '>f4'; known are f4 f8"),
    "complex": (npy_bytes(np.zeros((7, 2, 3), "c8")), "x.npy: numbers of type '<c8'"),
    "half": (npy_bytes(np.zeros((7, 2, 3), "f2")), "x.npy: numbers of type '<f2'"),
    "fields": (npy_bytes(np.zeros(7, [("a", "f4"), ("b", "f4")])), "x.npy: numbers of type [('a'"),
    "fortran": (npy_bytes(np.asfortranarray(np.ones((7, 2, 3)))), "x.npy: an array in Fortran order"),
    "scalar": (npy_bytes(np.float32(1)),
               "x.npy: holds an array [], but `image` takes [2, 3] for each example; the first axis counts"),
    "damaged": (GOOD.replace(b"'shape'", b"'shope'"), "x.npy: the npy header is damaged"),
    "negative": (GOOD.replace(b"(7, 2, 3)", b"(7, 2,-3)"), "x.npy: the npy header is damaged"),
    "overflow": (GOOD.replace(b"(7, 2, 3), } ", b"(7,8888888888888888888,8888888), }"[:13]), "x.npy: "),
    "zip": (b"PK\3\4" + bytes(40), "x.npy: this is not an npy file"),
}


@pytest.mark.parametrize("fault", NPY_FAULTS)
def test_npy_faults(npy, tmp_path, fault):
    content, message = NPY_FAULTS[fault]
    np.save(tmp_path / "y.npy", labels(7))
    (tmp_path / "x.npy").write_bytes(content)
    assert f"m: error: {message}" in refused(npy, tmp_path)


def test_npy_integers_that_do_not_fit(npy, tmp_path):
    np.save(tmp_path / "x.npy", np.zeros((2, 2, 3)))
    for number, kind, message in ((2**63, "u8", "label 9223372036854775808 in example 1 is not below 3"),
                                  (-(2**62), "i8", "label -4611686018427387904 in example 1 is below 0")):
        np.save(tmp_path / "y.npy", np.array([0, number], kind))
        assert message in refused(npy, tmp_path)


# ------------------------------------------------------------------------------------------------------------ csv


CSV_FORMS = {
    "plain": b"a,b,kind\n1,2,no\n3,4,yes\n5,6,?\n",
    "crlf": b"a,b,kind\r\n1,2,no\r\n3,4,yes\r\n5,6,?\r\n",
    "mark": b"\xef\xbb\xbfa,b,kind\n1,2,no\n3,4,yes\n5,6,?\n",
    "no_newline": b"a,b,kind\n1,2,no\n3,4,yes\n5,6,?",
    "crlf_no_newline": b"a,b,kind\r\n1,2,no\r\n3,4,yes\r\n5,6,?\r",
    "empty_lines_behind": b"a,b,kind\n1,2,no\n3,4,yes\n5,6,?\n\n\r\n\n",
    "quoted": b'"a","b","kind"\n"1","2","no"\n3,4,"yes"\n5,6,"?"',
    "other_columns": b'u,kind,"a b, ""c""",b,a\n"two\nlines",no,x,2,1\n"a ""quote""",yes,,4,3\n,?,"",6,5\n',
    "numbers": b"a,b,kind\n 1.0 ,+2,no\n3e0,.4e1,yes\n0.50E+1,6.000000000000000000000,?\n",
}


@pytest.mark.parametrize("form", CSV_FORMS)
def test_csv(csv, tmp_path, form):
    (tmp_path / "t.csv").write_bytes(CSV_FORMS[form])
    assert values(csv, tmp_path).tolist() == [[2, 1], [4, 3], [6, 5]]


CSV_FAULTS = {
    "empty": (b"", "t.csv: the file is empty"),
    "blank": (b"\n\n", "t.csv: the file has no lines"),
    "header_only": (b"a,b,kind\n", "t.csv: no examples behind the header"),
    "utf16": ("a,b,kind\n1,2,no\n".encode("utf-16"), "t.csv: this is UTF-16"),
    "gzip": (gzip.compress(b"a,b,kind\n"), "t.csv: this is a gzip file"),
    "no_column": (b"a,c,kind\n1,2,no\n", "t.csv:1: the header has no column `b`\n  it has `a` `c` `kind`"),
    "two_columns": (b"a,b,b,kind\n1,2,3,no\n", "t.csv:1: columns 1 and 2 are both called `b`"),
    "cells": (b"a,b,kind\n1,2,no\n1,2\n", "t.csv:3: 2 cells, but the header has 3"),
    "more_cells": (b"a,b,kind\n1,2,no,4\n", "t.csv:2: 4 cells, but the header has 3"),
    "empty_line": (b"a,b,kind\n1,2,no\n\n1,2,no\n", "t.csv:3: an empty line"),
    "empty_cell": (b"a,b,kind\n1,2,no\n1,,no\n", "t.csv:3: column 1 `b` is empty; expected a number"),
    "text": (b"a,b,kind\n1,2,no\nabc,2,no\n", "t.csv:3: column 0 `a` is `abc`; expected a number"),
    "nan": (b"a,b,kind\nnan,2,no\n", "t.csv:2: column 0 `a` is `nan`; expected a number"),
    "inf": (b"a,b,kind\n1,inf,no\n", "t.csv:2: column 1 `b` is `inf`; expected a number"),
    "overflow": (b"a,b,kind\n1,1e999,no\n", "t.csv:2: column 1 `b` is `1e999`; expected a number"),
    "too_large": (b"a,b,kind\n1,1e39,no\n", "t.csv:2: column 1 `b` is `1e39`; expected a number that fits"),
    "hex": (b"a,b,kind\n1,0x10,no\n", "t.csv:2: column 1 `b` is `0x10`; expected a number"),
    "two_numbers": (b"a,b,kind\n1,2 3,no\n", "t.csv:2: column 1 `b` is `2 3`; expected a number"),
    "sign": (b"a,b,kind\n1,-,no\n", "t.csv:2: column 1 `b` is `-`; expected a number"),
    "exponent": (b"a,b,kind\n1,2e,no\n", "t.csv:2: column 1 `b` is `2e`; expected a number"),
    "zero_byte": (b"a,b,kind\n1,2,no\n1\0junk,2,no\n", "t.csv:3: column 0 `a` has a zero byte; expected a number"),
    "ends_in_a_zero_byte": (b"a,b,kind\n1,2\0,no\n", "t.csv:2: column 1 `b` has a zero byte; expected a number"),
    "only_a_zero_byte": (b"a,b,kind\n1,\0,no\n", "t.csv:2: column 1 `b` has a zero byte; expected a number"),
    "zero_byte_in_a_class": (b"a,b,kind\n1,2,no\0t\n", "t.csv:2: column 2 `kind` has a zero byte; expected one"),
    "zero_byte_in_a_name": (b"a,b\0c,kind\n1,2,no\n", "t.csv:1: column 1: a zero byte in its name"),
    "class": (b"a,b,kind\n1,2,no\n1,2,No\n", "t.csv:3: column 2 `kind` is `No`; expected one of the 3 classes"),
    "quote": (b'a,b,kind\n1,2,"no\n1,2,no\n', "t.csv:2: column 2: a quote is never closed"),
    "behind_quote": (b'a,b,kind\n1,"2"3,no\n', "t.csv:2: column 1: text behind the closing quote"),
    "line_of_quotes": (b'u,a,b,kind\n"1\n2\n3",1,2,no\n4,1,x,no\n', "t.csv:5: column 2 `b` is `x`; expected a number"),
}


@pytest.mark.parametrize("fault", CSV_FAULTS)
def test_csv_faults(csv, tmp_path, fault):
    content, message = CSV_FAULTS[fault]
    (tmp_path / "t.csv").write_bytes(content)
    assert f"m: error: {message}" in refused(csv, tmp_path)


def test_csv_by_number(numbers, tmp_path):
    (tmp_path / "t.csv").write_bytes(b"1;2;u;0\n3;4;v;2\n")
    assert values(numbers, tmp_path).tolist() == [[1, 2], [3, 4]]
    for content, message in ((b"1;2;u;0\n3;4;v;3\n", "t.csv:2: column 3 is `3`; expected a whole number below 3"),
                             (b"1;2;u;0\n3;4;v;1.5\n", "t.csv:2: column 3 is `1.5`; expected a whole number below 3"),
                             (b"1;2;u;0\n3;4;v;-1\n", "t.csv:2: column 3 is `-1`; expected a whole number below 3"),
                             (b"1;2;u;1\0000\n", "t.csv:1: column 3 has a zero byte; expected a whole number below 3"),
                             (b"1;2;u\n", "t.csv: `y` takes column 3, but there are 3, counted from 0"),
                             (b"1;2;u;0\n1;2;u\n", "t.csv:2: 3 cells, but line 1 has 4")):
        (tmp_path / "t.csv").write_bytes(content)
        assert f"m: error: {message}" in refused(numbers, tmp_path)


@pytest.mark.parametrize("sep", [",", ";", "\\t", "|", " ", ":"])
def test_csv_separators(tmp_path, sep):
    """By compiling alone; test_csv_by_number reads such a file."""
    text = model([f'train = csv("t.csv", sep="{sep}")', "x: columns(0, 1)", "y: column(2) -> class(3)"], shape="[B, 2]")
    mtc(text, tmp_path / "m.c")


@pytest.mark.parametrize("sep", ["e", "E", "x", "Z", "0", "9", "+", "-", ".", '\\"', "\\n", "", ",,"])
def test_csv_separators_that_may_be_part_of_a_cell(tmp_path, sep):
    text = model([f'train = csv("t.csv", sep="{sep}")', "x: columns(0, 1)", "y: column(2) -> class(3)"], shape="[B, 2]")
    done = mtc(text, tmp_path / "m.c", code=1)
    assert "error[E0205]: `sep` of csv must be one byte that is no letter and no part" in done.stderr
    assert "m.mt:3:11\n" in done.stderr


def test_csv_numbers_are_the_nearest(tmp_path):
    """The short way to read a number gives what the long one gives, to the last bit of a double."""
    texts = ["0.1", "-1e-3", "123456.789012345", "999999999999999", "0.000000000000001", "3.14159265358979323846",
             "1e22", "1e-300", "4.9e-324", "179769313486231570000e288", "-0", "0.30000000000000004",
             "12345678901234567890"]
    text = model(['train = csv("t.csv")', "x: columns(0)", "t: columns(0)"], shape="[B, 1]",
                 loss="mse_loss(out, t)").replace("linear(3)", "linear(1)")
    program = trainer(text, tmp_path, "-DMT_DOUBLE", name="m", optimize="-O1")
    # Training on such numbers ends at once: the parameters come from another file.
    (tmp_path / "t.csv").write_text("1\n2\n")
    values(program, tmp_path)
    (tmp_path / "t.csv").write_text("\n".join(texts) + "\n")
    assert [float(x) for x in values(program, tmp_path)[:, 0]] == [float(text) for text in texts]


# ---------------------------------------------------------------------------------------------- splits, transforms


@pytest.fixture(scope="session")
def held(tmp_path_factory):
    text = model(['train = npy(a="a.npy")', "valid = holdout(train, 0.25)", "test = holdout(train, 0.3, seed=5)",
                  "x: a -> scale(0.5) -> standardize"], shape="[B, 4]", loss="mean(out)")
    return make(tmp_path_factory, "held", text)


@pytest.fixture(scope="session")
def plain_held(tmp_path_factory):
    text = model(['train = npy(x="a.npy")', "valid = holdout(train, 0.25)", "test = holdout(train, 0.3, seed=5)"],
                 shape="[B, 4]", loss="mean(out)")
    return make(tmp_path_factory, "plain_held", text)


def test_holdout(plain_held, tmp_path):
    np.save(tmp_path / "a.npy", np.arange(40 * 4, dtype="f4").reshape(40, 4))
    parts = {split: values(plain_held, tmp_path, split=split)[:, 0] / 4 for split in ("train", "valid", "test")}
    assert [len(parts[split]) for split in ("train", "valid", "test")] == [18, 10, 12]
    assert sorted(np.concatenate(list(parts.values()))) == list(range(40))
    for part in parts.values():
        assert (np.diff(part) > 0).all(), "both parts keep the order of the file"
    assert list(parts["valid"]) != list(range(10)), "a random part"
    again = values(plain_held, tmp_path, "--train.seed=9", split="valid")[:, 0] / 4
    assert list(again) == list(parts["valid"]), "the seed of the run does not matter"
    other = values(plain_held, tmp_path, "--data.valid.seed=1", split="valid")[:, 0] / 4
    assert list(other) != list(parts["valid"])
    assert len(values(plain_held, tmp_path, "--data.valid.fraction=0.5", split="valid")) == 20
    assert len(values(plain_held, tmp_path, "--data.valid.fraction=0.001", split="valid")) == 1, "at least one"


def test_holdout_of_too_little(plain_held, tmp_path):
    np.save(tmp_path / "a.npy", np.ones((2, 4), "f4"))
    assert "m: error: test takes 1 of the 1 examples of train, which leaves none" in refused(plain_held, tmp_path)


def test_standardize(held, tmp_path):
    a = np.random.default_rng(3).normal(5, 3, (101, 4)).astype("f4")
    a[:, 2] = 7
    np.save(tmp_path / "a.npy", a)
    plain = {}
    done = run([held, f"--save={tmp_path / 'init.safetensors'}"], cwd=tmp_path)
    assert "x: component 2 is the same number in all examples of train; standardize divides it by 1" in done.stderr
    for split in ("train", "valid", "test"):
        plain[split] = values(held, tmp_path, split=split).astype("f8")
    assert np.abs(plain["train"].mean(0)).max() < 1e-6
    assert np.abs(plain["train"].std(0) - [1, 1, 0, 1]).max() < 1e-6, "of n, not n - 1"
    assert len(plain["train"]) == 101 - 25 - 30
    # The other splits are moved by the numbers of train: one line takes all of them to what they were.
    rows, moved = np.sort(a[:, 0].astype("f8")), np.sort(np.concatenate(list(plain.values()))[:, 0])
    assert np.abs(np.polyval(np.polyfit(rows, moved, 1), rows) - moved).max() < 1e-5


def test_images(tmp_path):
    """Numbers for each channel, in the order in which the row has them."""
    text = model(['train = npy(a="a.npy", t="t.npy")',
                  "x: a -> scale(1 / 255) -> normalize(mean=[0.5, 0.25, -1], std=[2, 4, 0.5]) -> standardize"
                  " -> scale(3)",
                  "t: t -> normalize(mean=-1, std=[2, 4]) -> reshape(1, 2)"],
                 shape="[B, 3, 2, 5]", loss="mean(out) + mean(t)")
    program = trainer(text, tmp_path, name="m", optimize="-O1")
    a = np.random.default_rng(4).integers(0, 256, (33, 3, 2, 5)).astype("u1")
    t = np.random.default_rng(5).normal(size=(33, 2))
    np.save(tmp_path / "a.npy", a)
    np.save(tmp_path / "t.npy", t)
    x = (a / 255.0 - np.array([0.5, 0.25, -1]).reshape(3, 1, 1)) / np.array([2, 4, 0.5]).reshape(3, 1, 1)
    x = 3 * (x - x.mean((0, 2, 3), keepdims=True)) / x.std((0, 2, 3), keepdims=True)
    assert np.abs(values(program, tmp_path) - x).max() < 1e-5


# ------------------------------------------------------------------------------------------------------- batches


def steps(program, folder, *flags):
    log = folder / "log"
    run([program, f"--log={log}", "--log_every=1steps", *flags], cwd=folder)
    return [line for line in read_log(log) if line["event"] == "step"]


def test_batches(idx, tmp_path):
    write_idx(tmp_path, n=10)
    assert len(steps(idx, tmp_path)) == 3
    assert len(steps(idx, tmp_path, "--drop_last=true")) == 2
    assert [line["epoch"] for line in steps(idx, tmp_path, "--drop_last=true", "--run=3epochs")] == [0, 0, 1, 1, 2, 2]
    assert len(steps(idx, tmp_path, "--batch=3")) == 4
    assert len(steps(idx, tmp_path, "--batch=1", "--drop_last=true")) == 10
    write_idx(tmp_path, n=3)
    assert len(steps(idx, tmp_path)) == 1, "one short batch"
    assert "m: error: train has 3 examples, less than one batch of 4: drop_last leaves none" in refused(
        idx, tmp_path, "--drop_last=true")


@pytest.mark.parametrize("n", [1, 3, 4, 5, 16, 17, 33])
def test_every_batch_size_reads_the_same(idx, tmp_path, n):
    x = write_idx(tmp_path, n=n)
    for batch in (1, 3, 4):
        assert (values(idx, tmp_path, f"--batch={batch}") == x).all()


def test_shuffle(idx, tmp_path):
    write_idx(tmp_path, n=50)

    def losses(*flags):
        return [line["loss"] for line in steps(idx, tmp_path, "--batch=1", "--lr=0", *flags)]

    one = losses("--run=2epochs")
    assert sorted(one[:50]) == sorted(one[50:]), "an epoch takes every example once"
    assert one[:50] != one[50:], "another order each epoch"
    assert losses("--run=2epochs") == one
    still = losses("--run=2epochs", "--shuffle=false")
    assert still[:50] == still[50:], "the order of the file"
    assert sorted(still[:50]) == sorted(one[:50])


# ---------------------------------------------------------------------------------------------- inline, compilers


INLINE = model(["train = inline(x=[%s], y=[%s])" % (", ".join(f"[{k}, {-k / 8}]" for k in range(60)),
                                                    ", ".join(str(k % 3) for k in range(60))), "y: y -> class(3)"],
               shape="[B, 2]")


def test_inline(tmp_path):
    """A list that is longer than a line is laid out in lines, which clang-format leaves alone."""
    program = trainer(INLINE, tmp_path, name="m", optimize="-O1")
    assert values(program, tmp_path).tolist() == [[k, -k / 8] for k in range(60)]
    text = (tmp_path / "m.c").read_text()
    shutil.copy(ROOT / ".clang-format", tmp_path)

    def section(whole):
        return whole.split("\n * data\n")[1].split("\n/* -----")[0]

    assert section(run([clang_format(), "--style=file", "m.c"], cwd=tmp_path).stdout) == section(text)
    assert max(len(line) for line in section(text).splitlines()) <= 100


def test_inline_as_numbers_and_as_classes(tmp_path):
    text = model(["train = inline(x=[[1, 0], [0, 1]], k=[2, 1])", "y: k -> class(3)",
                  "r: k -> scale(0.5) -> unsqueeze(0)"], shape="[B, 2], r: [B, 1]")
    text = text.replace("flatten\n  out:", "h = x * r\n  out: h ->")
    program = trainer(text, tmp_path, name="m", optimize="-O1")
    assert values(program, tmp_path, value="r").ravel().tolist() == [1, 0.5]
    logits = values(program, tmp_path, value="out").astype("f8")
    loss = (np.log(np.exp(logits).sum(1)) - logits[[0, 1], [2, 1]]).mean()
    result = evaluate(program, "train", f"--init={tmp_path / 'init.safetensors'}")
    assert result["loss"] == pytest.approx(loss, rel=1e-5)


@pytest.mark.parametrize("flags", [("gcc", "-DMT_NO_MMAP"), ("tcc",), ("gcc", "-std=c99", "-U__unix__", "-DMT_DOUBLE")])
def test_other_builds_read_the_same(tmp_path, flags):
    cc, *flags = flags
    mtc(NPY, tmp_path / "m.c")
    program = build(tmp_path / "m.c", *flags, cc=cc, optimize=None)
    x = np.random.default_rng(1).normal(size=(7, 2, 3)).astype("f4")
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", labels(7))
    assert (values(program, tmp_path) == x).all()


def test_pipes(npy, tmp_path):
    """A file that cannot be mapped is read."""
    np.save(tmp_path / "y.npy", labels(9))
    np.save(tmp_path / "a.npy", np.ones((9, 2, 3)))
    os.mkfifo(tmp_path / "x.npy")
    done = run(["sh", "-c", f"cat a.npy > x.npy & exec {npy}"], cwd=tmp_path)
    assert "Finished" in done.stdout
