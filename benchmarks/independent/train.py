"""Section 2, exactly: what a network returns, the gradient of half the square, clipping, valid roundings, steps.

Outputs. Vertex v returns sigma(sum of w_e o_u over its edges e from u); the constant returns 1, an input its bit.
Equation (2). A sample's gradient is clipped to [-1, 1] entry by entry, and the mean is taken over the batch.
Equation (3). A rounding of an entry with the mean m is any whole multiple of rho within 3/4 rho of m.
Equation (1). w <- w - rate times the rounding. So a weight stays a whole number over one denominator (of the file's
scale and of rate rho).

Footnote 6. Where a vertex sits on a kink of sigma and what it returns matters (its adjoint is not 0), the network has
no derivative and the step may be anything: :class:`BetrayalError`.

After a step only what follows a changed weight is evaluated again.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import ceil, floor, lcm
from random import Random

from independent.network import Network

Number = int | Fraction
Point = tuple[int, ...]
Sample = tuple[Point, int]
Choice = Callable[[int, int, Fraction, list[int]], int]
"""Of an edge, the step, the mean over rho and the valid multiples of rho: one of them."""


class BetrayalError(Exception):
    """A step at which the network has no derivative."""


class Training:
    """A network in training; ``string`` is the random string.

    ``at`` has for each x the outputs of all vertices, and the vertices that are to be evaluated again.
    """

    def __init__(self, net: Network, string: Sequence[int]) -> None:
        if len(string) != len(net.sampled):
            raise ValueError(f"need a random string of {len(net.sampled)} bits, got {len(string)}")
        self.net, self.step = net, 0
        self.unit = lcm(net.scale, (net.rate * net.rho).denominator)
        self.weights = [w * (self.unit // net.scale) for w in net.weights]
        for edge, bit in zip(net.sampled, string, strict=True):
            self.weights[edge] = abs(self.weights[edge]) * (1 if bit else -1)
        self.rung = int(net.rate * net.rho * self.unit)
        self.at: dict[Point, tuple[list[Number], set[int]]] = {}

    def output(self, x: Point) -> Number:
        """What the network returns."""
        return self.outputs(x)[self.net.output]

    def outputs(self, x: Point) -> list[Number]:
        """What every vertex returns."""
        net = self.net
        if x not in self.at:
            values: list[Number] = [0] * net.size
            values[0], values[1 : net.inputs + 1] = 1, x
            self.at[x] = values, set()
            for v in range(net.inputs + 1, net.size):
                values[v] = self.sigma(self.sum(values, v))
        values, stale = self.at[x]
        waiting = list(stale)
        heapify(waiting)
        while waiting:
            v = heappop(waiting)
            new = self.sigma(self.sum(values, v))
            if new != values[v]:
                values[v] = new
                for w in net.out[v]:
                    if w not in stale:
                        stale.add(w)
                        heappush(waiting, w)
        stale.clear()
        return values

    def sum(self, values: Sequence[Number], v: int) -> Number:
        """``unit`` times the pre-activation of a vertex."""
        weights, sources = self.weights, self.net.sources
        return sum(weights[i] * values[sources[i]] for i in self.net.into[v])

    def sigma(self, total: Number) -> Number:
        """Figure 1, of a pre-activation times ``unit``."""
        unit = self.unit
        if total > 2 * unit:
            return 2
        if total >= 0:
            return _short(Fraction(total) / unit)
        if total > -unit:
            return 0
        return _short(Fraction(total) / unit + 1) if total >= -3 * unit else -2

    def slope(self, total: Number) -> int | None:
        """Its slope; None at a kink."""
        place = Fraction(total) / self.unit
        if place in (-3, -1, 0, 2):
            return None
        return int(-3 < place < -1 or 0 < place < 2)

    def derivatives(self, x: Point) -> dict[int, Number]:
        """The derivative of the network's output by each weight where it is not 0."""
        net, values = self.net, self.outputs(x)
        adjoint: dict[int, Number] = {net.output: 1}
        waiting, found = [-net.output], dict[int, Number]()
        while waiting:
            v = -heappop(waiting)
            slope = self.slope(self.sum(values, v))
            if adjoint[v] == 0 or slope == 0:
                continue
            if slope is None:
                raise BetrayalError(
                    f"step {self.step + 1}: vertex {v} is on a kink at x = {x}, where its value matters"
                )
            for i in net.into[v]:
                u = net.sources[i]
                if values[u]:
                    found[i] = adjoint[v] * values[u]
                if u > net.inputs and self.weights[i]:
                    if u not in adjoint:
                        heappush(waiting, -u)
                    adjoint[u] = adjoint.get(u, 0) + adjoint[v] * Fraction(self.weights[i], self.unit)
        return found

    def gradient(self, batch: Sequence[Sample]) -> dict[int, Fraction]:
        """Equation (2): the mean over the batch of the clipped derivatives of half the square; entries that are not
        0."""
        total: dict[int, Fraction] = {}
        for (x, y), times in sorted(Counter(batch).items()):
            derivatives, excess = self.derivatives(x), self.output(x) - y
            for i, d in derivatives.items():
                total[i] = total.get(i, Fraction(0)) + times * min(Fraction(1), max(Fraction(-1), Fraction(excess * d)))
        return {i: value / len(batch) for i, value in sorted(total.items()) if value and i not in self.net.frozen}

    def descend(self, batch: Sequence[Sample], choose: Choice) -> dict[int, int]:
        """A step; the multiple of rho that each edge was given, where there was a choice or a change."""
        gradient, rounded = self.gradient(batch), dict[int, int]()
        self.step += 1
        for i, mean in gradient.items():
            place = mean / self.net.rho
            valid = list(range(ceil(place - Fraction(3, 4)), floor(place + Fraction(3, 4)) + 1))
            rounded[i] = choose(i, self.step, place, valid)
            if rounded[i] not in valid:
                raise ValueError(f"need a valid rounding, got {rounded[i]} of {valid}")
        changed = {self.net.head[i] for i, k in rounded.items() if k}
        for i, k in rounded.items():
            self.weights[i] -= self.rung * k
        for _, stale in self.at.values():
            stale |= changed
        return rounded


def _short(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


def nearest(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
    """The nearest multiple, ties downwards."""
    return min(valid, key=lambda k: (abs(k - place), k))


def down(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
    """The lowest."""
    return valid[0]


def up(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
    """The highest."""
    return valid[-1]


def far(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
    """The largest in size: weights move as far as they may."""
    return max(valid, key=abs)


def least(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
    """The smallest in size: what ought to be written is not."""
    return min(valid, key=abs)


def apart(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
    """Every other edge the other way: what should stay balanced does not."""
    return valid[-(edge & 1)]


def apart_again(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
    """The same the other way round."""
    return valid[(edge & 1) - 1]


def hashed(seed: int) -> Choice:
    """By a hash of edge and step."""

    def choose(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
        return valid[hashlib.sha256(f"{seed} {edge} {step}".encode()).digest()[0] % len(valid)]

    return choose


def random(seed: int) -> Choice:
    """At random."""
    source = Random(seed)

    def choose(edge: int, step: int, place: Fraction, valid: list[int]) -> int:
        return source.choice(valid)

    return choose


NAMED: dict[str, Callable[[int], Choice]] = {
    "nearest": lambda seed: nearest,
    "down": lambda seed: down,
    "up": lambda seed: up,
    "far": lambda seed: far,
    "least": lambda seed: least,
    "apart": lambda seed: apart,
    "apart again": lambda seed: apart_again,
    "hashed": hashed,
    "random": random,
}
"""The adversaries, each made of a seed."""
