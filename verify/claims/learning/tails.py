"""Hoeffding's inequality, which is assumed, against exact tails; Markov's, which is proved for laws of finitely many
values."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select
from constructions.learning.tails import hoeffding, markov, signs_tail
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
