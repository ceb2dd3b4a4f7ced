"""Programs of several files, and constants that the command line sets: the C is that of the program in one file."""

import random

import pytest
from helpers import MTC, run

DATA = """data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = BATCH
  shuffle = SHUFFLE
}
model xor(x: [B, 2]) {
  fc1: linear(HIDDEN) -> tanh
  out: linear(1)
}
loss { mse_loss(out, y) }
"""
REST = "optimizer sgd(lr=RATE)\ntrain { run = RUN }\n"
CONSTANTS = {"BATCH": "4", "SHUFFLE": "true", "HIDDEN": "8", "RATE": "0.1", "RUN": "10 epochs"}


def constants(**changed):
    return "".join(f"const {name} = {value}\n" for name, value in {**CONSTANTS, **changed}.items())


def write(folder, **files):
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.mt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def compiled(folder, *flags, name="model.mt", code=0):
    return run([MTC, name, "-o", "-", *flags], cwd=folder, code=code)


@pytest.fixture
def whole(tmp_path):
    """The C of the program in one file."""
    write(tmp_path / "whole", model="mt 1\n" + constants() + DATA + REST)
    return compiled(tmp_path / "whole").stdout


def test_constants_of_another_file(tmp_path, whole):
    write(tmp_path, model='mt 1\nuse "sizes.mt"\n' + DATA + REST, sizes="mt 1\n" + constants())
    assert compiled(tmp_path).stdout == whole


def test_a_path_begins_at_the_file_that_has_it(tmp_path, whole):
    more = 'use "../more.mt"\nconst RATE = TENTH\nconst RUN = 10 epochs\n'
    write(tmp_path, program__model='mt 1\nuse "../lib/sizes.mt"\n' + DATA + REST, more="mt 1\nconst TENTH = 0.1\n",
          lib__sizes="mt 1\n" + more + "const BATCH = 4\nconst SHUFFLE = true\nconst HIDDEN = 2 * BATCH\n")
    assert compiled(tmp_path / "program").stdout == whole
    assert compiled(tmp_path, name="program/model.mt").stdout == whole
    assert compiled("/", name=tmp_path / "program" / "model.mt").stdout == whole


def test_standard_input_uses_files_of_the_working_directory(tmp_path, whole):
    write(tmp_path, sizes="mt 1\n" + constants())
    done = run([MTC, "-", "-o", "-"], cwd=tmp_path, stdin='mt 1\nuse "sizes.mt"\n' + DATA + REST)
    assert done.stdout == whole.replace("model.mt", "<stdin>")


def test_one_file_by_several_paths_is_read_once(tmp_path, whole):
    (tmp_path / "lib").mkdir()
    write(tmp_path, sizes="mt 1\n" + constants(), lib__other='mt 1\nuse "../sizes.mt"\nconst UNUSED = HIDDEN\n',
          model='mt 1\nuse "sizes.mt"\nuse "lib/../sizes.mt"\nuse "link.mt"\nuse "lib/other.mt"\n' + DATA + REST)
    (tmp_path / "link.mt").symlink_to("sizes.mt")
    assert compiled(tmp_path).stdout == whole


def test_a_file_sees_the_files_that_it_uses_itself(tmp_path):
    write(tmp_path, model='mt 1\nuse "a.mt"\n' + DATA + REST, a='mt 1\nuse "b.mt"\n', b="mt 1\n" + constants())
    done = compiled(tmp_path, code=1)
    assert "model.mt:5:11\n" in done.stderr and "`BATCH`" in done.stderr


def test_a_dash_is_a_file(tmp_path, whole):
    write(tmp_path, model='mt 1\nuse "-"\n' + DATA + REST)
    (tmp_path / "-").write_text("mt 1\n" + constants())
    assert compiled(tmp_path).stdout == whole


def test_a_long_chain_of_files(tmp_path, whole):
    for k in range(1000):
        write(tmp_path, **{f"c{k}": f'mt 1\nuse "c{k + 1}.mt"\nconst C{k} = C{k + 1}\n'})
    write(tmp_path, c1000="mt 1\nconst C1000 = 8\n",
          model='mt 1\nuse "c0.mt"\n' + constants(HIDDEN="C0") + DATA + REST)
    assert compiled(tmp_path).stdout == whole
    write(tmp_path, c1000='mt 1\nuse "model.mt"\n')
    done = compiled(tmp_path, code=1)
    assert "c1000.mt:2:5" in done.stderr and "1002 files in all" in done.stderr


@pytest.mark.parametrize("content, sentence", [
    (b"", "`used.mt` is empty"),
    (b"mt 1\nconst A = 1\0\n", "`used.mt` is not a text: it holds a NUL byte in line 2, column 12"),
    (b"\xff\xfem\0t\0", "`used.mt` is encoded as UTF-16"),
    (b"#" * (1 << 26) + b"\n", "`used.mt` is too long"),
    (b"mt 1\n#" + b"x" * ((1 << 26) - 100), "all files of a program have at most 64 MiB together"),
])
def test_what_is_no_file_of_a_program(tmp_path, content, sentence):
    write(tmp_path, model='mt 1\nuse "used.mt"\n' + constants() + DATA + REST)
    (tmp_path / "used.mt").write_bytes(content)
    done = compiled(tmp_path, code=1)
    assert sentence in done.stderr and "--> model.mt:2:5" in done.stderr and done.stdout == ""


