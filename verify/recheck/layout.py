"""Which vertex belongs to which round: a claim of the certificate, against which everything else is measured.

The entry of a round lists its vertices in one row: for each copy v1, v2, v2', v3, vc and its digits (the clock first),
then its controls, then its gates (a copy of a machine for whole batches is v1, p2, p2', p3, pc, n2, n2', n3, nc and its
digits); and the row of the vertices of earlier rounds that it reads. A row is written as runs, [first, count, first,
count, ...]. A round that is ``like`` an earlier one has both rows in that round's order
and says nothing else. The random bits of round t are the heads of the sampled edges (t - 1) r to t r - 1. Vertices
that no round lists depend on x alone: they are of round 0.

>>> from io import BytesIO
>>> from verify.attacks.bases import base
>>> from verify.attacks.certificates import honest
>>> from verify.recheck.machine import read_machine
>>> from verify.recheck.network import read_network
>>> name = "conjunction by queries, minimal"  # a learner of four rounds
>>> cert, net = honest(name), read_network(BytesIO(base(name).data))
>>> layout = laid_out(net, read_machine(cert["machine"].encode()), cert)
>>> [(len(round_.copies), len(round_.controls), len(round_.gates)) for round_ in layout.rounds]
[(2, 3, 37), (2, 3, 38), (2, 3, 37), (2, 4, 30)]
>>> v = int(layout.rounds[1].copies[0, 4])
>>> int(layout.kind[v]) == VC, int(layout.of[v])
(True, 2)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from verify.recheck.machine import Machine
from verify.recheck.network import Integers, Network
from verify.recheck.reading import entry, need, well_formed, whole

CONSTANT, INPUT, GATE, COIN, DIGIT, PATH, VC, CONTROL, OUTPUT = range(9)
MOST_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the vertices of a copy stand in its row: those of the paths, those from which it is driven (one for each
    side), and the last of each side, which lead to the output. Digits follow."""

    paths: tuple[int, ...]
    driven: tuple[int, ...]
    last: tuple[int, ...]

    @property
    def head(self) -> int:
        """The place of the first digit."""
        return len(self.paths) + len(self.driven)


