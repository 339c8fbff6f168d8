"""A training run between two steps, as a file: weights, steps taken, and how much of the trace belongs to it.

The container is that of :mod:`constructions.networks.container`, with the mark ``QGCKP``, two zero bytes, a byte 1. The
header has the fields of :class:`Progress`, and the one array is that of the weights. ``sha256`` is the digest of the
rest of the header and of the weights; ``identity`` is that of all that decides the trajectory: a file of another run is
refused.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of, write_bytes
from constructions.networks.container import DIGEST, FileKind, file_data, read_arrays
from constructions.networks.flat import Integers
from constructions.networks.trainable import Trainable


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run has come.

    Parameters
    ----------
    identity : str
        The digest of all that decides the trajectory (:func:`identity_of`).
    number : int
        Steps taken.
    scale : int
        The denominator of all weights.
    moves : int
        Weights changed, each step's counted.
    systems : dict
        Steps by number system.
    trace : int
        Bytes of the trace that belong to these steps.
    """

    identity: str
    number: int
    scale: int
    moves: int
    systems: dict[str, int]
    trace: int


CHECKPOINT = FileKind(
    name="a checkpoint",
    holds="a checkpoint",
    mark=b"QGCKP\0\0\1",
    keys=frozenset((*Progress.__dataclass_fields__, DIGEST)),
    sealed=True,
)


def write_checkpoint(path: Path | str, progress: Progress, weights: Integers) -> None:
    """Write the file through a temporary one beside it: after a kill there is the old one or the new one.

    ``weights`` are the (m,) weights times ``progress.scale``.

    Parameters
    ----------
    path : where it is written; its folder must be there.

    Raises
    ------
    ConstructionError
        If it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> progress = Progress(identity="of this run", number=3, scale=4, moves=5, systems={"float64": 3}, trace=0)
    >>> with TemporaryDirectory() as folder:
    ...     write_checkpoint(Path(folder) / "run.qgc", progress, np.array([1, -2]))
    ...     found, weights = read_checkpoint(Path(folder) / "run.qgc", identity="of this run", edges=2)
    >>> found == progress, weights.tolist()
    (True, [1, -2])
    """
    write_bytes(path, CHECKPOINT.packed(asdict(progress), [weights]))


def read_checkpoint(path: Path | str, *, identity: str, edges: int) -> tuple[Progress, Integers]:
    """Read the file of a run: how far it has come, and its weights (``edges``,).

    Parameters
    ----------
    path : where :func:`write_checkpoint` has written it.
    identity : the digest of all that decides the trajectory of the run that is to go on.
    edges : how many weights its network has.

    Raises
    ------
    ConstructionError
        For a file that cannot be read, is none of this kind or damaged, or belongs to another run.
    """
    header, body = CHECKPOINT.unpacked(file_data(path), where=str(path))
    try:
        CHECKPOINT.check_digest(header, body)
    except ConstructionError as error:
        raise ConstructionError(f"{error}, at {path}") from error
    progress = _progress(header, path)
    if progress.identity != identity or len(body) != 8 * edges:
        raise ConstructionError(
            f"need a checkpoint of this run (same network, data, settings and seed), got another's, at {path}"
        )
    return progress, read_arrays(body, [edges])[0]


def _progress(header: dict[str, Any], path: Path | str) -> Progress:
    progress = Progress(**{key: value for key, value in header.items() if key != DIGEST})
    systems = progress.systems if isinstance(progress.systems, dict) else {"": -1}
    counts = (progress.number, progress.scale, progress.moves, progress.trace, *systems.values())
    whole = all(type(count) is int and count >= 0 for count in counts) and progress.scale >= 1
    if not whole or type(progress.identity) is not str:
        raise ConstructionError(f"need counts and a digest in the header of a checkpoint, got others, at {path}")
    return progress


def identity_of(net: Trainable, settings: dict[str, Any]) -> str:
    """The digest of a network (names and hints apart) and of settings that JSON can hold, rationals as text.

    >>> from fractions import Fraction
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    >>> one, again, other = (identity_of(net, {"seed": seed}) for seed in (1, 1, 2))
    >>> one == again, one == other
    (True, False)
    """
    flat = net.network
    arrays = (flat.offsets, flat.sources, flat.weights, net.sampled, net.frozen)
    parts = [part for array in arrays for part in (len(array).to_bytes(8, "little"), np.ascontiguousarray(array).data)]
    shape = [len(flat.inputs), flat.scale, net.output, repr(flat.sigma), repr(net.last)]
    return sha256_of(*parts, json.dumps([shape, settings], sort_keys=True, default=str).encode())
