"""The predicate under which Lemma 11 holds: a graph that one step writes, that later steps leave alone, and that is read.

The conditions are inequalities between the weights, rho and the number of bits, so they can be evaluated on a finished
network and proved of a template. They ask for nothing about how the graph was made:

* shape: exactly the edges of Definition 2 (an extra edge inside a copy is not excluded by the paper's premises), and the
  two-stage ramp at every vertex;
* active: v1, v2, v2' and v3 strictly inside the piece of slope 1 through 0;
* idle: v2 above 2, v2' below -3, v3 strictly between -1 and 0, before the step and after it, however it was rounded;
* recording: an active sample moves v0 -> v1 by a share of the derivative of the loss that no clipping cuts, and on a whole
  active batch by more than rounding can hide (a clock never reads 0);
* reading: enough digits for every fraction, v0 -> v1 stays within the linear piece, and each digit's pre-activation is less
  than 3 away from the nominal
  12 (m mod 2^(i+1) - 2^i + 1/2), which is at least 6 above or below 0.
"""
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number, whole
from constructions.foundations.logic import Formula, between, every, select
from constructions.foundations.network import Edge, Fragment

MOVING: tuple[Edge, ...] = (("v0", "v1"), ("v1", "v2"), ("v1", "v2'"), ("v2", "v3"), ("v2'", "v3"), ("v3", "v4"))
DRIVING: tuple[Edge, ...] = (("vc", "v2"), ("vc", "v2'"), ("vc", "v3"))


def reading_edges(bits: int) -> tuple[Edge, ...]:
    """The edges to the digits vr0, ..., vr(bits-1)."""
    to_digits = [(tail, f"vr{i}") for i in range(bits) for tail in ("v0", "v1")]
    return (*to_digits, *((f"vr{i}", f"vr{j}") for i in range(bits) for j in range(i)))


def path_gain(graph: Fragment) -> Number:
    """The derivative of v4's pre-activation with respect to v0 -> v1 on an active sample: both paths together."""
    w = graph.weight
    return w("v3", "v4") * (w("v1", "v2") * w("v2", "v3") + w("v1", "v2'") * w("v2'", "v3"))


def contribution(graph: Fragment) -> Number:
    """What an active copy adds to v4 before it is written."""
    return path_gain(graph) * graph.weight("v0", "v1")


def is_memory(graph: Fragment, rho: Number, bits: int, *, rate: int, offset: Fraction) -> Formula:
    """Whether Lemma 11 holds of this graph: a truth value for rational weights, a formula for solver variables.

    Parameters
    ----------
    graph : vertices v0, v1, v2, v2', v3, v4, vc and digits vr0, ... . rho : gradient precision.
    bits : how many digits are read. rate : learning rate, a positive integer (a step then moves by multiples of rho).
    offset : the output is held at -offset rho or 1 + offset rho while the copy is active.

    >>> from constructions.networks.queries import PRINTED, STRONG, query_graph
    >>> rho = Fraction(1, 16)
    >>> is_memory(query_graph(STRONG, rho=rho, bits=4), rho, 4, rate=1, offset=Fraction(9, 8))
    True
    >>> is_memory(query_graph(PRINTED, rho=rho, bits=4, prime=True), rho, 4, rate=2, offset=Fraction(2))
    False
    """
    rate = whole(rate, where="rate", least=1)
    if not has_shape(graph, bits):
        return False
    return every(
        rho > 0,
        offset > 0,
        offset * rho < 1,
        active_conditions(graph),
        idle_conditions(graph),
        written_conditions(graph, rho, rate=rate, offset=offset),
        recording_conditions(graph, rho, offset=offset),
        reading_conditions(graph, rho, bits, rate=rate, offset=offset),
    )


def has_shape(graph: Fragment, bits: int) -> bool:
    """Whether the graph has exactly the vertices and edges of Definition 2."""
    wanted = {*MOVING, *DRIVING, *reading_edges(bits)}
    return set(graph.edges) == wanted and graph.sigma == RAMP and graph.inputs == ("vc",) and graph.constant == "v0"


def active_conditions(graph: Fragment) -> Formula:
    """v1, v2, v2', v3 strictly between 0 and 2 with vc = 0, and both paths equal."""
    w, a = graph.weight, graph.weight("v0", "v1")
    through = w("v1", "v2") * w("v2", "v3") + w("v1", "v2'") * w("v2'", "v3")
    return every(
        between(0, a, 2),
        between(0, w("v1", "v2") * a, 2),
        w("v1", "v2") == w("v1", "v2'"),
        between(0, through * a, 2),
    )


