"""Corollary 3 on models: what can be learned by PAC with polynomial budgets can be learned by fbGD, and back.

A learning problem has, for each number n of bits, a set of sources. It is *poly-learnable* with a class of methods if
for every polynomial bound on 1/error there is a polynomial bound on the budgets such that for each n some method of the
class, with a budget within the bound, ensures this error on all sources of the set. As n >= 1, every polynomial is at
most c n^d for some c and d, so a bound is a :class:`PolynomialBound` here.

Theorems 3a and 3b lose nothing. So whatever error a method ensures, the method that they make of it ensures as well,
and all that is left to see is that its budget is within a bound of the same kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every
from constructions.learning.descent_methods import FBGD
from constructions.learning.models import FBSQ, PAC, Simulation
from constructions.models.simulations import budget_of, theorem_3a
from constructions.reductions.descent_by_samples import theorem_3b
from constructions.reductions.fbsq import printed_rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class PolynomialBound:
    """The bound c n^d.

    Parameters
    ----------
    constant, degree : c and d.

    >>> PolynomialBound(constant=3, degree=2).at(4)
    48
    """

    constant: Number
    degree: Number

    def at(self, n: Number, power: Callable[[Any, Any], Any] = pow) -> Number:
        """The bound for ``n`` bits; ``power`` takes n and d to n^d.

        >>> PolynomialBound(constant=9, degree=1).at(2)
        18
        """
        most: Number = self.constant * power(n, self.degree)
        return most


def kept_within(budget: PAC | FBGD, most: Number) -> Formula:
    """Whether all numbers of a budget, and 1/rho, are at most a number.

    >>> kept_within(PAC(m=3, r=1), 3), kept_within(FBGD(steps=2, rho=Fraction(1, 5), m=3, p=2), 4)
    (True, False)
    """
    if isinstance(budget, PAC):
        return every(budget.m <= most, budget.r <= most)
    sizes = (budget.steps <= most, budget.m <= most, budget.p <= most, budget.r <= most)
    return every(*sizes, budget.rho * most >= 1)


def fine_enough(m: Number) -> Number:
    """A precision at which fbGD reads ``m`` points, by Theorem 3a on models: 1/(2m).

    >>> str(fine_enough(3))
    '1/6'
    """
    return Fraction(1) / (2 * m)


def printed_3a(n: Number, budget: PAC, rho: Number) -> FBGD:
    """The budget of Theorem 3a with the paper's number of rounds, 2m(n+1): the construction's own is at most this.

    >>> printed_3a(2, PAC(m=3), Fraction(1, 6))
    FBGD(steps=18, rho=Fraction(1, 6), m=3, p=36, r=0)
    """
    rounds: Any = printed_rounds(budget.m, n, alternating=True)
    found = budget_of(FBSQ(k=rounds, tau=Fraction(0), m=budget.m, p=1, r=budget.r, alternating=True), rho)
    assert isinstance(found, FBGD)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """What is poly-learnable with one class of methods is so with another.

    Parameters
    ----------
    name : the inclusion. simulation : from n and a budget of the first class to the simulation by the second.
    grown : from a bound on the budgets of the first class to one on those of the second.
    """

    name: str
    simulation: Callable[[int, Any], Simulation[Any, Any]]
    grown: Callable[[PolynomialBound], PolynomialBound]


PAC_IN_FBGD = Inclusion(
    name="PAC in fbGD",
    simulation=lambda n, budget: theorem_3a(n, m=budget.m, rho=Fraction(fine_enough(budget.m)), symmetric=True),
    grown=lambda bound: PolynomialBound(constant=9 * bound.constant, degree=bound.degree + 1),
)
FBGD_IN_PAC = Inclusion(name="fbGD in PAC", simulation=lambda n, budget: theorem_3b(), grown=lambda bound: bound)
