"""A docstring says what a caller must know: each argument, each field of a value, what is raised, and by an example
that runs what a function gives.

The rules ask only for what a reader would look for. A function is *public* if neither its name nor that of its class
begins with an underscore; claims and the commands' own functions are left out, for ``querygrad show`` and ``--help``
print what they say. A method that a base class has too is described there.

An example is a ``>>>`` line of the same file that has the function's name; it may stand in the docstring of the module,
or of another function that it is shown with. A function that a decorator puts into a table under a name is described by
the table, which has an example of its own.
"""

import ast
import builtins
import contextlib
import doctest
import functools
import importlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from tests.house.rules import ROOT, every, nodes_in, nodes_of, python_files, tree_of

LEFT_OUT = ("verify/claims/", "verify/commands/")
SOME = 2  # a method of so many statements does more than return one expression
MANY = 2  # from so many arguments on, each must be named
SILENT = {"mapping", "sequence", "callable", "any", "iterable", "iterator", "array", "fraction"}  # they say little
OTHERWISE = {"net": "network"}
SOME_ERROR = [r"\w+Error", "NetworkRefused", "Raises"]
OWN_BUGS = {"AssertionError"}  # what cannot be is not documented


class Described(NamedTuple):
    """A public class or function: where it stands, and what a reader of it has read.

    Attributes
    ----------
    name : its name, after that of its class.
    node : its syntax tree.
    above : the docstrings of its module and class.
    overrides : whether a base of its class has a method of that name.
    """

    name: str
    node: ast.ClassDef | ast.FunctionDef
    above: str
    overrides: bool

    @property
    def text(self) -> str:
        """The docstring."""
        return ast.get_docstring(self.node) or ""


FILES = [
    file
    for file in python_files("constructions", "verify")
    if not file.startswith(LEFT_OUT) and not file.endswith("__main__.py")
]


def tree(file: str) -> ast.Module:
    """The syntax tree of a file."""
    return tree_of(ROOT / file)


@cache
def places() -> dict[str, set[str]]:
    """For each name that is imported from somewhere or stands behind a dot: the files in which it does."""
    found = defaultdict(set)
    for file in python_files("constructions", "verify", "examples", "benchmarks"):
        for node in nodes_of(ROOT / file):
            if isinstance(node, ast.ImportFrom):
                for each in node.names:
                    found[each.name].add(file)
            elif isinstance(node, ast.Attribute):
                found[node.attr].add(file)
    return found


def is_public(node: ast.stmt) -> bool:
    """Whether a statement defines a class or a function that is not private."""
    return isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")


def overrides(file: str, owner: str, method: str) -> bool:
    """Whether a base of a class has a method of that name, which then says what it does."""
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    return any(hasattr(base, method) for base in getattr(module, owner).__mro__[1:])


@cache
def described(file: str) -> tuple[Described, ...]:
    """The public classes, functions and methods of a file."""
    return tuple(_described(file))


def _described(file: str) -> Iterator[Described]:
    head = ast.get_docstring(tree(file)) or ""
    for node in filter(is_public, tree(file).body):
        assert isinstance(node, ast.ClassDef | ast.FunctionDef)
        yield Described(node.name, node, head, overrides=False)
        if isinstance(node, ast.ClassDef):
            above = f"{head}\n{ast.get_docstring(node) or ''}"
            for each in filter(is_public, node.body):
                if isinstance(each, ast.FunctionDef):
                    again = overrides(file, node.name, each.name)
                    yield Described(f"{node.name}.{each.name}", each, above, again)


def raised(node: ast.ClassDef | ast.FunctionDef) -> set[str]:
    """The errors that the body of a function raises, or that of the function that makes an object of a class; an empty
    name for one that is made elsewhere."""
    if isinstance(node, ast.ClassDef):
        makers = (each for each in node.body if isinstance(each, ast.FunctionDef))
        return {name for each in makers if each.name in ("__init__", "__post_init__") for name in raised(each)}
    return _of_all(node.body)


