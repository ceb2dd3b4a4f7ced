"""`mtc fmt`: one canonical form however a program is written; the tree, the comments and the C stay."""

import os
import random
import re
import stat
import sys

import pytest
from helpers import EXAMPLES, MTC, ROOT, run

sys.path.insert(0, str(ROOT / "tests" / "random"))
import programs  # noqa: E402

CANONICAL = sorted([*EXAMPLES.glob("*/model.mt"), *(ROOT / "tests" / "programs").glob("*.mt")])
COMPILING = sorted([*EXAMPLES.glob("*/model.mt"), *(ROOT / "tests" / "run" / "programs").glob("*.mt")])
ANY = sorted([*CANONICAL, *COMPILING, *(ROOT / "tests" / "diag").glob("*.mt")])


def name(path):
    return str(path.relative_to(ROOT))


def fmt(text, code=0):
    return run([MTC, "fmt", "-"], stdin=text, code=code).stdout


def tree(path):
    """The tree; `f()` as a stage is `f`, which is all that may change. None for a program that does not parse."""
    done = run([MTC, "--dump=after:parse", path], code=None)
    if done.returncode:
        return None
    lines, result = done.stdout.splitlines(), []
    depth = [len(line) - len(line.lstrip()) for line in lines] + [0]
    parents = {}
    for k, line in enumerate(lines):
        parents[depth[k]] = line.split()[0]
        if result and result[-1] is None:
            result[-1] = line[2:]  # the name that was called
            continue
        alone = line.strip() == "call" and k + 1 < len(lines) and lines[k + 1].strip().startswith("name ") and \
            depth[k + 1] == depth[k] + 2 and depth[k + 2] <= depth[k]
        result.append(None if alone and parents.get(depth[k] - 2) in ("row", "optimizer") else line)
    return result


def written(text):
    """The comments of a program as fmt writes them; a script's first line keeps its form."""
    script = text.startswith("#!")
    return [comment if k == 0 and script else re.sub(r"^(#+)(?=[^#\s])", r"\1 ", comment)
            for k, comment in enumerate(programs.comments(text))]


def without_comments(text):
    """A program as its tokens, and its lines without comments and empty lines."""
    lines = []
    for line in text.split("\n"):
        kept = "".join(found.group() for found in programs.LEXER.finditer(line) if found.lastgroup != "comment")
        lines += [kept.rstrip()] if kept.strip() else []
    return "\n".join(lines)


def read(path):
    return path.read_bytes().decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("path", CANONICAL, ids=name)
def test_what_is_committed_is_canonical(path):
    run([MTC, "fmt", "--check", path])


def test_documents_are_canonical():
    for document in [ROOT / "README.md", ROOT / "grammar" / "README.md"]:
        for program in re.findall(r"^```(?:mt)?\n(mt 1\n.*?)^```$", document.read_text(), re.M | re.S):
            run([MTC, "fmt", "--diff", "-"], stdin=program)


def check_in_place(paths):
    """Formats files: trees and comments stay, and formatting again changes nothing."""
    before = [(tree(path), read(path)) for path in paths]
    run([MTC, "fmt", *paths])
    for path, (old, text) in zip(paths, before):
        new = read(path)
        assert tree(path) == old, f"{path}\n{text}"
        assert programs.comments(new) == written(text), f"{path}\n{text}"
        assert not re.search(r"[ \t\r]$", re.sub(r"\r(?!$)", "", new), re.M) and new.endswith("\n"), f"{path}"
        assert "\n\n\n" not in new and not new.startswith("\n") and not new.endswith("\n\n"), f"{path}"
    run([MTC, "fmt", "--diff", *paths])


def test_programs_of_the_repository(tmp_path):
    paths = []
    for source in ANY:
        copy = tmp_path / name(source).replace("/", "_")
        copy.write_bytes(source.read_bytes())
        if tree(copy) is not None:
            paths.append(copy)
    assert len(paths) > len(ANY) // 2
    check_in_place(paths)


