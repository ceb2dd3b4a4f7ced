"""PyTorch's side: a described program (text.py), run row by row with PyTorch's own layers, functions and optimizers.

The rules of the language are written here once more, apart from the compiler: paths, scopes, blocks, repeats, `when`,
`share`, ties. What a stage computes is its table's `pytorch` template, so that an operation that joins the tables joins here.

Parameters and layers are kept by path, made where they are first used; `fresh` allows it.
"""

import math
import pathlib
import re
import sys

import torch
import torch.nn.functional as F
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "parity")]
import cases  # noqa: E402
import template  # noqa: E402
import text as mt  # noqa: E402

NORM = nn.modules.batchnorm._BatchNorm


class Invalid(Exception):
    """The program does not mean anything."""


def demand(condition, why):
    if not condition:
        raise Invalid(why)


def literal(value):
    """A value of Python as text of .mt."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(value)


class Kind(cases.Type):
    """The type of a tensor that is there."""

    def __init__(self, value, batched, classes=0):
        self.element = "class" if classes else "real"
        self.classes, self.batched = classes, batched
        self.sizes = list(value.shape[batched:])


class Application:
    """What template.Call reads of an example of a table: here of a stage with values."""

    def __init__(self, op, stage, operands, kinds):
        self.op, self.stage, self.kind = op, stage, op["kind"]
        self.inputs = dict(zip(operands, kinds))


class Names(dict):
    """What an expression sees, in one body: sizes and constants are numbers, values tensors. `owners` has the rows with
    parameters: (stage, scope, path)."""

    WORDS = {"true": True, "false": False, "inf": math.inf, "pi": math.pi, "B": 0}

    def __init__(self, outer, twin):
        super().__init__()
        self.outer, self.twin, self.owners = outer, twin, {}

    def __missing__(self, name):
        if self.outer is not None:
            return self.outer[name]
        if name in self.WORDS:
            return self.WORDS[name]
        return self.twin.function(name)

    def __contains__(self, name):
        return dict.__contains__(self, name) or (self.outer is not None and name in self.outer)

    def chain(self):
        """All that is seen here, by name."""
        return {**(self.outer.chain() if self.outer is not None else {}), **self}

    def owner(self, name):
        if name in self.owners:
            return self.owners[name]
        demand(self.outer is not None, f"{name} owns nothing")
        return self.outer.owner(name)


def takes(op, arguments):
    """Whether the operation has these arguments."""
    known = {arg["name"] for arg in op["args"]}
    return any(arg["kind"] == "sizes" for arg in op["args"]) or (all(not name or name in known for name, _ in arguments)
        and sum(not name for name, _ in arguments) <= op["positional"])


class Twin:
    """Parameters and layers are kept by path, made where they are first used; `fresh` allows it."""

    def __init__(self, program, tables, dtype=torch.float64):
        self.program, self.dtype = program, dtype
        self.parameters, self.modules, self.uses = {}, {}, {}
        self.watched = None  # a list: columns whose derivative is asked for
        self.norms, self.whole = False, True  # norms over the batch; all of them keep statistics
        self.training, self.dropout = True, None
        self.operations = {}
        for op in tables["operations"]:
            if op["pytorch"]:
                self.operations.setdefault(op["name"], []).append(op)
        self.optimizers = {op["name"]: op for op in tables["optimizers"]}
        self.schedules = {op["name"]: op for op in tables["schedules"]}
        self.blocks = {block["name"]: block for block in program["blocks"]}
        self.fns = {fn["name"]: fn for fn in program["fns"]}
        self.fresh = True

    # ---------------------------------------------------------------------------------------------- operations

    def apply(self, name, operands, arguments, kinds, path=None, tied=None):
        """An operation of one of the kinds. Operands are tensors (or numbers), arguments (name, value)."""
        operands = [self.tensor(value) for value in operands]
        failure = Invalid(f"no {name}")
        for op in self.operations[name]:
            if op["kind"] not in kinds or not takes(op, arguments):
                continue
            try:
                return self.apply_one(op, operands, arguments, path, tied)
            except (Invalid, StopIteration, KeyError, AssertionError) as fault:
                failure = fault
        raise failure

    def tensor(self, value):
        return value if isinstance(value, torch.Tensor) else torch.tensor(float(value), dtype=self.dtype)

    def apply_one(self, op, operands, arguments, path, tied):
        kinds = [Kind(value, value.dim() > 0) for value in operands]
        real = [not value.is_floating_point() for value in operands]
        wanted = [i["type"].startswith("class") for i in op["inputs"] if not i.get("when")][-1:]
        if op["kind"] == "loss" and len(operands) == 2:
            demand(wanted == [real[1]], "a target of the other kind")
        for value, tensor in zip(operands, op["inputs"]):  # PyTorch's images may lack the batch
            axes = cases.split_top(tensor["type"][tensor["type"].index("[") + 1:-1])
            demand(tensor.get("when") or "..." in axes or len(axes) == value.dim(), "another rank")
        for value, kind in zip(operands, kinds):
            kind.classes = 0 if value.is_floating_point() else int(value.max()) + 1
        names = [f"operand{k}" for k in range(len(operands))]
        words = names[op["kind"] == "stage":] + [f"{key}={literal(value)}" if key else literal(value)
                                                 for key, value in arguments]
        stage = f"{op['name']}({', '.join(words)})"
        if op["name"] == "slice":  # nor ends that lie outside
            given = dict(zip(("dim", "from", "to"), (value for _, value in arguments)))
            given.update({key: value for key, value in arguments if key})
            size = operands[0].shape[given["dim"]]
            first, last = (place + size if place < 0 else place for place in (given["from"], given["to"]))
            demand(0 <= first < last <= size, "a slice that is not there")
        if op["name"] == "squeeze":  # PyTorch leaves other sizes alone
            demand(operands[0].shape[arguments[0][1]] == 1, "not a size of 1")
        if op["name"] in ("softmax", "log_softmax"):  # over the batch PyTorch would do it
            dim = dict(arguments).get("dim", dict(arguments).get("", -1))
            demand(operands[0].dim() > 0 and dim % operands[0].dim() != 0, "the axis of the batch")
        if op["name"] == "reshape":
            return operands[0].reshape([len(operands[0]), *(value for _, value in arguments[1:])])
        if op.get("fold") or op["inputs"] and op["inputs"][0].get("many"):
            return self.fold(op, operands, dict(arguments))
        if op["outputs"] and op["outputs"][0].get("many"):
            given = dict(zip([arg["name"] for arg in op["args"]], [None] * 9))
            for (key, value), arg in zip(arguments, op["args"]):
                given[key or arg["name"]] = value
            parts = torch.chunk(operands[0], given["chunks"], given["dim"] or 0)
            demand(len({part.shape for part in parts}) == 1 and len(parts) == given["chunks"], "unequal parts")
            return list(parts)
        call = template.Call(Application(op, stage, names, kinds))
        expression = call.expression()
        result = eval(expression, {"torch": torch, "nn": nn, "F": F, "math": math, **dict(zip(names, operands))})
        if isinstance(result, nn.Module):
            return self.layer(result, operands[0], path, tied or {})
        return result

    @staticmethod
    def fold(op, operands, arguments):
        if op["name"] == "concat":
            return torch.cat(operands, arguments["dim"])
        result = operands[0]
        for value in operands[1:]:
            result = result + value if op["fold"] == "+" else result * value
        return result

    def layer(self, made, value, path, tied):
        """A module of the template; the one that is kept for the path where it has parameters or statistics."""
        if isinstance(made, nn.Dropout):
            return self.drop(made.p, value, path)
        if isinstance(made, NORM):
            self.norms = True
            self.whole = self.whole and made.track_running_stats
        if not list(made.parameters()) and not list(made.buffers()):
            return made(value)
        demand(path is not None, "a row with parameters needs a name")
        if path not in self.modules:
            demand(self.fresh, f"{path} is new")
            self.modules[path] = made.to(self.dtype)
            for name, parameter in made.named_parameters():
                if name not in tied:
                    self.declare(f"{path}.{name}", parameter.shape)
            self.begin_statistics(path)
        module = self.modules[path].train(self.training)
        own = {}
        for name, old in module.named_parameters():
            own[name] = tied[name] if name in tied else self.parameters[f"{path}.{name}"]
            demand(own[name].shape == old.shape, "a tie of another shape")
        result = torch.func.functional_call(module, own, (value,))
        if self.training and not self.fresh:  # uses that the loss does not reach, too: they have no code
            self.uses[path] = self.uses.get(path, 0) + 1
            if result.requires_grad:
                result.register_hook(lambda gradient: self.uses.update({path: self.uses[path] - 1}))
        return result

    def begin_statistics(self, path):
        for name, buffer in self.modules[path].named_buffers():
            if buffer.is_floating_point():
                buffer.copy_(torch.tensor(mt.parameter(f"{path}.{name}", buffer.shape), dtype=self.dtype))

    def statistics(self, reached=False):
        """Running means and variances by path; only where all uses reach the loss: others have no code."""
        return {f"{path}.{name}": buffer for path, module in self.modules.items() if not reached or self.uses.get(path) == 0
                for name, buffer in module.named_buffers() if buffer.is_floating_point()}

    def declare(self, path, shape):
        if path not in self.parameters:
            demand(self.fresh and all(size > 0 for size in shape), f"{path} is new, or empty")
            self.parameters[path] = torch.tensor(mt.parameter(path, shape), dtype=self.dtype).requires_grad_()
        return self.parameters[path]

    def drop(self, p, value, path):
        """Dropout does not draw here: `grads --dropout=off` and evaluation do not either."""
        self.dropout = p
        return value

    def function(self, name):
        """A function of formulas, of losses and of metrics; or a constant function."""
        if name == "parameter__":
            return self.parameters.__getitem__
        if name in self.fns:
            return lambda *operands, **options: self.call_fn(self.fns[name], operands, list(options.items()))
        if name not in self.operations:
            raise KeyError(name)

        def call(*operands, **options):
            if not any(isinstance(value, torch.Tensor) for value in operands) and hasattr(math, name):
                return getattr(math, name)(*operands)
            return self.apply(name, list(operands), list(options.items()), ("loss", "metric", "function"))
        return call

    def call_fn(self, fn, operands, options):
        names = Names(self.constants, self)
        for name, default in fn["options"]:
            names[name] = dict(options)[name] if name in dict(options) else self.value(default, names)
        names.update(zip(fn["inputs"], operands))
        return self.value(fn["body"], names)

    # ------------------------------------------------------------------------------------------------- rows

    def value(self, text, names):
        """An expression; `row.weight` in it is a parameter."""
        def member(found):
            words = found[0].split(".")
            path = ".".join([names.owner(words[0])[2], *words[1:]])
            demand(path in self.parameters, f"no parameter {path}")
            return f'parameter__("{path}")'
        text = re.sub(r"\b[A-Za-z]\w*(?:\.\w+)*\.(?:weight|bias)\b", member, text)
        try:
            return eval(compile(template.python_of(text), "<mt>", "eval"), {"__builtins__": {}}, names)
        except NameError as fault:
            raise Invalid(str(fault)) from fault

    def run_rows(self, rows, names, prefix, trunk):
        """The trunk behind the rows, and the value of the last one."""
        last = trunk
        for row in rows:
            trunk, last = self.run_row(row, names, prefix, trunk)
        return trunk, last

    def run_row(self, row, names, prefix, trunk):
        if "repeat" in row:
            trunk = self.run_repeat(row, names, prefix, trunk)
            for name in row["names"]:
                names[name] = trunk
            return trunk, trunk
        path = prefix + row["names"][0] if len(row["names"]) == 1 else None
        if row["head"] and row["head"].startswith("param("):
            demand(path, "a parameter without a name")
            sizes = [self.value(part, names) for part in cases.split_top(row["head"][6:-1]) if "=" not in part]
            value = self.declare(path, sizes)
        else:
            value = self.value(row["head"], names) if row["head"] else trunk
        demand(row["head"] or row["stages"], "an empty row")
        if not row["when"] or self.value(row["when"], names):
            for stage in row["stages"]:
                value = self.run_stage(stage, value, names, path, row["names"])
        for stage in row["stages"]:  # options are looked at, also of what is left out
            self.check_sizes(stage, names)
        if self.fresh and isinstance(value, torch.Tensor):  # PyTorch aligns the batch with any axis
            demand(self.count not in value.shape[1:], "two batches in one value")
        if len(row["names"]) == 1:
            names[row["names"][0]] = value
        elif row["names"]:
            demand(isinstance(value, list) and len(value) == len(row["names"]), "as many names as values")
            names.update(zip(row["names"], value))
        return (trunk if row["mark"] == "=" else value), value

    def check_sizes(self, stage, names):
        """A size below 1 is none, wherever it stands; all options of blocks are sizes here."""
        if stage["call"] in self.blocks:
            demand(all(self.value(text, names) >= 1 for _, text in stage["args"]), "a size below 1")
        for op in self.operations.get(stage["call"], [])[:1]:
            for (key, text), arg in zip(stage["args"], op["args"]):
                kind = next((other["kind"] for other in op["args"] if other["name"] == key), arg["kind"])
                demand(kind != "size" or self.value(text, names) >= 1, "a size below 1")

    def run_repeat(self, row, names, prefix, trunk):
        single = len(row["rows"]) == 1 and not row["rows"][0]["names"] and "repeat" not in row["rows"][0]
        for index in range(self.value(row["repeat"], names)):
            inner = Names(names, self)
            if row["as"]:
                inner[row["as"]] = index
            place = f"{prefix}{row['names'][0]}.{index}" if row["names"] else None
            if single:
                only = row["rows"][0]
                value = self.value(only["head"], inner) if only["head"] else trunk
                for stage in only["stages"]:
                    self.check_sizes(stage, inner)
                if not only["when"] or self.value(only["when"], inner):
                    for stage in only["stages"]:
                        value = self.run_stage(stage, value, inner, place, [])
                trunk = value
            else:
                trunk, _ = self.run_rows(row["rows"], inner, f"{place}." if place else "?", trunk)
        return trunk

    def run_stage(self, stage, value, names, path, row):
        if stage["call"] == "share":
            owner, scope, owner_path = names.owner(stage["values"][0])
            demand(not owner["values"], "one value, and a block of several")
            return self.run_stage(owner, value, scope, owner_path, [])
        further = [self.value(text, names) for text in stage["values"]]
        if stage["call"] in self.blocks:
            result = self.run_block(self.blocks[stage["call"]], [value, *further], stage["args"], names, path)
            self.own(stage, names, path, row)
            return result
        if stage["call"] in self.fns:
            options = [(name, self.value(text, names)) for name, text in stage["args"]]
            return self.call_fn(self.fns[stage["call"]], [value, *further], options)
        tied, arguments = {}, []
        for name, text in stage["args"]:
            if name == "weight" and re.fullmatch(r"[A-Za-z]\w*\.weight", text):
                tied["weight"] = self.parameters[names.owner(text.split(".")[0])[2] + ".weight"]
            elif name == "weight" and re.fullmatch(r"[A-Za-z]\w*", text):
                tied["weight"] = names[text]
            else:
                arguments.append((name, self.value(text, names)))
        operands = (value if isinstance(value, list) else [value]) + further
        result = self.apply(stage["call"], operands, arguments, ("stage", "function"), path, tied)
        if any(op["parameters"] for op in self.operations[stage["call"]]):
            self.own(stage, names, path, row)
        return result

    def own(self, stage, names, path, row):
        """A row that others may share: its stage has parameters here, not only in general."""
        if len(row) == 1 and any(parameter.startswith(f"{path}.") for parameter in self.parameters):
            names.owners[row[0]] = (stage, names, path)

    def run_block(self, block, operands, arguments, names, path):
        inner = Names(self.constants, self)
        operands = operands[0] + operands[1:] if isinstance(operands[0], list) else operands
        demand(len(operands) == len(block["inputs"]), "as many values as inputs")
        for (name, kind), value in zip(block["inputs"], operands):
            inner[name] = value
            if kind:
                axes = [axis.strip() for axis in kind[1:-1].split(",")]
                demand(len(axes) == value.dim(), "another rank")
                for axis, size in list(zip(axes, value.shape))[1:]:
                    demand(inner.get(axis, size) == size, "another size")
                    inner[axis] = size
        given = {}
        for (key, text), (name, _) in zip(arguments, block["options"]):
            given[key or name] = self.value(text, names)
        for name, default in block["options"]:
            demand(name in given or default, f"{name} is not given")
            inner[name] = given[name] if name in given else self.value(default, inner)
        return self.run_rows(block["rows"], inner, f"{path}." if path else "?", operands[0])[1]

    def begin(self, columns):
        """The scope of the model: constants, columns."""
        self.constants = Names(None, self)
        for name, value in self.program["consts"]:
            self.constants[name] = self.value(value, self.constants)
        names = Names(self.constants, self)
        self.count = len(next(iter(columns.values())))
        for name, array in columns.items():
            value = torch.as_tensor(array)
            names[name] = value.to(self.dtype) if value.is_floating_point() else value
            if self.watched is not None and value.is_floating_point():
                self.watched.append(names[name].requires_grad_())
        for name, _, classes in self.program["targets"]:
            if classes:
                names[name] = names.pop(name + "0")
        return names

    def forward(self, columns):
        names = self.begin(columns)
        first = self.program["inputs"][0][0]
        self.run_rows(self.program["rows"], names, "", names[first])
        return names

    def loss(self, names):
        """The objective, and the rows before it."""
        inner, result = Names(names, self), []
        for name, text in self.program["loss"]:
            value = self.value(text, inner)
            if name:
                inner[name] = value
            result.append((name, value))
        return result

    def metrics(self, names):
        return {name: self.value(text, names) for name, text in self.program["metrics"]}


# -------------------------------------------------------------------------------------------------- training

def evaluate(twin, columns, value):
    """Loss, metrics and the value of a row over all examples, in evaluation. Where a norm keeps no statistics the value is
    that of each batch, and the loss is left out."""
    size = twin.program["batch"]
    whole = twin.whole
    starts = [0] if whole else range(0, twin.program["examples"], size)
    twin.training = False
    with torch.no_grad():
        parts = [twin.forward({name: array if whole else array[start:start + size] for name, array in columns.items()})
                 for start in starts]
        result = {f"value.{value}": torch.cat([names[value] for names in parts])}
        if whole:
            result["eval.loss"] = twin.loss(parts[0])[-1][1]
            result.update({f"eval.{name}": number for name, number in twin.metrics(parts[0]).items()})
    twin.training = True
    return result


def rates(twin, base, count, per_epoch):
    """The rate of each step: stages one behind the other, each from the base rate (LANGUAGE 10.39)."""
    schedule = twin.program["schedule"]
    if not schedule:
        return [base] * count
    table = {name.lower(): getattr(torch.optim.lr_scheduler, name) for name in dir(torch.optim.lr_scheduler)}
    result, unit = [], None
    for stage in schedule:
        name, options = stage
        given, length = {}, None
        for key, value in options:
            numbers = [int(number) for number in re.findall(r"(\d+) (?:step|epoch)s?", value)]
            if numbers or value == "run":
                unit = "epoch" if "epoch" in value else "step"
                length = numbers[-1] if numbers else count
                given[key] = numbers if value.startswith("[") else length
            else:
                given[key] = twin.value(value, twin.constants)
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=base)
        scheduler = table[name.replace('_', '')](optimizer, **given)
        for _ in range(count if stage is schedule[-1] else length):
            result.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
    if unit == "epoch":
        result = [result[step // per_epoch] for step in range(count)]
    return result[:count]


def rules_of(program, path):
    """What `params` says of a parameter: for each setting the last rule that selects it."""
    result = {}
    for selector, settings in program["params"]:
        pattern = ".*".join(map(re.escape, selector.strip('"').split("*")))
        if re.fullmatch(pattern, path) if selector.startswith('"') else re.search(r"(^|\.)bias$", path):
            result.update(dict(settings))
    return result


def optimizer_of(twin, options):
    """Each parameter is a group of its own; `scale` is its lr_scale. Frozen ones are in none."""
    kinds, groups = {name.lower(): getattr(torch.optim, name) for name in dir(torch.optim)}, []
    for path, parameter in twin.parameters.items():
        rules = rules_of(twin.program, path)
        parameter.requires_grad_(rules.get("frozen") != "true")
        if parameter.requires_grad:
            decay = {"weight_decay": float(rules["weight_decay"])} if "weight_decay" in rules else {}
            groups.append({"params": [parameter], "scale": float(rules.get("lr_scale", 1)), **decay})
    demand(groups, "everything is frozen")
    return kinds[twin.program["optimizer"][0]](groups, **options)


def train(twin, columns):
    """Five steps; the gradient of the first, the parameters after the last."""
    program, result = twin.program, {}
    options = {name: twin.value(value, twin.constants) for name, value in program["optimizer"][1]}
    options = {name: [float(number) for number in value] if isinstance(value, list) else value
               for name, value in options.items()}
    optimizer = optimizer_of(twin, options)
    group, count = program["batch"] * program["accumulate"], program["examples"]
    groups = [slice(first, min(first + group, count)) for first in range(0, count, group)]
    rate = rates(twin, options["lr"], mt.STEPS, len(groups))
    clip = {name: twin.value(value, twin.constants) for name, value in program["clip"]}
    for step in range(mt.STEPS):
        part = {name: array[groups[step % len(groups)]] for name, array in columns.items()}
        optimizer.zero_grad()
        loss = twin.loss(twin.forward(part))[-1][1]
        demand(loss.requires_grad and bool(torch.isfinite(loss)), "nothing to train")
        loss.backward()
        if step == 0:
            result["loss"] = loss.detach()
            for path, value in twin.parameters.items():
                if not value.requires_grad:
                    continue
                # A derivative that is 0 whatever the numbers are: mtc sees that nothing arrives, and never steps it.
                demand(value.grad is None or bool(value.grad.any()), "nothing arrives")
                result[f"grad.{path}"] = torch.zeros_like(value) if value.grad is None else value.grad.clone()
        if "clip_grad_norm" in clip:
            nn.utils.clip_grad_norm_(list(twin.parameters.values()), clip["clip_grad_norm"])
        if "clip_grad_value" in clip:
            nn.utils.clip_grad_value_(list(twin.parameters.values()), clip["clip_grad_value"])
        for entry in optimizer.param_groups:
            entry["lr"] = rate[step] * entry["scale"]
        optimizer.step()
    result.update({f"after.{path}": value.detach() for path, value in
                   {**twin.parameters, **twin.statistics(reached=True)}.items()})
    return result


def measurable(program, tables):
    """Whether differences of the loss can tell its derivatives (gradcheck): none is so small beside the loss, or beside 1
    (a cross entropy of 1e-5 is a difference of larger numbers), that their rounding, 1e-16 of them over steps of 1e-3,
    shows in seven digits; no detach, which differences see through; and
    no dropout, which may bring a zero in front of what has no derivative there."""
    twin = Twin(program, tables)
    columns = {name: array[:3] for name, array in mt.columns(program).items()}
    twin.watched = []
    loss = twin.loss(twin.forward(columns))[-1][1]
    loss.backward()
    largest = [float(leaf.grad.abs().max()) for leaf in [*twin.parameters.values(), *twin.watched] if leaf.grad is not None]
    usable = twin.dropout is None and "detach" not in mt.text(program)
    return usable and all(g == 0 or g > 1e-4 * max(abs(float(loss)), 1) for g in largest)


def expected(program, tables, dtype=torch.float64, columns=None):
    """All that is compared, by name: {key: array}; parameters and their first values. With the program's own data, or others."""
    columns = columns or mt.columns(program)
    twin = Twin(program, tables, dtype)
    twin.forward(columns)  # makes the parameters, in an order that does not matter
    for path in twin.modules:
        twin.begin_statistics(path)
    twin.fresh = False
    result = evaluate(twin, columns, program["value"])
    result.update(train(twin, columns))
    if twin.dropout:
        result = {key: value for key, value in result.items() if not key.startswith("after.")}
    first = {path: mt.parameter(path, value.shape) for path, value in {**twin.parameters, **twin.statistics()}.items()}
    return {key: value.detach().double().numpy() for key, value in result.items()}, first
