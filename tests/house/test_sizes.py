"""Files, functions and names of a size that is read at once; every public class has a name of its own."""

import ast
from collections import defaultdict
from collections.abc import Sequence

from tests.house.rules import every, nodes_of, python_files, text_of, tree_of

MOST_LINES, MOST_OF_A_FUNCTION, MOST_NESTED = 400, 40, 4
FILES = python_files("constructions", "verify", "tests", "benchmarks", "examples")
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith)


def functions(file: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions of a file, those inside others too."""
    return [node for node in nodes_of(FILES[file]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from its ``def`` on, its docstring not counted."""
    first = function.body[0]
    described = ast.get_docstring(function) is not None
    words = (first.end_lineno or 0) - first.lineno + 1 if described else 0
    return (function.end_lineno or 0) - function.lineno + 1 - words


def nested(body: Sequence[ast.stmt], depth: int = 0) -> int:
    """How deep statements stand within one another; ``elif`` stands as deep as its ``if``."""
    return max([depth, *(_inside(statement, depth) for statement in body)])


def _inside(statement: ast.stmt, depth: int) -> int:
    if isinstance(statement, ast.If):
        other = statement.orelse
        chained = len(other) == 1 and isinstance(other[0], ast.If)
        return max(nested(statement.body, depth + 1), nested(other, depth if chained or not other else depth + 1))
    if isinstance(statement, LOOPS):
        bodies = [statement.body, getattr(statement, "orelse", [])]
    elif isinstance(statement, ast.Try):
        bodies = [statement.body, statement.orelse, statement.finalbody, *(each.body for each in statement.handlers)]
    elif isinstance(statement, ast.Match):
        bodies = [case.body for case in statement.cases]
    else:
        return depth
    return max(nested(body, depth + 1) for body in bodies if body)


@every(FILES)
def test_a_file_has_at_most_400_lines(file: str) -> None:
    assert len(text_of(FILES[file]).splitlines()) <= MOST_LINES


@every(FILES)
def test_a_function_has_at_most_40_lines_and_four_levels(file: str) -> None:
    found = functions(file)
    assert not [f"{each.name}: {length(each)} lines" for each in found if length(each) > MOST_OF_A_FUNCTION]
    assert not [each.name for each in found if nested(each.body) > MOST_NESTED]


@every(FILES)
def test_the_formatter_is_never_told_to_look_away(file: str) -> None:
    assert "fmt: " + "skip" not in text_of(FILES[file])
    assert "fmt: " + "off" not in text_of(FILES[file])


def test_lengths_and_levels_are_counted_as_they_are_read() -> None:
    text = "def f(x):; '''Two; lines.'''; if x:;  pass; elif x > 1:;  for y in x:;   pass;"
    function = ast.parse(text.replace("; ", "\n ").replace(";", "")).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert (length(function), nested(function.body)) == (6, 2)


CHECKERS = ("verify/recheck/", "verify/judge/", "verify/referee/")


def test_a_public_class_has_a_name_of_its_own() -> None:
    """The checkers stand apart: they share nothing with the rest, and may call a network a Network."""
    places = defaultdict(list)
    for file in FILES:
        if file.startswith(("constructions/", "verify/")) and not file.startswith(CHECKERS):
            for node in tree_of(FILES[file]).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(file)
    assert not {name: files for name, files in places.items() if len(files) > 1}
