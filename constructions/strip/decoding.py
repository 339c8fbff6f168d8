"""A batch from the answers to the queries of a family: rounded answers are exact counts, and exact counts determine it.

An answer times b is an integer of the parity of b, up to b tau < 1; so it is the nearest integer of that parity. From
exact answers the balance G is read digit by digit. If E is G up to multiples of 2^k, then (G - E)/2^k is an integer
function, and its odd entries are found from the sums of their powers (:mod:`constructions.strip.locating`). They are at
most b/2^(k-1), as E, with values above -2^(k-1) and at most 2^(k-1), is wrong only where |G| >= 2^(k-1). What was found
is compared with all answers; answers of no batch are refused.
"""

from collections.abc import Sequence
from fractions import Fraction

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import Formula
from constructions.learning.problems import Bits
from constructions.strip.family import PowerFamily, halved
from constructions.strip.locating import located


def nearest_of_parity(value: Number, parity: Number) -> Number:
    """The integer nearest to a ``value`` among those of the parity of an integer, the upper one on a tie.

    >>> nearest_of_parity(Fraction(5, 2), 1), nearest_of_parity(Fraction(5, 2), 4)
    (Fraction(3, 1), Fraction(2, 1))
    """
    return 2 * floored((value - parity + 1) / 2) + parity


def counts(answers: Sequence[Fraction], b: int) -> tuple[int, ...]:
    """The integers of the parity of ``b`` that are nearest to b times the ``answers``: the products of the balance with
    the queries, if the answers are within tau of the means over a batch of b points and b tau < 1.

    >>> counts((Fraction(3, 8), Fraction(-1, 3)), 3)
    (1, -1)
    """
    return tuple(int(nearest_of_parity(b * answer, b)) for answer in answers)


def goes_on(power: Number, b: Number) -> Formula:
    """Whether entries of a function with |g|_1 <= 2b may not all be 0, if they are multiples of this ``power`` of 2,
    for batches of ``b`` points.

    >>> goes_on(64, 40), goes_on(128, 40)
    (True, False)
    """
    return power <= 2 * b


def decoded(family: PowerFamily, answers: Sequence[int]) -> dict[Bits, int]:
    """The balance G with |G|_1 <= b of whose products with the queries of a ``family`` these exact ``answers`` are.

    Raises
    ------
    PremiseError
        If there is none.

    >>> family = PowerFamily(3, 3)
    >>> decoded(family, family.answers({(0, 0, 0): -1, (1, 0, 1): 2}))
    {(0, 0, 0): -1, (1, 0, 1): 2}
    >>> decoded(family, [1] * family.size)
    {(0, 0, 0): 1}
    >>> decoded(family, [3, *[1] * (family.size - 1)])
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need the answers of a batch of at most 3 points, got some that no batch has
    """
    found: dict[int, int] = {}
    left, power, most = list(answers), 1, family.b
    while any(left):
        odd = _odd_entries(family, left, power, most) if goes_on(power, family.b) else None
        if odd is None:
            raise _refusal(family)
        for element in odd:
            change = power if found.get(element, 0) <= 0 else -power
            found[element] = found.get(element, 0) + change
            values = family.values(family.point(element))
            left = [total - change * value for total, value in zip(left, values, strict=True)]
        power, most = 2 * power, 2 * family.b // (2 * power)
    if sum(map(abs, found.values())) > family.b:
        raise _refusal(family)
    return dict(sorted((family.point(element), many) for element, many in found.items() if many))


def _odd_entries(family: PowerFamily, left: Sequence[int], power: int, most: int) -> tuple[int, ...] | None:
    """The odd entries of the integer function of which ``power`` times the products with all queries are left; at most
    so many, else None."""
    parts = [divmod(total, power) for total in left]
    bits = [halved(parts[0][0], whole) for whole, _ in parts[1:]]
    if any(rest for _, rest in parts) or any(bit.denominator > 1 for bit in bits):
        return None
    parities = [int(bit) % 2 for bit in bits[: most * family.n]]
    sums = [
        sum(bit << i for i, bit in enumerate(parities[at : at + family.n])) for at in range(0, len(parities), family.n)
    ]
    odd = located(family.field, sums)
    if odd is None:
        return None
    with_zero = (0, *odd) if (parts[0][0] - len(odd)) % 2 else odd
    return with_zero if len(with_zero) <= most else None


def _refusal(family: PowerFamily) -> PremiseError:
    return PremiseError(f"need the answers of a batch of at most {family.b} points, got some that no batch has")
