"""Attacks on what comes last: controls that act in a step that is not theirs while another one makes up for it, or that
cancel one another.

The output is held as it should be in every step, and the last network is right before it is trained. But the edge of a
control that is not 0 in a step moves (its derivative is the control's value times the error), and all that is needed
later must not have moved.
"""

from random import Random

from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft
from verify.attacks.mutants import changes
from verify.attacks.structure import clock_of
from verify.attacks.together import idle_clock, joined


def value_edge(base: Base, draft: NetworkDraft, control: int) -> int:
    """The edge into a final control from the bit that it is for: the other one comes from the last vertex before the
    final controls."""
    steady = int(draft.place[base.parts["predictor"][-1]])
    return next(e for e in draft.into(int(draft.place[control])) if draft.tails[e] not in (0, steady))


def sign_of(t: int) -> int:
    """Of what primary controls and cancellers give in the step of round ``t``, counted from 0.

    >>> [sign_of(t) for t in range(3)]  # rounds 1, 2 and 3
    [-1, 1, -1]
    """
    return 1 if t % 2 else -1


def acts_in(base: Base, draft: NetworkDraft, control: int, t: int) -> None:
    """A final control returns 2 in the step of a round too, whatever x is."""
    edge, idle = value_edge(base, draft, control), int(idle_clock(base, draft, t))
    new = joined(draft, int(draft.place[control]), (int(draft.tails[edge]), 1), (idle, -1), both=False)
    draft.tails[edge] = new


@changes("a final control acts in a step, another control makes up for it")
def final_in_a_step(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """In the last step (or another one) some final controls return 2; the primary control or the clock's canceller
    gives that much less."""
    if not base.rounds:
        return None
    last = len(base.rounds) - 1
    t = last if source.random() < 0.7 else source.randrange(last + 1)
    chosen = source.sample(base.parts["final"], source.randrange(1, len(base.parts["final"]) + 1))
    part = source.choice(("primary", "canceller"))
    other = draft.edge(base.rounds[t][part][0], draft.output)
    for control in chosen:
        own = draft.edge(int(draft.place[control]), draft.output)
        draft.weights[other] -= sign_of(t) * draft.weights[own]
        acts_in(base, draft, control, t)
    other = base.rounds[t][part][0]
    return f"final controls {sorted(chosen)} also act in step {t + 1}, the {part} {other} makes up for it"


@changes("a final control without weight, or a pair that cancels")
def cancelling_pair(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """New controls beside a final one, driven by the same bits, of weights w and -w, or one of weight 0; in a step
    they act too, or not."""
    old = source.choice(base.parts["final"])
    early = bool(base.rounds) and source.random() < 0.8
    t = source.choice((len(base.rounds) - 1, source.randrange(len(base.rounds)))) if early else -1
    weight = source.choice((0, draft.scale, abs(int(draft.weights[draft.edge(old, draft.output)]))))
    edge, rows = value_edge(base, draft, old), [(int(draft.tails[e]), int(draft.weights[e])) for e in draft.into(old)]
    bit = int(draft.tails[edge])
    driver = bit
    if early:
        driver = joined(draft, int(draft.place[old]), (bit, 1), (int(idle_clock(base, draft, t)), -1), both=False)
    for share in (weight, -weight) if weight else (0,):
        new = draft.insert(int(draft.place[old]))
        for tail, row in rows:
            draft.add(driver if tail == bit else tail, new, row)
        draft.add(new, draft.output, share)
    more = f", that act in step {t + 1} too" if early else ""
    return f"controls of weights {weight} and {-weight} beside the final one {old}{more}"


@changes("a control begins a step early")
def begins_early(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """It acts when the clock before the last one has ticked; the primary control of the step before makes up for it,
    or not."""
    if len(base.rounds) < 2:
        return None
    t = source.randrange(1, len(base.rounds))
    control, before = source.choice(base.rounds[t]["primary"] + base.rounds[t]["canceller"][:1]), base.parts["start"][0]
    clocks = (clock_of(base, draft, t - 2) if t > 1 else before), clock_of(base, draft, t)
    drive = next(e for e in draft.into(control) if draft.tails[e] not in (0, base.rounds[t]["gate"][-1]))
    if clocks[0] is None or clocks[1] is None or clocks[1] >= control:
        return None
    made_up = source.random() < 0.5
    if made_up:
        draft.weights[draft.edge(base.rounds[t - 1]["primary"][0], draft.output)] += draft.weights[
            draft.edge(control, draft.output)
        ]
    sign = sign_of(t)
    draft.tails[drive] = joined(draft, control, (clocks[0], sign), (clocks[1], -sign), both=sign > 0)
    return f"control {control} of round {t + 1} acts in step {t} too{', made up for' if made_up else ''}"


@changes("a control acts in a second step, or does not stop")
def second_step(source: Random, base: Base, draft: NetworkDraft) -> str | None:
    """A primary control or a canceller of one round also acts in the step of another, and that one's primary control
    makes up for it or not; or in all steps behind its own."""
    pairs = [(s, t) for s in range(len(base.rounds)) for t in range(len(base.rounds)) if s != t and (s - t) % 2 == 0]
    part, stops = source.choice(("primary", "canceller")), source.random() < 0.6
    if not base.rounds or (stops and not pairs):
        return None
    s, t = source.choice(pairs) if stops else (source.randrange(len(base.rounds)),) * 2
    control, steady = source.choice(base.rounds[s][part]), base.rounds[s]["gate"][-1]
    bit = idle_clock(base, draft, t) if stops else clock_of(base, draft, s)
    own, edges = draft.edge(control, draft.output), draft.into(control)
    if bit is None:
        return None
    made_up = stops and source.random() < 0.5
    if made_up:
        draft.weights[draft.edge(base.rounds[t]["primary"][0], draft.output)] -= draft.weights[own]
    drive = next(e for e in edges if draft.tails[e] not in (0, steady))
    literals = (int(draft.tails[drive]), 1), (bit, 1 if stops == (s % 2 == 0) else -1)
    gate = joined(draft, max(control, bit + 1), *literals, both=s % 2 == 0)
    moved = draft.insert(gate + 1)
    draft.heads[edges] = moved
    draft.tails[drive], draft.tails[own] = gate, moved
    gone, draft.place[control] = int(draft.place[control]), moved
    draft.drop([gone])
    more = ", made up for" if made_up else "" if stops else " and later"
    return f"{part} {control} of round {s + 1} also acts in step {t + 1}{more}"
