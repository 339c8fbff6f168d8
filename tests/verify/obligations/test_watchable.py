"""What a user's file may use for its results to be kept: a list, and everything else is told with its line."""

import ast
import importlib.util
import sys
from typing import Any

import pytest

from verify.obligations.watchable import CLAIMING, INSTALLED, MODULES, PURE, imports, may_import, parsed, unwatched

USUAL = """
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
import json, math, re
import networkx as nx
from pathlib import Path
from sympy.ntheory import isprime
from constructions.foundations.network import Fragment
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

DATA = json.loads((Path(__file__).parent / "data.json").read_text())

@dataclass(frozen=True)
class Gadget:
    weights: tuple[int, ...] = ()
    def __post_init__(self): assert self.__class__.__name__ == "Gadget"
    def __len__(self): return len(self.weights)

for id, time in enumerate((1, 2)):
    getattr(Gadget, "weights")
with open("rows.csv") as stream:
    print(stream.read(), {1, 2}, id, time, __name__, __doc__)
"""


def said(text: str, **rest: Any) -> str:
    """What is found in a file."""
    return unwatched(ast.parse(text), **rest)


def test_a_usual_file_can_be_watched() -> None:
    assert said(USUAL) == ""
    assert [name for name, _ in imports(ast.parse(USUAL)) if not may_import(name)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eval('1')", "uses eval (line 1)"),
        ("\nexec('1')", "uses exec (line 2)"),
        ("__import__('os')", "uses __import__ (line 1)"),
        ("globals()['x']", "uses globals (line 1)"),
        ("x = id(3)", "uses id (line 1)"),
        ("x = hash('a')", "uses hash (line 1)"),
        ("x = __builtins__", "uses __builtins__ (line 1)"),
        ("import json\njson.codecs.sys", "uses .sys (line 2)"),
        ("import fractions as f\nf.sys.path", "uses .sys (line 2)"),
        ("from pathlib import os", "imports os (line 1)"),
        ("from verify.obligations.catalogue import importlib", "imports importlib (line 1)"),
        ("import verify.obligations.verdict", "imports verify.obligations.verdict by its whole name (line 1)"),
        ("from constructions.networks.gates import *", "imports * from constructions.networks.gates (line 1)"),
        ("x = ().__class__.__mro__", "uses .__mro__ (line 1)"),
        ("x = f.__globals__", "uses .__globals__ (line 1)"),
        ("getattr(x, 'os')", "uses getattr with 'os' (line 1)"),
        ("getattr(x, 'o' + 's')", "uses getattr with None (line 1)"),
        ("from operator import attrgetter", "imports attrgetter (line 1)"),
        ("from sympy import sympify", "imports sympify (line 1)"),
        ("x = path.exists()", "uses .exists (line 1)"),
        ("x = path.stat().st_mtime", "uses .stat (line 1)"),
        ("x = here.resolve()", "uses .resolve (line 1)"),
        ("def late():\n    def later():\n        return numpy.random.rand()", "uses .random (line 3)"),
    ],
)
def test_what_leaves_no_trace_is_found(text: str, found: str) -> None:
    assert said(text) == found


def test_questions_about_paths_count_only_where_there_are_paths() -> None:
    assert said("x = match.group(1)", paths=False) == ""
    assert said("x = match.group(1)", paths=True) == "uses .group (line 1)"


def test_all_of_a_module_may_be_imported_from_ones_own_and_from_pythons() -> None:
    tree = ast.parse("from helper import *\nfrom math import *\nfrom . import *")
    assert unwatched(tree, own={"helper"}) == ""
    assert unwatched(tree) == "imports * from helper (line 1)"


@pytest.mark.parametrize(
    "name",
    [
        "os",
        "os.path",
        "random",
        "time",
        "numpy",
        "subprocess",
        "verify.discharge.cache",
        "verify.obligations.catalogue",
        "helper",
        "verify.cases",
    ],
)
def test_what_is_not_on_the_list_is_not(name: str) -> None:
    assert not may_import(name)


def test_the_list_names_what_there_is_and_nothing_that_is_refused() -> None:
    assert {name for name in PURE if importlib.util.find_spec(name) is None} == set()
    assert not PURE - sys.stdlib_module_names
    assert not PURE & MODULES
    assert all(importlib.util.find_spec(name) for name in (*CLAIMING, *INSTALLED))


def test_a_file_that_is_no_python_has_no_tree() -> None:
    for data in (b"def broken(:", b"x = 1\0", b"\xff\xfe", b"(" * 5000):
        assert parsed(data) is None
