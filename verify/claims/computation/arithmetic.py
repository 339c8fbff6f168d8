"""Folds by induction over the width: one more place, of which the cell's own circuit is walked (a number so far, and
2^i)."""

from collections.abc import Callable
from itertools import product
from typing import Any

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Cell, cell_circuit
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from verify.obligations.case import Case, State
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


def _of(cell: Cell) -> Callable[[Case], FlatCircuit]:
    return lambda case: cell_circuit(cell)


def _swapped(cell: Cell) -> Callable[[Case], FlatCircuit]:
    """The circuit of a cell whose two outputs have changed places."""

    def build(case: Case) -> FlatCircuit:
        right = cell_circuit(cell)
        outputs = {"out0": right.outputs["out1"], "out1": right.outputs["out0"]}
        return FlatCircuit(inputs=right.inputs, gates=right.gates, outputs=outputs)

    return build


def _negated(cell: Cell, name: str) -> Callable[[Case], FlatCircuit]:
    """The circuit of a cell that negates one of its inputs."""

    def build(case: Case) -> FlatCircuit:
        builder, right = Builder(), cell_circuit(cell)
        builder.outputs = builder.stamp(right, [builder.input(x) ^ (x == name) for x in right.inputs])
        return builder.circuit()

    return build


def _bit(formula: Formula, value: Any = 1) -> Number:
    """The value where the formula holds, else 0."""
    return select(formula, value, 0)


def _same(left: Formula, right: Formula) -> Formula:
    return every(implies(left, right), implies(right, left))


def _is_bit(value: Number) -> Formula:
    return some(value == 0, value == 1)


def _numbers(case: Case, *names: str) -> State:
    return {name: case.integer(name) for name in names}


def _bits(case: Case, *names: str) -> State:
    """Bits that are new at each place."""
    return {name: case.bit(name) for name in names}


def _sums(
    cell: FlatCircuit, case: Case, *, second: Callable[[Formula], Formula], first: Formula
) -> tuple[Callable[[State], State], State, State]:
    """The step, the state and the start of a ripple of full adders: power 2^i, total so far, carry, and what was
    read of a and b."""
    state = _numbers(case, "power", "x", "y", "total", "carry")

    def advance(s: State) -> State:
        out = case.circuit(cell, {"a": s["a"], "b": second(s["b"]), "carry": s["carry"] == 1})
        power = s["power"]
        return {
            "power": 2 * power,
            "x": s["x"] + _bit(s["a"], power),
            "y": s["y"] + _bit(s["b"], power),
            "total": s["total"] + _bit(out["out0"], power),
            "carry": _bit(out["out1"]),
        }

    return advance, state, {"power": 1, "x": 0, "y": 0, "total": 0, "carry": _bit(first)}


def _bounded(s: State, *names: str) -> Formula:
    return every(s["power"] >= 1, *(every(s[name] >= 0, s[name] < s["power"]) for name in names))


def _unsigned_carry(builder: Builder, a: int, b: int, carry: int) -> tuple[int, int]:
    """A full adder that does not see that its carry is negated."""
    return arithmetic.full_adder(builder, a, b, carry if carry < 0 else carry & ~1)


CELLS: tuple[Cell, ...] = (arithmetic.less_cell, arithmetic.agree_cell, arithmetic.choice_cell, arithmetic.parity_cell)


