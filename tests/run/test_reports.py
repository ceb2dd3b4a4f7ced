"""What `mtc table`, `graph`, `grad` and `diff` print: goldens (tests/reports, renewed by the target bless), and that what
they say is what the compiler and the trainer do."""

import os
import re
import shutil
import sys

import pytest
from helpers import EXAMPLES, MTC, ROOT, run, tables, trainer
from test_golden import compare

sys.path.insert(0, str(ROOT / "tests" / "parity"))
import cases  # noqa: E402

REPORTS = ROOT / "tests" / "reports"
LENET5 = ROOT / "tests" / "programs" / "lenet5.mt"
RESNET20 = ROOT / "tests" / "programs" / "resnet20.mt"
MODELS = {"lenet5": LENET5, **{path.stem: path for path in sorted(REPORTS.glob("*.mt"))}}
# Everything that compiles.
PROGRAMS = sorted([*EXAMPLES.glob("*/model.mt"), *REPORTS.glob("*.mt"), *(ROOT / "tests" / "run" / "programs").glob("*.mt")])


def report(*words, **options):
    return run([MTC, *words], **options).stdout


# ---------------------------------------------------------------------------------------------------------- goldens

GOLDENS = [
    *[(f"{name}.table", ("table", path)) for name, path in MODELS.items()],
    *[(f"{name}.expanded", ("table", path, "--expand", "--flops", "--memory")) for name, path in MODELS.items()],
    *[(f"{name}.dot", ("graph", path)) for name, path in MODELS.items()],
    *[(f"{name}.backward.dot", ("graph", path, "--backward")) for name, path in MODELS.items()],
    *[(f"{name}.grad", ("grad", path)) for name, path in MODELS.items()],
]


@pytest.mark.golden
@pytest.mark.parametrize("name, words", GOLDENS, ids=[name for name, _ in GOLDENS])
def test_golden(bless, name, words):
    compare(report(*words), REPORTS / name, bless)


def test_table_of_lenet5():
    """As the reference of the language shows it."""
    assert report("table", LENET5) == """\
lenet5.mt                                  output            params
x                                          B x 1 x 28 x 28
conv1    conv2d 6@5x5 p2, relu, maxpool 2  B x 6 x 14 x 14      156
conv2    conv2d 16@5x5, relu, maxpool 2    B x 16 x 5 x 5     2,416
         flatten                           B x 400
fc1      linear 120, relu                  B x 120           48,120
fc2      linear 84, relu                   B x 84            10,164
logits   linear 10                         B x 10               850
                                           total             61,706
"""


def test_no_golden_is_left_over():
    expected = {name for name, _ in GOLDENS} | {f"{name}.diff" for name, *_ in EDITS} | {path.name for path in REPORTS.glob("*.mt")}
    assert {path.name for path in REPORTS.iterdir()} == expected


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_program_has_reports(program):
    for words in (("table", program, "--expand", "--flops", "--memory"), ("graph", program), ("graph", program, "--backward"),
                  ("grad", program), ("diff", program, program)):
        text = report(*words)
        assert "(null)" not in text and "$" not in text, words
        assert text.isascii() or not program.read_text().isascii()
        assert words[0] == "diff" or text


# ------------------------------------------------------------------------------------------------------------ table


def column(table, head):
    """The numbers under a head, the last of them the total."""
    first, *lines = table.split("\n\n")[0].splitlines()
    end = first.index(head) + len(head)
    cells = [re.search(r"[\d,]+$", line[:end]) for line in lines if len(line) >= end]
    return [int(cell[0].replace(",", "")) for cell in cells if cell]


@pytest.mark.parametrize("expand", [(), ("--expand",)], ids=["folded", "expanded"])
@pytest.mark.parametrize("name", MODELS)
def test_columns_add_up(name, expand):
    table = report("table", MODELS[name], "--flops", *expand)
    for head in ("params", "FLOPs"):
        *numbers, total = column(table, head)
        assert len(numbers) > 2 and sum(numbers) == total


def test_parameters_of_resnet20():
    """272,474, as LANGUAGE 5.5 has them."""
    for words in ((), ("--expand",)):
        assert column(report("table", RESNET20, *words), "params")[-1] == 272474


