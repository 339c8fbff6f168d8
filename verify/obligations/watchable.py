"""What a user's file may use if its results are to be kept: only what can be watched, or is the same each time.

A kept result stands for a claim that would come out the same if it were examined again. Three kinds of things could
make it come out otherwise.

* *The text of the file and of its modules.* It is read once and belongs to the key of the result
  (:mod:`verify.obligations.sources`).
* *Files that the claim opens.* Python announces each opening, so they are noted with a digest
  (:mod:`verify.discharge.files_read`).
* *What nobody announces*: the clock, chance, the environment, the arguments of the process, whether a file exists. A
  claim that asks for these leaves no trace. So the file is read *for what it uses*, before it runs, and that is what
  this module does.

The rule is a list of what may be used, not of what may not. Every module that is imported must be on the list
(``PURE``, ``INSTALLED``, ``CLAIMING``, all of ``constructions``): such modules are the same each time, or only open
files. And a few names must not occur, by which one gets around any list: ``eval``, ``globals``, ``getattr`` with a
name that is computed, attributes with two underscores on either side other than Python's operators, names of modules
as attributes (``json.codecs.sys``), and methods of paths that ask for a file without opening it.

This errs on the careful side. A file that only seems to use the clock is examined anew each time, which costs time
and nothing else; the report says why. It is no defence against a file that goes out of its way to deceive.
"""

import ast
from collections.abc import Container, Iterator


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PURE = _words("""
    __future__ abc array base64 binascii bisect bz2 cmath collections configparser contextlib copy csv dataclasses
    decimal enum fractions functools graphlib gzip hashlib heapq io itertools json lzma math numbers operator pathlib
    pprint re reprlib string struct textwrap tomllib types typing unicodedata warnings zipfile zlib
""")
"""Modules of Python that are the same each time, or that open files and do no more to the world."""
INSTALLED = ("mpmath", "networkx", "sympy")
"""Installed packages that are; their versions belong to what a result rests on."""
CLAIMING = (
    "verify.obligations.case",
    "verify.discharge.one",
    "verify.discharge.result",
    "verify.obligations.obligation",
    "verify.obligations.verdict",
)
"""Modules of this project's prover that are; all of ``constructions`` and ``verify.claims`` are too."""

BUILTINS = _words("""
    __build_class__ __import__ breakpoint compile delattr dir eval exec globals hash help id input locals setattr vars
""")
MODULES = _words("""
    _thread asyncio builtins ctypes datetime fcntl gc getpass glob importlib inspect locale multiprocessing os
    platform posix psutil pwd random resource secrets shutil site socket subprocess sys sysconfig tempfile threading
    time uuid
""")
PATHS = _words("""
    absolute cwd exists expanduser group home is_block_device is_char_device is_dir is_fifo is_file is_junction is_mount
    is_socket is_symlink lstat owner readlink resolve samefile stat
""")
HIDDEN = _words(
    "attrgetter methodcaller get_type_hints ForwardRef CodeType FunctionType lambdify parse_expr randprime sympify"
)
SPECIAL = _words("""
    abs add all and annotations bool call ceil class contains debug delitem doc enter eq exit file float floor
    floordiv format ge getitem gt hash init int invert iter le len lt matmul mod mul name ne neg new next or pos
    post_init pow qualname radd rand repr rmatmul rmod rmul ror round rpow rsub rtruediv set_name setitem str sub
    truediv version xor
""")
"""The names with two underscores on either side that may occur."""


