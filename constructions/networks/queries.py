"""The query graphs Q and Q' (Definition 2) as templates with parameters.

A network holds many *copies* of them, each with vertices of its own between the constant v0 and the output v4. vc is
driven from outside: 2 leaves the copy idle, 0 makes it active. One active step adds to the weight of v0 -> v1 a
multiple of rho that records the fraction of the batch on which the copy was active and the net wrong; afterwards v3 is
flat whatever vc does, and the vr read the record as binary digits.

Active, the copy adds ``2 a g`` to v4 (a the resting weight of v0 -> v1, g the weight of v3 -> v4) and the derivative of
the output with respect to v0 -> v1 is ``2 g``. The rest of the network holds the output at ``-offset rho`` (Q) or
``1 + offset rho`` (Q'), so that one active sample moves v0 -> v1 by ``2 |g| rate`` times ``offset rho`` when the label
agrees and times ``1 + offset rho`` when it does not.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number, exact, is_symbolic, rational, whole
from constructions.foundations.logic import Formula, select
from constructions.foundations.network import Edge, Fragment

LOWEST_PLACE = 1
V0, V1 = -2, -1
"""The numbers of v0 and v1 where the digits are 0, 1, ..."""
PRINTED_SHARE = Fraction(1, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The parameters that tell the versions of Q and Q' apart.

    Parameters
    ----------
    name
        What reports call it.
    resting
        Weight a of v0 -> v1 before the copy is used.
    gain, gain_prime
        Weight of v3 -> v4 in Q and in Q'.
    offset
        The output is held at -offset rho or 1 + offset rho.
    rate
        Learning rate.
    share
        What an active copy adds to v4, up to sign, as its canceller takes it to be. (The canceller is an output control
        of the copy's own, see :mod:`constructions.networks.controls`: it gives back to v4 what an active copy takes.)
    control
        Weights to vc from a computed bit (-2 or 2) and from the constant.
    rho_below
        The construction is proved for every rho below this bound.

    >>> str(DYADIC.output(Fraction(1, 16), prime=True)), str(DYADIC.pre_activation(Fraction(1, 16), prime=False))
    ('137/128', '-137/128')
    """

    name: str
    resting: Number
    gain: Fraction
    gain_prime: Fraction
    offset: Fraction
    rate: Fraction
    share: Number
    control: tuple[Fraction, Fraction]
    rho_below: Fraction

    def with_resting(self, resting: Number) -> "Setting":
        """The same setting at another resting weight; the share scales with it."""
        return replace(self, resting=resting, share=2 * resting * self.gain)

    @property
    def record_gain(self) -> Fraction:
        """How much v0 -> v1 rises, per wrong active fraction of the batch: ``2 |g| rate`` (before the offset)."""
        return 2 * self.gain * self.rate

    def output(self, rho: Number, *, prime: bool) -> Number:
        """The output value held at a precision rho while a copy of Q is active, or of Q' with ``prime``."""
        return 1 + self.offset * rho if prime else -self.offset * rho

    def pre_activation(self, rho: Number, *, prime: bool) -> Number:
        """The pre-activation of v4 that gives :meth:`output` for rho and ``prime`` (on a piece of slope 1 of the
        two-stage ramp)."""
        return 1 + self.offset * rho if prime else -(1 + self.offset * rho)


