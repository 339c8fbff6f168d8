"""Appendix B.1: one parameter of Lemma 3a's model as a part of a network in which all other edges are frozen.

The network has the two-stage ramp. Its bits are -2 and 2, computed by frozen gates (Lemma 10). A *part* holds one
parameter of the model: the weight of one edge, which trains. It reads three bits of the round that it belongs to:
``now``, which is set while it is the round's turn; ``clock``, which is set from then on; and ``active``, which is set
if it is the round's turn and the query is 1 at x. Its vertices:

    source    returns 2 if active or clock is set, else 0
    head      the trained edge leads here from the source; it rests at 1/2 until the clock is set
    passage   returns what the head does while now is set, and -2 otherwise
    vr0, ...  the binary digits of the weight, as in Definition 2

As printed, a parameter theta is a coefficient of the output in its own round, theta Phi(x), and a number that later
queries read (E34); as the weight of one edge it is seen only times what the tail of the edge returns. So the tail is a
source that returns the query's value in the part's turn and a constant afterwards: the same edge serves for both.

The clock of a round is a part as well. Its edge leads from the constant, for its source would have to read it.

In its turn a part whose weight is theta adds coefficient theta Phi(x) to the pre-activation of the output, at any other
time nothing: weights from ``now`` and from the constant take off what the passage returns at rest. The round's *hold*
adds what makes the network return the number that Lemma 8 asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.network import Edge, Fragment
from constructions.models.one_step import OneStep
from constructions.networks.gates import CONSTANT
from constructions.networks.queries import read_out_edges

OUTPUT = "f"
RESTING = Fraction(1, 2)
"""What a head returns before its round is over, while the trained weight is 0."""
STRENGTH = Fraction(16)
"""By how much a gate pushes a passage down: large, so that it stays shut when edges at it have moved."""
SOURCE_VALUE, RELU_VALUE = Fraction(2), Fraction(5, 2)
"""What a source returns if it is set, on the two-stage ramp and as one ReLU."""
SOURCE_WEIGHTS = (Fraction(3, 4), Fraction(5, 2))
"""From each of the two bits to the source, and from the constant: -1/2 if none is set, 5/2 if one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPart:
    """What the weights of a part depend on.

    Parameters
    ----------
    numbers : precision, epsilon and slope of Lemma 8. label : on which label the round asks, 0 or 1.
    bits : how many digits are read. clock : whether it is the clock of a round. strength : of the gates.
    source_value : what the source returns if it is set.

    >>> part = FrozenPart(numbers=OneStep(rho=Fraction(1, 8), epsilon=Fraction(1, 4)), label=1, bits=4)
    >>> str(part.gain), str(part.step), part.trained
    ('1/2', '1/4', ('source', 'head'))
    """

    numbers: OneStep
    label: int
    bits: int
    clock: bool = False
    strength: Number = STRENGTH
    source_value: Fraction = SOURCE_VALUE

    @property
    def trained(self) -> Edge:
        """The edge that trains."""
        return (CONSTANT if self.clock else "source", "head")

    @property
    def unit(self) -> Number:
        """What the tail of the trained edge returns when the weight is read."""
        return Fraction(1) if self.clock else self.source_value

    @property
    def step(self) -> Number:
        """By how much the head moves when the weight moves by rho."""
        return self.unit * self.numbers.rho

    @property
    def gain(self) -> Number:
        """The weight of passage -> output: the coefficient of the parameter, over what the tail returns."""
        if self.clock:
            return self.numbers.of_clock(self.label)
        return self.numbers.coefficient(self.label, Fraction(1)) / self.unit

    @property
    def at_rest(self) -> Number:
        """What the head returns once the clock is set, less what the trained weight gives."""
        return RESTING if self.clock else Fraction(0)


