"""Hoeffding's inequality, which is assumed, against exact tails; Markov's, which is proved for laws of finitely many
values."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select, within
from constructions.learning.binomial import Between, binomial_tail
from constructions.learning.tails import (
    Moments,
    by_moments,
    exact_tail,
    exponent,
    exponential,
    for_all,
    hoeffding,
    markov,
    moment_bounds,
    signs_tail,
)
from verify.claims.foundations.rounding.choosing import taken
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def _grid() -> Iterator[dict[str, Any]]:
    """Batch sizes, chances in tenths, and widths eta."""
    for b, tenths, width in product(
        (1, 2, 3, 5, 8, 20, 60, 150), range(1, 10), (F(1, 20), F(1, 5), F(1, 2), F(9, 10), F(5, 4))
    ):
        yield {"b": b, "p": F(tenths, 10), "eta": width}


def _sharper(b: int, eta: Fraction) -> tuple[Fraction, Fraction]:
    """The bound with eta^2 b 9/16 for eta^2 b / 2 (the twin's)."""
    return hoeffding(b, eta * F(9, 8))


Bound = Callable[[int, Fraction], tuple[Fraction, Fraction]]


@obligation(
    "hoeffding.grid",
    paper="Equation (10)",
    kind="enumeration",
    domain=_grid,
    expect=Verdict.CHECKED,
    finite="values -1 and 1, b up to 150, p in tenths, five eta",
    of=lambda case: hoeffding,
    twin=lambda case: _sharper,
)
def exact_tails_are_below_hoeffding(bound: Bound, case: Case) -> None:
    """For each batch size b, chance p and width eta of the finite case, the exact probability that the mean of b
    independent signs (each 1 with chance p, else -1) is more than eta away from its expectation is at most 2 exp(-eta^2
    b / 2). The exponential is enclosed by two rational numbers that are closer than one part in 10^20, and the smaller
    one is used."""
    b, p, eta = int(case.integer("b")), case.real("p"), case.real("eta")
    low, high = bound(b, eta)
    case.show("the bounds are close", every(low > 0, low <= high, high - low <= F(1, 10**20) * high))
    case.show("the tail", signs_tail(b, p, eta) <= low)


Bounds = tuple[Callable[..., Number], Callable[..., Number]]


@obligation(
    "equation10.tail",
    paper="Equation (10)",
    kind="induction",
    of=lambda case: (exponent, for_all),
    twin=lambda case: (exponent, lambda p, bound: for_all(p - 1, bound)),
)
def some_mean_strays(bounds: Bounds, case: Case) -> None:
    """For every source, every batch size b >= 1, any number p of queries with values in [-1, 1], and every eta > 0: the
    chance that the mean of some query over the batch is more than eta away from its mean over the source is at most 2p
    exp(-eta^2 b / 2). The mean of a batch mean is the mean over the source, for every b."""
    s, b, eta, x, mu = case.real("s"), case.integer("b"), case.real("eta"), case.real("X"), case.real("mu")
    chance, either, strays = case.word("chance"), case.word("either"), case.word("strays")
    never = case.real("never")
    case.assume(b >= 1, eta > 0, case.word("is a mean of independent values")(s, x, b))
    case.assume(case.word("mean")(s, x) == mu, label="the mean of a batch mean is that over the source")
    case.assume(chance(s, never) == 0, label="an event that never happens")
    bound = case.word("two times exp")(-bounds[0](b, eta))
    state = {"p": case.integer("p"), "event": case.real("event")}
    case.principle("hoeffding", s=s, X=x, b=b, eta=eta)
    case.principle("union bound", s=s, A=state["event"], B=strays(x, mu, eta))
    run = case.induction(
        "over the queries",
        state=state,
        start={"p": F(0), "event": never},
        inputs={"X": x, "mu": mu},
        advance=lambda at: {"p": at["p"] + 1, "event": either(at["event"], strays(at["X"], at["mu"], eta))},
        holds=lambda at: every(at["p"] >= 0, chance(s, at["event"]) <= bounds[1](at["p"], bound)),
    )
    at = case.reached(run)
    case.show("some mean strays", chance(s, at["event"]) <= bounds[1](at["p"], bound))
    printed = case.word("two times exp")(-(eta * eta) * b / 2)
    case.show("the bound is the printed one", bounds[1](at["p"], bound) == at["p"] * printed)


@obligation(
    "equation10.unbiased",
    paper="Equation (10)",
    kind="induction",
    of=lambda case: lambda share, b: share * b == 1,
    twin=lambda case: lambda share, b: share * (b + 1) == 1,
)
def batch_means_are_right_on_average(is_share: Callable[..., Formula], case: Case) -> None:
    """For every source, every query and every batch size b >= 1, the mean of the batch mean is the query's mean over
    the source: by linearity, one point after the other."""
    s, mu, y = case.real("s"), case.real("mu"), case.real("Y")
    mean, total, zero = case.word("mean"), case.word("sum"), case.real("zero")
    case.assume(mean(s, y) == mu, mean(s, zero) == 0)
    state = {"b": case.integer("b"), "sum": case.real("sum")}
    case.principle("linearity", s=s, X=state["sum"], Y=y, a=F(1), b=F(1))
    run = case.induction(
        "over the batch",
        state=state,
        start={"b": F(0), "sum": zero},
        inputs={"Y": y},
        advance=lambda at: {"b": at["b"] + 1, "sum": total(F(1), at["sum"], F(1), at["Y"])},
        holds=lambda at: every(at["b"] >= 0, mean(s, at["sum"]) == at["b"] * mu),
    )
    at = case.reached(run)
    share = case.real("1/b")
    case.assume(at["b"] >= 1, is_share(share, at["b"]))
    case.principle("linearity", s=s, X=at["sum"], Y=zero, a=share, b=F(0))
    case.show("the mean of the batch mean", mean(s, total(share, at["sum"], F(0), zero)) == mu)


@obligation(
    "markov.finite",
    paper="Theorem 2a",
    kind="induction",
    of=lambda case: markov,
    twin=lambda case: lambda mean, k: mean / (k + 1),
)
def few_are_far_above_the_mean(bound: Callable[[Number, Number], Number], case: Case) -> None:
    """Markov's inequality holds for every law of finitely many non-negative values: P(T >= k) <= E[T]/k for every k >
    0, by induction over the values. The rounds of a run that is stopped after k rounds have such a law, and stopping
    makes no mean larger."""
    k, value, mass = case.real("k"), case.real("value"), case.real("mass")
    case.assume(k > 0, value >= 0, mass >= 0)
    state = {"mean": case.real("mean"), "far": case.real("far")}
    scaled = case.real("scaled")  # value * mass
    case.assume(scaled == value * mass)
    inputs = {"value": value, "mass": mass, "scaled": scaled}

    def share(s: Any) -> Number:
        return select(s["value"] >= k, s["mass"], F(0))

    case.lemma("one value", k * share(inputs) <= scaled)

    def holds(s: Any) -> Formula:
        return every(s["far"] >= 0, s["mean"] >= 0, s["far"] * k <= bound(s["mean"], k) * k)

    law = case.induction(
        "over the values",
        state=state,
        start={"mean": F(0), "far": F(0)},
        holds=holds,
        inputs=inputs,
        advance=lambda s: {"mean": s["mean"] + s["scaled"], "far": s["far"] + share(s)},
    )
    whole = case.reached(law)
    case.show("the tail", whole["far"] * k <= bound(whole["mean"], k) * k)


@obligation("markov.rounds", paper="Theorem 2a", of=lambda case: F(1), twin=lambda case: F(1, 2))
def rounding_down_is_enough(further: Fraction, case: Case) -> None:
    """If a run takes E rounds on average and k is E/delta rounded down, then it takes more than k rounds with
    probability at most delta, for every delta > 0, because more than k rounds are at least k + 1."""
    k, delta = case.integer("k"), case.real("delta")
    law = case.use("markov.finite", "the tail", k=k + further)
    mean, far = (law.values[f"over the values reached: {name}"] for name in ("mean", "far"))
    case.assume(delta > 0, k >= 0, k * delta <= mean, mean < (k + 1) * delta)
    case.assume(law.premises, label="the rounds have a law of finitely many values")
    case.show("rare", far <= delta)


def _every_batch() -> Iterator[dict[str, Any]]:
    """Every batch size up to 24, and chances in eighths; those above one half are the same by symmetry."""
    return ({"b": b, "p": F(eighths, 8)} for b in range(1, MOST_EXACT + 1) for eighths in range(1, 5))


MOST_EXACT = 24


@obligation(
    "equation10.exact",
    paper="Equation (10)",
    kind="enumeration",
    domain=_every_batch,
    expect=Verdict.CHECKED,
    finite="values -1 and 1, every b up to 24, p in eighths, every eta",
    of=lambda case: hoeffding,
    twin=lambda case: _sharper,
)
def exact_tails_for_every_width(bound: Bound, case: Case) -> None:
    """For every batch size b up to 24 and each chance p of the finite case, and every eta > 0: the exact probability
    that the mean of b values -1 and 1 is more than eta away from its expectation is at most 2 exp(-eta^2 b/2). Only the
    distances d that occur matter: below the next of them the probability is that of d or more."""
    b, p = int(case.integer("b")), case.real("p")
    distances = sorted({abs(F(2 * ones, b) - 2 * p) for ones in range(b + 1)})
    least = [F(1), *(signs_tail(b, p, nearer) for nearer in distances)]
    below = (tail <= bound(b, distance)[0] for tail, distance in zip(least, distances, strict=False))
    case.show("every distance", every(*below))


LAWS: tuple[dict[Fraction, Fraction], ...] = (
    {F(-1): F(1, 4), F(1): F(3, 4)},
    {F(1, 2): F(1)},
    {F(-1): F(1, 5), F(1, 3): F(1, 2), F(1): F(3, 10)},
)


@obligation(
    "equation10.laws",
    paper="Equation (10)",
    kind="enumeration",
    domain=lambda: (
        {"law": i, "b": b, "eta": eta} for i, b, eta in product(range(3), range(1, 5), (F(0), F(1, 4), F(2, 3), F(1)))
    ),
    expect=Verdict.CHECKED,
    finite="three laws of up to three values, b <= 4, four widths",
    of=lambda case: exact_tail,
    twin=lambda case: lambda law, b, eta: 2 + exact_tail(law, b, eta),
)
def tails_are_those_of_all_outcomes(tail: Callable[..., Fraction], case: Case) -> None:
    """For each law, number b of values and width of the finite case, the exact tail is the probability of the sequences
    of b values whose mean is more than the width away from the mean of the law."""
    law, b, eta = LAWS[int(case.integer("law"))], int(case.integer("b")), F(case.real("eta"))
    mean, far = sum((value * chance for value, chance in law.items()), F(0)), F(0)
    for values in product(law, repeat=b):
        if abs(sum(values, F(0)) / b - mean) > eta:
            far += prod((law[value] for value in values), start=F(1))
    case.show("the tail", tail(law, b, eta) == far)


LARGE = 2**17
EXPONENTS = (F(0), F(1, 3), F(1), F(7, 2), F(31), F(32), F(33), F(100), F(2000), F(LARGE), F(LARGE) + 1, F(2 * LARGE))


def _wide(x: Fraction) -> tuple[Fraction, Fraction]:
    """1/(2 + x) and 1 - x, whatever x is (the twin's)."""
    return 1 / (2 + abs(x)), 1 - abs(x)


@obligation(
    "equation10.exponential",
    paper="Equation (10)",
    kind="enumeration",
    domain=lambda: iter([{"x": x} for x in EXPONENTS]),
    expect=Verdict.CHECKED,
    finite="twelve exponents up to 2^18",
    of=lambda case: exponential,
    twin=lambda case: _wide,
)
def exponentials_are_enclosed(around: Callable[[Fraction], tuple[Fraction, Fraction]], case: Case) -> None:
    """For each exponent x of the finite case the two rationals are closer than 10^-30 of the greater one; above 2^17
    they are 0 and what is above exp(-2^17). They agree with exp(-x) as the square of exp(-x/2); for small x they are
    around what lies between 1 - x and 1/(1 + x). A negative exponent is refused."""
    x = F(case.real("x"))
    (low, high), (half_low, half_high) = around(x), around(x / 2)
    fine = 0 < low <= high and (high - low) * 10**30 <= high
    case.show("close", fine if x <= LARGE else (low, high) == (F(0), around(F(LARGE))[1]))
    case.show("a square", half_low**2 <= high and (low <= half_high**2 or x > LARGE))
    small = x / 10**9 + F(1, 10**9)
    below, above = around(small)
    case.show("near 0", 1 - small < above and below < 1 / (1 + small) and below <= above)
    case.show("refused below 0", taken(lambda: around(-small)) is ConstructionError)


def _one_side(b: int, p: Fraction, eta: Fraction) -> Between:
    """Half of the chance (the twin's), as if one of the two sides were forgotten."""
    low, high = binomial_tail(b, p, eta)
    return low / 2, high / 2


@obligation(
    "equation10.binomial",
    paper="Equation (10)",
    kind="enumeration",
    domain=_grid,
    expect=Verdict.CHECKED,
    finite="b up to 150, p in tenths, five eta",
    of=lambda case: binomial_tail,
    twin=lambda case: _one_side,
)
def enclosures_hold_the_exact_tail(tail: Callable[[int, Fraction, Fraction], Between], case: Case) -> None:
    """For each batch size b, chance p and width eta of the finite case, the exact probability that the mean of b
    independent signs is more than eta away from its expectation is between the two rationals that are shown for batches
    of any size, and these are closer than one part in 10^60."""
    b, p, eta = int(case.integer("b")), case.real("p"), case.real("eta")
    (low, high), exact = tail(b, p, eta / 2), signs_tail(b, p, eta)
    case.show("in between", every(low <= exact, exact <= high, high - low <= F(1, 10**60) * exact))


@obligation(
    "equation10.moments", paper="Equation (10)", kind="induction", of=lambda case: Moments, twin=lambda case: Doubled
)
def moments_grow_as_b_and_b_squared(kind: Any, case: Case) -> None:
    """For every b and independent values in [-1, 1], each less its own mean: the mean of the square of their sum is at
    most b, and that of its fourth power at most 3 b^2 + b. By induction on b, as one more value adds its square to the
    one, and six times the square times its own and its fourth power to the other. (Such a value has a square of mean at
    most 1, and is at most 2 in absolute value, so that its fourth power is at most four times its square.)"""
    second, fourth = case.real("square"), case.real("fourth power")
    case.assume(second >= 0, second <= 1, fourth >= 0, fourth <= 4 * second, label="one value")
    none = kind.of_none()

    def after(s: Any) -> Any:
        return kind(s["b"], s["second"], s["fourth"]).plus(s["square"], s["fourth power"])

    run = case.induction(
        "over the values",
        state={"b": case.integer("b"), "second": case.real("second"), "fourth": case.real("fourth")},
        start={"b": F(none.count), "second": none.second, "fourth": none.fourth},
        inputs={"square": second, "fourth power": fourth},
        advance=lambda s: {"b": after(s).count, "second": after(s).second, "fourth": after(s).fourth},
        holds=lambda s: every(
            s["b"] >= 0,
            s["second"] >= 0,
            s["second"] <= moment_bounds(s["b"])[0],
            s["fourth"] <= moment_bounds(s["b"])[1],
        ),
    )
    at = case.reached(run)
    case.show("the square", at["second"] <= moment_bounds(at["b"])[0])
    case.show("the fourth power", at["fourth"] <= moment_bounds(at["b"])[1])


class Doubled(Moments):
    """The same with twice the cross term (the twin's)."""

    def plus(self, second: Number, fourth: Number) -> Moments:
        """With one more value."""
        return Doubled(self.count + 1, self.second + second, self.fourth + 12 * self.second * second + fourth)


@obligation("equation10.spread", paper="Equation (10)", of=lambda case: F(1), twin=lambda case: F(1, 2))
def a_value_spreads_by_one_at_most(most: Fraction, case: Case) -> None:
    """A value in [-1, 1] less its own mean has a square of mean at most 1, and a fourth power of at most four times its
    square. (Stated for the two ends by the point of the space at which the square is furthest above 1.)"""
    space, value, square = case.real("space"), case.real("X"), case.real("square")
    mean, at = case.word("mean"), case.word("value at")
    point = case.word("worst point")(space, square, F(0), F(0), F(0), F(0))
    case.assume(at(square, point) == at(value, point) * at(value, point), within(at(value, point), F(1)))
    case.lemma("at a point", at(square, point) <= most)
    case.principle("domination", s=space, X=square, c=most, a=F(0), Y=F(0), d=F(0), A=F(0))
    middle, centred = case.real("m"), case.real("mean of the square of X - m")
    case.assume(middle == mean(space, value), centred == mean(space, square) - middle * middle, label="X less its mean")
    case.show("at most 1", centred <= most)
    x, m = case.real("x"), case.real("of mean")
    case.assume(within(x, F(1)), within(m, F(1)))
    away = (x - m) * (x - m)
    case.show("the fourth power", away * away <= 4 * away)


@obligation(
    "equation10.markov",
    paper="Equation (10)",
    of=lambda case: by_moments,
    twin=lambda case: lambda b, eta: tuple(bound / 2 for bound in by_moments(b, eta)),
)
def tails_without_hoeffding(bounds: Callable[..., tuple[Number, Number]], case: Case) -> None:
    """For every b >= 1, eta > 0 and b independent values in [-1, 1], given Markov's inequality alone: the mean of the
    values is eta or more away from its own mean with a chance of at most 1/(b eta^2), and of at most (3b + 1)/(b^3
    eta^4). The events are that the square or the fourth power of the distance of the sum is not below (b eta)^2 or (b
    eta)^4."""
    space, eta, b = case.real("space"), case.real("eta"), case.integer("values")
    moments = case.use("equation10.moments", **{"over the values reached: b": b})
    case.assume(moments.premises, b >= 1, eta > 0, label="b independent values")
    far = b * eta
    case.lemma("far", far > 0)
    chance, below, mean = case.word("chance"), case.word("not below"), case.word("mean")
    for power, name, bound in zip((2, 4), ("second", "fourth"), bounds(b, eta), strict=True):
        value, least = case.real(f"power {power}"), case.real(f"least {power}")
        case.assume(case.word("is never negative")(space, value), least == far**power)
        case.assume(mean(space, value) == moments.values[f"over the values reached: {name}"], label="a moment")
        case.lemma(f"positive {power}", least > 0)
        case.principle("markov", s=space, X=value, k=least)
        most = moment_bounds(b)[0 if power == 2 else 1]
        case.lemma(f"times {power}", chance(space, below(value, least)) * least <= most)
        case.lemma(f"bound {power}", bound * least == most)
        case.show(f"seldom, by power {power}", chance(space, below(value, least)) <= bound)
