"""From the digits of a round's copies to the answers of its queries (Lemma 3b's read-out, as a circuit).

A query with values 0 and 1 (or -1, 0, 1) takes one digit of weight 1. Any other takes d digits of weights 2^-1, ...,
2^-d, and a value of size 1 counts as all digits. With R+ and R- the integers read from the copies of the positive and
the negative part,

    S = sum_i 2^(d-i) (R+_i - R-_i),   code = floor((multiplier S + add) / 2^shift), held within -2^A and 2^A,

and the answer is code / 2^A, about S rho / (gain 2^d). A read-out errs more upwards than downwards; ``centred`` takes
the middle off.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from constructions.computation.bits import Bits, constant, mux
from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.logic import select
from constructions.networks.budget import error_bounds, query_digits
from constructions.networks.queries import Setting, bits_for

CENTRING = 3
"""At least so many places below a code's last, where the middle is taken off."""


def answer_error(
    low: Number,
    high: Number,
    *,
    code: Number,
    unit: Number,
    multiplier: Number,
    add: Number,
    power: Number,
    largest: Number,
    signed: bool,
) -> tuple[Number, Number]:
    """How far floor((multiplier S + add) / power) code can be below and above a mean from which unit code S differs by
    low to high.

    S is at most ``largest`` in size, and not negative unless ``signed``; all numbers may be solver variables.

    >>> one, half = Fraction(1), Fraction(1, 2)
    >>> given = {"code": one, "unit": half, "multiplier": one, "power": 2 * one, "largest": 8 * one, "signed": False}
    >>> for add in (0, 1):  # floor(S / 2), and floor((S + 1) / 2)
    ...     print(*answer_error(-one, one, add=Fraction(add), **given))
    -3/2 1
    -1 3/2
    """
    drift = (multiplier / power - unit) * largest * code
    other = -drift if signed else Fraction(0)
    least, most = select(drift < other, drift, other), select(drift < other, other, drift)
    offset, cut = add / power * code, (1 - 1 / power) * code
    return low + least + offset - cut, high + most + offset


def clamped(code: Number, top: Number) -> Number:
    """The code, or the nearer of -top and top if it is beyond them.

    >>> clamped(5, 4), clamped(-5, 4), clamped(3, 4)
    (4, -4, 3)
    """
    return select(code > top, top, select(code < -top, -top, code))


