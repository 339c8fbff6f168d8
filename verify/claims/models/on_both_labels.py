"""S6 for a whole run: the model that answers one query on both labels a step has at most the error of the method."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from constructions.foundations.logic import every
from constructions.learning.models import BSQ
from constructions.models.both_labels import BothLabels
from constructions.models.on_both_labels import budget_on_both, on_both_labels
from verify.claims.models.answering.any_method import no_more_error_by_rounds
from verify.claims.models.both_labels import any_numbers
from verify.obligations.case import Case
from verify.obligations.obligation import obligation


@dataclass(frozen=True, slots=True)
class RunOnBoth:
    """The simulation, the numbers of the model, and how often its error is allowed for (1; the twin's: 2)."""

    simulation: Any
    numbers: BothLabels
    times: int


def _run(times: int) -> Callable[[Case], RunOnBoth]:
    return lambda case: RunOnBoth(on_both_labels(), any_numbers(BothLabels)(case), times)


@obligation("lemma3a.both.runs", paper="Lemma 3a", kind="induction", of=_run(1), twin=_run(2), erratum="S6")
def a_training_run_on_both_labels_is_a_run(subject: RunOnBoth, case: Case) -> None:
    """For all rho > 0, c in (0, 1) and M >= 1 whose error 2 (3 rho/4 + 1/M)/(1 - c) is at most tau, every bSQ method of
    one query a round on both labels (a function of its random bits and answers) and every source: let what is read off
    the parameter of each round after its step be within this error of the mean of its query (as ``lemma3a.both.step``
    says of any step), and let the model end as the predictor of the method's last state. Then it has at most the error
    of the method, in k steps with r + k parameters."""
    tau, k, r, rho = case.real("tau"), case.integer("k"), case.integer("r"), case.real("rho")
    bound = case.real("error")
    case.assume(bound == subject.numbers.error(), bound <= tau, k >= 0, label="the error is at most tau")
    no_more_error_by_rounds(subject.simulation, case, subject.times * bound, same=False)
    found: Any = budget_on_both(BSQ(k=k, tau=tau, b=case.integer("b"), p=1, r=r), rho)
    case.show("steps and parameters", every(found.steps == k, found.p == r + k))
