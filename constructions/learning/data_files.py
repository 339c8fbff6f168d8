"""Data files: points (x, y) from a table of 0/1 columns in a CSV or NumPy file, one of them the label.

Nothing is dropped or guessed. A first line is a header only if every cell of it is a name; whoever reads the file says
so (``said``). A cell is 0 or 1, written as an integer or a decimal (``1.0``), or true or false (also ``t``, ``f``,
``yes``, ``no``, in any case). Everything else is refused with its row and column: an index, an empty cell, another
delimiter, an unknown word.
"""

import csv
import io
import re
import warnings
from ast import literal_eval
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError
from constructions.learning.problems import Point

Rows = list[tuple[int, list[str]]]
WORDS = {"true": 1, "t": 1, "yes": 1, "false": 0, "f": 0, "no": 0}
MISSING = {"na", "n/a", "nan", "null", "none", "nil"}
LETTERS = set("OoIil|")
"""What a letter that looks like 0 or 1 may be."""
NUMBER = re.compile(r"[+-]?(?=\.?[0-9])[0-9]{0,60}(\.[0-9]{0,60})?(e[+-]?[0-9]{1,3})?", re.I | re.A)
DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " "}
SPELLED = {"\t": "tab", " ": "space"}
MAGIC, MOST_BYTES, SHOWN = b"\x93NUMPY", 1 << 31, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """The points of a file, and how its columns were taken: their names (none without a header); which is the label,
    from 0."""

    points: list[Point]
    columns: tuple[str, ...] = ()
    label: int = -1

    @property
    def said(self) -> str:
        """The columns in words; nothing where there is no header and the label is the last.

        >>> DataFile(points=[((0, 1), 1)], columns=("a", "b", "y"), label=2).said
        'columns a, b, y; label y'
        """
        width = len(self.points[0][0]) + 1
        label = self.label % width
        if not self.columns:
            return "" if label == width - 1 else f"{width} columns without names; label column {label + 1}"
        return f"columns {_listed(self.columns)}; label {_shown(self.columns[label])}"


def _shown(name: str) -> str:
    """A name that a line of text can hold."""
    short = name if len(name) <= 40 else f"{name[:37]}..."
    return short if short.isprintable() else ascii(short)


def _listed(names: Sequence[str]) -> str:
    more = f", ... ({len(names)} columns)" if len(names) > SHOWN else ""
    return ", ".join(map(_shown, names[:SHOWN])) + more


def read_data(path: Path | str, *, label: str | None = None, delimiter: str | None = None) -> DataFile:
    """Points from a CSV or NumPy file of 0/1 columns.

    Parameters
    ----------
    label : the column that is the label, by its name or its number from 1; the last if it is not given.
    delimiter : what stands between the cells of a CSV file, a character or a word such as ``tab``; a comma if it is not
        given.
    path : its ending, ``.csv`` or ``.npy``, says of which kind it is.

    Raises
    ------
    ConstructionError
        For anything but 0 or 1, naming row and column, a row of another length, or a file of another kind.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "points.csv"
    ...     written = path.write_text("a,b,y\\n0,1,1\\n1,1,0\\n")
    ...     for label in (None, "a"):
    ...         found = read_data(path, label=label)
    ...         print(found.points, found.said)
    [((0, 1), 1), ((1, 1), 0)] columns a, b, y; label y
    [((1, 1), 0), ((1, 0), 1)] columns a, b, y; label a
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix not in (".csv", ".npy"):
        raise ConstructionError(f"need a file that ends in .csv or .npy, got {file.name!r}")
    if suffix == ".npy" and delimiter is not None:
        raise ConstructionError(f"need --delimiter for a CSV file only, got {delimiter!r} for {file.name!r}")
    between = _delimiter(delimiter)
    data = _bytes(file)
    names: tuple[str, ...] = ()
    if suffix == ".npy":
        bits = _npy(data, file)
    else:
        rows = _rows(data, between, file)
        _check_delimiter(rows, between, file)
        names = _header(rows, file)
        bits = _bits(rows[1:] if names else rows, len(rows[0][1]), file)
    if not bits:
        raise ConstructionError(f"need at least one row, got none, at {file}")
    at = _label(label, names, len(bits[0]), file)
    return DataFile(points=[((*row[:at], *row[at + 1 :]), row[at]) for row in bits], columns=names, label=at)


def _bytes(file: Path) -> bytes:
    try:
        if file.exists() and not file.is_file():
            raise ConstructionError(f"need a file, got something else, at {file}")
        if file.stat().st_size > MOST_BYTES:
            raise ConstructionError(f"need a file of at most {MOST_BYTES} bytes, got {file.stat().st_size}, at {file}")
        return file.read_bytes()
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {file}") from error
    except ValueError as error:
        raise ConstructionError(f"need a file that can be read, got {error}, at {str(file)!r}") from error


def _delimiter(text: str | None) -> str:
    """One character between cells, as it is written or by a word."""
    found = "," if text is None else DELIMITERS.get(text, text)
    if len(found) != 1 or found.isalnum() or found in "\"'.+-_\n\r\0":
        raise ConstructionError(
            f"need one character such as ';', or {', '.join(DELIMITERS)}, got {text!r}, at --delimiter"
        )
    return found


def _rows(data: bytes, delimiter: str, file: Path) -> Rows:
    """The lines that are not empty, each with its number, as cells without blanks around them."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise ConstructionError(f"need text in UTF-8, got UTF-16, at {file}")
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        column = data[data.rfind(b"\n", 0, error.start) + 1 : error.start].count(delimiter.encode()) + 1
        got = f"byte {data[error.start]:#x}, at row {line}, column {column} of {file}"
        raise ConstructionError(f"need text in UTF-8, got {got}") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows: Rows = []
    try:
        for number, row in enumerate(reader, 1):
            cells = [cell.strip() for cell in row]
            if cells not in ([], [""]):
                rows.append((number, cells))
    except csv.Error as error:
        raise ConstructionError(
            f"need cells between {delimiter!r}, got {error}, at line {reader.line_num} of {file}"
        ) from error
    if not rows:
        raise ConstructionError(f"need at least one row, got none, at {file}")
    return rows


