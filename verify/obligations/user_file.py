"""The obligations of a user's own Python file."""

import contextlib
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from constructions.errors import ConstructionError
from constructions.foundations.loading import GUESTS, loaded_when_used
from constructions.foundations.spelling import one_line
from verify.obligations.catalogue import CLAIMS, paper_obligations
from verify.obligations.obligation import Obligation, Refused, Registry, fresh_registry, registry
from verify.obligations.sources import PROJECT, Sources, at_home, bytes_of, execute
from verify.obligations.verdict import DisagreementError

with loaded_when_used(__name__):
    from verify.obligations import papers


class Papers(Mapping[str, Obligation]):
    """The paper's obligations for a user's claim that uses one: they are imported when it asks for one.

    >>> Papers()["sigma.figure"].paper
    'Figure 1'
    """

    def __getitem__(self, id: str) -> Obligation:
        return papers.PAPERS[id]

    def __iter__(self) -> Iterator[str]:
        return iter(papers.PAPERS)

    def __len__(self) -> int:
        return len(papers.PAPERS)


class NoObligationsError(ConstructionError):
    """A file that registers nothing."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The obligations that a user's file registers, in the order of the file, and what it tries to register in vain,
    which is refused."""

    obligations: dict[str, Obligation]
    refused: tuple[Refused, ...] = ()


def claims_of(sources: Sources) -> Claims:
    """Execute a user's file as it was read, and return what it registers. What it prints goes to standard error.

    A file may import from the paper's claims without registering them as its own: they are handed to the paper.

    Raises
    ------
    ConstructionError
        For a file that fails when it is executed; of the kind NoObligationsError for one that registers nothing.

    >>> text = '''
    ... from verify.obligations.obligation import obligation
    ... @obligation("mine.square", paper="mine", of=lambda case: 0, twin=lambda case: 1)
    ... def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    ... '''
    >>> found = claims_of(Sources(path=Path("mine.py").resolve(), data=text.encode()))
    >>> [(id, each.statement) for id, each in found.obligations.items()], found.refused
    ([('mine.square', 'A square is at least 0.')], ())
    """
    if any(b"claims" in data for data in (sources.data, *(module.data for module in sources.modules))):
        paper_obligations()  # all at once, in their order
    with (
        fresh_registry(lenient=True, below=Papers()) as found,
        at_home(sources),
        contextlib.redirect_stdout(sys.stderr),
    ):
        _execute(sources.path, sources.data)
    hand_back(found)
    if not found.obligations and not found.refused:
        raise NoObligationsError(f"need a file with at least one obligation, got none, at {sources.path}")
    return Claims(dict(found.obligations), tuple(found.refused))


def load_file(path: Path | str, data: bytes | None = None) -> ModuleType:
    """Execute the Python file at a path (or ``data``, if that was read from it) as a module; errors name file and
    line.

    Raises
    ------
    ConstructionError
        If it cannot be read or does not run.

    >>> load_file("mine.py", b"TWICE = 2 * 21").TWICE
    42
    >>> load_file("mine.py", b"TWICE = 2 *")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a Python file that can be read, got invalid syntax, at mine.py:1
    """
    file = Path(path)
    data = bytes_of(file, shown=path) if data is None else data
    if str(file.resolve().parent) not in sys.path:
        sys.path.insert(0, str(file.resolve().parent))
        GUESTS.append(str(file.resolve().parent))
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
        raise ConstructionError(
            f"need a Python file that can be read, got {one_line(error.msg)}, at {where}"
        ) from error
    except (DisagreementError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise ConstructionError(
            f"need a file that runs, got {type(error).__name__}: {one_line(error)}, at {place(error, file)}"
        ) from error
    return module


def place(error: BaseException, file: Path) -> str:
    """``file:line`` of the innermost frame of an error's traceback that is in the file; the file alone if there is
    none.

    >>> try:
    ...     exec(compile("half = 1\\nhalf / 0", "mine.py", "exec"))
    ... except ZeroDivisionError as error:
    ...     place(error, Path("mine.py")), place(error, Path("other.py"))
    ('mine.py:2', 'other.py')
    """
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == file]
    return f"{file}:{lines[-1]}" if lines else str(file)


def hand_back(found: Registry) -> None:
    """Register the paper's claims with the paper, and not in what was found, if a user's file was the first to import
    them, in whatever way; so they need not all be imported before each file that has nothing to do with them.

    >>> def claim(subject, case):
    ...     "A claim of the paper."
    >>> claim.__module__ = f"{CLAIMS}.networks.example"
    >>> with fresh_registry() as papers:
    ...     found = Registry({"a.b": Obligation(id="a.b", paper="Lemma 11", claim=claim, of=claim, twin=claim)})
    ...     hand_back(found)
    >>> list(papers.obligations), list(found.obligations)
    (['a.b'], [])
    """
    for id, obligation in list(found.obligations.items()):
        if is_of_the_paper(obligation):
            registry().add(found.obligations.pop(id))


def is_of_the_paper(obligation: Obligation) -> bool:
    """Whether an obligation is stated in a module of the paper's claims: its claim, subject or twin is there, and none
    of them is a user's, who may state a claim of the paper about a gadget of his own."""
    parts = filter(None, (obligation.claim, obligation.of, obligation.twin))
    modules = [f"{getattr(part.func if isinstance(part, partial) else part, '__module__', '')}." for part in parts]
    ours = all(module.startswith(tuple(f"{package}." for package in PROJECT)) for module in modules)
    return ours and any(module.startswith(f"{CLAIMS}.") for module in modules)
