"""Training where a step costs what it changes: the trajectory of the plain engine, bit for bit.

Between two steps few edges move, and between two samples few vertices change; of these the output needs only some.
So four things are kept from step to step: what is known of every vertex (:mod:`constructions.training.bound_changes`);
which vertices the output needs (:mod:`constructions.training.demand`); sum, output and piece of these for the sample
that went through last (:mod:`constructions.training.value_changes`); and an array of batch sums, all 0 but where the
last step had entries. Each is brought up to date only where something has changed. What then happens to an edge with an
entry, the rounding, the adversary and the move, is the plain engine's own code, on the same edges in the same order.

Where 61 bits do not do, everything is dropped and the whole pass of the plain engine says what it has to say; after a
step at a kink, or a jump to a checkpoint, everything is found anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from constructions.networks.flat import MOST
from constructions.training.batch_passes import BatchPasses, distinct_samples, passes_in_order
from constructions.training.batches import Samples
from constructions.training.bound_changes import (
    BoundState,
    first_bounds,
    no_bounds,
    renew_bounds,
)
from constructions.training.engine import Engine
from constructions.training.exactness import FLOATS, Ranges, check_step_numbers, ranges_known, why_not_floats
from constructions.training.kernels import (
    Integers,
    Roundings,
    Table,
    VertexBounds,
    nothing_known,
)
from constructions.training.marks import Fanout, fanout_of
from constructions.training.number_limits import no_fault
from constructions.training.scaled_weights import largest
from constructions.training.value_changes import (
    ValueState,
    no_values,
    passes_floats,
    passes_integers,
    roundings_summed,
)

NO_EDGES = np.zeros(0, np.int64)


@dataclass(slots=True)
class _Kept:
    """What is kept between two steps.

    Parameters
    ----------
    numbers
        Which edges train, b and rho, as the kernels take them.
    known, bounds
        The bounds.
    values, system
        The values, and their number system.
    moved
        The edges that the last step has moved.
    reasons
        Why float64 does not do, by the first number that is too long for it.
    """

    numbers: tuple[Table, int, tuple[int, int]]
    known: VertexBounds
    bounds: BoundState
    values: ValueState
    system: str
    moved: Integers = field(default_factory=lambda: NO_EDGES)
    reasons: dict[tuple[int, ...], str | None] = field(default_factory=dict)


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
        kept, net, fault = self._kept, self.arrays, no_fault()
        if kept is None or not renew_bounds(
            net, *kept.numbers, kept.known, kept.bounds, kept.moved, kept.values.demand.reached, fault
        ):
            self._kept = None
            return super().ranges()
        kept.moved = NO_EDGES
        key = tuple(fault.tolist())
        if key not in kept.reasons:
            kept.reasons[key] = why_not_floats(net, fault)
        found = ranges_known(kept.known, kept.reasons[key], system=self.system)
        if found.system != kept.system:
            kept.values, kept.system = self._no_values(kept.bounds.fanout, found.system), found.system
        return found

    def _begin(self) -> _Kept | None:
        """All bounds, and no values yet; None where 61 bits do not do."""
        if self._fanout is None:
            self._fanout = fanout_of(self.offsets, self.sources)
        check_step_numbers(self.batch, self.rho)
        known, bounds = nothing_known(len(self.offsets) - 1, len(self.sources)), no_bounds(self._fanout)
        numbers = self.trains, self.batch, (self.rho.numerator, self.rho.denominator)
        if not first_bounds(self.arrays, *numbers, known, bounds):
            return None
        return _Kept(numbers, known, bounds, self._no_values(self._fanout, FLOATS), FLOATS)

    def _no_values(self, fanout: Fanout, system: str) -> ValueState:
        return no_values(fanout, self.output, np.float64 if system == FLOATS else np.int64)

    def _passes(self, found: Ranges, x: Samples, y: Samples) -> BatchPasses:
        kept = self._kept
        if kept is None:
            return super()._passes(found, x, y)
        net, values = self.arrays, kept.values
        points = distinct_samples(x, y)
        outputs = np.empty(len(points.y), values.out.dtype)
        passes = passes_floats if kept.system == FLOATS else passes_integers
        kinks = passes(net, points.x, points.y, points.times, values, outputs, kept.known)
        under = 1 if kept.system == FLOATS else int(kept.known.under_out[self.output])
        exact = [Fraction(value) / under for value in outputs.tolist()]
        return passes_in_order(
            points, exact, kinks, values.batch_sum, f"in {kept.system} (gone through only where something has changed)"
        )

    def _roundings(self, passes: BatchPasses, found: Ranges) -> Roundings:
        kept = self._kept
        if kept is None:
            return super()._roundings(passes, found)
        scaled = kept.system != FLOATS
        return Roundings(*roundings_summed(self.arrays, *kept.numbers, kept.known, scaled, kept.values))

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
        if self._kept is not None:
            self._kept.moved = moved
