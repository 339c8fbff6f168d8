"""One container for networks and checkpoints: what is packed is unpacked, and nothing else is."""

import hashlib
import json
import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.networks.container import FileKind, file_data, read_arrays
from constructions.networks.flat import flat_network
from constructions.networks.gates import conjunction
from constructions.networks.network_file import NETWORK, network_bytes
from constructions.networks.trainable import Trainable
from constructions.training.checkpoint import CHECKPOINT

KEYS = frozenset({"n", "sha256"})
KINDS = [
    FileKind(name="a note", holds="a note", mark=b"QGTXT\0\0\1", keys=KEYS, sealed=sealed) for sealed in (False, True)
]
ROWS = [np.array([1, -2]), np.array([1 << 60])]


def parts_of(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The header and the arrays' bytes, without the container's own code."""
    (size,) = struct.unpack("<Q", data[8:16])
    return json.loads(data[16 : 16 + size]), data[16 + size :]


@pytest.mark.parametrize("kind", KINDS, ids=["arrays", "sealed"])
def test_what_is_packed_is_unpacked(kind: FileKind) -> None:
    header, body = kind.unpacked(kind.packed({"n": [1, "a"]}, ROWS), where="here")
    kind.check_digest(header, body)
    assert header["n"] == [1, "a"] and [row.tolist() for row in read_arrays(body, [2, 1])] == [[1, -2], [1 << 60]]


def test_the_digest_is_of_the_arrays_or_of_all() -> None:
    header, body = parts_of(KINDS[0].packed({"n": 1}, ROWS))
    assert header["sha256"] == hashlib.sha256(body).hexdigest()
    header, body = parts_of(KINDS[1].packed({"n": 1}, ROWS))
    assert header["sha256"] == hashlib.sha256(b'{"n": 1}' + body).hexdigest()


def test_a_changed_header_of_a_sealed_file_is_refused() -> None:
    for kind, refused in zip(KINDS, (False, True), strict=True):
        header, body = kind.unpacked(kind.packed({"n": 1}, ROWS).replace(b'"n": 1', b'"n": 2'), where="here")
        try:
            kind.check_digest(header, body)
        except ConstructionError as error:
            assert refused and str(error) == "need a file with the digest in the header, got other bytes"
        else:
            assert not refused


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a note: need one that starts with b'QGTXT.*', got an empty file, at here"),
        (b"QGNET\0\0\1", "not a note: need one that starts with .*, got one that starts with b'QGNET.*', at here"),
        (b"QGTXT\0\0\1", "need a header of 1 to 268435456 bytes within the file, got 0 of 8, at here"),
        (b"QGTXT\0\0\1" + b"\xff" * 8, "need a header of 1 to .*, got 18446744073709551615 of 16, at here"),
        (b'QGTXT\0\0\1\x08\0\0\0\0\0\0\0{"n":NaN', "need a header in JSON, got .*, at here"),
        (b'QGTXT\0\0\1\x07\0\0\0\0\0\0\0{"n":1}', "need the keys of a note's header, got a difference at .*sha256.*"),
    ],
)
def test_what_is_no_such_file_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        KINDS[0].unpacked(data, where="here")


def test_arrays_take_all_bytes() -> None:
    with pytest.raises(ConstructionError, match=r"^need 24 bytes of arrays, got 16$"):
        read_arrays(memoryview(bytes(16)), [2, 1])
    with pytest.raises(ConstructionError, match=r"^need 16 bytes of arrays, got 24$"):
        read_arrays(memoryview(bytes(24)), [2])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match=r"^need a file that can be read, got something else, at "):
        file_data(tmp_path)


def test_networks_and_checkpoints_are_kinds_that_can_be_told_apart() -> None:
    assert len({kind.mark for kind in (NETWORK, CHECKPOINT)}) == 2 and not NETWORK.sealed and CHECKPOINT.sealed
    assert all(len(kind.mark) == 8 and "sha256" in kind.keys for kind in (NETWORK, CHECKPOINT))


def test_the_bytes_of_a_network_are_those_of_the_files_that_are_there() -> None:
    net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16), hints={"\u00e4": [1, {"b": None}]})
    digest = "7c64c2069154d655abb885bdabf43130d2b44d59cf02090805de44d75eed28af"
    assert hashlib.sha256(network_bytes(net)).hexdigest() == digest
