"""Queries on both labels, one step for each (S6), as a whole run."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations import rounding
from constructions.learning.descent_methods import descent_error
from constructions.learning.error import error
from constructions.learning.learners import best_literal, query_conjunction
from constructions.learning.models import BSQ, QueryMethod
from constructions.learning.oracles import means_over
from constructions.learning.problems import Table
from constructions.models.on_both_labels import compiled_on_both, on_both_labels, theta
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
TAU = F(1, 4)
AGREES = QueryMethod(  # does the label agree with the bit, more often than not? on both labels
    n=1,
    budget=BSQ(k=1, tau=TAU, b=2, p=1),
    start=lambda bits: F(0),
    query=lambda state: lambda x, y: (1 - 2 * (x[0] ^ y),),
    after=lambda state, answers: answers[0],
    predictor=lambda state: lambda x: x[0] if state > 0 else 1 - x[0],  # type: ignore[operator]
    cells=lambda state, means, tau: [(max(F(-1), means[0] - tau),), (min(F(1), means[0] + tau),)],
)
SOURCE = Table(1, {((0,), 0): F(1, 2), ((1,), 1): F(1, 4), ((1,), 0): F(1, 4)})


@pytest.mark.parametrize("adversary", [rounding.up, rounding.down, rounding.nearest])
def test_each_step_answers_within_tau_and_moves_its_own_clock(adversary: rounding.Adversary) -> None:
    method = compiled_on_both(query_conjunction(2, b=3, tau=TAU), F(1, 16))
    descent, random = replace(method.descent, adversary=adversary), Random(0)
    points = [(x, y) for x in product((0, 1), repeat=2) for y in (0, 1)]
    model = method.start(())
    for t in range(1, method.budget.steps + 1):
        batch = [random.choice(points) for _ in range(3)]
        asked = model.method.ask(model.state, t)
        (mean,) = means_over(batch, asked, 1)
        after = descent.step(model, batch, number=t)
        moved = F(0) - descent.estimate(model, batch, number=t)[theta(t)]
        assert (
            isinstance(after, type(method.start(())))
            and after.t == t + 1
            and abs(F(model.numbers.read(moved)) - mean) <= TAU
        )
        model = after
    assert not model.edges


def test_its_exact_error_is_at_most_that_of_the_method() -> None:
    made = on_both_labels()(AGREES)
    assert made.budget.steps == made.budget.p == 1
    assert descent_error(made, SOURCE) <= error(AGREES, SOURCE)


def test_the_derivative_is_that_of_the_line() -> None:
    model = compiled_on_both(AGREES).start(())
    for x, y in product(((0,), (1,)), (0, 1)):
        centre, slope = model.line(x)
        step = F(1, 10**6)
        change = ((centre - slope * step - y) ** 2 - (centre + slope * step - y) ** 2) / (4 * step)
        assert model.derivative((x, y))[theta(1)] == change


def test_premises_are_quoted() -> None:
    with pytest.raises(PremiseError, match=r"need rho < tau/3, got rho = 1/12 and tau = 1/4"):
        compiled_on_both(AGREES, F(1, 12))
    with pytest.raises(ConstructionError, match="need a method of one query a round about batches, got one with BSQ"):
        compiled_on_both(best_literal(1, b=2, tau=TAU))


def test_a_training_run_is_a_run_of_the_method() -> None:
    result = discharge(paper_obligations()["lemma3a.both.runs"])
    assert (result.verdict, result.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)
