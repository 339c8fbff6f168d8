"""The walking skeleton (Lemma 3b): its method, its start, refusals, and real runs under every adversary."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.descent import Descent
from constructions.foundations.rounding import Adversary, down, nearest, randomly, up
from constructions.foundations.walks import forward
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, REPAIRED, STRONG, Setting
from constructions.networks.skeleton import PARTS, Skeleton
from constructions.training.outcome import follow
from constructions.training.trainer import random_batches, train

RHO = Fraction(1, 16)
POINTS = list(product((0, 1), repeat=2))
ADVERSARIES: dict[str, Callable[[], Adversary]] = {
    "nearest": lambda: nearest,
    "down": lambda: down,
    "up": lambda: up,
    "randomly": lambda: randomly(3),
}


def skeleton(setting: Setting = STRONG, *, coin: int = 0) -> Skeleton:
    return Skeleton(setting=setting, rho=RHO, coin=coin)


@pytest.mark.parametrize("bound", [0, 2, 16, 17, -1])
def test_an_even_or_too_large_bound_is_refused(bound: int) -> None:
    with pytest.raises(ConstructionError, match=f"need an odd bound below 16, got {bound}"):
        Skeleton(setting=STRONG, rho=RHO, coin=0, bound=bound)


@pytest.mark.parametrize("coin", [2, -1])
def test_a_coin_has_two_sides(coin: int) -> None:
    with pytest.raises(ConstructionError, match="coin"):
        Skeleton(setting=STRONG, rho=RHO, coin=coin)


def test_a_precision_of_1_is_too_coarse_and_a_float_is_refused() -> None:
    with pytest.raises(PremiseError, match="need 0 < rho < 1, got rho=1"):
        Skeleton(setting=STRONG, rho=Fraction(1), coin=0)
    with pytest.raises(ConstructionError, match="float"):
        Skeleton(setting=STRONG, rho=0.0625, coin=0)  # type: ignore[arg-type]


@pytest.mark.parametrize("coin", [0, 1])
def test_the_first_query_is_the_label_and_the_coins_input(coin: int) -> None:
    ask = skeleton(coin=coin).query(1, ())
    assert [ask(x, y) for x in POINTS for y in (0, 1)] == [y * x[coin] for x in POINTS for y in (0, 1)]


def test_the_second_query_is_negated_by_a_large_first_answer() -> None:
    made = skeleton()
    small, large = made.query(2, (Fraction(0),)), made.query(2, (Fraction(1),))
    assert [small(x, 0) for x in POINTS] == [0, 1, 0, 1] and [large(x, 0) for x in POINTS] == [1, 0, 1, 0]
    assert not any(small(x, 1) or large(x, 1) for x in POINTS)


def test_an_answer_of_7_steps_or_more_is_large() -> None:
    assert [skeleton(MINIMAL).large(m * RHO) for m in (6, 7, 8)] == [0, 1, 1]
    assert [skeleton(STRONG).large(m * RHO * Fraction(4, 3)) for m in (6, 7, 8)] == [0, 1, 1]


def test_the_predictor_by_hand() -> None:
    assert [skeleton(coin=1).predictor((Fraction(0), Fraction(1)))(x) for x in POINTS] == [
        Fraction(1, 4),
        Fraction(1, 4),
        Fraction(3, 4),
        Fraction(3, 4),
    ]
    assert [skeleton(coin=0).predictor((Fraction(1), Fraction(1)))(x) for x in POINTS] == [Fraction(1, 2)] * 2 + [0] * 2


def test_the_tolerance_is_four_rho() -> None:
    assert skeleton().tolerance == Fraction(1, 4) and skeleton().bits == 4


@pytest.mark.parametrize("x", POINTS)
@pytest.mark.parametrize("coin", [0, 1])
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_before_training_the_output_is_held_and_only_round_1_is_active(
    setting: Setting, coin: int, x: tuple[int, int]
) -> None:
    made = skeleton(setting, coin=coin)
    run = forward(made.network(), {"x1": Fraction(x[0]), "x2": Fraction(x[1])})
    assert run.out["f"] == -setting.offset * RHO == made.held_output(1)
    assert {part: run.out[f"{part}.vc"] for part in PARTS} == {"q1": 0 if x[coin] else 2, "c1": 0, "q2": 2, "c2": 2}
    assert run.out["coin"] == (2 if coin else -2)


def test_before_training_no_answer_has_been_read() -> None:
    made = skeleton()
    assert made.answers(made.network()) == (Fraction(0), Fraction(0))


def test_in_the_printed_skeleton_every_vc_is_on_a_kink() -> None:
    run = forward(skeleton(PRINTED).network(), {"x1": Fraction(0), "x2": Fraction(1)})
    assert [run.pre[f"{part}.vc"] for part in PARTS] == [2, 0, 2, 2]


def test_the_coin_is_the_only_difference_between_the_two_networks() -> None:
    heads, tails = (skeleton(coin=coin).network() for coin in (1, 0))
    assert {edge for edge in heads.edges if heads.weight(*edge) != tails.weight(*edge)} == {("one", "coin")}


@pytest.mark.parametrize("adversary", ADVERSARIES.values(), ids=ADVERSARIES)
@pytest.mark.parametrize("coin", [0, 1])
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_a_real_run_follows_the_method_under_every_adversary(
    setting: Setting, coin: int, adversary: Callable[[], Adversary]
) -> None:
    made = skeleton(setting, coin=coin)
    batches = random_batches(steps=2, batch=5, inputs=2, seed=coin)
    found = follow(made, batches, Descent(rho=RHO, rate=setting.rate, adversary=adversary()))
    assert (found.failure, found.failed_at) == (None, None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_its_two_rounds_only_the_predictors_own_edges_move(seed: int) -> None:
    made = skeleton(DYADIC, coin=1)
    batches = random_batches(steps=4, batch=3, inputs=2, seed=seed)
    trace = train(made.network(), batches, Descent(rho=RHO))
    assert [step.kink for step in trace.steps] == [None] * 4
    late = {edge for step in trace.steps[2:] for edge in step.moved}
    assert late and late <= {("final0", "f"), ("final1", "f")}


def test_a_predictor_that_returns_0_has_its_output_on_a_kink() -> None:
    """No step is meant to come after the two rounds; one more would have no derivative."""
    made = skeleton(DYADIC, coin=1)
    trace = train(made.network(), random_batches(steps=3, batch=3, inputs=2, seed=5), Descent(rho=RHO))
    last = trace.steps[-1]
    assert (last.number, last.kink, set(last.outputs)) == (3, "f", {Fraction(0)})
