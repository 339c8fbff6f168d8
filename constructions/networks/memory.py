"""The predicate under which Lemma 11 holds: a graph that one step writes, that later steps leave alone, and that is
read.

The conditions are inequalities between the weights, rho and the number of bits, so they can be evaluated on a finished
network and proved of a template. They ask for nothing about how the graph was made:

* shape: exactly the edges of Definition 2 (an extra edge inside a copy is not excluded by the paper's premises), and
  the two-stage ramp at every vertex;
* active: v1, v2, v2' and v3 strictly inside the piece of slope 1 through 0;
* idle: v2 above 2, v2' below -3, v3 strictly between -1 and 0, before the step and after it, however it was rounded;
* recording: an active sample moves v0 -> v1 by a share of the derivative of the loss that no clipping cuts, and on a
  whole active batch by more than rounding can hide (a clock never reads 0);
* reading: enough digits for every fraction, v0 -> v1 stays within the linear piece, and each digit's pre-activation is
  less than 3 away from the nominal 12 (m mod 2^(i+1) - 2^i + 1/2), which is at least 6 above or below 0.

They stand in one list, :func:`conditions`: each with a name in words, its inequality and numbers, and whether it holds.
:func:`is_memory` says that all of them hold, :func:`why_no_memory` which one does not.

The arguments are the same everywhere: ``graph`` is Q or Q' as a fragment, ``rho`` the precision, ``rate`` the step
size, and ``offset`` how many rho the output is held beyond the label.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number, whole
from constructions.foundations.logic import Formula, every, select
from constructions.foundations.network import Edge, Fragment

MOVING: tuple[Edge, ...] = (("v0", "v1"), ("v1", "v2"), ("v1", "v2'"), ("v2", "v3"), ("v2'", "v3"), ("v3", "v4"))
DRIVING: tuple[Edge, ...] = (("vc", "v2"), ("vc", "v2'"), ("vc", "v3"))
NONE = "none"
RELATIONS: dict[str, Callable[[Any, Any], Formula]] = {"<": lt, ">": gt, "<=": le, ">=": ge, "=": eq}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition under which a graph is a memory.

    Parameters
    ----------
    group
        One of shape, numbers, active, idle, recording, written and reading.
    name
        What it says, in words.
    term
        What is bounded, with w(u,v) for the weight of u -> v.
    value
        This number, or what was found of the shape.
    bounds
        Pairs of a relation (<, >, <=, >=, =) and what stands on its right side.

    >>> found = Condition(group="numbers", name="the precision is positive", term="rho", value=-1, bounds=((">", 0),))
    >>> found.holds, str(found)
    (False, 'numbers: the precision is positive: need rho > 0, got -1')
    """

    group: str
    name: str
    term: str
    value: Number | str
    bounds: tuple[tuple[str, Number | str], ...]

    @property
    def holds(self) -> Formula:
        """Whether it holds: a truth value for rational weights, a formula for solver variables."""
        return every(*(RELATIONS[relation](self.value, bound) for relation, bound in self.bounds))

    def __str__(self) -> str:
        needed = " and ".join(f"{relation} {bound}" for relation, bound in self.bounds)
        return f"{self.group}: {self.name}: need {self.term} {needed}, got {self.value}"


Conditions = tuple[Condition, ...]


def reading_edges(bits: int) -> tuple[Edge, ...]:
    """The edges to the digits vr0, ..., vr(bits-1).

    >>> reading_edges(1)
    (('v0', 'vr0'), ('v1', 'vr0'))
    """
    to_digits = [(tail, f"vr{i}") for i in range(bits) for tail in ("v0", "v1")]
    return (*to_digits, *((f"vr{i}", f"vr{j}") for i in range(bits) for j in range(i)))


