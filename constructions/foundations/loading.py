"""Modules that are loaded when they are first used, so that nobody waits for a library that a job does not need.

The import statement stays at the top of a file, where readers, type checkers and the tests of the ladder look for it::

    with loaded_when_used(__name__):
        import sympy
        from verify.reports import table

Inside this block an import only makes a promise of the module. The first use of one of its names (``sympy.Poly``,
``table.print_report``) loads the module; from then on each use looks the name up there, and what is set on the promise
is set on the module. Only modules can be promised: ``from json import dumps`` has to stand outside such a block.

Threads may use promises. One that comes while another thread loads the module waits until it is there, and blocks of
different threads come one after another.
"""

import builtins
import importlib
import sys
import threading
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
ONE_BLOCK = threading.RLock()
"""Held by the block that makes promises, as the import statement itself is exchanged for so long."""


class PromisedModule(ModuleType):
    """Stands for a module until it is used, and passes every use on to it.

    >>> promised = PromisedModule("tabnanny")
    >>> "tabnanny" in sys.modules, promised.verbose, "tabnanny" in sys.modules
    (False, 0, True)
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        PROMISES.append(self)

    def __getattr__(self, name: str) -> Any:
        """A name of the module, which is loaded if it was not."""
        return getattr(self.fulfilled(), name)

    def __setattr__(self, name: str, value: object) -> None:
        """Set a name of the module, so that all who use the module see it."""
        setattr(self.fulfilled(), name, value)

    def __delattr__(self, name: str) -> None:
        """Delete a name of the module."""
        delattr(self.fulfilled(), name)

    def __dir__(self) -> list[str]:
        """The names of the module."""
        return dir(self.fulfilled())

    def fulfilled(self) -> ModuleType:
        """The module itself; it is loaded once, and is whole unless its own loading is what asks for it."""
        found = self.__dict__.get(MODULE)
        if found is None:
            found = self.__dict__[MODULE] = _load(self.__name__)
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
    """Load a module, unless it is there, as if no user's file had been read yet."""
    before = sys.path[:]
    if GUESTS:
        sys.path[:] = [place for place in before if place not in GUESTS]
    UNDER_WAY.append(name)
    try:
        return importlib.import_module(name)
    finally:
        UNDER_WAY.pop()
        if GUESTS:
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
        For ``import a.b``, which binds ``a``: say ``from a import b``; and for ``from a import *``, which does not say
        what it binds.

    >>> with loaded_when_used(__name__):
    ...     import this
    >>> "this" in sys.modules
    False
    """

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
        if "*" in fromlist:
            raise ConstructionError(f"need the names of modules in this block, got 'from {name} import *'")
        package = ModuleType(name)
        for part in fromlist:
            setattr(package, part, PromisedModule(f"{name}.{part}"))
        return package

    with ONE_BLOCK:
        usual, builtins.__import__ = builtins.__import__, promise
        try:
            yield
        finally:
            builtins.__import__ = usual
