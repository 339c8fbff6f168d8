"""Lemmas 2 and 7 as machines ask and predict what the methods do."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.computation.asking_machine import averaging_machine, holding_machine, unit_of
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import PremiseError
from constructions.learning.learners import best_literal, correlations, query_conjunction
from constructions.learning.models import QueryMethod
from constructions.reductions.bsq import averaged_by_label, split
from constructions.reductions.cells import in_cells
from constructions.theorems.querying import as_sq

F = Fraction
TAU, PLACES = F(1, 4), 8
POINTS = [(x, y) for x in product((0, 1), repeat=2) for y in (0, 1)]
LEARNERS: list[tuple[Callable[[int], QueryMachine], QueryMethod]] = [
    (lambda f: conjunction_machine(2, fraction=f, tau=TAU), query_conjunction(2, b=4, tau=TAU)),
    (lambda f: best_literal_machine(2, fraction=f), best_literal(2, b=4, tau=TAU)),
    (lambda f: correlations_machine(2, fraction=f), correlations(2, b=4, tau=TAU)),
]


def run_both(machine: QueryMachine, method: QueryMethod, answers: Callable[[F], F]) -> None:
    """Both ask the same in each round and predict the same at the end."""
    assert machine.rounds == method.budget.k
    now, state = machine.start(), method.start(())
    for t in range(1, machine.rounds + 1):
        asked, wanted = machine.query_at(now, t), method.query(state)
        values = [asked(x, y)[0] for x, y in POINTS]
        assert values == [wanted(x, y)[0] for x, y in POINTS]
        answer = answers(sum(values, F(0)) / len(values))
        now, state = machine.after(now, [answer]), method.after(state, (answer,))
    predictor = method.predictor(state)
    assert all(machine.predict(now, x) == predictor(x) for x, _ in POINTS)


@pytest.mark.parametrize(("build", "method"), LEARNERS)
def test_answers_are_held_as_lemma_7_holds_them(build: Callable[[int], QueryMachine], method: QueryMethod) -> None:
    random = Random(1)
    machine, held = holding_machine(build(unit_of(TAU)), fraction=PLACES), split()(in_cells(as_sq(method)))
    for _ in range(3):
        run_both(machine, held, lambda mean: max(F(-1), min(F(1), mean + F(random.randint(-16, 16), 256))))


@pytest.mark.parametrize(("build", "method"), LEARNERS)
def test_answers_are_averaged_as_lemma_2_averages_them(
    build: Callable[[int], QueryMachine], method: QueryMethod
) -> None:
    random, q = Random(2), 4
    machine = averaging_machine(build(PLACES + 2), q=q, fraction=PLACES)
    run_both(machine, averaged_by_label(as_sq(method), b=4, q=q), lambda mean: mean + F(random.randint(-4, 4), 256))


def test_a_sum_above_1_is_clipped() -> None:
    machine = holding_machine(best_literal_machine(1, fraction=1), fraction=4)
    now = machine.start()
    for answer in (F(1), F(15, 16)):  # both labels of the first query
        now = machine.after(now, [answer])
    assert [now[f"answered0[{i}]"] for i in range(3)] == [0, 1, 0]  # 1, in halves


def test_premises_are_quoted() -> None:
    with pytest.raises(PremiseError, match=r"need tau = 2\^-s for a grid of answers in binary, got tau = 3/8"):
        unit_of(F(3, 8))
    with pytest.raises(PremiseError, match="need answers of at least 6 places, got 4"):
        holding_machine(best_literal_machine(1, fraction=6), fraction=4)
