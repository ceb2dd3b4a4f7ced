"""Messages: each NAME.mt here is compiled, and what it says is compared with NAME.expected.

`--bless` renews the expected texts and prints what changed: read that as you would read a change of the messages. The
other tests hold what every message must hold, whatever its words.
"""

import difflib
import json
import pathlib
import re
import shlex
import shutil

import pytest
from helpers import MTC, ROOT, run

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = sorted(HERE.glob("*.mt"))
# Codes that no program brings about: a fault of the compiler itself.
NO_PROGRAM = {"E9999"}


def flags(text):
    """Of a program that is compiled with some: `# flags: --set N=1` in its first line."""
    found = re.match(rb"# flags: ([^\r\n]*)", text.removeprefix(b"\xef\xbb\xbf"))
    return shlex.split(found[1].decode()) if found else []


def messages(path, form, cwd=HERE):
    """What `mtc check` says, and its exit code."""
    command = [MTC, "check", path, *flags((cwd / path).read_bytes()), f"--message-format={form}", "--color=never"]
    done = run(command, cwd=cwd, code=None)
    assert done.returncode in (0, 1, 2, 70) and done.stdout == "", f"exit code {done.returncode}\n{done.stdout}"
    return done.stderr, done.returncode


def as_objects(path, cwd=HERE):
    return [json.loads(line) for line in messages(path, "json", cwd)[0].splitlines()]


@pytest.mark.golden
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_text(program, bless, capsys):
    got, code = messages(program.name, "full")
    golden = program.with_suffix(".expected")
    expected = golden.read_text() if golden.exists() else ""
    difference = "".join(difflib.unified_diff(expected.splitlines(True), got.splitlines(True), golden.name, "now"))
    if bless and difference:
        golden.write_text(got)
        with capsys.disabled():
            print(f"\n{difference}")
        return
    assert not difference, f"\n{difference}\nrenew with: ./check --bless -n0 '{__file__}'"
    wrong_use = re.search(r"^error.*\n  --> <command line>", got, re.M)
    assert code == (2 if wrong_use else 1 if re.search(r"^error", got, re.M) else 0)


@pytest.mark.golden
def test_every_text_has_a_program(bless):
    for golden in HERE.glob("*.expected"):
        assert golden.with_suffix(".mt").exists(), f"{golden.name} belongs to no program"