def test_flops_of_lenet5():
    flops = [28 * 28 * 6 * (2 * 25 + 1) + 14 * 14 * 6 * 4, 10 * 10 * 16 * (2 * 150 + 1) + 5 * 5 * 16 * 4,
             120 * (2 * 400 + 1), 84 * (2 * 120 + 1), 10 * 2 * 84]
    assert column(report("table", LENET5, "--flops"), "FLOPs") == [*flops, sum(flops)]


@pytest.mark.parametrize("batch", [3, 64])
@pytest.mark.parametrize("name", MODELS)
def test_the_trainer_counts_the_same(tmp_path, name, batch):
    model = tmp_path / "model.mt"
    model.write_text(re.sub(r"batch = \d+", f"batch = {batch}", MODELS[name].read_text()))
    info = report_of_trainer(trainer(model, tmp_path, optimize="-O0"))
    table = report("table", model, "--memory")
    assert column(table, "params")[-1] == int(re.search(r"^  total +(\d+)$", info, re.M)[1])
    memory = {what: size for what, size in re.findall(r"^  (parameters|gradient|buffers|optimizer|values and derivatives) +([\d.]+ .B)$",
                                                      info, re.M)}
    assert len(memory) == 4 + ("batch_norm" in model.read_text())
    for what, size in memory.items():
        assert f"{what} {size}" in table


def report_of_trainer(program):
    return run([program, "info"]).stdout


# ------------------------------------------------------------------------------------------------------------ graph


@pytest.mark.parametrize("backward", [(), ("--backward",)], ids=["forward", "backward"])
@pytest.mark.parametrize("name", MODELS)
def test_dot_draws_it(name, backward):
    if not shutil.which("dot"):
        pytest.skip("graphviz is not installed: nobody reads what mtc graph prints")
    svg = run(["dot", "-Tsvg"], stdin=report("graph", MODELS[name], *backward)).stdout
    assert "<svg" in svg
    rows = re.findall(r"^(\S+(?:, \S+)*)  +(\S+)", report("table", MODELS[name], "--expand"), re.M)[1:]
    assert len(rows) > 3
    for row, stages in rows:
        row = row.split(",")[0]
        if stages == "x" and row.endswith(".skip"):
            continue  # its condition is false: another name of x
        assert re.search(rf"<text [^>]*font-weight=\"bold\"[^>]*>{re.escape(row)}<", svg), row


def arrows(text):
    """What a drawing connects."""
    return set(re.findall(r'^  "([^"]*)" -> "([^"]*)"', text, re.M))


@pytest.mark.parametrize("name", MODELS)
def test_gradients_flow_back(name):
    """The arrows of backward are those of forward, the other way round."""
    forward, backward = (arrows(report("graph", MODELS[name], *words)) for words in ((), ("--backward",)))
    assert forward and backward == {(to, start) for start, to in forward}


# ------------------------------------------------------------------------------------------------------------- grad


def gradient_functions(text):
    """backward and those of blocks, by name."""
    found = re.findall(r"^static void (backward\w*)\([^;{}]*\)\n\{\n(.*?)^\}\n", text, re.M | re.S)
    return {name: body.splitlines() for name, body in found if name == "backward" or name.startswith("backward__")}


def code_of_rows(text):
    """The C that `mtc grad` shows, by function."""
    functions = {}
    for name, lines in re.findall(r"^  C +(backward\w*)\(\), \d+ lines?:\n((?:      .*\n)+)", text, re.M):
        functions.setdefault(name, []).append(lines.splitlines())
    return functions


@pytest.mark.parametrize("name", MODELS)
def test_grad_shows_the_c_that_comes_out(name):
    """All lines of all backward functions, each in one row, and no others; only the rows' own comments are left out."""
    functions = gradient_functions(report(MODELS[name], "-o", "-"))
    shown = code_of_rows(report("grad", MODELS[name]))
    # A row's text above its lines, after an empty line or first.
    bodies = {name: re.sub(r"(\A|\n)\n?    /\*(?:(?!\*/)[^\n]|\n     )*\*/\n", r"\1", "\n".join(["", *body]), count=0)
              for name, body in functions.items()}
    assert set(shown) == set(functions)
    for function, rows in shown.items():
        lines = sorted(line[6:].strip() for row in rows for line in row if not line.strip().startswith("/*"))
        expected = sorted(line.strip() for line in bodies[function].splitlines()
                          if line.strip() and not line.strip().startswith(("/*", "* ")))
        assert lines == expected, function


