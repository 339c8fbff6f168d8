"""Reading a network that is given as arrays of numbers, layer by layer, as a fragment.

A layer such as W a + b computes *affine* numbers: sums of a constant and of weighted vertices (:class:`Affine`). NumPy
adds and multiplies arrays of them like any numbers, so a file's operations (a product of matrices, a sum, a choice of
columns, a change of shape) are carried out as NumPy does them. An activation makes a vertex of each affine number
(:meth:`Reading.activated`); what reads the vertex is affine in it again.

A number of float32 or float64 in a file is taken as the rational that it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError
from constructions.foundations.activation import RELU, Activation
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.walks import forward
from constructions.networks.gates import CONSTANT

Array = npt.NDArray[Any]
PRE, OUT = "pre", "out"
MOST = 1 << 20
"""A network that is read has at most so many weights."""


@dataclass(frozen=True, slots=True)
class Affine:
    """A constant, under the name of the constant vertex, and weighted vertices, in sum.

    >>> x, y = Affine({"x": Fraction(1)}), Affine({"y": Fraction(1)})
    >>> {name: str(weight) for name, weight in (Fraction(1, 2) * x - y + 3).weights.items()}
    {'x': '1/2', 'y': '-1', 'one': '3'}
    >>> x.vertex, (x + y).vertex
    ('x', None)
    """

    weights: Mapping[str, Fraction]

    def __add__(self, other: Any) -> "Affine":
        more = other.weights if isinstance(other, Affine) else {CONSTANT: Fraction(other)}
        found = dict(self.weights)
        for name, weight in more.items():
            found[name] = found.get(name, Fraction(0)) + weight
        return Affine({name: weight for name, weight in found.items() if weight})

    __radd__ = __add__

    def __mul__(self, other: Any) -> "Affine":
        if isinstance(other, Affine):
            raise ConstructionError("need a product of a number and a vertex, got one of two vertices")
        return Affine({name: weight * other for name, weight in self.weights.items()} if other else {})

    __rmul__ = __mul__

    def __neg__(self) -> "Affine":
        return self * Fraction(-1)

    def __sub__(self, other: Any) -> "Affine":
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> "Affine":
        return (-self).__add__(other)

    @property
    def vertex(self) -> str | None:
        """The vertex that it is, if it is one alone."""
        names = [name for name, weight in self.weights.items() if weight == 1]
        return names[0] if len(self.weights) == len(names) == 1 and names[0] != CONSTANT else None


@dataclass(frozen=True, slots=True)
class GivenNetwork:
    """A network that was read.

    Parameters
    ----------
    fragment : its inputs are x1, ..., xn, its outputs y1, ..., ym unless these are vertices with an activation.
    value : ``out`` if what the network returns are the outputs of these vertices; ``pre`` if it ends without an
        activation: then they are the pre-activations (``run.pre`` of a claim).

    >>> edges = {("x1", "h"): 1, ("h", "y1"): -2}
    >>> given = GivenNetwork(Fragment(inputs=("x1",), outputs=("y1",), edges=edges, sigma=RELU), PRE)
    >>> [str(value) for value in given([Fraction(3, 2)])]
    ['-3']
    """

    fragment: Fragment
    value: str

    def __call__(self, x: Sequence[Fraction]) -> list[Fraction]:
        """What the network returns at a point x, exactly."""
        run = forward(self.fragment, dict(zip(self.fragment.inputs, map(Fraction, x), strict=True)))
        values = run.pre if self.value == PRE else run.out
        return [Fraction(values[v]) for v in self.fragment.outputs]


@dataclass
class Reading:
    """A network while it is read: its edges so far, and its activation once there is one.

    ``where`` is the place that errors name; ``names`` are the inputs, and ``layers`` counts the activations so far.

    >>> reading = Reading("the file")
    >>> x = reading.inputs(2)
    >>> hidden = reading.activated(exact_array(np.array([[1.0, -0.5]])) @ x + Fraction(1), RELU)
    >>> given = reading.ended(hidden * Fraction(3))
    >>> given.value, [str(value) for value in given([1, 1])], len(given.fragment.edges)
    ('pre', ['9/2'], 4)
    """

    where: str
    edges: dict[Edge, Fraction] = field(default_factory=dict)
    sigma: Activation | None = None
    names: tuple[str, ...] = ()
    layers: int = 0

    def inputs(self, n: int) -> Array:
        """The inputs x1, ..., xn as an array (n,)."""
        self.names = tuple(f"x{i + 1}" for i in range(n))
        found = np.empty(n, object)
        found[:] = [Affine({name: Fraction(1)}) for name in self.names]
        return found

    def activated(self, values: Array, sigma: Activation) -> Array:
        """The vertices whose pre-activations are given as ``values``, under an activation; in an array of their shape.

        Raises
        ------
        ConstructionError
            For another activation than before, and for more than :data:`MOST` weights.
        """
        if self.sigma not in (None, sigma):
            raise ConstructionError(f"need one activation, got {self.sigma.name} and {sigma.name}, at {self.where}")
        self.sigma, self.layers = sigma, self.layers + 1
        return self._vertices(values, f"h{self.layers}_")

    def _vertices(self, values: Array, name: str) -> Array:
        made = np.empty(values.shape, object)
        for number, (place, value) in enumerate(np.ndenumerate(values)):
            weights = (Affine({}) + value).weights or {CONSTANT: Fraction(0)}
            self.edges |= {(tail, f"{name}{number + 1}"): weight for tail, weight in weights.items()}
            made[place] = Affine({f"{name}{number + 1}": Fraction(1)})
            if len(self.edges) > MOST:
                raise ConstructionError(f"need at most {MOST} weights, got more, at {self.where}")
        return made

    def ended(self, values: Array) -> GivenNetwork:
        """The network that returns the given numbers.

        Raises
        ------
        ConstructionError
            If it returns nothing.
        """
        flat = [Affine({}) + value for value in np.asarray(values, object).reshape(-1)]
        if not flat:
            raise ConstructionError(f"need a network that returns something, got nothing, at {self.where}")
        names, kind = [each.vertex for each in flat], OUT
        if None in names or len(set(names)) != len(names) or set(names) & set(self.names):
            row = np.empty(len(flat), object)
            row[:] = flat
            names, kind = [each.vertex for each in self._vertices(row, "y")], PRE
        fragment = Fragment(
            inputs=self.names,
            outputs=tuple(map(str, names)),
            edges=self.edges,
            constant=CONSTANT,
            sigma=self.sigma or RELU,
        )
        return GivenNetwork(fragment, kind)


def exact_array(numbers: Array) -> Array:
    """An array of float32, float64 or whole numbers as rationals, each taken as the number that it is.

    Raises
    ------
    ConstructionError
        For a number that is not finite.

    >>> exact_array(np.array([0.5, 2])).tolist()
    [Fraction(1, 2), Fraction(2, 1)]
    """
    found = np.empty(numbers.shape, object)
    for place, number in np.ndenumerate(numbers):
        if not np.isfinite(number):
            raise ConstructionError(f"need finite numbers, got {number}")
        found[place] = Fraction(number.item())
    return found


def clipping(low: Any, high: Any) -> Activation:
    """The activation that returns its input between two numbers, ``low`` and ``high``, and the nearer elsewhere.

    Raises
    ------
    ConstructionError
        Unless the first number is less than the second.

    >>> from constructions.foundations.activation import HARD_TANH
    >>> clipping(-1, 1) == HARD_TANH
    True
    """
    ends = (Fraction(low), Fraction(high))
    if ends[0] >= ends[1]:
        raise ConstructionError(f"need two numbers that increase, got {ends[0]} and {ends[1]}, at an activation")
    slopes = (Fraction(0), Fraction(1), Fraction(0))
    return Activation(kinks=ends, slopes=slopes, value=ends[0], name=f"clip to {ends[0]}, {ends[1]}")
