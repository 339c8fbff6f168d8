"""Fact R2, its moments: those of a sum of N signs are at least (c L N)^L, and those of other sums of norm N no less."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select
from constructions.strip.separation import MOST_GROWTH, growth_bound, least_after, merged, next_pair
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
Pair = Callable[[Number, Number, Number], tuple[Number, Number]]
POWERS, VECTORS = "over the powers reached: ", "over the vectors reached: "


def halved_pair(square: Number, even: Number, odd: Number) -> tuple[Number, Number]:
    """Half of the odd part (the twin's)."""
    found = next_pair(square, even, odd)
    return found[0] - odd, found[1]


@obligation(
    "strip.separation.pair",
    paper="the strip",
    kind="induction",
    of=lambda case: next_pair,
    twin=lambda case: halved_pair,
)
def two_terms_of_a_power(pair: Pair, case: Case) -> None:
    """For every number x and every k >= 1: half of (x + 1)^(2k) + (x - 1)^(2k) is at least x^(2k) + k (2k - 1)
    x^(2k-2)."""
    square = case.real("square")
    case.assume(square >= 0)
    names = ("even", "odd", "power", "below")
    first = pair(square, F(1), F(0))
    run = case.induction(
        "over the powers",
        state={"k": case.integer("k"), **{name: case.real(name) for name in names}},
        start={"k": F(1), "even": first[0], "odd": first[1], "power": square, "below": F(1)},
        inputs={},
        advance=lambda s: dict(
            zip(("even", "odd"), pair(square, s["even"], s["odd"]), strict=True),
            k=s["k"] + 1,
            power=s["power"] * square,
            below=s["power"],
        ),
        holds=lambda s: every(
            s["k"] >= 1,
            s["below"] >= 0,
            s["power"] == s["below"] * square,
            s["even"] >= least_after(s["power"], s["below"], s["k"]),
            s["odd"] >= 2 * s["k"] * s["power"],
        ),
    )
    at = case.reached(run)
    case.show("two terms", at["even"] >= least_after(at["power"], at["below"], at["k"]))


def more_than_is_added(moment: Number, below: Number, level: Number) -> Number:
    """Too much (the twin's)."""
    return least_after(moment, below, level) + below


@obligation(
    "strip.separation.added",
    paper="the strip",
    kind="induction",
    of=lambda case: least_after,
    twin=lambda case: more_than_is_added,
)
def one_sign_more(least: Callable[[Number, Number, Number], Number], case: Case) -> None:
    """For every sum X of signs and every L >= 1: E (X + eps)^(2L) is at least E X^(2L) + L (2L - 1) E X^(2L-2). The
    sums are over any number of sign vectors, each with both signs of eps."""
    level = case.integer("L")
    at = {name: case.real(name) for name in ("even", "power", "below")}
    powers = {f"{POWERS}{name}": value for name, value in (at | {"k": level}).items()}
    used = case.use("strip.separation.pair", **powers)
    case.assume(used.premises, label="the powers of the sum at a vector, and half of those of its two neighbours")
    case.lemma("at a vector", at["even"] >= least_after(at["power"], at["below"], level))
    sums = {f"sum of {name}": case.real(f"sum of {name}") for name in at}
    run = case.induction(
        "over the vectors",
        state=sums,
        start=dict.fromkeys(sums, F(0)),
        inputs={**at, **used.unbound},
        advance=lambda s: {f"sum of {name}": s[f"sum of {name}"] + s[name] for name in at},
        holds=lambda s: s["sum of even"] >= least_after(s["sum of power"], s["sum of below"], level),
    )
    found = case.reached(run)
    case.show("one more", found["sum of even"] >= least(found["sum of power"], found["sum of below"], level))


@obligation(
    "strip.separation.merged",
    paper="the strip",
    kind="induction",
    of=lambda case: merged,
    twin=lambda case: lambda a, b: merged(a, b)[::-1],
)
def one_sign_for_two(made: Callable[[Number, Number], tuple[Number, Number]], case: Case) -> None:
    """For all entries a, b >= 0, every L and any number of sign vectors of the others: if the signs of a and b are made
    one, the 2L-th moment does not fall. So from N signs of 1 on, sign by sign, to every integer function g with
    |g|_1 = N: E <g, eps>^(2L) is at least E Y^(2L), Y a sum of N signs."""
    a, b, rest = case.real("a"), case.real("b"), case.real("size of the rest")
    case.assume(a >= 0, b >= 0, rest >= 0)
    whole, part = made(a, b)
    other = select(part < 0, -part, part)
    named = squares_in_order(case, whole, other, rest)
    state = {name: case.real(name) for name in named}
    run = case.induction(
        "over the powers",
        state=state,
        start=dict.fromkeys(state, F(1)),
        inputs={},
        advance=lambda s: {name: s[name] * named[name] for name in named},
        holds=lambda s: every(
            s["low"] >= 0,
            s["down"] >= 0,
            s["high"] >= s["up"],
            s["up"] >= s["down"],
            s["high"] + s["low"] >= s["up"] + s["down"],
            implies(named["low"] <= named["down"], s["low"] <= s["down"]),
            implies(named["low"] >= named["down"], s["low"] >= s["down"]),
        ),
    )
    at = case.reached(run)
    gap = case.real("gap")
    case.assume(gap == at["high"] + at["low"] - at["up"] - at["down"])
    case.lemma("at a vector", gap >= 0)
    total = case.induction(
        "over the vectors",
        state={"sum": case.real("sum")},
        start={"sum": F(0)},
        inputs={"gap": gap, "size of the rest": rest, **{name: at[name] for name in at}, **named_inputs(named)},
        advance=lambda s: {"sum": s["sum"] + s["gap"]},
        holds=lambda s: s["sum"] >= 0,
    )
    case.show("all vectors", case.reached(total)["sum"] >= 0)


def squares_in_order(case: Case, whole: Number, other: Number, rest: Number) -> dict[str, Any]:
    """The squares of the four sums, and which of them are how large."""
    squares = {"high": rest + whole, "low": rest - whole, "up": rest + other, "down": rest - other}
    squares = {name: value * value for name, value in squares.items()}
    named = {name: case.real(f"square {name}") for name in squares}
    case.assume(*(named[name] == squares[name] for name in named), label="the squares of the four sums")
    case.lemma("not negative", every(*(value >= 0 for value in named.values())))
    case.lemma("in order", every(named["high"] >= named["up"], named["up"] >= named["down"]))
    case.lemma("one high enough", named["high"] >= named["low"])
    case.lemma("together", named["high"] + named["low"] >= named["up"] + named["down"])
    return named


def named_inputs(named: dict[str, Any]) -> dict[str, Any]:
    """The squares as inputs, which are new at every vector."""
    return {f"square {name}": value for name, value in named.items()}


@obligation(
    "strip.separation.growth",
    paper="the strip",
    kind="induction",
    of=lambda case: growth_bound,
    twin=lambda case: lambda share: growth_bound(share) - share * share * share / 4,
)
def powers_of_a_little_more_than_1(bound: Callable[[Number], Number], case: Case) -> None:
    """For every k >= 1 and every i from 0 to k: (1 + 1/k)^i is at most 1 + t + t^2/2 + t^3/4 for t = i/k, so at most
    11/4, and at most 1 + 7/4 t."""
    k, part = case.integer("k"), case.real("1/k")
    case.assume(k >= 1, part * k == 1)
    case.lemma("at most 1", every(part > 0, part <= 1))
    run = case.induction(
        "over the factors",
        state={"i": case.integer("i"), "t": case.real("t"), "power": case.real("power")},
        start={"i": F(0), "t": F(0), "power": F(1)},
        inputs={},
        advance=lambda s: {"i": s["i"] + 1, "t": s["t"] + part, "power": s["power"] * (1 + part)},
        holds=lambda s: every(
            s["i"] >= 0, s["t"] == s["i"] * part, s["power"] >= 1, implies(s["t"] <= 1, s["power"] <= bound(s["t"]))
        ),
    )
    at = case.reached(run)
    case.assume(at["i"] <= k)
    case.lemma("t at most 1", every(at["t"] <= 1, at["t"] >= 0))
    case.lemma("the bound", at["power"] <= bound(at["t"]))
    case.show("at least 1", at["power"] >= 1)
    case.show("at most 11/4", at["power"] <= MOST_GROWTH)
    case.show("at most 1 + 7/4 t", at["power"] <= 1 + (MOST_GROWTH - 1) * at["t"])
