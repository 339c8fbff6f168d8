"""Pipelines that end in gradient descent on a neural network, run the whole way on small problems."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, cast

import pytest

from constructions.errors import PremiseError
from constructions.learning.descent_methods import BSGD, FBGD
from constructions.learning.problems import Point, Source, Table, uniform
from constructions.networks.both_network import BothPlan
from constructions.networks.emulation import Plan
from constructions.theorems.learners import built_in
from constructions.theorems.measure import EXCESS, LEARNER, SIMULATED
from constructions.theorems.on_networks import (
    FORMS,
    one_batch_on_network,
    queries_on_network,
    sample_on_network,
    samples_on_network,
)
from constructions.theorems.options import TheoremOptions
from constructions.theorems.pipeline import Pipeline, TheoremSetting
from constructions.theorems.registry import THEOREMS
from constructions.theorems.task import TheoremTask, prepare
from constructions.training.batches import as_arrays
from constructions.training.by_fractions import any_engine
from constructions.training.following import follow_plan
from constructions.training.network_methods import NetworkMethod

F = Fraction
SMALL: dict[str, dict[str, Any]] = {
    "theorem 1a": {"bits": 1, "samples": 1, "batch": 2},
    "theorem 1d": {"bits": 1, "batch": 1000, "tau": "1/2"},
    "theorem 3a": {"bits": 1, "samples": 2},
    "theorem 3d": {"bits": 1, "samples": 1000, "tau": "1/2"},
}
SKEW = Table(1, {((0,), 0): F(1, 2), ((1,), 0): F(1, 8), ((1,), 1): F(3, 8)})


def task_for(name: str, **options: Any) -> TheoremTask:
    """A theorem on a network, for a small problem."""
    return prepare(name, THEOREMS[name], TheoremOptions(form="network", **({"runs": 1} | SMALL[name] | options)))


def network_of(pipeline: Pipeline) -> NetworkMethod:
    """The method that a pipeline on networks makes."""
    return cast(NetworkMethod, pipeline.made)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("adversary", ["nearest", "up", "down", "random"])
def test_each_theorem_is_trained_against_each_adversary(name: str, adversary: str) -> None:
    found = task_for(name, adversary=adversary).experiment.run(0)
    assert set(found) == {SIMULATED, LEARNER, EXCESS} and 0 <= found[SIMULATED] <= F(1, 2)


def test_the_budgets_are_those_of_the_links_and_of_the_network() -> None:
    for name, form in FORMS.items():
        pipeline = task_for(name).pipeline
        made, model = network_of(pipeline), prepare(name, THEOREMS[name], TheoremOptions(**SMALL[name])).pipeline.made
        budget: Any = model.budget
        assert made.budget.steps == budget.steps and made.budget.rho == budget.rho, name
        assert made.budget.p == made.plan.sizes.edges == len(made.plan.trainable.network.sources)
        assert isinstance(made.budget, FBGD if name.startswith("theorem 3") else BSGD)
        assert form.title.split()[0] in ("bSGD", "fbGD") and len(pipeline.variants) == 2
        assert [stage.rests for stage in pipeline.stages[-3:]] == [
            "Lemma 12b" if made.same else "Lemma 3b",
            "Lemma 11",
            "Definition 1",
        ]
        assert (pipeline.stages[-3].because or "").startswith("the paper has T' = ")


def error_on(source: Source, made: NetworkMethod, adversary: str) -> F:
    """The exact error of a network that is trained on one sample: the mean over all samples."""
    total, words = F(0), list(source.masses())
    for row in product(words, repeat=made.batch):
        mass, sample = F(1), cast(tuple[Point, ...], tuple(point for point, _ in row))
        for _, share in row:
            mass *= share
        total += mass * source.loss(made.trained([sample] * made.budget.steps, (), adversary=adversary))
    return total


@pytest.mark.parametrize("learner", ["conjunction", "memoriser"])
@pytest.mark.parametrize(("source", "adversary"), [(SKEW, "up"), (uniform(1, lambda x: 1 - x[0]), "random")])
def test_3a_has_exactly_the_error_of_the_learner(learner: str, source: Source, adversary: str) -> None:
    setting = TheoremSetting(n=1, b=1, m=2, tau=F(1, 8), delta=F(1, 10), alternating=True)
    pipeline = sample_on_network(setting, built_in(learner))
    given: Any = pipeline.given
    wanted = F(0)
    for (one, p), (other, q) in product(source.masses(), repeat=2):
        wanted += p * q * source.loss(given.learn((one, other), ()))
    assert error_on(source, network_of(pipeline), adversary) == wanted


@pytest.mark.parametrize("extract", ["prefix", "look"])
def test_1a_follows_its_method_step_by_step(extract: str) -> None:
    setting = TheoremSetting(n=2, b=2, m=2, tau=F(1, 8), delta=F(1, 4), extract=extract, alternating=True)
    plan = network_of(samples_on_network(setting, built_in("parity"))).plan
    run = followed(plan, seed=1)
    assert run.failure is None and run.points == 4


def followed(plan: Plan, *, seed: int, rho: F | None = None, adversary: str = "up") -> Any:
    """A run of a plan's network on random batches, compared with its machine in every step."""
    from_source, random = uniform(plan.machine.inputs, lambda x: sum(x) % 2), Random(seed)
    batches = [as_arrays(from_source.batch(plan.batch, random)) for _ in range(plan.machine.rounds)]
    bits = [random.randrange(2) for _ in range(plan.machine.rounds * plan.machine.random_bits)]
    net = plan.trainable.with_random_string(bits)
    engine = any_engine(net if rho is None else replace(net, rho=rho), adversary=adversary)
    return follow_plan(plan, batches, random=bits, engine=engine)


