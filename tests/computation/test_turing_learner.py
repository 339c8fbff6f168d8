"""A learner by Turing machines: each of its functions is what the machine does, and nothing is cut in silence."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

from constructions.computation.turing_learner import Timed, TuringLearner, always_accepts
from constructions.errors import ConstructionError
from tests.computation.test_turing import known
from verify.obligations.user_file import load_file


@pytest.fixture(scope="module")
def module() -> ModuleType:
    return load_file(Path(__file__).parents[2] / "examples" / "turing_learner.py")


@pytest.fixture(scope="module")
def learner(module: ModuleType) -> TuringLearner:
    found = module.LEARNER
    assert isinstance(found, TuringLearner)
    return found


def test_every_word_is_accepted_in_time_and_not_in_less(learner: TuringLearner) -> None:
    for timed, widths in ((learner.query, learner.asked), (learner.predict, learner.asked)):
        assert always_accepts(timed, widths) is None
        assert always_accepts(replace(timed, time=timed.time - 1), widths) is not None
    assert always_accepts(learner.update, learner.updated) is None


def test_the_learner_learns_every_majority_of_literals(learner: TuringLearner) -> None:
    machine = learner.machine()
    for flips in product((0, 1), repeat=3):
        points = list(product((0, 1), repeat=3))
        label = {x: int(sum(a ^ flip for a, flip in zip(x, flips, strict=True)) >= 2) for x in points}
        state = machine.start()
        for t in (1, 2):
            query = machine.query_at(state, t)
            values = [query(x, label[x]) for x in points]
            answers = [sum((value[j] for value in values), Fraction(0)) / 8 for j in range(3)]
            state = machine.after(state, answers)
        assert [int(machine.predict(state, x)) for x in points] == [label[x] for x in points]


def test_a_query_is_what_its_machine_writes(learner: TuringLearner) -> None:
    machine = learner.machine()
    for x in product((0, 1), repeat=3):
        for phase in (0, 1):
            state = machine.start() | {"state[0]": phase}
            assert machine.ask(state, x) == tuple(Fraction(bit ^ phase) for bit in x)


def test_an_update_without_time_fails_for_good(learner: TuringLearner) -> None:
    slow = replace(learner, update=replace(learner.update, time=20)).machine()
    state = slow.after(slow.start(), [Fraction(0)] * 3)
    assert state["failed"] == 1
    assert slow.predict(state, (1, 1, 1)) == Fraction(1, 2)
    assert slow.after(state, [Fraction(0)] * 3)["failed"] == 1


def test_a_predictor_without_time_predicts_a_half_and_a_query_without_time_asks_nothing(learner: TuringLearner) -> None:
    slow = replace(learner, predict=replace(learner.predict, time=9), query=replace(learner.query, time=4)).machine()
    assert slow.predict(slow.start(), (1, 1, 1)) == Fraction(1, 2)
    assert slow.ask(slow.start(), (1, 1, 1)) == (Fraction(0),) * 3


def test_other_symbols_are_refused(learner: TuringLearner) -> None:
    with pytest.raises(ConstructionError, match="need the input symbols 0, 1 and #, got 0 1, at the query machine"):
        replace(learner, query=Timed(machine=known("parity"), time=3))
    with pytest.raises(ConstructionError, match="need at most 20 bits in a word to try all words, got 21"):
        always_accepts(learner.query, (10, 11))
