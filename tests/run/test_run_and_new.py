"""mtc run: compile, build and train in one command; mtc new: programs to start from."""

import os
import re
import signal
import subprocess

import pytest
from helpers import MTC, ROOT, WARNINGS, run

PROGRAM = """mt 1
const N = 8
data {
  train = inline(x=[[0, 0], [0, 1], [1, 0], [1, 1]], y=[[0], [1], [1], [0]])
  batch = 4
  shuffle = true
}
model xor(x: [B, 2]) {
  fc1: linear(N) -> tanh
  out: linear(1)
}
loss { mse_loss(out, y) }
optimizer sgd(lr=0.1)
train { run = 3 epochs }
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a program, and a place for temporary files of which nothing may be left."""
    (tmp_path / "model.mt").write_text(PROGRAM)
    (tmp_path / "tmp").mkdir()
    yield tmp_path
    assert not list((tmp_path / "tmp").iterdir()), "temporary files are left behind"


def mtc(folder, *words, code=0, **env):
    return run([MTC, *words], cwd=folder, code=code, env={"TMPDIR": str(folder / "tmp"), "CC": "gcc", **env})


def test_run_trains(folder):
    done = mtc(folder, "run", "model.mt")
    assert done.stdout.endswith("Finished Training\n") and done.stderr == ""
    assert sorted(path.name for path in folder.iterdir()) == ["model.mt", "tmp"]


def test_flags_behind_dashes_are_the_trainers(folder):
    mtc(folder, "run", "model.mt", "--set", "N=5", "--", "--run=1step", "--save=saved.safetensors")
    from safetensors.numpy import load_file
    assert load_file(folder / "saved.safetensors")["fc1.weight"].shape == (5, 2)
    assert "optimizer.lr" in mtc(folder, "run", "model.mt", "--", "--help").stdout
    assert mtc(folder, "run", "model.mt", "--", "info").stdout


def test_the_exit_code_is_the_trainers(folder):
    assert "unknown flag" in mtc(folder, "run", "model.mt", "--", "--no-such-flag", code=2).stderr
    assert "NaN" in mtc(folder, "run", "model.mt", "--", "--lr=1e300", code=3).stderr


def test_faults_of_the_program(folder):
    assert "E0209" in mtc(folder, "run", "model.mt", "--set", "N=0", code=1).stderr
    assert "E0133" in mtc(folder, "run", "model.mt", "--set", "M=0", code=2).stderr


def test_compilers(folder):
    for compiler in ("clang", " gcc   -g -DUNUSED=1 "):
        mtc(folder, "run", "model.mt", CC=compiler)
    missing = mtc(folder, "run", "model.mt", code=1, CC="no-such-compiler -g")
    assert missing.stderr.splitlines() == [
        "error: the C compiler `no-such-compiler` cannot be started: No such file or directory",
        "help: install one, such as gcc or clang, or name another one: CC=clang mtc run ..."]
    failing = mtc(folder, "run", "model.mt", code=1, CC="gcc --no-such-flag")
    assert "the C compiler failed with exit code 1" in failing.stderr and "gcc --no-such-flag -O3" in failing.stderr
    assert "cannot be started: Permission denied" in mtc(folder, "run", "model.mt", code=1, CC=str(folder)).stderr


def test_without_a_place_for_files(folder):
    assert "no folder can be made in `/no/such`" in mtc(folder, "run", "model.mt", code=1, TMPDIR="/no/such").stderr


def endless(folder, **options):
    """mtc run, in the middle of training."""
    program = subprocess.Popen([MTC, "run", "model.mt", "--", "--run=2000000000steps", "--log_every=1epoch"],
                               cwd=folder, env={**os.environ, "TMPDIR": str(folder / "tmp"), "CC": "gcc"},
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    while not program.stdout.readline().startswith("["):
        pass
    return program


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_ends_mtc_ends_the_trainer(folder, number):
    """The keyboard's signal comes to both, by their group; one for mtc alone is passed on."""
    program = endless(folder, start_new_session=True)
    os.killpg(program.pid, number) if number == signal.SIGINT else program.send_signal(number)
    _, message = program.communicate(timeout=60)
    assert program.returncode == 130 and "stopped after step" in message


def test_a_trainer_that_a_signal_kills(folder):
    program = endless(folder)
    trainer = run(["ps", "-o", "pid=", "--ppid", program.pid]).stdout
    os.kill(int(trainer), signal.SIGKILL)
    program.communicate(timeout=60)
    assert program.returncode == 128 + signal.SIGKILL


# -------------------------------------------------------------------------------------------------------------- new

STARTERS = sorted((ROOT / "compiler" / "starters").glob("*.mt"))
each = pytest.mark.parametrize("starter", STARTERS, ids=lambda path: path.stem)


def test_mlp_is_what_one_gets(folder):
    assert "net.mt is written" in mtc(folder, "new", "net").stdout
    assert (folder / "net.mt").read_text() == (ROOT / "compiler/starters/mlp.mt").read_text().replace("NAME", "net")
    assert "is there already" in mtc(folder, "new", "net", code=1).stderr
    assert len(STARTERS) == 3


@each
def test_starters_compile(folder, starter):
    mtc(folder, "new", "net", f"--from={starter.stem}")
    text = (folder / "net.mt").read_text()
    assert len(re.findall(r"^ *#", text, re.M)) >= 5 and "NAME" not in text
    done = mtc(folder, "net.mt", "-o", "net.c")
    assert done.stderr == ""
    run(["gcc", "-std=c99", *WARNINGS, "net.c", "-lm", "-o", "net"], cwd=folder)
    constant = re.search(r"^const (\w+)", text, re.M)[1]
    mtc(folder, "check", "net.mt", "--set", f"{constant}=20")


def test_the_table_trains(folder):
    mtc(folder, "new", "boxes", "--from", "csv")
    rows = [f"{k},{k % 3},{k % 5},{'small' if k < 50 else 'large'}" for k in range(100)]
    (folder / "boxes.csv").write_text("\n".join(["length,width,height,kind", *rows]) + "\n")
    done = mtc(folder, "run", "boxes.mt")
    assert float(re.findall(r"acc: ([\d.]+)", done.stdout)[-1]) > 0.9


@each
def test_starters_of_digits_train(folder, starter):
    from test_examples import mnist
    if starter.stem == "csv":
        return
    data = mnist()
    mtc(folder, "new", "net", "--from", starter.stem)
    files = [f"--data.{split}.{kind}={data}/{prefix}-{kind}s-idx{dims}-ubyte" for split, prefix in
             (("train", "train"), ("test", "t10k")) for kind, dims in (("image", 3), ("label", 1))]
    done = mtc(folder, "run", "net.mt", "--", "--run=300steps", *files)
    assert float(re.findall(r"acc: ([\d.]+)", done.stdout)[-1]) > 0.9
