"""A training run between two steps, as a file: weights, steps taken, and how much of the trace belongs to it.

8 bytes ``QGCKP``, two zero bytes, a byte 1; the length of the header in 8 bytes, little endian; the header in JSON
(:data:`KEYS`); the weights as little-endian 64-bit integers. ``sha256`` is the digest of the rest; ``identity`` is that
of all that decides the trajectory: a file of another run is refused.
"""

import json
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of, write_bytes
from constructions.networks.flat import Integers
from constructions.networks.trainable import Trainable

MAGIC = b"QGCKP\0\0\1"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run has come: steps taken, the scale of its weights, weights changed in all, steps by number system,
    bytes of the trace."""

    identity: str
    number: int
    scale: int
    moves: int
    systems: dict[str, int]
    trace: int


KEYS = frozenset((*Progress.__dataclass_fields__, "sha256"))


def write_checkpoint(path: Path | str, progress: Progress, weights: Integers) -> None:
    """Write the file through a temporary one beside it: after a kill there is the old one or the new one."""
    body = weights.astype("<i8").tobytes()
    header = json.dumps(asdict(progress) | {"sha256": _digest(progress, body)}, sort_keys=True).encode()
    write_bytes(path, MAGIC + struct.pack("<Q", len(header)) + header + body)


def read_checkpoint(path: Path | str, *, identity: str, edges: int) -> tuple[Progress, Integers]:
    """Read the file of a run.

    Errors
    ------
    ConstructionError for a file that cannot be read, is none of this kind or damaged, or belongs to another run.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {file}") from error
    size = struct.unpack("<Q", data[8:16])[0] if len(data) >= 16 else 0
    if data[:8] != MAGIC or not 0 < size <= len(data) - 16:
        raise ConstructionError(f"need a checkpoint, got another file, at {file}")
    progress, digest = _header(data[16 : 16 + size], file)
    body = data[16 + size :]
    if _digest(progress, body) != digest:
        raise ConstructionError(f"need a file with the digest in its header, got other bytes, at {file}")
    if progress.identity != identity or len(body) != 8 * edges:
        raise ConstructionError(
            f"need a checkpoint of this run (same network, data, settings and seed), got another's, at {file}"
        )
    return progress, np.frombuffer(body, "<i8").astype(np.int64)


def _digest(progress: Progress, body: bytes) -> str:
    return sha256_of(json.dumps(asdict(progress), sort_keys=True).encode() + body)


def _header(text: bytes, file: Path) -> tuple[Progress, str]:
    try:
        found: dict[str, Any] = json.loads(text)
        digest = found.pop("sha256")
        progress = Progress(**found)
        counts = (progress.number, progress.scale, progress.moves, progress.trace, *progress.systems.values())
        if (
            any(type(count) is not int or count < 0 for count in counts)
            or progress.scale < 1
            or type(progress.identity) is not str
        ):
            raise ValueError("counts")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ConstructionError(f"need the header of a checkpoint, got {type(error).__name__}, at {file}") from error
    return progress, str(digest)


def identity_of(net: Trainable, settings: dict[str, Any]) -> str:
    """The digest of a network (names and hints apart) and of settings that JSON can hold, rationals as text.

    >>> from fractions import Fraction
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    >>> identity_of(net, {"seed": 1}) == identity_of(net, {"seed": 1}), identity_of(net, {"seed": 1}) == identity_of(net, {"seed": 2})
    (True, False)
    """
    flat = net.network
    arrays = (flat.offsets, flat.sources, flat.weights, net.sampled, net.frozen)
    parts = [part for array in arrays for part in (len(array).to_bytes(8, "little"), np.ascontiguousarray(array).data)]
    shape = [len(flat.inputs), flat.scale, net.output, repr(flat.sigma), repr(net.last)]
    return sha256_of(*parts, json.dumps([shape, settings], sort_keys=True, default=str).encode())
