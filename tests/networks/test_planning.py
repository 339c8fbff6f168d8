"""The precision of a plan where none is asked for."""

from fractions import Fraction

import pytest

from constructions.networks.planning import default_rho
from constructions.networks.queries import PRINTED, REPAIRED, Setting


@pytest.mark.parametrize("setting", [*REPAIRED, PRINTED], ids=lambda setting: setting.name)
@pytest.mark.parametrize("b", [1, 2, 7, 8, 1024])
def test_the_default_rho_is_the_largest_power_of_two_with_b_rho_below_an_eighth(setting: Setting, b: int) -> None:
    rho = default_rho(setting, b)
    assert rho.numerator == 1 and rho.denominator & (rho.denominator - 1) == 0
    assert b * rho < Fraction(1, 8) and rho < setting.rho_below
    assert b * 2 * rho >= Fraction(1, 8) or 2 * rho >= setting.rho_below
