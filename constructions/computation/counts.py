"""From an answer to the number of points of a batch that a query counts, in bits (Algorithm 1, Lemmas 5a and 6)."""

from fractions import Fraction

from constructions.computation.bits import Bits
from constructions.computation.turns import fitted
from constructions.errors import PremiseError


def enough_places(b: int, tau: Fraction, fraction: int) -> bool:
    """Whether every mean of b bits has an answer within ``tau`` with so many binary places (``fraction``).

    >>> enough_places(3, Fraction(1, 8), 1), enough_places(3, Fraction(1, 8), 2)
    (False, True)
    """
    rests = (count * 2**fraction % b for count in range(b + 1))
    return all(min(rest, b - rest) <= tau * b * 2**fraction for rest in rests)


def fewest_places(b: int, tau: Fraction) -> int:
    """The fewest binary places with which every mean of b bits has a valid answer. Raises PremiseError where finitely
    many are never enough: tau = 0, and b is no power of two.

    >>> fewest_places(4, Fraction(1, 9)), fewest_places(3, Fraction(1, 8)), fewest_places(4, Fraction(0))
    (2, 2, 2)
    """
    if tau == 0 and b & b - 1:
        raise PremiseError(f"need tau > 0, or means with finitely many binary places, got tau=0 and b={b}")
    fraction = 0
    while not enough_places(b, tau, fraction):
        fraction += 1
    return fraction


def count_of(answer: Bits, b: int, fraction: int, width: int) -> Bits:
    """The last ``width`` bits of the integer nearest to b times a signed answer with ``fraction`` binary places (the
    upper one on a tie).

    >>> from constructions.computation.design import Design
    >>> design = Design()
    >>> design.output("count", count_of(design.input("answer", 4), 3, 2, 2))
    >>> [design.evaluate(answer=code)["count"] for code in (15, 0, 1, 2, 3, 4)]
    [3, 0, 1, 2, 2, 3]
    """
    room = fraction + width
    times = fitted(answer, room) * (b % (1 << room))
    return (times + (1 << fraction - 1) if fraction else times)[fraction:]
