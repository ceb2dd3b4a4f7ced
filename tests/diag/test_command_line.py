"""The command line of mtc: exit codes, wrong use, files that cannot be read or written."""

import json
import os
import resource
import signal
import stat
import subprocess

import pytest
from helpers import EXAMPLES, MTC, SANITIZE, run, terminal

GOOD = """mt 1
data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}
model xor(x: [B, 2]) {
  fc1: linear(8) -> tanh
  out: linear(1)
}
loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 10 epochs }
"""
BAD = GOOD.replace("linear(8)", "linear(8, bais=false)")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.mt").write_text(GOOD)
    (tmp_path / "bad.mt").write_text(BAD)
    return tmp_path


def mtc(folder, *words, **options):
    return run([MTC, *words], cwd=folder, code=options.pop("code", 0), **options)


def test_exit_codes(folder):
    done = mtc(folder, "good.mt", "-o", "good.c")
    assert done.stdout == "" and done.stderr == "" and (folder / "good.c").stat().st_size > 0
    done = mtc(folder, "bad.mt", "-o", "bad.c", code=1)
    assert "E0201" in done.stderr and done.stdout == "" and not (folder / "bad.c").exists()
    mtc(folder, "check", "good.mt")
    mtc(folder, "check", "bad.mt", code=1)
    assert sorted(path.name for path in folder.iterdir()) == ["bad.mt", "good.c", "good.mt"]


def test_streams(folder):
    mtc(folder, "good.mt", "-o", "good.c")
    text = (folder / "good.c").read_text()
    assert mtc(folder, "good.mt", "-o", "-").stdout == text
    assert mtc(folder, "-", "-o", "-", stdin=GOOD).stdout == text.replace("good.mt", "<stdin>")
    assert mtc(folder, "good.mt", "-o", "/dev/stdout").stdout == text
    assert mtc(folder, "good.mt", "-o", "/dev/null").stdout == ""
    assert is_device("/dev/null")


USES = [
    ((), "no model to compile", "mtc MODEL.mt -o TRAIN.c"),
    (("good.mt",), "`-o` is missing", "mtc good.mt -o train.c"),
    (("good.mt", "-o"), "`-o` needs the name", ""),
    (("good.mt", "-o", "a", "-o", "b"), "given twice", ""),
    (("good.mt", "-oa"), "unknown flag `-oa`", "`-o FILE`"),
    (("good.mt", "--output=a"), "unknown flag `--output`", "`-o FILE`"),
    (("good.mt", "bad.mt", "-o", "a"), "one file too many: `bad.mt`", ""),
    (("good.mt", "-o", "good.mt"), "would overwrite the model", ""),
    (("chek", "good.mt"), "unknown command `chek`", "did you mean `check`?"),
    (("check",), "needs a file", "mtc check MODEL.mt"),
    (("check", "good.mt", "-o", "a"), "writes no file", ""),
    (("good.mt", "-o", "a", "--colour=never"), "unknown flag `--colour`", "did you mean `--color`?"),
    (("good.mt", "-o", "a", "--color=alway"), "no value `alway`", "did you mean `always`?"),
    (("good.mt", "-o", "a", "--color"), "needs a value", ""),
    (("good.mt", "-o", "a", "--message-format=xml"), "no value `xml`", "full, short, json"),
    (("good.mt", "--dump=after:pars"), "no pass `pars`", "did you mean `parse`?"),
    (("good.mt", "--dump=parse"), "no value `parse`", "--dump=after:PASS"),
    (("good.mt", "--dump=after:parse", "-o", "a"), "nothing to write", ""),
    (("good.mt", "-o", "a", "--disable=parse"), "cannot be left out", ""),
    (("--version=1",), "takes no value", ""),
    (("explain", "E0201", "-o", "a"), "compiles nothing", "`-o`"),
    (("good.mt", "--dump=after:parse", "--dump=after:parse"), "`--dump` is given twice", ""),
    (("explain", "W9"), "no message `W9`", "`mtc explain` lists all"),
    (("explain", "E0201", "E0202"), "one file too many", ""),
    (("explain", "E0021x"), "no message `E0021x`", "did you mean `E0021`?"),
    *[((command, "good.mt"), f"`mtc {command}` is not there yet", "")
      for command in ("export",)],
    (("table",), "`mtc table` needs a file", "mtc table MODEL.mt"),
    (("graph", "good.mt", "bad.mt"), "one word too many: `bad.mt`", "mtc graph MODEL.mt"),
    (("grad", "good.mt", "fc1", "fc2"), "one word too many: `fc2`", "mtc grad MODEL.mt ROW"),
    (("diff", "good.mt"), "`mtc diff` needs two files", "mtc diff BEFORE.mt AFTER.mt"),
    (("table", "good.mt", "--disable=fuse"), "`mtc table` runs all passes", "leave out"),
    (("table", "good.mt", "-o", "good.mt"), "would overwrite the model", ""),
    (("diff", "bad.mt", "good.mt", "-o", "good.mt"), "would overwrite the model", ""),
    (("table", "good.mt", "--backward"), "`--backward` belongs to `mtc graph`", ""),
    (("graph", "good.mt", "--flops"), "`--flops` belongs to `mtc table`", ""),
    (("good.mt", "-o", "a", "--expand"), "`--expand` belongs to `mtc table`", ""),
    (("table", "good.mt", "--flops=yes"), "`--flops` takes no value", ""),
    (("good.mt", "-o", "a", "--diff"), "`--diff` belongs to `mtc fmt`", "`mtc diff A.mt B.mt` compares two models"),
    *[(("good.mt", "-o", "a", flag), f"`{flag.split('=')[0]}` is not there yet", "")
      for flag in ("--lib", "--link")],
    (("good.mt", "-o", "a", "--set=C=512"), "behind a blank", "--set C=512"),
    (("good.mt", "-o", "a", "--set"), "needs NAME=value", "--set C=512"),
    (("good.mt", "-o", "a", "--set", "C"), "needs NAME=value, not `C`", "--set C=512"),
    (("good.mt", "-o", "a", "--set", "C="), "has no value", ""),
    (("good.mt", "-o", "a", "--set", "C=1", "--set", "C=2"), "`C` is set twice", ""),
    (("--version", "--set", "C=1"), "compiles nothing", "leave out"),
    (("run",), "`mtc run` needs a file", "follow `--`"),
    (("run", "good.mt", "-o", "a"), "keeps no file", "leave out `-o`"),
    (("run", "good.mt", "--lr=1"), "unknown flag `--lr`", ""),
    (("run", "good.mt", "bad.mt"), "one file too many", ""),
    (("new",), "`mtc new` needs a name", "mtc new net"),
    (("new", "my-net"), "`my-net` cannot be the name of a model", "letters, digits"),
    (("new", "net.mt"), "`net.mt` cannot be the name of a model", "the file is NAME.mt"),
    (("new", "net", "--from", "cvs"), "no program to start from `cvs`", "did you mean `csv`?"),
    (("new", "net", "--from"), "`--from` needs a kind", "mlp, cnn, csv"),
    (("new", "net", "--from", "csv", "--from", "csv"), "given twice", ""),
    (("new", "net", "-o", "a"), "compiles nothing", "leave out"),
    (("good.mt", "-o", "a", "--from", "csv"), "belongs to `mtc new`", ""),
]