def idle_conditions(graph: Fragment) -> Formula:
    """v2 above 2, v2' below -3, v3 strictly between -1 and 0 with vc = 2."""
    w, a = graph.weight, graph.weight("v0", "v1")
    return every(
        2 * w("vc", "v2") + w("v1", "v2") * a > 2,
        2 * w("vc", "v2'") + w("v1", "v2'") * a < -3,
        between(-1, 2 * w("v2", "v3") - 2 * w("v2'", "v3") + 2 * w("vc", "v3"), 0),
    )


def largest_rise(graph: Fragment, rho: Number, *, rate: int, offset: Fraction) -> Number:
    """The most by which one step can raise v0 -> v1: the clipped gradient and 3/4 rho, times the rate."""
    return rate * (at_most_one((1 + offset * rho) * absolute(path_gain(graph))) + 3 * rho / 4)


def written_conditions(graph: Fragment, rho: Number, *, rate: int, offset: Fraction) -> Formula:
    """After the step, v0 -> v1 within the linear piece, and v2, v2', v3 flat whatever the roundings were."""
    w, a = graph.weight, graph.weight("v0", "v1")
    loss = (1 + offset * rho) * absolute(w("v3", "v4"))

    def reach(inner: Edge, outer: Edge) -> Number:
        return absolute(w(*inner)) + rate * (at_most_one(loss * absolute(w(*outer)) * a) + 3 * rho / 4)

    return every(
        a + largest_rise(graph, rho, rate=rate, offset=offset) < 2,
        2 * w("vc", "v2") - 2 * reach(("v1", "v2"), ("v2", "v3")) > 2,
        2 * w("vc", "v2'") + 2 * reach(("v1", "v2'"), ("v2'", "v3")) < -3,
        2 * (w("v2", "v3") - w("v2'", "v3")) + 2 * w("vc", "v3") + 2 * rate * rho < 0,
        2 * (w("v2", "v3") - w("v2'", "v3")) + 2 * w("vc", "v3") - 2 * rate * rho > -1,
    )


def recording_conditions(graph: Fragment, rho: Number, *, offset: Fraction) -> Formula:
    """No sample's gradient of v0 -> v1 is clipped, and a batch that is active throughout never rounds to 0."""
    gain = absolute(path_gain(graph))
    return every((1 + offset * rho) * gain <= 1, 4 * offset * gain > 3)


def reading_conditions(graph: Fragment, rho: Number, bits: int, *, rate: int, offset: Fraction) -> Formula:
    """Every digit's pre-activation less than 3 from nominal, for every record m that a step can leave; digits for all fractions."""
    most = largest_rise(graph, rho, rate=rate, offset=offset)
    gain = absolute(path_gain(graph))
    enough = (2**bits - 1) * rho + 3 * rate * rho / 4 >= rate * gain if bits else True
    return every(enough, *(digit_deviation(graph, rho, bits, i, most) < 3 for i in range(bits)))


def digit_deviation(graph: Fragment, rho: Number, bits: int, i: int, most: Number) -> Number:
    """How far digit i's pre-activation can be from nominal when v0 -> v1 has risen by at most ``most``."""
    w, digit = graph.weight, f"vr{i}"
    own = own_deviation(w("v1", digit), w("v0", digit), w("v0", "v1"), rho, 2**bits, most)
    return own + sum((carry_deviation(w(f"vr{j}", digit), 2**j) for j in range(i + 1, bits)), Fraction(0))


def own_deviation(value: Number, level: Number, resting: Number, rho: Number, levels: Number, most: Number) -> Number:
    """The part of a digit's deviation that its edges from v1 and v0 can cause, with ``levels`` = 2^bits."""
    return absolute(value - 12 / rho) * most + absolute(value * resting + level - (6 - 6 * levels))


def carry_deviation(weight: Number, place: Number) -> Number:
    """The part that the edge from the higher digit of ``place`` = 2^j can cause, whatever bit that digit returns."""
    return 2 * absolute(weight + 3 * place)


def absolute(value: Number) -> Number:
    """The absolute value of a rational or of a solver term."""
    return select(value < 0, -value, value)


def at_most_one(value: Number) -> Number:
    """The value, or 1 if it is larger: what clipping leaves of a bound."""
    return select(value > 1, Fraction(1), value)
