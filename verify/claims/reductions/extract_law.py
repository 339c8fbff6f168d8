"""What SAMPLE-EXTRACT returns and after how many rounds: symbolically in the masses of small sources, and on
rational ones."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.learning.problems import Bits
from constructions.reductions.extract_law import (
    ExtractionLaw,
    Law,
    alternating_law,
    as_number,
    counts_in_batches,
    in_ring,
    law,
    look_moves,
    mass_of,
    one_more_mean,
    one_more_point,
    prefix_moves,
    sides_of_the_law,
    steps,
)
from constructions.reductions.one_bit import LOOK, PREFIX, NextPrefix, Version
from constructions.reductions.sample_extract import Extraction
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

Walk = Callable[[Version, dict[Bits, Number], int], ExtractionLaw]
SIZES = ((1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3))


def _fair(version: Version) -> Version:
    """The version with a fair coin for one of bias w1/w (the twins')."""

    def choose(width: int, s: Bits, counts: tuple[int, ...], b: int) -> NextPrefix:
        choice = version.choose(width, s, counts, b)
        return choice._replace(theta=Fraction(1, 2)) if 0 < choice.theta < 1 else choice

    return replace(version, choose=choose)


def _one_short(version: Version) -> Version:
    """The version that takes a prefix with two points for one with a single point (the twins')."""

    def choose(width: int, s: Bits, counts: tuple[int, ...], b: int) -> NextPrefix:
        seen = (1, *(min(count, 1) for count in counts[1:])) if s and counts[0] == 2 else counts
        return version.choose(width, s, seen, b)

    return replace(version, choose=choose)


def _walks(walk: Walk, version: Version) -> Callable[[Case], tuple[Walk, Version]]:
    return lambda case: (walk, version)


def _masses(case: Case, width: int) -> dict[Bits, Number]:
    """A variable for the mass of every word but the last, which gets the rest."""
    words = list(product((0, 1), repeat=width))
    given = [case.real("D(" + "".join(map(str, word)) + ")") for word in words[:-1]]
    return dict(zip(words, [*given, 1 - sum(given)], strict=True))


@obligation(
    "algorithm1.law",
    paper="Algorithm 1",
    kind="identity",
    of=_walks(law, PREFIX),
    twin=_walks(law, _fair(PREFIX)),
    finite="n + 1 <= 2 bits, b <= 3 (1 bit: b <= 4)",
    expect=Verdict.CHECKED,
)
@obligation(
    "algorithm1.law.look",
    paper="Algorithm 1",
    kind="identity",
    of=_walks(law, LOOK),
    twin=_walks(law, _fair(LOOK)),
    finite="n + 1 <= 2 bits, b <= 3 (1 bit: b <= 4)",
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.law",
    paper="Lemma 1",
    kind="identity",
    of=_walks(alternating_law, PREFIX),
    twin=_walks(alternating_law, _one_short(PREFIX)),
    finite="n + 1 <= 2 bits, b <= 3 (1 bit: b <= 4)",
    expect=Verdict.CHECKED,
    erratum="E13",
)
@obligation(
    "lemma1.law.look",
    paper="Lemma 1",
    kind="identity",
    of=_walks(alternating_law, LOOK),
    twin=_walks(alternating_law, _fair(LOOK)),
    finite="n + 1 <= 2 bits, b <= 3 (1 bit: b <= 4)",
    expect=Verdict.CHECKED,
    erratum="E13",
)
def extracted_law_is_the_source(subject: tuple[Walk, Version], case: Case) -> None:
    """With an ideal coin the extracted word has the law D, as an identity in the masses of D."""
    walk, version = subject
    for width, b in SIZES:
        masses = _masses(case, width)
        found = walk(version, masses, b).law
        for word in masses:
            case.equal(f"{''.join(map(str, word))} from batches of {b}", found.get(word, 0), masses[word])


LARGE = (
    *((1, b) for b in range(1, 11)),
    *((2, b) for b in (*range(1, 7), 9)),
    *((3, b) for b in range(1, 5)),
    (4, 1),
    (4, 2),
)
IN_WORDS = "n + 1 = 1 (b <= 10), 2 (b <= 6 and 9), 3 (b <= 4) and 4 bits (b <= 2)"


def _round_of(version: Version, alternates: bool) -> Callable[[Case], Callable[..., Law]]:
    """The law of a round at a prefix; in the alternating form, in a round of the prefix's label (at the empty one of
    label 1)."""

    def moves(masses: dict[Bits, Number], b: int, s: Bits) -> Law:
        return steps(version, masses, b, s, label=(s or (1,))[0] if alternates else None)

    return lambda case: moves


@obligation(
    "algorithm1.law.equation",
    paper="Algorithm 1",
    kind="identity",
    of=_round_of(PREFIX, False),
    twin=_round_of(_fair(PREFIX), False),
    finite=IN_WORDS,
    expect=Verdict.CHECKED,
)
@obligation(
    "algorithm1.law.equation.look",
    paper="Algorithm 1",
    kind="identity",
    of=_round_of(LOOK, False),
    twin=_round_of(_fair(LOOK), False),
    finite=IN_WORDS,
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.law.equation",
    paper="Lemma 1",
    kind="identity",
    of=_round_of(PREFIX, True),
    twin=_round_of(_one_short(PREFIX), True),
    finite=IN_WORDS,
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.law.equation.look",
    paper="Lemma 1",
    kind="identity",
    of=_round_of(LOOK, True),
    twin=_round_of(_fair(LOOK), True),
    finite=IN_WORDS,
    expect=Verdict.CHECKED,
)
def source_solves_the_rounds(moves: Callable[..., Law], case: Case) -> None:
    """At every prefix s, D(word)/D(s) is its mean over the prefixes to which a round leads, as a polynomial identity in
    the masses of D: so D solves the equations of what is extracted, and as every prefix is left at last, nothing else
    does. (In the alternating form nothing happens in rounds of the other label.)"""
    for width, b in LARGE:
        given = {word: case.real("D(" + "".join(map(str, word)) + ")") for word in product((0, 1), repeat=width)}
        masses = in_ring(given | {(1,) * width: 1 - sum(list(given.values())[:-1])})
        for s in (word[:here] for here in range(width) for word in masses if not any(word[here:])):
            found = moves(masses, b, s)
            for word in masses:
                if word[: len(s)] == s:
                    left, right = sides_of_the_law(found, masses, s, word)
                    case.equal(
                        f"{_text(word)} from {_text(s) or 'the start'} by batches of {b}", as_number(left - right), 0
                    )


def _text(word: Bits) -> str:
    return "".join(map(str, word))


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
    """Of t points in a group, j in another, the mean number in a part of the group is its share times t, whatever b: by
    induction over b, as a sum over the batch of the indicator of t and j. So a side is picked with its share of the
    prefix's mass, given w (and so are a side and its only point), and a lone point is each word with its share. With no
    point at all both sides are 0."""
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
    """The chances and means of the induction are those of the walk's batches."""
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
    """For every b a batch has no point in a group of mass p with chance (1-p)^b, and one with chance b p
    (1-p)^(b-1)."""
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
    """If the side of a word returns it with its share of the side, the prefix does with its share of the prefix,
    whatever n, b and D: what is read off and what goes on, over what is not missed. A full side returns itself, so the
    start returns every word with its mass."""
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
    """At every prefix of positive mass the walk over batches misses with (1-p)^b and moves as in the induction."""
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


def naive_label(p: Number) -> Number:
    """Label 1 by turns at b = 1: in odd rounds a point of label 1 is taken, in even rounds one of label 0, until one
    turns up."""
    return p / (1 - p * (1 - p))


def mended_label(p: Number) -> Number:
    """Label 1 in the alternating form of the prefix version at b = 1."""
    return alternating_law(PREFIX, {(0,): 1 - p, (1,): p}, 1).law.get((1,), 0)


def label_has_its_chance(chance: Callable[[Number], Number], case: Case) -> None:
    """With queries on one label at a time the extracted label is 1 with the probability p that it has in the source
    (b = 1)."""
    p = case.real("p")
    case.equal("the label", chance(p), p)


obligation(
    "lemma1.label.printed",
    paper="Lemma 1",
    kind="identity",
    of=lambda case: naive_label,
    expect=Verdict.REFUTED,
    erratum="E13",
)(label_has_its_chance)
obligation(
    "lemma1.label.repaired",
    paper="Lemma 1",
    kind="identity",
    of=lambda case: mended_label,
    twin=lambda case: naive_label,
    erratum="E13",
)(label_has_its_chance)


def random_masses(seed: int, width: int) -> dict[Bits, Fraction]:
    """A rational distribution over words from a seed, very uneven, some masses 0."""
    source = Random(seed)
    weights = [source.choice((0, 1, 1, 3, 20, 400)) for _ in range(2**width)]
    weights[source.randrange(2**width)] += 1
    return {
        word: Fraction(weight, sum(weights))
        for word, weight in zip(product((0, 1), repeat=width), weights, strict=True)
    }


def random_sizes() -> Iterator[dict[str, Any]]:
    for seed, width, b in product(range(4), (1, 2, 3), (1, 2, 3, 5)):
        yield {"seed": Fraction(100 * b + 10 * width + seed), "width": Fraction(width), "b": Fraction(b)}


RANDOM = "48 random rational sources, n + 1 <= 3 bits, b <= 5"


def _scaled(version: Version, alternates: bool, scale: Fraction) -> Callable[[Case], tuple[Version, bool, Fraction]]:
    return lambda case: (version, alternates, scale)


@obligation(
    "theorem2a.law.random",
    paper="Theorem 2a",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=_scaled(PREFIX, False, Fraction(1)),
    twin=_scaled(_fair(PREFIX), False, Fraction(1)),
)
@obligation(
    "theorem2a.law.random.look",
    paper="Theorem 2a",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=_scaled(LOOK, False, Fraction(1)),
    twin=_scaled(LOOK, False, Fraction(9, 10)),
)
@obligation(
    "lemma1.law.random",
    paper="Lemma 1",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=_scaled(PREFIX, True, Fraction(1)),
    twin=_scaled(PREFIX, True, Fraction(2, 3)),
)
@obligation(
    "lemma1.law.random.look",
    paper="Lemma 1",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=_scaled(LOOK, True, Fraction(1)),
    twin=_scaled(_fair(LOOK), True, Fraction(1)),
)
def law_and_rounds_are_as_stated(subject: tuple[Version, bool, Fraction], case: Case) -> None:
    """The extracted word has the law D; empty and all rounds are within the bounds of the budget (LOOK: n + 1 rounds
    in all)."""
    version, alternates, scale = subject
    width, b = int(case.integer("width")), int(case.integer("b"))
    masses = random_masses(int(case.integer("seed")), width)
    found = alternating_law(version, masses, b, label=b % 2) if alternates else law(version, masses, b)
    how = Extraction(n=width - 1, b=b, tau=Fraction(0), delta=Fraction(1), version=version, alternating=alternates)
    case.show("the law", all(found.law.get(word, 0) == mass for word, mass in masses.items()))
    case.show("empty rounds", found.empty * (2 if alternates else 1) <= scale * how.empty_rounds)
    rounds = Fraction(width) if version is LOOK and not alternates else how.certain_rounds + how.empty_rounds
    case.show("rounds", found.rounds <= scale * rounds)
