"""How many gates a Turing machine's tableau has, before equal ones are merged and constants are folded."""

from constructions.computation.operation_gates import GATE, chosen, same
from constructions.foundations.exact import Number
from constructions.foundations.logic import largest, select

GATES_AT_THE_END = 4
"""Gates that the outputs take beside those of each cell (:func:`end_circuit`): an OR over all cells for each of
accepted, halted and the head, and one that tells whether it was still running."""


def gates_of_a_cell(states: Number, symbols: Number, rows: Number, moving: Number) -> Number:
    """How many gates a cell's circuit has: two for each row and each of three sums, less what they share (the AND of a
    row is made once for a cell, and once more for the side from which its head comes) and the first OR; and one for
    each bit that is kept.

    Parameters
    ----------
    states, symbols, rows : how many the machine has. moving : how many rows move the head.

    >>> gates_of_a_cell(states=2, symbols=2, rows=1, moving=1)
    8
    """
    return 4 * rows + moving + states + symbols - 1


def stamped_in(step: Number, left: Number, right: Number) -> tuple[Number, Number]:
    """The first and the last cell that are stamped in a step: as far as the head can be by then, if the tape has them.

    Parameters
    ----------
    step, left, right : which step, and how many cells the tape has on each side of the first.

    >>> stamped_in(2, 5, 1)
    (-2, 1)
    """
    return -select(step <= left, step, left), select(step <= right, step, right)


def twice_stamped(steps: Number, side: Number) -> Number:
    """Twice the number of cells on one side of the first that are stamped in so many steps: in step t those that the
    head can reach by then, at most t of them, if the tape has so many on this side.

    Parameters
    ----------
    steps, side : how many steps there are, and how many cells the tape has on this side.

    >>> twice_stamped(3, 5), twice_stamped(3, 2)  # twice 1 + 2 + 3, twice 1 + 2 + 2
    (12, 10)
    """
    near = select(steps <= side, steps, side)
    return near * (near + 1) + 2 * (steps - near) * side


def stamped_cells(steps: Number, left: Number, right: Number) -> Number:
    """How many cells are stamped in all: in each step the first one, and those of both sides.

    Parameters
    ----------
    steps, left, right : how many steps there are, and how many cells the tape has on each side of the first.

    >>> stamped_cells(3, 3, 2)
    14
    """
    return steps + (twice_stamped(steps, left) + twice_stamped(steps, right)) // 2


def tableau_gates(cells: Number, cell: Number, word: Number, code: Number, last: Number, end: Number) -> Number:
    """The gates of a tableau before equal ones are merged: those of each stamped cell, of each symbol of the word, of
    each cell of the last row, and :data:`GATES_AT_THE_END`.

    Parameters
    ----------
    cells, cell : how many cells are stamped, and the gates of each. word, code : the symbols of the word, and the gates
        of each. last, end : the cells of the last row, and the gates of each.

    >>> tableau_gates(cells=14, cell=8, word=2, code=0, last=6, end=1)
    122
    """
    return cells * cell + word * code + last * end + GATES_AT_THE_END


def widest_gate(last: Number, states: Number, symbols: Number, stopping: Number) -> Number:
    """How many literals the widest gate of a tableau has: those of a rule are two, and the ORs at the end go over the
    cells of the last row, over the states, over the symbols, and over the ways in which a machine halts.

    Parameters
    ----------
    last : the cells of the last row. states, symbols : of the machine. stopping : its rejecting states, and the pairs
        of a state and a symbol for which it has no row.

    >>> widest_gate(last=5, states=3, symbols=2, stopping=7), widest_gate(last=9, states=3, symbols=2, stopping=0)
    (8, 9)
    """
    return largest(2, last, states, symbols, stopping + 1)


def outcome_gates(tableau: Number, returned: Number, symbol: Number) -> Number:
    """The gates of what a machine returns: its tableau, and for each bit whether a 1 stands in its cell.

    Parameters
    ----------
    tableau, returned, symbol : the gates of the tableau, the bits that are returned, the bits of a symbol's code.

    >>> outcome_gates(100, 2, 2)
    114
    """
    return tableau + returned * same(symbol)


def learner_gates(query: Number, update: Number, predict: Number, *, parallel: Number, state: Number) -> Number:
    """The gates of a round of a learner by Turing machines: those of its three machines, one for each query, a choice
    for each bit of the state, and those that tell whether it has failed and then predict 1/2.

    Parameters
    ----------
    query, update, predict : the gates of what each machine returns. parallel, state : queries a round, bits of state.

    >>> learner_gates(114, 114, 107, parallel=2, state=2)
    351
    """
    return query + update + predict + parallel * GATE + chosen(state) + 2 * GATE + chosen(2)


def gates_within(most: Number) -> Number:
    """At most so many gates take the tableau of a machine and what it returns, if its time, its pairs of a state and a
    symbol, and the symbols of a word are at most a number, ``most``.

    >>> gates_within(2)
    2592
    """
    return 324 * most * most * most


def literals_within(most: Number) -> Number:
    """At most so many literals has a gate of this tableau.

    >>> literals_within(2)
    12
    """
    return 6 * most


def widest_of_learner(query: Number, update: Number, predict: Number, *, symbol: Number) -> Number:
    """How many literals the widest gate has of a round of a learner by Turing machines: one of its tableaux, or the AND
    that compares the code of a symbol.

    Parameters
    ----------
    query, update, predict : those of the widest gate of each tableau. symbol : the most bits of a symbol's code.

    >>> widest_of_learner(7, 9, 5, symbol=2)
    9
    """
    return largest(2, query, update, predict, symbol)