def path_gain(graph: Fragment) -> Number:
    """The derivative of v4's pre-activation with respect to v0 -> v1 on an active sample: both paths together.

    >>> from constructions.networks.queries import STRONG, query_graph
    >>> str(path_gain(query_graph(STRONG, rho=Fraction(1, 16), bits=4, prime=True)))
    '-3/4'
    """
    w = graph.weight
    return w("v3", "v4") * (w("v1", "v2") * w("v2", "v3") + w("v1", "v2'") * w("v2'", "v3"))


def contribution(graph: Fragment) -> Number:
    """What an active copy adds to v4 before it is written.

    >>> from constructions.networks.queries import STRONG, query_graph
    >>> str(contribution(query_graph(STRONG, rho=Fraction(1, 16), bits=4)))
    '1/16'
    """
    return path_gain(graph) * graph.weight("v0", "v1")


def is_memory(graph: Fragment, rho: Number, bits: int, *, rate: int, offset: Fraction) -> Formula:
    """Whether Lemma 11 holds of this graph: a truth value for rational weights, a formula for solver variables.

    Parameters
    ----------
    graph : vertices v0, v1, v2, v2', v3, v4, vc and digits vr0, ... .
    rho, bits : gradient precision, and how many digits are read.
    rate : learning rate, a positive integer (a step then moves by multiples of rho).
    offset : the output is held at -offset rho or 1 + offset rho while the copy is active.

    >>> from constructions.networks.queries import PRINTED, STRONG, query_graph
    >>> rho = Fraction(1, 16)
    >>> is_memory(query_graph(STRONG, rho=rho, bits=4), rho, 4, rate=1, offset=Fraction(9, 8))
    True
    >>> is_memory(query_graph(PRINTED, rho=rho, bits=4, prime=True), rho, 4, rate=2, offset=Fraction(2))
    False
    """
    return hold(conditions(graph, rho, bits, rate=rate, offset=offset))


def why_no_memory(graph: Fragment, rho: Number, bits: int, *, rate: int, offset: Fraction) -> str | None:
    """The first condition that a graph of rational weights breaks, with its numbers; None for a memory.

    >>> from constructions.networks.queries import PRINTED, query_graph
    >>> printed = query_graph(PRINTED, rho=Fraction(1, 16), bits=4, prime=True)
    >>> why_no_memory(printed, Fraction(1, 16), 4, rate=2, offset=Fraction(2))
    'recording: no gradient of v0 -> v1 is clipped: need (1 + offset rho) |path gain| <= 1, got 9/4 \
(and 2 further conditions fail)'
    """
    return broken(conditions(graph, rho, bits, rate=rate, offset=offset))


def conditions(graph: Fragment, rho: Number, bits: int, *, rate: int, offset: Fraction) -> Conditions:
    """All conditions of :func:`is_memory`, in the order in which they are told; only the first group for a graph of
    another shape.

    >>> from constructions.networks.queries import STRONG, query_graph
    >>> q = query_graph(STRONG, rho=Fraction(1, 16), bits=0).with_weight("vc", "v3", Fraction(1, 8))
    >>> found = conditions(q, Fraction(1, 16), 0, rate=1, offset=Fraction(9, 8))
    >>> for condition in found:
    ...     if not condition.holds:
    ...         print(condition)
    idle: v3 is flat at 0: need 2 w(v2,v3) - 2 w(v2',v3) + 2 w(vc,v3) > -1 and < 0, got 1/4
    written: v3 stays below 0: need 2 w(v2,v3) - 2 w(v2',v3) + 2 w(vc,v3) + 2 rate rho < 0, got 3/8
    """
    rate = whole(rate, where="rate", least=1)
    shape = _shape(graph, bits)
    if not hold(shape):
        return shape
    return (
        *shape,
        *_numbers(rho, offset),
        *_active(graph),
        *_idle(graph),
        *_recording(graph, rho, offset=offset),
        *_written(graph, rho, rate=rate, offset=offset),
        *_reading(graph, rho, bits, rate=rate, offset=offset),
    )


