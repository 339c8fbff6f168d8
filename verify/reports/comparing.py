"""Two reports of ``prove --json`` side by side: what came, went, became worse or better, and what rests on more."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.spelling import from_json_text, one_line, printable
from verify.discharge.result import Result
from verify.reports.files import VERSION

ORDER = ("ERROR", "VACUOUS", "UNKNOWN", "REFUTED", "CHECKED", "PROVED")
"""Words of a verdict from the one that says least to the one that says most, for a claim that is meant to hold."""
WORSE = ("worse", "lost", "given more", "expects less", "twin survives", "not as expected")
"""The changes that a command answers with an exit code of its own."""
KEY = 12
"""So many characters of a statement's key are shown."""


class OldProof(msgspec.Struct, frozen=True):
    """What is read of a proof: the key of the ``statement`` that was proved."""

    statement: str


class OldRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a row of a report; the rest of it is passed over.

    ``id`` and ``verdict`` are as in the table, ``as_expected`` says whether verdict and twin are as they should be,
    ``given`` are the principles on which the verdict rests, ``expect`` is the verdict that is right, ``statement`` the
    claim in words, ``proof`` has the key of the formulas that were proved, and ``unseen`` are facts never seen
    to fail.
    """

    id: str
    verdict: str
    as_expected: bool
    given: tuple[str, ...] = ()
    expect: str = ""
    statement: str = ""
    proof: OldProof | None = None
    unseen: tuple[str, ...] = ()


class OldReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a report: its ``version`` and ``results``."""

    version: int
    results: tuple[OldRow, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an obligation (``id``): ``what`` in a word, and what it was ``before`` and is ``after``."""

    id: str
    what: str
    before: str
    after: str

    @property
    def is_worse(self) -> bool:
        """Whether somebody should look at it.

        >>> Change("a.b", "lost", "PROVED", "-").is_worse, Change("a.b", "new", "-", "PROVED").is_worse
        (True, False)
        """
        return self.what in WORSE


def read_report(path: Path) -> OldReport:
    """Read a report that ``prove --json`` wrote.

    Raises
    ------
    ConstructionError
        If the file cannot be read, or is none.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "old.json")
    ...     _ = file.write_text('{"version": 3, "results": []}')
    ...     read_report(file)
    OldReport(version=3, results=())
    """
    try:
        found = msgspec.convert(from_json_text(path.read_bytes()), OldReport)
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {path}") from error
    except (ValueError, msgspec.ValidationError, RecursionError) as error:
        got = f"another file ({one_line(error)})"
        raise ConstructionError(f"need a report of 'prove --json', got {got}, at {path}") from error
    if found.version != VERSION:
        raise ConstructionError(f"need a report of version {VERSION}, got version {found.version}, at {path}")
    odd = next((id for id, times in Counter(row.id for row in found.results).items() if times > 1), None)
    if odd is not None:
        raise ConstructionError(f"need one row for each obligation, got {odd!r} twice, at {path}")
    return found


def as_old(results: Iterable[Result]) -> OldReport:
    """The results of a run as a report to compare.

    >>> as_old([])
    OldReport(version=3, results=())
    """
    return OldReport(version=VERSION, results=tuple(map(_as_row, results)))


def _as_row(result: Result) -> OldRow:
    return OldRow(
        id=result.id,
        verdict=result.word,
        as_expected=result.as_expected,
        given=result.given,
        expect=result.expect.name,
        statement=result.statement,
        proof=OldProof(result.proof.statement) if result.proof else None,
    )


def changes(before: OldReport, after: OldReport) -> list[Change]:
    """What changed from one report to the next, what is worse first.

    >>> def report(*rows):
    ...     return OldReport(version=3, results=tuple(OldRow(id=id, verdict=word, as_expected=ok, given=given)
    ...                                               for id, word, ok, given in rows))
    >>> old = report(("a", "PROVED", True, ()), ("b", "PROVED", True, ()), ("c", "UNKNOWN", False, ()))
    >>> new = report(("b", "PROVED", True, ("markov",)), ("c", "PROVED", True, ()), ("d", "PROVED", True, ()))
    >>> for each in changes(old, new):
    ...     print(each.what, each.id, each.before, each.after, sep="; ")
    lost; a; PROVED; -
    given more; b; -; markov
    better; c; UNKNOWN; PROVED
    new; d; -; PROVED
    """
    old, new = ({row.id: row for row in report.results} for report in (before, after))
    found = [change for id in {**old, **new} for change in _of_row(id, old, new)]
    return sorted(found, key=lambda change: not change.is_worse)


def _of_row(id: str, old: Mapping[str, OldRow], new: Mapping[str, OldRow]) -> list[Change]:
    if id not in new:
        return [Change(id, "lost", old[id].verdict, "-")]
    is_ = new[id]
    if id not in old:
        return [Change(id, "new" if is_.as_expected else "not as expected", "-", is_.verdict)]
    was, found = old[id], []
    if was.as_expected != is_.as_expected:
        twin = is_.verdict == was.verdict and not is_.as_expected
        what = "better" if is_.as_expected else "twin survives" if twin else "worse"
        found.append(Change(id, what, was.verdict, is_.verdict))
    elif was.verdict != is_.verdict:
        up = _rank(is_.verdict) > _rank(was.verdict)
        found.append(Change(id, "better" if up else "worse", was.verdict, is_.verdict))
    for what, names in (
        ("given more", set(is_.given) - set(was.given)),
        ("given less", set(was.given) - set(is_.given)),
    ):
        if names:
            sides = ("-", ", ".join(sorted(names)))
            found.append(Change(id, what, *(sides if what == "given more" else reversed(sides))))
    return [*found, *_of_meaning(was, is_)]


def _of_meaning(was: OldRow, is_: OldRow) -> list[Change]:
    """Changes of what a claim says and of what is expected of it, which a verdict that stays the same would hide."""
    found = []
    if was.expect and is_.expect and _rank(is_.expect) < _rank(was.expect):
        found.append(Change(is_.id, "expects less", was.expect, is_.expect))
    if was.statement != is_.statement:
        found.append(Change(is_.id, "other words", was.statement or "-", is_.statement or "-"))
    if was.proof and is_.proof and was.proof != is_.proof:
        found.append(Change(is_.id, "other formulas", was.proof.statement[:KEY], is_.proof.statement[:KEY]))
    return found


def _rank(word: str) -> int:
    return ORDER.index(word) if word in ORDER else -1


def lines(found: Sequence[Change]) -> list[str]:
    """Some changes in words, one a line.

    >>> lines([Change("a.b", "worse", "PROVED", "UNKNOWN")]), lines([])
    (['worse: a.b, PROVED before, UNKNOWN now'], ['nothing changed'])
    """
    said = [printable(f"{each.what}: {each.id}, {each.before} before, {each.after} now") for each in found]
    return said or ["nothing changed"]


def markdown(found: Sequence[Change]) -> list[str]:
    """Some changes as lines of a Markdown table, below a heading.

    >>> markdown([Change("a.b", "worse", "PROVED", "UNKNOWN")])[-1], markdown([])[-1]
    ('| worse | `a.b` | PROVED | UNKNOWN |', 'Nothing changed.')
    """
    if not found:
        return ["### Since the last report", "", "Nothing changed."]
    rows = [f"| {each.what} | {code(each.id)} | {cell(each.before)} | {cell(each.after)} |" for each in found]
    return ["### Since the last report", "", "| change | obligation | before | now |", "|---|---|---|---|", *rows]


def cell(text: str) -> str:
    """A text as the cell of a Markdown table, in which nothing of it is markup.

    >>> cell("a|b <i>"), cell("")
    ('a\\\\|b &lt;i&gt;', '-')
    """
    safe = html.escape(printable(text), quote=False)
    return re.sub(r"([\\`*_\[\]|~#])", r"\\\1", safe) or "-"


def code(text: str) -> str:
    """A text as code in the cell of a Markdown table.

    >>> code("a.b"), code("a`b|c")
    ('`a.b`', "`a'b/c`")
    """
    return f"`{printable(text).replace('`', chr(39)).replace('|', '/')}`"
