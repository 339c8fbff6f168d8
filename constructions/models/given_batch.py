"""Corollary 1 on models: what can be learned by bSGD with polynomial budgets, if b is given and rho may be chosen.

The batch size is given for each number n of bits and each precision, within a polynomial bound. SQ is within bSGD
whatever b is, by Theorem 1d: a query is repeated often enough for batches of a single point, and the precision is a
quarter of the tolerance. All other inclusions are those of Corollary 2 (:mod:`constructions.models.given_precision`):
they hold for each precision, so for the one that is chosen.

>>> from constructions.models.given_precision import kept_within_bsgd
>>> given, found = SQ(k=2, tau=Fraction(1, 2)), sq_in_bsgd(1, Fraction(1, 8))
>>> made = found.simulation(3, given).budget(given)
>>> made.steps, str(made.rho), kept_within_bsgd(made, found.grown(PolynomialBound(constant=8, degree=0)).at(3))
(2488, '1/8', True)
"""

from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.learning.models import SQ, split_by_label
from constructions.learning.tails import batch_width
from constructions.models.classes import Inclusion, PolynomialBound
from constructions.models.simulations import theorem_1d
from constructions.reductions.bsq import unrounded_repeats


def precision_for(tau: Number) -> Number:
    """A precision for queries of tolerance tau: tau/4, where less than tau/3 is asked for (printed: tau/16).

    >>> str(precision_for(Fraction(1, 2)))
    '1/8'
    """
    return tau / 4


def unrounded_by_label(logarithm: Number, b: Number, budget: SQ) -> Number:
    """How often Lemma 2 asks each half of a query, before rounding up, where log(8k/delta) is ``logarithm``.

    Parameters
    ----------
    logarithm : a number. b : the batch size. budget : of the method that asks the queries.

    >>> unrounded_by_label(Fraction(3), 2, SQ(k=1, tau=Fraction(1)))
    Fraction(48, 1)
    """
    return unrounded_repeats(logarithm, batch_width(b, split_by_label(budget).tau))


def sq_in_bsgd(b: int, delta: Fraction) -> Inclusion:
    """What is poly-learnable by SQ is so by bSGD with batches of ``b``, by Theorem 1d at the cost ``delta``.

    >>> sq_in_bsgd(4, Fraction(1, 8)).name
    'SQ in bSGD'
    """
    return Inclusion(
        name="SQ in bSGD",
        simulation=lambda n, budget: theorem_1d(b=b, delta=delta, rho=Fraction(precision_for(budget.tau))),
        grown=thousand_fifths,
    )


def thousand_fifths(bound: PolynomialBound) -> PolynomialBound:
    """1029 times the fifth power of a bound.

    >>> thousand_fifths(PolynomialBound(constant=2, degree=1)).at(3) == 1029 * 6**5
    True
    """
    square = bound.constant * bound.constant
    return PolynomialBound(constant=1029 * (square * square * bound.constant), degree=5 * bound.degree)
