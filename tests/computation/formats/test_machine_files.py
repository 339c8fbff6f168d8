"""Files of machines: by the end of their names, and one line for what cannot be read."""

from pathlib import Path

import pytest

from constructions.computation.formats.machine_files import READERS, read_turing_machine, write_turing_machine
from constructions.errors import ConstructionError
from tests.computation.test_turing import known
from verify.arguments.names import MACHINES


def test_a_machine_is_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "again.tm"
    write_turing_machine(path, known("copy"), remark="a copy")
    assert read_turing_machine(path).table == known("copy").table
    assert path.read_text().startswith("# a copy\nblank: _\n")


def test_the_command_line_names_the_endings() -> None:
    assert tuple(READERS) == MACHINES


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.tm", "need a file of a machine, got none, at none.tm"),
        ("a.txt", "need a file of a machine that ends in .tm, .jff, got 'a.txt'"),
        ("a\0.tm", "need a file that can be read, got a NUL byte"),
        (".tm", "need a file of a machine that ends in .tm, .jff, got '.tm'"),
    ],
)
def test_what_cannot_be_read_gets_one_line(name: str, said: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{said}"):
        read_turing_machine(name)


def test_a_folder_and_a_large_file_are_refused(tmp_path: Path) -> None:
    folder, large = tmp_path / "folder.jff", tmp_path / "large.tm"
    folder.mkdir()
    large.write_bytes(b" " * ((1 << 22) + 1))
    with pytest.raises(ConstructionError, match="got something else, at"):
        read_turing_machine(folder)
    with pytest.raises(ConstructionError, match="got 4194305 bytes, at"):
        read_turing_machine(large)


def test_only_tables_are_written(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match=r"need a file that ends in .tm, got 'a.jff'"):
        write_turing_machine(tmp_path / "a.jff", known("copy"))
