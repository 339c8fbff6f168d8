"""Full-batch gradient descent of one step (Result T5): it is bSGD with T = 1 and b = m, so what is known of one step
with large batches is known of it.

Few samples: for m rho < 4/3 one step reads the whole sample (Result B0), and for rho <= 1/24 parities are learned while
m rho^2 is at most A ln n, with n^O(A) parameters (Result C). Many samples: for m rho^2 >= 128 ln(2Tp/delta) all methods
with p parameters are within SQ (Theorem 1c). So with one step, a fixed precision and a fixed number of parameters, more
data hurts. And privacy: the rounded gradient of one step gives away all of a batch but for the share k/b that the
read-outs A0 to A3 leave.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod
from constructions.learning.models import PAC, SampleMethod, Simulation
from constructions.strip.noisy import right_line, statistical_error
from constructions.strip.readout import errors, level_for, logarithm_above, readouts
from constructions.strip.simulations import b0, tolerance_of

WITHIN_SQ = 128
"""Theorem 1c: b rho^2 of at least this times ln(2Tp/delta)."""


def as_full_batch(method: DescentMethod) -> DescentMethod:
    """A ``method`` of bSGD with one step as one of fbGD, with m = b.

    Raises
    ------
    PremiseError
        For another number of steps, and for what is no bSGD.

    >>> from constructions.learning.learners import parity
    >>> as_full_batch(b0(2, b=3, rho=Fraction(1, 4))(parity(2, 3))).budget
    FBGD(steps=1, rho=Fraction(1, 4), m=3, p=14, r=0)
    """
    given = method.budget
    if not isinstance(given, BSGD) or given.steps != 1:
        raise PremiseError(f"need bSGD with one step, got {given}")
    return replace(method, budget=FBGD(steps=1, rho=given.rho, m=given.b, p=given.p, r=given.r))


def b0_on_full_batch(n: int, *, m: int, rho: Fraction, realizable: bool = False) -> Simulation[Any, Any]:
    """fbGD(1, rho, m, r + 2(mn + 1), r) does what PAC(m, r) does, with delta = 0, if m rho < 4/3: one step of M*, or of
    M for ``realizable`` samples (r + mn + 1 parameters).

    Parameters
    ----------
    n, m, rho : bits, samples and precision.

    Raises
    ------
    PremiseError
        Unless 0 < m rho < 4/3; when it is used, for a method with another number of samples.

    >>> b0_on_full_batch(8, m=20, rho=Fraction(1, 16)).budget(PAC(m=20, r=3))
    FBGD(steps=1, rho=Fraction(1, 16), m=20, p=325, r=3)
    """
    inner = b0(n, b=m, rho=rho, realizable=realizable)

    def budget(given: PAC) -> FBGD:
        if given.m != m:
            raise PremiseError(f"need a method with m = {m} samples, all of the batch, got {given.m}")
        counted: Any = inner.budget(given)
        return FBGD(steps=1, rho=rho, m=m, p=counted.p, r=counted.r)

    def reduce(method: SampleMethod) -> DescentMethod:
        budget(method.budget)
        return as_full_batch(inner(method))

    counts: Callable[[Any], Any] = budget
    return Simulation(name="Result B0, full batch", delta=inner.delta, budget=counts, reduce=reduce)


def within_sq(rho: Fraction, *, steps: int, parameters: int, delta: Fraction) -> int:
    """A number of samples in a batch from which on Theorem 1c holds: b rho^2 >= 128 ln(2Tp/delta).

    Parameters
    ----------
    rho, steps, parameters, delta : precision, T, p and what is given up.

    >>> within_sq(Fraction(1, 24), steps=1, parameters=1000, delta=Fraction(1, 20))
    781345
    """
    return ceil(WITHIN_SQ * logarithm_above(ceil(2 * steps * parameters / delta)) / rho**2)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreData:
    """One step of full-batch gradient descent with precision rho and so many ``parameters``, on uniform points.

    Parameters
    ----------
    few : samples with which a parity is learned with an error of at most ``error``. many : samples from which on every
        such method errs by at least ``least`` on some parity.
    """

    few: int
    many: int
    parameters: int
    error: Fraction
    least: Fraction


def more_data(n: int, rho: Fraction, delta: Fraction) -> MoreData:
    """More data hurts: the numbers for parities of ``n`` bits, the precision ``rho`` and ``delta``.

    Raises
    ------
    PremiseError
        As for :func:`constructions.strip.noisy.right_line`.

    >>> found = more_data(60, Fraction(1, 200), Fraction(1, 100))
    >>> found.few, found.parameters, found.many > 100_000 * found.few, found.error < Fraction(1, 100) < found.least
    (370, 1534760, True, True)
    """
    few = ceil(8 * (n * logarithm_above(2) + logarithm_above(ceil(1 / rational(delta, where="delta")))))
    known = right_line(n, b=few, rho=rho, delta=delta)
    many = within_sq(rho, steps=known.steps, parameters=known.parameters, delta=delta)
    least = statistical_error(n, known.parameters, rho / 8) - delta
    return MoreData(few=few, many=many, parameters=known.parameters, error=delta / 2, least=max(Fraction(0), least))


def privacy_bound(b: Number, rho: Number, level: Number) -> Number:
    """(135/16) b rho^2/L: so large a part of a batch, at most, is not given away by queries of level L (A2).

    >>> privacy_bound(100, Fraction(1, 100), 3)
    Fraction(9, 320)
    """
    return 15 * Fraction(9, 16) * b * rho * rho / level


def not_given_away(n: int, b: int, rho: Fraction, p: int) -> int:
    """k: of the ``b`` points of ``n`` bits of a realizable batch all but k are given away by one rounded gradient of
    precision ``rho`` of a model with ``p`` parameters, chosen by who asks.

    >>> [not_given_away(20, 100, Fraction(1, 100), p) for p in (10**3, 10**4)]
    [100, 0]
    >>> [not_given_away(20, 400, Fraction(1, 20), p) for p in (10**6, 10**8, 10**12)]
    [400, 400, 306]
    """
    found = [each.missed for each in readouts(n, b, rho) if each.queries <= p]
    error = Fraction(b * tolerance_of(rho))
    for d0 in range(1, b + 1):
        if level_for(error, d0) <= 2 * d0 and errors(n, b, rho, d0).queries <= p:
            found.append(d0 - 1)
            break
    return min(found, default=b)