@obligation(
    "bits.cells",
    paper="circuits",
    of=lambda case: (arithmetic.full_adder, *CELLS),
    twin=lambda case: (_unsigned_carry, *CELLS),
    finite="every choice of literals and constants for the inputs of each cell",
    expect=Verdict.CHECKED,
)
def cells_are_themselves_over_any_literals(cells: tuple[Cell, ...], case: Case) -> None:
    """Over any literals (negated, equal or opposite, constants, in any order), where the builder folds constants and
    writes other rows, each cell computes what its own circuit computes; so the inductions over the cells' circuits
    speak of the folds as they are written."""
    for cell in cells:
        alone = cell_circuit(cell)
        bits = [case.bit(name) for name in alone.inputs]
        formulas = {FALSE: False, TRUE: True} | {2 * i: bit for i, bit in enumerate(bits)}
        formulas |= {2 * i + 1: negation(bit) for i, bit in enumerate(bits)}
        agree = []
        for literals in product(sorted(formulas), repeat=len(bits)):
            builder = Builder()
            for name in alone.inputs:
                builder.input(name)
            builder.outputs = {f"out{i}": literal for i, literal in enumerate(cell(builder, *literals))}
            found = case.circuit(builder.circuit(), dict(zip(alone.inputs, bits, strict=True)))
            wanted = case.circuit(
                alone, dict(zip(alone.inputs, (formulas[literal] for literal in literals), strict=True))
            )
            agree += [_same(found[name], wanted[name]) for name in wanted]
        case.show(cell.__name__, every(*agree))


@obligation(
    "bits.add.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=_of(arithmetic.full_adder),
    twin=_swapped(arithmetic.full_adder),
)
def ripple_adds(cell: FlatCircuit, case: Case) -> None:
    """For every width n and first carry c, a fold of full adders gives sum + 2^n carry = a + b + c with sum < 2^n; so
    the sum is a + b + c modulo 2^n, and with the carry on top it is exact."""
    first = case.bit("first")
    advance, state, start = _sums(cell, case, second=lambda b: b, first=first)
    case.induction(
        "over the width",
        state=state,
        start=start,
        advance=advance,
        inputs=_bits(case, "a", "b"),
        holds=lambda s: every(
            _bounded(s, "x", "y", "total"),
            _is_bit(s["carry"]),
            s["total"] + _bit(s["carry"] == 1, s["power"]) == s["x"] + s["y"] + _bit(first),
        ),
    )


@obligation(
    "bits.sub.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=_of(arithmetic.full_adder),
    twin=_negated(arithmetic.full_adder, "b"),
)
def ripple_subtracts(cell: FlatCircuit, case: Case) -> None:
    """For every width n, a fold of full adders over a and the complement of b with first carry 1 gives sum + 2^n carry
    = a - b + 2^n with sum < 2^n; so the sum is a - b modulo 2^n (-b if a = 0) and the carry says a >= b."""
    advance, state, start = _sums(cell, case, second=negation, first=True)
    case.induction(
        "over the width",
        state=state,
        start=start,
        advance=advance,
        inputs=_bits(case, "a", "b"),
        holds=lambda s: every(
            _bounded(s, "x", "y", "total"),
            _is_bit(s["carry"]),
            _same(s["carry"] == 1, s["x"] >= s["y"]),
            s["total"] + _bit(s["carry"] == 1, s["power"]) == s["x"] - s["y"] + s["power"],
        ),
    )


@obligation(
    "bits.less.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=_of(arithmetic.less_cell),
    twin=_negated(arithmetic.less_cell, "b"),
)
def ripple_compares(cell: FlatCircuit, case: Case) -> None:
    """For every width, a fold of comparator cells from the least place says a < b if it starts with 0, and a <= b if
    with 1."""
    equal, state = case.bit("equal"), _numbers(case, "power", "x", "y", "less")

    def advance(s: State) -> State:
        out = case.circuit(cell, {"a": s["a"], "b": s["b"], "less": s["less"] == 1})
        power = s["power"]
        return {
            "power": 2 * power,
            "x": s["x"] + _bit(s["a"], power),
            "y": s["y"] + _bit(s["b"], power),
            "less": _bit(out["out0"]),
        }

    case.induction(
        "over the width",
        state=state,
        start={"power": 1, "x": 0, "y": 0, "less": _bit(equal)},
        advance=advance,
        inputs=_bits(case, "a", "b"),
        holds=lambda s: every(
            _bounded(s, "x", "y"),
            _is_bit(s["less"]),
            _same(s["less"] == 1, some(s["x"] < s["y"], every(s["x"] == s["y"], equal))),
        ),
    )


