"""Runs of emulation networks follow their machines, under every adversary; what is broken is named where it first
shows."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from constructions.computation.bits import concat, mux
from constructions.computation.design import Design
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.networks.emulation import Plan
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, REPAIRED, STRONG, VC_ONLY, Setting
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED
from constructions.training.batches import Batch, Samples
from constructions.training.by_fractions import FractionEngine
from constructions.training.engine import Engine, engine_of
from constructions.training.evaluated_method import Method
from constructions.training.following import AnswerReader, follow_plan, group_of, points_of

RHO = Fraction(1, 64)


def coin_machine(fraction: int = 4) -> QueryMachine:
    """One query a round, 1 where x1 = 1; the state keeps the XOR of the random bits and of "the answer is at least
    1/2"."""
    design = Design()
    x, answer, coin = design.input("x", 1), design.input("answer0", fraction + 2), design.input("random", 1)
    parity = design.state("parity")
    design.becomes(parity, parity ^ coin ^ answer.signed_more((1 << fraction - 1) - 1))
    design.output("query0", x)
    design.output("predict", concat(parity ^ x, x))
    return QueryMachine(machine=design.machine(), rounds=3, answer_fraction=fraction, predict_fraction=2)


def batches(machine: QueryMachine, b: int, seed: int) -> list[Batch]:
    draw = np.random.default_rng(seed)
    return [(draw.integers(0, 2, (b, machine.inputs)), draw.integers(0, 2, b)) for _ in range(machine.rounds)]


def moved(net: Trainable, vertex: int, *, by: int, source: int | None = None) -> Trainable:
    """The network with another weight on the first edge into a vertex (or on the one from ``source``)."""
    flat = net.network
    begin, end = int(flat.offsets[vertex]), int(flat.offsets[vertex + 1])
    edge = begin if source is None else begin + int(np.flatnonzero(flat.sources[begin:end] == source)[0])
    weights = flat.weights.copy()
    weights[edge] += by * flat.scale
    return replace(net, network=replace(flat, weights=weights))


@pytest.mark.parametrize("adversary", NAMED)
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_a_run_follows_its_machine_under_every_adversary(setting: Setting, adversary: str) -> None:
    machine = best_literal_machine(2, fraction=8)
    plan = Plan(machine=machine, rho=RHO, setting=setting, batch=3)
    for seed in range(3):
        run = follow_plan(plan, batches(machine, 3, seed), adversary=adversary, seed=seed)
        assert (run.failure, run.failed_at, run.steps, run.points) == (None, None, 2, 4)
        assert -plan.decoder.tolerance <= run.errors[0] <= run.errors[1] <= plan.decoder.tolerance


@pytest.mark.parametrize("setting", [DYADIC, STRONG], ids=lambda setting: setting.name)
def test_signed_real_queries_and_a_real_predictor(setting: Setting) -> None:
    machine = correlations_machine(2, fraction=10)
    run = follow_plan(
        Plan(machine=machine, rho=RHO, setting=setting, batch=4), batches(machine, 4, 1), adversary="random", seed=1
    )
    assert run.failure is None and run.errors[0] < 0 < run.errors[1]


@pytest.mark.parametrize("random", list(product((0, 1), repeat=3)))
def test_every_random_string_is_the_machines(random: tuple[int, ...]) -> None:
    machine = coin_machine()
    run = follow_plan(Plan(machine=machine, rho=Fraction(1, 16), batch=2), batches(machine, 2, 5), random=random)
    assert run.failure is None
    large = [answers[0] >= Fraction(1, 2) for answers in run.answers]
    assert run.state == {"parity": (sum(random) + sum(large)) % 2}


def test_a_fixed_batch_is_followed_too() -> None:
    machine = conjunction_machine(2, fraction=8, tau=4 * RHO)
    (batch, *_) = batches(machine, 4, 2)
    run = follow_plan(Plan(machine=machine, rho=RHO, batch=4), [batch] * machine.rounds, adversary="down")
    assert run.failure is None and run.steps == 8


