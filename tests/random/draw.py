"""Random programs that mean something: `Draw(seed, tables).program()` is a described program (text.py).

Each row is drawn, run by the twin on a few numbers, and taken only where the result is finite, batched and small: shapes
are never reasoned about here. Operations, options and their values come from the tables: sizes are drawn, other values are
those of a table's examples. The seed decides everything; only `random.Random.random()` is used, whose numbers are the
same in all versions of Python.
"""

import copy
import random
import re

import torch

import text as mt
from twin import Invalid, Names, Twin, cases

LARGEST, ELEMENTS = 30.0, 150
NEVER = {"randn_like"}  # draws in evaluation too: there is nothing to compare


def batched(value, examples):
    return isinstance(value, torch.Tensor) and value.dim() > 0 and value.shape[0] == examples


class Draw:
    def __init__(self, seed, tables, features=()):
        self.rng, self.tables, self.features = random.Random(seed), tables, set(features)
        self.stages = [op for op in tables["operations"]
                       if op["kind"] == "stage" and op["pytorch"] and op["name"] not in NEVER]
        self.functions = [op for op in tables["operations"]
                          if op["kind"] == "function" and op["pytorch"] and op["name"] not in NEVER]
        self.owners = [op for op in self.stages if op["parameters"]]
        self.plain = [op for op in self.stages if not op["parameters"] and not self.joins(op) and
                      op["name"] not in ("reshape", "chunk")]
        self.domains = {id(op): self.domain(op) for op in tables["operations"]}

    @staticmethod
    def joins(op):
        return op.get("fold") or op["inputs"][0].get("many") or len({i["name"] for i in op["inputs"]}) > 1

    @staticmethod
    def domain(op):
        """The values of each option in the examples of its table."""
        values = {}
        for example in op["examples"]:
            if example.get("error"):
                continue
            for found in re.finditer(r"\((.*)\)", example["row"]):
                for word in cases.split_top(found[1]):
                    keyword = re.fullmatch(r"(\w+)\s*=(?!=)\s*(.*)", word, re.S)
                    if keyword:
                        values.setdefault(keyword[1], []).append(keyword[2])
        return values

    # ------------------------------------------------------------------------------------------------ drawing

    def chance(self, rate):
        return self.rng.random() < rate

    def number(self, least, most):
        return least + int(self.rng.random() * (most - least + 1))

    def pick(self, choices):
        return choices[int(self.rng.random() * len(choices))]

    def weighted(self, choices):
        """A key of {key: weight}."""
        at = self.rng.random() * sum(choices.values())
        for key, weight in choices.items():
            at -= weight
            if at < 0:
                return key
        return key

    def name(self, names, word):
        k = 1
        taken = {block["name"] for block in self.twin.program["blocks"]} | set(self.twin.operations)
        while f"{word}{k}" in names or f"{word}{k}" in taken:
            k += 1
        return f"{word}{k}"

    # ------------------------------------------------------------------------------------------------- stages

    def size(self, names, most=6):
        numbers = [name for name, value in names.chain().items()
                   if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most]
        if not numbers or self.chance(0.5):
            return str(self.number(1, most))
        name = self.pick(numbers)
        return self.pick([name, name, f"{name} + 1", f"2 * {name}", f"({name} + 1) // 2", f"{name} % 3 + 1"])

    def pair(self, names):
        if self.chance(0.3):
            return f"[{self.number(1, 3)}, {self.number(1, 3)}]"
        return self.size(names, 3)

    def argument(self, op, arg, names, value):
        kind, known = arg["kind"], self.domains[id(op)].get(arg["name"], [])
        if kind == "bool":
            return self.pick(["true", "false"])
        if kind == "choice":
            return '"' + self.pick(arg["choices"].split()) + '"'
        if kind == "int" and value.dim() > 1 and ("dim" in arg["name"] or arg["name"] in ("a", "b", "dim0", "dim1")):
            axis = self.number(1, value.dim() - 1)
            return str(axis - (value.dim() if self.chance(0.3) else 0))
        if kind == "ints":
            axes = sorted({self.number(1, value.dim() - 1) for _ in range(self.number(1, 2))})
            return str(axes[0]) if len(axes) == 1 else str(axes)
        if kind == "pair":
            return self.pick([text for text in known if text.startswith('"')] or [self.pair(names)]) \
                if self.chance(0.1) else self.pair(names)
        if kind == "size":
            return self.size(names)
        if kind == "int":
            return str(self.number(0, 3))
        return self.pick(known) if known else None

    def arguments(self, op, names, value, positional=True):
        result, in_front = [], positional
        for position, arg in enumerate(op["args"]):
            needed = "fallback" not in arg
            if not needed and not self.chance(0.3):
                in_front = False
                continue
            text = self.argument(op, arg, names, value)
            if text is None:
                in_front = False
                continue
            in_front = in_front and position < op["positional"] and (needed or self.chance(0.5))
            result.append(["" if in_front else arg["name"], text])
        return result

    def stage(self, op, names, value):
        return {"call": op["name"], "values": [],
                "args": self.arguments(op, names, value, op["kind"] == "stage")}

    def tail(self, names, value):
        """What stands behind a layer in its row."""
        result = []
        for _ in range(self.weighted({0: 3, 1: 5, 2: 1})):
            if self.program["fns"] and self.chance(0.3):
                fn = self.pick(self.program["fns"])
                if len(fn["inputs"]) == 1:
                    result.append(self.fn_stage(fn))
                    continue
            one = [op for op in self.functions if len(op["inputs"]) == 1]
            result.append(self.stage(self.pick(one if self.chance(0.7) else self.plain), names, value))
        return result

    def fn_stage(self, fn):
        options = [[name, self.pick(["0.5", "1.5", "2"])] for name, _ in fn["options"] if self.chance(0.5)]
        return {"call": fn["name"], "values": [], "args": options}

    # ----------------------------------------------------------------------------------------------- formulas

    def atoms(self, names, like):
        """Values that go into a formula with one of this shape."""
        result = []
        for name, value in names.chain().items():
            if not isinstance(value, torch.Tensor) or not value.is_floating_point():
                continue
            if batched(value, self.examples):
                fits = value.dim() == like.dim() and all(a in (b, 1) for a, b in zip(value.shape, like.shape))
            else:
                fits = value.dim() < like.dim() and all(a in (b, 1) for a, b in zip(value.shape[::-1], like.shape[::-1]))
            if fits:
                result.append(name)
        return result

    def formula(self, atoms, depth, numbers=("0.5", "2", "1.5")):
        if depth == 0 or self.chance(0.1):
            return self.pick(atoms) if self.chance(0.85) else self.pick(numbers)
        kind = self.weighted({"+": 3, "-": 2, "*": 3, "/": 1, "one": 3, "two": 1, "where": 0.6, "**": 0.5, "neg": 0.3})
        inner = lambda: self.formula(atoms, depth - 1, numbers)  # noqa: E731
        if kind == "/":
            return f"({inner()}) / (1.5 + ({inner()}) ** 2)"
        if kind in "+-*":
            return f"({inner()} {kind} {inner()})" if self.chance(0.6) else f"{inner()} {kind} ({inner()})"
        if kind == "one":
            op = self.pick([op for op in self.functions if len(op["inputs"]) == 1 and
                            all("fallback" in arg for arg in op["args"]) and op["name"] != "clamp"])
            return f"{op['name']}({self.atom_first(atoms, depth)})"
        if kind == "two":
            return f"{self.pick(['max', 'min'])}({self.atom_first(atoms, depth)}, {inner()})"
        if kind == "where":
            sign = self.pick(["<", "<=", ">", ">="])
            return f"where({self.pick(atoms)} {sign} {self.pick(atoms + ['0.1'])}, {inner()}, {inner()})"
        return f"({inner()}) ** {self.pick(['2', '3'])}" if kind == "**" else f"(-{self.pick(atoms)})"

    def atom_first(self, atoms, depth):
        """Not a number alone: functions of numbers are constants."""
        return self.formula(atoms, 0, atoms) if depth < 2 else f"{self.pick(atoms)} * {self.formula(atoms, depth - 2)}"

    # -------------------------------------------------------------------------------------------------- rows

    def row(self, mark, names, head=None, stages=(), when=None):
        return {"mark": mark, "names": list(names), "head": head, "stages": list(stages), "when": when}

    def attempt(self, names, prefix, trunk, make):
        """Draws a row, runs it; takes back what it left behind if it will not do. (row, trunk) or None."""
        twin = self.twin
        before = dict(twin.parameters), dict(twin.modules), dict(names), dict(names.owners), len(self.program["blocks"])
        try:
            rows = make()
            for row in rows:
                trunk, last = twin.run_row(row, names, prefix, trunk)
                for value in [trunk, *(last if isinstance(last, list) else [last])]:
                    self.check(value, row)
            return rows, trunk
        except (Invalid, RuntimeError, ValueError, TypeError, IndexError, KeyError, ZeroDivisionError,
                NotImplementedError, AttributeError, OverflowError, AssertionError, NameError):
            twin.parameters, twin.modules = before[0], before[1]
            names.clear()
            names.update(before[2])
            names.owners = before[3]
            for block in self.program["blocks"][before[4]:]:
                twin.blocks.pop(block["name"], None)
            del self.program["blocks"][before[4]:]
            return None

    def check(self, value, row):
        source = row.get("head") and row["head"].startswith("param(")
        good = isinstance(value, torch.Tensor) and (source or batched(value, self.examples)) and value.dim() <= 5 and \
            value.numel() / (1 if source else self.examples) <= ELEMENTS and bool(torch.isfinite(value).all()) and \
            value.is_floating_point() and float(value.detach().abs().max()) < LARGEST
        if not good:
            raise Invalid("not a value to go on with")

    def rows(self, names, prefix, trunk, count, depth):
        result = []
        for _ in range(40 * count):
            if count <= 0:
                break
            kind = self.weighted({"layer": 5, "plain": 1.5, "let": 1.5, "formula": 1.5, "param": 0.7, "join": 1.2,
                                  "chunk": 0.5, "reshape": 0.3, "share": 0.8, "tie": 0.5, "dropout": 0.05,
                                  **({"block": 2.5 - depth, "repeat": 1.3} if depth < 2 else {})})
            made = self.attempt(names, prefix, trunk, lambda: getattr(self, "make_" + kind)(names, prefix, trunk, depth))
            if made:
                result += made[0]
                trunk = made[1]
                count -= 1
        return result, trunk

    def condition(self, names):
        if not self.chance(0.12):
            return None
        numbers = [name for name, value in names.chain().items() if isinstance(value, int)]
        return self.pick([f"{self.pick(numbers)} {self.pick(['>', '==', '!=', '<='])} {self.number(0, 4)}"] if numbers
                         else ["true", "false", "2 > 1"])

    def make_layer(self, names, prefix, trunk, depth):
        op = self.pick(self.owners)
        name = self.name(names, self.pick(["h", "fc", op["name"][:4]]))
        stages = [self.stage(op, names, trunk), *self.tail(names, trunk)]
        if self.chance(0.1):
            stages.insert(0, self.stage(self.pick(self.functions[:1] + self.plain), names, trunk))
        return [self.row(":", [name], None, stages, self.condition(names))]

    def make_plain(self, names, prefix, trunk, depth):
        stages = self.tail(names, trunk)
        if not stages:
            raise Invalid("nothing drawn")
        mark = [self.name(names, "p")] if self.chance(0.4) else []
        return [self.row(":" if mark else "", mark, None, stages, self.condition(names))]

    def make_dropout(self, names, prefix, trunk, depth):
        return [self.row("", [], None, [{"call": "dropout", "values": [], "args": [["", "0.3"]]}])]

    def make_let(self, names, prefix, trunk, depth):
        values = [name for name, value in names.chain().items() if batched(value, self.examples) and
                  value.is_floating_point()]
        head = self.pick(values)
        value = names[head]
        stages = [self.stage(self.pick(self.owners), names, value)] if self.chance(0.7) else []
        stages += self.tail(names, value)
        if not stages:
            raise Invalid("nothing drawn")
        name = self.name(names, self.pick(["skip", "side", "q"]))
        return [self.row("=", [name], head, stages, self.condition(names))]

    def make_formula(self, names, prefix, trunk, depth):
        atoms = self.atoms(names, trunk)
        text = self.formula(atoms, self.number(1, 3))
        if text.startswith("-") or text in atoms or re.fullmatch(r"[\d.]+", text):
            raise Invalid("no formula")
        mark = self.pick([":", ":", "=", ""])
        stages = self.tail(names, trunk) if self.chance(0.3) else []
        return [self.row(mark, [self.name(names, "f")] if mark else [], text, stages)]

    def make_param(self, names, prefix, trunk, depth):
        """A parameter of its own, and a formula that has it."""
        sizes = list(trunk.shape[1:])
        if not sizes:
            raise Invalid("a number an example")
        sizes = sizes[self.number(0, len(sizes) - 1):]
        sizes = [size if self.chance(0.6) else 1 for size in sizes]
        name = self.name(names, self.pick(["w", "scale"]))
        init = self.pick(["init=ones", "init=zeros", "init=normal(std=0.2)", "init=uniform(-1, 1)"])
        others = [atom for atom in self.atoms(names, trunk) if names[atom].shape == trunk.shape]
        first = self.row("=", [name], f"param({', '.join(map(str, sizes))}, {init})")
        sign = self.pick(["+", "*", "-", "*"])
        text = self.pick([f"{self.pick(others)} {sign} {name}", f"{name} {sign} {self.pick(others)}"])
        return [first, self.row(":", [self.name(names, "f")], text, self.tail(names, trunk))]

    def make_join(self, names, prefix, trunk, depth):
        op = self.pick([op for op in self.stages if op.get("fold") or op["inputs"][0].get("many")])
        values = [name for name, value in names.chain().items()
                  if batched(value, self.examples) and value.is_floating_point() and value.dim() == trunk.dim()]
        further = [self.pick(values) for _ in range(self.number(1, 2))]
        stage = self.stage(op, names, trunk)
        mark = self.pick([":", ""])
        label = [self.name(names, "cat")] if mark else []
        tail = self.tail(names, trunk)
        if self.chance(0.4) and op["inputs"][0].get("many"):
            return [self.row(mark, label, f"[{', '.join([self.pick(values), *further])}]", [stage, *tail])]
        stage["values"] = further
        return [self.row(mark, label, None, [stage, *tail])]

    def make_chunk(self, names, prefix, trunk, depth):
        axis = self.number(1, trunk.dim() - 1)
        parts = self.number(2, 3)
        values = [name for name, value in names.chain().items() if value is trunk]
        if trunk.shape[axis] % parts or not values:
            raise Invalid("no parts")
        labels = []
        for _ in range(parts):
            names[self.name(names, "part")] = None
            labels = [name for name in names if dict.__getitem__(names, name) is None]
        for label in labels:
            del names[label]
        stage = {"call": "chunk", "values": [], "args": [["", str(parts)], ["dim", str(axis)]]}
        first = self.row("=", labels, self.pick(values), [stage])
        mix = self.pick([f"{labels[0]} * {labels[-1]}", f"{labels[-1]} - {labels[0]}", f"[{labels[1]}, {labels[0]}]"])
        stages = [{"call": "concat", "values": [], "args": [["dim", str(axis)]]}] if mix.startswith("[") else []
        return [first, self.row("", [], mix, stages + self.tail(names, trunk))]

    def make_reshape(self, names, prefix, trunk, depth):
        count = trunk[0].numel()
        sizes = []
        while count > 1 and len(sizes) < 2:
            size = self.pick([k for k in range(1, count + 1) if count % k == 0])
            sizes.append(size)
            count //= size
        sizes.append(count)
        arguments = [["", "B"], *(["", str(size)] for size in sizes)]
        return [self.row("", [], None, [{"call": "reshape", "values": [], "args": arguments}])]

    def make_share(self, names, prefix, trunk, depth):
        owner = self.pick(list(names.owners))
        values = [name for name, value in names.chain().items() if batched(value, self.examples)]
        stages = [{"call": "share", "values": [owner], "args": []}, *self.tail(names, trunk)]
        if self.chance(0.5):
            return [self.row("=", [self.name(names, "twin")], self.pick(values), stages)]
        return [self.row(self.pick([":"]), [self.name(names, "again")], None, stages)]

    def make_tie(self, names, prefix, trunk, depth):
        owner = self.pick([name for name, (stage, _, _) in names.owners.items()
                           if stage["call"] in ("linear", "conv2d")])
        path = names.owner(owner)[2]
        stage = copy.deepcopy(names.owner(owner)[0])
        weight = self.twin.parameters[path + ".weight"]
        if stage["call"] != "linear" or any(name == "weight" for name, _ in stage["args"]):
            raise Invalid("ties of linear layers")
        stage["args"] = [["", str(weight.shape[0])], ["weight", f"{owner}.weight"],
                         *([["bias", "false"]] if self.chance(0.4) else [])]
        values = [name for name, value in names.chain().items()
                  if batched(value, self.examples) and value.is_floating_point() and value.shape[-1] == weight.shape[1]]
        return [self.row(":", [self.name(names, "tied")], self.pick(values), [stage, *self.tail(names, trunk)])]

    def make_block(self, names, prefix, trunk, depth):
        """A use of a block that there is, or of a new one."""
        values = [name for name, value in names.chain().items() if batched(value, self.examples) and
                  value.is_floating_point()]
        if self.program["blocks"] and self.chance(0.4):
            block = self.pick(self.program["blocks"])
            further = [self.pick(values) for _ in block["inputs"][1:]]
        else:
            further = [self.pick(values)] if self.chance(0.2) else []
            block = self.new_block(trunk, [names[name] for name in further], depth)
        if block["name"] in self.inside:
            raise Invalid("a block in itself")
        arguments = []
        for name, default in block["options"]:
            if not default or self.chance(0.5):
                by_name = bool(arguments and arguments[-1][0]) or len(arguments) != block["options"].index([name, default]) \
                    or self.chance(0.5)
                arguments.append([name if by_name else "", self.size(names, 4)])
        stages = [{"call": block["name"], "values": further, "args": arguments}, *self.tail(names, trunk)]
        if self.chance(0.25):
            return [self.row("=", [self.name(names, "side")], self.pick(values), stages)]
        return [self.row(":", [self.name(names, self.pick(["s", "unit"]))], None, stages, self.condition(names))]

    def new_block(self, trunk, further, depth):
        """Drawn for the values that it is first used with."""
        name, k = "", 1
        while not name or name in self.twin.blocks or name in self.inside:
            name, k = f"{'basic' if depth == 0 else 'inner'}{k}", k + 1
        axes = "CHWD" if trunk.dim() != 3 else "TFXY"
        kind = mt.batch_type(axes[:trunk.dim() - 1]) if self.chance(0.6) else ""
        inputs = [["x", kind], *([f"z{i}", ""] for i, _ in enumerate(further))]
        options = [[word, str(self.number(1, 4)) if self.chance(0.6) else ""] for word in ("ch", "k")[:self.number(0, 2)]]
        inner = Names(self.twin.constants, self.twin)
        inner.update({"x": trunk, **{f"z{i}": value for i, value in enumerate(further)}})
        if kind:
            inner.update(zip(axes, map(int, trunk.shape[1:])))
        inner.update({word: int(default or self.number(1, 4)) for word, default in options})
        self.inside.append(name)
        try:
            rows, _ = self.rows(inner, f"?{name}.", trunk, self.number(1, 4), depth + 1)
        finally:
            self.inside.pop()
        if not rows:
            raise Invalid("an empty block")
        if len(rows[-1]["names"]) > 1:
            raise Invalid("several results")
        block = {"name": name, "inputs": inputs, "options": options, "rows": rows}
        self.program["blocks"].append(block)
        self.twin.blocks[name] = block
        return block

    def make_repeat(self, names, prefix, trunk, depth):
        label = self.name(names, self.pick(["r", "layers"]))
        index = self.pick(["i", "j"]) if self.chance(0.6) else ""
        if index in names:
            index = ""
        inner = Names(names, self.twin)
        if index:
            inner[index] = 0
        count = self.number(1, 3)
        if self.chance(0.4):
            rows = self.make_block(inner, f"?{label}.", trunk, depth + 1)
            rows = [{**row, "mark": "", "names": []} for row in rows if row["mark"] == ":"]
        else:
            rows, _ = self.rows(inner, f"?{label}.", trunk, self.number(1, 3), depth + 1)
        if not rows or rows[-1]["mark"] == "=":
            raise Invalid("nothing to repeat")
        return [{"mark": ":", "names": [label], "repeat": str(count), "as": index, "rows": rows}]

    # ------------------------------------------------------------------------------------------------ sections

    def sizes(self):
        kind = self.weighted({"vector": 3, "sequence": 2, "image": 4})
        if kind == "vector":
            return [self.number(2, 7)]
        if kind == "sequence":
            return [self.number(2, 4), self.number(2, 5)]
        return [self.number(1, 3), self.number(3, 6), self.number(3, 6)]

    def make_fn(self, k):
        options = [["beta", "1.5"]] if self.chance(0.5) else []
        inputs = ["u"] if self.chance(0.8) else ["u", "w"]
        body = self.formula(inputs + [name for name, _ in options], self.number(1, 3))
        if not re.search(r"\bu\b", body):
            body = f"u * ({body})"
        return {"name": f"own{k}", "inputs": inputs, "options": options, "body": body}

    def draw_program(self):
        batch = self.number(3, 5)
        self.examples = 2 * batch + self.number(1, batch - 1) if self.chance(0.8) else 2 * batch
        while self.examples < 9:
            self.examples += batch
        accumulate = self.weighted({1: 3, 2: 1, 3: 1})
        first = self.sizes()
        inputs = [["x", first]]
        if self.chance(0.25):
            inputs.append(["x2", first if self.chance(0.5) else self.sizes()])
        self.program = {"consts": [["WIDE", str(self.number(2, 5))], *([["DEEP", "2"]] if self.chance(0.3) else [])],
                        "fns": [], "blocks": [], "inputs": inputs, "rows": [], "targets": [], "loss": [], "metrics": [],
                        "optimizer": None, "schedule": [], "params": [], "clip": [], "batch": batch,
                        "examples": self.examples, "accumulate": accumulate}
        if "fn" in self.features:
            self.program["fns"] = [self.make_fn(k) for k in range(1, self.number(0, 2) + 1)]
        self.twin, self.inside = Twin(self.program, self.tables), []
        names = self.twin.begin(mt.columns(self.program))
        trunk = names["x"]
        rows, trunk = self.rows(names, "", trunk, self.number(2, 6), 0)
        self.program["rows"] = rows
        self.draw_end(names, trunk)
        self.draw_training()
        return self.program

    def draw_end(self, names, trunk):
        """The last row, targets, loss and metrics."""
        rows = self.program["rows"]
        kind = self.weighted({"class": 4, "dense": 1, "same": 3})
        stages = []
        if kind == "class" and trunk.dim() > 2:
            stages.append({"call": "flatten", "values": [], "args": []})
        if kind != "same" or not self.twin.parameters:
            stages.append({"call": "linear", "values": [], "args": [["", str(self.number(2, 4))]]})
        row = self.row(":", ["out"], None if stages else self.pick([n for n, v in names.items() if v is trunk] or ["x"]),
                       stages)
        made = self.attempt(names, "", trunk, lambda: [row])
        if not made:
            raise Invalid("no end")
        rows.append(row)
        value = made[1]
        self.program["value"] = "out"
        targets, loss = self.program["targets"], self.program["loss"]
        if kind == "class" and value.dim() == 2:
            targets.append(["y", [], int(value.shape[1])])
            options = self.loss_options("cross_entropy", int(value.shape[1]))
            main = f"cross_entropy(out, y{options})"
            if self.chance(0.6):
                self.program["metrics"].append(["acc", "accuracy(out, y)"])
        else:
            targets.append(["t", [int(size) for size in value.shape[1:]], 0])
            word = self.pick(["mse_loss", "binary_cross_entropy_with_logits", "mean"])
            reduction = self.pick(["", "", ', reduction="sum"'])
            if word == "mean":
                main = self.pick(["mean(out * t)", "mean((out - t) ** 2)", "mean(softplus(out) * (t + 0.5))"])
            else:
                main = f"{word}(out, t{reduction})"
        terms = [main]
        owners = [path for path in self.twin.parameters if re.fullmatch(r"[A-Za-z]\w*\.(weight|bias)", path) and
                  path.split(".")[0] in names.owners]
        # Not with a sum: an evaluation in several batches counts a penalty in each of them.
        if owners and self.chance(0.3) and "sum" not in main:
            loss.append(["size", f"0.01 * sum({self.pick(owners)} ** 2)"])
            terms.append("size")
        others = [name for name, value in names.items() if batched(value, self.examples) and value.is_floating_point()
                  and name != "t"]
        if self.chance(0.25) and "weight=" not in main and "ignore" not in main and "sum" not in main:
            terms.append(f"0.1 * mean({self.pick(others)} ** 2)")
        if self.chance(0.3):
            loss.append(["main", terms[0]])
            terms[0] = "main"
        loss.append(["", " + ".join(terms)])

    def loss_options(self, word, classes):
        options = ""
        if self.chance(0.25):
            options += f", weight=[{', '.join(self.pick(['1', '0.5', '2', '3']) for _ in range(classes))}]"
        if self.chance(0.2):
            options += ", ignore_index=1"
        if self.chance(0.25):
            options += f", label_smoothing={self.pick(['0.1', '0.25', '0.5'])}"
        if self.chance(0.15):
            options += ', reduction="sum"'
        return options

    def draw_training(self):
        if self.twin.norms:  # of each micro-batch: accumulated batches are not one large one
            self.program["accumulate"] = 1
        table = self.pick(self.tables["optimizers"])
        options = []
        trace = self.pick(table["traces"])
        for option in cases.split_top(trace["options"]):
            key, value = option.split("=", 1)
            options.append([key, self.pick(["0.01", "0.05"]) if key == "lr" else value])
        if any(arg["name"] == "eps" for arg in table["args"]):
            options = [pair for pair in options if pair[0] != "eps"] + [["eps", self.pick(["0.1", "0.01"])]]
        self.program["optimizer"] = [table["name"], options]
        if self.chance(0.5):
            self.program["schedule"] = self.draw_schedule()
        if "params" in self.features:
            self.draw_rules()
        if self.chance(0.3):
            self.program["clip"].append(["clip_grad_norm", self.pick(["0.5", "1", "0.1"])])
        if self.chance(0.2):
            self.program["clip"].append(["clip_grad_value", self.pick(["0.1", "0.05"])])

    def draw_rules(self):
        """Rules of `params`, each with one setting. Paths of repeats and blocks are quoted, as all are."""
        paths = sorted(path for path in self.twin.parameters if not path.startswith("?"))
        if not paths or not self.chance(0.4):
            return
        for _ in range(self.number(1, 3)):
            path = self.pick(paths)
            selector = self.pick([f'"{path}"', f'"{path.split(".")[0]}*"', "bias" if path.endswith(".bias") else '"*"'])
            setting = self.pick([["lr_scale", "0.5"], ["weight_decay", "0.1"], ["weight_decay", "0"], ["frozen", "true"]])
            if selector != '"*"' or setting[0] != "frozen":
                self.program["params"].append([selector, [setting]])

    def draw_schedule(self):
        unit = self.pick(["steps", "epochs"])
        kind = self.weighted({"step_lr": 1, "multistep_lr": 1, "cosine_annealing_lr": 1, "linear_lr": 1, "chain": 2})
        drawn = {"step_lr": [["step_size", f"{self.number(1, 2)} {unit}"], ["gamma", "0.5"]],
                 "multistep_lr": [["milestones", f"[1 {unit}, 3 {unit}]"], ["gamma", "0.5"]],
                 "cosine_annealing_lr": [["T_max", f"{self.number(5, 8)} {unit}"], ["eta_min", "0.001"]],
                 "linear_lr": [["start_factor", "0.25"], ["total_iters", f"{self.number(1, 4)} {unit}"]]}
        if kind == "chain":
            warm = [["start_factor", "0.25"], ["total_iters", f"{self.number(1, 2)} {unit}"]]
            after = self.pick(["step_lr", "multistep_lr", "cosine_annealing_lr"])
            return [["linear_lr", warm], [after, drawn[after]]]
        return [[kind, drawn[kind]]]

    def draw(self):
        while True:
            try:
                return self.draw_program()
            except Invalid:
                continue


def draw(seed, tables, features=()):
    return Draw(seed, tables, features).draw()
