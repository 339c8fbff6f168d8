"""Lemmas 3b and 12b as the paper states them: the trained network has at most the error of the method.

What a network's training does is said by ``lemma3b.rounds``: of any copy of any round, and of the output at the end.
Here the rounds of a training run are put together to a run of the method, and losses are compared (``lemma3b.runs``).
That the copy of each query of each round is such a copy, and that the bits that final controls read are those of the
predictor, is in words. The top statements of Theorems 1a, 1d, 3a and 3d on networks use ``lemma3b.simulates`` as those
on models use Lemma 3a.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.training.network_methods import lemma_3b
from verify.claims.models.answering.any_method import no_more_error_by_rounds
from verify.claims.networks.trainable.batches import KINDS
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
READ = ("the answer is within tau of fm", "fm is what was asked and wrong")
"""What is used of the training of a network: what is read of a copy of either kind."""
JOINED = (
    "that what is read in a round is read of such copies, and the bits of the prediction: in words, on four networks"
)
"""The finite case."""
TAU = 4
"""The tolerance of the method, in multiples of rho."""


@dataclass(frozen=True, slots=True)
class NetworkRun:
    """The simulation, and within how many multiples of rho the answers that are read off the network are."""

    simulation: Any
    within: Fraction


def _as_near_as(multiples: int) -> Callable[[Case], NetworkRun]:
    return lambda case: NetworkRun(lemma_3b(None), F(multiples))


@obligation("lemma3b.runs", paper="Lemma 3b", kind="induction", of=_as_near_as(TAU), twin=_as_near_as(TAU + 1))
def a_trained_network_is_a_run(subject: NetworkRun, case: Case) -> None:
    """For every rho > 0, every bSQ0/1 method with tolerance tau = 4 rho (a function of its random bits and answers)
    and every source: let what is read in each round of a training run, over the gain, be within 4 rho of the fraction
    of the batch on which the query's digit was set and the label was the wrong one, which is the mean of the query; and
    let the network end as the predictor of the method's last state. Then the network has at most the error of the
    method: clipped to [-1, 1], what is read are valid answers, so its loss is at most the largest to which these can
    lead."""
    no_more_error_on_a_network(subject, case, same=False)


@obligation("lemma12b.runs", paper="Lemma 12b", kind="induction", of=_as_near_as(TAU), twin=_as_near_as(TAU + 1))
def a_trained_network_is_a_run_on_one_batch(subject: NetworkRun, case: Case) -> None:
    """The same for an fbSQ0/1 method and fbGD, where the sample is the batch of each step."""
    no_more_error_on_a_network(subject, case, same=True)


@obligation(
    "lemma3b.simulates",
    paper="Lemma 3b",
    of=lambda case: lemma_3b(None),
    twin=lambda case: replace(lemma_3b(None), delta=F(-1)),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def bsgd_on_a_network_does_what_alternating_bsq_does(simulation: Any, case: Case) -> None:
    """For every rho < 1/4, b, k, p, r, every bSQ0/1 method with tolerance tau = 4 rho and every source: bSGD on the
    method's network, all of whose edges train, has at most the error of the method. What is read of any copy of any
    round is within tau of the mean of its query (``lemma3b.answers``), so a training run is a run of the method with
    valid answers (``lemma3b.runs``)."""
    the_network_simulates(simulation, case, "lemma3b")


@obligation(
    "lemma12b.simulates",
    paper="Lemma 12b",
    of=lambda case: lemma_3b(None),
    twin=lambda case: replace(lemma_3b(None), delta=F(-1)),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def fbgd_on_a_network_does_what_alternating_fbsq_does(simulation: Any, case: Case) -> None:
    """For every rho < 1/4, m, k, p, r, every fbSQ0/1 method with tolerance tau = 4 rho and every source: fbGD on the
    method's network, all of whose edges train, has at most the error of the method; the argument is that of Lemma 3b,
    with one batch for all steps."""
    the_network_simulates(simulation, case, "lemma12b")


def the_network_simulates(simulation: Any, case: Case, lemma: str) -> None:
    """State that a network has at most the error of its method, by what is read of its copies."""
    rho, k, tau, space = case.real("rho"), case.integer("k"), case.real("tau"), case.real("space")
    losses = {name: case.real(name) for name in ("loss of A", "loss of A'")}
    case.assume(rho > 0, rho < F(1, 4), tau == TAU * rho, k >= 0)
    for kind in KINDS:
        case.use(f"lemma3b.answers.{kind}", *READ, rho=rho)
    case.use("lemma3b.ends", "the network ends as the predictor", rho=rho)
    runs = case.use(f"{lemma}.runs", "no more error", rho=rho, tau=tau, k=k, space=space, **losses)
    case.assume(runs.premises, label="what is read in each round is read of a copy, and what the losses are")
    mean = case.word("mean")
    given, made = (mean(space, value) for value in losses.values())
    case.show("no more error", simulation.allows(given, made))


def no_more_error_on_a_network(subject: NetworkRun, case: Case, *, same: bool) -> None:
    """State that the trained network has at most the error of the method; ``same`` if all steps have the same batch."""
    rho, tau = case.real("rho"), case.real("tau")
    case.assume(rho > 0, tau == TAU * rho)
    case.assume(case.integer("k") >= 0, label="there are k rounds")
    no_more_error_by_rounds(subject.simulation, case, subject.within * rho, same=same)
