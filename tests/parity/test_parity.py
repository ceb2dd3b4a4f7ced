"""The trainers against PyTorch, by the digests that make_fixtures.py stored: outputs, losses, gradients, metrics, and
parameters after some steps. Float within 1e-5, double within 1e-10, relative to the largest number of a tensor.

In the double build every backward is checked against central differences as well (`gradcheck`, 1e-7).
"""

import functools
import json
import pathlib
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import cases  # noqa: E402
import nets  # noqa: E402
from helpers import evaluate, mtc, read_log, relative_error, run, tables, trainer  # noqa: E402

TOLERANCE = {"float": 1e-5, "double": 1e-10}
FLAGS = {"float": [], "double": ["-DMT_DOUBLE"]}
FIXTURES = HERE / "fixtures"
STOPS_GRADIENTS = {"detach"}  # its derivative is 0 by definition, and differences of the loss say otherwise


def all_cases():
    return {case.name: case for case in cases.cases(tables())}


def optimizers():
    return [(table, index) for table in tables()["optimizers"] for index in range(len(table["traces"]))]


@functools.lru_cache(maxsize=None)
def fixture(file, name):
    """The digests of a case by key, and the facts that were computed."""
    path = FIXTURES / f"{file}.safetensors"
    hint = "python3 tests/parity/make_fixtures.py makes it (with PyTorch)"
    assert path.exists(), f"{path} is missing: {hint}"
    with open(path, "rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        metadata = json.loads(stream.read(length))["__metadata__"]
    assert name in metadata, f"{path} has no {name}: {hint}"
    arrays = {key.split("/", 1)[1]: array for key, array in load_file(path).items() if key.startswith(name + "/")}
    return arrays, json.loads(metadata[name])


def prepare(folder, columns, parameters, kind):
    real = np.float32 if kind == "float" else np.float64
    for name, array in columns.items():
        np.save(folder / f"{name}.npy", array)
    save_file({path: array.astype(real) for path, array in parameters.items()}, folder / "init.safetensors")


def metadata_of(path):
    data = path.read_bytes()
    return json.loads(data[8:8 + int.from_bytes(data[:8], "little")])["__metadata__"]


def compare(found, expected, kind):
    """All of them, so that a failure shows every one that is wrong."""
    wrong = {}
    for key, value in expected.items():
        error = relative_error(cases.digest(found[key]) if key in found else np.array(np.nan), value)
        if not error <= TOLERANCE[kind]:
            wrong[key] = f"{error:.1e}" if key in found else "is missing"
    assert not wrong, f"past {TOLERANCE[kind]}: {wrong}"


def grads(program, folder, *flags):
    run([program, "grads", "--init=init.safetensors", "--out=g.safetensors", *flags], cwd=folder)
    path = folder / "g.safetensors"
    found = {f"grad.{name}": array for name, array in load_file(path).items()}
    return {**found, "loss": np.array([float(metadata_of(path)["loss"])])}


def test_tables_are_there():
    assert all(tables().values())


@pytest.mark.parametrize("kind", ["float", "double"])
@pytest.mark.parametrize("name", all_cases())
def test_operation(tmp_path, name, kind):
    case = all_cases()[name]
    expected, facts = fixture(case.file, case.name)
    case.positive = facts["positive"]
    assert facts["program"] == case.program(), "the fixture is of another program: make_fixtures.py renews it"
    columns, parameters = (case.source_numbers(), {}) if case.kind == "source" else case.numbers()
    program = trainer(facts["program"], tmp_path, *FLAGS[kind], name=name, optimize="-O1")
    shapes = {path: sizes for path, sizes in parameter_shapes(program, tmp_path, columns).items() if path not in parameters}
    own = {path: sizes for path, sizes in shapes.items() if is_of_layer(case, path)}
    if case.kind == "source":
        parameters = case.parameters({"w": case.output.sizes})
    else:
        layer = case.parameters({path.split(".", 1)[1]: sizes for path, sizes in own.items()})
        parameters.update({f"{case.row}.{path}": array for path, array in layer.items()})
    zeros = {path: np.zeros(sizes, np.float32) for path, sizes in shapes.items() if path not in parameters}
    prepare(tmp_path, columns, {**zeros, **parameters}, kind)

    found = grads(program, tmp_path, *(["--dropout=off"] if case.random else []))
    if "y" in expected:
        value = [] if case.kind == "source" else [f"--value={case.row}"]  # a parameter is no value by itself
        run([program, "predict", "--split=train", *value, "--init=init.safetensors", "--out=y.npy"], cwd=tmp_path)
        found["y"] = np.load(tmp_path / "y.npy")
    if "metric" in expected:
        found["metric"] = np.array([evaluate(program, "train", "--init=init.safetensors", cwd=tmp_path)["value"]])
    compare(found, expected, kind)


def faulty_cases():
    return {case.name: case for case in cases.cases(tables(), faulty=True)}


@pytest.mark.parametrize("name", faulty_cases())
def test_message(tmp_path, name):
    """An example with `.error` is refused with these words."""
    case = faulty_cases()[name]
    done = mtc(case.program(), tmp_path / "out.c", "--message-format=short", code=1)
    assert case.example["error"] in done.stderr, f"{case.example}\n{done.stderr}"


def is_of_layer(case, path):
    return path.startswith(case.row + ".")


def parameter_shapes(program, folder, columns):
    """By a run of no consequence: what it saves has every parameter."""
    for name, array in columns.items():
        np.save(folder / f"{name}.npy", array)
    run([program, "--run=1steps", "--lr=1e-30", "--save=any.safetensors"], cwd=folder)
    return {path: list(array.shape) for path, array in load_file(folder / "any.safetensors").items()}


@pytest.mark.parametrize("name", all_cases())
def test_gradcheck(tmp_path, name):
    case = all_cases()[name]
    _, facts = fixture(case.file, case.name)
    case.positive = facts["positive"]
    columns = case.source_numbers() if case.kind == "source" else case.numbers()[0]
    program = trainer(facts["program"], tmp_path, "-DMT_DOUBLE", name=name, optimize="-O1")
    prepare(tmp_path, columns, {}, "double")
    done = run([program, "gradcheck"], cwd=tmp_path, code=1 if case.file in STOPS_GRADIENTS else 0)
    assert done.stdout.strip(), "gradcheck printed nothing"


@pytest.mark.parametrize("kind", ["float", "double"])
@pytest.mark.parametrize("table, index", optimizers(),
                         ids=lambda value: value["name"] if isinstance(value, dict) else str(value))
def test_optimizer(tmp_path, table, index, kind):
    expected, facts = fixture(table["name"], f"{table['name']}-{index}")
    assert facts["program"] == cases.optimizer_program(table, table["traces"][index])
    columns, parameters = cases.optimizer_numbers()
    prepare(tmp_path, columns, parameters, kind)
    program = trainer(facts["program"], tmp_path, *FLAGS[kind])
    run([program, "--init=init.safetensors", "--save=after.safetensors"], cwd=tmp_path)
    compare(load_file(tmp_path / "after.safetensors"), expected, kind)


@pytest.mark.parametrize("kind", ["float", "double"])
@pytest.mark.parametrize("name", nets.NETS)
def test_net(tmp_path, name, kind):
    expected, facts = fixture(name, name)
    assert facts["program"] == nets.program(name)
    columns, parameters = nets.numbers(name, facts["shapes"])
    prepare(tmp_path, columns, parameters, kind)
    program = trainer(facts["program"], tmp_path, *FLAGS[kind], "-march=native", name=name, optimize="-O3")
    found = grads(program, tmp_path)
    run([program, "predict", "--split=train", "--init=init.safetensors", "--out=y.npy"], cwd=tmp_path)
    found["y"] = np.load(tmp_path / "y.npy")
    run([program, "--init=init.safetensors", "--save=after.safetensors"], cwd=tmp_path)
    found.update({f"after.{path}": array for path, array in load_file(tmp_path / "after.safetensors").items()})
    compare(found, expected, kind)


@pytest.mark.parametrize("table", tables()["schedules"], ids=lambda table: table["name"])
def test_schedule(tmp_path, table):
    """The rates that a run logs are the table's, which are PyTorch's. The traces have lr=1."""
    np.save(tmp_path / "x.npy", np.ones([2, 3], np.float32))
    assert table["traces"]
    for index, trace in enumerate(table["traces"]):
        epochs = "epoch" in trace["options"] or "step" not in trace["options"].replace("step_size", "")
        unit = "epochs" if epochs else "steps"
        text = f"""mt 1

data {{
  train = npy(x="x.npy")
  batch = 1
  shuffle = false
}}

model m(x: [B, 3]) {{ out: linear(1) }}

loss {{ mean(out) }}
optimizer sgd(lr=1)
schedule {table['name']}({trace['options']})

train {{
  run = 8 {unit}
  log_every = 1 steps
}}
"""
        program = trainer(text, tmp_path, name=f"schedule{index}")
        run([program, "--log=log"], cwd=tmp_path)
        rates = [line["lr"] for line in read_log(tmp_path / "log") if line["event"] == "step"]
        expected = [rate for rate in trace["rate"] for _ in range(2 if epochs else 1)]  # two steps an epoch
        assert rates == pytest.approx(expected, rel=1e-12, abs=1e-15), trace["options"]
