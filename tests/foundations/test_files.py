"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.files import fault_of_folder, write_bytes


def test_a_file_in_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(
        ConstructionError, match=r"^need a file that can be written, got No such file or directory, at .*new.aag$"
    ):
        write_bytes(tmp_path / "lost" / "new.aag", b"")


def test_a_folder_that_is_not_there_is_made_and_a_file_is_no_folder(tmp_path: Path) -> None:
    assert fault_of_folder(tmp_path / "a" / "b") == "" and (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    assert fault_of_folder(tmp_path / "file") == "File exists"


def test_a_file_is_replaced_whole_and_others_may_read_it(tmp_path: Path) -> None:
    target = tmp_path / "x.aag"
    target.write_bytes(b"old")
    write_bytes(target, b"new")
    umask = os.umask(0)
    os.umask(umask)
    assert target.read_bytes() == b"new" and target.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "x.aag").mkdir()
    with pytest.raises(ConstructionError, match=r"^need a file that can be written"):
        write_bytes(tmp_path / "x.aag", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["x.aag"]


def test_a_link_stays_one_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    (tmp_path / "file").write_bytes(b"old")
    link.symlink_to("file")
    write_bytes(link, b"new")
    assert link.is_symlink() and (tmp_path / "file").read_bytes() == b"new"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_bytes(pipe, b"sent")
    assert pipe.is_fifo() and os.read(reader, 9) == b"sent"
    os.close(reader)
