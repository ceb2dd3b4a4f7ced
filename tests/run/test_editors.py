"""The grammars of the editors: written from the tables of the compiler, and every keyword and name is coloured.

TextMate's rules here are single matches, so that a dozen lines do what an editor does: the earliest match wins, the
first rule where two begin at one place. Vim is asked itself.
"""

import difflib
import json
import re
import shutil
import sys

import pytest
from helpers import EXAMPLES, ROOT, run, tables

sys.path.insert(0, str(ROOT / "grammar" / "editors"))
import make  # noqa: E402

KEYWORD, NAME, SETTING, COMMENT, STRING = "keyword", "support.function", "variable.parameter", "comment", "string"
VIM = {"mtKeyword": KEYWORD, "mtBuiltin": NAME, "mtSetting": SETTING, "mtComment": COMMENT, "mtString": STRING}
PLACES = {"mt": "mt 1", "repeat": "  s1: repeat 3 { a }", "when": "  x -> f when a", "as": "  repeat 3 as i { a }",
          "fn": "fn f(x) = x", "use": 'use "a.mt"', "const": "  const A = 1"}


@pytest.fixture(scope="module")
def lines():
    """Lines, and of each the words that must have a class, and which: (line, [(word, class)])."""
    result = []
    for word in tables()["keywords"]:
        section = word in ("data", "params", "loss", "metrics", "train")
        result += [(PLACES.get(word, f"{word} {{ a }}" if section else f"{word} a(x)"), [(word, KEYWORD)]),
                   (f"  {word} = 1  # {word} x", [(word, SETTING), (f"# {word} x", COMMENT)]),
                   (f'  f("{word} a", a.{word})', [(f'"{word} a"', STRING), (f".{word}", None)])]
    for word in make.names(tables()):
        result += [(f"  {word}", [(word, NAME)]),
                   (f"  h: {word}(2)", [(word, NAME)]),
                   (f"  x->{word} -> {word}", [(word, NAME)] * 2),
                   (f"  y = 2 * {word}(x, {word}=1)", [(word, NAME), (word, SETTING)]),
                   (f"optimizer {word}", [(word, NAME)]),
                   (f"  a.{word}", [(f".{word}", None)]),
                   (f"  {word}_ + x{word}", [(f"{word}_", None), (f"x{word}", None)])]
    return result


def textmate(text):
    """The scope of every character."""
    grammar = json.loads(make.TEXTMATE.read_text())
    rules = [(re.compile(rule["match"]), rule["name"]) for rule in grammar["patterns"]]
    classes, at = [""] * len(text), 0
    while at < len(text):
        found = [(match.start(), k, match, name) for k, (rule, name) in enumerate(rules)
                 if (match := rule.search(text, at)) and match.end() > at]
        if not found:
            break
        start, _, match, name = min(found, key=lambda one: one[:2])
        for k in range(start, match.end()):
            classes[k] = name
        at = match.end()
    return classes


def check(lines, classes):
    for (line, words), line_classes in zip(lines, classes, strict=True):
        at = 0
        for word, expected in words:
            at = line.index(word, at)
            found = set(line_classes[at:at + len(word)][word.startswith("."):])
            at += len(word)
            if expected:
                assert len(found) == 1 and found.pop().startswith(expected), (line, word)
            else:
                assert not any(name.startswith((KEYWORD + ".control", NAME)) for name in found), (line, word)


def test_textmate(lines):
    check(lines, [textmate(line) for line, _ in lines])


def vim(tmp_path, texts):
    """The classes that Vim gives to every character."""
    if not shutil.which("vim") or "+syntax" not in run(["vim", "--version"]).stdout:
        pytest.skip("no vim with syntax highlighting")
    (tmp_path / "a.mt").write_text("\n".join(texts) + "\n")
    (tmp_path / "ask.vim").write_text(f"""
let out = []
for l in range(1, line('$'))
  call add(out, json_encode(map(range(1, col([l, '$']) - 1), "synIDattr(synID(l, v:val, 1), 'name')")))
endfor
call writefile(out, '{tmp_path}/out')
qa!
""")
    run(["vim", "-es", "-u", "NONE", "-N", "-c", f"set rtp^={make.FOLDER}/vim", "-c", "filetype plugin on",
         "-c", "syntax on", "-c", f"edit {tmp_path}/a.mt", "-S", tmp_path / "ask.vim"], stdin="", env={"HOME": str(tmp_path)})
    return [[VIM.get(name, name) for name in json.loads(line)] for line in (tmp_path / "out").read_text().splitlines()]


def test_vim(lines, tmp_path):
    check(lines, vim(tmp_path, [line for line, _ in lines]))


def test_examples_are_coloured_alike(tmp_path):
    """Both grammars agree on what is a keyword, a built-in name, a comment and a string."""
    paths = [*EXAMPLES.glob("*/model.mt"), *(ROOT / "tests" / "programs").glob("*.mt")]
    texts = "\n".join(path.read_text() for path in sorted(paths)).splitlines()
    for line, classes in zip(texts, vim(tmp_path, texts), strict=True):
        for k, (ours, other) in enumerate(zip(textmate(line), classes, strict=True)):
            for name in (KEYWORD + ".control", NAME, COMMENT, STRING):
                assert ours.startswith(name) == other.startswith(name.split(".control")[0]) or line[k] == " ", (line, k)


@pytest.mark.golden
@pytest.mark.parametrize("path, write", [(make.TEXTMATE, make.textmate), (make.VIM, make.vim)], ids=["textmate", "vim"])
def test_written_from_the_tables(path, write, bless):
    committed, now = path.read_text(), write(tables())
    difference = "".join(difflib.unified_diff(committed.splitlines(True), now.splitlines(True), "committed", "now"))
    if bless:
        path.write_text(now)
        print(difference)
    assert bless or not difference, f"{difference}\nIf this is meant: cmake --build build --target bless"
