"""A small edit of a model is a small edit of its C: for each edit the lines that change, by functions, with a budget.

The table is printed by `pytest -s tests/locality` and at the end of `pytest -rP`. `changed` counts a line that is replaced
by another once; budgets are of that number. What "only" means for an edit is asserted beside it.
"""

import pathlib
import re
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from edits import difference, lines, summary  # noqa: E402
from helpers import EXAMPLES, mtc  # noqa: E402

LENET = (EXAMPLES / "lenet5" / "model.mt").read_text()
RESNET = (HERE / "resnet.mt").read_text()
MODELS = {"lenet5": LENET, "resnet": RESNET}
TABLES = {"parameters", "values"}  # a line for each parameter, and for each value


def edited(model, old, new):
    assert MODELS[model].count(old) == 1, f"{old} is not once in {model}"
    return MODELS[model].replace(old, new)


# -------------------------------------------------------------------------------------------------- "only"

def only_comments(changes):
    assert all(re.match(r"\s*/?\*", change.line) for change in changes)


def only_settings(changes):
    """The table of flags, and the numbers that it begins with."""
    assert {change.unit for change in changes} <= {"flags", "REALS_BEFORE"}


def only_rows(*names):
    """In what computes, lines of these rows alone, and comments that say the order of rows."""
    def check(changes):
        for change in changes:
            if change.unit.startswith(("forward", "backward", "loss")):
                good = change.row in names or not change.line.strip() or re.match(r" \* |/\* ", change.line)
                assert good, f"{change.unit}, row {change.row}: {change.line}"
            rows = set(re.findall(r"[vdpg]->(\w+?)(?:__\w+)?\b[^(]*$", change.line))
            assert change.unit != "plan" or not rows or rows & set(names), f"plan: {change.line}"
    return check


def only_more(changes):
    """Lines are added; none goes away. One line of plan() moves: the derivative of what the last round handed on begins
    behind those of the round that is new."""
    gone = lines(changes, "-")
    assert len(gone) <= 1, summary(gone)
    for change in gone:
        assert change.unit == "plan" and re.match(r"\s*TAKE\(memory, d->s[13]\._1\.b__relu,", change.line), change
        assert change.line in [added.line for added in lines(changes, "+")], f"does not move, it is gone: {change.line}"


def only_optimizer(changes):
    """The step and its state, settings, and the arithmetic that the step calls."""
    for change in changes:
        assert not change.unit.startswith(("forward", "backward", "loss", "plan", "struct Parameters", "struct Values",
                                           "values", "train", "struct Data")), change


CONVOLUTION = "conv2d(16, 5)"
EDITS = [
    # what, model, old, new, budget of changed lines, only
    ("comment edited", "resnet", "# the stem", "# the first layer", 2, only_comments),
    ("learning rate", "lenet5", "lr=0.01", "lr=0.02", 2, only_settings),
    ("option of a convolution (bias)", "lenet5", CONVOLUTION, "conv2d(16, 5, bias=false)", 24, only_rows("conv2")),
    # an option that changes sizes changes each line with such a size, down to the next layer
    ("option that changes sizes (padding)", "lenet5", CONVOLUTION, "conv2d(16, 5, padding=1)", 36,
     only_rows("conv2", "flatten", "fc1")),
    ("row inserted (linear)", "lenet5", "  logits:", "  fc3: linear(60) -> relu\n  logits:", 60,
     only_rows("fc3", "fc2", "logits")),
    ("row inserted (convolution)", "lenet5", "  conv2:", "  mid: conv2d(6, 3, padding=1) -> relu\n  conv2:", 60,
     only_rows("mid", "conv1", "conv2")),
    ("row renamed (linear)", "lenet5", "fc1:", "hidden:", 60, only_rows("fc1", "hidden", "fc2")),
    ("row renamed (convolution)", "lenet5", "conv2:", "features:", 60, only_rows("conv2", "features", "flatten", "fc1")),
    ("repeated once more, in the middle", "resnet", "s1: repeat 2", "s1: repeat 3", 200, only_more),
    ("repeated once more, the last", "resnet", "s3: repeat 2", "s3: repeat 3", 200, only_more),
    ("optimizer changed", "lenet5", "sgd(lr=0.01, momentum=0.9)", "adam(lr=0.01)", 60, only_optimizer),
    ("momentum left out", "lenet5", "sgd(lr=0.01, momentum=0.9)", "sgd(lr=0.01)", 24, only_optimizer),
]


def changed(changes):
    return max(len(lines(changes, "+")), len(lines(changes, "-")))


@pytest.fixture(scope="module")
def table():
    result = []
    yield result
    print("\n" + "\n".join(["edit                                model   changed  budget  added  removed  where", *result]))


def changes_of(folder, model, old, new):
    """In the C, when `old` becomes `new` in the model. What is `repeat 3` there is made from `repeat 2` first."""
    before = MODELS[model] if old in MODELS[model] else edited(model, new, old)
    texts = []
    for name, text in (("before", before), ("after", before.replace(old, new, 1))):
        (folder / name).mkdir()
        mtc(text, folder / name / "model.c")
        texts.append((folder / name / "model.c").read_text())
    return difference(*texts, folder)


@pytest.mark.parametrize("what, model, old, new, budget, only", EDITS, ids=[edit[0] for edit in EDITS])
def test_edit(tmp_path, table, what, model, old, new, budget, only):
    changes = changes_of(tmp_path, model, old, new)
    added, removed = len(lines(changes, "+")), len(lines(changes, "-"))
    table.append(f"{what:35} {model:7} {changed(changes):7} {budget:7} {added:6} {removed:8}  {summary(changes)}")
    assert changes, "the edit changes nothing"
    only(changes)
    assert changed(changes) <= budget, table[-1]


@pytest.mark.parametrize("only, model, old, new", [
    (only_comments, "lenet5", "lr=0.01", "lr=0.02"),
    (only_settings, "lenet5", CONVOLUTION, "conv2d(16, 5, bias=false)"),
    (only_rows("conv2"), "lenet5", "  logits:", "  fc3: linear(60) -> relu\n  logits:"),
    (only_rows("conv2"), "lenet5", CONVOLUTION, "conv2d(20, 5)"),
    (only_more, "resnet", "s3: repeat 3", "s3: repeat 2"),
    (only_more, "resnet", "s3: repeat 2 { basic(16) }", "s3: repeat 3 { basic(20) }"),
    (only_optimizer, "lenet5", "fc1:", "hidden:"),
])
def test_conditions_fail_on_other_edits(tmp_path, only, model, old, new):
    changes = changes_of(tmp_path, model, old, new)
    with pytest.raises(AssertionError):
        only(changes)
