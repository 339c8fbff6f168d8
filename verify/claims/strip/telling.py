"""Result T4 for whole batches: just below b rho = 4 any two realizable batches are told apart by some query."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, some, within
from constructions.foundations.rounding import Grid
from constructions.strip.telling import (
    FAR,
    LEAST_BATCH,
    freedom,
    greatest_spread,
    least_spread,
    own_freedom,
    telling_query,
    values_of,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def counts_of(case: Case) -> dict[str, Any]:
    """How two realizable batches differ in one or two points: the numbers of points of each kind."""
    found = {name: case.integer(name) for name in ("b", "d", "C_P", "C_P'", "w", "p", "p'")}
    b, d, p, q = (found[name] for name in ("b", "d", "p", "p'"))
    case.assume(b >= LEAST_BATCH, d >= 1, d < FAR, *(found[name] >= 0 for name in ("C_P", "C_P'", "w")))
    case.assume(found["C_P"] + found["C_P'"] + found["w"] + d == b, label="b - d points are common")
    case.assume(every(p >= 0, p <= d, q >= 0, q <= d), (p == 0) == (q == 0), label="p and p'")
    alone = implies(every(p == d, q == d), every(found["C_P"] == 0, found["C_P'"] == 0))
    case.assume(alone, label="no common point has both labels")
    return found


@obligation("strip.telling.room", paper="the strip", of=lambda case: F(2), twin=lambda case: F(-2))
def there_is_room(spare: Number, case: Case) -> None:
    """For every b >= 4 and rho > 0 with (b + 2) rho < 4, and all realizable batches of b points that differ in d = 1 or
    2: the least spread is below 1 and below the greatest one, and for each spread s between them the freedom is at
    least 2 d s, which is more than b rho/2."""
    counts, rho, s = counts_of(case), case.real("rho"), case.real("s")
    b, d, away = counts["b"], counts["d"], counts["w"]
    own = own_freedom(counts["C_P"] + counts["C_P'"], d, (counts["p"], counts["p'"]))
    case.assume(rho > 0, (b + spare) * rho < 4)
    least, greatest = case.real("least"), case.real("greatest")
    case.assume(least == least_spread(b, rho, d), greatest == greatest_spread(own, away, d))
    case.lemma("one or two", some(d == 1, d == 2))
    case.lemma("its own freedom is not negative", own >= 0)
    case.lemma("the least", every(least * (4 * d) == b * rho, greatest * (own + 2 * d) == own + away))
    case.lemma("times b + 2", (b + 2) * (b * rho) < 4 * b)
    case.lemma("the least is small", (least * d) * (b + 2) < b)
    case.lemma("cleared", d * (own + away) * (b + 2) >= b * (own + 2 * d))
    case.lemma("less, cleared", (least * d) * (b + 2) * (own + 2 * d) < d * (own + away) * (b + 2))
    case.lemma("less, times d (own + 2d)", least * (own + 2 * d) < own + away)
    case.show("below the greatest", least < greatest)
    case.show("below 1", least < 1)
    case.assume(s > least, s <= 1, s <= greatest, label="a spread between them")
    case.lemma("times own + 2d", s * (own + 2 * d) <= own + away)
    case.show("the freedom", freedom(own, away, s) >= 2 * d * s)
    case.show("more than b rho/2", 2 * (2 * d * s) > b * rho)


@obligation(
    "strip.telling.near",
    paper="the strip",
    of=lambda case: values_of,
    twin=lambda case: lambda spread, middle, changed: values_of(spread / 2, middle, changed),
)
def near_batches_are_told_apart(values: Callable[..., Any], case: Case) -> None:
    """Result T4 for whole batches. For every b >= 4 and rho > 0 with (b + 2) rho < 4, and any two realizable batches of
    b points that differ in one or two: there is a query r with values in [-1, 1] for whose means over the two no
    multiple of rho is a valid rounding of both."""
    counts, rho, s, t = counts_of(case), case.real("rho"), case.real("s"), case.real("t")
    b, d, away, p, q = (counts[name] for name in ("b", "d", "w", "p", "p'"))
    on, other, u, j = counts["C_P"], counts["C_P'"], case.integer("u"), case.integer("j")
    own, start = own_freedom(on + other, d, (p, q)), (on - other) * s
    case.assume(rho > 0, (b + 2) * rho < 4, s > 0, s <= 1, 2 * (2 * d * s) > b * rho, label="a spread")
    free = freedom(own, away, s)
    case.assume(free >= 2 * d * s, label="the freedom")
    unit = b * rho
    case.assume(unit * j <= start, start < unit * (j + 1), t * free == unit * (j + F(1, 2)) - start, label="t")
    case.lemma("at most half a unit", within(t * free, unit / 2))
    case.lemma("above 0", free > 0)
    case.lemma("t is from -1 to 1", within(t, F(1)))
    middle = t * (1 - s)
    case.lemma("the middle is small", within(middle, 1 - s))
    first, second, both = values(s, middle, (p, q))
    case.show("values in [-1, 1]", every(*(within(value, F(1)) for value in (first, second, both, t))))
    common = on * first + other * second + away * t
    sums = common + (d - p) * first + p * both, common + (d - q) * second - q * both
    case.lemma("one or two", every(some(d == 1, d == 2), some(p == q, every(d == 2, p + q == 3))))
    case.lemma("the distance", sums[0] - sums[1] == 4 * (d * s) - 2 * (d * s))
    case.lemma("the middle of both", sums[0] + sums[1] == 2 * start + 2 * (t * free))
    means = case.real("mean"), case.real("other mean")
    case.assume(b * means[0] == sums[0], b * means[1] == sums[1], label="the means over both batches")
    case.lemma("half way", b * (means[0] + means[1] - rho * (2 * j + 1)) == 0)
    case.lemma("half way between two multiples", means[0] + means[1] == rho * (2 * j + 1))
    case.lemma("apart, times b", b * (means[0] - means[1] - rho / 2) > 0)
    case.lemma("apart", means[0] - means[1] > rho / 2)
    case.assume(within(rho * u - means[0], 3 * rho / 4), label="u rho is a valid rounding of the one")
    case.lemma("above", rho * (u - j) > 0)
    case.lemma("at least", u >= j + 1)
    case.lemma("too far", rho * u - means[1] > 3 * rho / 4)
    case.show("not of both", within(rho * u - means[1], 3 * rho / 4) == False)  # noqa: E712


@obligation("strip.telling.far", paper="the strip", of=lambda case: FAR, twin=lambda case: FAR - 1)
def far_batches_are_told_apart(far: int, case: Case) -> None:
    """For every b >= 1 and rho > 0 with b rho < 4, and two batches that differ in d >= 3 points: means that are 2d/b
    apart share no valid rounding."""
    b, rho, d, u = case.integer("b"), case.real("rho"), case.integer("d"), case.real("u")
    one, other = case.real("mean"), case.real("other mean")
    case.assume(b >= 1, rho > 0, b * rho < 4, d >= far, b * (one - other) == 2 * d)
    case.lemma("times b", b * (one - other - 3 * rho / 2) > 0)
    case.assume(within(u - one, 3 * rho / 4), label="u is a valid rounding of the one")
    case.show("not of both", within(u - other, 3 * rho / 4) == False)  # noqa: E712


def _sizes() -> Iterator[dict[str, Any]]:
    return ({"n": 1, "b": b, "part": part} for b in (4, 5, 6) for part in (F(1, 2), F(999, 1000)))


@obligation(
    "strip.telling.batches",
    paper="the strip",
    kind="enumeration",
    domain=_sizes,
    expect=Verdict.CHECKED,
    finite="all pairs of realizable batches of 4 to 6 points of 1 bit, for two rho",
    of=lambda case: telling_query,
    twin=lambda case: lambda batch, other, rho: dict.fromkeys(telling_query(batch, other, rho), F(1)),
)
def all_batches_are_told_apart(query: Callable[..., Any], case: Case) -> None:
    """Any two realizable batches have means for the query that share no valid rounding; its values are in [-1, 1]."""
    n, b, part = int(case.integer("n")), int(case.integer("b")), F(case.real("part"))
    points = list(product(product((0, 1), repeat=n), (0, 1)))
    whole = [each for each in combinations_with_replacement(points, b) if len({x for x, _ in each}) == len(set(each))]
    grid, right = Grid(rho=part * F(4, b + 2)), True
    for one, other in product(whole, repeat=2):
        if one != other:
            r = query(one, other, grid.rho)
            valid = [set(grid.valid(sum((1 - 2 * y) * r[x] for x, y in batch) / F(b))) for batch in (one, other)]
            right = right and not valid[0] & valid[1] and all(abs(value) <= 1 for value in r.values())
    case.show("told apart", right)
