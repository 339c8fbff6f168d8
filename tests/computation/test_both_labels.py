"""Machines on both labels: two rounds at once ask, go on and predict as the machine does."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.computation.asking_machine import averaging_machine, holding_machine
from constructions.computation.both_labels import answered, in_pairs
from constructions.computation.design import Design
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError

F = Fraction
POINTS = [(x, y) for x in product((0, 1), repeat=2) for y in (0, 1)]
MACHINES = {
    "literal": best_literal_machine(2, fraction=4),
    "correlations": correlations_machine(2, fraction=4),
    "conjunction": conjunction_machine(2, fraction=4, tau="1/8"),
}


def learner_that_adapts() -> QueryMachine:
    """Its second query depends on the first answer."""
    design = Design()
    x, answer = design.input("x", 1), design.input("answer0", 4)
    told = design.state("told")
    design.becomes(told, answer[2])
    design.output("query0", x & told)
    design.output("predict", told & x)
    return QueryMachine(machine=design.machine(), rounds=2, answer_fraction=2)


@pytest.mark.parametrize("name", MACHINES)
def test_two_rounds_at_once_are_the_machines_two_rounds(name: str) -> None:
    machine, draw = MACHINES[name], Random(3)
    made, p = in_pairs(machine), machine.parallel
    assert (made.rounds, made.parallel, made.inputs) == (machine.rounds // 2, 2 * p, 3)
    both, state = made.start(), machine.start()
    for t in range(made.rounds):
        answers: list[F] = []
        for half in (1, 2):
            asked = machine.query_at(state, 2 * t + half)
            for x, y in POINTS:
                assert made.ask(both, (*x, y))[(half - 1) * p : half * p] == tuple(asked(x, y))
            told = [F(draw.randint(-16, 16), 16) for _ in range(p)]
            state, answers = machine.after(state, told), answers + told
        both = made.after(both, answers)
    for x, y in POINTS:
        assert made.predict(both, (*x, y)) == machine.predict(state, x)


def test_random_bits_of_both_rounds_are_tossed() -> None:
    design = Design()
    coin, x = design.input("random", 1), design.input("x", 1)
    heads = design.state("heads", 2)
    design.input("answer0", 3)
    design.becomes(heads, heads + coin.extended(2))
    design.output("query0", x)
    design.output("predict", heads[0])
    made = in_pairs(QueryMachine(machine=design.machine(), rounds=2, answer_fraction=1))
    ends = [made.after(made.start(), [F(0), F(0)], bits) for bits in product((0, 1), repeat=2)]
    assert [made.predict(end, (0, 0)) for end in ends] == [0, 1, 1, 0]


def test_a_learner_that_adapts_is_refused() -> None:
    assert answered(learner_that_adapts()) == "told"
    with pytest.raises(ConstructionError, match=r"do not depend on earlier answers .* depend on told"):
        in_pairs(learner_that_adapts())


def test_an_odd_number_of_rounds_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need an even number of rounds .* got 3"):
        in_pairs(replace(MACHINES["literal"], rounds=3))


@pytest.mark.parametrize("q", [1, 3])
def test_averages_on_both_labels_ask_each_query_on_its_label_in_every_round(q: int) -> None:
    given = conjunction_machine(1, fraction=8, tau="1/8")
    made = averaging_machine(given, q=q, fraction=6, both=True)
    assert made.rounds == q * given.rounds
    both, state = made.start(), given.start()
    for t in range(1, given.rounds + 1):
        asked, total = given.query_at(state, t), F(0)
        for i in range(q):
            for x, y in product((0, 1), repeat=2):
                assert made.ask(both, (x, y)) == tuple(asked((x,), y))
            total += (answer := F(i + t, 64))
            both = made.after(both, [answer])
        state = given.after(state, [F(int(total / q * 256), 256)])
    assert [made.predict(both, (x, 0)) for x in (0, 1)] == [given.predict(state, (x,)) for x in (0, 1)]


def test_holding_on_both_labels_asks_each_query_once() -> None:
    given = conjunction_machine(1, fraction=2, tau="1/2")
    assert holding_machine(given, fraction=4, both=True).rounds == given.rounds
