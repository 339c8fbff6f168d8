"""Lemma 11's conditions on the weights of one copy, and how far an answer can be from its mean (premises c, g, j).

While a copy acts in step t the output is held at -o rho (odd t, label 1 is asked: a Q) or at 1 + o rho (even t, label
0: a Q'). All batches, labels and valid roundings are allowed for by these inequalities, which are Appendix C's as
repaired (E03 to E06, E36 to E41):

* *acts*: v1, v2, v2', v3 strictly inside the piece of slope 1 through 0, and both paths equal;
* *idle*: v2 above 2, v2' below -3, v3 strictly between -1 and 0 while vc is 2, before the step, and after it however
  it was rounded: an edge moves by at most rate (clipped gradient + 3/4 rho), the two edges into v3 by at most rate rho
  each;
* *records*: no sample's gradient is clipped, and a step in which the copy acts on all samples moves v0v1 by more than
  rounding can hide, so the record of a clock is never 0; v0v1 stays within the linear piece;
* *is read*: there are digits for every record, and each digit's pre-activation is less than 3 from nominal, which is 6
  or more from 0.

A copy of path gain G then records, with gain = rate G, a number R with

    R rho / gain - fm  from  -3 rho / (4 G)  to  (o + 3 / (4 G)) rho,     fm the fraction of the batch that acts and
    has the label,

so also after R is capped at 2^k - 1, for then 2^k - 1 is enough for every fm (that is the third of the conditions
above).

>>> digits = ((-48, 96, -6, -12), (-48, 96, -12), (-48, 96))  # a digit reads v0, v1 and the higher digits
>>> row = (1, 16, 16, 16, 16, 6, 160, -160, -4, *(16 * w for digit in digits for w in digit))
>>> copy = copy_of(row, 16)
>>> str(copy.v0v1), str(copy.v3v4), str(copy.gain), str(copy.adds)
('1/16', '3/8', '3/4', '3/64')
>>> check_memory(copy, True, Fraction(9, 8), Fraction(1, 8), ONE)  # a Q, so no odd step refuses it
>>> check_memory(copy, False, Fraction(9, 8), Fraction(1, 8), ONE)
Traceback (most recent call last):
    ...
verify.recheck.reading.RefusedError: (c) a Q in odd steps and a Q' in even ones
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from verify.recheck.machine import Machine
from verify.recheck.reading import need

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The weights of one copy: ``v0v1`` of v0 -> v1, ``v1v2`` and ``v1v2_`` of v1 -> v2 and v1 -> v2', ``v2v3`` and
    ``v2_v3`` from these to v3, ``v3v4`` to the output, ``vcv2``, ``vcv2_`` and ``vcv3`` from vc; ``digits`` has for
    each the weights from v0, from v1, and from the higher digits."""

    v0v1: Fraction
    v1v2: Fraction
    v1v2_: Fraction
    v2v3: Fraction
    v2_v3: Fraction
    v3v4: Fraction
    vcv2: Fraction
    vcv2_: Fraction
    vcv3: Fraction
    digits: tuple[tuple[Fraction, Fraction, tuple[Fraction, ...]], ...]

    @property
    def through(self) -> Fraction:
        """The slope of v3 in v1 while the copy acts: both paths together."""
        return self.v1v2 * self.v2v3 + self.v1v2_ * self.v2_v3

    @property
    def gain(self) -> Fraction:
        """G, with the sign of v3v4: above 0 for a Q, below for a Q'."""
        return self.v3v4 * self.through

    @property
    def adds(self) -> Fraction:
        """What the copy adds to the output while it acts and is not written."""
        return self.gain * self.v0v1


def copy_of(row: tuple[int, ...], scale: int) -> Copy:
    """A copy from its row of weights over ``scale``, in the order of ``parts.py``."""
    weights = [Fraction(w, scale) for w in row]
    rest, digits = weights[9:], list[tuple[Fraction, Fraction, tuple[Fraction, ...]]]()
    k = 0
    while sum(2 + i for i in range(k)) < len(rest):
        k += 1
    for i in range(k):
        wide = 2 + k - 1 - i
        digits.append((rest[0], rest[1], tuple(rest[2:wide])))
        rest = rest[wide:]
    names = ("v0v1", "v1v2", "v1v2_", "v2v3", "v2_v3", "v3v4", "vcv2", "vcv2_", "vcv3")
    return Copy(**dict(zip(names, weights[:9], strict=True)), digits=tuple(digits))


@cache
def check_memory(copy: Copy, odd: bool, o: Fraction, rho: Fraction, rate: Fraction) -> None:
    """Refuse a copy of which one of the conditions fails in a step that is ``odd`` or even, while the output is held o
    rho beyond the label, at the precision rho and the learning rate.

    Raises
    ------
    RefusedError
        (c), (g) or (j), naming the condition.
    """
    need(
        o > 0 and o * rho < 1,
        "(g) an output that is held below 0 in odd steps and above 1 in even ones, by less than 1",
    )
    need((copy.gain > 0) == odd and copy.gain != 0, "(c) a Q in odd steps and a Q' in even ones")
    _check_active(copy)
    _check_idle(copy, (1 + o * rho) * abs(copy.v3v4), rho, rate)
    size = abs(copy.gain)
    rise = rate * (min(ONE, (1 + o * rho) * size) + 3 * rho / 4)
    need(copy.v0v1 + rise < 2, "(c) a v1 that stays on its linear piece when it is written")
    need((1 + o * rho) * size <= 1, "(c) samples whose gradient is not clipped")
    need(4 * o * size > 3, "(c) a clock that always records something")
    _check_digits(copy, rise, rho, rate)


