"""Random programs over the whole grammar (LANGUAGE 4.3), and any program written in another way.

`Grammar(rng).program()` is a list of tokens: a program that parses, whatever it means. `tokens(text)` is the list of an
existing program. `write(rng, tokens)` writes a list with random blanks, newlines and comments wherever the language
allows them, so that two texts of one list are one program. All draw from the `random.Random` that they are given: the
same seed is the same program.

A token is a string; NL is the newline that ends an item.
"""

import re

NL = "\n"
WORDS = {"const", "use", "fn", "block", "model", "optimizer", "schedule", "data", "params", "loss", "metrics", "train"}
SECTIONS = ["data", "params", "loss", "metrics", "train"]
OPERATORS = {"->", "||", "&&", "<", "<=", "==", "!=", ">=", ">", "//", "**", "+", "-", "*", "/", "%", "!"}
LEXER = re.compile(r"""(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<blank>[ \t\r]+)
    |(?P<duration>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*(?:steps?|epochs?)\b)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>->|\*\*|//|\|\||&&|[<>=!]=|[-+*/%<>!()\[\]{},=:;.])""", re.X)


# ------------------------------------------------------------------------------------------------------ reading

def scan(text):
    """(kind, text) of everything in a program, comments and newlines too."""
    at = 0
    while at < len(text):
        found = LEXER.match(text, at)
        assert found, text[at:at + 40]
        at = found.end()
        if found.lastgroup != "blank":
            yield found.lastgroup, found.group()


def comments(text):
    """The comments of a program in order, from `#` on, without blanks at the end."""
    return [found.rstrip(" \t\r") for kind, found in scan(text.removeprefix("\ufeff")) if kind == "comment"]


def wants_more(before, top):
    return before in OPERATORS or before in {NL, "{", ",", "=", ":", ";", "(", "[", None} or (top and before in WORDS)


def tokens(text):
    """The tokens of a program, with those newlines that end an item."""
    raw = [found for kind, found in scan(text) if kind != "comment"]
    result, brackets, braces, start = [], 0, 0, True
    for k, token in enumerate(raw):
        if token == NL:
            after = next((other for other in raw[k:] if other != NL), None)
            before = result[-1] if result else None
            declared = braces == 0 and start and before in WORDS
            if brackets or wants_more(before, False) or declared or after in {"->", "{", "}", None}:
                continue
        start = not result or result[-1] == NL
        brackets += (token in ("(", "[")) - (token in (")", "]"))
        braces += (token == "{") - (token == "}")
        result.append(token)
    return result


# ------------------------------------------------------------------------------------------------------ writing

COMMENTS = ["#", "# a comment", "#without a blank", "## two", "#\ttab", "# blanks at the end  \t", "# -> relu {", "# }",
            '# "not a string', "# größer als μ", "#!script", "# mtc: allow W0401", "# " + "long " * 40, "# a # b", "#)"]


def comment(rng):
    return rng.choice(COMMENTS) + (f" {rng.randrange(100)}" if rng.random() < 0.7 else "")


def newlines(rng, rate):
    """At least one newline, perhaps behind a comment, perhaps with more of both."""
    text = ""
    while True:
        if rng.random() < rate:
            text += rng.choice(["", " ", "  ", "\t"]) + comment(rng)
        text += rng.choice(["\n", "\n", "\r\n", "\n\n", " \n", "\n\n\n"])
        if rng.random() > rate:
            return text


def must_part(left, right):
    """Whether two tokens would be another one without a blank between them."""
    if re.match(r"[A-Za-z0-9_]", right) and re.search(r"[A-Za-z0-9_]$", left):
        return True
    if right[0] == "." and left[0] in ".0123456789":
        return True
    joined = left + right
    found = LEXER.match(joined)
    return found is None or found.end() != len(left)


