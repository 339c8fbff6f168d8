"""The clock of a machine for whole batches, beside all batches of a small size."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from constructions.computation.batch_machine import batch_machine
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.sample_learners import fed, parity_learner
from constructions.networks.batch_round import clock_copies
from constructions.strip.family import PowerFamily
from verify.recheck.clock import check_clock, distinct_sums, row_of, set_sums
from verify.recheck.machine import Machine, read_machine
from verify.recheck.reading import RefusedError


def machine(n: int, b: int) -> Machine:
    made = batch_machine(fed(parity_learner(n), b), PowerFamily(n, b), rounds=1)
    return read_machine(write_aiger(made.aiger(), binary=False))


def unwound(made: Machine, clock: list[int]) -> bool:
    """Whether some batch whose labels are a function of x has the sum 0 with every query of the clock."""
    points, rows = list(range(1 << len(made.port("x")))), [row_of(made, j) for j in clock]
    values = [[1 - 2 * (row >> x & 1) for x in points] for row in rows]
    for labels in product((1, -1), repeat=len(points)):
        for drawn in product(points, repeat=made.points):
            if all(sum(labels[x] * value[x] for x in drawn) == 0 for value in values):
                return True
    return False


def refused(made: Machine, clock: list[int]) -> bool:
    try:
        check_clock(made, clock)
    except RefusedError:
        return True
    return False


@pytest.mark.parametrize(("n", "b"), [(1, 1), (1, 2), (2, 2), (1, 3), (2, 3), (1, 4)])
def test_a_clock_that_is_taken_winds_with_every_batch(n: int, b: int) -> None:
    made = machine(n, b)
    full = list(range(clock_copies(PowerFamily(n, b))))
    assert check_clock(made, full) is (b % 2 == 0)
    for size in range(1, len(full) + 1):
        for clock in map(list, combinations(range(min(made.queries, 4)), size)):
            assert refused(made, clock) or not unwound(made, clock)


def test_too_small_a_clock_for_an_even_batch_is_refused() -> None:
    made = machine(2, 2)
    for clock in ([0], [0, 1], [1, 2], []):
        assert refused(made, clock)
    assert unwound(made, [0]) and unwound(made, [0, 1])


@pytest.mark.parametrize("clock", [[0, 0, 1, 2], [0, 1, 99], [0, 1, -1]])
def test_a_clock_of_no_queries_of_the_machine_is_refused(clock: list[int]) -> None:
    assert refused(machine(2, 2), clock)


def test_a_query_that_depends_on_the_state_is_no_clock() -> None:
    made = machine(1, 2)
    moving = replace(made, ports=made.ports | {"query1": [made.latches[0][0]]})
    with pytest.raises(RefusedError, match="does not depend on the state"):
        check_clock(moving, [0, 1])


def test_all_sets_are_gone_through() -> None:
    columns = np.array([1, 2, 4, 8, 16])
    for m in range(1, 5):
        wanted = sorted(sum(chosen) for chosen in combinations(columns.tolist(), m))
        assert sorted(set_sums(columns, m).tolist()) == wanted
    assert not distinct_sums(np.array([1, 2, 4, 7, 16]), 2) or 1 ^ 2 != 4 ^ 7
    assert not distinct_sums(np.array([1, 2, 5, 6]), 2)
