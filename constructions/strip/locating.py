"""A set of points from the sums of its odd powers: the decoding of a BCH code.

For a set U of at most t elements of GF(2^n), other than 0, the sums of x, x^3, ..., x^(2t-1) over U are given. Squares
give the sums of even powers. The shortest recurrence of the sums (Berlekamp and Massey) is the polynomial whose roots
are the inverses of the elements.
"""

from collections.abc import Sequence

from constructions.strip.binary_field import BinaryField
from constructions.strip.roots import coefficients, packed_from, roots


def all_sums(field: BinaryField, odd: Sequence[int]) -> list[int]:
    """The sums of the powers 1, 2, 3, ..., 2t, from those of the ``odd`` ones up to 2t - 1: the sum of squares is the
    square of the sum, in a ``field`` of characteristic 2.

    >>> field = BinaryField(3)
    >>> all_sums(field, [5, 3]) == [5, field.squared(5), 3, field.squared(field.squared(5))]
    True
    """
    found = [0] * (2 * len(odd) + 1)
    for place, value in enumerate(odd):
        found[2 * place + 1] = value
    for even in range(2, len(found), 2):
        found[even] = field.squared(found[even // 2])
    return found[1:]


def shortest_recurrence(field: BinaryField, sums: Sequence[int]) -> tuple[int, int]:
    """The packed polynomial C with the constant 1 and the least L for which the sum of C_i s_(k-i) over i = 0..L is 0
    for all k >= L, for a sequence of elements of a ``field`` (Berlekamp and Massey), and L.

    >>> field = BinaryField(3)
    >>> coefficients(field, shortest_recurrence(field, [5, field.squared(5), field.times(5, field.squared(5))])[0])
    (1, 5)
    """
    now, before, length, gap, last = 1, 1, 0, 1, 1
    for k in range(len(sums)):
        wrong = 0
        for i, value in enumerate(coefficients(field, now)[: length + 1]):
            wrong ^= field.times(value, sums[k - i])
        if wrong:
            factor = field.times(wrong, field.inverse(last))
            after = now ^ field.scaled(before, factor) << field.width * gap
            if 2 * length <= k:
                before, length, last, gap = now, k + 1 - length, wrong, 0
            now = after
        gap += 1
    return now, length


def located(field: BinaryField, odd: Sequence[int]) -> tuple[int, ...] | None:
    """The set of at most t elements of a ``field`` other than 0 whose sums of powers are these t ``odd`` ones; None if
    the recurrence of the sums has not so many roots. (Whether the sums are those of the set is for the caller to see.)

    >>> field = BinaryField(4)
    >>> located(field, [a ^ b for a, b in zip(field.odd_powers(3, 2), field.odd_powers(9, 2))])
    (3, 9)
    """
    polynomial, length = shortest_recurrence(field, all_sums(field, odd))
    found = coefficients(field, polynomial)
    if len(found) != length + 1 or length > len(odd):
        return None
    return roots(field, packed_from(field, list(found[::-1])))
