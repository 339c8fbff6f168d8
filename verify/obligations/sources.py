"""A user's Python file and the modules of its own that it imports: read once, and executed as they were read.

A result may be kept for the next run only if the claim would be the same then. The claim is what the user's file
executes, and the modules that the file imports, and those that these import. So they are treated as one thing,
:class:`Sources`:

1. *They are found without executing anything*, by the import statements in the syntax trees. A module that is neither
   Python's, nor installed, nor this project's is the user's own (:class:`_Search` follows the statements from file to
   file, with the search path that Python would use). What cannot be followed, an extension in C, say, is a reason not
   to keep results: ``Sources.unkept`` says it in words.
2. *They are read once.* All processes of a run execute these bytes (:func:`execute`, and a finder of modules that
   stands before Python's own), so a file that is edited while the run goes on changes nothing in it. The digest of a
   kept result is a digest of these bytes, with the places of the files.
3. *They are at home only while their claims are stated* (:func:`at_home`): inside, import statements find the user's
   modules, and the working directory is the one that the file left when it was executed; outside, nothing is left of
   either. So two files with modules of one name beside them do not get each other's.

What else a claim may depend on is found in two other ways: files that it opens are noted as they are opened
(:mod:`verify.discharge.files_read`), and what leaves no trace is looked for in the text
(:mod:`verify.obligations.watchable`).
"""

import importlib
import os
import site
import sys
import sysconfig
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import decode_source, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT, sha256_of
from constructions.foundations.loading import GUESTS
from verify.obligations.watchable import imports, may_import, parsed, unwatched

PROJECT = ("constructions", "verify")


def installed_places() -> tuple[str, ...]:
    """The folders of Python, of installed packages and of this project, each ending in a separator."""
    places = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    places += [*site.getsitepackages(), site.getusersitepackages(), *(str(ROOT / package) for package in PROJECT)]
    return tuple(dict.fromkeys(os.path.realpath(place) + os.sep for place in places if place))


INSTALLED = installed_places()


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the user's own: its full name, its file's ``path`` (a folder without one for a package), what is in
    it (``data``)."""

    name: str
    path: Path
    data: bytes
    package: bool = False

    @property
    def digest(self) -> str:
        """A digest of the content."""
        return sha256_of(self.data)


@dataclass(frozen=True, slots=True)
class Sources:
    """The file of a user at a ``path``, with what is in it (``data``) and the modules of its own, as they were read.

    ``unkept`` says in words why results of this file cannot be kept; it is empty if they can.

    >>> one, other = (Sources(Path("half.py"), text) for text in (b"x / 2", b"x / 3"))
    >>> one.digest == Sources(Path("half.py"), b"x / 2").digest, one.digest == other.digest
    (True, False)
    """

    path: Path
    data: bytes
    modules: tuple[Module, ...] = ()
    unkept: str = ""

    @property
    def digest(self) -> str:
        """A digest of all that is executed."""
        parts = [str(self.path), sha256_of(self.data)]
        for module in self.modules:
            parts += [module.name, str(module.path), module.digest]
        return sha256_of("\0".join(parts).encode("utf-8", "surrogateescape"))


def read_sources(path: Path | str) -> Sources:
    """Read a user's file and its own modules.

    Raises
    ------
    ConstructionError if there is no file, or none that can be read.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name, text in {"mine.py": "import time, weights", "weights.py": "HALF = 0.5"}.items():
    ...         _ = Path(folder, name).write_text(text)
    ...     found = read_sources(f"{folder}/mine.py")
    >>> [(module.name, module.data) for module in found.modules], found.unkept.split("/")[-1]
    ([('weights', b'HALF = 0.5')], 'mine.py imports time (line 1), which cannot be watched')
    """
    file = Path(os.path.realpath(path))
    data = bytes_of(file, shown=path)
    importlib.invalidate_caches()
    search = _Search([str(file.parent), *(place for place in sys.path if place != str(file.parent))])
    search.go_through(file, data, package="")
    modules = tuple(search.found[name] for name in sorted(search.found))
    doing = search.unwatchable or _uses(
        ((file, data), *((module.path, module.data) for module in modules)), own=search.found
    )
    return Sources(path=file, data=data, modules=modules, unkept=f"{doing}, which cannot be watched" if doing else "")


def bytes_of(file: Path, *, shown: Path | str) -> bytes:
    """What is in a user's file; refused if it is none.

    Raises
    ------
    ConstructionError
        For something else than a Python file, or one that cannot be read; the message ends with ``shown``.

    >>> bytes_of(Path("no such file.py"), shown="mine.py")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a Python file, got nothing, at mine.py
    """
    try:
        if not file.is_file():
            got = "a folder" if file.is_dir() else "something else" if file.exists() else "nothing"
            raise ConstructionError(f"need a Python file, got {got}, at {shown}")
        if Path(shown).suffix != ".py":
            raise ConstructionError(f"need a file whose name ends in .py, got {Path(shown).name!r}, at {shown}")
        return file.read_bytes()
    except OSError as error:
        raise ConstructionError(f"need a Python file that can be read, got {error.strerror}, at {shown}") from error


class _Search:
    """The modules of a user's own that its file imports, and the first import that cannot be watched."""

    def __init__(self, places: Sequence[str]) -> None:
        self.places = list(places)
        self.found: dict[str, Module] = {}
        self.unwatchable = ""

    def go_through(self, file: Path, data: bytes, *, package: str) -> None:
        """Follow the import statements of one file, and those of the modules that it leads to."""
        waiting = [(file, data, package)]
        while waiting:
            file, data, package = waiting.pop()
            tree = parsed(data)
            for name, line in imports(tree, package) if tree else ():
                if name in self.found:
                    continue
                module, why = self.module(name)
                if module is not None:
                    self.found[name] = module
                    waiting.append((module.path, module.data, name if module.package else name.rpartition(".")[0]))
                elif why and not self.unwatchable:
                    self.unwatchable = f"{file} imports {why} (line {line})"

    def module(self, name: str) -> tuple[Module | None, str]:
        """The user's own module of this name; or nothing, and what is to be said of it if it cannot be watched."""
        parent, _, last = name.rpartition(".")
        if parent.split(".")[0] in self.found:
            above = self.found.get(parent)
            spec = PathFinder.find_spec(name, [_folder(above)]) if above and above.package else None
            return _read(name, spec) if spec else (None, "")
        spec = None if parent or name in PROJECT else PathFinder.find_spec(last, self.places)
        beside = spec is not None and not _is_installed(spec)
        if spec is not None and beside and not _is_loaded(name):
            return (
                (None, f"{name}, which hides a module of Python")
                if name in sys.stdlib_module_names
                else _read(name, spec)
            )
        return None, "" if may_import(name) else name