def _check_delimiter(rows: Rows, delimiter: str, file: Path) -> None:
    """Refuse a file all of whose rows are one cell with another delimiter in it."""
    last = rows[-1][1][0]
    if len(rows[-1][1]) > 1 or len(rows[0][1]) > 1:
        return
    for other in ";\t,| :":
        parts = last.split() if other == " " else last.split(other)
        if other != delimiter and len(parts) > 1 and all(_value(cell.strip()) is not None for cell in parts):
            word = SPELLED.get(other, other)
            got = f"{last[:40]!r}: give --delimiter {word!r}"
            raise ConstructionError(f"need {delimiter!r} between cells, got {got}, at row {rows[-1][0]} of {file}")


def _value(cell: str) -> int | None:
    """The 0 or 1 that a cell means, or None.

    >>> [_value(cell) for cell in ("1", "0.0", "1.000e+00", "TRUE", "no", "2", "0.5", "", "?")]
    [1, 0, 1, 1, 0, None, None, None, None]
    """
    word = WORDS.get(cell.casefold())
    if word is not None or not NUMBER.fullmatch(cell):
        return word
    number = Fraction(cell)
    return int(number) if number in (0, 1) else None


def _header(rows: Rows, file: Path) -> tuple[str, ...]:
    """The names in the first row; none if it is a row of values. Refuse what is neither.

    A name has a letter, and is no word for true, false or nothing.
    """
    number, cells = rows[0]
    values = [_value(cell) for cell in cells]
    if None not in values:
        return ()
    place = f"row {number}, column {{}} of {file}"
    if cells[0] == "" and all(_is_name(cell) for cell in cells[1:]) and len(cells) > 1:
        _refuse_index(rows[1:], file)
        raise ConstructionError(
            f"need a name for each column, got none for the first (an index?), at {place.format(1)}"
        )
    alike = [i for i, cell in enumerate(cells) if cell in LETTERS]
    if alike and all(cell in LETTERS or value is not None for cell, value in zip(cells, values, strict=True)):
        raise ConstructionError(f"need 0 or 1, got the letter {cells[alike[0]]!r}, at {place.format(alike[0] + 1)}")
    if all(map(_is_name, cells)):
        twice = Counter(cells).most_common(1)[0]
        if twice[1] > 1:
            raise ConstructionError(
                f"need different names for the columns, got {twice[0][:40]!r} twice, at row {number} of {file}"
            )
        if re.fullmatch("Unnamed: [0-9]+", cells[0]):
            _refuse_index(rows[1:], file)
        return tuple(cells)
    words = [i for i, cell in enumerate(cells) if cell.casefold() in WORDS]
    if words and all(_is_name(cell) or cell.casefold() in WORDS for cell in cells):
        need = "a header without words that mean true or false, or a row of 0 and 1"
        raise ConstructionError(f"need {need}, got {cells[words[0]]!r}, at {place.format(words[0] + 1)}")
    strange = [i for i, cell in enumerate(cells) if not _is_name(cell) and not NUMBER.fullmatch(cell)]
    if strange and any(map(_is_name, cells)):
        need = "a name with a letter for each column, or a row of 0 and 1"
        raise ConstructionError(f"need {need}, got {cells[strange[0]][:40]!r}, at {place.format(strange[0] + 1)}")
    return ()


def _is_name(cell: str) -> bool:
    word = cell.casefold()
    return any(map(str.isalpha, cell)) and word not in WORDS and word not in MISSING and not NUMBER.fullmatch(cell)


