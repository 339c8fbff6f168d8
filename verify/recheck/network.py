"""The network, from its file: a header in JSON and five arrays of 64-bit integers, read once.

What is checked here follows from the arrays alone (premise a, and what premise i says of the header):

* edges lead from smaller to larger vertices, so there is no cycle; no two edges have the same ends;
* vertex 0 is the constant, 1 to n are the inputs; these alone have no edge into them, and the output alone has none
  out of it;
* every vertex has the two-stage ramp, the loss is half the square, labels are 0 and 1, rho and the rate are positive.

Weights are whole numbers over ``scale``. All sums below are taken in 64 bits, which is right because no vertex can
reach 2^62. Arrays are gone through in pieces, so that a large network needs little more memory than its file.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from verify.recheck.reading import entry, json_object, need, rational, well_formed, whole

Integers = npt.NDArray[np.int64]
MAGIC, ARRAYS = b"QGNET\0\0\1", ("offsets", "sources", "weights", "sampled", "frozen")
KEYS = {
    "inputs",
    "scale",
    "sigma",
    "last",
    "output",
    "rho",
    "rate",
    "batch",
    "steps",
    "loss",
    "labels",
    "arrays",
    "sha256",
    "hints",
}
RAMP = (["-3", "-1", "0", "2"], ["0", "1", "0", "1", "0"], "-2")
PIECE = 1 << 19
MOST_HEADER, MOST = 1 << 28, 1 << 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Network:
    """A network.

    Parameters
    ----------
    n : inputs. offsets (N + 1), sources, weights : the edges into vertex v are those from offsets[v] to offsets[v +
    1]. fan_in, fan_out : (N,). sampled, frozen : numbers of edges. sha256 : of the whole file.
    output : the vertex that nothing reads. rho, rate, batch, steps : how it is trained.
    """

    n: int
    offsets: Integers
    sources: Integers
    weights: Integers
    sampled: Integers
    frozen: Integers
    fan_in: npt.NDArray[np.int32]
    fan_out: npt.NDArray[np.int32]
    scale: int
    output: int
    rho: Fraction
    rate: Fraction
    batch: int
    steps: int
    sha256: str

    @property
    def size(self) -> int:
        """N."""
        return len(self.fan_in)

    def pieces(self) -> Iterator[tuple[int, int, slice]]:
        """Vertices in pieces: the first, the one behind the last, the edges into them."""
        yield from _pieces(self.offsets)

    def into(self, v: int) -> list[tuple[int, int]]:
        """The edges into a vertex: their tails and weights."""
        edges = slice(int(self.offsets[v]), int(self.offsets[v + 1]))
        return list(zip(self.sources[edges].tolist(), self.weights[edges].tolist(), strict=True))

    def heads(self, edges: Integers) -> Integers:
        """The vertices that some edges lead to."""
        return np.asarray(np.searchsorted(self.offsets, edges, side="right") - 1)


def _pieces(offsets: Integers) -> Iterator[tuple[int, int, slice]]:
    size = len(offsets) - 1
    for low in range(0, size, PIECE):
        high = min(low + PIECE, size)
        yield low, high, slice(int(offsets[low]), int(offsets[high]))


def read_network(stream: BinaryIO) -> Network:
    """The network that a file holds; RefusedError if it is none, or not of the shape above.

    >>> import io, json
    >>> arrays = {"offsets": [0, 0, 0, 2], "sources": [0, 1], "weights": [-3, 4], "sampled": [], "frozen": []}
    >>> raw = np.array(sum(arrays.values(), []), "<i8").tobytes()
    >>> kinks, slopes, value = RAMP
    >>> header = {"inputs": ["x"], "output": 2, "scale": 2, "sigma": {"kinks": kinks, "slopes": slopes, "value": value}}
    >>> header |= {"last": None, "rho": "1/8", "rate": "1", "batch": 1, "steps": 0, "loss": "half the square"}
    >>> header |= {"labels": [0, 1], "hints": {}, "sha256": hashlib.sha256(raw).hexdigest()}
    >>> header["arrays"] = [{"name": name, "length": len(row)} for name, row in arrays.items()]
    >>> text = json.dumps(header).encode()
    >>> net = read_network(io.BytesIO(MAGIC + len(text).to_bytes(8, "little") + text + raw))
    >>> net.size, net.into(2), net.scale, str(net.rho)
    (3, [(0, -3), (1, 4)], 2, '1/8')
    """
    start = stream.read(16)
    well_formed(len(start) == 16 and start[:8] == MAGIC, "a network file, which starts with its mark")
    length = whole(int.from_bytes(start[8:], "little"), 1, MOST_HEADER, "the header's length")
    text = stream.read(length)
    header = json_object(text, "the network's header", fractions=True)
    well_formed(set(header) == KEYS, "the keys of a network's header")
    lengths = _lengths(header)
    values = np.empty(sum(lengths), "<i8")
    raw = values.view(np.uint8).data
    got = stream.readinto(raw)  # type: ignore[attr-defined]
    well_formed(
        got == len(raw) and not stream.read(1), "arrays of the length that the header says, and nothing behind them"
    )
    file, body = hashlib.sha256(start + text), hashlib.sha256(raw)
    file.update(raw)
    well_formed(body.hexdigest() == header["sha256"], "arrays with the digest in the header")
    return _network(header, np.split(values, np.cumsum(lengths)[:-1]), file.hexdigest())


def _lengths(header: dict[str, Any]) -> list[int]:
    listed = entry(header, "arrays", list, "the header")
    well_formed(
        len(listed) == len(ARRAYS) and all(isinstance(row, dict) and set(row) == {"name", "length"} for row in listed),
        "five arrays",
    )
    well_formed(tuple(row["name"] for row in listed) == ARRAYS, f"the arrays {', '.join(ARRAYS)}")
    found = [whole(row["length"], 0, 1 << 32, "the length of an array") for row in listed]
    well_formed(found[0] >= 2 and found[1] == found[2], "offsets of vertices, and as many weights as sources")
    return found


def _network(header: dict[str, Any], arrays: list[Integers], sha256: str) -> Network:
    offsets, sources, weights, sampled, frozen = arrays
    names = _names(header, weights)
    n, size = len(names), len(offsets) - 1
    need(n + 1 < size, "more vertices than inputs")
    _check_settings(header)
    output = whole(header["output"], 1 + n, size - 1, "the output")
    fits = len(sources) and offsets[0] == 0 and offsets[-1] == len(sources) and (offsets[1:] >= offsets[:-1]).all()
    need(fits, "(a) offsets that rise from 0 to the number of edges")
    fan_in = np.diff(offsets).astype(np.int32)
    fan_out = _fan_out(offsets, sources, size)
    alone = bool((fan_in[: n + 1] == 0).all() and (fan_in[n + 1 :] > 0).all())
    need(alone, "(a) the constant and the inputs as the only sources")
    need(np.flatnonzero(fan_out == 0).tolist() == [output], "(a) one sink, the output")
    for edges in (sampled, frozen):
        exist = not len(edges) or (int(edges.min()) >= 0 and int(edges.max()) < len(sources))
        need(exist, "(h), (i) sampled and frozen edges that exist")
    return Network(
        n=n,
        offsets=offsets,
        sources=sources,
        weights=weights,
        sampled=sampled,
        frozen=frozen,
        fan_in=fan_in,
        fan_out=fan_out,
        scale=_in_lowest_terms(whole(header["scale"], 1, MOST - 1, "the scale"), weights, int(fan_in.max())),
        output=output,
        rho=rational(header["rho"], "rho"),
        rate=rational(header["rate"], "the rate"),
        batch=whole(header["batch"], 1, MOST - 1, "the batch"),
        steps=whole(header["steps"], 0, MOST - 1, "the steps"),
        sha256=sha256,
    )


def _names(header: dict[str, Any], weights: Integers) -> list[str]:
    """The names of the inputs; numbers, names and hints are what the format allows, and what every reader takes."""
    within = not len(weights) or bool(weights.min() > -MOST and weights.max() < MOST)
    well_formed(within, "weights, times their common denominator, within 2^60")
    names = entry(header, "inputs", list, "the header")
    well_formed(
        all(isinstance(name, str) and name and name.isprintable() for name in names) and len(set(names)) == len(names),
        "different names of the inputs, which can be printed",
    )
    well_formed(isinstance(header["hints"], dict), "an object of hints, which are not read")
    return list(names)


def _check_settings(header: dict[str, Any]) -> None:
    """(i): the activation, the loss, the labels, rho and the rate."""
    for place in ("sigma", "last"):
        ramp = header["sigma"] if place == "last" and header["last"] is None else header[place]
        need(isinstance(ramp, dict), "(i) an activation")
        found = (ramp.get("kinks"), ramp.get("slopes"), ramp.get("value"))
        need(found == RAMP, "(i) the two-stage ramp at every vertex")
    labels = header["labels"] == [0, 1] and all(type(label) is int for label in header["labels"])
    need(header["loss"] == "half the square" and labels, "(i) half the square as the loss, and labels 0 and 1")
    need(rational(header["rho"], "rho") > 0, "(i) rho above 0")
    need(rational(header["rate"], "the rate") > 0, "(i) a rate above 0")


def _fan_out(offsets: Integers, sources: Integers, size: int) -> npt.NDArray[np.int32]:
    """(N,) how many edges lead away from each vertex; edges lead upwards and no two have the same ends."""
    found = np.zeros(size, np.int32)
    for low, high, edges in _pieces(offsets):
        tails, heads = sources[edges], np.repeat(np.arange(low, high), np.diff(offsets[low : high + 1]))
        need(bool((tails >= 0).all() and (tails < heads).all()), "(a) edges that lead upwards")
        need(
            not bool(((tails[1:] <= tails[:-1]) & (heads[1:] == heads[:-1])).any()),
            "(a) no parallel edges, in ascending order",
        )
        found += np.bincount(tails, minlength=size).astype(np.int32)
    return found


def _in_lowest_terms(scale: int, weights: Integers, fan_in: int) -> int:
    """The scale, after it and all weights are divided by what they share if sums would not fit; all sums fit in 64
    bits then.
    """

    def largest() -> int:
        return max(int(weights.max()), -int(weights.min()), scale)

    if 8 * (fan_in + 2) * largest() >= 1 << 62:
        common = int(np.gcd(np.gcd.reduce(weights), scale))
        np.floor_divide(weights, common, out=weights)
        scale //= common
    need(8 * (fan_in + 2) * largest() < 1 << 62, "(a) weights that can be added up in 64 bits")
    return scale