def _raised(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
        return set()
    if isinstance(node, ast.Raise):
        name = _name(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
        return {name if name[:1].isupper() else ""} - OWN_BUGS
    found = _of_all(ast.iter_child_nodes(node))
    if isinstance(node, ast.Try):
        types = " ".join(ast.unparse(each.type) for each in node.handlers if each.type)
        outside = _of_all([*node.handlers, *node.orelse, *node.finalbody])
        found = outside | (_of_all(node.body) - set(re.findall(r"\w+", types)))
    return found


def _of_all(nodes: Iterable[ast.AST]) -> set[str]:
    return {name for node in nodes for name in _raised(node)}


def _name(node: ast.expr | None) -> str:
    return ast.unparse(node).split(".")[-1] if node else ""


def unsaid(file: str, each: Described) -> list[str]:
    """The errors that something raises and that its docstring names neither itself nor by a base; if an error is made
    elsewhere, any will do."""
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    wrong = []
    for name in raised(each.node):
        error = getattr(module, name, None) or getattr(builtins, name, None)
        names = (
            [base.__name__ for base in error.__mro__ if issubclass(base, BaseException)][:-2] if error else SOME_ERROR
        )
        if not any(re.search(rf"\b{other}\b", each.text) for other in names or [name]):
            wrong.append(name)
    return wrong


def unnamed(node: ast.ClassDef | ast.FunctionDef, text: str, above: str) -> list[str]:
    """The arguments of a function, or fields of a class, that a docstring does not name, by their own word or by that
    of their type; none where they are too few to be mixed up.

    Parameters
    ----------
    node : the function or class.
    text : its docstring.
    above : the docstrings of its module and class; they name an argument if they have it in marks of code or as the
        first word of an entry.
    """
    if isinstance(node, ast.ClassDef):
        given = list(_fields(node))
    else:
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        given = [argument for argument in given if argument.arg not in ("self", "cls")]
    if is_claim(given) or len(given) < MANY:
        return []
    return [argument.arg for argument in given if not (_in_text(argument, text) or _in_head(argument.arg, above))]


def is_claim(given: list[ast.arg]) -> bool:
    """Whether the arguments of a function are those of a claim, whose docstring is what it states."""
    return bool(given) and given[-1].arg == "case"


def _fields(node: ast.ClassDef) -> Iterator[ast.arg]:
    """The fields of a value, as the arguments that they are of what makes one."""
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and not each.target.id.startswith("_"):
            yield ast.arg(arg=each.target.id, annotation=each.annotation)


def _in_text(argument: ast.arg, text: str) -> bool:
    word = argument.arg.strip("_").replace("_", " ")
    words = [argument.arg, word, OTHERWISE.get(word, word), *_of_type(argument)]
    forms = [word + end for word in words for end in ("", "s", "es")]
    forms += [word.removesuffix(end) + other for word in words for end, other in (("s", ""), ("y", "ies"))]
    return any(re.search(rf"\b{re.escape(form)}\b", text, flags=re.I) for form in forms)


def _of_type(argument: ast.arg) -> list[str]:
    names = re.findall(r"\b[A-Z]\w*", ast.unparse(argument.annotation) if argument.annotation else "")
    words = [re.findall(r"[A-Z][a-z]*", name)[-1].lower() for name in names]
    return [word for word in words if word not in SILENT]


def _in_head(name: str, above: str) -> bool:
    return f"``{name}``" in above or re.search(rf"^\s*(\w+, )*{name}(, \w+)* : ", above, flags=re.M) is not None


def texts(module: ast.Module) -> Iterator[str]:
    """The docstrings of a module, and of all classes and functions in it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""


@cache
def exemplified(module: ast.Module) -> tuple[ast.AST, ...]:
    """All nodes of the syntax trees of the examples of a module."""
    examples = [each for text in texts(module) if ">>>" in text for each in doctest.DocTestParser().get_examples(text)]
    return tuple(node for example in examples for node in nodes_in(example.source))


def shown(module: ast.Module) -> set[str]:
    """The names that the examples of a module look up and do not set themselves."""
    names = [node for node in exemplified(module) if isinstance(node, ast.Name)]
    looked_up = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    return looked_up - {node.id for node in names if not isinstance(node.ctx, ast.Load)}


def registers(decorator: ast.expr) -> bool:
    """Whether a decorator is given arguments, as a name in a table, and is none of Python's own."""
    if not isinstance(decorator, ast.Call):
        return False
    name = ast.unparse(decorator.func).split(".")[-1]
    return not any(hasattr(library, name) for library in (functools, contextlib))


def shown_behind_a_dot(module: ast.Module) -> set[str]:
    """The names that the examples of a module look up of something: methods, fields, and functions of other modules."""
    return {node.attr for node in exemplified(module) if isinstance(node, ast.Attribute)}


def statements(function: ast.FunctionDef) -> int:
    """How many statements a function has, its docstring not counted."""
    nodes = (node for statement in function.body for node in ast.walk(statement))
    return sum(isinstance(node, ast.stmt) for node in nodes) - (ast.get_docstring(function) is not None)


def silent_methods(file: str) -> list[str]:
    """The public methods of a file that do more than the least, that other files use, and that no example of it shows;
    only the name of a method is looked for."""
    there = shown_behind_a_dot(tree(file))
    return [
        each.name
        for each in described(file)
        if "." in each.name and isinstance(each.node, ast.FunctionDef) and not each.overrides
        if statements(each.node) >= SOME and places()[each.node.name] - {file} and each.node.name not in there
    ]


def silent(module: ast.Module) -> list[str]:
    """The public functions of a module that are no claims and that no table describes and no example shows."""
    functions = [node for node in filter(is_public, module.body) if isinstance(node, ast.FunctionDef)]
    functions = [node for node in functions if not is_claim(node.args.args)]
    there = shown(module) if functions else set()
    return [each.name for each in functions if each.name not in there and not any(map(registers, each.decorator_list))]


@every(FILES)
def test_what_raises_says_so(file: str) -> None:
    missing = {each.name: unsaid(file, each) for each in described(file) if not each.overrides}
    assert not {name: errors for name, errors in missing.items() if errors}


@every(FILES)
def test_each_of_several_arguments_or_fields_is_named(file: str) -> None:
    used = [each for each in described(file) if not each.overrides and places()[each.node.name] - {file}]
    missing = {each.name: unnamed(each.node, each.text, each.above) for each in used}
    assert not {name: names for name, names in missing.items() if names}


def test_a_function_that_others_use_has_an_example() -> None:
    missing = {file: [name for name in silent(tree(file)) if places()[name] - {file}] for file in FILES}
    assert not {file: names for file, names in missing.items() if names}


def test_a_method_that_others_use_has_an_example() -> None:
    missing = {file: silent_methods(file) for file in FILES}
    assert not {file: names for file, names in missing.items() if names}


def test_a_method_that_an_example_shows_is_told_from_one_that_none_does() -> None:
    assert shown_behind_a_dot(ast.parse("class K:\n def f(self): '>>> K().f(1).g'\n")) == {"f", "g"}
    function = ast.parse("def f(x):\n 'Text.'\n for y in x:\n  g(y)\n return x\n").body[0]
    assert isinstance(function, ast.FunctionDef) and statements(function) == 3


def test_a_silent_function_would_be_found() -> None:
    text = "def f(net: FlatNetwork, u, weights): 'A network and its weight.'; raise ValueError"
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert raised(node) == {"ValueError"} and unnamed(node, ast.get_docstring(node) or "", "") == ["u"]
    assert not unnamed(node, "", "u, v : the ends.\n``net`` and ``weights``.")
    file = "constructions/errors.py"
    assert unsaid(file, Described("f", node, "", overrides=False)) == ["ValueError"]
    value = ast.parse("class Edge:\n 'An edge.'\n tail: int\n head: int\n _known: int").body[0]
    assert isinstance(value, ast.ClassDef) and unnamed(value, "An edge to its head.", "") == ["tail"]


def test_an_error_counts_where_it_leaves_and_a_base_stands_for_it() -> None:
    within = "def f():\n def g(): raise ValueError\n try: raise OSError('x')\n except OSError: raise wrong()"
    node = ast.parse(within).body[0]
    assert isinstance(node, ast.FunctionDef) and raised(node) == {""}
    text = "def f():\n 'Raises ConstructionError.'\n raise PremiseError('x')"
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert not unsaid("constructions/errors.py", Described("f", node, "", overrides=False))


def test_a_function_without_an_example_would_be_found() -> None:
    text = """
def told(x): '>>> told(1)'
def silent(x): 'It is `silent(1)`, as told(x).'
def a_variable(x): '>>> a_variable = told(2)'
def a_word(x): '''>>> "a_word"'''
def of_another(x): '>>> told(1).of_another'
@enters("a name")
def registered(x): 'Of a table.'
@enters
def compiled(x): 'Made faster.'
@functools.lru_cache(maxsize=1)
def kept(x): 'Asked once.'
def _private(x): 'Nobody else uses it.'
class Value:
    def method(self): 'No function of the module.'
"""
    assert silent(ast.parse(text)) == ["silent", "a_variable", "a_word", "of_another", "compiled", "kept"]
    assert silent(ast.parse(f"'''\n>>> silent(1)\n'''{text}"))[0] == "a_variable"
