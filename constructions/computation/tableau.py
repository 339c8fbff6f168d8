"""A Turing machine that runs for some time, as a circuit: the tableau of its configurations (Lemma 3b: "any Turing
machine can be converted into a circuit").

Row t of the tableau is the configuration after t steps. A cell of it is known by bits, one for each state (set if the
head is here, in this state) and one for each symbol (set if it stands here). What a cell is after a step depends on
itself and its two neighbours. Over the rows of the machine's table, in their order, three sums are folded
(:func:`joined`): whether some row acts here; for each symbol, whether it is written here, or stays as no row acts; for
each state, whether the head arrives in it, from the left, from the right or from here, or stays as no row acts. So a
cell of a machine that has halted stays as it is.

The cell's circuit (:func:`cell_circuit`) is written once, in vectors of bits, and stamped where the head can be: after
t steps it is at most t cells away from where it began. Bits that no word sets, as the machine cannot come there by
then, are constants (:mod:`constructions.computation.reach`). The tape may be bounded to fewer cells. Nothing is cut in
silence: if the head leaves the bounded tape no cell has it, which the output ``out_of_tape`` tells, and
``out_of_time`` tells that the machine was still running after the last step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from constructions.computation import tableau_sizes
from constructions.computation.bits import Bits, concat
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.design import Design, places
from constructions.computation.flat import FlatCircuit
from constructions.computation.reach import Reach, Reaching
from constructions.computation.turing import TuringMachine
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole

MOST_STAMPED = 200_000_000
"""A tableau of more gates, before equal ones are merged, is refused."""
SIDES = ("left", "own", "right")


def joined(total: Bits, head: Bits, symbol: Bits) -> Bits:
    """A sum over rows with one row more: set, or the head is there in the row's state and its symbol is there.

    >>> design = Design()
    >>> design.output("total", joined(*(design.input(name) for name in ("total", "head", "symbol"))))
    >>> design.evaluate(total=0, head=1, symbol=1), len(design.circuit().gates)
    ({'total': 1}, 2)
    """
    return total | (head & symbol)


def kept(bit: Bits, acted: Bits) -> Bits:
    """A bit of a cell that stays unless a row acts there.

    >>> design = Design()
    >>> design.output("bit", kept(design.input("bit"), design.input("acted")))
    >>> design.evaluate(bit=1, acted=1)
    {'bit': 0}
    """
    return bit & ~acted


def arrival(offset: int) -> int:
    """From which side, a place in :data:`SIDES`, the head arrives if it moves by ``offset`` cells.

    >>> [SIDES[arrival(offset)] for offset in (-1, 0, 1)]
    ['right', 'own', 'left']
    """
    return 1 - offset


def cell_circuit(machine: TuringMachine) -> FlatCircuit:
    """What a cell is after a step, from the cell and its neighbours: inputs ``left_state``, ``left_symbol``,
    ``own_state``, ..., ``right_symbol``, outputs ``state`` and ``symbol``, a bit for each state or symbol.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> circuit = cell_circuit(machine)
    >>> len(circuit.inputs), list(circuit.outputs), len(circuit.gates) == cell_gates(machine)
    (12, ['state[0]', 'state[1]', 'symbol[0]', 'symbol[1]'], True)
    """
    design = Design()
    state, symbol = (
        [design.input(f"{side}_{what}", len(names)) for side in SIDES]
        for what, names in (("state", machine.states), ("symbol", machine.symbols))
    )
    acted = design.constant(0, 1)
    for (q, a), _ in machine.rows:
        acted = joined(acted, state[1][q], symbol[1][a])
    written, arrived = ([kept(bit, acted) for bit in part[1]] for part in (symbol, state))
    for (q, a), (to, put, offset) in machine.rows:
        written[put] = joined(written[put], state[1][q], symbol[1][a])
        side = arrival(offset)
        arrived[to] = joined(arrived[to], state[side][q], symbol[side][a])
    design.output("state", concat(*arrived))
    design.output("symbol", concat(*written))
    return design.circuit()


def cell_gates(machine: TuringMachine) -> int:
    """The constant of a machine: how many gates its cell's circuit has.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> cell_gates(read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm"))
    8
    """
    moving = sum(1 for _, (_, _, offset) in machine.rows if offset)
    found = tableau_sizes.gates_of_a_cell(len(machine.states), len(machine.symbols), len(machine.rows), moving)
    assert isinstance(found, int)
    return found


def input_circuit(machine: TuringMachine) -> FlatCircuit:
    """The symbol of a cell of the word from its code: input ``code``, the place of an input symbol; output
    ``symbol``, a bit for each symbol. A code beyond the last input symbol is read as the blank.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> [input_circuit(machine).evaluate({"code": bit}) for bit in (0, 1)]
    [{'symbol[0]': 0, 'symbol[1]': 1}, {'symbol[0]': 1, 'symbol[1]': 0}]
    """
    design = Design()
    code = design.input("code", machine.code_width)
    bits = {name: code == i for i, name in enumerate(machine.inputs)}
    none = design.constant(0, 1)
    bits[machine.blank] = ~concat(none, *bits.values()).any() if len(bits) < 2**machine.code_width else none
    design.output("symbol", concat(*(bits.get(symbol, none) for symbol in machine.symbols)))
    return design.circuit()


def end_circuit(machine: TuringMachine) -> FlatCircuit:
    """What the last row says of a cell: inputs ``state`` and ``symbol``; outputs ``accepted``, ``halted`` (the head is
    here, in such a state, or where no row says what to do), ``head`` (it is here at all), and ``code``, the place of
    the symbol among all symbols.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> end_circuit(machine).evaluate({"state[0]": 1, "state[1]": 0, "symbol[0]": 1, "symbol[1]": 0})
    {'accepted': 0, 'halted': 1, 'head': 1, 'code': 0}
    """
    design = Design()
    state, symbol = design.input("state", len(machine.states)), design.input("symbol", len(machine.symbols))
    at = {name: state[i] for i, name in enumerate(machine.states)}
    put = {name: symbol[i] for i, name in enumerate(machine.symbols)}
    accepted = concat(*(at[name] for name in machine.accept)).any()
    stuck = [at[q] & put[a] for q, a in machine.missing]
    design.output("accepted", accepted)
    design.output("halted", concat(accepted, *(at[name] for name in machine.reject), *stuck).any())
    design.output("head", state.any())
    width = max((len(machine.symbols) - 1).bit_length(), 1)
    holds = [[symbol[i] for i in range(len(machine.symbols)) if i >> j & 1] for j in range(width)]
    design.output("code", concat(*(concat(*bits).any() if bits else design.constant(0, 1) for bits in holds)))
    return design.circuit()


@dataclass(frozen=True, slots=True)
class RunEnd:
    """What a tableau says of the end, in literals of the circuit: whether the machine accepted, whether time or tape
    ran out, and the code of the symbol in each cell of the last row."""

    accepted: int
    out_of_time: int
    out_of_tape: int
    codes: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Tableau:
    """A machine's runs of so many steps on words of one length, as a circuit; a value.

    Parameters
    ----------
    machine : whose runs. length : of the words. steps : how many are taken. left, right : how many cells the tape has
        on each side of the first; as many as the word or the head can reach if not given.

    Raises
    ------
    ConstructionError
        For a negative number, a tape that does not hold the word, and more than :data:`MOST_STAMPED` gates.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> rows = "go 0 -> go 0 R\\ngo 1 -> no 1 N\\ngo _ -> yes _ N\\n"
    >>> text = "blank: _\\ninput: 0 1\\nstart: go\\naccept: yes\\nreject: no\\n" + rows
    >>> zeros = Tableau(machine=read_table(text.encode(), where="zeros.tm"), length=2, steps=3)
    >>> circuit = zeros.circuit()
    >>> [circuit.evaluate({"x[0]": a, "x[1]": b})["accepted"] for a in (0, 1) for b in (0, 1)]
    [1, 0, 0, 0]
    >>> zeros.cells, zeros.size, len(circuit.gates), zeros.widest
    (15, 290, 4, 7)
    >>> zeros.run("00"), zeros.run("01")["accepted"]
    ({'accepted': 1, 'out_of_time': 0, 'out_of_tape': 0}, 0)
    >>> zeros.write(Builder(), [[FALSE], [TRUE]]).accepted == FALSE
    True
    >>> [sorted(cell for _, cell in reach.heads) for reach in zeros.reached()]
    [[0], [0, 1], [0, 1, 2], [0, 1, 2]]
    >>> zeros.tape, zeros.codes("01")
    ((3, 3), [0, 1])
    """

    machine: TuringMachine
    length: int
    steps: int
    left: int | None = None
    right: int | None = None

    def __post_init__(self) -> None:
        n, steps = whole(self.length, where="length"), whole(self.steps, where="steps")
        left = steps if self.left is None else min(whole(self.left, where="left"), steps)
        right = max(steps, n - 1, 0) if self.right is None else whole(self.right, where="right")
        if right < n - 1:
            raise ConstructionError(f"need a tape that holds the word, got {right + 1} cells for {n} symbols")
        object.__setattr__(self, "left", left)
        object.__setattr__(self, "right", min(right, max(steps, n - 1, 0)))
        if self.size > MOST_STAMPED:
            raise ConstructionError(f"need a tableau of at most {MOST_STAMPED} gates, got {self.size}: bound the tape")

    @cached_property
    def cells(self) -> int:
        """How many cells are stamped, over all steps."""
        left, right = self.tape
        return int(tableau_sizes.stamped_cells(self.steps, left, right))

    @property
    def tape(self) -> tuple[int, int]:
        """How many cells the tape has on each side of the first."""
        assert self.left is not None and self.right is not None
        return self.left, self.right

    @cached_property
    def gates_of_the_ends(self) -> tuple[int, int]:
        """The gates of each symbol of the word, and of each cell of the last row."""
        return len(input_circuit(self.machine).gates), len(end_circuit(self.machine).gates)

    @cached_property
    def size(self) -> int:
        """The number of gates before equal ones are merged and constants are folded."""
        last, (code, end), cell = sum(self.tape) + 1, self.gates_of_the_ends, cell_gates(self.machine)
        return int(tableau_sizes.tableau_gates(self.cells, cell, self.length, code, last, end))

    @property
    def widest(self) -> int:
        """How many literals its widest gate has."""
        machine, last = self.machine, sum(self.tape) + 1
        stopping = len(machine.reject) + len(machine.missing)
        return int(tableau_sizes.widest_gate(last, len(machine.states), len(machine.symbols), stopping))

    def circuit(self, *, cells: Sequence[int] = ()) -> FlatCircuit:
        """The circuit: input ``x``, the codes of the word's symbols, first one first; outputs ``accepted``,
        ``out_of_time``, ``out_of_tape``, and ``cell C`` for the codes of the symbols of some ``cells`` at the end.

        Raises
        ------
        ConstructionError
            For a cell that the tape does not have.
        """
        design, width = Design(), self.machine.code_width
        x = design.input("x", self.length * width) if self.length else None
        word = [] if x is None else [x.literals[i * width : (i + 1) * width] for i in range(self.length)]
        end = self.write(design.builder, word)
        odd = next((cell for cell in cells if cell not in end.codes), None)
        if odd is not None:
            raise ConstructionError(f"need a cell from {-self.tape[0]} to {self.tape[1]}, got {odd}")
        for name in ("accepted", "out_of_time", "out_of_tape"):
            design.output(name, Bits(design.builder, (getattr(end, name),), name))
        for cell in cells:
            design.output(f"cell {cell}", Bits(design.builder, end.codes[cell], f"cell {cell}"))
        return design.circuit()

    def run(self, word: str | Sequence[str]) -> dict[str, int]:
        """What the circuit is to return for a word, found by stepping the machine; ``accepted``, ``out_of_time`` and
        ``out_of_tape``.

        Raises
        ------
        ConstructionError
            For a word of another length, or a symbol that is no input symbol.
        """
        if len(word) != self.length:
            raise ConstructionError(f"need a word of {self.length} symbols, got {len(word)}")
        left, right = self.tape
        end = self.machine.run(word, steps=self.steps, tape=self.tape)
        lost = not -left <= end.head <= right
        late = not lost and self.machine.transition(end) is not None
        accepted = not lost and self.machine.accepts(end)
        return {"accepted": int(accepted), "out_of_time": int(late), "out_of_tape": int(lost)}

    def codes(self, word: str | Sequence[str]) -> list[int]:
        """The bits of the input ``x`` for a word: the code of each symbol, least bit first. Raises ConstructionError
        for a symbol that is no input symbol."""
        places_of = [self.machine.inputs.index(symbol) for symbol in self.machine.word(word)]
        return [place >> i & 1 for place in places_of for i in range(self.machine.code_width)]

    def write(self, builder: Builder, word: Sequence[Sequence[int]]) -> RunEnd:
        """Write the tableau over a word, given by the literals of its symbols' codes.

        Parameters
        ----------
        builder : the circuit that is being written. word : for each symbol the literals of its code, least bit first.

        Raises
        ------
        ConstructionError
            For a word of another length.
        """
        if len(word) != self.length:
            raise ConstructionError(f"need a word of {self.length} symbols, got {len(word)}")
        row, cell = self._first_row(builder, word), cell_circuit(self.machine)
        reaching, now = Reaching(self.machine, self.tape), self._reach_at_first(row)
        for t in range(1, self.steps + 1):
            following = reaching.after(now)
            first, last = tableau_sizes.stamped_in(t, *self.tape)
            cells = range(int(first), int(last) + 1)
            if builder.merges:
                cells = sorted({c for found in (now, following) for _, c in found.heads})  # type: ignore[assignment]
            fresh = {c: self._next_cell(builder, cell, row, c) for c in cells}
            row = row | ({c: self._possible(fresh[c], following, c) for c in cells} if builder.merges else fresh)
            now = following
        return self._end(builder, row)

    def reached(self) -> Iterator[Reach]:
        """Where the head can be and which symbols can stand in the cells, for any word, at first and after each
        step."""
        builder = Builder()
        word = [[builder.input(f"{c} {i}") for i in range(self.machine.code_width)] for c in range(self.length)]
        reaching, now = Reaching(self.machine, self.tape), self._reach_at_first(self._first_row(builder, word))
        yield now
        for _ in range(self.steps):
            now = reaching.after(now)
            yield now

    def _reach_at_first(self, row: Mapping[int, list[int]]) -> Reach:
        states = len(self.machine.states)
        symbols = {c: [a for a, bit in enumerate(row[c][states:]) if bit != FALSE] for c in range(self.length)}
        return Reaching(self.machine, self.tape).first(symbols)

    def _possible(self, literals: list[int], found: Reach, c: int) -> list[int]:
        """The literals of a cell, with constants for the bits that are never or always set."""
        states, blank = len(self.machine.states), self.machine.symbols.index(self.machine.blank)
        only, symbols = found.only(), found.symbols.get(c, frozenset({blank}))
        known = [FALSE if (q, c) not in found.heads else TRUE if only else None for q in range(states)]
        known += [
            FALSE if a not in symbols else TRUE if len(symbols) == 1 else None for a in range(len(self.machine.symbols))
        ]
        return [literal if sure is None else sure for literal, sure in zip(literals, known, strict=True)]

    def _empty(self) -> list[int]:
        """The literals of a cell without the head, with the blank."""
        symbols = [TRUE if symbol == self.machine.blank else FALSE for symbol in self.machine.symbols]
        return [FALSE] * len(self.machine.states) + symbols

    def _first_row(self, builder: Builder, word: Sequence[Sequence[int]]) -> dict[int, list[int]]:
        left, right = self.tape
        row = {c: self._empty() for c in range(-left, right + 1)}
        code, heads = input_circuit(self.machine), [FALSE] * len(self.machine.states)
        for c, literals in enumerate(word):
            row[c] = heads + list(builder.stamp(code, list(literals)).values())
        row[0][self.machine.states.index(self.machine.start)] = TRUE
        return row

    def _next_cell(self, builder: Builder, cell: FlatCircuit, row: Mapping[int, list[int]], c: int) -> list[int]:
        """A cell after a step; what is beyond the tape has no bit set."""
        outside = [FALSE] * len(row[c])
        near = [row.get(c - 1, outside), row[c], row.get(c + 1, outside)]
        parts = by_what(near, len(self.machine.states))
        return list(builder.stamp(cell, [literal for part in parts for literal in part]).values())

    def _end(self, builder: Builder, row: Mapping[int, list[int]]) -> RunEnd:
        end = end_circuit(self.machine)
        found = {c: builder.stamp(end, literals) for c, literals in row.items()}
        told = [[one[name] for one in found.values()] for name in ("accepted", "halted", "head")]
        accepted, late, lost = ended(builder, *told)
        width = len(end.outputs) - 3
        codes = {c: tuple(one[name] for name in places("code", width)) for c, one in found.items()}
        return RunEnd(accepted, late, lost, codes)


def ended(builder: Builder, accepted: list[int], halted: list[int], head: list[int]) -> tuple[int, int, int]:
    """How a run ended, from what each cell of the last row says of it: accepted, out of time, out of tape.

    Parameters
    ----------
    builder : the circuit that is being written. accepted, halted, head : a literal for each cell.

    >>> ended(Builder(), [FALSE, TRUE], [FALSE, TRUE], [FALSE, TRUE]) == (TRUE, FALSE, FALSE)
    True
    """
    is_there = builder.some(head)
    return builder.some(accepted), builder.both(is_there, builder.some(halted) ^ 1), is_there ^ 1


def by_what(near: Sequence[Sequence[int]], states: int) -> list[Sequence[int]]:
    """The literals of a cell's neighbourhood in the order of the inputs of its circuit: all states, then all symbols.

    Parameters
    ----------
    near : the literals of the left cell, its own, and the right cell, states first. states : how many states there are.

    >>> by_what([[1, 2], [3, 4], [5, 6]], 1)
    [[1], [3], [5], [2], [4], [6]]
    """
    return [part[:states] for part in near] + [part[states:] for part in near]
