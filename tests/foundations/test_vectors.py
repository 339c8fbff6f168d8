"""Vectors by entries: a table and a function of the place are treated alike, and no entry sees another."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.foundations.terms import REAL, variable
from constructions.foundations.vectors import Family, VectorSum, by_place, constant, entrywise, without_zeros
from tests.rationals import any_rationals

NUMBERS = any_rationals(9)
TABLES = st.dictionaries(st.integers(0, 9), st.tuples(NUMBERS, NUMBERS), min_size=1)


PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1)


def read(vector: Any, places: Any) -> dict[int, Fraction]:
    """The entries of a vector of either kind."""
    return {place: vector.at(place) if isinstance(vector, Family) else vector[place] for place in places}


@given(TABLES)
def test_a_table_and_a_function_of_the_place_are_treated_alike(table: dict[int, tuple[Fraction, Fraction]]) -> None:
    first, other = ({place: pair[i] for place, pair in table.items()} for i in (0, 1))
    wanted = {place: a - 2 * b for place, (a, b) in table.items()}
    for one, two in ((first, other), (Family(first.__getitem__), Family(other.__getitem__))):
        assert read(entrywise(lambda a, b: a - 2 * b, one, two), table) == wanted
        assert read(by_place(lambda place, a: place * a, one), table) == {
            place: place * first[place] for place in table
        }
        assert read(constant(one, Fraction(7)), table) == dict.fromkeys(table, 7)


@given(PAIRS)
def test_a_tuple_is_treated_as_a_table_is(pairs: list[tuple[Fraction, Fraction]]) -> None:
    first, other = (tuple(pair[i] for pair in pairs) for i in (0, 1))
    assert entrywise(lambda a, b: a - 2 * b, first, other) == tuple(a - 2 * b for a, b in pairs)
    assert constant(first, Fraction(7)) == (7,) * len(pairs)
    with pytest.raises(ValueError, match="zip"):
        entrywise(lambda a, b: a + b, first, (*other, Fraction(1)))


@given(PAIRS, st.integers(1, 4))
def test_the_mean_of_some_vectors_is_that_of_each_entry(pairs: list[tuple[Fraction, Fraction]], times: int) -> None:
    total, count = VectorSum.of(pairs[0]), len(pairs) - 1 + times
    for pair in pairs[1:]:
        total = total.added(pair)
    sums = [sum((pair[i] for pair in pairs), (times - 1) * pairs[0][i]) for i in (0, 1)]
    assert total.added(pairs[0], times).mean == tuple(each / count for each in sums)


def test_a_table_keeps_its_order_and_the_places_of_the_first() -> None:
    assert list(entrywise(lambda a, b: a + b, {"v": 1, "u": 2}, {"u": 1, "w": 5, "v": 3}).items()) == [
        ("v", 4),
        ("u", 3),
    ]
    with pytest.raises(KeyError):
        entrywise(lambda a, b: a + b, {"u": 1}, {"v": 2})


def test_only_numbers_that_are_0_are_left_out() -> None:
    x, family = variable("x", REAL), Family(lambda place: Fraction(0))
    assert without_zeros({"u": Fraction(0), "v": Fraction(1, 2), "w": x - x}).keys() == {"v", "w"}
    assert without_zeros(family) is family
