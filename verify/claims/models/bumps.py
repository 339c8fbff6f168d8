"""Fact 1, by an explicit bump: smooth, 1 on a cube, 0 off a larger one, in any number of dimensions.

The function rise(t) = exp(-1/t), 0 for t <= 0, enters by what is known of it: it is 0 up to 0 and positive beyond, so
are its derivatives up to 0, and its derivatives for t > 0 are what ``fact1.derivatives`` and ``fact1.vanishes`` say.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some, within
from constructions.models.bumps import (
    INNER,
    OUTER,
    bump,
    bump_place,
    gate,
    gate_place,
    relative_slope,
    side,
    slope_of_step,
    step,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
Step = Callable[[Any, Callable[[Any], Any]], Any]


def rise_of(case: Case, *places: Number) -> Callable[[Number], Number]:
    """The rise: any function of which it is known, at some places and their mirror images, that it is 0 up to 0 and
    positive beyond."""
    rise = case.function("rise", 1)
    for place in places:
        for t in (place, 1 - place):
            case.assume(implies(t <= 0, rise(t) == 0), implies(t > 0, rise(t) > 0), label="exp(-1/t) > 0 for t > 0")
    return rise


def late_step(s: Any, rise: Callable[[Any], Any]) -> Any:
    """A step that comes too late (the twins')."""
    return rise(s) / (rise(s) + rise(2 - s))


@obligation("fact1.step", paper="Fact 1", of=lambda case: step, twin=lambda case: late_step)
def a_step_is_flat_at_both_sides(smooth: Step, case: Case) -> None:
    """For every s the denominator of the smooth step is positive and the step is from 0 to 1; for s <= 0 it is 0 and
    for s >= 1 it is 1, which is what the exact step says."""
    s = case.real("s")
    rise = rise_of(case, s)
    case.lemma("the denominator is positive", rise(s) + rise(1 - s) > 0)
    found = smooth(s, rise)
    case.show("from 0 to 1", every(found >= 0, found <= 1))
    case.show("as the exact step says", found == side(s), given=some(s <= 0, s >= 1))


def steeper(*values: Number) -> Number:
    """A slope that is 1 too large (the twin's)."""
    return slope_of_step(*values) + 1


@obligation("fact1.slope", paper="Fact 1", of=lambda case: slope_of_step, twin=lambda case: steeper)
def a_step_has_slope_0_at_both_sides(slope: Callable[..., Number], case: Case) -> None:
    """The derivative of the smooth step, which sympy takes of its expression, is 0 for s <= 0, where the rise and its
    derivative are 0, and for s >= 1, where those of the other summand are."""
    names = ("rise", "rise'", "fall", "fall'")
    rise, rise_slope, fall, fall_slope = parts = tuple(case.real(name) for name in names)
    case.assume(rise >= 0, fall >= 0, rise + fall > 0, label="rise(s) + rise(1 - s) > 0")
    found = slope(*parts)
    case.show("0 on the left", found == 0, given=every(rise == 0, rise_slope == 0))
    case.show("0 on the right", found == 0, given=every(fall == 0, fall_slope == 0))


@obligation(
    "fact1.derivatives",
    paper="Fact 1",
    of=lambda case: relative_slope,
    twin=lambda case: lambda power, t: relative_slope(power + 1, t),
)
def derivatives_of_the_rise_are_of_one_kind(slope: Callable[..., Number], case: Case) -> None:
    """For every power k, the derivative of exp(-1/t) / t^k for t > 0 is exp(-1/t) / t^(k+2) less k times
    exp(-1/t) / t^(k+1), as sympy finds with k a symbol. So every derivative of exp(-1/t), of any order, is a sum of
    finitely many such functions with whole coefficients."""
    k, t = case.real("k"), case.real("t")
    case.assume(t > 0)
    case.show("of the same kind", slope(k, t) * t * t == 1 - k * t)


@obligation("fact1.vanishes", paper="Fact 1", kind="induction", of=lambda case: 1, twin=lambda case: 2)
def powers_do_not_help_at_zero(more: int, case: Case) -> None:
    """For every k >= 0 and t > 0, exp(-1/t) / t^k is at most M^M t with M = k + 1. So each of these functions, and each
    difference quotient of it at 0 (that is the one with k + 1), tends to 0: all one-sided derivatives of the rise at 0
    are 0. For, with u = 1/t and q = exp(-u/M), u q <= M as exp(v) >= v, and the M-th power of u q is
    u^M exp(-1/t), by induction over the factors."""
    m, factor = case.integer("M"), case.real("u q")
    case.assume(m >= 1, factor >= 0, factor <= more * m, label="u q <= M, as exp(v) >= v")
    state = {"j": case.integer("j"), "power": case.real("power"), "bound": case.real("bound")}
    run = case.induction(
        "over the factors",
        state=state,
        start={"j": F(0), "power": F(1), "bound": F(1)},
        inputs={},
        advance=lambda s: {"j": s["j"] + 1, "power": s["power"] * factor, "bound": s["bound"] * m},
        holds=lambda s: every(s["j"] >= 0, s["power"] >= 0, s["power"] <= s["bound"]),
    )
    at = case.reached(run)
    u, t, value = case.real("u"), case.real("t"), case.real("value")
    case.assume(t > 0, u * t == 1, value * u == at["power"], label="the power is u times exp(-1/t) / t^k")
    case.lemma("the value is t times the power", value == t * at["power"])
    case.show("at most M^M t", value <= t * at["bound"])


def near_and_far(away: Number, delta: Number) -> tuple[Formula, Formula]:
    """Whether a coordinate is within delta/4 of a bump's centre, and whether it is delta/3 away from it or more."""
    return within(away, INNER * delta), some(away >= OUTER * delta, -away >= OUTER * delta)


def one_bump(place: Callable[..., Any], delta: Number, x: Number, centre: Number, case: Case) -> Number:
    """The smooth bump of one coordinate, with what is known of it."""
    s = place(x, centre, delta)
    rise = rise_of(case, s)
    outer, inner = OUTER * OUTER, INNER * INNER
    away = (x - centre) * (x - centre)
    case.lemma("the place of the step", s * ((outer - inner) * delta * delta) == outer * delta * delta - away)
    near, far = near_and_far(x - centre, delta)
    case.lemma("near", implies(near, s >= 1))
    case.lemma("far", implies(far, s <= 0))
    used = case.use("fact1.step", s=s, rise=rise)
    case.lemma("the step is known", used.premises)
    value = case.real("bump")
    case.assume(value == step(s, rise), label="the bump of this coordinate")
    return value


@obligation(
    "fact1.cube",
    paper="Fact 1",
    kind="induction",
    of=lambda case: bump_place,
    twin=lambda case: lambda value, centre, delta: bump_place(value, centre, delta / 2),
)
def bumps_of_cubes(place: Callable[..., Any], case: Case) -> None:
    """For every delta > 0, every number q of coordinates and every centre: the product of q smooth bumps is from 0 to
    1, is 1 on the closed cube of the points within delta/4 of the centre in each coordinate, and 0 off the open cube of
    those within delta/3. On the one and off the other each step stands where it is constant, or some factor is 0 with
    all its derivatives; so this is the smooth function that Fact 1 is cited for."""
    delta, x, centre = case.real("delta"), case.real("x"), case.real("c")
    case.assume(delta > 0)
    value = one_bump(place, delta, x, centre, case)
    state = {"q": case.integer("q"), "product": case.real("product")}
    state |= {"in": case.bit("in every coordinate near"), "out": case.bit("in some coordinate far")}

    def advance(now: State) -> State:
        near, off = near_and_far(now["x"] - now["c"], delta)
        return {
            "q": now["q"] + 1,
            "product": now["product"] * now["bump"],
            "in": every(now["in"], near),
            "out": some(now["out"], off),
        }

    def holds(now: State) -> Any:
        bounds = every(now["q"] >= 0, now["product"] >= 0, now["product"] <= 1)
        return every(bounds, implies(now["in"], now["product"] == 1), implies(now["out"], now["product"] == 0))

    run = case.induction(
        "over the coordinates",
        state=state,
        start={"q": F(0), "product": F(1), "in": True, "out": False},
        inputs={"x": x, "c": centre, "bump": value},
        advance=advance,
        holds=holds,
    )
    at = case.reached(run)
    case.show("1 on the closed cube", at["product"] == 1, given=at["in"])
    case.show("0 off the open cube", at["product"] == 0, given=at["out"])
    case.show("from 0 to 1", within(at["product"], F(1)))


@obligation(
    "bumps.gate",
    paper="Lemma 3a",
    of=lambda case: gate_place,
    twin=lambda case: lambda kappa, rho: gate_place(kappa, 2 * rho),
)
def gates_are_flat_where_they_are_asked(place: Callable[..., Any], case: Case) -> None:
    """For every rho > 0: a gate is asked where it is constant, and is 0, for a clock at 0; it is, and is 1, for a clock
    of at least rho."""
    rho, kappa = case.real("rho"), case.real("kappa")
    case.assume(rho > 0)
    s = place(kappa, rho)
    case.lemma("in units of rho", s * rho == 2 * kappa - rho / 2)
    case.show("shut", implies(kappa == 0, every(s <= 0, gate(kappa, rho, step=side) == 0)))
    case.show("open", implies(kappa >= rho, every(s >= 1, gate(kappa, rho, step=side) == 1)))


@obligation(
    "bumps.grid",
    paper="Lemma 3a",
    of=lambda case: bump_place,
    twin=lambda case: lambda value, centre, rho: bump_place(value, centre, 4 * rho),
)
def bumps_are_flat_on_the_grid(place: Callable[..., Any], case: Case) -> None:
    """For every rho > 0, at each multiple of rho all bumps around multiples of rho are asked where they are constant:
    the one around this multiple is 1, the others are 0."""
    rho, k, m, apart = case.real("rho"), case.integer("k"), case.integer("m"), case.integer("apart")
    case.assume(rho > 0, k == m + apart, apart != 0, label="another multiple")
    here, away = place(rho * k, rho * k, rho), place(rho * k, rho * m, rho)
    unit = OUTER * OUTER - INNER * INNER
    case.lemma("its own place", here * unit == OUTER * OUTER)
    case.lemma("at least one apart", apart * apart >= 1)
    case.lemma("the place of another", away * unit == OUTER * OUTER - apart * apart)
    case.show("1 at its centre", every(here >= 1, bump(rho * k, rho * k, rho, step=side) == 1))
    case.show("0 at another", every(away <= 0, bump(rho * k, rho * m, rho, step=side) == 0))