def test_files_that_cannot_be_opened(tmp_path):
    write(tmp_path, model='mt 1\nuse ""\nuse "no\\nsuch"\nuse "model.mt/a"\nuse "' + "a" * 300 + '"\n'
          + constants() + DATA + REST)
    done = compiled(tmp_path, code=1)
    assert done.stderr.count("error[E0130]") == 4
    assert "Not a directory" in done.stderr and "File name too long" in done.stderr


def test_a_byte_order_mark_in_a_used_file(tmp_path, whole):
    write(tmp_path, model='mt 1\nuse "sizes.mt"\n' + DATA + REST)
    (tmp_path / "sizes.mt").write_bytes(b"\xef\xbb\xbfmt 1\r\n" + constants().replace("\n", "\r\n").encode())
    assert compiled(tmp_path).stdout == whole


def test_a_library_can_be_checked(tmp_path):
    write(tmp_path, good='mt 1\nuse "other.mt"\nconst A = 2 * N\n', other="mt 1\nconst N = 4\n",
          bad="mt 1\nconst A = N\n", empty="mt 1\n")
    run([MTC, "check", "good.mt"], cwd=tmp_path)
    assert "--> bad.mt:2:11\n" in run([MTC, "check", "bad.mt"], cwd=tmp_path, code=1).stderr
    assert "there is no `data`" in run([MTC, "good.mt", "-o", "a.c"], cwd=tmp_path, code=1).stderr
    assert "there is no `data`" in run([MTC, "check", "empty.mt"], cwd=tmp_path, code=1).stderr


# --------------------------------------------------------------------------------------------------------- blocks

BLOCK = """# Two layers.
block pair(x; n) {
  a: linear(n * SCALE) -> tanh
  b: inner(n)
}
"""
INNER = "block inner(x; n) {\n  c: linear(n) -> relu\n}\n"
NET = """data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = false
}
model net(x: [B, 2]) {
  first: pair(3)
  second: repeat 2 { pair(2) }
  out: linear(1)
}
loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 2 epochs }
"""


def test_a_block_moves_to_another_file(tmp_path):
    """The C stays: it quotes texts, and nothing of where they stand."""
    write(tmp_path / "whole", model="mt 1\nconst SCALE = 2\n" + INNER + BLOCK + NET)
    write(tmp_path / "parts", model='mt 1\nuse "lib/pair.mt"\n' + NET, lib__inner="mt 1\n" + INNER,
          lib__pair='mt 1\nuse "inner.mt"\nconst SCALE = 2\n' + BLOCK)
    assert compiled(tmp_path / "parts").stdout == compiled(tmp_path / "whole").stdout


def test_a_block_sees_the_constants_of_its_own_file(tmp_path):
    write(tmp_path, model='mt 1\nuse "pair.mt"\nconst SCALE = 2\n' + NET, pair="mt 1\n" + INNER + BLOCK)
    done = compiled(tmp_path, code=1)
    assert "error[E0101]: unknown constant `SCALE`\n  --> pair.mt:7:17" in done.stderr


def test_a_block_of_a_file_that_is_not_used_here(tmp_path):
    write(tmp_path, model='mt 1\nuse "pair.mt"\n' + NET.replace("out: linear(1)", "in: inner(3)\n  out: linear(1)"),
          pair='mt 1\nuse "inner.mt"\nconst SCALE = 2\n' + BLOCK, inner="mt 1\n" + INNER)
    done = compiled(tmp_path, code=1)
    assert "error[E0101]: `inner` is not known here\n  --> model.mt:11:7" in done.stderr
    assert "note: `inner.mt` declares it, and `model.mt` does not use that file\n  --> inner.mt:2:7" in done.stderr


def test_blocks_of_a_library_are_checked(tmp_path):
    write(tmp_path, good="mt 1\nconst SCALE = 2\n" + INNER + BLOCK, bad="mt 1\n" + INNER + BLOCK,
          misspelt="mt 1\nconst SCALE = 2\n" + INNER.replace("linear", "linaer") + BLOCK)
    run([MTC, "check", "good.mt"], cwd=tmp_path)
    assert "`SCALE`" in run([MTC, "check", "bad.mt"], cwd=tmp_path, code=1).stderr
    assert "did you mean `linear`?" in run([MTC, "check", "misspelt.mt"], cwd=tmp_path, code=1).stderr


# ------------------------------------------------------------------------------------------------------------ --set

