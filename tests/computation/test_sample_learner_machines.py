"""Learners from samples as machines: on the same batches, answers and random bits they ask and predict what their
methods do."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from random import Random
from typing import NamedTuple

import pytest

from constructions.computation.built_in_learners import LEARNERS
from constructions.computation.counts import fewest_places
from constructions.computation.extraction_ports import by_ports
from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.computation.sample_learner_machines import from_samples
from constructions.computation.sample_learners import (
    best_of_learner,
    literals_class,
    mean_places,
    predictor_of,
    table_circuit,
)
from constructions.errors import ConstructionError, PremiseError
from constructions.learning.learners import best_of, conjunction, decision_list, memoriser, parity
from constructions.learning.models import Answers, QueryMethod, SampleMethod
from constructions.learning.problems import Point
from constructions.reductions.one_bit import LOOK, PREFIX, Version
from constructions.reductions.sample_extract import Extracted, Extraction, lemma_1

F = Fraction
QUARTER = F(1, 4)
METHODS: dict[str, Callable[[int, int], SampleMethod]] = {
    "parity": parity,
    "conjunction": conjunction,
    "decision-list": decision_list,
    "memoriser": lambda n, m: memoriser(n, m, places=mean_places(m)),
    "best-of-literals": lambda n, m: best_of([predictor_of(h) for h in literals_class(n)], n, m),
}
VERSIONS = pytest.mark.parametrize("version", [PREFIX, LOOK], ids=lambda version: version.name)
EVERY_LEARNER = pytest.mark.parametrize("name", METHODS)


class Pair(NamedTuple):
    """A method with its queries on ports, its machine, and the tolerance."""

    method: QueryMethod
    machine: QueryMachine
    tau: Fraction


def pair(name: str, n: int, m: int, b: int, version: Version, *, bits: int | None = None, more: int = 3) -> Pair:
    """A learner on batches of b, answered with ``more`` binary places than are needed."""
    tau = F(1, 2 * b + 1)
    how = Extraction(n=n, b=b, tau=tau, delta=QUARTER, version=version, alternating=True, bits=bits)
    method = by_ports(lemma_1(n, b=b, tau=tau, delta=QUARTER, version=version, bits=bits)(METHODS[name](n, m)), how)
    places = fewest_places(b, tau) + more
    return Pair(
        method,
        LEARNERS[name].machine(n, m, b=b, tau=tau, delta=QUARTER, version=version, bits=bits, fraction=places),
        tau,
    )


def valid(mean: Fraction, pair: Pair, source: Random) -> Fraction:
    """An answer that the machine can read: the least or the largest valid one, or any between."""
    unit = 2**pair.machine.answer_fraction
    low, high = -int(-(mean - pair.tau) * unit // 1), int((mean + pair.tau) * unit // 1)
    return F(source.choice((low, high, source.randint(low, high))), unit)


def follow(pair: Pair, batches: Sequence[Sequence[Point]], source: Random, *, points: Sequence[Point]) -> bool:
    """Both runs, compared query by query and in the end point by point; whether all samples were drawn."""
    method, machine, _ = pair
    string = tuple(source.randrange(2) for _ in range(method.budget.r))
    state, kept = method.start(string), machine.start()
    for t, batch in enumerate(batches, 1):
        asks, query = method.ask(state, t), machine.query_at(kept, t)
        assert all(query(x, y) == tuple(asks(x, y)) for x, y in points)
        means: Answers = tuple(
            sum(column, F(0)) / len(batch) for column in zip(*(asks(x, y) for x, y in batch), strict=True)
        )
        answers = tuple(valid(mean, pair, source) for mean in means)
        state = method.after(state, answers)
        kept = machine.after(kept, answers, string[(t - 1) * method.fresh : t * method.fresh])
    h = method.predictor(state)
    assert all(machine.predict(kept, x) == h(x) for x, _ in points)
    return isinstance(state, Extracted)


def points_of(n: int) -> list[Point]:
    """Every point with both labels."""
    return [(x, y) for x in product((0, 1), repeat=n) for y in (0, 1)]


def random_batches(n: int, b: int, rounds: int, source: Random) -> list[list[Point]]:
    """Fresh batches from a few points, often of one label, so that counts of every size appear, and coins that stay
    undecided."""
    label, mixed = source.randrange(2), source.randrange(2)
    of_label = [(x, y) for x, y in points_of(n) if y == label or mixed]
    few = [source.choice(of_label) for _ in range(3)]
    return [[source.choice(few) for _ in range(b)] for _ in range(rounds)]


@VERSIONS
@EVERY_LEARNER
@pytest.mark.parametrize(("n", "m", "b"), [(1, 1, 1), (1, 2, 3), (2, 3, 2), (2, 2, 5), (3, 2, 4)])
def test_a_machine_and_its_method_agree_bit_for_bit(name: str, n: int, m: int, b: int, version: Version) -> None:
    drawn = 0
    for bits, seed in product((None, 1) if b > 1 else (None,), range(3)):
        source, both = Random(seed), pair(name, n, m, b, version, bits=bits)
        budget, machine = both.method.budget, both.machine
        assert (machine.rounds, machine.parallel, machine.random_bits) == (budget.k, budget.p, both.method.fresh)
        drawn += follow(both, random_batches(n, b, machine.rounds, source), source, points=points_of(n))
    assert drawn


@VERSIONS
@pytest.mark.parametrize("b", [3, 4, 5])
def test_coins_that_stay_undecided_keep_what_lies_behind_them(b: int, version: Version) -> None:
    both, alike = pair("memoriser", 3, 2, b, version, bits=1), 0
    for seed in range(6):
        source = Random(seed)
        points = [(x, seed % 2) for x in product((0, 1), repeat=3)]
        few = source.sample(points, 4)
        batches = [[few[0], *source.choices(few[1:], k=b - 1)] for _ in range(both.machine.rounds)]
        alike += follow(both, batches, source, points=points_of(3))
    assert alike


@VERSIONS
def test_a_class_of_fractions_is_learned_as_by_its_method(version: Version) -> None:
    tables = [[F(1, 2), F(1, 4)], [F(3, 4), F(0)], [F(1), F(1, 2)]]
    class_ = [table_circuit(table, fraction=2) for table in tables]
    method = best_of([predictor_of(h, fraction=2) for h in class_], 1, 3)
    how = Extraction(n=1, b=3, tau=F(1, 7), delta=QUARTER, version=version, alternating=True)
    moved = by_ports(lemma_1(1, b=3, tau=F(1, 7), delta=QUARTER, version=version)(method), how)
    machine = from_samples(
        best_of_learner(1, 3, class_, fraction=2), 3, b=3, tau="1/7", delta="1/4", version=version.name, fraction=5
    )
    found = set()
    for seed in range(6):
        source = Random(seed)
        found.add(
            follow(
                Pair(moved, machine, F(1, 7)), random_batches(1, 3, machine.rounds, source), source, points=points_of(1)
            )
        )
    assert True in found


@pytest.mark.slow
@VERSIONS
@pytest.mark.parametrize("name", ["parity", "memoriser"])
def test_they_agree_on_all_batches_of_two_points_for_three_rounds(name: str, version: Version) -> None:
    both, source = pair(name, 1, 1, 2, version), Random(0)
    batches = list(combinations_with_replacement(points_of(1), 2))
    drawn = [follow(both, run, source, points=points_of(1)) for run in product(batches, repeat=3)]
    assert any(drawn) and not all(drawn)


@EVERY_LEARNER
def test_a_machine_that_runs_out_of_rounds_predicts_one_half(name: str) -> None:
    short = LEARNERS[name].machine(2, 3, b=2, tau=F(1, 5), delta=QUARTER, rounds=4)
    state, source = short.start(), Random(1)
    for t in range(1, 5):
        query = short.query_at(state, t)
        answers = [F(1) if value else F(0) for value in query((1, 0), 1)]
        state = short.after(state, answers, [source.randrange(2) for _ in range(short.random_bits)])
    assert {short.predict(state, x) for x in product((0, 1), repeat=2)} == {F(1, 2)}


@VERSIONS
@EVERY_LEARNER
def test_a_machine_survives_aiger(name: str, version: Version) -> None:
    machine = pair(name, 2, 2, 3, version).machine
    for binary in (False, True):
        again = query_machine(read_aiger(write_aiger(machine.aiger(), binary=binary)))
        formats = [
            (each.query_format, each.answer_format, each.predict_format, each.rounds) for each in (again, machine)
        ]
        assert formats[0] == formats[1]
        assert (again.start(), again.machine.state) == (machine.start(), machine.machine.state)
        both, source = pair(name, 2, 2, 3, version), Random(3)
        follow(both._replace(machine=again), random_batches(2, 3, again.rounds, source), source, points=points_of(2))


def test_errors_quote_the_premise() -> None:
    build = LEARNERS["parity"].machine
    with pytest.raises(PremiseError, match=r"b tau < 1/2, got b tau = 4 \* 1/8 = 1/2"):
        build(2, 2, b=4, tau="1/8", delta="1/4")
    with pytest.raises(PremiseError, match="need 2 binary places for answers within 1/9, got 1"):
        build(2, 2, b=4, tau="1/9", delta="1/4", fraction=1)
    with pytest.raises(ConstructionError, match="a version among prefix, look, got 'full'"):
        build(2, 2, b=4, tau="1/9", delta="1/4", version="full")
    with pytest.raises(ConstructionError, match="got 0, at m"):
        build(2, 0, b=4, tau="1/9", delta="1/4")
