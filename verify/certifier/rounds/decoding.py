"""The decoder that a network must have, and what its answers are worth (Lemma 11's record, Lemma 3b's read-out).

A copy whose path gain is G in size records u, a rounding of G (fm + o rho ft): fm is the fraction of the batch on which
the copy acts and the label is the round's, ft that on which it acts. Its digits read R = min(rate u / rho, 2^k - 1).
With gain = rate G,

    R rho / gain - fm   is at least -3 rho / (4 G), or (2^k - 1) rho / gain - 1 if that is less, and at most (o + 3 / (4
    G)) rho.

A query's value is asked in d digits of weights 2^-1, ..., 2^-d (a value of size 1 counts as all digits), or, if it is
whole, in one of weight 1. S = sum of 2^(d-i) (R+_i - R-_i), and the answer is floor((multiplier S + add) / 2^shift),
held within -2^A and 2^A, over 2^A.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.computation.query_machine import QueryMachine

MOST_DIGITS, MOST_SHIFT = 64, 256


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReading:
    """What the copies of a round record.

    Parameters
    ----------
    rho, rate : of the training. gain : the size G of the path gain. offset : o, the output is held at -o rho or 1 + o
        rho. bits : k.
    """

    rho: Fraction
    rate: Fraction
    gain: Fraction
    offset: Fraction
    bits: int

    @property
    def error(self) -> tuple[Fraction, Fraction]:
        """How far R rho / gain can be below and above fm; below 0 and above 0."""
        full = ((1 << self.bits) - 1) * self.rho / (self.rate * self.gain) - 1
        low = -3 * self.rho / (4 * self.gain)
        return min(low, full, Fraction(0)), (self.offset + 3 / (4 * self.gain)) * self.rho


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """A decoder's numbers: d (0: one digit of weight 1), multiplier, add and shift.

    >>> made = Decoding(d=0, multiplier=11, add=4, shift=3)
    >>> [made.answer(s, places=3) for s in (0, 3, 7)]  # in eighths; no answer is more than 1
    [0, 4, 8]
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> eighth, gain = Fraction(1, 8), Fraction(3, 4)
    >>> reading = RecordReading(rho=eighth, rate=Fraction(1), gain=gain, offset=Fraction(9, 8), bits=3)
    >>> str(made.tolerance(reading, best_literal_machine(1, fraction=3)))
    '35/96'
    """

    d: int
    multiplier: int
    add: int
    shift: int

    @property
    def places(self) -> tuple[int, ...]:
        """The place of each digit that is asked in S, the first digit's first."""
        return tuple(1 << self.d - 1 - i for i in range(self.d)) or (1,)

    def largest(self, bits: int) -> int:
        """The largest S."""
        return ((1 << bits) - 1) * sum(self.places)

    def error(self, reading: RecordReading, machine: QueryMachine) -> tuple[Fraction, Fraction]:
        """How far an answer of a machine can be below and above the batch mean of its query, for every batch and every
        valid rounding, if copies record as the reading says.

        >>> from constructions.computation.learner_machines import best_literal_machine
        >>> eighth = Fraction(1, 8)
        >>> reading = RecordReading(rho=eighth, rate=Fraction(1), gain=Fraction(3, 4), offset=Fraction(9, 8), bits=3)
        >>> made = Decoding(d=0, multiplier=11, add=4, shift=3)
        >>> [str(bound) for bound in made.error(reading, best_literal_machine(1, fraction=3))]
        ['-11/64', '35/96']
        """
        low, high = reading.error
        if machine.signed:
            low, high = low - high, high - low
        asked = 1 - Fraction(1, 1 << self.d) if self.d else Fraction(1)
        rest = Fraction(1, 1 << self.d) if self.d else 1 - Fraction(1, 1 << machine.query_fraction)
        low, high = low * asked - rest, high * asked + (rest if machine.signed else 0)
        code = Fraction(1, 1 << machine.answer_fraction)
        unit = reading.rho / (reading.rate * reading.gain) / (1 << self.d) / code
        drift = (Fraction(self.multiplier, 1 << self.shift) - unit) * self.largest(reading.bits) * code
        other = -drift if machine.signed else Fraction(0)
        offset = Fraction(self.add, 1 << self.shift) * code
        cut = (1 - Fraction(1, 1 << self.shift)) * code
        return low + min(drift, other) + offset - cut, high + max(drift, other) + offset

    def tolerance(self, reading: RecordReading, machine: QueryMachine) -> Fraction:
        """For the same ``reading`` and machine: an answer is within this of the batch mean. (Holding it within -1 and
        1, where the mean is, takes it no further away.)"""
        low, high = self.error(reading, machine)
        return max(-low, high)

    def answer(self, s: int, places: int) -> int:
        """The code of an answer, as an integer over 2^places."""
        top = 1 << places
        return max(-top, min(top, (self.multiplier * s + self.add) >> self.shift))


