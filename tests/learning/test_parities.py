"""All parities at once, against the definitions: means and losses over a source, target by target."""

from fractions import Fraction
from random import Random

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.oracles import source_means
from constructions.learning.parities import (
    MOST_BITS,
    PredictorTable,
    QueryTable,
    all_points,
    integers,
    parity_of,
    predictions_of,
    tables_of,
    transform,
)
from constructions.learning.problems import Bits, uniform

F = Fraction


def some_query(n: int, seed: int) -> QueryTable:
    random = Random(seed)
    scale = random.choice((1, 3, 8))
    rows = [tuple(random.randint(-scale, scale) for _ in range(2**n)) for _ in range(2)]
    return QueryTable(denominator=scale, zero=rows[0], one=rows[1])


@pytest.mark.parametrize("n", range(5))
def test_uniform_mean_and_deviation_make_the_mean_of_every_target(n: int) -> None:
    table, places = some_query(n, n), {x: i for i, x in enumerate(all_points(n))}

    def values(x: Bits, y: int) -> tuple[Fraction]:
        return (F((table.one if y else table.zero)[places[x]], table.denominator),)

    for target in range(2**n):
        (mean,) = source_means(uniform(n, parity_of(target, n)), values, 1)
        assert table.uniform + table.deviation(target) == mean


@pytest.mark.parametrize("n", range(5))
def test_the_losses_are_those_over_the_source(n: int) -> None:
    random = Random(n)
    values = {x: F(random.randint(-9, 9), random.choice((1, 2, 7))) for x in all_points(n)}
    table = predictions_of(lambda x: values[x], n)
    for target in range(2**n):
        assert table.loss(target) == uniform(n, parity_of(target, n)).loss(lambda x: values[x])


@pytest.mark.parametrize("seed", range(20))
def test_squares_of_deviations_sum_to_at_most_one(seed: int) -> None:
    table = some_query(4, seed)
    total = sum(table.deviation(target) ** 2 for target in range(16))
    share = F(sum((a - b) ** 2 for a, b in zip(table.zero, table.one, strict=True)), 4 * table.denominator**2 * 16)
    assert total == share <= 1


def test_large_integers_do_not_overflow() -> None:
    big = 2**61
    assert transform(integers([big] * 8)).tolist() == [8 * big] + [0] * 7
    assert integers([2**59] * 8).dtype == object and integers([2**59 - 1] * 8).dtype != object


def test_a_query_table_with_a_large_value_or_another_size_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need values in \[-1, 1\], got 3/2"):
        QueryTable(denominator=2, zero=(0,), one=(3,))
    with pytest.raises(ConstructionError, match="need 2\\^n values for each label, got 3 and 3"):
        QueryTable(denominator=1, zero=(0, 0, 0), one=(0, 0, 0))


def test_more_than_can_be_gone_through_is_refused() -> None:
    with pytest.raises(PremiseError, match="got n=17"):
        tables_of(lambda x, y: (0,), MOST_BITS + 1, 1)
    with pytest.raises(PremiseError, match="got n=17"):
        predictions_of(lambda x: 0, MOST_BITS + 1)
    with pytest.raises(ConstructionError, match="need 2 values of the queries at a point, got 1"):
        tables_of(lambda x, y: (0,), 1, 2)


def test_a_float_among_predictions_is_refused() -> None:
    with pytest.raises(ConstructionError, match="value"):
        predictions_of(lambda x: 0.5, 1)


def test_a_loss_table_is_of_real_numbers() -> None:
    assert PredictorTable(denominator=1, values=(3, 3)).loss(0) == F(9, 2)