def parsed(data: bytes) -> ast.Module | None:
    """The syntax tree of a file; None if it has none (then it does not run either).

    >>> ast.unparse(parsed(b"half=1/2 # of it")), parsed(b"half = 1 /")
    ('half = 1 / 2', None)
    """
    try:
        return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def imports(tree: ast.Module, package: str = "") -> Iterator[tuple[str, int]]:
    """Every name that an import statement in a file, given by its syntax tree, may import, with its line; ``from a
    import b`` gives a and a.b. ``package`` is the one from which a dot leads.

    >>> list(imports(ast.parse("import a.b\\nfrom c import d\\nfrom . import e"), "here"))
    [('a', 1), ('a.b', 1), ('c', 2), ('c.d', 2), ('here', 3), ('here.e', 3)]
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                yield from ((".".join(parts[:i]), node.lineno) for i in range(1, len(parts) + 1))
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            parts = [part for part in (*base, *(node.module or "").split(".")) if part]
            yield from ((".".join(parts[:i]), node.lineno) for i in range(1, len(parts) + 1))
            yield from ((".".join((*parts, alias.name)), node.lineno) for alias in node.names if alias.name != "*")


def may_import(name: str) -> bool:
    """Whether a module that is not the user's own, by its full name, is on the list.

    >>> [may_import(name) for name in ("math", "os", "sympy.ntheory", "constructions.networks.gates")]
    [True, False, True, True]
    >>> may_import("verify.discharge.cache")
    False
    """
    top = name.split(".")[0]
    if top == "verify":
        known = (*CLAIMING, "verify.claims")
        return any(f"{name}.".startswith(f"{one}.") or one.startswith(f"{name}.") for one in known)
    return top == "constructions" or top in PURE or top in INSTALLED


def unwatched(tree: ast.Module, *, paths: bool = True, own: Container[str] = ()) -> str:
    """The first thing in a file that cannot be watched, with its line; empty if there is none.

    Parameters
    ----------
    paths : whether some module of the file uses pathlib, so that a method named ``exists`` may ask for a file.
    own : the modules of the user's own, which are looked at themselves.

    >>> unwatched(ast.parse("from math import gcd\\nx = gcd(4, 6)"))
    ''
    >>> unwatched(ast.parse("x = 1\\neval('x')")), unwatched(ast.parse("import json\\njson.codecs.sys.argv"))
    ('uses eval (line 2)', 'uses .sys (line 2)')
    """
    names = bound(tree)
    for node in ast.walk(tree):
        found = _of_import(node, own, paths) or _of_node(node, names, paths)
        if found:
            return f"{found} (line {getattr(node, 'lineno', 1)})"
    return ""


def bound(tree: ast.Module) -> set[str]:
    """The names that a file gives a meaning of its own.

    >>> sorted(bound(ast.parse("def f(x): y = x")))
    ['f', 'x', 'y']
    """
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


def _of_import(node: ast.AST, own: Container[str], paths: bool) -> str:
    if isinstance(node, ast.Import):
        whole = [alias.name for alias in node.names if alias.name.split(".")[0] == "verify" and alias.asname is None]
        return f"imports {whole[0]} by its whole name" if whole else ""
    if not isinstance(node, ast.ImportFrom):
        return ""
    module = node.module or ""
    if any(alias.name == "*" for alias in node.names) and not (
        node.level or module in own or module.split(".")[0] in PURE
    ):
        return f"imports * from {module}"
    return next((f"imports {alias.name}" for alias in node.names if _is_refused(alias.name, paths)), "")


def _of_node(node: ast.AST, names: set[str], paths: bool) -> str:
    if isinstance(node, ast.Name):
        return f"uses {node.id}" if node.id not in names and (node.id in BUILTINS or _is_hidden(node.id)) else ""
    if isinstance(node, ast.Attribute):
        return f"uses .{node.attr}" if _is_refused(node.attr, paths) else ""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("getattr", "hasattr")
        and len(node.args) > 1
    ):
        name = node.args[1].value if isinstance(node.args[1], ast.Constant) else None
        return "" if isinstance(name, str) and not _is_refused(name, paths) else f"uses {node.func.id} with {name!r}"
    return ""


def _is_refused(name: str, paths: bool) -> bool:
    return name in MODULES or name in HIDDEN or _is_hidden(name) or (paths and name in PATHS)


def _is_hidden(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name[2:-2] not in SPECIAL
