"""One rounded gradient determines the batch: no two batches have a valid rounding in common, for b rho < 4/3; and from
b rho = 4 on some two have one in common for every query."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, some, within
from constructions.foundations.rounding import is_valid
from constructions.strip.reader import is_fit
from constructions.strip.simulations import MOST_B_RHO, tolerance_of
from verify.claims.strip.reader.samples import careless, held_of
from verify.claims.strip.reading import Determined
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction


@obligation(
    "strip.given.certified",
    paper="the strip",
    of=lambda case: tolerance_of,
    twin=lambda case: lambda rho: 3 * tolerance_of(rho) / 2,
)
def no_other_batch_has_the_update(near: Callable[[Number], Number], case: Case) -> None:
    """For every n, b >= 1 and rho > 0 with b rho < 4/3: two batches of b points for which the same vector is a valid
    rounding of the means of (-1)^y r, for all queries r of the family, have the same balance."""
    b, rho, u = case.integer("b"), case.real("rho"), case.real("u")
    case.assume(b >= 1, rho > 0, b * rho < MOST_B_RHO)
    halves = [case.integer(name) for name in ("half", "other half")]
    means = [case.real(name) for name in ("mean", "other mean")]
    for name, half, mean in zip(("one", "the other"), halves, means, strict=True):
        case.assume(b * mean == b + 2 * half, within(u - mean, near(rho)), label=f"{name} batch, which the entry fits")
        case.lemma(f"times b, {name}", within(b * u - (b + 2 * half), b * near(rho)))
    case.lemma("the same product", halves[0] == halves[1])
    there, other = case.integer("balance at a point"), case.integer("the other balance there")
    Determined(case, "difference", b).agrees(other, there)
    case.show("the same balance", other == there)


@obligation("strip.pair.shared", paper="the strip", of=lambda case: F(1, 2), twin=lambda case: F(3, 4))
def values_near_each_other_share_a_rounding(gap: Number, case: Case) -> None:
    """For every rho > 0: two numbers v <= v' with v' - v <= rho/2 have a valid rounding in common, wherever they are on
    the grid; with v' - v > 3 rho/2 they have none."""
    rho, v, w, k = case.real("rho"), case.real("v"), case.real("v'"), case.integer("k")
    case.assume(rho > 0, v <= w)
    low = case.integer("multiple below v")
    case.assume(rho * low <= v, v < rho * (low + 1), label="the multiple of rho below v")
    shared = some(*(every(is_valid(j, v, rho), is_valid(j, w, rho)) for j in (low, low + 1)))
    case.show("one in common", implies(w - v <= gap * rho, shared))
    none = implies(every(is_valid(k, v, rho), is_valid(k, w, rho)), w - v <= 3 * rho / 2)
    case.show("none in common beyond 3 rho/2", none)


@obligation("strip.pair.ends", paper="the strip", of=lambda case: F(1, 4), twin=lambda case: F(3, 4))
def both_ends_are_sharp(place: Number, case: Case) -> None:
    """For every rho > 0 and every t > 0 with t < rho/4: the numbers rho/4 - t/2 and 3 rho/4 + t/2, more than rho/2
    apart, share no valid rounding; and rho/4 and 7 rho/4, 3 rho/2 apart, share rho."""
    rho, t, k = case.real("rho"), case.real("t"), case.integer("k")
    case.assume(rho > 0, t > 0, t < rho / 4)
    v, w = place * rho - t / 2, 3 * rho / 4 + t / 2
    case.show("none", some(v >= w, implies(is_valid(k, v, rho), is_valid(k, w, rho) == False)))  # noqa: E712
    case.show("rho", every(is_valid(1, place * rho, rho), is_valid(1, 7 * rho / 4, rho)))


@obligation("strip.hiding.pair", paper="the strip", of=lambda case: F(1, 4), twin=lambda case: F(1, 2))
def near_batches_are_hidden(share: Number, case: Case) -> None:
    """For all b >= 1, rho > 0 and every query with values in [-1, 1]: two batches that differ in at most b rho/4 points
    have means at most rho/2 apart, so some vector is a valid rounding for both (``strip.pair.shared``)."""
    b, rho, k, shift, gap = case.integer("b"), case.real("rho"), case.integer("k"), case.real("shift"), case.real("gap")
    case.assume(b >= 1, rho > 0, k >= 0, k <= share * b * rho, within(shift, F(2) * k), b * gap == shift)
    case.lemma("times b", within(b * gap, b * rho / 2))
    case.show("at most rho/2 apart", within(gap, rho / 2))


@obligation("strip.given.ones", paper="the strip", of=lambda case: is_fit, twin=lambda case: careless)
def nor_other_points_with_label_1(fits: Callable[[Number, Number], Any], case: Case) -> None:
    """For every n, b >= 1, rho > 0 and c that fits: two batches of b points with the same balance, for which the same
    vector is a valid rounding of the means for the queries of M* with slope 1, have the same N_1. So for M* an update
    belongs to one batch alone."""
    b, rho, held, u = case.integer("b"), case.real("rho"), held_of(case), case.real("u")
    case.assume(b >= 1, rho > 0, fits(held, b * tolerance_of(rho)), label="c fits")
    balance, many = case.integer("product of the balance"), case.integer("points with label 1")
    counts = {"one": case.integer("half"), "the other": case.integer("other half")}
    for name, half in counts.items():
        mean, ones = case.real(f"mean of {name}"), many + 2 * half
        total = (balance + ones) * held - ones * (1 - held)
        case.assume(b * mean == total, within(u - mean, tolerance_of(rho)), label=f"{name} batch, which the entry fits")
        case.lemma(f"times b, {name}", within(b * u - total, b * tolerance_of(rho)))
    gap, width = counts["one"] - counts["the other"], 1 - 2 * held
    case.lemma("apart", within(gap * width, b * tolerance_of(rho)))
    case.lemma("less than 1", every(gap < 1, gap > -1))
    case.lemma("the same product", gap == 0)
    there, other = case.integer("N_1 at a point"), case.integer("the other N_1 there")
    Determined(case, "difference", b).agrees(other, there)
    case.show("the same points with label 1", other == there)
