"""Corollary 2 on models: bSGD with b and rho given within SQ, and SQ strictly less than PAC, over budgets."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies
from constructions.foundations.terms import INTEGER
from constructions.learning.descent_methods import BSGD
from constructions.learning.models import SQ
from constructions.models.classes import Inclusion, PolynomialBound, kept_within
from constructions.models.given_precision import (
    SAMPLES_FOR_PARITIES,
    bsgd_in_sq,
    kept_within_bsgd,
    kept_within_sq,
    parities_beyond,
    parity_samples,
    points_of_twice_the_bits,
)
from constructions.reductions.descent_by_source import theorem_1c
from verify.claims.learning.lower_bound.fallen import SHIFTED
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction


@obligation(
    "corollary2.exponential",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: points_of_twice_the_bits,
    twin=lambda case: lambda points: 2 * points,
)
def there_are_more_parities_than_any_polynomial(twice: Callable[[Number], Number], case: Case) -> None:
    """For every degree d and every constant c there is a number n of bits with 2^n >= c n^d. Let n = (d + 1) 2^j, let w
    be 2^d and e be (d + 1)^d. By induction on j, 2^n e is at least 2^j 2w n^d: with twice the bits 2^n is squared, and
    n^d becomes w n^d, while 2^n is at least 2w throughout. And 2^j is at least j + 1, so some j will do."""
    w, first, c = case.real("w"), case.real("e"), case.real("c")
    case.assume(w >= 1, first >= 1, c >= 0)
    names = {"points": case.real("points"), "power": case.real("power"), "twos": case.real("twos")}
    run = case.induction(
        "over j",
        state={"j": case.integer("j"), **names},
        start={"j": F(0), "points": 2 * w, "power": first, "twos": F(1)},
        inputs={},
        advance=lambda s: {
            "j": s["j"] + 1,
            "points": twice(s["points"]),
            "power": w * s["power"],
            "twos": 2 * s["twos"],
        },
        holds=lambda s: every(
            s["j"] >= 0,
            s["power"] > 0,
            s["twos"] >= s["j"] + 1,
            s["points"] >= 2 * w,
            s["points"] * first >= s["twos"] * (2 * w) * s["power"],
        ),
    )
    at = case.reached(run)
    enough = (at["j"] + 1) * (2 * w) >= c * first
    case.lemma("j is large", implies(enough, at["twos"] * (2 * w) >= c * first))
    case.lemma("times the power", implies(enough, at["twos"] * (2 * w) * at["power"] >= c * first * at["power"]))
    case.lemma("in all", implies(enough, at["points"] * first >= c * at["power"] * first))
    case.show("more parities", implies(enough, at["points"] >= c * at["power"]))


def growth(case: Case, n: Any) -> tuple[PolynomialBound, Any]:
    """Any bound c n^d >= 1, and the powers of n: n^(2d) is the square of n^d."""
    power = case.function("power", 2, takes=(INTEGER, INTEGER))
    bound = PolynomialBound(constant=case.real("c"), degree=case.integer("d"))
    here = power(n, bound.degree)
    case.assume(n >= 1, bound.constant >= 1, here >= 1)
    case.assume(power(n, 2 * bound.degree) == here * here, label="what the power of twice the degree is")
    return bound, power


@obligation(
    "corollary2.sq_is_less",
    paper="Corollary 2",
    of=lambda case: parities_beyond,
    twin=lambda case: lambda most: 2 * most + 2,
)
def parities_are_learned_by_pac_and_not_by_sq(beyond: Callable[[Number], Number], case: Case) -> None:
    """For every n >= 1 and every bound B >= 1 with 2^n >= 2 B^3 + 2: no SQ method with k and 1/tau at most B, with any
    number of random bits, has an error below 1/16 on all parities of n uniform bits; and with n + 3 samples, which are
    at most 4n, a method that returns a parity which fits them has an error below 1/16 on each."""
    n, most, targets = case.integer("n"), case.real("most"), case.integer("targets")
    k, tau, error = case.integer("k"), case.real("tau"), case.real("error")
    given: Any = SQ(k=k, tau=tau, r=F(0))  # type: ignore[arg-type]
    case.assume(n >= 1, most >= 1, k >= 0, tau > 0, kept_within_sq(given, most), label="a budget within the bound")
    case.assume(targets >= beyond(most), label="so many parities")
    square = tau * tau
    case.lemma("tau times the bound", (tau * most) * (tau * most) >= 1)
    case.lemma("times the bound", most * ((tau * most) * (tau * most)) >= most)
    case.lemma("the cube", square * (most * most * most) >= most)
    case.lemma("half of the parities", F(1, 2) * targets - 1 >= most * most * most)
    case.lemma("times the square", square * (F(1, 2) * targets - 1) >= square * (most * most * most))
    case.show("few queries", SHIFTED.cost * k <= square * (F(1, 2) * targets - 1))
    facts = ("SQ loses", "PAC learns")
    used = case.use("corollary2.separation", *facts, k=k, tau=tau, targets=targets, error=error)
    case.assume(used.premises, label="an SQ method with this error, and one that fits samples")
    case.show("SQ does not learn", error >= F(1, 16))
    learned = case.word("mean")(used.values["samples: samples"], used.values["samples: loss of the method"])
    case.show("PAC learns", learned < F(1, 16))
    room = SAMPLES_FOR_PARITIES.constant * n
    case.show("samples within a bound", kept_within(parity_samples(n), room))


@obligation(
    "corollary2.coarse",
    paper="Corollary 2",
    of=lambda case: bsgd_in_sq(case.real("delta")),
    twin=lambda case: replace(bsgd_in_sq(case.real("delta")), grown=lambda bound: bound),
)
def sq_learns_what_bsgd_learns(inclusion: Inclusion, case: Case) -> None:
    """For every n >= 1 and every bound c n^d on the budget of a bSGD method and on 1/rho, with Tp exp(-b rho^2/128) <=
    delta (b rho^2 >= 128 log(Tp/delta)): SQ has a budget within 8 c^2 n^(2d), 1/tau included, and ensures on every
    source every error that the method ensures, with at most delta more."""
    n, steps, b, p, r = (case.integer(name) for name in ("n", "T", "b", "p", "r"))
    rho, rate, most, delta = (case.real(name) for name in ("rho", "rate", "most", "delta"))
    bound, power = growth(case, n)
    given: Any = BSGD(steps=steps, rho=rho, b=b, p=p, r=r)
    case.assume(rho > 0, rate > 0, steps >= 0, b >= 1, p >= 1, r >= 0)
    case.assume(most == bound.at(n, power), kept_within_bsgd(given, most), label="a budget within c n^d")
    losses = {f"loss of {name}": case.real(f"loss of {name}") for name in ("descent", "queries alone")}
    sizes = {"T": steps, "rho": rho, "b": b, "p": p, "r": r, "rate": rate, "eps": F(0), "delta": delta}
    spaces = {name: case.real(name) for name in ("space", "strings")}
    used = case.use("theorem1c.simulates", "at most delta more error", **sizes, **spaces, **losses)
    case.assume(used.premises, label="batches that are large enough, and what the losses of both methods are")
    mean, epsilon = case.word("mean"), case.real("epsilon")
    ensured = mean(spaces["space"], losses["loss of descent"]) <= epsilon
    found = mean(spaces["strings"], losses["loss of queries alone"]) <= epsilon + delta
    case.show("delta more error", implies(ensured, found))
    made: Any = theorem_1c(delta=F(1)).budget(given)
    room = inclusion.grown(bound).at(n, power)
    case.lemma("the bound is at least 1", most >= 1)
    case.lemma("a square", every(most * most >= most, steps * p <= most * most))
    case.show("queries and bits", every(made.k <= room, made.r <= room))
    case.lemma("the tolerance", made.tau * (8 * most) >= 1)
    case.show("tolerance", made.tau * room >= 1)
    case.show("the budget is within the bound", kept_within_sq(made, room))
