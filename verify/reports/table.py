"""The report of a run for people: a table, and below it a sentence for everything that is not plainly as expected."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from rich.console import Console
from rich.table import Table
from rich.text import Text

from constructions.foundations.spelling import printable
from verify.discharge.result import Result
from verify.discharge.seen import in_words, listed, never_seen_to_fail
from verify.obligations.verdict import Verdict
from verify.provers.outcome import Examination
from verify.reports.colours import coloured
from verify.reports.second import SECOND, coloured_share, second_lines, second_summary
from verify.screen.printing import console, joined, plain_table, styled

NOT_GREEN = "yellow"
"""The colour of a PROVED with a fact that was never seen to fail."""
WHOLE = 60
"""Ids of at most this length are never broken."""


def columns(*, with_second: bool) -> tuple[str, ...]:
    """The names of the columns; with what a second solver says, if one was asked."""
    return ("id", "verdict", "expected", "twin", "prover", *([SECOND] if with_second else []), "seconds", "erratum")


def table(results: Sequence[Result]) -> Table:
    """One row per obligation; ``cache`` stands for the seconds of a result that was kept from an earlier run.

    >>> found = Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.REFUTED, needs=(),
    ...     erratum="E99", claim=Examination(verdict=Verdict.PROVED), given=("markov",))
    >>> columns(with_second=False)
    ('id', 'verdict', 'expected', 'twin', 'prover', 'seconds', 'erratum')
    >>> [str(cell) for cell in cells(found, with_second=False)], beside_of(found)
    (['mine.low', 'PROVED', 'REFUTED', '-', 'z3', '0.0', 'E99'], 'given {markov}')
    >>> console().print(table([found]))  # doctest: +NORMALIZE_WHITESPACE
    id        verdict                expected  twin  prover  seconds  erratum
    mine.low  PROVED given {markov}  REFUTED   -     z3          0.0  E99
    """
    second = any(result.second for result in results)
    found = plain_table(*columns(with_second=second), right=("seconds",))
    found.columns[0].no_wrap = all(len(printable(result.id)) <= WHOLE for result in results)
    for result in results:
        id, verdict, *rest = cells(result, with_second=second)
        beside = beside_of(result)
        found.add_row(id, joined(verdict, f" {beside}") if beside else verdict, *rest)
    return found


def cells(result: Result, *, with_second: bool) -> tuple[str | Text, ...]:
    """The row of a result, in the order of :func:`columns`; ``with_second`` as there. What the verdict is given, and
    which facts were never seen to fail, is no cell of its own, see :func:`beside_of`."""
    expected = "" if result.error or result.verdict is result.due else result.due.name
    of_twin = result.twin_verdict
    twin = "-" if of_twin is None else coloured(of_twin, good=of_twin is Verdict.REFUTED)
    seconds = "cache" if result.cached else f"{result.seconds:.1f}"
    good = result.verdict is result.due
    verdict = styled("ERROR", "bold red") if result.error else coloured(result.verdict, good=good)
    if never_seen_to_fail(result) and result.verdict is Verdict.PROVED:
        verdict = styled(result.verdict.name, NOT_GREEN)
    share = (coloured_share(result),) if with_second else ()
    return result.id, verdict, expected, twin, first_word(result.prover), *share, seconds, result.erratum or ""


def beside_of(result: Result) -> str:
    """What is said beside the verdict of a result: the principles on which it rests, and how many of its facts were
    never seen to fail; empty if there is nothing, or no verdict."""
    given = f"given {{{', '.join(result.given)}}}" if result.given and not result.error else ""
    unseen = len(never_seen_to_fail(result))
    said = f"{unseen} of {len(result.facts)} facts never seen to fail" if unseen else ""
    return "; ".join(filter(None, (given, said)))


def first_word(prover: str) -> str:
    """The first word of a prover's name.

    >>> first_word("induction, base and step by z3")
    'induction'
    """
    return prover.split(",")[0]


def counterexamples(results: Sequence[Result]) -> list[str]:
    """For every claim that is REFUTED by itself: where it fails, which fact, and the first vertex off its piece.

    >>> found = Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(1, 2)}, failing=("low",))
    >>> refuted = Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=found)
    >>> counterexamples([refuted]), failures(found)
    (['REFUTED mine.low: It is low.', '  It fails at x=1/2.', '  This fact fails there: low'], ['  This fact fails \
there: low'])
    """
    lines = []
    for result in results:
        if result.claim is not None and result.verdict is Verdict.REFUTED and not result.lowered:
            wanted = " (as expected)" if result.expect is Verdict.REFUTED else ""
            lines.append(f"REFUTED {result.id}{wanted}: {result.statement}")
            lines += [f"  It fails at {values(result.claim.counterexample)}.", *failures(result.claim)]
    return lines


def failures(found: Examination) -> list[str]:
    """Which facts fail at a counterexample, and the first vertex that leaves the piece on which it is meant to stay."""
    lines = [f"  This fact fails there: {label}" for label in found.failing]
    return lines + ([f"  The first vertex to leave its linear piece is {found.leaves}."] if found.leaves else [])


def errors(results: Sequence[Result]) -> list[str]:
    """For every obligation without a verdict: why.

    >>> from verify.obligations.verdict import BAD_INPUT, Fault
    >>> errors([Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="-", expect=Verdict.PROVED, needs=(),
    ...     error=Fault(BAD_INPUT, "need a broken twin, got none, at mine.py:3"))])
    ['ERROR mine.low: need a broken twin, got none, at mine.py:3']
    """
    return [f"ERROR {result.id}: {result.error.said}" for result in results if result.error]


def vacuous(results: Sequence[Result]) -> list[str]:
    """For every VACUOUS of its own: the first fact that is, and which premises cannot hold together.

    >>> from verify.provers.outcome import FactFinding
    >>> fact = FactFinding("low", Verdict.VACUOUS, reason="x > 1 and x < 0 cannot hold together")
    >>> vacuous([Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.VACUOUS, facts=(fact,)))])
    ['VACUOUS mine.low: it says nothing, for what it presupposes cannot hold.', '  low: x > 1 and x < 0 cannot hold \
together']
    """
    lines = []
    for result in results:
        if result.verdict is Verdict.VACUOUS and not result.lowered:
            lines.append(f"VACUOUS {result.id}: it says nothing, for what it presupposes cannot hold.")
            lines.append(f"  {result.reason or 'It has no fact.'}")
    return lines


def lowered(results: Sequence[Result]) -> list[str]:
    """For every verdict that is less than the obligation's own, and not as expected: the needs that lowered it.

    >>> theorem = Result(
    ...     id="theorem", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=("lemma",),
    ...     claim=Examination(verdict=Verdict.PROVED), lowered={"lemma": Verdict.CHECKED})
    >>> lowered([theorem]) == [lowering(theorem, {})], lowering(theorem, {})
    (True, 'CHECKED theorem: it is PROVED by itself, but it needs lemma, which was not asked for.')
    """
    known = {result.id: result for result in results}
    return [lowering(result, known) for result in results if result.lowered and result.verdict is not result.due]


def lowering(result: Result, known: Mapping[str, Result]) -> str:
    """Why a result's verdict is less than the obligation's own; ``known`` are the results by their ids."""
    needs = (f"{id}, which {is_or_was(known.get(id))}" for id in result.lowered)
    named = f"{result.verdict.name} {result.id}"
    return f"{named}: it is {result.own.name} by itself, but it needs {', and '.join(needs)}."


def is_or_was(need: Result | None) -> str:
    """What became of a need."""
    return "was not asked for" if need is None else "is an ERROR" if need.error else f"is {need.verdict.name}"


def not_kept(results: Sequence[Result]) -> list[str]:
    """Why results of users' files are not kept, each reason once."""
    reasons = dict.fromkeys(result.unkept for result in results if result.unkept)
    return [f"Some results are not kept for later runs: {reason}." for reason in reasons]


