"""The hiding adversary: what it picks is valid in both worlds, so both end with the same weights, for every model."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import Descent
from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import every, implies, select, within
from constructions.foundations.rounding import Grid, clip
from constructions.foundations.terms import INTEGER, REAL
from constructions.foundations.vectors import Family
from constructions.strip.left_line import LEAST_B_RHO
from constructions.strip.two_worlds import shared_rounding
from verify.claims.foundations.descent.steps import any_model, vector
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
Shared = Callable[[Number, Number, Number], Number]


def rounded_alone(value: Number, other: Number, rho: Number) -> Number:
    """What is nearest to one of the values, whatever the other one is (the twins')."""
    return Grid(rho=rho).nearest(value)


def _entries(case: Case) -> tuple[Number, Number, Number]:
    """rho, and two entries in [-1, 1] at most rho/2 apart."""
    rho, whole, part = case.real("rho"), case.integer("N"), case.real("f")
    case.assume(rho > 0, whole >= 0, part >= 0, part < 1, rho * (whole + part) == 1, label="rho > 0")
    one, other = case.real("v"), case.real("v'")
    case.assume(within(one, F(1)), within(other, F(1)), label="clipped entries have means in [-1, 1]")
    case.assume(within(one - other, rho / 2), label="at most rho/2 apart")
    return rho, one, other


@obligation("strip.hidden.shared", paper="the strip", of=lambda case: shared_rounding, twin=lambda case: rounded_alone)
def one_rounding_serves_both(shared: Shared, case: Case) -> None:
    """For every rho > 0 and two numbers in [-1, 1] at most rho/2 apart: what the adversary picks is a multiple of rho
    within 3 rho/4 of both, and lies in [-1, 1] wherever 1 has a valid rounding there (E01)."""
    rho, one, other = _entries(case)
    q, rest, middle = case.integer("q"), case.real("s"), (one + other) / 2
    case.assume(middle == rho * (q + rest), rest >= 0, rest < 1, label="the middle in units of rho")
    picked = shared(one, other, rho)
    for name, value in (("v", one), ("v'", other)):
        units = case.real(f"{name} in units of rho")
        case.assume(value == rho * units)
        numbers = {"rho": rho, "N": case.integer("N"), "f": case.real("f"), "q": q, "s": rest}
        near = {"v": middle, "w": value, "m": value, "eps": F(0), "Q": units, "M": units, "e": F(0)}
        used = case.use("lemma4.rounding", **numbers, **near)
        case.lemma(f"{name} is near the middle", used.premises)
        case.show(f"valid for {name}", within(picked - value, 3 * rho / 4))
    case.show("a multiple of rho", picked == rho * floored(picked / rho))
    case.show("in [-1, 1]", within(picked, F(1)), given=case.real("f") <= F(3, 4))


@obligation(
    "strip.hidden.means",
    paper="the strip",
    kind="induction",
    of=lambda case: clip,
    twin=lambda case: lambda value: 2 * clip(value),
)
def means_over_near_batches_are_near(clipping: Callable[[Number], Number], case: Case) -> None:
    """For all b >= 1 and rho > 0, every model and every entry of its gradient: the means of the clipped entries over
    two batches that differ in at most b rho/4 points are at most rho/2 apart. By induction over the points, in an order
    in which the common points of both are at the same places."""
    b, rho, apart = case.integer("b"), case.real("rho"), case.integer("points apart")
    case.assume(b >= 1, rho > 0, LEAST_B_RHO * apart <= b * rho)
    same, entry, other = case.bit("the same point"), case.real("entry"), case.real("entry of the other world")
    state = {name: case.real(name) for name in ("sum", "other sum")} | {
        name: case.integer(name) for name in ("points", "differ")
    }
    run = case.induction(
        "over the points",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"entry": entry, "entry of the other world": other, "the same point": same},
        given=lambda s: implies(s["the same point"], s["entry"] == s["entry of the other world"]),
        advance=lambda s: {
            "sum": s["sum"] + clipping(s["entry"]),
            "other sum": s["other sum"] + clipping(s["entry of the other world"]),
            "points": s["points"] + 1,
            "differ": s["differ"] + select(s["the same point"], F(0), F(1)),
        },
        holds=lambda s: every(
            s["points"] >= 0,
            s["differ"] >= 0,
            within(s["sum"] - s["other sum"], 2 * s["differ"]),
            within(s["sum"], s["points"]),
            within(s["other sum"], s["points"]),
        ),
    )
    at, mean, second = case.reached(run), case.real("mean"), case.real("other mean")
    case.assume(at["points"] == b, at["differ"] <= apart, b * mean == at["sum"], b * second == at["other sum"])
    case.lemma("times b", within(b * (mean - second), b * (rho / 2)))
    case.show("at most rho/2 apart", within(mean - second, rho / 2))
    case.lemma("each times b", every(within(b * mean, b), within(b * second, b)))
    case.show("in [-1, 1]", every(within(mean, F(1)), within(second, F(1))))