@pytest.mark.parametrize("name, value", [
    ("HIDDEN", "16"), ("HIDDEN", "4 * BATCH"), ("SHUFFLE", "false"), ("RUN", "20epochs"), ("RUN", "500 steps"),
    ("RATE", "1e-2"), ("RATE", ".5"), ("BATCH", "2")])
def test_a_set_constant_is_an_edited_one(tmp_path, name, value):
    write(tmp_path / "set", model="mt 1\n" + constants() + DATA + REST)
    write(tmp_path / "edited", model="mt 1\n" + constants(**{name: value}) + DATA + REST)
    got = compiled(tmp_path / "set", "--set", f"{name}={value}").stdout
    assert got == compiled(tmp_path / "edited").stdout
    assert got != compiled(tmp_path / "set").stdout


def test_strings_and_lists_are_set(tmp_path):
    data = DATA.replace("inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])", "inline(x=X, y=Y)")
    given = {"X": "[[0, 1], [1, 0]]", "Y": "[[0], [1]]"}
    write(tmp_path / "set", model="mt 1\n" + constants(X="[[1, 1]]", Y="[[1]]") + data + REST)
    write(tmp_path / "edited", model="mt 1\n" + constants(**given) + data + REST)
    flags = [word for name, value in given.items() for word in ("--set", f"{name}={value}")]
    assert compiled(tmp_path / "set", *flags).stdout == compiled(tmp_path / "edited").stdout


def test_what_is_replaced_need_not_compile(tmp_path, whole):
    write(tmp_path, model="mt 1\n" + constants(HIDDEN="1 / 0") + DATA + REST)
    assert compiled(tmp_path, "--set", "HIDDEN=8").stdout == whole


def test_faults_of_a_value_are_wrong_use_and_faults_that_follow_are_not(tmp_path):
    write(tmp_path, model="mt 1\n" + constants() + DATA + REST)
    done = compiled(tmp_path, "--set", "BATCH=2", "--set", "HIDDEN=8 +", code=2)
    assert "<command line>:2:16" in done.stderr and done.stdout == ""
    assert "model.mt" in compiled(tmp_path, "--set", "HIDDEN=-8", code=1).stderr


# ------------------------------------------------------------------------------------------- constants in the sections

def test_constants_in_sections_are_those_of_the_top_level(tmp_path):
    """The values and not the places of constants matter: only the quoted settings could differ, and they do not."""
    data = DATA.replace("mse_loss(out, y)", "mse_loss(out, y) * K")
    metrics = "metrics { twice = FACTOR * loss }\n"
    more = {"K": "3", "FACTOR": "2"}
    write(tmp_path / "top", model="mt 1\n" + constants(**more) + data + metrics + REST)
    inside = data.replace("data {", "data {\n  const BATCH = 2 * TWO\n  const TWO = 2\n")
    inside = inside.replace("loss {", "loss { const K = 3\n") + metrics.replace("{ ", "{ const FACTOR = 2\n")
    inside += REST.replace("train { run", "train { const RUN = 10 epochs\n  run")
    write(tmp_path / "inside", model='mt 1\nconst HIDDEN = 8\nconst RATE = 0.1\nconst SHUFFLE = true\n' + inside)
    assert compiled(tmp_path / "inside").stdout == compiled(tmp_path / "top").stdout


# ---------------------------------------------------------------------------------------------------------- at random

def test_damaged_programs_of_several_files(tmp_path):
    """Bytes lost, doubled, exchanged in any of the files: a message or none, never a crash, a hang or a fault of mtc."""
    files = {"model.mt": 'mt 1\nuse "lib/pair.mt"\nuse "sizes.mt"\n' + NET.replace("batch = 4", "batch = FOUR"),
             "lib/pair.mt": 'mt 1\nuse "inner.mt"\nuse "../sizes.mt"\nconst SCALE = 2\n' + BLOCK,
             "lib/inner.mt": "mt 1\n" + INNER, "sizes.mt": "mt 1\n\nconst FOUR = 4\n"}
    dice = random.Random(5)
    (tmp_path / "lib").mkdir()
    codes = set()
    for _ in range(300):
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        for _ in range(dice.randint(1, 3)):
            name = dice.choice(list(files))
            text = bytearray((tmp_path / name).read_bytes())
            at = dice.randrange(len(text)) if text else 0
            end = at + dice.choice([1, 1, 2, 8, 40, 1000])
            other = dice.choice(list(files.values())).encode()
            new = dice.choice([b"", text[at:end] * 2, bytes([dice.randrange(256)]), other, b'use "model.mt"\n', b"\0"])
            (tmp_path / name).write_bytes(bytes(text[:at] + new + text[end:]))
        words = ["check", "model.mt", "--set", "FOUR=4"][:dice.choice([2, 4])]
        done = run([MTC, *words], cwd=tmp_path, code=None, timeout=20)
        codes.add(done.returncode)
        assert done.returncode in (0, 1, 2), done.stderr[-2000:]
        assert "E9999" not in done.stderr and len(done.stderr) < 100_000
    assert codes == {0, 1, 2}