@pytest.mark.parametrize("part", range(10))
def test_random_programs(tmp_path, part):
    """1,000 programs over the whole grammar, with comments and newlines wherever they may stand."""
    paths = []
    (tmp_path / "library.mt").write_text(programs.LIBRARY)
    for seed in range(100 * part, 100 * part + 100):
        rng = random.Random(seed)
        path = tmp_path / f"{seed}.mt"
        path.write_text(programs.write(rng, programs.Grammar(rng).program()), newline="")
        assert tree(path) is not None, path.read_text()
        paths.append(path)
    check_in_place(paths)


@pytest.mark.parametrize("part", range(5))
def test_one_form(part):
    """However the tokens of a program are written, without comments and empty lines there is one canonical text."""
    for seed in range(40 * part, 40 * part + 40):
        rng = random.Random(seed)
        program = programs.Grammar(rng).program()
        texts = {without_comments(fmt(programs.write(rng, program, comment_rate=0))) for _ in range(3)}
        assert len(texts) == 1, "\n".join(texts)


def c_without_comments(text):
    """The C, but for comments, and blanks and `()` of rows that are quoted in messages."""
    def keep(found):
        if found.group().startswith("/*"):
            return ""
        return re.sub(r"\s|\(\)", "", found.group()) if ": " in found.group() else found.group()
    text = re.sub(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', keep, text, flags=re.S)
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("path", COMPILING, ids=name)
def test_the_c_stays(tmp_path, path):
    """The program as it is, and written in another way, then formatted: the C is the same but for comments."""
    model = tmp_path / path.name
    model.write_bytes(path.read_bytes())
    expected = c_without_comments(run([MTC, model, "-o", "-"]).stdout)
    run([MTC, "fmt", model])
    formatted = model.read_text()
    assert c_without_comments(run([MTC, model, "-o", "-"]).stdout) == expected
    for seed in range(3):
        model.write_text(programs.write(random.Random(seed), programs.tokens(path.read_text())), newline="")
        assert c_without_comments(run([MTC, model, "-o", "-"]).stdout) == expected
        run([MTC, "fmt", model])
        assert c_without_comments(run([MTC, model, "-o", "-"]).stdout) == expected
    model.write_text(programs.write(random.Random(9), programs.tokens(path.read_text()), 0), newline="")
    run([MTC, "fmt", model])
    assert without_comments(model.read_text()) == without_comments(fmt(without_comments(formatted) + "\n"))


# ---------------------------------------------------------------------------------------------------- the layout

FORMS = {
    "blanks": ("mt  1\nmodel  m( x:[B,2] ){out:linear( 2,bias = false )}\n",
               "mt 1\nmodel m(x: [B, 2]) { out: linear(2, bias=false) }\n"),
    "one item, one line": ("mt 1\nloss {\n  mean(x)\n}\n", "mt 1\nloss { mean(x) }\n"),
    "two items": ("mt 1\ntrain {\nseed=1\nrun = 1 epoch }", "mt 1\n\ntrain {\n  seed = 1\n  run = 1 epoch\n}\n"),
    "blank lines": ("\n\nmt 1\n\n\nconst A = 1\nconst C = 2\n\n\nmodel m() {\n\n  a\n\n\n  b\n\n}\nloss { c }\n\n",
                    "mt 1\n\nconst A = 1\nconst C = 2\n\nmodel m() {\n  a\n\n  b\n}\n\nloss { c }\n"),
    "comments of a section": ("mt 1\nmodel m() {\na\nb\n} # end\n# of the loss\n\n# too\nloss { c }",
                              "mt 1\n\nmodel m() {\n  a\n  b\n}  # end\n# of the loss\n\n# too\nloss { c }\n"),
    "comment goes with what follows": ("mt 1\nmodel m() {\na\nb\n}\n#c\nloss { c }",
                                       "mt 1\n\nmodel m() {\n  a\n  b\n}\n\n# c\nloss { c }\n"),
    "comments": ("#!/usr/bin/env mtc\n##x\n#\nmt 1#e\nloss{#a\n#b\nx#c\n#d\n\n#e\n}\n#f",
                 "#!/usr/bin/env mtc\n## x\n#\nmt 1  # e\n\nloss {  # a\n  # b\n  x  # c\n  # d\n\n  # e\n}\n# f\n"),
    "comments in a list": ("mt 1\nconst A = [1, # one\n# two\n2 # end\n, # comma\n]",
                           "mt 1\n\nconst A = [\n  1,  # one\n  # two\n  2  # end\n  # comma\n]\n"),
    "comments in a pipe": ("mt 1\nloss { a # a\n-> b -> # c\nc\n# d\n-> d }",
                           "mt 1\n\nloss {\n  a  # a\n    -> b  # c\n    -> c\n    # d\n    -> d\n}\n"),
    "comment behind a sign": ("mt 1\nloss { a = # a\n b + # b\n c\n x: # x\n y }",
                              "mt 1\n\nloss {\n  a =  # a\n    b +  # b\n      c\n  x:  # x\n    y\n}\n"),
    "comment in front of a brace": ("mt 1\nmodel m(x) # m\n# n\n{ a }", "mt 1\n\nmodel m(x) {  # m\n  # n\n  a\n}\n"),
    "empty brackets": ("mt 1\nmodel m() { a: f() -> relu() when k() }\noptimizer adam()\nloss { y = g() -> mean( ) }",
                       "mt 1\nmodel m() { a: f -> relu when k() }\noptimizer adam\nloss { y = g() -> mean }\n"),
    "empty brackets of a value": ("mt 1\nfn f() = 1\nmodel m() { a: f() }", "mt 1\nfn f() = 1\nmodel m() { a: f() }\n"),
    "empty brackets of what another file may have": ('mt 1\nuse "a.mt"\nmodel m() { a: f() -> g() }',
                                                     'mt 1\nuse "a.mt"\nmodel m() { a: f() -> g }\n'),
    "commas at the end": ("mt 1\nconst A = [1, f(2,),]", "mt 1\nconst A = [1, f(2)]\n"),
    "as written": ('mt 1\nconst A = ((1.50)) + 1e-3*.5 - "\\t"\ntrain { run = 10epochs }',
                   'mt 1\nconst A = ((1.50)) + 1e-3 * .5 - "\\t"\ntrain { run = 10epochs }\n'),
    "signs": ("mt 1\nconst A = -2**-x+!a%b//c<=d&&e||f.g[h,i]",
              "mt 1\nconst A = -2 ** -x + !a % b // c <= d && e || f.g[h, i]\n"),
    "calls stay": ("mt 1\nloss { f(x, a) }", "mt 1\nloss { f(x, a) }\n"),
    "signature": ("mt 1\nblock b(x:[B,I],y;k,n=2){ z }", "mt 1\nblock b(x: [B, I], y; k, n=2) { z }\n"),
    "repeat": ("mt 1\nmodel m() { s: repeat (2*N) as i{a(i)} }",
               "mt 1\nmodel m() { s: repeat (2 * N) as i { a(i) } }\n"),
    "index": ("mt 1\nloss { y[ b,t,( h   d ) ] = sum[ u ](a[b,h<8]) }",
              "mt 1\nloss { y[b, t, (h d)] = sum[u](a[b, h < 8]) }\n"),
    "params": ('mt 1\nparams { linear.weight,"a*"{init=zeros} }',
               'mt 1\nparams { linear.weight, "a*" { init = zeros } }\n'),
}
WORD = "a_name_of_thirty_characters_xx"
FORMS["long pipe"] = (
    f"mt 1\nmodel m(x) {{ h: {WORD} -> {WORD} -> {WORD} -> {WORD} when {WORD} }}",
    f"mt 1\n\nmodel m(x) {{\n  h: {WORD}\n    -> {WORD}\n    -> {WORD}\n    -> {WORD} when {WORD}\n}}\n")
FORMS["long call"] = (
    f"mt 1\nmodel m(x) {{ h: f({WORD}, a={WORD}, b=g({WORD}), c={WORD}) -> relu }}",
    f"mt 1\n\nmodel m(x) {{\n  h: f(\n    {WORD},\n    a={WORD},\n    b=g({WORD}),\n    c={WORD}\n  )\n"
    "    -> relu\n}\n")
FORMS["long sum"] = (f"mt 1\nfn f(x) = {WORD} * 2 + g({WORD}) - {WORD} + {WORD} ** 2",
                     f"mt 1\n\nfn f(x) = {WORD} * 2 +\n  g({WORD}) -\n  {WORD} +\n  {WORD} ** 2\n")
FORMS["long list of numbers"] = ("mt 1\nconst A = [" + ", ".join("1234567" for _ in range(13)) + "]",
                                 "mt 1\n\nconst A = [\n  " + "1234567, " * 11 + "1234567,\n  1234567\n]\n")
FORMS["long signature"] = (
    f"mt 1\nblock b({WORD}: [B, 2], {WORD}2; {WORD}3=4, {WORD}4) {{ relu }}",
    f"mt 1\n\nblock b(\n  {WORD}: [B, 2],\n  {WORD}2;\n  {WORD}3=4,\n  {WORD}4\n) {{\n  relu\n}}\n")


@pytest.mark.parametrize("text, expected", FORMS.values(), ids=FORMS)
def test_form(text, expected):
    assert fmt(text) == expected
    assert fmt(expected) == expected


def test_width():
    """110 columns fit, in characters, and comments do not count."""
    row = 'mt 1\nloss { f("' + "ä" * 96 + '") }'
    assert fmt(row) == row + "\n"
    assert fmt(row + " # comment") == row + "  # comment\n"
    assert fmt(row.replace("f", "ff")).count("\n") == 5
    call = "f(" + "x" * 105 + ")"  # with the blanks in front 110, and a comma is one too many
    broken = call.replace("(", "(\n    ").replace(")", "\n  )")
    assert fmt(f"mt 1\nconst A = [{call}, {call}]") == f"mt 1\n\nconst A = [\n  {broken},\n  {call}\n]\n"


def test_bytes():
    assert fmt("\ufeffmt 1\r\n\r\n\r\nconst\tA\t=\t1 # x\t\r\n") == "mt 1\n\nconst A = 1  # x\n"


# --------------------------------------------------------------------------------------------------- the command

UGLY, PRETTY = "mt 1\nconst A=1\n", "mt 1\nconst A = 1\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ugly.mt").write_text(UGLY)
    (tmp_path / "pretty.mt").write_text(PRETTY)
    (tmp_path / "faulty.mt").write_text("mt 1\nconst A=\n")
    return tmp_path


