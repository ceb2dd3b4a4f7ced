"""The `pytorch` templates of the tables as Python expressions: arguments, sizes and conditions as op.h describes them.

Written apart from the compiler on purpose: where the two read a table differently, parity fails.
"""

import re

from cases import split_top


class Pair:
    def __init__(self, value):
        self.h, self.w = value if isinstance(value, (list, tuple)) else (value, value)

    def __eq__(self, other):
        return (self.h, self.w) == (other.h, other.w) if isinstance(other, Pair) else self.h == self.w == other

    __hash__ = None

    def __repr__(self):
        return repr((self.h, self.w))


class List(list):
    """A list in a condition: its length where a number is wanted, true if it is not empty."""

    def __eq__(self, other):
        return len(self) == other

    def __hash__(self):
        return id(self)


class Names(dict):
    """What an expression knows; sizes are computed when they are asked for."""

    def __init__(self, call, *args):
        super().__init__(*args)
        self.call = call

    def __missing__(self, name):
        for size in self.call.op["sizes"]:
            if size["name"] == name and self.call.holds(size.get("when")):
                return self.call.value(size["value"])
        raise KeyError(name)


def python_of(text):
    """An expression of .mt in Python."""
    text = text.replace("&&", " and ").replace("||", " or ")
    text = re.sub(r"!(?!=)", " not ", text)
    return text.strip()


def literal(text, names):
    return eval(python_of(text), {"true": True, "false": False, "inf": float("inf"), "off": None, **names})


class Call:
    """One stage, bound to its table and to the types of its inputs."""

    def __init__(self, case):
        self.op, self.case = case.op, case
        self.written, self.operands = self.split(case.stage)
        self.arguments, self.sizes = {}, {}
        self.bind_arguments()
        self.bind_sizes()

    def split(self, stage):
        """(name, text) of the arguments as they are written, and the operands in front of them."""
        table = [arg["name"] for arg in self.op["args"]]
        inputs = list(dict.fromkeys(tensor["name"] for tensor in self.op["inputs"]))
        if self.op["kind"] == "operator":
            sign = self.op["name"] if self.op["name"] != "neg" else "-"
            parts = [part.strip() for part in re.split(rf"\s{re.escape(sign)}\s|^{re.escape(sign)}", stage) if part.strip()]
            return [], parts
        many = self.op.get("fold") or self.op["inputs"][:1] and self.op["inputs"][0].get("many")
        found = re.fullmatch(r"\w+(?:\((.*)\))?", stage.strip(), re.S)
        words = split_top(found[1] or "")
        operands, written, positional = [], [], 0
        for word in words:
            keyword = re.fullmatch(r"(\w+)\s*=(?!=)\s*(.*)", word, re.S)
            if keyword:
                written.append((keyword[1], keyword[2]))
            elif word in self.case.inputs and (len(operands) < len(inputs) or many):
                operands.append(word)
            else:
                kind = self.op["args"][min(positional, len(table) - 1)]
                written.append((kind["name"] if kind["kind"] != "sizes" else None, word))
                positional += 1
        if many or not operands or (len(operands) < len(inputs) and self.op["kind"] == "stage"):
            operands = [next(iter(self.case.inputs), None), *operands]
        return written, operands

    def bind_arguments(self):
        for arg in self.op["args"]:
            given = [text for name, text in self.written if name == arg["name"]]
            if arg["kind"] == "sizes":
                value = [text for name, text in self.written if name is None]
            elif arg["kind"] == "choice":
                value = (given or [arg["fallback"]])[0].strip('"')
            elif given and given[0].startswith('"'):
                value = given[0].strip('"')
            else:
                value = literal((given or [arg["fallback"]])[0], self.arguments)
            if arg["kind"] == "pair" and value is not None and not isinstance(value, (str, Pair)):
                value = Pair(value)
            self.arguments[arg["name"]] = value

    def names(self):
        names = {}
        for arg in self.op["args"]:
            value = self.arguments[arg["name"]]
            names[arg["name"]] = List(value) if isinstance(value, list) else 0 if value is None else value
            for word in (arg.get("choices") or "").split():
                names.setdefault(word, word)
        return Names(self, {"B": 0, "true": True, "false": False, "inf": float("inf"), "train": True, "min": min,
                            "max": max, **self.sizes, **names})

    def value(self, expression):
        return eval(python_of(expression), {"__builtins__": {}}, self.names())

    def holds(self, when):
        return when is None or bool(self.value(when))

    def bind_sizes(self):
        seen = set()
        for position, tensor in enumerate(self.op["inputs"]):
            if tensor["name"] in seen or not self.holds(tensor.get("when")):
                continue
            index = len(seen)
            seen.add(tensor["name"])
            if index < len(self.operands) and self.operands[index] in self.case.inputs:
                self.match(tensor["type"], self.case.inputs[self.operands[index]])

    def match(self, pattern, kind):
        found = re.fullmatch(r"(?:class\((\w+)\)|int|u8)?\[(.*)\]", pattern)
        if found[1]:
            self.sizes[found[1]] = kind.classes
        axes, sizes = split_top(found[2]), (["B"] if kind.batched else []) + kind.sizes
        if "..." in axes:
            at = axes.index("...")
            axes[at:at + 1] = [None] * (len(sizes) - len(axes) + 1)
        for axis, size in zip(axes, sizes):
            if axis and axis != "B" and axis.isidentifier():
                self.sizes[axis] = size

    def shown(self, name):
        value = self.arguments[name]
        if isinstance(value, list) and name in {arg["name"] for arg in self.op["args"] if arg["kind"] == "list"}:
            return repr([float(number) for number in value])
        if isinstance(value, list) and name in {arg["name"] for arg in self.op["args"] if arg["kind"] == "ints"}:
            return repr(value)
        if isinstance(value, list):
            return ", ".join(value)
        return repr(value)

    def expression(self):
        """The Python of this call. Inputs are variables of their own names, y is an empty tensor of the output's shape."""
        rule = next(rule for rule in self.op["pytorch"] if self.holds(rule.get("when")))
        inputs = list(dict.fromkeys(tensor["name"] for tensor in self.op["inputs"]))
        variables = dict(zip(inputs, self.operands))
        variables["rest"] = ", ".join(self.operands[1:])

        def word(found):
            name = found[1]
            if name == "args":
                return ", ".join(f"{key}={self.shown(key)}" if key in self.keywords() else self.shown(key)
                                 for key, _ in self.written)
            if name in variables:
                return variables[name]
            if name in self.arguments:
                return self.shown(name)
            try:
                return str(self.value(name))
            except NameError:
                return name  # y

        return re.sub(r",\s*\)", ")", re.sub(r"\$(\w+)", word, rule["value"]))

    def keywords(self):
        """Arguments that were written with their names."""
        return {name for name, text in self.written
                if re.search(rf"\b{name}\s*=(?!=)", self.case.stage)} if self.written else set()
