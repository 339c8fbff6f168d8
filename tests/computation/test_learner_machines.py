"""Learners as machines and as methods: the same queries, the same predictions, on the same answers."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.learning.learners import best_literal, correlations, query_conjunction
from constructions.learning.models import QueryMethod
from constructions.networks.stamped import stamp
from verify.circuits.by_shape import prove_emulation
from verify.obligations.verdict import Verdict

F = Fraction
PLACES = 5
Pair = tuple[QueryMethod, QueryMachine]
PAIRS: dict[str, Callable[[int], Pair]] = {
    "best literal": lambda n: (best_literal(n, b=4, tau=F(1, 9)), best_literal_machine(n, fraction=PLACES)),
    "correlations": lambda n: (correlations(n, b=4, tau=F(1, 9)), correlations_machine(n, fraction=PLACES)),
    "conjunction": lambda n: (
        query_conjunction(n, b=4, tau=F(1, 9)),
        conjunction_machine(n, fraction=PLACES, tau=F(1, 9)),
    ),
}


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("seed", range(6))
def test_a_machine_and_its_method_agree_bit_for_bit(name: str, n: int, seed: int) -> None:
    method, machine = PAIRS[name](n)
    source = Random(seed)
    assert (machine.rounds, machine.parallel) == (method.budget.k, method.budget.p)
    state, kept = method.start(()), machine.start()
    cube = list(product((0, 1), repeat=n))
    for t in range(1, machine.rounds + 1):
        query = machine.query_at(kept, t)
        for x in cube:
            for y in (0, 1):
                assert query(x, y) == method.ask(state, t)(x, y)
        answers = tuple(F(source.randint(-(2**PLACES), 2**PLACES), 2**PLACES) for _ in range(machine.parallel))
        state, kept = method.after(state, answers), machine.after(kept, answers)
    h = method.predictor(state)
    assert [machine.predict(kept, x) for x in cube] == [h(x) for x in cube]


@pytest.mark.parametrize("name", PAIRS)
def test_a_machine_survives_aiger_and_its_step_becomes_a_network(name: str) -> None:
    _, machine = PAIRS[name](2)
    again = query_machine(read_aiger(write_aiger(machine.aiger(), binary=True)))
    assert (again.query_format, again.answer_format, again.rounds) == (
        machine.query_format,
        machine.answer_format,
        machine.rounds,
    )
    made = stamp(again.machine.exposed())
    assert prove_emulation(made.circuit, made.network, made.places).verdict is Verdict.PROVED


def test_ties_go_to_the_first_literal() -> None:
    machine = best_literal_machine(2, fraction=3)
    state = machine.start()
    for _ in range(2):
        state = machine.after(state, [F(1, 2)] * 3)
    assert [machine.predict(state, x) for x in product((0, 1), repeat=2)] == [0, 0, 1, 1]
