"""The names of edition 1.0: none goes away, and what comes later says so in its table (`.since`)."""

import pytest
from helpers import MTC, ROOT, run, tables

LIST = ROOT / "grammar" / "names.txt"
HEAD = """# The built-in names of edition 1.0. What stands here stays, with its meaning and its defaults; a name that is
# added later is not put here, its table in compiler/ops/ has `.since`.
"""


def table_names():
    """(kind, name) of every table that a program can name, and the edition it came with, or None."""
    operations = [("operation", each) for each in tables()["operations"]
                  if each["kind"] not in ("internal", "operator")]
    optimizers = [("optimizer", each) for each in tables()["optimizers"]]
    schedules = [("schedule", each) for each in tables()["schedules"]]
    return {(kind, each["name"]): each.get("since") for kind, each in operations + optimizers + schedules}


def listed():
    return [tuple(line.split()) for line in LIST.read_text().splitlines() if not line.startswith("#")]


@pytest.mark.golden
def test_names_of_1_0(bless, capsys):
    """`--bless` adds names, which is right until 1.0 is out, and never takes one away."""
    ours = {name for name, since in table_names().items() if not since}
    frozen = set(listed())
    assert frozen <= ours, f"names of edition 1.0 that are gone: {sorted(frozen - ours)}"
    if bless and ours - frozen:
        LIST.write_text(HEAD + "".join(f"{kind} {name}\n" for kind, name in sorted(ours)))
        with capsys.disabled():
            print(f"\nnew names of edition 1.0: {sorted(ours - frozen)}")
        return
    assert ours == frozen, f"not names of edition 1.0, so their tables need .since: {sorted(ours - frozen)}"


def test_the_list_is_sorted():
    assert listed() == sorted(set(listed()))


def test_later_names_come_with_editions_that_are_there():
    has = run([MTC, "--version"]).stdout.split()[-1].split(".")
    for name, since in table_names().items():
        if since:
            major, minor = since.split(".")
            assert major == has[0] and 0 < int(minor) <= int(has[1]), f"{name} is of edition {since}"