@dataclass(frozen=True, kw_only=True)
class Decoder:
    """The numbers of a decoder; they follow from setting, rho, the kind of query and the places of an answer, and each
    is computed once.

    Parameters
    ----------
    setting, rho
        Which copies are read.
    signed
        Whether queries have negative values.
    binary
        Whether they are 0 and 1 (-1, 0, 1) only.
    answer_fraction
        A, binary places of an answer.
    centred
        Whether the middle of the read-out's error is taken off.

    Raises
    ------
    PremiseError
        Unless rho is between 0 and the bound of the setting (``rho_below``).

    >>> from constructions.networks.queries import DYADIC
    >>> plain = Decoder(setting=DYADIC, rho=Fraction(1, 64), signed=False, binary=True, answer_fraction=12)
    >>> plain.digits, plain.multiplier, plain.shift, str(plain.tolerance / plain.rho)
    (0, 5461, 6, '273/128')
    >>> [str(bound / plain.rho) for bound in plain.read_error]
    ['-1', '17/8']
    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> design.output("code", plain.circuit([design.input("read", plain.bits)], [], 14))
    >>> design.evaluate(read=3)["code"] == plain.answer(plain.total([3], [0])) * 2**12
    True
    >>> plain.room(14)
    21
    >>> plain.middle, plain.add == 2**plain.shift // 2  # it is not centred, so what is added only rounds
    (Fraction(0, 1), True)
    """

    setting: Setting
    rho: Fraction
    signed: bool
    binary: bool
    answer_fraction: int
    centred: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "rho", rational(self.rho, where="rho"))
        if not 0 < self.rho < self.setting.rho_below:
            raise PremiseError(f"need 0 < rho < {self.setting.rho_below} ({self.setting.name}), got rho={self.rho}")
        whole(self.answer_fraction, where="answer_fraction")

    @cached_property
    def bits(self) -> int:
        """k, how many digits each copy reads."""
        return bits_for(self.rho)

    @cached_property
    def digits(self) -> int:
        """d, how many digits of a query's value are asked; 0 if it has one of weight 1."""
        return 0 if self.binary else query_digits(self.rho) + self.signed

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The place 2^(d-i) of each digit that is asked."""
        return (1,) if self.binary else tuple(1 << self.digits - i for i in range(1, self.digits + 1))

    @cached_property
    def largest(self) -> int:
        """The largest S."""
        return int(((1 << self.bits) - 1) * sum(self.places))

    @cached_property
    def unit(self) -> Fraction:
        """How much an answer's code rises with S, if it were not rounded."""
        return Fraction(self.rho / self.setting.record_gain * (1 << self.answer_fraction) / (1 << self.digits))

    @cached_property
    def shift(self) -> int:
        """The fewest places with which the multiplier is exact, or so many that its error moves a code by at most a
        quarter."""
        enough = self.largest.bit_length()
        return next(
            (s for s in range(CENTRING if self.centred else 0, enough) if (self.unit * (1 << s)).denominator == 1),
            enough,
        )

    @cached_property
    def multiplier(self) -> int:
        """The unit times 2^shift, to the nearest integer."""
        return round(self.unit * (1 << self.shift))

    @cached_property
    def middle(self) -> Fraction:
        """The middle of the error before rounding, which ``centred`` takes off."""
        low, high = self.read_error
        return (low + high) / 2 if self.centred else Fraction(0)

    @cached_property
    def add(self) -> int:
        """One half for rounding to the nearest code, less the middle, in units of 2^-shift."""
        half = Fraction(1 << self.shift, 2)
        return int((half - self.middle * (1 << self.answer_fraction) * (1 << self.shift)) // 1)

    @cached_property
    def read_error(self) -> tuple[Fraction, Fraction]:
        """How far S rho / (gain 2^d) can be below and above the mean."""
        low, high = (bound * self.rho for bound in error_bounds(self.setting))
        if self.signed:
            low, high = low - high, high - low
        if self.binary:
            return low, high
        weights, left_out = 1 - Fraction(1, 1 << self.digits), Fraction(1, 1 << self.digits)
        return low * weights - left_out, high * weights + (left_out if self.signed else 0)

    @cached_property
    def error(self) -> tuple[Fraction, Fraction]:
        """How far an answer can be below and above the batch mean of its query, roundings included."""
        return answer_error(
            *self.read_error,
            code=Fraction(1, 1 << self.answer_fraction),
            unit=self.unit,
            multiplier=self.multiplier,
            add=self.add,
            power=Fraction(1 << self.shift),
            largest=self.largest,
            signed=self.signed,
        )

    @property
    def tolerance(self) -> Fraction:
        """An answer is within this of the batch mean of its query, for every batch and every valid rounding."""
        low, high = self.error
        return max(-low, high)

    def answer(self, s: int) -> Fraction:
        """The answer that an S decodes to.

        >>> from constructions.networks.queries import MINIMAL
        >>> Decoder(setting=MINIMAL, rho=Fraction(1, 16), signed=False, binary=True, answer_fraction=6).answer(15)
        Fraction(15, 16)
        """
        top = 1 << self.answer_fraction
        return Fraction(clamped((self.multiplier * s + self.add) >> self.shift, top), top)

    def total(self, positive: list[int], negative: list[int]) -> int:
        """S from the integers read, ``positive`` and ``negative``, one for each digit that is asked, in the order of
        :attr:`places`."""
        parts = zip(self.places, positive, negative, strict=True)
        return sum(place * (above - below) for place, above, below in parts)

    def room(self, width: int) -> int:
        """In how many bits the circuit adds, for answers of ``width`` bits."""
        most = (self.multiplier * self.largest + abs(self.add)).bit_length() + 2
        return max(most, self.shift + width)

    def circuit(self, positive: list[Bits], negative: list[Bits], width: int) -> Bits:
        """The answer's code in ``width`` bits (two's complement) from the vectors read, as :meth:`answer` of
        :meth:`total`.

        Raises
        ------
        ConstructionError
            For a width that cannot hold every answer.
        """
        if width < self.answer_fraction + 2:
            raise ConstructionError(f"need answers of at least {self.answer_fraction + 2} bits, got {width}")
        wide = self.room(width)
        total = constant(positive[0].builder, 0, wide)
        for sign, parts in ((1, positive), (-1, negative)):
            for place, part in zip(self.places, parts, strict=False):
                term = part.extended(wide) << (place.bit_length() - 1)
                total = total + term if sign > 0 else total - term
        product = constant(total.builder, 0, wide)
        for i in range(self.multiplier.bit_length()):
            if self.multiplier >> i & 1:
                product = product + (total << i)
        code = (product + self.add)[self.shift :]
        top = 1 << self.answer_fraction
        code = mux(code.signed_more(top), constant(code.builder, top, len(code)), code)
        if self.signed:
            code = mux(code.signed_less(-top), constant(code.builder, -top, len(code)), code)
        return code[:width]