@pytest.mark.parametrize(
    ("setting", "step", "said"),
    [
        (PRINTED, 1, r"the loss has no derivative: vertex \d+ \(round 1: activators\) is on a kink"),
        (VC_ONLY, 2, "the output is 21/32 instead of 33/32"),
    ],
)
def test_as_printed_a_run_leaves_its_machine_where_the_errata_say(setting: Setting, step: int, said: str) -> None:
    machine = best_literal_machine(2, fraction=8)
    plan = Plan(machine=machine, rho=RHO, setting=setting, batch=3)
    x, y = np.array([[1, 0], [0, 1], [1, 1]]), np.array([1, 0, 0])
    run = follow_plan(plan, [(x, y)] * 2)
    assert run.failed_at == step and run.failure is not None
    assert re.match(said, run.failure)
    repaired = follow_plan(replace(plan, setting=MINIMAL), [(x, y)] * 2)
    assert repaired.failure is None


@pytest.mark.parametrize("adversary", NAMED)
def test_the_engine_in_rationals_takes_the_same_way(adversary: str) -> None:
    machine, b = coin_machine(), 2
    plan = Plan(machine=machine, rho=Fraction(1, 16), batch=b)
    net = plan.trainable.with_random_string([1, 0, 1])
    fast, slow = engine_of(net, adversary=adversary, seed=5), FractionEngine(net, adversary=adversary, seed=5)
    given = batches(machine, b, 3)
    for x, y in given:
        one, other = fast.step(x, y), slow.step(x, y)
        assert one.outputs == other.outputs and dict(one.moved) == dict(other.moved) and one.moved
    again = FractionEngine(net, adversary=adversary, seed=5)
    runs = [
        follow_plan(plan, given, random=[1, 0, 1], adversary=adversary, seed=5, engine=engine)
        for engine in (None, again)
    ]
    assert runs[0] == runs[1] and runs[0].failure is None


def test_both_engines_meet_the_same_kink() -> None:
    machine = coin_machine()
    plan = Plan(machine=machine, rho=Fraction(1, 16), setting=PRINTED, batch=1)
    net = plan.trainable.with_random_string([0, 0, 0])
    given = batches(machine, 1, 0)
    assert follow_plan(plan, given, random=[0, 0, 0]) == follow_plan(
        plan, given, random=[0, 0, 0], engine=FractionEngine(net)
    )


def engine_with(change: Callable[[Plan, Trainable], Trainable], plan: Plan) -> Engine:
    return engine_of(change(plan, plan.trainable))


def test_a_wrong_output_weight_is_found_in_its_step() -> None:
    machine = best_literal_machine(2, fraction=8)
    plan = Plan(machine=machine, rho=RHO, batch=3)

    def change(plan: Plan, net: Trainable) -> Trainable:
        path = next(int(str(high)) - 1 for name, _, high in plan.groups if name == "round 1: paths")
        return moved(net, net.output, by=1, source=path)

    x, y = np.array([[1, 1], [0, 1], [1, 1]]), np.array([1, 0, 0])
    run = follow_plan(plan, [(x, y)] * 2, engine=engine_with(change, plan))
    assert run.failed_at == 1 and run.failure is not None and "the output is" in run.failure


def test_digits_that_read_eight_too_much_are_found_as_a_wrong_answer() -> None:
    machine = best_literal_machine(2, fraction=8)
    plan = Plan(machine=machine, rho=RHO, batch=1)

    def change(plan: Plan, net: Trainable) -> Trainable:
        for vertex in plan.digits(1)[1].tolist():
            net = moved(net, vertex, by=8 * 12, source=0)
        return net

    run = follow_plan(plan, [(np.array([[1, 0]]), np.array([0]))] * 2, engine=engine_with(change, plan))
    assert run.failed_at == 1 and run.failure is not None
    assert re.match(r"the answer \S+ is not within 9/256 of the batch mean 0, at query 0", run.failure)


def test_a_wrong_predictor_is_found_at_the_end_with_its_point() -> None:
    machine = coin_machine()
    plan = Plan(machine=machine, rho=Fraction(1, 16), batch=2)

    def change(plan: Plan, net: Trainable) -> Trainable:
        return moved(net, net.output, by=1, source=int(plan.starts[-1]) - 1)

    engine = engine_of(change(plan, plan.trainable.with_random_string([0, 0, 0])))
    run = follow_plan(plan, batches(machine, 2, 1), random=[0, 0, 0], engine=engine)
    assert (
        run.failed_at == 4
        and run.failure is not None
        and "the predictor returns" in run.failure
        and "at x = [1]" in run.failure
    )


