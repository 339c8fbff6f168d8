"""Random draws for many runs at once, in NumPy arrays: uniform integers and draws from a law of integer weights, exact.

No probability is rounded. An integer below a bound is a 64-bit word modulo the bound, where the words of the last,
incomplete stretch are drawn again. A draw from a law compares a uniform number in [0, 1), of which a word is the first
64 binary digits, with the sums of the weights; where these digits leave two outcomes open, more are drawn.

The words are those of PCG64, whose stream NumPy promises to keep, so a seed means the same draws in every version.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import comb

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of

Integers = npt.NDArray[np.int64]
WORD = 64
MOST = 2**62


class RandomWords:
    """A stream of 64-bit words, by the text of its seed.

    >>> words = RandomWords("1, 0")
    >>> bool((words.below(6, (2, 50)) < 6).all()), RandomWords("1, 0").below(6, 3).tolist()
    (True, [4, 2, 5])
    """

    def __init__(self, seed: str) -> None:
        entropy = int(sha256_of(seed.encode()), 16)
        self._bits = np.random.PCG64(np.random.SeedSequence(entropy))

    def words(self, many: int) -> npt.NDArray[np.uint64]:
        """The next words."""
        return np.asarray(self._bits.random_raw(many), dtype=np.uint64)

    def word(self) -> int:
        """The next word."""
        return int(self.words(1)[0])

    def below(self, bound: int, shape: int | tuple[int, ...]) -> Integers:
        """An array of this shape of independent integers, each uniform from 0 to bound - 1.

        Raises
        ------
        ConstructionError
            Unless 1 <= bound <= 2^62.
        """
        if not 1 <= bound <= MOST:
            raise ConstructionError(f"need a bound from 1 to 2^62, got {bound}")
        found = self.words(int(np.prod(shape)))
        last = 2**WORD // bound * bound
        if last < 2**WORD:
            again = np.flatnonzero(found >= np.uint64(last))
            while again.size:
                found[again] = self.words(again.size)
                again = again[found[again] >= np.uint64(last)]
        return (found % np.uint64(bound)).astype(np.int64).reshape(shape)


@dataclass(frozen=True, slots=True)
class Law:
    """The law of a number 0, 1, ...: ``ends`` are the sums of the weights up to each, ``firsts`` the first 64 binary
    digits of all of them over the last, without those that are the last.

    >>> Law.of((1, 0, 3)).draw(RandomWords("5"), 8).tolist()
    [2, 0, 2, 2, 0, 2, 0, 2]
    """

    ends: tuple[int, ...]
    firsts: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, weights: Sequence[int]) -> "Law":
        """The law in which each number is as likely as its weight says.

        Raises
        ------
        ConstructionError
            For a negative weight, and if none is positive.
        """
        ends = tuple(accumulate(weights))
        if not ends or min(weights) < 0 or not ends[-1]:
            raise ConstructionError(f"need weights >= 0, one of them positive, got {len(weights)}")
        firsts = [(end << WORD) // ends[-1] for end in ends if end < ends[-1]]
        return cls(ends, np.array(firsts, dtype=np.uint64))

    def draw(self, source: RandomWords, many: int) -> Integers:
        """So many independent draws from the law, with the words of a source."""
        words = source.words(many)
        found = np.searchsorted(self.firsts, words, side="right").astype(np.int64)
        if self.firsts.size:
            for i in np.flatnonzero((found > 0) & (self.firsts[found - 1] == words)):
                found[i] = self._decided(int(words[i]), source)
        return found

    def _decided(self, digits: int, source: RandomWords) -> int:
        """The number that a uniform number belongs to, from its first 64 binary digits and as many more as it takes."""
        total, places = self.ends[-1], WORD
        while True:
            surely = bisect_right(self.ends, digits * total >> places)
            perhaps = bisect_left(self.ends, -(-(digits + 1) * total >> places))
            if surely == perhaps:
                return surely
            digits, places = digits << WORD | source.word(), places + WORD


def law_of_sum(weights: Mapping[int, int], many: int) -> dict[int, int]:
    """The law of the sum of so many independent numbers of one law, as integer weights by value.

    >>> law_of_sum({0: 1, 1: 1}, 3), law_of_sum({-1: 1, 0: 1, 1: 1}, 2)
    ({0: 1, 1: 3, 2: 3, 3: 1}, {-2: 1, -1: 2, 0: 3, 1: 2, 2: 1})
    """
    if len(weights) == 1:
        ((value, weight),) = weights.items()
        return {value * many: weight**many}
    if len(weights) == 2:
        (low, one), (high, other) = sorted(weights.items())
        return {low * (many - c) + high * c: comb(many, c) * one ** (many - c) * other**c for c in range(many + 1)}
    found, power = {0: 1}, dict(weights)
    while many:
        found = _added(found, power) if many & 1 else found
        many >>= 1
        power = _added(power, power) if many else power
    return dict(sorted(found.items()))


def _added(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for a, x in one.items():
        for b, y in other.items():
            found[a + b] = found.get(a + b, 0) + x * y
    return found