def _folder(module: Module) -> str:
    return str(module.path.parent if module.path.name == "__init__.py" else module.path)


def _is_installed(spec: ModuleSpec) -> bool:
    places = [spec.origin] if spec.has_location and spec.origin else list(spec.submodule_search_locations or ())
    return all(os.path.realpath(place).startswith(INSTALLED) for place in places)


def _is_loaded(name: str) -> bool:
    """Whether an import statement takes a module that is there already and not the user's."""
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    return module is not None and (file is None or os.path.realpath(file).startswith(INSTALLED))


def _read(name: str, spec: ModuleSpec) -> tuple[Module | None, str]:
    places = spec.submodule_search_locations
    if places is not None and not spec.has_location:
        return Module(name, Path(next(iter(places))), b"", package=True), ""
    if not isinstance(spec.loader, SourceFileLoader) or spec.origin is None:
        return None, f"{name}, which is not written in Python"
    try:
        return Module(name, Path(spec.origin), Path(spec.origin).read_bytes(), package=places is not None), ""
    except OSError:
        return None, f"{name}, which cannot be read"


def _uses(files: Iterable[tuple[Path, bytes]], own: Container[str]) -> str:
    trees = [(file, tree) for file, data in files if (tree := parsed(data)) is not None]
    paths = any(name == "pathlib" for _, tree in trees for name, _ in imports(tree))
    return next((f"{file} {found}" for file, tree in trees if (found := unwatched(tree, paths=paths, own=own))), "")


class _Loader(Loader):
    """Executes a module from the bytes that were read."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def create_module(self, spec: ModuleSpec) -> None:
        """Nothing special."""

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module."""
        execute(self.module.data, self.module.path, module)

    def get_source(self, fullname: str) -> str:
        """The text of the module, for tracebacks."""
        return decode_source(self.module.data)


class _Finder(MetaPathFinder):
    """Finds the modules of the user's own before anything else does."""

    def __init__(self, sources: Sources) -> None:
        self.modules = {module.name: module for module in sources.modules}

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Where a module comes from."""
        module = self.modules.get(fullname)
        if module is None:
            return None
        spec = spec_from_loader(fullname, _Loader(module), origin=str(module.path), is_package=module.package)
        assert spec is not None
        spec.has_location = True
        if module.package:
            spec.submodule_search_locations = [_folder(module)]
        return spec


def execute(data: bytes, path: Path, module: ModuleType) -> None:
    """Execute ``data``, the bytes of the file at a path, in a module.

    >>> module = ModuleType("mine")
    >>> execute(b"TWICE = 2 * 21", Path("mine.py"), module)
    >>> module.TWICE
    42
    """
    exec(compile(data, str(path), "exec", dont_inherit=True), module.__dict__)


_LOADED: dict[Sources, dict[str, ModuleType]] = {}
_FOLDER: dict[Sources, str] = {}


@contextmanager
def at_home(sources: Sources) -> Iterator[None]:
    """While inside, import statements find the user's own modules, as they were read; outside, nothing is left of them.

    So two files with modules of the same name beside them do not get each other's. The working directory is the one
    that the file left when it was executed; outside it is what it was before.

    >>> weights = Module(name="weights_of_mine", path=Path("weights_of_mine.py"), data=b"HALF = 1 / 2")
    >>> with at_home(Sources(path=Path("mine.py").resolve(), data=b"import weights_of_mine", modules=(weights,))):
    ...     import weights_of_mine
    >>> weights_of_mine.HALF, "weights_of_mine" in sys.modules
    (0.5, False)
    """
    place, finder, before = str(sources.path.parent), _Finder(sources), working_directory()
    outside = {name: sys.modules.pop(name) for name in finder.modules if name in sys.modules}
    sys.modules.update(_LOADED.get(sources, {}))
    sys.meta_path.insert(0, finder)
    sys.path.insert(0, place)
    GUESTS.append(place)
    change_directory(_FOLDER.get(sources, before))
    try:
        yield
    finally:
        _FOLDER.setdefault(sources, working_directory())
        change_directory(before)
        sys.meta_path.remove(finder)
        GUESTS.remove(place)
        if place in sys.path:
            sys.path.remove(place)
        _LOADED[sources] = {name: sys.modules.pop(name) for name in finder.modules if name in sys.modules}
        sys.modules.update(outside)


def working_directory() -> str:
    """The working directory; empty if there is none any more."""
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:
        return ""


def change_directory(folder: str) -> None:
    """Go to a folder, unless it is the working directory already, or is there no more."""
    if folder and folder != working_directory():
        with suppress(OSError):
            os.chdir(folder)
