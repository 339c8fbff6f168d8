"""Deterministic Turing machines (Section 2.3: a method "runs in time TIME" if one of these carries it out).

A machine has one tape of cells ..., -1, 0, 1, ..., without an end on either side. The word stands in the cells 0, 1,
..., n - 1, all other cells are blank, and the head is at cell 0. A step looks up the state and the symbol under the
head in the table, writes a symbol, and moves the head by one cell to the left (L), to the right (R), or not at all (N).
The machine halts when it comes to an accepting or a rejecting state, or where the table has no row for what it reads;
this last is a rejection too. A configuration in which it has halted stays as it is.

Files are read and written in :mod:`constructions.computation.formats.turing_table` and ``jflap``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from constructions.errors import ConstructionError
from constructions.foundations.exact import whole

MOVES = {"L": -1, "N": 0, "R": 1}
MOST_NAMES = 4096
"""More states, symbols or rows than the square of this are refused."""


@dataclass(frozen=True, slots=True)
class Transition:
    """What a row of the table says: the next state, the symbol that is written, and the move, L, N or R.

    >>> Transition("back", "0", "L").offset
    -1
    """

    state: str
    symbol: str
    move: str

    @property
    def offset(self) -> int:
        """By how many cells the head moves."""
        return MOVES[self.move]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A moment of a run: the state, where the head is, and the symbols of the cells that were ever written or read.

    Parameters
    ----------
    state, head : the state, and the cell of the head. tape : the symbols of some cells; all others are blank. steps :
        how many steps were taken.
    """

    state: str
    head: int
    tape: Mapping[int, str]
    steps: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class TuringMachine:
    """A deterministic Turing machine with one two-sided tape; a value.

    Parameters
    ----------
    states : their names; the order is that of the bits of a tableau. inputs : the symbols of which words are made.
    symbols : all symbols of the tape, the inputs and the blank among them. blank : what stands in empty cells.
    start : the state at first. accept, reject : the states in which it halts.
    table : for a state and a symbol, what is done; where nothing is said, the machine halts and has not accepted.

    Raises
    ------
    ConstructionError
        For a name twice in one list, a state or symbol that is not declared, a blank among the inputs, a row that
        leaves a halting state, a state that accepts and rejects, no accepting state, or no row at all.

    >>> flip = TuringMachine(
    ...     states=("go", "yes"), inputs=("0", "1"), symbols=("_", "0", "1"), blank="_", start="go", accept=("yes",),
    ...     table={("go", "0"): Transition("go", "1", "R"), ("go", "1"): Transition("go", "0", "R"),
    ...            ("go", "_"): Transition("yes", "_", "N")})
    >>> end = flip.run("011")
    >>> end.state, end.head, end.steps, flip.text(end), flip.accepts(end)
    ('yes', 3, 4, '100', True)
    >>> first = flip.configuration(flip.word("01"))
    >>> flip.transition(first).symbol, flip.after(first).head, flip.after(end) is end
    ('1', 1, True)
    >>> flip.unentered
    ()
    >>> [flip.text(now) for now in flip.trace("01")]
    ['01', '11', '10', '10']
    >>> flip.rows[0]  # in state 0, at symbol 1: to state 0, symbol 2, one cell to the right
    ((0, 1), (0, 2, 1))
    """

    states: tuple[str, ...]
    inputs: tuple[str, ...]
    symbols: tuple[str, ...]
    blank: str
    start: str
    accept: tuple[str, ...]
    reject: tuple[str, ...] = ()
    table: Mapping[tuple[str, str], Transition]
    _halting: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", MappingProxyType(dict(self.table)))
        object.__setattr__(self, "_halting", frozenset((*self.accept, *self.reject)))
        if self.blank in self.inputs:
            raise ConstructionError(f"need a blank that is no input symbol, got {self.blank!r}")
        for what, names in (
            ("states", self.states),
            ("symbols", self.symbols),
            ("input symbols", self.inputs),
            ("accepting states", self.accept),
            ("rejecting states", self.reject),
        ):
            if len(names) > MOST_NAMES:
                raise ConstructionError(f"need at most {MOST_NAMES} {what}, got {len(names)}")
            twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
            if twice is not None:
                raise ConstructionError(f"need {what} that differ, got {twice!r} twice")
        self._check_names()
        self._check_table()

    @property
    def code_width(self) -> int:
        """How many bits say which input symbol stands in a cell."""
        return max((len(self.inputs) - 1).bit_length(), 1)

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """The states that do not halt, with the symbols for which the table has no row."""
        return tuple(
            (state, symbol)
            for state in self.states
            if state not in self._halting
            for symbol in self.symbols
            if (state, symbol) not in self.table
        )

    @cached_property
    def unentered(self) -> tuple[str, ...]:
        """The states to which no rows lead from the first one, which may be misspelled."""
        found, waiting = {self.start}, [self.start]
        following: dict[str, set[str]] = {}
        for (state, _), to in self.table.items():
            following.setdefault(state, set()).add(to.state)
        while waiting:
            for state in following.get(waiting.pop(), set()) - found:
                found.add(state)
                waiting.append(state)
        return tuple(state for state in self.states if state not in found)

    @cached_property
    def rows(self) -> tuple[tuple[tuple[int, int], tuple[int, int, int]], ...]:
        """The table in numbers: places of states and symbols, and by how many cells the head moves."""
        state, symbol = ({name: i for i, name in enumerate(names)} for names in (self.states, self.symbols))
        return tuple(
            ((state[q], symbol[a]), (state[to.state], symbol[to.symbol], to.offset))
            for (q, a), to in self.table.items()
        )

    def word(self, text: str | Sequence[str]) -> tuple[str, ...]:
        """The symbols of a word. Raises ConstructionError for a symbol that is no input symbol."""
        odd = next((symbol for symbol in text if symbol not in self.inputs), None)
        if odd is not None:
            raise ConstructionError(f"need a word of {' '.join(self.inputs)}, got {odd!r}, at {''.join(text)[:40]!r}")
        return tuple(text)

    def configuration(self, word: str | Sequence[str] = "") -> Configuration:
        """The configuration at first, with a word. Raises ConstructionError as :meth:`word`."""
        return Configuration(self.start, 0, dict(enumerate(self.word(word))))

    def transition(self, now: Configuration) -> Transition | None:
        """What is done next; nothing if the machine has halted."""
        if now.state in self._halting:
            return None
        return self.table.get((now.state, now.tape.get(now.head, self.blank)))

    def accepts(self, now: Configuration) -> bool:
        """Whether it has halted in an accepting state."""
        return now.state in self.accept

    def after(self, now: Configuration) -> Configuration:
        """The configuration after a step: the same if the machine has halted."""
        chosen = self.transition(now)
        if chosen is None:
            return now
        tape = {**now.tape, now.head: chosen.symbol}
        return Configuration(chosen.state, now.head + chosen.offset, tape, now.steps + 1)

    def run(
        self, word: str | Sequence[str] = "", *, steps: int = 1_000_000, tape: tuple[int, int] | None = None
    ) -> Configuration:
        """The configuration in which the machine halts, or that after so many steps.

        Parameters
        ----------
        tape : how many cells the tape has on each side of the first; the run ends if the head leaves them. None for a
            tape without an end.

        Raises
        ------
        ConstructionError
            For a negative number of steps, and as :meth:`word`.
        """
        whole(steps, where="steps")
        now, taken = self.configuration(word), 0
        state, head, cells = now.state, now.head, dict(now.tape)
        first, last = (-steps, steps) if tape is None else (-tape[0], tape[1])
        while taken < steps and state not in self._halting and first <= head <= last:
            chosen = self.table.get((state, cells.get(head, self.blank)))
            if chosen is None:
                break
            cells[head] = chosen.symbol
            state, head, taken = chosen.state, head + chosen.offset, taken + 1
        return Configuration(state, head, cells, taken)

    def trace(self, word: str | Sequence[str] = "", *, steps: int = 1_000) -> Iterator[Configuration]:
        """The configurations one after the other, from the first to that in which the machine halts, or to that after
        so many steps. Raises ConstructionError as :meth:`word`."""
        now = self.configuration(word)
        yield now
        for _ in range(steps):
            if self.transition(now) is None:
                return
            now = self.after(now)
            yield now

    def text(self, now: Configuration) -> str:
        """The tape from the first to the last cell that is not blank."""
        used = [cell for cell, symbol in now.tape.items() if symbol != self.blank]
        return "".join(now.tape.get(cell, self.blank) for cell in range(min(used), max(used) + 1)) if used else ""

    def _check_names(self) -> None:
        for state in (self.start, *self.accept, *self.reject):
            if state not in self.states:
                raise ConstructionError(f"need a state among {_few(self.states)}, got {state!r}")
        for symbol in (self.blank, *self.inputs):
            if symbol not in self.symbols:
                raise ConstructionError(f"need a symbol among {_few(self.symbols)}, got {symbol!r}")
        both = [state for state in self.accept if state in self.reject]
        if both or not self.accept:
            got = f"{both[0]!r} in both" if both else "none"
            raise ConstructionError(f"need a state that accepts, and none that rejects as well, got {got}")

    def _check_table(self) -> None:
        if not self.table:
            raise ConstructionError("need a machine with at least one transition, got none")
        if len(self.table) > MOST_NAMES**2:
            raise ConstructionError(f"need at most {MOST_NAMES**2} transitions, got {len(self.table)}")
        states, symbols = set(self.states), set(self.symbols)
        for (state, symbol), to in self.table.items():
            where = f"at the row of {state!r} and {symbol!r}"
            odd = next((name for name in (state, to.state) if name not in states), None)
            if odd is not None:
                raise ConstructionError(f"need a state among {_few(self.states)}, got {odd!r}, {where}")
            odd = next((name for name in (symbol, to.symbol) if name not in symbols), None)
            if odd is not None:
                raise ConstructionError(f"need a symbol among {_few(self.symbols)}, got {odd!r}, {where}")
            if to.move not in MOVES:
                raise ConstructionError(f"need a move among {', '.join(MOVES)}, got {to.move!r}, {where}")
            if state in self._halting:
                raise ConstructionError(f"need no row for a state that halts, got one, {where}")


def _few(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:8])) + (", ..." if len(names) > 8 else "")
