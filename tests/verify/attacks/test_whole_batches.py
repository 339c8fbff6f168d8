"""Changed networks that read whole batches are refused, or they still train as their machine says."""

import pytest

from verify.attacks.whole_batches import (
    ATTACKS,
    HARMLESS,
    attacked,
    checked_alone,
    other_learner,
    plan_of,
)

REFUSED = {
    "sides exchanged",
    "a digit's offset",
    "a canceller missing",
    "a canceller's weight",
    "the held output",
    "a copy without its digits",
    "where the weight rests",
    "drivers exchanged",
    "an edge of a copy frozen",
    "header, batch",
}
"""What must be refused, whatever is drawn."""


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_breaks_a_copy_or_a_round_is_refused(name: str) -> None:
    plan = plan_of(1, 1, 2)
    assert attacked(plan, name, 5)[0] == "refused"
    assert checked_alone(plan, name, 5)[0] == "refused"


def test_another_rate_or_precision_is_refused_unless_it_does_no_harm() -> None:
    plan = plan_of(1, 1, 2)
    for name in ("header, rate", "header, rho"):
        assert {attacked(plan, name, seed)[0] for seed in range(3)} <= {"refused", "harmless"}


def test_a_renumbered_network_is_certified_and_trains_as_it_should() -> None:
    plan = plan_of(1, 1, 2)
    for name in HARMLESS:
        assert attacked(plan, name, 1)[0] == "harmless"
    assert other_learner(plan) == ("refused", "f")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_no_attack_gets_a_network_certified_that_trains_wrong(name: str) -> None:
    for plan in (plan_of(1, 1, 2), plan_of(1, 2, 2)):
        for seed in range(6):
            for ask in (attacked, checked_alone):
                found = ask(plan, name, seed)
                assert found[0] != "DEFECT", (seed, found)
