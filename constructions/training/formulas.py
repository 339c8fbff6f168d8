"""The arithmetic on which the array engine's exactness rests, a line each: compiled into its kernels, and proved for
all values.

With G the sum of a batch's clipped entries, u is a valid rounding of G/b (equation 3) if |b u - G| <= 3 b rho / 4. Let
G = total/full and rho = up/under: then G/(b rho) = above/cell in integers, and the two multiples of rho beside G/b are
told apart by the rest.
"""

from typing import Any

from constructions.foundations.logic import every

Number = Any


def above_and_cell(total: Number, full: Number, batch: Number, up: Number, under: Number) -> tuple[Number, Number]:
    """G / (b rho) as a quotient of integers, for G = total/full, b = batch and rho = up/under.

    >>> above_and_cell(3, 8, 2, 1, 4)
    (12, 16)
    """
    return total * under, batch * up * full


def lower_is_valid(rest: Number, cell: Number) -> Any:
    """Whether the multiple of rho below is valid, if G/b is rest/cell of rho above it.

    >>> lower_is_valid(12, 16), lower_is_valid(13, 16)
    (True, False)
    """
    return 4 * rest <= 3 * cell


def upper_is_valid(rest: Number, cell: Number) -> Any:
    """Whether the next multiple of rho is valid: ``rest`` is what the value is above the multiple below, in units of
    which ``cell`` make a rho.

    >>> upper_is_valid(4, 16), upper_is_valid(3, 16)
    (True, False)
    """
    return 4 * rest >= cell


def moved_down(weight: Number, multiple: Number, unit: Number) -> Number:
    """A weight over the scale after a step in which its gradient is rounded to this multiple of rho; ``unit`` is the
    step size times rho, over the scale (equation 1).

    >>> moved_down(8, -3, 2)
    14
    """
    return weight - multiple * unit


def least_sum(a: Number, plus: Number, minus: Number, low: Number, high: Number) -> Number:
    """The least value of a sum, one edge more: its weight is ``plus`` + ``minus``, one of them 0, its tail from low to
    high.

    >>> least_sum(0, 0, -2, -1, 3), greatest_sum(0, 0, -2, -1, 3)
    (-6, 2)
    """
    return a + plus * low + minus * high


def greatest_sum(b: Number, plus: Number, minus: Number, low: Number, high: Number) -> Number:
    """The greatest value of a sum with one edge more: b without it, and values from ``low`` to ``high`` times a weight
    whose positive part is ``plus`` and whose negative part is ``minus``."""
    return b + plus * high + minus * low


def size_of_sums(size: Number, weight: Number, reach: Number) -> Number:
    """A bound for every partial sum, one edge more: a weight of at most this size, a tail within ``reach``.

    >>> size_of_sums(size_of_sums(0, 2, 3), 1, 4)  # weights of 2 and 1, tails within 3 and 4
    10
    """
    return size + weight * reach


def image(slope: Number, x: Number, intercept: Number, under: Number) -> Number:
    """What a piece, of an integer slope and intercept over its denominator, makes of x/under: over that denominator
    times ``under``.

    >>> image(1, -7, 1, 4)
    -3
    """
    return slope * x + intercept * under


LANE_BITS = 31
"""A lane is a 32-bit integer with a sign."""


def in_lane(value: Number, turns: Number) -> Number:
    """What a lane holds after an operation: the value less a multiple of 2^32, such that ``fills_lane``; ``turns`` says
    which multiple.

    >>> in_lane(2**31, 1) == -(2**31), fills_lane(2**31), fills_lane(-(2**31))
    (True, False, True)
    """
    return value - turns * (1 << LANE_BITS + 1)


def fills_lane(value: Number) -> Any:
    """Whether this is a number of 32 bits with a sign."""
    return every(value >= -(1 << LANE_BITS), value < 1 << LANE_BITS)


def fits_lane(size: Number) -> Any:
    """Whether a lane holds every number of at most this size.

    >>> fits_lane(2**31 - 1), fits_lane(2**31)
    (True, False)
    """
    return size < 1 << LANE_BITS


def ceiling(top: Number, under: Number) -> Number:
    """The least whole number that is at least top/under.

    >>> ceiling(7, 2), ceiling(-7, 2)
    (4, -3)
    """
    return -(-top // under)


def need_of_gate(mark: Number, bias: Number) -> Number:
    """How much the terms of a gate must add up to for its sum to reach a mark, before any of them is looked at; its
    ``bias`` is added to them.

    >>> need_of_gate(4, -4)
    8
    """
    return mark - bias


def need_less(need: Number, factor: Number, low: Number, negative: Number) -> Number:
    """What of a ``need`` is left with one edge more: its tail is ``low`` if its bit is 0, times the weight ``factor``,
    and ``negative`` is the part below 0 of what the bit adds to the sum.

    Where that is negative, the negation of the bit is counted instead, with the positive weight.

    >>> need_less(8, 2, -2, 0), need_less(0, -2, -2, -8)
    (12, 4)
    """
    return need - factor * low - negative
