"""A circuit that is evaluated by a Turing machine (the way back: TIME' is polynomial in a circuit's size).

The machine is made for the circuit. The bits of the inputs stand in the cells 0, ..., n - 1; the value of gate i will
stand in cell n + i, as a circuit's node has its own number. The head goes from target to target: for each gate its
operands one after the other, then its own cell; at last the node of the output. At an operand the state counts whether
the literal is set, up to as many as the gate needs; in the gate's cell the head writes whether they were enough. Where
the head goes does not depend on the inputs, so every run takes the same number of steps (:func:`steps_of`).

What a row of the table says is a function of numbers (:func:`tape_row`). The loop of :func:`machine_of_circuit` calls
it for each state and symbol, and ``turing.back.any`` proves of the same function that the machine of any circuit does
what is said here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from constructions.computation.flat import FlatCircuit
from constructions.computation.turing import Transition, TuringMachine
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, select, some

SYMBOLS = ("0", "1", "_")
"""The symbols by their numbers: a bit is its own, and the blank is 2."""
BLANK = 2
READ, WRITE, END = range(3)
"""What the head does at a target: read a literal, write the value of a gate, or end with the output."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A cell to which the head goes, and what it does there: read a literal, which is negated or not, write whether so
    many (``needs``) were set, or end with the output."""

    cell: Number
    does: Number
    needs: Number = 0
    negated: Formula = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeRow:
    """What a row of the table says.

    Parameters
    ----------
    goes_on : whether the next target is the goal from here on. count, left : how many literals were set, how many cells
        are to go. put, move : the symbol that is written, and by how many cells the head moves. accepts : whether the
        machine has come to its end and accepts.
    """

    goes_on: Formula
    count: Number
    left: Number
    put: Number
    move: Number
    accepts: Formula


def targets(circuit: FlatCircuit) -> Iterator[Stop]:
    """All targets in their order; the circuit must have one output. Raises ConstructionError for another number.

    >>> from constructions.computation.flat import Gates
    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"c": 4})
    >>> [(target.cell, ("read", "write", "end")[target.does]) for target in targets(both)]
    [(0, 'read'), (1, 'read'), (2, 'write'), (2, 'end')]
    """
    if len(circuit.outputs) != 1:
        raise ConstructionError(f"need a circuit with one output, got {len(circuit.outputs)}")
    for i, (needs, literals) in enumerate(circuit.gates):
        for literal in literals:
            yield Stop(literal >> 1, READ, needs, bool(literal & 1))
        yield Stop(len(circuit.inputs) + i, WRITE, needs)
    (output,) = circuit.outputs.values()
    yield Stop(output >> 1, END, 0, bool(output & 1))


def step_count(distance: Number) -> Number:
    """How many steps it takes from what is done at a target to the next target: as many as cells, and one at least.

    >>> [step_count(distance) for distance in (-3, 0, 1)]
    [3, 1, 1]
    """
    return select(distance == 0, 1, select(distance < 0, -distance, distance))


def towards(distance: Number) -> Number:
    """By how many cells the head moves if it has to go so far: -1, 0 or 1.

    >>> [towards(distance) for distance in (-3, 0, 2)]
    [-1, 0, 1]
    """
    return select(distance > 0, 1, select(distance < 0, -1, 0))


def is_set(symbol: Number, negated: Formula) -> Formula:
    """Whether a literal is set.

    Parameters
    ----------
    symbol, negated : the bit of its node, and whether the literal is negated.

    >>> [is_set(bit, negated) for bit in (0, 1) for negated in (False, True)]
    [False, True, True, False]
    """
    is_one = symbol == 1
    return some(every(is_one, negation(negated)), every(negation(is_one), negated))


def tape_row(stop: Stop, way: Number, onward: Number, *, count: Number, left: Number, symbol: Number) -> TapeRow:
    """What the machine does on the way to a target, or at it.

    Parameters
    ----------
    stop : the target. way, onward : how far it is from the one before it, and how far the next one is from it. count :
        how many literals of the gate were set, at most as many as it needs. left : how many cells are to go. symbol :
        what is read.

    >>> tape_row(Stop(3, WRITE, 2), 1, -3, count=2, left=0, symbol=BLANK)
    TapeRow(goes_on=True, count=0, left=2, put=1, move=-1, accepts=False)
    >>> tape_row(Stop(3, READ, 2), 5, 1, count=1, left=4, symbol=0).left
    3
    """
    here, reads, writes = left == 0, stop.does == READ, stop.does == WRITE
    holds = is_set(symbol, stop.negated)
    more = count + select(every(reads, holds), 1, 0)
    after = select(writes, 0, select(more <= stop.needs, more, stop.needs))
    value = select(count >= stop.needs, 1, 0)
    return TapeRow(
        goes_on=every(here, some(reads, writes)),
        count=select(every(here, some(reads, writes)), after, count),
        left=select(here, step_count(onward) - 1, left - 1),
        put=select(every(here, writes), value, symbol),
        move=select(here, towards(onward), towards(way)),
        accepts=every(here, stop.does == END, holds),
    )


def arrived_after(steps: Number, onward: Number) -> Number:
    """After how many steps the head is at a target.

    Parameters
    ----------
    steps, onward : after how many it was at the one before, and how far away that is.

    >>> arrived_after(4, -3)
    7
    """
    return steps + step_count(onward)


def ways_to(way: Number, is_first: Formula) -> Number:
    """How many numbers of cells there can be to go to a target: to the first one all that it is away, and to any other
    one less, as the head moves already where it is.

    Parameters
    ----------
    way, is_first : how far it is from the one before, and whether there is none before.

    >>> ways_to(2, True), ways_to(-2, False), ways_to(0, False)
    (3, 2, 1)
    """
    return select(is_first, way + 1, step_count(way))


def states_to(counts: Number, way: Number, is_first: Formula) -> Number:
    """How many states there are for a target: for each number of literals that can be set so far, and each number of
    cells to go.

    Parameters
    ----------
    counts : the largest number of literals that are counted. way, is_first : how far the target is from the one before,
        and whether there is none before.

    >>> states_to(2, -3, False)
    9
    """
    return (counts + 1) * ways_to(way, is_first)


def steps_in_all(arrived: Number) -> Number:
    """How many steps there are in all, if the head is at the last target after so many: one more.

    >>> steps_in_all(11)
    12
    """
    return arrived + 1


def steps_of(circuit: FlatCircuit) -> int:
    """How many steps the machine of a circuit takes, whatever the inputs are.

    >>> from constructions.computation.flat import Gates
    >>> steps_of(FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"c": 4}))
    4
    """
    cells = [target.cell for target in targets(circuit)]
    steps: Number = cells[0]
    for before, after in pairwise(cells):
        steps = arrived_after(steps, after - before)
    return int(steps_in_all(steps))


def machine_of_circuit(circuit: FlatCircuit) -> TuringMachine:
    """The machine that evaluates a circuit of one output: it accepts the word of the inputs' bits if the output is set,
    and else rejects it.

    Raises
    ------
    ConstructionError
        For a circuit with another number of outputs, and one whose machine has too many states.

    >>> from constructions.computation.flat import Gates
    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"c": 4})
    >>> machine = machine_of_circuit(both)
    >>> [machine.accepts(machine.run(word)) for word in ("00", "01", "10", "11")], machine.run("10").steps
    ([False, False, True, False], 4)
    """
    table: dict[tuple[str, str], Transition] = {}
    order = list(targets(circuit))
    cells = [0, *(int(target.cell) for target in order), int(order[-1].cell)]
    read = 0
    for i, target in enumerate(order):
        way, onward = cells[i + 1] - cells[i], cells[i + 2] - cells[i + 1]
        for count in range(min(read, int(target.needs)) + 1):
            for left in reversed(range(int(ways_to(way, i == 0)))):
                _rows(table, i, target, way, onward, count, left)
        read = read + 1 if target.does == READ else 0
    start = _at(0, 0, cells[1])
    states = dict.fromkeys((start, *(state for state, _ in table), "yes", "no"))
    return TuringMachine(
        states=tuple(states),
        inputs=SYMBOLS[:BLANK],
        symbols=(SYMBOLS[BLANK], *SYMBOLS[:BLANK]),
        blank=SYMBOLS[BLANK],
        start=start,
        accept=("yes",),
        reject=("no",),
        table=table,
    )


def _at(i: int, count: int, left: int = 0) -> str:
    """The state on the way to target i, with so many literals set, and so many cells to go."""
    return f"t{i}.{count}" + (f".{left}" if left else "")


def _rows(
    table: dict[tuple[str, str], Transition], i: int, target: Stop, way: int, onward: int, count: int, left: int
) -> None:
    """The rows of a state, for each symbol that can stand there."""
    if left:
        here: tuple[int, ...] = (0, 1, BLANK)
    else:
        here = (BLANK,) if target.does == WRITE else (0, 1)
    for symbol in here:
        row = tape_row(target, way, onward, count=count, left=left, symbol=symbol)
        if target.does == END and not left:
            state = "yes" if row.accepts else "no"
        else:
            state = _at(i + 1 if row.goes_on else i, int(row.count), int(row.left))
        move = "LNR"[int(row.move) + 1]
        table[_at(i, count, left), SYMBOLS[symbol]] = Transition(state, SYMBOLS[int(row.put)], move)


def steps_within(most: Number) -> Number:
    """At most so many steps takes the machine of a circuit whose inputs, gates, and literals of each gate are at most a
    number, ``most``.

    >>> steps_within(2)
    64
    """
    return 8 * most * most * most


def pairs_within(most: Number) -> Number:
    """At most so many pairs of a state and a symbol has this machine.

    >>> pairs_within(2)
    672
    """
    return 42 * most * most * most * most