def test_wrong_random_bits_are_found() -> None:
    machine = coin_machine()
    plan = Plan(machine=machine, rho=Fraction(1, 16), batch=2)
    engine = engine_of(plan.trainable.with_random_string([1, 0, 0]))
    assert follow_plan(plan, batches(machine, 2, 1), random=[0, 0, 0], engine=engine).failed_at == 4


@pytest.mark.parametrize(
    "make", [lambda: best_literal_machine(3, fraction=5), lambda: correlations_machine(3, fraction=5), coin_machine]
)
def test_a_method_on_many_points_is_the_machine_on_each(make: Callable[[], QueryMachine]) -> None:
    machine = make()
    method, source, state = Method(machine), Random(1), machine.start()
    points = points_of(machine.inputs)
    for t in range(1, machine.rounds + 1):
        columns = method.asked(state, points)
        assert [tuple(column[i] for column in columns) for i in range(len(points))] == [
            machine.ask(state, x) for x in points.tolist()
        ]
        y = np.array([source.randrange(2) for _ in points])
        ask = machine.query_at(state, t)
        sums = [
            sum(values)
            for values in zip(
                *(ask(x, label) for x, label in zip(points.tolist(), y.tolist(), strict=True)), strict=True
            )
        ]
        assert method.means(state, t, (points, y)) == [Fraction(total) / len(points) for total in sums]
        answers = [Fraction(source.randrange(-16, 17), 16) for _ in range(machine.parallel)]
        random = [source.randrange(2) for _ in range(machine.random_bits)]
        following = method.after(state, answers, random)
        assert following == machine.after(state, answers, random)
        state = following
    assert method.predicted(state, points) == [machine.predict(state, x) for x in points.tolist()]


@pytest.mark.parametrize(
    ("query", "predict", "said"),
    [
        (7, 1, "need query values in [-1, 1], got 7/4, at the state {}"),
        (4, 3, "need predictions in [0, 1], got 3, at x = [1]"),
    ],
)
def test_a_machine_that_leaves_its_ranges_is_refused_when_it_does(query: int, predict: int, said: str) -> None:
    design = Design()
    x, _ = design.input("x"), design.input("answer0", 8)
    design.output("query0", mux(x, design.constant(query, 3), design.constant(0, 3)))
    design.output("predict", mux(x, design.constant(predict, 2), design.constant(0, 2)))
    plan = Plan(
        machine=QueryMachine(machine=design.machine(), rounds=1, query_fraction=2, answer_fraction=6),
        rho=Fraction(1, 16),
    )
    with pytest.raises(ConstructionError, match=re.escape(said)):
        follow_plan(plan, [(np.array([[1]]), np.array([1]))])


def test_points_are_all_or_the_data_and_random_ones() -> None:
    data = np.ones((2, 13), np.int64)
    found: Samples = points_of(13, data=data, seed=4)
    assert len(points_of(12)) == 4096 and len(found) == 514 and found[:2].tolist() == data.tolist()
    assert not np.array_equal(points_of(13, seed=1), points_of(13, seed=2))


def test_a_random_string_or_batches_that_do_not_fit_are_refused() -> None:
    plan = Plan(machine=coin_machine(), rho=Fraction(1, 16))
    with pytest.raises(ConstructionError, match="need a random string of 3 bits, got 0"):
        follow_plan(plan, batches(plan.machine, 1, 0))
    with pytest.raises(ConstructionError, match="need a batch for each of 3 rounds, got 2"):
        follow_plan(plan, batches(plan.machine, 1, 0)[:2], random=[0, 0, 0])


def test_digits_that_depend_on_x_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(machine=coin_machine(), rho=Fraction(1, 16))
    net = plan.trainable
    monkeypatch.setattr(Plan, "digits", lambda self, round_: np.array([[2]]))
    with pytest.raises(ConstructionError, match="need digits that do not depend on x"):
        AnswerReader(plan, net, engine_of(net))(1)


def test_a_vertex_has_a_group() -> None:
    plan = Plan(machine=coin_machine(), rho=Fraction(1, 16))
    assert [group_of(plan, v) for v in (0, 1, 2, plan.sizes.vertices - 1)] == [
        "a source",
        "inputs",
        "adaptors",
        "output",
    ]
