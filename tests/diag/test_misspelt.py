"""Every name of every program is misspelt, one at a time: the first message points at it, and says what was meant.

Names are of two kinds. A word that the language or another line knows (a section, a setting, an operation, an option, a
use of a row, a column, a constant) is wrong where it stands. A name that is given (a row, a column, the model) is never
wrong by itself: nobody else uses it, and the program is legal, or a use of the old name is wrong now, and the message
points there and suggests the new one.
"""

import random
import re

import pytest
from helpers import tables
from mutants import Token, block_of, check, name_of, programs, shown, tokens

# A word that has become another one of the language means that: `elu` for `relu`, `adam` for `adamw`.
LANGUAGE = {table["name"] for kind in tables().values() for table in kind if isinstance(table, dict)} | {"step", "epoch"}

# Words below this length get no suggestion: one edit is more than a third of them.
SHORTEST = 3


def misspelt(word, choice, taken):
    """The word without a letter, with two exchanged, or with one doubled; another word than all of the program's."""
    k = len(word)
    ways = [word[:i] + word[i] + word[i:] for i in range(k)]
    if k >= SHORTEST:
        ways += [word[:i] + word[i + 1:] for i in range(k)]
        ways += [word[:i] + word[i + 1] + word[i] + word[i + 2:] for i in range(k - 1)]
    ways = [way for way in ways if re.fullmatch(r"[A-Za-z]\w*", way) and "__" not in way and way not in taken]
    return choice.choice(ways) if ways else None


def in_signature(found, k):
    """Whether it stands in the parentheses behind `block name`, `model name`: inputs, options, sizes."""
    for j in range(k, 1, -1):
        if found[j].text in "{}":
            return False
        if found[j - 2].text in ("block", "model", "fn") and found[j].text == "(":
            return True
    return False


def is_given(found, k):
    """Whether the name is given here: `name:`, `name =`, `a, name =`, `model name`, in a signature, or by a source."""
    if in_signature(found, k):
        return True
    before, after = (found[k + step].text if 0 <= k + step < len(found) else "" for step in (-1, 1))
    return after in (":", "=", ",") or before in ("model", "block", "fn", "const", "as", ",", "(")


def near(a, b):
    """Whether one edit makes one word of the other."""
    if len(a) > len(b):
        a, b = b, a
    k = next((k for k in range(len(a)) if a[k] != b[k]), len(a))
    return a[k:] == b[k + 1:] or a[k + 1:] == b[k + 1:] or (a[k:k + 2] == b[k:k + 2][::-1] and a[k + 2:] == b[k + 2:])


def says(message, word, typed=None):
    """Whether a label, a help or an edit has the word; or, where a word was typed that is right elsewhere, another one
    that is as near: the program has `EOF` and `EOF_`, so which of them `EF_` was is not to be known."""
    texts = [message["label"], message["help"] or "", *message["facts"], *(edit["text"] for edit in message["edits"])]
    words = {found for text in texts for found in re.findall(r"\w+", text)}
    return word in words or (typed is not None and near(typed, word) and any(near(typed, other) for other in words))


def fault(token, word, given, used, code, messages):
    """What is wrong with the messages; "" for nothing."""
    errors = [each for each in messages if each["severity"] == "error"]
    if code not in (0, 1):
        return f"exit code {code}"
    if not errors:
        return "" if given and not used else "no error"
    first = errors[0]
    if first["code"] == "E0610":  # a selector is one thing, however many words it has; `mend` has the right one
        mend = " ".join([first["label"], first["help"] or "", *first["facts"]])
        return "" if re.search(rf"\b({token.text}|{word})\b", mend) else "no suggestion for the selector"
    if (first["line"], first["column"]) == (token.line, token.column):
        width = first["end_column"] - first["column"]
        if width != len(word):
            return "the message points at more than the word"
        return "" if min(len(token.text), len(word)) < SHORTEST or says(first, token.text, word) else "no suggestion"
    covered = first["line"] == token.line and first["column"] <= token.column <= first["end_column"] - len(word)
    if covered and "parameter `" in first["message"]:  # a path, `za.fc1.weight`, is one name
        return "" if says(first, token.text) else "no suggestion"
    if not given:
        return "the message points elsewhere"
    if not re.search(rf"\b({token.text}|{word})\b", first["message"] + first["label"]):
        return "the message does not name the word"
    short = min(len(token.text), len(word)) < SHORTEST
    return "" if short or says(first, word, token.text) else "no suggestion of the new name"


def faults(path):
    text = path.read_text()
    found = tokens(text)
    taken = {token.text for token in found} | LANGUAGE
    cases = []
    for k, token in enumerate(found):
        unit = re.search(r"[a-z]+$", token.text) if token.kind == "number" else None
        if unit:  # of a duration
            token = Token("name", unit.group(), token.start + unit.start(), token.line)
        token.column = token.start - text.rfind("\n", 0, token.start)
        word = misspelt(token.text, random.Random(f"{path.name} {k}"), taken) if token.kind == "name" else None
        if word:
            here = block_of(text, token.line)  # what a block calls its values nobody outside knows
            used = any(other.text == token.text and block_of(text, other.line) == here
                       for j, other in enumerate(found) if j != k)
            if re.search(rf"repeat 0 {{.*\b{token.text}\b", text.split("\n")[token.line - 1]):
                continue  # nothing is made of it, and nothing looked at
            changed = text[:token.start] + word + text[token.start + len(token.text):]
            cases.append((token, word, is_given(found, k), used, changed))
    for (token, word, given, used, _), (code, messages) in zip(cases, check([case[-1] for case in cases], path.parent)):
        wrong = fault(token, word, given, used, code, messages)
        yield wrong and f"{token.line}:{token.column} `{token.text}` as `{word}`: {wrong}\n{shown(messages)}"


@pytest.mark.parametrize("path", programs(), ids=name_of)
def test_every_name(path):
    results = list(faults(path))
    wrong = [each for each in results if each]
    assert len(results) > 10
    assert not wrong, f"{len(wrong)} of {len(results)}:\n" + "\n".join(wrong)