def test_grad_of_a_row(tmp_path):
    text = report("grad", LENET5, "fc2")
    assert text.startswith("fc2: linear(84) -> relu ") and text.splitlines()[0].endswith(" lenet5.mt:17")
    for line in ("fc2__linear [B, 84] = W fc1 + b   W = fc2.weight [84, 120], b = fc2.bias [84]",
                 "from logits: d fc2 = logits.weight^T d logits",
                 "d fc2__linear  = d fc2 where fc2 > 0, else 0",
                 "d fc2.weight  += d fc2__linear fc1^T",
                 "d fc1          = fc2.weight^T d fc2__linear   passed on to fc1",
                 "fc1 [B, 120] for d fc2.weight",
                 "      linear_backward_input(120, 84, B, p->fc2.weight, d->fc2__linear, d->fc1);"):
        assert line in text
    assert text in report("grad", LENET5)


def test_grad_of_own_functions():
    text = report("grad", REPORTS / "own_fn.mt", "h")
    assert "  fn          fn swish(x; beta=1.0) = x * sigmoid(beta * x)\n" in text
    assert "              d swish / d x = s + beta x s (1 - s),  s = sigmoid(beta x)\n" in text
    assert text.count("fn swish") == 1


def test_grad_of_rows_that_are_not_there():
    done = run([MTC, "grad", LENET5, "fc22"], code=1)
    assert done.stdout == "" and "the model has no row `fc22`" in done.stderr and "did you mean `fc2`?" in done.stderr
    done = run([MTC, "grad", REPORTS / "residual.mt", "s1.0.bb"], code=1)
    assert "did you mean `s1.0.b`?" in done.stderr


def test_grad_says_where_nothing_flows():
    text = report("grad", REPORTS / "inception.mt", "gate")
    assert "only gradcheck asks for it" in text
    assert "the same numbers, read as another shape" in report("grad", LENET5, "conv2")


def test_grad_of_every_operation(tmp_path):
    """Every formula of every table is written with the names of a model."""
    for case in cases.cases(tables()):
        model = tmp_path / "model.mt"
        model.write_text(case.program())
        text = report("grad", model)
        assert "$" not in text and "(null)" not in text, case.program()


# ------------------------------------------------------------------------------------------------------------- diff

EDITS = [
    ("option", LENET5, [("conv2d(16, 5)", "conv2d(16, 5, padding=2)"), ("lr=0.01", "lr=0.02")]),
    ("inserted", LENET5, [("  flatten\n", "  gap: dropout(0.1)\n  flatten\n")]),
    ("removed", LENET5, [("  fc2: linear(84) -> relu\n", "")]),
    ("renamed", LENET5, [("fc1:", "dense:")]),
    ("training", LENET5, [("sgd(lr=0.01, momentum=0.9)", "adam(lr=0.001)"), ("batch = 64", "batch = 32"),
                          ("seed = 42", "seed = 1\n  accumulate = 2\n  clip_grad_norm = 1")]),
    ("loss", LENET5, [("cross_entropy(logits, y) }\nm", "ce = cross_entropy(logits, y)\n"
                                                       "  ce + 0.1 * mean(logits * logits) }\nm")]),
    ("round", REPORTS / "residual.mt", [("repeat 2 { basic(8) }", "repeat 3 { basic(8) }")]),
    ("block", REPORTS / "inception.mt", [("inception(4, 8, 4, 4)", "inception(4, 16, 4, 4)")]),
    ("fn", REPORTS / "own_fn.mt", [("beta * x)", "beta * x) + 0.1 * x * x")]),
    ("frozen", LENET5, [("loss {", 'params {\n  "conv*" { frozen = true }\n  bias { weight_decay = 0 }\n}\n\nloss {')]),
    ("data", ROOT / "examples" / "iris" / "model.mt", [("0.2", "0.3")]),
]


def edited(folder, program, edits):
    """before.mt and after.mt in a folder."""
    text = program.read_text()
    folder.mkdir(exist_ok=True)
    (folder / "before.mt").write_text(text)
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / "after.mt").write_text(text)
    return folder / "before.mt", folder / "after.mt"


@pytest.mark.golden
@pytest.mark.parametrize("name, program, edits", EDITS, ids=[name for name, *_ in EDITS])
def test_diff(tmp_path, bless, name, program, edits):
    text = report("diff", *edited(tmp_path / name, program, edits), code=1)
    compare(text, REPORTS / f"{name}.diff", bless)


