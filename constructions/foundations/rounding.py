"""Clipping and rho-valid roundings of a gradient entry (Section 2, equation 3), and adversaries that choose one.

u is a valid rounding of v in [-1, 1] if u is an integral multiple of rho with |u - v| <= 3 rho / 4. At most two
neighbouring multiples are valid, and zero rounds only to zero. The definition before equation (3) also asks for
u in [-1, 1]; then v = 1 has a valid rounding only if frac(1/rho) <= 3/4 (E01), so that is a premise of its own here.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from constructions.errors import ClippingError, ConstructionError, PremiseError
from constructions.foundations.exact import Number, exact, floored, is_symbolic, rational
from constructions.foundations.logic import Formula, every, select, within
from constructions.foundations.network import Edge

Adversary: TypeAlias = Callable[["Choice"], Fraction]


def clip(value: Number) -> Number:
    """Entry-wise clipping to [-1, 1].

    >>> clip(Fraction(9, 8)), clip(Fraction(-1, 2))
    (Fraction(1, 1), Fraction(-1, 2))
    """
    return select(value > 1, Fraction(1), select(value < -1, Fraction(-1), value))


def clip_or_fail(value: Fraction) -> Fraction:
    """The paper's other convention: an entry outside [-1, 1] makes the method fail (ClippingError).

    >>> clip_or_fail(Fraction(-1, 2))
    Fraction(-1, 2)
    >>> clip_or_fail(Fraction(9, 8))
    Traceback (most recent call last):
        ...
    constructions.errors.ClippingError: need gradient entries within [-1, 1], got 9/8
    """
    if abs(value) > 1:
        raise ClippingError(f"need gradient entries within [-1, 1], got {value}")
    return value


def is_valid(multiple: Number, value: Number, rho: Number) -> Formula:
    """Whether ``rho * multiple`` is a valid rounding of ``value``, for an integer ``multiple`` (equation 3).

    >>> is_valid(1, Fraction(1, 16), Fraction(1, 4)), is_valid(1, Fraction(1, 17), Fraction(1, 4))
    (True, False)
    """
    return within(rho * multiple - value, 3 * rho / 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The multiples of ``rho``; with ``bounded``, only those in [-1, 1] (the stricter reading, E01).

    Raises
    ------
    ConstructionError
        For rho that is not above 0, or no rational.

    >>> [str(u) for u in Grid(rho=Fraction(1, 4)).valid(Fraction(1, 8))]
    ['0', '1/4']
    >>> Grid(rho=Fraction(5, 9), bounded=True).valid(Fraction(1))
    ()
    """

    rho: Fraction  # or a term, in a claim
    bounded: bool = False

    def __post_init__(self) -> None:
        rho = exact(self.rho, where="rho")
        if not is_symbolic(rho) and rho <= 0:
            raise ConstructionError(f"need rho > 0, got rho={rho}")
        object.__setattr__(self, "rho", rho)

    def valid(self, value: Fraction) -> tuple[Fraction, ...]:
        """The valid roundings of ``value`` in increasing order."""
        return tuple(u for u, valid in self.neighbours(rational(value, where="value to round")) if valid)

    def neighbours(self, value: Number) -> tuple[tuple[Number, Formula], ...]:
        """The two multiples of ``rho`` around a value, each with whether it is a valid rounding; no other is one.

        >>> Grid(rho=Fraction(1, 4)).neighbours(Fraction(1, 17))
        ((Fraction(0, 1), True), (Fraction(1, 4), False))
        """
        low = floored(value / self.rho)
        near = ((self.rho * q, is_valid(q, value, self.rho)) for q in (low, low + 1))
        return tuple((u, every(valid, within(u, Fraction(1)) if self.bounded else True)) for u, valid in near)

    @property
    def reaches_one(self) -> Formula:
        """Whether 1 has a valid rounding in [-1, 1]: the fractional part of 1/rho is at most 3/4 (E01)."""
        return 1 - self.rho * floored(1 / self.rho) <= 3 * self.rho / 4

    def nearest(self, value: Number) -> Number:
        """The multiple of ``rho`` nearest to a ``value`` in [-1, 1], the upper one on a tie; if it is outside [-1, 1],
        the other neighbour, unless :attr:`reaches_one` fails. (What is rounded is the answer to a query: Lemma 4.)

        >>> [str(Grid(rho=Fraction(1, 4)).nearest(value)) for value in (Fraction(1, 8), Fraction(-1, 8), Fraction(1))]
        ['1/4', '0', '1']
        >>> [str(Grid(rho=rho).nearest(Fraction(1))) for rho in (Fraction(3, 5), Fraction(5, 9))]
        ['3/5', '10/9']
        """
        low = floored(value / self.rho)
        near = self.rho * (low + select(2 * (value - self.rho * low) >= self.rho, Fraction(1), Fraction(0)))
        inside = select(near > 1, near - self.rho, select(near < -1, near + self.rho, near))
        return select(self.reaches_one, inside, near)


@dataclass(frozen=True, slots=True)
class Choice:
    """What an adversary sees: the edge, the step, the ``value`` (the exact clipped gradient entry) and its valid
    roundings.

    >>> grid = Grid(rho=Fraction(1, 4))
    >>> choice = Choice(("u", "v"), 1, Fraction(1, 8), grid.valid(Fraction(1, 8)))
    >>> [str(choose(adversary, choice)) for adversary in (down, up, nearest)]
    ['0', '1/4', '0']
    """

    edge: Edge
    step: int
    value: Fraction
    valid: tuple[Fraction, ...]


def nearest(choice: Choice) -> Fraction:
    """The valid rounding nearest to the value; on a tie the one nearer to zero."""
    return min(choice.valid, key=lambda u: (abs(u - choice.value), abs(u)))


def down(choice: Choice) -> Fraction:
    """The least valid rounding."""
    return choice.valid[0]


def up(choice: Choice) -> Fraction:
    """The greatest valid rounding."""
    return choice.valid[-1]


def randomly(seed: int) -> Adversary:
    """A valid rounding drawn uniformly, from an explicit seed.

    >>> adversary, choice = randomly(seed=1), Choice(("u", "v"), 1, Fraction(1, 8), (Fraction(0), Fraction(1, 4)))
    >>> sorted({str(adversary(choice)) for _ in range(50)})
    ['0', '1/4']
    """
    source = random.Random(seed)
    return lambda choice: source.choice(choice.valid)


def choose(adversary: Adversary, choice: Choice) -> Fraction:
    """Put a choice to the adversary and refuse an answer that is not valid, naming edge, step and bound.

    Raises
    ------
    PremiseError
        If there is no valid rounding (E01).
    ConstructionError
        If the adversary's answer is not valid.
    """
    if not choice.valid:
        raise PremiseError(
            f"need a valid rounding, got none for {choice.value} at edge {choice.edge!r}, step {choice.step} (E01)"
        )
    picked = adversary(choice)
    if picked not in choice.valid:
        options = ", ".join(map(str, choice.valid))
        raise ConstructionError(
            f"need one of the valid roundings {options} of {choice.value}, got {picked!r}, "
            f"at edge {choice.edge!r}, step {choice.step}"
        )
    return choice.valid[choice.valid.index(picked)]
