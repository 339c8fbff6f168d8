"""The predicate of a memory of signed sums: one step writes a graph that meets it, others leave it alone, it is read.

As for Lemma 11 (:mod:`constructions.networks.memory`), the conditions are inequalities between the weights, rho, the
rate and the number of points of a batch, evaluated on a finished network and proved of a template by the same code:

* shape: exactly the edges of :func:`~constructions.networks.signed_memory.signed_graph`, and the two-stage ramp;
* active: v1 and the vertices of a side strictly inside the piece (0, 2) of slope 1, both paths of a side alike;
* idle: p2 above 2, p2' below -3, p3 strictly between -1 and 0, and so for the minus side;
* recording: the sides have opposite path gains, so small that no gradient of v0 -> v1 is clipped;
* written: v1 stays on its piece whichever way it moves, and the idle sides stay flat, however the step was rounded;
* counting: sums of one parity over b points are further apart than roundings can bring together;
* reading: enough digits, and each digit's pre-activation less than 3 away from nominal.
"""

from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every
from constructions.foundations.network import Edge, Fragment
from constructions.networks.memory import (
    NONE,
    Condition,
    Conditions,
    absolute,
    at_most_one,
    broken,
    carry_deviation,
    own_deviation,
    reading_edges,
)
from constructions.networks.signed_memory import HELD, SIDES, SIGNED_DRIVING, SIGNED_MOVING, middle_of, moving

MOST_WITHOUT_CLIPPING = Fraction(2)
"""The largest path gain with which no gradient of v0 -> v1 is clipped."""


def side_gain(graph: Fragment, side: str) -> Number:
    """The derivative of v4's pre-activation with respect to v0 -> v1 on a sample on which a ``side`` of a ``graph`` is
    active.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> [str(side_gain(signed_graph(SIGNED, rho=Fraction(1, 16), bits=0), side)) for side in SIDES]
    ['2', '-2']
    """
    w, (first, second, third, fourth, last) = graph.weight, moving(side)
    return w(*last) * (w(*first) * w(*third) + w(*second) * w(*fourth))


def is_signed_memory(graph: Fragment, rho: Number, bits: int, *, rate: Fraction, points: Number) -> Formula:
    """Whether a graph is a memory of signed sums over batches of so many points: a truth value for rational weights, a
    formula for solver variables.

    Parameters
    ----------
    graph : as :func:`signed_graph` has it, with any weights.
    rho, bits : gradient precision, and how many digits are read.
    rate : learning rate, positive.
    points : b, the size of a batch.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> graph = signed_graph(SIGNED, rho=Fraction(13, 40), bits=4)
    >>> [is_signed_memory(graph, Fraction(13, 40), 4, rate=SIGNED.rate, points=points) for points in (4, 5)]
    [True, False]
    """
    return every(*(c.holds for c in signed_conditions(graph, rho, bits, rate=rate, points=points)))


def why_no_signed_memory(graph: Fragment, rho: Number, bits: int, *, rate: Fraction, points: Number) -> str | None:
    """The first condition that a graph of rational weights breaks, with its numbers; None for a signed memory.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> rho = Fraction(1, 3)
    >>> why_no_signed_memory(signed_graph(SIGNED, rho=rho, bits=4), rho, 4, rate=SIGNED.rate, points=4)
    'counting: counts of one parity are apart: need 3 b rho < 4, got 4'
    """
    return broken(signed_conditions(graph, rho, bits, rate=rate, points=points))


def signed_conditions(graph: Fragment, rho: Number, bits: int, *, rate: Fraction, points: Number) -> Conditions:
    """All conditions of :func:`is_signed_memory`; only the first group for a graph of another shape.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> graph = signed_graph(SIGNED, rho=Fraction(1, 16), bits=0).with_weight("pc", "p3", Fraction(1, 8))
    >>> for condition in signed_conditions(graph, Fraction(1, 16), 0, rate=SIGNED.rate, points=21):
    ...     if not condition.holds:
    ...         print(condition)
    idle: p3 is flat at 0: need 2 w(p2,p3) - 2 w(p2',p3) + 2 w(pc,p3) > -1 and < 0, got 1/4
    written: p3 stays below 0: need 2 w(p2,p3) - 2 w(p2',p3) + 2 w(pc,p3) + 2 rate rho < 0, got 17/64
    """
    shape = _signed_shape(graph, bits)
    if not all(condition.holds for condition in shape):
        return shape
    return (
        *shape,
        Condition(group="numbers", name="the precision is positive", term="rho", value=rho, bounds=((">", 0),)),
        *signed_active(graph),
        *signed_idle(graph),
        *signed_recording(graph),
        *signed_written(graph, rho, rate=rate),
        counting(graph, rho, points),
        *_signed_reading(graph, rho, bits, rate=rate),
    )