def patched(old, hunks):
    """The lines of a function after its hunks, which must fit."""
    new, at = [], 0
    for head, *lines in hunks:
        start, count = (int(n) for n in re.match(r"@@ -(\d+)(?:,(\d+))? ", head).groups("1"))
        start -= count > 0
        new += old[at:start]
        at = start
        for line in lines:
            if line[0] in " -":
                assert old[at] == line[1:]
                at += 1
            if line[0] in " +":
                new.append(line[1:])
    return new + old[at:]


def hunks_of(text):
    """{function: hunks} under `gradient code`; a function that is gone has none."""
    functions, hunks = {}, None
    part = re.search(r"^gradient code\n((?:  .*\n|\n)*)", text, re.M)
    for line in part[1].splitlines() if part else []:
        if re.match(r"  (backward\w*|\w+__d_\w+)\(\)", line):
            hunks = functions.setdefault(re.match(r"  (\w+)", line)[1], [])
        elif line.startswith("    @@ "):
            hunks.append([line[4:]])
        elif line.startswith("    ") or not line:
            hunks[-1].append(line[4:] or " ")
    return functions


def whole_functions(text):
    found = re.findall(r"^(static void (backward\w*)\([^;{}]*\)\n\{\n.*?^\}\n)", text, re.M | re.S)
    found += re.findall(r"^(static inline real (\w+__d_\w+)\([^;{}]*\)(?:\n\{\n.*?^\}\n| \{.*\}\n))", text, re.M | re.S)
    return {name: body.splitlines() for body, name in found if not name.startswith("backward_") or "__" in name}


@pytest.mark.parametrize("name, program, edits", EDITS, ids=[name for name, *_ in EDITS])
def test_hunks_make_the_new_gradient_code_of_the_old(tmp_path, name, program, edits):
    before, after = edited(tmp_path / name, program, edits)
    old, new = (whole_functions(report(path, "-o", "-")) for path in (before, after))
    text = report("diff", before, after, code=1)
    hunks = hunks_of(text)
    for function, lines in old.items():
        if function in new:
            assert patched(lines, hunks.pop(function, [])) == new.pop(function)
        else:
            assert hunks.pop(function) == []
    for function, lines in new.items():
        assert patched([], hunks.pop(function)) == lines
    assert hunks == {}


def test_diff_of_the_same(tmp_path):
    before, after = edited(tmp_path, LENET5, [("mt 1\n", "mt 1\n# another comment\n"), ("  fc1", "  # one more\n  fc1")])
    assert report(before, "-o", "-") != report(after, "-o", "-")
    assert report("diff", before, after) == "" == report("diff", before, before)
    assert report("diff", before, LENET5) == ""  # the name of the file stands in its messages


def test_trouble_is_2(tmp_path):
    (tmp_path / "bad.mt").write_text(LENET5.read_text().replace("linear(84)", "liner(84)"))
    assert "E0" in run([MTC, "diff", tmp_path / "bad.mt", LENET5], code=2).stderr
    assert "cannot be opened" in run([MTC, "diff", LENET5, tmp_path / "none.mt"], code=2).stderr
    run([MTC, "diff", LENET5], code=2)
    assert report("diff", "/dev/null", LENET5, code=1) == f"{LENET5} is new\n"
    assert report("diff", LENET5, "/dev/null", code=1) == f"{LENET5} is gone\n"


def test_old_checkpoints_load_as_it_says(tmp_path):
    """What the words on checkpoints promise, the trainer does."""
    folder = EXAMPLES / "iris"
    text = (folder / "model.mt").read_text()
    row = re.search(r"^  (\w+): linear\((\d+)\).*$", text, re.M)
    edits = {"rate": (re.search(r"lr=[\d.e-]+", text)[0], "lr=0.5"), "name": (f"{row[1]}:", "other:"),
             "size": (f"linear({row[2]})", f"linear({int(row[2]) + 1})")}
    old = trainer(folder / "model.mt", tmp_path, name="old", optimize="-O1")
    run([old, "--run=1epoch", f"--save={tmp_path}/old.safetensors"], cwd=folder)
    for name, edit in edits.items():
        before, after = edited(tmp_path / name, folder / "model.mt", [edit])
        said = report("diff", before, after, code=1)
        new = trainer(after, tmp_path, name=name, optimize="-O1")
        done = run([new, "eval", f"--init={tmp_path}/old.safetensors"], cwd=folder, code=None)
        assert (done.returncode == 0) == ("do not load" not in said), said + done.stderr
        assert (name == "rate") == (done.returncode == 0)


