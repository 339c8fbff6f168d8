"""Attacks on the shape: edges added (of weight 0 too), removed and redirected, vertices put in, taken out, exchanged
or used twice.

Each is a function of ``source``, which draws at random from a seed, ``base``, the network that is attacked with the
places of its parts, and ``draft``, the network's arrays, which it changes. It returns what it did in words, or None if
this network gives it nothing to change.

>>> from verify.attacks.bases import base
>>> attacked = base("conjunction by queries, minimal")
>>> def size(draft):
...     return draft.size, len(draft.heads) - len(draft.gone)
>>> for attack in (nothing_added, removed, vertex_added, vertex_removed, numbers):
...     draft = attacked.draft()
...     vertices, edges = size(draft)
...     said = attack(Random(1), attacked, draft)
...     print(f"{said}: {size(draft)[0] - vertices:+} vertices, {size(draft)[1] - edges:+} edges")
edge added, 6 (start) to 60 (v2), weight 0/48: +0 vertices, +1 edges
edge removed, 0 (a source or the output) to 3 (start): +0 vertices, -1 edges
vertex added at 36, alone: +1 vertices, +0 edges
vertex 227 (gate) removed: -1 vertices, -4 edges
numbers of 15 and 132 exchanged: +0 vertices, +0 edges
"""

from random import Random

from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.mutants import changes, said, some_edge, some_vertex

COPY = ("v1", "digit", "vc", "v2", "v2'", "v3")


def _weight(source: Random, draft: NetworkDraft) -> int:
    return source.choice((0, 0, 0, 1, -1, draft.scale, -draft.scale, 4 * draft.scale))


def _added(base: Base, draft: NetworkDraft, tail: int, head: int, weight: int) -> str | None:
    if head <= tail or head < draft.first or draft.edge(tail, head) >= 0:
        return None
    edge = draft.add(tail, head, weight)
    return f"edge added, {said(base, draft, edge)}, weight {weight}/{draft.scale}"


def _some(source: Random, base: Base, draft: NetworkDraft) -> int:
    return source.choice((0, source.randrange(draft.first), some_vertex(source, base), some_vertex(source, base)))