def _signed_shape(graph: Fragment, bits: int) -> Conditions:
    wanted, found = {*SIGNED_MOVING, *SIGNED_DRIVING, *reading_edges(bits)}, set(graph.edges)

    def same(name: str, term: str, value: object, wanted: object) -> Condition:
        return Condition(group="shape", name=name, term=term, value=str(value), bounds=(("=", str(wanted)),))

    def listed(edges: set[Edge]) -> str:
        return ", ".join(f"{u} -> {v}" for u, v in sorted(edges)) or NONE

    return (
        same("the activation is the two-stage ramp", "the activation", graph.sigma == RAMP, True),
        same("pc and nc are the inputs", "the inputs", ", ".join(graph.inputs), "pc, nc"),
        same("v0 is the constant", "the constant", graph.constant, "v0"),
        same("no edge is missing", "missing edges", listed(wanted - found), NONE),
        same("no edge is beside them", "further edges", listed(found - wanted), NONE),
    )


def signed_active(graph: Fragment) -> Conditions:
    """v1 and the vertices of each side are strictly inside (0, 2) while the side is active; both paths of it alike.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> graph = signed_graph(SIGNED, rho=Fraction(1, 16), bits=0)
    >>> all(c.holds for c in signed_active(graph))
    True
    """
    w, a = graph.weight, graph.weight("v0", "v1")

    def linear(vertex: str, term: str, value: Number) -> Condition:
        return Condition(
            group="active", name=f"{vertex} is on its linear piece", term=term, value=value, bounds=((">", 0), ("<", 2))
        )

    found = [linear("v1", "w(v0,v1)", a)]
    for s in SIDES:
        first, second, third, fourth, _ = moving(s)
        through = (w(*first) * w(*third) + w(*second) * w(*fourth)) * a
        found += [
            linear(f"{s}2", f"w(v1,{s}2) w(v0,v1)", w(*first) * a),
            Condition(
                group="active",
                name=f"v1 feeds {s}2 and {s}2' alike",
                term=f"w(v1,{s}2)",
                value=w(*first),
                bounds=(("=", w(*second)),),
            ),
            linear(f"{s}3", f"(w(v1,{s}2) w({s}2,{s}3) + w(v1,{s}2') w({s}2',{s}3)) w(v0,v1)", through),
        ]
    return tuple(found)


def _rest_of_three(graph: Fragment, s: str) -> tuple[str, Number]:
    """What the third vertex of an idle side gets: in words, and its number."""
    w, (_, _, third, fourth, _) = graph.weight, moving(s)
    value = 2 * w(*third) - 2 * w(*fourth) + 2 * w(f"{s}c", f"{s}3")
    return f"2 w({s}2,{s}3) - 2 w({s}2',{s}3) + 2 w({s}c,{s}3)", value


def signed_idle(graph: Fragment) -> Conditions:
    """While a side is idle, its vertices are strictly flat: above 2, below -3, between -1 and 0.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> graph = signed_graph(SIGNED, rho=Fraction(1, 16), bits=0)
    >>> all(c.holds for c in signed_idle(graph))
    True
    """
    found: list[Condition] = []
    for s in SIDES:
        term, rest = _rest_of_three(graph, s)
        rows: tuple[tuple[str, int, str, Number, tuple[tuple[str, int], ...]], ...] = (
            (f"{s}2", 2, f"2 w({s}c,{s}2) + w(v1,{s}2) w(v0,v1)", _second(graph, s, ""), ((">", 2),)),
            (f"{s}2'", -2, f"2 w({s}c,{s}2') + w(v1,{s}2') w(v0,v1)", _second(graph, s, "'"), (("<", -3),)),
            (f"{s}3", 0, term, rest, ((">", -1), ("<", 0))),
        )
        found += [
            Condition(group="idle", name=f"{v} is flat at {at}", term=words, value=value, bounds=bounds)
            for v, at, words, value, bounds in rows
        ]
    return tuple(found)


def _second(graph: Fragment, s: str, mark: str) -> Number:
    w = graph.weight
    return 2 * w(f"{s}c", f"{s}2{mark}") + w("v1", f"{s}2{mark}") * w("v0", "v1")


def signed_recording(graph: Fragment) -> Conditions:
    """The sides move v0 -> v1 by the same amount to opposite ends, and no gradient of it is clipped.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> graph = signed_graph(SIGNED, rho=Fraction(1, 16), bits=0)
    >>> all(c.holds for c in signed_recording(graph))
    True
    """
    plus, minus = (side_gain(graph, s) for s in SIDES)
    return (
        Condition(
            group="recording",
            name="the sides have opposite path gains",
            term="path gain of plus",
            value=plus,
            bounds=(("=", -minus),),
        ),
        Condition(
            group="recording",
            name="no gradient of v0 -> v1 is clipped",
            term="path gain of plus",
            value=plus,
            bounds=((">", 0), ("<=", MOST_WITHOUT_CLIPPING)),
        ),
    )


