"""Plain bSGD over arrays in rationals (Section 2, equations 1 to 3), one sample and edge after another: slow, never
refused for its bits.

It takes the steps of :class:`constructions.training.engine.Engine`, keeps weights as it does, and has passes and
roundings of its own. A network whose numbers are short but whose bounds are not is trained here: ReLU gadgets, where
what is flat is a sum of slopes that cancel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Unpack

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.options import fields_given
from constructions.foundations.rounding import Grid, clip
from constructions.networks.flat import Integers
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import AtKink, EngineChoices, OpenEntries, Picks, is_upper, stop_at_kink
from constructions.training.batches import Samples, checked_samples
from constructions.training.compared import ComparedEngine
from constructions.training.engine import ArrayStep, Engine, arguments_of, trained
from constructions.training.evaluation import Evaluation
from constructions.training.exactness import Ranges
from constructions.training.incremental import IncrementalEngine
from constructions.training.kernels import LOWER, UPPER, nothing_known

RATIONALS = "rationals"
LONG = 1 << 61
Entries = dict[int, Fraction]


@dataclass(frozen=True, slots=True)
class Sums:
    """What the passes of a batch give: the outputs, the mean of the clipped gradients where it is not 0, the first
    sample's kink."""

    outputs: tuple[Fraction, ...]
    mean: Entries
    kink: int | None


