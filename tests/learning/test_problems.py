"""Sources: masses and expectations by hand, samples from a seed, files of 0/1 columns."""
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.learning.problems import Labelled, Point, Source, Table, empirical, mixture, noisy, read_points, uniform

F = Fraction
SKEW = Table(1, {((0,), 0): F(1, 6), ((0,), 1): F(1, 2), ((1,), 1): F(1, 3)})
BIASED = Labelled((F(1, 4), F(1, 3)), lambda x: x[0] & x[1], noise=F(1, 5))
MIXED = mixture([(F(1, 3), SKEW), (F(2, 3), uniform(1, lambda x: x[0]))])
TWO = empirical([((0,), 1), ((1,), 0)])
SOURCES = {"table": SKEW, "labelled": BIASED, "mixture": MIXED, "noisy": noisy(SKEW, F(1, 7)), "empirical": TWO}


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


def test_masses_of_a_mixture_by_hand() -> None:
    assert as_dict(MIXED) == {((0,), 0): F(1, 18) + F(1, 3), ((0,), 1): F(1, 6), ((1,), 1): F(1, 9) + F(1, 3)}


def test_noise_moves_mass_between_the_labels_of_a_point() -> None:
    assert as_dict(noisy(SKEW, F(1, 4)))[(0,), 0] == F(1, 6) * F(3, 4) + F(1, 2) * F(1, 4)


def test_noise_of_one_half_hides_the_label() -> None:
    masses = as_dict(noisy(SKEW, F(1, 2)))
    assert masses[(1,), 0] == masses[(1,), 1] == F(1, 6)


def test_empirical_masses_count_multiplicities() -> None:
    assert as_dict(empirical([((0,), 1), ((1,), 0), ((0,), 1), ((0,), 0)])) == {((0,), 0): F(1, 4), ((0,), 1): F(1, 2), ((1,), 0): F(1, 4)}


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


def test_a_mixture_of_different_sizes_or_with_other_weights_is_refused() -> None:
    with pytest.raises(ConstructionError, match="parts of one n"):
        mixture([(F(1, 2), SKEW), (F(1, 2), BIASED)])
    with pytest.raises(ConstructionError, match="sum to 1"):
        mixture([(F(1, 2), SKEW)])


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


@settings(max_examples=30)
@given(points=st.lists(st.tuples(st.tuples(*[st.integers(0, 1)] * 2), st.integers(0, 1)), min_size=1, max_size=6))
def test_a_csv_file_gives_back_the_points_that_were_written(points: list[Point], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("data") / "points.csv"
    path.write_text("".join(f"{x[0]},{x[1]}, {y}\n" for x, y in points), encoding="utf-8")
    assert read_points(path) == points


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.bool_])
def test_a_numpy_file_gives_back_the_points_that_were_written(kind: type, tmp_path: Path) -> None:
    np.save(tmp_path / "points.npy", np.array([[0, 1, 1], [1, 0, 0]], dtype=kind))
    assert read_points(tmp_path / "points.npy") == [((0, 1), 1), ((1, 0), 0)]


def test_one_line_of_names_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "named.csv"
    path.write_text("first,label\n0,1\n", encoding="utf-8")
    assert read_points(path) == [((0,), 1)]


def test_the_mark_that_some_programs_write_first_is_no_cell(tmp_path: Path) -> None:
    path = tmp_path / "marked.csv"
    path.write_bytes(b"\xef\xbb\xbf0,1\n")
    assert read_points(path) == [((0,), 1)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0,1\n0,2\n", "need 0 or 1, got '2', at row 2, column 2"),
        ("a,b\n0,1\nc,1\n", "need 0 or 1, got 'c', at row 3, column 1"),
        ("0,1\n1\n", "need 2 columns, at least one, got 1, at row 2"),
        ("0,-1\n", "need 0 or 1, got '-1', at row 1, column 2"),
        ("0,1\n0,\n", "need 0 or 1, got '', at row 2, column 2"),
        ("0.5,1\n0,1\n", "need 0 or 1, got '0.5', at row 1, column 1"),
        (",\n0,1\n", "need 0 or 1, got '', at row 1, column 1"),
        ("", "need at least one row"),
    ],
)
def test_a_bad_csv_file_is_refused_with_row_and_column(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConstructionError, match=message):
        read_points(path)


def test_a_bad_numpy_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.npy"
    for array, message in (
        (np.array([[0, 1], [3, 1]]), "need 0 or 1, got '3', at row 2, column 1"),
        (np.array([0, 1]), "two-dimensional array"),
        (np.array([[0.0, 1.0]]), "integers or booleans, got 2 dimensions of float64"),
    ):
        np.save(path, array)
        with pytest.raises(ConstructionError, match=message):
            read_points(path)
    path.write_bytes(b"no array")
    with pytest.raises(ConstructionError, match="need a NumPy file"):
        read_points(path)


def test_a_missing_file_or_one_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match="need a file that can be read"):
        read_points(tmp_path / "none.csv")
    with pytest.raises(ConstructionError, match=r"ends in \.csv or \.npy, got 'points.txt'"):
        read_points(tmp_path / "points.txt")
