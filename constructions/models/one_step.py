"""Equation (9) and Lemma 8: one step of gradient descent writes the answers to p one-label queries.

The model for a query Phi on one label has a parameter theta_j for each of the p queries and one for a clock, kappa:

    label 0:  f = 1 + epsilon - <Phi, theta> - slope kappa        label 1:  f = -epsilon + <Phi, theta> + slope kappa

At theta = 0, kappa = 0 it guesses the other label, so that only samples of the query's label lose anything but epsilon.
Equation (9) is epsilon = 0 without a clock. As printed the slope is 1. A larger slope, rho/epsilon, moves the clock
for every epsilon > 0, and clipping keeps its gradient within 1 (S8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, is_symbolic, sum_of_products
from constructions.foundations.logic import Formula, every


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStep:
    """The numbers of Lemma 8's model.

    Parameters
    ----------
    rho : the precision of the gradients. epsilon : how far the output is beyond the guessed label.
    slope : of the clock in the output; 1 as printed.

    >>> OneStep(rho=Fraction(1, 16), epsilon=Fraction(1, 8)).held(0)
    Fraction(9, 8)
    """

    rho: Number
    epsilon: Number
    slope: Number = Fraction(1)

    def held(self, label: Number) -> Number:
        """The output while the parameters are 0: 1 + epsilon for a query on ``label`` 0, -epsilon for label 1."""
        return 1 - label + (1 - 2 * label) * self.epsilon

    def coefficient(self, label: Number, value: Number) -> Number:
        """The coefficient of a parameter whose query (on this ``label``) has this ``value`` at the point."""
        return (2 * label - 1) * value

    def of_clock(self, label: Number) -> Number:
        """The coefficient of the clock for a query on this ``label``."""
        return self.coefficient(label, self.slope)

    def error(self) -> Number:
        """How far an answer may be from the mean over the batch: epsilon from the model, 3 rho/4 from the rounding."""
        return self.epsilon + 3 * self.rho / 4

    def ticks(self) -> Formula:
        """Whether the clock leaves 0 in its step, for every batch and every rounding."""
        return every(self.epsilon * self.slope > 3 * self.rho / 4, 3 * self.rho / 4 < 1)

    def checked(self, tau: Number) -> "OneStep":
        """These numbers, if they answer within ``tau``.

        Raises
        ------
        PremiseError
            If they do not, or if the clock might stand still.
        """
        for need, good in (
            (
                f"rho > 0 and epsilon >= 0 (rho < 4 tau/3), got rho = {self.rho} and epsilon = {self.epsilon}",
                self._signs(),
            ),
            (f"epsilon + 3 rho/4 <= tau = {tau}, got {self.error()}", self.error() <= tau),
            (
                f"epsilon slope > 3 rho/4 and 3 rho/4 < 1, got epsilon slope = {self.epsilon * self.slope} "
                f"and rho = {self.rho}",
                self.ticks(),
            ),
        ):
            if good is False:
                raise PremiseError(f"need {need}")
        return self

    def _signs(self) -> Formula:
        return every(self.rho > 0, self.epsilon >= 0)


def as_printed(tau: Number) -> OneStep:
    """Lemma 3a's numbers as printed: rho = tau/4, epsilon = 2 rho, slope 1.

    >>> as_printed(Fraction(1, 4)).checked(Fraction(1, 4)).error()
    Fraction(11, 64)
    """
    rho = tau / 4
    return OneStep(rho=rho, epsilon=2 * rho)


def plain(tau: Number, rho: Number) -> OneStep:
    """Lemma 8's numbers with slope 1 and all of ``tau`` used, for a precision rho < 2 tau/3 (S3).

    >>> plain(Fraction(1, 4), Fraction(1, 8)).checked(Fraction(1, 4)).epsilon
    Fraction(5, 32)
    """
    return OneStep(rho=rho, epsilon=tau - 3 * rho / 4)


def steep(tau: Number, rho: Number) -> OneStep:
    """Lemma 8's numbers with the slope rho/epsilon and all of ``tau`` used, for a precision rho < 4 tau/3 (S8).

    Raises
    ------
    PremiseError
        For rational numbers with rho = 4 tau/3. (Beyond, epsilon is negative, which :meth:`OneStep.checked` refuses.)

    >>> steep(Fraction(1, 4), Fraction(1, 4)).checked(Fraction(1, 4)).slope
    Fraction(4, 1)
    >>> steep(Fraction(1, 4), Fraction(1, 3))
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need rho < 4 tau/3, got rho = 1/3 and tau = 1/4
    """
    epsilon = tau - 3 * rho / 4
    if not is_symbolic(epsilon) and not epsilon:
        raise PremiseError(f"need rho < 4 tau/3, got rho = {rho} and tau = {tau}")
    return OneStep(rho=rho, epsilon=epsilon, slope=rho / epsilon)


def tolerance_between(b: Number, rho: Number, bound: Number) -> Number:
    """A tolerance at which batches of ``b`` can be counted (b tau < 1/2) and which gradients of precision rho can keep,
    if b rho < ``bound`` (1/3 for :func:`plain` numbers, 2/3 for :func:`steep` ones): half way between the two ends.

    >>> tolerance_between(4, Fraction(1, 32), Fraction(2, 3))
    Fraction(19, 256)
    """
    return (rho / (2 * bound) + Fraction(1, 2) / b) / 2


def products(coefficients: Sequence[Any], parameters: Sequence[Any], *, before: Any = Fraction(0)) -> Any:
    """The sum of the products of ``coefficients`` and ``parameters``, added to what is ``before``.

    >>> products([Fraction(1), Fraction(2)], [Fraction(3), Fraction(1)])
    Fraction(5, 1)
    """
    return sum_of_products(zip(coefficients, parameters, strict=True), before)
