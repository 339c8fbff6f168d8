"""Promises of modules: nothing is loaded before it is used, and a user's folder has no say in what is loaded."""

import ast
import builtins
import importlib.util
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.loading import GUESTS, UNDER_WAY, PromisedModule, loaded_when_used

ROOT = Path(__file__).parents[2]


def said(program: str) -> str:
    """What a program prints, in a process of its own."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True).stdout


def test_both_forms_of_an_import_are_promises_until_they_are_used() -> None:
    program = """
import sys
from constructions.foundations.loading import loaded_when_used
with loaded_when_used(__name__):
    import colorsys
    from wsgiref import handlers as dom
    from json import tool, scanner
import fractions
print(*(name in sys.modules for name in ("colorsys", "wsgiref.handlers", "json.tool")), "fractions" in sys.modules)
dom.BaseHandler, colorsys.ONE_THIRD
print(*(name in sys.modules for name in ("colorsys", "wsgiref.handlers", "json.tool")))
"""
    assert said(program) == "False False False True\nTrue True False\n"


def test_imports_are_as_ever_after_the_block_in_other_modules_and_after_an_error() -> None:
    usual = builtins.__import__
    with loaded_when_used("some.other.module"):
        import colorsys
    assert not isinstance(colorsys, PromisedModule) and builtins.__import__ is usual
    with pytest.raises(ZeroDivisionError), loaded_when_used(__name__):
        _ = 1 / 0
    assert builtins.__import__ is usual


def test_a_dotted_import_is_refused_since_it_would_bind_the_package() -> None:
    with pytest.raises(ConstructionError, match=r"need 'from package import module' in this block, got 'import xml\.d"):
        exec(
            "with loaded_when_used('made'):\n    import xml.dom",
            {"__name__": "made", "loaded_when_used": loaded_when_used},
        )


def test_what_lies_in_the_folder_of_a_users_file_is_not_taken_for_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rlcompleter.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "rlcompleter", raising=False)
    with pytest.raises(SystemExit):
        _ = PromisedModule("rlcompleter").Completer
    monkeypatch.delitem(sys.modules, "rlcompleter", raising=False)
    GUESTS.append(str(tmp_path))
    try:
        assert PromisedModule("rlcompleter").Completer.__module__ == "rlcompleter"
    finally:
        GUESTS.remove(str(tmp_path))
    assert str(tmp_path) in sys.path and not UNDER_WAY


def test_a_thread_that_comes_while_another_loads_the_module_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "import threading\nthreading.begun.set()\nthreading.may_go_on.wait(10)\nvalue = 1\n"
    (tmp_path / "slow_to_load.py").write_text(slow)
    monkeypatch.syspath_prepend(tmp_path)
    begun, may_go_on = threading.Event(), threading.Event()
    monkeypatch.setattr(threading, "begun", begun, raising=False)
    monkeypatch.setattr(threading, "may_go_on", may_go_on, raising=False)
    found: list[object] = []

    def use() -> None:
        found.append(getattr(PromisedModule("slow_to_load"), "value", "half a module"))

    first, second = threading.Thread(target=use), threading.Thread(target=use)
    first.start()
    assert begun.wait(10)
    second.start()
    second.join(0.1)
    may_go_on.set()
    for thread in (first, second):
        thread.join(10)
    assert found == [1, 1] and sys.modules.pop("slow_to_load")


def test_blocks_of_two_threads_leave_imports_as_they_were() -> None:
    usual, inside, may_leave = builtins.__import__, threading.Event(), threading.Event()

    def stay() -> None:
        with loaded_when_used("one.module"):
            inside.set()
            may_leave.wait(10)

    def come() -> None:
        with loaded_when_used("another.module"):
            may_leave.wait(10)
            first.join(1)  # so that this block, if it may be open beside the other one, ends last

    first, second = threading.Thread(target=stay), threading.Thread(target=come)
    first.start()
    assert inside.wait(10)
    second.start()
    second.join(0.1)
    may_leave.set()
    for thread in (first, second):
        thread.join(10)
    assert builtins.__import__ is usual


def test_what_is_set_on_a_promise_is_set_on_the_module() -> None:
    import colorsys

    promised = PromisedModule("colorsys")
    promised.SIXTEENTH = 1
    assert "SIXTEENTH" in dir(promised) and vars(colorsys)["SIXTEENTH"] == 1
    del promised.SIXTEENTH
    assert not hasattr(colorsys, "SIXTEENTH")


def test_names_that_nobody_knows_are_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need the names of modules in this block, got 'from json import \*'"):
        exec(
            "with loaded_when_used('made'):\n    from json import *",
            {"__name__": "made", "loaded_when_used": loaded_when_used},
        )


def promised_names(source: str) -> list[str]:
    """The full names that the blocks of a text promise as modules."""
    blocks = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.With) and ast.unparse(node.items[0].context_expr).startswith("loaded_when_used(")
    ]
    found = []
    for node in (statement for block in blocks for statement in block.body):
        assert isinstance(node, ast.Import | ast.ImportFrom), "a block of promises holds imports and nothing else"
        before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        found += [before + name.name for name in node.names]
    return found


def test_every_promise_of_the_packages_is_one_of_a_module() -> None:
    """A promise of a function would be noticed only when somebody calls it."""
    paths = [path for package in ("constructions", "verify") for path in (ROOT / package).rglob("*.py")]
    promised = {name for path in paths for name in promised_names(path.read_text(encoding="utf-8"))}
    assert promised >= {"z3", "networkx", "verify.reports.table"}
    assert [name for name in sorted(promised) if not is_module(name)] == []
    assert is_module("json.tool") and not is_module("json.dumps")


def is_module(name: str) -> bool:
    """Whether a full name is a module's."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