def test_a_precision_that_breaks_the_premise_makes_a_run_that_fails() -> None:
    setting = TheoremSetting(n=1, b=4, m=1, tau=F(1, 16), delta=F(1, 4), alternating=True)
    plan = network_of(samples_on_network(setting, built_in("conjunction"))).plan
    broken = [followed(plan, seed=seed, rho=F(3, 8)).failure for seed in range(3)]
    assert all(broken) and all(followed(plan, seed=seed).failure is None for seed in range(3))


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        (
            "theorem 1a",
            {"batch": 4, "rho": "2/25"},
            r"need 0 < b rho < 8/25 on a network, got b rho = 4 \* 2/25 = 8/25",
        ),
        ("theorem 3a", {"samples": 3, "rho": "1/9"}, r"need 0 < m rho < 8/25 on a network, got m rho = 3 \* 1/9 = 1/3"),
        ("theorem 1a", {"batch": 4, "tau": "1/8"}, r"need tau >= 0 and b tau < 1/2, got b tau = 4 \* 1/8 = 1/2"),
        ("theorem 1d", {"rho": "1/8"}, r"need answers within 31/256, got "),
        ("theorem 3d", {"tau": "3/8", "samples": 20000}, r"need tau = 2\^-s for a grid of answers in binary, got"),
        ("theorem 3d", {"samples": 10}, r"need \(4\^k - 1\)/3 exp\(-m tau\^2/32\) <= delta"),
    ],
)
def test_a_broken_premise_is_quoted(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(PremiseError, match=message):
        task_for(name, **options)


def test_beyond_the_printed_bound_the_middle_is_taken_off() -> None:
    pipeline = task_for("theorem 1a", batch=4, rho="1/16").pipeline
    plan = network_of(pipeline).plan
    assert plan.centred and plan.batch * plan.rho == F(1, 4) > F(1, 8)
    assert not followed(plan, seed=5).failure


@pytest.mark.parametrize(("b", "tau"), [(1, F(1)), (8, F(1)), (64, F(1, 2)), (1024, F(1, 4))])
@pytest.mark.slow
def test_sq_learners_at_every_batch_size_with_the_printed_precision(b: int, tau: F) -> None:
    setting = TheoremSetting(n=1, b=b, m=0, tau=tau, delta=F(1, 20), alternating=True)
    made = network_of(queries_on_network(setting, built_in("query-conjunction")))
    assert made.budget.rho == tau / 16 and made.budget.steps % 8 == 0
    assert followed(made.plan, seed=b, adversary="random").failure is None


def test_3d_holds_its_answers_to_the_grid() -> None:
    setting = TheoremSetting(n=1, b=1, m=1000, tau=F(1, 2), delta=F(1, 20), alternating=True)
    plan = network_of(one_batch_on_network(setting, built_in("literal"))).plan
    assert plan.machine.rounds == 8 and followed(plan, seed=3).failure is None


@pytest.mark.parametrize("name", ["theorem 1d", "theorem 3d"])
def test_queries_on_both_labels_take_half_the_steps_or_fewer(name: str) -> None:
    setting = TheoremSetting(n=1, b=1000, m=1000, tau=Fraction(1, 2), delta=Fraction(1, 20))
    learner, theorem = built_in("query-conjunction"), THEOREMS[name]
    both = network_of(theorem.pipeline(setting, learner, network=True, both=True))
    one = network_of(theorem.pipeline(replace(setting, alternating=True), learner, network=True))
    assert isinstance(both.plan, BothPlan) and 2 * both.budget.steps == one.budget.steps
    assert (both.plan.rho, one.plan.rho) == (Fraction(1, 16), Fraction(1, 32))
    batch = tuple(((i % 2,), i % 2) for i in range(1000))
    predictors = [made.trained([batch] * made.budget.steps, (), adversary="up") for made in (both, one)]
    values = [[predictor((bit,)) for bit in (0, 1)] for predictor in predictors]
    assert values[0] == values[1]
