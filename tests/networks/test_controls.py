"""Output controls and vc (Lemma 3b): values by hand, kinks of the printed vc."""

from fractions import Fraction

import pytest

from constructions.foundations.activation import RAMP
from constructions.foundations.walks import backward, forward
from constructions.networks.controls import activator, control, primary_weight, secondary_weight
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, REPAIRED, STRONG, VC_ONLY, Setting


@pytest.mark.parametrize(
    ("plus", "minus", "pre", "out"),
    [
        (2, 2, Fraction(7, 2), 2),
        (2, -2, Fraction(-1, 2), 0),
        (-2, 2, Fraction(-1, 2), 0),
        (-2, -2, Fraction(-9, 2), -2),
    ],
)
def test_a_control_is_strictly_flat_at_each_of_its_values(plus: int, minus: int, pre: Fraction, out: int) -> None:
    run = forward(control(), {"plus": Fraction(plus), "minus": Fraction(minus)})
    assert (run.pre["control"], run.out["control"], run.flat("control")) == (pre, out, True)
    assert not any(backward(run, {"control": Fraction(1)}).edges.values())


@pytest.mark.parametrize(("bit", "kink"), [(-2, 0), (2, 2)])
def test_the_printed_vc_sits_on_a_kink_for_both_bits(bit: int, kink: int) -> None:
    run = forward(activator(PRINTED), {"bit": Fraction(bit)})
    assert run.pre["vc"] == run.out["vc"] == kink
    assert RAMP.on_kink(run.pre["vc"]) is True and run.flat("vc") is False


@pytest.mark.parametrize("setting", [VC_ONLY, *REPAIRED], ids=lambda setting: setting.name)
@pytest.mark.parametrize(("bit", "pre", "out"), [(-2, Fraction(-1, 2), 0), (2, 3, 2)])
def test_the_mended_vc_is_strictly_flat_for_both_bits(setting: Setting, bit: int, pre: Fraction, out: int) -> None:
    run = forward(activator(setting), {"bit": Fraction(bit)})
    assert (run.pre["vc"], run.out["vc"], run.flat("vc")) == (pre, out, True)


def test_primary_weights_by_hand() -> None:
    rho = Fraction(1, 16)
    assert primary_weight(MINIMAL, rho) == Fraction(9, 16)
    assert primary_weight(STRONG, rho) == primary_weight(DYADIC, rho) == Fraction(137, 256)


@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
@pytest.mark.parametrize(("value", "prime"), [(-2, False), (2, True)])
def test_a_primary_control_alone_holds_the_declared_output(setting: Setting, value: int, prime: bool) -> None:
    rho = Fraction(1, 16)
    pre = value * primary_weight(setting, rho)
    assert pre == setting.pre_activation(rho, prime=prime)
    assert RAMP(pre) == setting.output(rho, prime=prime)


def test_secondary_weights_by_hand() -> None:
    assert [secondary_weight(setting) for setting in (MINIMAL, STRONG, DYADIC)] == [
        Fraction(1, 48),
        Fraction(1, 32),
        Fraction(3, 128),
    ]


@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_a_secondary_control_at_2_gives_one_share(setting: Setting) -> None:
    assert 2 * secondary_weight(setting) == setting.share == 2 * setting.resting * setting.gain
