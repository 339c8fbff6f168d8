"""The exact expected rounds of SAMPLE-EXTRACT: against the walk through all batches, against tosses one by one, and
under their bounds."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.learning.problems import Source, Table, uniform
from constructions.reductions.extract_law import ExtractionLaw, alternating_law, by_words, law
from constructions.reductions.one_bit import VERSIONS, NextPrefix, settled, toss
from constructions.reductions.sample_extract import Extraction
from constructions.theorems.rounds import Coin, Rounds, at_once, with_bits
from constructions.theorems.sampling import bound
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
SOURCES = (
    uniform(1, lambda x: x[0], noise=F(1, 3)),
    Table(1, {((0,), 0): F(1, 6), ((0,), 1): F(1, 2), ((1,), 1): F(1, 3)}),
    uniform(2, lambda x: x[0] & x[1], noise=F(1, 5)),
    Table(2, {((0, 1), 1): F(3, 4), ((1, 1), 1): F(1, 8), ((0, 0), 0): F(1, 8)}),
)
Sums = Callable[[Extraction, Source], Fraction]


def _small() -> Iterator[dict[str, Any]]:
    """Every source with every form of extraction, at small batch sizes."""
    return (
        {"source": i, "b": b, "look": look, "alternating": alternating}
        for i, b, look, alternating in product(range(len(SOURCES)), (1, 2, 3), (0, 1), (0, 1))
    )


def _parts(case: Case, *, bits: int | None = None) -> tuple[Extraction, Source]:
    """The extraction and the source that a case is about."""
    source, b = SOURCES[int(case.integer("source"))], int(case.integer("b"))
    version = VERSIONS["look" if int(case.integer("look")) else "prefix"]
    alternating = bool(int(case.integer("alternating")))
    how = Extraction(
        n=source.n,
        b=b,
        tau=F(1, 100),
        delta=F(1, 8),
        version=version,
        alternating=alternating,
        bits=bits if b > 1 else None,
    )
    return how, source


def ideal_sum(how: Extraction, source: Source) -> Fraction:
    """Expected rounds with a coin that is decided at once."""
    return Rounds(how, by_words(source), coin=at_once).expected(1)


def _forgetful(how: Extraction, source: Source) -> Fraction:
    """The twin's: one round less wherever a label is waited for, one more elsewhere."""
    return ideal_sum(how, source) - (F(1, 2) if how.alternating else F(-1))


@obligation(
    "algorithm1.rounds.exact",
    paper="Algorithm 1",
    kind="enumeration",
    domain=_small,
    expect=Verdict.CHECKED,
    finite="four sources of 1 or 2 bits, b <= 3, both versions, plain and alternating",
    of=lambda case: ideal_sum,
    twin=lambda case: _forgetful,
)
def sums_agree_with_the_walk(sums: Sums, case: Case) -> None:
    """For each source and form of extraction of the finite case, the expected rounds that are computed as a sum over
    how many points of a batch continue a prefix with 0 and with 1 are those of the walk through all batches."""
    how, source = _parts(case)
    walked: ExtractionLaw = (alternating_law if how.alternating else law)(how.version, source, how.b)
    case.show("the same rounds", sums(how, source) == walked.rounds)


def _coins() -> Iterator[dict[str, Any]]:
    shares = sorted({F(top, bottom) for bottom in range(1, 9) for top in range(bottom + 1)})
    return ({"theta": theta, "bits": bits} for theta, bits in product(shares, (1, 2, 3)))


def tossed(theta: Fraction, bits: int, rounds: int) -> Coin:
    """What becomes of a coin in its first rounds, by every string of bits."""
    idle, sides, open_ = F(0), dict.fromkeys(product((1, 0), (False, True)), F(0)), {theta: F(1)}
    for i in range(rounds):
        after: dict[Fraction, Fraction] = {}
        for (value, chance), string in product(open_.items(), product((0, 1), repeat=bits)):
            choice = toss(NextPrefix(value, (1,), (0,)), string)
            side = settled(choice)
            if side is None:
                after[choice.theta] = after.get(choice.theta, F(0)) + chance / 2**bits
            else:
                sides[side[0], i % 2 == 1] += chance / 2**bits
        idle, open_ = idle + sum(after.values(), F(0)), after
    return Coin(idle, sides)


def _unrelated(theta: Fraction, bits: int) -> Coin:
    """The twin's: the side is taken not to depend on the number of rounds."""
    found = with_bits(theta, bits)
    odd = sum((share for (_, late), share in found.sides.items() if late), F(0))
    return Coin(
        found.idle,
        {(side, late): (theta if side else 1 - theta) * (odd if late else 1 - odd) for side, late in found.sides},
    )


@obligation(
    "algorithm1.coin.idle",
    paper="Algorithm 1",
    kind="enumeration",
    domain=_coins,
    expect=Verdict.CHECKED,
    erratum="E12",
    finite="w <= 8, 1 to 3 bits a round; a coin is followed for 6 rounds, "
    "after which it is undecided with chance 2^(-6 bits) at most",
    of=lambda case: with_bits,
    twin=lambda case: _unrelated,
)
def coins_do_what_their_tosses_do(coin: Callable[[Fraction, int], Coin], case: Case) -> None:
    """For a coin of bias theta and some fresh random bits in each round, the following agrees with the tosses
    themselves, followed for six rounds, up to the chance that the coin is undecided after these: the expected number of
    rounds in which the coin stays undecided, and the chance of each side after an odd and after an even number of such
    rounds. The coin comes up 1 with probability exactly theta."""
    theta, bits = F(case.real("theta")), int(case.integer("bits"))
    found, seen = coin(theta, bits), tossed(theta, bits, 6)
    left = F(2, 2 ** (6 * bits)) if theta.denominator & (theta.denominator - 1) else F(0)
    case.show("idle", seen.idle <= found.idle <= seen.idle + left)
    for side, late in seen.sides:
        share = found.sides.get((side, late), F(0))
        case.show(
            f"side {side}, {'odd' if late else 'even'}",
            seen.sides[side, late] <= share <= seen.sides[side, late] + left,
        )
    case.show("bias", sum((share for (side, _), share in found.sides.items() if side), F(0)) == theta)


Bound = Callable[[Extraction], Fraction]


def _bounds() -> Iterator[dict[str, Any]]:
    return (point | {"bits": bits} for point in _small() for bits in (1, 2))


@obligation(
    "theorem2a.rounds.expected",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_bounds,
    expect=Verdict.CHECKED,
    finite="four sources of 1 or 2 bits, b <= 3, both versions, plain and alternating, 1 or 2 random bits a round",
    of=lambda case: bound,
    twin=lambda case: lambda how: F(how.certain_rounds),
)
def expected_rounds_are_within_the_bound(most: Bound, case: Case) -> None:
    """With the random bits for a coin that the budget provides, the expected rounds for one sample are at most the sum
    of three: the rounds that every sample needs, the empty rounds that Theorem Z (or the bound for LOOK) allows for,
    and the rounds in which a coin stays undecided, for each bit of the sample."""
    how, source = _parts(case, bits=int(case.integer("bits")))
    case.show("within", Rounds(how, by_words(source)).expected(3) <= most(how))
