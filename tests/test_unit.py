"""The unit tests: each tests/unit/*.c is a Criterion program that the build makes. What test_passes.c compares
with, tests/passes/*.txt, are goldens too: `--bless` renews them and prints what changed."""

import difflib

import pytest
from helpers import BUILD, ROOT, run

SOURCES = sorted((ROOT / "tests" / "unit").glob("*.c"))
PASSES = "passes/text_in_text_out"  # of test_passes.c


def run_unit(name, *flags, **options):
    program = BUILD / "tests" / "unit" / name
    assert program.exists(), f"{program} is not built: cmake --build {BUILD} --target unit"
    run([program, "--jobs=1", *flags], cwd=ROOT, **options)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_unit(source, bless):
    flags = [f"--filter=!({PASSES})"] if bless and source.stem == "test_passes" else []
    run_unit(source.stem, *flags)


@pytest.mark.golden
def test_passes_are_the_committed_ones(bless, capsys):
    if not bless:
        run_unit("test_passes", f"--filter={PASSES}")
        return
    texts = sorted((ROOT / "tests" / "passes").glob("*.txt"))
    before = [path.read_text() for path in texts]
    run_unit("test_passes", f"--filter={PASSES}", env={"MT_BLESS": "1"})
    for path, old in zip(texts, before):
        new = path.read_text()
        with capsys.disabled():
            print("".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), path.name, "now")), end="")
