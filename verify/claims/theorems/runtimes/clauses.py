"""The clauses "for every runtime TIME": what A' takes, as a polynomial in what A takes, and which printed clauses leave
something out.

A runtime is the number of gates of a round of A', times its rounds (a machine on a tape takes at most quadratically
more steps, turing.back.time). A printed clause says that a runtime is some polynomial in some numbers. That a number
is missing among them is stated of *any* function in place of the polynomial: where the rounds or the answers grow with
a number that is not named, no function of the named ones is enough (``*.clause.short``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.computation.extraction_gates import ExtractionSizes, both_labels_gates, extraction_gates
from constructions.computation.reading_gates import ReadingSizes, reading_gates
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.foundations.terms import INTEGER
from constructions.reductions.bsq import unrounded_repeats
from constructions.reductions.fbsq import printed_rounds
from constructions.reductions.sample_extract import counts_to_tell_apart, printed_extraction_rounds
from constructions.theorems.runtimes import estimates_to_tell_apart, extraction_time, reading_time
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict

F = Fraction
EXTRACTION_NAMES = ("n", "places", "coin", "width", "length", "number", "low", "own", "prediction")
READING_NAMES = ("n", "m", "places", "width", "length", "own", "prediction")
Formula = Callable[..., Number]


def _told_apart(
    case: Case, names: tuple[str, ...] = ("n", "m", "r", "TIME", "1/delta"), other: str = "b"
) -> tuple[Number, Number]:
    """How many answers can be told apart in the time of a clause of numbers of these names, and the ``other`` one."""
    named = [case.real(name) for name in names]
    case.assume(*(value >= 1 for value in named))
    time = case.function("P", len(named))(*named)
    return case.function("answers told apart in time", 1, gives=INTEGER)(time), case.integer(other)


@obligation(
    "theorem2a.clause.printed",
    paper="Theorem 2a",
    expect=Verdict.REFUTED,
    erratum="E121",
    of=lambda case: counts_to_tell_apart,
)
def time_of_extraction_needs_no_b(counts: Callable[[Number], Number], case: Case) -> None:
    """Whatever b is, in the time P(n, m, r, TIME, 1/delta) so many answers can be told apart as there are counts from 0
    to b (as printed: the clauses of Theorem 2a and Lemma 1 do not name b)."""
    answers, b = _told_apart(case)
    case.assume(answers >= 2, b >= 1)
    case.show("enough answers", counts(b) <= answers)


@obligation(
    "theorem2a.clause.short",
    paper="Theorem 2a",
    erratum="E121",
    of=lambda case: counts_to_tell_apart,
    twin=lambda case: lambda b: counts_to_tell_apart(b) - 1,
)
def no_function_without_b_is_enough(counts: Callable[[Number], Number], case: Case) -> None:
    """For every function P of n, m, r, TIME and 1/delta: if N >= 1 answers can be told apart in the time that it gives,
    then already for b = N there are more counts than that. So no polynomial in these five numbers bounds the time."""
    answers, b = _told_apart(case)
    case.assume(answers >= 1, b == answers)
    case.show("too few answers", counts(b) > answers)


def _without_rho(item: str, names: tuple[str, ...]) -> None:
    """Register that a clause which does not name rho falls short."""
    id, printed = item.lower().replace(" ", ""), ", ".join(names)

    def no_rho_is_needed(counts: Callable[[Number], Number], case: Case) -> None:
        answers, inverse = _told_apart(case, names, "1/rho")
        case.assume(answers >= 3, inverse >= 1)
        case.show("enough estimates", counts(inverse) <= answers)

    def no_function_without_rho_is_enough(counts: Callable[[Number], Number], case: Case) -> None:
        answers, inverse = _told_apart(case, names, "1/rho")
        case.assume(answers >= 1, 2 * inverse >= answers, 2 * inverse <= answers + 1)
        case.show("too few estimates", counts(inverse) > answers)

    no_rho_is_needed.__doc__ = (
        f"Whatever rho is, in the time P({printed}) as many estimates can be told apart as there are multiples of rho "
        f"from -1 to 1, each of which leads to another weight (as printed: the clause of {item} does not name rho)."
    )
    no_function_without_rho_is_enough.__doc__ = (
        f"For every function P of {printed}: if N >= 1 estimates can be told apart in the time that it gives, then "
        "already where 1/rho is the first whole number from N/2 on, there are more multiples of rho from -1 to 1. So "
        "no polynomial in these numbers bounds the time."
    )
    for end, claim, expect in (
        ("printed", no_rho_is_needed, Verdict.REFUTED),
        ("short", no_function_without_rho_is_enough, Verdict.PROVED),
    ):
        short = expect is Verdict.PROVED
        registry().add(
            Obligation(
                id=f"{id}.clause.{end}",
                paper=item,
                claim=claim,
                expect=expect,
                erratum="E123",
                of=lambda case: estimates_to_tell_apart,
                twin=(lambda case: lambda inverse: estimates_to_tell_apart(inverse) - 2) if short else None,
            )
        )


for _where, _names in (
    ("Lemma 4", ("T", "p", "b", "r")),
    ("Lemma 13", ("T", "p", "m", "r")),
    ("Theorem 3b", ("T", "m", "p", "r", "n")),
):
    _without_rho(_where, _names)


def _rounds_of_2d(case: Case, rounds: Formula) -> tuple[Number, Number]:
    """The time that a function of TIME, k and 1/tau allows, and the rounds, with log(k/delta) as a variable."""
    time, queries, inverse, logarithm = (case.real(name) for name in ("TIME", "k", "1/tau", "log(k/delta)"))
    case.assume(time >= 1, queries >= 1, inverse >= 1, logarithm >= 0)
    allowed = case.function("P", 3)(time, queries, inverse)
    width = case.real("b tau^2")
    case.assume(width > 0)
    return allowed, queries * rounds(logarithm, width)


@obligation(
    "theorem2d.clause.printed",
    paper="Theorem 2d",
    expect=Verdict.REFUTED,
    erratum="E122",
    of=lambda case: unrounded_repeats,
)
def time_of_averaging_needs_no_delta(rounds: Formula, case: Case) -> None:
    """Whatever delta is, A' has at most P(TIME, k, 1/tau) rounds, each of which takes time (as printed: the clauses of
    Theorem 2d and Lemma 2 do not name delta)."""
    allowed, taken = _rounds_of_2d(case, rounds)
    case.assume(allowed >= 1)
    case.show("enough time", taken <= allowed)


@obligation(
    "theorem2d.clause.short",
    paper="Theorem 2d",
    erratum="E122",
    of=lambda case: unrounded_repeats,
    twin=lambda case: lambda logarithm, width: unrounded_repeats(1, width),
)
def no_function_without_delta_is_enough(rounds: Formula, case: Case) -> None:
    """For every function P of TIME, k and 1/tau: where log(k/delta) is above P b tau^2 / (8 k), the method of Theorem
    2d has more rounds than P. As delta can be as small as one likes, no polynomial in these three numbers bounds the
    time."""
    allowed, width = case.real("P(TIME, k, 1/tau)"), case.real("b tau^2")
    queries, logarithm, constant = case.real("k"), case.real("log(k/delta)"), unrounded_repeats(1, F(1))
    case.assume(allowed >= 1, width > 0, queries >= 1, constant * queries * logarithm > allowed * width)
    share = case.real("rounds for a query")
    case.assume(share * width == rounds(logarithm, F(1)))
    grows(case, width, 0, width, allowed)
    case.show("more rounds", queries * share > allowed)


def of_extraction(rounds: Formula, case: Case, *, alternating: bool) -> None:
    """The mended clause of Theorem 2a or Lemma 1: the printed rounds, or fewer, of the gates that a round has."""
    taken, size, m, n = (case.integer(name) for name in ("k'", "S", "m", "n"))
    inverse, sizes = case.real("1/delta"), {name: case.integer(name) for name in EXTRACTION_NAMES[1:]}
    time, sizes["n"] = sizes["own"], n if alternating else n + 1
    item, formula = ("lemma1", extraction_gates) if alternating else ("theorem2a", both_labels_gates)
    used = case.use(f"{item}.time.round", "a round, PREFIX", "a round, LOOK", **sizes, S=size, rounds=0)
    case.assume(used.premises, label="what bounds a round")
    case.assume(m >= 1, n >= 1, inverse >= 1, taken >= 0)
    case.assume(taken <= rounds(m, n, inverse, alternating=alternating))
    most, of = time + 380 * size * size * size, ExtractionSizes(**sizes)
    bound = extraction_time(m, n, inverse, time, size, both=not alternating)
    for look, version in ((False, "PREFIX"), (True, "LOOK")):
        gates = formula(of, look=look)
        case.lemma(f"a round, {version}", every(gates >= 0, gates <= most))
        grows(case, taken, gates, (20 if alternating else 10) * m * (n + 1) * inverse, most)
        case.show(f"in all rounds, {version}", taken * gates <= bound)


def of_reading(rounds: Formula, case: Case, *, alternating: bool) -> None:
    """The mended clause of Lemma 5a or 6: the printed rounds, or fewer, of the gates that a round has."""
    taken, size = case.integer("k'"), case.integer("S")
    sizes = {name: case.integer(name) for name in READING_NAMES}
    m, n, time = sizes["m"], sizes["n"], sizes["own"]
    used = case.use(f"{'lemma6' if alternating else 'lemma5a'}.time.round", "a round", **sizes, S=size, rounds=0)
    case.assume(used.premises, taken >= 0, taken <= rounds(m, n, alternating=alternating), label="what bounds a round")
    gates, most = reading_gates(ReadingSizes(**sizes), alternating=alternating), time + 46 * (m + 2) * size * size
    case.lemma("a round", every(gates >= 0, gates <= most))
    grows(case, taken, gates, (2 if alternating else 1) * m * (n + 1), most)
    case.show("in all rounds", taken * gates <= reading_time(m, n, time, size, both=not alternating))


EXTRACTION = (
    "S is at least the bits of a word and one more, the places of an answer, the random bits of a round, and the "
)
READING = "S is at least n + 2, the places of an answer, the bits of m and of n + 1, and those of a prediction"
CLAUSES = (
    (
        "Theorem 2a",
        False,
        "10 m (n + 1)/delta (TIME + 380 S^3)",
        f"{EXTRACTION}bits of b and of m: TIME' is a polynomial in n, m, TIME, 1/delta and, what is not printed, log b "
        "and the places of an answer (E121), of degree 1 in m, TIME and 1/delta, 4 in n, and 3 in the rest",
    ),
    (
        "Lemma 1",
        True,
        "20 m (n + 1)/delta (TIME + 380 S^3)",
        f"{EXTRACTION}bits of b and of m: TIME' is a polynomial in n, m, TIME, 1/delta and, what is not printed, log b "
        "and the places of an answer (E121), of degree 1 in m, TIME and 1/delta, 4 in n, and 3 in the rest",
    ),
    (
        "Lemma 5a",
        False,
        "m (n + 1) (TIME + 46 (m + 2) S^2)",
        f"{READING}: TIME' is a polynomial in n, m, TIME and the places of an answer, of degree 1 in TIME, 2 in m, 3 "
        "in n; the printed 1/delta does not occur (E63)",
    ),
    (
        "Lemma 6",
        True,
        "2 m (n + 1) (TIME + 46 (m + 2) S^2)",
        f"{READING}: TIME' is a polynomial in n, m, TIME and the places of an answer, of degree 1 in TIME, 2 in m, 3 "
        "in n; the printed 1/delta does not occur (E63)",
    ),
)


def _clause(item: str, alternating: bool, bound: str, where: str) -> None:
    """Register the mended clause of an item that simulates a PAC method."""
    reads, id = item in ("Lemma 5a", "Lemma 6"), item.lower().replace(" ", "")

    def time_is_polynomial(rounds: Formula, case: Case) -> None:
        (of_reading if reads else of_extraction)(rounds, case, alternating=alternating)

    time_is_polynomial.__doc__ = (
        f"For every learner of TIME gates, in the printed number of rounds of {item} or fewer, each of the gates that "
        f"{id}.time.round bounds (which is used), A' takes at most {bound} gates, where {where}."
    )
    formula: Formula = printed_rounds if reads else printed_extraction_rounds
    registry().add(
        Obligation(
            id=f"{id}.time",
            paper=item,
            claim=time_is_polynomial,
            erratum=None if reads else "E121",
            of=lambda case: formula,
            twin=lambda case: lambda *numbers, alternating: 2 * formula(*numbers, alternating=alternating),
        )
    )


for _each in CLAUSES:
    _clause(*_each)
