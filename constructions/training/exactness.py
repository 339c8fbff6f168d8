"""What numbers a training step can meet, for every x in {0,1}^n and every label, found in one pass before the step is
taken.

Why there is such a pass. A training run is exact or it proves nothing: one rounding in float64, and a number may be
taken for a valid rounding (equation 3) that is none. Rationals are always exact, and slow. float64 is fast, and exact
as long as every number that the two passes meet is a multiple of a power of two and has at most 53 bits; 64-bit
integers are exact as long as every number, over a denominator that is known beforehand, has at most 61. So before a
step is taken the network is gone through once, with the weights as they are now, and what is found holds for every
batch.

What is known of a vertex. Its output is one of low, low + grid, ..., high: a *progression*, three integers over one
denominator. An interval would not do. The AND of two bits (each -2 or 2, weights 2, constant -4) has a pre-activation
between -12 and 4, and the two-stage ramp has its sloped pieces there; but it is one of -12, -4, 4, and all of these are
on flat pieces. So with the grid a gate is seen to be strictly flat and to have two values, and a vertex that does not
depend on x to be a constant.

The two directions.

* Upwards (:mod:`constructions.training.output_bounds`): the progression of every vertex from those of its tails, and
  bounds for every product and every partial sum on the way.
* Downwards (:mod:`constructions.training.adjoint_bounds`): a bound for every adjoint, only where a vertex may be off
  its flat pieces; then gradient entries, sums over the batch, and the integers that are compared with b rho.

The first number that is too long is kept with its vertex (:mod:`constructions.training.number_limits`), so that a
refusal names it. The arithmetic of single steps (:mod:`constructions.training.formulas`) is proved for all values; the
pass as a whole is tested against rationals. :class:`constructions.training.by_fractions.FractionEngine`, which computes
in rationals, does without it.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.activation import Activation
from constructions.training.adjoint_bounds import bound_adjoints
from constructions.training.kernels import GraphArrays, Integers, Pieces, Table, VertexBounds, nothing_known
from constructions.training.number_limits import (
    FLOAT_BITS,
    FLOAT_MOST,
    WHOLE_BITS,
    WHOLE_MOST,
    fault_in_words,
    no_fault,
)
from constructions.training.output_bounds import bound_outputs

FLOATS, INTEGERS = "float64", "scaled integers"
MOST_KINKS = (1 << 15) - 1
"""The passes keep the piece on which a vertex is as a number of 16 bits, with a sign that says whether it is a kink."""


def integer_pieces(sigma: Activation) -> Pieces:
    """An activation in integers: kinks over one denominator, slopes and intercepts over another.

    Raises
    ------
    ConstructionError
        If one of them has more than 61 bits, or there are more than 32,767 kinks.

    >>> from constructions.foundations.activation import RAMP
    >>> [part if isinstance(part, int) else part.tolist() for part in integer_pieces(RAMP)]
    [1, [-3, -1, 0, 2], 1, [0, 1, 0, 1, 0], [-2, 1, 0, 0, 2]]
    """
    if len(sigma.kinks) > MOST_KINKS:
        raise ConstructionError(f"need at most {MOST_KINKS} kinks, got {len(sigma.kinks)}, at {sigma.name}")
    pieces = sigma.pieces
    under = lcm(*(kink.denominator for kink in sigma.kinks))
    over = lcm(*(value.denominator for piece in pieces for value in (piece.slope, piece.intercept)))
    rows = [
        [kink * under for kink in sigma.kinks],
        [piece.slope * over for piece in pieces],
        [piece.intercept * over for piece in pieces],
    ]
    most = max(under, over, *(abs(int(value)) for row in rows for value in row))
    if most >= WHOLE_MOST:
        raise ConstructionError(
            f"need kinks, slopes and intercepts within {WHOLE_BITS} bits, got {most}, at {sigma.name}"
        )
    kinks, slopes, intercepts = (np.array([int(value) for value in row], np.int64) for row in rows)
    return under, kinks, over, slopes, intercepts


@dataclass(frozen=True, eq=False)
class Ranges:
    """What the pass found.

    Parameters
    ----------
    known : VertexBounds
        What is known of each vertex.
    system : str
        ``float64`` or ``scaled integers``.
    reason : str
        Why.
    """

    known: VertexBounds
    system: str
    reason: str

    @property
    def slope(self) -> Integers:
        """(N,) the largest slope (times its denominator) that a vertex may meet; 0 means strictly flat."""
        return self.known.slope

    @property
    def under_out(self) -> Integers:
        """(N,) denominators of the outputs."""
        return self.known.under_out

    def values(self, vertex: int) -> tuple[Fraction, Fraction, Fraction]:
        """Least and greatest output of a vertex and the spacing between its outputs."""
        known, under = self.known, int(self.under_out[vertex])
        low, high, grid = (Fraction(int(part[vertex]), under) for part in (known.low, known.high, known.grid))
        return low, high, grid


def ranges(
    net: GraphArrays,
    *,
    trains: Table,
    batch: int,
    rho: Fraction,
    system: str | None = None,
    downwards: bool = True,
) -> Ranges:
    """Go through a network before a step; choose float64 if it loses nothing, else scaled integers.

    Parameters
    ----------
    net : GraphArrays
        The network with its weights as they are now.
    trains : (m,) array of bool
        Whether each edge is trained; entries of the others are not compared with b rho.
    batch, rho
        b and the gradient precision.
    system : str, optional
        Asks for one of the two number systems.
    downwards : bool
        Without it only the forward pass is looked at, for outputs.

    Raises
    ------
    ConstructionError
        If neither holds every number (or the one asked for does not), naming bits, what, and the vertex.

    >>> from constructions.foundations.activation import IDENTITY
    >>> sigma = integer_pieces(IDENTITY)
    >>> net = GraphArrays(np.array([0, 0, 0, 2]), np.array([0, 1]), np.array([1, 2]), 2, 2, 2, sigma, sigma)
    >>> found = ranges(net, trains=np.array([True, True]), batch=1, rho=Fraction(1, 4))
    >>> [str(value) for value in found.values(2)], found.system
    (['1/2', '3/2', '1'], 'float64')
    """
    check_step_numbers(batch, rho)
    known, fault = nothing_known(len(net.offsets) - 1, len(net.sources)), no_fault()
    holds = bound_outputs(net, known, fault)
    if holds and downwards:
        holds = bound_adjoints(net, trains, batch, (rho.numerator, rho.denominator), known, fault)
    if not holds and system != FLOATS:
        raise ConstructionError(f"need numbers of at most {WHOLE_BITS} bits, got {fault_in_words(fault[3:])}")
    return ranges_known(known, why_not_floats(net, fault), system=system)


def check_step_numbers(batch: int, rho: Fraction) -> None:
    """Refuse b or rho of more than 61 bits: ConstructionError for either. ``batch`` is b.

    >>> check_step_numbers(1, Fraction(1, 2**62))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need rho and b within 61 bits, got rho = 1/4611686018427387904, b = 1
    """
    if max(rho.numerator, rho.denominator, batch) >= WHOLE_MOST:
        raise ConstructionError(f"need rho and b within {WHOLE_BITS} bits, got rho = {rho}, b = {batch}")


def ranges_known(known: VertexBounds, reason: str | None, *, system: str | None) -> Ranges:
    """The ranges, with what is ``known`` of each vertex, where 61 bits do for every number; ``reason`` says why float64
    does not do, None if it does.

    Raises
    ------
    ConstructionError
        If ``system`` asks for float64, and that does not do.

    >>> known = nothing_known(1, 0)
    >>> ranges_known(known, None, system=None).system, ranges_known(known, "weights over 3", system=None).system
    ('float64', 'scaled integers')
    >>> ranges_known(known, "weights over 3", system=FLOATS)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need numbers that float64 holds, got weights over 3
    """
    if reason and system == FLOATS:
        raise ConstructionError(f"need numbers that float64 holds, got {reason}")
    chosen = system or (INTEGERS if reason else FLOATS)
    why = reason or f"every number is a multiple of a power of two and has at most {FLOAT_BITS} bits"
    return Ranges(known, system=chosen, reason=why if system is None else f"{chosen} asked for")


def why_not_floats(net: GraphArrays, fault: Integers) -> str | None:
    """Why float64 does not hold every number of a network, or None if it does; ``fault`` is what the passes have
    noted.

    >>> from constructions.foundations.activation import IDENTITY
    >>> sigma = integer_pieces(IDENTITY)
    >>> net = GraphArrays(np.array([0, 0, 0, 2]), np.array([0, 1]), np.array([1, 2]), 2, 2, 2, sigma, sigma)
    >>> why_not_floats(net, no_fault()), why_not_floats(net._replace(scale=3), no_fault())
    (None, 'weights over 3, not a power of two')
    """
    inner, last = net.inner, net.last
    denominators = (("weights", net.scale), ("kinks", inner[0] * last[0]), ("slopes", inner[2] * last[2]))
    odd = [(what, n) for what, n in denominators if n & (n - 1)]
    if odd:
        return f"{odd[0][0]} over {odd[0][1]}, not a power of two"
    numbers = (abs(int(value)) for sigma in (inner, last) for i in (1, 3, 4) for value in np.atleast_1d(sigma[i]))
    if max(numbers, default=0) >= FLOAT_MOST:
        return f"an activation of more than {FLOAT_BITS} bits"
    return None if fault[0] < 0 else f"{fault_in_words(fault[:3])}, more than {FLOAT_BITS}"
