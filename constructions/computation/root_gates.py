"""The decoding of a BCH code as gates: a set of points of GF(2^n) from the sums of its odd powers.

For a set U of at most t elements other than 0, the sums p_1, p_3, ..., p_(2t-1) of their powers are given. No step
depends on the data, as a circuit asks:

* *Locator.* t steps of Berlekamp and Massey's algorithm for binary codes, without divisions, with a choice in each;
  all polynomials have t + 1 coefficients. Reversed and divided by its lowest coefficient, the result is a polynomial F
  of degree t with the leading coefficient 1 that is 0 on U (and, if U is smaller, at 0).
* *Traces.* x^(2^k) mod F for k < n; so for each i a polynomial T_i of degree below t that returns bit i of each u in U,
  the trace of d_i u for the dual basis d.
* *Points.* The sums q_1, ..., q_t of the powers over a set within U tell whether it is empty, and F extends them to
  q_(2t-1). Those over the elements whose bit i is 1 are sums of T_i's coefficients times these. So the least point of a
  set is found bit by bit, keeping the half with bit 0 unless it is empty; the last set is one point, its q_1. It is
  taken out, and so the next one is found, t times.

The sums of powers stand in for common divisors of polynomials, which a circuit could find only at greater cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Literals
from constructions.computation.builder import FALSE, TRUE
from constructions.computation.field_gates import FieldGates, dual_basis

Polynomial = list[Literals]
"""Coefficients, the constant first."""


@dataclass(frozen=True, slots=True)
class FoundPoint:
    """A point that was found: its bits, all 0 if there is none, and whether there is one."""

    bits: Literals
    there: int


def element(gates: FieldGates, value: int) -> Literals:
    """A fixed element, ``value``, of the field of some ``gates`` as literals.

    >>> from constructions.computation.builder import Builder
    >>> from constructions.strip.binary_field import BinaryField
    >>> element(FieldGates(Builder(), BinaryField(2)), 2) == [FALSE, TRUE]
    True
    """
    return [TRUE if value >> i & 1 else FALSE for i in range(gates.field.n)]


def all_power_sums(gates: FieldGates, odd: Sequence[Literals]) -> list[Literals]:
    """p_1, p_2, ..., p_(2t), given the ``odd`` ones among the first 2t: squares give the even ones."""
    found: list[Literals] = []
    for i in range(1, 2 * len(odd) + 1):
        found.append(odd[i // 2] if i % 2 else gates.squared(found[i // 2 - 1]))
    return found


def recurrence(gates: FieldGates, sums: Sequence[Literals]) -> Polynomial:
    """The coefficients 0 to t, written into some ``gates``, of a multiple of the product of 1 - u x over the set, from
    its power ``sums`` p_1, ..., p_(2t)."""
    t, builder, zero = len(sums) // 2, gates.builder, element(gates, 0)
    now, before = [element(gates, 1), *[zero] * t], [element(gates, 1), *[zero] * t]
    last, width = element(gates, 1), (2 * t).bit_length() + 2
    lead: Literals = [FALSE] * width
    for j in range(t):
        wrong = gates.plus(*(gates.times(now[i], sums[2 * j - i]) for i in range(min(2 * j, t) + 1)))
        after = [gates.times(last, now[0])]
        after += [gates.plus(gates.times(last, now[i]), gates.times(wrong, before[i - 1])) for i in range(1, t + 1)]
        swaps = builder.both(gates.nonzero(wrong), lead[-1] ^ 1)
        lifted, kept = [zero, *now[:t]], [zero, zero, *before[: t - 1]][: t + 1]
        before = [gates.chosen(swaps, x, y) for x, y in zip(lifted, kept, strict=True)]
        last = gates.chosen(swaps, wrong, last)
        less = arithmetic.subtracted(builder, [FALSE] * width, lead)[0]
        more = arithmetic.added(builder, lead, [FALSE, TRUE, *[FALSE] * (width - 2)])[0]
        now, lead = after, arithmetic.chosen(builder, swaps, less, more)
    return now


def reversed_monic(gates: FieldGates, polynomial: Polynomial) -> Polynomial:
    """The coefficients 0 to t - 1 of x^t times a ``polynomial`` at 1/x, divided by its leading coefficient."""
    inverse = gates.inverse(polynomial[0])
    return [gates.times(inverse, coefficient) for coefficient in polynomial[:0:-1]]


def square_powers(gates: FieldGates, monic: Polynomial) -> list[Polynomial]:
    """x, x^2, x^4, ..., x^(2^(n-1)) modulo x^t + ``monic``."""
    t, zero = len(monic), element(gates, 0)
    x = [monic[0]] if t == 1 else [zero, element(gates, 1), *[zero] * (t - 2)]
    found = [x]
    for _ in range(gates.field.n - 1):
        spread = [gates.squared(found[-1][i // 2]) if i % 2 == 0 else zero for i in range(2 * t - 1)]
        for top in range(2 * t - 2, t - 1, -1):
            for i in range(t):
                at = top - t + i
                spread[at] = gates.plus(spread[at], gates.times(spread[top], monic[i]))
        found.append(spread[:t])
    return found


def bit_polynomials(gates: FieldGates, powers: Sequence[Polynomial]) -> list[Polynomial]:
    """For each i the polynomial that returns bit i of each root, given x^(2^k) modulo a polynomial."""
    field, found = gates.field, []
    for dual in dual_basis(field):
        factors = [dual]
        while len(factors) < field.n:
            factors.append(field.squared(factors[-1]))
        found.append(
            [
                gates.plus(*(gates.scaled(power[j], by) for power, by in zip(powers, factors, strict=True)))
                for j in range(len(powers[0]))
            ]
        )
    return found


def least_point(
    gates: FieldGates, sums: Sequence[Literals], monic: Polynomial, bits: Sequence[Polynomial]
) -> FoundPoint:
    """The least point, bit 0 counting most, of a set whose power ``sums`` p_1, ..., p_t are given, within the roots of
    x^t + ``monic``; ``bits`` are the polynomials that return the bits of the roots."""
    t = len(monic)
    there = gates.nonzero(*sums)
    for polynomial in bits:
        longer = list(sums)
        while len(longer) < 2 * t - 1:
            longer.append(gates.plus(*(gates.times(monic[j], longer[len(longer) - t + j]) for j in range(t))))
        ones = [gates.plus(*(gates.times(polynomial[j], longer[m + j]) for j in range(t))) for m in range(t)]
        rest = [gates.plus(x, y) for x, y in zip(sums, ones, strict=True)]
        stays = gates.nonzero(*rest)
        sums = [gates.chosen(stays, x, y) for x, y in zip(rest, ones, strict=True)]
    return FoundPoint(sums[0], there)


def located_points(gates: FieldGates, odd: Sequence[Literals]) -> list[FoundPoint]:
    """The points, at most t, of which these t sums of ``odd`` powers are, the least one first.

    >>> from constructions.computation.builder import Builder
    >>> from constructions.strip.binary_field import BinaryField
    >>> field, builder = BinaryField(4), Builder()
    >>> sums = [a ^ b for a, b in zip(field.odd_powers(3, 2), field.odd_powers(9, 2))]
    >>> gates = FieldGates(builder, field)
    >>> found = located_points(gates, [element(gates, value) for value in sums])  # constants, so nothing is written
    >>> [sum(1 << i for i, literal in enumerate(point.bits) if literal == TRUE) for point in found]
    [9, 3]
    """
    sums = all_power_sums(gates, odd)
    monic = reversed_monic(gates, recurrence(gates, sums))
    bits = bit_polynomials(gates, square_powers(gates, monic))
    left, found = sums[: len(odd)], []
    for _ in odd:
        point = least_point(gates, left, monic, bits)
        powers = all_power_sums(gates, gates.odd_powers(point.bits, len(odd)))[: len(odd)]
        left = [gates.plus(x, y) for x, y in zip(left, powers, strict=True)]
        found.append(point)
    return found
