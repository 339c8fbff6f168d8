"""Result T4: how often an event is in a batch, from valid roundings, is exact just below b rho = 4, and not from there
on."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import every, implies, some, within
from constructions.foundations.rounding import Grid
from constructions.strip.one_count import count_query, counted, mean_of_count, placed, spacing, spare_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
Wide = Callable[[Number, Number, Number], Number]


def narrow(b: Number, rho: Number, units: Number) -> Number:
    """Means that are no further apart than rho/2 (the twin's)."""
    return rho / 2


@obligation("strip.count.exact", paper="the strip", of=lambda case: spacing, twin=lambda case: narrow)
def counts_are_told_apart(wide: Wide, case: Case) -> None:
    """Result T4. For every b >= 1 and rho > 0 with (b + 1) rho < 4, or (b + 2) rho < 4 for an odd b, and every whole
    number K from 0 to b - 1: there is a query with two values in [-1, 1] such that no multiple of rho is a valid
    rounding both of its mean over a batch that has an event at most K times and of that over one that has it more
    often."""
    b, rho, count = case.integer("b"), case.real("rho"), case.integer("K")
    times, u = case.integer("times"), case.integer("u")
    case.assume(b >= 1, rho > 0, count >= 0, count < b, times >= 0, times <= b)
    units, j = placed(b, count)
    half, quarter = floored(b / F(2)), floored((b - 2 * count + 2) / F(4))
    case.lemma("even or odd", some(b == 2 * half, b == 2 * half + 1))
    case.lemma("one of four places", some(*(b - 2 * count + 2 == 4 * quarter + more for more in range(4))))
    case.lemma("in its place", every(units == b - 2 * count + 1 - 4 * quarter, units >= -1, units <= 2))
    case.assume((b + spare_of(b)) * rho < 4, label="(b + 1) rho < 4, or (b + 2) rho < 4 for an odd b")
    case.lemma("the place is no further than the spare", every(units <= spare_of(b), -units <= spare_of(b)))
    gap, room = wide(b, rho, units), case.real("room")
    size = case.real("|units|")
    case.assume(size >= units, size >= -units, some(size == units, size == -units), label="|units|")
    case.lemma("at most the spare", every(size <= spare_of(b), size >= 0))
    case.assume(room == 1 - size * rho / 4 - b * rho / 4)
    case.lemma("times rho", (b + size) * rho <= (b + spare_of(b)) * rho)
    case.lemma("there is room", room > 0)
    case.lemma("the gap", b * (gap - rho / 2) == room)
    case.lemma("more than rho/2", gap > rho / 2)
    mean = rho * j + rho / 2 + gap * (times - count - F(1, 2))
    case.assume(within(rho * u - mean, 3 * rho / 4), label="u rho is a valid rounding of the mean")
    case.show("it is the mean", mean == mean_of_count(b, rho, count, times))
    fewer, more = implies(times <= count, u <= j), implies(times > count, u >= j + 1)
    case.lemma("for fewer", implies(times <= count, gap * (count - times) >= 0))
    case.lemma("for more", implies(times > count, gap * (times - count - 1) >= 0))
    case.lemma("below", implies(times <= count, rho * (j + 1 - u) > 0))
    case.lemma("above", implies(times > count, rho * (u - j) > 0))
    case.show("no more than K times", fewer)
    case.show("more than K times", more)
    ends = (rho * j + rho / 2 - gap * (count + F(1, 2)), rho * j + rho / 2 + gap * (b - count - F(1, 2)))
    case.lemma("the middle", ends[0] + ends[1] == rho * units / 2 + (gap - rho / 2) * (b - 2 * count - 1))
    case.lemma("the gap is a share of the room", (gap - rho / 2) * b <= room)
    case.lemma("the other share", within((gap - rho / 2) * (b - 2 * count - 1), (gap - rho / 2) * (b - 1)))
    case.lemma("the size of the place", within(rho * units, rho * size))
    for name, end in zip(("outside", "inside"), ends, strict=True):
        case.show(f"the value {name} is in [-1, 1]", within(end, F(1)))


@obligation("strip.count.end", paper="the strip", of=lambda case: F(4), twin=lambda case: F(7, 2))
def counts_are_not_told_apart_at_the_end(least: Number, case: Case) -> None:
    """For every odd b >= 1 and rho > 0 with (b + 2) rho >= 4, and every query with two values in [-1, 1]: the means
    over batches that have an event (b - 1)/2 and (b + 1)/2 times share a valid rounding. For every even b >= 2 with
    (b + 1) rho >= 4, those for b/2 and b/2 + 1 times do. It is the multiple of rho nearest to the middle of the two."""
    b, rho, half = case.integer("b"), case.real("rho"), case.integer("half")
    outside, inside, u, gap = (case.real(name) for name in ("outside", "inside", "u", "gap"))
    case.assume(b >= 1, rho > 0, within(outside, F(1)), within(inside, F(1)), b * gap == inside - outside)
    odd = every(b == 2 * half + 1, (b + 2) * rho >= least)
    even = every(b == 2 * half, (b + 1) * rho >= least)
    case.assume(some(odd, even), label="(b + 2) rho >= 4 for an odd b, (b + 1) rho >= 4 for an even one")
    middle = outside + gap * (half + F(1, 2))
    case.assume(within(middle - u, rho / 2), label="the multiple of rho nearest to the middle is at most rho/2 away")
    case.assume(
        some(
            every(middle >= 0, middle - u <= middle, u - middle <= middle),
            every(middle <= 0, middle - u <= -middle, u - middle <= -middle),
        ),
        label="and no further than 0",
    )
    case.lemma("the span", b * gap == inside - outside)
    for name, count in (("the lower count", half), ("the upper count", half + 1)):
        mean = outside + gap * count
        case.show(f"valid for {name}", within(u - mean, 3 * rho / 4))


def _sizes() -> Any:
    return ({"b": b, "part": part} for b in range(1, 6) for part in (F(1, 3), F(2, 3), F(999, 1000)))


@obligation(
    "strip.count.batches",
    paper="the strip",
    kind="enumeration",
    domain=_sizes,
    expect=Verdict.CHECKED,
    finite="b up to 5, and rho = 1/3, 2/3 and 999/1000 of 4/(b + 1) or 4/(b + 2), all valid roundings",
    of=lambda case: counted,
    twin=lambda case: lambda answers, b, rho: counted(list(reversed(answers)), b, rho),
)
def counts_are_read(read: Callable[..., int], case: Case) -> None:
    """However the b means are rounded, the number of times that an event is in a batch is read off them."""
    b, part = int(case.integer("b")), F(case.real("part"))
    rho = part * F(4, b + int(spare_of(b)))
    grid = Grid(rho=rho)
    queries = [count_query(b, rho, count) for count in range(b)]
    case.show("values", all(max(abs(one.inside), abs(one.outside)) <= 1 for one in queries))
    right = True
    for times in range(b + 1):
        means = [one.outside + (one.inside - one.outside) * F(times, b) for one in queries]
        again = [F(mean_of_count(F(b), rho, F(count), F(times))) for count in range(b)]
        right = right and means == again
        for answers in product(*(grid.valid(mean) for mean in means)):
            try:
                right = right and read(list(answers), b, rho) == times
            except PremiseError:
                right = False
    case.show("each is read", right)
