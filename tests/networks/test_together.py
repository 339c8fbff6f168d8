"""All copies of a network go along together: at what its base and its step fail, and a run with steps of all kinds."""

from fractions import Fraction
from typing import Any

import pytest

from constructions.foundations.logic import every, negation
from constructions.networks.controls import secondary_weight
from constructions.networks.round_circuit import gating
from tests.networks.steps_of_runs import made, numbers
from verify.claims.networks.trainable import control_edges
from verify.claims.networks.trainable.control_edges import (
    ADD,
    BEGIN,
    BUILD,
    COPY,
    DRAW,
    EDGE,
    MOVE,
    NOTHING,
    SAMPLE,
    SEE,
    SUM,
    UPDATE,
    ControlEdges,
)
from verify.obligations.catalogue import paper_obligations
from verify.obligations.parts import kinds_of
from verify.obligations.verdict import Verdict
from verify.provers import by_z3
from verify.provers.asking import Asking
from verify.provers.by_induction import Walk, lifted
from verify.replay.witness import replay_of

TOGETHER = paper_obligations()["lemma3b.together"]
OVER = "over all that is made"
SETTINGS = {
    "copies": 1,
    "rounds": 1,
    "rho": Fraction(1, 8),
    "bits": 3,
    "a": Fraction(1, 8),
    "random bits": 0,
    "gates": 0,
}
RUN: list[tuple[int, dict[str, int]]] = [
    (BUILD, {"next round": 1, "next copy": 0}),
    (DRAW, {"next round": 1, "next edge": 1}),
    (DRAW, {"next round": 1, "next edge": 2}),
    (BEGIN, {"next step": 0, "next sample": 0, "r": 1, "j": 0}),
    (ADD, {"r": 1, "j": 1}),
    (ADD, {"r": 1, "j": 2}),
    (ADD, {"r": 2}),
    (SEE, {"r": 1, "j": 2}),
    (MOVE, {"t": 1, "j": 2}),
    (SAMPLE, {"made": COPY, "b": 1}),
    (UPDATE, {"made": COPY, "t": 1, "r": 1, "c": 0}),
]
"""What each step makes, and of which round, copy, edge or sample."""
MADE = [(COPY, 0), (EDGE, 0), (EDGE, 0), *[(SUM, 0)] * 4, (EDGE, 0), (EDGE, 1), (COPY, 0), (COPY, 1)]
"""What there is after each step, and after how many steps of training."""


def found(*subject: Any) -> Any:
    """What becomes of the claim about another subject."""
    return by_z3.discharge(TOGETHER, lambda case: (gating(), *subject))


@pytest.mark.slow
def test_a_run_that_begins_with_a_copy_of_no_round_fails_at_its_base() -> None:
    result = found(COPY, 0)
    assert result.verdict is Verdict.REFUTED and result.failing == (f"{OVER}: base",)


def begun(*subject: Any) -> tuple[Walk, dict[str, Any], list[Any]]:
    """A run of the claim about a subject that is at its start, the claim's variables, and numbers for its settings."""
    case = by_z3.build(TOGETHER, lambda case: (gating(), *subject))
    record = next(fact.induction for fact in case.facts if fact.induction is not None)
    walk = Walk(record, {name: lifted(value) for name, value in record.start.items()}, renew=True)
    of: dict[str, Any] = dict(case.variables)
    return walk, of, [of[name] == value for name, value in SETTINGS.items()]


@pytest.mark.slow
@pytest.mark.parametrize(("built", "fails"), [(1, "sat"), (0, "unsat")])
def test_a_clock_that_would_have_ticked_as_it_is_built_fails_at_the_step(built: int, fails: str) -> None:
    walk, of, pins = begun(NOTHING, built)
    pins += made(walk, BUILD, {"next round": 1, "next copy": 0})
    asking, step = Asking.of(of, TOGETHER), every(walk.premises, walk.taken, *pins)
    assert asking.ask(every(step, *numbers(asking, step), negation(walk.holds()))).status == fails


@pytest.mark.slow
def test_a_run_with_steps_of_all_kinds_trains_a_clock_until_it_has_ticked() -> None:
    """One round of one copy: it is built, and so are the edges of its canceller and of its primary control; three edges
    are summed up, the edge from the primary control gets a sample and moves, and so does the copy. It is found in two
    questions: first all but the last step, then the last one, after numbers that were found."""
    walk, of, pins = begun(NOTHING, 0)
    for do, given in RUN[:-1]:
        pins += made(walk, do, given)
    asking, question = Asking.of(of, TOGETHER), every(walk.premises, walk.taken, *pins)
    pins += numbers(asking, question)
    pins += made(walk, *RUN[-1])
    found = asking.ask(every(walk.premises, walk.taken, *pins, walk.state["t"] >= 1))
    assert found.status == "sat"
    seen = replay_of(TOGETHER, TOGETHER.of, {**found.values, f"steps of {OVER}": Fraction(len(RUN))})
    assert seen.failing() == [] and seen.given(f"{OVER}: step")
    assert [(each["made"], each["t"]) for each in seen.runs[OVER][1:]] == [(what, t) for what, t in MADE]


def asked_of(kind: str) -> Any:
    """What becomes of the question about one kind of step."""
    case = by_z3.build(TOGETHER, TOGETHER.of)
    step = next(fact for fact in case.facts if fact.induction is not None)
    (question,) = (fact for fact in kinds_of(step) if fact.label == f"{OVER}: step, {kind}")
    return Asking.of(case.variables, TOGETHER).ask(every(question.given, negation(question.conclusion))).status


@pytest.mark.slow
def test_the_edge_of_a_control_that_returns_2_in_all_steps_would_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ControlEdges, "returned", lambda edges, s, case: Fraction(2))
    assert asked_of("a sample more of an edge") != "unsat"


@pytest.mark.slow
def test_a_canceller_of_twice_the_weight_does_not_hold_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_edges, "secondary_weight", lambda setting: 2 * secondary_weight(setting))
    assert asked_of("an edge more") != "unsat"


@pytest.mark.slow
def test_an_edge_of_which_nothing_is_known_does_not_hold_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ControlEdges, "holds", lambda edges, now: edges.exists(now["r"], now["j"]))
    assert asked_of("an edge more") != "unsat"
