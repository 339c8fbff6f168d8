"""Attacks that simulation misses: faults in states that random records hardly ever give, though training gives them all the time.

If no sample has the round's label, the records of a round are small: the digits above the second are all 0. Of random digits that is one
pattern in 2^many. So what is only compared on random words passes, and goes wrong in every second run.
"""
from random import Random

from verify.attacks.bases import Base
from verify.attacks.drafts import Draft
from verify.attacks.mutants import changes
from verify.attacks.structure import clock_of

SMALL = 2
"""So many digits of a record may be set where it is small."""


def all_small(base: Base, draft: Draft, round_: int) -> int | None:
    """A new vertex behind a round, true where the round is over and the records of all copies but the clock's are small."""
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


@changes("a fault where all records of a round are small")
def fault(source: Random, base: Base, draft: Draft) -> str | None:
    """A bit that a vertex behind the round reads is then true, or false: one edge is led through a new gate."""
    if not base.rounds:
        return None
    round_ = source.randrange(len(base.rounds))
    small = all_small(base, draft, round_)
    if small is None:
        return None
    names = ("gate", "vc", "canceller", "primary")
    later = [parts[name] for parts in base.rounds[round_ + 1 :] for name in names] + [base.parts[name] for name in ("predictor", "final")]
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
