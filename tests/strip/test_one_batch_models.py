"""M and M*: whole runs beside their batches, under every kind of rounding; and what stands behind the last block."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.rounding import Adversary, down, nearest, randomly, up
from constructions.learning.descent_methods import descended
from constructions.learning.learners import memoriser, parity
from constructions.learning.models import PAC, SampleMethod
from constructions.learning.problems import Bits, Point, uniform
from constructions.strip.one_batch_models import OneBatchModel, OneBatchWeights
from constructions.strip.reading import batches_read, whole_batch
from constructions.strip.simulations import MOST_B_RHO, b0, parameters_of, tolerance_of, training
from verify.claims.strip.one_batch_models.runs import lossy
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
ADVERSARIES: list[Adversary] = [up, down, nearest, randomly(3)]


def model_of(method: SampleMethod, b: int, rho: Fraction, *, realizable: bool) -> OneBatchModel:
    """The model of a method."""
    tau = tolerance_of(rho)
    made = batches_read(method.n, b=b, tau=tau, realizable=realizable, symmetric=True)(method)
    return OneBatchModel(method=made, whole=whole_batch(method.n, b, b * tau, realizable=realizable), rho=rho)


def batches_of(n: int, b: int, many: int, *, realizable: bool, seed: int) -> list[tuple[Point, ...]]:
    """Some batches."""
    source, random = uniform(n, lambda x: x[0] ^ x[-1], noise=F(0) if realizable else F(1, 4)), Random(seed)
    return [source.batch(b, random) for _ in range(many)]


@pytest.mark.parametrize("adversary", ADVERSARIES)
@pytest.mark.parametrize("realizable", [True, False])
def test_a_run_reads_its_batches(realizable: bool, adversary: Adversary) -> None:
    n, b, steps, rho = 3, 5, 2, F(13, 50)  # b rho = 13/10
    model = model_of(memoriser(n, b * steps), b, rho, realizable=realizable)
    batches = batches_of(n, b, steps, realizable=realizable, seed=1)
    whole, part = model.start(()), model.start(()).confined()
    for number, batch in enumerate(batches, 1):
        assert whole.turn_now() == part.turn_now() == number
        taken = training(rho, adversary)
        estimate = taken.estimate(part, batch, number=number)  # type: ignore[arg-type]
        if adversary is not ADVERSARIES[3]:
            full = taken.estimate(whole, batch, number=number)  # type: ignore[arg-type]
            assert {edge: u for edge, u in full.items() if u} == {edge: u for edge, u in estimate.items() if u}
        moved: Any = taken.moved(whole, estimate)  # type: ignore[arg-type]
        whole, part = moved, replace(moved, alone=True, turn=number)
    assert whole.turn_now() == steps + 1
    assert [model.whole.words(whole.answers(t)) for t in (1, 2)] == [
        tuple(sorted((y, *x) for x, y in batch)) for batch in batches
    ]


def test_the_predictor_is_computed_from_the_final_weights_alone_and_the_learner_runs_once() -> None:
    calls: list[tuple[Point, ...]] = []

    def learn(sample: tuple[Point, ...], bits: Bits) -> Any:
        calls.append(sample)
        return lambda x: sum(label for _, label in sample) % 2

    made = b0(2, b=3, rho=F(2, 5), symmetric=True)(SampleMethod(n=2, budget=PAC(m=6), learn=learn))
    batches = batches_of(2, 3, 2, realizable=False, seed=4)
    weights = made.start(())
    for batch in batches:
        weights = training(F(2, 5), up).step(weights, batch)
    assert not calls
    kept = {edge: str(value) for edge, value in weights.values.items()}
    again = OneBatchWeights(weights.model, {edge: F(value) for edge, value in kept.items()})
    assert again.predictor()((0, 0)) == sum(y for batch in batches for _, y in batch) % 2
    assert [sorted(sample) for sample in calls] == [sorted(point for batch in batches for point in batch)]


def test_random_bits_are_parameters_and_stay() -> None:
    coin = SampleMethod(n=1, budget=PAC(m=2, r=2), learn=lambda sample, bits: lambda x: bits[x[0]])
    model = model_of(coin, 2, F(1, 2), realizable=False)
    assert model.size == len(model.start((0, 1)).edges) == parameters_of(1, 2, 1, 2, 2)
    end: Any = training(F(1, 2)).step(model.start((0, 1)), [((0,), 1), ((0,), 0)])  # type: ignore[arg-type]
    assert end.bits() == (0, 1) and [end.output((x,)) for x in (0, 1)] == [0, 1]


def test_the_model_guesses_c_at_first_and_the_output_is_that_of_the_block_in_turn() -> None:
    model = model_of(parity(1, 2), 2, F(1, 2), realizable=True)
    start = model.start(())
    assert start.output((1,)) == start.predictor()((1,)) == F(1, 2)
    frozen: Any = training(F(1, 2)).step(start, [((1,), 0), ((1,), 1)])  # type: ignore[arg-type]
    assert frozen.turn_now() == 1, "M has no gradient on a batch with a point of both labels"


def test_off_the_grid_the_record_refuses() -> None:
    model = model_of(parity(1, 2), 2, F(1, 2), realizable=True)
    odd = model.start(()).with_weights({model.block(1)[0]: F(7, 48)})
    with pytest.raises(PremiseError, match="constant"):
        odd.turn_now()


def test_what_is_out_of_range_is_refused() -> None:
    with pytest.raises(PremiseError, match="need 0 < b rho < 4/3, got b rho = 4 \\* 1/3 = 4/3"):
        b0(2, b=4, rho=F(1, 3))
    model = model_of(parity(1, 2), 2, F(1, 2), realizable=True)
    with pytest.raises(ConstructionError, match="need 0 random bits"):
        model.start((1,))
    with pytest.raises(ConstructionError, match="need a parameter of the model"):
        model.start(()).with_weights({("no", "such"): F(1)})
    with pytest.raises(PremiseError, match="need 3 rho/4 <= tau"):
        replace(model, rho=F(1))
    assert F(4, 3) == MOST_B_RHO


@pytest.mark.parametrize("adversary", [up, pytest.param(down, marks=pytest.mark.slow)])
def test_a_batch_of_40_points_of_32_bits_is_read_in_one_step(adversary: Adversary) -> None:
    n, b, rho, random = 32, 40, F(33, 1000), Random(7)  # b rho = 1.32
    draw = [tuple(random.randrange(2) for _ in range(n)) for _ in range(b)]
    batch = [(x, x[0] ^ x[17] ^ x[31]) for x in draw]
    made = b0(n, b=b, rho=rho, realizable=True, symmetric=True)(parity(n, b))
    assert (made.budget.steps, made.budget.p) == (1, 1281)
    found = descended(made, [batch], (), training(rho, adversary))
    for x in draw + [tuple(random.randrange(2) for _ in range(n)) for _ in range(5)]:
        assert found(x) == x[0] ^ x[17] ^ x[31] or x not in draw


@pytest.mark.slow
def test_a_sorted_batch_would_be_found_to_lose() -> None:
    assert examine(paper_obligations()["strip.b0.error"], lambda case: lossy).verdict is Verdict.REFUTED


def test_all_inputs_are_points() -> None:
    model = model_of(parity(2, 2), 2, F(1, 2), realizable=False)
    for x in product((0, 1), repeat=2):
        assert len(model.whole.slopes(x)) == model.whole.size == len(model.start(()).slopes(x))
