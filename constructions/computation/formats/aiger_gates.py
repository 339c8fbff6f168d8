"""The ANDs of an AIGER file as arrays of literals: read, put in an order in which operands come first, and made rows.

A file has millions of them, so they are read at once: the ASCII lines as one array of numbers, the binary differences
by their bytes. Only if that fails are they gone through one by one, for the place of the fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from constructions.computation.builder import FALSE
from constructions.computation.flat import Gates, Integers
from constructions.computation.formats.aiger_cursor import Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Ands:
    """The ANDs in an order in which operands come first.

    Parameters
    ----------
    left, right : (a,) the operands, as AIGER's literals of the new order.
    node : (M + 1,) the new number of each of the file's variables, from 1; 0 is the constant, -1 what is not defined.
        In a binary file, whose order is kept, it is empty.
    """

    left: Integers
    right: Integers
    node: Integers


def binary_ands(cursor: Cursor, *, count: int, first: int) -> Ands:
    """The ANDs of a binary file, as differences of seven bits to a byte.

    Parameters
    ----------
    count : how many there are. first : the variable of the first one.

    Raises
    ------
    ConstructionError
        For a literal that is not below the AND's own, naming the AND, and for a number that is too long or cut.

    >>> ands = binary_ands(Cursor(bytes((2, 2)), "data"), count=1, first=3)
    >>> ands.left, ands.right
    (array([4]), array([2]))
    """
    deltas, cursor.at = _varints(cursor, 2 * count)
    heads = 2 * (first + np.arange(count, dtype=np.int64))
    left = heads - deltas[0::2]
    right = left - deltas[1::2]
    bad = (deltas[0::2] < 1) | (left < 0) | (right < 0)
    if bad.any():
        i = int(np.argmax(bad))
        got = f"{int(heads[i])} = {int(left[i])} AND {int(right[i])}"
        raise cursor.wrong("literals with left side > first >= second >= 0", got, place=f"AND {i}")
    return Ands(left=left, right=right, node=np.zeros(0, np.int64))


def _varints(cursor: Cursor, count: int) -> tuple[Integers, int]:
    raw = np.frombuffer(cursor.data, np.uint8)[cursor.at : cursor.at + 5 * count]
    ends = np.flatnonzero(raw < 0x80)[:count]
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1)) if count else ends
    sizes = ends - starts[: len(ends)] + 1
    if (sizes > 5).any():
        i = int(np.argmax(sizes > 5))
        place = f"byte {cursor.at + int(starts[i])} (AND {i // 2})"
        raise cursor.wrong("a number of at most 5 bytes", f"{int(sizes[i])} bytes", place=place)
    if len(ends) < count:
        place = f"byte {cursor.at + (int(ends[-1]) + 1 if len(ends) else 0)} (AND {len(ends) // 2})"
        cut = cursor.at + 5 * count > len(cursor.data)
        raise cursor.wrong(
            "two numbers for each AND",
            "the end of the file" if cut else "a number of more than 5 bytes",
            place=place,
        )
    values = np.zeros(count, np.int64)
    for k in range(int(sizes.max(initial=0))):
        here = sizes > k
        values[here] |= (raw[starts[here] + k].astype(np.int64) & 0x7F) << (7 * k)
    return values, cursor.at + (int(ends[-1]) + 1 if count else 0)


def ascii_ands(cursor: Cursor, *, count: int, variables: int, sources: Sequence[int]) -> Ands:
    """The ANDs of an ASCII file, one to a line, which may stand in any order.

    Parameters
    ----------
    count : how many there are. variables : M, the largest variable. sources : the literals of inputs and latches.

    Raises
    ------
    ConstructionError
        For a line that is malformed, a literal that is defined twice or never, and a cycle, naming the line.

    >>> ands = ascii_ands(Cursor(b"6 8 2\\n8 2 4\\n", "data"), count=2, variables=4, sources=(2, 4))
    >>> ands.left.tolist(), ands.right.tolist()
    ([2, 6], [4, 2])
    """
    first, start, most = cursor.line, cursor.at, 2 * variables + 1
    breaks = np.flatnonzero(np.frombuffer(cursor.data, np.uint8)[start:] == 10)[:count] + start
    if len(breaks) < count:
        for _ in range(count):
            _line(cursor, most)
    end = int(breaks[-1]) + 1 if count else start
    rows = _rows(cursor.data[start:end], count, most)
    if rows is None:
        for _ in range(count):
            _line(cursor, most)
        raise AssertionError("the arrays and the lines of an AIGER file disagree")
    cursor.at, cursor.line = end, first + count
    return _in_order(cursor, rows, first, variables, sources)


def _line(cursor: Cursor, most: int) -> list[int]:
    return cursor.numbers("an AND 'left first second'", (3,), most=most)


def _rows(text: bytes, count: int, most: int) -> Integers | None:
    """The lines as an array of three columns; None if one of them is malformed."""
    if text.translate(None, b"0123456789 \n"):
        return None
    raw = np.frombuffer(text, np.uint8)
    marks = np.flatnonzero(raw < 48)
    widths = np.diff(marks, prepend=-1) - 1
    if len(marks) != 3 * count or (widths < 1).any() or (widths > 12).any():
        return None
    if (raw[marks].reshape(-1, 3) != np.array([32, 32, 10])).any():
        return None
    rows: Integers = np.fromstring(text, np.int64, sep=" ").reshape(-1, 3)
    return None if (rows > most).any() else rows


def _in_order(cursor: Cursor, rows: Integers, first: int, variables: int, sources: Sequence[int]) -> Ands:
    """The operands with variables renumbered: inputs, latches, then ANDs in an order in which operands come
    first."""
    heads, n = rows[:, 0], len(sources)
    node = np.full(variables + 1, -1, np.int64)
    node[0] = 0
    node[np.fromiter(sources, np.int64, n) >> 1] = np.arange(1, n + 1)
    bad = (heads < 2) | (heads & 1 == 1)
    bad |= node[heads >> 1] > 0
    if bad.any():
        i = int(np.argmax(bad))
        raise cursor.wrong("a new even literal of at least 2 on the left", int(heads[i]), line=first + i)
    node[heads >> 1] = np.arange(n + 1, n + 1 + len(rows))
    again = node[heads >> 1] != np.arange(n + 1, n + 1 + len(rows))
    if again.any():
        i = int(np.argmax(again))
        raise cursor.wrong("a literal that is defined once", int(heads[i]), line=first + i)
    operands = node[rows[:, 1:] >> 1]
    if (operands < 0).any():
        i, j = divmod(int(np.argmax(operands < 0)), 2)
        raise cursor.wrong("a literal that is defined", int(rows[i, 1 + j]), line=first + i)
    if (operands >= node[heads >> 1][:, None]).any():
        order = _order(cursor, operands - n - 1, first)
        place = np.empty(len(rows), np.int64)
        place[order] = np.arange(len(rows))
        node[heads >> 1] = n + 1 + place
        rows = rows[order]
    left, right = (2 * node[rows[:, k] >> 1] + (rows[:, k] & 1) for k in (1, 2))
    return Ands(left=left, right=right, node=node)


def _order(cursor: Cursor, operands: Integers, first: int) -> Integers:
    """An order of the ANDs in which operands come first, or the line of one that is its own operand in the end."""
    waiting = (operands >= 0).sum(axis=1).tolist()
    users: list[list[int]] = [[] for _ in waiting]
    for i, pair in enumerate(operands.tolist()):
        for j in pair:
            if j >= 0:
                users[j].append(i)
    ready = [i for i, count in enumerate(waiting) if count == 0]
    for i in ready:
        for user in users[i]:
            waiting[user] -= 1
            if waiting[user] == 0:
                ready.append(user)
    if len(ready) < len(waiting):
        at = next(i for i, count in enumerate(waiting) if count)
        seen: set[int] = set()
        while at not in seen:
            seen.add(at)
            at = next(j for j in operands[at].tolist() if j >= 0 and waiting[j])
        raise cursor.wrong("an acyclic circuit", "an AND that depends on itself", line=first + at)
    return np.array(ready, np.int64)


def and_rows(left: Integers, right: Integers) -> Gates:
    """AND gates of the literals in two arrays, ``left`` and ``right``, as rows, the smaller literal first.

    The literals -2 (false) and -1 (true) are folded, and a node has one place in a row.

    >>> list(and_rows(np.array([2, 2, 2]), np.array([0, -1, 3])))
    [(2, [0, 2]), (1, [2]), (1, [])]
    """
    left, right = np.minimum(left, right), np.maximum(left, right)
    false = (left == FALSE) | (right == FALSE) | ((left ^ right) == 1)
    keep_left = ~false & (left >= 0)
    keep_right = ~false & (right >= 0) & (left != right)
    sizes = keep_left.astype(np.int64) + keep_right
    return Gates(
        needs=np.where(false, 1, sizes),
        offsets=np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))),
        literals=np.stack((left, right), axis=1)[np.stack((keep_left, keep_right), axis=1)],
    )