def _bits(rows: Rows, width: int, file: Path) -> list[tuple[int, ...]]:
    """The rows as bits, each of one width."""
    known: dict[str, int | None] = {}
    found = []
    for number, cells in rows:
        if len(cells) != width:
            raise ConstructionError(
                f"need {width} columns, as in the first row, got {len(cells)}, at row {number} of {file}"
            )
        for cell in cells:
            if cell not in known:
                known[cell] = _value(cell)
        bits = [known[cell] for cell in cells]
        if None in bits:
            _refuse(rows, number, bits.index(None), cells, file)
        found.append(tuple(bit for bit in bits if bit is not None))
    return found


def _refuse(rows: Rows, number: int, at: int, cells: list[str], file: Path) -> None:
    """Say what is wrong with a cell."""
    cell, why = cells[at], ""
    if at == 0 and len(rows) > 2:
        _refuse_index(rows, file)
    if cell == "" and at == len(cells) - 1:
        why = " (does every line end in a delimiter?)" if all(row[-1] == "" for _, row in rows) else ""
    elif number == rows[0][0] and cells == [str(i) for i in range(len(cells))]:
        why = " (numbers for names?)"
    raise ConstructionError(f"need 0 or 1, got {cell[:40]!r}{why}, at row {number}, column {at + 1} of {file}")


def _refuse_index(rows: Rows, file: Path) -> None:
    """Refuse a first column 0, 1, 2, ... or 1, 2, 3, ...: it numbers the rows."""
    first = [cells[0] for _, cells in rows]
    if first and any(first == [str(start + i) for i in range(len(first))] for start in (0, 1)):
        raise _index(", ".join(first[:3]) + (", ..." if len(first) > 3 else ""), file)


def _index(numbers: str, file: Path) -> ConstructionError:
    got = f"an index ({numbers}) in the first column"
    return ConstructionError(f"need columns of 0 and 1, got {got}, at {file}: write the file without it")


def _label(text: str | None, names: Sequence[str], width: int, file: Path) -> int:
    """The column of the label, from 0."""
    if text is None:
        return width - 1
    if text in names:
        return names.index(text)
    if re.fullmatch("[0-9]{1,9}", text, re.A) and 1 <= int(text) <= width:
        return int(text) - 1
    need = f"a column by its name ({_listed(names) if names else 'the file has none'}) or its number from 1 to {width}"
    raise ConstructionError(f"need {need}, got {text[:40]!r}, at --label of {file}")


def _npy(data: bytes, file: Path) -> list[tuple[int, ...]]:
    """The rows of a two-dimensional array of numbers or booleans, all 0 or 1; nothing is unpickled."""
    array = _array(data, file)
    bad = ~((array == 0) | (array == 1))
    if bad.any():
        row, column = (int(i) for i in np.unravel_index(int(np.argmax(bad)), array.shape))
        counted = [start for start in (0, 1) if np.array_equal(array[:, 0], start + np.arange(len(array)))]
        if column == 0 and len(array) > 2 and counted:
            raise _index(f"{counted[0]}, {counted[0] + 1}, {counted[0] + 2}, ...", file)
        got = ascii(array[row, column].item())[:40]
        raise ConstructionError(f"need 0 or 1, got {got}, at row {row + 1}, column {column + 1} of {file}")
    return list(map(tuple, (array != 0).astype(np.int64).tolist()))


def _array(data: bytes, file: Path) -> npt.NDArray[Any]:
    def wrong(need: str, got: object) -> ConstructionError:
        return ConstructionError(f"need {need}, got {str(got)[:80]}, at {file}")

    if not data.startswith(MAGIC) or len(data) < 10 or data[6] not in (1, 2, 3):
        got = "an archive of several (.npz)" if data.startswith(b"PK") else "another file"
        raise wrong("a NumPy file of one array (.npy)", got)
    size = 2 if data[6] == 1 else 4
    start = 8 + size + int.from_bytes(data[8 : 8 + size], "little")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = literal_eval(data[8 + size : min(start, 8 + size + 10_000)].decode("latin-1"))
        kind, fortran, shape = header["descr"], header["fortran_order"], header["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise wrong("a NumPy file whose header says kind, order and shape", type(error).__name__) from error
    if (
        not isinstance(shape, tuple)
        or not all(type(n) is int and 0 <= n <= MOST_BYTES for n in shape)
        or not isinstance(fortran, bool)
    ):
        raise wrong("a shape of whole numbers and an order", type(shape).__name__)
    if not isinstance(kind, str) or not re.fullmatch("[<>|=]?(b1|[iu][1248]|f[248])", kind, re.A):
        raise wrong("an array of numbers or booleans (no objects, texts or records)", ascii(kind))
    if len(shape) != 2 or shape[1] < 1:
        raise wrong("a two-dimensional array, a column or more", f"shape {shape}")
    dtype = np.dtype(kind.replace("b1", "u1"))
    if prod(shape) * dtype.itemsize != len(data) - start:
        raise wrong(f"{prod(shape) * dtype.itemsize} bytes for shape {shape} of {kind}", f"{len(data) - start} bytes")
    return np.frombuffer(data, dtype, offset=start).reshape(shape, order="F" if fortran else "C")
