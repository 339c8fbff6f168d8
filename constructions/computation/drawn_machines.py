"""Turing machines drawn at random from a seed, for comparisons and finite cases."""

import random

from constructions.computation.turing import MOVES, Transition, TuringMachine
from constructions.foundations.exact import whole


def drawn_machine(seed: int, *, states: int = 3, symbols: int = 3, rows: int | None = None) -> TuringMachine:
    """A machine with so many states that go on and two that halt, so many symbols of which the first is the blank, and
    so many rows, the same for the same seed.

    Parameters
    ----------
    seed : of the drawing. states, symbols : how many there are. rows : of the table; one for each state and symbol if
        not given.

    Raises
    ------
    ConstructionError
        For fewer than one state, two symbols, or one row, or more rows than there are pairs.

    >>> machine = drawn_machine(1, states=2, symbols=2)
    >>> len(machine.rows), machine.states, machine.run("000", steps=20).steps
    (4, ('q0', 'q1', 'yes', 'no'), 20)
    """
    draw = random.Random(seed)
    going = [f"q{i}" for i in range(whole(states, where="states", least=1))]
    letters = ["_", *"0123456789"][: whole(symbols, where="symbols", least=2)]
    pairs = [(state, symbol) for state in going for symbol in letters]
    many = len(pairs) if rows is None else min(whole(rows, where="rows", least=1), len(pairs))
    halting = ["yes", "no"]
    table = {
        pair: Transition(draw.choice(going * 4 + halting), draw.choice(letters), draw.choice(list(MOVES)))
        for pair in sorted(draw.sample(pairs, many))
    }
    return TuringMachine(
        states=(*going, *halting),
        inputs=tuple(letters[1:]),
        symbols=tuple(letters),
        blank="_",
        start="q0",
        accept=("yes",),
        reject=("no",),
        table=table,
    )
