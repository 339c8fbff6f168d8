"""The container of binary files: eight bytes that say what it is, a header in JSON, arrays of 64-bit integers.

=================  =============================================================================
8 bytes            the mark of the kind of file: five letters, two zero bytes, a byte 1
8 bytes            the length H of the header, little endian
H bytes            the header, UTF-8 JSON, keys sorted; ``sha256`` is a digest
the rest           arrays, little-endian int64, one after another, nothing behind them
=================  =============================================================================

Networks (:mod:`constructions.networks.network_file`) and checkpoints (:mod:`constructions.training.checkpoint`) are two
kinds of it. The header has no key twice and no NaN. There is no pickle and nothing is executed; a file that is refused
costs no more time and memory than reading it.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from constructions.foundations.spelling import object_of
from constructions.networks.flat import Integers

MOST_HEADER, MOST_VALUES = 1 << 28, 1 << 23
DIGEST = "sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """A kind of file in the container.

    Parameters
    ----------
    name, holds : str
        What such a file is called, and what it holds: "a .qgn file", "a network".
    mark : bytes
        Its first 8 bytes.
    keys : frozenset of str
        The keys of its header, the digest's included.
    sealed : bool
        Whether the digest covers the header too, and not the arrays alone.

    >>> keys = frozenset({"n", "sha256"})
    >>> kind = FileKind(name="a note", holds="a note", mark=b"QGTXT\\0\\0\\1", keys=keys, sealed=True)
    >>> data = kind.packed({"n": 2}, [np.array([5, -5])])
    >>> header, body = kind.unpacked(data, where="the example")
    >>> kind.check_digest(header, body)
    >>> header["n"], read_arrays(body, [2])[0].tolist()
    (2, [5, -5])
    >>> kind.digest(header, body) == header["sha256"]
    True
    """

    name: str
    holds: str
    mark: bytes
    keys: frozenset[str]
    sealed: bool

    def packed(self, header: Mapping[str, Any], arrays: Sequence[Integers]) -> bytes:
        """The bytes of a file with this header and these arrays; the digest is added to the header.

        Raises
        ------
        ValueError, TypeError
            For a header that JSON cannot hold.
        """
        body = b"".join(array.astype("<i8").tobytes() for array in arrays)
        text = _text({**header, DIGEST: self.digest(header, body)})
        return self.mark + struct.pack("<Q", len(text)) + text + body

    def unpacked(self, data: bytes, *, where: str) -> tuple[dict[str, Any], memoryview]:
        """The header of a file's bytes, ``data``, and what stands behind it; errors name the place, ``where``.

        Raises
        ------
        ConstructionError
            For another kind of file, a header that is longer than the file or no JSON, or other keys.
        """
        if data[:8] != self.mark:
            what = "an empty file" if not data else f"one that starts with {data[:8]!r}"
            raise ConstructionError(f"not {self.name}: need one that starts with {self.mark!r}, got {what}, at {where}")
        size = struct.unpack("<Q", data[8:16])[0] if len(data) >= 16 else 0
        if not 0 < size <= min(MOST_HEADER, len(data) - 16):
            raise ConstructionError(
                f"need a header of 1 to {MOST_HEADER} bytes within the file, got {size} of {len(data)}, at {where}"
            )
        header = _read_text(data[16 : 16 + size], where)
        if not isinstance(header, dict) or set(header) != self.keys:
            got = sorted(set(header) ^ self.keys)[:3] if isinstance(header, dict) else type(header).__name__
            raise ConstructionError(
                f"need the keys of {self.holds}'s header, got a difference at {str(got)[:100]}, at {where}"
            )
        return header, memoryview(data)[16 + size :]

    def digest(self, header: Mapping[str, Any], body: bytes | memoryview) -> str:
        """The digest of the arrays, which are the body; of the header without it and of the arrays, if the kind is
        sealed."""
        said = _text({key: value for key, value in header.items() if key != DIGEST}) if self.sealed else b""
        return sha256_of(said, body)

    def check_digest(self, header: Mapping[str, Any], body: memoryview) -> None:
        """Raises ConstructionError for a body whose digest is not the one in the header."""
        if self.digest(header, body) != header[DIGEST]:
            what = "a file" if self.sealed else "arrays"
            raise ConstructionError(f"need {what} with the digest in the header, got other bytes")


def file_data(path: Path | str) -> bytes:
    """All bytes of a file.

    Raises
    ------
    ConstructionError
        For what cannot be read, or is no file.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "note"
    ...     written = path.write_bytes(b"QGTXT")
    ...     file_data(path)
    b'QGTXT'
    """
    file = Path(path)
    try:
        data = None if file.exists() and not file.is_file() else file.read_bytes()
    except (OSError, ValueError) as error:
        got = getattr(error, "strerror", error)
        raise ConstructionError(f"need a file that can be read, got {got}, at {path}") from error
    if data is None:
        raise ConstructionError(f"need a file that can be read, got something else, at {path}")
    return data


def read_arrays(body: memoryview, lengths: Sequence[int]) -> list[Integers]:
    """The arrays of these lengths, one after another in the body.

    Raises
    ------
    ConstructionError
        If they do not take all bytes that are there.
    """
    total = 8 * sum(lengths)
    if total != len(body):
        raise ConstructionError(f"need {total} bytes of arrays, got {len(body)}")
    found, begin = [], 0
    for length in lengths:
        found.append(np.frombuffer(body, "<i8", length, begin).astype(np.int64))
        begin += 8 * length
    return found


def _text(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, allow_nan=False).encode()


def _read_text(text: bytes, where: str) -> Any:
    if sum(text.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise ConstructionError(f"need a header of at most {MOST_VALUES} values, got more, at {where}")
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=object_of, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ConstructionError(f"need a header in JSON, got {str(error)[:100]}, at {where}") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name}, which is no number")
