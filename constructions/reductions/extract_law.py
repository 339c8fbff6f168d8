"""The law of SAMPLE-EXTRACT by exact dynamic programming over prefixes: what is extracted, and after how many rounds, with an ideal coin.

At a prefix the batch matters only through its points that begin with it, so every batch is a multiset of those and of others.
Masses are rationals or symbols.
"""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import comb

import sympy

from constructions.foundations.exact import Number
from constructions.learning.problems import Bits, Source
from constructions.reductions.sample_extract import Version, choice_in_round, empty_rounds, matches, patterns_in_round

Masses = Mapping[Bits, Number]
Law = dict[Bits, Number]


@dataclass(frozen=True, slots=True)
class Outcome:
    """From a prefix: the law of the sample, the expected number of rounds from here on, and of empty rounds among them."""

    law: Law
    rounds: Number
    empty: Number


def by_words(source: Source) -> dict[Bits, Fraction]:
    """The masses of the words (y, x1, ..., xn) of a source."""
    return {(y, *x): mass for (x, y), mass in source.masses()}


def symbolic_masses(width: int) -> dict[Bits, Number]:
    """A symbol for the mass of every word but the last, which gets the rest.

    >>> symbolic_masses(1)
    {(0,): d0, (1,): 1 - d0}
    """
    words = list(product((0, 1), repeat=width))
    symbols = [sympy.Symbol("d" + "".join(map(str, word))) for word in words[:-1]]
    return dict(zip(words, [*symbols, 1 - sum(symbols)], strict=True))


def law(version: Version, source: Source | Masses, b: int) -> Outcome:
    """What a version extracts from batches of b.

    >>> from constructions.learning.problems import uniform
    >>> from constructions.reductions.sample_extract import PREFIX
    >>> found = law(PREFIX, uniform(1, lambda x: x[0]), 2)
    >>> {word: str(mass) for word, mass in found.law.items()}, str(found.rounds)
    ({(0, 0): '1/2', (1, 1): '1/2'}, '7/3')
    """
    return _Walk(version, by_words(source) if isinstance(source, Source) else dict(source), b).at(())


def alternating_law(version: Version, source: Source | Masses, b: int, *, label: int = 1) -> Outcome:
    """The same in the alternating form (Lemma 1), from a round of the given label on."""
    walk = _Walk(version, by_words(source) if isinstance(source, Source) else dict(source), b)
    return walk.follow(walk.steps((), label=label), (), label=label)


def empty_by_recursion(masses: Masses, b: int, s: Bits = ()) -> Number:
    """The expected empty rounds of the prefix version from a prefix on, by the binomial law of the points in it alone."""
    p = sum(mass for word, mass in masses.items() if word[: len(s)] == s)
    if p == 0 or len(s) == len(next(iter(masses))):
        return Fraction(0)
    sides = [(sum(mass for word, mass in masses.items() if word[: len(s) + 1] == (*s, c)) / p, (*s, c)) for c in (0, 1)]
    further = sum(theta * empty_by_recursion(masses, b, side) for theta, side in sides if theta)
    return empty_rounds((1 - p) ** b, b * p * (1 - p) ** (b - 1), further)


class _Walk:
    def __init__(self, version: Version, masses: Masses, b: int) -> None:
        self.version, self.b = version, b
        self.masses = {word: mass for word, mass in masses.items() if mass != 0}
        self.width = len(next(iter(self.masses)))
        self.known: dict[tuple[Bits, int | None], Outcome] = {}

    def steps(self, s: Bits, *, label: int | None) -> Law:
        """The law of the next prefix."""
        inside = [word for word in self.masses if word[: len(s)] == s]
        outside = sum(mass for word, mass in self.masses.items() if word[: len(s)] != s)
        patterns = patterns_in_round(self.version, self.width, s, label=label)
        kinds = [(tuple(int(matches(pattern, word)) for pattern in patterns), self.masses[word]) for word in inside]
        if outside != 0:
            kinds.append(((0,) * len(patterns), outside))
        found: Law = {}
        for counts, probability in _counts(kinds, self.b):
            theta, one, zero = choice_in_round(self.version, self.width, s, counts, self.b, label=label)
            for after, share in ((one, theta), (zero, 1 - theta)):
                if share:
                    found[after] = found.get(after, 0) + probability * as_symbol(share, probability)
        return found

    def at(self, s: Bits, *, label: int | None = None) -> Outcome:
        if len(s) == self.width:
            return Outcome({s: 1}, 0, 0)
        if (s, label) not in self.known:
            self.known[s, label] = self.follow(self.steps(s, label=label), s, label=label)
        return self.known[s, label]

    def follow(self, steps: Law, s: Bits, *, label: int | None) -> Outcome:
        """Solve for the outcome at a prefix: each step takes a round, and in the alternating form one more if it has to wait."""
        stay = steps.pop(s, 0)
        mixed: Law = {}
        rounds, empty = 1 + stay * int(label is not None), stay
        for after, probability in steps.items():
            arrived = self.at(after, label=None if label is None else after[0])
            waits = int(label is not None and len(after) < self.width and after[0] == label)
            rounds, empty = rounds + probability * (arrived.rounds + waits), empty + probability * arrived.empty
            for word, mass in arrived.law.items():
                mixed[word] = mixed.get(word, 0) + probability * mass
        moves = 1 - stay
        return Outcome({word: tidy(mass / moves) for word, mass in sorted(mixed.items())}, tidy(rounds / moves), tidy(empty / moves))


def _counts(kinds: list[tuple[tuple[int, ...], Number]], left: int) -> Iterator[tuple[tuple[int, ...], Number]]:
    """The counts in every batch, as a multiset of kinds of points, with its probability."""
    (row, mass), rest = kinds[0], kinds[1:]
    for taken in range(left, -1, -1) if rest else (left,):
        here, weight = tuple(taken * count for count in row), comb(left, taken) * mass**taken
        for counts, probability in _counts(rest, left - taken) if rest else (((0,) * len(row), 1),):
            yield tuple(a + c for a, c in zip(here, counts, strict=True)), weight * probability


def as_symbol(share: Fraction, beside: Number) -> Number:
    """A rational as sympy's if it stands beside a sympy expression."""
    return sympy.Rational(share.numerator, share.denominator) if isinstance(beside, sympy.Basic) else share


def tidy(value: Number) -> Number:
    """A rational function in lowest terms; any other number as it is."""
    return sympy.cancel(value) if isinstance(value, sympy.Basic) else Fraction(value)