@obligation(
    "bits.eq.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=_of(arithmetic.agree_cell),
    twin=_negated(arithmetic.agree_cell, "a"),
)
def agreements_are_equality(cell: FlatCircuit, case: Case) -> None:
    """For every width, all the cells that compare two places hold (which one AND says) exactly if the two numbers
    are equal."""
    state = _numbers(case, "power", "x", "y", "agree")

    def advance(s: State) -> State:
        out = case.circuit(cell, {"a": s["a"], "b": s["b"]})
        power, agree = s["power"], every(s["agree"] == 1, out["out0"])
        return {
            "power": 2 * power,
            "x": s["x"] + _bit(s["a"], power),
            "y": s["y"] + _bit(s["b"], power),
            "agree": _bit(agree),
        }

    case.induction(
        "over the width",
        state=state,
        start={"power": 1, "x": 0, "y": 0, "agree": 1},
        advance=advance,
        inputs=_bits(case, "a", "b"),
        holds=lambda s: every(_bounded(s, "x", "y"), _is_bit(s["agree"]), _same(s["agree"] == 1, s["x"] == s["y"])),
    )


@obligation(
    "bits.parity.cell",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=_of(arithmetic.parity_cell),
    twin=_negated(arithmetic.parity_cell, "bit"),
)
def parity_counts(cell: FlatCircuit, case: Case) -> None:
    """For every width, a fold of parity cells from 0 is the number of set bits modulo 2."""
    state = _numbers(case, "count", "half", "odd")

    def advance(s: State) -> State:
        bit, odd = s["bit"], s["odd"] == 1
        out = case.circuit(cell, {"bit": bit, "odd": odd})
        return {"count": s["count"] + _bit(bit), "half": s["half"] + _bit(every(bit, odd)), "odd": _bit(out["out0"])}

    case.induction(
        "over the width",
        state=state,
        start={"count": 0, "half": 0, "odd": 0},
        advance=advance,
        inputs=_bits(case, "bit"),
        holds=lambda s: every(_is_bit(s["odd"]), s["count"] == 2 * s["half"] + s["odd"]),
    )


@obligation(
    "bits.mul.row",
    paper="circuits",
    needs=("bits.cells",),
    kind="induction",
    of=_of(arithmetic.product_cell),
    twin=_negated(arithmetic.product_cell, "digit"),
)
def row_adds_a_multiple(cell: FlatCircuit, case: Case) -> None:
    """For every width m, a row of product cells gives sum + 2^m carry = total + digit * a with sum < 2^m, for the
    total's m places that it reads; so with its carry in the place above, the row adds digit * a."""
    digit, state = case.bit("digit"), _numbers(case, "power", "x", "before", "total", "carry")

    def advance(s: State) -> State:
        out = case.circuit(cell, {"a": s["a"], "digit": digit, "total": s["t"], "carry": s["carry"] == 1})
        power = s["power"]
        return {
            "power": 2 * power,
            "x": s["x"] + _bit(s["a"], power),
            "before": s["before"] + _bit(s["t"], power),
            "total": s["total"] + _bit(out["out0"], power),
            "carry": _bit(out["out1"]),
        }

    case.induction(
        "over the width",
        state=state,
        start={"power": 1, "x": 0, "before": 0, "total": 0, "carry": 0},
        advance=advance,
        inputs=_bits(case, "a", "t"),
        holds=lambda s: every(
            _bounded(s, "x", "before", "total"),
            _is_bit(s["carry"]),
            s["total"] + _bit(s["carry"] == 1, s["power"]) == s["before"] + _bit(digit, s["x"]),
        ),
    )


