"""Vectors of numbers, one for each weight of a model, and what is done to each of their entries alike.

A vector is a table with an entry for each edge or, where a model may have any number of weights, a :class:`Family`: a
function from the place of an entry to the entry. What a step of gradient descent does, it does to each entry alike:
:func:`entrywise` is told a rule for numbers, and the rule sees neither the place nor any other entry.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from constructions.foundations.exact import Number, is_symbolic

Vector: TypeAlias = Any  # Mapping[Edge, Number] | Family: callers of either kind use what they gave


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
    return {place: rule(entry, *(other[place] for other in others)) for place, entry in first.items()}


def by_place(rule: Callable[[Any, Number], Number], vector: Vector) -> Vector:
    """The vector whose entries are a ``rule`` of the place and the entry that a ``vector`` has there.

    >>> by_place(lambda place, entry: len(place) * entry, {"u": 3, "vw": 1})
    {'u': 3, 'vw': 2}
    """
    if isinstance(vector, Family):
        return Family(lambda place: rule(place, vector.at(place)))
    return {place: rule(place, entry) for place, entry in vector.items()}


def constant(places: Iterable[Any] | Family, entry: Number) -> Vector:
    """The vector with the same ``entry`` at all places of some vector, or at those that are listed.

    >>> constant(["u", "v"], 0)
    {'u': 0, 'v': 0}
    """
    return Family(lambda place: entry) if isinstance(places, Family) else dict.fromkeys(places, entry)


def without_zeros(vector: Mapping[Any, Number] | Family) -> Vector:
    """A table without the entries that are the number 0; a family is left as it is.

    >>> without_zeros({"u": 0, "v": 1})
    {'v': 1}
    """
    if isinstance(vector, Family):
        return vector
    return {place: entry for place, entry in vector.items() if is_symbolic(entry) or entry}
