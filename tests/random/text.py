"""A described program as `.mt`, and the arithmetic that both sides of a comparison share: numbers by names, digests.

A program is a tree of dictionaries and lists, so that it can be stored, copied and made smaller:

    {"consts": [[name, text]], "fns": [{"name", "inputs", "options", "body"}], "blocks": [BLOCK],
     "inputs": [[name, sizes]], "rows": [ROW], "targets": [[name, sizes, classes]], "loss": [[name or "", text]],
     "metrics": [[name, text]], "optimizer": [name, [[option, text]]], "schedule": [[stage, [[option, text]]]],
     "params": [[selector, [[setting, text]]]], "batch", "examples", "accumulate", "clip": [[setting, text]]}
    BLOCK = {"name", "inputs": [[name, type or ""]], "options": [[name, default or ""]], "rows": [ROW]}
    ROW = {"mark": ":", "=" or "", "names": [...], "head": text, "stages": [STAGE], "when": text}
          or {"mark": ":" or "", "names": [...], "repeat": text, "as": name, "rows": [ROW]}
    STAGE = {"call": name, "values": [text], "args": [[name or "", text]]}

Expressions are texts that read the same in `.mt` and, but for a few words, in Python (twin.py evaluates them).
"""

import zlib

import numpy as np

STEPS = 5


# ------------------------------------------------------------------------------------------------------ numbers

def seed_of(*words):
    return zlib.crc32(" ".join(map(str, words)).encode()) & 0x7fffffff


def columns(program):
    """The data: {column: array}. All numbers are representable in float."""
    result = {}
    for name, sizes in program["inputs"]:
        state = np.random.RandomState(seed_of("input", name, sizes))
        result[name] = state.standard_normal([program["examples"], *sizes]).astype(np.float32)
    for name, sizes, classes in program["targets"]:
        state = np.random.RandomState(seed_of("target", name, sizes, classes))
        shape = [program["examples"], *sizes]
        if classes:
            result[name + "0"] = state.randint(0, classes, shape).astype(np.int64)
        else:
            result[name] = state.uniform(0, 1, shape).astype(np.float32)
    return result


def parameter(path, shape, scale=0.4):
    """The first value of a parameter: of its path and its shape alone."""
    state = np.random.RandomState(seed_of("parameter", path, list(shape)))
    if path.endswith(".running_var"):  # statistics are read and kept as parameters are
        return state.uniform(0.5, 2, list(shape)).astype(np.float32)
    return (scale * state.standard_normal(list(shape)) + (0.2 if len(shape) == 1 else 0)).astype(np.float32)


def digest(array):
    """The largest number, and few numbers that stand for all: some elements, and sums with random signs."""
    flat = np.asarray(array, dtype=np.float64).reshape(-1)
    largest = np.abs(flat).max() if flat.size else 0.0
    if flat.size <= 16:
        return np.concatenate([[largest], flat])
    state = np.random.RandomState(flat.size)
    chosen = flat[state.choice(flat.size, 10, replace=False)]
    sums = [np.sum(flat * (2.0 * state.randint(0, 2, flat.size) - 1)) / np.sqrt(flat.size) for _ in range(5)]
    return np.concatenate([[largest], chosen, sums])


def difference(found, expected):
    """Of two digests, relative to the largest number of the tensor that is expected."""
    if found.shape != expected.shape or not np.isfinite(found).all():
        return float("inf")
    worst = np.abs(found - expected).max()
    return float(worst / expected[0]) if expected[0] > 0 else float(worst)


# --------------------------------------------------------------------------------------------------------- text

def pairs(items):
    return ", ".join(f"{name}={text}" if name else text for name, text in items)


def stage_text(stage):
    inner = ", ".join([*stage["values"], *([pairs(stage["args"])] if stage["args"] else [])])
    return stage["call"] + (f"({inner})" if inner else "")


def row_lines(row, indent):
    blank, names = "  " * indent, ", ".join(row["names"])
    mark = {":": f"{names}: ", "=": f"{names} = ", "": ""}[row["mark"]]
    if "repeat" in row:
        index = f" as {row['as']}" if row["as"] else ""
        return [f"{blank}{mark}repeat {row['repeat']}{index} {{", *body_lines(row["rows"], indent + 1), f"{blank}}}"]
    parts = [*([row["head"]] if row["head"] else []), *map(stage_text, row["stages"])]
    return [blank + mark + " -> ".join(parts) + (f" when {row['when']}" if row["when"] else "")]


def body_lines(rows, indent):
    return [line for row in rows for line in row_lines(row, indent)]


def signature(inputs, options):
    first = ", ".join(name + (f": {kind}" if kind else "") for name, kind in inputs)
    second = ", ".join(name + (f"={text}" if text else "") for name, text in options)
    return f"({first}; {second})" if second else f"({first})"


def batch_type(sizes, element=""):
    return f"{element}[{', '.join(['B', *map(str, sizes)])}]"


def model_inputs(program):
    """Inputs of the model, and targets whose shape nothing else says: those of formulas, and classes along an axis."""
    shaped = [[name, batch_type(sizes, "int" if classes else "")] for name, sizes, classes in program["targets"]
              if (sizes if classes else not any(f"(out, {name}" in line for _, line in program["loss"]))]
    return [[name, batch_type(sizes)] for name, sizes in program["inputs"]] + shaped


def data_lines(program):
    files = ", ".join(f'{name}="{name}.npy"' for name in columns(program))
    lines = [f"  train = npy({files})"]
    lines += [f"  {name}: {name}0 -> class({classes})" for name, _, classes in program["targets"] if classes]
    return ["data {", *lines, f"  batch = {program['batch']}", "  shuffle = false", "}"]


def text(program):
    lines = ["mt 1", ""]
    lines += [f"const {name} = {value}" for name, value in program["consts"]] + [""]
    for fn in program["fns"]:
        inputs = [[name, ""] for name in fn["inputs"]]
        lines += [f"fn {fn['name']}{signature(inputs, fn['options'])} = {fn['body']}", ""]
    lines += [*data_lines(program), ""]
    for block in program["blocks"]:
        head = f"block {block['name']}{signature(block['inputs'], block['options'])} {{"
        lines += [head, *body_lines(block["rows"], 1), "}", ""]
    lines += [f"model m{signature(model_inputs(program), [])} {{", *body_lines(program["rows"], 1), "}", ""]
    if program["params"]:
        rules = [f"  {selector} {{ {'; '.join(f'{k} = {v}' for k, v in [setting])} }}"
                 for selector, settings in program["params"] for setting in settings]
        lines += ["params {", *rules, "}", ""]
    rows = [f"  {name} = {value}" if name else f"  {value}" for name, value in program["loss"]]
    lines += ["loss {", *rows, "}"]
    if program["metrics"]:
        lines += ["metrics {", *(f"  {name} = {value}" for name, value in program["metrics"]), "}"]
    name, options = program["optimizer"]
    lines += [f"optimizer {name}({pairs(options)})"]
    if program["schedule"]:
        lines += ["schedule " + " -> ".join(f"{stage}({pairs(options)})" for stage, options in program["schedule"])]
    lines += ["", "train {", f"  run = {STEPS} steps", f"  accumulate = {program['accumulate']}",
              *(f"  {name} = {value}" for name, value in program["clip"]), "}", ""]
    return "\n".join(line for k, line in enumerate(lines) if line or lines[k - 1])