@pytest.mark.parametrize("words, error, help", USES, ids=[" ".join(words) or "nothing" for words, _, _ in USES])
def test_wrong_use(folder, words, error, help):
    done = mtc(folder, *words, code=2)
    assert done.stdout == "" and done.stderr.startswith("error: "), done.stderr
    first, *rest = done.stderr.splitlines()
    assert error in first and help in "\n".join(rest), done.stderr
    assert (folder / "good.mt").read_text() == GOOD
    assert sorted(path.name for path in folder.iterdir()) == ["bad.mt", "good.mt"]


def test_information(folder):
    assert mtc(folder, "--version").stdout.startswith("mtc ")
    assert mtc(folder, "--help").stdout == mtc(folder, "help").stdout != ""
    assert "parse" in mtc(folder, "--passes").stdout
    assert "E0201" in mtc(folder, "explain", "E0201").stdout
    assert mtc(folder, "good.mt", "--dump=after:parse").stdout != ""


def test_color_is_for_terminals(folder):
    escape = "\033["
    assert escape not in mtc(folder, "check", "bad.mt", code=1).stderr
    assert escape in mtc(folder, "check", "bad.mt", "--color=always", code=1).stderr
    assert escape in mtc(folder, "check", "bad.mt", "--color=always", code=1, env={"NO_COLOR": "1"}).stderr
    assert escape not in mtc(folder, "check", "bad.mt", "--color=always", "--message-format=short", code=1).stderr


@pytest.mark.parametrize("environment, colored", [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False),
                                                  ({"TERM": "dumb"}, False)])
def test_color_on_a_terminal(folder, environment, colored):
    master, slave = terminal()
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    done = subprocess.run([MTC, "check", "bad.mt"], cwd=folder, stderr=slave,
                          env={**plain, "TERM": "xterm", **environment})
    os.close(slave)
    shown = os.read(master, 100000)
    os.close(master)
    assert done.returncode == 1 and (b"\033[" in shown) == colored


@pytest.mark.parametrize("content, sentence", [
    (b"", "is empty"),
    (b"\xef\xbb\xbf", "is empty"),
    (b"mt 1\n\0", "NUL byte in line 2, column 1"),
    (b"\xff\xfem\0t\0", "UTF-16"),
])
def test_what_is_no_program(folder, content, sentence):
    (folder / "a.mt").write_bytes(content)
    done = mtc(folder, "a.mt", "-o", "a.c", code=1)
    assert done.stderr.startswith("error: `a.mt` ") and sentence in done.stderr