def test_in_place(folder):
    os.chmod(folder / "ugly.mt", 0o640)
    before = os.stat(folder / "pretty.mt")
    assert run([MTC, "fmt", "ugly.mt", "pretty.mt"], cwd=folder).stdout == ""
    assert (folder / "ugly.mt").read_text() == PRETTY
    assert stat.S_IMODE(os.stat(folder / "ugly.mt").st_mode) == 0o640
    after = os.stat(folder / "pretty.mt")
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert sorted(os.listdir(folder)) == ["faulty.mt", "pretty.mt", "ugly.mt"]


def test_a_faulty_file_is_left_alone(folder):
    done = run([MTC, "fmt", "faulty.mt", "missing.mt", "ugly.mt"], cwd=folder, code=1)
    assert "nothing follows" in done.stderr and "missing.mt" in done.stderr
    assert (folder / "faulty.mt").read_text() == "mt 1\nconst A=\n"
    assert (folder / "ugly.mt").read_text() == PRETTY


def test_check(folder):
    assert run([MTC, "fmt", "--check", "pretty.mt"], cwd=folder).stdout == ""
    assert run([MTC, "fmt", "--check", "ugly.mt", "pretty.mt"], cwd=folder, code=1).stdout == "ugly.mt\n"
    assert run([MTC, "fmt", "--check", "-"], stdin=UGLY, code=1).stdout == "<stdin>\n"
    assert (folder / "ugly.mt").read_text() == UGLY