def standing_conditions(graph: Fragment, bits: int) -> Conditions:
    """Those of the conditions that ask neither for rho nor for rate and offset: shape (with so many bits), active and
    idle."""
    shape = _shape(graph, bits)
    return (*shape, *_active(graph), *_idle(graph)) if hold(shape) else shape


def hold(found: Iterable[Condition]) -> Formula:
    """Whether all of some conditions hold."""
    return every(*(condition.holds for condition in found))


def broken(found: Iterable[Condition]) -> str | None:
    """The first of some conditions that fails, in words with its numbers, and how many others do; None if all hold.

    Raises
    ------
    ConstructionError
        For a condition that is a formula.

    >>> from constructions.networks.queries import STRONG, query_graph
    >>> rho, offset = Fraction(1, 16), Fraction(9, 8)
    >>> q = query_graph(STRONG, rho=rho, bits=4)
    >>> active_conditions(q), idle_conditions(q), recording_conditions(q, rho, offset=offset)
    (True, True, True)
    >>> written_conditions(q, rho, rate=1, offset=offset), str(largest_rise(q, rho, rate=1, offset=offset))
    (True, '435/512')
    >>> broken(standing_conditions(q.with_weight("vc", "v3", Fraction(1, 8)), bits=4))
    "idle: v3 is flat at 0: need 2 w(v2,v3) - 2 w(v2',v3) + 2 w(vc,v3) > -1 and < 0, got 1/4"
    """
    failing = [condition for condition in found if not _known(condition)]
    others = len(failing) - 1
    more = f" (and {others} further condition{'s fail' if others > 1 else ' fails'})" if others > 0 else ""
    return f"{failing[0]}{more}" if failing else None


def _known(condition: Condition) -> bool:
    holds = condition.holds
    if not isinstance(holds, bool):
        raise ConstructionError(f"need rational weights to know what fails, got a formula, at {condition.name}")
    return holds


def active_conditions(graph: Fragment) -> Formula:
    """v1, v2, v2', v3 strictly between 0 and 2 with vc = 0, and both paths equal."""
    return hold(_active(graph))


def idle_conditions(graph: Fragment) -> Formula:
    """v2 above 2, v2' below -3, v3 strictly between -1 and 0 with vc = 2."""
    return hold(_idle(graph))


def written_conditions(graph: Fragment, rho: Number, *, rate: int, offset: Fraction) -> Formula:
    """After the step, v0 -> v1 within the linear piece, and v2, v2', v3 flat whatever the roundings were."""
    return hold(_written(graph, rho, rate=rate, offset=offset))


def recording_conditions(graph: Fragment, rho: Number, *, offset: Fraction) -> Formula:
    """No sample's gradient of v0 -> v1 is clipped, and a batch that is active throughout never rounds to 0."""
    return hold(_recording(graph, rho, offset=offset))


def _shape(graph: Fragment, bits: int) -> Conditions:
    wanted, found = {*MOVING, *DRIVING, *reading_edges(bits)}, set(graph.edges)
    sigma = RAMP.name if graph.sigma == RAMP else f"another ({graph.sigma.name})"

    def same(name: str, term: str, value: object, wanted: object) -> Condition:
        return Condition(group="shape", name=name, term=term, value=str(value), bounds=(("=", str(wanted)),))

    return (
        same("the activation is the two-stage ramp", "the activation", sigma, RAMP.name),
        same("vc is the input", "the inputs", ", ".join(graph.inputs), "vc"),
        same("v0 is the constant", "the constant", graph.constant, "v0"),
        same("no edge of Definition 2 is missing", "missing edges", _listed(wanted - found), NONE),
        same("no edge is beside them", "further edges", _listed(found - wanted), NONE),
    )


def _listed(edges: set[Edge]) -> str:
    return ", ".join(f"{u} -> {v}" for u, v in sorted(edges)) or NONE


