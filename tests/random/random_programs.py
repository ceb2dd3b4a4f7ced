"""Random programs against PyTorch: `make` writes what the suite compares with, `run` compares many more.

    python3 tests/random/random_programs.py make [--count=200]
    python3 tests/random/random_programs.py run [--count=2000] [--seed=N] [--jobs=2]
    python3 tests/random/random_programs.py show SEED

A seed is one program for ever, as long as the tables are the same. `run` prints the smallest program that still fails for
each that does, and exits with 1. Needs PyTorch.
"""

import argparse
import functools
import json
import multiprocessing
import os
import pathlib
import re
import sys
import tempfile
import time
import traceback
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np  # noqa: E402
import torch  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import check  # noqa: E402
import shrink  # noqa: E402
import text as mt  # noqa: E402
import twin  # noqa: E402
from draw import Draw  # noqa: E402
from helpers import tables  # noqa: E402

THOROUGH = 8  # one in so many has gradcheck, the optional passes and the second compilation
# PyTorch's own float must be this near to its double, also when the data are moved by a rounding error; else rounding
# decides and nothing can be compared.
CONDITION = check.TOLERANCE["float"] / 10
MEANT = ("E0640",)  # several denominators with accumulate > 1: refused by intention


def features():
    """What mtc has that the tables do not tell."""
    return [name for name, source in PROBES.items() if accepted(source)]


PROBES = {"fn": "fn own(u) = u * u\n", "params": "params { bias { lr_scale = 2 } }\n"}


def accepted(line):
    source = (f'mt 1\n{line}data {{\n  train = npy(x="x.npy")\n  batch = 2\n  shuffle = false\n}}\n'
              "model m(x: [B, 2]) { out: linear(1) }\nloss { mean(out) }\noptimizer sgd(lr=0.1)\n"
              "train { run = 1 steps }\n")
    with tempfile.TemporaryDirectory() as folder:
        try:
            return bool(check.compiled(source, pathlib.Path(folder)))
        except check.Refused:
            return False


def moved(columns, seed):
    """Numbers whose last bit in float is another one, more or less."""
    state = np.random.RandomState(seed)
    return {name: array * (1 + 2.0**-24 * state.choice([-1, 1], array.shape)) if array.dtype.kind == "f" else array
            for name, array in columns.items()}


def rounding_decides(program, trials=3):
    """Whether PyTorch's own float is far from its double when the data are moved by a rounding error: what it is for the data
    as they are may be luck."""
    for seed in range(trials):
        columns = moved(mt.columns(program), seed)
        (double, _), (single, _) = (twin.expected(program, tables(), kind, columns) for kind in (torch.float64, torch.float32))
        if not all(mt.difference(mt.digest(single[key]), mt.digest(value)) < CONDITION for key, value in double.items()):
            return True
    return False


def expected(program):
    """Digests by name and the first values of the parameters, or None where there is nothing to compare."""
    try:
        result, first = twin.expected(program, tables())
        program["gradcheck"] = twin.measurable(program, tables())
        single, _ = twin.expected(program, tables(), torch.float32)
    except (twin.Invalid, RuntimeError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError,
            NameError, ZeroDivisionError, OverflowError):
        return None
    result = {key: mt.digest(value) for key, value in result.items()}
    single = {key: mt.digest(value) for key, value in single.items()}
    usable = first and set(result) == set(single) and all(np.isfinite(value).all() for value in result.values()) and \
        all(mt.difference(single[key], value) < CONDITION for key, value in result.items())
    return (result, first) if usable and not rounding_decides(program) else None


def drawn(seed, known):
    """The program of a seed, and what is expected of it."""
    source = Draw(seed, tables(), known)
    while True:
        program = source.draw()
        numbers = expected(program)
        if numbers:
            return program, numbers


def verdict(program, numbers, thorough=False):
    """None where all is well, "refused" where it is meant so, else what is wrong."""
    try:
        wrong = check.check(program, numbers[1], numbers[0], thorough=thorough)
    except check.Refused as message:
        return "refused" if any(code in str(message) for code in MEANT) else f"refused: {message}"
    except (AssertionError, check.subprocess.TimeoutExpired) as fault:
        return f"failed: {fault}"
    return str(wrong) if wrong else None


def follow(program):
    """The target of a program that was made smaller has the shape of what is compared with it."""
    one = twin.Twin(program, tables())
    names = one.begin(mt.columns(program))
    one.run_rows(program["rows"], names, "", names[program["inputs"][0][0]])
    shape = list(map(int, names[program["value"]].shape[1:]))
    for target in program["targets"]:
        if target[2]:
            twin.demand(len(shape) == 1, "classes of an image")
            target[2] = shape[0]
        else:
            target[1] = shape
    return program


