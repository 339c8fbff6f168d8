"""The conditions on the weights of one signed memory, and how an answer is read off it (premises c, g, j).

A copy of a machine for whole batches has two sides between v1 and the output, which one weight, v0 -> v1, feeds: p2,
p2', p3 driven by pc, and n2, n2', n3 driven by nc. While it is its step the output is held at 1/2, on the piece (0, 2),
so the derivative of the loss is 1/2 on label 0 and -1/2 on label 1. On each sample one side is active, the plus side
where the query r is 1, the minus side where it is -1. With path gains G and -G the gradient of v0 -> v1 on a sample is
G/2 times (-1)^y r(x), and the mean over b samples G/2 times <G, r>/b. All batches and valid roundings are allowed for:

* *acts*: v1 and the vertices of a side strictly inside (0, 2), both paths of a side equal;
* *idle*: x2 above 2, x2' below -3, x3 strictly between -1 and 0 while the side's driver is 2, before the step, and
  after it however it was rounded: an edge moves by at most rate (clipped gradient + 3/4 rho); the two edges into x3
  have the same gradient, so what they move it by differs by at most 2 rate rho;
* *records*: opposite path gains, G at most 2, so nothing on v0 -> v1 is clipped, and v1 stays inside (0, 2) whichever
  way it moves;
* *counts*: sums of one parity are 2 apart, so their means times G/2 are G/b apart, more than 3/2 rho;
* *is read*: the digits read the middle 2^(k-1) of their range where v0 -> v1 rests; there are enough on both sides, and
  each digit's pre-activation is less than 3 from nominal, which is 6 or more from 0.

>>> digits = ((-762, 768, -6), (-762, 768))  # one unit is 1/64, and the middle 2
>>> sides = (8, 8, 16, 16, 32, 160, -160, -4, 8, 8, 16, 16, -32, 160, -160, -4)
>>> copy = signed_of((16, *sides, *(16 * w for digit in digits for w in digit)), 16)
>>> str(copy.v0v1), str(copy.plus.gain), str(copy.minus.gain)
('1', '2', '-2')
>>> check_signed(copy, 1, Fraction(5, 4), Fraction(1, 80))
>>> check_signed(copy, 2, Fraction(5, 4), Fraction(1, 80))
Traceback (most recent call last):
    ...
verify.recheck.reading.RefusedError: (j) sums over 2 points that roundings cannot bring together: 3 b rho is 15/2
>>> thresholds_of(Fraction(2), 2, Fraction(13, 20))  # records from 0 on are a sum of at least 0, from 1 on of 2
[0, 1]
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil

from verify.recheck.reading import need

ONE, HALF = Fraction(1), Fraction(1, 2)
Digit = tuple[Fraction, Fraction, tuple[Fraction, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The weights of one side: ``v1x2`` and ``v1x2_`` from v1 to x2 and x2', ``x2x3`` and ``x2_x3`` from these to x3,
    ``x3v4`` to the output, ``cx2``, ``cx2_`` and ``cx3`` from the driver."""

    v1x2: Fraction
    v1x2_: Fraction
    x2x3: Fraction
    x2_x3: Fraction
    x3v4: Fraction
    cx2: Fraction
    cx2_: Fraction
    cx3: Fraction

    @property
    def through(self) -> Fraction:
        """The slope of x3 in v1 while the side is active."""
        return self.v1x2 * self.x2x3 + self.v1x2_ * self.x2_x3

    @property
    def gain(self) -> Fraction:
        """The derivative of what the side adds to the output with respect to v0 -> v1."""
        return self.x3v4 * self.through


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The weights of one copy: ``v0v1`` of v0 -> v1, those of the ``plus`` and the ``minus`` side; ``digits`` has for
    each the weights from v0, from v1, and from the higher digits."""

    v0v1: Fraction
    plus: Side
    minus: Side
    digits: tuple[Digit, ...]

    @property
    def adds(self) -> tuple[Fraction, Fraction]:
        """What the plus and the minus side add to the output while they are active and nothing is written."""
        return self.plus.gain * self.v0v1, self.minus.gain * self.v0v1


def signed_of(row: tuple[int, ...], scale: int) -> Signed:
    """A copy from its row of weights over ``scale``: v0 -> v1, the two sides, the digits, as ``sides.py`` lists
    them."""
    v0v1, *rest = (Fraction(w, scale) for w in row)
    plus, minus = (Side(**dict(zip(Side.__slots__, rest[at : at + 8], strict=True))) for at in (0, 8))
    rest, k, digits = rest[16:], 0, list[Digit]()
    while sum(2 + i for i in range(k)) < len(rest):
        k += 1
    for i in range(k):
        wide = 2 + k - 1 - i
        digits.append((rest[0], rest[1], tuple(rest[2:wide])))
        rest = rest[wide:]
    return Signed(v0v1=v0v1, plus=plus, minus=minus, digits=tuple(digits))


@cache
def check_signed(copy: Signed, points: int, rho: Fraction, rate: Fraction) -> None:
    """Refuse a copy of which one of the conditions fails while the output is held at 1/2, for batches of so many
    ``points``, at the precision rho and the learning rate.

    Raises
    ------
    RefusedError
        (c) or (j), naming the condition.
    """
    a, gain = copy.v0v1, copy.plus.gain
    need(0 < a < 2, "(c) a v1 that is on its linear piece")
    need(gain > 0 and copy.minus.gain == -gain, "(c) a plus and a minus side of opposite path gains")
    need(gain <= 2, "(c) samples whose gradient is not clipped")
    rise = rate * (gain * HALF + 3 * rho / 4)
    need(a - rise > 0 and a + rise < 2, "(c) a v1 that stays on its linear piece when it is written")
    for side in (copy.plus, copy.minus):
        _check_side(side, a, rho, rate)
    need(
        3 * points * rho < 2 * gain,
        f"(j) sums over {points} points that roundings cannot bring together: 3 b rho is {3 * points * rho}",
    )
    _check_digits(copy, rho, rate)


def _check_side(side: Side, a: Fraction, rho: Fraction, rate: Fraction) -> None:
    inside = 0 < side.v1x2 * a < 2 and 0 < side.through * a < 2 and side.v1x2 == side.v1x2_
    need(inside, "(c) a side that is on its linear pieces while it is active, with equal paths")

    def reach(inner: Fraction, outer: Fraction) -> Fraction:
        return abs(inner) + rate * (min(ONE, HALF * abs(side.x3v4) * abs(outer) * a) + 3 * rho / 4)

    need(2 * side.cx2 - 2 * reach(side.v1x2, side.x2x3) > 2, "(c) a second vertex above 2 while its side is idle")
    need(2 * side.cx2_ + 2 * reach(side.v1x2_, side.x2_x3) < -3, "(c) one below -3 while its side is idle")
    middle = 2 * (side.x2x3 - side.x2_x3) + 2 * side.cx3
    need(
        middle - 2 * rate * rho > -1 and middle + 2 * rate * rho < 0,
        "(c) a third vertex between -1 and 0 while its side is idle",
    )


def _check_digits(copy: Signed, rho: Fraction, rate: Fraction) -> None:
    k, unit = len(copy.digits), rate * rho
    middle, levels = 1 << (k - 1), 1 << k
    need(copy.plus.gain * HALF + 3 * rho / 4 < middle * rho, "(j) digits for every record")
    lowest = copy.v0v1 - middle * unit
    for i, (level, value, carries) in enumerate(copy.digits):
        far = abs(value - 12 / unit) * levels * unit + abs(value * lowest + level - (6 - 6 * levels))
        far += sum((2 * abs(w + 3 * 2**j) for j, w in enumerate(carries, i + 1)), Fraction(0))
        need(far < 3, f"(j) a digit {i} that is strictly flat and right for every record")


def thresholds_of(gain: Fraction, points: int, rho: Fraction) -> list[int]:
    """The least records at which the sum <G, r> is at least 2 - b, 4 - b, ..., b, by the path ``gain`` of the plus
    side, the number b of ``points`` and the precision rho.

    A record R is within 3/4 of gain <G, r> / (2 b rho), and gain / (2 b rho) is more than 3/4. So R reaches gain
    (s - 1) / (2 b rho), for s of b's parity, exactly if the sum reaches s.
    """
    return [ceil(gain * (2 * i - 1 - points) / (2 * points * rho)) for i in range(1, points + 1)]
