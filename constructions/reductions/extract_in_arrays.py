"""SAMPLE-EXTRACT (Algorithm 1) for many runs at once, in NumPy arrays: the law of the method, from the same rules.

The words of positive mass are sorted, so that the words that begin with a prefix are a stretch of them, from ``low``
to ``high``, and those that go on with a 1 begin at ``middle``. A batch is b places in that list; how many of them lie
in the stretch, and how many beyond its middle, are the counts w and w1 of :mod:`constructions.reductions.one_bit`. Any
valid answer decodes to these counts if b tau < 1/2 (the premise of the reduction), so no oracle is asked.

A *lane* is one extraction. What a lane is at is a *node*: an inner one is a proper prefix that some word begins with,
the others are words. Every round follows ``next_prefix_in_round`` and ``toss`` step by step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError
from constructions.learning.array_draws import Integers, RandomWords
from constructions.learning.problems import Bits
from constructions.reductions.one_bit import LOOK
from constructions.reductions.sample_extract import Extraction

MOST_NODES = 1_000_000
MOST_DRAWN = 2**20


@dataclass(frozen=True, slots=True)
class PrefixTree:
    """The prefixes of the words of a source, as stretches of the sorted words; the empty one is node 0.

    Parameters
    ----------
    low, middle, high : where the stretch of an inner node begins, where a 1 follows, and where it ends.
    zero, one : the nodes after a 0 and a 1; the word number i is the node ``size`` + i; -1 if no word goes on so.
    labels : the first bit of each inner node's prefix, -1 at the empty one.

    >>> tree = PrefixTree.of([(0, 0), (1, 0), (1, 1)])
    >>> tree.size, tree.zero.tolist(), tree.one.tolist()
    (3, [1, 3, 4], [2, -1, 5])
    """

    low: Integers
    middle: Integers
    high: Integers
    zero: Integers
    one: Integers
    labels: Integers

    @property
    def size(self) -> int:
        """How many inner nodes there are."""
        return len(self.low)

    @classmethod
    def of(cls, words: Sequence[Bits]) -> "PrefixTree":
        """The tree of different words of one length, given in order.

        Raises
        ------
        ConstructionError
            For words out of order, and for more nodes than can be kept.
        """
        if any(a >= b or len(a) != len(b) for a, b in pairwise(words)):
            raise ConstructionError("need different words of one length in order, got others")
        if len(words) * len(words[0]) > MOST_NODES:
            raise ConstructionError(f"need at most {MOST_NODES} prefixes, got {len(words)} words of {len(words[0])}")
        stretches, rows, labels = [(0, len(words), 0)], list[tuple[int, int, int, int, int]](), list[int]()
        leaves: list[tuple[int, int, int]] = []  # inner node, side, word
        for node, (low, high, depth) in enumerate(stretches):
            middle = next((i for i in range(low, high) if words[i][depth]), high)
            after = []
            for side, (begin, end) in enumerate(((low, middle), (middle, high))):
                ends = depth + 1 == len(words[0])
                after.append(len(stretches) if begin < end and not ends else -1)
                if begin < end and ends:
                    leaves.append((node, side, begin))
                elif begin < end:
                    stretches.append((begin, end, depth + 1))
            rows.append((low, middle, high, after[0], after[1]))
            labels.append(words[low][0] if depth else -1)
        table = np.array(rows, dtype=np.int64).T.copy()
        for node, side, word in leaves:
            table[3 + side, node] = len(rows) + word
        return cls(table[0], table[1], table[2], table[3], table[4], np.array(labels, dtype=np.int64))


@dataclass(slots=True)
class _Lanes:
    """What the lanes are at: their number, their node, whether the round is odd, and an undecided coin of bias
    ``top`` / ``bottom`` between two nodes (bottom 0: no coin)."""

    number: Integers
    node: Integers
    odd: Integers
    top: Integers
    bottom: Integers
    zero: Integers
    one: Integers

    def only(self, kept: Integers) -> "_Lanes":
        return _Lanes(*(getattr(self, name)[kept] for name in _Lanes.__slots__))


@dataclass(frozen=True, slots=True)
class ManyExtractions:
    """Extractions from one source.

    Parameters
    ----------
    how : the extraction. tree : the prefixes of the words. ends : the sums of the words' masses up to each, as
        integers over the last. most : after so many rounds a lane is given up.

    >>> from fractions import Fraction
    >>> from constructions.reductions.one_bit import PREFIX
    >>> how = Extraction(n=1, b=2, tau=Fraction(1, 8), delta=Fraction(1, 8), version=PREFIX)
    >>> many = ManyExtractions.of(how, [(0, 0), (1, 1)], masses=[1, 3], most=50)
    >>> words, rounds = many.extract(RandomWords("1"), odd=np.ones(1000, np.int64))
    >>> abs(float(words.mean()) - 3 / 4) < 1 / 20, int(rounds.min())  # the word number 1 has mass 3/4
    (True, 2)
    """

    how: Extraction
    tree: PrefixTree
    ends: Integers
    most: int

    @classmethod
    def of(cls, how: Extraction, words: Sequence[Bits], masses: Sequence[int], most: int) -> "ManyExtractions":
        """Extractions from words in order, with their masses as integers, in at most ``most`` rounds."""
        return cls(how, PrefixTree.of(words), np.cumsum(np.array(masses, dtype=np.int64)), most)

    def drawn(self, source: RandomWords, shape: tuple[int, int]) -> Integers:
        """An array of this shape of independent words, by their numbers, drawn with a source of random words."""
        return np.searchsorted(self.ends, source.below(int(self.ends[-1]), shape), side="right")

    def extract(self, source: RandomWords, odd: Integers) -> tuple[Integers, Integers]:
        """One sample a lane.

        Parameters
        ----------
        odd : for each lane, 1 if its first round asks about label 1 (of the alternating form).

        Returns
        -------
        The number of the word that each lane extracts, and its rounds; 0 and ``most`` + 1 for a lane given up.
        """
        words, rounds = np.zeros_like(odd), np.full_like(odd, self.most + 1)
        at_once = max(1, MOST_DRAWN // self.how.b)
        for begin in range(0, len(odd), at_once):
            lanes = slice(begin, begin + at_once)
            words[lanes], rounds[lanes] = self._extract(source, odd[lanes])
        return words, rounds

    def _extract(self, source: RandomWords, odd: Integers) -> tuple[Integers, Integers]:
        words, rounds = np.zeros_like(odd), np.full_like(odd, self.most + 1)
        nothing = [np.zeros_like(odd) for _ in range(5)]
        lanes = _Lanes(np.arange(len(odd)), nothing[0], odd.copy(), *nothing[1:])
        for t in range(1, self.most + 1):
            if not lanes.number.size:
                break
            self._ask(lanes, source)
            self._toss(lanes, source)
            self._move(lanes)
            done = lanes.node >= self.tree.size
            words[lanes.number[done]] = lanes.node[done] - self.tree.size
            rounds[lanes.number[done]] = t
            lanes = lanes.only(np.flatnonzero(~done))
        return words, rounds

    def _ask(self, lanes: _Lanes, source: RandomWords) -> None:
        """Put a coin, or a certain choice, wherever a lane has none and the round asks about its label."""
        tree, asks = self.tree, lanes.bottom == 0
        if self.how.alternating:
            label = tree.labels[lanes.node]
            asks &= (label < 0) | (label == lanes.odd)
        index = np.flatnonzero(asks)
        node = lanes.node[index]
        batch = self.drawn(source, (len(index), self.how.b))
        inside = (batch >= tree.low[node, None]) & (batch < tree.high[node, None])
        above = inside & (batch >= tree.middle[node, None])
        w, w1 = inside.sum(axis=1), above.sum(axis=1)
        zero, one = tree.zero[node], tree.one[node]
        looks = (node > 0) if self.how.alternating else np.ones(len(node), dtype=bool)
        alone, alone_above = (batch * inside).sum(axis=1), (batch * above).sum(axis=1)
        if self.how.version is LOOK:
            zero = np.where(looks & (w - w1 == 1), tree.size + alone - alone_above, zero)
            one = np.where(looks & (w1 == 1), tree.size + alone_above, one)
        else:
            read = looks & (w == 1)
            zero, one = np.where(read, tree.size + alone, zero), np.where(read, tree.size + alone, one)
        empty = w == 0
        lanes.zero[index], lanes.one[index] = np.where(empty, node, zero), np.where(empty, node, one)
        lanes.top[index], lanes.bottom[index] = np.where(empty, 0, w1), np.where(empty, 1, w)

    def _toss(self, lanes: _Lanes, source: RandomWords) -> None:
        """Compare the round's random bits with the digits of every coin that is undecided."""
        for _ in range(self.how.coin_bits):
            index = np.flatnonzero(_undecided(lanes))
            bit, bottom = source.below(2, len(index)), lanes.bottom[index]
            digit, rest = np.divmod(2 * lanes.top[index], np.maximum(bottom, 1))
            lanes.top[index] = np.where(bit == digit, rest, np.where(bit < digit, bottom, 0))

    def _move(self, lanes: _Lanes) -> None:
        """Go to the next node wherever there is only one, and to the next round."""
        settled = (lanes.bottom > 0) & ~_undecided(lanes)
        goes_zero = (lanes.top == 0) | (lanes.zero == lanes.one)
        lanes.node = np.where(settled, np.where(goes_zero, lanes.zero, lanes.one), lanes.node)
        lanes.bottom = np.where(settled, 0, lanes.bottom)
        lanes.odd = 1 - lanes.odd


def _undecided(lanes: _Lanes) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (lanes.top > 0) & (lanes.top < lanes.bottom) & (lanes.zero != lanes.one)
    return found
