"""How large the circuit of a machine is: the formula is what is written, and it is bounded by a polynomial."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from constructions.computation import tableau_sizes as tableau
from constructions.computation.drawn_machines import drawn_machine
from constructions.computation.tableau import Tableau, cell_circuit, cell_gates
from constructions.computation.tableau_sizes import gates_of_a_cell
from constructions.computation.tally import GateTally
from constructions.computation.turing import Transition, TuringMachine
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select
from verify.claims.computation.turing.cells import SIZES
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

F = Fraction
Formula_ = Callable[..., Number]


def twice_near(steps: Number, side: Number) -> Number:
    """Twice the number of cells if the head's reach were not bounded by the tape (the twin's)."""
    return steps * (steps + 1)


@obligation(
    "turing.size.side",
    paper="Lemma 3b",
    kind="induction",
    of=lambda case: tableau.twice_stamped,
    twin=lambda case: twice_near,
)
def cells_are_counted(formula: Formula_, case: Case) -> None:
    """For every number of steps and every tape: if in step t as many cells are stamped on one side of the first as the
    head can be away from it, t or all that the tape has there, then in all steps together as many as the formula
    says."""
    side = case.integer("side")
    case.assume(side >= 0)
    at = case.reached(
        case.induction(
            "over the steps",
            state={"t": case.integer("t"), "cells": case.integer("cells")},
            start={"t": 0, "cells": 0},
            inputs={},
            advance=lambda s: {
                "t": s["t"] + 1,
                "cells": s["cells"] + select(side <= s["t"] + 1, side, s["t"] + 1),
            },
            holds=lambda s: every(s["t"] >= 0, 2 * s["cells"] == formula(s["t"], side)),
        )
    )
    case.show("as the formula says", 2 * at["cells"] == formula(at["t"], side))


@obligation(
    "turing.size.whole",
    paper="Lemma 3b",
    kind="induction",
    of=lambda case: tableau.stamped_in,
    twin=lambda case: lambda step, left, right: (-step, tableau.stamped_in(step, left, right)[1]),
)
def a_tableau_is_counted(stamped_in: Callable[..., tuple[Number, Number]], case: Case) -> None:
    """For every number of steps and every tape: the builder writes the symbols of the word; then in each step a cell's
    circuit for each cell from the first to the last that the function names by which its loop goes; and in the end what
    the last row says. All of this has as many gates as the formula says."""
    names = ("left", "right", "cell", "length", "code", "end")
    left, right, cell, length, code, end = (case.integer(name) for name in names)
    case.assume(left >= 0, right >= 0, cell >= 0, length >= 0, code >= 0, end >= 0)

    def advance(s: State) -> State:
        first, last = stamped_in(s["t"] + 1, left, right)
        many = last - first + 1
        return {"t": s["t"] + 1, "cells": s["cells"] + many, "gates": s["gates"] + many * cell}

    def both_sides(steps: Number) -> Number:
        return tableau.twice_stamped(steps, left) + tableau.twice_stamped(steps, right)

    at = case.reached(
        case.induction(
            "over the steps",
            state={name: case.integer(name) for name in ("t", "cells", "gates")},
            start={"t": 0, "cells": 0, "gates": length * code},
            inputs={},
            advance=advance,
            holds=lambda s: every(
                s["t"] >= 0,
                2 * s["cells"] == 2 * s["t"] + both_sides(s["t"]),
                s["gates"] == length * code + s["cells"] * cell,
            ),
        )
    )
    last_row = left + right + 1
    total = at["gates"] + last_row * end + tableau.GATES_AT_THE_END
    case.show("cells", at["cells"] == tableau.stamped_cells(at["t"], left, right))
    case.show("gates", total == tableau.tableau_gates(at["cells"], cell, length, code, last_row, end))


@obligation(
    "turing.size.cell",
    paper="Lemma 3b",
    kind="induction",
    of=lambda case: gates_of_a_cell,
    twin=lambda case: lambda states, symbols, rows, moving: 4 * rows + states + symbols,
)
def a_cell_is_counted(formula: Formula_, case: Case) -> None:
    """For every table: the gates of a cell's circuit, one for each bit that is kept and, for each row, those that
    the three sums take (the AND of a row is made once, and once more if its head comes from a neighbour; the first sum
    has one OR less), are as many as the formula says."""
    states, symbols = case.integer("states"), case.integer("symbols")
    case.assume(states >= 1, symbols >= 1)
    first, still, moving = (F(n) for n in gates_of_rows())

    def advance(s: State) -> State:
        more = select(s["moves"], moving, still) - select(s["rows"] == 0, first, F(0))
        return {
            "rows": s["rows"] + 1,
            "moving": s["moving"] + select(s["moves"], F(1), F(0)),
            "gates": s["gates"] + more,
        }

    at = case.reached(
        case.induction(
            "over the rows",
            state={name: case.integer(name) for name in ("rows", "moving", "gates")},
            start={"rows": F(0), "moving": F(0), "gates": states + symbols},
            inputs={"moves": case.bit("moves")},
            advance=advance,
            holds=lambda s: every(
                s["rows"] >= 0,
                s["gates"]
                == select(s["rows"] == 0, states + symbols, formula(states, symbols, s["rows"], s["moving"])),
            ),
        )
    )
    wanted = formula(states, symbols, at["rows"], at["moving"])
    case.show("as the formula says", at["gates"] == wanted, given=at["rows"] >= 1)


def gates_of_rows() -> tuple[int, int, int]:
    """How many gates a row takes in the circuit of a cell, found by giving a machine of one row a second one: what the
    first row saves, and those of a row that does not move the head, and of one that does.

    >>> gates_of_rows()
    (1, 4, 5)
    """
    alone, still, moving = (len(cell_circuit(one_row_more(move)).gates) for move in ("", "N", "L"))
    kept = 2 + 2  # a bit for each of two states and two symbols
    return still - alone - (alone - kept), still - alone, moving - alone


def one_row_more(move: str) -> TuringMachine:
    """A machine of two states and two symbols with a row that does not move the head, and one more with this move.

    >>> [len(one_row_more(move).rows) for move in ("", "R")]
    [1, 2]
    """
    table = {("go", "0"): Transition("go", "_", "N")}
    if move:
        table["go", "_"] = Transition("go", "0", move)
    return TuringMachine(
        states=("go", "yes"), inputs=("0",), symbols=("_", "0"), blank="_", start="go", accept=("yes",), table=table
    )


def some_tableaux() -> Iterator[dict[str, Any]]:
    """Machines, by number, with lengths, times and tapes."""
    for i in range(len(SIZES)):
        for length, steps, left, right in ((0, 0, 0, 0), (2, 1, 1, 2), (3, 5, 2, 9), (1, 6, 6, 2), (4, 7, 0, 3)):
            yield {"machine": i, "length": length, "steps": steps, "left": left, "right": right}


@obligation(
    "turing.size.built",
    paper="Lemma 3b",
    kind="enumeration",
    domain=some_tableaux,
    expect=Verdict.CHECKED,
    finite=f"{len(SIZES)} machines, 5 lengths, times and tapes of each",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def as_many_gates_are_written(more: int, case: Case) -> None:
    """The code that writes a tableau, made to write every gate that it is asked for, writes as many as the formula
    says, and as many cells, the widest with as many literals as its formula says; and the cell's circuit has as many
    gates as the machine's constant says. A symbol of the word and a last cell take at most p + 5 gates, as
    turing.size.bound presupposes, p the pairs of a state and a symbol."""
    i, length, steps, left, right = (
        int(case.integer(name)) for name in ("machine", "length", "steps", "left", "right")
    )
    q, a, r = SIZES[i]
    machine = drawn_machine(7 + i, states=q, symbols=a, rows=r)
    unrolled = Tableau(machine=machine, length=length, steps=steps, left=left, right=right)
    tally = GateTally()
    word = [[tally.input(f"{c} {j}") for j in range(machine.code_width)] for c in range(length)]
    unrolled.write(tally, word)
    case.show("gates", len(tally) + more == unrolled.size)
    case.show("literals of the widest", tally.widest == unrolled.widest)
    case.show("gates of a cell", len(cell_circuit(machine).gates) == cell_gates(machine))
    pairs = len(machine.states) * len(machine.symbols)
    case.show("gates of a symbol of the word, and of a last cell", max(unrolled.gates_of_the_ends) <= pairs + 5)


@obligation("turing.size.product", paper="Lemma 3b", of=lambda case: F(0), twin=lambda case: F(1))
def products_grow(more: Number, case: Case) -> None:
    """The product of two numbers that are not negative is at most that of two that are at least as large."""
    x, y, most_x, most_y = (case.real(name) for name in ("x", "y", "most x", "most y"))
    case.assume(x >= 0, x <= most_x, y >= 0, y <= most_y)
    case.lemma("one factor", most_x * y - x * y >= 0)
    case.show("both", x * y + more <= most_x * most_y)


@obligation(
    "turing.size.most",
    paper="Lemma 3b",
    of=lambda case: tableau.twice_stamped,
    twin=lambda case: lambda steps, side: tableau.twice_stamped(steps, side) + side,
)
def cells_are_few(formula: Formula_, case: Case) -> None:
    """In T steps at most T (T + 1) / 2 cells are stamped on a side, whatever the tape."""
    steps, side = case.integer("steps"), case.integer("side")
    case.assume(steps >= 0, side >= 0)
    rest = steps - side
    case.lemma("a square", rest * rest + rest >= 0)
    case.show("at most", formula(steps, side) <= steps * (steps + 1))


@obligation(
    "turing.size.reach",
    paper="Lemma 3b",
    of=lambda case: tableau.stamped_cells,
    twin=lambda case: lambda steps, left, right: tableau.stamped_cells(steps, left, right) + steps,
)
def cells_are_reached(formula: Formula_, case: Case) -> None:
    """In T steps at most T (T + 2) cells are stamped, whatever the tape."""
    steps, left, right = (case.integer(name) for name in ("steps", "left", "right"))
    case.assume(steps >= 0, left >= 0, right >= 0)
    for side in (left, right):
        case.use("turing.size.most", steps=steps, side=side)
    case.show("at most", formula(steps, left, right) <= steps * (steps + 2))


@obligation(
    "turing.size.bound",
    paper="Lemma 3b",
    of=lambda case: tableau.tableau_gates,
    twin=lambda case: lambda *sizes: 10**9 + tableau.tableau_gates(*sizes),
)
def size_is_polynomial(formula: Formula_, case: Case) -> None:
    """For every machine with s pairs of a state and a symbol, at most one row for each, of which each symbol of the
    word and each last cell takes at most s + 5 gates: the tableau of T >= 1 steps for words of length n, on any tape,
    has at most 10 (s + 1) (T + n + 1)^2 gates. Used are turing.size.reach, of the cells that are stamped, and
    turing.size.constant, of the gates of each."""
    steps, length, last, cells = (case.integer(name) for name in ("steps", "length", "last", "cells"))
    word, end, pairs, cell = (case.integer(name) for name in ("word", "end", "pairs", "cell"))
    reach = case.integer("reach")
    case.assume(steps >= 1, length >= 0, reach == steps + length + 1, pairs >= 2)
    case.assume(word >= 0, word <= pairs + 5, end >= 0, end <= pairs + 5, cells >= 0, cell >= 0)
    left, right = case.integer("left"), case.integer("right")
    stamped = case.use("turing.size.reach", steps=steps, left=left, right=right)
    case.assume(stamped.premises, cells == tableau.stamped_cells(steps, left, right), last == left + right + 1)
    case.assume(left <= steps, right <= steps + length, label="a tape of the cells that head or word reach")
    table = {name: case.integer(name) for name in ("states", "symbols", "rows", "moving")}
    constant = case.use("turing.size.constant", **table)
    case.assume(constant.premises, cell == gates_of_a_cell(**table), pairs == table["states"] * table["symbols"])
    case.lemma("what is used", every(cells <= steps * (steps + 2), cell <= 6 * pairs, last <= 2 * steps + length + 1))
    square = reach * reach
    grows(case, steps + 1, steps + 1, reach, reach)
    case.lemma("cells", cells <= square)
    grows(case, cells, cell, square, 6 * pairs)
    grows(case, length, word, reach, pairs + 5)
    grows(case, last, end, 2 * reach, pairs + 5)
    grows(case, 2, reach, reach, reach)
    grows(case, 2 * reach, pairs, square, pairs)
    total = formula(cells, cell, length, word, last, end)
    case.show("at most", total <= 10 * (pairs + 1) * square)


def grows(case: Case, x: Number, y: Number, most_x: Number, most_y: Number) -> None:
    """Use that a product of numbers that are not negative grows with both (``turing.size.product``)."""
    case.use("turing.size.product", x=x, y=y, **{"most x": most_x, "most y": most_y})


@obligation(
    "turing.size.constant",
    paper="Lemma 3b",
    of=lambda case: gates_of_a_cell,
    twin=lambda case: lambda *sizes: gates_of_a_cell(*sizes) + 7 * sizes[2],
)
def constant_is_linear(formula: Formula_, case: Case) -> None:
    """The constant of a machine with s pairs of a state and a symbol, of which each has at most one row, is at most
    6 s."""
    states, symbols, rows, moving = (case.integer(name) for name in ("states", "symbols", "rows", "moving"))
    case.assume(states >= 1, symbols >= 2, rows >= 1, moving >= 0, moving <= rows, rows <= states * symbols)
    grows(case, 1, 1, states, symbols - 1)
    case.lemma("fewer together", states + symbols <= states * symbols + 1)
    case.show("at most", every(formula(states, symbols, rows, moving) <= 6 * states * symbols))


@obligation(
    "turing.fan_in",
    paper="Lemma 3b",
    of=lambda case: tableau.widest_gate,
    twin=lambda case: lambda *sizes: tableau.widest_gate(*sizes) + sizes[0],
)
def gates_are_narrow(formula: Formula_, case: Case) -> None:
    """For every machine with p pairs of a state and a symbol, of which it halts at some without a row, and which has
    fewer states and symbols than pairs: a gate of its tableau for T steps on words of n symbols has at most
    2 T + n + p + 2 literals."""
    names = ("T", "n", "p", "last", "states", "symbols", "stopping")
    steps, length, pairs, last, states, symbols, stopping = (case.integer(name) for name in names)
    case.assume(steps >= 0, length >= 0, last >= 1, last <= 2 * steps + length + 1, pairs >= 2, stopping >= 0)
    case.assume(states >= 1, symbols >= 1, states <= pairs, symbols <= pairs, stopping <= pairs)
    case.show("at most", formula(last, states, symbols, stopping) <= 2 * steps + length + pairs + 2)
