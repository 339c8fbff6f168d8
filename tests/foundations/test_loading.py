"""Promises of modules: nothing is loaded before it is used, and a user's folder has no say in what is loaded."""

import builtins
import subprocess
import sys
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
    from xml.dom import minidom as dom
    from json import tool, scanner
import fractions
print(*(name in sys.modules for name in ("colorsys", "xml.dom.minidom", "json.tool")), "fractions" in sys.modules)
dom.parseString, colorsys.ONE_THIRD
print(*(name in sys.modules for name in ("colorsys", "xml.dom.minidom", "json.tool")))
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