@obligation(
    "strip.hidden.training",
    paper="the strip",
    kind="induction",
    of=lambda case: shared_rounding,
    twin=lambda case: rounded_alone,
)
def both_worlds_have_the_same_weights(shared: Shared, case: Case) -> None:
    """For every differentiable model with any number p of weights, every rho > 0, every step size, and any number of
    steps on batches of which those of both worlds differ in at most b rho/4 points each: with what the adversary picks,
    both worlds have the same weights after each step, exactly, and each pick is valid in both (equation 3). (The entry
    that is looked at is one in which the weights of the worlds differ, if there is one. The mean of the gradient is any
    function of the weights, of the batch and of the place of the entry.)"""
    rho, rate, first = case.real("rho"), case.real("rate"), case.real("first weights")
    mean = case.function("mean", 3, takes=(REAL, REAL, INTEGER))
    given = {name: case.real(name) for name in ("batch", "other batch", "next", "other next", "v", "v'")}
    inputs: State = given | {"i": case.integer("i")}
    own = {name: case.integer(name) for name in ("N", "q")}
    own |= {name: case.real(name) for name in ("f", "s", "v in units of rho", "v' in units of rho")}
    picks = case.use("strip.hidden.shared", rho=rho, v=given["v"], **{"v'": given["v'"]}, **own)
    case.assume(picks.premises, rate > 0, label="the means of an entry in both worlds, at most rho/2 apart")

    def taken(s: State) -> Any:
        """What a step of each world makes of the weights, and that vectors with the same entries are the same."""
        picked, at = Family(lambda place: shared(s["v"], s["v'"], rho)), vector
        made: list[Any] = [Descent(rho=F(1), rate=rate).moved(any_model(case, s[w], s[w]), picked) for w, *_ in WORLDS]
        moved = [model.edges.at(s["i"]) for model in made]
        ends = [at(case, s[after]).at(s["i"]) for _, _, after, _ in WORLDS]
        entries = (mean(s[w], s[batch], s["i"]) == s[value] for w, batch, _, value in WORLDS)
        alike = implies(ends[0] == ends[1], s["next"] == s["other next"])
        return every(*entries, ends[0] == moved[0], ends[1] == moved[1], alike)

    def valid(s: State) -> Any:
        return every(*(within(shared(s["v"], s["v'"], rho) - s[value], 3 * rho / 4) for *_, value in WORLDS))

    run = case.induction(
        "over the steps",
        state={"w": case.real("w"), "w'": case.real("w'"), "valid": case.integer("valid")},
        start={"w": first, "w'": first, "valid": F(1)},
        inputs=inputs | own,
        given=taken,
        advance=lambda s: {
            "w": s["next"],
            "w'": s["other next"],
            "valid": s["valid"] * select(valid(s), F(1), F(0)),
        },
        holds=lambda s: every(s["w"] == s["w'"], s["valid"] == 1),
    )
    at = case.reached(run)
    case.show("the same weights", at["w"] == at["w'"])
    case.show("every pick is valid in both worlds", at["valid"] == 1)


WORLDS = (("w", "batch", "next", "v"), ("w'", "other batch", "other next", "v'"))
"""Of each world: its weights, its batch, its weights after the step, and the mean of an entry of its gradient."""
