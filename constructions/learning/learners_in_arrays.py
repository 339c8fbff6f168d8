"""The learners from samples once more, for many samples at once in NumPy arrays.

Each does what the method of the same name in :mod:`constructions.learning.learners` does with every sample of the
array: the same predictions at all points that can occur, as integers over integer denominators.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.exact import rational
from constructions.learning.array_draws import Integers
from constructions.learning.problems import Bits, Predictor

MOST_BITS_OF_WORD = 62


@dataclass(frozen=True, slots=True)
class Samples:
    """Many samples of m points.

    Parameters
    ----------
    points : the points that can occur. bits : the same as an array, a row for each point.
    places : which point each example is, a row for each sample. labels : the labels of the examples, 0 or 1.

    >>> points = [(0, 0), (0, 1), (1, 0), (1, 1)]
    >>> samples = Samples(points, points_in_array(points, 2), places=np.array([[1, 3]]), labels=np.array([[1, 0]]))
    >>> for learn in (all_parities, all_conjunctions, all_decision_lists, all_memorised):
    ...     found = learn(samples)
    ...     print(found.numerators.tolist(), found.denominators.tolist())
    [[0, 1, 1, 0]] [[1, 1, 1, 1]]
    [[0, 1, 0, 0]] [[1, 1, 1, 1]]
    [[1, 1, 0, 0]] [[1, 1, 1, 1]]
    [[1, 1, 1, 0]] [[2, 1, 2, 1]]
    """

    points: Sequence[Bits]
    bits: Integers
    places: Integers
    labels: Integers


@dataclass(frozen=True, slots=True)
class Predictions:
    """What is predicted from each sample (a row) at each point (a column): ``numerators`` over ``denominators``."""

    numerators: Integers
    denominators: Integers

    @classmethod
    def whole(cls, values: Integers) -> "Predictions":
        """Predictions that are integers."""
        return cls(values, np.ones_like(values))


LearnAll = Callable[[Samples], Predictions]


def points_in_array(points: Sequence[Bits], n: int) -> Integers:
    """The n bits of some points, a row for each.

    >>> points_in_array([(0, 1), (1, 1)], 2).tolist()
    [[0, 1], [1, 1]]
    """
    return np.array(points, dtype=np.int64).reshape(len(points), n)


def all_parities(samples: Samples) -> Predictions:
    """A parity that fits, for each sample; 0 where none does.

    Raises
    ------
    ConstructionError
        For points of more than 62 bits.
    """
    n = samples.bits.shape[1]
    if n > MOST_BITS_OF_WORD:
        raise ConstructionError(f"need at most {MOST_BITS_OF_WORD} bits for parities in arrays, got {n}")
    powers = np.int64(1) << np.arange(n, dtype=np.int64)
    words = (samples.bits @ powers)[samples.places] | samples.labels << n
    rows = np.zeros((len(words), n), dtype=np.int64)  # in column i the equation whose lowest bit is i, if there is one
    fits = np.ones(len(words), dtype=bool)
    for t in range(words.shape[1]):
        word = words[:, t].copy()
        for i in range(n):
            word ^= rows[:, i] * (word >> i & 1)
        left = word & (1 << n) - 1
        fits &= (left != 0) | (word == 0)
        (new,) = np.nonzero(left)
        lead = np.searchsorted(powers, left[new] & -left[new])
        rows[new] ^= (rows[new] >> lead[:, None] & 1) * word[new, None]
        rows[new, lead] = word[new]
    chosen = (rows >> n & 1) * fits[:, None]
    return Predictions.whole(chosen @ samples.bits.T & 1)


def all_conjunctions(samples: Samples) -> Predictions:
    """The conjunction of all literals that no positive example of a sample breaks."""
    occurs = np.zeros((len(samples.places), len(samples.points)), dtype=np.int64)
    run, example = np.nonzero(samples.labels)
    occurs[run, samples.places[run, example]] = 1
    never_zero, never_one = (occurs @ (1 - samples.bits) == 0), (occurs @ samples.bits == 0)
    broken = never_zero.astype(np.int64) @ (1 - samples.bits).T + never_one.astype(np.int64) @ samples.bits.T
    return Predictions.whole((broken == 0).astype(np.int64))


def all_decision_lists(samples: Samples) -> Predictions:
    """A list of rules for each sample, made greedily: the first literal all of whose examples have one label."""
    n = samples.bits.shape[1]
    literals = np.stack((1 - samples.bits, samples.bits), axis=2).reshape(len(samples.points), 2 * n)
    rest = np.ones(samples.places.shape, dtype=np.int64)
    found = np.full((len(rest), len(samples.points)), -1, dtype=np.int64)
    having = literals[samples.places]
    live = np.arange(len(rest))
    while live.size and n:
        ones = np.einsum("rm,rml->rl", rest[live] * samples.labels[live], having[live])
        zeros = np.einsum("rm,rml->rl", rest[live] * (1 - samples.labels[live]), having[live])
        pure = (ones > 0) != (zeros > 0)
        some = pure.any(axis=1)
        rule = pure.argmax(axis=1)[some]
        label = (ones[some, rule] > 0).astype(np.int64)
        live = live[some]
        rest[live] *= 1 - having[live, :, rule]
        found[live] = np.where((found[live] < 0) & (literals.T[rule] == 1), label[:, None], found[live])
    default = (2 * (rest * samples.labels).sum(axis=1) > rest.sum(axis=1)).astype(np.int64)
    return Predictions.whole(np.where(found < 0, default[:, None], found))


def all_memorised(samples: Samples) -> Predictions:
    """The mean label of each point that was seen, 1/2 elsewhere."""
    seen = np.zeros((len(samples.places), len(samples.points)), dtype=np.int64)
    ones = seen.copy()
    runs = np.arange(len(seen))[:, None]
    np.add.at(seen, (runs, samples.places), 1)
    np.add.at(ones, (runs, samples.places), samples.labels)
    return Predictions(np.where(seen > 0, ones, 1), np.where(seen > 0, seen, 2))


def best_of_all(class_: Sequence[Predictor]) -> LearnAll:
    """For each sample the first predictor of a finite class with the least empirical loss.

    >>> points, one = [(0,), (1,)], np.array([[1]])
    >>> samples = Samples(points, points_in_array(points, 1), one, one)
    >>> best_of_all([lambda x: 0, lambda x: x[0]])(samples).numerators.tolist()
    [[0, 1]]
    """

    def learn(samples: Samples) -> Predictions:
        values = [[rational(h(x), where="prediction") for x in samples.points] for h in class_]
        scale = lcm(*(value.denominator for row in values for value in row))
        table = np.array([[int(value * scale) for value in row] for row in values], dtype=np.int64)
        squares = ((table[:, samples.places] - scale * samples.labels) ** 2).sum(axis=2)
        best = table[squares.argmin(axis=0)]
        return Predictions(best, np.full_like(best, scale))

    return learn
