"""The parts of the network by their edges: copies, drivers, controls, random bits, gates (premises b, c, d, h, k).

A copy is v1, v2, v2', v3, vc and digits vr0, ..., vr(k-1). It must have exactly the edges of Definition 2: what leads
to v1, v2, v2', v3 and the digits is listed and compared, and the number of edges away from v1, v2, v2', v3 and vc is
the number of those that were compared. So nothing else touches a copy. One step moves the edges of a copy only while
it acts, and then as Lemma 11 says (``memory.py``).

vc and the controls read bits. For all values of these bits they must be strictly flat, so no gradient passes: all
values are tried. What leads to the output is a v3 or a control, whatever the weight. Gates read the constant, inputs
and bits of their own or an earlier round, digits and random bits only of their own round.

>>> from io import BytesIO
>>> from verify.attacks.bases import base
>>> from verify.attacks.certificates import honest
>>> from verify.recheck.layout import laid_out
>>> from verify.recheck.machine import read_machine
>>> from verify.recheck.network import read_network
>>> name = "conjunction by queries, minimal"  # a learner of four rounds
>>> cert, net = honest(name), read_network(BytesIO(base(name).data))
>>> layout = laid_out(net, read_machine(cert["machine"].encode()), cert)
>>> parts = taken_apart(net, layout)
>>> len(parts.form), len(parts.memory)  # eight copies of two kinds, Q and Q'
(8, 2)
>>> operands, table = parts.vcs.of(0)
>>> drivers(net, layout, layout.rounds[0].copies[:1, 4]).of(0) == (operands, table), table
(True, {(0,): 0, (1,): 2})
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from verify.recheck.layout import COIN, CONSTANT, DIGIT, GATE, INPUT, MEMORY, PATH, VC, Layout
from verify.recheck.network import Integers, Network
from verify.recheck.reading import need
from verify.recheck.sides import digit_weights, signed_rows, weights_into

MOST_OPERANDS, MOST_EDGES = 8, 16
Table = Mapping[tuple[int, ...], int]


@dataclass(frozen=True, kw_only=True, eq=False)
class Drivers:
    """What drives some vertices: (M, E) operands, -1 where there is none, and the number of each one's distinct row of
    weights, with the value (-2, 0 or 2) for all bits of its operands.
    """

    operands: Integers
    form: Integers
    tables: Sequence[Table]

    def of(self, i: int) -> tuple[list[int], Table]:
        """Operands and values of the i-th vertex."""
        return [u for u in self.operands[i].tolist() if u >= 0], self.tables[int(self.form[i])]


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """Copies (all rounds in order) with the number of their distinct row of weights; what drives their vc; controls
    and their weights.

    Parameters
    ----------
    memory, form : the distinct rows of weights, and for each copy the number of its row.
    vcs, controls : what drives them; of a copy with two sides pc's and then nc's.
    to_output : the weight of each control to the output, over the scale.
    """

    memory: Sequence[tuple[int, ...]]
    form: Integers
    vcs: Drivers
    controls: Drivers
    to_output: Integers


def taken_apart(net: Network, layout: Layout) -> Parts:
    """All parts of a network, checked, with the kinds and rounds that its layout says; RefusedError names the premise
    that fails."""
    _check_coins(net, layout)
    _check_frozen(net, layout)
    _check_gates(net, layout)
    columns = layout.rounds[0].columns if layout.rounds else MEMORY
    wide = layout.rounds[0].copies.shape[1] if layout.rounds else columns.head + 1
    copies = (
        np.concatenate([round_.copies for round_ in layout.rounds]) if layout.rounds else np.zeros((0, wide), np.int64)
    )
    controls = np.concatenate([round_.controls for round_ in layout.rounds]) if layout.rounds else layout.final
    last, low, high = copies[:, columns.last].ravel(), int(net.offsets[net.output]), int(net.offsets[net.output + 1])
    need(
        np.array_equal(np.sort(np.concatenate((last, controls))), net.sources[low:high]),
        "(b) edges into the output from v3s and controls alone",
    )
    need(bool((net.fan_out[controls] == 1).all()), "(b) controls that lead to the output alone")
    rows = signed_rows(net, copies) if len(columns.last) > 1 else _memory_rows(net, copies, low)
    kinds, form = np.unique(rows, axis=0, return_inverse=True)
    vcs, found = drivers(net, layout, copies[:, columns.driven].ravel()), drivers(net, layout, controls)
    need(
        all(sorted(table.values()) == [0, 2] for table in vcs.tables),
        "(d) a vc that returns 0 for one value of a bit and 2 for the other",
    )
    to_output = net.weights[low + np.searchsorted(net.sources[low:high], controls)]
    return Parts(
        memory=[tuple(row) for row in kinds.tolist()], form=form.ravel(), vcs=vcs, controls=found, to_output=to_output
    )


def _check_coins(net: Network, layout: Layout) -> None:
    coins = net.heads(net.sampled)
    need(
        bool((net.sources[net.sampled] == 0).all() and (net.fan_in[coins] == 1).all()),
        "(h) random bits that the constant alone drives",
    )
    need(bool((np.abs(net.weights[net.sampled]) > 3 * net.scale).all()), "(h) random bits that are strictly flat")
    need(bool((layout.kind[coins] == COIN).all()), "(h) random bits that are nothing else")


def _check_frozen(net: Network, layout: Layout) -> None:
    heads, tails = layout.kind[net.heads(net.frozen)], layout.kind[net.sources[net.frozen]]
    need(
        not np.isin(heads, (PATH, DIGIT)).any() and not np.isin(tails, (PATH, VC)).any(),
        "(i) edges of copies that all train",
    )


def _check_gates(net: Network, layout: Layout) -> None:
    """Gates read what carries a bit, an input or the constant, of no later round."""
    allowed, own_round = np.zeros(9, np.bool_), np.zeros(9, np.bool_)
    allowed[[CONSTANT, INPUT, GATE, COIN, DIGIT]] = True
    own_round[[COIN, DIGIT]] = True
    for low, high, edges in net.pieces():
        heads = np.repeat(np.arange(low, high), net.fan_in[low:high])
        tails, is_gate = net.sources[edges], layout.kind[heads] == GATE
        need(
            bool((~is_gate | allowed[layout.kind[tails]]).all()),
            f"(c), (k) gates between {low} and {high} that read no path, vc or control",
        )
        gap = layout.of[heads] - layout.of[tails]
        wrong = (gap < 0) | (own_round[layout.kind[tails]] & (gap != 0))
        wrong &= is_gate & (net.weights[edges] != 0)
        need(
            not wrong.any(),
            f"(k) gates between {low} and {high} that read earlier rounds, and digits and random bits of their own",
        )


def _memory_rows(net: Network, copies: Integers, low: int) -> Integers:
    """(C, E) the weights of each copy: v0v1, v1v2, v1v2', v2v3, v2'v3, v3v4, vcv2, vcv2', vcv3, then for each digit
    from v0, v1 and the higher digits. ``low``: the first edge into the output.
    """
    v1, v2, v2_, v3, vc = copies[:, :5].T
    to_output = low + np.searchsorted(net.sources[low : int(net.offsets[net.output + 1])], v3)
    digits, zero = copies[:, 5:], np.zeros(len(copies), np.int64)
    k = digits.shape[1]
    for vertices, many, what in ((v1, k + 2, "v1"), (v2, 1, "v2"), (v2_, 1, "v2'"), (v3, 1, "v3"), (vc, 3, "vc")):
        need(bool((net.fan_out[vertices] == many).all()), f"(c) a {what} that leads to {many} vertices")
    one = weights_into(net, v1, zero[:, None], "a v1")
    two, two_ = (weights_into(net, v, np.stack((v1, vc), 1), "a v2 or v2'") for v in (v2, v2_))
    three = weights_into(net, v3, np.stack((v2, v2_, vc), 1), "a v3")
    rows = [
        one[:, 0],
        two[:, 0],
        two_[:, 0],
        three[:, 0],
        three[:, 1],
        net.weights[to_output],
        two[:, 1],
        two_[:, 1],
        three[:, 2],
    ]
    return np.stack([*rows, *digit_weights(net, v1, digits)], 1)


def drivers(net: Network, layout: Layout, vertices: Integers) -> Drivers:
    """What drives some vertices of a network, each a vc or a control: bits of their own or an earlier round; each is
    strictly flat for all values of these bits.

    ``net`` is the network, ``layout`` says of which kind and round each vertex is.

    Raises
    ------
    RefusedError
        For anything else.
    """
    need(
        not len(vertices) or int(net.fan_in[vertices].max()) <= MOST_EDGES,
        f"(d) a vc or control with at most {MOST_EDGES} edges into it",
    )
    places = np.arange(int(net.fan_in[vertices].max(initial=0)))
    there = places < net.fan_in[vertices][:, None]
    at = np.where(there, net.offsets[vertices][:, None] + places, 0)
    tails, weights = np.where(there, net.sources[at], 0), np.where(there, net.weights[at], 0)
    need(
        bool(np.isin(layout.kind[tails], (CONSTANT, GATE, COIN, DIGIT)).all()),
        "(d) bits alone, not inputs or paths, that drive vc and controls",
    )
    driven = (tails > 0) & (weights != 0)
    gap = layout.of[vertices][:, None] - layout.of[tails]
    far = (gap < 0) | (np.isin(layout.kind[tails], (COIN, DIGIT)) & (gap != 0))
    need(not (far & driven).any(), "(e) a vc or control of the round of what drives it")
    operands = np.where(driven, tails, -1)
    rows = np.concatenate((np.where(tails == 0, weights, 0).sum(1, keepdims=True), np.where(driven, weights, 0)), 1)
    kinds, form = np.unique(rows, axis=0, return_inverse=True)
    tables = [_table(row[0], [w for w in row[1:] if w], net.scale) for row in kinds.tolist()]
    return Drivers(operands=operands, form=form.ravel(), tables=tables)


def _table(bias: int, weights: Sequence[int], scale: int) -> Table:
    """The value for all bits of the operands."""
    need(len(weights) <= MOST_OPERANDS, f"(d) a vc or control that at most {MOST_OPERANDS} bits drive")
    found = {}
    for bits in product((0, 1), repeat=len(weights)):
        z = bias + sum(w * (4 * bit - 2) for w, bit in zip(weights, bits, strict=True))
        need(
            z < -3 * scale or -scale < z < 0 or z > 2 * scale, "(d) a vc or control that is strictly flat for all bits"
        )
        found[bits] = -2 if z < -3 * scale else 2 if z > 2 * scale else 0
    return found