def write(rng, program, comment_rate=0.15, newline_rate=0.25):
    """The text of a list of tokens. Column 1 inside of braces is left to what is no declaration."""
    text, brackets, braces, start, repeating = "", 0, 0, True, False
    for k, token in enumerate(program):
        before = program[k - 1] if k else None
        after = program[k + 1] if k + 1 < len(program) else None
        if token == NL:
            text += rng.choice(["", "", " ", "\t"]) + newlines(rng, comment_rate)
            start, repeating = True, False
            continue
        top_word = braces == 0 and not brackets and before in WORDS and (k == 1 or program[k - 2] == NL)
        free = before is None or brackets or wants_more(before, False) or top_word or token in {"->", "{", "}"}
        if repeating and not brackets and token not in {"{"}:
            free = False  # `repeat (a) + ...` is a repeat only if its line goes on to the brace
        if before is not None and rng.random() < newline_rate and free and not (before == NL and token == "}"):
            text += rng.choice(["", " "]) + newlines(rng, comment_rate)
        elif before is None and rng.random() < comment_rate:
            text += newlines(rng, comment_rate)
        blanks = rng.choice(["", " ", " ", "  ", "\t"])
        if not blanks and before not in (None, NL) and not text.endswith("\n") and must_part(before, token):
            blanks = " "
        if token in WORDS and text.endswith("\n") and (brackets or braces):
            blanks = blanks or " "
        if token in ("steps", "epochs", "step", "epoch") and re.search(r"[0-9.]$", text):
            blanks = " "
        text += blanks + token
        start &= before in (None, NL)
        if token == "repeat" and before in (NL, "{", ":") and braces and after != "=":
            repeating = True
        if token == "{":
            repeating = False
        brackets += (token in ("(", "[")) - (token in (")", "]"))
        braces += (token == "{") - (token == "}")
    return text + rng.choice(["", "\n", " ", "\n\n" + comment(rng), " " + comment(rng)])


# --------------------------------------------------------------------------------------------------- the grammar

# What every program uses, if it uses a file.
LIBRARY = "mt 1\n"


