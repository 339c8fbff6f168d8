"""A checkpoint is whole and this run's, or refused."""

import struct
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.training.checkpoint import CHECKPOINT, Progress, read_checkpoint, write_checkpoint

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


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"[]", "need the keys of a checkpoint's header, got a difference at list"),
        (b"{}", "need the keys of a checkpoint's header, got a difference at .*'identity'.*"),
        (b"x", "need a header in JSON, got .*"),
        (b'{"sha256": "", "number": 1}', "need the keys of a checkpoint's header, got a difference at .*"),
        (b'{"number": 1, "number": 1}', "need a header in JSON, got a key twice .*"),
    ],
)
def test_another_header_is_refused(kept: Path, header: bytes, message: str) -> None:
    kept.write_bytes(kept.read_bytes()[:8] + struct.pack("<Q", len(header)) + header)
    with pytest.raises(ConstructionError, match=f"^{message}, at .*kept$"):
        read_checkpoint(kept, identity="abc", edges=3)


@pytest.mark.parametrize("changed", [{"number": -1}, {"scale": 0}, {"moves": True}, {"systems": []}, {"identity": 3}])
def test_a_header_whose_digest_is_right_and_whose_counts_are_none_is_refused(
    kept: Path, changed: dict[str, Any]
) -> None:
    kept.write_bytes(CHECKPOINT.packed(asdict(PROGRESS) | changed, [WEIGHTS]))
    with pytest.raises(ConstructionError, match=r"^need counts and a digest in the header of a checkpoint, got others"):
        read_checkpoint(kept, identity="abc", edges=3)


def test_the_bytes_of_a_checkpoint_are_those_of_the_files_that_are_there(kept: Path) -> None:
    header = (
        b'{"identity": "abc", "moves": 9, "number": 7, "scale": 16, "sha256": "1e13eda5d0aacf745e73fa237d7edfd843fdfcda'
        b'75ff19a95890823918ae8cbe", "systems": {"float64": 7}, "trace": 123}'
    )
    body = b"\1" + bytes(7) + b"\xfb" + b"\xff" * 7 + bytes(7) + b"\x08"
    assert kept.read_bytes() == b"QGCKP\0\0\1" + struct.pack("<Q", len(header)) + header + body


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match=r"^need a file that can be read, got No such file"):
        read_checkpoint(tmp_path / "none", identity="abc", edges=3)
