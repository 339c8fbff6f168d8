"""Which obligations there are: the paper's (every module under ``verify.claims``) or those of a user's own file."""
import contextlib
import difflib
import importlib
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from constructions.errors import ConstructionError
from verify.errata import erratum_named
from verify.obligation import Obligation, Refused, fresh_registry, registry
from verify.paper import belongs, item_named, unbuilt
from verify.sources import Sources, at_home, bytes_of, execute, read_sources
from verify.verdict import DisagreementError

CLAIMS = "verify.claims"


def natural(text: str) -> list[tuple[int, int, str]]:
    """A key that sorts digits by value.

    >>> sorted(["lemma10.and", "lemma3b.vc", "lemma3a.x"], key=natural)
    ['lemma3a.x', 'lemma3b.vc', 'lemma10.and']
    """
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", text)]


def paper_obligations() -> dict[str, Obligation]:
    """Import every module of claims and return what is registered, ids in natural order."""
    package = importlib.import_module(CLAIMS)
    for module in sorted(pkgutil.walk_packages(package.__path__, f"{CLAIMS}."), key=lambda module: module.name):
        importlib.import_module(module.name)
    return dict(sorted(registry().obligations.items(), key=lambda item: natural(item[0])))


@dataclass(frozen=True, slots=True)
class Claims:
    """What a user's file registers, in the order of the file, and what it tries to register in vain."""

    obligations: dict[str, Obligation]
    refused: tuple[Refused, ...] = ()


def obligations_of_file(path: Path | str) -> dict[str, Obligation]:
    """Load a user's Python file and return the obligations it registers, in its order; all must be sound."""
    found = claims_of(read_sources(path))
    for refused in found.refused:
        raise ConstructionError(refused.said)
    return found.obligations


def claims_of(sources: Sources) -> Claims:
    """Execute a user's file as it was read, and return what it registers. What it prints goes to standard error.

    The paper's claims are imported first, so that a file may import from them without registering them as its own.
    """
    paper_obligations()
    with fresh_registry(lenient=True) as found, at_home(sources), contextlib.redirect_stdout(sys.stderr):
        _execute(sources.path, sources.data)
    if not found.obligations and not found.refused:
        raise ConstructionError(f"need a file with at least one obligation, got none, at {sources.path}")
    return Claims(dict(found.obligations), tuple(found.refused))


def load_file(path: Path | str, data: bytes | None = None) -> ModuleType:
    """Execute a user's Python file (or ``data``, if that was read from it) as a module; errors name file and line."""
    file = Path(path)
    data = bytes_of(file, shown=path) if data is None else data
    if str(file.resolve().parent) not in sys.path:
        sys.path.insert(0, str(file.resolve().parent))
    return _execute(file, data)


def _execute(file: Path, data: bytes) -> ModuleType:
    name = "querygrad_file_" + re.sub(r"\W", "_", str(file.resolve().with_suffix("")))
    module = ModuleType(name)
    module.__file__ = str(file)
    sys.modules[name] = module
    try:
        execute(data, file, module)
    except SyntaxError as error:
        where = f"{error.filename or file}:{error.lineno or 1}"
        raise ConstructionError(f"need a Python file that can be read, got {one_line(error.msg)}, at {where}") from error
    except (DisagreementError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise ConstructionError(f"need a file that runs, got {type(error).__name__}: {one_line(error)}, at {place(error, file)}") from error
    return module


def place(error: BaseException, file: Path) -> str:
    """``file:line`` of the innermost frame of a traceback that is in the file; the file alone if there is none."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == file]
    return f"{file}:{lines[-1]}" if lines else str(file)


def one_line(message: object) -> str:
    """A message without line breaks, also of an object that has none."""
    try:
        return " ".join(str(message).split())
    except Exception:
        return f"a {type(message).__name__} that has no words for itself"


def select(obligations: Mapping[str, Obligation], items: Iterable[str]) -> dict[str, Obligation]:
    """The obligations that some item names: an id, the beginning of ids up to a dot, an item of the paper, or an erratum.

    Errors
    ------
    ConstructionError for an item that names none: it is known but not built yet, or it is not known; then with the closest matches.
    """
    chosen: set[str] = set()
    for item in items:
        known, erratum = item_named(item), erratum_named(item)
        named = [id for id, obligation in obligations.items() if _names(item, obligation) or (known and belongs(obligation, known))]
        named += [obligation.id for side in (erratum.sides(obligations) if erratum else ()) for obligation in side]
        if not named:
            raise ConstructionError(f"need an id, the first parts of one, or an item of the paper, got {item!r}{_why(item, obligations)}")
        chosen.update(named)
    return {id: obligation for id, obligation in obligations.items() if id in chosen}


def _names(item: str, obligation: Obligation) -> bool:
    words = " ".join(item.casefold().split())
    paper, id = obligation.paper.casefold(), obligation.id.casefold()
    return item == obligation.id or (bool(words) and (words in (id, paper, *paper.split(", ")) or id.startswith(words.rstrip(".") + ".")))


def _why(item: str, obligations: Mapping[str, Obligation]) -> str:
    """What is known of an item that names no obligation."""
    known, erratum = item_named(item), erratum_named(item)
    if known:
        return f", which is known ({known.title}) but {unbuilt(known)}"
    if erratum:
        return f", an erratum without an obligation: {erratum.wrong}"
    return _close(item, obligations)


def _close(item: str, obligations: Mapping[str, Obligation]) -> str:
    names: dict[str, str] = {}
    for id, obligation in obligations.items():
        parts = id.split(".")
        names |= {".".join(parts[:i]).casefold(): ".".join(parts[:i]) for i in range(1, len(parts) + 1)}
        names[obligation.paper.casefold()] = obligation.paper
    close = difflib.get_close_matches(item.casefold(), names, n=3, cutoff=0.5)
    return f" (close: {', '.join(names[name] for name in close)})" if close else ""
