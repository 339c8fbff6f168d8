"""Results by content: one is found again only if nothing on which it depends has changed.

The key is a digest of the sources of this project, of the user's file and the modules of its own
(:mod:`verify.obligations.sources`), of versions and of how Python runs, and of the obligation's id, budget and seconds.
The project's sources are read when a run begins, and its workers load them after that. So before a result is kept it is
seen whether every file of them is still the one that was read, and if one is not, nothing is kept from there on: the
result may be that of an edited source.
With a result of a user's file go the files that it opened, by the names it used, and what these names led to
(:mod:`verify.discharge.files_read`): a result is found again only if they lead to the same today. An UNKNOWN is never
kept, nor is an error, nor what rests on something that cannot be watched (:mod:`verify.obligations.watchable`).
"""

import contextlib
import importlib.metadata
import json
import locale
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs
from msgspec.structs import replace

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT, fault_of_folder, sha256_of
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.spelling import from_json_text, json_text
from verify.discharge.files_read import digest_of
from verify.discharge.result import Result
from verify.discharge.result_json import from_json, to_json
from verify.obligations.listed import Listed
from verify.obligations.sources import Sources
from verify.obligations.verdict import Verdict
from verify.obligations.watchable import INSTALLED
from verify.provers.second import SecondSolver
from verify.screen.files import write_text
from verify.screen.printing import say
from verify.screen.version import project_version

with loaded_when_used(__name__):
    import z3

FORM = 3
"""The form in which results are kept; a change of it makes all that was kept before unknown."""
PACKAGES = ("constructions", "verify")
PACKAGES_USED = (*INSTALLED, "gmpy2", "numba", "numpy", "python-flint", "z3-solver")
FLAGS = ("optimize", "utf8_mode", "int_max_str_digits", "warn_default_encoding", "dev_mode")
SETTINGS = ("PYTHONHASHSEED", "SYMPY_", "NETWORKX_", "NUMBA_", "Z3_")


def folder() -> Path:
    """Where results are kept: $QUERYGRAD_CACHE, or the user's cache folder."""
    return Path(os.environ.get("QUERYGRAD_CACHE") or platformdirs.user_cache_dir("querygrad"))


def versions() -> dict[str, str]:
    """The versions of this project and of what its verdicts rest on.

    >>> sorted(versions()), versions()["python"] == platform.python_version()
    (['networkx', 'python', 'querygrad', 'sympy', 'z3'], True)
    """
    return {
        "querygrad": project_version(),
        "python": platform.python_version(),
        "z3": z3.get_version_string(),
        "sympy": _version("sympy"),
        "networkx": _version("networkx"),
    }


