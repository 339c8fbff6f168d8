"""Plain bSGD and fbGD over arrays (Section 2, equations 1 to 3): every edge is trained, and nothing is known of what it
is for.

A step takes a batch of b samples: full passes forward and backward over all edges for each sample (equal samples once,
with their number), entries clipped to [-1, 1], summed and never divided by b; an adversary picks u with |b u - G| <= 3
b rho / 4; the weight moves by -rate u. Weights are integers over one scale, so a trajectory is exact; which numbers the
passes use is decided anew before every step (:mod:`constructions.training.exactness`). The reference is
:class:`constructions.foundations.descent.Descent`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.activation import Activation
from constructions.foundations.exact import rational, whole
from constructions.networks.flat import MOST
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import AtKink, EdgeChoice, Open, Picks, check_named, named_choice, stop_at_kink
from constructions.training.exactness import FLOATS, INTEGERS, Ranges, integer_pieces, ranges
from constructions.training.kernels import (
    LOWER,
    UPPER,
    Integers,
    backward_floats,
    backward_integers,
    forward_floats,
    forward_integers,
    roundings,
)

Samples = npt.NDArray[np.int64]
BLOCK = 8
KERNELS: dict[str, tuple[Callable[..., None], Callable[..., None]]] = {
    FLOATS: (forward_floats, backward_floats),
    INTEGERS: (forward_integers, backward_integers),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayStep:
    """What one step did: the outputs on the batch before it, and the edges that moved, with their weights before and
    after.

    ``kink`` is the vertex at which the loss had no derivative, if there was one; ``stopped`` says that nobody chose a
    gradient for it.
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
    offsets, sources, weights, scale : as in ``FlatNetwork``. inputs : n. output : the output vertex. sigma, last : the
        activation, and that of the output. batch, rho, rate : b, the gradient precision, the step size. frozen : edges
        that do not move.
    adversary : a name in ``NAMED``, or a function that picks one of the valid roundings. seed : for the names that are
        random.
    at_kink : chooses a gradient in [-1, 1] for a step without one (footnote 6). system : ask for ``float64`` or
        ``scaled integers``.

    Errors
    ------
    ConstructionError before a step if no number system holds every number that it can meet.

    >>> engine = Engine(offsets=np.array([0, 0, 0, 2]), sources=np.array([0, 1]), weights=np.array([1, 2]), scale=2, inputs=1, output=2,
    ...                 sigma=Activation(kinks=(), slopes=(Fraction(1),), value=Fraction(0)), batch=1, rho=Fraction(1, 4))
    >>> step = engine.step(np.array([[1]]), np.array([0]))
    >>> str(step.outputs[0]), {edge: (str(old), str(new)) for edge, (old, new) in step.moved.items()}, step.system
    ('3/2', {0: ('1/2', '-1/2'), 1: ('1', '0')}, 'float64')
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
        self.number = 0
        self.last_ranges: Ranges | None = None
        self.weights, self.scale = np.array(weights, np.int64), scale
        self._rescale(lcm(scale, (self.rate * self.rho).denominator))

    def _rescale(self, scale: int, weights: Mapping[int, Fraction] | None = None) -> None:
        """Put the weights over another scale, some replaced by new ones, and leave out what all have in common with
        a step's unit."""
        chosen = {edge: int(value * scale) for edge, value in (weights or {}).items()}
        most = max(int(np.abs(self.weights).max(initial=0)) * (scale // self.scale), *map(abs, chosen.values()), scale)
        if most >= MOST:
            raise ConstructionError(f"need weights times scale within 2^60, got {most}")
        self.weights *= scale // self.scale
        for edge, value in chosen.items():
            self.weights[edge] = value
        unit = int(self.rate * self.rho * scale)
        shared = gcd(scale, unit, int(np.gcd.reduce(self.weights, initial=0)))
        self.weights //= shared
        self.scale, self.unit = scale // shared, unit // shared

    def weight(self, edge: int) -> Fraction:
        """The weight of an edge now."""
        return Fraction(int(self.weights[edge]), self.scale)

    def go_on(self, *, number: int, weights: Integers, scale: int) -> None:
        """Continue after ``number`` steps, from these weights over a scale."""
        if len(weights) != len(self.sources) or (scale * self.rate * self.rho).denominator != 1:
            raise ConstructionError(
                f"need {len(self.sources)} weights over a scale that holds rate rho, got {len(weights)} over {scale}"
            )
        self.number, self.weights, self.scale = number, np.array(weights, np.int64), scale
        self.unit = int(self.rate * self.rho * scale)

    @property
    def arrays(self) -> tuple[Integers, Integers, Integers, int]:
        """Offsets, tails, weights now and their scale."""
        return self.offsets, self.sources, self.weights, self.scale

    def ranges(self, *, downwards: bool = True) -> Ranges:
        """What numbers the next step can meet, for every x and label; without ``downwards`` only the forward pass."""
        return ranges(
            *self.arrays,
            inputs=self.inputs,
            output=self.output,
            inner=self.inner,
            last=self.last,
            trains=self.trains,
            batch=self.batch,
            rho=self.rho,
            system=self.system,
            downwards=downwards,
        )

    def step(self, x: Samples, y: Samples) -> ArrayStep:
        """One step on a batch: x (b, n) and y (b,) of zeros and ones."""
        x, y = checked_samples(x, y, inputs=self.inputs, batch=self.batch)
        found = self.last_ranges = self.ranges()
        passes = _Passes(self, found, x, y)
        if passes.kink is not None:
            return self._free_step(passes.kink, passes.outputs, found.system)
        edges, multiples = self._chosen(passes, found)
        before = self.weights[edges]
        self._check_reach(int(np.abs(multiples).max(initial=0)))
        self.weights[edges] = before - multiples * self.unit
        rows = zip(edges.tolist(), before.tolist(), self.weights[edges].tolist(), strict=True)
        moved = {e: (Fraction(old, self.scale), Fraction(new, self.scale)) for e, old, new in rows if old != new}
        self.number += 1
        return ArrayStep(number=self.number, outputs=passes.outputs, moved=moved, system=found.system)

    def outputs(self, x: Samples) -> tuple[Fraction, ...]:
        """The exact outputs at any number of points."""
        x, y = checked_samples(x, np.zeros(len(x), np.int64), inputs=self.inputs, batch=len(x))
        return _Passes(self, self.ranges(downwards=False), x, y, backward=False).outputs

    def _chosen(self, passes: "_Passes", found: Ranges) -> tuple[Integers, Integers]:
        count = int(np.count_nonzero(passes.batch_sum))
        edges, below, rest, part, which, entry, under = (np.empty(count, np.int64) for _ in range(7))
        rho, over = (self.rho.numerator, self.rho.denominator), (self.inner[2], self.last[2])
        count = roundings(
            self.offsets,
            self.sources,
            self.trains,
            passes.batch_sum,
            self.inputs + 1,
            self.output,
            self.batch,
            rho,
            over,
            found.under_out,
            found.under_adjoint,
            found.system != FLOATS,
            edges,
            below,
            rest,
            part,
            which,
            entry,
            under,
        )
        edges, below, rest, part, which, entry, under = (
            row[:count] for row in (edges, below, rest, part, which, entry, under)
        )
        if isinstance(self.adversary, str):
            return edges, named_choice(
                self.adversary, Open(edges, self.number + 1, below, rest, part), which, self.seed
            )
        heads = np.searchsorted(self.offsets, edges, side="right") - 1
        rows = zip(
            *(row.tolist() for row in (edges, self.sources[edges], heads, below, which, entry, under)), strict=True
        )
        picked = [self._picked(self.adversary, *row) for row in rows]
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
            raise ConstructionError(
                f"need one of the valid roundings {options} of {choice.value}, got {picked!r}, at edge {edge}, step {self.number + 1}"
            )
        return multiples[valid.index(picked)]

    def _check_reach(self, multiple: int) -> None:
        most = multiple * self.unit + int(np.abs(self.weights).max(initial=0))
        if most >= MOST:
            raise ConstructionError(f"need weights times scale within 2^60, got {most}, at step {self.number + 1}")

    def _free_step(self, vertex: int, outputs: tuple[Fraction, ...], system: str) -> ArrayStep:
        """A step without a gradient: any in [-1, 1] is valid (footnote 6), also off the grid."""
        number = self.number + 1
        try:
            free = dict(self.at_kink(vertex, _Weights(self)))
        except KinkError:
            return ArrayStep(number=number, outputs=outputs, moved={}, system=system, kink=vertex, stopped=True)
        self._check_free(free, number)
        moved = {edge: (self.weight(edge), self.weight(edge) - self.rate * u) for edge, u in free.items() if u}
        self._rescale(
            lcm(self.scale, *(new.denominator for _, new in moved.values())),
            {edge: new for edge, (_, new) in moved.items()},
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


class _Weights(Mapping[int, Fraction]):
    """The engine's weights now, read edge by edge."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __getitem__(self, edge: int) -> Fraction:
        if not 0 <= edge < len(self):
            raise KeyError(edge)
        return self.engine.weight(edge)

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return len(self.engine.weights)


class _Passes:
    """Forward and backward for a batch: outputs, the sum of clipped gradients, and the kink of the first sample that
    meets one."""

    def __init__(self, engine: Engine, found: Ranges, x: Samples, y: Samples, *, backward: bool = True) -> None:
        self.engine, self.found = engine, found
        kind: Any = np.float64 if found.system == FLOATS else np.int64
        self.batch_sum = np.zeros(len(engine.sources) if backward else 0, kind)
        points, first, back, count = np.unique(
            np.column_stack((x, y)), axis=0, return_index=True, return_inverse=True, return_counts=True
        )
        outputs: list[Fraction] = []
        kinks = np.full(len(points), -1, np.int64)
        size, width = len(engine.offsets) - 1, min(BLOCK, len(points))
        self.out, self.adjoint = np.empty((size, width), kind), np.empty((size, width), kind)
        self.piece = np.empty((size, width), np.int16)
        for begin in range(0, len(points), width):
            block = slice(begin, begin + width)
            outputs += self._forward(np.ascontiguousarray(points[block, :-1]))
            if backward:
                self._backward(np.ascontiguousarray(points[block, -1]), count[block], kinks[block])
        self.outputs = tuple(outputs[i] for i in back.reshape(-1).tolist())
        met = [(int(first[i]), int(v)) for i, v in enumerate(kinks) if v >= 0]
        self.kink = min(met)[1] if met else None

    def _forward(self, x: Samples) -> list[Fraction]:
        engine, found, many = self.engine, self.found, len(x)
        if many < self.out.shape[1]:
            self.out, self.adjoint, self.piece = (
                np.empty((len(t), many), t.dtype) for t in (self.out, self.adjoint, self.piece)
            )
        forward, _ = KERNELS[found.system]
        more = () if found.system == FLOATS else (found.row, found.common, found.under_out)
        forward(*engine.arrays, x, engine.output, engine.inner, engine.last, self.out, self.piece, *more)
        under = 1 if found.system == FLOATS else int(found.under_out[engine.output])
        return [Fraction(value) / under for value in self.out[engine.output].tolist()]

    def _backward(self, y: Samples, count: Integers, kinks: Integers) -> None:
        engine, found = self.engine, self.found
        _, backward = KERNELS[found.system]
        more = () if found.system == FLOATS else (found.under_out, found.under_adjoint)
        given = (1 + engine.inputs, y, count, engine.output, engine.inner, engine.last)
        backward(*engine.arrays, *given, self.out, self.piece, self.adjoint, kinks, self.batch_sum, *more)


def engine_of(
    net: Trainable, *, batch: int | None = None, rho: Fraction | None = None, rate: Fraction | None = None, **rest: Any
) -> Engine:
    """The engine for a network with its settings; others may be asked for."""
    return Engine(**arguments_of(net, batch=batch, rho=rho, rate=rate), **rest)


def arguments_of(net: Trainable, *, batch: int | None, rho: Fraction | None, rate: Fraction | None) -> dict[str, Any]:
    """What an engine takes of a network; b, rho and rate are the network's where they are None."""
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


def train_batches(
    net: Trainable,
    batches: Sequence[tuple[Samples, Samples]],
    *,
    adversary: str | Picks = "nearest",
    seed: int = 0,
    **rest: Any,
) -> tuple[Trainable, list[ArrayStep]]:
    """Train on given batches; stops at a kink for which nobody chooses a gradient.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}, constant="one")
    >>> after, steps = train_batches(Trainable(network=flat_network(net), rho=Fraction(1, 4)), [(np.array([[1]]), np.array([0]))])
    >>> [str(weight) for _, weight in after.network.into(2)], [str(value) for value in steps[0].outputs]
    (['-1/2', '0'], ['3/2'])
    """
    engine = engine_of(net, adversary=adversary, seed=seed, **rest)
    steps: list[ArrayStep] = []
    for x, y in batches:
        steps.append(engine.step(x, y))
        if steps[-1].stopped:
            break
    return trained(net, engine), steps


def checked_samples(x: Samples, y: Samples, *, inputs: int, batch: int) -> tuple[Samples, Samples]:
    """The samples as 64-bit integers; refuses another shape, or anything but zeros and ones."""
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != (batch, inputs) or y.shape != (batch,) or x.dtype.kind not in "biu" or y.dtype.kind not in "biu":
        got = f"{x.dtype} of shape {x.shape} and {y.dtype} of shape {y.shape}"
        raise ConstructionError(f"need integers of shape {(batch, inputs)} and {(batch,)}, got {got}, at the batch")
    x, y = x.astype(np.int64), y.astype(np.int64)
    for name, part in (("x", x), ("y", y)):
        wrong = (part != 0) & (part != 1)
        if wrong.any():
            where = tuple(int(i) for i in np.argwhere(wrong)[0])
            raise ConstructionError(f"need bits and labels 0 or 1, got {int(part[where])}, at {name}{list(where)}")
    return x, y


def _read_only(array: Integers) -> Integers:
    view = np.ascontiguousarray(array, np.int64).view()
    view.setflags(write=False)
    return view
