"""Corollary 2 on models: what can be learned by bSGD with polynomial budgets, if b and rho are given.

Batches and precision are given for each number n of bits, with b and 1/rho within a polynomial bound. Where b rho < 2/3
(as printed: 1/8) bSGD learns what PAC learns: that is Theorem 1a one way and Theorem 1b the other. Where b rho^2 is so
large that Theorem 1c applies, bSGD learns no more than SQ, and SQ less than PAC: n + 3 samples are enough for parities,
and no budget of SQ within a polynomial bound is, as soon as there are more than about twice its cube of them.

Polynomial bounds and inclusions are those of :mod:`constructions.models.classes`.

>>> most = PolynomialBound(constant=2, degree=1)
>>> first = next(n for n in range(1, 99) if 2**n >= parities_beyond(most.at(n)))
>>> first, kept_within_sq(SQ(k=2 * first, tau=Fraction(1, 2 * first)), most.at(first))
(17, True)
"""

from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every
from constructions.learning.descent_methods import BSGD
from constructions.learning.models import PAC, SQ
from constructions.models.classes import Inclusion, PolynomialBound
from constructions.models.simulations import theorem_1a
from constructions.reductions.descent_by_samples import theorem_1b
from constructions.reductions.descent_by_source import theorem_1c

SAMPLES_FOR_PARITIES = PolynomialBound(constant=4, degree=1)
"""A bound on the budget of PAC with which parities are learned: n + 3 is at most 4n."""


def kept_within_sq(budget: SQ, most: Number) -> Formula:
    """Whether all numbers of a budget of SQ, and 1/tau, are at most a number.

    >>> kept_within_sq(SQ(k=3, tau=Fraction(1, 4)), 4), kept_within_sq(SQ(k=3, tau=Fraction(1, 5)), 4)
    (True, False)
    """
    return every(budget.k <= most, budget.r <= most, budget.tau * most >= 1)


def kept_within_bsgd(budget: BSGD, most: Number) -> Formula:
    """Whether all numbers of a budget of bSGD, and 1/rho, are at most a number.

    >>> kept_within_bsgd(BSGD(steps=3, rho=Fraction(1, 2), b=4, p=1), 4)
    True
    """
    sizes = (budget.steps <= most, budget.b <= most, budget.p <= most, budget.r <= most)
    return every(*sizes, budget.rho * most >= 1)


def parity_samples(n: Number) -> PAC:
    """The budget of PAC with which parities of n bits are learned up to 1/16.

    >>> parity_samples(5)
    PAC(m=8, r=0)
    """
    samples: Any = n + 3
    return PAC(m=samples)


def parities_beyond(most: Number) -> Number:
    """If there are so many parities, no SQ method whose budget is at most a number, ``most``, learns all of them up to
    1/16.

    >>> parities_beyond(10)
    2002
    """
    return 2 * most * most * most + 2


def points_of_twice_the_bits(points: Number) -> Number:
    """How many points there are of twice as many bits.

    >>> points_of_twice_the_bits(8)
    64
    """
    return points * points


def bsgd_in_sq(delta: Fraction) -> Inclusion:
    """What is poly-learnable by bSGD whose b rho^2 is large is so by SQ, by Theorem 1c at the cost ``delta``.

    >>> given = BSGD(steps=3, rho=Fraction(1, 5), b=4, p=3, r=1)
    >>> found = bsgd_in_sq(Fraction(1, 20))
    >>> found.simulation(1, given).budget(given), found.grown(PolynomialBound(constant=5, degree=0)).at(1)
    (SQ(k=9, tau=Fraction(1, 40), r=1, alternating=False, p=1), 200)
    """
    return Inclusion(name="bSGD in SQ", simulation=lambda n, budget: theorem_1c(delta=delta), grown=eight_squares)


def eight_squares(bound: PolynomialBound) -> PolynomialBound:
    """Eight times the square of a bound.

    >>> eight_squares(PolynomialBound(constant=2, degree=1)).at(3)
    288
    """
    return PolynomialBound(constant=8 * bound.constant * bound.constant, degree=2 * bound.degree)


def most_rounds(n: Number, most: Number) -> Number:
    """A bound on the rounds in which m samples of n >= 1 bits and their label are extracted up to an error delta, one
    label at a time and with one random bit a round, if m and 1/delta are at most a number, ``most``.

    >>> most_rounds(2, 20)
    3200
    """
    return 4 * n * most * most


def pac_in_bsgd(b: int, rho: Fraction, delta: Fraction) -> Inclusion:
    """What is poly-learnable by PAC is so by bSGD with batches of ``b`` and gradients of precision ``rho``, where
    b rho < 2/3, by Theorem 1a on models at the cost ``delta``, with one random bit a round.

    >>> given, found = PAC(m=5), pac_in_bsgd(4, Fraction(1, 8), Fraction(1, 20))
    >>> found.simulation(2, given).budget(given), found.grown(PolynomialBound(constant=20, degree=0)).at(2)
    (BSGD(steps=81, rho=Fraction(1, 8), b=4, p=405, r=81), 27200)
    """

    def simulation(n: int, budget: PAC) -> Any:
        return theorem_1a(n, b=b, rho=rho, delta=delta, bits=1)

    return Inclusion(name="PAC in bSGD", simulation=simulation, grown=seventeen_squares)


def seventeen_squares(bound: PolynomialBound) -> PolynomialBound:
    """Seventeen times the square of a bound and n^2.

    >>> seventeen_squares(PolynomialBound(constant=2, degree=1)).at(3)
    5508
    """
    return PolynomialBound(constant=17 * bound.constant * bound.constant, degree=2 * bound.degree + 2)


BSGD_IN_PAC = Inclusion(
    name="bSGD in PAC",
    simulation=lambda n, budget: theorem_1b(),
    grown=lambda bound: PolynomialBound(constant=bound.constant * bound.constant, degree=2 * bound.degree),
)
"""What is poly-learnable by bSGD is so by PAC, by Theorem 1b: Tb samples, at most the square of a bound."""
