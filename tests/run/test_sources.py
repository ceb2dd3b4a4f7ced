"""What is pasted into outputs, as C of its own: without warnings, in the layout, right against plain loops."""

import re

import pytest
from helpers import EXACT, ROOT, SANITIZERS, WARNINGS, build, clang_format, run

RUNTIME = sorted((ROOT / "runtime").glob("*.c"))
OPERATIONS = [path for path in sorted((ROOT / "compiler" / "ops").glob("*.c")) if "//@" in path.read_text()]
KERNELS = sorted(path for path in (ROOT / "tests" / "kernels").glob("*.c") if path.stem != "speed")


def identifier(path):
    return path.stem


@pytest.mark.parametrize("cc", ["gcc", "clang"])
@pytest.mark.parametrize("path", RUNTIME, ids=identifier)
def test_runtime_has_no_warnings(path, cc):
    for flags in ([], ["-DMT_DOUBLE"]):
        # Alone, most of its functions are not used.
        run([cc, "-std=c99", *WARNINGS, "-Wno-unused-function", *flags, f"-I{ROOT}/runtime", "-O2", "-c", path, "-o",
             "/dev/null"])


@pytest.mark.parametrize("path", RUNTIME + OPERATIONS, ids=identifier)
def test_pieces_have_the_layout(tmp_path, path):
    """Each piece is a fixed point of clang-format, as it is pasted."""
    pieces = re.findall(r"^//@ (?:piece|kernel|declare) (\w+)[^\n]*\n(.*?)(?=^//@)", path.read_text(), re.M | re.S)
    assert pieces or path.name == "kernels.h"
    for name, text in pieces:
        text = text.strip("\n") + "\n"
        (tmp_path / f"{name}.c").write_text(text)
        formatted = run([clang_format(), f"--style=file:{ROOT}/.clang-format", tmp_path / f"{name}.c"]).stdout
        assert formatted == text, f"{name} in {path.name}"


@pytest.mark.parametrize("kind", [[], ["-DMT_DOUBLE"]], ids=["float", "double"])
@pytest.mark.parametrize("path", KERNELS, ids=identifier)
def test_kernels(path, kind):
    """Against plain loops, for several batches; and the same bits from compilers, vector widths and threads."""
    for batch in (13, 16, 64):
        flags = [*kind, f"-DMT_BATCH={batch}", f"-I{ROOT}/runtime", *EXACT]
        native = run([build(path, *flags, "-march=native", optimize="-O3")]).stdout
        assert native.strip()
        others = {
            "gcc -O1": build(path, *flags, optimize="-O1"),
            "clang -O3": build(path, *flags, cc="clang", optimize="-O3"),
            "sanitized": build(path, *flags, *SANITIZERS, optimize="-O1"),
            "two threads": build(path, *flags, "-fopenmp", "-march=native", optimize="-O3"),
        }
        for how, program in others.items():
            assert run([program], env={"OMP_NUM_THREADS": "2"}).stdout == native, f"batch {batch}, {how}"
