"""The claim about both engines goes through runs that meet something, and sees an engine that is not told of a move."""

from verify.claims.training.incremental import NETWORKS, SAMPLES, STEPS, explored


def test_the_runs_of_the_claim_meet_open_roundings_and_kinks() -> None:
    found = [explored(network, first) for network in range(len(NETWORKS)) for first in range(len(SAMPLES))]
    assert not any(entry.differences for entry in found)
    assert sum(entry.open for entry in found) > 50 and sum(entry.stopped for entry in found) > 10
    assert all(entry.runs >= sum(len(SAMPLES) ** step for step in range(STEPS)) for entry in found)


def test_an_engine_that_is_not_told_of_a_move_is_seen() -> None:
    texts = [text for network in range(len(NETWORKS)) for text in explored(network, 0, told=False).differences]
    assert any("the engines differ in" in text for text in texts)
    assert any("the plain engine asks for" in text for text in texts)