def largest_move(graph: Fragment, rho: Number, *, rate: Fraction) -> Number:
    """The most by which one step can move v0 -> v1 of a ``graph`` up or down: half the path gain and 3/4 of the
    precision rho, times the rate.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> str(largest_move(signed_graph(SIGNED, rho=Fraction(1, 6), bits=0), Fraction(1, 6), rate=SIGNED.rate))
    '9/64'
    """
    return rate * (side_gain(graph, "p") * HELD + 3 * rho / 4)


def largest_inner(graph: Fragment, rho: Number, edge: Edge, *, rate: Fraction) -> Number:
    """The most that the weight of v1 -> p2 (or of another ``edge`` from v1 into a side) can be in size after its step.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> graph = signed_graph(SIGNED, rho=Fraction(1, 6), bits=0)
    >>> str(largest_inner(graph, Fraction(1, 6), ("v1", "p2"), rate=SIGNED.rate))
    '41/64'
    """
    w, (_, two) = graph.weight, edge
    three = f"{two[0]}3"
    bound = HELD * absolute(w(three, "v4")) * absolute(w(two, three)) * w("v0", "v1")
    return absolute(w(*edge)) + rate * (at_most_one(bound) + 3 * rho / 4)


def signed_written(graph: Fragment, rho: Number, *, rate: Fraction) -> Conditions:
    """After a step of a ``graph`` at the precision rho and a learning ``rate``, whatever the roundings were: v0 -> v1
    inside its linear piece, each idle side strictly flat.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> graph = signed_graph(SIGNED, rho=Fraction(1, 16), bits=0)
    >>> all(c.holds for c in signed_written(graph, Fraction(1, 16), rate=SIGNED.rate))
    True
    """
    w, a, move = graph.weight, graph.weight("v0", "v1"), largest_move(graph, rho, rate=rate)

    def after(name: str, term: str, value: Number, relation: str, bound: int) -> Condition:
        return Condition(group="written", name=name, term=term, value=value, bounds=((relation, bound),))

    found = [
        after("v1 stays below 2", "w(v0,v1) + its largest move", a + move, "<", 2),
        after("v1 stays above 0", "w(v0,v1) - its largest move", a - move, ">", 0),
    ]
    for s in SIDES:
        upper, lower = (largest_inner(graph, rho, edge, rate=rate) for edge in moving(s)[:2])
        term, rest = _rest_of_three(graph, s)
        high, low = 2 * w(f"{s}c", f"{s}2") - 2 * upper, 2 * w(f"{s}c", f"{s}2'") + 2 * lower
        found += [
            after(f"{s}2 stays above 2", f"2 w({s}c,{s}2) - 2 (the most that w(v1,{s}2) can be)", high, ">", 2),
            after(f"{s}2' stays below -3", f"2 w({s}c,{s}2') + 2 (the most that w(v1,{s}2') can be)", low, "<", -3),
            after(f"{s}3 stays below 0", f"{term} + 2 rate rho", rest + 2 * rate * rho, "<", 0),
            after(f"{s}3 stays above -1", f"{term} - 2 rate rho", rest - 2 * rate * rho, ">", -1),
        ]
    return tuple(found)


def counting(graph: Fragment, rho: Number, points: Number) -> Condition:
    """Sums over b points of one parity are read without error: rounding, 3 rho/4 on both sides, is less than what two
    of them are apart.

    >>> from constructions.networks.signed_memory import SIGNED, signed_graph
    >>> print(counting(signed_graph(SIGNED, rho=Fraction(1, 3), bits=0), Fraction(1, 3), 4))
    counting: counts of one parity are apart: need 3 b rho < 4, got 4
    """
    most = 2 * side_gain(graph, "p")
    name = "counts of one parity are apart"
    return Condition(group="counting", name=name, term="3 b rho", value=3 * points * rho, bounds=(("<", most),))


def _signed_reading(graph: Fragment, rho: Number, bits: int, *, rate: Fraction) -> Conditions:
    if not bits:
        return ()
    levels, unit, middle = 2**bits, rate * rho, middle_of(bits)
    resting = graph.weight("v0", "v1") - middle * unit
    most = side_gain(graph, "p") * HELD + 3 * rho / 4
    enough = Condition(
        group="reading",
        name="there are digits for every record",
        term="half the path gain + 3/4 rho",
        value=most,
        bounds=(("<", middle * rho),),
    )

    def digit(i: int) -> Condition:
        w, vr = graph.weight, f"vr{i}"
        far = own_deviation(w("v1", vr), w("v0", vr), resting, unit, levels, levels * unit)
        far += sum((carry_deviation(w(f"vr{j}", vr), 2**j) for j in range(i + 1, bits)), Fraction(0))
        term = f"how far vr{i} can be from nominal"
        return Condition(group="reading", name=f"vr{i} is read right", term=term, value=far, bounds=(("<", 3),))

    return (enough, *map(digit, range(bits)))
