"""Lemma 9: for every accuracy, any number of arguments and the whole cube."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some, within
from constructions.foundations.rounding import clip
from constructions.models.bumps import INNER, OUTER, bump_place, side
from constructions.models.snapping import nearest, product_of_bumps, read, smoothed
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

F = Fraction
Place = Callable[[Number, Number, Number], Number]
AT_A_POINT = "lemma9.products: over the coordinates reached: "


def below(value: Number, delta: Number) -> Number:
    """The multiple of delta below a value (a twin's)."""
    return nearest(value - delta / 2, delta)


def wide(value: Number, centre: Number, delta: Number) -> Number:
    """Bumps twice as wide (a twin's)."""
    return bump_place(value, centre, 2 * delta)


def cell(case: Case) -> tuple[Number, Number, Number, Number]:
    """delta > 0 and a coordinate x = delta (k + part), of which delta k is the nearest multiple of delta."""
    delta, k, part = case.real("delta"), case.integer("k"), case.real("part")
    case.assume(delta > 0, part >= F(-1, 2), part < F(1, 2))
    return delta, k, part, delta * (k + part)


@obligation("lemma9.nearest", paper="Lemma 9", of=lambda case: nearest, twin=lambda case: below)
def nearest_multiple_of_delta(rule: Callable[..., Number], case: Case) -> None:
    """Every number is delta (k + part) for an integer k and -1/2 <= part < 1/2; the nearest multiple of delta is then
    delta k."""
    delta, k, part, _ = cell(case)
    case.show("it is delta k", rule(delta * (k + part), delta) == delta * k)


@obligation("lemma9.bumps", paper="Lemma 9", of=lambda case: bump_place, twin=lambda case: wide)
def bumps_of_two_points_are_disjoint(place: Place, case: Case) -> None:
    """For every delta > 0 and every number x, the bump of the nearest multiple of delta is 1 within delta/4 of it, and
    the bump of every other multiple of delta is 0 at x, its step being at 0 or below. So no two bumps overlap; and
    where the nearest multiple changes, half of delta away from both, all bumps are 0, with all their derivatives."""
    delta, k, part, x = cell(case)
    apart = case.integer("apart")
    case.assume(apart != 0, label="another multiple")
    here, there = place(x, delta * k, delta), place(x, delta * (k + apart), delta)
    unit = OUTER * OUTER - INNER * INNER
    case.lemma("the place of the nearest", here * unit == OUTER * OUTER - part * part)
    away = part - apart
    case.lemma("the place of another", there * unit == OUTER * OUTER - away * away)
    case.lemma("half of delta away at least", some(away >= F(1, 2), away <= F(-1, 2)))
    case.lemma("so its square", away * away >= F(1, 4))
    case.show("1 near the grid", here >= 1, given=within(part, INNER))
    case.show("0 for every other multiple", there <= 0)
    case.show("0 half of delta away", here <= 0, given=some(part >= OUTER, part <= -OUTER))


def _domain(whole: bool, rule: Callable[..., Number]) -> Callable[[Case], Any]:
    return lambda case: (whole, rule)


def snapped_points_lie_in_the_cube(subject: tuple[bool, Callable[..., Number]], case: Case) -> None:
    """For every accuracy delta (as printed: any; the repair: 1/delta is whole, or the point is clipped) and every x in
    [-1, 1] within delta/4 of the grid, the point of the grid at which Phi is asked lies in [-1, 1]."""
    whole, rule = subject
    delta, k, part, x = cell(case)
    n = case.integer("N")
    if whole:
        case.assume(n >= 1, delta * n == 1)
    case.assume(within(x, F(1)), within(part, INNER))
    if whole:
        case.lemma("in units of delta", within(k + part, n))
        case.lemma("k", within(k, n))
        case.lemma("back", implies(within(k, n), within(delta * k, F(1))))
    used = case.use("lemma9.nearest", delta=delta, k=k, part=part)
    case.lemma("the nearest", used["it is delta k"])
    case.show("in [-1, 1]", within(rule(x, delta), F(1)))


obligation("lemma9.domain.printed", paper="Lemma 9", of=_domain(False, nearest), expect=Verdict.REFUTED, erratum="E46")(
    snapped_points_lie_in_the_cube
)
obligation(
    "lemma9.domain.whole",
    paper="Lemma 9",
    of=_domain(True, nearest),
    twin=_domain(True, lambda value, delta: nearest(value, delta) + delta),
    erratum="E46",
)(snapped_points_lie_in_the_cube)
obligation(
    "lemma9.domain.clipped",
    paper="Lemma 9",
    of=_domain(False, read),
    twin=_domain(False, lambda value, delta: 2 * read(value, delta)),
    erratum="E46",
)(snapped_points_lie_in_the_cube)


@obligation(
    "lemma9.products",
    paper="Lemma 9",
    kind="induction",
    of=lambda case: product_of_bumps,
    twin=lambda case: lambda values, centres, delta, **rest: product_of_bumps(values, values, delta, **rest),
)
def products_pick_the_nearest_point(product: Callable[..., Number], case: Case) -> None:
    """For every delta > 0, every number q of coordinates and every point x: the product of the bumps around the nearest
    point of the grid is 1 if each coordinate is within delta/4 of it, and the product around every other point of the
    grid is 0 at x."""
    delta, k, part, _ = cell(case)
    m, apart = case.integer("m"), case.integer("apart")
    case.assume(m == k + apart)
    used = case.use("lemma9.bumps", delta=delta, k=k, part=part, apart=apart)
    case.lemma("bumps are apart", implies(apart != 0, used["0 for every other multiple"]))
    state = {"q": case.integer("q"), "near": case.real("near"), "other": case.real("other")}
    state |= {"close": case.bit("every coordinate is close"), "differs": case.bit("some coordinate differs")}

    def advance(s: State) -> State:
        def times(centre: Number, before: Number) -> Number:
            return product([delta * (s["k"] + s["part"])], [delta * centre], delta, before=before, step=side)

        return {
            "q": s["q"] + 1,
            "near": times(s["k"], s["near"]),
            "other": times(s["m"], s["other"]),
            "close": every(s["close"], within(s["part"], INNER)),
            "differs": some(s["differs"], s["m"] != s["k"]),
        }

    run = case.induction(
        "over the coordinates",
        state=state,
        start={"q": F(0), "near": F(1), "other": F(1), "close": True, "differs": False},
        inputs={"k": k, "part": part, "m": m, "apart": apart},
        advance=advance,
        holds=lambda s: every(s["q"] >= 0, implies(s["close"], s["near"] == 1), implies(s["differs"], s["other"] == 0)),
    )
    at = case.reached(run)
    case.show("1 near the grid", at["near"] == 1, given=at["close"])
    case.show("0 for every other point", at["other"] == 0, given=at["differs"])


@obligation(
    "lemma9.snaps",
    paper="Lemma 9",
    kind="induction",
    of=lambda case: smoothed,
    twin=lambda case: (
        lambda function, delta, *, step: lambda *values: 2 * smoothed(function, delta, step=step)(*values)
    ),
)
def a_sum_of_bumps_snaps_to_the_grid(smooth: Callable[..., Any], case: Case) -> None:
    """For every accuracy delta > 0, every number q of arguments, every function Phi and every x: the sum over any
    finitely many points of the grid, x's nearest among them, of Phi there (clipped to the cube) times the point's
    product of bumps is the one summand of the nearest point; this is how the smooth function is computed. If each
    coordinate is within delta/4 of the grid it is Phi at the nearest point. (Smooth: each summand is a product of the
    bumps of Fact 1, and at most one summand is not 0 around any x.)"""
    delta = case.real("delta")
    case.assume(delta > 0)
    products = case.use("lemma9.products", delta=delta)
    new = dict(products.unbound)
    near, close, other = (new.pop(f"{AT_A_POINT}{name}") for name in ("near", "close", "other"))
    each_point, differs = new, new[f"{AT_A_POINT}differs"]
    case.assume(products.premises, label="the products of q bumps around the nearest point and around another")
    phi, value, is_it = case.real("Phi at the nearest"), case.real("Phi at a point"), case.bit("it is the nearest")
    case.assume(is_it == negation(differs), label="a point that differs in no coordinate is the nearest")
    case.assume(implies(is_it, every(value == phi, other == near)), label="at the nearest point it is that")
    state = {"points": case.integer("points"), "sum": case.real("sum"), "met": case.bit("the nearest is among them")}
    run = case.induction(
        "over the points",
        state=state,
        start={"points": F(0), "sum": F(0), "met": False},
        inputs={"other": other, "value": value, "is it": is_it, **each_point},
        fixed=tuple(f"{AT_A_POINT}{name}" for name in ("near", "close")),
        given=lambda s: negation(every(s["met"], s["is it"])),
        advance=lambda s: {
            "points": s["points"] + 1,
            "sum": s["sum"] + s["other"] * s["value"],
            "met": some(s["met"], s["is it"]),
        },
        holds=lambda s: every(s["points"] >= 0, s["sum"] == select(s["met"], near * phi, F(0))),
    )
    at = case.reached(run)
    case.show("the sum is one summand", at["sum"] == near * phi, given=at["met"])
    case.show("Phi at the nearest point", at["sum"] == phi, given=every(at["met"], close))
    as_computed(smooth, case)


def as_computed(smooth: Callable[..., Any], case: Case) -> None:
    """That the code computes this summand, seen on two arguments: the product of the bumps around the nearest point
    times Phi there, clipped to the cube."""
    delta, function = case.real("delta"), case.function("Phi", 2)
    places, points = [], []
    for name in ("first", "second"):
        k, part = case.integer(f"{name} k"), case.real(f"{name} part")
        used = case.use("lemma9.nearest", delta=delta, k=k, part=part)
        case.assume(used.premises, label=f"the {name} argument in units of delta")
        places.append(delta * (k + part))
        points.append(delta * k)
    product: Formula = product_of_bumps(places, points, delta, step=side)
    found = smooth(function, delta, step=side)(*places)
    case.show("it is computed", found == product * function(*map(clip, points)))
