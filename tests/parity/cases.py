"""What is compared with PyTorch: a program and its data for every example of every table of compiler/ops/.

The tables come from the build (dump_operations.c), so that a new file in ops/ is covered without a change here. An example
such as {"x: [B, 5]", "h: relu", "[B, 5]"} becomes

    model m(x0: [B, 5], r: [B, 5]) {
      wx = param(5, init=zeros)
      x: x0 + wx
      h: relu
    }
    loss { mean(h * r) }

so that the gradient of wx, a parameter, is that of x summed over the examples, weighted at random by r. (Where an operation takes the mean over the examples away,
that sum is 0: there x is x0 + wx * u, with another column u.) Every number
is representable in float; all of them follow from the name of the case, with numpy's frozen RandomState.

make_fixtures.py computes the same with PyTorch in double and stores digests; test_parity.py compares.
"""

import json
import re
import zlib

import numpy as np

EXAMPLES = 21  # two groups of 16 lanes, the second one short
CORNERS = [0.0, 0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 6.0, -6.0, 20.0, -20.0]
WORDS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow", "==": "eq", "!=": "ne", "<": "lt", "<=": "le",
         ">": "gt", ">=": "ge"}
TRAIN = "optimizer sgd(lr=0.1)\n\ntrain { run = 1 steps }\n"


def split_top(text, mark=","):
    """Splits at a mark that is not inside brackets or a string."""
    parts, depth, quoted, start = [], 0, False, 0
    for i, c in enumerate(text):
        quoted ^= c == '"'
        depth += not quoted and c in "([{"
        depth -= not quoted and c in ")]}"
        if c == mark and depth == 0 and not quoted:
            parts.append(text[start:i].strip())
            start = i + 1
    last = text[start:].strip()
    return [*parts, last] if last or parts else []


class Type:
    """[B, 5], int[B], class(4)[B, 2]: element, number of classes, whether batched, sizes without B."""

    def __init__(self, text):
        found = re.fullmatch(r"(?:(class|int|u8)(?:\((\d+)\))?)?\[(.*)\]", text.strip())
        assert found, f"a type that the parity test does not read: {text}"
        axes = split_top(found[3])
        self.element, self.classes = found[1] or "real", int(found[2] or 0)
        self.batched = axes[:1] == ["B"]
        self.sizes = [int(axis) for axis in axes[self.batched:]]

    def __str__(self):
        return "[" + ", ".join(["B"] * self.batched + [str(size) for size in self.sizes]) + "]"


def read_inputs(text):
    return {name.strip(): Type(kind) for name, kind in (entry.split(":", 1) for entry in split_top(text))}


