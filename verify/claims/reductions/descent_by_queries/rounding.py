"""Lemma 4, one answer: rounded to the nearest multiple of rho it is a valid estimate."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import every, implies, select, some, within
from constructions.foundations.rounding import Grid
from constructions.learning import oracles
from constructions.reductions.descent_by_queries import tolerance
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


@dataclass(frozen=True, slots=True)
class Rounding:
    """How answers are rounded, and how near to the means they are: from rho and the slack."""

    grid: Callable[..., Any]
    width: Callable[[Number, Number], Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedGrid:
    """The nearest multiple of rho, wherever it is (as printed)."""

    rho: Number

    def nearest(self, value: Number) -> Number:
        """The upper one on a tie."""
        return self.rho * floored(value / self.rho + F(1, 2))


def rounding(grid: Callable[..., Any], width: Callable[[Number, Number], Number]) -> Callable[[Case], Rounding]:
    """A rounding as the subject of a claim."""
    return lambda case: Rounding(grid, width)


def wider(rho: Number, slack: Number) -> Number:
    """A tolerance just above rho/4 (the twins')."""
    return tolerance(rho, slack) + rho / 1000


def without_slack(rho: Number, slack: Number) -> Number:
    """The tolerance as printed, whatever the slack is."""
    return tolerance(rho)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer v to the query for an entry of the gradient, the mean w of the query, and the entry m itself; each in
    units of rho too (v is rho (q + s), w is rho Q, m is rho M), as are the slack eps = rho e and 1/rho = N + f."""

    rho: Number
    v: Number
    w: Number
    m: Number
    eps: Number
    q: Number
    s: Number
    units: tuple[Number, Number, Number]
    whole: Number
    part: Number


def precision(case: Case) -> tuple[Number, Number, Number]:
    """rho > 0, with 1/rho as a whole number and a part from 0 to 1."""
    rho, whole, part = case.real("rho"), case.integer("N"), case.real("f")
    case.assume(rho > 0, whole >= 0, part >= 0, part < 1, rho * (whole + part) == 1, label="rho > 0")
    return rho, whole, part


def any_answer(case: Case, width: Callable[[Number, Number], Number]) -> Answer:
    """Any valid answer to a query whose mean is within the slack of the gradient's entry."""
    rho, whole, part = precision(case)
    v, w, m, eps = (case.real(name) for name in ("v", "w", "m", "eps"))
    q, s, units = case.integer("q"), case.real("s"), (case.real("Q"), case.real("M"), case.real("e"))
    case.assume(v == rho * (q + s), s >= 0, s < 1, w == rho * units[0], m == rho * units[1], eps == rho * units[2])
    case.assume(units[2] >= 0, within(w - m, eps), label="the query's mean is within the slack of the entry")
    case.assume(within(m, F(1)), within(w, F(1)), label="clipped entries have means in [-1, 1]")
    case.assume(oracles.is_valid(v, w, width(rho, eps)), label="the answer is valid")
    return Answer(rho, v, w, m, eps, q, s, units, whole, part)


@obligation("lemma4.units", paper="Lemma 4, Lemma 13", of=lambda case: F(0), twin=lambda case: F(-1))
def order_in_units_of_rho(least: Fraction, case: Case) -> None:
    """For every rho > 0, x = rho a is at most y = rho b exactly if a is at most b."""
    rho, a, b, x, y = (case.real(name) for name in ("rho", "a", "b", "x", "y"))
    case.assume(rho > least, x == rho * a, y == rho * b)
    case.show("the same order", (x <= y) == (a <= b))


def compared(case: Case, rho: Number, one: tuple[Number, Number], other: tuple[Number, Number]) -> None:
    """Rest on it that two numbers, each with what it is in units of rho, are in the same order in units."""
    case.use("lemma4.units", rho=rho, x=one[0], a=one[1], y=other[0], b=other[1])


def picked_multiple(q: Number, s: Number, whole: Number, part: Number) -> Number:
    """To which multiple of rho the answer rho (q + s) is rounded, where 1/rho is whole + part."""
    near, top = select(2 * s >= 1, q + 1, q), whole + part
    inside = select(near > top, near - 1, select(near < -top, near + 1, near))
    return select(part <= F(3, 4), inside, near)


@obligation(
    "lemma4.rounding.units",
    paper="Lemma 4, Lemma 13",
    of=lambda case: F(1, 4),
    twin=lambda case: F(1, 4) + F(1, 1000),
)
def rounded_in_units(width: Fraction, case: Case) -> None:
    """With rho as the unit: an answer q + s in [-1/rho, 1/rho], 1/rho being N + f, within 1/4 - e of a number that is
    within e of the entry M in the same range, is rounded to a whole number within 3/4 of M; if f is at most 3/4, that
    number too is within N + f."""
    q, whole = case.integer("q"), case.integer("N")
    s, part, mean, entry, slack = (case.real(name) for name in ("s", "f", "Q", "M", "e"))
    case.assume(whole >= 0, part >= 0, part < 1, s >= 0, s < 1, slack >= 0, within(mean - entry, slack))
    case.assume(within(q + s, whole + part), within(entry, whole + part), within(q + s - mean, width - slack))
    near, top = select(2 * s >= 1, q + 1, q), whole + part
    case.lemma("near", within(near - q - s, F(1, 2)))
    case.lemma("the entry is near the answer", within(q + s - entry, width))
    case.lemma("within 3/4 without a range", within(near - entry, F(1, 2) + width))
    case.lemma("above", implies(near > top, near == whole + 1))
    case.lemma("below", implies(near < -top, near == -whole - 1))
    picked = picked_multiple(q, s, whole, part)
    case.lemma("which one", some(picked == near, every(near == whole + 1, picked == whole), near == -whole - 1))
    case.lemma("which one below", implies(near == -whole - 1, some(picked == near, picked == -whole)))
    case.lemma("moved only if the part is small", implies(picked != near, part <= F(3, 4)))
    case.show("within 3/4", within(picked - entry, F(3, 4)))
    case.show("in range", within(picked, whole + part), given=part <= F(3, 4))
    case.show("one of four", some(*(picked == q + more for more in (-1, 0, 1, 2))))


@obligation(
    "lemma4.rounding",
    paper="Lemma 4, Lemma 13",
    of=rounding(Grid, tolerance),
    twin=rounding(Grid, wider),
)
def rounded_answers_are_valid(subject: Rounding, case: Case) -> None:
    """For every rho > 0, every slack eps >= 0, all gradient entries m and queries with a mean w in [-1, 1] within eps
    of it, and every answer v in [-1, 1] within rho/4 - eps of w: v, rounded to the nearest multiple of rho (one that
    lies outside [-1, 1] to its other neighbour, where 1 has a valid rounding in [-1, 1]), is a multiple of rho within
    3 rho/4 of m, as equation (3) asks. If 1 has such a rounding, it lies in [-1, 1] too (E01)."""
    a = any_answer(case, subject.width)
    mean, entry, slack = a.units
    answer, top, width = a.q + a.s, a.whole + a.part, a.w * 0 + subject.width(a.rho, a.eps)
    one, minus = (F(1), top), (F(-1), -top)
    for number in ((a.v, answer), (a.m, entry)):
        compared(case, a.rho, number, one)
        compared(case, a.rho, minus, number)
    case.lemma("the width in units of rho", width == a.rho * (F(1, 4) - slack))
    wide, low, high = (width, F(1, 4) - slack), (-width, slack - F(1, 4)), (a.eps, slack)
    for number in ((a.v - a.w, answer - mean),):
        case.lemma("the distance of the answer", number[0] == a.rho * number[1])
        compared(case, a.rho, number, wide)
        compared(case, a.rho, low, number)
    case.lemma("the distance of the mean", a.w - a.m == a.rho * (mean - entry))
    compared(case, a.rho, (a.w - a.m, mean - entry), high)
    compared(case, a.rho, (-a.eps, -slack), (a.w - a.m, mean - entry))
    used = case.use("lemma4.rounding.units", q=a.q, N=a.whole, s=a.s, f=a.part, Q=mean, M=entry, e=slack)
    case.lemma("all in units of rho", used.premises)
    picked = in_units(subject, a, case)
    u = subject.grid(rho=a.rho).nearest(a.v)
    case.lemma("the distance of u", u - a.m == a.rho * (picked - entry))
    three = 3 * a.rho / 4
    compared(case, a.rho, (u - a.m, picked - entry), (three, F(3, 4)))
    compared(case, a.rho, (-three, F(-3, 4)), (u - a.m, picked - entry))
    compared(case, a.rho, (u, picked), one)
    compared(case, a.rho, minus, (u, picked))
    case.lemma("u / rho is what it is called", u / a.rho == picked)
    case.lemma("a whole number", some(*(picked == a.q + more for more in (-1, 0, 1, 2))))
    case.lemma("the floor of u / rho", floored(u / a.rho) == picked)
    case.show("a multiple of rho", u == a.rho * floored(u / a.rho))
    case.show("within 3/4 rho", within(u - a.m, 3 * a.rho / 4))
    case.show("in [-1, 1]", within(u, F(1)), given=a.part <= F(3, 4))


def in_units(subject: Rounding, a: Answer, case: Case) -> Number:
    """The rounded answer in units of rho; as lemmas, that it is what the code gives."""
    grid, top = subject.grid(rho=a.rho), a.whole + a.part
    case.lemma("1 / rho is what it is called", 1 / a.rho == top)
    case.lemma("the floor of 1 / rho", floored(1 / a.rho) == a.whole)
    case.lemma("v / rho is what it is called", a.v / a.rho == a.q + a.s)
    case.lemma("the floor of v / rho", floored(a.v / a.rho) == a.q)
    case.lemma("the rest of 1", 1 - a.rho * a.whole == a.rho * a.part)
    case.lemma("1 has a valid rounding", grid.reaches_one == (a.part <= F(3, 4)))
    case.lemma("the rest of v", a.v - a.rho * a.q == a.rho * a.s)
    case.lemma("the upper half", (2 * (a.v - a.rho * a.q) >= a.rho) == (2 * a.s >= 1))
    for more in (0, 1):
        k = a.q + more
        compared(case, a.rho, (a.rho * k, k), (F(1), top))
        compared(case, a.rho, (F(-1), -top), (a.rho * k, k))
    picked = picked_multiple(a.q, a.s, a.whole, a.part)
    case.lemma("the code rounds so", grid.nearest(a.v) == a.rho * picked)
    return picked


@obligation(
    "lemma4.rounding.sharp",
    paper="Lemma 4, Lemma 13",
    of=rounding(Grid, tolerance),
    twin=rounding(Grid, lambda rho, slack: tolerance(rho, slack) - rho / 1000),
)
def a_larger_tolerance_fails(subject: Rounding, case: Case) -> None:
    """For every rho from 0 to 2/3, every tolerance tau and every slack eps whose sum is above rho/4, at most rho/2,
    there are an entry of a gradient, a query's mean within eps of it and an answer within tau of that, all in [-1, 1],
    that is rounded to something that equation (3) does not allow: the answer rho/2, which is rounded to rho, the mean
    rho/2 - tau and the entry rho/2 - tau - eps. So no tolerance above rho/4 - eps will do, and none above rho/4 without
    a slack."""
    rho, whole, part = precision(case)
    tau, eps = case.real("tau"), case.real("eps")
    case.assume(3 * rho <= 2, tau >= 0, eps >= 0, tau > subject.width(rho, eps), tau + eps <= rho / 2)
    v, w, m = rho / 2, rho / 2 - tau, rho / 2 - tau - eps
    case.show("valid", every(oracles.is_valid(v, w, tau), within(w - m, eps)))
    case.show("an entry of a gradient", within(m, F(1)))
    case.lemma("1 / rho is what it is called", 1 / rho == whole + part)
    case.lemma("half of rho, in units of rho", v / rho == F(1, 2))
    case.lemma("its floor", floored(v / rho) == 0)
    u = subject.grid(rho=rho).nearest(v)
    case.lemma("it is rounded to rho", u == rho)
    case.show("not valid", u - m > 3 * rho / 4)


def answers_within_one(subject: Rounding, case: Case) -> None:
    """For every rho from 0 to 1 and every answer in [-1, 1], the multiple of rho to which it is rounded is in [-1, 1],
    as the definition before equation (3) asks (for the construction: if 1 has a valid rounding there)."""
    rho = precision(case)[0]
    v, q, s = case.real("v"), case.integer("q"), case.real("s")
    case.assume(rho <= 1, v == rho * (q + s), s >= 0, s < 1, within(v, F(1)))
    case.show("in [-1, 1]", within(subject.grid(rho=rho).nearest(v), F(1)))


obligation(
    "lemma4.range.printed",
    paper="Lemma 4, Lemma 13",
    of=rounding(PrintedGrid, tolerance),
    expect=Verdict.REFUTED,
    erratum="E01",
)(answers_within_one)


@obligation(
    "lemma4.slack.printed",
    paper="Lemma 4, Lemma 13",
    of=rounding(Grid, without_slack),
    expect=Verdict.REFUTED,
    erratum="E85",
)
@obligation(
    "lemma4.slack.repaired",
    paper="Lemma 4, Lemma 13",
    of=rounding(Grid, tolerance),
    twin=rounding(Grid, wider),
    erratum="E85",
)
def approximate_gradients_are_enough(subject: Rounding, case: Case) -> None:
    """A query for an entry of the gradient that a program finds up to eps, from 0 to rho/8, is asked to a tolerance
    tau: the rounded answer is an estimate that equation (3) allows. (As printed tau is rho/4; the repair has rho/4 -
    eps.)"""
    a = any_answer(case, subject.width)
    case.assume(a.eps > 0, a.eps <= a.rho / 8)
    if subject.width is tolerance:
        used = case.use("lemma4.rounding", **{name: case.values_of[name] for name in NAMES})
        case.lemma("it applies", used.premises)
    case.show("within 3/4 rho", within(subject.grid(rho=a.rho).nearest(a.v) - a.m, 3 * a.rho / 4))


NAMES = ("rho", "N", "f", "v", "w", "m", "eps", "q", "s", "Q", "M", "e")
"""The variables of an answer."""
