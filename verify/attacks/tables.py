"""Well-formed data files with what they hold, and data files that no reader should take: rows, headers and arrays
spoiled.

>>> made = table(Random(1), inputs=2, numpy=False)
>>> made.name, made.options, made.points
('a.pyx.csv', ('--delimiter', 'space', '--label', 'is_odd'), (((0, 1), 0), ((1, 1), 1)))
>>> print(made.data.decode().strip())
Unnamed a is_odd
0.000000000000000000e+00 t 0
YES TRUE 1.
>>> spoiled_csv(Random(1), made)
b'0,Unnamed a is_odd\\n1,0.000000000000000000e+00 t 0\\n2,YES TRUE 1.'
>>> array = table(Random(1), inputs=2, numpy=True)
>>> [np.load(io.BytesIO(data)).tolist() for data in (array.data, spoiled_npy(Random(19), array))]
[[[0, 1, 0], [1, 1, 1]], [[0, 1, 0], [1, 1, 22]]]
"""

import io
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

ONES = ("1", "1", "1", "1.0", "1.", "+1", "1.000000000000000000e+00", "TRUE", "True", "t", "yes", "YES")
ZEROS = ("0", "0", "0", "0.0", "-0.0", ".0", "0.000000000000000000e+00", "FALSE", "False", "f", "no", "NO")
NAMES = ("a", "b", "x1", "x 2", "größe", "label", "is_odd", "Unnamed", 'quo"te', "new\nline", "$y$", "a<&>b", "y")
CELLS = (
    "",
    " ",
    "?",
    "NA",
    "nan",
    "O",
    "l",
    "2",
    "-1",
    "0.5",
    "1e400",
    "0x1",
    "٠",
    "TRUE ",
    "\0",
    "\x1b[2J",
    '"',
    '""',
    "'1'",
    "1;0",
    "1\t0",
    "=1+1",
    "9" * 5000,
    "\u202e1",
    "a",
    "NULL",
    "1,0",
    "\u00a0",
)
KINDS = ("<i8", "|u1", "|b1", "|i1", ">i2", "<f2", "<f4", ">f8")


@dataclass(frozen=True, kw_only=True)
class PointsFile:
    """A data file: its name, its bytes, the options with which it is read, and the points that it holds (none if it
    is spoiled)."""

    name: str
    data: bytes
    options: tuple[str, ...] = ()
    points: tuple[tuple[tuple[int, ...], int], ...] = ()


def table(source: Random, *, inputs: int, numpy: bool) -> PointsFile:
    """A well-formed file of points with so many bits of input and a label, CSV or with ``numpy`` an array, drawn from a
    seeded source."""
    rows = [[source.randrange(2) for _ in range(inputs + 1)] for _ in range(source.randint(1, 6))]
    label = source.choice((None, inputs, source.randrange(inputs + 1)))
    at = inputs if label is None else label
    points = tuple((tuple(row[:at] + row[at + 1 :]), row[at]) for row in rows)
    if numpy:
        kind, order, version = source.choice(KINDS), source.choice(("C", "F")), source.choice(((1, 0), (2, 0), (3, 0)))
        array = np.array(rows, dtype=kind, order="F" if order == "F" else "C")
        options = () if label is None else ("--label", str(label + 1))
        return PointsFile(name="points.npy", data=npy(array, version), options=options, points=points)
    between = source.choice((",", ",", ",", ";", "\t", "|", " "))
    names = source.sample(NAMES, inputs + 1) if source.random() < 0.5 else []
    lines = [names] * bool(names) + [[source.choice(ONES if bit else ZEROS) for bit in row] for row in rows]
    quoted = source.random() < 0.2
    end = source.choice(("\n", "\n", "\r\n", "\n\n"))
    text = end.join(between.join(cell_of(cell, between, quoted) for cell in line) for line in lines) + end * (
        source.random() < 0.8
    )
    options = () if between == "," else ("--delimiter", {"\t": "tab", " ": "space"}.get(between, between))
    if label is not None:
        options = (*options, "--label", names[label] if names and source.random() < 0.5 else str(label + 1))
    name = source.choice(("points.csv", "points.CSV", "a.pyx.csv", "ein name.csv"))
    return PointsFile(
        name=name, data=source.choice((b"", b"", b"\xef\xbb\xbf")) + text.encode(), options=options, points=points
    )


