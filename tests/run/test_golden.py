"""The C that comes out, as committed files: of each example the model part (all that depends on the model, without the
operations and the runtime that are pasted behind it), of each operation what its examples become; and the functions of a
model with a frozen trunk, which has no gradient code.

    cmake --build build --target bless        renews them and shows what changed

An edit of the runtime or of a kernel changes none of them.
"""

import difflib
import pathlib
import re
import sys

import pytest
from helpers import EXAMPLES, ROOT, mtc, tables

sys.path.insert(0, str(ROOT / "tests" / "parity"))
import cases  # noqa: E402

GOLDEN = ROOT / "tests" / "golden"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/model.mt"))

pytestmark = pytest.mark.golden


def compare(text, path, bless):
    committed = path.read_text() if path.exists() else ""
    if bless:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    difference = "".join(difflib.unified_diff(committed.splitlines(True), text.splitlines(True), f"{path.name} (committed)",
                                              f"{path.name} (now)"))
    if bless:
        print(difference)
    elif difference:
        pytest.fail(f"{difference}\nIf this is meant: cmake --build build --target bless", pytrace=False)


def model_part(text):
    """Up to the section of operations."""
    found = re.search(r"^/\* -+\n \* operations\b", text, re.M)
    assert found, "the output has no section called operations"
    return text[:found.start()]


def functions(text):
    """forward, loss, backward and metrics: what the rows have become."""
    found = re.findall(r"^(?:/\*(?:(?!\*/).)*?\*/\n)?static [^;{}]*?\b(?:forward|forward_train|forward_eval|loss|backward|"
                       r"metrics_add)\([^;{}]*\)\n\{.*?^\}\n", text, re.M | re.S)
    assert len(found) >= 3
    return "\n".join(found)


@pytest.mark.parametrize("name", NAMES)
def test_example(tmp_path, bless, name):
    mtc(EXAMPLES / name / "model.mt", tmp_path / "out.c")
    compare(model_part((tmp_path / "out.c").read_text()), GOLDEN / f"{name}.c", bless)


def test_run_that_is_kept(tmp_path, bless):
    """checkpoint, best and early_stop: their tables and the training loop."""
    mtc(ROOT / "tests" / "programs" / "mlp.mt", tmp_path / "out.c")
    found = re.search(r"^/\* What is reported.*?(?=^/\* -+\n \* memory\b)", (tmp_path / "out.c").read_text(), re.M | re.S)
    compare(found[0], GOLDEN / "kept.c", bless)


def test_frozen_trunk(tmp_path, bless):
    mtc(ROOT / "tests" / "parity" / "transfer.mt", tmp_path / "out.c")
    compare(functions((tmp_path / "out.c").read_text()), GOLDEN / "functions" / "frozen_trunk.c", bless)


def operations():
    files = {}
    for case in cases.cases(tables()):
        files.setdefault(case.file, []).append(case)
    return files


@pytest.mark.parametrize("name", operations())
def test_operation(tmp_path, bless, name):
    parts = []
    for case in operations()[name]:
        mtc(case.program(), tmp_path / "out.c")
        inputs = case.example["inputs"]
        parts.append(f"/* {inputs + ' | ' if inputs else ''}{case.example['row']} */\n\n"
                     + functions((tmp_path / "out.c").read_text()))
    compare("\n".join(parts), GOLDEN / "operations" / f"{name}.c", bless)


def test_no_golden_is_left_over():
    expected = {f"{name}.c" for name in NAMES} | {"kept.c"}
    assert {path.name for path in GOLDEN.glob("*.c")} == expected
    assert {path.stem for path in pathlib.Path(GOLDEN / "operations").glob("*.c")} == set(operations())
