"""The network of a machine that asks about both labels in one step (S6 on networks).

It is the emulation network (:mod:`constructions.networks.emulation`) in which every round is one of Q', so that the
output is held at 1 + offset rho in each step, and in which some copies of a round are steep
(:mod:`constructions.networks.both_labels`). A steep copy adds more to the output while it is active, and its canceller
takes as much off. Its digits are one more, for a record of the whole batch. All edges train.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from constructions.computation.flat import Integers
from constructions.errors import PremiseError
from constructions.foundations.exact import Number
from constructions.foundations.network import Fragment
from constructions.networks.blocks import Stamper
from constructions.networks.both_labels import steep, steep_gain, why_no_steep_memory
from constructions.networks.both_round import (
    BOTH_LABELS,
    STEEP,
    BothDecoder,
    alone,
    check_both,
    counted,
    taken_off,
)
from constructions.networks.controls import secondary_weight
from constructions.networks.decoder import Decoder
from constructions.networks.emulation import Plan
from constructions.networks.layout import RoundLayout
from constructions.networks.planning import SPARE_PLACES, Build
from constructions.networks.queries import DYADIC, Setting, bits_for, query_graph
from constructions.networks.round_circuit import QueryCopy, RoundCircuit, round_circuit


def is_steep(copy: QueryCopy) -> bool:
    """Whether a copy is a steep one.

    >>> is_steep(counted(0)), is_steep(taken_off(0))
    (True, False)
    """
    return copy.place == STEEP


@dataclass(frozen=True, kw_only=True)
class BothStamper(Stamper):
    """What the templates of a network on both labels share: also which copies of a round are ``steep``."""

    steep: tuple[bool, ...]

    @property
    def bits(self) -> int:
        """k, digits of a copy."""
        return bits_for(self.rho) + 1

    def round_output_weights(self, graph: Fragment, layout: RoundLayout) -> Integers:
        """(2 copies + 1,) the weights into the output; from a steep copy and from its canceller they are its own."""
        weights, own = super().round_output_weights(graph, layout).copy(), steep(self.setting, steep_gain(self.rho))
        places = np.flatnonzero(self.steep)
        weights[places] = self.scaled(own.gain_prime)
        weights[layout.copies + places] = self.scaled(secondary_weight(own))
        return weights


@dataclass(frozen=True, kw_only=True, eq=False)
class BothPlan(Plan):
    """A machine on both labels with everything that decides its network.

    Parameters
    ----------
    machine : as :mod:`constructions.computation.both_labels` has it; its queries are 0 and 1.
    rho, setting, batch, tolerance : as for :class:`~constructions.networks.emulation.Plan`; strong or dyadic.

    Raises
    ------
    PremiseError
        For another setting or other queries, or if answers cannot be kept within the tolerance.

    >>> from constructions.computation.both_labels import in_pairs
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = BothPlan(machine=in_pairs(best_literal_machine(2, fraction=8)), rho=Fraction(1, 16))
    >>> net = plan.trainable
    >>> net.network.size == plan.sizes.vertices, len(net.network.sources) == plan.sizes.edges, plan.sizes.steps
    (True, True, 1)
    >>> str(net((0, 1))), str(plan.held(1)), str(plan.decoder.tolerance / plan.rho)
    ('137/128', '137/128', '48217/12288')
    >>> sum(map(is_steep, plan.copies)), len(plan.copies), plan.hints["both"]
    (3, 10, True)
    >>> values = net.network.pre_activations({"x1": 0, "x2": 0})[1]
    >>> [str(answer) for answer in plan.answers(values, 1)]  # before it is trained
    ['0', '0', '0', '0', '0', '0']
    """

    @property
    def inputs(self) -> int:
        """n, how many inputs the network has; the machine has one more, for the label."""
        return self.machine.inputs - 1

    @property
    def primes(self) -> tuple[bool, bool]:
        """All copies are of Q'."""
        return True, True

    def _made_decoder(self) -> Decoder:
        if self.centred:
            raise PremiseError("need no middle taken off where both labels are asked about, got centred")
        machine = check_both(self.machine)
        return BothDecoder(setting=self.setting, rho=self.rho, answer_fraction=machine.answer_fraction)

    @cached_property
    def rounds(self) -> tuple[RoundCircuit, RoundCircuit]:
        """The computation of a round, twice."""
        made = round_circuit(self.machine, self.decoder, active=True, asking=BOTH_LABELS)
        return made, made

    @cached_property
    def stamper(self) -> Stamper:
        """The scale over which all weights are whole, and which copies are steep."""
        own, bits = steep(self.setting, steep_gain(self.rho)), self.decoder.bits
        graph = query_graph(own, rho=self.rho, bits=bits, prime=True)
        fault = why_no_steep_memory(graph, self.rho, bits, offset=own.offset)
        assert fault is None, f"need a steep copy, got one that fails: {fault}"
        scale = self._scale((own.gain, secondary_weight(own)))
        return BothStamper(
            setting=self.setting, rho=self.rho, scale=scale, steep=tuple(is_steep(copy) for copy in self.copies)
        )

    @property
    def hints(self) -> dict[str, object]:
        """What the file says of itself."""
        tolerance = str(self.decoder.tolerance)
        return {"setting": self.setting.name, "both": True, "tolerance": tolerance, "groups": self.groups}

    def decoded(self, records: Sequence[int]) -> tuple[Fraction, ...]:
        """The answers of a round, given what the digits of each of its copies read."""
        read = dict(zip(self.copies, records, strict=True))

        def answer(j: int) -> Fraction:
            steep_one = read.get(counted(j), 0)
            above = [read.get(alone(j), 0), steep_one, steep_one]
            return self.decoder.answer(self.decoder.total(above, [read.get(taken_off(j), 0), 0, 0]))

        return tuple(map(answer, range(self.machine.parallel)))


def places_on_both(*, setting: Setting, rho: Fraction, tolerance: Fraction) -> int:
    """The fewest binary places of an answer with which a network on both labels keeps a tolerance, as
    :func:`~constructions.networks.planning.answer_places` for other networks.

    >>> places_on_both(setting=DYADIC, rho=Fraction(1, 16), tolerance=Fraction(1, 4))
    7
    """
    most = 2 * SPARE_PLACES + bits_for(min(tolerance, Fraction(1, 2)))
    for places in range(most):
        if BothDecoder(setting=setting, rho=rho, answer_fraction=places).tolerance <= tolerance:
            return places
    return most


def both_plan_within(build: Build, *, rho: Fraction, tolerance: Number, b: int, setting: Setting = DYADIC) -> BothPlan:
    """The plan of a machine on both labels whose answers have the fewest places that keep a tolerance.

    Parameters
    ----------
    build : the machine from the places. rho, tolerance, b, setting : as :class:`BothPlan` takes them.

    Raises
    ------
    PremiseError
        If no number of places keeps the tolerance, or rho is not in the range of the setting.

    >>> from constructions.computation.both_labels import in_pairs
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> build = lambda places: in_pairs(best_literal_machine(1, fraction=places))
    >>> both_plan_within(build, rho=Fraction(1, 16), tolerance=Fraction(1, 4), b=1).machine.answer_fraction
    7
    """
    wanted = Fraction(tolerance)
    if wanted <= 0:
        raise PremiseError(f"need a tolerance > 0, got {wanted}")
    places = places_on_both(setting=setting, rho=rho, tolerance=wanted)
    return BothPlan(machine=build(places), rho=rho, setting=setting, batch=b, tolerance=wanted)
