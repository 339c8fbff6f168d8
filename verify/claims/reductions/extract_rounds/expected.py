"""The expected rounds of SAMPLE-EXTRACT: Theorem Z's recursion, sources on which the bounds are sharp, and totals.

Proved here: the recursion gives what the walk over all batches gives (``theorem2a.z.recursion``); limits that leave no
room in the bounds (``theorem2a.z.sharp``, ``theorem2a.look.sharp``); the totals are below the printed ones
(``theorem2a.count``), and asking on one label at a time doubles them at most (``lemma1.count``).
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import every, select
from constructions.foundations.symbols import symbol, to_sympy
from constructions.foundations.terms import REAL, variable
from constructions.learning.problems import Bits
from constructions.reductions.extract_bounds import look_bound, theorem_z
from constructions.reductions.extract_law import law
from constructions.reductions.extract_rounds import empty_by_recursion
from constructions.reductions.one_bit import LOOK, PREFIX
from verify.claims.reductions.extract_law.random_sources import RANDOM, random_masses, random_sizes
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

with loaded_when_used(__name__):
    import sympy


@obligation(
    "theorem2a.z.recursion",
    paper="Theorem 2a",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=lambda case: empty_by_recursion,
    twin=lambda case: lambda masses, b: empty_by_recursion(masses, b + 1),
)
def recursion_is_the_walk(recursion: Callable[..., Fraction], case: Case) -> None:
    """For each random source of the finite case, the recursion of Theorem Z, which uses only the chances P0 = (1-p)^b
    and P1 = bp(1-p)^(b-1) of each prefix, gives the same expected empty rounds as the walk over all batches."""
    width, b = int(case.integer("width")), int(case.integer("b"))
    masses = random_masses(int(case.integer("seed")), width)
    case.equal("empty rounds", recursion(masses, b), law(PREFIX, masses, b).empty)


def comb_masses(width: int, e: Number) -> dict[Bits, Number]:
    """Independent bits, each 1 with probability e: nearly all mass on the word of zeros."""
    found: dict[Bits, Number] = {}
    for word in product((0, 1), repeat=width):
        mass: Number = 1
        for bit in word:
            mass = mass * (e if bit else 1 - e)
        found[word] = mass
    return found


def limit(value: Number) -> Fraction:
    """The value of a rational function of e at e = 0."""
    top, bottom = sympy.fraction(sympy.cancel(to_sympy(value)))
    e = symbol("e")
    ratio = sympy.Rational(top.subs(e, 0), bottom.subs(e, 0))
    return Fraction(int(ratio.p), int(ratio.q))


def _sizes(sizes: Sequence[int]) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: iter([{"n": Fraction(n)} for n in sizes])


@obligation(
    "theorem2a.z.sharp",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_sizes((1, 2)),
    finite="n <= 2",
    expect=Verdict.CHECKED,
    of=lambda case: 2,
    twin=lambda case: 3,
)
def three_halves_is_sharp(b: int, case: Case) -> None:
    """With batches of b = 2 points from a source whose bits are independent and 1 with probability e, the expected
    rounds tend to (3n + 2)/2 as e tends to 0, which is all that Theorem Z allows for."""
    n, e = int(case.integer("n")), variable("e", REAL)
    case.equal("the limit", limit(law(PREFIX, comb_masses(n + 1, e), b).rounds), Fraction(3 * n + 2, 2))


@obligation(
    "theorem2a.look.sharp",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_sizes((0, 1, 2, 3)),
    finite="n <= 3, b = 2",
    expect=Verdict.CHECKED,
    of=lambda case: 2,
    twin=lambda case: 1,
)
def look_takes_all_rounds_on_one_point(b: int, case: Case) -> None:
    """From a source that has all its mass on one point, LOOK takes exactly n + 1 rounds if b >= 2."""
    n = int(case.integer("n"))
    case.equal("rounds", law(LOOK, {(0,) * (n + 1): Fraction(1)}, b).rounds, n + 1)


@obligation(
    "theorem2a.count",
    paper="Theorem 2a, Lemma 1",
    of=lambda case: theorem_z,
    twin=lambda case: lambda r, p, b: 2 * theorem_z(r, p, b),
    needs=("theorem2a.z.sign", "theorem2a.look.bound"),
)
def rounds_fit_in_the_printed_ones(empty: Callable[..., Number], case: Case) -> None:
    """For all n >= 1, b >= 1 and delta <= 1, the rounds for each sample (those that every sample needs, plus the
    expected empty ones divided by delta) are at most 3(n+1)/(2 delta), for the prefix version and for LOOK. With
    queries on one label at a time they are at most 3(n+1)/delta for the prefix version and 4(n+1)/delta for LOOK. The
    paper's bounds are 10(n+1)/delta and 20(n+1)/delta."""
    n, b, inverse, share = case.integer("n"), case.integer("b"), case.real("1/delta"), case.real("1/b")
    case.assume(n >= 1, b >= 1, inverse >= 1, share * b == 1)
    once = Fraction(1)
    case.lemma("1/b is at most 1", share <= 1)
    case.lemma("products", every(n * inverse >= n, share * inverse <= inverse))
    case.show("prefix", n + 1 + empty(n + 1, once, b) * inverse <= Fraction(3, 2) * (n + 1) * inverse)
    case.show("look", n + 1 + look_bound(0 * once) * inverse <= Fraction(3, 2) * (n + 1) * inverse)
    case.show("prefix by turns", 2 * n + 1 + 2 * (empty(n, once, b) + share) * inverse <= 3 * (n + 1) * inverse)
    case.show("look by turns", 2 * n + 1 + 2 * (look_bound(0 * once) + share) * inverse <= 4 * (n + 1) * inverse)


@obligation("lemma1.count", paper="Lemma 1", kind="induction", of=lambda case: 0, twin=lambda case: 1)
def turns_double_the_rounds(lost: int, case: Case) -> None:
    """A sample that takes T rounds by itself takes at most 2T - 1 rounds if queries are on one label at a time,
    whichever label the first of them has: one for the label, one more if the label is not that of the round, and two
    for each further round but the last. So, by induction over the samples, m samples take at most twice their
    rounds."""
    own, agrees = case.integer("T"), case.bit("the label is the round's")
    case.assume(own >= 1)

    def taken(s: State) -> Number:
        other = select(s["T"] >= 2, 2 + 2 * (s["T"] - 2), Fraction(1))
        return select(s["agrees"], 1 + 2 * (s["T"] - 1), other) + lost

    sample: State = {"T": own, "agrees": agrees}
    case.lemma("one sample", taken(sample) <= 2 * own - 1)
    state = {"m": case.integer("m"), "own": case.real("own rounds"), "all": case.real("all rounds")}
    run = case.induction(
        "over the samples",
        state=state,
        start={"m": Fraction(0), "own": Fraction(0), "all": Fraction(0)},
        inputs=sample,
        advance=lambda s: {"m": s["m"] + 1, "own": s["own"] + s["T"], "all": s["all"] + taken(s)},
        holds=lambda s: every(s["m"] >= 0, s["all"] <= 2 * s["own"] - s["m"]),
    )
    at = case.reached(run)
    case.show("at most twice the rounds", at["all"] <= 2 * at["own"] - at["m"])
