"""The trainer's trace is exactly what happened, and the same seed gives the same run."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.activation import IDENTITY
from constructions.foundations.descent import Descent
from constructions.foundations.network import Network
from constructions.foundations.rounding import randomly, up
from constructions.foundations.walks import forward
from constructions.training.trainer import outputs, random_batches, train

RHO = Fraction(1, 8)
NET = Network(
    inputs=("x1", "x2"),
    outputs=("f",),
    edges={("x1", "v"): "1/3", ("x2", "v"): "-1/5", ("one", "v"): "1/2", ("v", "f"): "7/8", ("one", "f"): "1/16"},
    constant="one",
    sigma=IDENTITY,
)
KINK = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 1}, constant="one")
SEEDS = st.integers(0, 1000)


@given(seed=SEEDS)
def test_the_same_seeds_give_the_same_run(seed: int) -> None:
    batches = random_batches(steps=4, batch=2, inputs=2, seed=seed)
    assert batches == random_batches(steps=4, batch=2, inputs=2, seed=seed)
    first, second = (train(NET, batches, Descent(rho=RHO, adversary=randomly(seed))) for _ in range(2))
    assert first == second


def test_other_seeds_give_other_batches_and_other_roundings() -> None:
    assert len({str(random_batches(steps=4, batch=2, inputs=2, seed=seed)) for seed in range(5)}) == 5
    batches = random_batches(steps=4, batch=2, inputs=2, seed=0)
    assert len({train(NET, batches, Descent(rho=RHO, adversary=randomly(seed))).final for seed in range(5)}) > 1


@given(seed=SEEDS)
def test_each_step_starts_from_the_one_before_and_what_moved_leads_to_the_next(seed: int) -> None:
    batches = random_batches(steps=4, batch=2, inputs=2, seed=seed)
    trace = train(NET, batches, Descent(rho=RHO, adversary=randomly(seed)))
    assert [step.number for step in trace.steps] == [1, 2, 3, 4]
    nets = [*(step.before for step in trace.steps), trace.final]
    assert nets[0] == NET
    for step, after in zip(trace.steps, nets[1:], strict=True):
        assert (
            step.before.with_weights({edge: step.before.weight(*edge) + by for edge, by in step.moved.items()}) == after
        )
        assert all(by != 0 for by in step.moved.values())


@given(seed=SEEDS)
def test_the_outputs_of_a_step_are_those_before_it(seed: int) -> None:
    batches = random_batches(steps=3, batch=2, inputs=2, seed=seed)
    for step, batch in zip(train(NET, batches, Descent(rho=RHO)).steps, batches, strict=True):
        assert step.outputs == tuple(forward(step.before, {"x1": x[0], "x2": x[1]}).out["f"] for x, _ in batch)


@given(seed=SEEDS, rate=st.sampled_from((Fraction(1), Fraction(2), Fraction(1, 3))))
def test_every_move_is_the_rate_times_a_multiple_of_rho_near_the_gradient(seed: int, rate: Fraction) -> None:
    batches = random_batches(steps=3, batch=3, inputs=2, seed=seed)
    descent = Descent(rho=RHO, rate=rate, adversary=up)
    for step, batch in zip(train(NET, batches, descent).steps, batches, strict=True):
        for edge, value in descent.batch_gradient(step.before, batch).items():
            rounded = -step.moved.get(edge, Fraction(0)) / rate
            assert (rounded / RHO).denominator == 1
            assert abs(rounded - value) <= 3 * RHO / 4


def test_training_is_bsgd() -> None:
    batches = random_batches(steps=4, batch=2, inputs=2, seed=5)
    assert train(NET, batches, Descent(rho=RHO)).final == list(Descent(rho=RHO).bsgd(NET, batches))[-1]


def test_no_batch_is_no_step() -> None:
    trace = train(NET, [], Descent(rho=RHO))
    assert (trace.steps, trace.final) == ((), NET)


def test_a_kink_ends_the_run_and_the_trace_names_it() -> None:
    trace = train(KINK, [[((0,), 1)], [((1,), 1)], [((0,), 1)]], Descent(rho=RHO))
    assert [(step.number, step.kink, step.outputs, step.moved) for step in trace.steps] == [
        (1, None, (Fraction(1),), {}),
        (2, "f", (Fraction(2),), {}),
    ]
    assert trace.final == KINK


def test_an_adversary_at_the_kink_lets_the_run_go_on() -> None:
    descent = Descent(rho=RHO, at_kink=lambda vertex, edges: {("one", "f"): Fraction(1, 3)})
    trace = train(KINK, [[((1,), 1)]], descent)
    assert [step.kink for step in trace.steps] == [None]
    assert trace.steps[0].moved == {("one", "f"): Fraction(-1, 3)}


def test_the_outputs_on_a_batch_by_hand() -> None:
    assert outputs(KINK, [((0,), 0), ((1,), 1), ((0,), 1)]) == (Fraction(1), Fraction(2), Fraction(1))


@given(steps=st.integers(1, 4), batch=st.integers(1, 4), inputs=st.integers(1, 4), seed=SEEDS)
def test_random_batches_have_the_shape_asked_for(steps: int, batch: int, inputs: int, seed: int) -> None:
    found = random_batches(steps=steps, batch=batch, inputs=inputs, seed=seed)
    assert [len(one) for one in found] == [batch] * steps
    assert {len(x) for one in found for x, _ in one} == {inputs}
    assert {bit for one in found for x, y in one for bit in (*x, y)} <= {0, 1}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"steps": 0}, "need at least one step, sample and input, got 0, 2, 2"),
        ({"batch": 0}, "need at least one step, sample and input, got 4, 0, 2"),
        ({"inputs": 0}, "need at least one step, sample and input, got 4, 2, 0"),
        ({"steps": -1}, "need an integer >= 0, got -1, at steps"),
        ({"batch": 2.0}, r"need an integer >= 0, got 2\.0, at batch"),
        ({"inputs": True}, "need an integer >= 0, got True, at inputs"),
    ],
)
def test_random_batches_refuse_a_shape_that_is_none(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        random_batches(**{"steps": 4, "batch": 2, "inputs": 2, "seed": 0} | changed)


@pytest.mark.parametrize("batch", [[((1,), 0)], [((1, 1, 1), 0)], [((1, 2), 0)], [((1, 1), 3)]])
def test_a_batch_that_does_not_fit_is_refused(batch: Any) -> None:
    with pytest.raises(ConstructionError, match=r"^need (values for the inputs|2 bits and a label 0 or 1)"):
        train(NET, [batch], Descent(rho=RHO))


def test_an_empty_batch_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"^need at least one sample in a batch, got none$"):
        train(NET, [[]], Descent(rho=RHO))
