"""A rule about many files or names is one test, which tells all that break it; files are read and parsed once."""

import ast
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).parents[2]
Case = TypeVar("Case")
TOLD = 20
"""So many of those that break a rule are told."""


def python_files(*tops: str) -> dict[str, Path]:
    """The Python files below folders of the project, by their names from its root."""
    return {path.relative_to(ROOT).as_posix(): path for top in tops for path in sorted((ROOT / top).rglob("*.py"))}


@cache
def text_of(path: Path) -> str:
    """The text of a file."""
    return path.read_text(encoding="utf-8")


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a program."""
    return ast.parse(text)


@cache
def nodes_in(text: str) -> tuple[ast.AST, ...]:
    """All nodes of the syntax tree of a program, in the order of :func:`ast.walk`."""
    return tuple(ast.walk(parsed(text)))


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return parsed(text_of(path))


def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of the syntax tree of a file."""
    return nodes_in(text_of(path))


MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for package in ("constructions", "verify")
    for path in sorted((ROOT / package).rglob("*.py"))
}
"""The modules of the packages, by full name."""


@cache
def imported(module: str) -> frozenset[str]:
    """What a module imports, by full name; ``from a import b`` is a.b if that is a module, else a."""
    found: set[str] = set()
    for node in nodes_of(MODULES[module]):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{name.name}" for name in node.names}
            found |= {name if name in MODULES else str(node.module) for name in names}
    return frozenset(found)


def every(cases: Collection[Case]) -> Callable[[Callable[[Case], None]], Callable[[], None]]:
    """Make one test of a rule: it holds for each of some cases, of which there is at least one.

    >>> @every([2, 4, 5, 7])
    ... def is_even(number):
    ...     assert number % 2 == 0, "it is odd"
    >>> is_even()
    Traceback (most recent call last):
    Failed: 2 of 4 break the rule:
    5: it is odd
    7: it is odd
    """

    def made(rule: Callable[[Case], None]) -> Callable[[], None]:
        def test() -> None:
            broken = []
            for case in cases:
                try:
                    rule(case)
                except AssertionError as error:
                    broken.append(f"{case}: {error}")
            assert cases, "need a case to which the rule applies, got none"
            if broken:
                told = "\n".join(broken[:TOLD])
                pytest.fail(f"{len(broken)} of {len(cases)} break the rule:\n{told}", pytrace=False)

        test.__name__, test.__doc__, test.__module__ = rule.__name__, rule.__doc__, rule.__module__
        return test

    return made
