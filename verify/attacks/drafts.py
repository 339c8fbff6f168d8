"""A network's file taken apart, changed and put together again; nothing is refused here, so that wrong files can be
written too.

>>> data = file_of({"scale": 1}, bytes(8))
>>> data[:8] == MAGIC, header_of(data)
(True, ({'scale': 1}, b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00'))
"""

import json
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.foundations.files import sha256_of

Integers = npt.NDArray[np.int64]
MAGIC = b"QGNET\0\0\1"
NAMES = ("offsets", "sources", "weights", "sampled", "frozen")


def header_of(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The header and the arrays' bytes of a well-formed file."""
    size = struct.unpack("<Q", data[8:16])[0]
    header: dict[str, Any] = json.loads(data[16 : 16 + size])
    return header, data[16 + size :]


def file_of(header: Any, body: bytes) -> bytes:
    """A file with any header and any bytes behind it, the body."""
    text = header if isinstance(header, bytes) else json.dumps(header, sort_keys=True).encode()
    return MAGIC + struct.pack("<Q", len(text)) + text + body


class NetworkDraft:
    """A network under change: edges are rows (tails, heads, weights), known by numbers that stay; ``gone`` are removed.

    ``place`` says where each vertex of the first network is now; ``sampled`` and ``frozen`` are lists of edge numbers.

    >>> from verify.attacks.drafts import NetworkDraft
    >>> from fractions import Fraction
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> from constructions.networks.network_file import network_bytes, read_network_bytes
    >>> from constructions.networks.trainable import Trainable
    >>> draft = NetworkDraft(network_bytes(Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))))
    >>> draft.weights[draft.edge(1, 3)] = 5
    >>> read_network_bytes(draft.data()).network.weights.tolist()
    [-4, 5, 2]
    >>> draft.swap(1, 2)
    >>> draft.edge(1, 3), draft.edge(2, 3)
    (2, 1)
    >>> draft.renumber([0, 2, 1, 3])
    >>> draft.edge(1, 3), draft.edge(2, 3)
    (1, 2)
    >>> at = draft.insert(3)
    >>> number = draft.add(1, at, 7)
    >>> draft.size, draft.output, draft.into(at) == [number]
    (5, 4, True)
    >>> draft.remove([number])
    >>> draft.drop([at])
    >>> draft.size, draft.output, len(draft.edges)
    (4, 3, 3)
    >>> before = draft.scale
    >>> draft.finer(4)
    >>> draft.scale == 4 * before
    True
    """

    def __init__(self, data: bytes) -> None:
        self.header, body = header_of(data)
        rows = np.frombuffer(body, "<i8").astype(np.int64)
        ends = np.cumsum([entry["length"] for entry in self.header["arrays"]])
        offsets, self.tails, self.weights, sampled, frozen = np.split(rows, ends[:-1])
        self.size = len(offsets) - 1
        self.heads = np.repeat(np.arange(self.size), np.diff(offsets))
        self.sampled: list[int] = sampled.tolist()
        self.frozen: list[int] = frozen.tolist()
        self.gone: set[int] = set()
        self.place = np.arange(self.size)

    @property
    def scale(self) -> int:
        """What weights are over."""
        return int(self.header["scale"])

    @property
    def first(self) -> int:
        """The first vertex that is no source."""
        return 1 + len(self.header["inputs"])

    @property
    def output(self) -> int:
        """The output vertex."""
        return int(self.header["output"])

    @property
    def edges(self) -> list[int]:
        """The numbers of all edges that are left."""
        return [e for e in range(len(self.tails)) if e not in self.gone]

    def into(self, vertex: int) -> list[int]:
        """The edges into a vertex."""
        return [e for e in np.flatnonzero(self.heads == vertex).tolist() if e not in self.gone]

    def out_of(self, vertex: int) -> list[int]:
        """The edges out of a vertex."""
        return [e for e in np.flatnonzero(self.tails == vertex).tolist() if e not in self.gone]

    def edge(self, tail: int, head: int) -> int:
        """The edge from a tail to a head, or -1."""
        return next((e for e in self.into(head) if int(self.tails[e]) == tail), -1)

    def add(self, tail: int, head: int, weight: int) -> int:
        """A new edge from a tail to a head, its weight over the file's scale; returns its number."""
        self.tails, self.heads = np.append(self.tails, tail), np.append(self.heads, head)
        self.weights = np.append(self.weights, weight)
        return len(self.tails) - 1

    def remove(self, edges: Iterable[int]) -> None:
        """Take edges out, also from the lists of sampled and frozen ones."""
        self.gone |= set(edges)
        self.sampled = [e for e in self.sampled if e not in self.gone]
        self.frozen = [e for e in self.frozen if e not in self.gone]

    def finer(self, factor: int) -> None:
        """All weights over a larger scale."""
        self.weights = self.weights * factor
        self.header["scale"] = self.scale * factor

    def renumber(self, places: Sequence[int] | Integers) -> None:
        """Vertex v becomes ``places[v]``."""
        moved = np.asarray(places, np.int64)
        self.tails, self.heads, self.place = moved[self.tails], moved[self.heads], moved[self.place]
        self.header["output"] = int(moved[self.output])

    def swap(self, one: int, other: int) -> None:
        """Exchange the numbers of two vertices, ``one`` and ``other``."""
        places = np.arange(self.size)
        places[one], places[other] = other, one
        self.renumber(places)

    def insert(self, at: int) -> int:
        """A new vertex at a number; the later ones move up."""
        self.size += 1
        self.renumber(np.array([v + (v >= at) for v in range(self.size)]))
        return at

    def drop(self, vertices: Iterable[int]) -> None:
        """Take vertices out with all their edges; the later ones move down."""
        lost = sorted(set(vertices))
        self.remove([e for v in lost for e in (*self.into(v), *self.out_of(v))])
        below = np.searchsorted(np.array(lost, np.int64), np.arange(self.size))
        self.renumber(np.arange(self.size) - below)
        self.size -= len(lost)

    def data(self, *, digest: bool = True) -> bytes:
        """The file; without ``digest`` the header keeps the old one."""
        kept = np.array(self.edges, np.int64)
        order = kept[np.lexsort((self.tails[kept], self.heads[kept]))]
        position = {e: i for i, e in enumerate(order.tolist())}
        fan_in = np.bincount(self.heads[order], minlength=self.size)[: self.size]
        lists = [[position[e] for e in edges if e in position] for edges in (self.sampled, self.frozen)]
        rows = [np.concatenate(([0], np.cumsum(fan_in))), self.tails[order], self.weights[order], *lists]
        arrays = [np.array(row, np.int64).astype("<i8") for row in rows]
        body = b"".join(array.tobytes() for array in arrays)
        header = {**self.header, "arrays": [{"name": n, "length": len(a)} for n, a in zip(NAMES, arrays, strict=True)]}
        if digest:
            header["sha256"] = sha256_of(body)
        return file_of(header, body)
