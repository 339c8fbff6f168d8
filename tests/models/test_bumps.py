"""Steps, gates and bumps: exact where they are constant, and refused elsewhere."""

from fractions import Fraction
from math import exp
from typing import Any

import pytest

from constructions.errors import PremiseError
from constructions.models import bumps
from constructions.models.bumps import bump, flat_step, gate, relative_slope, slope_of_step, step
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


def real_rise(t: float) -> float:
    return exp(-1 / t) if t > 0 else 0.0


def test_the_step_is_0_then_rises_then_is_1() -> None:
    seen = [step(k / 10, real_rise) for k in range(-3, 14)]
    assert seen[:4] == [0.0] * 4 and seen[-4:] == [1.0] * 4
    assert seen == sorted(seen) and step(0.5, real_rise) == 0.5


def test_the_exact_step_agrees_with_the_smooth_one_where_it_is_constant() -> None:
    for s in (F(-7, 3), F(0), F(1), F(9, 4)):
        assert flat_step(s) == step(float(s), real_rise)


@pytest.mark.parametrize("s", [F(1, 1000), F(1, 2), F(999, 1000)])
def test_a_step_is_not_asked_where_it_rises(s: Fraction) -> None:
    with pytest.raises(PremiseError, match=r"need a point where the smooth step is constant .* got s = "):
        flat_step(s)


def test_a_gate_is_shut_at_0_and_open_from_rho_on() -> None:
    rho = F(1, 7)
    assert [gate(k * rho, rho) for k in (-3, 0, 1, 5)] == [0, 0, 1, 1]
    with pytest.raises(PremiseError):
        gate(rho / 2, rho)


def test_a_bump_is_1_near_its_centre_and_0_at_the_next_point_of_the_grid() -> None:
    delta = F(1, 3)
    assert [bump(k * delta, 2 * delta, delta) for k in range(5)] == [0, 0, 1, 0, 0]
    assert bump(2 * delta + delta / 4, 2 * delta, delta) == 1
    with pytest.raises(PremiseError):
        bump(2 * delta + F(3, 10) * delta, 2 * delta, delta)


def test_the_slope_that_sympy_finds_is_that_of_the_numbers() -> None:
    s, h = 0.4, 1e-6
    values = [F(real_rise(s)), F(exp(-1 / s) / s**2), F(real_rise(1 - s)), F(exp(-1 / (1 - s)) / (1 - s) ** 2)]
    found = float(slope_of_step(*values))
    assert found == pytest.approx((step(s + h, real_rise) - step(s - h, real_rise)) / (2 * h), rel=1e-5)
    assert relative_slope(F(2), F(1, 2)) == 0


def test_a_step_that_comes_late_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(s: Any, rise: Any) -> Any:
        return rise(s) / (rise(s) + rise(2 - s))

    found = paper_obligations()["fact1.step"]
    assert examine(found, lambda case: step).verdict is Verdict.PROVED
    assert examine(found, lambda case: late).verdict is Verdict.REFUTED
    monkeypatch.setattr(bumps, "OPEN", F(5, 4))
    assert examine(paper_obligations()["bumps.gate"], lambda case: bumps.gate_place).verdict is Verdict.REFUTED
