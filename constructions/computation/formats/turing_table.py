"""Turing machines as text tables (``.tm``), one row of the table on a line.

::

    # A line that begins with a number sign is a remark; empty lines are skipped.
    blank: _
    input: 0 1
    tape: x y          (further symbols of the tape, if there are any)
    start: go
    accept: yes
    reject: no         (if there are states that reject)
    states: stop       (if there are states without a row that neither accept nor reject)

    go 0 -> go 1 R

The last line says: in the state ``go`` with ``0`` under the head, come to the state ``go``, write ``1``, and move to
the right (``L`` left, ``N`` not at all). A symbol is one printable character, a state any word without spaces; both are
kept apart by spaces. States are those of ``start`` and of the rows, in this order, then those of the other headings.
Each heading stands once, before the first row.
"""

from collections.abc import Sequence

from constructions.computation.turing import MOVES, Transition, TuringMachine
from constructions.errors import ConstructionError

MOST_BYTES = 1 << 22
"""A longer file is refused."""
LONGEST = 100
"""So many characters a name may have."""
HEADINGS = ("blank", "input", "tape", "start", "accept", "reject", "states")


def read_table(data: bytes, *, where: str) -> TuringMachine:
    """The machine that a text table describes.

    Parameters
    ----------
    data : the bytes of the file. where : what errors call it.

    Raises
    ------
    ConstructionError
        For bytes that are no such table, with the line, and for a machine that is none.

    >>> machine = read_table(
    ...     b"blank: _\\ninput: 0 1\\nstart: go\\naccept: yes\\ngo 0 -> go 1 R\\ngo 1 -> go 0 R\\ngo _ -> yes _ N\\n",
    ...     where="flip.tm")
    >>> machine.text(machine.run("011"))
    '100'
    """
    if len(data) > MOST_BYTES:
        raise ConstructionError(f"need a table of at most {MOST_BYTES} bytes, got {len(data)}, at {where}")
    try:
        lines = data.decode().splitlines()
    except UnicodeDecodeError as error:
        raise ConstructionError(f"need a table in UTF-8, got the byte {data[error.start]}, at {where}") from error
    said: dict[str, list[str]] = {}
    table: dict[tuple[str, str], Transition] = {}
    for number, line in enumerate(lines, 1):
        place, text = f"line {number} of {where}", line.strip()
        if not text or text.startswith("#"):
            continue
        if "->" in text.split():
            key, to = _row(text, place)
            if key in table:
                raise ConstructionError(f"need one row for {key[0]!r} and {key[1]!r}, got a second, at {place}")
            table[key] = to
        else:
            name, values = _heading(text, said, place)
            if table:
                raise ConstructionError(f"need headings before the first row, got {name!r} behind it, at {place}")
            said[name] = values
    return _machine(said, table, where)


def _row(text: str, place: str) -> tuple[tuple[str, str], Transition]:
    parts = text.split()
    if len(parts) != 6 or parts[2] != "->":
        raise ConstructionError(f"need 'STATE SYMBOL -> STATE SYMBOL MOVE', got {text[:60]!r}, at {place}")
    state, symbol, _, next_state, written, move = parts
    for one in (symbol, written):
        check_symbol(one, place)
    for one in (state, next_state):
        check_state(one, place)
    if move not in MOVES:
        raise ConstructionError(f"need a move among {', '.join(MOVES)}, got {move[:20]!r}, at {place}")
    return (state, symbol), Transition(next_state, written, move)


def _heading(text: str, said: dict[str, list[str]], place: str) -> tuple[str, list[str]]:
    name, colon, rest = text.partition(":")
    if not colon or name not in HEADINGS:
        headings = ", ".join(HEADINGS)
        raise ConstructionError(
            f"need 'STATE SYMBOL -> STATE SYMBOL MOVE' or a heading ({headings}), got {text[:60]!r}, at {place}"
        )
    if name in said:
        raise ConstructionError(f"need the heading {name!r} once, got it twice, at {place}")
    values = rest.split()
    for value in values:
        (check_symbol if name in ("blank", "input", "tape") else check_state)(value, place)
    if name in ("blank", "start") and len(values) != 1:
        raise ConstructionError(f"need one name at the heading {name!r}, got {len(values)}, at {place}")
    return name, values


