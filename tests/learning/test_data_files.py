"""Data files: what is read is what was written, a header is told, nothing is dropped, and every fault is named with
its place."""

import io
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.learning.data_files import DataFile, read_data
from constructions.learning.problems import Point

TRUE, FALSE = (
    ("1", "1.0", "1.", "+1", "1.000000000000000000e+00", "TRUE", "True", "t", "yes", "YES"),
    ("0", "0.0", "-0.0", ".0", "0.00e+00", "False", "F", "no", "No"),
)
ROWS = [((0, 1), 1), ((1, 0), 0), ((1, 1), 0)]


def read(data: bytes | str, tmp_path: Path, name: str = "points.csv", **options: str) -> DataFile:
    """What is read of a file with this content."""
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_data(path, **options)


def fault(data: bytes | str, tmp_path: Path, name: str = "points.csv", **options: str) -> str:
    """With what a file is refused: one line that can be printed."""
    with pytest.raises(ConstructionError) as caught:
        read(data, tmp_path, name, **options)
    message = str(caught.value)
    assert message.isprintable() and len(message) < 600 and name in message
    return message.replace(str(tmp_path / name), name)


@settings(max_examples=60)
@given(
    points=st.lists(st.tuples(st.tuples(*[st.integers(0, 1)] * 2), st.integers(0, 1)), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n  \n"]),
    between=st.sampled_from([",", ";", "\t", " ", "|", ":"]),
    header=st.booleans(),
    mark=st.booleans(),
    last=st.booleans(),
    quoted=st.booleans(),
    data=st.data(),
)
def test_a_csv_file_gives_back_the_points_that_were_written(
    points: list[Point],
    end: str,
    between: str,
    header: bool,
    mark: bool,
    last: bool,
    quoted: bool,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    lines = [["left", "right side", "y"]] * header
    for x, y in points:
        lines.append([data.draw(st.sampled_from(TRUE if bit else FALSE)) for bit in (*x, y)])
    cells = [[f'"{cell}"' if quoted or between in cell else cell for cell in line] for line in lines]
    text = "\ufeff" * mark + end.join(between.join(line) for line in cells) + end * last
    found = read(text, tmp_path_factory.mktemp("data"), **({} if between == "," else {"delimiter": between}))
    assert found.points == points and found.columns == (("left", "right side", "y") if header else ())
    assert found.said == ("columns left, right side, y; label y" if header else "")


@pytest.mark.parametrize("kind", ["int64", "uint8", "bool", "int8", ">i2", "float16", "float32", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_numpy_file_gives_back_the_points_that_were_written(kind: str, order: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "points.npy", np.array([[0, 1, 1], [1, 0, 0], [1, 1, 0]], dtype=kind, order=order))
    found = read_data(tmp_path / "points.npy")
    assert found.points == ROWS and found.said == ""


@pytest.mark.parametrize("version", [(2, 0), (3, 0)])
def test_a_numpy_file_of_a_later_version_is_read(version: tuple[int, int], tmp_path: Path) -> None:
    with (tmp_path / "points.npy").open("wb") as stream:
        np.lib.format.write_array(stream, np.array([[0, 1, 1], [1, 0, 0], [1, 1, 0]]), version=version)
    assert read_data(tmp_path / "points.npy").points == ROWS


@pytest.mark.parametrize(
    ("label", "points", "said"),
    [
        ("a", [((1, 1), 0)], "a"),
        ("1", [((1, 1), 0)], "a"),
        ("b", [((0, 1), 1)], "b"),
        ("3", [((0, 1), 1)], "'c\\nd'"),
        (None, [((0, 1), 1)], "'c\\nd'"),
    ],
)
def test_the_label_is_the_column_that_is_asked_for(
    label: str | None, points: list[Point], said: str, tmp_path: Path
) -> None:
    found = read('"a",b,"c\nd"\n0,1,1\n', tmp_path, **({} if label is None else {"label": label}))
    assert found.points == points and found.said == f"columns a, b, 'c\\nd'; label {said}"


def test_a_name_that_only_looks_like_that_of_an_index_is_a_name(tmp_path: Path) -> None:
    assert read("Unnamed,y\n0,1\n1,1\n", tmp_path).columns == ("Unnamed", "y")
    assert read("Unnamed: 0,y\n1,1\n0,1\n", tmp_path).columns == ("Unnamed: 0", "y")


def test_without_a_header_the_label_is_a_number(tmp_path: Path) -> None:
    found = read("0,1,1\n1,1,0\n", tmp_path, label="1")
    assert found.points == [((1, 1), 0), ((1, 0), 1)] and found.said == "3 columns without names; label column 1"
    for label in ("a", "0", "4", "-1", "٣", "1.0", ""):
        assert "need a column by its name (the file has none) or its number from 1 to 3" in fault(
            "0,1,1\n", tmp_path, label=label
        )
    assert "need a column by its name (a, b, y) or its number" in fault("a,b,y\n0,1,1\n", tmp_path, label="z")


@pytest.mark.parametrize("first", ["TRUE,TRUE,FALSE", "yes,no,yes", "t,F,t", "1.0,0.0,1.0"])
def test_a_first_row_of_words_is_a_row(first: str, tmp_path: Path) -> None:
    assert len(read(f"{first}\n0,1,1\n", tmp_path).points) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,1\n0,2\n", "need 0 or 1, got '2', at row 2, column 2"),
        ("a,b\n0,1\nc,1\n", "need 0 or 1, got 'c', at row 3, column 1"),
        ("0,1\n1\n", "need 2 columns, as in the first row, got 1, at row 2"),
        ("a,b\n0,1\n\n0,1,1\n", "need 2 columns, as in the first row, got 3, at row 4"),
        ("0,-1\n", "need 0 or 1, got '-1', at row 1, column 2"),
        ("0,1\n0,\n", "need 0 or 1, got '', at row 2, column 2"),
        ("0.5,1\n0,1\n", "need 0 or 1, got '0.5', at row 1, column 1"),
        ("1e999,1\n", "need 0 or 1, got '1e999', at row 1, column 1"),
        ("1e-999,1\n", "need 0 or 1, got '1e-999', at row 1, column 1"),
        (",\n0,1\n", "need 0 or 1, got '', at row 1, column 1"),
        ("", "need at least one row, got none"),
        ("\n \n", "need at least one row, got none"),
        ("a,b\n", "need at least one row, got none"),
        ("?,?,?\n0,1,1\n", r"need 0 or 1, got '\?', at row 1, column 1"),
        ("NA,nan,null\n0,1,1\n", "need 0 or 1, got 'NA', at row 1, column 1"),
        ("O,l,O\n0,1,1\n", "need 0 or 1, got the letter 'O', at row 1, column 1"),
        ("0,l,1\n0,1,1\n", "need 0 or 1, got the letter 'l', at row 1, column 2"),
        (
            "TRUE,x,FALSE\n0,1,1\n",
            "need a header without words that mean true or false, .*, got 'TRUE', at row 1, column 1",
        ),
        ("a,b,1\n0,1,1\n", "need 0 or 1, got 'a', at row 1, column 1"),
        ("a,a,b\n0,1,1\n", "need different names for the columns, got 'a' twice, at row 1"),
        ("a,,b\n0,1,1\n", "need a name with a letter for each column, or a row of 0 and 1, got '', at row 1, column 2"),
        (
            "a,<&>,b\n0,1,1\n",
            "need a name with a letter for each column, or a row of 0 and 1, got '<&>', at row 1, column 2",
        ),
        (
            "a,NA,b\n0,1,1\n",
            "need a name with a letter for each column, or a row of 0 and 1, got 'NA', at row 1, column 2",
        ),
        (",a,y\n0,0,1\n1,1,1\n", r"need columns of 0 and 1, got an index \(0, 1\) in the first column"),
        (
            ",a,y\n1,0,1\n2,1,1\n3,1,1\n4,0,0\n",
            r"need columns of 0 and 1, got an index \(1, 2, 3, ...\) in the first column",
        ),
        (",a,y\n7,0,1\n", r"need a name for each column, got none for the first \(an index\?\), at row 1, column 1"),
        ("Unnamed: 0,a\n0,0\n1,1\n", r"got an index \(0, 1\) in the first column"),
        ("id,a,y\n0,0,1\n1,1,1\n2,1,1\n", r"got an index \(0, 1, 2\) in the first column"),
        ("0,0,1\n1,1,1\n2,1,1\n", r"got an index \(0, 1, 2\) in the first column"),
        ("0,1,2\n0,0,1\n", r"need 0 or 1, got '2' \(numbers for names\?\), at row 1, column 3"),
        ("0,1,\n1,1,\n", r"need 0 or 1, got '' \(does every line end in a delimiter\?\), at row 1, column 3"),
        ("0;1;1\n", "need ',' between cells, got '0;1;1': give --delimiter ';', at row 1"),
        ("a;b;y\n0;1;1\n", "need ',' between cells, got '0;1;1': give --delimiter ';', at row 2"),
        ("a\tb\n0\t1\n", r"need ',' between cells, got '0\\t1': give --delimiter 'tab', at row 2"),
        ("0 1 1\n", "need ',' between cells, got '0 1 1': give --delimiter 'space', at row 1"),
        ("0,\x00\n", r"need 0 or 1, got '\\x00', at row 1, column 2"),
        ("0,1\n\x1b[2J,1\n", r"need 0 or 1, got '\\x1b\[2J', at row 2, column 1"),
        (b"0,1\n1,caf\xe9\n", "need text in UTF-8, got byte 0xe9, at row 2, column 2"),
        ("0,1\n".encode("utf-16"), "need text in UTF-8, got UTF-16"),
        ('0,"1\n0,1\n', "need cells between ',', got unexpected end of data, at line 2"),
        ('0,"1"x\n', "need cells between ',', got .*, at line 1"),
        ("0," + "1" * 200_000, "need cells between ',', got field larger than field limit .*, at line 1"),
        ("0,٠\n", "need 0 or 1, got '٠', at row 1, column 2"),
    ],
)
def test_a_bad_csv_file_is_refused_with_row_and_column(text: bytes | str, message: str, tmp_path: Path) -> None:
    assert re.match(
        f"{message if message.startswith('need') else '.*' + message}(,| at| of|:|$)", fault(text, tmp_path)
    )


def npy(array: Any, **options: Any) -> bytes:
    """An array as a NumPy file."""
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def headed(header: str, body: bytes = b"") -> bytes:
    """A NumPy file with any header."""
    text = header.encode("latin-1")
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + body


class Loud:
    """What writes a file when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (Path("unpickled"), "yes")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy(np.array([[0, 1], [3, 1]])), "need 0 or 1, got 3, at row 2, column 1 of"),
        (npy(np.array([[0, 1], [0.5, 1]])), "need 0 or 1, got 0.5, at row 2, column 1 of"),
        (npy(np.array([[0, np.nan]])), "need 0 or 1, got nan, at row 1, column 2 of"),
        (
            npy(np.array([[0, 1], [1, 1], [2, 0]])),
            "need columns of 0 and 1, got an index (0, 1, 2, ...) in the first column",
        ),
        (npy(np.array([0, 1])), "need a two-dimensional array, a column or more, got shape (2,)"),
        (npy(np.zeros((2, 2, 2))), "need a two-dimensional array, a column or more, got shape (2, 2, 2)"),
        (npy(np.array(1)), "need a two-dimensional array, a column or more, got shape ()"),
        (npy(np.zeros((0, 3))), "need at least one row, got none"),
        (npy(np.zeros((3, 0))), "need a two-dimensional array, a column or more, got shape (3, 0)"),
        (npy(np.array([[0j]])), "need an array of numbers or booleans (no objects, texts or records), got '<c16'"),
        (npy(np.array([["0", "1"]])), "need an array of numbers or booleans (no objects, texts or records), got '<U1'"),
        (
            npy(np.array([(0, 1)], dtype=[("a", "i4"), ("b", "i4")])),
            "need an array of numbers or booleans (no objects, texts or records)",
        ),
        (
            npy(np.array([[Loud(), 1]], dtype=object), allow_pickle=True),
            "need an array of numbers or booleans (no objects",
        ),
        (npy(np.array([[0, 1]]))[:-1], "need 16 bytes for shape (1, 2) of <i8, got 15 bytes"),
        (npy(np.array([[0, 1]])) + b"\0", "need 16 bytes for shape (1, 2) of <i8, got 17 bytes"),
        (
            headed("{'descr': '|b1', 'fortran_order': False, 'shape': (1, 2)}", b"\x01\x02"),
            "need 0 or 1, got 2, at row 1, column 2 of",
        ),
        (
            headed("{'descr': '|i1', 'fortran_order': False, 'shape': (1000000000, 1000000000)}"),
            "need 1000000000000000000 bytes",
        ),
        (
            headed("{'descr': '|i1', 'fortran_order': False, 'shape': (-1, 2)}"),
            "need a shape of whole numbers and an order, got tuple",
        ),
        (
            headed("{'descr': '|i1', 'fortran_order': False, 'shape': (True, 2)}", b"\0\1"),
            "need a shape of whole numbers",
        ),
        (
            headed("{'descr': '|i1', 'fortran_order': 0, 'shape': (1, 2)}", b"\0\1"),
            "need a shape of whole numbers and an order",
        ),
        (
            headed("{'descr': '|i1', 'shape': (1, 2)}"),
            "need a NumPy file whose header says kind, order and shape, got KeyError",
        ),
        (headed("[" * 9000), "need a NumPy file whose header says kind, order and shape, got"),
        (headed("5 is 5"), "need a NumPy file whose header says kind, order and shape, got ValueError"),
        (
            headed("__import__('os').abort()"),
            "need a NumPy file whose header says kind, order and shape, got ValueError",
        ),
        (pickle.dumps([[0, 1]]), "need a NumPy file of one array (.npy), got another file"),
        (b"PK\x03\x04", "need a NumPy file of one array (.npy), got an archive of several (.npz)"),
        (b"", "need a NumPy file of one array (.npy), got another file"),
        (b"\x93NUMPY\x09\x00\x00\x00", "need a NumPy file of one array (.npy), got another file"),
    ],
)
def test_a_bad_numpy_file_is_refused(
    data: bytes, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.chdir(tmp_path)
    assert fault(data, tmp_path, "points.npy").startswith(message)
    assert not (tmp_path / "unpickled").exists() and not recwarn.list


def test_what_is_no_data_file_is_refused(tmp_path: Path) -> None:
    for name in ("none.csv", "none.npy"):
        with pytest.raises(ConstructionError, match="need a file that can be read, got No such file or directory, at "):
            read_data(tmp_path / name)
    with pytest.raises(ConstructionError, match=r"need a file that ends in \.csv or \.npy, got 'points.txt'"):
        read_data(tmp_path / "points.txt")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ConstructionError, match="need a file, got something else, at "):
        read_data(tmp_path / "folder.csv")
    with pytest.raises(ConstructionError, match=r"need a file that can be read, got .*, at 'a.x00b.csv'$"):
        read_data("a\0b.csv")


@pytest.mark.parametrize("delimiter", ["", "ab", "1", "a", ".", "-", '"', "\n", "\0", "tabs"])
def test_what_cannot_stand_between_cells_is_refused(delimiter: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("0,1\n")
    with pytest.raises(ConstructionError, match=r"^need one character such as ';', or tab, .*, at --delimiter$"):
        read_data(tmp_path / "points.csv", delimiter=delimiter)


@pytest.mark.parametrize("word", ["tab", "\\t", "\t"])
def test_a_tab_may_be_given_by_its_name(word: str, tmp_path: Path) -> None:
    assert read("a\ty\n0\t1\n", tmp_path, delimiter=word).points == [((0,), 1)]


def test_a_delimiter_is_for_csv_files(tmp_path: Path) -> None:
    assert "need --delimiter for a CSV file only, got ';'" in fault(
        npy(np.array([[0, 1]])), tmp_path, "points.npy", delimiter=";"
    )


def test_many_columns_are_told_in_short(tmp_path: Path) -> None:
    found = read(",".join(f"a{i}" for i in range(20)) + "\n" + ",".join("01" * 10) + "\n", tmp_path)
    assert found.said.startswith("columns a0, a1, ") and found.said.endswith(", ... (20 columns); label a19")
