"""One round of SAMPLE-EXTRACT: counts, coins, and the next prefix."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.reductions import one_bit
from constructions.reductions.one_bit import (
    LOOK,
    PREFIX,
    VERSIONS,
    NextPrefix,
    is_nearest_count,
    masks_in_round,
    matched,
    matches,
    most_patterns,
    nearest_counts,
    next_prefix_in_round,
    patterns_in_round,
    settled,
    toss,
)
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

EIGHTH = Fraction(1, 8)


@given(st.integers(1, 9), st.integers(0, 9), st.fractions(-1, 1))
def test_answers_within_the_tolerance_decode_to_the_count(b: int, count: int, shift: Fraction) -> None:
    answer = Fraction(count, b) + shift * Fraction(499, 1000 * b)
    assert nearest_counts([answer], b) == (count,)
    assert is_nearest_count(count, answer, b)


def test_an_answer_half_a_count_off_decodes_to_another_count() -> None:
    assert nearest_counts([Fraction(1, 4) + EIGHTH], 4) == (2,)
    assert not is_nearest_count(1, Fraction(1, 4) + EIGHTH, 4)


@given(st.integers(1, 12), st.integers(0, 12), st.integers(0, 8))
def test_a_coin_is_exact_up_to_its_undecided_strings(w: int, ones: int, length: int) -> None:
    theta = Fraction(min(ones, w), w)
    seen = [settled(toss(NextPrefix(theta, (1,), (0,)), string)) for string in product((0, 1), repeat=length)]
    undecided = seen.count(None)
    assert undecided <= 1
    assert Fraction(seen.count((1,)), 2**length) <= theta <= Fraction(seen.count((1,)) + undecided, 2**length)


def test_an_undecided_coin_goes_on_where_it_stopped() -> None:
    coin = NextPrefix(Fraction(2, 5), (1,), (0,))
    for string in product((0, 1), repeat=6):
        assert toss(coin, string) == toss(toss(coin, string[:2]), string[2:])


def test_coins_of_bias_0_and_1_take_no_bits() -> None:
    assert settled(NextPrefix(Fraction(0), (1,), (0,))) == (0,)
    assert settled(NextPrefix(Fraction(1), (1,), (0,))) == (1,)


def test_a_lone_point_is_read_off_and_several_grow_the_prefix() -> None:
    assert settled(PREFIX.choose(3, (1,), (1, 0, 1), 5)) == (1, 0, 1)
    assert settled(PREFIX.choose(3, (1,), (0, 0, 0), 5)) == (1,)
    assert PREFIX.choose(3, (1,), (3, 1, 2), 5) == NextPrefix(Fraction(1, 3), (1, 1), (1, 0))


def test_look_reads_a_point_that_is_alone_on_the_chosen_side() -> None:
    assert LOOK.choose(3, (1,), (3, 1, 2, 0), 5) == NextPrefix(Fraction(1, 3), (1, 1, 0), (1, 0))


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("label", [None, 0, 1])
def test_the_masks_match_the_words_that_the_patterns_match(name: str, label: int | None) -> None:
    for s in ((), (1,), (1, 0), (0, 1)):
        patterns = patterns_in_round(VERSIONS[name], 3, s, label=label)
        masks = masks_in_round(VERSIONS[name], 3, s, label)
        for word in product((0, 1), repeat=3):
            assert matched(masks, word) == [int(matches(pattern, word)) for pattern in patterns]


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize("alternating", [False, True])
def test_no_prefix_asks_for_more_counts_than_the_budget_has(name: str, alternating: bool) -> None:
    label = 1 if alternating else None
    sizes = {
        len(patterns_in_round(VERSIONS[name], 4, s, label=label))
        for length in range(4)
        for s in product((0, 1), repeat=length)
    }
    assert max(sizes) == most_patterns(VERSIONS[name], 4, alternating)


def test_a_prefix_of_the_other_label_waits() -> None:
    assert patterns_in_round(PREFIX, 3, (0,), label=1) == ()
    assert settled(next_prefix_in_round(PREFIX, 3, (0,), (), 4, label=1)) == (0,)


def test_a_batch_of_one_label_needs_no_coin_at_the_empty_prefix() -> None:
    assert settled(next_prefix_in_round(LOOK, 3, (), (4,), 4, label=1)) == (1,)
    assert settled(next_prefix_in_round(LOOK, 3, (), (4,), 4, label=0)) == (0,)


def test_a_coin_that_is_decided_too_early_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = paper_obligations()["algorithm1.round"]
    assert examine(claim, claim.of).verdict is Verdict.PROVED
    monkeypatch.setattr(one_bit, "settled", lambda choice: choice.zero)
    assert examine(claim, claim.of).verdict is Verdict.REFUTED
