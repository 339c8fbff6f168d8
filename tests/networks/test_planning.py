"""The precision of a plan where none is asked for."""

from fractions import Fraction
from typing import Any

import pytest

from constructions.networks.decoder import Decoder
from constructions.networks.planning import SPARE_PLACES, answer_places, default_rho
from constructions.networks.queries import PRINTED, REPAIRED, Setting


@pytest.mark.parametrize("setting", [*REPAIRED, PRINTED], ids=lambda setting: setting.name)
@pytest.mark.parametrize("b", [1, 2, 7, 8, 1024])
def test_the_default_rho_is_the_largest_power_of_two_with_b_rho_below_an_eighth(setting: Setting, b: int) -> None:
    rho = default_rho(setting, b)
    assert rho.numerator == 1 and rho.denominator & (rho.denominator - 1) == 0
    assert b * rho < Fraction(1, 8) and rho < setting.rho_below
    assert b * 2 * rho >= Fraction(1, 8) or 2 * rho >= setting.rho_below


@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
@pytest.mark.parametrize("centred", [False, True])
def test_an_answer_has_the_fewest_places_that_keep_the_tolerance(setting: Setting, centred: bool) -> None:
    rho = default_rho(setting, 4)

    def kept(places: int) -> Fraction:
        return Decoder(
            setting=setting, rho=rho, signed=False, binary=True, answer_fraction=places, centred=centred
        ).tolerance

    places = answer_places(setting=setting, rho=rho, signed=False, binary=True, centred=centred, tolerance=4 * rho)
    assert kept(places) <= 4 * rho and all(kept(fewer) > 4 * rho for fewer in range(places))


def test_where_no_number_of_places_serves_the_last_is_taken() -> None:
    given: dict[str, Any] = {
        "setting": REPAIRED[0],
        "rho": Fraction(1, 64),
        "signed": False,
        "binary": True,
        "centred": False,
    }
    assert answer_places(**given, tolerance=Fraction(1, 1024)) == SPARE_PLACES + 10
