"""Equation (3) in code: the roundings that a grid offers, what adversaries choose among them, and what is refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import ClippingError, ConstructionError, PremiseError
from constructions.foundations.rounding import (
    Adversary,
    Choice,
    Grid,
    choose,
    clip_or_fail,
    down,
    nearest,
    randomly,
    up,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

PRECISIONS = tuple(map(Fraction, ("1/4", "3/10", "3/5", "5/9", "1", "3/2")))
"""Precisions; under 5/9 alone has 1 no valid rounding in [-1, 1] (E01)."""
VALUES = tuple(Fraction(i, 8) for i in range(-8, 9))
FINITE = f"rho in {', '.join(map(str, PRECISIONS))}, values in eighths"


def _places() -> Iterator[dict[str, Any]]:
    return ({"rho": rho, "v": v, "bounded": bounded} for rho, v, bounded in product(PRECISIONS, VALUES, (0, 1)))


def multiples(rho: Fraction, value: Fraction, *, bounded: bool) -> tuple[Fraction, ...]:
    """The multiples of rho that equation (3) allows for a value, those in [-1, 1] only if ``bounded``.

    >>> multiples(Fraction(5, 9), Fraction(1), bounded=False), multiples(Fraction(5, 9), Fraction(1), bounded=True)
    ((Fraction(10, 9),), ())
    """
    near = (rho * q for q in range(-16, 17))
    return tuple(u for u in near if abs(u - value) <= 3 * rho / 4 and (abs(u) <= 1 or not bounded))


class Widest(Grid):
    """A grid that offers any two neighbours, and takes 1 to have a rounding where it has none (the twin's)."""

    __slots__ = ()

    def neighbours(self, value: Any) -> tuple[tuple[Any, Any], ...]:
        """Both, whatever the value is."""
        return tuple((near, True) for near, _ in super().neighbours(value))

    @property
    def reaches_one(self) -> Any:
        """The contrary."""
        return not super().reaches_one


@obligation(
    "equation3.offered",
    paper="Equation (3)",
    kind="enumeration",
    domain=_places,
    finite=FINITE,
    expect=Verdict.CHECKED,
    of=lambda case: Grid,
    twin=lambda case: Widest,
)
def what_a_grid_offers(grid_of: Callable[..., Grid], case: Case) -> None:
    """A grid offers for a value in [-1, 1] exactly the multiples of rho within 3 rho/4 of it, in increasing order; in
    the stricter reading those of them in [-1, 1]. It says that 1 has a valid rounding in [-1, 1] exactly if there is
    one. Its own rounding is the nearest multiple, the upper of two, among those in [-1, 1] if 1 has a valid rounding
    there."""
    rho, v, bounded = Fraction(case.real("rho")), Fraction(case.real("v")), bool(case.integer("bounded"))
    grid, found = grid_of(rho=rho, bounded=bounded), multiples(rho, v, bounded=bounded)
    reaches = bool(multiples(rho, Fraction(1), bounded=True))
    case.show("the roundings", grid.valid(v) == found)
    case.show("whether 1 has one in [-1, 1]", grid.reaches_one == reaches)
    own, inside = grid.nearest(v), [rho * q for q in range(-16, 17) if abs(rho * q) <= 1 or not reaches]
    closest = min(abs(u - v) for u in inside)
    case.show("its own rounding is the upper nearest", own == max(u for u in inside if abs(u - v) == closest))


@dataclass(frozen=True, slots=True)
class Choosing:
    """How a choice is put to an adversary (``put``), and the adversaries, by what they are to choose."""

    put: Callable[[Adversary, Choice], Fraction]
    least: Adversary
    greatest: Adversary
    closest: Adversary


def _unasked(adversary: Adversary, choice: Choice) -> Fraction:
    """What the adversary says, valid or not, with nothing refused (the twin's)."""
    return adversary(choice)


@obligation(
    "equation3.chosen",
    paper="Equation (3)",
    kind="enumeration",
    domain=_places,
    finite=FINITE,
    expect=Verdict.CHECKED,
    of=lambda case: Choosing(choose, down, up, nearest),
    twin=lambda case: Choosing(_unasked, up, down, lambda choice: 2 * choice.value + 3),
)
def what_adversaries_choose(ours: Choosing, case: Case) -> None:
    """Where a value has valid roundings, the least, the greatest, the nearest (of two the one nearer to 0) and any
    drawn by a seed are valid roundings, and each is what it is called. What is none of them is refused, whoever chooses
    it. Where there is none, every choice is refused as a premise that does not hold."""
    rho, v, bounded = Fraction(case.real("rho")), Fraction(case.real("v")), bool(case.integer("bounded"))
    found = multiples(rho, v, bounded=bounded)
    choice = Choice(("u", "v"), 1, v, found)

    def chosen(adversary: Adversary) -> Any:
        try:
            return ours.put(adversary, choice)
        except (ConstructionError, IndexError, ValueError) as error:
            return type(error)

    least, greatest = (chosen(adversary) for adversary in (ours.least, ours.greatest))
    none = PremiseError if not found else None
    case.show("the least", least == (none or min(found)))
    case.show("the greatest", greatest == (none or max(found)))
    order = sorted(found, key=lambda u: (abs(u - v), abs(u)))
    case.show("the nearest", chosen(ours.closest) == (none or order[0]))
    drawn = {chosen(randomly(seed)) for seed in range(9)}
    case.show("drawn ones are valid, and any is drawn", drawn == ({none} if none else set(found)))
    other = chosen(lambda _: rho * 20)
    case.show("no other is taken", other == (none or ConstructionError))


@obligation(
    "equation3.refused",
    paper="Equation (3)",
    kind="enumeration",
    domain=lambda: iter([{"v": 4 * v} for v in VALUES]),
    finite="numbers from -4 to 4 in halves",
    expect=Verdict.CHECKED,
    of=lambda case: (Grid, clip_or_fail),
    twin=lambda case: (lambda rho: Grid(rho=1 + abs(rho)), lambda value: -value),
)
def what_is_refused(subject: tuple[Callable[..., Grid], Callable[[Fraction], Fraction]], case: Case) -> None:
    """A grid is refused exactly if its rho is not above 0. In the paper's other convention, a gradient entry is refused
    exactly if it is outside [-1, 1], and else stays as it is."""
    v = Fraction(case.real("v"))
    grid_of, entry = subject
    refused = ClippingError if abs(v) > 1 else v
    case.show("a grid", taken(lambda: grid_of(rho=v).rho) == (v if v > 0 else ConstructionError))
    case.show("an entry outside [-1, 1]", taken(lambda: entry(v)) == refused)


def taken(made: Callable[[], Any]) -> Any:
    """What is made, or the kind of the error that it is met by.

    >>> taken(lambda: 1), taken(lambda: clip_or_fail(Fraction(2))).__name__
    (1, 'ClippingError')
    """
    try:
        return made()
    except ConstructionError as error:
        return type(error)
