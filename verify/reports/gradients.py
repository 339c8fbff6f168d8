"""The symbolic gradient of the loss with respect to every edge of a graph, derived by sympy from the graph, as text."""

from collections.abc import Mapping
from fractions import Fraction

from constructions.foundations.activation import Piece
from constructions.foundations.descent import squared_loss
from constructions.foundations.exact import Number
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.spelling import SURROGATE, spelled
from constructions.foundations.symbols import to_sympy
from constructions.foundations.terms import REAL, RealTerm, variable
from constructions.foundations.walks import forward

with loaded_when_used(__name__):
    import sympy


def weight_of(edge: Edge) -> RealTerm:
    """The variable for a weight; different edges have different ones, whatever their vertices are called.

    >>> weight_of(("v0", "v1")), weight_of(("a,b", "c")) is weight_of(("a", "b,c"))
    (w[v0,v1], False)
    """
    tail, head = (spelled(v, but=rf"[\[\],]|{SURROGATE}") for v in edge)
    return variable(f"w[{tail},{head}]", REAL)  # type: ignore[no-any-return]


def symbolic_gradient(
    fragment: Fragment,
    inputs: Mapping[str, Number],
    *,
    output: str,
    pieces: Mapping[str, Piece],
    outside: Mapping[str, Number] | None = None,
) -> "dict[Edge, sympy.Expr]":
    """Derivative of the loss ``(o - y)^2 / 2`` with respect to every weight, by sympy, with all weights symbols.

    Parameters
    ----------
    output : the output vertex, whose value is called ``o`` in the result; ``y`` is the label.
    pieces : the linear piece of every vertex that computes. outside : what a larger network adds to pre-activations.

    >>> from constructions.foundations.activation import RAMP
    >>> path = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 1, ("y", "z"): 1})
    >>> rise = RAMP.pieces[3]
    >>> symbolic_gradient(path, {"x": variable("x", REAL)}, output="z", pieces={"y": rise, "z": rise})["x", "y"]
    w[y,z]*x*(o - y)
    """
    symbolic = fragment.with_weights({edge: weight_of(edge) for edge in fragment.edges})
    value = sympy.expand(to_sympy(forward(symbolic, inputs, outside=outside, pieces=pieces).out[output]))
    out, label = variable("o", REAL), variable("y", REAL)
    through = sympy.diff(to_sympy(squared_loss(out, label)), to_sympy(out))
    return {edge: through * sympy.factor(sympy.diff(value, to_sympy(weight_of(edge)))) for edge in fragment.edges}


def table(
    fragment: Fragment, inputs: Mapping[str, Fraction], *, output: str, pieces: Mapping[str, Piece]
) -> list[tuple[str, str]]:
    """The gradients as rows (edge, formula), edges that never move included.

    Parameters
    ----------
    fragment, inputs : the graph, and the value of every input.
    output, pieces : what the loss is taken of, and the linear piece on which each vertex is.

    >>> from constructions.networks.queries import STRONG, query_graph
    >>> from constructions.foundations.activation import RAMP
    >>> rise = dict.fromkeys(("v1", "v2", "v2'", "v3", "v4"), RAMP.pieces[3])
    >>> q = query_graph(STRONG, rho=Fraction(1, 8), bits=0, prime=True)
    >>> table(q, {"vc": Fraction(0)}, output="v4", pieces=rise)[0]
    ('v0 -> v1', "w[v3,v4]*(o - y)*(w[v1,v2']*w[v2',v3] + w[v1,v2]*w[v2,v3])")
    """
    gradients = symbolic_gradient(fragment, inputs, output=output, pieces=pieces)
    return [(f"{u} -> {v}", str(gradient)) for (u, v), gradient in gradients.items()]


def of_subject(subject: object) -> list[tuple[str, str]]:
    """The table for a subject that has a ``graph`` with output v4 and says on which pieces its vertices are when
    ``active``.

    Digits lie on flat pieces and lead nowhere else, so any flat piece gives their edges the same gradient: none.

    >>> from types import SimpleNamespace
    >>> from constructions.foundations.activation import RAMP
    >>> from constructions.networks.queries import STRONG, query_graph
    >>> active = dict.fromkeys(("v1", "v2", "v2'", "v3", "v4"), RAMP.pieces[3])
    >>> q = query_graph(STRONG, rho=Fraction(1, 8), bits=0, prime=True)
    >>> edge, gradient = of_subject(SimpleNamespace(graph=q, active=active))[0]
    >>> edge, "w[v3,v4]" in gradient, of_subject("a subject without a graph")
    ('v0 -> v1', True, [])
    """
    graph, pieces = getattr(subject, "graph", None), getattr(subject, "active", None)
    if not isinstance(graph, Fragment) or not isinstance(pieces, Mapping):
        return []
    flat = graph.sigma.flat_pieces[0]
    everywhere = {v: pieces.get(v, flat) for v in graph.order if v not in graph.sources}
    return table(graph, {"vc": Fraction(0)}, output="v4", pieces=everywhere)