def test_difftool(tmp_path):
    """The two lines of configuration that docs/reviewing.md gives."""
    if not shutil.which("git"):
        pytest.skip("git is not installed: nobody runs mtc diff as its difftool")
    lines = re.search(r"```sh\n(git config .*\n)(git config .*\n)```", (ROOT / "docs" / "reviewing.md").read_text())
    environment = {"HOME": str(tmp_path), "PATH": f"{MTC.parent}:{os.environ['PATH']}",
                   "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
                   "GIT_COMMITTER_EMAIL": "a@b"}

    def shell(command):
        return run(["sh", "-ec", command], cwd=tmp_path, env=environment).stdout

    (tmp_path / "model.mt").write_text(LENET5.read_text())
    shell("git init -q && git add model.mt && git commit -qm one")
    shell(lines[1] + lines[2])
    (tmp_path / "model.mt").write_text(LENET5.read_text().replace("lr=0.01", "lr=0.02"))
    text = shell("git difftool -y -t mtc -- '*.mt'")
    assert "optimizer   lr   0.01 -> 0.02" in text and "gradient code is the same" in text


# -------------------------------------------------------------------------------------------------------- documents


def same_but_for_dots(shown, text):
    """Whether a text is what an example shows, which leaves out lines at `...`."""
    parts = [part.strip("\n") for part in re.split(r"^ *\.\.\.\n", shown, flags=re.M)]
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0 and (at > 0 or found == 0), part
        at = found + len(part)


def example(path, command):
    return re.search(rf"^\$ {re.escape(command)}\n(.*?)^```", (ROOT / path).read_text(), re.M | re.S)[1]


def test_examples_of_the_reference(tmp_path):
    text = LENET5.read_text()
    (tmp_path / "lenet5.mt").write_text(text.replace("linear(84) -> relu", "linear(84) -> relu -> dropout(0.1)"))
    same_but_for_dots(example("grammar/README.md", "mtc grad lenet5.mt fc2"), report("grad", "lenet5.mt", "fc2", cwd=tmp_path))
    edits = [("conv2d(16, 5)", "conv2d(16, 5, padding=2)"), ("lr=0.01", "lr=0.02")]
    before, after = edited(tmp_path, LENET5, edits)
    shown = re.search(r"```\n(rows .*?)```", (ROOT / "docs" / "reviewing.md").read_text(), re.S)[1]
    same_but_for_dots(shown, report("diff", before, after, code=1))
    before, after = edited(tmp_path, LENET5, [*edits, ("linear(84) -> relu\n", "linear(84) -> relu\n  drop: dropout(0.1)\n")])
    same_but_for_dots(example("grammar/README.md", "mtc diff before.mt after.mt"), report("diff", before, after, code=1))


# -------------------------------------------------------------------------------------------------- the command line


@pytest.mark.parametrize("words", [("table",), ("graph",), ("graph", "--backward"), ("grad",)], ids=" ".join)
def test_where_it_is_written(tmp_path, words):
    text = report(*words, LENET5)
    assert report(*words, LENET5, "-o", tmp_path / "out") == "" and (tmp_path / "out").read_text() == text
    assert report(*words, LENET5, "-o", "-") == text
    assert report(*words, "-", stdin=LENET5.read_text()).replace("<stdin>", "lenet5.mt") != ""
    assert report(*words, LENET5, cwd=tmp_path, env={"LC_ALL": "de_DE.UTF-8"}) == text
    bad = tmp_path / "bad.mt"
    bad.write_text(LENET5.read_text().replace("linear(84)", "liner(84)"))
    done = run([MTC, *words, bad, "-o", tmp_path / "none"], code=1)
    assert done.stdout == "" and done.stderr.count("error[") == 1 and not (tmp_path / "none").exists()


def test_constants_from_the_command_line(tmp_path):
    model = tmp_path / "model.mt"
    model.write_text(LENET5.read_text().replace("mt 1\n", "mt 1\nconst H = 84\n").replace("linear(84)", "linear(H)"))
    assert "B x 50 " in report("table", model, "--set", "H=50")


def test_lines_are_not_too_long():
    for name, words in GOLDENS:
        if words[0] == "table":
            assert max(map(len, report(*words).splitlines())) <= 110
