"""Attacks in which several changes hide one another for a step: the output stays held, but a weight has moved that
is needed later.

Each kind is a function of ``source``, which draws at random from a seed, ``base``, the network that is attacked with
the places of its parts, and ``draft``, the network's arrays, which it changes. It returns what it did in words, or None
if this network gives it nothing to change.

>>> from verify.attacks.bases import base
>>> made = base("conjunction by queries, minimal")
>>> draft = made.draft()
>>> clocks = [idle_clock(made, draft, t) for t in (0, 1)]
>>> clocks
[54, 114]
>>> new = joined(draft, max(clocks) + 1, (clocks[0], 1), (clocks[1], -1), both=True)
>>> new, [(int(draft.tails[e]), int(draft.weights[e]) // draft.scale) for e in draft.into(new)]
(115, [(54, 2), (114, -2), (0, -4)])
"""

from random import Random

from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.mutants import changes


def joined(draft: NetworkDraft, at: int, *literals: tuple[int, int], both: bool) -> int:
    """A new vertex of the draft at a number: AND if ``both``, else OR, of two literals, each a vertex before it and a
    sign."""
    new, scale = draft.insert(at), draft.scale
    for vertex, sign in literals:
        draft.add(vertex, new, 2 * sign * scale)
    draft.add(0, new, (-4 if both else 4) * scale)
    return new


def idle_clock(base: Base, draft: NetworkDraft, round_: int) -> int:
    """The bit that is false exactly when it is a round's turn: what drives the vc of its clock's copy."""
    vc = int(draft.place[base.rounds[round_]["vc"][0]])
    return next(int(draft.tails[e]) for e in draft.into(vc) if draft.tails[e])


def _drives(base: Base, draft: NetworkDraft, round_: int, control: int) -> list[int]:
    """The edges into a canceller from bits that not all cancellers of its round read."""
    rows = [{int(draft.tails[e]) for e in draft.into(v)} for v in base.rounds[round_]["canceller"]]
    return [e for e in draft.into(control) if int(draft.tails[e]) not in set.intersection(*rows)]


def _bit_of(draft: NetworkDraft, vc: int, canceller: int) -> tuple[int, int] | None:
    """The edges by which one bit drives a copy's vc and its canceller, if it is the same bit."""
    first = next(e for e in draft.into(vc) if draft.tails[e])
    second = draft.edge(int(draft.tails[first]), canceller)
    return None if second < 0 else (first, second)


