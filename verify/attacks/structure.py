"""Attacks on what the parts are for: shared copies, reused controls, exchanged clocks, gates replaced or with
another threshold.

Each is a function of ``source``, which draws at random from a seed, ``base``, the network that is attacked with the
places of its parts, and ``draft``, the network's arrays, which it changes. It returns what it did in words, or None if
this network gives it nothing to change.
"""

from random import Random

from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.mutants import changes, some_vertex


def _two_rounds(source: Random, base: Base, *, step: int = 2) -> tuple[int, int] | None:
    """Two rounds (counted from 0) that are ``step`` apart, or any two of one parity."""
    count = len(base.rounds)
    pairs = [(t, u) for t in range(count) for u in range(t + 1, count) if (u - t) % step == 0]
    return source.choice(pairs) if pairs else None


def _taken_over(draft: NetworkDraft, old: int, new: int) -> int:
    """Who read ``old`` now reads ``new``, where it can; how many edges that were."""
    edges = [e for e in draft.out_of(old) if draft.heads[e] > new and draft.edge(new, int(draft.heads[e])) < 0]
    draft.tails[edges] = new
    return len(edges)


@changes("a copy shared by two rounds")
def shared_copy(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A later round reads an earlier copy; its own one is taken out, or left where it is."""
    pair = _two_rounds(source, base, step=source.choice((1, 2)))
    if not pair:
        return None
    early, late = (base.rounds[t] for t in pair)
    k, c = base.plan.decoder.bits, source.randrange(len(late["v3"]))
    d = c if source.random() < 0.6 else source.randrange(len(late["v3"]))
    for i in range(k):
        old, new = late["digit"][c * k + i], early["digit"][d * k + i]
        _taken_over(draft, old, new)
        draft.place[old] = new
    whole = source.random() < 0.7
    if whole:
        gone = [late[name][c] for name in ("v1", "v2", "v2'", "v3", "vc", "canceller")] + late["digit"][
            c * k : (c + 1) * k
        ]
        draft.place[:] = [draft.place[v] for v in range(len(draft.place))]
        kept = draft.place.copy()
        draft.drop(gone)
        draft.place[:] = kept - [sum(1 for g in gone if g < v) for v in kept.tolist()]
    more = " and taken out" if whole else ""
    return f"copy {c} of round {pair[1] + 1} replaced by copy {d} of round {pair[0] + 1}{more}"


@changes("a copy used by two rounds")
def twice_active(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Its vc is driven by the idle bits of two rounds, or by another copy's or round's only."""
    pair = _two_rounds(source, base, step=1)
    if not pair:
        return None
    early, late = (base.rounds[t] for t in pair)
    c, d = source.randrange(len(early["vc"])), source.randrange(len(late["vc"]))
    if source.random() < 0.5:
        early, late = late, early
    bit = next(e for e in draft.into(early["vc"][c]) if draft.tails[e])
    own = next(e for e in draft.into(late["vc"][d]) if draft.tails[e])
    tail, head = int(draft.tails[bit]), late["vc"][d]
    if tail >= head or draft.edge(tail, head) >= 0:
        return None
    if source.random() < 0.4:
        draft.add(tail, head, int(draft.weights[own]))
        return f"vc {head} also driven by {tail}"
    draft.tails[own] = tail
    return f"vc {head} driven by {tail}, the bit of another copy"


@changes("a control reused")
def control_reused(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Another control's edge to the output bears both weights, one is left out; or a control listens to another's
    bits too."""
    parts = [name for name in ("canceller", "primary", "final") if len(base.parts.get(name, ())) > 1]
    if not parts:
        return None
    part = source.choice(parts)
    one, other = source.sample(base.parts[part], 2)
    first, second = draft.edge(one, draft.output), draft.edge(other, draft.output)
    how = source.randrange(4)
    if how == 0:
        draft.weights[first] += draft.weights[second]
        draft.remove([second])
        return f"{part} {one} also stands for {other}"
    edges = [e for e in draft.into(other) if draft.tails[e] and draft.tails[e] < one]
    if not edges:
        return None
    edge = source.choice(edges)
    if how == 1 and draft.edge(int(draft.tails[edge]), one) < 0:
        draft.add(int(draft.tails[edge]), one, int(draft.weights[edge]))
        return f"{part} {one} also listens to {int(draft.tails[edge])}, a bit of {other}"
    own = source.choice([e for e in draft.into(one) if draft.tails[e]])
    if draft.edge(int(draft.tails[edge]), one) >= 0:
        return None
    draft.tails[own] = draft.tails[edge]
    return f"{part} {one} listens to a bit of {other}"


@changes("clocks exchanged")
def clocks(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The clock copy of a round and that of another, or another copy of the round, are read for one another; or a
    clock's bit is."""
    pair = _two_rounds(source, base, step=source.choice((1, 2)))
    k, how = base.plan.decoder.bits, source.randrange(3)
    if how == 0 and pair:
        moved = 0
        for i in range(k):
            one, other = (base.rounds[t]["digit"][i] for t in pair)
            moved += _taken_over(draft, other, one)
        return f"clock of round {pair[1] + 1} reads the clock copy of round {pair[0] + 1}" if moved else None
    parts = source.choice(base.rounds) if base.rounds else None
    if how == 1 and parts and len(parts["v3"]) > 1:
        c = source.randrange(1, len(parts["v3"]))
        for name in ("digit",):
            for i in range(k):
                one, other = parts[name][i], parts[name][c * k + i]
                first, second = draft.out_of(one), draft.out_of(other)
                inside = set(parts["digit"])
                draft.tails[[e for e in first if int(draft.heads[e]) not in inside]] = other
                draft.tails[[e for e in second if int(draft.heads[e]) not in inside]] = one
        return f"digits of the clock copy and of copy {c} read for one another"
    if not pair:
        return None
    gates = [clock_of(base, draft, t) for t in pair]
    if None in gates:
        return None
    early, late = gates
    count = (
        _taken_over(draft, int(early or 0), int(late or 0))
        if how == 2
        else _taken_over(draft, int(late or 0), int(early or 0))
    )
    return (
        f"clocks of rounds {pair[0] + 1} and {pair[1] + 1} read for one another at {count} vertices" if count else None
    )


def clock_of(base: Base, draft: NetworkDraft, round_: int) -> int | None:
    """The gate of a round that reads the digits of the clock's copy, nothing else but the constant, and is read
    behind the round.

    >>> from verify.attacks.bases import base
    >>> made = base("conjunction by queries, minimal")
    >>> [clock_of(made, made.draft(), t) for t in range(4)]
    [53, 113, 172, 232]
    """
    digits, parts = set(base.rounds[round_]["digit"][: base.plan.decoder.bits]), base.rounds[round_]
    behind = max(v for vertices in parts.values() for v in vertices)
    return next(
        (
            v
            for v in parts["gate"]
            if {int(draft.tails[e]) for e in draft.into(v)} - {0} == digits
            and any(int(draft.heads[e]) > behind for e in draft.out_of(v))
        ),
        None,
    )


@changes("the predictor or its controls a step early")
def early(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """What reads the last clock behind the last round reads the one before it: some vertices, or all; or the true
    clock."""
    if not base.rounds:
        return None
    last, before = clock_of(base, draft, len(base.rounds) - 1), None
    if len(base.rounds) > 1:
        before = clock_of(base, draft, len(base.rounds) - 2)
    before = base.parts["start"][0] if before is None else before
    if last is None:
        return None
    late = {*base.parts["predictor"], *base.parts["final"]}
    edges = [
        e for e in draft.out_of(last) if int(draft.heads[e]) in late and draft.edge(before, int(draft.heads[e])) < 0
    ]
    if not edges:
        return None
    chosen = edges if source.random() < 0.4 else source.sample(edges, source.randrange(1, len(edges) + 1))
    draft.tails[chosen] = before
    return f"{len(chosen)} of {len(edges)} vertices behind the last round read the clock before it"


@changes("a gate replaced by its neighbour")
def neighbour(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """It reads what the gate before or behind it reads, with that one's weights."""
    part = source.choice([name for name in ("gate", "predictor") if len(base.parts.get(name, ())) > 1])
    gate = source.choice(base.parts[part])
    other = gate + source.choice((-1, 1, -2, 2))
    if other not in base.parts[part]:
        return None
    rows = [(int(draft.tails[e]), int(draft.weights[e])) for e in draft.into(other) if draft.tails[e] < gate]
    if not rows:
        return None
    draft.remove(draft.into(gate))
    for tail, weight in rows:
        draft.add(tail, gate, weight)
    return f"gate {gate} replaced by a second {other}"


@changes("a gate of another threshold")
def threshold(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """The constant of a gate changed by one literal's swing (what a true literal adds): at least k - 1 or k + 1 of n;
    AND for OR."""
    gate = some_vertex(source, base, "gate", "predictor")
    edges = [e for e in draft.into(gate) if draft.tails[e]]
    swing = max(abs(int(draft.weights[e])) for e in edges) if edges else 4 * draft.scale
    edge = draft.edge(0, gate)
    if edge < 0:
        edge = draft.add(0, gate, 0)
    steps = source.choice((-4, -2, -2, -1, 1, 2, 2, 4))
    draft.weights[edge] += steps * swing
    return f"gate {gate} of {len(edges)} literals: constant by {steps} swings"


@changes("a gate with a literal negated")
def literal(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A literal of a gate negated: its edge's sign, and the constant so that the threshold stays (or not)."""
    gate = some_vertex(source, base, "gate", "predictor")
    edges = [e for e in draft.into(gate) if draft.tails[e]]
    if not edges:
        return None
    edge = source.choice(edges)
    draft.weights[edge] = -draft.weights[edge]
    shifted = source.random() < 0.5
    if shifted:
        constant = draft.edge(0, gate)
        constant = draft.add(0, gate, 0) if constant < 0 else constant
        draft.weights[constant] += -2 * draft.weights[edge] * source.choice((-1, 1))
    return f"gate {gate}: literal {int(draft.tails[edge])} negated{', constant shifted' if shifted else ''}"


@changes("a gate with another literal")
def other_literal(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A gate, control or vc reads a neighbour of a literal: a digit for another, a state bit for another."""
    gate = some_vertex(source, base, "gate", "predictor", "canceller", "primary", "final", "vc")
    edges = [e for e in draft.into(gate) if draft.tails[e]]
    if not edges:
        return None
    edge = source.choice(edges)
    old = int(draft.tails[edge])
    new = old + source.choice((-2, -1, 1, 2))
    if not draft.first <= new < gate or draft.edge(new, gate) >= 0:
        return None
    draft.tails[edge] = new
    return f"{base.part_of(gate)} {gate}: literal {new} ({base.part_of(new)}) for {old} ({base.part_of(old)})"


@changes("a gate that computes the same otherwise")
def rewritten(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A literal through a new vertex that negates it twice, or through a new AND with itself and true: the same
    function, more vertices."""
    gate = some_vertex(source, base, "gate", "predictor")
    edges = [e for e in draft.into(gate) if draft.tails[e] >= draft.first]
    if not edges:
        return None
    edge = source.choice(edges)
    old, weight = int(draft.tails[edge]), int(draft.weights[edge])
    if base.part_of(old) in ("v1", "v2"):
        return None
    new = draft.insert(old + 1 if base.part_of(old) != "digit" else gate)
    draft.add(old, new, -2 * draft.scale)
    draft.tails[edge], draft.weights[edge] = new, -weight
    return f"gate {gate}: literal {old} through its negation at {new}"


@changes("random bits exchanged")
def bits(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Two random vertices are read for one another, one twice, or one by a copy's round before."""
    vertices = base.parts.get("random", [])
    if len(vertices) < 2:
        return None
    one, other = sorted(source.sample(vertices, 2))
    first, second = draft.out_of(one), draft.out_of(other)
    if source.random() < 0.5:
        count = _taken_over(draft, other, one)
        return f"random bit {one} also read for {other} at {count} vertices" if count else None
    draft.tails[[e for e in first if draft.heads[e] > other]] = other
    draft.tails[second] = one
    return f"random bits {one} and {other} read for one another"


@changes("state bits exchanged")
def state_bits(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Two gates of a round that stand side by side are read for one another in all later rounds."""
    if not base.rounds:
        return None
    gates = source.choice(base.rounds)["gate"]
    read = [g for g in gates if any(int(draft.heads[e]) > gates[-1] for e in draft.out_of(g))]
    if len(read) < 2:
        return None
    one, other = source.sample(read, 2)
    first = [e for e in draft.out_of(one) if draft.heads[e] > gates[-1]]
    second = [e for e in draft.out_of(other) if draft.heads[e] > gates[-1]]
    heads = {int(draft.heads[e]) for e in first} & {int(draft.heads[e]) for e in second}
    draft.tails[[e for e in first if int(draft.heads[e]) not in heads]] = other
    draft.tails[[e for e in second if int(draft.heads[e]) not in heads]] = one
    return f"gates {one} and {other} read for one another behind their round"


@changes("a start bit")
def start(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A constant of the start state, or the true clock, turned over."""
    vertex = some_vertex(source, base, "start")
    edges = draft.into(vertex)
    draft.weights[edges] = -draft.weights[edges]
    return f"start bit {vertex} turned over"
