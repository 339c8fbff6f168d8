"""Extraction in arrays: a lane is a run of the method on the same batches and random bits."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.learning.array_draws import RandomWords
from constructions.learning.models import PAC, SampleMethod
from constructions.learning.oracles import means_over
from constructions.learning.problems import Table, uniform
from constructions.reductions.extract_in_arrays import ManyExtractions, PrefixTree
from constructions.reductions.extract_law import by_words
from constructions.reductions.one_bit import LOOK, PREFIX, Version
from constructions.reductions.sample_extract import Extracted, Extraction, extraction_method, point

F = Fraction
SOURCES = {
    "uniform": uniform(3, lambda x: x[0] ^ x[2], noise=F(1, 5)),
    "few": Table(3, {((0, 1, 1), 1): F(1, 6), ((0, 1, 0), 1): F(1, 2), ((1, 1, 0), 0): F(1, 3)}),
    "alone": Table(3, {((0, 1, 1), 1): F(1)}),
    "no bits": Table(0, {((), 0): F(1, 3), ((), 1): F(2, 3)}),
}


class Recorded(RandomWords):
    """A stream that remembers what it gave."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.given: list[Any] = []

    def below(self, bound, shape):  # type: ignore[no-untyped-def]
        """Integers, which are noted."""
        self.given.append(super().below(bound, shape))
        return self.given[-1]


@pytest.mark.parametrize("version", [PREFIX, LOOK])
@pytest.mark.parametrize("alternating", [False, True])
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("b", [1, 2, 4])
def test_a_lane_is_a_run_of_the_method(version: Version, alternating: bool, source: str, b: int) -> None:
    masses = by_words(SOURCES[source])
    words, n = sorted(masses), SOURCES[source].n
    how = Extraction(n=n, b=b, tau=F(1, 4 * b), delta=F(1, 8), version=version, alternating=alternating)
    scale = int(np.lcm.reduce([mass.denominator for mass in masses.values()]))
    many = ManyExtractions.of(how, words, [int(masses[word] * scale) for word in words], 500)
    method = extraction_method(SampleMethod(n=n, budget=PAC(m=1), learn=lambda sample, bits: lambda x: 0), how)
    for seed in range(12):
        stream, first = Recorded(f"{seed}"), 1 if not alternating or seed % 2 else 0
        (found,), (rounds,) = many.extract(stream, np.array([first]))
        state: Any = method.start(())
        state = state._replace(t=2 - first)
        given = iter(stream.given)
        for t in range(2 - first, int(rounds) + 2 - first):
            batch = [words[np.searchsorted(many.ends, i, side="right")] for row in next(given) for i in row]
            bits = [int(bit) for _ in range(how.coin_bits) for bit in next(given)]
            if method.refill:
                state = method.refill(state, (*bits, *(0,) * (how.coin_bits - len(bits))))
            points = [point(word) for word in batch or words[:1] * b]
            assert batch or not any(means_over(points, method.ask(state, t), method.budget.p))
            state = method.after(state, means_over(points, method.ask(state, t), method.budget.p))
            assert isinstance(state, Extracted) == (t == int(rounds) + 1 - first)
        assert state.samples == (words[int(found)],) and next(given, None) is None


def test_a_lane_out_of_rounds_is_given_up() -> None:
    how = Extraction(n=3, b=2, tau=F(1, 8), delta=F(1, 8), version=PREFIX)
    masses = by_words(SOURCES["uniform"])
    many = ManyExtractions.of(how, sorted(masses), [int(masses[word] * 40) for word in sorted(masses)], 2)
    words, rounds = many.extract(RandomWords("1"), np.ones(200, dtype=np.int64))
    assert set(rounds.tolist()) >= {2, 3} and max(rounds) == 3 and not words[rounds == 3].any()


def test_lanes_that_are_too_many_at_once_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    how = Extraction(n=3, b=2, tau=F(1, 8), delta=F(1, 8), version=LOOK)
    many = ManyExtractions.of(how, sorted(by_words(SOURCES["uniform"])), [4] * 8 + [1] * 8, 900)
    monkeypatch.setattr("constructions.reductions.extract_in_arrays.MOST_DRAWN", 7)
    words, rounds = many.extract(RandomWords("1"), np.ones(20, dtype=np.int64))
    assert (rounds < 900).all() and len(set(words.tolist())) > 5


@pytest.mark.parametrize("words", [[(1,), (0,)], [(0,), (0,)], [(0,), (1, 0)]])
def test_words_out_of_order_are_refused(words: list[tuple[int, ...]]) -> None:
    with pytest.raises(ConstructionError, match="need different words of one length in order"):
        PrefixTree.of(words)
