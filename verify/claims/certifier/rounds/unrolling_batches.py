"""From which records on a sum over a whole batch is counted, by the certifier's own formula."""

from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, within
from verify.certifier.rounds.unrolling_batches import reached_at
from verify.obligations.case import Case
from verify.obligations.obligation import obligation


def _one_sum_late(gain: Number, least: Number, points: Number, rho: Number) -> Number:
    """The record of the sum that is wanted, so that roundings can fall short of it."""
    return reached_at(gain, least + 1, points, rho)


@obligation("certifier.counts", paper="the certifier", of=lambda case: reached_at, twin=lambda case: _one_sum_late)
def records_tell_the_sum(reached: Any, case: Case) -> None:
    """Let the record m be within 3/4 of gain s/(2 b rho), for a sum s of b's parity, and let gain be more than 3/2 b
    rho. Then m reaches the certifier's number for a sum of that parity exactly if s does."""
    gain, rho, b = case.real("gain"), case.real("rho"), case.integer("b")
    s, least, half, m = (case.integer(name) for name in ("s", "least", "half", "m"))
    case.assume(gain > 0, rho > 0, b >= 1, 3 * b * rho < 2 * gain, s - least == 2 * half)
    unit, told, from_here = case.real("unit"), case.real("told"), case.real("from here")
    case.assume(unit * (2 * b * rho) == gain, told == unit * s)
    case.assume(within(m - told, Fraction(3, 4)), label="the record")
    case.assume(from_here == unit * (least - 1))
    case.lemma("the unit", unit > Fraction(3, 4))
    case.lemma("the number", reached_at(gain, least, b, rho) == from_here)
    case.lemma("steps", every(told - from_here == unit * (2 * half + 1)))
    case.lemma("above", implies(half >= 0, told - from_here >= unit))
    case.lemma("below", implies(half <= -1, told - from_here <= -unit))
    number = reached(gain, least, b, rho)
    case.show("reached", implies(s >= least, m >= number))
    case.show("not reached", implies(s < least, m < number))