def _numbers(rho: Number, offset: Number) -> Conditions:
    def small(name: str, term: str, value: Number, relation: str, bound: int) -> Condition:
        return Condition(group="numbers", name=name, term=term, value=value, bounds=((relation, bound),))

    return (
        small("the precision is positive", "rho", rho, ">", 0),
        small("the output is held outside [0, 1]", "offset", offset, ">", 0),
        small("the held output is above -1", "offset rho", offset * rho, "<", 1),
    )


def _active(graph: Fragment) -> Conditions:
    w, a = graph.weight, graph.weight("v0", "v1")
    through = w("v1", "v2") * w("v2", "v3") + w("v1", "v2'") * w("v2'", "v3")
    both = "(w(v1,v2) w(v2,v3) + w(v1,v2') w(v2',v3)) w(v0,v1)"

    def linear(vertex: str, term: str, value: Number) -> Condition:
        name = f"{vertex} is on its linear piece"
        return Condition(group="active", name=name, term=term, value=value, bounds=((">", 0), ("<", 2)))

    alike = (("=", w("v1", "v2'")),)
    return (
        linear("v1", "w(v0,v1)", a),
        linear("v2", "w(v1,v2) w(v0,v1)", w("v1", "v2") * a),
        Condition(group="active", name="v1 feeds v2 and v2' alike", term="w(v1,v2)", value=w("v1", "v2"), bounds=alike),
        linear("v3", both, through * a),
    )


V3 = "2 w(v2,v3) - 2 w(v2',v3) + 2 w(vc,v3)"


def _idle(graph: Fragment) -> Conditions:
    w, a = graph.weight, graph.weight("v0", "v1")
    v2, v2_ = 2 * w("vc", "v2") + w("v1", "v2") * a, 2 * w("vc", "v2'") + w("v1", "v2'") * a
    v3 = 2 * w("v2", "v3") - 2 * w("v2'", "v3") + 2 * w("vc", "v3")

    def flat(vertex: str, at: int, term: str, value: Number, *bounds: tuple[str, int]) -> Condition:
        return Condition(group="idle", name=f"{vertex} is flat at {at}", term=term, value=value, bounds=bounds)

    return (
        flat("v2", 2, "2 w(vc,v2) + w(v1,v2) w(v0,v1)", v2, (">", 2)),
        flat("v2'", -2, "2 w(vc,v2') + w(v1,v2') w(v0,v1)", v2_, ("<", -3)),
        flat("v3", 0, V3, v3, (">", -1), ("<", 0)),
    )


def largest_rise(graph: Fragment, rho: Number, *, rate: int, offset: Fraction) -> Number:
    """The most by which one step can raise v0 -> v1: the clipped gradient and 3/4 rho, times the rate."""
    return rate * (at_most_one((1 + offset * rho) * absolute(path_gain(graph))) + 3 * rho / 4)


def _written(graph: Fragment, rho: Number, *, rate: int, offset: Fraction) -> Conditions:
    w, a = graph.weight, graph.weight("v0", "v1")
    loss = (1 + offset * rho) * absolute(w("v3", "v4"))
    middle = 2 * (w("v2", "v3") - w("v2'", "v3")) + 2 * w("vc", "v3")

    def reach(inner: Edge, outer: Edge) -> Number:
        return absolute(w(*inner)) + rate * (at_most_one(loss * absolute(w(*outer)) * a) + 3 * rho / 4)

    def after(name: str, term: str, value: Number, relation: str, bound: int) -> Condition:
        return Condition(group="written", name=name, term=term, value=value, bounds=((relation, bound),))

    risen = a + largest_rise(graph, rho, rate=rate, offset=offset)
    above = 2 * w("vc", "v2") - 2 * reach(("v1", "v2"), ("v2", "v3"))
    below = 2 * w("vc", "v2'") + 2 * reach(("v1", "v2'"), ("v2'", "v3"))
    return (
        after("v1 stays on its linear piece", "w(v0,v1) + its largest rise", risen, "<", 2),
        after("v2 stays above 2", "2 w(vc,v2) - 2 (the most that w(v1,v2) can be)", above, ">", 2),
        after("v2' stays below -3", "2 w(vc,v2') + 2 (the most that w(v1,v2') can be)", below, "<", -3),
        after("v3 stays below 0", f"{V3} + 2 rate rho", middle + 2 * rate * rho, "<", 0),
        after("v3 stays above -1", f"{V3} - 2 rate rho", middle - 2 * rate * rho, ">", -1),
    )


