"""Learners in arrays predict what the methods predict, sample by sample and point by point."""

from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from constructions.computation.built_in_learners import SAMPLE_LEARNERS
from constructions.errors import ConstructionError
from constructions.learning.learners import memoriser
from constructions.learning.learners_in_arrays import Samples, all_parities, points_in_array

SIZES = [(0, 0), (0, 3), (1, 0), (1, 2), (2, 3), (3, 4), (3, 12), (5, 1), (5, 9)]


def samples(n: int, m: int, many: int, random: Random) -> Samples:
    """Samples of points in an order of their own; in some the labels are those of a literal."""
    points = list(product((0, 1), repeat=n))
    random.shuffle(points)
    drawn = [[random.randrange(len(points)) for _ in range(m)] for _ in range(many)]
    places = np.array(drawn, dtype=np.int64).reshape(many, m)
    bits = points_in_array(points, n)
    coins = [[random.randrange(2) for _ in range(m)] for _ in range(many)]
    labels = np.array(coins, dtype=np.int64).reshape(many, m)
    if n:
        labels[::3] = bits[places[::3], n - 1]
        labels[1::3] = bits[places[1::3], 0] ^ bits[places[1::3], n - 1]
    return Samples(points, bits, places, labels)


@pytest.mark.parametrize("name", SAMPLE_LEARNERS)
@pytest.mark.parametrize(("n", "m"), SIZES)
def test_every_prediction_is_that_of_the_method(name: str, n: int, m: int) -> None:
    given, method = samples(n, m, 60, Random(f"{name} {n} {m}")), SAMPLE_LEARNERS[name].method(n, m)
    assert method.learn_all is not None
    found = method.learn_all(given)
    for i in range(60):
        sample = tuple((given.points[p], int(y)) for p, y in zip(given.places[i], given.labels[i], strict=True))
        h = method.learn(sample, ())
        row = zip(found.numerators[i].tolist(), found.denominators[i].tolist(), strict=True)
        assert [Fraction(*value) for value in row] == [h(x) for x in given.points]


def test_a_memoriser_that_rounds_has_no_form_in_arrays() -> None:
    assert memoriser(2, 3, places=2).learn_all is None


def test_parities_of_too_many_bits_are_refused() -> None:
    wide = [(0,) * 63]
    one = np.zeros((1, 1), dtype=np.int64)
    with pytest.raises(ConstructionError, match="need at most 62 bits for parities in arrays, got 63"):
        all_parities(Samples(wide, points_in_array(wide, 63), one, one))
