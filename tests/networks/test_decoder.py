"""The decoder: its numbers, its circuit, and that its tolerance is no smaller than what can happen."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from constructions.computation.design import Design
from constructions.errors import ConstructionError, PremiseError
from constructions.networks.budget import error_bounds
from constructions.networks.decoder import Decoder
from constructions.networks.queries import DYADIC, MINIMAL, REPAIRED, STRONG

KINDS = [(False, True), (False, False), (True, True), (True, False)]


def decoder(**changed: object) -> Decoder:
    given = {"setting": DYADIC, "rho": Fraction(1, 16), "signed": False, "binary": True, "answer_fraction": 8} | changed
    return Decoder(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("signed", "binary"), KINDS)
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
@pytest.mark.parametrize("centred", [False, True])
def test_the_circuit_gives_the_answer(setting: object, signed: bool, binary: bool, centred: bool) -> None:
    made = decoder(setting=setting, rho=Fraction(1, 20), signed=signed, binary=binary, centred=centred)
    design, k, random = Design(), made.bits, Random(5)
    positive = [design.input(f"p{i}", k) for i in range(len(made.places))]
    negative = [design.input(f"n{i}", k) for i in range(len(made.places))] if signed else []
    design.output("code", made.circuit(positive, negative, made.answer_fraction + 3))
    ends = [[0] * len(positive), [2**k - 1] * len(positive)]
    for above in [*ends, *([random.randrange(2**k) for _ in positive] for _ in range(8))]:
        for below in [*ends, [random.randrange(2**k) for _ in positive]] if signed else [ends[0]]:
            given = {f"p{i}": v for i, v in enumerate(above)} | (
                {f"n{i}": v for i, v in enumerate(below)} if signed else {}
            )
            code = design.evaluate(**given)["code"]
            signed_code = code - (1 << made.answer_fraction + 3) if code >> made.answer_fraction + 2 else code
            assert Fraction(signed_code, 1 << made.answer_fraction) == made.answer(made.total(above, below))


@pytest.mark.parametrize(("signed", "binary"), KINDS)
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_the_error_of_any_read_out_is_within_the_tolerance_and_can_come_near(
    setting: object, signed: bool, binary: bool
) -> None:
    made = decoder(setting=setting, rho=Fraction(1, 16), signed=signed, binary=binary)
    random, worst = Random(3), Fraction(0)
    low, high = (bound * made.rho for bound in error_bounds(made.setting))
    unit = made.rho / made.setting.record_gain
    for trial in range(500):
        size = sum(made.places)
        records, means = [], []
        for sign in (1, -1) if signed else (1,):
            read = random.randrange(0, 2**made.bits) if trial > 20 else trial
            end = (low, high)[(trial + (sign < 0)) % 2]
            fraction = read * unit - end
            if not 0 <= fraction <= 1:
                fraction = max(Fraction(0), min(Fraction(1), read * unit - (low + high) / 2))
            if not low <= read * unit - fraction <= high:
                break
            records.append(sign * read * size)
            means.append(sign * fraction * size)
        else:
            mean = sum(means, Fraction(0)) / (1 << made.digits)
            if abs(mean) <= 1:
                answer = made.answer(sum(records))
                assert abs(answer - mean) <= made.tolerance
                worst = max(worst, abs(answer - mean))
    assert worst > made.tolerance / 2


def test_an_answer_is_held_within_minus_one_and_one() -> None:
    made = decoder(setting=MINIMAL, signed=True)
    assert made.answer(-(10**6)) == -1
    assert made.answer(10**6) == 1


def test_centring_takes_the_middle_off() -> None:
    plain, centred = decoder(answer_fraction=14), decoder(answer_fraction=14, centred=True)
    assert plain.tolerance / plain.rho == pytest.approx(17 / 8, abs=0.01)
    assert centred.tolerance / centred.rho == pytest.approx(25 / 16, abs=0.01)
    minimal = decoder(setting=MINIMAL, answer_fraction=14, centred=True)
    assert minimal.tolerance / minimal.rho == pytest.approx(5 / 2, abs=0.01)


def test_few_places_in_an_answer_cost_tolerance() -> None:
    assert decoder(answer_fraction=2).tolerance > decoder(answer_fraction=9).tolerance


def test_rho_beyond_the_settings_bound_is_refused_with_numbers() -> None:
    with pytest.raises(PremiseError, match="need 0 < rho < 1/8 \\(minimal repair\\), got rho=1/8"):
        decoder(setting=MINIMAL, rho=Fraction(1, 8))
    assert replace(decoder(setting=STRONG), rho=Fraction(1, 5)).bits == 3


def test_a_port_too_narrow_is_refused() -> None:
    made = decoder()
    with pytest.raises(ConstructionError, match="need answers of at least 10 bits, got 9"):
        made.circuit([Design().input("p0", 4)], [], 9)
