"""Any Turing machine, for any time, on any word: each row of the tableau is the configuration after so many steps.

The machine is known by functions on whole numbers: for row i of its table, the state and the symbol for which it is,
the state to which it leads, the symbol that it writes, and by how many cells it moves the head. How many states,
symbols and rows there are is left open. Its run is known by functions of the time: where the head is, the state, and
the symbol in each cell; and that each configuration comes from the one before, by the row that says so, is presupposed
(:meth:`AnyMachine.steps`).

The circuit is written bit by bit, and all of this is one run, in which each moment is a bit and looks back at the bits
of which it is made: a bit of the first row, a sum of :func:`constructions.computation.tableau.joined` with one row of
the table more, a bit that is kept, or a bit of a cell that no head can reach yet. Proved: ``turing.tableau``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from constructions.computation import tableau
from constructions.computation.bits import Bits
from constructions.computation.design import Design
from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.terms import INTEGER
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

ACTED, SYMBOL, STATE, ROW = range(4)
"""What a moment is: whether some of the first rows acts in a cell; the bit of a symbol, or of a state, in a cell; that
the head is where it can be (:meth:`AnyMachine.is_in_reach`)."""
FIRST, NONE, KEEP, JOIN, FAR, GO_ON = range(6)
"""How it is made: given with the first row; a sum over no row; a bit that is kept; one row more; a bit that no head can
reach yet, as it was; the distance of the head after one step more."""
COORDINATES = ("kind", "time", "cell", "name", "count")
Rule = Callable[..., Bits]


def written(rule: Rule, *names: str) -> FlatCircuit:
    """The circuit that a rule writes over bits of these names, with the output ``out``.

    >>> written(tableau.kept, "bit", "acted")(bit=True, acted=False)
    {'out': True}
    """
    design = Design()
    design.output("out", rule(*(design.input(name) for name in names)))
    return design.circuit()


@dataclass(frozen=True, slots=True)
class OverIntegers:
    """Something of any size, made of a case's functions of integers.

    Parameters
    ----------
    case : of whose functions it is made.
    """

    case: Case

    def number(self, name: str, *at: Number) -> Number:
        """A function of the thing or of its run, at a place."""
        found: Number = self.case.function(name, len(at), takes=(INTEGER,) * len(at), gives=INTEGER)(*at)
        return found


@dataclass(frozen=True, slots=True)
class AnyMachine(OverIntegers):
    """A machine of any size and its run, over terms.

    Parameters
    ----------
    case : of whose functions it is made. arrival : from which side the head comes, by the rules of its tableau.
    """

    arrival: Callable[[Any], Any]

    @property
    def rows(self) -> Number:
        """How many rows the table has."""
        return self.case.integer("rows")

    def on_tape(self, time: Number) -> Formula:
        """Whether the head has been on the tape all the time."""
        return self.case.predicate("on tape", 1, takes=(INTEGER,))(time)

    def is_cell(self, cell: Number) -> Formula:
        """Whether the tape has a cell."""
        return every(cell >= -self.case.integer("left"), cell <= self.case.integer("right"))

    def row(self, time: Number) -> Number:
        """The row of the table that says what to do; no row's number if none does."""
        return self.number("row of", self.number("state", time), self.number("tape", time, self.number("head", time)))

    def acts(self, time: Number, count: Number) -> Formula:
        """Whether one of the first rows says what to do."""
        return every(self.on_tape(time), self.row(time) >= 0, self.row(time) < count)

    def steps(self, time: Number, cell: Number) -> Formula:
        """That the next configuration comes from this one: state, head, the symbol in a cell, and whether the head is
        still on the tape."""
        row, head, acts = self.row(time), self.number("head", time), self.acts(time, self.rows)
        moved = head + select(acts, self.number("offset", row), 0)
        put, old = self.number("put", row), self.number("tape", time, cell)
        return every(
            self.number("head", time + 1) == moved,
            self.number("state", time + 1) == select(acts, self.number("to", row), self.number("state", time)),
            self.number("tape", time + 1, cell) == select(every(acts, head == cell), put, old),
            self.on_tape(time + 1) == every(self.on_tape(time), self.is_cell(moved)),
        )

    def table(self, row: Number, time: Number) -> Formula:
        """That the table is one: a row is found by its state and its symbol, and by no others; a move is by one cell at
        most. Said of a row and of what is read at a time."""
        state, symbol = self.number("state", time), self.number("tape", time, self.number("head", time))
        found = self.row(time)
        by_key = every(self.number("for state", found) == state, self.number("for symbol", found) == symbol)
        own_key = self.number("row of", self.number("for state", row), self.number("for symbol", row)) == row
        offsets = [every(self.number("offset", one) >= -1, self.number("offset", one) <= 1) for one in (row, found)]
        return every(implies(self.acts(time, self.rows), by_key), own_key, *offsets)

    def meaning(self, s: State) -> Formula:
        """What the bit of a moment is to be. A sum is made of the row before; with all rows it is a bit of its own."""
        before, cell, count, name = s["time"] - 1, s["cell"], s["count"], s["name"]
        row, here = self.row(before), self.number("head", before) == cell
        acts, any_acts = every(here, self.acts(before, count)), every(here, self.acts(before, self.rows))
        stays = every(negation(any_acts), self.number("tape", before, cell) == name)
        symbol = some(every(acts, self.number("put", row) == name), stays)
        lands = self.number("head", before) + self.number("offset", row) == cell
        arrives = every(self.acts(before, count), self.number("to", row) == name, lands)
        rests = every(self.on_tape(before), here, negation(any_acts), self.number("state", before) == name)
        return every(
            implies(s["kind"] == ROW, self.is_in_reach(s["time"])),
            implies(s["kind"] == ACTED, s["bit"] == acts),
            implies(every(s["kind"] == SYMBOL, s["time"] >= 1), s["bit"] == symbol),
            implies(every(s["kind"] == STATE, s["time"] >= 1, self.is_cell(cell)), s["bit"] == some(arrives, rests)),
            implies(every(s["kind"] == SYMBOL, count == self.rows), s["bit"] == self.has_symbol(s)),
            implies(every(s["kind"] == STATE, count == self.rows), s["bit"] == self.has_head(s)),
        )

    def is_in_reach(self, time: Number) -> Formula:
        """Whether the head is, and was a step before, at most as far from the first cell as one cell a step brings it,
        and in a cell of the tape if it never left it."""
        now, before = self.number("head", time), self.number("head", time - 1)
        was = implies(time >= 1, every(before >= 1 - time, before <= time - 1))
        return every(now >= -time, now <= time, was, implies(self.on_tape(time), self.is_cell(now)))

    def has_symbol(self, s: State) -> Formula:
        """Whether the symbol of a bit stands in its cell."""
        return self.number("tape", s["time"], s["cell"]) == s["name"]

    def has_head(self, s: State) -> Formula:
        """Whether the head is in the cell of a bit, in its state, and on the tape."""
        time = s["time"]
        is_here = every(self.number("head", time) == s["cell"], self.number("state", time) == s["name"])
        return every(self.on_tape(time), is_here)


