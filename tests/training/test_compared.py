"""With both engines side by side, whatever is left out of the incremental one is found."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.computation.learner_machines import conjunction_machine
from constructions.errors import ConstructionError, EnginesDifferError, KinkError
from constructions.learning.problems import uniform
from constructions.networks.emulation import Plan
from constructions.training import incremental
from constructions.training.adversaries import EdgeChoice
from constructions.training.batches import fresh
from constructions.training.bound_changes import first_fault, mark_moved, no_bounds, renew_adjoints, renew_outputs
from constructions.training.by_fractions import EngineSettings, any_engine
from constructions.training.compared import ComparedEngine
from constructions.training.exactness import INTEGERS
from constructions.training.marks import no_marks
from constructions.training.run import Training
from constructions.training.value_changes import no_values, passes_floats

PLAN = Plan(machine=replace(conjunction_machine(4, fraction=8, tau=Fraction(1, 8)), rounds=4), rho=Fraction(1, 64))
BATCHES = fresh(uniform(4, lambda x: x[0]), batch=1, seed=5)


def trained(*, system: str | None = None, adversary: Any = "nearest", seed: int = 0, batch: int = 1) -> ComparedEngine:
    """A network after some steps of both engines."""
    settings, batches = (
        EngineSettings(batch=batch, system=system),
        fresh(uniform(4, lambda x: x[0]), batch=batch, seed=5),
    )
    engine = any_engine(PLAN.trainable, settings, engine="both", adversary=adversary, seed=seed)
    assert isinstance(engine, ComparedEngine)
    for step in range(1, 5):
        engine.step(*batches(step))
    return engine


def bounds_without(part: str) -> Callable[..., bool]:
    """The renewal of bounds, with a part left out."""

    def renew(
        net: Any, trains: Any, batch: Any, rho: Any, known: Any, state: Any, moved: Any, reached: Any, fault: Any
    ) -> bool:
        if part != "moves":
            mark_moved(net, moved, state)
        if part != "outputs":
            renew_outputs(net, known, state, reached if part != "demand" else no_marks(len(known.low)))
        if part != "adjoints":
            renew_adjoints(net, trains, batch, rho, known, state)
        first_fault(state, fault)
        return True

    return renew


def test_both_take_the_same_steps() -> None:
    assert np.array_equal(trained().weights, trained().plain.weights)
    assert trained(system=INTEGERS).number == 4


@pytest.mark.parametrize("part", ["moves", "outputs", "adjoints", "demand"])
def test_a_part_of_the_bounds_that_is_left_out_is_found(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "renew_bounds", bounds_without(part))
    with pytest.raises(EnginesDifferError, match="the engines differ in"):
        trained()


def test_with_no_part_left_out_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "renew_bounds", bounds_without(""))
    assert trained().number == 4


def test_entries_of_the_last_step_that_are_not_put_back_to_0_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def passes(net: Any, x: Any, y: Any, count: Any, state: Any, *rest: Any) -> Any:
        return passes_floats(net, x, y, count, state._replace(summed=no_marks(len(state.out))), *rest)

    monkeypatch.setattr(incremental, "passes_floats", passes)
    with pytest.raises(EnginesDifferError, match="the engines differ in"):
        trained()


def test_a_head_that_is_not_told_of_its_tail_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def values(fanout: Any, *rest: Any) -> Any:
        state = no_values(fanout, *rest)
        return state._replace(demand=state.demand._replace(begins=np.zeros_like(state.demand.begins)))

    monkeypatch.setattr(incremental, "no_values", values)
    with pytest.raises(EnginesDifferError, match="the engines differ in"):
        trained(batch=4)


def test_a_bound_that_is_not_told_of_its_tail_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(fanout: Any) -> Any:
        return no_bounds(fanout._replace(offsets=np.zeros_like(fanout.offsets)))

    monkeypatch.setattr(incremental, "no_bounds", begun)
    with pytest.raises(EnginesDifferError, match="the engines differ in"):
        trained()


def test_a_caller_is_asked_once() -> None:
    asked: list[EdgeChoice] = []

    def pick(choice: EdgeChoice) -> Fraction:
        asked.append(choice)
        return choice.valid[-1]

    trained(adversary=pick)
    assert asked and len(set(asked)) == len(asked)


def test_a_question_that_only_one_asks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = EngineSettings(batch=1)
    engine = any_engine(PLAN.trainable, settings, engine="both", adversary=lambda choice: choice.valid[0])
    monkeypatch.setattr(engine, "seed", 1)
    assert isinstance(engine, ComparedEngine) and engine._picks is not None
    engine._picks.given.append(("another", Fraction(0)))
    with pytest.raises(EnginesDifferError, match="the plain engine asks for another, the incremental engine for Edge"):
        engine._picks.again(EdgeChoice(0, 0, 1, 1, Fraction(0), (Fraction(0),)))


def test_refusals_of_a_caller_are_those_of_both(pair: Any) -> None:
    def pick(choice: EdgeChoice) -> Fraction:
        raise ConstructionError("need another choice")

    engine = any_engine(pair(1).net, engine="both", adversary=pick)
    with pytest.raises(ConstructionError, match="need another choice"):
        for batch in pair(1).batches:
            engine.step(*batch)


def test_kinks_are_met_by_both(pair: Any) -> None:
    def stop(vertex: int, weights: Any) -> Any:
        raise KinkError("v", "a kink")

    met = 0
    for seed in range(40):
        run = pair(seed, steps=3)
        settings = EngineSettings(at_kink=stop if seed % 2 else lambda v, w: {0: Fraction(1, 3)})
        engine = any_engine(run.net, settings, engine="both")
        for batch in run.batches:
            try:
                met += engine.step(*batch).kink is not None
            except ConstructionError:
                break
    assert met > 5


def test_a_training_with_both_stops_at_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "renew_bounds", bounds_without("moves"))
    with pytest.raises(EnginesDifferError):
        Training(net=PLAN.trainable, batches=BATCHES, steps=4, engine="both", settings=EngineSettings(batch=1)).go()
