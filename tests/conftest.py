"""Options of the suite, and the command that reruns a failed test alone."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import helpers  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="renew the goldens instead of comparing with them")


def pytest_sessionstart(session):
    if not helpers.MTC.exists():
        raise pytest.UsageError(f"{helpers.MTC} is missing: build it first (./check does)")


@pytest.fixture
def bless(request):
    return request.config.getoption("--bless")


def pytest_terminal_summary(terminalreporter):
    failed = [report.nodeid for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, [])]
    if failed:
        terminalreporter.section("each of them alone")
        for nodeid in failed:
            terminalreporter.line(f"./check -n0 '{nodeid}'")
