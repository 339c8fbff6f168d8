"""Equation (3) as the paper has it, for any number of weights."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import every, implies, select, some, within
from constructions.foundations.rounding import Grid
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

Pair = tuple[Number, Number]


@obligation("equation3.valid", paper="Equation (3)", kind="induction", of=lambda case: Grid, twin=lambda case: Wide)
def valid_gradient_estimates(grid_of: Callable[..., Grid], case: Case) -> None:
    """For every rho > 0, every number p of weights, and all u and v with p entries: each entry of u is one of the
    roundings of v's entry that an adversary may pick, exactly if each entry of u is a multiple of rho and the largest
    absolute value of an entry of u - v is at most 3 rho/4."""
    rho, q, rest, k, more = case.real("rho"), case.integer("q"), case.real("s"), case.integer("k"), case.real("t")
    case.assume(rho > 0, rest >= 0, rest < 1, more >= 0, more < 1)
    state = {"p": case.integer("p"), "bad": case.integer("bad"), "off": case.integer("off"), "norm": case.real("norm")}
    one_entry(grid_of, rho, (q, rest), (k, more), case)

    def advance(s: State) -> State:
        may, on_grid, away = entry(grid_of, rho, s["q"] + s["s"], s["k"] + s["t"])
        return {
            "p": s["p"] + 1,
            "bad": s["bad"] + select(may, Fraction(0), Fraction(1)),
            "off": s["off"] + select(on_grid, Fraction(0), Fraction(1)),
            "norm": select(away > s["norm"], away, s["norm"]),
        }

    def holds(s: State) -> object:
        valid = every(s["off"] == 0, s["norm"] <= 3 * rho / 4)
        return every(s["p"] >= 0, s["bad"] >= 0, s["off"] >= 0, s["norm"] >= 0, (s["bad"] == 0) == valid)

    at = case.reached(
        case.induction(
            "over the entries",
            state=state,
            start=dict.fromkeys(state, Fraction(0)),
            inputs={"q": q, "s": rest, "k": k, "t": more},
            advance=advance,
            holds=holds,
        )
    )
    case.show("if", at["bad"] == 0, given=every(at["off"] == 0, at["norm"] <= 3 * rho / 4))
    case.show("only if", every(at["off"] == 0, at["norm"] <= 3 * rho / 4), given=at["bad"] == 0)


def entry(grid_of: Callable[..., Grid], rho: Number, c: Number, d: Number) -> tuple[Any, Any, Number]:
    """One entry rho d of an estimate of rho c: may it be picked, is it a multiple of rho, and how far off is it?"""
    u, v = rho * d, rho * c
    may = some(*(every(u == near, valid) for near, valid in grid_of(rho=rho).neighbours(v)))
    return may, u / rho == floored(u / rho), select(u < v, v - u, u - v)


def one_entry(grid_of: Callable[..., Grid], rho: Number, of_v: Pair, of_u: Pair, case: Case) -> None:
    """The same of one entry, in steps that a solver can follow; v / rho and u / rho are given by floor and rest."""
    (q, rest), (k, more) = of_v, of_u
    c, d = q + rest, k + more
    may, on_grid, away = entry(grid_of, rho, c, d)
    ways = [every(d == q + above, within(q + above - c, Fraction(3, 4))) for above in (0, 1)]
    case.lemma("where k is", some(k <= q - 1, k == q, k == q + 1, k >= q + 2))
    case.lemma("in units of rho", implies(some(*ways), every(more == 0, within(d - c, Fraction(3, 4)))))
    case.lemma("in units of rho: all", implies(every(more == 0, within(d - c, Fraction(3, 4))), some(*ways)))
    case.lemma("v / rho is what it is called", (rho * c) / rho == c)
    case.lemma("u / rho is what it is called", (rho * d) / rho == d)
    case.lemma("the floor of v / rho", floored((rho * c) / rho) == q)
    case.lemma("the floor of u / rho", floored((rho * d) / rho) == k)
    case.lemma("on the grid", on_grid == (more == 0))
    for above, (near, valid) in enumerate(grid_of(rho=rho).neighbours(rho * c)):
        name = ("lower", "upper")[above]
        case.lemma(f"the {name} neighbour in units of rho", (rho * d == near) == (d == q + above))
        case.lemma(f"its distance: the {name} one", valid == within(q + above - c, Fraction(3, 4)))
    case.lemma("the distance in units of rho", (away <= 3 * rho / 4) == within(d - c, Fraction(3, 4)))
    case.lemma("one entry", may == every(on_grid, away <= 3 * rho / 4))


class Wide(Grid):
    """A grid that takes any of the two neighbours (the twin's)."""

    __slots__ = ()

    def neighbours(self, value: Number) -> tuple[tuple[Number, Any], ...]:
        """Both, whatever the value is."""
        return tuple((near, True) for near, _ in super().neighbours(value))