def test_diff(folder):
    done = run([MTC, "fmt", "--diff", "pretty.mt", "ugly.mt"], cwd=folder, code=1)
    assert done.stdout == "--- ugly.mt\n+++ ugly.mt\n@@ -1,2 +1,2 @@\n mt 1\n-const A=1\n+const A = 1\n"
    assert (folder / "ugly.mt").read_text() == UGLY
    done = run([MTC, "fmt", "--check", "--diff", "ugly.mt"], cwd=folder, code=1)
    assert done.stdout.startswith("--- ugly.mt")


def patched(text, diff):
    """What `patch` makes of a unified diff."""
    lines, result, at = re.findall(r"[^\n]*\n|[^\n]+$", text), [], 0
    shown = re.findall(r"[^\n]*\n", diff)
    for line, after in zip(shown[2:], [*shown[3:], ""]):
        if line[0] == "\\":
            continue
        line = line[:-1] if after.startswith("\\") else line
        head = re.match(r"@@ -(\d+)(?:,(\d+))? ", line)
        if head:
            start = int(head[1]) - (head[2] != "0")
            result += lines[at:start]
            at = start
        elif line[0] in " -":
            assert lines[at] == line[1:]
            at += 1
        if line[0] in " +":
            result.append(line[1:])
    return "".join(result + lines[at:])


