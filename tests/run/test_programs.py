"""Small programs that were chosen because they are awkward: names that mean something in C, values that only share
storage, broadcasting in every direction. Most of them broke the compiler once; each says in its first comment what
about it is awkward.

Of each: the C is free of warnings, every derivative agrees with differences of the loss (in double, under the
sanitizers), a short training ends with finite parameters, and it ends with the same ones when the passes that may be left out
are left out. A program that is put into programs/ is tested without a change here.
"""

import os

import numpy as np
import pytest
from safetensors.numpy import load_file

from helpers import EXACT, ROOT, SANITIZERS, WARNINGS, build, mtc, run

PROGRAMS = sorted((ROOT / "tests" / "run" / "programs").glob("*.mt"))
OPTIONAL = ["fuse", "reorder"]

each = pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)


def compiled(program, folder, *flags):
    source = folder / f"{program.stem}.c"
    mtc(program, source, *flags)
    return source


def trained(trainer, folder):
    """The parameters after two epochs."""
    saved = folder / f"{trainer.name}.safetensors"
    run([trainer, "train", "--run=2epochs", f"--save={saved}"], cwd=folder)
    parameters = load_file(saved)
    assert all(np.isfinite(values).all() for values in parameters.values())
    return parameters


def test_there_are_programs():
    assert PROGRAMS


@each
def test_no_warnings(tmp_path, program):
    run(["gcc", "-std=c99", *WARNINGS, "-O1", "-c", compiled(program, tmp_path), "-o", os.devnull])
    run(["clang", "-std=c99", *WARNINGS, "-fsyntax-only", tmp_path / f"{program.stem}.c"])


@each
def test_gradients(tmp_path, program):
    trainer = build(compiled(program, tmp_path), *SANITIZERS, "-DMT_DOUBLE", optimize="-O1")
    run([trainer, "gradcheck", "--elements=all"], cwd=tmp_path)
    trained(trainer, tmp_path)


@each
def test_same_without_optional_passes(tmp_path, program):
    """Fusion and reordering change how often something is stored, never what is computed."""
    results = {}
    for name in [None, *OPTIONAL]:
        folder = tmp_path / str(name)
        folder.mkdir()
        source = compiled(program, folder, *([f"--disable={name}"] if name else []))
        results[name] = trained(build(source, "-DMT_DOUBLE", *EXACT, optimize="-O1"), folder)
    for name in OPTIONAL:
        assert results[name].keys() == results[None].keys()
        for path, values in results[name].items():
            np.testing.assert_allclose(values, results[None][path], rtol=1e-12, atol=1e-13, err_msg=f"{path} --disable={name}")
