"""Lemmas 2 and 7 in bits: the machines ask what the methods ask, and predict what they predict."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, cast

from constructions.computation.asking_machine import averaging_machine, holding_machine
from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.query_machine import QueryMachine
from constructions.learning.learners import best_literal
from constructions.learning.models import SQ, QueryMethod
from constructions.reductions.bsq import averaged_by_label, split
from constructions.reductions.cells import in_cells
from constructions.reductions.queries_alone import asked_alone
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
TAU, Q, PLACES = F(1, 2), 2, 4
POINTS = [((x,), y) for x in (0, 1) for y in (0, 1)]


@dataclass(frozen=True, slots=True)
class Both:
    """A machine and the method that it is."""

    machine: QueryMachine
    method: QueryMethod


def _alone() -> QueryMethod:
    """The best of the literals of one bit, one query after the other."""
    method = best_literal(1, b=4, tau=TAU)
    budget = method.budget
    queries = asked_alone(method)
    return QueryMethod(
        n=1,
        budget=SQ(k=budget.k * budget.p, tau=TAU),
        start=queries.start,
        query=queries.query,
        after=queries.after,
        predictor=queries.predictor,
    )


def _averages(q: int) -> Callable[[Case], Both]:
    machine = averaging_machine(best_literal_machine(1, fraction=PLACES + 2), q=q, fraction=PLACES)
    return lambda case: Both(machine, averaged_by_label(_alone(), b=4, q=Q))


def _held(fraction: int) -> Callable[[Case], Both]:
    machine = holding_machine(best_literal_machine(1, fraction=fraction), fraction=PLACES)
    return lambda case: Both(machine, split()(in_cells(_alone())))


def _answers() -> Iterator[dict[str, Any]]:
    """Answers to the queries of a run: four numbers that take turns in some order, so that no two orders are alike."""
    return ({"first": a, "second": b, "third": c} for a, b, c in product(range(-12, 15, 6), repeat=3))


def same_run(both: Both, case: Case) -> None:
    """State that machine and method ask the same and predict the same for the answers of a case."""
    machine, method = both.machine, both.method
    row = [F(int(case.integer(name)), 16) for name in ("first", "second", "third")]
    now, state, same = machine.start(), method.start(()), machine.rounds == method.budget.k
    for t in range(1, min(machine.rounds, method.budget.k) + 1):
        asked, wanted = machine.query_at(now, t), method.query(state)
        same = same and all(asked(x, y) == tuple(wanted(x, y)) for x, y in POINTS)
        answer = row[(t * t + t // 3) % 3]
        now, state = machine.after(now, [answer]), method.after(state, (answer,))
    predictor = method.predictor(cast(Any, state))
    case.show("the same queries", same)
    case.show("the same predictions", all(machine.predict(now, x) == predictor(x) for x, _ in POINTS))


FINITE = "the literals of one bit, four queries, 125 rows of answers"


@obligation(
    "lemma2.machine",
    paper="Lemma 2",
    kind="enumeration",
    domain=_answers,
    expect=Verdict.CHECKED,
    finite=f"{FINITE}, two rounds for each on either label",
    of=_averages(Q),
    twin=_averages(Q + 1),
)
def the_machine_averages_as_the_method(both: Both, case: Case) -> None:
    """For all answers of the finite case, the machine asks in every round what the method of Lemma 2 asks, and predicts
    what it predicts. (The means are multiples of the unit of its answers, so nothing is rounded.)"""
    same_run(both, case)


@obligation(
    "lemma7.machine",
    paper="Lemma 7",
    kind="enumeration",
    domain=_answers,
    expect=Verdict.CHECKED,
    finite=FINITE,
    of=_held(2),
    twin=_held(1),
)
def the_machine_holds_as_the_method(both: Both, case: Case) -> None:
    """For all answers of the finite case, the machine asks in every round what the method of Lemma 7 asks, and predicts
    what it predicts: sums of two answers are held to the same multiple of tau/2, ties included."""
    same_run(both, case)