def values(found: Mapping[str, Fraction] | None) -> str:
    """The values of a witness or a counterexample in words.

    >>> values({"rho": Fraction(1, 4), "k": Fraction(2)}), values({})
    ('rho=1/4, k=2', 'every point (it has no variables)')
    """
    return ", ".join(f"{name}={value}" for name, value in (found or {}).items()) or "every point (it has no variables)"


def unknowns(results: Sequence[Result]) -> list[str]:
    """For every obligation with an unknown of its own: the facts and the reasons.

    >>> from verify.provers.outcome import FactFinding
    >>> fact = FactFinding("low", Verdict.UNKNOWN, reason="timeout")
    >>> unknowns([Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.UNKNOWN, facts=(fact,)))])
    ['UNKNOWN mine.low: it is neither proved nor refuted.', '  low: timeout']
    """
    lines = []
    for result in results:
        if result.error or Verdict.UNKNOWN not in (result.own, result.twin_verdict):
            continue
        open_facts = [fact for fact in result.facts if fact.verdict is Verdict.UNKNOWN]
        what = "it is neither proved nor refuted" if result.own is Verdict.UNKNOWN else "its check is not complete"
        lines.append(f"UNKNOWN {result.id}: {what}.")
        lines += [f"  {fact.label}: {fact.reason or 'no reason is given'}" for fact in open_facts]
        if result.twin_verdict is Verdict.UNKNOWN and result.own is not Verdict.UNKNOWN:
            lines.append(f"  Whether the broken twin fails is open: {result.twin_reason or 'no reason is given'}")
    return lines