@dataclass(frozen=True, slots=True)
class WrittenTableau:
    """The run that writes the tableau: how a bit is made of those before it.

    Parameters
    ----------
    machine : whose tableau. joined, kept : the circuits of its two rules.
    """

    machine: AnyMachine
    joined: FlatCircuit
    kept: FlatCircuit

    def start(self) -> State:
        """Nothing is there but the first row's distance."""
        return {"kind": ROW, "time": 0, "cell": 0, "name": 0, "count": 0, "bit": True}

    def made(self, s: State) -> State:
        """The coordinates of the bit that is made next."""
        return {name: s[f"next {name}"] for name in COORDINATES}

    def may(self, s: State) -> Formula:
        """Of which bits a bit is made, with what is presupposed of the machine and of its run."""
        new, machine, do = self.made(s), self.machine, s["do"]
        total, bit, acted, head, symbol, row = (
            earlier_state(s, name) for name in ("total", "bit", "acted", "head", "symbol", "row")
        )
        all_rows, before = machine.rows, new["time"] - 1
        in_cell = every(machine.is_cell(new["cell"]), new["kind"] >= ACTED, new["kind"] <= STATE)
        own = every(bit["kind"] == new["kind"], bit["name"] == new["name"], bit["cell"] == new["cell"])
        complete = every(bit["count"] == all_rows, bit["time"] == before)
        later = every(new["time"] >= 1, machine.steps(before, new["cell"]), machine.table(total["count"], before))
        far = some(new["cell"] > new["time"], new["cell"] < -new["time"])
        needs = {
            FIRST: every(in_cell, new["kind"] >= SYMBOL, new["time"] == 0, new["count"] == all_rows),
            NONE: every(in_cell, later, new["kind"] == ACTED, new["count"] == 0),
            KEEP: every(
                *(in_cell, later, new["kind"] >= SYMBOL, new["count"] == 0, own, complete),
                *(acted["kind"] == ACTED, acted["time"] == new["time"], acted["cell"] == new["cell"]),
                acted["count"] == all_rows,
            ),
            JOIN: every(
                *(in_cell, later, self.joins(new, total, head, symbol)),
                *(row["kind"] == ROW, row["time"] == before),
            ),
            FAR: every(
                *(in_cell, later, new["kind"] >= SYMBOL, new["count"] == all_rows, own, complete, far),
                *(row["kind"] == ROW, row["time"] == new["time"]),
            ),
            GO_ON: every(later, new["kind"] == ROW, row["kind"] == ROW, row["time"] == before),
        }
        return every(
            all_rows >= 1, do >= FIRST, do <= GO_ON, *(implies(do == one, need) for one, need in needs.items())
        )

    def source(self, new: State, row: Number) -> Number:
        """The cell from which a row's head and symbol are read for a sum."""
        side = self.machine.arrival(self.machine.number("offset", row))
        return new["cell"] + select(new["kind"] == STATE, side - 1, 0)

    def joins(self, new: State, total: State, head: State, symbol: State) -> Formula:
        """Whether a sum goes on by one row: it is the same sum over one row less, and reads the bits of this row's
        state and symbol, unless the cell in which they are is beyond the tape."""
        row, before, machine = total["count"], new["time"] - 1, self.machine
        same = [new[name] == total[name] for name in COORDINATES if name != "count"]
        source = self.source(new, row)
        read = [
            every(one["kind"] == kind, one["time"] == before, one["cell"] == source, one["count"] == machine.rows)
            for one, kind in ((head, STATE), (symbol, SYMBOL))
        ]
        names = every(
            head["name"] == machine.number("for state", row), symbol["name"] == machine.number("for symbol", row)
        )
        inside = implies(machine.is_cell(source), every(*read, names))
        return every(*same, new["count"] == row + 1, row >= 0, row < machine.rows, inside)

    def advance(self, s: State) -> State:
        """The bit that is made."""
        new, machine, do = self.made(s), self.machine, s["do"]
        total, bit, acted, head, symbol = (
            earlier_state(s, name) for name in ("total", "bit", "acted", "head", "symbol")
        )
        row = total["count"]
        inside = machine.is_cell(self.source(new, row))
        longer = self.machine.case.circuit(
            self.joined,
            {"total": total["bit"], "head": every(inside, head["bit"]), "symbol": every(inside, symbol["bit"])},
        )["out"]
        concerns = some(
            new["kind"] == ACTED,
            every(new["kind"] == SYMBOL, machine.number("put", row) == new["name"]),
            every(new["kind"] == STATE, machine.number("to", row) == new["name"]),
        )
        stays = machine.case.circuit(self.kept, {"bit": bit["bit"], "acted": acted["bit"]})["out"]
        given = chosen(new["kind"] == SYMBOL, machine.has_symbol(new), machine.has_head(new))
        found: Formula = False
        for one, value in (
            (GO_ON, True),
            (FAR, bit["bit"]),
            (JOIN, chosen(concerns, longer, total["bit"])),
            (KEEP, stays),
            (FIRST, given),
        ):
            found = chosen(do == one, value, found)
        return {**new, "bit": found}