def kind_of(answer):
    """What must stay while a program is made smaller: the code of a message, else how it fails."""
    return (re.findall(r"\[[EW]\d+\]", answer) or [answer.split(":")[0]])[0]


def smallest(program, complaint):
    kind = kind_of(complaint)

    def fails(candidate):
        try:
            candidate = follow(candidate)
        except Exception:  # it means nothing any more
            return False
        numbers = expected(candidate)
        answer = verdict(candidate, numbers, thorough="disable" in complaint or "gradcheck" in complaint) if numbers else None
        return bool(answer) and answer != "refused" and kind_of(answer) == kind
    return shrink.shrink(program, fails)


def careful(make):
    """A fault of the generator is an answer too: raised in a worker it would end all."""
    @functools.wraps(make)
    def result(job):
        try:
            return make(job)
        except Exception:
            return job[0], f"failed: {traceback.format_exc(limit=-4)}", *RESULT_OF[make.__name__]
    return result


RESULT_OF = {"one": ("",), "entry": ({"text": ""}, {})}


@careful
def one(job):
    seed, known = job
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    program, numbers = drawn(seed, known)
    answer = verdict(program, numbers, seed % THOROUGH == 0)
    if answer in (None, "refused"):
        return seed, answer, ""
    small = smallest(program, answer)
    again = expected(small)
    return seed, answer, mt.text(small) + (f"\n# {verdict(small, again, True)}" if again else "")


def run(arguments):
    known, begun = features(), time.time()
    print(f"seed {arguments.seed}, {arguments.count} programs, features {' '.join(known) or 'of the tables'}", flush=True)
    jobs = [(arguments.seed + k, known) for k in range(arguments.count)]
    bad = refused = 0
    with multiprocessing.get_context("spawn").Pool(arguments.jobs) as pool:
        for done, (seed, answer, source) in enumerate(pool.imap_unordered(one, jobs), 1):
            refused += answer == "refused"
            if answer not in (None, "refused"):
                bad += 1
                print(f"\nseed {seed}: {answer[:1500]}\n\n{source}\n", flush=True)
            if done % 100 == 0:
                print(f"{done} programs, {bad} wrong, {refused} refused, {time.time() - begun:.0f} s", flush=True)
    print(f"{arguments.count} programs: {bad} wrong, {refused} refused ({', '.join(MEANT)})")
    return bad != 0


@careful
def entry(job):
    """A program of the suite: what is stored of it, or what is wrong with it."""
    seed, known = job
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    program, (result, first) = drawn(seed, known)
    answer = verdict(program, (result, first), thorough=True)
    facts = {"seed": seed, "text": mt.text(program), "value": program["value"],
             "shapes": {path: list(array.shape) for path, array in first.items()},
             **{key: program[key] for key in ("inputs", "targets", "examples", "gradcheck")}}
    return seed, answer, facts, {f"{seed}/{key}": np.atleast_1d(value) for key, value in result.items()}


def make(arguments):
    """The suite's: programs, shapes of parameters, digests. One file of text, one of numbers. What mtc computes
    otherwise than PyTorch is not left out but makes this fail."""
    known, programs, arrays, bad = features(), [], {}, 0
    with multiprocessing.get_context("spawn").Pool(arguments.jobs) as pool:
        for seed, answer, facts, numbers in pool.imap(entry, ((seed, known) for seed in range(arguments.count + 50))):
            if answer not in (None, "refused"):
                bad += 1
                print(f"seed {seed}: {answer}\n{facts['text']}", flush=True)
            elif answer is None and len(programs) < arguments.count:
                programs.append(facts)
                arrays.update(numbers)
    folder = HERE / "fixtures"
    folder.mkdir(exist_ok=True)
    (folder / "programs.json").write_text("[\n" + ",\n".join(json.dumps(facts) for facts in programs) + "\n]\n")
    save_file(arrays, folder / "expected.safetensors", metadata={"torch": torch.__version__})
    print(f"{len(programs)} programs, {bad} wrong, PyTorch {torch.__version__}, features {known}")
    return bad != 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["make", "run", "show"])
    parser.add_argument("which", nargs="?", type=int, default=0)
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=1000000)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.command == "show":
        print(mt.text(drawn(arguments.which, features())[0]))
        return 0
    arguments.count = arguments.count or (200 if arguments.command == "make" else 2000)
    return (make if arguments.command == "make" else run)(arguments)


if __name__ == "__main__":
    sys.exit(main())
