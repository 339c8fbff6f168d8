"""Attacks that move weights: by as little as the file can say, by much, or several together so that they nearly fit.

Each is a function of ``source``, which draws at random from a seed, ``base``, the network that is attacked with the
places of its parts, and ``draft``, the network's arrays, which it changes. It returns what it did in words, or None if
this network gives it nothing to change.
"""

from fractions import Fraction
from random import Random

import numpy as np

from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.mutants import changes, said, some_edge, some_vertex

MOST = (1 << 60) - 1


def _moved(base: Base, draft: NetworkDraft, edge: int, weight: int) -> str:
    old = int(draft.weights[edge])
    draft.weights[edge] = weight
    return f"weight of {said(base, draft, edge)}: {Fraction(old, draft.scale)} to {Fraction(weight, draft.scale)}"


@changes("weight, one unit")
def one_unit(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A weight is one unit of the file's scale larger or smaller."""
    edge = some_edge(source, base, draft)
    return _moved(base, draft, edge, int(draft.weights[edge]) + source.choice((-1, 1)))


@changes("weight, one unit of a finer scale")
def finest(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A weight is moved by one unit of a finer scale, which is less than any margin."""
    draft.finer(1 << source.choice((1, 4, 10, 20, 30)))
    edge = some_edge(source, base, draft)
    return _moved(base, draft, edge, int(draft.weights[edge]) + source.choice((-1, 1)))


@changes("weight, a part of itself")
def slightly(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A weight moved by 1/3 to 1/1000 of itself, either way."""
    draft.finer(1000)
    edge = some_edge(source, base, draft)
    old = int(draft.weights[edge])
    return _moved(base, draft, edge, old + source.choice((-1, 1)) * (old // source.choice((3, 5, 10, 30, 100, 1000))))


@changes("weight, other sign")
def negated(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A weight with the other sign."""
    edge = some_edge(source, base, draft)
    return _moved(base, draft, edge, -int(draft.weights[edge]))


@changes("weight, doubled or halved")
def doubled(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A weight is doubled or halved."""
    draft.finer(2)
    edge = some_edge(source, base, draft)
    old = int(draft.weights[edge])
    return _moved(base, draft, edge, source.choice((2 * old, old // 2)))


@changes("weight, zero")
def zero(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A weight of 0: the edge stays and does nothing."""
    return _moved(base, draft, some_edge(source, base, draft), 0)


@changes("weight, huge")
def huge(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Up to what a file may hold, either sign, and the least 64-bit integer."""
    edge = some_edge(source, base, draft)
    sizes = (MOST, 1 << 59, (1 << 53) + 1, 1 << 40, 1000 * draft.scale, 1 << 60, 1 << 62)
    weight = source.choice((-1, 1)) * source.choice(sizes)
    return _moved(base, draft, edge, weight if source.random() < 0.9 else -(1 << 63))


@changes("weights, huge and cancelling")
def cancelling(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Two edges into one vertex moved by the same amount, one up and one down, so that sums of sizes overflow."""
    vertex = some_vertex(source, base)
    edges = draft.into(vertex)
    if len(edges) < 2:
        return None
    one, other = source.sample(edges, 2)
    amount = source.choice((MOST // 2, 1 << 55, 1 << 30, 4 * draft.scale, draft.scale))
    text = _moved(base, draft, one, int(draft.weights[one]) + amount)
    return text + "; " + _moved(base, draft, other, int(draft.weights[other]) - amount)


@changes("weights that wrap around")
def wrapping(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A gate gets five or more edges of the largest weights from bits: what they add up to does not fit in 64 bits."""
    steady = [parts["gate"][-1] for parts in base.rounds] + base.parts["predictor"][-1:] + base.parts["start"]
    head = source.choice(steady) if source.random() < 0.7 else some_vertex(source, base, "gate", "predictor")
    bits = [v for name in ("adaptor", "start", "random", "gate") for v in base.parts.get(name, ())]
    before = [v for v in bits if v < head and draft.edge(v, head) < 0]
    if len(before) < 5:
        return None
    chosen = source.sample(before, min(len(before), source.randrange(5, 10)))
    for v in chosen:
        draft.add(v, head, source.choice((1, 1, -1)) * (MOST - source.randrange(3)))
    return f"{len(chosen)} edges of the largest weights into {head} ({base.part_of(head)})"


@changes("weights of two edges exchanged")
def exchanged(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Of the same head, or of two edges into the same part."""
    vertex = some_vertex(source, base)
    part = base.part_of(vertex)
    other_vertex = vertex if source.random() < 0.5 else source.choice(base.parts[part])
    one, other = source.choice(draft.into(vertex)), source.choice(draft.into(other_vertex))
    first, second = int(draft.weights[one]), int(draft.weights[other])
    if first == second:
        return None
    return _moved(base, draft, one, second) + "; " + _moved(base, draft, other, first)


@changes("all weights into a vertex times a factor")
def scaled(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """All weights into a vertex by one factor: a gate that is steeper or less steep, a copy's vertex with another
    gain."""
    draft.finer(16)
    vertex, (up, down) = (
        some_vertex(source, base),
        source.choice(((2, 1), (3, 2), (17, 16), (15, 16), (1, 2), (-1, 1), (3, 1))),
    )
    edges = draft.into(vertex)
    draft.weights[edges] = draft.weights[edges] * up // down
    return f"weights into {vertex} ({base.part_of(vertex)}) times {up}/{down}"


@changes("weights, on a kink")
def on_a_kink(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The constant's edge moved so that some pattern of bits puts the pre-activation on a kink, or one unit beside
    it."""
    vertex = some_vertex(source, base, "gate", "predictor", "vc", "canceller", "primary", "final", "adaptor", "start")
    edges = draft.into(vertex)
    values = [1 if draft.tails[e] == 0 else source.choice((-2, 2)) for e in edges]
    if base.part_of(vertex) == "adaptor":
        values = [1 if draft.tails[e] == 0 else source.choice((0, 1)) for e in edges]
    pre = sum(int(draft.weights[e]) * value for e, value in zip(edges, values, strict=True))
    wanted = source.choice((-3, -1, 0, 2)) * draft.scale + source.choice((-1, 0, 0, 0, 1))
    edge = draft.edge(0, vertex)
    if edge < 0:
        edge = draft.add(0, vertex, 0)
    return _moved(base, draft, edge, int(draft.weights[edge]) + wanted - pre)


@changes("weight into the output")
def to_output(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A weight into the output moved by little, or exchanged with that of another vertex that feeds it."""
    edges = draft.into(draft.output)
    if len(edges) < 2:
        return None
    edge, other = source.sample(edges, 2)
    if source.random() < 0.4 and draft.weights[edge] != draft.weights[other]:
        first, second = int(draft.weights[edge]), int(draft.weights[other])
        return _moved(base, draft, edge, second) + "; " + _moved(base, draft, other, first)
    draft.finer(64)
    return _moved(
        base, draft, edge, int(draft.weights[edge]) + source.choice((-1, 1)) * source.choice((1, 16, 64, 256, 1024))
    )


@changes("a random bit's weight")
def random_weight(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Its size: about the ends of sigma, zero, or more."""
    if not draft.sampled:
        return None
    edge = source.choice(draft.sampled)
    size = source.choice((0, 1, 2, 3, 5, 8, 100)) * draft.scale + source.choice((-1, 0, 1))
    return _moved(base, draft, edge, source.choice((-1, 1)) * size)


def _copy(source: Random, base: Base) -> tuple[dict[str, int], list[int]]:
    parts = source.choice(base.rounds)
    c, k = source.randrange(len(parts["v3"])), base.plan.decoder.bits
    return {name: parts[name][c] for name in ("v1", "v2", "v2'", "v3", "vc", "canceller")}, parts["digit"][
        c * k : (c + 1) * k
    ]


@changes("a copy's resting weight with its levels")
def resting(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """v0 -> v1 by a little, and the digits' levels and the canceller so that all still fits (or the last not)."""
    if not base.rounds:
        return None
    at, digits = _copy(source, base)
    draft.finer(64)
    part = Fraction(source.choice((-8, -2, -1, 1, 2, 8)), source.choice((64, 256)))
    part, follows = Fraction(int(part * draft.scale), draft.scale), source.random() < 0.7
    first = draft.edge(0, at["v1"])
    draft.weights[first] += int(part * draft.scale)
    for digit in digits:
        level, slope = draft.edge(0, digit), draft.edge(at["v1"], digit)
        draft.weights[level] -= int(part * int(draft.weights[slope]))
    if follows:
        gain = draft.edge(at["v3"], draft.output)
        edge = draft.edge(at["canceller"], draft.output)
        draft.weights[edge] += int(part * abs(int(draft.weights[gain])))
    other = "follows" if follows else "does not"
    return f"resting weight of the copy at {at['v1']} by {part}, levels follow, canceller {other}"


@changes("a copy's two paths together")
def paths(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Both edges into, or out of, v2 and v2', or both of vc's, moved alike or apart."""
    if not base.rounds:
        return None
    at, _ = _copy(source, base)
    draft.finer(64)
    pairs = ((("v1", "v2"), ("v1", "v2'")), (("v2", "v3"), ("v2'", "v3")), (("vc", "v2"), ("vc", "v2'")))
    one, other = (draft.edge(at[u], at[v]) for u, v in source.choice(pairs))
    amount = source.choice((-1, 1)) * source.choice((1, 8, 64, draft.scale // 16, draft.scale))
    return (
        _moved(base, draft, one, int(draft.weights[one]) + amount)
        + "; "
        + _moved(base, draft, other, int(draft.weights[other]) + source.choice((-1, 1)) * amount)
    )


@changes("a digit's weights")
def digit(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A level or a carry moved by a part of a half step (6)."""
    if not base.rounds:
        return None
    vertex = some_vertex(source, base, "digit")
    draft.finer(16)
    edge = source.choice(draft.into(vertex))
    amount = int(Fraction(source.choice((1, 2, 3, 5, 6, 7, 12)), source.choice((1, 2, 12))) * draft.scale)
    return _moved(base, draft, edge, int(draft.weights[edge]) + source.choice((-1, 1)) * amount)


@changes("gain of a copy with its canceller")
def gain(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """v3 -> v4 and the canceller's weight, so that the output is held but the record's steps are others; of one copy,
    or of all but the clock's, or of the clock's."""
    if not base.rounds:
        return None
    parts = source.choice(base.rounds)
    count = len(parts["v3"])
    copies = source.choice(([source.randrange(count)], [*range(1, count)], [0]))
    draft.finer(256)
    factor = Fraction(source.choice((15, 17, 18, 18, 20, 20, 21, 24, 31, 32, 33)), source.choice((16, 16, 32)))
    if factor == 1 or not copies:
        return None
    edges = [draft.edge(parts[name][c], draft.output) for c in copies for name in ("v3", "canceller")]
    for edge in edges:
        draft.weights[edge] = int(int(draft.weights[edge]) * factor)
    return f"gains of the copies {copies} at {parts['v1'][0]} times {factor}, cancellers follow"


@changes("the held output of a round")
def held(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A primary control's weight: the output is held at another value."""
    edge = draft.edge(source.choice(base.parts["primary"]), draft.output) if base.rounds else -1
    if edge < 0:
        return None
    draft.finer(64)
    step = source.choice((1, 8, 64, int(np.abs(draft.weights[edge])) // 16))
    return _moved(base, draft, edge, int(draft.weights[edge]) + source.choice((-1, 1)) * step)
