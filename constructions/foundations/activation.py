"""Continuous piecewise-linear activations as values; the two-stage ramp of Figure 1 is one of them.

sigma is given by its kinks c_1 < ... < c_k, the k+1 slopes between them and its value at c_1 (at 0 if it has no kink).
Continuity then holds by construction, and sigma(x) = v + s_0 (x - c_1) + sum_i (s_i - s_{i-1}) relu(x - c_i).
"""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, exact, is_symbolic, rational
from constructions.foundations.logic import Formula, every, select, some


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One linear piece: ``slope * x + intercept`` for ``low < x < high`` (None: unbounded).

    >>> piece = Piece(low=Fraction(0), high=None, slope=Fraction(1), intercept=Fraction(0))
    >>> str(piece), piece.flat, piece.inside(Fraction(0)), piece.inside(Fraction(1, 2))
    ('(0, oo)', False, False, True)
    """

    low: Fraction | None
    high: Fraction | None
    slope: Fraction
    intercept: Fraction

    @property
    def flat(self) -> bool:
        """Whether the slope is zero."""
        return self.slope == 0

    def inside(self, x: Number) -> Formula:
        """Whether ``x`` lies strictly inside: off both ends."""
        return every(True if self.low is None else x > self.low, True if self.high is None else x < self.high)

    def __str__(self) -> str:
        low = "-oo" if self.low is None else self.low
        high = "oo" if self.high is None else self.high
        return f"({low}, {high})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A continuous piecewise-linear function of one real number.

    Parameters
    ----------
    kinks : increasing rationals, where the slope changes.
    slopes : one more than the kinks; neighbours differ.
    value : the value at the first kink (at 0 if there is none).
    name : how reports call it.

    Raises
    ------
    ConstructionError
        For kinks that do not increase, slopes of another number, equal neighbours, or a number that is no rational.

    >>> RAMP(Fraction(-3, 2)), RAMP(Fraction(1, 12)), RAMP(5)
    (Fraction(-1, 2), Fraction(1, 12), Fraction(2, 1))
    >>> [str(piece) for piece in RAMP.flat_pieces]
    ['(-oo, -3)', '(-1, 0)', '(2, oo)']
    >>> RAMP.relu_form[2][0]
    (Fraction(1, 1), Fraction(-3, 1))
    >>> [int(RAMP.slope(x)) for x in (-2, Fraction(-1, 2), 1, 5)]
    [1, 0, 1, 0]
    """

    kinks: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    value: Fraction
    name: str = field(default="sigma", compare=False)
    pieces: tuple[Piece, ...] = field(init=False, repr=False, compare=False)
    """The linear pieces from left to right."""
    flat_pieces: tuple[Piece, ...] = field(init=False, repr=False, compare=False)
    """The pieces of slope zero."""
    relu_form: tuple[Fraction, Fraction, tuple[tuple[Fraction, Fraction], ...]] = field(
        init=False, repr=False, compare=False
    )
    """``(constant, linear, ((jump, kink), ...))`` with sigma(x) = constant + linear x + sum jump relu(x - kink)."""

    def __post_init__(self) -> None:
        kinks = tuple(rational(c, where=f"kink of {self.name}") for c in self.kinks)
        slopes = tuple(rational(s, where=f"slope of {self.name}") for s in self.slopes)
        if len(slopes) != len(kinks) + 1:
            raise ConstructionError(
                f"need one more slope than kinks, got {len(slopes)} and {len(kinks)}, at {self.name}"
            )
        if any(a >= b for a, b in pairwise(kinks)):
            raise ConstructionError(f"need strictly increasing kinks, got {[str(c) for c in kinks]}, at {self.name}")
        if any(a == b for a, b in pairwise(slopes)):
            raise ConstructionError(
                f"need neighbouring slopes to differ, got {[str(s) for s in slopes]}, at {self.name}"
            )
        object.__setattr__(self, "kinks", kinks)
        object.__setattr__(self, "slopes", slopes)
        object.__setattr__(self, "value", rational(self.value, where=f"value of {self.name}"))
        pieces = self._pieces()
        object.__setattr__(self, "pieces", pieces)
        object.__setattr__(self, "flat_pieces", tuple(piece for piece in pieces if piece.flat))
        object.__setattr__(self, "relu_form", self._relu_form())

    def _pieces(self) -> tuple[Piece, ...]:
        ends = (None, *self.kinks, None)
        at = self.kinks[0] if self.kinks else Fraction(0)
        intercept = self.value - self.slopes[0] * at
        found = []
        for i, slope in enumerate(self.slopes):
            if i:
                intercept += (self.slopes[i - 1] - slope) * self.kinks[i - 1]
            found.append(Piece(low=ends[i], high=ends[i + 1], slope=slope, intercept=intercept))
        return tuple(found)

    def _relu_form(self) -> tuple[Fraction, Fraction, tuple[tuple[Fraction, Fraction], ...]]:
        at = self.kinks[0] if self.kinks else Fraction(0)
        jumps = tuple(
            (after - before, kink) for (before, after), kink in zip(pairwise(self.slopes), self.kinks, strict=True)
        )
        return self.value - self.slopes[0] * at, self.slopes[0], jumps

    def __call__(self, x: Number) -> Number:
        """sigma(x), for a rational or a term (one case for each piece)."""
        x = exact(x, where=self.name)
        if is_symbolic(x):
            return self._choose(x, [piece.slope * x + piece.intercept for piece in self.pieces])
        piece = self._piece_from(x)
        return piece.slope * x + piece.intercept

    def slope(self, x: Number) -> Number:
        """The derivative where it exists; the right-hand one on a kink (ask :meth:`on_kink` first)."""
        x = exact(x, where=self.name)
        return self._choose(x, [piece.slope for piece in self.pieces]) if is_symbolic(x) else self._piece_from(x).slope

    def on_kink(self, x: Number) -> Formula:
        """Whether ``x`` is a kink."""
        return some(*(x == kink for kink in self.kinks))

    def strictly_flat(self, x: Number) -> Formula:
        """Whether ``x`` lies strictly inside a flat piece: slope zero in a whole neighbourhood."""
        return some(*(piece.inside(x) for piece in self.flat_pieces))

    def piece_of(self, x: Fraction) -> Piece | None:
        """The piece that holds ``x`` strictly inside, or None on a kink."""
        return next((piece for piece in self.pieces if piece.inside(x)), None)

    def _piece_from(self, x: Fraction) -> Piece:
        """The piece of a rational; on a kink, the one to its right."""
        return next((self.pieces[i] for i, kink in enumerate(self.kinks) if x < kink), self.pieces[-1])

    def _choose(self, x: Number, values: list[Number]) -> Number:
        """A term that is worth the value of the piece in which ``x`` lies; on a kink, of the one to its right."""
        chosen = values[-1]
        for value, kink in zip(reversed(values[:-1]), reversed(self.kinks), strict=True):
            chosen = select(x < kink, value, chosen)
        return chosen


def activation_of(name: str, kinks: tuple[int, ...], slopes: tuple[int, ...], value: int) -> Activation:
    """An activation of a ``name``, with whole numbers for its ``kinks``, its ``slopes`` and its ``value`` at the first
    kink.

    >>> step = activation_of("falling step", (0, 1), (0, -3, 0), 5)
    >>> [str(step(x)) for x in (-1, 0, 1, 2)]
    ['5', '5', '2', '2']
    """
    return Activation(
        kinks=tuple(map(Fraction, kinks)), slopes=tuple(map(Fraction, slopes)), value=Fraction(value), name=name
    )


RAMP = activation_of("two-stage ramp", (-3, -1, 0, 2), (0, 1, 0, 1, 0), -2)
RELU = activation_of("ReLU", (0,), (0, 1), 0)
HARD_TANH = activation_of("hard tanh", (-1, 1), (0, 1, 0), -1)
IDENTITY = activation_of("identity", (), (1,), 0)