def test_diffs_can_be_applied(tmp_path):
    rng = random.Random(1)
    for k in range(100):
        text = programs.write(rng, programs.Grammar(rng).program()).replace("\r", "")
        path = tmp_path / "a.mt"
        path.write_text(text, newline="")
        diff = run([MTC, "fmt", "--diff", path], code=None).stdout
        assert (patched(text, diff) if diff else text) == fmt(text), text


def test_standard_input():
    assert fmt(UGLY) == PRETTY
    assert run([MTC, "fmt", "-"], stdin="mt 1\nconst A=\n", code=1).stdout == ""


@pytest.mark.parametrize("words, error", [
    ([], "`mtc fmt` needs a file"), (["a.mt", "--edition=2"], "there is no edition `2`"),
    (["a.mt", "--edition", "2"], "there is no edition `2`"), (["a.mt", "--edition"], "`--edition` needs a number"),
    (["a.mt", "-o", "b.mt"], "`mtc fmt` writes the files that it reads"),
    (["a.mt", "--disable=fuse"], "`mtc fmt` compiles nothing"), (["a.mt", "--check=1"], "`--check` takes no value"),
    (["a.mt", "--chek"], "unknown flag `--chek`"),
])
def test_wrong_use(tmp_path, words, error):
    (tmp_path / "a.mt").write_text(UGLY)
    assert run([MTC, "fmt", *words], cwd=tmp_path, code=2).stderr.startswith(f"error: {error}")
    assert (tmp_path / "a.mt").read_text() == UGLY


def test_flags_of_fmt_alone(tmp_path):
    (tmp_path / "a.mt").write_text(UGLY)
    for flag in ("--check", "--diff", "--edition=1"):
        done = run([MTC, "a.mt", "-o", "a.c", flag], cwd=tmp_path, code=2)
        assert f"`{flag.split('=')[0]}` belongs to `mtc fmt`" in done.stderr
    run([MTC, "fmt", "--edition", "1", "a.mt"], cwd=tmp_path)
    assert (tmp_path / "a.mt").read_text() == PRETTY
