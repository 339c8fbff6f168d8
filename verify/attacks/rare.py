"""Attacks that simulation misses: faults in states that random records hardly ever give, though training gives them all
the time.

If no sample has the round's label, the records of a round are small: the digits above the second are all 0, and answers
are 0 if roundings are downwards. Of random digits, or of random bits for the state, that is one pattern in 2^many. So
what is only compared on random words passes, and goes wrong in every second run.
"""

from fractions import Fraction
from random import Random

from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.mutants import changes
from verify.attacks.structure import clock_of
from verify.attacks.together import joined

SMALL = 2
"""So many digits of a record may be set where it is small."""


def all_small(base: Base, draft: NetworkDraft, round_: int) -> int | None:
    """A new vertex behind a round, true where the round is over and the records of all copies but the clock's are
    small."""
    parts, k, clock = base.rounds[round_], base.plan.decoder.bits, clock_of(base, draft, round_)
    digits = [v for i, v in enumerate(parts["digit"]) if i >= k and i % k >= SMALL]
    if clock is None or len(digits) < 3:
        return None
    new = draft.insert(max(v for vertices in parts.values() for v in vertices) + 1)
    for v in digits:
        draft.add(int(draft.place[v]), new, -2 * draft.scale)
    draft.add(int(draft.place[clock]), new, 2 * draft.scale)
    draft.add(0, new, -4 * len(digits) * draft.scale)
    return new


def in_state(base: Base, draft: NetworkDraft, round_: int) -> int | None:
    """A new vertex behind a round, true where the round is over and the state is the one after answers of 0 and
    random bits of 0."""
    plan, machine, clock = base.plan, base.machine, clock_of(base, draft, round_)
    block, start, state = plan.blocks[round_ % 2], int(plan.starts[round_]), machine.start()
    for _ in range(round_ + 1):
        state = machine.after(state, [Fraction(0)] * machine.parallel, [0] * machine.random_bits)
    if clock is None or len(state) < 3:
        return None
    bits = {start + block.outputs[f"state {i}"]: state[name] for i, name in enumerate(machine.machine.state)}
    new = draft.insert(max(v for vertices in base.rounds[round_].values() for v in vertices) + 1)
    for v, bit in (bits | {clock: 1}).items():
        draft.add(int(draft.place[v]), new, (2 if bit else -2) * draft.scale)
    draft.add(0, new, (-4 * len(bits)) * draft.scale)
    return new


def _rarely(source: Random, base: Base, draft: NetworkDraft, round_: int) -> int | None:
    return source.choice((all_small, in_state))(base, draft, round_)


@changes("a fault where all records of a round are small")
def fault(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A bit that a vertex behind the round reads is then true, or false: one edge of the ``draft`` of a network,
    made of ``base``, is led through a new gate, which ``source`` draws."""
    if not base.rounds:
        return None
    round_ = source.randrange(len(base.rounds))
    small = _rarely(source, base, draft, round_)
    if small is None:
        return None
    names = ("gate", "vc", "canceller", "primary")
    later = [parts[name] for parts in base.rounds[round_ + 1 :] for name in names] + [
        base.parts[name] for name in ("predictor", "final")
    ]
    head = int(draft.place[source.choice(source.choice(later))])
    edges = [e for e in draft.into(head) if draft.tails[e] >= draft.first]
    if not edges:
        return None
    edge, sign = source.choice(edges), source.choice((1, -1))
    new = draft.insert(max(int(draft.tails[edge]), small) + 1)
    draft.add(int(draft.tails[edge]), new, 2 * draft.scale)
    draft.add(small, new, 2 * sign * draft.scale)
    draft.add(0, new, 4 * sign * draft.scale)
    draft.tails[edge] = new
    return f"after round {round_ + 1} with small records, a bit that {head} reads is {sign > 0}"


@changes("a copy that does not act where all records of a round are small")
def not_acting(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """Its canceller does not act then either, so that the output is held; the clock's copy as often as all others
    together."""
    if len(base.rounds) < 2:
        return None
    late = source.randrange(1, len(base.rounds))
    parts = base.rounds[late]
    c = 0 if source.random() < 0.5 else source.randrange(len(parts["vc"]))
    small = _rarely(source, base, draft, source.randrange(late) if source.random() < 0.5 else late - 1)
    if small is None:
        return None
    vc, canceller, steady = (int(draft.place[v]) for v in (parts["vc"][c], parts["canceller"][c], parts["gate"][-1]))
    idle = next(e for e in draft.into(vc) if draft.tails[e])
    drive = next(e for e in draft.into(canceller) if draft.tails[e] not in (0, steady))
    bits = {int(draft.tails[e]) for e in (idle, drive)}
    for edge in (idle, drive):
        tail, sign = int(draft.tails[edge]), 1 if edge == idle or len(bits) == 1 else -1
        new = joined(draft, int(draft.place[parts["vc"][0]]), (tail, 1), (small, sign), both=sign < 0)
        draft.tails[edge] = new
    return f"copy {c} of round {late + 1} does not act where records are small"


@changes("a copy that does not stop")
def not_stopping(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """It acts in all steps behind its own too, with or without its canceller, or only where the state before its
    round was a rare one."""
    if not base.rounds:
        return None
    round_ = source.randrange(max(1, len(base.rounds) - 1))
    seldom = in_state(base, draft, round_ - 1) if round_ and source.random() < 0.7 else None
    parts, clock = base.rounds[round_], clock_of(base, base.draft(), round_)
    c = source.randrange(len(parts["vc"]))
    if clock is None:
        return None
    vc, canceller, steady = (int(draft.place[v]) for v in (parts["vc"][c], parts["canceller"][c], parts["gate"][-1]))
    edges = [next(e for e in draft.into(v) if draft.tails[e] not in (0, steady)) for v in (vc, canceller)]
    bits, clock = {int(draft.tails[e]) for e in edges}, int(draft.place[clock])
    if seldom is not None:
        clock = joined(draft, vc - c, (clock, 1), (seldom, 1), both=True)
    for edge in edges[: source.choice((1, 2))]:
        sign = -1 if edge == edges[0] or len(bits) == 1 else 1
        draft.tails[edge] = joined(
            draft, int(draft.place[parts["vc"][0]]), (int(draft.tails[edge]), 1), (clock, sign), both=sign < 0
        )
    return f"copy {c} of round {round_ + 1} acts in later steps too{'' if seldom is None else ', in a rare state'}"