def check_symbol(symbol: str, place: str) -> None:
    """Refuse, with ConstructionError at a ``place``, a symbol that is not one printable character.

    >>> check_symbol("ab", "line 1")
    Traceback (most recent call last):
    ...
    constructions.errors.ConstructionError: need a symbol of one printable character, got 'ab', at line 1
    """
    if len(symbol) != 1 or not symbol.isprintable() or symbol.isspace():
        raise ConstructionError(f"need a symbol of one printable character, got {symbol[:20]!r}, at {place}")


def check_state(state: str, place: str) -> None:
    """Refuse, with ConstructionError at a ``place``, a name of a state that a table cannot hold.

    >>> check_state("#1", "here")
    Traceback (most recent call last):
    ...
    constructions.errors.ConstructionError: need a printable state of up to 100, no '#' first, got '#1', at here
    """
    plain = state.isprintable() and len(state.split()) == 1 and len(state.split()[0]) == len(state)
    if not plain or len(state) > LONGEST or state.startswith("#") or state == "->":
        raise ConstructionError(f"need a printable state of up to 100, no '#' first, got {state[:20]!r}, at {place}")


def _machine(said: dict[str, list[str]], table: dict[tuple[str, str], Transition], where: str) -> TuringMachine:
    lost = next((name for name in ("blank", "input", "start", "accept") if name not in said), None)
    if lost is not None:
        raise ConstructionError(f"need the headings blank, input, start and accept, got no {lost!r}, at {where}")
    accept, reject = said["accept"], said.get("reject", [])
    inputs, further = said["input"], said.get("tape", [])
    states = dict.fromkeys((*said["start"], *(state for state, _ in table), *accept, *reject, *said.get("states", [])))
    try:
        return TuringMachine(
            states=tuple(states),
            inputs=tuple(inputs),
            symbols=(*said["blank"], *inputs, *further),
            blank=said["blank"][0],
            start=said["start"][0],
            accept=tuple(accept),
            reject=tuple(reject),
            table=table,
        )
    except ConstructionError as error:
        raise ConstructionError(f"{error}, at {where}") from error


def write_table(machine: TuringMachine, *, remark: str = "") -> bytes:
    """The text table of a machine; reading it gives the same machine, with the states in the table's order.

    Parameters
    ----------
    remark : what the first line says, if anything.

    Raises
    ------
    ConstructionError
        For a state or a symbol that a table cannot hold.

    >>> machine = read_table(b"blank: _\\ninput: 0\\nstart: go\\naccept: yes\\ngo 0 -> yes _ N\\n", where="one.tm")
    >>> print(write_table(machine).decode(), end="")
    blank: _
    input: 0
    start: go
    accept: yes
    <BLANKLINE>
    go 0 -> yes _ N
    """
    for state in machine.states:
        check_state(state, "the states of the machine")
    for symbol in machine.symbols:
        check_symbol(symbol, "the symbols of the machine")
    further = [symbol for symbol in machine.symbols if symbol not in (machine.blank, *machine.inputs)]
    lines = [f"# {line}" for line in remark.splitlines()]
    used = {machine.start, *(state for state, _ in machine.table), *machine.accept, *machine.reject}
    named: tuple[tuple[str, Sequence[str]], ...] = (
        ("blank", machine.blank),
        ("input", machine.inputs),
        ("tape", further),
        ("start", [machine.start]),
        ("accept", machine.accept),
        ("reject", machine.reject),
        ("states", [state for state in machine.states if state not in used]),
    )
    lines += [f"{name}: {' '.join(values)}" for name, values in named if values or name == "input"]
    rows = [f"{state} {symbol} -> {to.state} {to.symbol} {to.move}" for (state, symbol), to in machine.table.items()]
    return "\n".join([*lines, "", *rows, ""]).encode()
