"""What SAMPLE-EXTRACT returns, for every source, word length and batch size, by induction.

Proved here: points of a batch are shared out by mass (``algorithm1.law.shares``, ``.counts``), how often a batch has
none or one of a group (``.missed``), that therefore a prefix inherits the law from its sides (``.step``), and that the
walk over all batches makes the moves of the induction (``.walk``).
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.reductions.extract_law import (
    Law,
    counts_in_batches,
    look_moves,
    mass_of,
    one_more_mean,
    one_more_point,
    prefix_moves,
    steps,
)
from constructions.reductions.one_bit import LOOK, PREFIX, Version
from verify.claims.reductions.extract_law.random_sources import random_masses, random_sizes
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

Growth = tuple[Callable[..., Number], Callable[..., Number]]


def _uncounted(
    p: Number, other: Number, part: Number, here: Number, one_less: Number, other_less: Number, chance: Number
) -> Number:
    """The mean that forgets the new point (the twin's)."""
    return one_more_point(p, other, here, one_less, other_less)


@obligation(
    "algorithm1.law.shares",
    paper="Algorithm 1",
    kind="identity",
    of=lambda case: (one_more_point, one_more_mean),
    twin=lambda case: (one_more_point, _uncounted),
)
def points_are_shared_out(growth: Growth, case: Case) -> None:
    """For every batch size b: on the event that t points of a batch are in one group of points and j in another, the
    mean number of points in a part of the first group is t times the part's share of the group's mass. The proof is by
    induction over b. So, given the number of points at a prefix, a side is picked with its share of the prefix's mass
    (and so is a side with its only point), and a lone point is each word with the word's share."""
    chance, mean = growth
    p, other, share, t = case.real("p"), case.real("other"), case.real("share"), case.real("t")
    here, one_less, other_less = case.real("P(t,j)"), case.real("P(t-1,j)"), case.real("P(t,j-1)")
    means = (t * share * here, (t - 1) * share * one_less, t * share * other_less)
    case.equal("no points", 0 * share * here, 0)
    after = chance(p, other, here, one_less, other_less)
    case.equal("one more point", mean(p, other, share * p, *means, one_less), t * share * after)


@obligation(
    "algorithm1.law.counts",
    paper="Algorithm 1",
    kind="identity",
    of=lambda case: (one_more_point, one_more_mean),
    twin=lambda case: (one_more_point, _uncounted),
    finite="b <= 5, all t and j",
    expect=Verdict.CHECKED,
)
def chances_grow_with_the_batch(growth: Growth, case: Case) -> None:
    """For each batch size of the finite case, the chances and means that the induction over the batch size gives are
    those of the batches over which the walk goes."""
    p, other, part = case.real("p"), case.real("other"), case.real("part")
    kinds = [((1, 0, 1), part), ((1, 0, 0), p - part), ((0, 1, 0), other), ((0, 0, 0), 1 - p - other)]
    for b in range(5):
        (before, means), (after, grown) = _by_counts(kinds, b), _by_counts(kinds, b + 1)
        for t, j in product(range(b + 2), repeat=2):
            at = [(t, j), (t - 1, j), (t, j - 1)]
            chances = [before.get(place, 0) for place in at]
            case.equal(f"chance of {t} and {j} of {b + 1}", growth[0](p, other, *chances), after.get((t, j), 0))
            found = growth[1](p, other, part, *(means.get(place, 0) for place in at), chances[1])
            case.equal(f"mean with {t} and {j} of {b + 1}", found, grown.get((t, j), 0))


def _by_counts(kinds: Any, b: int) -> tuple[dict[Any, Number], dict[Any, Number]]:
    """The chance of every two counts in the walk's batches, and the mean of the third on each."""
    chances: dict[Any, Number] = {}
    means: dict[Any, Number] = {}
    for (t, j, inside), probability in counts_in_batches(kinds, b):
        chances[t, j] = chances.get((t, j), 0) + probability
        means[t, j] = means.get((t, j), 0) + inside * probability
    return chances, means


@obligation(
    "algorithm1.law.missed",
    paper="Algorithm 1",
    kind="induction",
    of=lambda case: one_more_point,
    twin=lambda case: lambda p, other, here, one_less, other_less: one_more_point(p, other, here, here, other_less),
)
def chances_of_none_and_one(chance: Callable[..., Number], case: Case) -> None:
    """For every b, a batch of b points has no point in a group of mass p with probability (1-p)^b, and exactly one with
    probability b p (1-p)^(b-1)."""
    p = case.real("p")
    case.assume(p >= 0, p <= 1)
    state = {"b": case.integer("b"), "q": case.real("q"), "none": case.real("none"), "one": case.real("one")}
    zero = Fraction(0)
    case.induction(
        "over b",
        state=state,
        start={"b": Fraction(1), "q": Fraction(1), "none": 1 - p, "one": p},
        inputs={},
        advance=lambda s: {
            "b": s["b"] + 1,
            "q": s["q"] * (1 - p),
            "none": chance(p, zero, s["none"], zero, zero),
            "one": chance(p, zero, s["one"], s["none"], zero),
        },
        holds=lambda s: every(s["none"] == s["q"] * (1 - p), s["one"] == s["b"] * p * s["q"]),
    )


Moves = Callable[[Number, Number, Number, Number], tuple[Number, Number]]


def _half(moves: Moves) -> Moves:
    """The moves with a fair coin (the twins')."""
    return lambda missed, alone, theta, share: (
        moves(missed, alone, theta, share)[0],
        moves(missed, alone, Fraction(1, 2), share)[1],
    )


@obligation(
    "algorithm1.law.step",
    paper="Algorithm 1, Lemma 1",
    kind="identity",
    of=lambda case: prefix_moves,
    twin=lambda case: _half(prefix_moves),
    needs=("algorithm1.law.shares", "algorithm1.law.missed"),
)
@obligation(
    "algorithm1.law.step.look",
    paper="Algorithm 1, Lemma 1",
    kind="identity",
    of=lambda case: look_moves,
    twin=lambda case: _half(look_moves),
    needs=("algorithm1.law.shares", "algorithm1.law.missed"),
)
def law_is_inherited(moves: Moves, case: Case) -> None:
    """If each side of a prefix returns every word with the word's share of the side, then the prefix returns it with
    its share of the prefix: the chance that the word is read off as a lone point, plus the chance that the walk goes on
    with its side times its share there, divided by the chance not to miss the prefix. This holds whatever n, b and D
    are; so the start returns every word with its mass."""
    missed, alone, theta, share = (case.real(name) for name in ("missed", "alone", "theta", "share"))
    read, on = moves(missed, alone, theta, share)
    case.equal("the share", (read + on * (share / theta)) / (1 - missed), share)
    label, grown = moves(Fraction(0), Fraction(0), theta, share)
    case.equal("the label by turns", label + grown, theta)


@obligation(
    "algorithm1.law.walk",
    paper="Algorithm 1",
    kind="enumeration",
    domain=lambda: random_sizes(),
    expect=Verdict.CHECKED,
    finite="48 random rational sources, n + 1 <= 3 bits, b <= 5",
    of=lambda case: (PREFIX, prefix_moves, alone_in_prefix),
    twin=lambda case: (PREFIX, prefix_moves, alone_of_side),
)
@obligation(
    "algorithm1.law.walk.look",
    paper="Algorithm 1",
    kind="enumeration",
    domain=lambda: random_sizes(),
    expect=Verdict.CHECKED,
    finite="48 random rational sources, n + 1 <= 3 bits, b <= 5",
    of=lambda case: (LOOK, look_moves, alone_of_side),
    twin=lambda case: (LOOK, look_moves, alone_in_prefix),
)
def walk_makes_these_moves(subject: tuple[Version, Moves, Callable[..., Fraction]], case: Case) -> None:
    """At every prefix of positive mass p, the walk over all batches of b points misses the prefix with probability
    (1-p)^b, and otherwise makes the moves of the induction with their probabilities."""
    version, moves, alone = subject
    width, b = int(case.integer("width")), int(case.integer("b"))
    masses = random_masses(int(case.integer("seed")), width)
    right = []
    for s in (word[:here] for here in range(width) for word in masses if not any(word[here:])):
        p = mass_of(masses, s)
        found = steps(version, masses, b, s) if p else {}
        missed = (1 - p) ** b
        wanted: Law = {s: missed} if missed and p else {}
        for word in (word for word in masses if p and masses[word] and word[: len(s)] == s):
            side, theta = word[: len(s) + 1], mass_of(masses, word[: len(s) + 1]) / p
            read, on = moves(missed, alone(theta, p, b), theta, masses[word] / p)
            wanted |= {word: read + on} if side == word else {word: read, side: on}
        right.append({a: m for a, m in found.items() if m} == {a: m for a, m in wanted.items() if m})
    case.show("from every prefix", every(*right))


def alone_in_prefix(theta: Fraction, p: Fraction, b: int) -> Fraction:
    """The chance that the batch has one point at a prefix of mass p."""
    return b * p * (1 - p) ** (b - 1)


def alone_of_side(theta: Fraction, p: Fraction, b: int) -> Fraction:
    """The chance that a side of share theta is picked with one point on it."""
    return alone_in_prefix(theta, p, b) if theta == 1 else theta * ((1 - theta * p) ** b - (1 - p) ** b) / (1 - theta)
