"""Multiplication in rows, by induction over the width of each factor.

Proved here: a row adds one digit's multiple (``bits.mul.row``), and all rows make the product (``bits.mul.rows``).
"""

from constructions.computation import arithmetic
from constructions.computation.flat import FlatCircuit
from constructions.foundations.logic import every
from verify.claims.computation.arithmetic.cells import (
    alone,
    below_the_power,
    is_bit,
    new_bits,
    value_where,
    whole_numbers,
    with_input_negated,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State


@obligation(
    "bits.mul.row",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=alone(arithmetic.product_cell),
    twin=with_input_negated(arithmetic.product_cell, "digit"),
)
def row_adds_a_multiple(cell: FlatCircuit, case: Case) -> None:
    """For every width m, the row of product cells for one digit (0 or 1) of the second factor gives a sum below 2^m and
    a carry with sum + 2^m carry = total + digit * a, where a is the first factor and total is what the m places that
    the row reads held before. So with its carry in the place above, the row adds digit * a."""
    digit, state = case.bit("digit"), whole_numbers(case, "power", "x", "before", "total", "carry")

    def advance(s: State) -> State:
        out = case.circuit(cell, {"a": s["a"], "digit": digit, "total": s["t"], "carry": s["carry"] == 1})
        power = s["power"]
        return {
            "power": 2 * power,
            "x": s["x"] + value_where(s["a"], power),
            "before": s["before"] + value_where(s["t"], power),
            "total": s["total"] + value_where(out["out0"], power),
            "carry": value_where(out["out1"]),
        }

    case.induction(
        "over the width",
        state=state,
        start={"power": 1, "x": 0, "before": 0, "total": 0, "carry": 0},
        advance=advance,
        inputs=new_bits(case, "a", "t"),
        holds=lambda s: every(
            below_the_power(s, "x", "before", "total"),
            is_bit(s["carry"]),
            s["total"] + value_where(s["carry"] == 1, s["power"]) == s["before"] + value_where(digit, s["x"]),
        ),
    )


@obligation(
    "bits.mul.rows", paper="circuits", kind="induction", of=lambda case: 2, twin=lambda case: 3, needs=("bits.mul.row",)
)
def rows_multiply(base: int, case: Case) -> None:
    """If row i adds digit i of b times a * 2^i to the total, for i = 0, 1, ..., then after all rows the total is a * b,
    for a of every width m and b of every width. Before row i the total is below 2^(m + i), so the place that takes the
    carry of the row is free."""
    digit, a, top = case.bit("digit"), case.integer("value of a"), case.integer("2^m")
    case.assume(a >= 0, a < top)
    state = whole_numbers(case, "power", "y", "total", "multiple", "limit")

    def advance(s: State) -> State:
        return {
            "power": 2 * s["power"],
            "y": s["y"] + value_where(s["digit"], s["power"]),
            "total": s["total"] + value_where(s["digit"], s["multiple"]),
            "multiple": base * s["multiple"],
            "limit": 2 * s["limit"],
        }

    case.induction(
        "over the digits",
        state=state,
        start={"power": 1, "y": 0, "total": 0, "multiple": a, "limit": top},
        advance=advance,
        inputs={"digit": digit},
        holds=lambda s: every(
            below_the_power(s, "y"),
            s["total"] == a * s["y"],
            s["multiple"] == a * s["power"],
            s["multiple"] >= 0,
            s["total"] >= 0,
            s["limit"] == top * s["power"],
            s["multiple"] < s["limit"],
            s["total"] < s["limit"],
        ),
    )