class Grammar:
    """Programs by the productions of LANGUAGE 4.3: each method is one, and returns tokens."""

    NAMES = ["x", "h", "conv1", "a_rather_long_name_of_a_value", "data", "loss", "repeat", "when", "as", "steps", "mt",
             "model", "epoch", "B", "relu", "linear", "const", "z9", "train", "e5"]
    NUMBERS = ["0", "1", "10", "0.5", ".5", "1e-3", "2E+5", "0.2470", "123456789"]
    DURATIONS = ["500 steps", "1 epoch", "20epochs", "1e3  steps", "7\tepochs", "1 step"]
    STRINGS = ['""', '"a"', '"two words"', r'"\n\t\\\""', '"# no comment"', '"ä→"', '"{ -> ("']

    def __init__(self, rng, size=40):
        self.rng = rng
        self.left = size

    def maybe(self, rate=0.5):
        return self.rng.random() < rate

    def many(self, make, least=0, most=4, between=(",",)):
        result = []
        for k in range(self.rng.randint(least, most)):
            result += [*(between if k else ()), *make()]
        return result

    def name(self):
        return self.rng.choice(self.NAMES)

    def program(self):
        result = ["mt", self.rng.choice(["1", "1", "1.0"])]
        for _ in range(self.rng.randint(0, 7)):
            self.left = 40
            result += [NL, *self.declaration()]
        return result

    def declaration(self):
        kind = self.rng.randrange(8)
        if kind == 0:
            return ["const", self.name(), "=", *self.expression()]
        if kind == 1:
            return ["use", '"library.mt"']  # a test that compiles puts LIBRARY there
        if kind == 2:
            return ["fn", self.name(), *self.signature(), "=", *self.expression()]
        if kind == 3:
            return ["optimizer", *self.expression()]
        if kind == 4:
            return ["schedule", *self.pipe()]
        if kind == 5:
            return [self.rng.choice(SECTIONS), *self.body()]
        return [self.rng.choice(["block", "model"]), self.name(), *self.signature(), *self.body()]

    def signature(self):
        inputs = self.many(lambda: [self.name(), *([":", *self.expression()] if self.maybe() else [])])
        options = self.many(lambda: [self.name(), *(["=", *self.expression()] if self.maybe() else [])], 1) \
            if self.maybe() else []
        return ["(", *inputs, *([";", *options] if options else []), ")"]

    def body(self):
        self.left -= 2
        return ["{", *self.many(self.item, 0, 4 if self.left > 0 else 1, (NL,)), "}"]

    def item(self):
        kind = self.rng.randrange(12)
        if kind == 0:
            return ["const", self.name(), "=", *self.expression()]
        if kind in (1, 2):
            return [*self.left_side(), "=", *self.row()]
        if kind in (3, 4, 5):
            return [self.name(), ":", *self.start(self.row(), True)]
        if kind == 6 and self.left > 0:
            return [self.name(), ":", *self.repeat()]
        if kind == 7 and self.left > 0:
            return self.repeat()
        if kind == 8 and self.left > 0:
            return [*self.selectors(), *self.body()]
        return self.start(self.row())

    @staticmethod
    def start(row, named=False):
        """A row that may begin an item: not with a minus, nor with a word that would be a keyword there."""
        if row[0] == "repeat" or (row[0] in ("-", "const") and not named):
            return ["x", "->", *row]
        return row

    def left_side(self):
        def one():
            name = self.rng.choice(["q", "k", "v", "y1"])
            return [name, "[", *self.many(self.index, 1, 3), "]"] if self.maybe(0.3) else [name]
        return self.many(one, 1, 3)

    def selectors(self):
        def one():
            return [self.rng.choice(self.STRINGS)] if self.maybe(0.3) else \
                ["linear", ".", "weight"] if self.maybe() else [self.rng.choice(["bias", "norm"])]
        return self.many(one, 1, 4)

    def repeat(self):
        count = self.expression()
        if not re.match(r"[A-Za-z0-9(.]", count[0]):
            count = ["(", *count, ")"]
        return ["repeat", *count, *(["as", self.name()] if self.maybe() else []), *self.body()]

    def row(self):
        return self.pipe() + (["when", *self.expression()] if self.maybe(0.2) else [])

    def pipe(self):
        def stage():
            if self.maybe(0.2):
                return [self.name(), "(", ")"]
            return self.expression()
        return self.many(stage, 1, 5, ("->",))

    def expression(self, level=0):
        """Levels 0 to 4 are chains; 5 is unary, 6 power."""
        self.left -= 1
        if level == 7 or self.left < 0:
            return self.postfix()
        chains = [["||"], ["&&"], ["<", "<=", "==", "!=", ">=", ">"], ["+", "-"], ["*", "/", "//", "%"]]
        if level == 5:
            return [self.rng.choice("-!"), *self.expression(5)] if self.maybe(0.1) else self.expression(6)
        if level == 6:
            return self.postfix() + (["**", *self.expression(5)] if self.maybe(0.1) else [])
        result = self.expression(level + 1)
        for _ in range(self.rng.choice([0, 0, 0, 0, 0, 1, 1 if level == 2 else 3])):
            result += [self.rng.choice(chains[level]), *self.expression(level + 1)]
        return result

    def postfix(self):
        result, is_member = self.primary(), False
        while self.maybe(0.3):
            kind = self.rng.choice([1, 2] if is_member else [0, 1, 2])
            if kind == 0:
                inner = self.many(self.argument)
                result += ["(", *inner, *([","] if inner and self.maybe(0.2) else []), ")"]
            elif kind == 1:
                result += ["[", *self.many(self.index, 1), "]"]
            else:
                result += [".", self.name()]
            is_member = kind == 2
        return result

    def argument(self):
        return [*([self.name(), "="] if self.maybe() else []), *self.expression()]

    def index(self):
        return ["(", *self.many(lambda: [self.name()], 2, 3, ()), ")"] if self.maybe(0.2) else self.expression()

    def primary(self):
        kind = self.rng.randrange(10)
        if kind < 4 or (self.left < 0 and kind > 6):
            return [self.name()]
        if kind < 7:
            return [self.rng.choice(self.rng.choice([self.NUMBERS, self.NUMBERS, self.DURATIONS, self.STRINGS]))]
        if kind == 7:
            return ["(", *self.expression(), ")"]
        inner = self.many(self.expression)
        return ["[", *inner, *([","] if inner and self.maybe(0.2) else []), "]"]
