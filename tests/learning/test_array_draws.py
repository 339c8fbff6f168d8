"""Draws in arrays have exactly the law that they should: words that decide nothing are drawn again or drawn on."""

from collections import Counter
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.learning.array_draws import Law, RandomWords, law_of_sum

TOP = 2**64


class Told(RandomWords):
    """Words that are told."""

    def __init__(self, *words: int) -> None:
        super().__init__("")
        self.left = list(words)

    def words(self, many: int):  # type: ignore[no-untyped-def]
        """The next of them."""
        taken, self.left = self.left[:many], self.left[many:]
        assert len(taken) == many
        return np.array(taken, dtype=np.uint64)


def test_a_word_of_the_last_stretch_is_drawn_again() -> None:
    last = TOP // 6 * 6
    told = Told(last - 1, last, 13, last + 1, 4)
    assert told.below(6, 3).tolist() == [5, 4, 1] and not told.left
    assert Told(TOP - 1, 8).below(8, 2).tolist() == [7, 0]


@pytest.mark.parametrize("bound", [0, -1, 2**62 + 1])
def test_a_bound_that_words_cannot_serve_is_refused(bound: int) -> None:
    with pytest.raises(ConstructionError, match="need a bound from 1 to 2\\^62, got"):
        RandomWords("").below(bound, 1)


def test_seeds_are_the_same_again_and_others_differ() -> None:
    one, again, other = (RandomWords(seed).below(1000, 50).tolist() for seed in ("a", "a", "b"))
    assert one == again != other


@pytest.mark.parametrize("weights", [(1, 2), (1, 0, 3), (0, 5, 1, 0), (1,), (0, 0, 7), (3, 3, 1, 10**30)])
def test_a_draw_is_where_its_digits_lie_however_many_it_takes(weights: tuple[int, ...]) -> None:
    law, total = Law.of(weights), sum(weights)
    ends = [sum(weights[: i + 1]) for i in range(len(weights))]
    edges = {min(end * TOP // total + step, TOP - 1) for end in ends for step in (-1, 0, 1)} | {0, TOP - 1}
    for first, second in product(sorted(edge for edge in edges if edge >= 0), (0, TOP // 3, TOP - 1)):
        told = Told(first, second, 12345)
        (found,) = law.draw(told, 1).tolist()
        digits = Fraction(first * TOP**2 + second * TOP + 12345, TOP**3)
        assert found == sum(Fraction(end, total) <= digits for end in ends) and weights[found]


def test_the_threshold_word_is_decided_by_further_digits() -> None:
    third = TOP // 3
    assert [Law.of((1, 2)).draw(Told(third, word), 1)[0] for word in (0, third - 1, TOP - 1)] == [0, 0, 1]
    assert Law.of((1, 1)).draw(Told(TOP // 2, TOP // 2 - 1), 2).tolist() == [1, 0]


@pytest.mark.parametrize("weights", [(), (0, 0), (2, -1)])
def test_weights_that_are_no_law_are_refused(weights: tuple[int, ...]) -> None:
    with pytest.raises(ConstructionError, match="need weights >= 0, one of them positive"):
        Law.of(weights)


def test_draws_are_as_often_as_their_weights_say() -> None:
    counts = Counter(Law.of((1, 2, 3)).draw(RandomWords("often"), 60_000).tolist())
    assert all(abs(counts[i] - 10_000 * (i + 1)) < 600 for i in range(3))


@pytest.mark.parametrize(
    "weights", [{0: 1, 1: 3}, {-1: 2, 0: 1, 1: 1}, {5: 2}, {-2: 1, 3: 1}, {0: 1, 1: 1, 2: 1, 7: 4}]
)
@pytest.mark.parametrize("many", [1, 2, 3, 5])
def test_the_law_of_a_sum_is_that_of_all_choices(weights: dict[int, int], many: int) -> None:
    counted: Counter[int] = Counter()
    for choice in product(weights, repeat=many):
        counted[sum(choice)] += int(np.prod([weights[value] for value in choice]))
    found = law_of_sum(weights, many)
    assert found == dict(counted) and list(found) == sorted(found)
