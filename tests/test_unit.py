"""The unit tests: each tests/unit/*.c is a Criterion program that the build makes."""

import pytest
from helpers import BUILD, ROOT, run

SOURCES = sorted((ROOT / "tests" / "unit").glob("*.c"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_unit(source):
    program = BUILD / "tests" / "unit" / source.stem
    assert program.exists(), f"{program} is not built: cmake --build {BUILD} --target unit"
    run([program, "--jobs=1"], cwd=ROOT)
