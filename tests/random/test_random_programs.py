"""200 random programs against the numbers that random_programs.py stored: loss, every gradient, evaluation, metrics, the
value of the last row, and the parameters after five steps. Float within 2e-4, double within 1e-9 of a tensor's largest number.

    cmake --build build --target random      # 2,000 others, with PyTorch
"""

import json
import pathlib
import sys

import pytest
from safetensors.numpy import load_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import check  # noqa: E402
import text as mt  # noqa: E402

PROGRAMS = {entry["seed"]: entry for entry in json.loads((HERE / "fixtures" / "programs.json").read_text())}
THOROUGH = 8
GROUPS = 20  # a test is several programs, so that the summary stays readable
EXPECTED = {}
for name, array in load_file(HERE / "fixtures" / "expected.safetensors").items():
    seed, key = name.split("/", 1)
    EXPECTED.setdefault(int(seed), {})[key] = array


def test_there_are_enough():
    assert len(PROGRAMS) == len(EXPECTED) >= 200
    assert all(any(key.startswith("grad.") for key in expected) for expected in EXPECTED.values())


@pytest.mark.parametrize("group", range(GROUPS))
def test_programs(group):
    wrong = []
    for number, (seed, program) in enumerate(PROGRAMS.items()):
        if number % GROUPS != group:
            continue
        first = {path: mt.parameter(path, shape) for path, shape in program["shapes"].items()}
        try:
            faults = check.check(program, first, EXPECTED[seed], thorough=number % THOROUGH == 0)
        except (AssertionError, check.Refused) as fault:
            faults = fault
        if faults:
            wrong.append(f"seed {seed}: {faults}\n{program['text']}")
    assert not wrong, "\n\n".join(wrong)
