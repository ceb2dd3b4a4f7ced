"""What the end-to-end tests share: where things are, compiling a model, building and running its trainer.

Every function says in its failure which command failed, so that it can be typed again. Trainers are kept under
build/trainers by the hash of their C and of the command that builds them: a second run builds only what has changed.
"""

import functools
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("MT_BUILD", ROOT / "build")).resolve()
MTC = BUILD / "mtc"
EXAMPLES = ROOT / "examples"
SANITIZE = bool(os.environ.get("MT_SANITIZE"))

WARNINGS = ["-pedantic", "-Wall", "-Wextra", "-Wshadow", "-Werror"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g"]
# One compiler and architecture give one set of bits only without contraction of a * b + c.
EXACT = ["-ffp-contract=off"]


class Failed(AssertionError):
    """A command did not end as it should."""


def terminal():
    """A pseudo terminal, as (master, slave); a skip where the machine has none to give."""
    try:
        return os.openpty()
    except OSError as fault:
        pytest.skip(f"no pseudo terminal: {fault}")


def run(command, cwd=None, code=0, timeout=300, env=None, stdin=None):
    """Runs a command and returns it, with stdout and stderr as text. `code`: what it must exit with, None for any."""
    command = [str(word) for word in command]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, input=stdin,
                          errors="replace", env={**os.environ, **env} if env else None)
    if code is not None and done.returncode != code:
        place = f"cd {shlex.quote(str(cwd))} && " if cwd else ""
        raise Failed(f"exit code {done.returncode}, not {code}:\n$ {place}{shlex.join(command)}\n"
                     f"{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done


def mtc(model, output, *flags, code=0, **options):
    """Compiles a model: a path, or the text of one (then model.mt is written beside the output)."""
    output = pathlib.Path(output)
    if isinstance(model, str):
        path = output.parent / (output.stem + ".mt")
        path.write_text(model)
        model = path
    return run([MTC, model, "-o", output, *flags], code=code, **options)


def build(source, *flags, cc="gcc", optimize="-O2"):
    """Builds a trainer from C. Returns the path of the program."""
    source = pathlib.Path(source)
    flags = [*([optimize] if optimize else []), *(SANITIZERS if SANITIZE and cc != "tcc" else []), *map(str, flags)]
    key = hashlib.sha256("\0".join([cc, *flags]).encode() + b"\0" + source.read_bytes()).hexdigest()[:20]
    folder = BUILD / "trainers"
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / f"{source.stem}-{key}"
    if not program.exists():
        fresh = folder / f"{program.name}.{os.getpid()}"  # several workers may build the same one
        run([cc, *flags, source, "-lm", "-o", fresh])
        os.replace(fresh, program)
    return program


def trainer(model, folder, *flags, name="train", **options):
    """Compiles a model and builds it. Returns the path of the program."""
    source = pathlib.Path(folder) / f"{name}.c"
    mtc(model, source)
    return build(source, *flags, **options)


def example(name, folder, *flags, **options):
    """The trainer of examples/NAME; run it with cwd=EXAMPLES / name, where its data are."""
    return trainer(EXAMPLES / name / "model.mt", folder, *flags, name=name, **options)


@functools.lru_cache(maxsize=None)
def tables():
    """The tables of compiler/ops/, as the compiler has them."""
    program = BUILD / "tests" / "dump_operations"
    return json.loads(run([program]).stdout) if program.exists() else {"operations": [], "optimizers": [], "schedules": []}


def clang_format():
    """The command of version 14: the pinned one of the tests' Python environment, else the system's."""
    for command in (pathlib.Path(sys.executable).parent / "clang-format", "clang-format-14", "clang-format"):
        if shutil.which(command) and " 14." in run([command, "--version"]).stdout:
            return command
    raise Failed("clang-format 14 is missing: pip install -r tests/requirements.txt")


def read_log(path):
    """The lines of a file written by --log."""
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]


def evaluate(program, split, *flags, cwd=None):
    """The results of `eval --split=S --json`, as a dictionary."""
    return json.loads(run([program, "eval", f"--split={split}", "--json", *flags], cwd=cwd).stdout.splitlines()[-1])


def relative_error(value, expected):
    """The largest difference, relative to the largest expected number; where all are 0, the difference itself."""
    import numpy as np

    value, expected = np.asarray(value, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    assert value.shape == expected.shape, f"shape {value.shape}, not {expected.shape}"
    if value.size == 0:
        return 0.0
    if not (np.isfinite(value) == np.isfinite(expected)).all():
        return float("inf")
    worst, scale = np.abs(value - expected).max(), np.abs(expected).max()
    return float(worst / scale) if scale > 0 else float(worst)
