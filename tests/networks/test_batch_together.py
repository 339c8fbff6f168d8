"""All parts of a network that reads whole batches go along together: a run with steps of all kinds, and which steps
fail if a part is another one."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from constructions.computation.builder import Builder
from constructions.computation.flat import FlatCircuit
from constructions.foundations.logic import every, negation
from constructions.networks.batch_network import primary_for
from constructions.networks.batch_round import batch_gating, sides
from tests.networks.steps_of_runs import made, numbers
from verify.claims.networks.batch_network import making
from verify.claims.networks.batch_network.batches import InEachStep
from verify.claims.networks.batch_network.making import (
    ADD,
    BEGIN,
    BUILD,
    DRAW,
    KEEP,
    LOOK,
    MAKES,
    MOVE,
    SAMPLE,
    SEE,
    START,
    UPDATE,
    BatchTraining,
)
from verify.claims.networks.batch_network.together import Needs
from verify.obligations.catalogue import paper_obligations
from verify.obligations.parts import kinds_of
from verify.provers import by_z3
from verify.provers.asking import Asking
from verify.provers.by_induction import Walk, lifted

TOGETHER = paper_obligations()["signed.network.together"]
OVER = "over all that is made"
SETTINGS = {"copies": 1, "rounds": 1, "clocks": 1, "points": 1, "rho": Fraction(1), "middle": 2}
RUN: list[tuple[int, dict[str, int]]] = [
    (BUILD, {"next round": 1, "next copy": 0}),
    (START, {"next step": 0, "next round": 1}),
    (LOOK, {"t": 0, "c": 1}),
    (DRAW, {"next round": 1, "next copy": 2}),
    (DRAW, {"next round": 1, "next copy": 3}),
    (BEGIN, {"next step": 0, "next sample": 0}),
    (ADD, {"r": 1, "c": 1}),
    (ADD, {"r": 1, "c": 2}),
    (ADD, {"r": 1, "c": 3}),
    (ADD, {"r": 2, "c": 0}),
    (SEE, {"r": 1, "c": 3}),
    (MOVE, {"t": 1, "c": 3}),
    (SEE, {"r": 1, "c": 2}),
    (MOVE, {"t": 1, "c": 2}),
    (SAMPLE, {"b": 1}),
    (UPDATE, {"t": 1}),
    (START, {"next step": 1, "next round": 1}),
    (LOOK, {"t": 1, "c": 1}),
    (KEEP, {"t": 1}),
    (DRAW, {"next round": 2, "next copy": 0}),
    (SEE, {"r": 2, "b": 1}),
    (MOVE, {"r": 2, "t": 1}),
    (BEGIN, {"next step": 1, "next sample": 7}),
    (ADD, {"t": 1, "r": 1, "c": 1}),
    (ADD, {"r": 1, "c": 2}),
    (ADD, {"r": 1, "c": 3}),
    (ADD, {"r": 2, "c": 0}),
    (ADD, {"r": 2, "c": 1}),
]
"""What each step makes, and of which round, copy, edge or sample."""
PAUSES = (5, 9, 13, 15, 18, 22, 27)
"""Behind which of them numbers are found, after which the rest is looked for."""


@pytest.mark.slow
def test_a_run_with_steps_of_all_kinds_takes_a_batch_and_predicts() -> None:
    """One round of one copy, on a batch of one point. All parts are built, the output is summed up, each part gets its
    sample and moves; the round reads its copy and hands on a state; and the output is summed up at another point, with
    the edge from a final control."""
    assert {do for do, _ in RUN} == set(MAKES)
    case = by_z3.build(TOGETHER, TOGETHER.of)
    record = next(fact.induction for fact in case.facts if fact.induction is not None)
    walk = Walk(record, {name: lifted(value) for name, value in record.start.items()}, renew=True)
    of: dict[str, Any] = dict(case.variables)
    asking, pins = Asking.of(of, TOGETHER), [of[name] == value for name, value in SETTINGS.items()]
    for place, (do, given) in enumerate(RUN):
        pins += made(walk, do, given)
        if place in PAUSES:
            pins += numbers(asking, every(walk.premises, walk.taken, *pins))


def asked_of(do: int, cell: Callable[[], FlatCircuit] = batch_gating) -> str:
    """What becomes of the question about one kind of step."""
    case = by_z3.build(TOGETHER, lambda case: (cell(), 0))
    step = next(fact for fact in case.facts if fact.induction is not None)
    (question,) = (fact for fact in kinds_of(step) if fact.label == f"{OVER}: step, {MAKES[do][0]}")
    found = Asking.of(case.variables, TOGETHER).ask(every(question.given, negation(question.conclusion)))
    return found.status


def restless() -> FlatCircuit:
    """Gating whose turn never ends: ``now`` is the clock before."""
    builder = Builder()
    before, clock, bit, update = (builder.input(name) for name in batch_gating().inputs)
    return builder.circuit(None, {"now": before, **sides(builder, before, bit), "kept": builder.both(clock, update)})


@pytest.mark.slow
@pytest.mark.parametrize("do", [SAMPLE, ADD])
def test_rounds_whose_turn_never_ends_do_not_go_along(do: int) -> None:
    assert asked_of(do, restless) != "unsat"


@pytest.mark.slow
def test_a_primary_control_of_twice_the_weight_does_not_hold_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "primary_for", lambda held: 2 * primary_for(held))
    assert asked_of(ADD) != "unsat"


@pytest.mark.slow
def test_the_edge_of_a_control_that_returns_2_in_all_steps_would_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BatchTraining, "controlled", lambda run, r, c, s: Fraction(2))
    assert asked_of(SEE) != "unsat"


@pytest.mark.slow
@pytest.mark.parametrize("do", [LOOK, KEEP])
def test_batches_with_any_labels_tell_no_clock_and_are_not_found(do: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InEachStep, "premises", lambda claim, s, **given: True)
    assert asked_of(do) != "unsat"


@pytest.mark.slow
def test_a_step_whose_roundings_are_any_leaves_copies_that_are_not_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.claims.networks.batch_network.together.is_valid", lambda multiple, value, rho: True)
    assert asked_of(UPDATE) != "unsat"


@pytest.mark.slow
def test_a_sum_that_takes_the_copy_of_another_round_does_not_come_to_one_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Needs, "of_round", lambda needs, s: True)
    assert asked_of(ADD) != "unsat"
