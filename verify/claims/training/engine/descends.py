"""The array engine's weights are those of gradient descent (Equation 1), over any number of steps.

Weights are integers over a scale; a batch sum is an integer over a denominator; what is picked is compared in integers.
Proved here: ``engine.descends``, composed of ``equation1.step``, ``engine.quotient`` and ``engine.neighbours``.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, some, within
from constructions.foundations.terms import INTEGER, REAL
from constructions.training import formulas
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

Move = Callable[[Number, Number, Number], Number]
STEPS = "over the steps"


def _moves(move: Move) -> Callable[[Case], Move]:
    return lambda case: move


def twice_as_far(weight: Number, multiple: Number, unit: Number) -> Number:
    """A move by two units (the twin's)."""
    return weight - 2 * multiple * unit


@obligation(
    "engine.descends",
    paper="the engine",
    kind="induction",
    of=_moves(formulas.moved_down),
    twin=_moves(twice_as_far),
)
def engine_is_gradient_descent(move: Move, case: Case) -> None:
    """For any model with any number of weights, any precision rho = up/under, step size and batch size, and any scale
    over which weights and the step size times rho are integers: let the engine add up an edge's clipped gradients to
    total/full, compare in integers whether the multiple of rho below their mean, or the next one, may be picked, and
    move the edge by what is picked. Then, after any number of steps, the weights over the scale are weights to which
    gradient descent of Equation (1) comes; and each estimate is a multiple of rho within 3 rho/4 of the mean."""
    rho, rate, i, scale = case.real("rho"), case.real("rate"), case.integer("i"), case.integer("scale")
    unit, first = case.integer("unit"), case.real("first weights")
    case.assume(rho > 0, rate > 0, scale >= 1, i >= 0, i < case.integer("p"), unit == rate * rho * scale)
    functions: dict[str, Any] = {
        "entry": case.function("entry", 2, takes=(REAL, INTEGER)),
        "multiple": case.function("multiple", 2, takes=(REAL, INTEGER), gives=INTEGER),
    }
    start = case.integer("first weight over the scale")
    case.assume(start == functions["entry"](first, i) * scale, label="the first weight, over the scale")
    shared = {"rho": rho, "rate": rate, "i": i, "p": case.integer("p"), "first weights": first, **functions}
    descent = case.use("equation1.step", "a weight after any number of steps", **shared).inductions[STEPS]
    state = {"over the scale": case.integer("over the scale"), "w": case.real("w"), "sum": case.real("sum")}
    inputs = {"picks": case.real("picks"), "next": case.real("next weights"), **rounded_mean(case)}

    def advance(s: State) -> State:
        k = functions["multiple"](s["picks"], i)
        descent.go_on({"w": s["w"], "sum": s["sum"]}, picks=s["picks"], next=s["next"])
        moved = move(s["over the scale"], k, unit)
        return {"over the scale": moved, "w": s["next"], "sum": s["sum"] + rho * k}

    descent.begin(picks=Fraction(0), next=first)
    run = case.induction(
        STEPS,
        state=state,
        start={"over the scale": start, "w": first, "sum": Fraction(0)},
        inputs=inputs,
        given=lambda s: may_move(s, functions, rate * rho, i),
        advance=advance,
        holds=lambda s: every(
            descent.reached({"w": s["w"], "sum": s["sum"]}),
            s["over the scale"] == functions["entry"](s["w"], i) * scale,
        ),
    )
    at = case.reached(run)
    case.show("its weights are those of gradient descent", descent.reached({"w": at["w"], "sum": at["sum"]}))
    weight = functions["entry"](at["w"], i)
    case.show("over the scale", at["over the scale"] == weight * scale)
    a_pick_is_valid(rho, case)


def may_move(s: State, functions: dict[str, Any], least: Number, i: Number) -> Formula:
    """What is picked is one of the two multiples that the comparisons let in, and the next weight is less by this
    multiple of the ``least`` move."""
    k, entry = functions["multiple"](s["picks"], i), functions["entry"]
    rest, cell, below = s["rest"], s["cell"], s["below"]
    lower = every(k == below, formulas.lower_is_valid(rest, cell))
    upper = every(k == below + 1, formulas.upper_is_valid(rest, cell))
    here = entry(s["next"], i) == entry(s["w"], i) - least * k
    return every(some(lower, upper), here, cell > 0, rest >= 0, rest < cell)


def rounded_mean(case: Case) -> State:
    """Variables for how an edge's batch sum lies between multiples of b rho: below, rest, cell."""
    return {name: case.integer(name) for name in ("below", "rest", "cell")}


def a_pick_is_valid(rho: Number, case: Case) -> None:
    """State that what the engine's comparisons allow is a valid rounding of the mean of the clipped gradients."""
    names = ("total", "full", "b", "up", "under")
    total, full, b, up, under = (case.integer(name) for name in names)
    below, rest, cell, k = (case.integer(name) for name in ("below", "rest", "cell", "k"))
    part, mean = case.real("part"), case.real("mean")
    above, found = formulas.above_and_cell(total, full, b, up, under)
    case.assume(b >= 1, full >= 1, up >= 1, under >= 1, rho * under == up, mean * (b * full) == total)
    case.assume(above == below * found + rest, cell == found, rest >= 0, rest < cell, part * cell == rest)
    case.use("engine.neighbours", rho=rho, q=below, r=rest, c=cell, s=part, j=k)
    case.lemma("times the cell", every(cell > 0, (mean - rho * (below + part)) * cell == 0))
    case.lemma("the mean", mean == rho * below + rho * part)
    lower = every(k == below, formulas.lower_is_valid(rest, cell))
    upper = every(k == below + 1, formulas.upper_is_valid(rest, cell))
    case.show("what is picked is valid", within(rho * k - mean, 3 * rho / 4), given=some(lower, upper))
