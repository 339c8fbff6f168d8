"""Facts R0 to R3 by the exact laws of X, for all integer functions with |g|_1 <= 22."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.strip.separation import (
    ONE_TWELFTH,
    chance_aligned,
    chance_far,
    law_of_sums,
    least_far,
    partitions,
    tails,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
MOST = 22


@obligation(
    "strip.separation.small",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"N": n} for n in range(1, 15)),
    expect=Verdict.CHECKED,
    finite="all integer functions with |g|_1 = N up to signs and order, for N from 1 to 14",
    of=lambda case: F(1, 2),
    twin=lambda case: F(5, 8),
)
def separation_of_small_functions(least: Fraction, case: Case) -> None:
    """P(X != 0) >= 1/2, and P(X^2 > sigma^2/2) >= 1/12, by the exact law of X."""
    found = [(entries, law_of_sums(entries)) for entries in partitions(int(case.integer("N")), 14)]
    case.show("R0", all(1 - law.get(0, F(0)) >= least for _, law in found))
    case.show("R1", all(_far(entries, law) >= ONE_TWELFTH for entries, law in found))


def _far(entries: tuple[int, ...], law: dict[int, Fraction]) -> Fraction:
    """The chance that the square of the sum is more than half of its mean."""
    mean = sum(entry * entry for entry in entries)
    return sum((chance for value, chance in law.items() if 2 * value * value > mean), F(0))


@obligation(
    "strip.separation.all_levels",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"N": n} for n in range(1, MOST + 1)),
    expect=Verdict.CHECKED,
    finite="all integer functions with |g|_1 = N up to signs and order, all L and K from 1 to N, for N from 1 to 22",
    of=lambda case: chance_aligned,
    twin=lambda case: lambda power: 2 * chance_aligned(power),
)
def separation_at_all_levels(aligned: Callable[[Number], Number], case: Case) -> None:
    """R2: |X| is far enough for the level L with a chance of at least 4^(-L)/12. R3: X >= K with a chance of at least
    2^(-K-1)."""
    norm = int(case.integer("N"))
    far = {level: (least_far(norm, level), F(chance_far(F(1, 4**level)))) for level in range(1, norm + 1)}
    mass = {k: F(aligned(F(1, 2**k))) for k in range(1, norm + 1)}
    found = [(2 ** len(entries), tails(entries)) for entries in partitions(norm, norm)]
    case.show(
        "R2", all(2 * tail[k] * c.denominator >= c.numerator * all_ for all_, tail in found for k, c in far.values())
    )
    case.show("R3", all(tail[k] * c.denominator >= c.numerator * all_ for all_, tail in found for k, c in mass.items()))
