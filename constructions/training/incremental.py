"""Training where a step costs what it changes: the trajectory of the plain engine, bit for bit.

Between two steps few edges move, and between two samples few vertices change. So three things are kept from step to
step: what is known of every vertex (:mod:`constructions.training.bound_changes`); its sum, output and piece for the
sample that went through last (:mod:`constructions.training.value_changes`); and an array of batch sums, all 0 but where
the last step had entries. Each is brought up to date only where something has changed. What then happens to an edge
with an entry, the rounding, the adversary and the move, is the plain engine's own code, on the same edges in the same
order.

Where 61 bits do not do, everything is dropped and the whole pass of the plain engine says what it has to say; after a
step at a kink, or a jump to a checkpoint, everything is found anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from constructions.networks.flat import MOST
from constructions.training.batch_passes import BatchPasses, distinct_samples, passes_in_order
from constructions.training.batches import Samples
from constructions.training.bound_changes import (
    HERE,
    BoundState,
    first_fault,
    mark_moved,
    no_bounds,
    renew_adjoints,
    renew_outputs,
)
from constructions.training.engine import Engine
from constructions.training.exactness import FLOATS, Ranges, ranges_known, why_not_floats
from constructions.training.kernels import (
    Integers,
    Roundings,
    VertexBounds,
    nothing_known,
    room_for_roundings,
)
from constructions.training.marks import Fanout, fanout_of, mark_from
from constructions.training.number_limits import no_fault
from constructions.training.output_bounds import bound_sources
from constructions.training.scaled_weights import largest
from constructions.training.value_changes import (
    ValueState,
    edges_summed,
    forget_sums,
    no_values,
    passes_floats,
    passes_integers,
    roundings_summed,
)


@dataclass(slots=True)
class _Kept:
    """What is kept between two steps: bounds, values in one number system, and why float64 does not do by fault."""

    known: VertexBounds
    bounds: BoundState
    values: ValueState
    system: str
    reasons: dict[tuple[int, ...], str | None]


class IncrementalEngine(Engine):
    """Training of one network, where a step costs what it changes; parameters, steps and refusals are those of
    :class:`constructions.training.engine.Engine`.

    Weights must be changed by steps and :meth:`go_on` only. What ``last_ranges`` knows of vertices is that of the next
    step once it has begun.

    >>> from constructions.foundations.activation import Activation
    >>> line = Activation(kinks=(), slopes=(Fraction(1),), value=Fraction(0))
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> given = {"scale": 2, "inputs": 1, "output": 2, "sigma": line, "batch": 1, "rho": Fraction(1, 4)}
    >>> engines = [kind(**arrays, **given) for kind in (Engine, IncrementalEngine)]
    >>> batch = np.array([[1]]), np.array([0])
    >>> all(len({str(engine.step(*batch)) for engine in engines}) == 1 for _ in range(3))
    True
    """

    _fanout: Fanout | None = None
    _kept: _Kept | None = None
    _largest: int | None = None

    def _rescale(self, scale: int, weights: Mapping[int, Fraction] | None = None, *, where: str) -> None:
        self._kept = self._largest = None
        super()._rescale(scale, weights, where=where)

    def go_on(self, *, number: int, weights: Integers, scale: int) -> None:
        """As :meth:`Engine.go_on`."""
        self._kept = self._largest = None
        super().go_on(number=number, weights=weights, scale=scale)

    def ranges(self, *, downwards: bool = True) -> Ranges:
        """As :meth:`Engine.ranges`; for the next step only where an edge has moved since the last one."""
        if not downwards:
            return super().ranges(downwards=False)
        if self._kept is None:
            self._kept = self._begin()
        kept, net = self._kept, self.arrays
        known, bounds = kept.known, kept.bounds
        rho = self.rho.numerator, self.rho.denominator
        if not (
            renew_outputs(net, known, bounds, kept.values.changed)
            and renew_adjoints(net, self.trains, self.batch, rho, known, bounds)
        ):
            self._kept = None
            return super().ranges()
        fault = no_fault()
        first_fault(bounds, fault)
        key = tuple(fault.tolist())
        if key not in kept.reasons:
            kept.reasons[key] = why_not_floats(net, fault)
        found = ranges_known(known, kept.reasons[key], system=self.system)
        if found.system != kept.system:
            kept.values, kept.system = self._no_values(found.system), found.system
        return found

    def _begin(self) -> _Kept:
        """Nothing is known, everything is to be found; refused where the plain engine refuses."""
        system = super().ranges().system
        if self._fanout is None:
            self._fanout = fanout_of(self.offsets, self.sources)
        known, bounds = nothing_known(len(self.offsets) - 1), no_bounds(self._fanout)
        bound_sources(1 + self.inputs, known)
        mark_from(bounds.up, 1 + self.inputs, HERE)
        return _Kept(known, bounds, self._no_values(system), system, {})

    def _no_values(self, system: str) -> ValueState:
        kind = np.float64 if system == FLOATS else np.int64
        return no_values(len(self.offsets) - 1, len(self.sources), 1 + self.inputs, kind)

    def _passes(self, found: Ranges, x: Samples, y: Samples) -> BatchPasses:
        kept = self._kept
        if kept is None:
            return super()._passes(found, x, y)
        net, values, fanout = self.arrays, kept.values, kept.bounds.fanout
        forget_sums(net, values)
        points = distinct_samples(x, y)
        outputs = np.empty(len(points.y), values.out.dtype)
        if kept.system == FLOATS:
            kinks = passes_floats(net, fanout, points.x, points.y, points.times, values, outputs)
        else:
            kinks = passes_integers(net, fanout, points.x, points.y, points.times, values, outputs, kept.known)
        under = 1 if kept.system == FLOATS else int(kept.known.under_out[self.output])
        exact = [Fraction(value) / under for value in outputs.tolist()]
        return passes_in_order(points, exact, kinks, values.batch_sum, f"in {kept.system} (only what changes)")

    def _roundings(self, passes: BatchPasses, found: Ranges) -> Roundings:
        kept = self._kept
        if kept is None:
            return super()._roundings(passes, found)
        net, rho = self.arrays, (self.rho.numerator, self.rho.denominator)
        room = room_for_roundings(edges_summed(net, kept.values))
        scaled = kept.system != FLOATS
        count = roundings_summed(net, self.trains, self.batch, rho, kept.known, scaled, kept.values, room)
        return Roundings(*(row[:count] for row in room))

    def _check_reach(self, multiple: int) -> None:
        if self._largest is None:
            self._largest = self._reach
        if multiple * self.unit + self._largest >= MOST:
            super()._check_reach(multiple)

    def _move(self, edges: Integers, weights: Integers) -> None:
        moved = edges[self.weights[edges] != weights]
        super()._move(edges, weights)
        if self._largest is not None:
            self._largest = max(self._largest, largest(weights))
        if self._kept is not None and len(moved):
            heads = np.searchsorted(self.offsets, moved, side="right") - 1
            mark_moved(self.arrays, heads, moved, self._kept.bounds)