PRINTED = Setting(
    name="as printed",
    resting=Fraction(1, 12),
    gain=Fraction(1, 4),
    gain_prime=Fraction(-1),
    offset=Fraction(2),
    rate=Fraction(2),
    share=PRINTED_SHARE,
    control=(Fraction(1, 2), Fraction(1)),
    rho_below=Fraction(1, 12),
)
VC_ONLY = replace(PRINTED, name="only vc mended", control=(Fraction(7, 8), Fraction(5, 4)))
MINIMAL = replace(VC_ONLY, name="minimal repair", gain_prime=Fraction(-1, 4), rho_below=Fraction(1, 8))
STRONG = Setting(
    name="strong",
    resting=Fraction(1, 12),
    gain=Fraction(3, 8),
    gain_prime=Fraction(-3, 8),
    offset=Fraction(9, 8),
    rate=Fraction(1),
    share=Fraction(1, 16),
    control=(Fraction(7, 8), Fraction(5, 4)),
    rho_below=Fraction(1, 4),
)
DYADIC = replace(STRONG, name="dyadic", resting=Fraction(1, 16), share=Fraction(3, 64))
SETTINGS = {setting.name: setting for setting in (PRINTED, VC_ONLY, MINIMAL, STRONG, DYADIC)}
REPAIRED = (MINIMAL, STRONG, DYADIC)


def bits_for(rho: Number) -> int:
    """ceil(log2(1/rho)), the number of digits that Definition 2 reads.

    Raises
    ------
    PremiseError
        Unless 0 < rho < 1.

    >>> bits_for(Fraction(1, 16)), bits_for(Fraction(1, 17))
    (4, 5)
    """
    value = rational(rho, where="rho")
    if not 0 < value < 1:
        raise PremiseError(f"need 0 < rho < 1, got rho={value}")
    bits, place = 0, LOWEST_PLACE
    while too_few(place, value):
        bits, place = bits + 1, next_place(place)
    return bits


def too_few(levels: Number, rho: Number) -> Formula:
    """Whether so many levels do not reach from 0 to 1 in steps of rho.

    >>> too_few(8, Fraction(1, 16)), too_few(16, Fraction(1, 16))
    (True, False)
    """
    return rho * levels < 1


def value_weight(rho: Number) -> Number:
    """Weight of v1 -> vr_i: one grid step of v0 -> v1 moves a digit's pre-activation by 12.

    >>> value_weight(Fraction(1, 4))
    Fraction(48, 1)
    """
    return 12 / rho


def level_weight(rho: Number, resting: Number, levels: Number) -> Number:
    """Weight of v0 -> vr_i, for the precision rho and ``levels`` = 2^bits: takes the resting weight off and centres the
    top digit.

    >>> level_weight(Fraction(1, 4), Fraction(1, 12), 4)
    Fraction(-22, 1)
    """
    return -12 * resting / rho + 6 - 6 * levels


def carry_weight(place: Number) -> Number:
    """Weight of vr_i -> vr_j for i > j, for ``place`` = 2^i: a higher digit is taken off the lower ones.

    >>> [carry_weight(place) for place in (1, 2, 4)]
    [-3, -6, -12]
    """
    return -3 * place


def query_graph(setting: Setting, *, rho: Number, bits: int, prime: bool = False) -> Fragment:
    """Q, or Q' with ``prime`` (Definition 2): inputs v0's constant and vc, outputs v4 and the digits vr0, vr1, ...

    Parameters
    ----------
    setting
        As printed, minimal repair, strong, dyadic, or a variant of them.
    rho
        Gradient precision; a rational or a solver variable.
    bits
        How many digits are read.

    Raises
    ------
    ConstructionError
        For rho that is not above 0, or a negative number of bits.

    Size: 6 + bits vertices besides v0, and 9 + 2 bits + bits (bits - 1) / 2 edges.

    >>> q = query_graph(STRONG, rho=Fraction(1, 16), bits=4)
    >>> len(q.order), len(q.edges), str(q.weight("v3", "v4"))
    (11, 23, '3/8')
    """
    bits = whole(bits, where="bits")
    if not is_symbolic(exact(rho, where="rho")) and not rational(rho, where="rho") > 0:
        raise ConstructionError(f"need rho > 0, got rho={rho}")
    edges = path_edges(setting, prime=prime) | read_out_edges(rho=rho, resting=setting.resting, bits=bits)
    return Fragment(
        inputs=("vc",), outputs=("v4", *(f"vr{i}" for i in range(bits))), edges=edges, constant="v0", sigma=RAMP
    )


