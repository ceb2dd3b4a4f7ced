"""The layout of what is emitted: clang-format 14 with the project's .clang-format finds nothing to change, and no line
is longer than 100 columns. test_output.py does the same for whole outputs of the examples; here are the many forms that a
line can take: every operation, awkward programs, and made-up lines that compiler/emit/layout.c has to break.
"""

import difflib
import pathlib
import random
import re
import sys

import pytest

from helpers import ROOT, clang_format, mtc, run, tables

sys.path.insert(0, str(ROOT / "tests" / "parity"))
import cases  # noqa: E402

PROGRAMS = sorted((ROOT / "tests" / "run" / "programs").glob("*.mt"))
WIDTH = 100


def check(text, what):
    """That clang-format leaves a text of C alone."""
    formatted = run([clang_format(), f"--style=file:{ROOT}/.clang-format", "--assume-filename=x.c"], stdin=text).stdout
    difference = "".join(difflib.unified_diff(text.splitlines(True), formatted.splitlines(True), what, "clang-format"))
    assert not difference, difference[:4000]
    # A single word of a comment that is longer than a line, such as a URL, stays whole.
    assert [line for line in text.splitlines() if len(line) > WIDTH and not re.fullmatch(r" *(/\*|\*) \S+", line)] == []


def model_part(model, folder):
    """What the emitters wrote: all above the operations and the runtime, which test_pieces checks."""
    mtc(model, folder / "out.c")
    text = (folder / "out.c").read_text()
    return text[:re.search(r"^/\* -+\n \* operations\b", text, re.M).start()].rstrip("\n") + "\n"


def files():
    return sorted({case.file for case in cases.cases(tables())})


@pytest.mark.parametrize("name", files())
def test_operation(tmp_path, name):
    for case in cases.cases(tables()):
        if case.file == name:
            check(model_part(case.program(), tmp_path), case.name)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program(tmp_path, program):
    check(model_part(program, tmp_path), program.name)


PIECES = sorted([*(ROOT / "runtime").glob("*.c"), *(ROOT / "compiler" / "ops").glob("*.c")])


def test_pieces():
    """Runtime and kernels are pasted as they are: each piece is laid out already."""
    faults = []
    for path in PIECES:
        for found in re.finditer(r"^//@ (?:kernel|piece) (\S+)[^\n]*\n(.*?)^//@ end", path.read_text(), re.M | re.S):
            try:
                text = re.sub(r"^//@.*\n", "", found[2], flags=re.M)  # marks between pieces are not pasted
                check(text.strip("\n") + "\n", f"{path.relative_to(ROOT)}: {found[1]}")
            except AssertionError as fault:
                faults.append(str(fault))
    assert not faults, "\n".join(faults)


# ---------------------------------------------------------------------------------------------------- made-up lines

OPERANDS = ["v->x", "v->conv1__conv2d", "p->fc1.weight", "g->logits.bias", "B", "n", "28", "3", "NULL", "(real)0.25",
            "d->a_row_with_a_long_name", "lists.loss__cross_entropy__weight", "v->another_long_name__add[i]",
            "options->schedule.eta_min", "-100", "&m->acc", "(size_t)n"]
FUNCTIONS = ["max", "either", "softplus", "conv2d_backward", "exponential", "weighted_cross_entropy"]
PARAMETERS = ["const struct Parameters *p", "int n", "struct Values *v", "uint64_t seed", "const real *x", "double lr"]


class Lines:
    """Lines of C such as the emitters write, and deeper ones."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def expression(self, depth):
        kind = self.random.random()
        if depth <= 0 or kind < 0.3:
            return self.random.choice(OPERANDS)
        if kind < 0.6:
            arguments = [self.expression(depth - 1) for _ in range(self.random.randint(1, 6))]
            return f"{self.random.choice(FUNCTIONS)}({', '.join(arguments)})"
        if kind < 0.9:
            sign = self.random.choice([" + ", " - ", " * ", " / ", " && ", " || ", " >= ", " == "])
            return sign.join(self.operand(depth) for _ in range(self.random.randint(2, 4)))
        return f"-{self.random.choice(OPERANDS[:6])}"

    def operand(self, depth):
        text = self.expression(depth - 1)
        return text if re.fullmatch(r"[\w.>\[\]-]+", text) and text[0] != "-" else f"({text})"

    def statement(self):
        pick, kind = self.random.choice, self.random.randint
        arguments = ", ".join(self.expression(kind(0, 3)) for _ in range(kind(3, 16)))
        value = self.expression(kind(2, 5))
        condition = [self.operand(kind(1, 3)), self.expression(kind(0, 3)), self.expression(kind(0, 3))]
        return pick([
            f"conv2d_backward({arguments});",
            f"{pick(['l.loss.sum', 'v->h[i]', 'const double y'])} {pick(['=', '+='])} {value};",
            f"return {value};",
            f"v->y[i] = {condition[0]} ? {condition[1]} : {condition[2]};",
            f"if ({value}) {{",
            f"for (int i = 0; i < {value}; i++) {{",
        ])

    def prototype(self, k):
        kind = self.random.choice(["void ", "int ", "struct Loss ", "const char *"])
        return f"static {kind}function_{k}({', '.join(self.random.choices(PARAMETERS, k=self.random.randint(6, 14)))});"


@pytest.mark.parametrize("seed", range(4))
def test_made_up_lines(tmp_path, seed):
    """Lines that are too long, by layout_break alone: tests/run/break_lines.c reads and writes them."""
    lines, text = Lines(seed), ""
    while text.count("\n") < 400:
        line = lines.statement()
        if WIDTH - 4 < len(line) < 330:
            text += f"    {line}\n" + ("        f();\n    }\n" if line.endswith("{") else "")
    text = "void f(void)\n{\n" + text + "}\n" + "".join(lines.prototype(k) + "\n" for k in range(30))
    program = tmp_path / "break_lines"
    sources = [pathlib.Path(__file__).with_name("break_lines.c"), *sorted((ROOT / "compiler" / "emit").glob("layout*.c")),
               *sorted((ROOT / "compiler" / "base").glob("*.c"))]
    run(["gcc", "-std=c11", "-fsanitize=address,undefined", "-g", "-O1", *sources, "-o", program])
    check(run([program], stdin=text).stdout, f"lines of seed {seed}")