def chosen(condition: Formula, yes: Formula, no: Formula) -> Formula:
    """One of two truth values."""
    return some(every(condition, yes), every(negation(condition), no))


def writing(
    joined: Rule = tableau.joined, kept: Rule = tableau.kept, arrival: Callable[[Any], Any] = tableau.arrival
) -> Callable[[Case], WrittenTableau]:
    """The run that writes the tableau of any machine by these rules."""

    def build(case: Case) -> WrittenTableau:
        machine = AnyMachine(case, arrival)
        case.assume(case.integer("left") >= 0, case.integer("right") >= 0)
        case.assume(machine.number("head", 0) == 0, machine.on_tape(0), label="the head begins in the first cell")
        circuits = written(joined, "total", "head", "symbol"), written(kept, "bit", "acted")
        return WrittenTableau(machine, *circuits)

    return build


def always_kept(bit: Bits, acted: Bits) -> Bits:
    """A bit that stays whatever acts (the twin's)."""
    return bit


@obligation("turing.tableau", paper="Lemma 3b", kind="induction", of=writing(), twin=writing(kept=always_kept))
def rows_are_configurations(run: WrittenTableau, case: Case) -> None:
    """For every deterministic Turing machine, with any numbers of states, symbols and rows, every word, every number of
    steps and every tape: the tableau that the rules write has in its row for time t the configuration after t steps.
    The bit of a symbol in a cell is set exactly if the symbol stands there, the bit of a state exactly if the head is
    there in this state. If the head has left the tape, the machine stops, and no cell has it."""
    at = case.reached(
        case.induction(
            "over the bits of the tableau",
            state={name: case.integer(name) for name in COORDINATES} | {"bit": case.bit("bit")},
            start=run.start(),
            inputs={f"next {name}": case.integer(f"next {name}") for name in COORDINATES} | {"do": case.integer("do")},
            earlier=("total", "bit", "acted", "head", "symbol", "row"),
            given=run.may,
            advance=run.advance,
            holds=run.machine.meaning,
        )
    )
    complete = at["count"] == run.machine.rows
    is_symbol, is_state = (every(at["kind"] == kind, complete) for kind in (SYMBOL, STATE))
    case.show("symbols", at["bit"] == run.machine.has_symbol(at), given=is_symbol)
    case.show("states", at["bit"] == run.machine.has_head(at), given=is_state)
    case.show("where the head is", run.machine.is_in_reach(at["time"]), given=at["kind"] == ROW)
    case.show(
        "none beyond the tape", negation(at["bit"]), given=every(is_state, negation(run.machine.on_tape(at["time"])))
    )
