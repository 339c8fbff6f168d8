"""The certifier: reads nothing but the arrays, and proves that training the network runs the machine, or says why
not."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from constructions.computation.query_machine import QueryMachine
from constructions.foundations.activation import RAMP
from constructions.networks.trainable import Trainable
from verify.certifier.refusal import Refused
from verify.certifier.roles.gates import in_lowest_terms, recognized
from verify.certifier.roles.layers import Layers, layers_of
from verify.certifier.roles.memories import Memories, memories_of
from verify.certifier.roles.parts import Halves, Parts, heads_of, take_apart
from verify.certifier.roles.round_of_copy import find_rounds
from verify.certifier.rounds.all_rounds import Finding, Walk
from verify.certifier.rounds.equal import Tally


@dataclass(kw_only=True)
class Outcome:
    """What came of it: ``refusal`` is None if the network is certified."""

    refusal: Refused | None = None
    parts: Parts | None = None
    memories: Memories | None = None
    layers: Layers | None = None
    needs: Halves | None = None
    finding: Finding | None = None
    tally: Tally = field(default_factory=Tally)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def certified(self) -> bool:
        """Whether everything was proved."""
        return self.refusal is None and self.finding is not None

    def let_go(self) -> None:
        """Drop all that is as large as the network, once the certificate has it: the checker needs the memory."""
        self.parts = self.memories = self.layers = self.needs = self.finding = None


def certify_network(
    net: Trainable, machine: QueryMachine, *, seconds: int = 20, tolerance: Fraction | None = None
) -> Outcome:
    """Certify a network against a machine.

    Parameters
    ----------
    seconds : for each question to the solver. tolerance : refuse if answers are not shown within it (4 rho if not
        given).

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> machine = best_literal_machine(2, fraction=6)
    >>> net = Plan(machine=machine, rho=Fraction(1, 16)).trainable
    >>> certify_network(net, machine).certified
    True
    >>> from dataclasses import replace
    >>> str(certify_network(replace(net, rate=Fraction(2)), machine).refusal)[:3]
    '(c)'
    """
    outcome = Outcome(tally=Tally(seconds=seconds))

    def timed(name: str, what: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        try:
            return what()
        finally:
            outcome.seconds[name] = round(time.perf_counter() - began, 3)

    try:
        timed("settings", lambda: check_settings(net, machine))
        net = in_lowest_terms(net)
        parts = outcome.parts = timed("parts", lambda: take_apart(net))
        needs = outcome.needs = timed("gates", lambda: recognized(parts))
        memories = outcome.memories = timed("memories", lambda: memories_of(parts))
        check_frozen(parts)
        found = timed("rounds", lambda: find_rounds(parts, needs, memories.driver, memories.acts_at))
        layers = outcome.layers = timed(
            "layers", lambda: layers_of(parts, needs, found.of_copy, found.clocks, machine.random_bits)
        )
        walk = Walk(parts, needs, layers, memories, machine, outcome.tally)
        outcome.finding = timed("proof", lambda: walk.go(net.hints, 4 * net.rho if tolerance is None else tolerance))
    except Refused as refusal:
        outcome.refusal = refusal
    return outcome


def check_settings(net: Trainable, machine: QueryMachine) -> None:
    """(i) and (h): the activation is the two-stage ramp, there are as many steps as rounds, and a sampled edge for
    each random bit."""
    if net.network.sigma != RAMP or net.activation_of_output != RAMP:
        raise Refused("i", "an activation that is not the two-stage ramp")
    if net.rate not in (1, 2):
        raise Refused("i", f"a learning rate of {net.rate}; Lemma 11 is proved for 1 and 2")
    if net.steps != machine.rounds:
        raise Refused("i", f"{net.steps} steps for a machine of {machine.rounds} rounds")
    if len(net.network.inputs) != machine.inputs:
        raise Refused("i", f"{len(net.network.inputs)} inputs for a machine of {machine.inputs}")
    if net.random_bits != machine.rounds * machine.random_bits:
        raise Refused(
            "h", f"{net.random_bits} sampled edges for {machine.rounds} rounds of {machine.random_bits} random bits"
        )


def check_frozen(parts: Parts) -> None:
    """(i): no edge into a vertex of a copy is frozen, nor one from v3 (all others never move before they no longer
    matter)."""
    net = parts.net
    tails, heads = net.network.sources[net.frozen], heads_of(net, net.frozen)
    for u, v in zip(tails.tolist(), heads.tolist(), strict=True):
        if parts.copy_of[v] >= 0 or (parts.copy_of[u] >= 0 and v == net.output):
            raise Refused("i", "an edge of a copy that does not train", edge=(u, v))
