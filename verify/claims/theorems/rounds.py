"""The exact expected rounds of SAMPLE-EXTRACT: against the walk through all batches, against tosses one by one, and under their bounds."""
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.learning.problems import Source, Table, uniform
from constructions.reductions.extract_law import Outcome, alternating_law, by_words, law
from constructions.reductions.sample_extract import VERSIONS, Choice, Extraction, settled, toss
from constructions.theorems.rounds import Ending, Rounds, idle_of
from constructions.theorems.sampling import bound
from verify.case import Case
from verify.obligation import obligation
from verify.verdict import Verdict

F = Fraction
SOURCES = (
    uniform(1, lambda x: x[0], noise=F(1, 3)),
    Table(1, {((0,), 0): F(1, 6), ((0,), 1): F(1, 2), ((1,), 1): F(1, 3)}),
    uniform(2, lambda x: x[0] & x[1], noise=F(1, 5)),
    Table(2, {((0, 1), 1): F(3, 4), ((1, 1), 1): F(1, 8), ((0, 0), 0): F(1, 8)}),
)
Sums = Callable[[Extraction, Source], Fraction]


def _never(theta: Fraction, bits: int) -> Ending:
    return F(0), F(0)


def _small() -> Iterator[dict[str, Any]]:
    return (
        {"source": i, "b": b, "look": look, "alternating": alternating}
        for i, b, look, alternating in product(range(len(SOURCES)), (1, 2, 3), (0, 1), (0, 1))
    )


def _parts(case: Case, *, bits: int | None = None) -> tuple[Extraction, Source]:
    source, b = SOURCES[int(case.integer("source"))], int(case.integer("b"))
    version = VERSIONS["look" if int(case.integer("look")) else "prefix"]
    alternating = bool(int(case.integer("alternating")))
    how = Extraction(n=source.n, b=b, tau=F(1, 100), delta=F(1, 8), version=version, alternating=alternating, bits=bits if b > 1 else None)
    return how, source


def ideal_sum(how: Extraction, source: Source) -> Fraction:
    """Expected rounds with a coin that is decided at once."""
    return Rounds(how, by_words(source), coin=_never).expected(1)


def _forgetful(how: Extraction, source: Source) -> Fraction:
    """The twin's: one round less wherever a label is waited for, one more elsewhere."""
    return ideal_sum(how, source) - (F(1, 2) if how.alternating else F(-1))


@obligation(
    "algorithm1.rounds.exact", paper="Algorithm 1", kind="enumeration", domain=_small, expect=Verdict.CHECKED,
    finite="four sources of 1 or 2 bits, b <= 3, both versions, plain and alternating", of=lambda case: ideal_sum,
    twin=lambda case: _forgetful,
)  # fmt: skip
def sums_agree_with_the_walk(sums: Sums, case: Case) -> None:
    """The sum over how many points go on with 0 and with 1 gives the same expected rounds as the walk through all batches."""
    how, source = _parts(case)
    walked: Outcome = (alternating_law if how.alternating else law)(how.version, source, how.b)
    case.show("the same rounds", sums(how, source) == walked.rounds)


def _coins() -> Iterator[dict[str, Any]]:
    shares = sorted({F(top, bottom) for bottom in range(1, 9) for top in range(bottom + 1)})
    return ({"theta": theta, "bits": bits} for theta, bits in product(shares, (1, 2, 3)))


def tossed(theta: Fraction, bits: int, rounds: int) -> tuple[Fraction, Fraction]:
    """Idle rounds among the first ones, and the chance of an odd number of them, by every string of bits."""
    idle, odd, open_ = F(0), F(0), {theta: F(1)}
    for i in range(1, rounds + 1):
        after: dict[Fraction, Fraction] = {}
        for value, chance in open_.items():
            for string in product((0, 1), repeat=bits):
                choice = toss(Choice(value, (1,), (0,)), string)
                if settled(choice) is None:
                    after[choice.theta] = after.get(choice.theta, F(0)) + chance / 2**bits
        share = sum(after.values(), F(0))
        idle, odd, open_ = idle + share, odd + (share if i % 2 else -share), after
    return idle, odd


@obligation(
    "algorithm1.coin.idle", paper="Algorithm 1", kind="enumeration", domain=_coins, expect=Verdict.CHECKED, erratum="E12",
    finite="w <= 8, 1 to 3 bits a round; an undecided coin is followed for 6 rounds, by then it is undecided with chance 2^(-6 bits)",
    of=lambda case: idle_of, twin=lambda case: lambda theta, bits: idle_of(theta, bits + 1),
)  # fmt: skip
def idle_rounds_are_those_of_tosses(idle: Callable[[Fraction, int], Ending], case: Case) -> None:
    """Expected idle rounds of a coin, and the chance of an odd number, are those of its tosses, up to what six rounds leave open."""
    theta, bits = F(case.real("theta")), int(case.integer("bits"))
    (expected, odd), (seen, seen_odd) = idle(theta, bits), tossed(theta, bits, 6)
    left = F(2, 2 ** (6 * bits)) if theta.denominator & (theta.denominator - 1) else F(0)
    case.show("expected", seen <= expected <= seen + left)
    case.show("odd", abs(odd - seen_odd) <= left)


Bound = Callable[[Extraction], Fraction]


def _bounds() -> Iterator[dict[str, Any]]:
    return (point | {"bits": bits} for point in _small() for bits in (1, 2))


@obligation(
    "theorem2a.rounds.expected", paper="Theorem 2a", kind="enumeration", domain=_bounds, expect=Verdict.CHECKED,
    finite="four sources of 1 or 2 bits, b <= 3, both versions, plain and alternating, 1 or 2 random bits a round",
    of=lambda case: bound,
    twin=lambda case: lambda how: F(how.sure),
)  # fmt: skip
def expected_rounds_are_within_the_bound(most: Bound, case: Case) -> None:
    """With the budgeted coin a sample takes at most the sure rounds, the empty ones of Theorem Z or LOOK and the idle ones of each bit."""
    how, source = _parts(case, bits=int(case.integer("bits")))
    case.show("within", Rounds(how, by_words(source)).expected(3) <= most(how))
