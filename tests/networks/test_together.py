"""All copies of a network go along together: at what its base and its step fail, and a run with steps of all kinds."""

from fractions import Fraction
from typing import Any

import pytest

from constructions.foundations.logic import every, negation
from constructions.networks.controls import secondary_weight
from constructions.networks.round_circuit import gating
from verify.claims.networks.trainable import control_edges
from verify.claims.networks.trainable.control_edges import (
    ADD,
    BEGIN,
    BUILD,
    COPY,
    DRAW,
    MOVE,
    NOTHING,
    SAMPLE,
    SEE,
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


def found(*subject: Any) -> Any:
    """What becomes of the claim about another subject."""
    return by_z3.discharge(TOGETHER, lambda case: (gating(), *subject))


@pytest.mark.slow
def test_a_run_that_begins_with_a_copy_of_no_round_fails_at_its_base() -> None:
    result = found(COPY, 0)
    assert result.verdict is Verdict.REFUTED and result.failing == (f"{OVER}: base",)


@pytest.mark.slow
def test_a_clock_that_would_have_ticked_as_it_is_built_is_not_proved_at_the_step() -> None:
    result = found(NOTHING, 1)  # whether z3 finds the failing step within its budget depends on the machine
    step = next(fact for fact in result.facts if fact.label == f"{OVER}: step")
    assert {result.verdict, step.verdict} <= {Verdict.REFUTED, Verdict.UNKNOWN}


@pytest.mark.slow
def test_a_run_with_steps_of_all_kinds_is_not_excluded() -> None:
    """One round of one copy: it is built, and so are the edges of its canceller and of its primary control; three edges
    are summed up, the edge from the primary control gets a sample and moves, and so does the copy. z3 shows no such run
    within its budget so far, which is open; it must not say that there is none."""
    case = by_z3.build(TOGETHER, TOGETHER.of)
    record = next(fact.induction for fact in case.facts if fact.induction is not None)
    walk = Walk(record, {name: lifted(value) for name, value in record.start.items()}, renew=True)
    of: dict[str, Any] = dict(case.variables)
    pins = [of["copies"] == 1, of["rounds"] == 1]
    made = (BUILD, DRAW, DRAW, BEGIN, ADD, ADD, ADD, SEE, MOVE, SAMPLE, UPDATE)
    for do in made:
        now: Any = walk._renewed("do", record.inputs["do"])
        pins.append(now == do)
        walk.step()
    asking = Asking.of(case.variables, TOGETHER)
    found = asking.ask(every(walk.premises, walk.taken, *pins, walk.state["t"] >= 1))
    assert found.status != "unsat"
    if found.status == "unknown":
        return
    seen = replay_of(TOGETHER, TOGETHER.of, {**found.values, f"steps of {OVER}": Fraction(len(made))})
    assert seen.failing() == [] and seen.given(f"{OVER}: step")
    last = seen.runs[OVER][-1]
    assert (last["made"], last["t"], last["r"], last["c"]) == (COPY, 1, 1, 0)


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
