"""The precision that a plan takes where none is asked for (Lemmas 3b and 12b)."""

from fractions import Fraction

from constructions.networks.queries import Setting


def default_rho(setting: Setting, b: int) -> Fraction:
    """The largest power of two with b rho < 1/8 that the setting allows.

    >>> from constructions.networks.queries import DYADIC
    >>> str(default_rho(DYADIC, 1)), str(default_rho(DYADIC, 8))
    ('1/16', '1/128')
    """
    rho = Fraction(1, 2)
    while not (b * rho < Fraction(1, 8) and rho < setting.rho_below):
        rho /= 2
    return rho
