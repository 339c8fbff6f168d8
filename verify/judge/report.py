"""What is said of each statement, of all together, and what is trusted.

>>> from verify.judge.check import Standing
>>> Judged("a.claim", REESTABLISHED, Standing(principles=frozenset({"markov"}))).line()
're-established  a.claim: PROVED, if what the principles say is true: markov'
>>> Judged("a.claim", REFUSED, None, "need unsat, got sat, at the fact 'f'").line()
"refused         a.claim: need unsat, got sat, at the fact 'f'"
"""

from collections.abc import Sequence
from dataclasses import dataclass

from verify.judge.check import Checking, Standing
from verify.judge.reading import RefusedError, UnsettledError, need
from verify.judge.wanted import CHECKED, PROVED, Wanted, WantedStatement

REESTABLISHED, REFUSED, LEFT_OPEN = "re-established", "refused", "open"
TRUSTED = (
    "that each formula says what its claim, graph or construction says: the checker sees terms alone, and the reviewer "
    "compares the statements, which --say prints, with what they should mean;",
    "that the solver is right where it answers unsat;",
    "that this checker, and Python, which runs it, do what they should.",
)


@dataclass(frozen=True)
class Judged:
    """What became of one statement: its ``id``, ``what`` (re-established, refused or open), its ``standing``, and
    ``why`` if it is refused or open."""

    id: str
    what: str
    standing: Standing | None
    why: str = ""

    def line(self) -> str:
        """The verdict in one line of plain characters."""
        name = ascii(self.id)[1:-1]
        if self.standing is None or self.what != REESTABLISHED:
            return f"{self.what:15} {name}: {ascii(self.why)[1:-1] if not self.why.isascii() else self.why}"
        standing = self.standing
        said = [verdict(standing)]
        said += [f"for the stated finite cases of {_set(standing.finite)} only"] if standing.finite else []
        said += [f"if what the principles say is true: {_set(standing.principles)}"] if standing.principles else []
        said += [f"resting in words, which nothing checks, on {_set(standing.prose)}"] if standing.prose else []
        return f"{self.what:15} {name}: {', '.join(said)}"


def _set(names: frozenset[str]) -> str:
    return ", ".join(ascii(name)[1:-1] for name in sorted(names))


def verdict(standing: Standing) -> str:
    """PROVED, or CHECKED where something covers a finite case.

    >>> verdict(Standing()), verdict(Standing(finite=frozenset({"a"})))
    ('PROVED', 'CHECKED')
    """
    return CHECKED if standing.finite else PROVED


def judged(checking: Checking, wanted: Wanted) -> list[Judged]:
    """What becomes of each statement that a reviewer wants.

    >>> from verify.judge.solver import Solver
    >>> from verify.judge.theorems import ProofFile
    >>> empty = b'{"kind": "querygrad proof", "format": 1, "made": {}, "terms": [], "theorems": []}'
    >>> mine = b'{"kind": "querygrad statements", "format": 1, "statements": [{"id": "a", "text": ""}]}'
    >>> judged(Checking(ProofFile(empty), Solver((), "none", 1), {}), Wanted(mine))[0].line()
    "open            a: need the theorem 'a', got none in the file, at the statements"
    """
    return [_judged(checking, each, tables=wanted.tables) for each in wanted.statements]


def _judged(checking: Checking, wanted: WantedStatement, *, tables: bool) -> Judged:
    where = f"the statement {wanted.id}"
    try:
        if wanted.id in checking.file.theorems:
            statement = checking.statement(wanted.id)
            checking.check_meant(statement, where)
            key = statement.key
            need(key == wanted.key, f"the statement {wanted.key[:16]}", key[:16], where)
        standing = checking.establish(wanted.id)
        if standing.tables and not tables:
            got = f"rows without formulas in {_set(standing.tables)}"
            raise UnsettledError(
                f"need tables that can be evaluated again, or leave to take them, got {got}, at {where}"
            )
        if standing.finite and wanted.least != CHECKED:
            raise UnsettledError(
                f"need PROVED, got CHECKED, for the finite cases of {_set(standing.finite)}, at {where}"
            )
    except UnsettledError as error:
        return Judged(wanted.id, LEFT_OPEN, None, str(error))
    except RefusedError as error:
        return Judged(wanted.id, REFUSED, None, str(error))
    return Judged(wanted.id, REESTABLISHED, standing)


def trusted(found: Sequence[Judged]) -> list[str]:
    """What is trusted, whatever was checked: the same three things always, and what these statements add.

    >>> trusted([Judged("a", REESTABLISHED, Standing(tables=frozenset({"t"})))])[-1]
    'that the rows of these enumerations, which have no formulas, are right: t.'
    """
    standings = [each.standing for each in found if each.standing is not None]
    whole = Standing()
    for standing in standings:
        whole |= standing
    lines = list(TRUSTED)
    if whole.principles:
        lines.append(f"that these principles, which are used and not proved, are true: {_set(whole.principles)}.")
    if whole.prose:
        lines.append(f"that these claims, on which others rest in words alone, are true: {_set(whole.prose)}.")
    if whole.supposed:
        lines.append(f"that some run comes to the points at which these predicates hold: {_set(whole.supposed)}.")
    if whole.rows:
        lines.append(f"that the rows of these enumerations say what the labels of their facts say: {_set(whole.rows)}.")
    if whole.tables:
        lines.append(f"that the rows of these enumerations, which have no formulas, are right: {_set(whole.tables)}.")
    return lines


def in_all(found: Sequence[Judged]) -> str:
    """How many statements became what, in a sentence.

    >>> in_all([Judged("a", REESTABLISHED, Standing()), Judged("b", LEFT_OPEN, None, "why")])
    'Of 2 statements, 1 is re-established, 0 are refused and 1 is left open.'
    """
    counts = [sum(each.what == what for each in found) for what in (REESTABLISHED, REFUSED, LEFT_OPEN)]
    good, bad, left = (f"{count} {'is' if count == 1 else 'are'}" for count in counts)
    return f"Of {len(found)} statements, {good} re-established, {bad} refused and {left} left open."