class Case:
    """One program, its data, and what PyTorch needs to know about it."""

    def __init__(self, op, index):
        example = op["examples"][index]
        self.op, self.kind, self.example = op, op["kind"], example
        word = WORDS.get(op["name"], op["name"])
        self.file = word
        self.name = f"{word}-{zlib.crc32(json.dumps([op['kind'], example]).encode()) % 0xffff:04x}"
        self.inputs = read_inputs(example["inputs"])
        named = re.fullmatch(r"(?:(\w+)\s*[:=](?!=)\s*)?(.*)", example["row"], re.S)
        self.row, self.stage = named[1] or "out", named[2]
        self.output = Type(example["output"]) if example.get("output") else None
        self.random = any("$seed" in line for rule in op["forward"] for line in rule.get("call", []))
        self.mixed = bool(op["buffers"])  # looks across the batch
        self.positive = False  # set where PyTorch's result is not finite with any numbers

    # ------------------------------------------------------------------------------------------------- numbers

    def numbers(self):
        """Columns of the data and values of the parameters: {name: array}, both without those of the layer."""
        state = np.random.RandomState(zlib.crc32(self.name.encode()) & 0x7fffffff)
        columns, tensors = {}, {}
        for name, kind in self.inputs.items():
            if kind.element in ("class", "int", "u8"):
                columns[f"{name}0"] = state.randint(0, kind.classes or 5, [EXAMPLES, *kind.sizes]).astype(np.int64)
            elif name == "target":
                columns[f"{name}0"] = state.uniform(0, 1, self.shape(kind)).astype(np.float32)
            elif kind.batched:
                columns[f"{name}0"] = self.real(state, self.shape(kind))
            else:
                tensors[name] = self.real(state, kind.sizes)
        if self.mixed:
            columns["u"] = state.standard_normal(self.shape(self.inputs["x"])).astype(np.float32)
        if self.kind == "operator" and len(self.inputs) == 2 or self.file in ("max", "min"):
            self.tie(columns)
        if self.output and self.output.batched:
            columns["r"] = state.standard_normal([EXAMPLES, *self.output.sizes]).astype(np.float32)
        elif self.kind == "metric" and "x0" in columns:
            columns["r"] = state.standard_normal([EXAMPLES, *self.inputs["x"].sizes]).astype(np.float32)
        return columns, tensors

    @staticmethod
    def shape(kind):
        return [EXAMPLES, *(kind.sizes or [1])]

    def real(self, state, shape):
        values = 1.5 * state.standard_normal(shape)
        if not self.op["parameters"]:  # corners of pointwise functions, ties of the largest
            values = np.where(state.uniform(size=shape) < 0.3, state.choice(CORNERS, shape), values)
        if self.positive:
            values = np.abs(values) + 0.1
        return values.astype(np.float32)

    @staticmethod
    def tie(columns):
        arrays = [array for array in columns.values() if array.dtype == np.float32]
        if len(arrays) == 2 and arrays[0].shape == arrays[1].shape:
            arrays[1].reshape(-1)[::5] = arrays[0].reshape(-1)[::5]

    def parameters(self, shapes):
        """Those of the layer, and its buffers, for shapes {path: sizes}."""
        state = np.random.RandomState(zlib.crc32(self.name.encode()) & 0x7fffffff ^ 1)
        own = {path: (0.5 * state.standard_normal(sizes)).astype(np.float32) for path, sizes in shapes.items()
               if not is_statistic(path)}
        return {path: statistic(path, sizes) if is_statistic(path) else own[path] for path, sizes in shapes.items()}

    # ------------------------------------------------------------------------------------------------- program

    def program(self):
        columns, tensors = self.numbers()
        files = ", ".join(f'{name}="{name}.npy"' for name in columns)
        transforms = [f"  {name}: {name}0 -> class({kind.classes})\n" for name, kind in self.inputs.items()
                      if kind.element == "class"]
        heads, rows = [], []
        for name, kind in reversed(self.inputs.items()):  # the first input last: it is the trunk
            if kind.element != "real":
                if kind.element != "class":
                    heads.append(f"{name}0: {kind.element}{kind}")
                elif kind.sizes:  # a column of classes is one number an example, unless the model says more
                    heads.append(f"{name}: int{kind}")
                continue
            sizes = ", ".join(map(str, kind.sizes or [1]))
            if not kind.batched:
                rows.append(f"  {name} = param({sizes}, init=zeros)")
                continue
            heads.append(f"{name}0: [B, {sizes}]")
            if name == "target":  # losses are not differentiated by it here; gradcheck does that
                rows.append(f"  {name} = {name}0" + ("" if kind.sizes else " -> reshape(B)"))
                continue
            rows.append(f"  w{name} = param({sizes}, init={'ones' if self.mixed else 'zeros'})")
            reshape = "" if kind.sizes else " -> reshape(B)"
            mark = ":" if name == next(iter(self.inputs)) else " ="
            rows.append(f"  {name}{mark} {name}0 + w{name}{' * u' * self.mixed}{reshape}")
            if self.mixed:
                heads.append(f"u: [B, {sizes}]")
        return self.assemble(files, transforms, heads, rows)

    def assemble(self, files, transforms, heads, rows):
        objective, metrics = f"mean({self.row} * r)", ""
        if self.kind == "loss" and self.output:  # reduction="none"
            objective = f"{self.row} = {self.stage}\n  mean({self.row} * r)"
        elif self.kind == "loss":
            objective = self.stage
        elif self.kind == "metric":
            objective, metrics = "mean(x * r)", f"metrics {{ value = {self.stage} }}\n"
        elif self.kind == "source":
            self.output = self.output or Type("[3]")
            heads.append(f"x: {self.output_batched()}")
            files = 'x="x.npy", r="r.npy"'
            rows.append(f"  w = {self.stage}\n  out: x + w")
            objective = "mean(out * r)"
        elif self.op["outputs"][0].get("many"):  # the last part is the result
            parts = int(re.search(r"\d+", self.stage)[0]) - 1
            names = ", ".join([*(f"part{k}" for k in range(parts)), self.row])
            rows.append(f"  {names} = {next(iter(self.inputs))} -> {self.stage}")
        else:
            rows.append(f"  {self.row}: {self.stage}")
        if "r=" in files:
            heads.append(f"r: {self.weights_type()}")
        return (f"mt 1\n\ndata {{\n  train = npy({files})\n{''.join(transforms)}  batch = {EXAMPLES}\n"
                f"  shuffle = false\n}}\n\nmodel m({', '.join(heads)}) {{\n" + "\n".join(rows) +
                f"\n}}\n\nloss {{\n  {objective}\n}}\n{metrics}{TRAIN}")

    def output_batched(self):
        return "[B, " + ", ".join(map(str, self.output.sizes)) + "]"

    def weights_type(self):
        if self.kind == "metric":
            return self.inputs["x"]
        return self.output_batched() if self.kind == "source" else self.output

    def source_numbers(self):
        """Of `w = param(...)`: x and r."""
        state = np.random.RandomState(zlib.crc32(self.name.encode()) & 0x7fffffff)
        shape = [EXAMPLES, *self.output.sizes]
        return {name: state.standard_normal(shape).astype(np.float32) for name in ("x", "r")}


