"""Which obligations there are: the paper's (every module under ``verify.claims``) or those of a user's own file."""
import difflib
import importlib
import importlib.util
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

from constructions.errors import ConstructionError
from verify.obligation import Obligation, fresh_registry, registry
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


def obligations_of_file(path: Path | str) -> dict[str, Obligation]:
    """Load a user's Python file and return the obligations it registers, in the order of the file.

    The paper's claims are imported first, so that a file may import from them without registering them as its own.
    """
    paper_obligations()
    with fresh_registry() as found:
        load_file(path)
    if not found.obligations:
        raise ConstructionError(f"need a file with at least one obligation, got none, at {path}")
    return dict(found.obligations)


def load_file(path: Path | str) -> ModuleType:
    """Execute a user's Python file as a module of its own, with errors that name file and line."""
    file = Path(path)
    if not file.is_file():
        raise ConstructionError(f"need a Python file, got {'a folder' if file.is_dir() else 'nothing'}, at {path}")
    name = "querygrad_file_" + re.sub(r"\W", "_", str(file.resolve().with_suffix("")))
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ConstructionError(f"need a file whose name ends in .py, got {file.name!r}, at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if str(file.resolve().parent) not in sys.path:
        sys.path.insert(0, str(file.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        where = f"{error.filename or path}:{error.lineno}"
        raise ConstructionError(f"need a Python file that can be read, got {one_line(error.msg)}, at {where}") from error
    except DisagreementError:
        raise
    except (Exception, SystemExit) as error:
        raise ConstructionError(f"need a file that runs, got {type(error).__name__}: {one_line(error)}, at {place(error, file)}") from error
    return module


def place(error: BaseException, file: Path) -> str:
    """``file:line`` of the innermost frame of a traceback that is in the file; the file alone if there is none."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == file]
    return f"{file}:{lines[-1]}" if lines else str(file)


def one_line(message: object) -> str:
    """A message without line breaks."""
    return " ".join(str(message).split())


def select(obligations: Mapping[str, Obligation], items: Iterable[str]) -> dict[str, Obligation]:
    """The obligations that some item names: an id, the beginning of ids up to a dot, or an item of the paper.

    Errors
    ------
    ConstructionError for an item that names none, with the closest matches.
    """
    chosen: set[str] = set()
    for item in items:
        named = [id for id, obligation in obligations.items() if _names(item, obligation)]
        if not named:
            raise ConstructionError(f"need an id, the first parts of one, or an item of the paper, got {item!r}{_close(item, obligations)}")
        chosen.update(named)
    return {id: obligation for id, obligation in obligations.items() if id in chosen}


def _names(item: str, obligation: Obligation) -> bool:
    words = " ".join(item.casefold().split())
    paper, id = obligation.paper.casefold(), obligation.id.casefold()
    return item == obligation.id or (bool(words) and (words in (id, paper, *paper.split(", ")) or id.startswith(words.rstrip(".") + ".")))


def _close(item: str, obligations: Mapping[str, Obligation]) -> str:
    names: dict[str, str] = {}
    for id, obligation in obligations.items():
        parts = id.split(".")
        names |= {".".join(parts[:i]).casefold(): ".".join(parts[:i]) for i in range(1, len(parts) + 1)}
        names[obligation.paper.casefold()] = obligation.paper
    close = difflib.get_close_matches(item.casefold(), names, n=3, cutoff=0.5)
    return f" (close: {', '.join(names[name] for name in close)})" if close else ""
