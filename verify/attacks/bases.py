"""The networks that are attacked: small ones from ``querygrad compile``, of all settings and learners, signed, with
random bits, for a full batch, from a machine's file, of one round and many.

A base knows what each vertex was made for. Only the attacks use this, to hit every part; the files that they write do
not say it. Its parts are those of Lemma 3b: copies (v1, v2, v2', v3, vc and digits), and three kinds of controls. The
*canceller* of a copy takes back what the copy adds to the output while it acts, the *primary* control of a round holds
the output in the round's step, and the *final* controls give the prediction after the last step.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property

import numpy as np

from constructions.computation.bits import concat, mux
from constructions.computation.design import Design
from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes
from constructions.networks.planning import default_rho
from constructions.networks.queries import DYADIC, MINIMAL, STRONG, Setting
from verify.arguments.learner import plan_of_learner
from verify.arguments.learner_options import LearnerOptions
from verify.attacks.drafts import NetworkDraft

PARTS = (
    "v1",
    "digit",
    "random",
    "gate",
    "vc",
    "v2",
    "v2'",
    "v3",
    "canceller",
    "primary",
    "predictor",
    "final",
    "adaptor",
    "start",
)


@dataclass(frozen=True, eq=False)
class Base:
    """A plan with its file and what its vertices are for, called by a ``name``. ``full``: every step is to get the same
    batch (fbGD)."""

    name: str
    plan: Plan
    full: bool = False

    @cached_property
    def data(self) -> bytes:
        """The network's file."""
        return network_bytes(self.plan.trainable)

    @property
    def machine(self) -> QueryMachine:
        """The machine that it emulates."""
        return self.plan.machine

    def draft(self) -> NetworkDraft:
        """A fresh draft of the file."""
        return NetworkDraft(self.data)

    @cached_property
    def rounds(self) -> list[dict[str, list[int]]]:
        """For each round, the vertices of each part; those of a copy at its number, digits copy by copy, least
        first."""
        found = []
        for t, start in enumerate(self.plan.starts[:-2].tolist(), 1):
            block, count = self.plan.blocks[0 if t % 2 else 1], len(self.plan.copies)
            gates, late = block.groups["computation"]
            rows = {
                name: start + late + i * count + np.arange(count)
                for i, name in enumerate(("vc", "v2", "v2'", "v3", "canceller"))
            }
            parts = {name: row.tolist() for name, row in rows.items()} | {
                "primary": [start + block.groups["primary control"][0]]
            }
            parts |= {
                "v1": (self.plan.digits(t).min(axis=1) - 1).tolist(),
                "digit": self.plan.digits(t).ravel().tolist(),
            }
            found.append(
                parts | {"random": (start + block.random).tolist(), "gate": list(range(start + gates, start + late))}
            )
        return found

    @cached_property
    def parts(self) -> dict[str, list[int]]:
        """The vertices of each part that there are, of all rounds together."""
        n, plan = self.machine.inputs, self.plan
        found = {name: [v for parts in self.rounds for v in parts[name]] for name in PARTS[:10]}
        for name, part in (("predictor", "predictor"), ("final", "final controls")):
            low, high = plan.blocks[3].groups[part]
            found[name] = list(range(int(plan.starts[-2]) + low, int(plan.starts[-2]) + high))
        found |= {"adaptor": list(range(1 + n, 1 + 2 * n)), "start": list(range(1 + 2 * n, plan.shared))}
        return {name: vertices for name, vertices in found.items() if vertices}

    def part_of(self, vertex: int) -> str:
        """The part of a vertex of the first network."""
        return next((name for name, vertices in self.parts.items() if vertex in vertices), "a source or the output")


def coins_machine() -> QueryMachine:
    """Three rounds with two random bits each, a state that all answers and bits enter, and predictions of quarters."""
    design = Design()
    x, (answer,), coins = design.input("x", 2), [design.input("answer0", 5)], design.input("random", 2)
    turn, seen, drawn = design.state("turn", 2), design.state("seen", 2), design.state("drawn", 2, start=2)
    design.becomes(turn, turn + 1)
    large = answer.signed_more(3)
    design.becomes(seen, mux(turn == 1, (seen ^ coins) + 1, seen + large.extended(2)))
    design.becomes(drawn, mux(large, coins, drawn ^ coins))
    design.output("query0", mux(turn[0], x[0] ^ drawn[1], x[1] | seen[0]))
    design.output("predict", mux(x[0] & drawn[0], seen, design.constant(1, 2)))
    return QueryMachine(machine=design.machine(), rounds=3, answer_fraction=3, predict_fraction=2)


def tally_machine() -> QueryMachine:
    """Two rounds of one signed query of whole values, x1 - x2 or its opposite; predicts where the answers' sum is
    positive."""
    design = Design()
    x, answer = design.input("x", 2), design.input("answer0", 7)
    second, total = design.state("second"), design.state("total", 8)
    design.becomes(second, ~second)
    design.becomes(total, total + mux(second, answer.extended(8, signed=True), -answer.extended(8, signed=True)))
    differ, turned = x[0] ^ x[1], x[1] ^ (second & total[-1])
    design.output("query0", concat(differ, differ & turned))
    design.output("predict", total.signed_more(0) ^ x[1])
    return QueryMachine(machine=design.machine(), rounds=2, signed=True, answer_fraction=5)


