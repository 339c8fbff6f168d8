"""Two vertices that look alike and are not: a network that trains wrong, though each of its rounds looks like one that
is right.

The machine keeps one bit, its vote. Beside the network's own vertices there are two chains that carry it, made of the
same gates; the second starts flipped where x has a certain pattern and the first round is not over. After step 1 both
carry the vote. In every later round a copy also acts where "vote and not clock, and not (source and ...)", source
being the vote itself: that is never. In one round the source is the twin. It is right there now and after, and before
that, too, if one takes the two vertices for one because both "carry the vote afterwards and anything before". But in
step 1, at the pattern, they differ: the copy of that round is written in step 1.

>>> machine = vote_machine(3)
>>> machine.rounds, machine.random_bits, machine.start()
(3, 1, {'vote': 1})
>>> right, wrong = twins(wrong_round=None, rounds=3), twins(wrong_round=2, rounds=3)
>>> one, other = (NetworkDraft(data) for data in (right, wrong))
>>> one.size == other.size, int((one.tails != other.tails).sum())  # edges of which the tail is another
(True, 1)
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import numpy as np

from constructions.computation.bits import mux
from constructions.computation.design import Design
from constructions.computation.query_machine import QueryMachine
from constructions.networks.emulation import Plan
from constructions.networks.queries import MINIMAL
from verify.attacks.bases import Base
from verify.attacks.drafts import NetworkDraft

Literal = tuple[int, bool]
"""A vertex, and whether it is negated."""
INPUTS, ROUNDS, WRONG_ROUND = 12, 7, 6
PATTERN = (0, 1, 1, 0, 1, 0, 0, 1, 0, 1)


def vote_machine(rounds: int = ROUNDS) -> QueryMachine:
    """One bit of state: a large answer replaces it by a coin. It asks for and predicts a bit of x or its negation."""
    design = Design()
    x, answer, random = design.input("x", INPUTS), design.input("answer0", 6), design.input("random", 1)
    vote = design.state("vote", 1, start=1)
    design.becomes(vote, mux(answer.signed_more(4), random, vote))
    design.output("query0", x[0] ^ vote)
    design.output("predict", x[1] ^ vote)
    return QueryMachine(machine=design.machine(), rounds=rounds, answer_fraction=4)


@cache
def vote_base(rounds: int = ROUNDS) -> Base:
    """The network of the machine, as it is compiled."""
    return Base("vote", Plan(machine=vote_machine(rounds), rho=Fraction(1, 16), setting=MINIMAL, tolerance=Fraction(1)))


class Growth:
    """A draft to which gates are added; at the end all vertices are numbered anew, each new one behind its operands.

    >>> growth = Growth(vote_base(2).draft())
    >>> gate = growth.gate(2, [(3, False), (4, True)])  # both vertex 3 and the negation of vertex 4
    >>> growth.tails(gate), [int(growth.draft.weights[e]) // growth.draft.scale for e in growth.draft.into(gate)]
    ([3, 4], [-4, 2, -2])
    """

    def __init__(self, draft: NetworkDraft) -> None:
        self.draft = draft
        self.position = [float(v) for v in range(draft.size)]

    def _new(self, after: Sequence[int]) -> int:
        new, self.draft.size = self.draft.size, self.draft.size + 1
        self.position.append(max(self.position[u] for u in after) + 1e-6 * (new + 1) / self.draft.size)
        return new

    def gate(self, needs: int, literals: Sequence[Literal]) -> int:
        """A vertex that carries "at least so many of some bits": ``needs`` of the literals, each a vertex and whether
        it is negated."""
        new, scale = self._new([u for u, _ in literals]), self.draft.scale
        self.draft.add(0, new, (4 + 4 * len(literals) - 8 * needs) * scale)
        for u, negated in literals:
            self.draft.add(u, new, (-2 if negated else 2) * scale)
        return new

    def pattern(self, first: int, bits: Sequence[int]) -> int:
        """A vertex that carries whether the inputs from ``first`` on are these bits."""
        inputs = range(first, first + len(bits))
        new, scale = self._new(inputs), self.draft.scale
        self.draft.add(0, new, (4 - 8 * sum(bits)) * scale)
        for u, bit in zip(inputs, bits, strict=True):
            self.draft.add(u, new, (8 if bit else -8) * scale)
        return new

    def tails(self, v: int) -> list[int]:
        """The vertices that drive a gate, without the constant."""
        return [int(self.draft.tails[e]) for e in self.draft.into(v) if int(self.draft.tails[e])]

    def finish(self) -> bytes:
        """The bytes of the network's file, its vertices numbered by their positions."""
        places = np.empty(self.draft.size, np.int64)
        places[np.argsort(np.array(self.position), kind="stable")] = np.arange(self.draft.size)
        self.draft.renumber(places)
        return self.draft.data()


def twins(*, wrong_round: int | None = WRONG_ROUND, pattern: Sequence[int] = PATTERN, rounds: int = ROUNDS) -> bytes:
    """The network's file. With ``wrong_round`` None the source is the vote in every round, and the network is right;
    else that round takes another one where the bits are as in ``pattern``."""
    made = vote_base(rounds)
    plan, growth = made.plan, Growth(made.draft())
    carried = [
        int(plan.starts[t - 1]) + plan.blocks[0 if t % 2 else 1].outputs["state 0"] for t in range(1, rounds + 1)
    ]
    clocks = [growth.gate(1, [(int(v), False) for v in plan.digits(t)[0]]) for t in range(1, rounds + 1)]
    vote = growth.gate(1, [(max(growth.tails(carried[0])), True)])
    flipped = growth.gate(2, [(growth.pattern(3, pattern), False), (clocks[0], True)])
    one, other = growth.gate(2, [(vote, False), (flipped, True)]), growth.gate(2, [(vote, True), (flipped, False)])
    twin = growth.gate(1, [(one, False), (other, False)])
    for t in range(2, rounds + 1):
        source = twin if t == wrong_round else vote
        yes, no = (
            growth.gate(2, [(vote, False), (clocks[t - 1], True)]),
            growth.gate(2, [(source, True), (clocks[t - 1], True)]),
        )
        acts = growth.gate(2, [(yes, False), (no, False)])
        vc = made.rounds[t - 1]["vc"][1]
        (edge,) = (e for e in growth.draft.into(vc) if int(growth.draft.tails[e]))
        growth.draft.tails[edge] = _or_else(
            growth, int(growth.draft.tails[edge]), acts, int(growth.draft.weights[edge])
        )
        vote, twin = _next(growth, carried, t, vote), _next(growth, carried, t, twin)
    for last in (vote, twin):
        _read(growth, last)
    return growth.finish()


def _next(growth: Growth, carried: Sequence[int], t: int, before: int) -> int:
    """The vote after round t: what is new, or the vote before it where nothing is; by the network's own gates for both
    conditions.

    The network's vertex is "not idle, and not (not new and not kept)", "kept" being "carried by the round before, and
    nothing is new".
    """
    neither = max(growth.tails(carried[t - 1]))
    (kept,) = (v for v in growth.tails(neither) if carried[t - 2] in growth.tails(v))
    (new,), (still,) = (set(growth.tails(neither)) - {kept}), (set(growth.tails(kept)) - {carried[t - 2]})
    return growth.gate(1, [(new, False), (growth.gate(2, [(before, False), (still, False)]), False)])


def _or_else(growth: Growth, driver: int, acts: int, weight: int) -> int:
    """What drives a vc so that its copy also acts where ``acts`` is set: a vc is 0 where its driver is false, if its
    weight is positive.
    """
    return (
        growth.gate(2, [(driver, False), (acts, True)])
        if weight > 0
        else growth.gate(1, [(driver, False), (acts, False)])
    )


def _read(growth: Growth, vertex: int) -> None:
    """Let a later gate read a vertex, so that it is no sink: with weight 0, which changes nothing."""
    draft = growth.draft
    later = [v for v in range(draft.output - 1, 0, -1) if growth.position[v] > growth.position[vertex]]
    draft.add(vertex, next(v for v in later if len(growth.tails(v)) > 1 and draft.output not in growth.tails(v)), 0)