def _recording(graph: Fragment, rho: Number, *, offset: Fraction) -> Conditions:
    gain, group = absolute(path_gain(graph)), "recording"
    clipped, hidden = "no gradient of v0 -> v1 is clipped", "a batch that is active throughout does not round to 0"
    most, least = (1 + offset * rho) * gain, 4 * offset * gain
    return (
        Condition(group=group, name=clipped, term="(1 + offset rho) |path gain|", value=most, bounds=(("<=", 1),)),
        Condition(group=group, name=hidden, term="4 offset |path gain|", value=least, bounds=((">", 3),)),
    )


def _reading(graph: Fragment, rho: Number, bits: int, *, rate: int, offset: Fraction) -> Conditions:
    most, room = largest_rise(graph, rho, rate=rate, offset=offset), (2**bits - 1) * rho + 3 * rate * rho / 4
    enough = Condition(
        group="reading",
        name="there are digits for every fraction",
        term=f"(2^{bits} - 1) rho + 3/4 rate rho",
        value=room,
        bounds=((">=", rate * absolute(path_gain(graph))),),
    )

    def digit(i: int) -> Condition:
        deviation, term = digit_deviation(graph, rho, bits, i, most), f"how far vr{i} can be from nominal"
        return Condition(group="reading", name=f"vr{i} is read right", term=term, value=deviation, bounds=(("<", 3),))

    return (enough, *map(digit, range(bits))) if bits else ()


def digit_deviation(graph: Fragment, rho: Number, bits: int, i: int, most: Number) -> Number:
    """How far digit i's pre-activation can be from nominal when v0 -> v1 has risen by at most ``most``."""
    w, digit = graph.weight, f"vr{i}"
    own = own_deviation(w("v1", digit), w("v0", digit), w("v0", "v1"), rho, 2**bits, most)
    return own + sum((carry_deviation(w(f"vr{j}", digit), 2**j) for j in range(i + 1, bits)), Fraction(0))


def own_deviation(value: Number, level: Number, resting: Number, rho: Number, levels: Number, most: Number) -> Number:
    """The part of a digit's deviation that its edges from v1 and v0 can cause: ``value`` and ``level`` are their
    weights, ``resting`` that of v0 -> v1, ``levels`` is 2^bits, and v1 rises by at most ``most``; the precision is
    rho.

    >>> own_deviation(Fraction(193), Fraction(-106), Fraction(1, 12), Fraction(1, 16), 16, 1)  # 192 would be nominal
    Fraction(13, 12)
    """
    return absolute(value - 12 / rho) * most + absolute(value * resting + level - (6 - 6 * levels))


def carry_deviation(weight: Number, place: Number) -> Number:
    """The part that the edge of this weight from the higher digit of ``place`` = 2^j can cause, whatever bit that digit
    returns.

    >>> carry_deviation(Fraction(-5), 2), carry_deviation(Fraction(-6), 2)
    (Fraction(2, 1), Fraction(0, 1))
    """
    return 2 * absolute(weight + 3 * place)


def absolute(value: Number) -> Number:
    """The absolute value of a rational or of a solver term.

    >>> absolute(Fraction(-3, 2)), at_most_one(Fraction(3, 2))
    (Fraction(3, 2), Fraction(1, 1))
    """
    return select(value < 0, -value, value)


def at_most_one(value: Number) -> Number:
    """The value, or 1 if it is larger: what clipping leaves of a bound."""
    return select(value > 1, Fraction(1), value)
