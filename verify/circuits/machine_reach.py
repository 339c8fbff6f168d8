"""Whether sets that are said to hold a machine's configurations do: they are closed under its steps.

If a configuration is in the sets for a time, the next one is in those for the time after. So, as the first one is in
the first sets, every run is in all of them, whatever the word is; and the bits that they rule out are never set.
"""

from collections.abc import Sequence
from itertools import pairwise

from constructions.computation.reach import Reach
from constructions.computation.turing import TuringMachine


def not_closed(machine: TuringMachine, tape: tuple[int, int], sets: Sequence[Reach]) -> str | None:
    """What leads out of the sets, in words; None if nothing does.

    Parameters
    ----------
    machine, tape : whose steps, and how many cells the tape has on each side of the first. sets : for each time.

    >>> from constructions.computation.formats.turing_table import read_table
    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ R\\n", where="one.tm")
    >>> first = Reach(frozenset({(0, 0)}), {0: frozenset({1})})
    >>> not_closed(machine, (0, 1), [first, first])
    'the symbol _ is written in cell 0 at time 1'
    """
    table, blank = dict(machine.rows), frozenset({machine.symbols.index(machine.blank)})
    for t, (now, then) in enumerate(pairwise(sets), 1):
        if now.lost and not then.lost:
            return f"the head can have left the tape before time {t}"
        sure = {cell for _, cell in now.heads}
        for cell in set(now.symbols) | sure:
            may = now.symbols.get(cell, blank)
            if (sure != {cell} or now.lost) and not may <= then.symbols.get(cell, blank):
                return f"a symbol stays in cell {cell} at time {t}"
        for state, cell in now.heads:
            for symbol in now.symbols.get(cell, blank):
                to, put, offset = table.get((state, symbol), (state, symbol, 0))
                if put not in then.symbols.get(cell, blank):
                    return f"the symbol {machine.symbols[put]} is written in cell {cell} at time {t}"
                where = cell + offset
                inside = -tape[0] <= where <= tape[1]
                if inside and (to, where) not in then.heads:
                    return f"the head comes to the state {machine.states[to]} in cell {where} at time {t}"
                if not inside and not then.lost:
                    return f"the head leaves the tape at time {t}"
    return None
