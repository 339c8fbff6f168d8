"""Counts of an event from one rounded mean for each number of times, and where they end."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.errors import PremiseError
from constructions.foundations.rounding import Grid
from constructions.strip.one_count import count_query, counted, spare_of

F = Fraction


@pytest.mark.parametrize("b", range(1, 10))
@pytest.mark.parametrize("part", [F(999, 1000), F(1, 3)])
def test_each_query_tells_two_numbers_apart(b: int, part: Fraction) -> None:
    rho = part * F(4, b + int(spare_of(b)))
    for count in range(b):
        query = count_query(b, rho, count)
        assert max(abs(query.outside), abs(query.inside)) <= 1
        for times in range(b + 1):
            mean = query.outside + (query.inside - query.outside) * F(times, b)
            assert all((u <= rho * query.below) == (times <= count) for u in Grid(rho=rho).valid(mean))


def test_batches_are_counted_past_the_line_of_whole_batches() -> None:
    b, rho = 9, F(4, 12)  # b rho = 3, past 4/3
    batch = [((i % 2,), int(i % 3 == 0)) for i in range(b)]
    queries = [count_query(b, rho, count) for count in range(b)]
    totals = [sum((query.value(each, lambda it: it[1] == 1) for each in batch), F(0)) for query in queries]
    means = [total / b for total in totals]
    for pick in (min, max):
        assert counted([pick(Grid(rho=rho).valid(mean)) for mean in means], b, rho) == 3


def test_at_the_end_no_query_with_two_values_tells_the_middle_numbers_apart() -> None:
    fine = 8
    for b in range(1, 5):
        rho, low = F(4, b + int(spare_of(b))), b // 2
        for alpha, beta in product(range(-fine, fine + 1), repeat=2):
            ends = [F(alpha, fine) + F((beta - alpha) * count, fine * b) for count in (low, low + 1)]
            one, other = (set(Grid(rho=rho).valid(mean)) for mean in ends)
            assert one & other


def test_what_is_no_batch_is_refused() -> None:
    with pytest.raises(PremiseError, match=r"need \(b \+ 1\) rho < 4 for exact counts, got \(4 \+ 1\) \* 4/5 = 4"):
        count_query(4, F(4, 5), 0)
    with pytest.raises(PremiseError, match="need a count below b = 4, got 4"):
        count_query(4, F(1, 2), 4)
    with pytest.raises(PremiseError, match="need 2 answers, one for each number of times, got 1"):
        counted([F(0)], 2, F(1))
    with pytest.raises(PremiseError, match="got some that no batch has"):
        counted([F(-1), F(1)], 2, F(1))
