"""Theorems 1b and 3b, by use of Lemma 4 and Theorem 2b, and of Lemma 13 and Lemma 5b; and their exact errors on small
problems."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.logic import every
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod
from constructions.reductions.descent_by_samples import theorem_1b, theorem_3b
from verify.claims.reductions.descent_by_queries.small_problems import (
    FIXED,
    FRESH,
    checked,
    costs_nothing,
    too_large_by,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation


def chain(build: Callable[..., Any]) -> Callable[[Case], Any]:
    """A theorem for any slack of the gradients."""
    return lambda case: build(slack=case.real("eps"))


def promising(build: Callable[..., Any]) -> Callable[[Case], Any]:
    """The same with a promise to lose less than nothing (the twins')."""
    return lambda case: replace(build(slack=case.real("eps")), delta=Fraction(-1, 8))


@obligation("theorem1b.simulates", paper="Theorem 1b", of=chain(theorem_1b), twin=promising(theorem_1b))
def pac_does_what_bsgd_does(simulation: Any, case: Case) -> None:
    """For all T, rho > 0, b, p, r, every step size, every differentiable model with any number of weights, every
    initialization and every source: PAC with Tb samples and r random bits has at most the error of bSGD, also if a
    program finds each entry of a gradient only up to eps, from 0 to rho/4. For bSQ has at most this error (Lemma 4),
    and PAC at most that of bSQ (Theorem 2b)."""
    steps, b, p, r = (case.integer(name) for name in ("T", "b", "p", "r"))
    given: Any = BSGD(steps=steps, rho=precision(case), b=b, p=p, r=r)
    made = simulation.budget(given)
    case.show("Tb samples and r random bits", every(made.m == steps * b, made.r == r))
    by_two_links(simulation, "lemma4.simulates", "theorem2b.simulates", {"b": b, "p": p, "r": r}, case)


@obligation("theorem3b.simulates", paper="Theorem 3b", of=chain(theorem_3b), twin=promising(theorem_3b))
def pac_does_what_fbgd_does(simulation: Any, case: Case) -> None:
    """For all T, rho > 0, m, p, r, every step size, every differentiable model with any number of weights, every
    initialization and every source: PAC with m samples and r random bits has at most the error of fbGD, also if a
    program finds each entry of a gradient only up to eps, from 0 to rho/4. For fbSQ has at most this error (Lemma 13),
    and PAC at most that of fbSQ (Lemma 5b)."""
    steps, m, p, r = (case.integer(name) for name in ("T", "m", "p", "r"))
    given: Any = FBGD(steps=steps, rho=precision(case), m=m, p=p, r=r)
    made = simulation.budget(given)
    case.show("m samples and r random bits", every(made.m == m, made.r == r))
    by_two_links(simulation, "lemma13.simulates", "lemma5b.simulates", {"m": m, "p": p, "r": r}, case)


def precision(case: Case) -> Any:
    """Any rho > 0, beside any step size."""
    rho, rate = case.real("rho"), case.real("rate")
    case.assume(rho > 0, rate > 0)
    return rho


def by_two_links(simulation: Any, first: str, second: str, sizes: dict[str, Any], case: Case) -> None:
    """State that the error does not grow, by the tops of both links: what is the loss of A' in the first is that of A
    in the second. The rounds, batches and tolerance of the second are those of the first one's method."""
    space, steps, rho, eps = case.real("space"), case.integer("T"), case.real("rho"), case.real("eps")
    descent, queries, samples = (case.real(f"loss of {name}") for name in ("descent", "queries", "samples"))
    link = {"loss of A": descent, "loss of A'": queries, "rate": case.real("rate")}
    one = case.use(first, "no more error", space=space, T=steps, rho=rho, eps=eps, **sizes, **link)
    case.assume(one.premises, label="what the losses of descent and of the method by queries are")
    asked = {"k": steps, "tau": rho / 4 - eps, "space": space, "loss of A": queries, "loss of A'": samples}
    two = case.use(second, "no more error", **asked)
    case.assume(two.premises, label="what the losses of the method by queries and of the one from samples are")
    mean = case.word("mean")
    case.show("no more error", simulation.allows(mean(space, descent), mean(space, samples)))


def off_by_more(build: Callable[..., Any]) -> Callable[[DescentMethod], Any]:
    """The theorem for methods whose derivatives are too large by rho, which is said to be nothing (the twins')."""
    return lambda method: build()(replace(method, computed=too_large_by(method.budget.rho), slack=Fraction(0)))


OFF = "the twin's derivatives are off by rho"


@checked("theorem1b.error", "Theorem 1b", theorem_1b, twin=off_by_more(theorem_1b), broken=OFF)
def samples_cost_no_error(made: Any, case: Case) -> None:
    """For each bSGD method and source of the finite case, the method from Tb samples has at most the error that
    gradient descent has against the worst valid estimates."""
    costs_nothing(made, FRESH, case)


@checked("theorem3b.error", "Theorem 3b", theorem_3b, twin=off_by_more(theorem_3b), broken=OFF)
def one_sample_costs_no_error(made: Any, case: Case) -> None:
    """For each fbGD method and source of the finite case, the method from m samples has at most the error that gradient
    descent has against the worst valid estimates."""
    costs_nothing(made, FIXED, case)