def project_sources() -> list[Path]:
    """All Python files of the project's packages, sorted by path."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def surroundings() -> dict[str, str]:
    """What else a result may depend on: how Python runs, and the packages that claims and constructions use.

    >>> found = surroundings()
    >>> [name for name in ("optimize", "machine", "numpy", "sympy", "z3-solver", "rich") if name in found]
    ['optimize', 'machine', 'numpy', 'sympy', 'z3-solver']
    """
    found = {name: str(getattr(sys.flags, name)) for name in FLAGS}
    found |= {name: value for name, value in sorted(os.environ.items()) if name.startswith(SETTINGS)}
    found |= {"python": sys.version, "machine": platform.machine(), "system": sys.platform}
    found |= {"querygrad": project_version(), "text": locale.getpreferredencoding(False)}
    return found | {package: _version(package) for package in PACKAGES_USED}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def digest(paths: Iterable[Path], *, base: Path | None = None) -> str:
    """A digest of the names (relative to ``base``) and contents of the files at some paths.

    >>> from tempfile import TemporaryDirectory
    >>> def of_text(text):
    ...     with TemporaryDirectory() as folder:
    ...         file = Path(folder, "half.py")
    ...         _ = file.write_text(text)
    ...         return digest([file], base=Path(folder))
    >>> of_text("x / 2") == of_text("x / 2"), of_text("x / 2") == of_text("x / 3"), len(of_text(""))
    (True, False, 64)
    """
    parts: list[bytes] = []
    for path in paths:
        content = path.read_bytes()
        parts += [os.fsencode(path.relative_to(base) if base else path) + f"\0{len(content)}\0".encode(), content]
    return sha256_of(*parts)


def standing(paths: Iterable[str]) -> dict[str, Any]:
    """What is another once a file at one of some paths has been written, moved or removed, or there is another module
    beside it; without reading them.

    >>> standing([__file__]) == standing([__file__])
    True
    """
    found: dict[str, Any] = {}
    for path in paths:
        try:
            seen = os.stat(path)  # noqa: PTH116
            found[path] = (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
        except OSError:
            found[path] = None
    for folder in {os.path.dirname(path) for path in found}:  # noqa: PTH120
        with contextlib.suppress(OSError):
            found[folder] = sorted(name for name in os.listdir(folder) if name.endswith(".py"))  # noqa: PTH208
    return found


@dataclass(frozen=True, slots=True)
class Cache:
    """The kept results of one state of the sources, whose digest is ``sources``, and of what is around them, in a
    folder, ``place``.

    Without a folder nothing is kept, nor once that has failed.

    ``faults`` says why results are no longer kept, if they are not; ``standing`` is what :func:`standing` says of the
    sources that were read.

    >>> from tempfile import TemporaryDirectory
    >>> from verify.provers.outcome import Examination
    >>> proved = Result(
    ...     id="a.b", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.PROVED))
    >>> with TemporaryDirectory() as place:
    ...     cache = Cache(Path(place), "the sources")
    ...     cache.put("a key", proved)
    ...     found = cache.get("a key", "a.b"), cache.get("a key", "another id"), cache.get("another key", "a.b")
    >>> found[0] == replace(proved, cached=True), found[1:], cache.keeps()
    (True, (None, None), True)
    """

    place: Path | None
    sources: str
    faults: list[str] = field(default_factory=list, compare=False)
    standing: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def open(cls) -> "Cache":
        """The cache in :func:`folder`, for the sources as they are now; if nothing can be kept there, a warning on
        stderr and none.

        >>> from tempfile import TemporaryDirectory
        >>> from unittest.mock import patch
        >>> with TemporaryDirectory() as place, patch.dict(os.environ, {"QUERYGRAD_CACHE": place}):
        ...     cache = Cache.open()
        ...     cache.place == Path(place), cache.keeps()
        (True, True)
        """
        place = folder()
        fault = fault_of_folder(place)
        if fault:
            got = f"got {fault}, at {place}"
            say(f"warning: results are not kept: need a folder for the cache ($QUERYGRAD_CACHE), {got}", err=True)
        paths = project_sources()
        before = standing(map(str, paths))
        state = json.dumps([digest(paths, base=ROOT), surroundings()], sort_keys=True)
        return cls(None if fault else place, state, standing=before)

    def key(
        self,
        obligation: Listed,
        seconds: int,
        sources: Sources | None = None,
        second: SecondSolver | None = None,
    ) -> str:
        """The name under which the result of an obligation is kept that z3 had so many seconds for; ``sources``: the
        user's file, if the obligation is not the paper's; ``second``: the solver, with its version and time, whose
        answers it holds beside z3's.

        >>> from types import SimpleNamespace
        >>> cache, claim = Cache(None, "the sources"), SimpleNamespace(id="a.b", budget=1000)
        >>> cache.key(claim, 60) == cache.key(claim, 60), cache.key(claim, 60) == Cache(None, "others").key(claim, 60)
        (True, False)
        """
        own = sources.digest if sources else ""
        parts: list[Any] = [FORM, self.sources, own, obligation.id, obligation.budget, seconds]
        parts += [to_json(second)] if second else []
        return sha256_of(json.dumps(parts, sort_keys=True).encode())

    @property
    def list_key(self) -> str:
        """The name under which the list of the paper's obligations is kept."""
        return sha256_of(json.dumps([FORM, self.sources, "the list of obligations"]).encode())

    def get(self, key: str, id: str) -> Result | None:
        """The result that was kept under a key, marked as such; None if there is none of this id or it cannot be
        read."""
        if self.place is None:
            return None
        try:
            kept = from_json_text((self.place / f"{key}.json").read_text(encoding="utf-8"))
            result = replace(from_json(kept, Result), cached=True)
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        same = all(digest_of(file.name) == file.digest for file in result.read)
        return result if same and result.id == id and is_settled(result) else None

    def put(self, key: str, result: Result) -> None:
        """Keep a result under a key, unless something in it is unknown, it rests on what cannot be watched, or the
        sources are no longer those of this cache."""
        if self.place is None or not is_settled(result) or result.unkept or not self.keeps():
            return
        try:
            write_text(self.place / f"{key}.json", json_text(to_json(result), sort_keys=True))
        except ConstructionError as error:
            self._keep_no_more(str(error))

    def keeps(self) -> bool:
        """Whether something can be kept now: nothing has gone wrong, and the sources are those of this cache."""
        if not self.faults and self.standing:
            now = standing(place for place in self.standing if place.endswith(".py"))
            odd = next((place for place, seen in self.standing.items() if now.get(place) != seen), None)
            if odd is not None:
                got = f"a change of {os.path.relpath(odd, ROOT)}"
                self._keep_no_more(f"need sources that stay as they are, got {got}")
        return not self.faults

    def _keep_no_more(self, fault: str) -> None:
        self.faults.append(fault)
        say(f"warning: results are not kept from here on: {fault}", err=True)


def is_settled(result: Result) -> bool:
    """Whether there is no error, and neither the claim nor its twin came out UNKNOWN.

    >>> from verify.provers.outcome import Examination
    >>> proved, unknown = (Examination(verdict=verdict) for verdict in (Verdict.PROVED, Verdict.UNKNOWN))
    >>> result = Result(
    ...     id="a.b", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(), claim=proved)
    >>> is_settled(result), is_settled(replace(result, twin=unknown))
    (True, False)
    """
    found = (result.verdict, result.twin_verdict, *(fact.verdict for fact in result.facts))
    return result.error is None and Verdict.UNKNOWN not in found