MEMORY = Columns(paths=(0, 1, 2, 3), driven=(4,), last=(3,))
SIGNED = Columns(paths=(0, 1, 2, 3, 5, 6, 7), driven=(4, 8), last=(3, 7))
"""Copies of Definition 2, and those of a machine for whole batches, which have two sides."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Round:
    """One round.

    Parameters
    ----------
    number : t. like : the round that it is like, or 0. copies : (C, head + k). controls, gates, reads, coins :
    vertices. said : its entry. columns : what stands where in the row of a copy.
    """

    number: int
    like: int
    copies: Integers
    controls: Integers
    gates: Integers
    reads: Integers
    coins: Integers
    said: Mapping[str, Any]
    columns: Columns = MEMORY

    @property
    def digits(self) -> Integers:
        """(C, k) the digits of the copies."""
        return self.copies[:, self.columns.head :]

    @property
    def vertices(self) -> Integers:
        """All that belong to it but its coins, in one row."""
        return np.concatenate((self.copies.ravel(), self.controls, self.gates))


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """All rounds, the ``final`` controls, what each vertex is (``kind``), and its round (``of``, 0 for what depends on
    x alone)."""

    rounds: Sequence[Round]
    kind: npt.NDArray[np.int8]
    of: npt.NDArray[np.int32]
    final: Integers


def expanded(runs: Any, net: Network, where: str) -> Integers:
    """The vertices of some runs."""
    well_formed(
        isinstance(runs, list) and len(runs) % 2 == 0 and set(map(type, runs)) <= {int}, f"runs of vertices, at {where}"
    )
    need(not runs or (min(runs) >= 0 and max(runs) <= net.size), f"runs of vertices of the network, at {where}")
    firsts, counts = np.array(runs[::2], np.int64), np.array(runs[1::2], np.int64)
    need(int(counts.sum()) <= net.size, f"runs of no more vertices than there are, at {where}")
    begins = np.cumsum(counts) - counts
    found = np.arange(int(counts.sum())) + np.repeat(firsts - begins, counts)
    need(not len(found) or int(found.max()) < net.size, f"runs of vertices of the network, at {where}")
    return np.asarray(found)


def laid_out(net: Network, machine: Machine, cert: Mapping[str, Any]) -> Layout:
    """The rounds of a network that a certificate describes for a machine; every vertex has one kind and one round
    (premises b, c, h).

    ``net`` is the network, ``cert`` the certificate's entries.

    Raises
    ------
    RefusedError
        If a vertex has none, or two, or the certificate's rounds are not the machine's.
    MalformedError
        If an entry is not written as it must be.
    """
    entries = entry(cert, "rounds", list, "the certificate")
    need(
        len(entries) == net.steps == machine.rounds,
        f"(i) as many rounds as steps ({net.steps}) and rounds of the machine ({machine.rounds})",
    )
    digits = whole(cert.get("digits"), 1, MOST_DIGITS, "digits") if entries else 1
    bits = len(machine.port("random"))
    need(
        len(net.sampled) == net.steps * bits,
        f"(h) a sampled edge for each of {bits} random bits of each of {net.steps} rounds",
    )
    coins = net.heads(net.sampled).reshape(net.steps, bits)
    rounds, columns = list[Round](), SIGNED if machine.points else MEMORY
    for t, said in enumerate(entries, 1):
        need(isinstance(said, dict), f"an object for round {t}")
        rounds.append(_round(net, t, said, rounds, columns, digits, coins[t - 1]))
    return _marked(net, rounds, expanded(entry(cert, "final", list, "the certificate"), net, "final"), coins.ravel())


def _round(
    net: Network,
    t: int,
    said: Mapping[str, Any],
    before: Sequence[Round],
    columns: Columns,
    digits: int,
    coins: Integers,
) -> Round:
    where, wide = f"round {t}", columns.head + digits
    like = whole(said.get("like", 0), 0, t - 1, where)
    need(
        not like or (set(said) == {"like", "vertices", "reads"} and not before[like - 1].like),
        f"a round to be like that is proved itself, at {where}",
    )
    row = expanded(said.get("vertices"), net, where)
    if like:
        model = before[like - 1]
        copies, controls = len(model.copies), len(model.controls)
        need(len(row) == len(model.vertices), f"as many vertices as round {like} has, at {where}")
    else:
        copies, controls = (
            whole(said.get(name), low, net.size, where) for name, low in (("copies", 1), ("controls", 0))
        )
    cut = copies * wide
    need(len(row) >= cut + controls, f"vertices for {copies} copies and {controls} controls, at {where}")
    return Round(
        number=t,
        like=like,
        copies=row[:cut].reshape(copies, wide),
        controls=row[cut : cut + controls],
        gates=row[cut + controls :],
        reads=expanded(said.get("reads"), net, where),
        coins=coins,
        said=said,
        columns=columns,
    )


def _marked(net: Network, rounds: Sequence[Round], final: Integers, coins: Integers) -> Layout:
    kind, of = np.full(net.size, GATE, np.int8), np.zeros(net.size, np.int32)
    kind[0], kind[1 : net.n + 1], kind[net.output] = CONSTANT, INPUT, OUTPUT
    listed = 0
    for round_ in rounds:
        for what, vertices in (
            (PATH, round_.copies[:, round_.columns.paths]),
            (VC, round_.copies[:, round_.columns.driven]),
            (DIGIT, round_.digits),
            (CONTROL, round_.controls),
            (COIN, round_.coins),
        ):
            need(
                bool((kind[vertices] == GATE).all() and (of[vertices] == 0).all()),
                f"(c) a vertex that has one part only, in round {round_.number}",
            )
            kind[vertices], of[vertices] = what, round_.number
            listed += vertices.size
        need(
            bool((kind[round_.gates] == GATE).all() and (of[round_.gates] == 0).all()),
            f"(k) a gate that is nothing else, in round {round_.number}",
        )
        of[round_.gates] = round_.number
        listed += len(round_.gates)
    need(listed == np.count_nonzero(of), "(c), (k) every vertex once in one round")
    if not rounds:
        need(bool((kind[final] == GATE).all()), "(f) final controls that are nothing else")
        kind[final] = CONTROL
    need(len(np.unique(final)) == len(final) and bool((kind[final] == CONTROL).all()), "(f) final controls, each once")
    need(not rounds or bool((of[final] == len(rounds)).all()), "(f) final controls of the last round")
    return Layout(rounds=rounds, kind=kind, of=of, final=final)
