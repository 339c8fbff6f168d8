"""The mutants of a file: for every node that is no docstring, message, name or type, what the operators make of it.

A mutant is a text in which one node is written otherwise; all else is the same, byte for byte, and stands in the same
line. A mutant that does not compile is none. Neither is one whose machine code is that of the file itself, or of a
mutant before it: Python cannot tell them apart, so no claim or test can.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from types import CodeType

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from verify.mutation.operators import OPERATORS, negation

TYPES = {"cast", "isinstance", "issubclass", "TypeVar", "NewType", "field"}
"""Calls whose arguments are types or say how a class is made."""
COMPILED = "compiled"
"""The decorator of functions that run as machine code, in which no line is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMutant:
    """One change to one file.

    Parameters
    ----------
    file : the file, from the root of the tree. line, last : the lines on which the node stands that is changed.
    column : where it begins. operator : which operator changed it. before, after : the node, and what stands in its
        place. text : the whole file, changed. digest : of the machine code that Python makes of it.
    """

    file: str
    line: int
    last: int
    column: int
    operator: str
    before: str
    after: str
    text: str
    digest: str

    @property
    def name(self) -> str:
        """Where and what it is, in one line."""
        return change_in_words(f"{self.file}:{self.line}:{self.column}", self.operator, self.before, self.after)


def change_in_words(place: str, operator: str, before: str, after: str) -> str:
    """A change of a file in one line.

    Parameters
    ----------
    place : the file, the line and the column. operator : which operator makes the change. before, after : the node,
        and what stands in its place.

    >>> change_in_words("one.py:3:4", "comparison", "x < y", "x <= y")
    'one.py:3:4 comparison: x < y -> x <= y'
    """
    return f"{place} {operator}: {before} -> {after}"


@dataclass(frozen=True, slots=True)
class _Site:
    """A node that may be written otherwise."""

    operator: str
    node: ast.expr | ast.stmt
    other: ast.AST


def mutants_of(text: str, file: str) -> list[SourceMutant]:
    """All mutants of a file, in the order in which they stand in it.

    Parameters
    ----------
    text : what is in it. file : its name, from the root of the tree.

    Raises
    ------
    ConstructionError
        For a text that is no Python.

    >>> for each in mutants_of("def half(x):\\n    'The half.'\\n    return x // 2\\n", "half.py"):
    ...     print(each.name)
    half.py:3:11 arithmetic: x // 2 -> x * 2
    half.py:3:16 constant: 2 -> -1
    half.py:3:16 constant: 2 -> 1
    half.py:3:16 constant: 2 -> 3
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ConstructionError(f"need a Python file, got {error.msg}, at {file}:{error.lineno}") from error
    seen = {code_digest(compile(text, file, "exec", dont_inherit=True))}
    found: list[SourceMutant] = []
    data, starts = text.encode(), _starts(text)
    for site in sorted(_sites(tree), key=lambda site: (site.node.lineno, site.node.col_offset)):
        changed = _written(data, starts, site)
        digest = _digest_or_nothing(changed, file)
        if digest and digest not in seen:
            seen.add(digest)
            found.append(_mutant(site, changed, digest, file))
    return found


def _mutant(site: _Site, text: str, digest: str, file: str) -> SourceMutant:
    node = site.node
    return SourceMutant(
        file=file,
        line=node.lineno,
        last=node.end_lineno or node.lineno,
        column=node.col_offset,
        operator=site.operator,
        before=_shown(node),
        after=_shown(site.other),
        text=text,
        digest=digest,
    )


def _shown(node: ast.AST) -> str:
    """The node on one line; of a compound statement what it asks."""
    if isinstance(node, ast.If | ast.While):
        return f"{'if' if isinstance(node, ast.If) else 'while'} {ast.unparse(node.test)}"
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())


def _digest_or_nothing(text: str, file: str) -> str:
    try:
        return code_digest(compile(text, file, "exec", dont_inherit=True))
    except (SyntaxError, ValueError):
        return ""


def code_digest(code: CodeType) -> str:
    """A digest of what a compiled text does: its instructions, constants and names, not its lines.

    >>> same = [compile(text, "f.py", "exec") for text in ("x = 1 + 2", "x = (3)")]
    >>> code_digest(same[0]) == code_digest(same[1])
    True
    """
    parts = [code.co_code, repr((code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)).encode()]
    parts += [code.co_exceptiontable, repr((code.co_argcount, code.co_kwonlyargcount, code.co_flags)).encode()]
    for value in code.co_consts:
        shown = code_digest(value) if isinstance(value, CodeType) else f"{type(value).__name__} {_constant(value)}"
        parts.append(shown.encode())
    return sha256_of(*(f"{len(part)} ".encode() + part for part in parts))


def _constant(value: object) -> str:
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else repr(value)


def _sites(tree: ast.Module) -> Iterator[_Site]:
    """Every node with what may stand in its place."""
    for node in _asked(tree):
        for name, operators in OPERATORS.items():
            for other in (other for operator in operators for other in operator(node)):
                if isinstance(node, ast.expr | ast.stmt):
                    yield _Site(name, node, other)
        if isinstance(node, ast.If | ast.While):
            negated = negation(node.test)
            if negated is not None:
                yield _Site("condition", node.test, negated)


def _asked(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that the operators are asked about: no docstring, text, message, type, import or assertion."""
    if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr) or _is_for_types(node):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "exc", "cause", "bases", "type", "func"):
            if name == "func" and isinstance(value, ast.Attribute):
                yield from _asked(value.value)
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield from _asked(each)


def _is_for_types(node: ast.AST) -> bool:
    """Whether a node speaks of types only."""
    alias = isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).endswith("TypeAlias")
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TYPES
    guarded = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    generic = isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript) and _is_type(node.value.value)
    return alias or called or guarded or generic


def _is_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("Callable", "Mapping", "Sequence", "tuple", "list", "dict")


def _starts(text: str) -> list[int]:
    """Where each line begins, in bytes."""
    found = [0]
    for line in re.split(r"(?<=\n)", text):
        found.append(found[-1] + len(line.encode()))
    return found


def _written(data: bytes, starts: list[int], site: _Site) -> str:
    """The whole text, with the site's node written otherwise; as many lines as before."""
    node = site.node
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
    said = ast.unparse(ast.fix_missing_locations(site.other))
    lines = data[begin:end].count(b"\n")
    if isinstance(node, ast.expr):
        said = f"({said}{chr(10) * lines})"
    return (data[:begin] + said.encode() + data[end:]).decode()


def drawn(mutants: list[SourceMutant], *, most: int | None, seed: int) -> list[SourceMutant]:
    """At most so many of the mutants, drawn by a seed, in their order.

    >>> found = mutants_of("x = 1 + 2 * 3\\n", "x.py")
    >>> len(found), len(drawn(found, most=2, seed=0)), drawn(found, most=None, seed=0) == found
    (10, 2, True)
    """
    if most is None or most >= len(mutants):
        return mutants
    chosen = sorted(Random(seed).sample(range(len(mutants)), most))
    return [mutants[i] for i in chosen]


def lines_compiled(text: str) -> set[int]:
    """The lines of functions that run as machine code.

    >>> sorted(lines_compiled("@compiled\\ndef f(x):\\n    return x\\n"))
    [2, 3]
    """
    found: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and any(COMPILED in ast.unparse(each) for each in node.decorator_list):
            found |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found
