"""Forward and backward over a fragment (Section 2): one walk each, for rationals and terms alike.

The derivative of sigma is taken one vertex at a time and the chain rule walks the graph: nesting the pieces of sigma
into one expression grows exponentially in the depth.

A function of the weights is differentiable where every vertex on a kink has adjoint zero: by induction from the output,
the one-sided slopes at such a vertex are multiplied by zero. Where a vertex sits on a kink with a non-zero adjoint we
do not ask further (two kinks may cancel) and give the step to the adversary, who thereby only gains (footnote 6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number, exact, is_symbolic, product, sum_of_products
from constructions.foundations.logic import Formula, every, negation, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import refusal
from constructions.foundations.shown import Shown


@dataclass(frozen=True, slots=True)
class ForwardRun(Shown):
    """One forward walk over a fragment: the pre-activation and the output of every vertex.

    ``pre`` has the vertices that compute; ``out`` has the sources too.

    >>> from constructions.networks.gates import conjunction
    >>> runs = [forward(conjunction(), {"x1": Fraction(bit), "x2": Fraction(2)}) for bit in (0, 1, 2)]
    >>> [run.flat(run.fragment.outputs[0]) for run in runs]
    [False, False, True]
    """

    fragment: Fragment
    pre: Mapping[str, Number]
    out: Mapping[str, Number]

    def flat(self, *vertices: str) -> Formula:
        """Whether the given vertices, at least one, are strictly inside flat pieces.

        Raises
        ------
        ConstructionError
            If no vertex is given.
        """
        if not vertices:
            raise refusal("need at least one vertex, got none, at flat()")
        return every(*(self.fragment.sigma.strictly_flat(self.pre[v]) for v in vertices))

    def on(self, vertex: str, piece: Piece) -> Formula:
        """Whether ``vertex`` is strictly inside the given piece."""
        return piece.inside(self.pre[vertex])


@dataclass(frozen=True, slots=True)
class Gradient:
    """One backward walk: derivatives with respect to every weight (``edges``), pre-activation (``pre``) and output
    (``out``).

    ``kinks`` maps a vertex to the condition (a truth value or a formula) that it sits on a kink with a non-zero
    adjoint.

    >>> path = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 2, ("y", "z"): "1/2"})
    >>> back = backward(forward(path, {"x": Fraction(3, 4)}), {"z": Fraction(1)})
    >>> str(back.edges["x", "y"]), back.smooth
    ('3/8', True)
    """

    edges: Mapping[Edge, Number]
    pre: Mapping[str, Number]
    out: Mapping[str, Number]
    kinks: Mapping[str, Formula]

    @property
    def smooth(self) -> Formula:
        """Whether the derivative exists: no kink is reached with a non-zero adjoint."""
        return negation(some(*self.kinks.values()))

    @property
    def first_kink(self) -> str | None:
        """The first vertex known to sit on a kink with a non-zero adjoint."""
        return next((v for v, hit in self.kinks.items() if hit is True), None)


def forward(
    fragment: Fragment,
    inputs: Mapping[str, Number],
    *,
    outside: Mapping[str, Number] | None = None,
    pieces: Mapping[str, Piece] | None = None,
) -> ForwardRun:
    """Walk from the sources to the sinks.

    Parameters
    ----------
    inputs : the value of every input.
    outside : what vertices of a larger network add to the pre-activation of some vertices here.
    pieces : the linear piece to use at a vertex instead of sigma (how sympy stays polynomial); the caller must show
        that the vertex is on it.
    fragment : what is walked over; its weights may be terms.

    Raises
    ------
    ConstructionError
        Unless exactly the inputs have values, and for a value that is not exact.

    >>> from constructions.foundations.activation import RAMP
    >>> path = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 2, ("y", "z"): "1/2"})
    >>> forward(path, {"x": Fraction(3, 4)}).out["z"]
    Fraction(3, 4)
    """
    if set(inputs) != set(fragment.inputs):
        raise ConstructionError(f"need values for the inputs {sorted(fragment.inputs)}, got {sorted(inputs)}")
    extra, forced = outside or {}, pieces or {}
    out: dict[str, Number] = {v: exact(value, where=f"input {v!r}") for v, value in inputs.items()}
    if fragment.constant is not None:
        out[fragment.constant] = Fraction(1)
    pre: dict[str, Number] = {}
    for v in fragment.order:
        if v in out:
            continue
        added = exact(extra.get(v, Fraction(0)), where=f"what {v!r} gets from outside")
        pre[v] = sum_of_products(((fragment.weight(u, v), out[u]) for u in fragment.predecessors(v)), added)
        out[v] = forced[v].slope * pre[v] + forced[v].intercept if v in forced else fragment.sigma(pre[v])
    return ForwardRun(fragment=fragment, pre=pre, out=out)


def backward(
    run: ForwardRun,
    seeds: Mapping[str, Number],
    *,
    pieces: Mapping[str, Piece] | None = None,
    report_kinks: bool = False,
) -> Gradient:
    """Walk from the sinks to the sources by the chain rule.

    Parameters
    ----------
    seeds : the derivative of the loss with respect to the outputs of some vertices, along paths outside the fragment.
    pieces : as in :func:`forward`.
    report_kinks : for rational runs: list kinks in ``Gradient.kinks`` instead of raising.

    Raises
    ------
    KinkError
        For a rational run that reaches a kink with a non-zero adjoint, naming the vertex.

    >>> path = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 2, ("y", "z"): "1/2"})
    >>> {e: str(g) for e, g in backward(forward(path, {"x": Fraction(3, 4)}), {"z": 1}).edges.items()}
    {('y', 'z'): '3/2', ('x', 'y'): '3/8'}
    """
    fragment, forced = run.fragment, pieces or {}
    out: dict[str, Number] = {}
    pre: dict[str, Number] = {}
    edges: dict[Edge, Number] = {}
    kinks: dict[str, Formula] = {}
    for v in reversed(fragment.order):
        along = ((fragment.weight(v, w), pre[w]) for w in fragment.successors(v))
        out[v] = sum_of_products(along, exact(seeds.get(v, Fraction(0)), where=f"seed of {v!r}"))
        if v not in run.pre:
            continue
        pre[v] = product(forced[v].slope if v in forced else fragment.sigma.slope(run.pre[v]), out[v])
        kinks[v] = False if v in forced else _kink(fragment, v, run.pre[v], out[v])
        if kinks[v] is True and not report_kinks:
            raise KinkError(v, run.pre[v])
        edges |= {(u, v): product(run.out[u], pre[v]) for u in fragment.predecessors(v)}
    return Gradient(edges=edges, pre=pre, out=out, kinks=kinks)


def _kink(fragment: Fragment, v: str, pre: Number, adjoint: Number) -> Formula:
    if isinstance(adjoint, Fraction) and adjoint == 0:
        return False
    if is_symbolic(adjoint) or is_symbolic(pre):
        return every(fragment.sigma.on_kink(pre), adjoint != 0)
    return fragment.sigma.on_kink(pre)
