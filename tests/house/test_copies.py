"""No function is written twice: no two bodies are the same but for the names of their own variables.

The checkers stand apart: each keeps what it needs and shares nothing with the rest, so that a mistake in one place is
no mistake in the other. Within a checker nothing is written twice either.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from tests.house.rules import python_files, tree_of

FILES = python_files("constructions", "verify", "tests", "benchmarks", "examples")
APART = ("verify/recheck/", "verify/judge/", "verify/replay/", "benchmarks/independent/")
STATEMENTS, NODES = 3, 25
"""A body of so many statements, or of so many nodes of the syntax tree, is long enough to be a copy."""
NO_MATTER = {"annotation", "returns", "ctx", "type_comment", "type_params", "kind"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def body_of(function: Function) -> list[ast.stmt]:
    """The statements of a function without its docstring."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def is_long(function: Function) -> bool:
    """Whether a body is long enough to be a copy of another."""
    parts = [node for statement in body_of(function) for node in ast.walk(statement)]
    statements = sum(isinstance(node, ast.stmt) for node in parts)
    return statements >= STATEMENTS or sum(not isinstance(node, ast.expr_context) for node in parts) >= NODES


def form(function: Function) -> str:
    """A body as text, in which the function's own variables are numbered as they come."""
    arguments = [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    set_there = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    inner = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    own, numbers = set_there | inner, {name: f"v{i}" for i, name in enumerate(arguments)}

    def said(part: object) -> str:
        if isinstance(part, list):
            return f"[{', '.join(map(said, part))}]"
        if not isinstance(part, ast.AST):
            return repr(part)
        name = part.id if isinstance(part, ast.Name) else part.arg if isinstance(part, ast.arg) else None
        if name is not None:
            return numbers.setdefault(name, f"v{len(numbers)}") if name in own else name
        inside = (said(getattr(part, field, None)) for field in part._fields if field not in NO_MATTER)
        return f"{type(part).__name__}({', '.join(inside)})"

    return said(body_of(function))


def shape(function: Function) -> tuple[type[ast.AST], ...]:
    """The kinds of the nodes in a body, which are the same where the form is the same, and are sooner found."""
    nodes: list[ast.AST] = list(body_of(function))
    for node in nodes:
        for field in node._fields:
            value = None if field in NO_MATTER else getattr(node, field, None)
            if isinstance(value, ast.AST):
                nodes.append(value)
            elif isinstance(value, list):
                nodes += [each for each in value if isinstance(each, ast.AST)]
    return tuple(type(node) for node in nodes)


def functions(file: str, tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """The functions of a file that are long enough, each with its place."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and is_long(node):
            yield f"{file}:{node.lineno} {node.name}", node


def copies(trees: Mapping[str, ast.Module]) -> list[list[str]]:
    """The places of functions whose bodies are the same, in groups."""
    alike, found = defaultdict(list), defaultdict(list)
    for file, tree in trees.items():
        apart = next((folder for folder in APART if file.startswith(folder)), "")
        for place, function in functions(file, tree):
            alike[apart, shape(function)].append((place, function))
    for (apart, kinds), those in alike.items():
        for place, function in those if len(those) > 1 else ():
            found[apart, kinds, form(function)].append(place)
    return [places for places in found.values() if len(places) > 1]


def test_no_function_is_written_twice() -> None:
    twice = copies({file: tree_of(path) for file, path in FILES.items()})
    assert not twice, "need one home for each of these:\n" + "\n".join(" = ".join(places) for places in twice)


FIRST = "def f(x: int) -> int:\n 'What it does.'\n y = x + 1\n z = [a * y for a in g(x)]\n return sum(z)\n"


@pytest.mark.parametrize(
    ("second", "same"),
    [
        (FIRST, True),
        ("def other(n):\n m = n + 1\n k = [b * m for b in g(n)]\n return sum(k)\n", True),
        ("class K:\n async def other(n):\n  m = n + 1\n  k = [b * m for b in g(n)]\n  return sum(k)\n", True),
        ("def h():\n def f(n):\n  m = n + 1\n  k = [b * m for b in g(n)]\n  return sum(k)\n return f\n", True),
        ("def f(n):\n m = n + 2\n k = [b * m for b in g(n)]\n return sum(k)\n", False),
        ("def f(n):\n m = n + 1\n k = [b * m for b in another(n)]\n return sum(k)\n", False),
        ("def f(n):\n m = n + 1\n k = [b * n for b in g(n)]\n return sum(k)\n", False),
        ("def f(n, p):\n m = n + 1\n k = [b * m for b in g(p)]\n return sum(k)\n", False),
    ],
)
def test_a_copy_is_found_whatever_its_variables_are_called(second: str, same: bool) -> None:
    assert bool(copies({"a.py": ast.parse(FIRST), "b.py": ast.parse(second)})) is same


def test_short_bodies_and_those_of_the_checkers_may_be_the_same() -> None:
    short = ast.parse("def f(x):\n 'Short.'\n y = x\n return y\n")
    assert not copies({"a.py": short, "b.py": short})
    one, two = "verify/recheck/a.py", "verify/judge/a.py"
    assert not copies({"a.py": ast.parse(FIRST), one: ast.parse(FIRST), two: ast.parse(FIRST)})
    assert copies({one: ast.parse(FIRST), "verify/recheck/b.py": ast.parse(FIRST)}) == [
        ["verify/recheck/a.py:1 f", "verify/recheck/b.py:1 f"]
    ]
