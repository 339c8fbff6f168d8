"""Weights as integers over one scale, over which the least move of an edge, rate rho (equation 1), is whole too.

An edge moves by a multiple of rate rho. Over a scale that is a multiple of the denominator of rate rho, a move is a
subtraction of integers: the multiple times the *unit*, rate rho times the scale. What all these integers have in common
is divided out. Weights, scale and unit are below 2^60 in size, so that neither a sum of two of them nor a step can
leave the 64 bits of an array; a rate so large that the least move is longer is refused before the first step.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import gcd
from typing import NamedTuple

import numpy as np

from constructions.errors import ConstructionError
from constructions.networks.flat import MOST, Integers


class ScaledWeights(NamedTuple):
    """(m,) weights times ``scale``, and the least move of an edge times ``scale``."""

    weights: Integers
    scale: int
    unit: int


def largest(weights: Integers) -> int:
    """The size of the largest of some 64-bit integers, as a Python int; 0 if there is none.

    >>> largest(np.array([1, -(1 << 63)])) == 1 << 63
    True
    """
    return max(int(weights.max(initial=0)), -int(weights.min(initial=0)))


def as_weights(weights: Integers, *, where: str) -> Integers:
    """A fresh array of weights, each within 2^60.

    Raises
    ------
    ConstructionError
        For one that is larger, or no integer.

    >>> as_weights(np.array([1, 1 << 60]), where="the start")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need weights times scale within 2^60, got 1152921504606846976, at the start
    """
    given = np.asarray(weights)
    if given.dtype != np.int64:
        given = np.array(weights, object)
        other = next((weight for weight in given.tolist() if not isinstance(weight, int)), None)
        if other is not None:
            raise ConstructionError(f"need weights times scale that are integers, got {other!r}, at {where}")
    check_size(largest(given), where=where)
    return given.astype(np.int64)


def check_size(most: int, *, where: str) -> None:
    """Refuse weights of which the largest, times the scale, is ``most``, if that is not within 2^60: ConstructionError,
    which says ``where`` they stand.

    >>> check_size(1 << 60, where="the start")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need weights times scale within 2^60, got 1152921504606846976, at the start
    """
    if most >= MOST:
        raise ConstructionError(f"need weights times scale within 2^60, got {most}, at {where}")


def unit_of(move: Fraction, scale: int, *, where: str) -> int:
    """The least move of an edge, rate rho, times a scale.

    Parameters
    ----------
    move : rate rho.
    scale : what the weights are over.
    where : the moment, for a refusal.

    Raises
    ------
    ConstructionError
        For a move that is not whole over the scale or is not within 2^60, or such a scale.

    >>> unit_of(Fraction(3, 4), 8, where="the start")
    6
    >>> unit_of(Fraction(1 << 60), 1, where="the start")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need rate rho times scale within 2^60, got 1152921504606846976, at the start
    """
    unit = move * scale
    if unit.denominator != 1:
        raise ConstructionError(f"need a scale over which rate rho = {move} is whole, got {scale}, at {where}")
    check_size(scale, where=where)
    if unit >= MOST:
        raise ConstructionError(f"need rate rho times scale within 2^60, got {unit}, at {where}")
    return int(unit)


def rescaled(
    weights: Integers, old: int, new: int, *, move: Fraction, changed: Mapping[int, Fraction], where: str
) -> ScaledWeights:
    """Weights over another scale, some replaced by new ones, without what all have in common with the unit.

    Parameters
    ----------
    weights : (m,) weights times ``old``.
    old, new : the scale they have, and a multiple of it over which rate rho and the new weights are whole.
    move : rate rho.
    changed : new weights, by edge.
    where : the moment, for a refusal.

    Returns
    -------
    ScaledWeights
        A fresh array over the least scale of this kind, and the unit.

    Raises
    ------
    ConstructionError
        For weights times scale, or a unit, that is not within 2^60.

    >>> rescaled(np.array([2, 4]), 2, 4, move=Fraction(1, 4), changed={1: Fraction(1, 2)}, where="the start")
    ScaledWeights(weights=array([4, 2]), scale=4, unit=1)
    """
    given = {edge: int(value * new) for edge, value in changed.items()}
    check_size(max(largest(weights) * (new // old), *map(abs, given.values()), new), where=where)
    found = weights * (new // old)
    for edge, value in given.items():
        found[edge] = value
    shared = gcd(new, int(move * new), int(np.gcd.reduce(found, initial=0)))
    return ScaledWeights(found // shared, new // shared, unit_of(move, new // shared, where=where))