class FractionEngine(Engine):
    """Training of one network in rationals; b, rho and rate are the network's where they are not given, the rest is the
    engine's.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> engine = FractionEngine(Trainable(network=flat_network(net), rho=Fraction(1, 4)))
    >>> {edge: (str(old), str(new)) for edge, (old, new) in engine.step(np.array([[1]]), np.array([0])).moved.items()}
    {0: ('1/2', '-1/2'), 1: ('1', '0')}
    """

    def __init__(
        self,
        net: Trainable,
        *,
        batch: int | None = None,
        rho: Fraction | None = None,
        rate: Fraction | None = None,
        **choices: Unpack[EngineChoices],
    ) -> None:
        super().__init__(**arguments_of(net, batch=batch, rho=rho, rate=rate), **choices)
        self.net = net
        self._tails, self._ends = self.sources.tolist(), self.offsets.tolist()

    def ranges(self, *, downwards: bool = True) -> Ranges:
        """No pass: rationals hold every number."""
        return Ranges(nothing_known(0, 0), system=RATIONALS, reason="rationals asked for")

    def step(self, x: Samples, y: Samples) -> ArrayStep:
        """One step on a batch: x (b, n) and y (b,) of zeros and ones."""
        x, y = checked_samples(x, y, inputs=self.inputs, batch=self.batch)
        self.last_ranges = self.ranges()
        sums = self._sums(x.tolist(), y.tolist())
        if sums.kink is not None:
            return self._free_step(sums.kink, sums.outputs, RATIONALS)
        multiples = self._multiples(sums.mean)
        self._check_reach(max(map(abs, multiples.values()), default=0))
        moved = {}
        for edge, multiple in multiples.items():
            if multiple:
                old = self.weight(edge)
                self.weights[edge] -= multiple * self.unit
                moved[edge] = (old, self.weight(edge))
        self.number += 1
        return ArrayStep(number=self.number, outputs=sums.outputs, moved=moved, system=RATIONALS)

    def evaluated(self, x: Samples) -> Evaluation:
        """As :meth:`Engine.outputs`, and that they were found in rationals."""
        x, _ = checked_samples(x, np.zeros(len(x), np.int64), inputs=self.inputs, batch=len(x))
        weights = self._weights()
        found = tuple(self._forward(weights, row)[1][self.output] for row in x.tolist())
        return Evaluation(found, f"in {RATIONALS}")

    @property
    def trained(self) -> Trainable:
        """The network with the weights it has now."""
        return trained(self.net, self)

    def _weights(self) -> list[Fraction]:
        return [Fraction(weight, self.scale) for weight in self.weights.tolist()]

    def _sums(self, x: list[list[int]], y: list[int]) -> Sums:
        weights, known = self._weights(), dict[tuple[Any, ...], tuple[Fraction, Entries, int | None]]()
        total: Entries = {}
        rows = [(*row, label) for row, label in zip(x, y, strict=True)]
        for sample in rows:
            if sample not in known:
                known[sample] = self._gradient(weights, list(sample[:-1]), sample[-1])
            for edge, value in known[sample][1].items():
                total[edge] = total.get(edge, Fraction(0)) + value
        mean = {edge: value / self.batch for edge, value in sorted(total.items()) if value and self.trains[edge]}
        kinks = [known[sample][2] for sample in rows]
        return Sums(
            tuple(known[sample][0] for sample in rows),
            mean,
            next((vertex for vertex in kinks if vertex is not None), None),
        )

    def _forward(self, weights: list[Fraction], x: list[int]) -> tuple[list[Fraction], list[Fraction]]:
        """Pre-activation and output of every vertex."""
        sigma, last = self.net.network.sigma, self.net.activation_of_output
        out = [Fraction(1), *map(Fraction, x)]
        pre = list(out)
        for v in range(len(out), len(self._ends) - 1):
            total = Fraction(0)
            for e in range(self._ends[v], self._ends[v + 1]):
                value = out[self._tails[e]]
                if value:
                    total += weights[e] * value
            pre.append(total)
            out.append(Fraction((last if v == self.output else sigma)(total)))
        return pre, out

    def _gradient(self, weights: list[Fraction], x: list[int], y: int) -> tuple[Fraction, Entries, int | None]:
        """Output, clipped gradient of half the squared difference (entries that are not 0), and the vertex on a
        kink, if any."""
        sigma, last = self.net.network.sigma, self.net.activation_of_output
        pre, out = self._forward(weights, x)
        adjoint: Entries = {self.output: out[self.output] - y}
        entries: Entries = {}
        for v in range(len(out) - 1, self.inputs, -1):
            if not adjoint.get(v):
                continue
            piece = (last if v == self.output else sigma).piece_of(pre[v])
            if piece is None:
                return out[self.output], {}, v
            along = piece.slope * adjoint[v]
            if along:
                for e in range(self._ends[v], self._ends[v + 1]):
                    u = self._tails[e]
                    if out[u]:
                        entries[e] = Fraction(clip(out[u] * along))
                    adjoint[u] = adjoint.get(u, Fraction(0)) + weights[e] * along
        return out[self.output], entries, None

    def _multiples(self, mean: Mapping[int, Fraction]) -> dict[int, int]:
        """The multiples of rho that the adversary picks."""
        valid = {edge: Grid(rho=self.rho).valid(value) for edge, value in mean.items()}
        cells = [value / self.rho for value in mean.values()]
        below = [cell // 1 for cell in cells]
        which = [
            sum((LOWER, UPPER)[int(u / self.rho) - low] for u in valid[e]) for e, low in zip(mean, below, strict=True)
        ]
        if isinstance(self.adversary, str):
            rest = [_small(cell - low) for cell, low in zip(cells, below, strict=True)]
            signs = _row([-(low < 0) for low in below])
            found = OpenEntries(
                _row(list(mean)),
                self.number + 1,
                signs,
                _row([up for up, _ in rest]),
                _row([under for _, under in rest]),
            )
            upper = is_upper(self.adversary, found, _row(which), self.seed).tolist()
            return {edge: low + int(up) for edge, low, up in zip(mean, below, upper, strict=True)}
        heads = np.searchsorted(self.offsets, list(mean), side="right") - 1
        return {
            edge: self._picked(
                self.adversary, edge, self._tails[edge], head, low, kind, *(value * self.batch).as_integer_ratio()
            )
            for (edge, value), head, low, kind in zip(mean.items(), heads.tolist(), below, which, strict=True)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """How a network is to be trained, where that is not as the network's file says.

    Parameters
    ----------
    batch, rho, rate
        b, the gradient precision and the step size; None is the network's.
    system
        The number system; None is the fastest that is exact, step by step.
    at_kink
        Chooses a gradient for a step without one; None stops there.

    >>> EngineSettings(rho=Fraction(1, 8)).given
    {'rho': Fraction(1, 8)}
    """

    batch: int | None = None
    rho: Fraction | None = None
    rate: Fraction | None = None
    system: str | None = None
    at_kink: AtKink | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The settings that are not None, by name."""
        return fields_given(self)


ENGINES: dict[str, type[Engine]] = {"plain": Engine, "incremental": IncrementalEngine, "both": ComparedEngine}
"""The compiled engines by name; they take the same steps."""


def any_engine(
    net: Trainable,
    settings: EngineSettings = EngineSettings(),
    *,
    engine: str | None = None,
    adversary: str | Picks = "nearest",
    seed: int = 0,
) -> Engine:
    """The engine for a network, by its name in ``ENGINES``; in rationals if these are asked for.

    Parameters
    ----------
    settings
        Where the training is not to be as the network says.
    adversary, seed
        Who picks among the valid roundings.
    engine
        A name in ``ENGINES``; None is the incremental one, and in rationals the plain one.

    Raises
    ------
    ConstructionError
        For a name that is none, or another engine than the plain one in rationals.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 1}, constant="one")
    >>> net = Trainable(network=flat_network(graph), rho=Fraction(1, 4))
    >>> [type(any_engine(net, engine=name)).__name__ for name in (*ENGINES, None)]
    ['Engine', 'IncrementalEngine', 'ComparedEngine', 'IncrementalEngine']
    >>> type(any_engine(net, EngineSettings(system=RATIONALS))).__name__
    'FractionEngine'
    """
    rationals = settings.system == RATIONALS
    engine = engine or ("plain" if rationals else "incremental")
    if engine not in ENGINES:
        raise ConstructionError(f"need an engine among {', '.join(ENGINES)}, got {engine!r}")
    if rationals and engine != "plain":
        raise ConstructionError(f"need the plain engine for rationals, got the engine {engine!r}")
    batch, rho, rate = settings.batch, settings.rho, settings.rate
    choices: EngineChoices = {"adversary": adversary, "seed": seed, "at_kink": settings.at_kink or stop_at_kink}
    if rationals:
        return FractionEngine(net, batch=batch, rho=rho, rate=rate, **choices)
    arguments = arguments_of(net, batch=batch, rho=rho, rate=rate)
    return ENGINES[engine](**arguments, system=settings.system, **choices)


def _small(rest: Fraction) -> tuple[int, int]:
    """A fraction in [0, 1) as numerator and denominator; one too long for the arrays as 1/4, 1/2 or 3/4, on the same
    side of 1/2."""
    up, under = rest.as_integer_ratio()
    return (up, under) if under < LONG else (2 + (2 * up > under) - (2 * up < under), 4)


def _row(numbers: list[int]) -> Integers:
    return np.array(numbers, np.int64)
