"""An identity that divides by its variable: what the tests of uses and of the store share."""

from fractions import Fraction

from verify.obligations.case import Case


def cancels(times: int, case: Case) -> None:
    """x / x is 1."""
    x = case.real("x")
    case.equal("cancels", times * x / x, Fraction(1))
