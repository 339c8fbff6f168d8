"""A scalar query on both labels in one step of gradient descent (S6), which is its own clock.

For a query Phi with values Phi(x, 0) and Phi(x, 1), raised to psi = (1 + c)/2 + (1 - c)/2 Phi in [c, 1], the model

    f = centre(x) - slope(x) theta,    slope = psi_0 - psi_1,  centre = psi_0 / slope    where psi_0 and psi_1 differ,
                                       slope = psi / M,        centre = M                where they are equal,

has at theta = 0 the derivative (centre - y) (-slope) = -psi_y, up to 1/M where both are equal. So theta moves to the
mean of psi over the batch, up to 1/M and a rounding; and as this mean is at least c, theta leaves 0 without a clock.
An alternating method would need two rounds for the two labels.
"""

from dataclasses import dataclass
from fractions import Fraction

from constructions.errors import PremiseError
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select
from constructions.foundations.rounding import clip
from constructions.models.snapping import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class BothLabels:
    """The numbers of the model.

    Parameters
    ----------
    rho : the precision of the gradients. floor : c, the least value of a raised query, above 0 and below 1.
    large : M, at least 1.

    >>> model = BothLabels(rho=Fraction(1, 32), floor=Fraction(1, 2), large=Fraction(64))
    >>> model.error().limit_denominator(), model.read(Fraction(3, 4))
    (Fraction(5, 32), Fraction(0, 1))
    >>> model.checked(Fraction(5, 32)) is model
    True
    >>> model.centre(Fraction(2), Fraction(1)), model.centre(Fraction(1), Fraction(1)) == model.large
    (Fraction(2, 1), True)
    """

    rho: Number
    floor: Number
    large: Number

    def raised(self, value: Number) -> Number:
        """A query's value in [-1, 1], moved to [c, 1]."""
        return (1 + self.floor) / 2 + (1 - self.floor) / 2 * value

    def slope(self, zero: Number, one: Number) -> Number:
        """The slope of the model, for the raised values ``zero`` and ``one`` of the query on the labels 0 and 1."""
        return select(zero == one, zero / self.large, zero - one)

    def centre(self, zero: Number, one: Number) -> Number:
        """The output of the model at theta = 0, for the raised values ``zero`` and ``one`` of the query on the labels 0
        and 1."""
        apart = select(zero == one, Fraction(1), zero - one)
        return select(zero == one, self.large, zero / apart)

    def read(self, theta: Number) -> Number:
        """The answer for which a parameter stands: its multiple of rho, lowered again and clipped to [-1, 1]."""
        return clip((2 * nearest(theta, self.rho) - 1 - self.floor) / (1 - self.floor))

    def error(self) -> Number:
        """How far an answer may be from the mean of its query over the batch."""
        return 2 * (3 * self.rho / 4 + 1 / self.large) / (1 - self.floor)

    def ticks(self) -> Formula:
        """Whether theta leaves 0 in its step, for every batch and every rounding."""
        return every(self.floor - 1 / self.large > 3 * self.rho / 4)

    def checked(self, tau: Number) -> "BothLabels":
        """These numbers, if they answer within ``tau``.

        Raises
        ------
        PremiseError
            If they do not, or if theta might stand still.
        """
        if not self.error() <= tau or not self.ticks():
            raise PremiseError(
                f"need 2 (3 rho/4 + 1/M)/(1 - c) <= tau = {tau} and c - 1/M > 3 rho/4, got {self.error()} and "
                f"c - 1/M = {self.floor - 1 / self.large}, rho = {self.rho}"
            )
        return self


def one_step_on_both(tau: Fraction, rho: Fraction) -> BothLabels:
    """The numbers with c = 1/2 for a tolerance and a precision rho < ``tau``/3, which use all of tau.

    Raises
    ------
    PremiseError
        For rho >= tau/3.

    >>> one_step_on_both(Fraction(1, 4), Fraction(1, 16)).large
    Fraction(64, 1)
    """
    left = (tau - 3 * rho) / 4
    if left <= 0:
        raise PremiseError(f"need rho < tau/3, got rho = {rho} and tau = {tau}")
    return BothLabels(rho=rho, floor=Fraction(1, 2), large=1 / left).checked(tau)
