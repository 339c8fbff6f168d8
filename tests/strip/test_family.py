"""The family of queries and its decoder: by hand, at random, and at n = 32, b = 40."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.problems import Bits, Point
from constructions.strip.binary_field import BinaryField
from constructions.strip.decoding import counts, decoded, goes_on, nearest_of_parity
from constructions.strip.family import PowerFamily, balance_of, balances, halved, last_exponent
from verify.claims.strip.decoding import uncompared
from verify.claims.strip.family.small import FewerPowers
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


def batch_of(n: int, b: int, random: Random, *, repeats: int = 1) -> list[Point]:
    """A batch in which each point is there several times, with labels of its own."""
    points = [tuple(random.randrange(2) for _ in range(n)) for _ in range(-(-b // repeats))]
    return [(x, random.randrange(2)) for x in points for _ in range(repeats)][:b]


def test_queries_are_bits_of_odd_powers() -> None:
    family = PowerFamily(3, 2)
    field, x = BinaryField(3), (1, 1, 0)
    cube = field.times(3, field.times(3, 3))
    assert family.values(x) == (1, -1, -1, 1, *(1 - 2 * (cube >> i & 1) for i in range(3)))
    assert family.size == len(family.values(x)) == 7 and last_exponent(2) == 3
    assert family.point(family.element(x)) == x


@pytest.mark.parametrize("x", [(1,), (0, 2, 0), (0, 1, 0, 1)])
def test_other_points_are_refused(x: Bits) -> None:
    with pytest.raises(ConstructionError, match="need a point of 3 bits"):
        PowerFamily(3, 2).values(x)


@pytest.mark.parametrize(("n", "b", "repeats"), [(1, 7, 2), (3, 5, 1), (8, 12, 3), (16, 9, 4), (5, 1, 1)])
def test_batches_with_repeated_points_are_decoded(n: int, b: int, repeats: int) -> None:
    family, random = PowerFamily(n, b), Random(n)
    for _ in range(5):
        balance = balance_of(batch_of(n, b, random, repeats=repeats))
        assert decoded(family, family.answers(balance)) == balance


@pytest.mark.parametrize("repeats", [1, 8, 40])
def test_large_batches_are_decoded(repeats: int) -> None:
    family = PowerFamily(32, 40)
    balance = balance_of(batch_of(32, 40, Random(repeats), repeats=repeats))
    assert decoded(family, family.answers(balance)) == balance


def test_one_wrong_answer_is_refused_and_never_decoded_to_something() -> None:
    family, random = PowerFamily(6, 4), Random(5)
    balance = balance_of(batch_of(6, 4, random))
    answers = family.answers(balance)
    for place in range(family.size):
        for change in (-2, 1, 2):
            wrong = [answer + change * (i == place) for i, answer in enumerate(answers)]
            try:
                found = decoded(family, wrong)
            except PremiseError:
                continue
            assert family.answers(found) == tuple(wrong) and sum(map(abs, found.values())) <= 4


@pytest.mark.parametrize("answers", [[5, 5, 5], [1, 0, 1], [2, 1, 2], [0, 1, 0]])
def test_answers_of_no_batch_are_refused(answers: Sequence[int]) -> None:
    with pytest.raises(PremiseError, match="need the answers of a batch of at most 2 points"):
        decoded(PowerFamily(1, 2), answers)


def test_answers_are_rounded_to_integers_of_the_parity_of_b() -> None:
    assert counts((F(99, 100), F(-1, 100), F(1, 3)), 3) == (3, -1, 1)
    assert nearest_of_parity(F(1, 2), 0) == 0 and nearest_of_parity(F(3, 2), 0) == 2
    assert halved(4, 2) == 1 and goes_on(2, 1) and not goes_on(4, 1)


def test_another_decoder_finds_the_same_batches() -> None:
    """By a search of all sets of points for the parities, and then for the signs: code of another kind."""
    family, random = PowerFamily(3, 3), Random(6)
    for _ in range(5):
        batch = [(x, random.randrange(2)) for x in random.sample(list(product((0, 1), repeat=3)), 3)]
        answers = family.answers(balance_of(batch))
        fitting = [
            dict(zip(points, signs, strict=True))
            for points in combinations(sorted(product((0, 1), repeat=3)), 3)
            for signs in product((1, -1), repeat=3)
            if family.answers(dict(zip(points, signs, strict=True))) == answers
        ]
        assert fitting == [decoded(family, answers)]


def test_all_balances_are_gone_through_once() -> None:
    found = [tuple(sorted(each.items())) for each in balances(1, 2)]
    assert len(found) == len(set(found)) == 8 and all(sum(abs(g) for _, g in each) == 2 for each in found)


def test_fewer_powers_and_a_decoder_that_does_not_compare_would_be_found() -> None:
    known = paper_obligations()
    assert examine(known["strip.family.injective"], lambda case: FewerPowers).verdict is Verdict.REFUTED
    assert examine(known["strip.decoding.batches"], lambda case: uncompared).verdict is Verdict.REFUTED
