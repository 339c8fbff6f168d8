"""Every public function, class, method and constant of the packages is used by something other than a test.

What counts: a mention somewhere in the packages outside its own body, a registration by a decorator (a claim, a
command, a kind of attack), the entry point of the command, and a snippet of the README or of a note that shows it to a
user. The room ``attacks`` has no command: the programs in ``benchmarks`` are its commands, so they count for it. Tests,
examples and the docstrings' own examples do not count.

A function, class or constant is found by its full name. Of a method only its name is looked for, as a text does not
say what it is called on; so a method with a common name may slip through.
"""

import ast
import doctest
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.house.rules import ROOT, tree_of

PACKAGES = ("constructions", "verify")
GENERATED = ("reference/api.md", "reference/cli.md", "learner_sizes.md", "map.md", "mutation.md")
PLAIN = {
    "abstractmethod",
    "cache",
    "cached_property",
    "classmethod",
    "compiled",
    "contextmanager",
    "dataclass",
    "final",
    "lru_cache",
    "override",
    "property",
    "staticmethod",
    "total_ordering",
}
"""Decorators that register nothing; any other one hands what it decorates to somebody."""
OURS = {"Protocol", "NamedTuple", "TypedDict", "Generic", "Exception", "ValueError", "RuntimeError", "Enum", "IntEnum"}
"""Bases from elsewhere that call no method of ours; those of any other foreign base may be."""
EXCEPTIONS = {
    "constructions.models.training_sets.all_read": "a set read off its batches, for a method that learns from the set "
    "of its points; no command can tell whether a learner does, so users call it",
    "verify.replay.witness.replay": "tests try a claim at single points by it, without an obligation",
    "constructions.models.torch_module.TorchWeights": "needs PyTorch, so only the tests of make torch train by it",
    "constructions.networks.formats.torch_reading.read_torch": "needs PyTorch, which no command imports; users call it",
    "constructions.strip.torch_module.TorchBatchWeights": "needs PyTorch, so only the tests of make torch train by it",
    "constructions.training.torch_model.torch_method": "needs PyTorch, which no command imports; users call it",
    "verify.notebook.traces.trace": "users of notebooks call it, as job.trace",
    "verify.attacks.forgeries.MODULES": "importing these modules registers their kinds; nobody asks for the list",
}
"""Full names that nothing calls and that stay all the same, each with the reason."""
Function = ast.FunctionDef | ast.AsyncFunctionDef
Constant = ast.Assign | ast.AnnAssign


def named(root: Path, folders: Iterable[str]) -> dict[str, ast.Module]:
    """The syntax trees of the modules below some folders, by full name."""
    return {
        ".".join(path.relative_to(root).with_suffix("").parts): tree_of(path)
        for folder in folders
        for path in sorted((root / folder).rglob("*.py"))
    }


def snippets(root: Path) -> dict[str, ast.Module]:
    """The code in the Python blocks of the README and the notes, a tree for each block."""
    pages = [root / "README.md", *sorted((root / "proofs_notes").rglob("*.md"))]
    found: dict[str, ast.Module] = {}
    for page in (page for page in pages if not page.as_posix().endswith(GENERATED)):
        for number, block in enumerate(re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)):
            examples = doctest.DocTestParser().get_examples(block)
            found[f"{page.name} {number}"] = ast.parse("".join(example.source for example in examples))
    return found


@cache
def aliases(tree: ast.Module) -> dict[str, str]:
    """What a name that is imported stands for, by full name."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.asname: name.name for name in node.names if name.asname}
    return found


def full_name(node: ast.AST, known: dict[str, str]) -> str | None:
    """The full name that a name or a chain of attributes stands for, if it begins with something imported."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        before = full_name(node.value, known)
        return before and f"{before}.{node.attr}"
    return None


def mentions(node: ast.AST, known: dict[str, str]) -> Iterator[str]:
    """The full names that a part of a module mentions, and ``.name`` for each attribute, as often as it does;
    docstrings are left out."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Name | ast.Attribute):
            name = full_name(node, known)
            if name:
                yield name
        if isinstance(node, ast.Attribute):
            yield f".{node.attr}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from in_text(node.value, known)
        waiting += ast.iter_child_nodes(node)


def in_text(text: str, known: dict[str, str]) -> Iterator[str]:
    """What a short text mentions: a place such as ``module:function``, an annotation in quotes, an attribute's name."""
    if len(text) <= 100 and re.fullmatch(r"[\w.]+(?:(?: \| |, |\[|\]|:)[\w.]*)*", text):
        yield text.replace(":", ".")
        for word in re.findall(r"\w+", text):
            yield f".{word}"
            if word in known:
                yield known[word]


@cache
def defined(module: str, tree: ast.Module) -> dict[str, str]:
    """The names that a module's own functions, classes and constants have in it, with their full names."""
    return {name: f"{module}.{name}" for node in tree.body for name in names_of(node)}


