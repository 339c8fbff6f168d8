"""What SAMPLE-EXTRACT returns, as polynomial identities in the masses of small sources.

Proved here: the extracted word has the law of the source (``algorithm1.law``, ``lemma1.law``), which solves the
equations of every round (``.equation``); and with queries on one label at a time the printed rule for the label is
biased, while the repaired one is not (``lemma1.label``).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product

from constructions.foundations.exact import Number
from constructions.learning.problems import Bits
from constructions.reductions.extract_law import (
    ExtractionLaw,
    Law,
    alternating_law,
    as_number,
    in_ring,
    law,
    sides_of_the_law,
    steps,
)
from constructions.reductions.one_bit import LOOK, PREFIX, NextPrefix, Version
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

Walk = Callable[[Version, dict[Bits, Number], int], ExtractionLaw]


SIZES = ((1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3))


def with_fair_coin(version: Version) -> Version:
    """The version with a fair coin for one of bias w1/w (the twins')."""

    def choose(width: int, s: Bits, counts: tuple[int, ...], b: int) -> NextPrefix:
        choice = version.choose(width, s, counts, b)
        return choice._replace(theta=Fraction(1, 2)) if 0 < choice.theta < 1 else choice

    return replace(version, choose=choose)


def with_coin_turned(version: Version) -> Version:
    """The version whose coin shows the other side (the twins', where each fact is to fail)."""

    def choose(width: int, s: Bits, counts: tuple[int, ...], b: int) -> NextPrefix:
        choice = version.choose(width, s, counts, b)
        return choice._replace(theta=1 - choice.theta)

    return replace(version, choose=choose)


def taking_two_for_one(version: Version) -> Version:
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
    twin=_walks(law, with_fair_coin(PREFIX)),
    finite="n + 1 <= 2 bits, b <= 3 (1 bit: b <= 4)",
    expect=Verdict.CHECKED,
)
@obligation(
    "algorithm1.law.look",
    paper="Algorithm 1",
    kind="identity",
    of=_walks(law, LOOK),
    twin=_walks(law, with_fair_coin(LOOK)),
    finite="n + 1 <= 2 bits, b <= 3 (1 bit: b <= 4)",
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.law",
    paper="Lemma 1",
    kind="identity",
    of=_walks(alternating_law, PREFIX),
    twin=_walks(alternating_law, taking_two_for_one(PREFIX)),
    finite="n + 1 <= 2 bits, b <= 3 (1 bit: b <= 4)",
    expect=Verdict.CHECKED,
    erratum="E13",
)
@obligation(
    "lemma1.law.look",
    paper="Lemma 1",
    kind="identity",
    of=_walks(alternating_law, LOOK),
    twin=_walks(alternating_law, with_fair_coin(LOOK)),
    finite="n + 1 <= 2 bits, b <= 3 (1 bit: b <= 4)",
    expect=Verdict.CHECKED,
    erratum="E13",
)
def extracted_law_is_the_source(subject: tuple[Walk, Version], case: Case) -> None:
    """With a coin that is decided at once, the word that is extracted from batches of a source D has exactly the law D,
    as an identity in the masses of D."""
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
    twin=_round_of(with_coin_turned(PREFIX), False),
    finite=IN_WORDS,
    expect=Verdict.CHECKED,
)
@obligation(
    "algorithm1.law.equation.look",
    paper="Algorithm 1",
    kind="identity",
    of=_round_of(LOOK, False),
    twin=_round_of(with_coin_turned(LOOK), False),
    finite=IN_WORDS,
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.law.equation",
    paper="Lemma 1",
    kind="identity",
    of=_round_of(PREFIX, True),
    twin=_round_of(with_coin_turned(PREFIX), True),
    finite=IN_WORDS,
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.law.equation.look",
    paper="Lemma 1",
    kind="identity",
    of=_round_of(LOOK, True),
    twin=_round_of(with_coin_turned(LOOK), True),
    finite=IN_WORDS,
    expect=Verdict.CHECKED,
)
def source_solves_the_rounds(moves: Callable[..., Law], case: Case) -> None:
    """At every prefix s and for every word that begins with s, D(word)/D(s) is its own mean over the prefixes to which
    a round at s leads, as a polynomial identity in the masses of D. So D solves the equations that determine the law of
    the extracted word; and as every prefix is left at last, nothing else does. (In the alternating form this is said of
    rounds of the prefix's label; in the others nothing happens.)"""
    for width, b in LARGE:
        given = {word: case.real("D(" + "".join(map(str, word)) + ")") for word in product((0, 1), repeat=width)}
        masses = in_ring(given | {(1,) * width: 1 - sum(list(given.values())[:-1])})
        for s in (word[:here] for here in range(width) for word in masses if not any(word[here:])):
            sides = sides_of_the_law(moves(masses, b, s), masses, s)
            for word in (word for word in masses if word in sides):
                left, right = sides[word]
                case.equal(
                    f"{_text(word)} from {_text(s) or 'the start'} by batches of {b}", as_number(left - right), 0
                )


def _text(word: Bits) -> str:
    return "".join(map(str, word))


def naive_label(p: Number) -> Number:
    """Label 1 by turns at b = 1: in odd rounds a point of label 1 is taken, in even rounds one of label 0, until one
    turns up."""
    return p / (1 - p * (1 - p))


def mended_label(p: Number) -> Number:
    """Label 1 in the alternating form of the prefix version at b = 1."""
    return alternating_law(PREFIX, {(0,): 1 - p, (1,): p}, 1).law.get((1,), 0)


def label_has_its_chance(chance: Callable[[Number], Number], case: Case) -> None:
    """From batches of one point, with queries on one label at a time, the extracted label is 1 with exactly the
    probability p that label 1 has in the source."""
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
