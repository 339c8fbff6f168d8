"""Plain bSGD and fbGD over arrays (Section 2, equations 1 to 3): every edge is trained, and nothing is known of what it
is for.

One step, on a batch of b samples (x_i, y_i), in the order of the code of :meth:`Engine.step`:

1. *Which numbers?* For the weights as they are now, one pass over the network bounds every number that the step can
   meet, whatever the batch (:mod:`constructions.training.exactness`). If float64 holds them all without loss it is
   used, else 64-bit integers over known denominators; if neither does, the step is refused and nothing has changed.
2. *Two passes.* Every sample goes forward and backward through all edges (:mod:`constructions.training.batch_passes`);
   equal samples once, with their number; eight or more at a time in 32-bit integers, where the bounds of point 1 allow.
   An entry of the gradient of half the squared difference is clipped to [-1, 1] (equation 2) and added to its edge's
   batch sum G, which is never divided by b.
3. *A kink?* If a sample puts a vertex with an adjoint on a kink, the loss has no derivative. Then ``at_kink`` may
   choose any gradient in [-1, 1] (footnote 6); by default nobody does, and training stops.
4. *A rounding.* For each edge with G != 0 an adversary picks a multiple u of rho with |b u - G| <= 3 b rho / 4
   (equation 3); there are one or two. The arithmetic is that of :mod:`constructions.training.formulas`.
5. *The move.* The weight becomes w - rate u (equation 1).

Weights are integers over one scale that holds rate rho, so a move is a subtraction of integers, and a trajectory is
exact from its first step to its last. Nothing here divides, rounds or compares inexactly.

The reference, slow and in rationals over graphs with names, is :class:`constructions.foundations.descent.Descent`; the
same steps over these arrays in rationals are :class:`constructions.training.by_fractions.FractionEngine`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any, Unpack

import numpy as np

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.activation import Activation
from constructions.foundations.exact import rational, whole
from constructions.networks.flat import MOST
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import (
    AtKink,
    EdgeChoice,
    EdgeWeights,
    EngineChoices,
    OpenEntries,
    Picks,
    check_named,
    named_choice,
    stop_at_kink,
)
from constructions.training.batch_passes import BatchPasses, batch_passes
from constructions.training.batches import Samples, checked_samples
from constructions.training.evaluation import Evaluation, evaluated
from constructions.training.exactness import Ranges, integer_pieces, ranges
from constructions.training.formulas import moved_down
from constructions.training.kernels import (
    LOWER,
    UPPER,
    GraphArrays,
    Integers,
    Roundings,
    room_for_roundings,
    roundings,
)
from constructions.training.scaled_weights import as_weights, check_size, largest, rescaled, unit_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayStep:
    """What one step did.

    Parameters
    ----------
    number : int
        Counts from 1.
    outputs : tuple of Fraction
        (b,) the outputs on the batch before the step.
    moved : mapping
        The edges that moved, by position, with their weights before and after.
    system : str
        The number system of the passes.
    kink : int, optional
        The vertex at which the loss had no derivative.
    stopped : bool
        Nobody chose a gradient there.
    """

    number: int
    outputs: tuple[Fraction, ...]
    moved: Mapping[int, tuple[Fraction, Fraction]]
    system: str
    kink: int | None = None
    stopped: bool = False


class Engine:
    """Training of one network in arrays; holds its weights and the number of steps taken.

    Parameters
    ----------
    offsets, sources, weights, scale
        As in :class:`constructions.networks.flat.FlatNetwork`: (N + 1,), (m,) and (m,) integers, weights times
        ``scale``.
    inputs, output : int
        n, and the output vertex.
    sigma, last : Activation
        The activation, and that of the output if it is another one.
    batch, rho, rate
        b, the gradient precision and the step size.
    frozen : array of int, optional
        Positions of edges that do not move.
    adversary, seed : str or function, int
        A name in ``NAMED``, with a seed if it is random, or a function that picks one of the valid roundings.
    at_kink : function
        Chooses a gradient in [-1, 1], by edge, for a step without one (footnote 6).
    system : str, optional
        Ask for ``float64`` or ``scaled integers``; then no step goes in lanes of 32-bit integers.
    lanes : bool
        Whether eight or more different samples may go in these.

    Raises
    ------
    ConstructionError
        At first, for a rate rho that no scale within 2^60 holds; before a step, if no number system holds every number
        that it can meet.

    >>> line = Activation(kinks=(), slopes=(Fraction(1),), value=Fraction(0))
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> engine = Engine(**arrays, scale=2, inputs=1, output=2, sigma=line, batch=1, rho=Fraction(1, 4))
    >>> step = engine.step(np.array([[1]]), np.array([0]))
    >>> str(step.outputs[0]), {edge: (str(old), str(new)) for edge, (old, new) in step.moved.items()}, step.system
    ('3/2', {0: ('1/2', '-1/2'), 1: ('1', '0')}, 'float64')
    >>> engine.go_on(number=7, weights=np.array([4, 8]), scale=16)
    >>> engine.number, str(engine.weight(1)), engine.arrays.scale, engine.evaluated(np.array([[1]])).outputs
    (7, '1/2', 16, (Fraction(3, 4),))
    """

    def __init__(
        self,
        *,
        offsets: Integers,
        sources: Integers,
        weights: Integers,
        scale: int,
        inputs: int,
        output: int,
        sigma: Activation,
        batch: int,
        rho: Fraction,
        rate: Fraction = Fraction(1),
        last: Activation | None = None,
        frozen: Integers | None = None,
        adversary: str | Picks = "nearest",
        seed: int = 0,
        at_kink: AtKink = stop_at_kink,
        system: str | None = None,
        lanes: bool = True,
    ) -> None:
        self.offsets, self.sources = _read_only(offsets), _read_only(sources)
        self.inputs, self.output = inputs, output
        self.inner, self.last = integer_pieces(sigma), integer_pieces(last or sigma)
        self.batch = whole(batch, where="batch", least=1)
        self.rho, self.rate = rational(rho, where="rho"), rational(rate, where="rate")
        if min(self.rho, self.rate) <= 0:
            raise ConstructionError(f"need rho > 0 and rate > 0, got {self.rho} and {self.rate}")
        if isinstance(adversary, str):
            check_named(adversary, seed)
        self.adversary, self.seed, self.at_kink, self.system = adversary, seed, at_kink, system
        self.trains = np.ones(len(self.sources), np.bool_)
        if frozen is not None:
            self.trains[frozen] = False
        self.lanes, self.ways = lanes and system is None, Counter[str]()
        self.number = 0
        self.last_ranges: Ranges | None = None
        self.weights, self.scale = as_weights(weights, where="the start"), scale
        self._rescale(lcm(scale, self._least_move.denominator), where="the start")

    @property
    def _least_move(self) -> Fraction:
        """What an edge moves by if its gradient is rounded to rho."""
        return self.rate * self.rho

    def _rescale(self, scale: int, weights: Mapping[int, Fraction] | None = None, *, where: str) -> None:
        """Put the weights over another scale, some replaced by new ones."""
        self.weights, self.scale, self.unit = rescaled(
            self.weights, self.scale, scale, move=self._least_move, changed=weights or {}, where=where
        )

    def weight(self, edge: int) -> Fraction:
        """The weight of an edge now."""
        return Fraction(int(self.weights[edge]), self.scale)

    def go_on(self, *, number: int, weights: Integers, scale: int) -> None:
        """Continue after ``number`` steps, from these weights over a scale.

        Raises
        ------
        ConstructionError
            For weights of another number, a scale over which rate rho is not whole, or numbers beyond 2^60.
        """
        if len(weights) != len(self.sources):
            raise ConstructionError(f"need {len(self.sources)} weights, got {len(weights)}, after step {number}")
        if number >= MOST:
            raise ConstructionError(f"need a step below 2^60, got {number}, at the number of steps taken")
        where = f"step {number}"
        unit, found = unit_of(self._least_move, scale, where=where), as_weights(weights, where=where)
        self.number, self.weights, self.scale, self.unit = number, found, scale, unit

    @property
    def arrays(self) -> GraphArrays:
        """The network as the kernels take it, with its weights as they are now."""
        first = 1 + self.inputs
        return GraphArrays(
            self.offsets, self.sources, self.weights, self.scale, first, self.output, self.inner, self.last
        )

    def ranges(self, *, downwards: bool = True) -> Ranges:
        """What numbers the next step can meet, for every x and label; without ``downwards`` only the forward pass."""
        return ranges(
            self.arrays,
            trains=self.trains,
            batch=self.batch,
            rho=self.rho,
            system=self.system,
            downwards=downwards,
        )

    def step(self, x: Samples, y: Samples) -> ArrayStep:
        """One step on a batch: x (b, n) and y (b,) of zeros and ones.

        Raises
        ------
        ConstructionError
            For samples of another shape, numbers that no number system holds, or an adversary that picks what is no
            valid rounding; the weights are then as they were.
        """
        x, y = checked_samples(x, y, inputs=self.inputs, batch=self.batch)
        found = self.last_ranges = self.ranges()
        passes = self._passes(found, x, y)
        self.ways[passes.way] += 1
        if passes.kink is not None:
            return self._free_step(passes.kink, passes.outputs, found.system)
        edges, multiples = self._chosen(passes, found)
        before = self.weights[edges]
        self._check_reach(int(np.abs(multiples).max(initial=0)))
        self._move(edges, moved_down(before, multiples, self.unit))
        rows = zip(edges.tolist(), before.tolist(), self.weights[edges].tolist(), strict=True)
        moved = {e: (Fraction(old, self.scale), Fraction(new, self.scale)) for e, old, new in rows if old != new}
        self.number += 1
        return ArrayStep(number=self.number, outputs=passes.outputs, moved=moved, system=found.system)

    def outputs(self, x: Samples) -> tuple[Fraction, ...]:
        """The exact outputs at any number of points."""
        return self.evaluated(x).outputs

    def evaluated(self, x: Samples) -> Evaluation:
        """As :meth:`outputs`, and in which way they were found."""
        x, _ = checked_samples(x, np.zeros(len(x), np.int64), inputs=self.inputs, batch=len(x))
        return evaluated(self.arrays, self.ranges(downwards=False), x, lanes=self.lanes)

    def _passes(self, found: Ranges, x: Samples, y: Samples) -> BatchPasses:
        """Both passes for a batch."""
        return batch_passes(self.arrays, found, x, y, lanes=self.lanes)

    def _move(self, edges: Integers, weights: Integers) -> None:
        """Give edges new weights, over the scale."""
        self.weights[edges] = weights

    def _roundings(self, passes: BatchPasses, found: Ranges) -> Roundings:
        """The edges whose batch sum is not 0, with what is valid for each."""
        room = room_for_roundings(int(np.count_nonzero(passes.batch_sum)))
        count = roundings(
            self.arrays,
            self.trains,
            passes.batch_sum,
            self.batch,
            (self.rho.numerator, self.rho.denominator),
            found.known,
            passes.scaled,
            room,
        )
        return Roundings(*(row[:count] for row in room))

    def _chosen(self, passes: BatchPasses, found: Ranges) -> tuple[Integers, Integers]:
        """The edges whose batch sum is not 0, and the multiple of rho that the adversary picks for each."""
        edges, below, rest, part, which, entry, under = self._roundings(passes, found)
        if isinstance(self.adversary, str):
            seen = OpenEntries(edges, self.number + 1, below, rest, part)
            return edges, named_choice(self.adversary, seen, which, self.seed)
        heads = np.searchsorted(self.offsets, edges, side="right") - 1
        columns = (edges, self.sources[edges], heads, below, which, entry, under)
        picked = [self._picked(self.adversary, *row) for row in zip(*(c.tolist() for c in columns), strict=True)]
        return edges, np.array(picked, np.int64)

    def _picked(
        self, adversary: Picks, edge: int, tail: int, head: int, below: int, which: int, entry: int, under: int
    ) -> int:
        multiples = [below] * (which & LOWER > 0) + [below + 1] * (which & UPPER > 0)
        valid = tuple(self.rho * multiple for multiple in multiples)
        choice = EdgeChoice(edge, tail, head, self.number + 1, Fraction(entry, under * self.batch), valid)
        picked = adversary(choice)
        if not isinstance(picked, Fraction) or picked not in valid:
            options = ", ".join(map(str, valid))
            where = f"edge {edge}, step {self.number + 1}"
            raise ConstructionError(
                f"need one of the valid roundings {options} of {choice.value}, got {picked!r}, at {where}"
            )
        return multiples[valid.index(picked)]

    def _check_reach(self, multiple: int) -> None:
        check_size(multiple * self.unit + self._reach, where=f"step {self.number + 1}")

    @property
    def _reach(self) -> int:
        """The size of the largest weight, over the scale."""
        return largest(self.weights)

    def _free_step(self, vertex: int, outputs: tuple[Fraction, ...], system: str) -> ArrayStep:
        """A step without a gradient: any in [-1, 1] is valid (footnote 6), also off the grid."""
        number = self.number + 1
        try:
            free = dict(self.at_kink(vertex, EdgeWeights(self.weight, len(self.weights))))
        except KinkError:
            return ArrayStep(number=number, outputs=outputs, moved={}, system=system, kink=vertex, stopped=True)
        self._check_free(free, number)
        moved = {edge: (self.weight(edge), self.weight(edge) - self.rate * u) for edge, u in free.items() if u}
        self._rescale(
            lcm(self.scale, *(new.denominator for _, new in moved.values())),
            {edge: new for edge, (_, new) in moved.items()},
            where=f"the kink of step {number}",
        )
        self.number = number
        return ArrayStep(number=number, outputs=outputs, moved=moved, system=system, kink=vertex)

    def _check_free(self, free: Mapping[int, Fraction], number: int) -> None:
        for edge, u in free.items():
            if not (isinstance(edge, int) and 0 <= edge < len(self.sources) and self.trains[edge]):
                raise ConstructionError(f"need an edge that is trained, got {edge!r}, at the kink of step {number}")
            if not isinstance(u, Fraction) or abs(u) > 1:
                raise ConstructionError(
                    f"need gradient entries in [-1, 1] at a kink, got {u!r}, at edge {edge}, step {number}"
                )


def engine_of(
    net: Trainable,
    *,
    batch: int | None = None,
    rho: Fraction | None = None,
    rate: Fraction | None = None,
    system: str | None = None,
    **choices: Unpack[EngineChoices],
) -> Engine:
    """The engine for a network; batch, rho and rate are the network's, ``system`` and the rest its own, if not given.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> net = Trainable(network=flat_network(graph), rho=Fraction(1, 4))
    >>> {name: arguments_of(net, batch=8, rho=None, rate=None)[name] for name in ("batch", "rho")}
    {'batch': 8, 'rho': Fraction(1, 4)}
    >>> engine = engine_of(net, adversary="down")
    >>> str(engine.step(np.array([[1]]), np.array([0])).outputs[0])
    '3/2'
    >>> [str(weight) for _, weight in trained(net, engine).network.into(2)]
    ['-1/2', '0']
    """
    return Engine(**arguments_of(net, batch=batch, rho=rho, rate=rate), system=system, **choices)


def arguments_of(net: Trainable, *, batch: int | None, rho: Fraction | None, rate: Fraction | None) -> dict[str, Any]:
    """What an engine takes of ``net``, a network; b, rho and rate are the network's where they are None."""
    flat = net.network
    return {
        "offsets": flat.offsets,
        "sources": flat.sources,
        "weights": flat.weights,
        "scale": flat.scale,
        "inputs": len(flat.inputs),
        "output": net.output,
        "sigma": flat.sigma,
        "last": net.last,
        "frozen": net.frozen,
        "batch": net.batch if batch is None else batch,
        "rho": net.rho if rho is None else rho,
        "rate": net.rate if rate is None else rate,
    }


def trained(net: Trainable, engine: Engine) -> Trainable:
    """The network with the engine's weights."""
    return replace(net, network=replace(net.network, weights=engine.weights.copy(), scale=engine.scale))


def _read_only(array: Integers) -> Integers:
    view = np.ascontiguousarray(array, np.int64).view()
    view.setflags(write=False)
    return view
