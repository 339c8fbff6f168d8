"""Modules that are loaded when they are first used, so that nobody waits for a library that a job does not need.

The import statement stays at the top of a file, where readers, type checkers and the tests of the ladder look for it::

    with loaded_when_used(__name__):
        import sympy
        from verify.reports import table

Inside this block an import only makes a promise of the module. The first use of one of its names (``sympy.Poly``,
``table.print_report``) loads the module; from then on each use looks the name up there.
"""

import builtins
import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from constructions.errors import ConstructionError

GUESTS: list[str] = []
"""Folders of users' files on the path of modules. A promised module is not looked for there, whatever lies there."""
PROMISES: list["PromisedModule"] = []
MODULE = "the module itself"
UNDER_WAY: list[str] = []
"""The promised modules that are being loaded now. What a library opens meanwhile is no deed of a user's file."""


class PromisedModule(ModuleType):
    """Stands for a module until it is used, and passes every use on to it.

    >>> promised = PromisedModule("colorsys")
    >>> "colorsys" in sys.modules, promised.rgb_to_hsv(0, 0, 0), "colorsys" in sys.modules
    (False, (0.0, 0.0, 0), True)
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        PROMISES.append(self)

    def __getattr__(self, name: str) -> Any:
        """A name of the module, which is loaded if it was not."""
        return getattr(self.fulfilled(), name)

    def fulfilled(self) -> ModuleType:
        """The module itself; it is loaded once."""
        found = self.__dict__.get(MODULE)
        if found is None:
            found = self.__dict__[MODULE] = sys.modules.get(self.__name__) or _load(self.__name__)
        assert isinstance(found, ModuleType)
        return found


def fulfil(*names: str) -> None:
    """Load modules of which there may be promises, now: before code runs that may do anything to this process.

    >>> promised = PromisedModule("colorsys")
    >>> fulfil("colorsys")
    >>> promised.rgb_to_hsv(0, 0, 0)
    (0.0, 0.0, 0)
    """
    for name in names:
        if name not in sys.modules:
            _load(name)
    for promise in PROMISES:
        if promise.__name__ in names:
            promise.fulfilled()


def _load(name: str) -> ModuleType:
    """Load a module as if no user's file had been read yet."""
    before = sys.path[:]
    sys.path[:] = [place for place in before if place not in GUESTS]
    UNDER_WAY.append(name)
    try:
        return importlib.import_module(name)
    finally:
        UNDER_WAY.pop()
        sys.path[:] = before


@contextmanager
def loaded_when_used(module: str) -> Iterator[None]:
    """Make promises of the imports in this block.

    Parameters
    ----------
    module : the name of the module in which the block stands; other modules import as ever.

    Raises
    ------
    ConstructionError
        For ``import a.b``, which binds ``a``: say ``from a import b``.

    >>> with loaded_when_used(__name__):
    ...     import this
    >>> "this" in sys.modules
    False
    """
    usual = builtins.__import__

    def promise(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if globals is None or globals.get("__name__") != module or level:
            return usual(name, globals, locals, fromlist or (), level)
        if not fromlist and "." in name:
            raise ConstructionError(f"need 'from package import module' in this block, got 'import {name}'")
        if not fromlist:
            return PromisedModule(name)
        package = ModuleType(name)
        for part in fromlist:
            setattr(package, part, PromisedModule(f"{name}.{part}"))
        return package

    builtins.__import__ = promise
    try:
        yield
    finally:
        builtins.__import__ = usual
