"""The compiler's side: a program through `mtc` and a C compiler, and what its trainer computes, by the names of twin.py.

Needs no PyTorch. tcc builds in no time, so that the double build is always compared; gcc -O1 builds the float one.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from safetensors.numpy import load_file, save_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import helpers  # noqa: E402
import text as mt  # noqa: E402

TOLERANCE = {"float": 2e-4, "double": 1e-9}
OPTIONAL = ["fuse", "reorder"]
FAST = ["tcc", "-w"] if shutil.which("tcc") else ["gcc", "-w", "-O0"]
COMPILER = {"float": ["gcc", "-O1", "-w"], "double": [*FAST, "-DMT_DOUBLE"]}


class Refused(Exception):
    """mtc does not take the program: str() is its first message."""


def execute(command, folder, code=0):
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, errors="replace",
                          timeout=120)
    if done.returncode != code:
        raise AssertionError(f"exit code {done.returncode}: {' '.join(map(str, command))}\n{done.stdout[-1500:]}"
                             f"{done.stderr[-1500:]}")
    return done


def compiled(source, folder, *flags):
    """The C of a program. MT_PLANT="OLD=>NEW" plants a fault in it, to see that it is found."""
    (folder / "model.mt").write_text(source)
    command = [helpers.MTC, "model.mt", "-o", "model.c", "--message-format=short", *flags]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    if done.returncode == 1:
        raise Refused(next((line for line in done.stderr.splitlines() if "error" in line), done.stderr))
    if done.returncode:
        raise AssertionError(f"mtc ends with {done.returncode}: {done.stderr[-2000:]}")
    c = (folder / "model.c").read_text()
    old, _, new = os.environ.get("MT_PLANT", "").partition("=>")
    return c.replace(old, new) if old else c


def built(c, folder, command, name):
    (folder / f"{name}.c").write_text(c)
    execute([*command, f"{name}.c", "-lm", "-o", name], folder)
    return folder / name


def write_data(program, first, folder):
    for name, array in mt.columns(program).items():
        np.save(folder / f"{name}.npy", array)
    for kind, real in (("float", np.float32), ("double", np.float64)):
        save_file({path: np.ascontiguousarray(array.astype(real)) for path, array in first.items()},
                  folder / f"{kind}.safetensors")


def results(trainer, program, keys, kind, folder):
    """What is compared, by name."""
    start = f"--init={kind}.safetensors"
    execute([trainer, "grads", start, "--out=g.safetensors", "--dropout=off"], folder)
    found = {f"grad.{path}": array for path, array in load_file(folder / "g.safetensors").items()}
    data = (folder / "g.safetensors").read_bytes()
    facts = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    found["loss"] = np.array(float(facts["loss"]))
    value = program["value"]
    execute([trainer, "predict", "--split=train", f"--value={value}", start, "--out=y.npy"], folder)
    found[f"value.{value}"] = np.load(folder / "y.npy")
    lines = execute([trainer, "eval", "--split=train", "--json", start], folder).stdout.splitlines()
    found.update({f"eval.{name}": np.array(number) for name, number in json.loads(lines[-1]).items()
                  if isinstance(number, (int, float))})
    if any(key.startswith("after.") for key in keys):
        execute([trainer, "train", start, "--save=after.safetensors"], folder)
        found.update({f"after.{path}": array for path, array in load_file(folder / "after.safetensors").items()})
    return found


def differences(found, expected, tolerance):
    """{key: how far it is off}, for digests that are expected."""
    wrong = {}
    for key, value in expected.items():
        error = mt.difference(mt.digest(found[key]), value) if key in found else float("inf")
        if not error <= tolerance:
            wrong[key] = f"{error:.1e}" if key in found else "is missing"
    return wrong


def check(program, first, expected, kinds=("float", "double"), thorough=False):
    """What is wrong with a program, as {what: {key: how far}}; empty if nothing is. `first`: the first values of the
    parameters; `expected`: digests. A thorough check adds gradcheck, the optional passes, and the same bytes twice."""
    source = program.get("text") or mt.text(program)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(program, first, folder)
        c = compiled(source, folder)
        wrong, trainers = {}, {}
        for kind in kinds:
            trainers[kind] = built(c, folder, COMPILER[kind], kind)
            found = results(trainers[kind], program, expected, kind, folder)
            wrong[kind] = differences(found, expected, TOLERANCE[kind])
        if thorough:
            wrong["twice"] = {} if compiled(source, folder) == c else {"bytes": "differ"}
            for name in OPTIONAL:
                other = built(compiled(source, folder, f"--disable={name}"), folder, COMPILER["double"], name)
                found = results(other, program, expected, "double", folder)
                wrong[f"--disable={name}"] = differences(found, expected, TOLERANCE["double"])
        if thorough and program["gradcheck"]:
            done = subprocess.run([trainers["double"], "gradcheck", "--init=double.safetensors"], cwd=folder,
                                  capture_output=True, text=True, timeout=120)
            # Its examples are its own: where a cross entropy is nearly 0 there, its rounding is all that differences see.
            loss = re.match(r"loss (\S+) of", done.stdout)
            wrong["gradcheck"] = {} if done.returncode == 0 or (loss and 0 < float(loss[1]) < 1e-4) else {
                "exit code": str(done.returncode) + done.stdout[-800:]}
        return {what: keys for what, keys in wrong.items() if keys}
