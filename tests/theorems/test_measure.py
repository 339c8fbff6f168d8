"""Measured runs are runs of the methods that were built, and their intervals cover what they should."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.errors import ConstructionError
from constructions.learning.models import BSQ, QueryMethod
from constructions.learning.oracles import Question, exact, highest, lowest, run_rounds
from constructions.learning.problems import Point, Source, Table, empirical, uniform
from constructions.reductions.extract_law import by_words
from constructions.reductions.one_bit import LOOK, PREFIX, matches, patterns_in_round
from constructions.theorems.choices import ORACLES, problem
from constructions.theorems.measure import MOST_POINTS, ROUNDS, Experiment, Losses, Tally, checked, interval, play
from constructions.theorems.pipeline import TheoremSetting
from constructions.theorems.registry import THEOREMS

F = Fraction


class Recorded(Source):
    """A source that remembers its batches."""

    def __init__(self, source: Source) -> None:
        self.inner, self.n, self.seen = source, source.n, list[tuple[Point, ...]]()

    def masses(self):  # type: ignore[no-untyped-def]
        return self.inner.masses()

    def draw(self, source: Random) -> Point:
        return self.inner.draw(source)

    def batch(self, b: int, source: Random) -> tuple[Point, ...]:
        self.seen.append(self.inner.batch(b, source))
        return self.seen[-1]


def pipeline(extract: str = "prefix", *, alternating: bool = False, n: int = 3, b: int = 3, m: int = 2, loss: int = 4):  # type: ignore[no-untyped-def]
    """A small pipeline of Theorem 2a or Lemma 1."""
    setting = TheoremSetting(n=n, b=b, m=m, tau=F(1, 4 * b), delta=F(1, loss), extract=extract, alternating=alternating)
    return THEOREMS["theorem 2a"].pipeline(setting, "parity")


FORMS = [("prefix", False), ("look", False), ("prefix", True), ("look", True)]


@pytest.mark.parametrize(("extract", "alternating"), [*FORMS, ("full", False)])
def test_a_run_is_the_run_of_the_method_on_the_same_batches_and_bits(extract: str, alternating: bool) -> None:
    made = pipeline(extract, alternating=alternating)
    method, bits = made.made, list[int]()
    for seed in range(12):
        source, bits[:] = Recorded(uniform(3, lambda x: x[0] ^ x[2], noise=F(1, 5))), []
        followed = replace(method, refill=_noting(method, bits)) if method.refill else method
        played = play(followed, source, (exact, highest, lowest)[seed % 3], Random(seed), finished=made.finished)
        left = method.budget.k - len(source.seen)
        assert played.rounds == len(source.seen) and (left == 0 or made.finished(played.state))
        string = (*bits, *(0,) * (method.budget.r - len(bits)))
        state = run_rounds(method, source, exact, string, [*source.seen, *source.seen[:1] * left])
        assert state == played.state


def _noting(method: QueryMethod, bits: list[int]):  # type: ignore[no-untyped-def]
    def refill(state, string):  # type: ignore[no-untyped-def]
        bits.extend(string)
        assert method.refill is not None
        return method.refill(state, string)

    return refill


@pytest.mark.parametrize("version", [PREFIX, LOOK])
@pytest.mark.parametrize("label", [None, 0, 1])
def test_the_queries_of_a_round_are_the_patterns_of_its_prefix(version, label) -> None:  # type: ignore[no-untyped-def]
    made = pipeline(version.name, alternating=label is not None)
    start = made.made.start((0,) * made.made.budget.r)
    for s in [(), (0,), (1, 0), (1, 1, 0)]:
        state = start._replace(s=s, t=1 if label is None else label)
        patterns = patterns_in_round(version, 4, s, label=label)
        for y, *x in product((0, 1), repeat=4):
            values = made.made.query(state)(tuple(x), y)
            assert list(values[: len(patterns)]) == [int(matches(pattern, (y, *x))) for pattern in patterns]
            assert not any(values[len(patterns) :]) and len(values) == made.made.budget.p


def test_queries_that_are_not_plain_are_looked_at_as_ever() -> None:
    method = pipeline().made
    state = method.start((0,) * method.budget.r)
    wrong = replace(method, query=lambda state: lambda x, y: (2,) * method.budget.p)
    with pytest.raises(ConstructionError, match="in \\[-1, 1\\]"):
        checked(wrong, state, 1)((0, 0, 0), 0)
    short = replace(method, query=lambda state: lambda x, y: (1,))
    with pytest.raises(ConstructionError, match=f"need {method.budget.p} values"):
        checked(short, state, 1)((0, 0, 0), 0)
    loud = replace(pipeline(alternating=True).made, query=lambda state: lambda x, y: (1,) * 4)
    with pytest.raises(ConstructionError, match="need a 1-query in round 1"):
        checked(loud, state, 1)((0, 0, 0), 0)


def test_an_invalid_oracle_is_refused() -> None:
    made = pipeline()

    def liar(question: Question) -> tuple[Fraction, ...]:
        return tuple(mean + 1 for mean in question.means)

    with pytest.raises(ConstructionError, match="need an answer within 1/12"):
        play(made.made, uniform(3, lambda x: 0), liar, Random(0), finished=made.finished)


@pytest.mark.parametrize(
    "source", [uniform(3, lambda x: x[0], noise=F(1, 7)), empirical([((0, 1), 1), ((0, 1), 0), ((1, 1), 1)])]
)
def test_losses_are_those_of_the_source(source: Source) -> None:
    losses = Losses.of(source)
    for predictor in (lambda x: x[0], lambda x: F(1, 2), lambda x: F(x[0], 3)):
        assert losses(predictor, Random(0)) == source.loss(predictor)
    assert losses.words == by_words(source)


def test_losses_over_many_points_are_means_over_fresh_ones() -> None:
    source = problem("parity", 12, F(0))
    losses = Losses.of(source)
    assert not losses.exact and losses.words is None and MOST_POINTS < 2**12
    assert losses(lambda x: F(1, 2), Random(0)) == F(1, 8)
    means = [losses(lambda x: x[0], Random(seed)) for seed in range(50)]
    assert abs(float(sum(means)) / 50 - 0.25) < 0.02
    many = Table(13, {((*map(int, f"{i:012b}"), 0), 0): F(1, 4096) for i in range(4096)})
    assert not Losses.of(many).exact


def test_runs_depend_on_the_seed_and_their_number_alone() -> None:
    made, source = pipeline(), uniform(3, lambda x: x[0])
    first = Experiment(made, source, Losses.of(source), ORACLES["random"], 7)
    again = Experiment(made, source, Losses.of(source), ORACLES["random"], 7)
    other = Experiment(made, source, Losses.of(source), ORACLES["random"], 8)
    runs = [first.run(i) for i in range(20)]
    assert [again.run(i) for i in reversed(range(20))] == runs[::-1] and [other.run(i) for i in range(20)] != runs


@pytest.mark.parametrize(("extract", "alternating"), FORMS)
def test_measured_rounds_agree_with_the_exact_ones(extract: str, alternating: bool) -> None:
    made, source = (
        pipeline(extract, alternating=alternating, loss=500),
        uniform(3, lambda x: x[0] & x[1], noise=F(1, 5)),
    )
    experiment, tally = Experiment(made, source, Losses.of(source), ORACLES["exact"], 3), Tally()
    for i in range(1500):
        tally = tally.plus_all([experiment.run(i)])
    found = interval(tally, ROUNDS, low=F(0), high=F(made.made.budget.k))
    assert made.exact is not None and found.error is not None
    expected = float(made.exact(by_words(source))) * 2
    assert abs(float(found.mean) - expected) < 4 * found.error and found.error < 0.2


def test_an_interval_narrows_and_covers() -> None:
    few, many = (Tally(runs, {"x": (F(runs, 4), F(runs, 4))}) for runs in (10, 4000))
    wide, narrow = (interval(tally, "x", low=F(0), high=F(1)) for tally in (few, many))
    assert 0 == wide.low < narrow.low < 0.25 < narrow.high < wide.high <= 1
    assert interval(Tally(1, {"x": (F(1), F(1))}), "x", low=F(0), high=F(1)).error is None
    random, missed = Random(5), 0
    for _ in range(300):
        ones = sum(random.random() < 0.1 for _ in range(200))
        found = interval(Tally(200, {"x": (F(ones), F(ones))}), "x", low=F(0), high=F(1))
        missed += not found.low <= 0.1 <= found.high
    assert missed <= 6


def test_a_method_about_one_batch_is_asked_about_the_same_m_samples() -> None:
    setting = TheoremSetting(n=3, b=1, m=5, tau=F(1, 20), delta=F(1, 20))
    made = THEOREMS["lemma 5a"].pipeline(setting, "parity")
    assert isinstance(made.made, QueryMethod)
    source = Recorded(uniform(3, lambda x: x[0]))
    played = play(made.made, source, highest, Random(2), finished=made.finished)
    assert [len(batch) for batch in source.seen] == [5]
    assert run_rounds(made.made, source, exact, (), source.seen * made.made.budget.k) == played.state


@pytest.mark.parametrize("fresh", [0, 2])
def test_a_method_gets_its_own_random_bits_at_the_start(fresh: int) -> None:
    refill = (lambda state, bits: (*state, len(bits))) if fresh else None
    method = QueryMethod(
        n=1,
        budget=BSQ(k=3, tau=F(0), b=2, p=1, r=4 + 3 * fresh),
        start=lambda bits: (len(bits),),
        query=lambda state: lambda x, y: (y,),
        after=lambda state, answers: state,
        predictor=lambda state: lambda x: 0,
        fresh=fresh,
        refill=refill,
    )
    played = play(method, uniform(1, lambda x: 0), exact, Random(0), finished=lambda state: False)
    assert played.state == (4, *(2,) * 3 * bool(fresh)) and played.rounds == 3


def test_runs_of_the_learner_differ_from_each_other() -> None:
    source = uniform(3, lambda x: x[0])
    setting = TheoremSetting(n=3, b=2, m=3, tau=F(1, 8), delta=F(1, 20))
    made = THEOREMS["theorem 2a"].pipeline(setting, "memoriser")
    experiment = Experiment(made, source, Losses.of(source), ORACLES["exact"], 1)
    assert len({experiment.by_learner(i) for i in range(20)}) > 1
