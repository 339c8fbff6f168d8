"""A memory of a signed sum: one step of training writes <G, r>/b, for a query r with values 1 and -1 and both labels.

Q and Q' of Definition 2 record one label each, since the output is held outside [0, 1]. Here it is held at 1/2, where a
sample with label y has the derivative 1/2 - y of the loss: 1/2 on label 0 and -1/2 on label 1. One weight, v0 -> v1, is
led to the output along two *sides*, each with the vertices of Q between v1 and v4. The *plus* side (p2, p2', p3, driven
by pc) has the path gain 2, the *minus* side (n2, n2', n3, driven by nc) the path gain -2. In the copy's step the plus
side is active where r(x) = 1 and the minus side where r(x) = -1. So a sample's gradient of v0 -> v1 is (-1)^y r(x),
as it is for the smooth model of the strip, and a batch's is <G, r>/b. The weight rests in the middle of its range, as
it may move both ways; where it rests the digits read the middle 2^(k-1) of their range.

All other weights of a copy move in its step as well; :mod:`constructions.networks.signed_conditions` says under which
inequalities that does no harm.
"""

from dataclasses import dataclass
from fractions import Fraction

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number, exact, is_symbolic, rational, whole
from constructions.foundations.logic import Formula
from constructions.foundations.network import Edge, Fragment
from constructions.networks.queries import read_out_edges

HELD = Fraction(1, 2)
"""What the output is held at while copies are active."""
SIDES = ("p", "n")
"""The first letters of the vertices of the plus and of the minus side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedSetting:
    """The numbers of a signed memory.

    Parameters
    ----------
    name
        What reports call it.
    resting
        Weight of v0 -> v1 before the copy is used.
    inner, outer, gain
        Weights of v1 -> p2, of p2 -> p3, and of p3 -> v4 (of n3 -> v4: less the gain).
    rate
        Learning rate.

    >>> SIGNED.path_gain, SIGNED.share, str(SIGNED.unit(Fraction(1, 2)))
    (Fraction(2, 1), Fraction(2, 1), '1/16')
    """

    name: str
    resting: Number
    inner: Number
    outer: Number
    gain: Number
    rate: Fraction

    @property
    def path_gain(self) -> Number:
        """The derivative of v4's pre-activation by v0 -> v1 while the plus side is active."""
        return 2 * self.inner * self.outer * self.gain

    @property
    def share(self) -> Number:
        """What the plus side adds to v4 while it is active and as built; the minus side takes as much away."""
        return self.path_gain * self.resting

    def unit(self, rho: Number) -> Number:
        """By how much v0 -> v1 moves for one multiple of rho."""
        return self.rate * rho


SIGNED = SignedSetting(
    name="signed",
    resting=Fraction(1),
    inner=Fraction(1, 2),
    outer=Fraction(1),
    gain=Fraction(2),
    rate=Fraction(1, 8),
)


def moving(side: str) -> tuple[Edge, ...]:
    """The edges of a side, "p" or "n", that have a gradient while it is active.

    >>> len(moving("p")), moving("n")[-1]
    (5, ('n3', 'v4'))
    """
    two, two_prime, three = (f"{side}{name}" for name in ("2", "2'", "3"))
    return ("v1", two), ("v1", two_prime), (two, three), (two_prime, three), (three, "v4")


def driving(side: str) -> tuple[Edge, ...]:
    """The edges of a side, "p" or "n", from the vertex that drives it.

    >>> driving("p")
    (('pc', 'p2'), ('pc', "p2'"), ('pc', 'p3'))
    """
    return tuple((f"{side}c", f"{side}{name}") for name in ("2", "2'", "3"))


SIGNED_MOVING: tuple[Edge, ...] = (("v0", "v1"), *moving("p"), *moving("n"))
SIGNED_DRIVING: tuple[Edge, ...] = (*driving("p"), *driving("n"))


def enough_digits(middle: Number, rho: Number) -> Formula:
    """Whether so many levels above and below the middle hold every record: a mean is at most 1 in size, and a rounding
    at most 3 rho/4 further; ``rho`` is the precision.

    >>> enough_digits(4, Fraction(1, 4)), enough_digits(8, Fraction(1, 4))
    (False, True)
    """
    return 1 + 3 * rho / 4 < middle * rho


def signed_bits(rho: Number) -> int:
    """The fewest digits that hold every record at a precision.

    Raises
    ------
    PremiseError
        Unless rho > 0.

    >>> signed_bits(Fraction(13, 20)), signed_bits(Fraction(1, 16))
    (3, 6)
    """
    value = rational(rho, where="rho")
    if value <= 0:
        raise PremiseError(f"need rho > 0, got rho={value}")
    bits = 1
    while not enough_digits(1 << (bits - 1), value):
        bits += 1
    return bits


def signed_graph(setting: SignedSetting, *, rho: Number, bits: int) -> Fragment:
    """A signed memory as a fragment: inputs pc and nc, outputs v4 and the digits vr0, vr1, ...

    Parameters
    ----------
    setting
        Its numbers.
    rho
        Gradient precision; a rational or a solver variable.
    bits
        How many digits are read.

    Raises
    ------
    ConstructionError
        For rho that is not above 0, or a negative number of bits.

    Size: 10 + bits vertices besides v0, and 17 + 2 bits + bits (bits - 1) / 2 edges.

    >>> graph = signed_graph(SIGNED, rho=Fraction(1, 16), bits=6)
    >>> len(graph.order), len(graph.edges), str(graph.weight("v0", "vr0"))
    (17, 44, '-1530')
    """
    bits = whole(bits, where="bits")
    if not is_symbolic(exact(rho, where="rho")) and not rational(rho, where="rho") > 0:
        raise ConstructionError(f"need rho > 0, got rho={rho}")
    edges = signed_path_edges(setting)
    if bits:
        edges |= read_out_edges(rho=setting.unit(rho), resting=lowest_weight(setting, rho, middle_of(bits)), bits=bits)
    outputs = ("v4", *(f"vr{i}" for i in range(bits)))
    return Fragment(inputs=("pc", "nc"), outputs=outputs, edges=edges, constant="v0", sigma=RAMP)


def signed_path_edges(setting: SignedSetting) -> dict[Edge, Number]:
    """The edges of a signed memory in a setting that lead to no digit.

    >>> len(signed_path_edges(SIGNED)), str(signed_path_edges(SIGNED)["n3", "v4"])
    (17, '-2')
    """
    edges: dict[Edge, Number] = {("v0", "v1"): setting.resting}
    for side, sign in zip(SIDES, (1, -1), strict=True):
        weights = (setting.inner, setting.inner, setting.outer, setting.outer, sign * setting.gain)
        edges |= dict(zip(moving(side), weights, strict=True))
        edges |= dict(zip(driving(side), (Fraction(10), Fraction(-10), Fraction(-1, 4)), strict=True))
    return edges


def lowest_weight(setting: SignedSetting, rho: Number, middle: Number) -> Number:
    """The weight of v0 -> v1 at which the digits of a copy in a setting read 0: below the resting weight by ``middle``
    units; rho is the precision.

    >>> str(lowest_weight(SIGNED, Fraction(1, 16), 32))
    '3/4'
    """
    return setting.resting - middle * setting.unit(rho)


def middle_of(bits: int) -> int:
    """What so many digits read of a memory that has not been written: 2^(bits - 1).

    >>> middle_of(6)
    32
    """
    return 1 << (bits - 1)
