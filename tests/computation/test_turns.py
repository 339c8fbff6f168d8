"""Loops of builders: beside numbers they are Python's own, and a builder that writes more is noticed for all sizes."""

from types import ModuleType
from typing import Any

import pytest

from constructions.computation import averaging, one_by_one, reading_machine, turing_learner
from constructions.computation.design import Design
from constructions.computation.turns import choice, columns, each, fitted, joined, mapped, places_of, turns, width_of
from verify.claims.computation.operation_gates import SealedTally
from verify.claims.computation.turns.any_sizes import AnyBits, AnyNumber, AnyTurn
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict


def test_beside_numbers_they_are_loops() -> None:
    design = Design()
    a, b = design.input("a", 3), design.input("b", 2)
    assert list(turns(3)) == [0, 1, 2] and each(3, str) == ["0", "1", "2"]
    assert mapped(lambda i, j: i * j, [1, 2], [3, 4]) == [3, 8] and places_of(a) == 3
    assert columns([[1, 2], [3, 4]], 2) == [(1, 3), (2, 4)]
    assert width_of(joined(a, b)) == 5 and width_of(fitted(b, 3)) == width_of(fitted(a, 3)) == 3
    design.output("y", choice(design.input("c"), a, fitted(b, 3)))
    assert design.evaluate(a=5, b=2, c=1) == {"y": 5} and design.evaluate(a=5, b=2, c=0) == {"y": 6}


def test_nothing_is_learned_of_any_size() -> None:
    tally = SealedTally()
    vector, turn = AnyBits.of(tally, 4), AnyTurn()
    learners: list[Any] = [
        lambda: len(vector),
        lambda: turn == 0,
        lambda: turn < 1,
        lambda: range(turn),
        lambda: [1][turn],
    ]
    for learn in learners:
        with pytest.raises(TypeError, match="cannot be told"):
            learn()
    many: Any = AnyNumber(tally, 3)
    with pytest.raises(TypeError):
        range(many)


def more_gates(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each choice of a module be written twice."""

    def twice(condition: Any, yes: Any, no: Any) -> Any:
        choice(condition, yes, no)
        return choice(condition, yes, no)

    monkeypatch.setattr(module, "choice", twice)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("claim", "module"),
    [
        ("averaging.loops", averaging),
        ("theorem2c.loops", one_by_one),
        ("turing.learner.loops", turing_learner),
        ("lemma5a.loops", reading_machine),
    ],
)
def test_a_builder_that_writes_more_is_noticed(claim: str, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    obligation = paper_obligations()[claim]
    assert examine(obligation, obligation.of).verdict is Verdict.PROVED
    more_gates(module, monkeypatch)
    assert examine(obligation, obligation.of).verdict is Verdict.REFUTED
