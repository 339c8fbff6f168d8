"""The limit on what a solver takes of the processor: it counts work and not waiting, and it ends what does not end."""

import time

import pytest
import z3

from constructions.foundations.processor_time import processor_limit


def test_a_question_without_end_is_ended() -> None:
    context = z3.Context()
    solver = z3.Solver(ctx=context)
    x, y, z = (z3.Int(name, ctx=context) for name in "xyz")
    solver.add(x * x * x + y * y * y + z * z * z == 33)
    began = time.process_time()
    with processor_limit(context.interrupt, 0.1) as over:
        assert solver.check() == z3.unknown
    assert over.is_set()
    assert time.process_time() - began >= 0.1


def test_waiting_does_not_count() -> None:
    ended: list[int] = []
    with processor_limit(lambda: ended.append(1), 0.05) as over:
        time.sleep(0.15)
    assert (ended, over.is_set()) == ([], False)


def test_it_ends_again_until_the_body_is_left() -> None:
    """An interrupt between two questions of one body would else be lost, and the second one have no limit."""
    ended: list[int] = []
    with processor_limit(lambda: ended.append(1), 0.01):
        while len(ended) < 3:
            pass
    after = len(ended)
    time.sleep(0.05)
    assert len(ended) == after


def test_an_error_in_the_body_ends_the_watch() -> None:
    ended: list[int] = []
    with pytest.raises(ZeroDivisionError), processor_limit(lambda: ended.append(1), 0.02):
        raise ZeroDivisionError
    began = time.process_time()
    while time.process_time() - began < 0.05:
        pass
    assert not ended
