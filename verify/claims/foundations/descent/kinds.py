"""Equations (1) and (2): what a step does to a batch of any size, and over any number of steps."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select, some, within
from constructions.foundations.rounding import is_valid
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State


def _kinds(active: int, agreeing: int) -> Callable[[Case], tuple[int, int]]:
    return lambda case: (active, agreeing)


@obligation("descent.batch", paper="Equation (2)", kind="induction", of=_kinds(1, 1), twin=_kinds(0, 1))
def batch_sum_counts_kinds(counts: tuple[int, int], case: Case) -> None:
    """Suppose that every sample of a batch is idle (its gradient is 0), wrong (its gradient is g1) or agreeing (its
    gradient is g0). Then the gradients sum to wrong * g1 + agreeing * g0, where wrong and agreeing are the numbers of
    such samples, for every batch size b. So with the fractions fm = wrong/b and ft = (wrong + agreeing)/b, the average
    gradient is fm g1 + (ft - fm) g0, and 0 <= fm <= ft <= 1."""
    g1, g0 = case.real("g1"), case.real("g0")
    state = {name: case.integer(name) for name in ("b", "wrong", "agreeing")} | {"total": case.real("total")}
    kind = case.integer("kind")
    case.assume(some(*(kind == name for name in (0, 1, 2))))

    def advance(s: State) -> State:
        one, other = _indicator(s["kind"], 1, counts[0]), _indicator(s["kind"], 2, counts[1])
        more = g1 * _indicator(s["kind"], 1, 1) + g0 * _indicator(s["kind"], 2, 1)
        return {
            "b": s["b"] + 1,
            "wrong": s["wrong"] + one,
            "agreeing": s["agreeing"] + other,
            "total": s["total"] + more,
        }

    def holds(s: State) -> object:
        bounds = every(s["wrong"] >= 0, s["agreeing"] >= 0, s["wrong"] + s["agreeing"] <= s["b"])
        return every(bounds, s["total"] == s["wrong"] * g1 + s["agreeing"] * g0)

    start = {name: Fraction(0) for name in state}
    case.induction("over the batch", state=state, start=start, advance=advance, holds=holds, inputs={"kind": kind})
    fm, ft = case.real("fm"), case.real("ft")
    b, wrong, agreeing = state["b"], state["wrong"], state["agreeing"]
    named = every(holds(state), b >= 1, fm * b == wrong, ft * b == wrong + agreeing)
    case.show("the fractions are in order", every(fm >= 0, fm <= ft, ft <= 1), given=named)
    case.show("the average", state["total"] == (fm * g1 + (ft - fm) * g0) * b, given=named)


def _indicator(kind: Number, wanted: int, value: int) -> Number:
    return select(kind == wanted, Fraction(value), Fraction(0))


@obligation(
    "descent.still",
    paper="Equation (1)",
    kind="induction",
    needs=("rounding.zero",),
    of=lambda case: is_valid,
    twin=lambda case: lambda k, v, rho: within(rho * k - v, rho),
)
def zero_gradients_leave_a_weight_alone(rule: Callable[..., object], case: Case) -> None:
    """A weight whose gradient entry is 0 in every step keeps its value, for every number of steps, every step size and
    every choice of valid roundings."""
    rho, rate, initial = case.real("rho"), case.real("rate"), case.real("initial")
    k = case.integer("k")
    case.assume(rho > 0, rule(k, Fraction(0), rho))
    state = {"t": case.integer("t"), "w": case.real("w")}
    case.induction(
        "over the steps",
        state=state,
        start={"t": Fraction(0), "w": initial},
        inputs={"k": k},
        advance=lambda s: {"t": s["t"] + 1, "w": s["w"] - rate * (rho * s["k"])},
        holds=lambda s: s["w"] == initial,
    )
