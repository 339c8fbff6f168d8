"""An outcome says whether the skeleton followed its method, and tells one failure from another."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Network
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, VC_ONLY, Setting
from constructions.networks.skeleton import Skeleton
from constructions.training.following import FollowedRun
from constructions.training.outcome import follow

RHO = Fraction(1, 16)
WRONG = [[((1, 0), 1), ((0, 0), 0)], [((0, 1), 0), ((1, 1), 1)]]
E03 = [[((1, 0), 1)], [((0, 0), 0)]]


def skeleton(setting: Setting = DYADIC, *, coin: int = 0) -> Skeleton:
    """The two-round network at precision 1/16."""
    return Skeleton(setting=setting, rho=RHO, coin=coin)


def followed(
    setting: Setting = DYADIC,
    batches: Sequence[Sequence[Sample]] = WRONG,
    *,
    net: Network | None = None,
    rate: Fraction | None = None,
) -> FollowedRun:
    """What comes of training it; the network or the rate may be replaced."""
    return follow(skeleton(setting), batches, Descent(rho=RHO, rate=setting.rate if rate is None else rate), net=net)


@pytest.mark.parametrize("setting", [MINIMAL, STRONG, DYADIC], ids=lambda setting: setting.name)
@pytest.mark.parametrize("batches", [WRONG, E03])
def test_repaired_it_follows_its_method(setting: Setting, batches: list[list[Sample]]) -> None:
    outcome = followed(setting, batches)
    assert (outcome.failed_at, outcome.failure, outcome.points) == (None, None, 4)


def test_as_printed_it_starts_on_a_kink_e04() -> None:
    outcome = followed(PRINTED)
    assert (outcome.failed_at, outcome.failure) == (1, "the loss has no derivative: q1.vc is on a kink")
    assert outcome.kink == "q1.vc"
    assert outcome.answers == ((),)


def test_with_only_vc_mended_the_second_round_leaves_the_declared_output_e03() -> None:
    outcome = followed(VC_ONLY, E03)
    assert (outcome.failed_at, outcome.failure) == (2, "the output is 7/8 instead of 9/8, at sample 0")


@pytest.mark.parametrize(
    ("coin", "batch", "answer"), [(0, (1, 0), Fraction(1)), (1, (1, 0), Fraction(0)), (1, (0, 1), Fraction(1))]
)
def test_the_first_answer_is_near_the_batch_mean_of_the_query_that_the_coin_picks(
    coin: int, batch: tuple[int, int], answer: Fraction
) -> None:
    outcome = follow(skeleton(coin=coin), [[(batch, 1)], [((0, 0), 0)]], Descent(rho=RHO))
    assert outcome.failure is None
    assert abs(outcome.answers[0][0] - answer) <= skeleton().tolerance


def test_half_the_rate_gives_an_answer_that_is_too_small() -> None:
    outcome = followed(rate=DYADIC.rate / 2)
    assert (outcome.failed_at, outcome.failure) == (
        2,
        "the answer 0 is not within 1/4 of the batch mean 1/2, at query 1",
    )


def test_a_wrong_final_weight_gives_a_wrong_predictor() -> None:
    net = skeleton().network()
    outcome = followed(net=net.with_weight("final0", "f", 2 * net.weight("final0", "f")))
    assert (outcome.failed_at, outcome.failure) == (3, "the predictor returns 1 instead of 1/2, at x = [1, 0]")


def test_a_wrong_copy_moves_the_output() -> None:
    outcome = followed(net=skeleton().network().with_weight("c2.v3", "f", -1))
    assert (outcome.failed_at, outcome.failure) == (2, "the output is 127/128 instead of 137/128, at sample 0")


def test_an_output_that_is_wrong_from_the_start_is_found_in_step_1() -> None:
    net = skeleton().network()
    outcome = followed(net=net.with_weight("one", "q1.v1", net.weight("one", "q1.v1") + RHO))
    assert (outcome.failed_at, outcome.failure) == (1, "the output is -3/128 instead of -9/128, at sample 0")


def test_the_same_run_gives_the_same_outcome() -> None:
    assert followed() == followed()


def test_one_batch_instead_of_two_is_an_error_not_an_outcome() -> None:
    with pytest.raises(ConstructionError, match="need a batch for each of 2 rounds, got 1"):
        followed(DYADIC, WRONG[:1])


@pytest.mark.parametrize("batch", [[((1,), 0)], [((1, 0), 2)]])
def test_a_batch_that_does_not_fit_is_refused(batch: list[Sample]) -> None:
    with pytest.raises(ConstructionError, match=r"^need (values for the inputs|2 bits and a label 0 or 1)"):
        followed(DYADIC, [batch, batch])
