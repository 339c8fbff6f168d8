"""Learners: what they return on samples by hand, and exact errors on small sources."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.learning.error import error
from constructions.learning.learners import (
    agreements,
    best_literal,
    best_of,
    conjunction,
    correlations,
    decision_list,
    decoding,
    eliminate,
    is_broken,
    memoriser,
    parity,
    query_conjunction,
    round_half_down,
    solve_parity,
    vote,
)
from constructions.learning.models import QueryMethod
from constructions.learning.oracles import Oracle, exact, highest, lowest, randomly, run
from constructions.learning.problems import Bits, uniform
from tests.rationals import rationals

F = Fraction
CUBE = list(product((0, 1), repeat=3))
ORACLES: list[Oracle] = [exact, highest, lowest, randomly(7)]


@given(chosen=st.tuples(*[st.integers(0, 1)] * 4), points=st.lists(st.tuples(*[st.integers(0, 1)] * 4), max_size=8))
def test_elimination_finds_a_parity_that_fits(chosen: Bits, points: list[Bits]) -> None:
    sample = tuple((x, sum(a & b for a, b in zip(chosen, x, strict=True)) % 2) for x in points)
    found = solve_parity(sample, 4)
    assert found is not None and all(sum(a & b for a, b in zip(found, x, strict=True)) % 2 == y for x, y in sample)


@given(points=st.lists(st.tuples(st.tuples(*[st.integers(0, 1)] * 3), st.integers(0, 1)), max_size=7))
def test_no_parity_is_found_exactly_if_none_fits(points: list[tuple[Bits, int]]) -> None:
    fits = any(all(sum(a & b for a, b in zip(s, x, strict=True)) % 2 == y for x, y in points) for s in CUBE)
    assert (solve_parity(tuple(points), 3) is not None) is fits


def test_elimination_leaves_each_leading_bit_to_one_equation() -> None:
    rows = eliminate(eliminate((), 0b0011, 3) or (), 0b1010, 3)
    assert rows == ((0b1001, 0), (0b1010, 1))
    assert eliminate(rows or (), 0b0011, 3) == rows and eliminate(rows or (), 0b1011, 3) is None


def test_a_literal_goes_beyond_twice_the_tolerance() -> None:
    assert [is_broken(F(i, 8), F(1, 8)) for i in (0, 1, 2, 3)] == [False, False, False, True]


def share(query: Callable[[Bits], int], label: int, x: Bits, y: int) -> int:
    """What a query says of a sample if it has the label."""
    return query(x) * (y == label)


def agrees(i: int, flip: int, x: Bits, y: int) -> int:
    """Whether a literal says the label of a sample."""
    return int(x[i] ^ flip == y)


def test_agreements_are_the_shares_of_points_where_literal_and_label_agree() -> None:
    source = uniform(2, lambda x: x[0] & x[1])
    queries: list[Callable[[Bits], int]] = [lambda x: 1, lambda x: x[0], lambda x: x[1]]
    ones, zeros = ([source.expectation(partial(share, query, label)) for query in queries] for label in (1, 0))
    found = agreements(ones, zeros)
    assert found == {(i, flip): source.expectation(partial(agrees, i, flip)) for i in (0, 1) for flip in (0, 1)}


def test_a_vote_turns_with_its_bit() -> None:
    assert vote(F(1, 2), F(1, 8), 1) == F(3, 8) == -vote(F(1, 2), F(1, 8), 0)


def test_the_error_of_parity_learning_falls_with_the_sample() -> None:
    source = uniform(2, lambda x: x[0] ^ x[1])
    errors = [error(parity(2, m), source) for m in range(4)]
    assert errors[0] == F(1, 4) and errors[1] >= errors[2] > errors[3] > 0


def test_a_conjunction_keeps_what_no_positive_example_breaks() -> None:
    h = conjunction(3, 2).learn((((1, 1, 0), 1), ((1, 0, 0), 1)), ())
    assert [x for x in CUBE if h(x)] == [(1, 0, 0), (1, 1, 0)]


def test_without_a_positive_example_a_conjunction_is_false() -> None:
    assert not any(map(conjunction(3, 1).learn((((1, 1, 1), 0),), ()), CUBE))


TARGETS: dict[str, Callable[[Bits], int]] = {
    "if x1 then 1, if not x2 then 0, else x3": lambda x: 1 if x[0] else 0 if not x[1] else x[2],
    "x1 or not x3": lambda x: int(x[0] or not x[2]),
    "constant": lambda x: 1,
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_decision_list_fits_every_sample_of_one(name: str) -> None:
    sample = tuple((x, TARGETS[name](x)) for x in CUBE)
    h = decision_list(3, 8).learn(sample, ())
    assert [h(x) for x in CUBE] == [y for _, y in sample]


def test_a_sample_of_no_decision_list_gets_the_majority_of_the_rest() -> None:
    sample = (((0, 0), 0), ((1, 1), 0), ((0, 1), 1), ((1, 0), 1), ((1, 0), 1))
    assert [decision_list(2, 5).learn(sample, ())(x) for x in product((0, 1), repeat=2)] == [1, 1, 1, 1]


def test_the_best_of_a_class_has_the_least_empirical_loss() -> None:
    class_ = [lambda x: 0, lambda x: F(1, 2), lambda x: x[0]]
    assert error(best_of(class_, 1, 1), uniform(1, lambda x: x[0])) == F(1, 2) * F(1, 4)
    with pytest.raises(ConstructionError, match="need at least one predictor"):
        best_of([], 1, 1)


def test_a_memoriser_says_half_where_it_saw_nothing() -> None:
    assert error(memoriser(1, 1), uniform(1, lambda x: x[0])) == F(1, 16)


@pytest.mark.parametrize("oracle", ORACLES, ids=["exact", "highest", "lowest", "random"])
def test_a_conjunction_is_learned_by_queries(oracle: Oracle) -> None:
    source = uniform(3, lambda x: x[0] & (1 - x[2]))
    method = query_conjunction(3, b=200, tau=F(1, 100))
    h = run(method, source, oracle=oracle, seed=1)
    assert [h(x) for x in CUBE] == [x[0] & (1 - x[2]) for x in CUBE]


def test_a_method_of_queries_is_alternating_where_it_says_so() -> None:
    source = uniform(2, lambda x: x[0])
    for method in (
        query_conjunction(2, b=3, tau=F(1, 9)),
        best_literal(2, b=3, tau=F(1, 9)),
        correlations(2, b=3, tau=F(1, 9)),
    ):
        assert method.budget.alternating
        run(method, source, seed=2)


@pytest.mark.parametrize("make", [best_literal, correlations])
@pytest.mark.parametrize("oracle", ORACLES, ids=["exact", "highest", "lowest", "random"])
def test_a_literal_is_found_under_any_answers(make: Callable[..., QueryMethod], oracle: Oracle) -> None:
    source = uniform(3, lambda x: 1 - x[1])
    h = run(make(3, b=300, tau=F(1, 40)), source, oracle=oracle, seed=3)
    assert all(h(x) == 1 - x[1] for x in CUBE)


def test_correlations_ask_signed_queries() -> None:
    method = correlations(2, b=1, tau=F(1, 8))
    assert method.ask((), 1)((0, 1), 1) == (F(-1, 2), F(1, 2)) and method.ask((), 1)((0, 1), 0) == (F(0), F(0))


def test_decoded_answers_make_the_error_exact() -> None:
    """Only if no sample of round 1 has label 1 and none of round 2 label 0 (chance 1/16) is the wrong literal taken."""
    source = uniform(1, lambda x: 1 - x[0])
    method = decoding(best_literal(1, b=2, tau=F(1, 5)))
    assert error(method, source) == error(method, source, look_ahead=True) == F(1, 32)


def test_decoding_needs_a_fine_tolerance() -> None:
    with pytest.raises(ConstructionError, match="need a bSQ method with b tau < 1/2"):
        decoding(best_literal(1, b=2, tau=F(1, 4)))


@given(count=st.integers(-40, 40), off=rationals(F(-1, 2), F(1, 2), 50))
def test_rounding_finds_the_nearest_integer(count: int, off: Fraction) -> None:
    found = round_half_down(count + off)
    assert abs(found - (count + off)) <= F(1, 2) and (abs(off) == F(1, 2) or found == count)


def test_states_in_which_a_query_is_said_to_be_the_same_ask_the_same() -> None:
    method = query_conjunction(3, b=4, tau=F(1, 8))
    assert method.query_by is not None
    asked: dict[object, set[tuple[object, ...]]] = {}
    states = {method.start(())}
    for _ in range(method.budget.k):
        for state in states:
            query = method.query(state)
            values = tuple(tuple(query(x, y)) for x in CUBE for y in (0, 1))
            asked.setdefault(method.query_by(state), set()).add(values)
        states = {method.after(state, (answer,)) for state in states for answer in (F(0), F(1))}
    assert len(asked) == method.budget.k and all(len(values) == 1 for values in asked.values())
