"""Vectors of numbers, one for each weight of a model or query of a round, and what is done to all their entries alike.

A vector is a table with an entry for each edge, a tuple or, where there may be any number of entries, a
:class:`Family`: a function from the place of an entry to the entry. What a step of gradient descent does, it does to
each entry alike: :func:`entrywise` is told a rule for numbers, and the rule sees neither the place nor any other entry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from constructions.foundations.exact import Number, is_symbolic

Vector: TypeAlias = Any  # Mapping[Edge, Number] | tuple | Family: callers of each kind use what they gave


@dataclass(frozen=True, slots=True)
class Family:
    """A vector with any number of entries: ``at`` gives the entry at a place.

    >>> entrywise(lambda a, b: a + b, Family(lambda place: place), Family(lambda place: 2 * place)).at(5)
    15
    """

    at: Callable[[Number], Number]


def entrywise(rule: Callable[..., Number], first: Vector, *others: Vector) -> Vector:
    """The vector whose entries are a ``rule`` of the entries that the ``first`` vector and some ``others`` have at the
    same place.

    >>> entrywise(lambda a, b: a - b, {"u": 3, "v": 1}, {"v": 5, "u": 1})
    {'u': 2, 'v': -4}
    """
    if isinstance(first, Family):
        return Family(lambda place: rule(first.at(place), *(other.at(place) for other in others)))
    if isinstance(first, tuple):
        return tuple(rule(*entries) for entries in zip(first, *others, strict=True))
    return {place: rule(entry, *(other[place] for other in others)) for place, entry in first.items()}


def by_place(rule: Callable[[Any, Number], Number], vector: Vector) -> Vector:
    """The vector whose entries are a ``rule`` of the place and the entry that a ``vector`` has there.

    >>> by_place(lambda place, entry: len(place) * entry, {"u": 3, "vw": 1})
    {'u': 3, 'vw': 2}
    """
    if isinstance(vector, Family):
        return Family(lambda place: rule(place, vector.at(place)))
    return {place: rule(place, entry) for place, entry in vector.items()}


def constant(like: Vector, entry: Number) -> Vector:
    """The vector that has the same ``entry`` at all places of another one.

    >>> constant({"u": 3, "v": 1}, 0), constant((5, 7), 0)
    ({'u': 0, 'v': 0}, (0, 0))
    """
    return entrywise(lambda _: entry, like)


def without_zeros(vector: Mapping[Any, Number] | Family) -> Vector:
    """A table without the entries that are the number 0; a family is left as it is.

    >>> without_zeros({"u": 0, "v": 1})
    {'v': 1}
    """
    if isinstance(vector, Family):
        return vector
    return {place: entry for place, entry in vector.items() if is_symbolic(entry) or entry}


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorSum:
    """The sum of some vectors, such as the clipped gradients of the samples of a batch.

    Parameters
    ----------
    count : how many vectors there are. totals : the vector of the sums.

    >>> one = VectorSum.of({"u": 7}).added({"u": 1}).added({"u": 5}, 3)
    >>> one.count, one.mean
    (4, {'u': Fraction(4, 1)})
    """

    count: Number
    totals: Vector

    @classmethod
    def of(cls, like: Vector) -> "VectorSum":
        """The sum of no vector, with entries at the places of another one."""
        return cls(count=0, totals=constant(like, 0))

    def added(self, vector: Vector, times: int = 1) -> "VectorSum":
        """The sum with one more vector in it, so many times."""
        totals = entrywise(lambda total, entry: total + times * entry, self.totals, vector)
        return VectorSum(count=self.count + times, totals=totals)

    @property
    def mean(self) -> Vector:
        """The average of the vectors, of which there must be at least one."""
        return entrywise(lambda total: _quotient(total, self.count), self.totals)


def _quotient(total: Number, count: Number) -> Number:
    """The quotient of two exact numbers; that of two ints is a Fraction."""
    return total / count if is_symbolic(total) or is_symbolic(count) else Fraction(total, count)