@changes("a copy active in another round too, with its canceller")
def twice(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """idle becomes idle AND not the turn of another round, for vc and canceller: the output is held, and the copy is
    written twice."""
    rounds = list(range(0, len(base.rounds), 2))
    if len(rounds) < 1 or len(base.rounds) < 2:
        return None
    late = source.choice(rounds)
    early = source.choice(
        [t for t in range(len(base.rounds)) if t < late] or [t for t in range(len(base.rounds)) if t != late]
    )
    parts = base.rounds[late]
    c = source.randrange(len(parts["vc"]))
    edges = _bit_of(draft, parts["vc"][c], parts["canceller"][c])
    clock = idle_clock(base, draft, early)
    if not edges or clock >= parts["vc"][c]:
        return None
    idle = int(draft.tails[edges[0]])
    new = joined(draft, parts["vc"][0], (idle, 1), (clock, 1), both=True)
    draft.tails[list(edges)] = new
    return f"copy {c} of round {late + 1} and its canceller also act in round {early + 1}"


@changes("two controls act a round early and cancel")
def early_controls(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A canceller of a round of Q returns -2 and one of a round of Q' returns 2 in an earlier step; both weights
    move then."""
    odd, even = list(range(0, len(base.rounds), 2)), list(range(1, len(base.rounds), 2))
    if len(odd) < 1 or not even:
        return None
    one, other = source.choice(odd), source.choice(even)
    steps = list(range(min(one, other)))
    step = source.choice(steps) if steps else source.choice((one, other))
    low = draft.edge(source.choice(base.rounds[one]["canceller"]), draft.output)
    high = draft.edge(source.choice(base.rounds[other]["canceller"]), draft.output)
    first, second = int(draft.tails[low]), int(draft.tails[high])
    clock = idle_clock(base, draft, step)
    drives = _drives(base, draft, one, first), _drives(base, draft, other, second)
    if clock >= min(first, second) or not all(drives):
        return None
    negated = draft.insert(clock + 1)
    draft.add(clock, negated, -2 * draft.scale)
    for v, edges, both, bit in ((first, drives[0], True, clock), (second, drives[1], False, negated)):
        edge = source.choice(edges)
        place = int(draft.place[v])
        new = joined(draft, place, (int(draft.tails[edge]), 1), (int(bit) if both else negated, 1), both=both)
        if new <= negated:
            negated += 1
        draft.tails[edge] = new
    return f"cancellers of rounds {one + 1} and {other + 1} also act in step {step + 1}"


@changes("a control split in two")
def split(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Two controls with the same bits share the weight, equally or not, or one has the opposite sign."""
    part = source.choice([name for name in ("canceller", "primary", "final") if name in base.parts])
    old = source.choice(base.parts[part])
    new = draft.insert(old + 1)
    for edge in draft.into(old):
        draft.add(int(draft.tails[edge]), new, int(draft.weights[edge]))
    draft.finer(4)
    edge = draft.edge(old, draft.output)
    weight = int(draft.weights[edge])
    share = source.choice((weight // 2, weight // 4, 2 * weight, -weight, 0, 16 * draft.scale))
    draft.weights[edge] = weight - share
    draft.add(new, draft.output, share)
    return f"{part} {old} split: weights {weight - share} and {share} over {draft.scale}"


@changes("a copy added")
def copy_added(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A second copy beside one, driven by the same bit, with a canceller of its own or the old one's weight doubled;
    it has no digits."""
    if not base.rounds:
        return None
    parts = source.choice(base.rounds)
    c = source.randrange(len(parts["v3"]))
    old = {name: parts[name][c] for name in ("v1", "vc", "v2", "v2'", "v3", "canceller")}
    own = source.random() < 0.6
    new: dict[str, int] = {}
    for name in ("v1", "vc", "v2", "v2'", "v3", *(("canceller",) if own else ())):
        new[name] = draft.insert(int(draft.place[old[name]]) + 1)
        new = {other: v + (v >= new[name]) if other != name else v for other, v in new.items()}
    moved = {int(draft.place[old[name]]): v for name, v in new.items()}
    for vertex, double in moved.items():
        for edge in draft.into(vertex):
            tail = int(draft.tails[edge])
            draft.add(moved.get(tail, tail), double, int(draft.weights[edge]))
        edge = draft.edge(vertex, draft.output)
        if edge >= 0:
            draft.add(double, draft.output, int(draft.weights[edge]))
    if not own:
        edge = draft.edge(int(draft.place[old["canceller"]]), draft.output)
        draft.weights[edge] *= 2
    if source.random() < 0.5:
        gate = int(draft.place[source.choice(parts["gate"])])
        if gate > new["v1"] and draft.edge(new["v1"], gate) < 0:
            draft.add(new["v1"], gate, source.choice((0, 1)))
    return f"a copy added beside the one at {old['v1']}, {'with its own canceller' if own else 'the canceller doubled'}"


@changes("Q for Q' in a round")
def exchanged(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """All copies of a round (or one, or those of all rounds) add the opposite, and so do their cancellers: what rose
    falls now."""
    if not base.rounds:
        return None
    rounds = base.rounds if source.random() < 0.3 else [source.choice(base.rounds)]
    copies = range(len(rounds[0]["v3"])) if source.random() < 0.7 else [source.randrange(len(rounds[0]["v3"]))]
    edges = [
        draft.edge(parts[name][c], draft.output) for parts in rounds for c in copies for name in ("v3", "canceller")
    ]
    draft.weights[edges] = -draft.weights[edges]
    return f"{len(copies)} copies of {len(rounds)} rounds with the opposite sign"


@changes("a bit of x let through")
def ungated(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A gate reads an adaptor instead of a gate that reads it; or one more literal, an adaptor, so that it cares
    about x."""
    part = source.choice([name for name in ("gate", "predictor") if name in base.parts])
    gate, adaptor = source.choice(base.parts[part]), source.choice(base.parts["adaptor"])
    if draft.edge(adaptor, gate) >= 0:
        return None
    if source.random() < 0.5:
        draft.add(adaptor, gate, source.choice((-2, 2)) * draft.scale)
        constant = draft.edge(0, gate)
        constant = draft.add(0, gate, 0) if constant < 0 else constant
        draft.weights[constant] += source.choice((-4, 4)) * draft.scale
        return f"{part} {gate} reads adaptor {adaptor} too"
    edges = [e for e in draft.into(gate) if draft.tails[e]]
    edge = source.choice(edges) if edges else -1
    if edge < 0:
        return None
    old = int(draft.tails[edge])
    draft.tails[edge] = adaptor
    return f"{part} {gate} reads adaptor {adaptor} for {old}"