@changes("edge of weight 0 added")
def nothing_added(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge of weight 0 is added from any vertex to any later one."""
    tail, head = sorted((_some(source, base, draft), some_vertex(source, base)))
    return _added(base, draft, tail, head, 0)


@changes("edge added")
def added(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge of any weight between two vertices that may have none."""
    tail, head = sorted((_some(source, base, draft), some_vertex(source, base)))
    if source.random() < 0.3:
        draft.finer(1 << 20)
    return _added(base, draft, tail, head, _weight(source, draft))


@changes("edge added from an input or the constant")
def from_source(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge is added from an input or the constant to a vertex of any part."""
    return _added(base, draft, source.randrange(draft.first), some_vertex(source, base), _weight(source, draft))


@changes("edge added to the output")
def to_output(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge from anything to the output, of weight 0 too."""
    return _added(base, draft, _some(source, base, draft), draft.output, _weight(source, draft))


@changes("edge added into a copy")
def into_copy(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge is added from any earlier vertex into a copy."""
    return _added(base, draft, _some(source, base, draft), some_vertex(source, base, *COPY), _weight(source, draft))


@changes("edge added out of a copy")
def out_of_copy(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge is added from a vertex of a copy to any later vertex."""
    return _added(base, draft, some_vertex(source, base, *COPY), some_vertex(source, base), _weight(source, draft))


@changes("two edges added that cancel")
def pair(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Edges from a bit and from a new copy of its gate, of opposite weights, to any vertex behind both."""
    bit = some_vertex(source, base, "gate", "predictor", "start")
    new = draft.insert(bit + 1)
    for edge in draft.into(bit):
        draft.add(int(draft.tails[edge]), new, int(draft.weights[edge]))
    head = int(draft.place[some_vertex(source, base)])
    if source.random() < 0.3:
        head = draft.output
    if head <= new or draft.edge(bit, head) >= 0:
        return None
    weight = source.choice((1, draft.scale, 3 * draft.scale))
    draft.add(bit, head, weight)
    draft.add(new, head, -weight)
    return f"edges of weights {weight} and -{weight} from vertex {bit} and its double {new} to {head}"


@changes("edge removed")
def removed(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Any edge is removed; the part of its head is drawn first, so that small parts are hit as often as large ones."""
    edge = some_edge(source, base, draft)
    text = f"edge removed, {said(base, draft, edge)}"
    draft.remove([edge])
    return text


@changes("edge removed from the output")
def removed_from_output(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge that feeds the output is removed."""
    edge = source.choice(draft.into(draft.output))
    draft.remove([edge])
    return f"edge removed, {said(base, draft, edge)}"


@changes("edge from elsewhere")
def another_tail(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge gets another tail: a vertex of the same part as the old one, its neighbour, or any other."""
    edge = some_edge(source, base, draft)
    old, head = int(draft.tails[edge]), int(draft.heads[edge])
    peers = base.parts.get(base.part_of(old), list(range(draft.first)))
    new = source.choice((source.choice(peers), old + source.choice((-1, 1)), _some(source, base, draft)))
    if not 0 <= new < head or draft.edge(new, head) >= 0:
        return None
    text = said(base, draft, edge)
    draft.tails[edge] = new
    return f"edge {text} now from {new} ({base.part_of(new)})"


@changes("edge to elsewhere")
def another_head(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """An edge gets another head: a vertex of the same part as the old one, its neighbour, or the output."""
    edge = some_edge(source, base, draft)
    old, tail = int(draft.heads[edge]), int(draft.tails[edge])
    peers = base.parts.get(base.part_of(old), [draft.output])
    new = source.choice((source.choice(peers), old + source.choice((-1, 1)), draft.output))
    if not tail < new < draft.size or new < draft.first or draft.edge(tail, new) >= 0:
        return None
    text = said(base, draft, edge)
    draft.heads[edge] = new
    return f"edge {text} now to {new} ({base.part_of(new)})"


def _peers(source: Random, base: Base) -> tuple[int, int]:
    part = source.choice([name for name, vertices in base.parts.items() if len(vertices) > 1])
    one, other = source.sample(base.parts[part], 2)
    return min(one, other), max(one, other)


@changes("two vertices' numbers exchanged")
def numbers(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Two vertices change places in the file's order and nothing else; refused if an edge then leads downwards, else
    nothing has changed."""
    one, other = (
        _peers(source, base) if source.random() < 0.6 else (some_vertex(source, base), some_vertex(source, base))
    )
    draft.swap(one, other)
    return f"numbers of {one} and {other} exchanged" if one != other else None


@changes("two vertices' incoming edges exchanged")
def incoming(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Two vertices of a part change what they compute."""
    one, other = _peers(source, base)
    first, second = draft.into(one), draft.into(other)
    draft.heads[first], draft.heads[second] = other, one
    return f"edges into {one} and {other} exchanged ({base.part_of(one)})"


@changes("two vertices' outgoing edges exchanged")
def outgoing(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Two vertices of a part are read for one another."""
    one, other = _peers(source, base)
    first, second = draft.out_of(one), draft.out_of(other)
    shared = {int(draft.heads[e]) for e in first} & {int(draft.heads[e]) for e in second}
    first = [e for e in first if int(draft.heads[e]) not in shared and draft.heads[e] > other]
    second = [e for e in second if int(draft.heads[e]) not in shared]
    draft.tails[first], draft.tails[second] = other, one
    return f"edges out of {one} and {other} exchanged ({base.part_of(one)})" if first or second else None


@changes("vertex added")
def vertex_added(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A second sink, a vertex without edges, or one between a vertex and the output."""
    at = draft.insert(source.randrange(draft.first, draft.size - 1))
    how = source.randrange(4)
    if how:
        draft.add(source.randrange(at), at, _weight(source, draft))
    if how == 2:
        draft.add(at, draft.output, _weight(source, draft))
    if how == 3:
        draft.add(at, source.randrange(at + 1, draft.size), _weight(source, draft))
    return f"vertex added at {at}, {('alone', 'a sink', 'to the output', 'to another vertex')[how]}"


@changes("vertex doubled")
def doubled(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A vertex with a double that takes over some of its outgoing edges."""
    old = some_vertex(source, base)
    edges = draft.out_of(old)
    if len(edges) < 2:
        return None
    new = draft.insert(old + 1)
    for edge in draft.into(old):
        draft.add(int(draft.tails[edge]), new, int(draft.weights[edge]))
    taken = source.sample(edges, source.randrange(1, len(edges)))
    draft.tails[taken] = new
    return f"vertex {old} ({base.part_of(old)}) doubled; {len(taken)} of {len(edges)} edges leave from the double"


@changes("vertex removed")
def vertex_removed(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A vertex is removed with all its edges."""
    vertex = some_vertex(source, base)
    draft.drop([vertex])
    return f"vertex {vertex} ({base.part_of(vertex)}) removed"


@changes("vertex passed over")
def passed_over(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """What read it reads one of its tails instead."""
    vertex = some_vertex(source, base, "gate", "predictor", "adaptor", "start", "random")
    tails = [int(draft.tails[e]) for e in draft.into(vertex)]
    instead = source.choice(tails)
    edges = [e for e in draft.out_of(vertex) if draft.edge(instead, int(draft.heads[e])) < 0]
    draft.tails[edges] = instead
    return f"edges out of {vertex} ({base.part_of(vertex)}) now from {instead}" if edges else None
