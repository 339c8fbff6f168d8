"""Where the head of a Turing machine can be, in which state, and which symbols can stand in a cell: sets that hold the
configuration after each step, whatever the word.

They are found by stepping sets in place of a configuration. A bit of the tableau that they rule out is not set for any
word, so the tableau need not compute it; where they leave one possibility the bit is always set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from constructions.computation.turing import TuringMachine

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reach:
    """What is possible after some steps.

    Parameters
    ----------
    heads : the states, by number, with the cells in which the head can be in them. symbols : by cell, the numbers of
        the symbols that can stand there; cells that are not named are blank. lost : whether the head can have left the
        tape.
    """

    heads: frozenset[Place]
    symbols: Mapping[int, frozenset[int]]
    lost: bool = False

    def only(self) -> Place | None:
        """The one state and cell in which the head is, if no other is possible."""
        return next(iter(self.heads)) if len(self.heads) == 1 and not self.lost else None


class Reaching:
    """The sets of a machine on words of one length, step by step.

    Parameters
    ----------
    machine : whose runs. tape : how many cells the tape has on each side of the first.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> rows = b"go 0 -> go 0 R\\ngo _ -> yes 0 N\\n"
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\n" + rows, where="end.tm")
    >>> reaching = Reaching(machine, (0, 3))
    >>> word = reaching.first({0: [0, 1]})  # the first cell has the blank or 0
    >>> sorted(reaching.after(word).heads), sorted(reaching.after(reaching.after(word)).heads)
    ([(0, 1), (1, 0)], [(1, 0), (1, 1)])
    """

    def __init__(self, machine: TuringMachine, tape: tuple[int, int]) -> None:
        self.machine, self.tape = machine, tape
        self.table = dict(machine.rows)
        self.blank = frozenset({machine.symbols.index(machine.blank)})

    def first(self, word: Mapping[int, Iterable[int]]) -> Reach:
        """Before the first step, with the numbers of the symbols that can stand in the cells of the word."""
        start = self.machine.states.index(self.machine.start)
        return Reach(frozenset({(start, 0)}), {cell: frozenset(symbols) for cell, symbols in word.items()})

    def after(self, now: Reach) -> Reach:
        """What is possible a step later."""
        heads: set[Place] = set()
        put: dict[int, set[int]] = {}
        lost, (left, right) = now.lost, self.tape
        for state, cell in now.heads:
            for symbol in now.symbols.get(cell, self.blank):
                to, written, offset = self.table.get((state, symbol), (state, symbol, 0))
                put.setdefault(cell, set()).add(written)
                if -left <= cell + offset <= right:
                    heads.add((to, cell + offset))
                else:
                    lost = True
        cells = {cell for _, cell in now.heads}
        is_sure = len(cells) == 1 and not now.lost
        symbols = dict(now.symbols)
        for cell, written_ in put.items():
            rest = frozenset() if is_sure else now.symbols.get(cell, self.blank)
            symbols[cell] = frozenset(written_) | rest
        return Reach(frozenset(heads), symbols, lost)
