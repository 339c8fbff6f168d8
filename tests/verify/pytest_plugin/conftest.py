"""A run of pytest on a file of obligations, within this process."""

from collections.abc import Callable
from importlib.metadata import entry_points

import pytest

import verify.discharge.many
import verify.pytest_plugin.collecting
import verify.pytest_plugin.trying  # noqa: F401  loaded before pytester looks, so that all runs have the same modules

PLUGIN = "verify.pytest_plugin.plugin"
INSTALLED = any(each.value == PLUGIN for each in entry_points(group="pytest11"))
"""Whether pytest finds the plugin by itself, as it does once the project is installed."""
GADGET = """
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

@obligation("my.good", paper="mine", of=lambda case: 0, twin=lambda case: 1)
def good(least, case):
    "A square is at least 0."
    case.show("square", case.real("x") ** 2 >= least)

@obligation("my.wrong", paper="mine", of=lambda case: 0, twin=lambda case: 1)
def wrong(least, case):
    "A square is at least its number."
    x = case.real("x")
    case.assume(x >= 0)
    case.show("more", x * x >= x + least)

@obligation("my.weak", paper="mine", of=lambda case: 0, twin=lambda case: -1)
def weak(least, case):
    "A square is at least 0."
    case.show("square", case.real("x") ** 2 >= least)

@obligation("my.empty", paper="mine", of=lambda case: 0, twin=lambda case: 1)
def empty(least, case):
    "A number is more than itself."
    case.assume(case.real("x") > case.real("x") + least)
    case.show("more", case.real("x") > case.real("x"))

@obligation("my.odd", paper="mine", kind="guess")
def odd(least, case):
    "A claim of no kind."
"""
Running = Callable[..., pytest.RunResult]


@pytest.fixture(name="run")
def run_fixture(pytester: pytest.Pytester) -> Running:
    """Runs pytest with some arguments in a folder of its own, in which gadget.py has obligations."""
    pytester.makepyfile(gadget=GADGET)

    def run(*arguments: str) -> pytest.RunResult:
        plugin = [] if INSTALLED else ["-p", PLUGIN]
        return pytester.runpytest_inprocess(*plugin, "-p", "no:cacheprovider", *arguments)

    return run
