"""M and M* on one sample: which gradients they have, what clipping does, and why no batch is silent."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, some, within
from constructions.foundations.rounding import is_valid
from constructions.strip.decoding import nearest_of_parity
from constructions.strip.reader import REALIZABLE, Reader, any_labels, is_fit, ones_from
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclippedReader(Reader):
    """The same without clipping (a twin's)."""

    def gradient(self, group: int, value: Number, y: Number) -> Number:
        """The derivative as it is."""
        return self.unclipped(group, value, y)


def sample_of(case: Case) -> tuple[Number, Number]:
    """The value of a query at a sample, 1 or -1, and the sample's label."""
    value, y = case.integer("value"), case.integer("y")
    case.assume(some(value == 1, value == -1), some(y == 0, y == 1))
    return value, y


def held_of(case: Case) -> Number:
    """The number c of M*."""
    held = case.real("c")
    case.assume(held > 0, 2 * held < 1)
    return held


def signed(value: Number, y: Number) -> Number:
    """The query (-1)^y r at a sample."""
    return select(y == 0, value, -value)


@obligation(
    "strip.reader.realizable",
    paper="the strip",
    of=lambda case: REALIZABLE,
    twin=lambda case: Reader(held=F(1, 2), slopes=(F(5, 2),)),
)
def gradients_of_m(reader: Reader, case: Case) -> None:
    """For every sample and every query with values 1 and -1: the derivative of the loss of M by the query's parameter,
    at output 1/2, is (-1)^y r(x), and clipping leaves it as it is."""
    value, y = sample_of(case)
    case.show("the derivative", reader.unclipped(0, value, y) == signed(value, y))
    case.show("clipping does nothing", reader.gradient(0, value, y) == reader.unclipped(0, value, y))


def _starred(made: Callable[[Number], Any]) -> Callable[[Case], Any]:
    return lambda case: made(held_of(case))


def without_clipping(held: Number) -> Reader:
    """M* without clipping (a twin's)."""
    return UnclippedReader(held=held, slopes=any_labels(held).slopes)


@obligation("strip.reader.any", paper="the strip", of=_starred(any_labels), twin=_starred(without_clipping))
def gradients_of_m_star(reader: Reader, case: Case) -> None:
    """For every c in (0, 1/2), every sample and every query with values 1 and -1: the clipped derivative of the loss of
    M* by the parameter with slope 1/c is (-1)^y r(x), where clipping changes it on label 1 and not on label 0; the one
    by the parameter with slope 1 is c r(x) on label 0 and -(1 - c) r(x) on label 1, and is not changed."""
    value, y = sample_of(case)
    held = reader.held
    steep, inverse = reader.unclipped(0, value, y), 1 / held
    case.lemma("the inverse", inverse * held == 1)
    case.lemma("the steep derivative", steep == select(y == 0, value, value - inverse * value))
    case.lemma("it is large", inverse > 2)
    case.show("with slope 1/c", reader.gradient(0, value, y) == signed(value, y))
    case.show("clipping acts on label 1", implies(y == 1, some(steep > 1, steep < -1)))
    case.show("and not on label 0", implies(y == 0, steep == value))
    flat = select(y == 0, held * value, -(1 - held) * value)
    case.show("with slope 1", every(reader.gradient(1, value, y) == flat, reader.unclipped(1, value, y) == flat))


def _bounded(bound: Number) -> Callable[[Case], Any]:
    return lambda case: (any_labels, bound)


@obligation("strip.silent.none", paper="the strip", of=_bounded(F(4, 3)), twin=_bounded(F(3, 2)))
def a_query_is_loud(subject: tuple[Callable[[Number], Reader], Number], case: Case) -> None:
    """For every b >= 1 and rho > 0 with b rho < 4/3 and every batch whose balance G is not 0, as with labels that are a
    function of the point: the product of G with some query is an integer other than 0 (``strip.family.unique``), and
    every valid rounding of the mean of this query is not 0."""
    b, rho, a, mean, k = case.integer("b"), case.real("rho"), case.integer("a"), case.real("mean"), case.integer("k")
    case.assume(b >= 1, rho > 0, b * rho < subject[1])
    case.assume(mean * b == a, a != 0, is_valid(k, mean, rho), label="a valid rounding of the mean of a loud query")
    case.lemma("if it were 0", implies(k == 0, within(a, 3 * b * rho / 4)))
    case.show("it is not 0", k != 0)


def careless(held: Number, error: Number) -> Any:
    """Takes every c (a twin's)."""
    return held > 0


@obligation("strip.silent.balanced", paper="the strip", of=lambda case: is_fit, twin=lambda case: careless)
def the_constant_is_loud(fits: Callable[[Number, Number], Any], case: Case) -> None:
    """For every b >= 1 and rho > 0 with b rho < 4/3, every c of M* with 3 b rho/4 < 1 - 2c and every batch whose
    balance is 0: b/2 points have the label 1, and every valid rounding of the mean for the constant query with slope 1
    is not 0."""
    held, b, rho, half = held_of(case), case.integer("b"), case.real("rho"), case.integer("ones")
    case.assume(b >= 1, rho > 0, 3 * b * rho < 4, b == 2 * half, label="the balance is 0")
    case.assume(fits(held, 3 * b * rho / 4), label="c fits")
    mean, k, reader = case.real("mean"), case.integer("k"), any_labels(held)
    total = half * (reader.gradient(1, F(1), F(0)) + reader.gradient(1, F(1), F(1)))
    case.lemma("the sum of the gradients", total == half * (2 * held - 1))
    case.assume(mean * b == total, is_valid(k, mean, rho), label="a valid rounding of the constant's mean")
    case.lemma("the mean", 2 * mean == 2 * held - 1)
    case.lemma("rho is small", 3 * rho / 2 <= 3 * b * rho / 4)
    case.show("it is not 0", k != 0)


@obligation(
    "strip.counts.ones",
    paper="the strip",
    of=lambda case: is_fit,
    twin=lambda case: lambda held, error: is_fit(held, error / 2),
)
def points_with_label_1_are_counted(fits: Callable[[Number, Number], Any], case: Case) -> None:
    """For every b >= 1, tau and c that fit (b tau < 1 - 2c), every batch and every query with values 1 and -1: from the
    product of the balance with the query, and an answer within tau of the mean of its gradients with slope 1, comes the
    product of N_1 with the query, as the nearest integer of the parity of the number of points with label 1."""
    b, tau, held, many = case.integer("b"), case.real("tau"), held_of(case), case.integer("points with label 1")
    half, balance, answer = case.integer("half"), case.integer("balance"), case.real("answer")
    case.assume(b >= 1, tau >= 0, fits(held, b * tau))
    ones, zeros = many + 2 * half, balance + many + 2 * half
    mean = case.real("mean")
    reader = any_labels(held)
    total = zeros * reader.gradient(1, F(1), F(0)) + ones * reader.gradient(1, F(1), F(1))
    case.lemma("the sum of the gradients", total == zeros * held - ones * (1 - held))
    case.assume(b * mean == total, within(answer - mean, tau), label="an answer")
    case.lemma("times b", within(b * answer - total, b * tau))
    found = ones_from(balance, b * answer, held)
    gap = 1 - 2 * held
    case.lemma("the rest", found * gap == held * balance - b * answer)
    case.lemma("of the count", within((found - ones) * gap, b * tau))
    case.lemma("near", every(found - ones < 1, ones - found < 1))
    case.show("the count", nearest_of_parity(found, many) == ones)


@obligation(
    "strip.clock.separate",
    paper="the strip",
    of=lambda case: REALIZABLE,
    expect=Verdict.REFUTED,
)
def a_separate_clock_ticks(reader: Reader, case: Case) -> None:
    """For the output 1/2, a clock with any slope above 0, every b >= 1 and every batch, whatever its labels are: the
    mean of the gradients by the clock is not 0. (It is 0 on the batch of (x, 0) and (x, 1), and such a model
    freezes.)"""
    slope, ones, zeros = case.real("slope"), case.integer("ones"), case.integer("zeros")
    case.assume(slope > 0, ones >= 0, zeros >= 0, ones + zeros >= 1)
    clock = Reader(held=reader.held, slopes=(slope,))
    total = zeros * clock.gradient(0, F(1), F(0)) + ones * clock.gradient(0, F(1), F(1))
    case.show("it ticks", total != 0)
