"""Sources: masses and expectations by hand, samples from a seed."""

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from constructions.errors import ConstructionError
from constructions.learning.problems import Labelled, Point, Source, Table, empirical, uniform

F = Fraction
SKEW = Table(1, {((0,), 0): F(1, 6), ((0,), 1): F(1, 2), ((1,), 1): F(1, 3)})
BIASED = Labelled((F(1, 4), F(1, 3)), lambda x: x[0] & x[1], noise=F(1, 5))
TWO = empirical([((0,), 1), ((1,), 0)])
SOURCES = {"table": SKEW, "labelled": BIASED, "empirical": TWO}


def as_dict(source: Source) -> dict[Point, Fraction]:
    return dict(source.masses())


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_masses_are_positive_and_sum_to_one(source: Source) -> None:
    masses = list(source.masses())
    assert sum(mass for _, mass in masses) == 1 and all(mass > 0 for _, mass in masses)
    assert len({point for point, _ in masses}) == len(masses)


def test_masses_of_independent_bits_with_noise_by_hand() -> None:
    masses = as_dict(BIASED)
    assert masses[(1, 1), 1] == F(1, 4) * F(1, 3) * F(4, 5)
    assert masses[(0, 1), 1] == F(3, 4) * F(1, 3) * F(1, 5)
    assert len(masses) == 8


def test_noise_of_one_half_hides_the_label() -> None:
    masses = as_dict(uniform(1, lambda x: x[0], noise=F(1, 2)))
    assert masses[(1,), 0] == masses[(1,), 1] == F(1, 4)


def test_empirical_masses_count_multiplicities() -> None:
    assert as_dict(empirical([((0,), 1), ((1,), 0), ((0,), 1), ((0,), 0)])) == {
        ((0,), 0): F(1, 4),
        ((0,), 1): F(1, 2),
        ((1,), 0): F(1, 4),
    }


def test_points_of_mass_zero_are_no_points() -> None:
    assert list(as_dict(Table(1, {((0,), 0): F(0), ((1,), 0): F(1)}))) == [((1,), 0)]
    assert len(as_dict(Labelled((F(1),), lambda x: 0))) == 1


def test_an_expectation_by_hand() -> None:
    assert SKEW.expectation(lambda x, y: 3 * x[0] - y) == 3 * F(1, 3) - F(5, 6)


def test_the_loss_is_half_the_squared_difference() -> None:
    assert SKEW.loss(lambda x: 2) == (4 * F(1, 6) + F(5, 6)) / 2
    assert SKEW.loss(lambda x: F(1, 2)) == F(1, 8)


def test_a_float_prediction_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"got the float 0\.5, at prediction"):
        SKEW.loss(lambda x: 0.5)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({((0,), 0): F(1, 2)}, "masses that sum to 1, got 1/2"),
        ({((0,), 0): F(3, 2), ((1,), 0): F(-1, 2)}, "masses >= 0, got -1/2"),
        ({((0, 1), 0): F(1)}, "need 1 bits and a label"),
        ({((2,), 0): F(1)}, "need 1 bits and a label"),
        ({((0,), 2): F(1)}, "need 1 bits and a label"),
        ({((0,), 0): 1.0}, "got the float 1.0"),
    ],
)
def test_a_table_that_is_no_distribution_is_refused(table: dict[Point, Fraction], message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        Table(1, table)


@pytest.mark.parametrize("value", [F(-1, 2), F(3, 2)])
def test_a_bias_or_noise_outside_0_to_1_is_refused(value: Fraction) -> None:
    with pytest.raises(ConstructionError, match="need a bias from 0 to 1"):
        Labelled((value,), lambda x: 0)
    with pytest.raises(ConstructionError, match="need a noise from 0 to 1"):
        uniform(1, lambda x: 0, noise=value)


def test_a_target_with_other_labels_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"label 0 or 1, got -1, at x = \(0,\)"):
        list(uniform(1, lambda x: 2 * x[0] - 1).masses())


def test_too_many_bits_to_go_through_are_refused_but_can_be_sampled() -> None:
    wide = uniform(21, lambda x: x[0])
    with pytest.raises(ConstructionError, match="at most 20 bits"):
        next(wide.masses())
    x, y = wide.draw(Random(1))
    assert len(x) == 21 and y == x[0]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_samples_come_with_the_frequencies_of_the_masses_and_from_nowhere_else(source: Source) -> None:
    runs, seen = 6000, Counter(source.batch(6000, Random(11)))
    masses = as_dict(source)
    assert set(seen) <= set(masses)
    assert all(abs(F(seen[point], runs) - mass) < F(1, 25) for point, mass in masses.items())


def test_a_fair_source_asks_its_target_once_a_point_and_draws_as_from_its_bits() -> None:
    asked: list[tuple[int, ...]] = []

    def target(x: tuple[int, ...]) -> int:
        asked.append(x)
        return x[0]

    batch = uniform(2, target, noise=F(1, 3)).batch(200, Random(4))
    assert sorted(asked) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    again, expected = Random(4), []
    for _ in range(200):
        word = again.getrandbits(2)
        expected.append(((word & 1, word >> 1), (word & 1) ^ int(again.randrange(3) < 1)))
    assert batch == tuple(expected)


def test_the_same_seed_gives_the_same_batch_and_another_does_not() -> None:
    assert BIASED.batch(30, Random(5)) == BIASED.batch(30, Random(5)) != BIASED.batch(30, Random(6))
