"""Lemmas 4 and 13 as circuits: the method that asks for the gradient of a network and takes the steps of descent.

The network's activation is piecewise linear, and its numbers have finitely many binary digits. Then every number on the
way to a gradient has finitely many as well, and is found exactly: no slack is needed (footnote 8 speaks of activations
that are found up to one).

* The state is the weights, each a signed number with the binary places of the finest one.
* A query is an entry of the clipped gradient. The way forward finds each vertex's value and slope, the way back the
  derivative at each vertex, and an entry is the product of both at the ends of its edge. A number at level l (so many
  edges from the sources) has l times the places of a weight and a slope, so sums are of numbers with one scale, and
  nothing is rounded. On a kink the slope to its right is taken (footnote 6 allows any).
* The update rounds each answer to the nearest multiple of rho and takes a step.

How many bits the numbers need is found before the circuit is written (:func:`DescentInBits.width`): 2 L (g + beta) + 2
for L levels, g places of a weight and of a slope, and 2^beta above what a level multiplies by. The number of gates is a
formula (:mod:`constructions.computation.descent_gates`).
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil

from constructions.computation.averaging import MethodInBits
from constructions.computation.bits import Bits, concat, mux
from constructions.computation.builder import FALSE
from constructions.computation.descent_gates import DescentSizes, descent_gates, number_width
from constructions.computation.design import Design
from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.foundations.network import Edge, Network


def binary_places(value: Fraction, where: str) -> int:
    """The binary places of a number. Raises ConstructionError, which names ``where`` it stands, for one without end.

    >>> binary_places(Fraction(3, 8), "a weight"), binary_places(Fraction(5), "a weight")
    (3, 0)
    """
    if value.denominator & value.denominator - 1:
        raise ConstructionError(f"need a number with finitely many binary digits, got {value}, at {where}")
    return value.denominator.bit_length() - 1


@dataclass(frozen=True, slots=True)
class Scaled:
    """A signed number: its bits, and how many of them stand behind the point."""

    bits: Bits
    places: int

    def at(self, places: int) -> Bits:
        """The same number with as many places or more, in the same number of bits; no gate is written for this.

        >>> design = Design()
        >>> design.output("y", Scaled(design.input("x", 4), 1).at(2))
        >>> design.evaluate(x=3)
        {'y': 6}
        """
        more = places - self.places
        if not more:
            return self.bits
        zeros = Bits(self.bits.builder, (FALSE,) * min(more, len(self.bits)), "zeros")
        return concat(zeros, self.bits)[: len(self.bits)]


@dataclass(frozen=True, kw_only=True)
class DescentInBits:
    """Gradient descent on a network from the weights that it has, as a method that asks queries; a value.

    Parameters
    ----------
    net : the network. steps : how many are taken. precision : d, for rho = 2^-d. rate : the step size, a power of two
        or another number with finitely many binary digits. places : binary places of an answer; d + 2 if not given, so
        that an answer can be within rho/4.

    Raises
    ------
    ConstructionError
        For a weight, kink, slope or step size with endless digits, and fewer places than d + 1.

    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> descent = DescentInBits(net=net, steps=1, precision=2)
    >>> descent.levels, descent.weight_places, descent.magnitude, descent.width, descent.weight_width
    (1, 2, 3, 12, 5)
    >>> descent.answer_places, descent.level["f"], f"{descent.start():010b}"  # 1/2 and 1, in quarters
    (4, 1, '0010000010')
    >>> method = descent.method()
    >>> method.parallel, method.query_fraction, method.state, descent.size
    (2, 4, 10, 16674)
    >>> design = Design()
    >>> descent.write_queries(design)  # at x = 1 the network returns 3/2, so both entries are clipped to 1
    >>> design.evaluate(x=1, label=0, state=0), descent.sizes.edges
    ({'query0': 16, 'query1': 16}, 2)
    >>> design = Design()
    >>> descent.write_step(design)  # -1/2 and 1 - 1/2 remain; a state is told by what differs from the first one
    >>> f"{design.evaluate(state=0, answer0=16, answer1=8)['state']:012b}"
    '000011011100'
    >>> design = Design()
    >>> descent.write_value(design)
    >>> design.evaluate(x=1, state=0)["value"] / 2 ** (descent.query_places // 2)
    1.5
    """

    net: Network
    steps: int
    precision: int
    rate: Fraction = Fraction(1)
    places: int | None = None

    def __post_init__(self) -> None:
        whole(self.steps, where="steps", least=1)
        whole(self.precision, where="precision")
        if self.places is None:
            object.__setattr__(self, "places", self.precision + 2)
        whole(self.places, where="places of an answer", least=self.precision + 1)
        for name in ("weight_places", "slope_places"):
            whole(getattr(self, name), where=name.replace("_", " "))

    @property
    def answer_places(self) -> int:
        """The binary places of an answer."""
        assert self.places is not None
        return self.places

    @cached_property
    def vertices(self) -> tuple[str, ...]:
        """The vertices that are no sources, in the order in which they are found."""
        return tuple(v for v in self.net.order if v not in self.net.sources)

    @cached_property
    def level(self) -> dict[str, int]:
        """For each vertex, how many edges the longest path to it has."""
        found = dict.fromkeys(self.net.sources, 0)
        for v in self.vertices:
            found[v] = 1 + max(found[u] for u in self.net.predecessors(v))
        return found

    @property
    def levels(self) -> int:
        """The level of the output, the highest."""
        return self.level[self.net.output]

    @cached_property
    def weight_places(self) -> int:
        """The binary places of a weight, before and after any number of steps."""
        moves = binary_places(Fraction(self.rate), "the step size") + self.precision
        kinks = [binary_places(kink, "the activation") for kink in self.net.sigma.kinks]
        return max([moves, *kinks, *(binary_places(Fraction(w), f"edge {e}") for e, w in self.net.edges.items())])

    @cached_property
    def slope_places(self) -> int:
        """The binary places of slopes, kinks and intercepts of the activation."""
        sigma = self.net.sigma
        lines = [piece.intercept for piece in sigma.pieces]
        return max(binary_places(value, "the activation") for value in (*sigma.kinks, *sigma.slopes, *lines))

    @cached_property
    def largest_weight(self) -> Fraction:
        """No weight is larger in size, after all steps; an answer is rounded to a number in [-2, 2]."""
        return max(abs(Fraction(w)) for w in self.net.edges.values()) + 2 * self.steps * abs(Fraction(self.rate))

    @cached_property
    def magnitude(self) -> int:
        """beta: 2^beta is at least the largest slope times p times the largest weight, and the largest intercept more;
        and at least twice each slope, and each kink."""
        sigma = self.net.sigma
        slope = max(Fraction(1), *(abs(slope) for slope in sigma.slopes))
        line = max(abs(piece.intercept) for piece in sigma.pieces)
        needed = [slope * len(self.net.edges) * self.largest_weight + line, 2 * slope, *map(abs, sigma.kinks)]
        return max((ceil(value) - 1).bit_length() for value in needed)

    @cached_property
    def width(self) -> int:
        """The bits of every number on the way to a gradient."""
        return int(number_width(self.levels, self.weight_places + self.slope_places, self.magnitude))

    @property
    def weight_width(self) -> int:
        """The bits of a weight."""
        return ceil(self.largest_weight).bit_length() + 1 + self.weight_places

    @property
    def query_places(self) -> int:
        """The binary places of an entry of the gradient."""
        return 2 * self.levels * (self.weight_places + self.slope_places)

    @property
    def sizes(self) -> DescentSizes:
        """What the number of gates depends on."""
        inner = sum(1 for u, _ in self.net.edges if u not in self.net.sources)
        return DescentSizes(
            edges=len(self.net.edges),
            inner=inner,
            vertices=len(self.vertices),
            kinks=len(self.net.sigma.kinks),
            width=self.width,
            weight=self.weight_width,
            places=self.answer_places,
        )

    @property
    def size(self) -> int:
        """The gates of queries, step and prediction together, before equal ones are merged."""
        return int(descent_gates(self.sizes))

    def start(self) -> int:
        """The weights that the network has, in bits: one number after the other, least bit first."""
        mask, width = (1 << self.weight_width) - 1, self.weight_width
        weights = [int(Fraction(w) * 2**self.weight_places) & mask for w in self.net.edges.values()]
        return sum(weight << i * width for i, weight in enumerate(weights))

    def method(self) -> MethodInBits:
        """The method in bits. Its state is 0 at first, as a bit of it says that a bit of a weight differs from that at
        the start (:meth:`start`)."""
        circuits = []
        for write in (self.write_queries, self.write_step, self.write_value):
            design = Design()
            write(design)
            circuits.append(design.circuit())
        return MethodInBits(
            query=circuits[0],
            update=circuits[1],
            predict=circuits[2],
            n=max(len(self.net.inputs), 1),
            state=len(self.net.edges) * self.weight_width,
            parallel=len(self.net.edges),
            query_width=self.query_places + 2,
            query_fraction=self.query_places,
            fraction=self.answer_places,
        )

    def write_queries(self, design: Design) -> None:
        """Write the entries of the clipped gradient on a sample into a design: inputs ``x``, ``label``, ``state``;
        outputs ``query0``, ..., in the order of the edges."""
        x, label = design.input("x", max(len(self.net.inputs), 1)), design.input("label")
        weights = self._weights(design.input("state", len(self.net.edges) * self.weight_width))
        values, slopes = self._forward(design, x, weights)
        derivatives = self._back(design, label, weights, values, slopes)
        places = self.query_places
        one, other = (self._number(design, Fraction(end), places) for end in (1, -1))
        for j, (u, v) in enumerate(self.net.edges):
            found, value = derivatives[v], values[u]
            entry = Scaled(found.bits * value.bits, found.places + value.places).at(places)
            entry = mux(entry.signed_more(one), one, entry)
            entry = mux(entry.signed_less(other), other, entry)
            design.output(f"query{j}", entry[: places + 2])

    def write_step(self, design: Design) -> None:
        """Write a step of descent: inputs ``state``, ``answer0``, ..., output ``state``."""
        state = design.input("state", len(self.net.edges) * self.weight_width)
        answers = [design.input(f"answer{j}", self.answer_places + 2) for j in range(len(self.net.edges))]
        dropped, width = self.answer_places - self.precision, self.weight_width
        factor = int(Fraction(self.rate) * 2 ** (self.weight_places - self.precision)) % 2**width
        after = []
        for weight, answer in zip(self._weights(state).values(), answers, strict=True):
            rounded = (answer + 2 ** (dropped - 1))[dropped:]
            rounded = rounded.extended(width, signed=True) if len(rounded) < width else rounded[:width]
            after.append(weight.bits - rounded * factor)
        design.output("state", self._told_apart(concat(*after)))

    def write_value(self, design: Design) -> None:
        """Write what the network returns: inputs ``x``, ``state``; output ``value``, a signed number."""
        x = design.input("x", max(len(self.net.inputs), 1))
        weights = self._weights(design.input("state", len(self.net.edges) * self.weight_width))
        values, _ = self._forward(design, x, weights)
        design.output("value", values[self.net.output].bits)

    def _told_apart(self, state: Bits) -> Bits:
        """The bits of all weights from those that differ from the start, or back; no gate is written for this."""
        start = self.start()
        return Bits(state.builder, tuple(bit ^ (start >> i & 1) for i, bit in enumerate(state.literals)), "weights")

    def _weights(self, state: Bits) -> dict[Edge, Scaled]:
        row, width = self._told_apart(state), self.weight_width
        return {
            edge: Scaled(row[i * width : (i + 1) * width], self.weight_places) for i, edge in enumerate(self.net.edges)
        }

    def _number(self, design: Design, value: Fraction, places: int) -> Bits:
        """A constant, as wide as a number of the gradient."""
        half = 1 << self.width - 1
        return design.constant((int(value * 2**places) + half) % (2 * half) - half, self.width)

    def _forward(
        self, design: Design, x: Bits, weights: dict[Edge, Scaled]
    ) -> tuple[dict[str, Scaled], dict[str, Scaled]]:
        """The value of each vertex, and the slope of each that is no source."""
        values = {f"x{i}": Scaled(bit.extended(self.width), 0) for i, bit in enumerate(x, 1)}
        values[str(self.net.constant)] = Scaled(self._number(design, Fraction(1), 0), 0)
        slopes: dict[str, Scaled] = {}
        for v in self.vertices:
            places = (self.level[v] - 1) * (self.weight_places + self.slope_places) + self.weight_places
            total = self._number(design, Fraction(0), 0)
            for u in self.net.predecessors(v):
                total = total + self._times(values[u], weights[u, v]).at(places)
            values[v], slopes[v] = self._activated(design, Scaled(total, places))
        return values, slopes

    def _times(self, value: Scaled, weight: Scaled) -> Scaled:
        return Scaled(value.bits * weight.bits.extended(self.width, signed=True), value.places + weight.places)

    def _activated(self, design: Design, z: Scaled) -> tuple[Scaled, Scaled]:
        """The activation's value and slope at a number; on a kink, those of the piece to its right."""
        sigma, places = self.net.sigma, z.places + self.slope_places
        slopes = [self._number(design, piece.slope, self.slope_places) for piece in sigma.pieces]
        lines = [
            z.bits * slope + self._number(design, piece.intercept, places)
            for slope, piece in zip(slopes, sigma.pieces, strict=True)
        ]
        value, slope = lines[0], slopes[0]
        for i, kink in enumerate(sigma.kinks, 1):
            below = z.bits.signed_less(self._number(design, kink, z.places))
            value, slope = mux(below, value, lines[i]), mux(below, slope, slopes[i])
        return Scaled(value, places), Scaled(slope, self.slope_places)

    def _back(
        self,
        design: Design,
        label: Bits,
        weights: dict[Edge, Scaled],
        values: dict[str, Scaled],
        slopes: dict[str, Scaled],
    ) -> dict[str, Scaled]:
        """The derivative of the loss at the pre-activation of each vertex that is no source."""
        output, places = values[self.net.output], self.weight_places + self.slope_places
        differs = output.bits - Scaled(label.extended(self.width), 0).at(output.places)
        found: dict[str, Scaled] = {}
        for u in reversed(self.vertices):
            total, at = differs, output.places
            if u != self.net.output:
                total = self._number(design, Fraction(0), 0)
                at = (2 * self.levels - self.level[u] - 1) * places + self.slope_places + self.weight_places
                for v in self.net.successors(u):
                    total = total + self._times(found[v], weights[u, v]).at(at)
            found[u] = Scaled(total * slopes[u].bits, at + self.slope_places)
        return found