def part_graph(part: FrozenPart, *, weight: Number = Fraction(0)) -> Fragment:
    """A part as a fragment: inputs ``now``, ``clock`` and ``active`` (a clock has only ``now``), outputs the network's
    output and the digits.

    Parameters
    ----------
    part : what its weights depend on. weight : that of the trained edge.

    >>> made = part_graph(FrozenPart(numbers=OneStep(rho=Fraction(1, 8), epsilon=Fraction(1, 4)), label=1, bits=4))
    >>> made.inputs, len(made.edges), made.outputs[0]
    (('now', 'clock', 'active'), 26, 'f')
    """
    edges: dict[Edge, Number] = {part.trained: weight}
    if part.clock:
        edges = {("rest", "head"): RESTING / 2, (CONSTANT, "rest"): Fraction(4)} | edges
    else:
        from_bit, from_one = SOURCE_WEIGHTS
        edges |= {("active", "source"): from_bit, ("clock", "source"): from_bit, (CONSTANT, "source"): from_one}
        edges |= {("clock", "head"): -RESTING / 4, (CONSTANT, "head"): RESTING / 2}
    edges |= {("head", "passage"): Fraction(1), ("now", "passage"): part.strength / 4}
    edges[CONSTANT, "passage"] = -part.strength / 2
    edges["passage", OUTPUT] = part.gain
    edges["now", OUTPUT] = -(2 + RESTING) * part.gain / 4
    edges[CONSTANT, OUTPUT] = (2 - RESTING) * part.gain / 2
    edges |= _digit_edges(part) if part.bits else {}
    inputs = ("now",) if part.clock else ("now", "clock", "active")
    digits = tuple(f"vr{i}" for i in range(part.bits))
    return Fragment(inputs=inputs, outputs=(OUTPUT, *digits), edges=edges, constant=CONSTANT, sigma=RAMP)


def _digit_edges(part: FrozenPart) -> dict[Edge, Number]:
    """Definition 2's read-out of the head, in steps of what a step of the weight makes of it."""
    names = {"v0": CONSTANT, "v1": "head"}
    edges = read_out_edges(rho=part.step, resting=part.at_rest, bits=part.bits)
    return {(names.get(u, u), v): weight for (u, v), weight in edges.items()}


def hold_edges(numbers: OneStep, label: int) -> dict[Edge, Number]:
    """The round's hold: in its turn the network returns what Lemma 8 asks for, and at other times it adds nothing.

    Parameters
    ----------
    numbers, label : as for :class:`FrozenPart`.

    >>> numbers = OneStep(rho=Fraction(1, 8), epsilon=Fraction(1, 4))
    >>> {edge: str(weight) for edge, weight in hold_edges(numbers, 1).items()}
    {('now', 'f'): '-5/16', ('one', 'f'): '-5/8'}
    """
    pre = held_pre_activation(numbers, label)
    return {("now", OUTPUT): pre / 4, (CONSTANT, OUTPUT): pre / 2}


def held_pre_activation(numbers: OneStep, label: Number) -> Number:
    """The pre-activation at which the two-stage ramp returns what Lemma 8 asks for, with slope 1: 1 + epsilon for label
    0, and -1 - epsilon, where it returns -epsilon, for label 1.

    Parameters
    ----------
    numbers, label : as for :class:`FrozenPart`.

    >>> held_pre_activation(OneStep(rho=Fraction(1, 8), epsilon=Fraction(1, 4)), 1)
    Fraction(-5, 4)
    """
    return (1 - 2 * label) * (1 + numbers.epsilon)


def joined(parts: Mapping[str, Fragment]) -> dict[Edge, Number]:
    """The edges of parts with vertices of their own, but for the constant and the output, which they share; the name of
    a part is put before those of its vertices. The weights of edges that fall together are added up.

    >>> part = FrozenPart(numbers=OneStep(rho=Fraction(1, 8), epsilon=Fraction(1, 4)), label=1, bits=0)
    >>> found = joined({"a": part_graph(part), "b": part_graph(part)})
    >>> len(found), str(found["one", "f"])
    (23, '3/4')
    """
    edges: dict[Edge, Number] = {}
    for name, part in parts.items():
        for (u, v), weight in part.edges.items():
            edge = tuple(w if w in (CONSTANT, OUTPUT) else f"{name}.{w}" for w in (u, v))
            edges[edge] = edges.get(edge, Fraction(0)) + weight  # type: ignore[index,arg-type]
    return edges
