"""What the passes compute in float64 or in 64-bit integers is the exact number, for any number of edges.

A number system is known by what it makes of an exact result: a function of which it is supposed only that it returns
integers within its limit, times a unit that it holds, as they are. Proved here: ``engine.exact``, on
``exactness.sums``; of lanes of 32 bits ``lanes.sums`` says the same.
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, within
from constructions.foundations.terms import REAL
from constructions.training import number_limits
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State

OF_SUMS = ("sum", "least", "greatest", "size")
EDGES = "over the edges"
SYSTEMS = {"float64": number_limits.FLOAT_BITS, "integers": number_limits.WHOLE_BITS}
"""How many bits of an integer each number system holds."""


def held(number: Number, unit: Number, computed: Callable[[Number], Number], bits: int) -> Formula:
    """That a number system returns an integer of so many bits, times the unit, as it is."""
    return implies(within(number, Fraction(1 << bits)), computed(number * unit) == number * unit)


def of_pass(s: State) -> State:
    """The part of a state of which the pass over bounds speaks."""
    return {name: s[name] for name in OF_SUMS}


def edge_of_pass(s: State, names: tuple[str, ...], case: Case) -> Formula:
    """That the next edge is one of those of which ``exactness.sums`` speaks, and its facts about the sum so far."""
    moment = {f"{EDGES} reached: {name}": s[name] for name in OF_SUMS}
    return case.use("exactness.sums", **{name: s[name] for name in names}, **moment).premises


def computed_sums_are_exact(bits: tuple[int, int], case: Case) -> None:
    """For any number of edges into a vertex, let the products of weights and outputs be integers over one unit, and let
    the size of all partial sums that the pass over bounds has found fit the number system. Then a system that returns
    integers of so many bits over this unit as they are computes each partial sum exactly."""
    holds_bits, allowed = bits
    unit, computed = case.real("unit"), case.function("computed", 1, takes=(REAL,))
    case.assume(unit > 0)
    sums = case.use("exactness.sums").inductions[EDGES]
    state: State = {name: case.real(f"the {name} so far") for name in (*OF_SUMS, "result")}
    state["n"] = case.integer("n")
    inputs: State = {name: case.real(f"next {name}") for name in sums.record.inputs}
    inputs["k"] = case.integer("k")

    def after(s: State) -> State:
        return sums.go_on(of_pass(s), **{name: s[name] for name in sums.record.inputs})

    def given(s: State) -> Formula:
        product = (s["plus"] + s["minus"]) * s["out"] == s["k"] * unit
        fits = after(s)["size"] <= (1 << allowed) * unit
        edge = edge_of_pass(s, tuple(sums.record.inputs), case)
        are_held = (held(number, unit, computed, holds_bits) for number in (s["k"], s["n"] + s["k"]))
        return every(edge, product, fits, *are_held)

    def advance(s: State) -> State:
        result = computed(s["result"] + computed(s["k"] * unit))
        return {**after(s), "result": result, "n": s["n"] + s["k"]}

    sums.begin(**dict.fromkeys(sums.record.inputs, Fraction(0)))
    run = case.induction(
        EDGES,
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        inputs=inputs,
        given=given,
        advance=advance,
        holds=lambda s: every(sums.reached(of_pass(s)), s["sum"] == s["n"] * unit, s["result"] == s["sum"]),
    )
    at = case.reached(run)
    case.show("each partial sum is exact", at["result"] == at["sum"])


def _bits(held_bits: int, allowed: int) -> Callable[[Case], tuple[int, int]]:
    """A system that holds so many bits, and how many are let in."""
    return lambda case: (held_bits, allowed)


for _name, _most in SYSTEMS.items():
    registry().add(
        Obligation(
            id=f"engine.exact.{_name}",
            paper="the engine",
            claim=computed_sums_are_exact,
            kind="induction",
            of=_bits(_most, _most),
            twin=_bits(_most, _most + 1),
        )
    )
