"""Polynomials over GF(2^n), packed into one integer: division, common divisors, and the roots in the field.

Roots are found without a search among the 2^n elements (Berlekamp's trace algorithm). A polynomial of degree d has d
different roots exactly if it divides x^(2^n) - x. The trace of beta x is 0 or 1 at each of them, so its common divisor
with the polynomial splits them in two; and two elements whose traces agree for all beta of a basis are equal, so after
n elements beta all roots are apart.
"""

from constructions.errors import PremiseError
from constructions.strip.binary_field import BinaryField


def degree(field: BinaryField, packed: int) -> int:
    """The degree of a packed polynomial over a ``field``, -1 for 0.

    >>> degree(BinaryField(2), 0b01_0010), degree(BinaryField(2), 0)
    (1, -1)
    """
    return (packed.bit_length() + field.width - 1) // field.width - 1


def coefficients(field: BinaryField, packed: int) -> tuple[int, ...]:
    """The coefficients of a packed polynomial over a ``field``, the constant first, up to the leading one.

    >>> coefficients(BinaryField(2), 0b01_0010)
    (2, 1)
    """
    low = (1 << field.width) - 1
    return tuple((packed >> field.width * i) & low for i in range(degree(field, packed) + 1))


def packed_from(field: BinaryField, values: list[int]) -> int:
    """The packed polynomial over a ``field`` with the coefficients ``values``, the constant first.

    >>> packed_from(BinaryField(2), [2, 1]) == 0b01_0010
    True
    """
    return sum(value << field.width * i for i, value in enumerate(values))


def divided(field: BinaryField, over: int, by: int) -> tuple[int, int]:
    """Quotient and remainder of two packed polynomials over a ``field``.

    Raises
    ------
    PremiseError
        For a divisor that is 0.

    >>> field = BinaryField(2)
    >>> over, by = packed_from(field, [2, 3, 1]), packed_from(field, [1, 1])
    >>> [coefficients(field, part) for part in divided(field, over, by)]
    [(2, 1), ()]
    """
    end, width, quotient = degree(field, by), field.width, 0
    if end < 0:
        raise PremiseError("need a polynomial other than 0 to divide by, got 0")
    least = field.inverse(by >> width * end)
    while (at := degree(field, over)) >= end:
        factor = field.times(over >> width * at, least)
        over ^= field.scaled(by, factor) << width * (at - end)
        quotient |= factor << width * (at - end)
    return quotient, over


def common_divisor(field: BinaryField, a: int, b: int) -> int:
    """The greatest common divisor of two packed polynomials over a ``field``, with the leading coefficient 1.

    >>> field = BinaryField(2)
    >>> coefficients(field, common_divisor(field, packed_from(field, [2, 3, 1]), packed_from(field, [2, 2])))
    (1, 1)
    """
    while b:
        a, b = b, divided(field, a, b)[1]
    return field.scaled(a, field.inverse(a >> field.width * degree(field, a))) if a else 0


def roots(field: BinaryField, packed: int) -> tuple[int, ...] | None:
    """The roots of a packed polynomial over a ``field``, in increasing order, if it has as many different ones as its
    degree says; else None.

    >>> field = BinaryField(3)
    >>> product = field.times(5, 6)
    >>> roots(field, packed_from(field, [product, 5 ^ 6, 1])), roots(field, packed_from(field, [1, 0, 1]))
    ((5, 6), None)
    """
    if degree(field, packed) < 1:
        return () if packed else None
    x = 1 << field.width
    at, powers = divided(field, x, packed)[1], []
    for _ in range(field.n):
        powers.append(at)
        at = divided(field, field.squared(at), packed)[1]
    if at != powers[0]:
        return None
    factors = [packed]
    for bit in range(field.n):
        if all(degree(field, one) == 1 for one in factors):
            break
        traced = _trace(field, powers, 1 << bit)
        factors = [part for one in factors for part in _split(field, one, traced)]
    return tuple(sorted(field.times(one & (x - 1), field.inverse(one >> field.width)) for one in factors))


def _trace(field: BinaryField, powers: list[int], beta: int) -> int:
    """The trace of beta x modulo a polynomial, from the powers x^(2^i) modulo it."""
    found = 0
    for power in powers:
        found ^= field.scaled(power, beta)
        beta = field.squared(beta)
    return found


def _split(field: BinaryField, one: int, traced: int) -> tuple[int, ...]:
    """A polynomial, split into the factors on whose roots a trace is 0 and 1, if it is not the same on all."""
    part = common_divisor(field, one, divided(field, traced, one)[1])
    return (part, divided(field, one, part)[0]) if 0 < degree(field, part) < degree(field, one) else (one,)
