"""Files by the end of their name: read, written in one go, and refused."""

import os
from pathlib import Path

import pytest

from constructions.computation.formats import files
from constructions.computation.formats.files import read_machine, write_machine
from constructions.errors import ConstructionError

C17 = Path(__file__).parents[3] / "examples" / "c17.bench"
DELAY = b"INPUT(d)\nOUTPUT(q)\nq = DFF(d)\n"


@pytest.mark.parametrize("end", ["aag", "aig", "bench", "AIG"])
def test_a_circuit_comes_back_from_a_file_of_each_kind(tmp_path: Path, end: str) -> None:
    circuit = read_machine(C17).circuit
    write_machine(tmp_path / f"copy.{end}", circuit)
    again = read_machine(str(tmp_path / f"copy.{end}")).circuit
    words = dict(zip(circuit.inputs, (0x0F0F, 0x3333, 0x5555, 0x00FF, 0x1234), strict=True))
    assert again.evaluate(words, width=16) == circuit.evaluate(words, width=16)
    assert [path.name for path in tmp_path.iterdir()] == [f"copy.{end}"]


@pytest.mark.parametrize("name", ["c17", "c17.txt", "c17.aag.gz"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConstructionError, match=f"^need a file that ends in .aag, .aig, .bench, got '{name}'$"):
        read_machine(tmp_path / name)
    with pytest.raises(ConstructionError, match=f"^need a file that ends in .aag, .aig, .bench, got '{name}'$"):
        write_machine(tmp_path / name, read_machine(C17))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ConstructionError, match=r"^need a file that can be read, got No such file or directory, at .*lost.aag$"
    ):
        read_machine(tmp_path / "lost.aag")


def test_a_name_with_a_nul_byte_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"^need a file that can be read, got a NUL byte, at 'a.x00.aag'$"):
        read_machine("a\0.aag")


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "folder.aag").mkdir()
    os.mkfifo(tmp_path / "pipe.aag")
    for name in ("folder.aag", "pipe.aag"):
        with pytest.raises(
            ConstructionError, match=f"^need a file of at most .* bytes, got something else, at .*{name}$"
        ):
            read_machine(tmp_path / name)


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 4)
    (tmp_path / "long.aag").write_bytes(b"12345")
    with pytest.raises(ConstructionError, match=r"^need a file of at most 4 bytes, got 5 bytes, at .*long.aag$"):
        read_machine(tmp_path / "long.aag")


def test_a_fault_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "bad.aag").write_bytes(b"aag 1 1 0 0 0\n3\n")
    with pytest.raises(ConstructionError, match=r"at line 2 of .*bad\.aag$"):
        read_machine(tmp_path / "bad.aag")


def test_a_file_with_a_delay_is_a_machine_with_state(tmp_path: Path) -> None:
    (tmp_path / "delay.bench").write_bytes(DELAY)
    assert read_machine(tmp_path / "delay.bench").state == ("q",)
