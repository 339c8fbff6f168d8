"""Averaged answers in arrays: the answers are the oracle's, and the last states have the law of the method."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.learning.array_draws import RandomWords
from constructions.learning.learners import query_conjunction
from constructions.learning.models import SQ, Query, QueryMethod
from constructions.learning.oracles import Question, means_over
from constructions.learning.problems import Point
from constructions.reductions.averages_in_arrays import ManyAverages
from constructions.reductions.bsq import averaged, averaged_by_label
from constructions.theorems.choices import EQUALLY, ORACLES
from constructions.theorems.querying import as_sq

F = Fraction
POINTS: list[tuple[Point, int]] = [(((0,), 0), 3), (((0,), 1), 1), (((1,), 1), 2)]


def mean_of_label() -> QueryMethod:
    """An SQ method of one query with three values, whose state is its answer."""
    return QueryMethod(
        n=1,
        budget=SQ(k=1, tau=F(1, 4)),
        start=lambda bits: None,
        query=lambda state: lambda x, y: (F(2 * y - 1, 2) if x[0] else F(y),),
        after=lambda state, answers: answers[0],
        predictor=lambda state: lambda x: 0,
    )


def thirds_of_label_zero() -> QueryMethod:
    """As :func:`mean_of_label`; its values are whole at one label and thirds at the other, so that the answers to its
    two halves have different denominators."""
    return QueryMethod(
        n=1,
        budget=SQ(k=1, tau=F(1, 4)),
        start=lambda bits: None,
        query=lambda state: lambda x, y: (F(1) if y else F(1, 3),),
        after=lambda state, answers: answers[0],
        predictor=lambda state: lambda x: 0,
    )


def exact_law(method: QueryMethod, made: QueryMethod, b: int) -> dict[object, Fraction]:
    """The law of the last state of a method on batches, by all batches round by round, answered exactly."""
    total = sum(mass for _, mass in POINTS)
    reached: dict[object, Fraction] = {made.start(()): F(1)}
    for t in range(1, made.budget.k + 1):
        after: dict[object, Fraction] = {}
        for state, chance in reached.items():
            for batch in product(POINTS, repeat=b):
                share = chance
                for _, mass in batch:
                    share *= F(mass, total)
                found = made.after(state, means_over([p for p, _ in batch], made.ask(state, t), 1))
                after[found] = after.get(found, F(0)) + share
        reached = after
    final: dict[object, Fraction] = {}
    for state, chance in reached.items():
        final[state[0]] = final.get(state[0], F(0)) + chance  # type: ignore[index]
    return final


@pytest.mark.parametrize("by_label", [False, True])
@pytest.mark.parametrize(
    "given", [mean_of_label, thirds_of_label_zero, lambda: as_sq(query_conjunction(1, b=2, tau=F(1, 10)))]
)
def test_last_states_are_as_likely_as_those_of_the_method(by_label: bool, given) -> None:  # type: ignore[no-untyped-def]
    method, b, q, runs = given(), 2, 2, 6000
    made = (averaged_by_label if by_label else averaged)(method, b=b, q=q)
    many = ManyAverages(
        method=method, points=POINTS, equally=EQUALLY["exact"], b=b, q=q, by_label=by_label, tau=made.budget.tau
    )
    found = many.averaged(RandomWords("law"), runs)
    law = exact_law(method, made, b)
    assert set(found) <= set(law) and sorted(i for who in found.values() for i in who.tolist()) == list(range(runs))
    for state, chance in law.items():
        here = len(found.get(state, ()))
        assert abs(here - runs * float(chance)) <= 5 * (runs * float(chance * (1 - chance))) ** 0.5


@pytest.mark.parametrize("name", ORACLES)
def test_the_answers_to_a_sum_are_those_of_the_oracle(name: str) -> None:
    many = ManyAverages(
        method=mean_of_label(), points=POINTS, equally=EQUALLY[name], b=3, q=4, by_label=False, tau=F(1, 7)
    )
    asked = many.answered(many.values(None)[1])
    sums = sorted({sum(choice) for choice in product((0, 1, 2), repeat=3)})  # halves: 1/2, 0 and 1 a point
    assert len(asked.answers) == len(sums)
    for row, total in zip(asked.answers, sums, strict=True):
        wanted = [F(answer) * asked.scale for answer in EQUALLY[name](F(total, 6), F(1, 7))]
        assert [int(value) for value in row] == wanted


def test_integers_beyond_64_bits_are_summed_as_well() -> None:
    many = ManyAverages(
        method=mean_of_label(),
        points=POINTS,
        equally=EQUALLY["highest"],
        b=2,
        q=3,
        by_label=False,
        tau=F(1, 10**25),
    )
    (answer, *_) = many.averaged(RandomWords("1"), 5)
    assert isinstance(answer, Fraction) and (answer * 12 - F(12, 10**25)).denominator == 1


def test_the_sq_method_is_answered_from_the_source() -> None:
    many = ManyAverages(
        method=mean_of_label(), points=POINTS, equally=EQUALLY["random"], b=2, q=1, by_label=False, tau=F(1, 8)
    )
    found = many.given(RandomWords("1"), 1700)
    mean = F(1, 3)
    assert set(found) == {mean + F(j, 32) for j in range(-8, 9)}
    assert all(abs(len(who) - 100) < 50 for who in found.values())


def test_a_random_oracle_gives_every_answer_of_its_list_and_no_other() -> None:
    oracle, random = ORACLES["random"](F(1, 8), 3), Random(1)
    for _ in range(3):
        mean = F(random.randrange(-8, 9), 8)
        asked = {oracle(Question(1, (mean,), F(1, 8)))[0] for _ in range(400)}
        assert asked == set(EQUALLY["random"](mean, F(1, 8)))


@pytest.mark.parametrize("name", ORACLES)
def test_the_answers_to_a_sum_are_equally_likely(name: str) -> None:
    many = ManyAverages(
        method=mean_of_label(), points=POINTS, equally=EQUALLY[name], b=2, q=1, by_label=False, tau=F(1, 7)
    )
    asked, runs = many.answered(many.values(None)[1]), 12_000
    found = asked.total(RandomWords("answers"), runs, 1).tolist()
    ends = (0, *asked.law.ends)
    law: dict[int, F] = {}
    for i, row in enumerate(asked.answers.tolist()):
        for answer in row:
            law[answer] = law.get(answer, F(0)) + F(ends[i + 1] - ends[i], ends[-1] * len(row))
    assert set(found) <= set(law) and sum(law.values()) == 1
    for answer, chance in law.items():
        assert abs(found.count(answer) - runs * float(chance)) <= 5 * (runs * float(chance * (1 - chance))) ** 0.5


@pytest.mark.parametrize(("says", "times"), [(True, 1), (False, 3)])
def test_a_query_is_evaluated_once_for_all_states_that_are_said_to_ask_it(says: bool, times: int) -> None:
    seen: list[Point] = []

    def query(state: object) -> Query:
        return lambda x, y: (seen.append((x, y)) or F(y),)  # type: ignore[func-returns-value]

    method = replace(mean_of_label(), query=query, query_by=(lambda state: "the label") if says else None)
    many = ManyAverages(method=method, points=POINTS, equally=EQUALLY["exact"], b=2, q=2, by_label=True, tau=F(1, 8))
    found = [many.values(state) for state in ("one", "two", "three")]
    assert found == [(((F(0), 3), (F(1), 3)), ((F(0), 3), (F(1), 3)), ((F(0), 6),))] * 3
    assert seen == [point for point, _ in POINTS] * times
