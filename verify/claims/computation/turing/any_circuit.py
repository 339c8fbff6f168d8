"""The machine of a circuit, for any circuit: it accepts exactly if the output is set, after as many steps as are
counted.

The circuit is known by functions of the target: in which cell it is, what is done there, how many literals the gate
needs, whether the literal is negated, and how many gates stand before it; how many of its literals are set so far and
the value of each node are what a circuit means by them (:meth:`AnyCircuit.means`). How many inputs, gates and literals
there are is left open. The machine's run is known by functions of the time, and that each configuration comes from the
one before by the row of :func:`constructions.computation.circuit_on_tape.tape_row` is presupposed
(:meth:`AnyCircuit.steps`). Each moment of the induction is where the head is at a time, what stands in a cell at a
time, or what the head reads then (``turing.back.any``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

from constructions.computation import circuit_on_tape
from constructions.computation.circuit_on_tape import (
    BLANK,
    END,
    READ,
    WRITE,
    Stop,
    TapeRow,
    arrived_after,
    is_set,
    machine_of_circuit,
    states_to,
    steps_in_all,
    targets,
)
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.terms import INTEGER
from verify.claims.computation.turing.back import CIRCUITS, INPUTS, drawn_circuit
from verify.claims.computation.turing.tableau import OverIntegers
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state
from verify.obligations.verdict import Verdict

HEAD, CELL, LOOK = range(3)
"""What a moment is: the head at a time, a cell at a time, or what the head reads at a time."""
FIRST, MOVE, KEEP, SEE = range(4)
"""How it is made: a cell before the first step; the head, or a cell, after one step more; the cell of the head."""
COORDINATES = ("kind", "time", "cell")
RowOf = Callable[..., TapeRow]


def stands(inputs: Number, stop: Stop, gate: Number) -> Formula:
    """Whether a target can stand behind so many gates: what is read is a node before them, what is written the next.

    >>> stands(2, Stop(2, WRITE, 1), 0), stands(2, Stop(2, READ, 1), 0)
    (True, False)
    """
    known = inputs + gate
    return every(
        stop.does >= READ,
        stop.does <= END,
        stop.needs >= 0,
        stop.cell >= 0,
        implies(stop.does == WRITE, stop.cell == known),
        implies(negation(stop.does == WRITE), stop.cell < known),
        implies(stop.does == END, stop.needs == 0),
    )


def follows(stop: Stop, gate: Number, after: Stop, gate_after: Number) -> Formula:
    """Whether a target may come after another one: the gate of a literal goes on, and a gate that is written is one
    more.

    >>> follows(Stop(0, READ, 1), 0, Stop(2, WRITE, 1), 0), follows(Stop(2, WRITE, 1), 0, Stop(2, END), 0)
    (True, False)
    """
    goes_on = every(gate_after == gate, after.needs == stop.needs, negation(after.does == END))
    return every(implies(stop.does == READ, goes_on), implies(stop.does == WRITE, gate_after == gate + 1))


@dataclass(frozen=True, slots=True)
class AnyCircuit(OverIntegers):
    """A circuit of any size, and the run of its machine, over terms.

    Parameters
    ----------
    case : of whose functions it is made. row : what a row of the machine's table says.
    """

    row: RowOf

    def truth(self, name: str, at: Number) -> Formula:
        """A truth value of the circuit at a place."""
        return self.case.predicate(name, 1, takes=(INTEGER,))(at)

    def stop(self, i: Number) -> Stop:
        """Target i."""
        return Stop(self.number("target", i), self.number("does", i), self.number("needs", i), self.truth("negated", i))

    def bit(self, node: Number) -> Number:
        """The value of a node as a symbol."""
        return select(self.truth("value", node), 1, 0)

    def way(self, i: Number) -> Number:
        """How far target i is from the one before it, or from the first cell."""
        return self.number("target", i) - select(i == 0, 0, self.number("target", i - 1))

    def is_one(self, i: Number) -> Formula:
        """Whether the literal of target i is set."""
        return is_set(self.bit(self.number("target", i)), self.truth("negated", i))

    def means(self, i: Number) -> Formula:
        """What is presupposed of target i and the next: how they stand, which literals are set so far, the value of a
        gate, and how many steps the way takes."""
        here, after, gate = self.stop(i), self.stop(i + 1), self.number("gate", i)
        so_far, more = (self.number("set", at) for at in (i, i + 1))
        enough = so_far >= here.needs
        arrived = arrived_after(self.number("arrived", i), after.cell - here.cell)
        return every(
            stands(self.case.integer("n"), here, gate),
            follows(here, gate, after, self.number("gate", i + 1)),
            implies(here.does == READ, more == so_far + select(self.is_one(i), 1, 0)),
            implies(here.does == WRITE, every(more == 0, self.truth("value", here.cell) == enough)),
            self.number("arrived", i + 1) == arrived,
        )

    def begins(self) -> Formula:
        """That the run begins at the first cell, on the way to the first target, before the first gate."""
        at_zero = ("gate", "set", "stop", "count", "head")
        first = self.number("target", 0)
        return every(
            *(self.number(name, 0) == 0 for name in at_zero),
            stands(self.case.integer("n"), self.stop(0), 0),
            self.number("left", 0) == first,
            self.number("arrived", 0) == first,
        )

    def read(self, time: Number) -> Number:
        """The symbol under the head."""
        return self.number("tape", time, self.number("head", time))

    def row_at(self, time: Number) -> TapeRow:
        """The row that says what is done at a time."""
        i = self.number("stop", time)
        onward = self.number("target", i + 1) - self.number("target", i)
        state = {name: self.number(name, time) for name in ("count", "left")}
        return self.row(self.stop(i), self.way(i), onward, symbol=self.read(time), **state)

    def steps(self, time: Number, cell: Number) -> Formula:
        """That the next configuration comes from this one, which is not the last: state, head, and the symbol in a
        cell."""
        row, i, head = self.row_at(time), self.number("stop", time), self.number("head", time)
        put, old = row.put, self.number("tape", time, cell)
        return every(
            negation(self.is_last(time)),
            self.number("stop", time + 1) == select(row.goes_on, i + 1, i),
            self.number("count", time + 1) == row.count,
            self.number("left", time + 1) == row.left,
            self.number("head", time + 1) == head + row.move,
            self.number("tape", time + 1, cell) == select(head == cell, put, old),
        )

    def is_last(self, time: Number) -> Formula:
        """Whether the head is at the target of the output."""
        return every(self.number("does", self.number("stop", time)) == END, self.number("left", time) == 0)

    def stands_in(self, time: Number, cell: Number) -> Number:
        """What is to stand in a cell: the value of its node, if it is an input or a gate that was written."""
        known = self.case.integer("n") + self.number("gate", self.number("stop", time))
        return select(every(cell >= 0, cell < known), self.bit(cell), BLANK)

    def is_on_its_way(self, time: Number) -> Formula:
        """Where the head is, how many literals the state counts, and what time it is."""
        i, left = self.number("stop", time), self.number("left", time)
        way, so_far, needs = self.way(i), self.number("set", i), self.number("needs", i)
        behind = select(way > 0, left, select(way < 0, -left, 0))
        return every(
            *(number >= 0 for number in (time, i, left, so_far, self.number("gate", i))),
            left <= select(way < 0, -way, way),
            self.number("head", time) == self.number("target", i) - behind,
            self.number("count", time) == select(so_far <= needs, so_far, needs),
            time == self.number("arrived", i) - left,
        )

    def is_seen(self, time: Number) -> Formula:
        """What is read: the table has a row for it, and at the end it says whether the output is set."""
        i, symbol, arrived = self.number("stop", time), self.read(time), self.number("left", time) == 0
        does, is_bit = self.number("does", i), some(symbol == 0, symbol == 1)
        return every(
            implies(every(arrived, does == WRITE), symbol == BLANK),
            implies(every(arrived, negation(does == WRITE)), is_bit),
            implies(self.is_last(time), self.row_at(time).accepts == self.is_one(i)),
            implies(self.is_last(time), time == self.number("arrived", i)),
        )

    def meaning(self, s: State) -> Formula:
        """What holds at a moment."""
        return every(
            implies(s["kind"] == HEAD, self.is_on_its_way(s["time"])),
            implies(
                s["kind"] == CELL, self.number("tape", s["time"], s["cell"]) == self.stands_in(s["time"], s["cell"])
            ),
            implies(s["kind"] == LOOK, self.is_seen(s["time"])),
        )

    def may(self, s: State) -> Formula:
        """Of which moments the next one is made, with what is presupposed of the circuit and of the run."""
        new, do = self.made(s), s["do"]
        head, read, own = (earlier_state(s, name) for name in ("head", "read", "own"))
        time = head["time"]
        i = self.number("stop", time)
        sees = every(
            *(head["kind"] == HEAD, read["kind"] == CELL, read["time"] == time),
            *(read["cell"] == self.number("head", time), self.means(i)),
        )
        steps = every(sees, self.steps(time, new["cell"]), new["time"] == time + 1)
        first = self.number("tape", 0, new["cell"]) == self.stands_in(0, new["cell"])
        needs = {
            FIRST: every(new["kind"] == CELL, new["time"] == 0, first),
            MOVE: every(
                new["kind"] == HEAD, steps, stands(self.case.integer("n"), self.stop(i + 1), self.number("gate", i + 1))
            ),
            KEEP: every(
                *(new["kind"] == CELL, steps, own["kind"] == CELL, own["time"] == time, own["cell"] == new["cell"])
            ),
            SEE: every(new["kind"] == LOOK, sees, new["time"] == time),
        }
        return every(do >= FIRST, do <= SEE, *(implies(do == one, need) for one, need in needs.items()))

    def made(self, s: State) -> State:
        """The moment that is made next."""
        return {name: s[f"next {name}"] for name in COORDINATES}


def on_tape(row: RowOf = circuit_on_tape.tape_row) -> Callable[[Case], AnyCircuit]:
    """The run of the machine of any circuit, by these rows."""

    def build(case: Case) -> AnyCircuit:
        found = AnyCircuit(case, row)
        case.assume(case.integer("n") >= 0, found.begins(), label="the head begins in the first cell")
        return found

    return build


def one_more(stop: Stop, way: Number, onward: Number, **state: Number) -> TapeRow:
    """A row that asks for one literal more than the gate needs (the twin's)."""
    return circuit_on_tape.tape_row(replace(stop, needs=stop.needs + 1), way, onward, **state)


@obligation("turing.back.any", paper="Lemma 3b", kind="induction", of=on_tape(), twin=on_tape(one_more))
def machines_evaluate_circuits(run: AnyCircuit, case: Case) -> None:
    """For every circuit with any number of inputs, gates of any thresholds, and literals, and for every word of its
    inputs' bits: in its machine's run an input or a gate that was written stands in the cell of its node, and every
    other cell is blank; the table has a row for what is read; and at the target of the output, which the head reaches
    after as many steps as the ways take, whatever the bits are, the machine accepts exactly if the output is set."""
    at = case.reached(
        case.induction(
            "over the moments of the run",
            state={name: case.integer(name) for name in COORDINATES},
            start={"kind": HEAD, "time": 0, "cell": 0},
            inputs={f"next {name}": case.integer(f"next {name}") for name in COORDINATES} | {"do": case.integer("do")},
            earlier=("head", "read", "own"),
            given=run.may,
            advance=run.made,
            holds=run.meaning,
        )
    )
    time, looks = at["time"], at["kind"] == LOOK
    last, i = every(looks, run.is_last(time)), run.number("stop", time)
    case.show(
        "the tape", run.number("tape", time, at["cell"]) == run.stands_in(time, at["cell"]), given=at["kind"] == CELL
    )
    case.show("a row for what is read", run.is_seen(time), given=looks)
    case.show("accepts exactly if the output is set", run.row_at(time).accepts == run.is_one(i), given=last)
    case.show("steps", steps_in_all(time) == steps_in_all(run.number("arrived", i)), given=last)


def some_circuits_and_words() -> Iterator[dict[str, Any]]:
    """Circuits by number, and the bits of their inputs."""
    for circuit, *bits in product(range(CIRCUITS), *((0, 1) for _ in range(INPUTS))):
        yield {"circuit": circuit} | {f"bit {i}": bit for i, bit in enumerate(bits)}


@obligation(
    "turing.back.targets",
    paper="Lemma 3b",
    kind="enumeration",
    domain=some_circuits_and_words,
    expect=Verdict.CHECKED,
    finite=f"{CIRCUITS} circuits of up to 5 gates, all inputs",
    of=lambda case: targets,
    twin=lambda case: lambda circuit: reversed(list(targets(circuit))),
)
def targets_are_as_presupposed(targets_of: Callable[..., Iterator[Stop]], case: Case) -> None:
    """The loop over the gates of a circuit gives targets that stand and follow each other as turing.back.any
    presupposes, the last one at the output behind all gates; and the number of literals that are set on the way says of
    each gate what the circuit's own evaluation says. The machine has as many states as turing.back.states counts."""
    circuit = drawn_circuit(int(case.integer("circuit")))
    bits = {name: int(case.integer(f"bit {i}")) for i, name in enumerate(circuit.inputs)}
    nodes = {f"node {v}": 2 * v for v in range(INPUTS + len(circuit.gates))}
    values = list(replace(circuit, outputs=nodes).evaluate(bits).values())
    order, gate, found, so_far, orderly = list(targets_of(circuit)), 0, True, 0, True
    for stop, after in pairwise(order):
        known = gate + 1 if stop.does == WRITE else gate
        orderly = orderly and stands(INPUTS, stop, gate) and follows(stop, gate, after, known)
        if stop.does == WRITE:
            found, so_far = found and values[int(stop.cell)] == (so_far >= stop.needs), 0
        else:
            so_far += int(is_set(values[int(stop.cell)], stop.negated))
        gate = known
    is_end = every(order[-1].does == END, gate == len(circuit.gates), stands(INPUTS, order[-1], gate))
    ways = pairwise([0, *(int(stop.cell) for stop in order)])
    read, states = 0, 2
    for i, (stop, (before, cell)) in enumerate(zip(order, ways, strict=True)):
        states += int(states_to(min(read, int(stop.needs)), cell - before, i == 0))
        read = read + 1 if stop.does == READ else 0
    case.show("in this order", every(orderly, is_end))
    case.show("states", len(machine_of_circuit(circuit).states) == states)
    case.show("as the circuit's own evaluation", found)