def quarters_machine() -> QueryMachine:
    """Two rounds of one query of values 0, 1/4, ..., 1; the second depends on the first answer, and so does the
    prediction."""
    design = Design()
    x, answer = design.input("x", 2), design.input("answer0", 6)
    second, seen = design.state("second"), design.state("seen", 2)
    design.becomes(second, ~second)
    design.becomes(seen, concat(answer.signed_more(5), seen[0]))
    one = x[0] & (x[1] | seen[0])
    design.output("query0", concat(x[1] & ~one, (x[0] ^ seen[0]) & ~one, one))
    design.output("predict", seen[0] ^ (x[0] & seen[1]))
    return QueryMachine(machine=design.machine(), rounds=2, query_fraction=2, answer_fraction=4)


def in_ands(machine: QueryMachine, *, binary: bool = False) -> QueryMachine:
    """The machine as an AIGER file, in ASCII or ``binary``, gives it: ANDs of two literals.

    >>> before, after = quarters_machine(), in_ands(quarters_machine())
    >>> [[str(made.ask(made.start(), x)[0]) for x in ((0, 0), (1, 0), (0, 1), (1, 1))] for made in (before, after)]
    [['0', '1/2', '1/4', '1'], ['0', '1/2', '1/4', '1']]
    """
    return query_machine(read_aiger(write_aiger(machine.aiger(), binary=binary)))


def _planned(
    learner: str, setting: Setting, b: int, rounds: int | None = None, *, n: int, version: str | None = None
) -> Plan:
    """The network of a learner of n bits; with a ``version`` of the reduction, of one that draws one sample."""
    options = LearnerOptions(n=n)
    if version is not None:
        options = LearnerOptions(n=n, m=1, delta=Fraction(1, 4), version=version)
    rho = default_rho(setting, b)
    plan = plan_of_learner(learner, options, setting=setting, rho=rho, b=b, tolerance=4 * rho)
    return plan if rounds is None else replace(plan, machine=replace(plan.machine, rounds=rounds), tolerance=4 * rho)


def _samples(learner: str, setting: Setting, b: int, n: int, version: str, rounds: int) -> Plan:
    return _planned(learner, setting, b, rounds, n=n, version=version)


MADE: dict[str, Callable[[], Plan]] = {
    "conjunction by queries, minimal": lambda: _planned("query-conjunction", MINIMAL, 1, n=1),
    "conjunction by queries, dyadic": lambda: _planned("query-conjunction", DYADIC, 2, n=1),
    "literal, dyadic": lambda: _planned("literal", DYADIC, 3, n=1),
    "two literals, minimal": lambda: _planned("literal", MINIMAL, 1, n=2),
    "literal, one round": lambda: _planned("literal", STRONG, 2, 1, n=1),
    "signed, dyadic": lambda: _planned("correlations", DYADIC, 1, n=1),
    "two signed, strong": lambda: _planned("correlations", STRONG, 2, n=2),
    "coins, minimal": lambda: Plan(
        machine=coins_machine(), rho=Fraction(1, 32), setting=MINIMAL, batch=2, tolerance=Fraction(1, 4)
    ),
    "signed whole, rho = 1/20": lambda: Plan(
        machine=tally_machine(), rho=Fraction(1, 20), setting=STRONG, batch=3, centred=True
    ),
    "no rounds": lambda: _planned("literal", DYADIC, 1, 0, n=2),
    "coins, dyadic": lambda: Plan(machine=coins_machine(), rho=Fraction(1, 16), setting=DYADIC, batch=1),
    "conjunction of a sample, minimal": lambda: _samples("conjunction", MINIMAL, 3, 1, "prefix", 5),
    "parity of a sample, minimal": lambda: _samples("parity", MINIMAL, 3, 2, "look", 6),
    "memoriser, dyadic": lambda: _samples("memoriser", DYADIC, 1, 1, "look", 19),
    "quarters, minimal": lambda: Plan(
        machine=quarters_machine(), rho=Fraction(1, 16), setting=MINIMAL, batch=2, tolerance=Fraction(1, 3)
    ),
    "full batch, dyadic": lambda: _planned("literal", DYADIC, 4, n=1),
    "full batch, minimal": lambda: _planned("query-conjunction", MINIMAL, 3, n=1),
    "from AIGER, strong": lambda: Plan(machine=in_ands(coins_machine()), rho=Fraction(1, 16), setting=STRONG, batch=2),
    "decision list, strong": lambda: _samples("decision-list", STRONG, 2, 1, "prefix", 4),
    "decision list, minimal": lambda: _samples("decision-list", MINIMAL, 2, 1, "look", 6),
    "memoriser, strong": lambda: _samples("memoriser", STRONG, 2, 1, "prefix", 4),
    "parity, dyadic": lambda: _samples("parity", DYADIC, 2, 1, "prefix", 4),
    "best of literals, dyadic": lambda: _samples("best-of-literals", DYADIC, 2, 1, "look", 6),
    "conjunction of a sample, strong": lambda: _samples("conjunction", STRONG, 2, 1, "look", 6),
    "decision list of two bits, dyadic": lambda: _samples("decision-list", DYADIC, 2, 2, "prefix", 7),
}
"""The bases by name."""


@cache
def base(name: str) -> Base:
    """One of the bases; made once. Those named so get one batch in every step.

    >>> made = base("conjunction by queries, minimal")
    >>> made.machine.rounds, {part: len(made.parts[part]) for part in ("vc", "digit", "gate")}
    (4, {'vc': 8, 'digit': 32, 'gate': 154})
    >>> made.part_of(made.rounds[1]["primary"][0]), made is base(made.name)
    ('primary', True)
    """
    return Base(name, MADE[name](), full=name.startswith("full batch"))
