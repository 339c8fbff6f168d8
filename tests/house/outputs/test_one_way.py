"""One way to do each thing: what there is one place for stands in one place.

The checkers (``verify/recheck``, ``verify/judge``, ``verify/referee``, ``benchmarks/independent``) stand apart: they
share nothing with the rest, and keep what they need.
"""

import ast
import importlib
import re
from pathlib import Path

import click
import pytest

from verify.commands import main as cli

ROOT = Path(__file__).parents[3]
COMMANDS = ROOT / "verify" / "commands"
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for package in ("constructions", "verify", "benchmarks")
    for path in sorted((ROOT / package).rglob("*.py"))
    if not {"recheck", "judge", "referee", "independent"} & set(path.relative_to(ROOT).parts)
}
SHARED = {
    "compile_batches",
    "compile_frozen",
    "compile_machine",
    "interruption",
    "json_option",
    "machine_code",
    "machine_options",
    "main",
    "options",
    "proof_files",
    "prove_circuits",
    "prove_drawn",
    "prove_machines",
    "proving",
    "report_options",
    "second_options",
}
"""The modules of the room of commands that are no command; several commands use each, or ``prove`` alone."""


def holding(pattern: str) -> list[str]:
    """The files in which a pattern occurs."""
    return [path for path, text in SOURCES.items() if re.search(pattern, text, flags=re.M)]


@pytest.mark.parametrize(
    ("what", "pattern", "home"),
    [
        ("a digest of bytes", r"^(import|from) hashlib", "constructions/foundations/files.py"),
        ("a progress bar", r"^(import|from) rich\.progress", "verify/screen/bar.py"),
        ("a reading of FILE.py:NAME", r"\\\.py\b", "verify/arguments/user_files.py"),
        ("a reading of a rational on a command line", r'"need a rational p/q', "verify/arguments/values.py"),
        ("a check of files to write", r"need a file in an existing folder", "verify/screen/files.py"),
        ("a row of JSON at the end of a file", r"stream\.write\(json\.dumps", "benchmarks/rows.py"),
    ],
)
def test_there_is_one_place_for(what: str, pattern: str, home: str) -> None:
    assert holding(pattern) == [home], f"need {what} in {home} only"


def test_the_folder_of_the_project_is_found_in_one_place() -> None:
    found = [
        path
        for path, text in SOURCES.items()
        for number in re.findall(r"__file__\)(?:\.resolve\(\))?\.parents\[(\d)\]", text)
        if (ROOT / path).parents[int(number)] == ROOT
    ]
    assert found == ["constructions/foundations/files.py"]
    assert not holding(r"\.parent\.parent\b")


def test_a_command_takes_its_options_by_name() -> None:
    """No command gets options as a dictionary; they come as frozen values (``verify/arguments/grouped.py``)."""
    found = [
        f"{path.name}: {node.name}"
        for folder in (COMMANDS, ROOT / "verify" / "arguments")
        for path in folder.glob("*.py")
        if path.name not in ("main.py", "grouped.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.args.kwarg is not None
    ]
    assert not found


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_a_command_stands_in_the_module_of_its_name(name: str) -> None:
    command = getattr(importlib.import_module(f"verify.commands.{name}"), name)
    assert isinstance(command, click.Command) and command.name == name


def test_every_module_of_the_room_is_a_command_or_shared() -> None:
    modules = {path.stem for path in COMMANDS.glob("*.py")} - {"__init__"}
    assert modules == {*cli.COMMANDS, *SHARED}
    assert not SHARED & set(cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_a_command_and_its_options_are_described_in_sentences(name: str) -> None:
    command = getattr(importlib.import_module(f"verify.commands.{name}"), name)
    options = [param for param in command.params if isinstance(param, click.Option)]
    said = [cli.COMMANDS[name], *(str(option.help) for option in options)]
    assert command.help and not [text for text in said if not re.fullmatch(r"[A-Z].*[.)]", text, flags=re.S)]
