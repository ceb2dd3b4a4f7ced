"""Programs with one small fault each: what test_misspelt.py, test_dropped.py and test_hostile.py have in common."""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from helpers import EXAMPLES, MTC, ROOT

# In the order in which they are tried; a duration is one token, as it is for the compiler.
TOKEN = re.compile(r"""(?P<comment>\#[^\n]*) | (?P<newline>\n) | (?P<blank>[ \t\r]+)
    | (?P<number>\d*\.?\d+(?:[eE][+-]?\d+)?(?:\s*(?:steps?|epochs?)\b)?) | (?P<string>"(?:\\.|[^"\\\n])*")
    | (?P<name>[A-Za-z_]\w*) | (?P<sign>->|\|\||&&|//|\*\*|[<>=!]=|.)""", re.X)


@dataclass
class Token:
    kind: str
    text: str
    start: int
    line: int
    last: bool = False  # of its row


def tokens(text):
    """All tokens but blanks and comments."""
    found = [Token(match.lastgroup, match.group(), match.start(), text.count("\n", 0, match.start()) + 1)
             for match in TOKEN.finditer(text)]
    return [token for token in found if token.kind not in ("blank", "comment", "newline")]


def blocks(text):
    """The lines of each block, as (name, first, last): it ends at the next `}` at the left margin."""
    found = []
    for match in re.finditer(r"^block (\w+)", text, re.M):
        end = text.find("\n}", match.start())
        found.append((match.group(1), text.count("\n", 0, match.start()) + 1, text.count("\n", 0, end) + 2))
    return found


def block_of(text, line):
    """The block around a line, or None."""
    return next((block for block in blocks(text) if block[1] <= line <= block[2]), None)


def rows(text):
    """For each line the first and the last line of its row: rows go on inside of brackets, behind operators, and before
    `->`; but not where the next line begins with a name of its own, `name:` or `name =`."""
    result, depth, first = {}, 0, 1
    lines = [[token.text for token in tokens(line)] for line in text.split("\n")]
    for number, here in enumerate(lines, 1):
        depth += sum(sign in ("(", "[") for sign in here) - sum(sign in (")", "]") for sign in here)
        after = next((later for later in lines[number:] if later), [""])
        open_end = here and here[-1] in (",", "->", "=", ":", "+", "-", "*", "/", "||", "&&")
        named = len(after) > 1 and after[1] in (":", "=") and here and here[-1] != ","
        if number < len(lines) and (depth > 0 or (open_end and not named) or after[0] == "->"):
            continue
        for inside in range(first, number + 1):
            result[inside] = (first, number)
        first, depth = number + 1, 0
    return result


def check(texts, folder, timeout=20):
    """What `mtc check` says about each text: (exit code, messages as objects). The folder is one for the data."""
    def one(text):
        done = subprocess.run([MTC, "check", "-", "--message-format=json"], input=text, capture_output=True, text=True,
                              cwd=folder, timeout=timeout, errors="replace")
        return done.returncode, [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, texts))


def all_programs():
    tests = ROOT / "tests"
    return [*sorted((tests / "programs").glob("*.mt")), *sorted((tests / "run" / "programs").glob("*.mt")),
            *sorted(EXAMPLES.glob("*/model.mt"))]


def programs():
    """The programs that this compiler takes."""
    paths = all_programs()
    return [path for path, (code, _) in zip(paths, check([path.read_text() for path in paths], ROOT)) if code == 0]


def name_of(path):
    return f"{path.parent.name}/{path.stem}"


def shown(messages):
    """For a failed test: the messages, one a line."""
    return "\n".join(f"  {each['line']}:{each['column']} {each['severity']}[{each['code']}] {each['message']}"
                     f" | {each['label']} | {each['help']}" for each in messages)
