"""One bracket, brace, arrow, comma, colon, equals sign or name is dropped: the program is legal still, or the first
message lies in the row of the fault, or at the bracket that is open now; and one fault gives no more than two messages.
"""

import re

import pytest
from mutants import all_programs, block_of, check, name_of, rows, shown, tokens

SIGNS = {"(", ")", "[", "]", "{", "}", "->", ",", ":", "=", ";"}


def opening(text, messages, lines):
    """Whether the message is about an opening bracket in front of the fault that stays open."""
    first = messages[0]
    line = text.split("\n")[first["line"] - 1]
    return first["code"] in ("E0002", "E0004") and line[first["column"] - 1] in "([{" and first["line"] <= lines[1]


def told_elsewhere(text, token, first):
    """Whether a message rightly lies outside of the row. A name that is no longer given is unknown where it is used. And
    what a block takes and makes is known where it is used; there the message lies, with a note or without. `g: (w)` is
    a row still, and what does not fit is said where `g` goes in."""
    unknown = first["code"] == "E0101" and f"`{token.text}`" in first["message"]
    row = re.match(r"\s*(\w+)\s*[:=]", text.split("\n")[token.line - 1])
    used = row and first["label"] == f"`{row[1]}` goes in here"
    return unknown or used or (block_of(text, token.line) is not None and not first["code"].startswith("E00"))


def faults(path):
    """Each token that is dropped, and what is wrong with what is said then; "" for nothing."""
    text = path.read_text()
    lines = rows(text)
    dropped = [token for token in tokens(text) if token.kind == "name" or token.text in SIGNS]
    changed = [text[:token.start] + " " * len(token.text) + text[token.start + len(token.text):] for token in dropped]
    (_, before), *after = check([text, *changed], path.parent)
    known = {(each["code"], each["message"]) for each in before}
    for token, mutant, (code, messages) in zip(dropped, changed, after):
        first, last = lines[token.line]
        messages = [each for each in messages if each["severity"] == "error" and each["code"] != "E0901"
                    and (each["code"], each["message"]) not in known]
        if not "".join(mutant.split("\n")[first - 1:last]).strip():
            continue  # nothing is left of the row, so that no message can lie in it
        if messages and token.kind == "name" and messages[0]["line"] == last + 1:
            last = rows(mutant)[token.line][1]  # without its last name a row goes on in the next line
        wrong = ""
        if code not in (0, 1):
            wrong = f"exit code {code}"
        elif messages and messages[0]["line"] is None:
            wrong = "a message without a place"
        elif messages and not (first <= messages[0]["line"] <= last or opening(mutant, messages, (first, last)) or
                               told_elsewhere(text, token, messages[0])):
            wrong = "the first message lies elsewhere"
        elif len(messages) > 2:
            wrong = f"{len(messages)} messages"
        yield token, wrong and f"line {token.line}, `{token.text}` at {token.start}: {wrong}\n{shown(messages)}"


@pytest.mark.parametrize("path", all_programs(), ids=name_of)
def test_one_token_less(path):
    results = list(faults(path))
    wrong = [fault for _, fault in results if fault]
    assert len(results) > 20
    assert not wrong, f"{len(wrong)} of {len(results)}:\n" + "\n".join(wrong)