def digits_asked(machine: QueryMachine, rho: Fraction) -> int:
    """d as the specification has it: 0 if values are whole, else ceil(log2(1/rho)), one more if signed."""
    if machine.query_fraction == 0:
        return 0
    found = 0
    while rho * (1 << found) < 1:
        found += 1
    return found + machine.signed


def canonical(machine: QueryMachine, reading: RecordReading, d: int, *, centred: bool) -> Decoding:
    """The decoder of the specification: the multiplier is exact with the fewest places, or to so many places that its
    error moves a code by at most a quarter; add is one half, less the middle of the error if ``centred`` (then at least
    three places)."""
    plain = Decoding(d=d, multiplier=0, add=0, shift=0)
    code = Fraction(1, 1 << machine.answer_fraction)
    unit = reading.rho / (reading.rate * reading.gain) / (1 << d) / code
    enough = plain.largest(reading.bits).bit_length()
    shift = next((s for s in range(3 if centred else 0, enough) if (unit * (1 << s)).denominator == 1), enough)
    low, high = reading.error
    if machine.signed:
        low, high = low - high, high - low
    if d:
        rest = Fraction(1, 1 << d)
        low, high = low * (1 - rest) - rest, high * (1 - rest) + (rest if machine.signed else 0)
    middle = (low + high) / 2 if centred else Fraction(0)
    add = int((Fraction(1 << shift, 2) - middle / code * (1 << shift)) // 1)
    return replace(plain, multiplier=round(unit * (1 << shift)), add=add, shift=shift)


def proposals(machine: QueryMachine, reading: RecordReading, hints: Mapping[str, Any]) -> Iterator[Decoding]:
    """Decoders of a machine to try, for what the copies read: the one of which the file's ``hints`` speak, then those
    of the specification, not centred and centred.

    ``reading`` says what one copy's record is worth.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> eighth, one = Fraction(1, 8), Fraction(1)
    >>> reading = RecordReading(rho=eighth, rate=one, gain=Fraction(3, 4), offset=Fraction(9, 8), bits=3)
    >>> hints = {"decoder": {"d": 1, "multiplier": 7, "add": 0, "shift": 2}}
    >>> for decoding in proposals(best_literal_machine(1, fraction=3), reading, hints):
    ...     print(decoding)
    Decoding(d=1, multiplier=7, add=0, shift=2)
    Decoding(d=0, multiplier=11, add=4, shift=3)
    Decoding(d=0, multiplier=11, add=-1, shift=3)
    """
    said = _said(hints.get("decoder"))
    d = digits_asked(machine, reading.rho)
    found = [said] if said else []
    for other in (d, d + 1, d - 1) if d else (0,):
        found += [canonical(machine, reading, other, centred=centred) for centred in (False, True)]
    yield from dict.fromkeys(found)


def _said(given: Any) -> Decoding | None:
    if not isinstance(given, dict):
        return None
    numbers = [given.get(name) for name in ("d", "multiplier", "add", "shift")]
    if any(type(value) is not int or abs(value) >= 1 << MOST_SHIFT for value in numbers):
        return None
    d, multiplier, add, shift = (int(str(value)) for value in numbers)
    if not (0 <= d <= MOST_DIGITS and multiplier >= 0 and 0 <= shift <= MOST_SHIFT):
        return None
    return Decoding(d=d, multiplier=multiplier, add=add, shift=shift)
