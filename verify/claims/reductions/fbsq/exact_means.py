"""Lemma 5b: queries about one batch are answered by the exact means of the sample."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.learning.models import FBSQ
from constructions.learning.oracles import after_rounds
from constructions.reductions.fbsq import lemma_5b
from verify.claims.reductions.bsq.exact_means import made_run, misanswered, no_more_error
from verify.obligations.case import Case
from verify.obligations.obligation import obligation


def _by_means(rounds: Callable[..., Any]) -> Callable[[Case], Any]:
    """Lemma 5b, with the code that answers a method in each round."""
    return lambda case: (lemma_5b(), rounds)


@obligation(
    "lemma5b.simulates",
    paper="Lemma 5b",
    kind="induction",
    of=_by_means(after_rounds),
    twin=_by_means(misanswered),
)
def pac_does_what_fbsq_does(subject: tuple[Any, Any], case: Case) -> None:
    """For all m, tau >= 0, k, p, r, every fbSQ method (a function of its random bits and answers) and every source: PAC
    with m samples and r random bits has at most the error of the method, by answering each query with the mean over
    the whole sample. For every sample and random string the run is one with valid answers, so its loss is at most the
    largest that valid answers can lead to; and errors are means of these."""
    simulation, rounds = subject
    sample_at = case.function("sample", 1)
    no_more_error(simulation, rounds, lambda point: lambda t: sample_at(point), case)
    made_run(simulation, FBSQ(k=2, tau=Fraction(0), m=2, p=1), lambda points: [points, points], case)
    given = FBSQ(
        k=case.integer("k"), tau=case.real("tau"), m=case.integer("m"), p=case.integer("p"), r=case.integer("r")
    )
    budget = simulation.budget(given)
    case.show("m samples", budget.m == given.m)
    case.show("r random bits", budget.r == given.r)
