"""The exact number of rounds that SAMPLE-EXTRACT is expected to take, with its budgeted coin (Algorithm 1, Theorem Z,
LOOK, Lemma 1).

Only the number of points that go to either side of the next bit decides whether a round ends the run, grows the prefix
or is empty. So a prefix is left by a trinomial law, with O(b^2) terms, and the source enters by the masses of its
prefixes. (The law of what is extracted, in :mod:`constructions.reductions.extract_law`, goes through all batches
instead.)
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import comb
from typing import NamedTuple

from constructions.errors import PremiseError
from constructions.learning.problems import Bits
from constructions.reductions.one_bit import NextPrefix, matches, next_prefix_in_round, patterns_in_round, settled
from constructions.reductions.sample_extract import Extraction

MOST_TERMS = 100_000
Ending = tuple[Fraction, Fraction]  # expected rounds; probability that an odd number of rounds passes


class Coin(NamedTuple):
    """What becomes of a coin: the idle rounds that are expected, and the probability of each side after an odd
    number of them or not."""

    idle: Fraction
    sides: Mapping[tuple[int, bool], Fraction]


def at_once(theta: Fraction, bits: int) -> Coin:
    """A coin of bias theta that is decided in the round in which it is tossed, whatever the number of bits.

    >>> found = at_once(Fraction(1, 3), 1)
    >>> str(found.idle), {side: str(share) for side, share in found.sides.items()}
    ('0', {(1, False): '1/3', (0, False): '2/3'})
    """
    return Coin(Fraction(0), {(1, False): theta, (0, False): 1 - theta})


def with_bits(theta: Fraction, bits: int) -> Coin:
    """A coin that is compared with the digits of theta, given the random bits a round.

    In a round it shows 1 if its bits are below the digits, 0 if they are above or the digits end. Which side it shows
    says something about how many rounds it took: with one bit a round, 1/3 = 0.0101... shows 0 in the first, third, ...
    round and 1 in the others.

    >>> found = with_bits(Fraction(1, 3), 1)
    >>> str(found.idle), {side: str(share) for side, share in found.sides.items() if share}
    ('1', {(1, True): '1/3', (0, False): '2/3'})
    """
    if theta in (0, 1):
        return at_once(theta, bits)
    words, rest, open_, idle = 2**bits, theta, Fraction(1), Fraction(0)
    seen: dict[tuple[Fraction, int], int] = {}
    decided: list[tuple[Fraction, Fraction]] = []
    while rest and (rest, len(decided) % 2) not in seen:
        seen[rest, len(decided) % 2] = len(decided)
        digits, rest = divmod(rest * words, 1)
        decided.append((open_ * digits / words, open_ * (words - digits - int(rest > 0)) / words))
        open_ /= words
        idle += open_ if rest else 0
    begin = seen[rest, len(decided) % 2] if rest else len(decided)
    again = 1 / (1 - Fraction(1, words ** (len(decided) - begin))) if rest else Fraction(1)
    sides = {(side, odd): Fraction(0) for side in (1, 0) for odd in (False, True)}
    for i, shares in enumerate(decided):
        for side, share in zip((1, 0), shares, strict=True):
            sides[side, i % 2 == 1] += share * (again if i >= begin else 1)
    return Coin(Fraction(1, words - 1) if rest else idle, sides)


@dataclass
class Rounds:
    """The rounds of one extraction from a source.

    Parameters
    ----------
    how : the extraction. words : the mass of each word (y, x1, ..., xn) of the source.
    coin : what becomes of a coin, given its bias and the random bits a round.
    masses, bits, known : computed from these: the mass of every prefix, the random bits a round, and what is expected
        from each prefix on.

    Raises
    ------
    PremiseError
        For more terms than can be gone through.

    >>> from constructions.reductions.extract_law import by_words
    >>> from constructions.learning.problems import uniform
    >>> from constructions.reductions.one_bit import PREFIX
    >>> how = Extraction(n=1, b=2, tau=Fraction(1, 8), delta=Fraction(1, 8), version=PREFIX)
    >>> Rounds(how, by_words(uniform(1, lambda x: x[0]))).expected(1)
    Fraction(7, 3)
    """

    how: Extraction
    words: Mapping[Bits, Fraction]
    coin: Callable[[Fraction, int], Coin] = with_bits
    masses: dict[Bits, Fraction] = field(init=False, default_factory=dict)
    bits: int = field(init=False, default=0)
    known: dict[tuple[Bits, int | None], Ending] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._within(len(self.words) * self.how.width // 4)
        for word, mass in self.words.items():
            for here in range(len(word) + 1):
                self.masses[word[:here]] = self.masses.get(word[:here], Fraction(0)) + mass
        forks = sum((*s, 0) in self.masses and (*s, 1) in self.masses for s in self.masses)
        self._within((self.how.b + 1) * (len(self.masses) - forks + forks * (self.how.b + 2) // 2))
        self.bits = self.how.coin_bits
        labels = (1, 0) if self.how.alternating else (None,)
        for s in sorted(self.masses, key=len, reverse=True):
            for label in labels if len(s) < self.how.width else ():
                self.at(s, label)

    def _within(self, terms: int) -> None:
        if terms > MOST_TERMS:
            raise PremiseError(
                f"need at most {MOST_TERMS} terms to sum, got {terms}: {len(self.words)} words at b={self.how.b}"
            )

    def expected(self, m: int) -> Fraction:
        """Rounds expected for each of m samples, one after another, on average."""
        if not self.how.alternating:
            return self.at((), None)[0] if m else Fraction(0)
        total, odd = Fraction(0), Fraction(0)  # odd: the next round is an even one, which asks about label 0
        (from_one, turns_one), (from_zero, turns_zero) = self.at((), 1), self.at((), 0)
        for _ in range(m):
            total += (1 - odd) * from_one + odd * from_zero
            odd = (1 - odd) * turns_one + odd * (1 - turns_zero)
        return total / m if m else total

    def at(self, s: Bits, label: int | None) -> Ending:
        """From a prefix in a round of a label (None: about both).

        >>> from constructions.reductions.one_bit import PREFIX
        >>> how = Extraction(n=1, b=1, tau=Fraction(1, 8), delta=Fraction(1, 8), version=PREFIX)
        >>> rounds = Rounds(how, {(0, 0): Fraction(1, 4), (1, 1): Fraction(3, 4)})
        >>> [str(rounds.at(s, None)[0]) for s in ((), (1,), (0,))]  # 3 of 4 points have label 1
        ['1', '4/3', '4']
        """
        if (s, label) not in self.known:
            self.known[s, label] = (
                self._waiting(s, label) if s and label is not None and s[0] != label else self._asking(s, label)
            )
        return self.known[s, label]

    def _waiting(self, s: Bits, label: int | None) -> Ending:
        assert label is not None
        rounds, odd = self.at(s, 1 - label)
        return 1 + rounds, 1 - odd

    def _asking(self, s: Bits, label: int | None) -> Ending:
        bits, rounds, odd, stay = self.bits, Fraction(1), Fraction(0), Fraction(0)
        for chance, choice in self._choices(s, label):
            if settled(choice) == s:
                stay += chance
                continue
            tossed = (at_once if settled(choice) else self.coin)(choice.theta, bits)
            rounds += chance * tossed.idle
            for (side, even), share in tossed.sides.items():
                further, turns = self._after(choice.one if side else choice.zero, label, even) if share else (0, 0)
                rounds += chance * share * further
                odd += chance * share * (turns if even else 1 - turns)
        return self._again(rounds, odd, stay, label)

    def _after(self, s: Bits, label: int | None, even: bool) -> Ending:
        """From the next prefix, after the round that was asked and an even number of rounds in all, or not."""
        if len(s) == self.how.width:
            return Fraction(0), Fraction(0)
        return self.at(s, None if label is None else label if even else 1 - label)

    def _again(self, rounds: Fraction, odd: Fraction, stay: Fraction, label: int | None) -> Ending:
        """An empty round leads back to the same prefix; with labels it takes one more, of the other label."""
        waits = stay * int(label is not None)
        return (rounds + waits) / (1 - stay), odd / (1 - stay)

    def _choices(self, s: Bits, label: int | None) -> Iterator[tuple[Fraction, NextPrefix]]:
        """What a round may lead to, with its probability: i points of the batch go on with 0, j with 1."""
        how, b = self.how, self.how.b
        patterns = patterns_in_round(how.version, how.width, s, label=label)
        sides = [(*s, c, *(0,) * (how.width - len(s) - 1)) for c in (0, 1)]
        zero, one = ([int(matches(pattern, word)) for pattern in patterns] for word in sides)
        p0, p1 = (self.masses.get((*s, c), Fraction(0)) for c in (0, 1))
        for i, j in product(range(b + 1 if p0 else 1), range(b + 1 if p1 else 1)):
            chance = comb(b, i) * comb(b - i, j) * p0**i * p1**j * (1 - p0 - p1) ** max(0, b - i - j)
            if chance:
                counts = tuple(i * a + j * c for a, c in zip(zero, one, strict=True))
                yield chance, next_prefix_in_round(how.version, how.width, s, counts, b, label=label)
