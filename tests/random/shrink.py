"""The smallest program that still fails: delta debugging over rows, stages, options, formulas and sizes.

`shrink(program, fails)` tries every smaller program in turn, takes the first that still fails, and begins again until
none does. What no longer means anything does not fail (`fails` says so), so nothing here knows the language but for the
target, which follows the shape of what is compared with it.
"""

import copy
import re

LISTS = ("rows", "stages", "args", "options", "blocks", "fns", "consts", "clip", "schedule", "metrics", "loss", "params")


def places(node, path=()):
    """Every (path, value) below a node."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield (*path, key), value
        yield from places(value, (*path, key))


def changed(program, path, value):
    result = copy.deepcopy(program)
    at = result
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return result


def shorter(items, least):
    """Lists with a half, a quarter, ... one element left out."""
    size = max(1, len(items) // 2)
    while size >= 1 and len(items) - size >= least:
        for start in range(0, len(items), size):
            rest = items[:start] + items[start + size:]
            if len(rest) >= least:
                yield rest
        size //= 2


def parts(text):
    """What a formula consists of: names, and what is in parentheses."""
    found = set(re.findall(r"[A-Za-z]\w*(?!\w*\()", text)) | {"1"}
    for start in range(len(text)):
        if text[start] == "(":
            depth, end = 0, start
            while end < len(text):
                depth += (text[end] == "(") - (text[end] == ")")
                if depth == 0:
                    found.add(text[start + 1:end])
                    break
                end += 1
    return sorted((part for part in found if len(part) < len(text)), key=len)


def candidates(program):
    for path, value in sorted(places(program), key=lambda place: len(place[0])):
        key = path[-1]
        if isinstance(value, list) and (key in LISTS or path[-2:] == ("optimizer", 1)):
            for rest in shorter(value, 1 if path == ("loss",) else 0):
                yield changed(program, path, rest)
        if key == "when" and value:
            yield changed(program, path, None)
        if key == "repeat" and value != "1":
            yield changed(program, path, "1")
        if key in ("head", "body") and isinstance(value, str) and not value.startswith("param"):
            yield from (changed(program, path, part) for part in parts(value))
        if path[0] == "loss" and isinstance(value, str) and key == 1:
            yield from (changed(program, path, part) for part in value.split(" + ") if part != value)
            yield from (changed(program, path, re.sub(r", \w+=(?:\[[^\]]*\]|[^,)]*)", "", value, count=1))
                        for _ in range(", " in value and "=" in value))
        if path[0] == "inputs" and isinstance(value, int) and value > 1:
            yield from (changed(program, path, size) for size in sorted({1, 2, value // 2, value - 1}) if size < value)
    for path, value in places(program):
        if isinstance(value, dict) and "rows" in value and "repeat" in value and len(path) >= 2:
            holder = program
            for key in path[:-1]:
                holder = holder[key]
            yield changed(program, path[:-1], holder[:path[-1]] + value["rows"] + holder[path[-1] + 1:])
    for key, least in (("accumulate", 1), ("examples", 2), ("batch", 1)):
        if program[key] > least:
            yield {**copy.deepcopy(program), key: least}
            yield {**copy.deepcopy(program), key: program[key] - 1}
    if len(program["inputs"]) > 1:
        yield changed(program, ("inputs",), program["inputs"][:1])
    if program["optimizer"] != ["sgd", [["lr", "0.1"]]]:
        yield changed(program, ("optimizer",), ["sgd", [["lr", "0.1"]]])


def shrink(program, fails, tries=600):
    smaller = True
    while smaller and tries > 0:
        smaller = False
        for candidate in candidates(program):
            tries -= 1
            if tries < 0:
                break
            if fails(candidate):
                program, smaller = candidate, True
                break
    return program