def _check_active(copy: Copy) -> None:
    a = copy.v0v1
    inside = 0 < a < 2 and 0 < copy.v1v2 * a < 2 and 0 < copy.through * a < 2
    need(inside and copy.v1v2 == copy.v1v2_, "(c) a copy that is on its linear pieces while it acts, with equal paths")


def _check_idle(copy: Copy, loss: Fraction, rho: Fraction, rate: Fraction) -> None:
    """``loss``: a bound on the adjoint of v3."""

    def reach(inner: Fraction, outer: Fraction) -> Fraction:
        return abs(inner) + rate * (min(ONE, loss * abs(outer) * copy.v0v1) + 3 * rho / 4)

    need(2 * copy.vcv2 - 2 * reach(copy.v1v2, copy.v2v3) > 2, "(c) a v2 above 2 while the copy is idle")
    need(2 * copy.vcv2_ + 2 * reach(copy.v1v2_, copy.v2_v3) < -3, "(c) a v2' below -3 while the copy is idle")
    middle = 2 * (copy.v2v3 - copy.v2_v3) + 2 * copy.vcv3
    need(
        middle - 2 * rate * rho > -1 and middle + 2 * rate * rho < 0, "(c) a v3 between -1 and 0 while the copy is idle"
    )


def _check_digits(copy: Copy, rise: Fraction, rho: Fraction, rate: Fraction) -> None:
    k = len(copy.digits)
    need((2**k - 1) * rho + 3 * rate * rho / 4 >= rate * abs(copy.gain), "(j) digits for every record")
    for i, (level, value, carries) in enumerate(copy.digits):
        far = abs(value - 12 / rho) * rise + abs(value * copy.v0v1 + level - (6 - 6 * 2**k))
        far += sum((2 * abs(w + 3 * 2**j) for j, w in enumerate(carries, i + 1)), ZERO)
        need(far < 3, f"(j) a digit {i} that is strictly flat and right for every record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoder:
    """S = sum of 2^(d-i) (R+_i - R-_i) over the d digits of a query (one of weight 1 if d is 0); the answer is
    floor((multiplier S + add) / 2^shift), held within -2^A and 2^A, over 2^A."""

    d: int
    multiplier: int
    add: int
    shift: int


def answer_error(
    decoder: Decoder, machine: Machine, gain: Fraction, o: Fraction, bits: int, rho: Fraction, rate: Fraction
) -> Fraction:
    """How far an answer can be from the batch mean of its query, for every batch and every valid rounding.

    Four errors add up: of the records, each times the weight of its digit; of the digits that are not asked; of the
    multiplier, which grows with S; of add and the rounding down. Holding the answer within -1 and 1, where the mean
    is, takes it no further away.

    Parameters
    ----------
    decoder, machine : how answers are read, and of what form they are.
    gain : the path gain of a copy, in size; times the rate that is what a record is divided by.
    o, bits : by how many rho the output is held beyond the label, and how many digits a copy has.
    rho, rate : precision and learning rate.

    >>> places = {"query_fraction": 0, "answer_fraction": 2, "predict_fraction": 0}
    >>> machine = Machine(ports={}, latches=[], ands=[], first_free=2, queries=1, rounds=1, signed=False, **places)
    >>> given = {"gain": Fraction(3, 4), "o": Fraction(9, 8), "bits": 3, "rho": Fraction(1, 8), "rate": ONE}
    >>> [str(answer_error(Decoder(d=0, multiplier=m, add=4, shift=3), machine, **given)) for m in (5, 6)]
    ['25/64', '103/192']
    """
    low, high = -3 * rho / (4 * gain), (o + 3 / (4 * gain)) * rho
    full = ((1 << bits) - 1) * rho / (rate * gain) - 1
    low = min(low, full)
    if machine.signed:
        low, high = low - high, high - low
    weights = 1 - Fraction(1, 1 << decoder.d) if decoder.d else ONE
    left_out = Fraction(1, 1 << decoder.d) if decoder.d else 1 - Fraction(1, 1 << machine.query_fraction)
    code = Fraction(1, 1 << machine.answer_fraction)
    largest = ((1 << bits) - 1) * ((1 << decoder.d) - 1 if decoder.d else 1)
    unit = rho / (rate * gain) / (1 << decoder.d)
    drift = (Fraction(decoder.multiplier, 1 << decoder.shift) * code - unit) * largest
    ends = (drift, -drift if machine.signed else ZERO)
    offset, cut = Fraction(decoder.add, 1 << decoder.shift) * code, (1 - Fraction(1, 1 << decoder.shift)) * code
    least = low * weights - left_out + min(ends) + offset - cut
    most = high * weights + (left_out if machine.signed else 0) + max(ends) + offset
    return max(ZERO, -least, most)