def names_of(node: ast.stmt) -> list[str]:
    """The name that a definition or an assignment at the top of a module gives to something; none where several names
    are given at once, as in ``LEAST, MOST = range``, of which some may only be passed over."""
    if isinstance(node, Function | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def public(module: str, tree: ast.Module) -> Iterator[tuple[str, str, ast.AST]]:
    """The full name of each public function, class, method and constant, what a mention of it looks like, and its
    node."""
    for node in tree.body:
        if isinstance(node, Constant):
            yield from ((f"{module}.{name}", f"{module}.{name}", node) for name in names_of(node) if name[0] != "_")
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_") or is_registered(node):
            continue
        yield f"{module}.{node.name}", f"{module}.{node.name}", node
        if isinstance(node, ast.ClassDef) and not has_foreign_base(node, module, tree):
            for inner in node.body:
                if isinstance(inner, Function) and not inner.name.startswith("_") and not is_registered(inner):
                    yield f"{module}.{node.name}.{inner.name}", f".{inner.name}", inner


def is_registered(node: Function | ast.ClassDef) -> bool:
    """Whether a decorator hands a definition to somebody."""
    plain = [re.split(r"[.(]", ast.unparse(each).removeprefix("functools."))[0] for each in node.decorator_list]
    return any(name not in PLAIN for name in plain)


def has_foreign_base(node: ast.ClassDef, module: str, tree: ast.Module) -> bool:
    """Whether a class, or one of the same module on which it is built, is of somebody else's kind, who may call its
    methods."""
    known = aliases(tree) | defined(module, tree)
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    found = [full_name(base, known) or ast.unparse(base) for base in bases]
    here = {f"{module}.{each.name}": each for each in tree.body if isinstance(each, ast.ClassDef) and each is not node}
    return any(
        has_foreign_base(here[name], module, tree)
        if name in here
        else name.split(".")[0] not in PACKAGES and name.split(".")[-1] not in OURS
        for name in found
    )


def uncalled(trees: dict[str, ast.Module], others: dict[str, ast.Module], texts: Iterable[str] = ()) -> list[str]:
    """The public names of some modules that nothing mentions but their own bodies, in them or in other code."""
    known = {module: aliases(tree) | defined(module, tree) for module, tree in trees.items()}
    said = Counter(texts)
    for tree in others.values():
        said.update(mentions(tree, aliases(tree)))
    by_statement = {
        node: Counter(mentions(node, known[module])) for module, tree in trees.items() for node in tree.body
    }
    for own in by_statement.values():
        said.update(own)
    return [
        name
        for module, tree in trees.items()
        for name, mention, node in public(module, tree)
        if said[mention] == _inside(node, by_statement, known[module])[mention]
    ]


def _inside(node: ast.AST, by_statement: Mapping[ast.stmt, Counter[str]], known: dict[str, str]) -> Counter[str]:
    """What a definition mentions: counted before, if it stands at the top of its module."""
    found = by_statement.get(node) if isinstance(node, ast.stmt) else None
    return Counter(mentions(node, known)) if found is None else found


@cache
def nobody_calls() -> list[str]:
    """The names of the packages that nothing but tests calls."""
    entry = re.findall(r'= "([\w.]+):(\w+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = uncalled(named(ROOT, PACKAGES), snippets(ROOT), [".".join(place) for place in entry])
    programs = named(ROOT, ["benchmarks"])
    used = set[str]().union(*(mentions(tree, aliases(tree)) for tree in programs.values()))
    return [name for name in found if not (name.startswith("verify.attacks.") and (name in used))]


def test_what_is_public_has_a_caller() -> None:
    assert [name for name in nobody_calls() if name not in EXCEPTIONS] == []


def test_an_exception_is_one_and_has_a_reason() -> None:
    assert set(EXCEPTIONS) <= set(nobody_calls())
    assert all(len(reason.split()) > 3 for reason in EXCEPTIONS.values())


ONE = "def f(x):\n    return f(x - 1)\nclass K:\n    def g(self):\n        return self.g()\n"


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ("", ["m.one.f", "m.one.K", "m.one.K.g"]),
        ("from m.one import f, K\n", ["m.one.f", "m.one.K", "m.one.K.g"]),
        ("from m.one import f, K\nprint(f, K)\n", ["m.one.K.g"]),
        ("from m import one\nprint(one.f(1), one.K().g())\n", []),
        ("from m.two import f\nprint(f)\n", ["m.one.f", "m.one.K", "m.one.K.g"]),
        ("from m.one import K\ndef _h(k: 'K', name='g'): pass\n", ["m.one.f"]),
        ("_TABLE = ['m.one:f', 'm.one:K', 'g']\n", []),
    ],
)
def test_a_name_without_a_caller_would_be_found(more: str, left: list[str]) -> None:
    assert uncalled({"m.one": ast.parse(ONE), "m.other": ast.parse(more)}, {}) == left
    assert uncalled({"m.one": ast.parse(ONE)}, {"a page": ast.parse(more)}) == left


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("@register('x')\ndef f(): pass\n", []),
        ("from functools import cache\n@cache\ndef f(): pass\n", ["m.f"]),
        ("import functools\n@functools.cache\ndef f(): pass\n", ["m.f"]),
        ("import click\nclass K(click.Group):\n    def invoke(self): pass\nprint(K)\n", []),
        ("from typing import NamedTuple\nclass K(NamedTuple):\n    def f(self): pass\nprint(K)\n", ["m.K.f"]),
        ("def _f(): pass\n", []),
        ("def f(): pass\ndef _g():\n    'm.f'\n", ["m.f"]),
        ("def f(): pass\ndef g(): return f()\nprint(g)\n", []),
        ("A = 1\nB: int = A\n_c = 2\nd, e = 2, 3\n__all__ = ['f']\n", ["m.B"]),
        ("A = {}\nA['again'] = 'm.A'\n", []),
    ],
)
def test_what_is_handed_to_somebody_has_a_caller(source: str, left: list[str]) -> None:
    assert uncalled({"m": ast.parse(source)}, {}) == left
