"""`mtc explain`: every code has a text, and what the texts show is so: each wrong example brings about its code and no
other, each right one compiles without a message."""

import json
import re

import pytest
from helpers import MTC, ROOT, run

CODES = re.findall(r'^CODE\((\w+), "(.*)"\)', (ROOT / "compiler" / "diag_codes.def").read_text(), re.M)
# No program brings about a fault of the compiler; two need a second file or a flag, and have goldens in this folder.
NO_PROGRAM = {"E9999", "E0132", "E0133"}

# What an example leaves out.
FRAME = {
    "data": """data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}""",
    "model": """model net(x: [B, 2]) {
  hidden: linear(8) -> tanh
  out: linear(1)
}""",
    "loss": "loss { mse_loss(out, y) }",
    "optimizer": "optimizer sgd(lr=0.1)",
    "train": "train { run = 10 epochs }",
}


def examples(text):
    """The blocks under `Wrong:` and `Right:`, as whole programs."""
    for kind, whole, block in re.findall(r"^(Wrong|Right)(, the whole file)?:\n\n((?:    .*\n|\n)+)", text, re.M):
        program = re.sub(r"^    ", "", block, flags=re.M).strip("\n") + "\n"
        if not whole:
            missing = [part for word, part in FRAME.items() if not re.search(rf"^{word}\b", program, re.M)]
            program = "\n\n".join(["mt 1", program, *missing]) + "\n"
        yield kind, program


def codes(program, folder):
    (folder / "a.mt").write_text(program)
    done = run([MTC, "check", "a.mt", "--message-format=json"], cwd=folder, code=None)
    assert done.returncode in (0, 1)
    return [json.loads(line)["code"] for line in done.stderr.splitlines()]


def explain(code):
    return run([MTC, "explain", code]).stdout


@pytest.mark.parametrize("code, title", CODES, ids=[code for code, _ in CODES])
def test_text(code, title, tmp_path):
    text = explain(code)
    kind = "error" if code.startswith("E") else "warning"
    first, empty, *rest = text.split("\n")
    assert first == f"{kind} {code}: {title}" and empty == ""
    assert len("\n".join(rest)) > 100, "no text: write compiler/explain/" + code + ".txt"
    assert all(len(line) <= 110 for line in rest if not line.startswith("    "))
    if code in NO_PROGRAM:
        return
    found = list(examples(text))
    assert [kind for kind, _ in found][:2] == ["Wrong", "Right"], "a wrong example comes first, then the right one"
    assert len(found) == len(re.findall(r"^(?:Wrong|Right)\b.*:$", text, re.M))
    for kind, program in found:
        expected = {code} if kind == "Wrong" else set()
        assert set(codes(program, tmp_path)) == expected, f"{kind}:\n{program}"


def test_no_text_without_a_code():
    assert {path.stem for path in (ROOT / "compiler" / "explain").iterdir()} == {code for code, _ in CODES}


def test_table():
    table = run([MTC, "explain"]).stdout
    assert re.findall(r"^  (\w+)  (.*)$", table, re.M) == CODES
