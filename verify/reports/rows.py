"""The rows of the table one by one, for a pipe: each is printed once it is known, so that its reader need not wait for
the end.

The order is that of the table. So a row waits for those before it, and for the obligations that it needs or uses, since
no verdict is worth more than what it rests on; once it is printed, it does not change any more. What is used without
having been asked for comes before the first row that rests on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.console import Console

from constructions.foundations.loading import loaded_when_used
from constructions.foundations.spelling import printable
from verify.discharge.resting import resting, under
from verify.discharge.result import PROVERS, Result
from verify.obligations.catalogue import needed
from verify.reports.second import SECOND
from verify.reports.table import beside_of, cells, columns, first_word

with loaded_when_used(__name__):
    from verify.arguments import obligations

LONGEST = {"verdict": "REFUTED", "twin": "REFUTED", SECOND: "999 of 999"}


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table of plain lines, whose widths are known before its rows are.

    Parameters
    ----------
    out : where lines are printed. widths : of each column, by its name, in characters.
    """

    out: Console
    widths: dict[str, int]

    @classmethod
    def begun(cls, out: Console, *, ids: Iterable[str], provers: Iterable[str], with_second: bool) -> "PlainTable":
        """A table with its heading printed, wide enough for rows of these ids and provers; with a column for what a
        second solver says, if one is asked."""
        texts = {"id": map(printable, ids), "prover": map(first_word, provers)}
        names = columns(with_second=with_second)
        found = cls(out, {name: max(map(len, (name, LONGEST.get(name, ""), *texts.get(name, ())))) for name in names})
        found.write(names)
        return found

    def add(self, result: Result) -> None:
        """Print the row of a result. What is said beside its verdict is known only now, and may be of any length: it
        stands behind all columns."""
        self.write([str(cell) for cell in cells(result, with_second=SECOND in self.widths)], beside_of(result))

    def write(self, texts: Sequence[str], behind: str = "") -> None:
        """Print a line, and have it written at once: ``texts`` in their columns, and what is ``behind`` the last."""
        padded = [
            text.rjust(width) if name == "seconds" else text.ljust(width)
            for (name, width), text in zip(self.widths.items(), map(printable, texts), strict=True)
        ]
        self.out.print("  ".join([*padded, printable(behind)]).rstrip(), soft_wrap=True)


def print_rows(out: Console, results: Sequence[Result]) -> None:
    """Print the rows of results that are all known to ``out``.

    >>> from verify.obligations.verdict import Verdict
    >>> from verify.provers.outcome import Examination
    >>> from verify.screen.printing import console
    >>> def result(id, **more):
    ...     return Result(
    ...         id=id, paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...         claim=Examination(verdict=Verdict.PROVED), twin=Examination(verdict=Verdict.REFUTED), **more)
    >>> print_rows(console(), [result("lemma", given=("markov",)), result("theorem", seconds=0.5)])
    id       verdict  expected  twin     prover  seconds  erratum
    lemma    PROVED             REFUTED  z3          0.0           given {markov}
    theorem  PROVED             REFUTED  z3          0.5
    """
    table = PlainTable.begun(
        out,
        ids=[result.id for result in results],
        provers=[result.prover for result in results if result.prover != "-"],
        with_second=any(result.second for result in results),
    )
    for result in results:
        table.add(result)


@dataclass(slots=True)
class RowsInOrder:
    """What was printed of a table, and what waits.

    Parameters
    ----------
    out : where rows are printed. chosen : the obligations that are examined, and what is an error from the start.
    with_second : whether a second solver is asked too. known : the results so far, by id. shown : the ids of the rows
    that were printed. waiting : the ids of those that were not, the next one last.

    >>> from pathlib import Path
    >>> from verify.discharge.result import file_error
    >>> from verify.obligations.verdict import BAD_INPUT, Fault
    >>> from verify.screen.printing import console
    >>> lost = file_error(Path("mine.py"), Fault(BAD_INPUT, "need a file that runs, got SyntaxError"))
    >>> rows = RowsInOrder(console(), obligations.Chosen())
    id  verdict  expected  twin     prover  seconds  erratum
    >>> rows.waiting.append(lost.id)
    >>> rows.go_on()  # nothing is known of it yet
    >>> rows.known[lost.id] = lost
    >>> rows.go_on()
    mine.py  ERROR              -        -           0.0
    >>> rows.table.write(["a line"] * len(rows.table.widths))
    a line  a line   a line    a line   a line   a line  a line
    >>> rows.add(lost)  # it stands there already
    """

    out: Console
    chosen: "obligations.Chosen"
    with_second: bool = False
    table: PlainTable = field(init=False)
    known: dict[str, Result] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        provers = [PROVERS[each.kind] for each in self.chosen.obligations.values()]
        self.table = PlainTable.begun(self.out, ids=self.chosen.order, provers=provers, with_second=self.with_second)
        self.known, self.waiting = dict(self.chosen.errors), list(reversed(self.chosen.order))
        self.go_on()

    def add(self, result: Result) -> None:
        """One more result, on its own; print the rows that are known now."""
        self.known[result.id] = result
        self.go_on()

    def go_on(self) -> None:
        """Print the rows that are known, up to the first that is not."""
        while self.waiting and (ready := self.rows_of(self.waiting[-1])):
            self.waiting.pop()
            self.shown |= {result.id for result in ready}
            for result in ready:
                self.table.add(result)

    def rows_of(self, id: str) -> list[Result]:
        """The row of a result, what it rests on considered, after the rows of that which was not asked for; nothing if
        something of it is not known yet."""
        group = dict.fromkeys((*under(id, self.known), *needed([id], self.chosen.obligations)))
        if not all(each in self.known for each in group):
            return []
        found = resting(list({**self.chosen.errors, **{each: self.known[each] for each in group}}.values()))
        more = [each for each in group if each not in self.chosen.order and each not in self.shown]
        return [result for result in found if result.id == id or result.id in more]
