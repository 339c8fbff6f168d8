"""Network files (``.qgn``), read from their documentation.

Eight bytes QGNET 0 0 1; the length of the header, eight bytes, little endian; the header in JSON; the arrays offsets,
sources, weights, sampled and frozen, little-endian 64-bit integers. Edge i with offsets[v] <= i < offsets[v + 1] leads
from sources[i] < v to v and has the weight weights[i] / scale. Vertex 0 is the constant and returns 1; 1 to n are the
inputs. Sampled edges take the sign of a bit of the random string, in their order; frozen ones do not train.
"""

import hashlib
import json
import sys
from array import array
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from independent.aiger import FileError

MAGIC = b"QGNET\0\0\1"
NAMES = ["offsets", "sources", "weights", "sampled", "frozen"]
FIGURE_1 = {"kinks": [-3, -1, 0, 2], "slopes": [0, 1, 0, 1, 0], "value": -2}
"""sigma: -2 up to -3, x + 1 up to -1, 0 up to 0, x up to 2, then 2."""


@dataclass(frozen=True)
class Network:
    """A network and its training. ``into[v]`` are the edges into v, ``out[v]`` the heads of its own, ``head[i]``
    that of edge i."""

    inputs: int
    size: int
    sources: list[int]
    weights: list[int]
    scale: int
    into: list[range]
    out: list[list[int]]
    head: list[int]
    output: int
    rho: Fraction
    rate: Fraction
    batch: int
    steps: int
    sampled: list[int]
    frozen: frozenset[int]


def read_network(path: Path | str) -> Network:
    """The network of a file."""
    data = Path(path).read_bytes()
    if data[:8] != MAGIC:
        raise FileError(f"need a network file, got {data[:8]!r}, at {path}")
    wide = int.from_bytes(data[8:16], "little")
    header, body = json.loads(data[16 : 16 + wide]), data[16 + wide :]
    for name in ("sigma", "last"):
        if header[name] is not None and not _is_figure_1(header[name]):
            raise FileError(f"need the activation of Figure 1, got another one, at {name}")
    if header["loss"] != "half the square" or header["labels"] != [0, 1]:
        raise FileError("need half the square and the labels 0 and 1")
    arrays = _arrays(header, body)
    return _network(header, arrays)


def _is_figure_1(said: dict[str, Any]) -> bool:
    numbers = {name: [Fraction(text) for text in said[name]] for name in ("kinks", "slopes")}
    return numbers | {"value": Fraction(said["value"])} == FIGURE_1


def _arrays(header: dict[str, Any], body: bytes) -> dict[str, list[int]]:
    if [row["name"] for row in header["arrays"]] != NAMES or hashlib.sha256(body).hexdigest() != header["sha256"]:
        raise FileError("need the five arrays, with the digest in the header")
    words = array("q", body)
    if sys.byteorder == "big":
        words.byteswap()
    found, at = {}, 0
    for row in header["arrays"]:
        found[row["name"]] = words[at : at + row["length"]].tolist()
        at += row["length"]
    if at != len(words):
        raise FileError(f"need {at} numbers, got {len(words)}")
    return found


def _network(header: dict[str, Any], arrays: dict[str, list[int]]) -> Network:
    offsets, sources = arrays["offsets"], arrays["sources"]
    size, n = len(offsets) - 1, len(header["inputs"])
    into = [range(offsets[v], offsets[v + 1]) for v in range(size)]
    out: list[list[int]] = [[] for _ in range(size)]
    head = [0] * len(sources)
    for v, edges in enumerate(into):
        for i in edges:
            if not 0 <= sources[i] < v or v <= n:
                raise FileError(f"need edges that lead upwards, to no source, got {sources[i]} to {v}")
            out[sources[i]].append(v)
            head[i] = v
    return Network(
        inputs=n,
        size=size,
        sources=sources,
        weights=arrays["weights"],
        scale=header["scale"],
        into=into,
        out=out,
        head=head,
        output=header["output"],
        rho=Fraction(header["rho"]),
        rate=Fraction(header["rate"]),
        batch=header["batch"],
        steps=header["steps"],
        sampled=arrays["sampled"],
        frozen=frozenset(arrays["frozen"]),
    )