def path_edges(setting: Setting, *, prime: bool = False) -> dict[Edge, Number]:
    """The edges of Q in a setting, or of Q' with ``prime``, that lead to no digit (Definition 2, items 1 to 6).

    >>> edges = path_edges(STRONG, prime=True)
    >>> len(edges), str(edges["v3", "v4"])
    (9, '-3/8')
    """
    return {
        ("v0", "v1"): setting.resting,
        ("v1", "v2"): 1,
        ("v1", "v2'"): 1,
        ("v2", "v3"): 1,
        ("v2'", "v3"): 1,
        ("v3", "v4"): setting.gain_prime if prime else setting.gain,
        ("vc", "v2"): 10,
        ("vc", "v2'"): -10,
        ("vc", "v3"): Fraction(-1, 4),
    }


def next_place(place: Number) -> Number:
    """The value of a binary digit, given that of the one below it; 2^0 = 1 is the lowest.

    >>> next_place(4)
    8
    """
    return 2 * place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutPen:
    """Where the writing of the read-out's edges is: it goes through the digits from the lowest to the highest, and
    through each digit's edges one by one.

    Here a vertex is a number: digit i is i, v1 is -1 and v0 is -2. All numbers may be solver variables.

    Parameters
    ----------
    digit : i, the digit whose edges are written. other : which of them is next: -2 and -1 for those from v0 and v1 to
        the digit, j >= 0 for the one from it to the lower digit j. place : 2^i.

    >>> pen = ReadOutPen(digit=1, other=0, place=2)
    >>> pen.edge(rho=Fraction(1, 4), resting=Fraction(1, 12), levels=4), pen.moved()
    ((1, 0, -6), ReadOutPen(digit=2, other=-2, place=4))
    """

    digit: Number = 0
    other: Number = V0
    place: Number = LOWEST_PLACE

    def edge(self, *, rho: Number, resting: Number, levels: Number) -> tuple[Number, Number, Number]:
        """Tail, head and weight of the edge that is next, of a digit at the precision rho, where the resting weight is
        given and ``levels`` is 2 to the number of digits."""
        own = self.other < 0
        from_below = select(self.other == V0, level_weight(rho, resting, levels), value_weight(rho))
        return (
            select(own, self.other, self.digit),
            select(own, self.digit, self.other),
            select(own, from_below, carry_weight(self.place)),
        )

    def moved(self) -> "ReadOutPen":
        """The same after this edge: at the digit's next one, or at the first one of the digit above."""
        last = self.other + 1 == self.digit
        return ReadOutPen(
            digit=select(last, self.digit + 1, self.digit),
            other=select(last, V0, self.other + 1),
            place=select(last, next_place(self.place), self.place),
        )

    def writes(self, bits: Number) -> Formula:
        """Whether it still writes if there are so many digits."""
        return self.digit < bits


def levels_of(bits: int) -> Number:
    """How many values so many binary digits tell apart.

    >>> levels_of(0), levels_of(4)
    (1, 16)
    """
    place: Number = LOWEST_PLACE
    for _ in range(bits):
        place = next_place(place)
    return place


def read_out_edges(*, rho: Number, resting: Number, bits: int) -> dict[Edge, Number]:
    """The edges that read v0 -> v1, of the given resting weight, as so many bits in steps of rho (Definition 2, items 7
    to 9).

    >>> {edge: str(weight) for edge, weight in read_out_edges(rho=Fraction(1, 2), resting=Fraction(1), bits=1).items()}
    {('v0', 'vr0'): '-30', ('v1', 'vr0'): '24'}
    """
    pen, levels = ReadOutPen(), levels_of(bits)
    edges: dict[Edge, Number] = {}
    while pen.writes(bits):
        tail, head, weight = pen.edge(rho=rho, resting=resting, levels=levels)
        edges[_vertex(tail), _vertex(head)] = weight
        pen = pen.moved()
    return edges


def _vertex(number: Number) -> str:
    return {V0: "v0", V1: "v1"}.get(number, f"vr{number}")
