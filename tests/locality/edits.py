"""What an edit of a model changes in its C, by the places that a reviewer sees: functions, structs, tables, rows."""

import collections
import re
import subprocess

UNIT = re.compile(r"(?:struct|union|enum) (\w*)\s*\{|.*?(\w+)(?:\[[^\]]*\])* = \{|.*?\b(\w+)\(|#define (\w+)|"
                  r"static const struct \w+ \{()")
# A comment that quotes a row: `name: ...`, `name = ...`, `stage`, `stage(...)`, `stage -> ...`. Formulas are none.
ROW = re.compile(r"    /\* (?!d\w* \+?= )(?:([a-z]\w*(?:\.\w+)*)(?::| = )|([a-z]\w*)(?:\(| ->| \*/))")

Change = collections.namedtuple("Change", "sign unit row line")


def places(text):
    """For each line the function, struct or table that it belongs to (its comment too), and the row."""
    lines, result = text.split("\n"), []
    start, k = 0, 0
    while k < len(lines):
        line = lines[k]
        if not re.match(r"[a-z#]", line):  # blank, or a comment, which belongs to what follows
            k += 1
            continue
        end = k
        while not re.search(r"[;}]$|^#", lines[end]) or lines[end].startswith(" "):
            end += 1
        found = UNIT.match(line)
        name = next((word for word in (found.groups() if found else ()) if word), line)
        if line == "static const struct Parameter {":  # its last line has the name
            name = "parameters"
        kind = "prototypes" if lines[end].endswith(");") else ("struct " if line.startswith("struct ") else "") + name
        result += [(kind, row) for row in rows(lines[start:end + 1])]
        start = k = end + 1
    return result + [("end", "")] * (len(lines) - len(result))


def rows(lines):
    """The row of each line of a function: that of the last comment that quotes one."""
    row = ""
    for line in lines:
        found = ROW.match(line)
        row = (found[1] or found[2]) if found else row
        yield row


def difference(before, after, folder):
    """The changed lines, as `diff` finds them."""
    for name, text in (("before.c", before), ("after.c", after)):
        (folder / name).write_text(text)
    done = subprocess.run(["diff", "--minimal", "-U0", "before.c", "after.c"], cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    old, new = places(before), places(after)
    changes = []
    for line in done.stdout.split("\n")[2:]:
        found = re.match(r"@@ -(\d+)(?:,\d+)? \+(\d+)", line)
        if found:
            left, right = int(found[1]) - 1, int(found[2]) - 1
        elif line.startswith("-"):
            changes.append(Change("-", *old[left], line[1:]))
            left += 1
        elif line.startswith("+"):
            changes.append(Change("+", *new[right], line[1:]))
            right += 1
    return changes


def lines(changes, sign):
    return [change for change in changes if change.sign == sign]


def summary(changes):
    """Units with how many lines: `forward +3 -1`."""
    counts = collections.Counter((change.unit, change.sign) for change in changes)
    units = list(dict.fromkeys(change.unit for change in changes))
    return ", ".join(unit + "".join(f" {sign}{counts[unit, sign]}" for sign in "+-" if counts[unit, sign]) for unit in units)
