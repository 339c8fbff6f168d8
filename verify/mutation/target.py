"""What is mutated, and what should notice: a construction with its claims and its tests.

A *target* is one file, the obligations about it, and the test files about it. It comes from an item of the paper (its
construction, its claims), from a file of the project, or from a user's file with claims of its own.
"""

import ast
import os
from dataclasses import dataclass
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT
from verify.obligations.catalogue import CLAIMS, paper_obligations, select
from verify.obligations.item import OPEN, Item
from verify.obligations.obligation import Obligation
from verify.obligations.paper import ITEMS, belongs, item_named, unbuilt
from verify.obligations.sources import read_sources

COPIED = ("constructions", "verify", "tests", "examples", "benchmarks", "proofs_notes", ".ci")
LOOSE = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "LICENSE")
"""What of the project a mutant's copy of it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One file, and what should notice a change to it.

    Parameters
    ----------
    name : the item or the file, as it is shown. root : the folder below which everything lies.
    file : the file that is changed, from the root. ids : the obligations about it. tests : the files of its tests, from
        the root. user_file : the user's file that has the obligations, from the root; empty for the paper's.
    parts : what a copy of the tree has: folders and files, from the root.
    """

    name: str
    root: Path
    file: str
    ids: tuple[str, ...]
    tests: tuple[str, ...]
    parts: tuple[str, ...]
    user_file: str = ""

    @property
    def text(self) -> str:
        """What is in the file."""
        return (self.root / self.file).read_text(encoding="utf-8")


def target_of(text: str) -> Target:
    """The target that an argument names: an item of the paper, a file of the project, or a user's file.

    Raises
    ------
    ConstructionError
        For an item that is not built, a name that is none, and a file that cannot be read.

    >>> found = target_of("Equation (3)")
    >>> found.file, found.tests[0]
    ('constructions/foundations/rounding.py', 'tests/foundations/test_rounding.py')
    """
    path = Path(os.path.realpath(text))
    if text.endswith(".py") or os.sep in text:
        inside = path.is_relative_to(ROOT / "constructions") or path.is_relative_to(ROOT / "verify")
        return of_file(path.relative_to(ROOT).as_posix()) if inside else of_user_file(path, shown=text)
    item = item_named(text)
    if item is None:
        known = paper_obligations()
        chosen = select(known, [text])
        files = sorted({file for file in map(construction_of, chosen.values()) if file})
        if len(files) != 1:
            raise ConstructionError(f"need claims about one construction, got {len(files)} of them, at {text!r}")
        return _of_project(text, files[0], tuple(chosen))
    return of_item(item)


def of_item(item: Item) -> Target:
    """The construction of an item, with its claims.

    Raises
    ------
    ConstructionError
        For an item without a construction, or without claims.
    """
    if item.construction == OPEN:
        raise ConstructionError(f"need an item with a construction, got {item.name}, which is {unbuilt(item)}")
    ids = tuple(id for id, each in paper_obligations().items() if belongs(each, item))
    if not ids:
        raise ConstructionError(f"need an item with claims, got {item.name}, which {unbuilt(item)}")
    return _of_project(item.name, item.construction, ids)


def of_file(file: str) -> Target:
    """A file of the project, with the claims in the modules of its name and those of the items that it builds.

    Raises
    ------
    ConstructionError
        If there is no such file.
    """
    if not (ROOT / file).is_file():
        raise ConstructionError(f"need a Python file, got nothing, at {file}")
    items = [item for item in ITEMS if item.construction == file]
    ids = tuple(
        id
        for id, each in paper_obligations().items()
        if construction_of(each) == file or any(belongs(each, item) for item in items)
    )
    return _of_project(file, file, ids)


def of_user_file(path: Path, *, shown: str) -> Target:
    """A user's file: its functions are changed, its claims and the tests beside it should notice. ``shown`` is its name
    in messages.

    Raises
    ------
    ConstructionError
        For a file that cannot be read.
    """
    sources = read_sources(shown)
    places = [path, *(module.path for module in sources.modules if module.path.is_file())]
    root = Path(os.path.commonpath([place.parent for place in places]))
    beside = sorted(path.parent.glob(f"test_{path.stem}*.py"))
    parts = tuple(dict.fromkeys(place.relative_to(root).as_posix() for place in [*places, *beside]))
    file = path.relative_to(root).as_posix()
    tests = tuple(place.relative_to(root).as_posix() for place in beside)
    return Target(name=shown, root=root, file=file, ids=(), tests=tests, parts=parts, user_file=file)


def _of_project(name: str, file: str, ids: tuple[str, ...]) -> Target:
    parts = tuple(part for part in (*COPIED, *LOOSE) if (ROOT / part).exists())
    return Target(name=name, root=ROOT, file=file, ids=ids, tests=tests_of(file), parts=parts)


def construction_of(obligation: Obligation) -> str:
    """The file that the module of an obligation's claim is about: it has the module's name, or that of its folder;
    empty if there is none.

    >>> construction_of(paper_obligations()["sigma.figure"])
    'constructions/foundations/activation.py'
    """
    module = obligation.claim.__module__
    if not module.startswith(f"{CLAIMS}."):
        return ""
    parts = module.removeprefix(f"{CLAIMS}.").split(".")
    for top in ("constructions", "verify"):
        for place in ("/".join(parts), "/".join(parts[:-1])):
            if (ROOT / top / f"{place}.py").is_file():
                return f"{top}/{place}.py"
    return ""


def tests_of(file: str) -> tuple[str, ...]:
    """The tests about a file of the project: those of its name, and then those of its chapter that import it.

    >>> tests_of("constructions/learning/oracles.py")[0]
    'tests/learning/test_oracles.py'
    """
    path = Path(file)
    chapter = Path("tests", *path.parts[1 if path.parts[0] == "constructions" else 0 : -1])
    module = ".".join(path.with_suffix("").parts)
    mirrors = sorted((ROOT / chapter).glob(f"test_{path.stem}.py"))
    others = [each for each in sorted((ROOT / chapter).rglob("test_*.py")) if module in imported(each)]
    return tuple(dict.fromkeys(each.relative_to(ROOT).as_posix() for each in (*mirrors, *others)))


def imported(path: Path) -> set[str]:
    """The modules that a file imports by name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


def lines_of_claims(text: str) -> set[int]:
    """The lines of the claims in a user's file, which are not changed: functions that are registered, and their twins
    where they stand in the decorator.

    >>> sorted(lines_of_claims("@obligation('an.id')\\ndef claim(x, case):\\n    case.show('x', x)\\n"))
    [1, 2, 3]
    """
    found: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and any("obligation" in ast.unparse(each) for each in node.decorator_list):
            first = min(each.lineno for each in node.decorator_list)
            found |= set(range(first, (node.end_lineno or node.lineno) + 1))
    return found