@obligation(
    "bits.mul.rows", paper="circuits", kind="induction", of=lambda case: 2, twin=lambda case: 3, needs=("bits.mul.row",)
)
def rows_multiply(base: int, case: Case) -> None:
    """If row i adds digit i of b times a * 2^i, then after all rows the total is a * b, for a of every width m and b of
    every width; before row i it is below 2^(m + i), so the place that takes the row's carry is free."""
    digit, a, top = case.bit("digit"), case.integer("value of a"), case.integer("2^m")
    case.assume(a >= 0, a < top)
    state = _numbers(case, "power", "y", "total", "multiple", "limit")

    def advance(s: State) -> State:
        return {
            "power": 2 * s["power"],
            "y": s["y"] + _bit(s["digit"], s["power"]),
            "total": s["total"] + _bit(s["digit"], s["multiple"]),
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
            _bounded(s, "y"),
            s["total"] == a * s["y"],
            s["multiple"] == a * s["power"],
            s["multiple"] >= 0,
            s["total"] >= 0,
            s["limit"] == top * s["power"],
            s["multiple"] < s["limit"],
            s["total"] < s["limit"],
        ),
    )


@obligation(
    "bits.mux.cell",
    paper="circuits",
    needs=("bits.cells",),
    of=_of(arithmetic.choice_cell),
    twin=_negated(arithmetic.choice_cell, "condition"),
)
def choice_chooses(cell: FlatCircuit, case: Case) -> None:
    """The cell of mux is ``yes`` where the condition holds, else ``no``; so a row of them chooses a vector of any
    width."""
    condition, yes, no = (case.bit(name) for name in ("condition", "yes", "no"))
    out = case.circuit(cell, {"condition": condition, "yes": yes, "no": no})["out0"]
    case.show("where the condition holds", _same(out, yes), given=condition)
    case.show("elsewhere", _same(out, no), given=negation(condition))


@obligation(
    "bits.select.cell",
    paper="circuits",
    needs=("bits.cells",),
    of=_of(arithmetic.choice_cell),
    twin=_negated(arithmetic.choice_cell, "condition"),
)
def tree_selects(cell: FlatCircuit, case: Case) -> None:
    """In the tree of select, if after i digits of the index (value r < 2^i) every node j holds the entry at j 2^i + r,
    then after one more digit every node does so with i + 1; at i = 0 node j is entry j, so the root holds the entry at
    the index, for every size."""
    digit, even, odd = (case.bit(name) for name in ("digit", "even", "odd"))
    power, r, offset = (case.integer(name) for name in ("power", "r", "2 j power"))
    wanted = case.integer("wanted")
    case.assume(power >= 1, r >= 0, r < power, wanted == offset + r + _bit(digit, power))
    out = case.circuit(cell, {"condition": digit, "yes": odd, "no": even})["out0"]
    case.show("the node holds the entry of its lower half", _same(out, even), given=wanted == offset + r)
    case.show("the node holds the entry of its upper half", _same(out, odd), given=wanted == offset + power + r)
    case.show("and there is no other", some(wanted == offset + r, wanted == offset + power + r))
    case.show("the index so far stays below its power", r + _bit(digit, power) < 2 * power)


@obligation(
    "bits.shift.cell",
    paper="circuits",
    needs=("bits.cells",),
    of=_of(arithmetic.choice_cell),
    twin=_negated(arithmetic.choice_cell, "condition"),
)
def barrel_shifts(cell: FlatCircuit, case: Case) -> None:
    """In the barrel, if after i digits of the amount (value r) place k holds place k - r of the operand (what comes in,
    below 0), then after one more digit it holds place k - r', r' the amount so far; so the operand is shifted by the
    amount, for every width."""
    digit, stays, arrives = (case.bit(name) for name in ("digit", "stays", "arrives"))
    power, r, k, source = (case.integer(name) for name in ("power", "r", "k", "source"))
    case.assume(power >= 1, r >= 0, r < power, source == k - (r + _bit(digit, power)))
    out = case.circuit(cell, {"condition": digit, "yes": arrives, "no": stays})["out0"]
    case.show("the place keeps what it held", _same(out, stays), given=source == k - r)
    case.show("the place takes what place k - 2^i held", _same(out, arrives), given=source == (k - power) - r)
    case.show("and there is no other", some(source == k - r, source == (k - power) - r))
