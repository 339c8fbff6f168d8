"""A checkpoint is whole and this run's, or refused."""

import struct
from pathlib import Path

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.training.checkpoint import Progress, read_checkpoint, write_checkpoint

PROGRESS = Progress(identity="abc", number=7, scale=16, moves=9, systems={"float64": 7}, trace=123)
WEIGHTS = np.array([1, -5, 1 << 59])


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A checkpoint."""
    write_checkpoint(tmp_path / "kept", PROGRESS, WEIGHTS)
    return tmp_path / "kept"


def test_what_is_written_is_read(kept: Path) -> None:
    progress, weights = read_checkpoint(kept, identity="abc", edges=3)
    assert progress == PROGRESS and weights.tolist() == WEIGHTS.tolist()
    assert [path.name for path in kept.parent.iterdir()] == ["kept"]


@pytest.mark.parametrize(("identity", "edges"), [("abd", 3), ("abc", 4)])
def test_another_run_s_is_refused(kept: Path, identity: str, edges: int) -> None:
    with pytest.raises(ConstructionError, match=r"^need a checkpoint of this run"):
        read_checkpoint(kept, identity=identity, edges=edges)


def test_every_cut_and_every_changed_byte_is_refused(kept: Path) -> None:
    data = kept.read_bytes()
    for i in range(len(data)):
        for damaged in (data[:i], data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :]):
            kept.write_bytes(damaged)
            with pytest.raises(ConstructionError, match=r"at .*kept$"):
                read_checkpoint(kept, identity="abc", edges=3)


@pytest.mark.parametrize("header", [b"[]", b"{}", b"x", b'{"sha256": "", "number": 1}'])
def test_another_header_is_refused(kept: Path, header: bytes) -> None:
    kept.write_bytes(kept.read_bytes()[:8] + struct.pack("<Q", len(header)) + header)
    with pytest.raises(ConstructionError, match=r"^need the header of a checkpoint, got .*, at .*kept$"):
        read_checkpoint(kept, identity="abc", edges=3)


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match=r"^need a file that can be read, got No such file"):
        read_checkpoint(tmp_path / "none", identity="abc", edges=3)
