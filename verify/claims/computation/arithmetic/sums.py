"""Folds of cells that add, subtract, compare and count, by induction over the width.

Proved here, for every width: addition and subtraction with their carry (``bits.add.cell``, ``bits.sub.cell``), less
than and equality (``bits.less.cell``, ``bits.eq.cell``) and parity (``bits.parity.cell``).
"""

from collections.abc import Callable

from constructions.computation import arithmetic
from constructions.computation.flat import FlatCircuit
from constructions.foundations.logic import Formula, every, negation, some
from verify.claims.computation.arithmetic.cells import (
    alone,
    below_the_power,
    equivalent,
    is_bit,
    new_bits,
    value_where,
    whole_numbers,
    with_input_negated,
    with_outputs_swapped,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State


def _sums(
    cell: FlatCircuit, case: Case, *, second: Callable[[Formula], Formula], first: Formula
) -> tuple[Callable[[State], State], State, State]:
    """The step, the state and the start of a ripple of full adders: power 2^i, total so far, carry, and what was
    read of a and b."""
    state = whole_numbers(case, "power", "x", "y", "total", "carry")

    def advance(s: State) -> State:
        out = case.circuit(cell, {"a": s["a"], "b": second(s["b"]), "carry": s["carry"] == 1})
        power = s["power"]
        return {
            "power": 2 * power,
            "x": s["x"] + value_where(s["a"], power),
            "y": s["y"] + value_where(s["b"], power),
            "total": s["total"] + value_where(out["out0"], power),
            "carry": value_where(out["out1"]),
        }

    return advance, state, {"power": 1, "x": 0, "y": 0, "total": 0, "carry": value_where(first)}


@obligation(
    "bits.add.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=alone(arithmetic.full_adder),
    twin=with_outputs_swapped(arithmetic.full_adder),
)
def ripple_adds(cell: FlatCircuit, case: Case) -> None:
    """For every width n and first carry c, the fold of full adders over the places of two n-bit numbers a and b gives a
    sum below 2^n and a carry with sum + 2^n carry = a + b + c. So the sum is a + b + c modulo 2^n, and with the carry
    as its top bit it is exact."""
    first = case.bit("first")
    advance, state, start = _sums(cell, case, second=lambda b: b, first=first)
    case.induction(
        "over the width",
        state=state,
        start=start,
        advance=advance,
        inputs=new_bits(case, "a", "b"),
        holds=lambda s: every(
            below_the_power(s, "x", "y", "total"),
            is_bit(s["carry"]),
            s["total"] + value_where(s["carry"] == 1, s["power"]) == s["x"] + s["y"] + value_where(first),
        ),
    )


@obligation(
    "bits.sub.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=alone(arithmetic.full_adder),
    twin=with_input_negated(arithmetic.full_adder, "b"),
)
def ripple_subtracts(cell: FlatCircuit, case: Case) -> None:
    """For every width n, the fold of full adders over an n-bit number a and the complement of b, with first carry 1,
    gives a sum below 2^n and a carry with sum + 2^n carry = a - b + 2^n. So the sum is a - b modulo 2^n (it is -b if a
    = 0), and the carry says whether a >= b."""
    advance, state, start = _sums(cell, case, second=negation, first=True)
    case.induction(
        "over the width",
        state=state,
        start=start,
        advance=advance,
        inputs=new_bits(case, "a", "b"),
        holds=lambda s: every(
            below_the_power(s, "x", "y", "total"),
            is_bit(s["carry"]),
            equivalent(s["carry"] == 1, s["x"] >= s["y"]),
            s["total"] + value_where(s["carry"] == 1, s["power"]) == s["x"] - s["y"] + s["power"],
        ),
    )


@obligation(
    "bits.less.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=alone(arithmetic.less_cell),
    twin=with_input_negated(arithmetic.less_cell, "b"),
)
def ripple_compares(cell: FlatCircuit, case: Case) -> None:
    """For every width, the fold of comparator cells over two numbers a and b, from the least place upwards, says
    whether a < b if it starts with 0, and whether a <= b if it starts with 1."""
    equal, state = case.bit("equal"), whole_numbers(case, "power", "x", "y", "less")

    def advance(s: State) -> State:
        out = case.circuit(cell, {"a": s["a"], "b": s["b"], "less": s["less"] == 1})
        power = s["power"]
        return {
            "power": 2 * power,
            "x": s["x"] + value_where(s["a"], power),
            "y": s["y"] + value_where(s["b"], power),
            "less": value_where(out["out0"]),
        }

    case.induction(
        "over the width",
        state=state,
        start={"power": 1, "x": 0, "y": 0, "less": value_where(equal)},
        advance=advance,
        inputs=new_bits(case, "a", "b"),
        holds=lambda s: every(
            below_the_power(s, "x", "y"),
            is_bit(s["less"]),
            equivalent(s["less"] == 1, some(s["x"] < s["y"], every(s["x"] == s["y"], equal))),
        ),
    )


@obligation(
    "bits.eq.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=alone(arithmetic.agree_cell),
    twin=with_input_negated(arithmetic.agree_cell, "a"),
)
def agreements_are_equality(cell: FlatCircuit, case: Case) -> None:
    """For every width, the cells that compare two numbers place by place all hold exactly if the numbers are equal; one
    AND says whether all of them hold."""
    state = whole_numbers(case, "power", "x", "y", "agree")

    def advance(s: State) -> State:
        out = case.circuit(cell, {"a": s["a"], "b": s["b"]})
        power, agree = s["power"], every(s["agree"] == 1, out["out0"])
        return {
            "power": 2 * power,
            "x": s["x"] + value_where(s["a"], power),
            "y": s["y"] + value_where(s["b"], power),
            "agree": value_where(agree),
        }

    case.induction(
        "over the width",
        state=state,
        start={"power": 1, "x": 0, "y": 0, "agree": 1},
        advance=advance,
        inputs=new_bits(case, "a", "b"),
        holds=lambda s: every(
            below_the_power(s, "x", "y"), is_bit(s["agree"]), equivalent(s["agree"] == 1, s["x"] == s["y"])
        ),
    )


@obligation(
    "bits.parity.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=alone(arithmetic.parity_cell),
    twin=with_input_negated(arithmetic.parity_cell, "bit"),
)
def parity_counts(cell: FlatCircuit, case: Case) -> None:
    """For every width, the fold of parity cells over the bits of a number, from 0, gives the number of set bits modulo
    2."""
    state = whole_numbers(case, "count", "half", "odd")

    def advance(s: State) -> State:
        bit, odd = s["bit"], s["odd"] == 1
        out = case.circuit(cell, {"bit": bit, "odd": odd})
        return {
            "count": s["count"] + value_where(bit),
            "half": s["half"] + value_where(every(bit, odd)),
            "odd": value_where(out["out0"]),
        }

    case.induction(
        "over the width",
        state=state,
        start={"count": 0, "half": 0, "odd": 0},
        advance=advance,
        inputs=new_bits(case, "bit"),
        holds=lambda s: every(is_bit(s["odd"]), s["count"] == 2 * s["half"] + s["odd"]),
    )
