"""The extraction in bits: decoding, the coin, ports, places."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.computation.counts import count_of, enough_places, fewest_places
from constructions.computation.design import Design
from constructions.computation.extraction_machine import LearnerInBits, extraction_machine
from constructions.computation.extraction_ports import by_ports, ports
from constructions.computation.sample_learners import conjunction_learner
from constructions.errors import PremiseError
from constructions.learning.learners import conjunction
from constructions.reductions.one_bit import LOOK, PREFIX, VERSIONS, nearest_counts
from constructions.reductions.sample_extract import Extraction, lemma_1

F = Fraction


@pytest.mark.parametrize("b", range(1, 9))
@pytest.mark.parametrize("fraction", range(5))
def test_a_count_is_what_decoding_gives(b: int, fraction: int) -> None:
    for width in (1, b.bit_length()):
        design = Design()
        design.output("count", count_of(design.input("answer", fraction + 2), b, fraction, width))
        for code in range(-(2**fraction), 2**fraction + 1):
            found = design.evaluate(answer=code % 2 ** (fraction + 2))["count"]
            assert found == nearest_counts([F(code, 2**fraction)], b)[0] % 2**width


def test_places_are_enough_if_every_mean_has_a_valid_answer() -> None:
    for b, tau in product(range(1, 7), (F(1, 13), F(1, 20), F(1, 64))):
        for fraction in range(7):
            grid = [F(code, 2**fraction) for code in range(2**fraction + 1)]
            enough = all(any(abs(value - F(count, b)) <= tau for value in grid) for count in range(b + 1))
            assert enough_places(b, tau, fraction) == enough == (fraction >= fewest_places(b, tau))
    with pytest.raises(PremiseError, match=r"need tau > 0, .*got tau=0 and b=3"):
        fewest_places(3, F(0))


@pytest.mark.parametrize("version", VERSIONS.values(), ids=lambda version: version.name)
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_ports_are_a_place_for_each_count(version, n: int) -> None:  # type: ignore[no-untyped-def]
    how = Extraction(n=n, b=2, tau=F(1, 5), delta=F(1, 4), version=version, alternating=True)
    for length in range(n + 1):
        found = ports(version, n, length)
        assert len(set(found)) == len(found) == (len(version.patterns(n + 1, (1,) * length)) if length else 1)
        assert set(found) <= set(range(how.parallel))


@pytest.mark.parametrize("version", VERSIONS.values(), ids=lambda version: version.name)
def test_ports_only_move_queries(version) -> None:  # type: ignore[no-untyped-def]
    n, b, tau = 3, 2, F(1, 5)
    how = Extraction(n=n, b=b, tau=tau, delta=F(1, 4), version=version, alternating=True)
    plain = lemma_1(n, b=b, tau=tau, delta=F(1, 4), version=version)(conjunction(n, 1))
    moved = by_ports(plain, how)
    state = plain.start((0,) * plain.budget.r)
    for t in range(1, 12):
        for x, y in product(product((0, 1), repeat=n), (0, 1)):
            assert sorted(plain.ask(state, t)(x, y)) == sorted(moved.ask(state, t)(x, y))
        means = plain.ask(state, t)((1, 0, 1), 1)
        first = plain.after(state, tuple(map(F, means)))
        assert first == moved.after(state, tuple(map(F, moved.ask(state, t)((1, 0, 1), 1))))
        state = first


def test_a_learner_of_other_bits_and_an_extraction_of_both_labels_are_refused() -> None:
    how = Extraction(n=2, b=2, tau=F(1, 5), delta=F(1, 4), version=LOOK, alternating=True)
    with pytest.raises(PremiseError, match="a learner on n=3 bits"):
        extraction_machine(how, 1, conjunction_learner(3))
    both = Extraction(n=2, b=2, tau=F(1, 5), delta=F(1, 4), version=PREFIX)
    with pytest.raises(PremiseError, match="need an alternating extraction"):
        extraction_machine(both, 1, conjunction_learner(2))


def test_a_learner_with_fractions_keeps_its_places() -> None:
    three_quarters = LearnerInBits(n=1, fraction=2, write=lambda design, draw, x: design.constant(3, 3))
    how = Extraction(n=1, b=1, tau=F(1, 5), delta=F(1, 4), version=LOOK, alternating=True)
    machine = extraction_machine(how, 1, three_quarters)
    state = machine.start()
    assert machine.predict(state, (0,)) == F(1, 2)
    for t in range(1, 4):
        state = machine.after(state, [F(value) for value in machine.query_at(state, t)((1,), 1)])
    assert machine.predict(state, (0,)) == F(3, 4)
