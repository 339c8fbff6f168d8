"""How many gates a method has that finds gradients of a network (``descent_in_bits``), before equal ones are merged,
and how many bits its numbers need.

The loops of the construction go over edges, vertices and kinks; what one turn writes has a formula here, a sum over the
operations that it calls (:mod:`operation_gates <constructions.computation.operation_gates>`).
"""

from dataclasses import dataclass

from constructions.computation.operation_gates import added, chosen, less, product
from constructions.foundations.exact import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class DescentSizes:
    """The numbers on which the formulas depend.

    Parameters
    ----------
    edges, inner, vertices : all edges, those whose tail is no source, and the vertices that are no sources. kinks : of
        the activation. width : bits of the numbers in a gradient. weight : bits of a weight. places : binary places of
        an answer.
    """

    edges: Number
    inner: Number
    vertices: Number
    kinks: Number
    width: Number
    weight: Number
    places: Number


def number_width(levels: Number, places: Number, magnitude: Number) -> Number:
    """The bits of a number on the way to a gradient: a sign, one more, and for each level forward and back those before
    and behind the point.

    Parameters
    ----------
    levels : edges on the longest path. places : binary places that a level adds, those of a weight and of a slope.
        magnitude : bits before the point that a level adds.

    >>> number_width(2, 5, 4)
    38
    """
    return 2 * levels * (places + magnitude) + 2


def edge_gates(width: Number) -> Number:
    """The gates of an edge on the way forward, or back: a product, and its sum with those of the other edges.

    >>> edge_gates(4)
    136
    """
    return product(width) + added(width)


def vertex_gates(kinks: Number, width: Number) -> Number:
    """The gates of an activation, value and slope: a line for each piece, and for each kink a comparison and two
    choices.

    Parameters
    ----------
    kinks, width : of the activation, of its argument.

    >>> vertex_gates(1, 4)
    312
    """
    return (kinks + 1) * edge_gates(width) + kinks * (less(width) + 2 * chosen(width))


def entry_gates(width: Number) -> Number:
    """The gates of an entry of the gradient: a product, clipped from both sides.

    >>> entry_gates(4)
    156
    """
    return product(width) + 2 * (less(width) + chosen(width))


def forward_gates(of: DescentSizes) -> Number:
    """The gates of a network's value, and of all slopes on the way.

    >>> forward_gates(DescentSizes(edges=3, inner=1, vertices=2, kinks=1, width=4, weight=3, places=2))
    1032
    """
    return of.edges * edge_gates(of.width) + of.vertices * vertex_gates(of.kinks, of.width)


def gradient_gates(of: DescentSizes) -> Number:
    """The gates of all queries: the way forward, the difference to the label, the way back, and each entry.

    >>> gradient_gates(DescentSizes(edges=3, inner=1, vertices=2, kinks=1, width=4, weight=3, places=2))
    1872
    """
    back = added(of.width) + of.inner * edge_gates(of.width) + of.vertices * product(of.width)
    return forward_gates(of) + back + of.edges * entry_gates(of.width)


def update_gates(of: DescentSizes) -> Number:
    """The gates of a step: each answer is rounded, multiplied by the step size, and taken off its weight.

    >>> update_gates(DescentSizes(edges=3, inner=1, vertices=2, kinks=1, width=4, weight=3, places=2))
    369
    """
    return of.edges * (added(of.places + 2) + product(of.weight) + added(of.weight))


def descent_gates(of: DescentSizes) -> Number:
    """The gates of a round: queries, step, and the value that the network returns.

    >>> descent_gates(DescentSizes(edges=3, inner=1, vertices=2, kinks=1, width=4, weight=3, places=2))
    3273
    """
    return gradient_gates(of) + update_gates(of) + forward_gates(of)
