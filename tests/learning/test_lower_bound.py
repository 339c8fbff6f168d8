"""The adversary against the definitions: its answers are valid for whoever is left, and the bounds hold and are met."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from constructions.computation.built_in_learners import QUERY_LEARNERS
from constructions.errors import ConstructionError, PremiseError
from constructions.learning.learners import parity, query_conjunction
from constructions.learning.lower_bound import ANSWERINGS, Answering, average_of, bound_for, least_average
from constructions.learning.models import SQ, QueryMethod
from constructions.learning.oracles import is_valid, run, source_means
from constructions.learning.parities import QueryTable, all_points, parity_of, predictions_of
from constructions.learning.parity_game import Game, ParityAdversary, play_against, worst_expected
from constructions.learning.problems import Bits, uniform
from verify.obligations.user_file import load_file

F = Fraction
EXAMPLES = Path(__file__).parents[2] / "examples"
HOW = ("uniform", "shifted", "best")


def example(name: str) -> ModuleType:
    return load_file(EXAMPLES / name)


def holds(game: Game) -> None:
    """All that a game says, by the definitions alone."""
    places = {x: i for i, x in enumerate(all_points(game.n))}
    valid = set()
    for target in range(2**game.n):
        source, right = uniform(game.n, parity_of(target, game.n)), True
        for one in game.asked:

            def values(x: Bits, y: int, table: QueryTable = one.table) -> tuple[Fraction]:
                return (F((table.one if y else table.zero)[places[x]], table.denominator),)

            right = right and bool(is_valid(one.answer, source_means(source, values, 1)[0], game.tau))
        if right:
            valid.add(target)
    assert set(game.left) == valid and len(game.left) >= game.bound.left
    if not valid:
        assert (game.target, game.loss, game.average, game.certain) == (None, None, None, None)
        return
    losses = {target: game.predictions.loss(target) for target in valid}
    assert game.loss == max(losses.values()) == losses[game.target or 0]
    assert game.average == sum(losses.values(), F(0)) / len(valid) >= least_average(F(1, len(valid)))
    assert game.bound.average is None or game.loss >= game.bound.average


def random_method(seed: int, n: int = 3) -> QueryMethod:
    """Random queries, some of them strongly tied to a few parities, and random predictions."""
    random = Random(seed)
    tau, k = random.choice((F(0), F(1, 8), F(1, 4), F(2, 5), F(1, 2), F(3, 4))), random.randint(0, 4)
    rows = []
    for _ in range(k):
        chosen = parity_of(random.randrange(2**n), n)
        noise = {(x, y): F(random.randint(-2, 2), 2) for x in all_points(n) for y in (0, 1)}
        tied = random.random() < 0.5
        rows.append({(x, y): F(1 - 2 * (chosen(x) ^ y)) if tied else v for (x, y), v in noise.items()})
    predicted = {x: F(random.randint(-1, 3), 2) for x in all_points(n)}
    return QueryMethod(
        n=n,
        budget=SQ(k=k, tau=tau),
        start=lambda bits: 0,
        query=lambda state: lambda x, y: (rows[state][x, y],),  # type: ignore[call-overload]
        after=lambda state, answers: state + 1,  # type: ignore[operator]
        predictor=lambda state: lambda x: predicted[x],
    )


@pytest.mark.parametrize("answers", HOW)
@pytest.mark.parametrize("seed", range(25))
def test_what_a_game_says_is_so(seed: int, answers: str) -> None:
    holds(play_against(random_method(seed), answers=answers))


@pytest.mark.parametrize("answers", HOW)
@pytest.mark.parametrize("learner", QUERY_LEARNERS)
def test_it_beats_every_learner_by_queries_of_the_library(learner: str, answers: str) -> None:
    game = play_against(QUERY_LEARNERS[learner].method(8, 1, F(1, 16)), answers=answers)
    assert game.loss is not None and game.certain is not None
    assert game.loss >= game.average >= game.certain > F(12, 100)  # type: ignore[operator]


def test_it_beats_a_users_method_and_random_queries() -> None:
    for name, options in (("own_sq_method.py", {}), ("random_queries.py", {"k": 30})):
        game = play_against(example(name).method(n=8, tau=F(1, 8), **options))
        assert game.loss is not None and game.certain is not None and game.loss >= game.certain > F(12, 100)


def test_a_method_written_against_it_comes_within_a_tenth_of_the_bound() -> None:
    method = example("against_the_adversary.py").method
    uniform_ = play_against(method(n=12, tau=F(312, 10000), k=2), answers="uniform")
    most = ANSWERINGS["uniform"].most_fallen(F(312, 10000))
    assert [one.fallen for one in uniform_.asked] == [1024, 1024] and most == 1027
    assert uniform_.loss == uniform_.average == uniform_.certain
    for way in ("shifted", "best"):
        game = play_against(method(n=12, tau=F(312, 10000), k=3), answers=way)
        most = ANSWERINGS[way].most_fallen(F(312, 10000))
        assert most is not None and all(F(9, 10) * most <= one.fallen <= most for one in game.asked)
        assert game.loss == game.certain


def test_its_expected_loss_is_within_a_tenth_of_the_bound() -> None:
    method = example("against_the_adversary.py").method(n=8, tau=F(124, 1000), k=2)
    target, loss, bound = worst_expected(method, answers="uniform")
    assert bound.expected is not None and bound.expected <= loss <= F(11, 10) * bound.expected, (target, loss)


def test_where_all_targets_fall_nothing_is_named() -> None:
    game = play_against(example("against_the_adversary.py").method(n=4, tau=F(24, 100), k=1), answers="uniform")
    assert game.left == () and game.certain is None and game.target is None
    holds(game)


@pytest.mark.parametrize("answers", HOW)
def test_no_query_makes_more_fall_than_is_said(answers: str) -> None:
    answering = ANSWERINGS[answers]
    for seed in range(60):
        random = Random(seed)
        tau = F(random.randint(1, 40), 60)
        rows = [tuple(random.choice((-1, 1)) for _ in range(16)) for _ in range(2)]
        fallen = ParityAdversary(4, tau, answering).answer(QueryTable(denominator=1, zero=rows[0], one=rows[1])).fallen
        most = answering.most_fallen(tau)
        assert most is not None and fallen <= most
        if answers != "shifted":
            assert fallen * tau**2 < answering.cost and most * tau**2 < answering.cost <= (most + 1) * tau**2
        else:
            assert most * tau**2 <= answering.cost < (most + 1) * tau**2


@pytest.mark.parametrize("denominator", [1, 3, 2**70 - 1])
def test_the_best_answer_keeps_as_many_as_any_other(denominator: int) -> None:
    """Tried at the ends of all intervals, also where numbers need more than 64 bits, and none lets anybody fall."""
    for seed in range(20):
        random = Random(seed)
        tau = F(random.randint(1, 30), 60)
        rows = [tuple(random.randint(-denominator, denominator) for _ in range(16)) for _ in range(2)]
        table = QueryTable(denominator=denominator, zero=rows[0], one=rows[1])
        adversary = ParityAdversary(4, tau, ANSWERINGS["best"])
        found, deviations = adversary.answer(table), [table.deviation(target) for target in range(16)]
        assert found.left == max(sum(0 <= d - first <= 2 * tau for d in deviations) for first in deviations)
        assert abs(found.answer) <= 1 and found.left == len(adversary.targets())
        shifted = ParityAdversary(4, tau, ANSWERINGS["shifted"]).answer(table)
        assert found.left >= shifted.left


def test_without_tolerance_there_is_no_bound() -> None:
    assert ANSWERINGS["uniform"].most_fallen(F(0)) is None
    assert bound_for(4, queries=1, tau=F(0), answering=ANSWERINGS["uniform"]).average is None


def test_an_adversary_that_lies_would_be_seen() -> None:
    class Liar(ParityAdversary):
        def _valid_for(self, signed, offset, unit):  # type: ignore[no-untyped-def]
            return super()._valid_for(signed, offset, unit) | True

    liar = Liar(2, F(1, 8), ANSWERINGS["uniform"])
    table = QueryTable(denominator=1, zero=(0, 0, 0, 0), one=(0, 1, 0, 1))
    found = liar.answer(table)
    game = Game(
        n=2,
        tau=F(1, 8),
        queries=1,
        string=(),
        asked=(found,),
        predictions=predictions_of(lambda x: F(1, 2), 2),
        left=tuple(liar.targets()),
        target=0,
        loss=F(1, 8),
        average=F(1, 8),
        bound=bound_for(2, queries=1, tau=F(1, 8), answering=ANSWERINGS["uniform"]),
    )
    with pytest.raises(AssertionError):
        holds(game)


def test_the_average_of_the_labels_loses_the_bound_exactly() -> None:
    for targets in ([0], [1, 2], [0, 3, 5, 6], list(range(8))):
        table = predictions_of(average_of(targets, 3), 3)
        assert {table.loss(target) for target in targets} == {least_average(F(1, len(targets)))}


def test_who_draws_samples_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a method that asks queries, got one that draws samples"):
        play_against(parity(3, 4))


def test_too_many_bits_and_a_query_of_another_size_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need at most 16 bits"):
        ParityAdversary(17, F(1, 8), ANSWERINGS["uniform"])
    with pytest.raises(ConstructionError, match="need tau >= 0"):
        ParityAdversary(2, F(-1), ANSWERINGS["uniform"])
    with pytest.raises(ConstructionError, match="need a query at 4 points, got 2"):
        ParityAdversary(2, F(1), ANSWERINGS["uniform"]).answer(QueryTable(denominator=1, zero=(0, 0), one=(0, 0)))
    with pytest.raises(PremiseError, match="need at most 16 random bits"):
        worst_expected(replace(example("own_sq_method.py").method(n=2, tau=F(1, 8)), budget=SQ(k=1, tau=F(1), r=17)))


@pytest.mark.parametrize(("value", "match"), [(2, r"need 1 values in \[-1, 1\]"), (0.5, "query 0 at")])
def test_what_is_no_query_is_refused_with_its_place(value: float, match: str) -> None:
    method = QueryMethod(
        n=2,
        budget=SQ(k=1, tau=F(1, 8)),
        start=lambda bits: (),
        query=lambda state: lambda x, y: (value if x == (1, 1) else 0,),
        after=lambda state, answers: state,
        predictor=lambda state: lambda x: 0,
    )
    with pytest.raises(ConstructionError, match=match):
        play_against(method)


def test_a_query_about_the_other_label_is_refused() -> None:
    method = query_conjunction(2, b=1, tau="1/8")
    odd = QueryMethod(
        n=2,
        budget=method.budget,
        start=method.start,
        query=lambda state: lambda x, y: (1,),
        after=method.after,
        predictor=method.predictor,
    )
    with pytest.raises(ConstructionError, match="need a 1-query in round 1"):
        play_against(odd)


def test_answering_without_shifts_is_by_uniform_labels() -> None:
    table = QueryTable(denominator=1, zero=(1, 0, 1, 0), one=(0, 1, 1, 1))
    assert ParityAdversary(2, F(1, 9), Answering(shifts=(), cost=F(1))).answer(table).answer == table.uniform


def test_gradient_descent_finds_a_small_parity_and_not_the_one_that_is_named() -> None:
    method = example("gradient_queries.py").method(n=6, tau=F(1, 64))
    found = run(method, uniform(6, parity_of(0b101, 6)))
    assert uniform(6, parity_of(0b101, 6)).loss(found) < F(1, 100)
    game = play_against(method)
    assert game.target is not None and game.loss is not None and game.loss >= F(1, 8)
    again = run(method, uniform(6, parity_of(game.target, 6)))
    assert uniform(6, parity_of(game.target, 6)).loss(again) >= F(1, 8)