def test_every_code_has_a_text():
    table = (ROOT / "compiler" / "diag_codes.def").read_text()
    codes = set(re.findall(r"^CODE\((\w+)", table, re.M)) - NO_PROGRAM
    shown = {code for golden in HERE.glob("*.expected")
             for code in re.findall(r"^(?:error|warning)\[(\w+)\]", golden.read_text(), re.M)}
    assert codes <= shown, f"no program in tests/diag brings about {' '.join(sorted(codes - shown))}"
    assert shown <= codes, f"not in diag_codes.def: {' '.join(sorted(shown - codes))}"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_carets_stand_under_the_text(program):
    """The line and column of each message lead to where its carets are, also behind tabs."""
    full, _ = messages(program.name, "full")
    blocks = [block for block in full.split("\n\n") if re.match(r"(error|warning)\[", block)]
    objects = as_objects(program.name)
    assert len(blocks) == len(objects)
    for block, message in zip(blocks, objects):
        if message["line"] is None:
            continue
        if message["file"] == "<command line>":
            lines = [f"--set {word}".encode() for word in flags(program.read_bytes())[1::2]]
        else:
            lines = (HERE / message["file"]).read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
        rows = block.split("\n")
        shown = next(k for k, row in enumerate(rows) if re.match(rf" *{message['line']} \|", row))
        source = lines[message["line"] - 1].rstrip()
        before = source[:message["column"] - 1].decode("utf-8", "replace")
        if not before.isascii() or len(source) > 200:
            continue  # widths of other characters and the cut of long lines: tests/unit/test_diag.c
        marks = rows[shown + 1].split("|", 1)[1][1:]
        assert "^" in marks, f"no caret under line {message['line']}:\n{block}"
        assert all(mark == "\t" for mark, letter in zip(marks, before) if letter == "\t"), f"a tab is lost:\n{block}"
        # A part of the place may have marks of its own, ----.
        found = re.match(r"[\^-]+", marks[len(before):])
        assert found and (marks[len(before)] == "^" or message["spans"]), f"carets stand wrong:\n{block}"
        covered = source[message["column"] - 1:message["end_column"] - 1]
        if message["end_line"] == message["line"] and covered.isascii() and b"\t" not in covered:
            assert len(found.group()) >= max(1, len(covered)), f"carets end too early:\n{block}"
            if not message["spans"]:
                assert len(found.group()) == max(1, len(covered)), f"carets end too late:\n{block}"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_edits_mend(program, tmp_path):
    """A help with code is right: once it is applied, its message is gone and no other has come."""
    def key(message):
        return message["code"], message["message"]

    before = as_objects(program.name)
    shutil.copytree(HERE / "used", tmp_path / "used")
    for message in before:
        if not message["edits"]:
            continue
        name = message["edits"][0]["file"]
        text = (HERE / name).read_bytes()
        for edit in sorted(message["edits"], key=lambda edit: -edit["from"]):
            assert edit["file"] == name, "the edits of one help are for one file"
            text = text[:edit["from"]] + edit["text"].encode() + text[edit["to"]:]
        (tmp_path / program.name).write_bytes(program.read_bytes())
        (tmp_path / name).write_bytes(text)
        # What this compiler cannot do yet is no fault of the help.
        after = [key(each) for each in as_objects(program.name, tmp_path) if each["code"] != "E0901"]
        shown = f"{text.decode(errors='replace')}\n{after}"
        assert after.count(key(message)) < [key(each) for each in before].count(key(message)), f"not mended:\n{shown}"
        assert set(after) <= {key(each) for each in before}, f"new messages:\n{shown}"
        (tmp_path / name).write_bytes((HERE / name).read_bytes())


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_edits_of_the_text_are_those_of_the_objects(program, tmp_path):
    """What an editor makes of the objects is what the text shows under a help; offsets are those of the file, also with
    a byte order mark and CR LF."""
    text = program.read_bytes()
    plain = text.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    if b"\0" in plain:
        return
    windows = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    results = []
    for version in (plain, windows):
        (tmp_path / program.name).write_bytes(version)
        mended = []
        for message in as_objects(program.name, tmp_path):
            changed = version
            for edit in sorted(message["edits"], key=lambda edit: -edit["from"]):
                assert 0 <= edit["from"] <= edit["to"] <= len(version)
                changed = changed[:edit["from"]] + edit["text"].encode() + changed[edit["to"]:]
            mended.append(changed.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"))
        results.append(mended)
    assert results[0] == results[1]
    full, _ = messages(program.name, "full", tmp_path)
    for block, message, mended in zip(full.split("\n\n"), as_objects(program.name, tmp_path), results[0]):
        shown = re.findall(r"^ *\d+ \| (.*)\n *\| *[+~]", block, re.M)
        result = [line.rstrip() for line in mended.decode(errors="replace").split("\n")]
        for line in shown if message["edits"] else []:
            if "..." not in line:  # a long line is cut
                assert line.rstrip() in result, f"not in the result: {line}"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_three_forms_say_the_same(program):
    full, short = messages(program.name, "full")[0], messages(program.name, "short")[0]
    objects = as_objects(program.name)
    heads = re.findall(r"^(error|warning)\[(\w+)\]: (.*)", full, re.M)
    assert heads == [(each["severity"], each["code"], each["message"]) for each in objects]
    expected = [f"{each['file']}" + (f":{each['line']}:{each['column']}" if each["line"] else "")
                + f": {each['severity']}[{each['code']}]: {each['message']}" for each in objects]
    assert short.splitlines() == expected
