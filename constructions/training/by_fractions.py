"""Plain bSGD over arrays in rationals (Section 2, equations 1 to 3), one sample and one edge after another: slow, and never refused.

It takes steps as :class:`constructions.training.engine.Engine` does, shares no pass with it, and needs no bound on any number: a
network whose numbers are short but whose bounds are not (ReLU gadgets, where what is flat is a sum of slopes that cancel) is trained
here.
"""
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import lcm

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.rounding import Grid, clip
from constructions.networks.flat import Integers
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import EdgeChoice, Open, Picks, check_named, named_choice
from constructions.training.engine import ArrayStep, Samples, checked_samples
from constructions.training.kernels import LOWER, UPPER

Entries = dict[int, Fraction]


class FractionEngine:
    """Training of one network; holds its weights and the number of steps taken.

    A kink reached with a non-zero adjoint stops a step (``stopped``), as the engine's default does.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}, constant="one")
    >>> engine = FractionEngine(Trainable(network=flat_network(net), rho=Fraction(1, 4)))
    >>> {edge: (str(old), str(new)) for edge, (old, new) in engine.step(np.array([[1]]), np.array([0])).moved.items()}
    {0: ('1/2', '-1/2'), 1: ('1', '0')}
    """

    def __init__(self, net: Trainable, *, adversary: str | Picks = "nearest", seed: int = 0, batch: int | None = None) -> None:
        if isinstance(adversary, str):
            check_named(adversary, seed)
        self.net, self.adversary, self.seed = net, adversary, seed
        self.batch = net.batch if batch is None else batch
        flat = net.network
        self.weights = [Fraction(w, flat.scale) for w in flat.weights.tolist()]
        self.offsets, self.sources, self.heads = flat.offsets.tolist(), flat.sources.tolist(), flat.heads.tolist()
        self.frozen = set(net.frozen.tolist())
        self.number = 0

    def weight(self, edge: int) -> Fraction:
        """The weight of an edge now."""
        return self.weights[edge]

    def forward(self, x: list[int]) -> tuple[list[Fraction], list[Fraction]]:
        """Pre-activation and output of every vertex."""
        flat, output = self.net.network, self.net.output
        out = [Fraction(1), *map(Fraction, x)]
        pre = list(out)
        for v in range(flat.first, flat.size):
            total = Fraction(0)
            for e in range(self.offsets[v], self.offsets[v + 1]):
                value = out[self.sources[e]]
                if value:
                    total += self.weights[e] * value
            pre.append(total)
            out.append(Fraction((self.net.activation_of_output if v == output else flat.sigma)(total)))
        return pre, out

    def gradient(self, x: list[int], y: int) -> tuple[Fraction, Entries, int | None]:
        """Output, clipped gradient of half the squared difference (entries that are not 0), and the vertex on a kink, if any."""
        flat, output = self.net.network, self.net.output
        pre, out = self.forward(x)
        adjoint: Entries = {output: out[output] - y}
        entries: Entries = {}
        for v in range(flat.size - 1, flat.first - 1, -1):
            if not adjoint.get(v):
                continue
            piece: Piece | None = (self.net.activation_of_output if v == output else flat.sigma).piece_of(pre[v])
            if piece is None:
                return out[output], {}, v
            along = piece.slope * adjoint[v]
            if along:
                for e in range(self.offsets[v], self.offsets[v + 1]):
                    u = self.sources[e]
                    if out[u]:
                        entries[e] = Fraction(clip(out[u] * along))
                    adjoint[u] = adjoint.get(u, Fraction(0)) + self.weights[e] * along
        return out[output], entries, None

    def step(self, x: Samples, y: Samples) -> ArrayStep:
        """One step on a batch: x (b, n) and y (b,) of zeros and ones."""
        x, y = checked_samples(x, y, inputs=len(self.net.network.inputs), batch=self.batch)
        found = [self.gradient(row, label) for row, label in zip(x.tolist(), y.tolist(), strict=True)]
        outputs = tuple(output for output, _, _ in found)
        kink = next((vertex for _, _, vertex in found if vertex is not None), None)
        if kink is not None:
            return ArrayStep(number=self.number + 1, outputs=outputs, moved={}, system="rationals", kink=kink, stopped=True)
        total: Entries = {}
        for _, entries, _ in found:
            for edge, value in entries.items():
                total[edge] = total.get(edge, Fraction(0)) + value
        self.number += 1
        mean = {edge: value / self.batch for edge, value in sorted(total.items()) if value and edge not in self.frozen}
        moved = {}
        for edge, u in self._rounded(mean).items():
            if u:
                old = self.weights[edge]
                self.weights[edge] = old - self.net.rate * u
                moved[edge] = (old, self.weights[edge])
        return ArrayStep(number=self.number, outputs=outputs, moved=moved, system="rationals")

    def outputs(self, x: Samples) -> tuple[Fraction, ...]:
        """The outputs at any number of points."""
        return tuple(self.forward(row)[1][self.net.output] for row in np.asarray(x).tolist())

    def _rounded(self, mean: Mapping[int, Fraction]) -> Entries:
        rho = self.net.rho
        valid = {edge: Grid(rho=rho).valid(value) for edge, value in mean.items()}
        if not isinstance(self.adversary, str):
            return {edge: self._picked(self.adversary, edge, value, valid[edge]) for edge, value in mean.items()}
        parts = [(value / rho) for value in mean.values()]
        below = _row([part // 1 for part in parts])
        rest = [(part - part // 1).as_integer_ratio() for part in parts]
        which = _row([sum({0: LOWER, 1: UPPER}[int(u / rho - part // 1)] for u in valid[e]) for e, part in zip(mean, parts, strict=True)])
        found = Open(_row(list(mean)), self.number, below, _row([up for up, _ in rest]), _row([under for _, under in rest]))
        multiples = named_choice(self.adversary, found, which, self.seed)
        return {edge: rho * multiple for edge, multiple in zip(mean, multiples.tolist(), strict=True)}

    def _picked(self, adversary: Picks, edge: int, value: Fraction, valid: tuple[Fraction, ...]) -> Fraction:
        picked = adversary(EdgeChoice(edge, self.sources[edge], self.heads[edge], self.number, value, valid))
        if picked not in valid:
            options = ", ".join(map(str, valid))
            raise ConstructionError(f"need one of the valid roundings {options} of {value}, got {picked!r}, at edge {edge}")
        return picked

    @property
    def trained(self) -> Trainable:
        """The network with the weights it has now."""
        scale = lcm(*{weight.denominator for weight in self.weights})
        weights = np.array([int(weight * scale) for weight in self.weights], np.int64)
        return replace(self.net, network=replace(self.net.network, weights=weights, scale=scale))


def _row(numbers: list[int]) -> Integers:
    return np.array(numbers, np.int64)
