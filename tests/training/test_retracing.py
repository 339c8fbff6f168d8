"""Traces that are none of a network's runs, and what is told of those that are."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.foundations.rounding import Grid
from constructions.networks.emulation import Plan
from constructions.training.by_fractions import any_engine
from constructions.training.record import TracedStep
from constructions.training.retracing import Retracing, RunSettings
from constructions.training.told_rounds import MethodBeside

PLAN = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16))
SETTINGS = RunSettings(rho=PLAN.rho, rate=Fraction(1), batch=1, seed=0, source="points", adversary="down")
BATCH = np.array([[0, 1]]), np.array([1])


@pytest.fixture(scope="module")
def step() -> TracedStep:
    """The first step of a run."""
    return TracedStep(any_engine(PLAN.trainable, adversary="down").step(*BATCH), ((0, 1),), (1,))


def test_every_entry_has_the_valid_roundings_of_its_gradient(step: TracedStep) -> None:
    (found,) = Retracing(PLAN.trainable, SETTINGS).steps([step])
    grid = Grid(rho=PLAN.rho)
    assert len(found.entries) >= len(step.step.moved) > 10
    for each in found.entries:
        assert each.valid == grid.valid(each.gradient) and each.chosen in each.valid
        assert each.before - each.chosen == each.after
        assert step.step.moved.get(each.edge, (each.before, each.before)) == (each.before, each.after)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": 2}, "need step 1 of the trace, got step 2"),
        ({"outputs": (Fraction(0),)}, "got other outputs, at step 1"),
        ({"kink": 3}, "got other kink, at step 1"),
        ({"moved": {}}, "need one of the valid roundings"),
        ({"moved": {0: (Fraction(1), Fraction(0))}}, "valid roundings|got other moves, at step 1"),
    ],
)
def test_a_trace_that_is_wrong_in_one_place_is_refused(step: TracedStep, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ConstructionError, match=said):
        list(Retracing(PLAN.trainable, SETTINGS).steps([replace(step, step=replace(step.step, **wrong))]))


def test_what_is_told_of_a_round_is_what_the_machine_says(step: TracedStep) -> None:
    retracing = Retracing(PLAN.trainable, SETTINGS)
    beside = MethodBeside(PLAN.machine, PLAN.trainable, retracing.engine)
    list(retracing.steps([step]))
    told = beside.after_step(*BATCH)
    assert told.label == 1 and told.state == dict.fromkeys(told.state, 0)
    assert told.means == tuple(PLAN.machine.ask(PLAN.machine.start(), (0, 1)))
    assert all(abs(a - m) <= PLAN.decoder.tolerance for a, m in zip(told.answers, told.means, strict=True))
    after = PLAN.machine.after(PLAN.machine.start(), told.answers)
    assert sum(after.values()) == sum(value.bit_count() for value in beside.state.values())
    beside.after_step(*BATCH)
    with pytest.raises(ConstructionError, match="need at most 2 rounds, got round 3"):
        beside.after_step(*BATCH)


def test_a_network_of_another_machine_or_without_hints_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need the machine of this network, which needs 2 rounds with 15, got"):
        MethodBeside(best_literal_machine(1, fraction=6), PLAN.trainable, any_engine(PLAN.trainable))
    bare = replace(PLAN.trainable, hints={})
    with pytest.raises(ConstructionError, match="need a network that 'compile' wrote, got hints with KeyError"):
        MethodBeside(PLAN.machine, bare, any_engine(bare))


def turned(machine: QueryMachine, port: str) -> QueryMachine:
    """A machine in which the first bit of a port is negated."""
    circuit, name = machine.machine.circuit, machine.port(port)[0]
    outputs = {**circuit.outputs, name: circuit.outputs[name] ^ 1}
    return replace(machine, machine=replace(machine.machine, circuit=replace(circuit, outputs=outputs)))


def test_a_machine_that_asks_or_predicts_otherwise_is_refused() -> None:
    engine = any_engine(PLAN.trainable)
    asking = MethodBeside(turned(PLAN.machine, "query1"), PLAN.trainable, engine)
    predicting = MethodBeside(turned(PLAN.machine, "predict"), PLAN.trainable, engine)
    engine.step(*BATCH)
    with pytest.raises(ConstructionError, match="and a run that follows it, got the answer 0 to query 2"):
        asking.after_step(*BATCH)
    predicting.after_step(*BATCH)
    engine.step(*BATCH)
    predicting.after_step(*BATCH)
    with pytest.raises(ConstructionError, match="whose prediction it returns, got other values at 1 of 1 points"):
        predicting.predicted(BATCH[0])
