"""Hoeffding's inequality, which is assumed, against exact tails; Markov's, which is proved for laws of finitely many
values."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select
from constructions.learning.tails import exponent, for_all, hoeffding, markov, signs_tail
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