def cell_of(text: str, between: str, quoted: bool) -> str:
    """A cell, in quotes where it must be or shall be.

    >>> cell_of("a", ",", False), cell_of('a"b', ",", False), cell_of("1;0", ";", False)
    ('a', '"a""b"', '"1;0"')
    """
    if not quoted and not set(text) & {between, '"', "\n", "\r"}:
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def npy(array: Any, version: tuple[int, int] | None = None) -> bytes:
    """A NumPy file, with objects pickled in it if there are any."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version, allow_pickle=True)
    return stream.getvalue()


def spoiled_csv(source: Random, good: PointsFile) -> bytes:
    """A good file with cells, rows, header or encoding changed as a seeded source draws; it may still be a good one by
    chance."""
    lines = good.data.decode("utf-8-sig").splitlines()
    how = source.randrange(9)
    i = source.randrange(len(lines))
    cells = lines[i].split(",")
    if how == 0:
        cells[source.randrange(len(cells))] = source.choice(CELLS)
    elif how == 1:
        cells = cells[:-1] if source.random() < 0.5 else [*cells, source.choice(("0", "1", ""))]
    elif how == 2:
        lines = [",".join((str(k), line)) for k, line in enumerate(lines)]
    elif how == 3:
        lines = [f"{line}," for line in lines]
    elif how == 4:
        lines = [line.replace(",", source.choice(";\t| :")) for line in lines]
    elif how == 5:
        lines.insert(0, ",".join(source.choice(CELLS + NAMES) for _ in cells))
    elif how == 6:
        lines = [",".join(source.choice(CELLS) for _ in range(source.randrange(4))) for _ in range(source.randrange(4))]
    if how in (0, 1):
        lines[i] = ",".join(cells)
    text = "\n".join(lines)
    return text.encode(source.choice(("utf-16", "utf-32", "utf-8-sig", "latin-1")) if how == 7 else "utf-8", "replace")


def spoiled_npy(source: Random, good: PointsFile) -> bytes:
    """In the place of a good file, by what a seeded source draws: an array of another kind, shape or content, or a
    header that says what is not so."""
    array = np.load(io.BytesIO(good.data))
    how = source.randrange(6)
    if how == 0:
        return npy(source.choice(_other_arrays(array)))
    if how == 1:
        other = array.astype("f8")
        other.flat[source.randrange(other.size)] = source.choice((2, -1, 0.5, np.nan, np.inf, -0.0, 1e-300))
        return npy(other)
    if how == 2:
        stream = io.BytesIO()
        np.savez(stream, array)
        return stream.getvalue()
    if how == 3:
        text = source.choice(_other_headers(source)).encode()
        size = 2 if good.data[6] == 1 else 4
        start = 8 + size + int.from_bytes(good.data[8 : 8 + size], "little")
        return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + good.data[start:]
    if how == 4:
        return good.data[: source.randrange(len(good.data))] + source.randbytes(source.randrange(5))
    changed = bytearray(good.data)
    changed[source.randrange(len(changed))] = source.randrange(256)
    return bytes(changed)


def _other_arrays(array: Any) -> tuple[Any, ...]:
    """Arrays that are no table of bits: of another shape, or of values that are none."""
    return (
        array[0],
        array[None],
        array.astype(object),
        array.astype(str),
        array.astype("c8"),
        array[:0],
        array[:, :0],
        np.array(1),
        array.astype("M8[s]") if array.dtype.kind in "iu" else array.astype("S3"),
        array.astype([("a", "i4")]),
    )


def _other_headers(source: Random) -> tuple[str, ...]:
    """Headers that say what is not so, or that are none."""
    columns, kind = 10 ** source.randrange(1, 400), source.choice(KINDS)
    rows, wide = source.randrange(9), source.randrange(9)
    return (
        "{'descr': '|O', 'fortran_order': False, 'shape': (1, 2)}",
        "[" * 3000,
        "{'descr': 'i1'}",
        "1 is 1",
        "{'a': {}}" * 9,
        "'\\d'",
        f"{{'descr': '|i1', 'fortran_order': False, 'shape': (1, {columns})}}",
        "(3L, 2)",
        "\n\n",
        "0" * 5000,
        f"{{'descr': '{kind}', 'fortran_order': True, 'shape': ({rows}, {wide})}}",
    )
