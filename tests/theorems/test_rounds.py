"""Exact expected rounds: small cases by hand, sizes that are refused, and what breaks them."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from constructions.errors import PremiseError
from constructions.learning.error import batches
from constructions.learning.models import PAC, SampleMethod
from constructions.learning.oracles import means_over
from constructions.learning.problems import Table, uniform
from constructions.reductions.extract_law import by_words
from constructions.reductions.one_bit import LOOK, PREFIX, Version
from constructions.reductions.sample_extract import Extracted, Extraction, extraction_method
from constructions.theorems.rounds import Rounds, at_once, with_bits

F = Fraction


def how(**changed: object) -> Extraction:
    """An extraction of two samples or so."""
    given = {"n": 1, "b": 2, "tau": F(1, 8), "delta": F(1, 8), "version": PREFIX} | changed
    return Extraction(**given)  # type: ignore[arg-type]


def test_batches_of_one_take_one_round() -> None:
    assert Rounds(how(n=5, b=1), by_words(uniform(5, lambda x: x[0]))).expected(3) == 1


def test_one_word_takes_as_many_rounds_as_bits_and_look_no_fewer() -> None:
    alone = by_words(Table(3, {((0, 1, 1), 1): F(1)}))
    assert Rounds(how(n=3), alone).expected(2) == 4
    assert Rounds(how(n=3, version=LOOK), alone).expected(2) == 4


def test_a_coin_with_fewer_bits_takes_longer() -> None:
    words = by_words(uniform(2, lambda x: x[0]))
    slow, quick = (Rounds(how(n=2, b=3, tau=F(1, 8), bits=bits), words).expected(1) for bits in (1, 4))
    assert slow > quick > Rounds(how(n=2, b=3, bits=1), words, coin=at_once).expected(1)


def test_a_label_that_never_comes_is_waited_for_every_other_round() -> None:
    ones = by_words(Table(1, {((0,), 1): F(1)}))
    assert Rounds(how(alternating=True), ones).at((), 1) == (F(3), F(1))
    assert Rounds(how(alternating=True), ones).at((), 0) == (F(2), F(0))
    assert Rounds(how(alternating=True), ones).expected(2) == F(3 + 2, 2)


def test_too_large_a_sum_is_refused_before_it_is_begun() -> None:
    with pytest.raises(PremiseError, match="need at most 100000 terms to sum"):
        Rounds(how(n=8, b=200, tau=F(1, 1000)), by_words(uniform(8, lambda x: 0)))
    with pytest.raises(PremiseError, match="need at most 100000 terms"):
        Rounds(how(n=400), {(0,) * 401: F(1)} | {tuple(map(int, f"{i:0401b}")): F(0) for i in range(1, 1200)})


@pytest.mark.parametrize(
    ("version", "alternating", "b"), [(PREFIX, False, 3), (LOOK, False, 2), (PREFIX, True, 2), (LOOK, True, 3)]
)
def test_the_expectation_is_that_of_the_method_itself_with_its_coin(
    version: Version, alternating: bool, b: int
) -> None:
    made = how(b=b, version=version, alternating=alternating, delta=F(1, 100))
    # the labels differ in mass, so it matters in which round an extraction ends
    source = Table(1, {((0,), 0): F(1, 8), ((1,), 0): F(1, 8), ((1,), 1): F(3, 4)})
    method = extraction_method(SampleMethod(n=1, budget=PAC(m=3), learn=lambda sample, bits: lambda x: 0), made)
    every, strings = list(batches(source, b)), list(product((0, 1), repeat=method.fresh))
    reached, survived = {method.start((0,) * method.budget.r): 1.0}, 0.0
    for t in range(1, 61):
        survived += sum(chance for state, chance in reached.items() if not isinstance(state, Extracted))
        after: dict[Any, float] = {}
        for state, chance in reached.items():
            if isinstance(state, Extracted):
                continue
            query = method.ask(state, t)
            for (batch, mass), string in product(every, strings):
                begun = method.refill(state, string) if method.refill else state
                found: Any = method.after(begun, means_over(batch, query, method.budget.p))
                found = (
                    found._replace(fresh=(), samples=((0, 0),) * len(found.samples))
                    if not isinstance(found, Extracted)
                    else found
                )
                after[found] = after.get(found, 0.0) + chance * float(mass) / len(strings)
        reached = after
    assert abs(survived / 3 - float(Rounds(made, by_words(source)).expected(3))) < 2e-3


def test_a_coin_whose_digits_end_and_one_whose_digits_do_not() -> None:
    assert with_bits(F(1), 2) == at_once(F(1), 1) and at_once(F(1, 3), 5).sides[1, False] == F(1, 3)
    eighths = with_bits(F(3, 8), 1)  # 0.011: below it at the second or third bit
    assert eighths.idle == F(1, 2) + F(1, 4)
    assert eighths.sides == {(1, False): F(1, 8), (1, True): F(1, 4), (0, False): F(5, 8), (0, True): 0}
    assert tuple(with_bits(F(3, 8), 3)) == (0, {(1, False): F(3, 8), (1, True): 0, (0, False): F(5, 8), (0, True): 0})
    sevenths = with_bits(F(3, 7), 2)
    assert (
        sevenths.idle == F(1, 3)
        and sum(sevenths.sides.values()) == 1
        and sevenths.sides[0, True] + sevenths.sides[1, True] == F(1, 5)
    )
