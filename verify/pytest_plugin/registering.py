"""Which modules register obligations when they are imported, as far as their texts tell: nothing of them is executed.

A module registers obligations if, outside the bodies of its functions, it uses the decorator ``obligation`` (or
``registry``), or a function or class of its own, or of a module beside it, whose body does. So a file whose claims are
made by a function that it calls is one; a file of tests that registers only in the body of a test is none.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

HOME = "verify.obligations.obligation"
"""The module from which obligations come."""
NAMES = ("obligation", "registry")
"""Its functions by which a claim is registered."""
Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def registers(data: bytes, folder: Path | None = None) -> bool:
    """Whether a module registers obligations when it is imported, as far as its text (``data``) tells; one that is no
    Python may. Modules that it imports are looked for in a ``folder``, if one is given.

    >>> head = b"from verify.obligations.obligation import obligation\\n"
    >>> registers(head + b"@obligation('a.b')\\ndef claim(subject, case): ...")
    True
    >>> registers(head + b"def test_it():\\n    @obligation('a.b')\\n    def claim(subject, case): ...")
    False
    >>> family = b"def family(size):\\n    @obligation(f'a.{size}')\\n    def claim(subject, case): ...\\n"
    >>> registers(head + family + b"for size in (1, 2): family(size)"), registers(head + family)
    (True, False)
    """
    try:
        return bool(_Module(ast.parse(data), folder, set()).uses_at_once())
    except (SyntaxError, ValueError, RecursionError):
        return True


class _Module:
    """A module's text: which of its names, when they are used, register obligations."""

    def __init__(self, tree: ast.Module, folder: Path | None, seen: set[Path]) -> None:
        self.tree, self.home_folder, self.seen = tree, folder, seen
        self.names: set[str] = set()
        nodes = list(ast.walk(tree))
        self.defined = [node for node in nodes if isinstance(node, Named)]
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                self._note(node)
        self._close()

    def _note(self, imported: ast.ImportFrom) -> None:
        """Note what an import brings: the functions that register, or what another module makes of them."""
        brought = {name.asname or name.name: name.name for name in imported.names}
        if imported.module == HOME:
            self.names |= {here for here, there in brought.items() if there in NAMES}
        else:
            other = self._beside(imported.module)
            self.names |= {here for here, there in brought.items() if other and there in other.names}

    def _beside(self, name: str | None) -> "_Module | None":
        """A module of the same folder, if it can be read and is not being read already."""
        if self.home_folder is None or not name:
            return None
        path = self.home_folder.joinpath(*name.split(".")).with_suffix(".py")
        if path in self.seen:
            return None
        self.seen.add(path)
        try:
            return _Module(ast.parse(path.read_bytes()), self.home_folder, self.seen)
        except (OSError, SyntaxError, ValueError):
            return None

    def _close(self) -> None:
        """Add the functions and classes whose bodies use a name that registers, until none is new."""
        size = -1
        while size != len(self.names):
            size = len(self.names)
            self.names |= {each.name for each in self.defined if any(map(self._registers, ast.walk(each)))}

    def _registers(self, node: ast.AST) -> bool:
        """Whether a part of the text is a use of a name that registers."""
        if isinstance(node, ast.Attribute):
            return node.attr in self.names or (node.attr in NAMES and not _is_package(node))
        return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in self.names

    def uses_at_once(self) -> bool:
        """Whether something that is evaluated when the module is imported registers."""
        return any(map(self._registers, _at_once(self.tree)))


def _is_package(node: ast.Attribute) -> bool:
    """Whether an attribute is the module itself, spelled in full."""
    return ast.unparse(node) == HOME


def _at_once(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a module that are evaluated when it is imported: no bodies of functions, but their decorators; and
    nothing that is for the main program alone."""
    if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
        return
    function = isinstance(node, Function)
    for child in getattr(node, "decorator_list", []) if function else ast.iter_child_nodes(node):
        yield child
        yield from _at_once(child)