def surviving(results: Sequence[Result]) -> list[str]:
    """For every twin that should be refuted and is not: a line; but the twin of a VACUOUS claim is not to blame.

    >>> proved = Examination(verdict=Verdict.PROVED)
    >>> surviving([Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=proved, twin=proved)])
    ['TWIN PROVED mine.low: the broken twin is not refuted, so the check may be empty.']
    """
    lines = []
    for result in results:
        twin = result.twin_verdict
        if twin in (None, Verdict.REFUTED, Verdict.UNKNOWN) or Verdict.VACUOUS in (result.verdict, result.own):
            continue
        nothing = "what the broken twin presupposes cannot hold, so it refutes nothing"
        problem = nothing if twin is Verdict.VACUOUS else "the broken twin is not refuted, so the check may be empty"
        reason = f" ({result.twin_reason})" if result.twin_reason else ""
        lines.append(f"TWIN {twin.name} {result.id}: {problem}{reason}.")
    return lines


def summary(results: Sequence[Result], wall: float) -> str:
    """Counts of ``results``, and the ``wall`` time in seconds, in one line.

    >>> found = Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.PROVED))
    >>> summary([found], 1.25)
    '1 obligation: 1 PROVED; all as expected; 0 kept from earlier runs; 1.2 s'
    """
    counts: Counter[str] = Counter(result.word for result in results)
    names = [*(verdict.name for verdict in reversed(Verdict)), "ERROR"]
    parts = [f"{counts[name]} {name}" for name in names if counts[name]]
    wanted = sum(result.verdict is Verdict.REFUTED and result.expect is Verdict.REFUTED for result in results)
    refuted = f" ({wanted} expected to be REFUTED)" if wanted else ""
    kept = sum(result.cached for result in results)
    odd = sum(not result.as_expected for result in results)
    end = "all as expected" if not odd else f"{odd} not as expected"
    head = f"{len(results)} obligation{'s' * (len(results) != 1)}: {', '.join(parts)}{refuted}"
    return f"{head}; {end}; {kept} kept from earlier runs; {wall:.1f} s"


def print_report(
    results: Sequence[Result],
    wall: float,
    *,
    out: Console | None = None,
    with_table: bool = True,
    with_facts: bool = False,
) -> None:
    """Table; errors, counterexamples, unknowns and all else that needs a word; what is not kept; and the summary.

    Parameters
    ----------
    results : in the order of the table. wall : how many seconds the run took. out : where it is printed; standard
        output if not given. with_table : false where the rows were printed as they came. with_facts : whether the facts
        are listed that were never seen to fail.

    >>> found = Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(1, 2)}, failing=("low",))
    >>> refuted = Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=found)
    >>> print_report([refuted], wall=0.5)  # doctest: +NORMALIZE_WHITESPACE
    id        verdict  expected  twin  prover  seconds  erratum
    mine.low  REFUTED  PROVED    -     z3          0.0
    <BLANKLINE>
    REFUTED mine.low: It is low.
      It fails at x=1/2.
      This fact fails there: low
    <BLANKLINE>
    1 obligation: 1 REFUTED; 1 not as expected; 0 kept from earlier runs; 0.5 s
    """
    out = out or console()
    if with_table:
        out.print(table(results))
    for say in (errors, counterexamples, vacuous, lowered, unknowns, surviving, second_lines, not_kept):
        if lines := say(results):
            out.print()
        for line in lines:
            out.print(line, soft_wrap=True)
    out.print()
    out.print(summary(results, wall), soft_wrap=True)
    for line in (*in_words(results), *second_summary(results), *(listed(results) if with_facts else ())):
        out.print(line, soft_wrap=True)