def is_statistic(path):
    return path.rsplit(".", 1)[-1].startswith("running_")


def statistic(path, sizes):
    """A running mean, or a running variance, as some training has left it."""
    state = np.random.RandomState(zlib.crc32(path.encode()) & 0x7fffffff)
    numbers = state.uniform(0.5, 2, sizes) if path.endswith("_var") else state.standard_normal(sizes)
    return numbers.astype(np.float32)


def cases(tables, faulty=False):
    """All examples that are right, or all that are errors: those are tests of messages. Not those of operations that draw
    in evaluation too (randn_like): there is no number to compare. Their distribution is tested in unit/test_random.c,
    the gradient beside them by gradcheck in run/programs/noise_and_penalties.mt."""
    return [Case(op, k) for op in tables["operations"] for k, example in enumerate(op["examples"])
            if bool(example.get("error")) == faulty and not always_random(op)]


def always_random(op):
    return bool(op["forward"]) and all(any("$seed" in line for line in rule.get("call", [])) for rule in op["forward"])


# ------------------------------------------------------------------------------------------------------ digests

WHOLE, SAMPLES, SUMS = 1500, 400, 12


def digest(array):
    """Few numbers that stand for many: all of a small array; of a large one some elements at random places, and sums
    of all of them, each with random signs, divided by the root of their number."""
    flat = np.ascontiguousarray(array, dtype=np.float64).reshape(-1)  # safetensors stores the memory of a view
    if flat.size <= WHOLE:
        return flat
    state = np.random.RandomState(flat.size)
    chosen = flat[state.choice(flat.size, SAMPLES, replace=False)]
    sums = [np.sum(flat * (2.0 * state.randint(0, 2, flat.size) - 1)) / np.sqrt(flat.size) for _ in range(SUMS)]
    return np.concatenate([chosen, sums])


# ----------------------------------------------------------------------------------------- optimizers, whole nets

STEPS = 10


def optimizer_program(table, trace):
    return f"""mt 1

data {{
  train = npy(x="x.npy", t="t.npy")
  batch = 8
  shuffle = false
}}

model m(x: [B, 5]) {{
  fc1: linear(4) -> tanh
  out: linear(3)
}}

loss {{ mse_loss(out, t) }}
optimizer {table['name']}({trace['options']})

train {{ run = {STEPS} steps }}
"""


def optimizer_numbers():
    state = np.random.RandomState(5)
    columns = {"x": state.standard_normal([20, 5]).astype(np.float32),
               "t": state.standard_normal([20, 3]).astype(np.float32)}
    shapes = {"fc1.weight": [4, 5], "fc1.bias": [4], "out.weight": [3, 4], "out.bias": [3]}
    return columns, {path: (0.5 * state.standard_normal(sizes)).astype(np.float32) for path, sizes in shapes.items()}
