"""`# mtc: allow CODE`: which warnings it silences, and that the C does not show it."""

import json

import pytest
from helpers import MTC, run

PROGRAM = """mt 1

data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  z: x -> scale(2)
}

# The whole of it.
model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  # Nobody reads this
  # value.
  h = fc1
    -> relu
  out: linear(1)
}

loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
"""


def codes(folder, text):
    (folder / "a.mt").write_text(text)
    done = run([MTC, "check", "a.mt", "--message-format=json"], cwd=folder)
    return [json.loads(line)["code"] for line in done.stderr.splitlines()]


@pytest.mark.parametrize("old, new, left", [
    ("", "", ["W0502", "W0503", "W0201"]),
    # Above: the next item and all that is inside it, other comments and blank lines between.
    ("data {", "# mtc: allow W0502\ndata {", ["W0503", "W0201"]),
    ("data {", "# mtc: allow W0502 W0503\n\n# more\ndata {", ["W0201"]),
    ("data {", "  #mtc:allow W0503,W0502 # in this order\ndata {", ["W0201"]),
    ("  z: x", "  # mtc: allow W0503\n  z: x", ["W0502", "W0201"]),
    ("model", "# mtc: allow W0201\nmodel", ["W0502", "W0503"]),
    ("  # value.", "  # mtc: allow W0201\n  # value.", ["W0502", "W0503"]),
    # At the end of a line: the innermost item there.
    ("data {", "data {  # mtc: allow W0502, W0503", ["W0201"]),
    ("scale(2)", "scale(2)\t# mtc: allow W0503", ["W0502", "W0201"]),
    ("h = fc1", "h = fc1  # mtc: allow W0201", ["W0502", "W0503"]),
    ("-> relu", "-> relu  # mtc: allow W0201", ["W0502", "W0503"]),
    ("2]) {", "2]) { # mtc: allow W0201", ["W0502", "W0503"]),
    # Two comments that name the same warning both have an effect.
    ("  z: x -> scale(2)\n", "  z: x -> scale(2)  # mtc: allow W0503\n  # mtc: allow W0503\n  z2: x -> scale(2)\n",
     ["W0502", "W0201"]),
    # Another item than the one with the warning.
    ("  out:", "  # mtc: allow W0201\n  out:", ["W0502", "W0503", "W0201", "W0001"]),
    ("  fc1", "  # mtc: allow W0201\n  fc1", ["W0502", "W0503", "W0001", "W0201"]),
    ("  batch", "  # mtc: allow W0503\n  batch", ["W0502", "W0001", "W0503", "W0201"]),
    ("mt 1", "# mtc: allow W0502\nmt 1", ["W0001", "W0502", "W0503", "W0201"]),
    ("epochs }\n", "epochs }\n# mtc: allow W0502", ["W0502", "W0503", "W0201", "W0001"]),
    ("  out: linear(1)\n", "  out: linear(1)\n  # mtc: allow W0201\n", ["W0502", "W0503", "W0201", "W0001"]),
    # What merely looks like one.
    ("data {", "# mtc allow W0502\ndata {", ["W0502", "W0503", "W0201"]),
])
def test_what_is_silenced(tmp_path, old, new, left):
    assert old in PROGRAM
    assert codes(tmp_path, PROGRAM.replace(old, new, 1)) == left


def test_with_errors_a_comment_may_be_idle(tmp_path):
    """A pass that did not run has not warned: nothing is said about the comment then."""
    (tmp_path / "a.mt").write_text(PROGRAM.replace("  h =", "  # mtc: allow W0201\n  h =").replace("sgd", "sdg"))
    done = run([MTC, "check", "a.mt", "--message-format=short"], cwd=tmp_path, code=1)
    assert "E0611" in done.stderr and "W0001" not in done.stderr


def test_the_output_does_not_show_it(tmp_path):
    places = [("data {", "# mtc: allow W0502 W0503\ndata {"), ("# The whole", "# mtc: allow W0201\n# The whole"),
              ("  # value.", "  # mtc: allow W0201\n  # value."), ("-> relu", "-> relu  # mtc: allow W0201")]
    outputs = set()
    for text in (PROGRAM, *(PROGRAM.replace(*place) for place in places)):
        (tmp_path / "model.mt").write_text(text)
        outputs.add(run([MTC, "model.mt", "-o", "-"], cwd=tmp_path).stdout)
    assert len(outputs) == 1 and outputs.pop() != ""