def test_files_that_cannot_be_read(folder):
    assert "No such file" in mtc(folder, "missing.mt", "-o", "a.c", code=1).stderr
    assert "is a directory" in mtc(folder, ".", "-o", "a.c", code=1).stderr
    done = mtc(folder, "missing.mt", "-o", "a.c", "--message-format=json", code=1)
    assert json.loads(done.stderr)["severity"] == "error"


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text, lambda text: text.rstrip("\n"),
], ids=["CR LF", "byte order mark", "no newline at the end"])
def test_forms_of_a_text(folder, change):
    (folder / "changed.mt").write_text(change(GOOD), newline="")
    mtc(folder, "good.mt", "-o", "good.c")
    mtc(folder, "changed.mt", "-o", "changed.c")
    good, changed = (folder / "good.c").read_text(), (folder / "changed.c").read_text()
    assert changed.replace("changed.mt", "good.mt") == good


def test_deep_nesting_and_large_numbers(folder):
    for text in ("(" * 100000, "[" * 100000, "{" * 100000, "-" * 100000 + "1", "(" * 100000 + "1" + ")" * 100000):
        (folder / "deep.mt").write_text(GOOD.replace("linear(8)", f"linear({text})"))
        done = mtc(folder, "check", "deep.mt", code=1, timeout=60)
        assert 0 < len(done.stderr) < 100000
    for size in ("9223372036854775808", "1e300", "4611686018427387904 * 4", "2000000000000"):
        (folder / "large.mt").write_text(GOOD.replace("linear(8)", f"linear({size})"))
        assert "error[" in mtc(folder, "check", "large.mt", code=1).stderr


def test_output_that_cannot_be_written(folder):
    (folder / "sub").mkdir()
    assert "is a directory" in mtc(folder, "good.mt", "-o", "sub", code=1).stderr
    assert "cannot be created" in mtc(folder, "good.mt", "-o", "missing/a.c", code=1).stderr
    assert list((folder / "sub").iterdir()) == []


def is_device(path):
    return os.path.exists(path) and stat.S_ISCHR(os.stat(path).st_mode)


@pytest.mark.skipif(not is_device("/dev/full"), reason="there is no /dev/full")
def test_devices_are_written_directly(folder):
    assert "No space left" in mtc(folder, "good.mt", "-o", "/dev/full", code=1).stderr
    for words in (["good.mt", "-o", "-"], ["--version"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run([MTC, *words], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1 and "standard output cannot be written" in done.stderr
    assert is_device("/dev/full")


def limited(size):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


@pytest.mark.parametrize("old", [None, "what was there before\n"])
def test_a_full_disk_leaves_what_was_there(folder, old):
    target = folder / "a.c"
    if old is not None:
        target.write_text(old)
    done = subprocess.run([MTC, "good.mt", "-o", "a.c"], cwd=folder, preexec_fn=limited(1000), stderr=subprocess.PIPE,
                          text=True)
    assert done.returncode == 1 and "cannot be written" in done.stderr
    assert (target.read_text() if target.exists() else None) == old
    assert {path.name for path in folder.iterdir()} == {"good.mt", "bad.mt"} | ({"a.c"} if old else set())


@pytest.mark.skipif(SANITIZE, reason="the sanitizers need more address space than any limit")
def test_out_of_memory_is_a_sentence(folder):
    (folder / "large.mt").write_text("# comment\n" * 3000000)
    done = subprocess.run([MTC, "check", "large.mt"], cwd=folder, stderr=subprocess.PIPE, text=True,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (64 << 20, 64 << 20)))
    assert done.returncode == 1 and done.stderr == "error: out of memory\n"


def test_errors_leave_what_was_there(folder):
    (folder / "a.c").write_text("old")
    mtc(folder, "bad.mt", "-o", "a.c", code=1)
    assert (folder / "a.c").read_text() == "old"


def test_links_and_permissions_are_kept(folder):
    target, link = folder / "a.c", folder / "link.c"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to("a.c")
    mtc(folder, "good.mt", "-o", "link.c")
    assert link.is_symlink() and target.read_text() == mtc(folder, "good.mt", "-o", "-").stdout
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folders_that_may_not_be_written(folder):
    sub = folder / "sub"
    sub.mkdir(mode=0o555)
    assert "Permission denied" in mtc(folder, "good.mt", "-o", "sub/a.c", code=1).stderr


def test_locale_and_folder_do_not_matter(tmp_path):
    model = EXAMPLES / "lenet5" / "model.mt"
    texts = {run([MTC, model, "-o", "-"], cwd=cwd, env={"LC_ALL": locale}).stdout
             for cwd in (tmp_path, model.parent) for locale in ("C", "de_DE.UTF-8", "tr_TR.UTF-8")}
    assert len(texts) == 1 and texts.pop() != ""
