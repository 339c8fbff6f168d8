"""A network together with how it is trained (Section 2): precision, rate, batch, steps, and which edges are sampled or
frozen.

The network is in arrays and has one output. The random string of the initialization sets the signs of the sampled edges
(E25).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.activation import Activation
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.shown import Shown
from constructions.networks.flat import FlatNetwork, Integers

NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Trainable(Shown):
    """A network in arrays and the settings of its training; a value.

    Parameters
    ----------
    network
        One output.
    rho, rate
        Gradient precision and step size.
    batch, steps
        b and T.
    sampled
        (r,) edges, as positions in ``network.sources``, whose weight is plus its size if the bit of the random string
        is 1 and minus it if it is 0.
    frozen
        Edges that do not train.
    last
        The activation of the output vertex, if it is another one.
    hints
        What a maker wants to say of it (names, groups, a decoder); nothing that is proved or trained looks at it.

    Raises
    ------
    ConstructionError
        For several outputs, an output that is a source, rho or rate not above 0, or edges that are not there or named
        twice.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16), sampled=np.array([0]))
    >>> [str(net.with_random_string([bit]).network.into(3)[0][1]) for bit in (0, 1)]
    ['-4', '4']
    >>> moved = net.with_moved({1: Fraction(1, 3)})
    >>> moved.network.scale, moved.network.weights.tolist()
    (3, [-12, 1, 6])
    """

    network: FlatNetwork
    rho: Fraction
    rate: Fraction = Fraction(1)
    batch: int = 1
    steps: int = 0
    sampled: Integers = field(default_factory=lambda: NONE)
    frozen: Integers = field(default_factory=lambda: NONE)
    last: Activation | None = None
    hints: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("rho", "rate"):
            value = rational(getattr(self, name), where=name)
            if value <= 0:
                raise ConstructionError(f"need {name} > 0, got {value}")
            object.__setattr__(self, name, value)
        whole(self.batch, where="batch", least=1)
        whole(self.steps, where="steps")
        if len(self.network.outputs) != 1 or self.output < self.network.first:
            raise ConstructionError(
                f"need one output that is no source, got {dict(list(self.network.outputs.items())[:3])}"
            )
        for name in ("sampled", "frozen"):
            _check_edges(name, getattr(self, name), len(self.network.sources))

    @property
    def output(self) -> int:
        """The output vertex."""
        return next(iter(self.network.outputs.values()))

    @property
    def activation_of_output(self) -> Activation:
        """sigma, or the one given for the output vertex."""
        return self.last or self.network.sigma

    @property
    def random_bits(self) -> int:
        """r, the length of the random string."""
        return len(self.sampled)

    def with_random_string(self, bits: Sequence[int]) -> "Trainable":
        """The network as it is initialized for a random string.

        Raises
        ------
        ConstructionError
            For another number of bits than there are sampled edges, or a value that is no bit.
        """
        if len(bits) != self.random_bits or any(bit not in (0, 1) for bit in bits):
            raise ConstructionError(f"need a random string of {self.random_bits} bits, got {len(bits)} values")
        weights = self.network.weights.copy()
        weights[self.sampled] = np.abs(weights[self.sampled]) * (2 * np.asarray(bits, np.int64) - 1)
        return replace(self, network=replace(self.network, weights=weights))

    def with_moved(self, moved: Mapping[int, Number]) -> "Trainable":
        """The same with other weights at some edges (by position); all weights are put over one scale again.

        Raises
        ------
        ConstructionError
            For an edge that is not there, or weights that no common scale within 2^60 serves.
        """
        values = {edge: rational(value, where=f"weight of edge {edge}") for edge, value in moved.items()}
        _check_edges("moved", np.array(sorted(values), np.int64), len(self.network.sources))
        scale = lcm(self.network.scale, *(value.denominator for value in values.values()))
        factor = scale // self.network.scale
        most = max(
            int(np.abs(self.network.weights).max(initial=0)) * factor,
            *(abs(int(v * scale)) for v in values.values()),
            0,
        )
        if most >= 1 << 60:
            raise ConstructionError(f"need weights times scale within 2^60, got {most}")
        weights = self.network.weights * factor
        for edge, value in values.items():
            weights[edge] = int(value * scale)
        return replace(self, network=replace(self.network, weights=weights, scale=scale))

    def __call__(self, x: Sequence[int]) -> Fraction:
        """The output at a point, exactly, one vertex after another."""
        given = {name: Fraction(bit) for name, bit in zip(self.network.inputs, x, strict=True)}
        pre, _ = self.network.pre_activations(given)
        return Fraction(self.activation_of_output(pre[self.output]))


def _check_edges(name: str, edges: Integers, count: int) -> None:
    if edges.dtype != np.int64 or edges.ndim != 1:
        raise ConstructionError(f"need a row of 64-bit integers, got {edges.dtype} of shape {edges.shape}, at {name}")
    if len(edges) and not (int(edges.min()) >= 0 and int(edges.max()) < count and (np.diff(np.sort(edges)) > 0).all()):
        raise ConstructionError(f"need different edges below {count}, got others, at {name}")
    edges.setflags(write=False)
