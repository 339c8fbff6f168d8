"""All valid roundings at once: a small network is followed through every batch of a few samples and every choice of
equation (3).

A branch of the training has for each edge its weight, and for some edges two: those that the step may have rounded up
or down and of which nothing had to be known so far. Outputs are intervals then. Where an interval meets more than one
piece of sigma and the vertex matters, or where a number has to be exact (a gradient, a record, what the network
returns), one of the two-valued edges behind it is split: two branches. So every leaf is exact, and each of its
two-valued edges can have either value: no rounding is left out, none is added.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import combinations
from math import ceil, floor, lcm

from independent.judge import RIGHT, WRONG, Finding, Judge, Run
from independent.network import Network
from independent.train import BetrayalError, Number, Point, Sample

KINKS = (-3, -1, 0, 2)
Intervals = tuple[list[Number], list[Number], list[Number], list[Number]]


class SplitError(Exception):
    """An edge whose two values must be told apart."""

    def __init__(self, edge: int) -> None:
        super().__init__(edge)
        self.edge = edge


@dataclass(frozen=True)
class Branch:
    """Weights over ``unit``; ``other`` has the larger value of an edge with two. ``chosen``: the values of edges
    that were split."""

    weights: tuple[int, ...]
    other: Mapping[int, int]
    chosen: tuple[tuple[int, int], ...] = ()

    def split(self, edge: int) -> Iterator["Branch"]:
        """Both values of an edge."""
        rest = {i: w for i, w in self.other.items() if i != edge}
        for value in (self.weights[edge], self.other[edge]):
            weights = (*self.weights[:edge], value, *self.weights[edge + 1 :])
            yield Branch(weights, rest, (*self.chosen, (edge, value)))


class View:
    """What a branch returns at a point: an interval for each vertex. Stands in for a training where a judge reads
    outputs."""

    def __init__(self, net: Network, unit: int, branch: Branch, before: "View | None" = None) -> None:
        self.net, self.unit, self.branch, self.before = net, unit, branch, before
        self.known: dict[Point, Intervals] = {}

    def intervals(self, x: Point) -> Intervals:
        """Least and largest output of each vertex, least and largest pre-activation times ``unit``."""
        if x not in self.known:
            self.known[x] = self._again(self.before.intervals(x), self.before.branch) if self.before else self._all(x)
        return self.known[x]

    def _all(self, x: Point) -> Intervals:
        low: list[Number] = [1, *x, *[0] * (self.net.size - self.net.inputs - 1)]
        high, least, most = low.copy(), low.copy(), low.copy()
        for v in range(self.net.inputs + 1, self.net.size):
            least[v], most[v] = self._sum(low, high, v)
            low[v], high[v] = self._sigma(least[v]), self._sigma(most[v])
        return low, high, least, most

    def _again(self, given: Intervals, earlier: Branch) -> Intervals:
        """From what an earlier branch returns: only what follows the edges that differ."""
        low, high, least, most = (row.copy() for row in given)
        pairs = zip(earlier.weights, self.branch.weights, strict=True)
        edges = {i for i, (a, b) in enumerate(pairs) if a != b}
        edges |= {i for i in {*earlier.other, *self.branch.other} if earlier.other.get(i) != self.branch.other.get(i)}
        waiting = list({self.net.head[i] for i in edges})
        met = set(waiting)
        heapify(waiting)
        while waiting:
            v = heappop(waiting)
            least[v], most[v] = self._sum(low, high, v)
            found = self._sigma(least[v]), self._sigma(most[v])
            if found != (low[v], high[v]):
                low[v], high[v] = found
                for w in self.net.out[v]:
                    if w not in met:
                        met.add(w)
                        heappush(waiting, w)
        return low, high, least, most

    def _sum(self, low: Sequence[Number], high: Sequence[Number], v: int) -> tuple[Number, Number]:
        weights, other, sources = self.branch.weights, self.branch.other, self.net.sources
        least: Number = 0
        most: Number = 0
        for i in self.net.into[v]:
            w, a, b = weights[i], low[sources[i]], high[sources[i]]
            if i in other:
                ends = (w * a, w * b, other[i] * a, other[i] * b)
                least, most = least + min(ends), most + max(ends)
            elif a is b or a == b:
                least, most = least + w * a, most + w * a
            else:
                least, most = least + min(w * a, w * b), most + max(w * a, w * b)
        return least, most

    def _sigma(self, total: Number) -> Number:
        unit = self.unit
        if total > 2 * unit:
            return 2
        if -unit < total <= 0:
            return 0
        if total < -3 * unit:
            return -2
        place = total if total > 0 else total + unit
        return place // unit if type(place) is int and place % unit == 0 else Fraction(place) / unit

    def blame(self, x: Point, v: int) -> SplitError:
        """An edge behind a vertex that makes it inexact."""
        low, high, _, _ = self.intervals(x)
        waiting, seen = [v], set[int]()
        while waiting:
            u = waiting.pop()
            for i in self.net.into[u]:
                tail = self.net.sources[i]
                if i in self.branch.other and (low[tail], high[tail]) != (0, 0):
                    return SplitError(i)
                if low[tail] != high[tail] and tail not in seen:
                    seen.add(tail)
                    waiting.append(tail)
        raise AssertionError(f"need an edge of two values behind vertex {v}")

    def outputs(self, x: Point) -> list[Number]:
        """The outputs of all vertices; those that are not exact are wanted by nobody, or :meth:`exact` splits them
        first."""
        return self.intervals(x)[0]

    def exact(self, x: Point, v: int) -> Number:
        """What a vertex returns, exactly."""
        low, high, _, _ = self.intervals(x)
        if low[v] != high[v]:
            raise self.blame(x, v)
        return low[v]

    def slope(self, x: Point, v: int) -> int:
        """The slope of a vertex that matters."""
        _, _, least, most = self.intervals(x)
        a, b, unit = least[v], most[v], self.unit
        if any(a <= kink * unit <= b for kink in KINKS):
            if a != b:
                raise self.blame(x, v)
            raise BetrayalError(f"vertex {v} is on a kink at x = {x}, where its value matters")
        return int(-3 * unit < a < -unit or 0 < a < 2 * unit)

    def derivatives(self, x: Point) -> dict[int, Number]:
        """The derivative of the output by each weight where it is not 0; all exact."""
        net = self.net
        adjoint: dict[int, Number] = {net.output: 1}
        found: dict[int, Number] = {}
        for v in range(net.output, net.inputs, -1):
            if not adjoint.get(v) or not self.slope(x, v):
                continue
            for i in net.into[v]:
                u = net.sources[i]
                value = self.exact(x, u)
                if value:
                    found[i] = adjoint[v] * value
                if u > net.inputs:
                    if i in self.branch.other:
                        raise SplitError(i)
                    adjoint[u] = adjoint.get(u, 0) + adjoint[v] * Fraction(self.branch.weights[i], self.unit)
        return found


Betrayed = tuple[Finding, Run, Branch]


class Every:
    """A judge's network followed through all batches of at most ``most`` samples, all labels and all valid
    roundings."""

    def __init__(self, judge: Judge, string: tuple[int, ...] = (), most: int = 2) -> None:
        net = judge.net
        self.judge, self.net, self.string = judge, net, string
        self.unit = lcm(net.scale, (net.rate * net.rho).denominator)
        weights = [w * (self.unit // net.scale) for w in net.weights]
        for edge, bit in zip(net.sampled, string, strict=True):
            weights[edge] = abs(weights[edge]) * (1 if bit else -1)
        self.first = Branch(tuple(weights), {})
        samples = [(x, y) for x in judge.machine.points for y in (0, 1)]
        self.batches = [list(batch) for size in range(1, most + 1) for batch in combinations(samples, size)]
        self.leaves = 0

    def findings(self) -> Iterator[Betrayed]:
        """What is not right, with the batches and the roundings that were told apart; nothing if all runs are right."""
        yield from self._from(View(self.net, self.unit, self.first), [])

    def _from(self, view: View, batches: list[list[Sample]]) -> Iterator[Betrayed]:
        if len(batches) == self.net.steps:
            yield from self._ended(view, batches)
            return
        for batch in self.batches:
            try:
                after = list(self._step(view, batch))
            except BetrayalError as betrayal:
                run = Run([*batches, batch], self.string, "all")
                yield Finding(WRONG, f"step {len(batches) + 1}: {betrayal}"), run, view.branch
                continue
            for following in after:
                yield from self._from(following, [*batches, batch])

    def _step(self, view: View, batch: Sequence[Sample]) -> Iterator[View]:
        """All branches after a step, from every way to split this one as far as the step needs it."""
        branch = view.branch
        try:
            gradient = self._gradient(view, batch)
        except SplitError as split:
            for half in branch.split(split.edge):
                yield from self._step(View(self.net, self.unit, half, view), batch)
            return
        weights, other, rung = list(branch.weights), dict(branch.other), int(self.net.rate * self.net.rho * self.unit)
        for i, value in gradient.items():
            place = value / self.net.rho
            least, most = ceil(place - Fraction(3, 4)), floor(place + Fraction(3, 4))
            weights[i] -= rung * most
            if most > least:
                other[i] = weights[i] + rung * (most - least)
        yield View(self.net, self.unit, Branch(tuple(weights), other, branch.chosen), view)

    def _gradient(self, view: View, batch: Sequence[Sample]) -> dict[int, Fraction]:
        """Equation (2); SplitError if it is not exact, or moves an edge of two values."""
        total: dict[int, Fraction] = {}
        for x, y in batch:
            derivatives, excess = view.derivatives(x), view.exact(x, self.net.output) - y
            for i, d in derivatives.items():
                total[i] = total.get(i, Fraction(0)) + min(Fraction(1), max(Fraction(-1), Fraction(excess * d)))
        for i in total:
            if i in view.branch.other:
                raise SplitError(i)
        return {i: value / len(batch) for i, value in total.items() if value and i not in self.net.frozen}

    def _ended(self, view: View, batches: list[list[Sample]]) -> Iterator[Betrayed]:
        points, read = self.judge.machine.points, {v for digits in self.judge.digits.values() for v in digits}
        try:
            for x in points:
                for v in sorted(read | {self.net.output}):
                    view.exact(x, v)
        except SplitError as split:
            for half in view.branch.split(split.edge):
                yield from self._ended(View(self.net, self.unit, half, view), batches)
            return
        self.leaves += 1
        run = Run(batches, self.string, "all")
        found = self.judge.explained(run, view, points)
        if found.verdict != RIGHT:
            yield found, run, view.branch
