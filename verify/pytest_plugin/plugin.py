"""The plugin of pytest: its options, which files it takes, and what it says at the end.

pytest loads this module in every run of whoever has querygrad installed, so it imports almost nothing by itself. A file
is taken if it registers obligations and either is named on the command line or has a name like those of
``querygrad_files``, an option of the configuration.
"""

from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from constructions.foundations.loading import loaded_when_used

with loaded_when_used(__name__):
    from verify.pytest_plugin import at_the_end, collecting, registering

FILES = ("obligations_*.py", "*_obligations.py")
"""Names of files that are taken when a folder is walked, unless ``querygrad_files`` says otherwise."""
TRIES = 100
MARKS = {"querygrad_claim": "a claim of a file of obligations", "querygrad_twin": "the broken twin of a claim"}


@pytest.hookimpl
def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options to ``parser``: those of the command line and those of the configuration."""
    group = parser.getgroup("querygrad", "obligations of querygrad as tests")
    group.addoption("--querygrad-fresh", action="store_true", help="Use no verdicts that earlier runs kept.")
    group.addoption(
        "--querygrad-seconds",
        type=_positive,
        default=None,
        metavar="N",
        help="Seconds for each question to the solver.",
    )
    group.addoption(
        "--querygrad-second", default="", metavar="SOLVER", help="Ask this solver everything, too (cvc5, or a program)."
    )
    group.addoption(
        "--querygrad-tries",
        type=_not_negative,
        default=TRIES,
        metavar="N",
        help="Points at which Hypothesis tries a claim before the solver gets it, if it is installed (default: 100).",
    )
    group.addoption(
        "--querygrad-mutate",
        type=_not_negative,
        default=0,
        metavar="N",
        help="Change each file in N small ways, and fail where no claim of it notices.",
    )
    parser.addini("querygrad_files", "Names of files with obligations.", type="args", default=list(FILES))


def _positive(text: str) -> int:
    return _at_least(text, 1)


def _not_negative(text: str) -> int:
    return _at_least(text, 0)


def _at_least(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise pytest.UsageError(f"need a whole number of at least {least}, got {text!a}")
    return int(text)


@pytest.hookimpl
def pytest_configure(config: pytest.Config) -> None:
    """Name the marks that nodes have, so that ``-m`` can choose by them, in the ``config``."""
    for mark, what in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {what}")


def is_taken(path: Path, parent: pytest.Collector) -> bool:
    """Whether a file, which pytest meets below a ``parent`` node, is one of obligations.

    Nothing of it is executed to find out: its text has to register obligations where the file is imported, rather than
    in the body of a test.
    """
    if path.suffix != ".py":
        return False
    named = parent.session.isinitpath(path)
    if not named and not any(fnmatch(path.name, pattern) for pattern in parent.config.getini("querygrad_files")):
        return False
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return registering.registers(data, path.parent)


@pytest.hookimpl
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The node of the file at a path, below its ``parent``; None if it is no file of obligations."""
    if not is_taken(file_path, parent):
        return None
    return collecting.ObligationFile.from_parent(parent, path=file_path)


@pytest.hookimpl
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    """What stands for a file of obligations, at a path below its ``parent``, beside its claims: its tests in the usual
    sense, if it has any. None for any other file."""
    if not is_taken(module_path, parent):
        return None
    kind = collecting.kind_beside(module_path.read_text(encoding="utf-8", errors="replace"))
    return kind.from_parent(parent, path=module_path)


@pytest.hookimpl
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say below the results, which the ``terminalreporter`` has, how many claims have which verdict, and what they are
    given."""
    for line in at_the_end.lines(terminalreporter.stats):
        terminalreporter.write_line(line)
