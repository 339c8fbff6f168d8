"""Exact errors against the worst valid answers, by hand in both readings."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb, prod
from typing import Any, cast

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.error import batches, error
from constructions.learning.learners import memoriser, parity
from constructions.learning.models import BSQ, FBSQ, SQ, Answers, QueryMethod, State
from constructions.learning.problems import Table, uniform

F = Fraction
COIN = Table(0, {((), 0): F(1, 2), ((), 1): F(1, 2)})


def two_ends(state: State, means: Answers, tau: Fraction) -> list[Answers]:
    return [(means[0] - tau,), (means[0] + tau,)]


def mean_of_label(budget: BSQ | FBSQ | SQ) -> QueryMethod:
    """Predicts the last answer."""
    return QueryMethod(
        n=0,
        budget=budget,
        start=lambda bits: F(0),
        query=lambda state: lambda x, y: (y,),
        after=lambda state, answers: answers[0],
        predictor=lambda state: lambda x: state,
        cells=two_ends,
    )


def test_batches_are_multisets_with_their_probabilities() -> None:
    source = Table(0, {((), 0): F(1, 3), ((), 1): F(2, 3)})
    found = {sum(y for _, y in batch): mass for batch, mass in batches(source, 3)}
    assert found == {k: prod([F(2, 3)] * k + [F(1, 3)] * (3 - k), start=F(1)) * [1, 3, 3, 1][k] for k in range(4)}


def test_the_error_against_an_sq_oracle_is_the_worse_end() -> None:
    assert error(mean_of_label(SQ(k=1, tau=F(1, 4))), COIN) == (F(3, 4) ** 2 + F(1, 4) ** 2) / 4


def test_a_batch_adds_its_own_spread() -> None:
    """With b = 1 and tau = 0 the prediction is the one label seen: wrong half of the time."""
    assert error(mean_of_label(BSQ(k=1, tau=F(0), b=1, p=1)), COIN) == F(1, 4)
    assert error(mean_of_label(FBSQ(k=3, tau=F(0), m=1, p=1)), COIN) == F(1, 4)


def steered() -> QueryMethod:
    """The first answer, if large, has the method trust the second batch's mean, else its opposite."""

    def after(state: State, answers: Answers) -> State:
        kept = state if isinstance(state, tuple) else ()
        return (*kept, answers[0] > F(1, 2) if not kept else answers[0])

    return QueryMethod(
        n=0,
        budget=BSQ(k=2, tau=F(1), b=1, p=1),
        start=lambda bits: (),
        query=lambda state: lambda x, y: (0 if state == () else y,),
        after=after,
        predictor=lambda state: lambda x: state[1] if state[0] else 1 - state[1],  # type: ignore[index]
        cells=lambda state, means, tau: [(F(0),), (F(1),)] if state == () else [means],
    )


def test_answers_that_look_ahead_can_do_more_harm() -> None:
    biased = Table(0, {((), 0): F(1, 4), ((), 1): F(3, 4)})
    nested, ahead = error(steered(), biased), error(steered(), biased, look_ahead=True)
    wrong, right = F(3, 4) / 2, F(1, 4) / 2
    assert nested == max(F(3, 4) * right + F(1, 4) * wrong, F(3, 4) * wrong + F(1, 4) * right)
    assert ahead == wrong > nested


def test_a_sample_methods_error_is_the_mean_over_samples() -> None:
    source = uniform(1, lambda x: x[0])
    pairs = product([(0,), (1,)], repeat=2)
    losses = [source.loss(memoriser(1, 2).learn(((a, a[0]), (b, b[0])), ())) for a, b in pairs]
    assert error(memoriser(1, 2), source) == sum(losses, F(0)) / 4


def test_what_cannot_be_gone_through_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a method that declares its answer cells"):
        error(QueryMethod(**{**_fields(steered()), "cells": None}), COIN)
    with pytest.raises(PremiseError, match="need at most 2000000 samples and strings"):
        error(parity(4, 9), uniform(4, lambda x: 0))


def walker(k: int, *, refill: bool = True) -> QueryMethod:
    """In each round one random bit chooses between the label and its opposite; predicts the share of ones, flipped
    by a bit of its own."""

    def after(state: State, answers: Answers) -> State:
        own, ones, bits = cast(tuple[int, int, tuple[int, ...]], state)
        return own, ones + (int(answers[0]) ^ bits[0]), bits[1:]

    return QueryMethod(
        n=0,
        budget=BSQ(k=k, tau=F(1, 4), b=1, p=1, r=k + 1),
        start=lambda bits: (bits[0], 0, bits[1:]),
        after=after,
        query=lambda state: lambda x, y: (y,),
        predictor=lambda state: lambda x: abs(state[0] - F(state[1], 2 * k)),  # type: ignore[index]
        cells=lambda state, means, tau: [means],
        fresh=int(refill),
        refill=(lambda state, bits: (*state[:2], bits)) if refill else None,  # type: ignore[index]
    )


def test_bits_used_round_by_round_give_the_error_of_all_strings() -> None:
    biased = Table(0, {((), 0): F(1, 4), ((), 1): F(3, 4)})
    for k in (1, 2, 3):
        assert error(walker(k), biased) == error(walker(k, refill=False), biased)
    assert error(walker(40), biased) == (error_of_a_binomial(40) + error_of_a_binomial(40, flipped=True)) / 2


def error_of_a_binomial(k: int, *, flipped: bool = False) -> Fraction:
    """The error of predicting Bin(k, 1/2)/(2k), or 1 less that, where 3/4 of the labels are 1."""
    total = F(0)
    for ones in range(k + 1):
        guess = F(ones, 2 * k)
        guess = 1 - guess if flipped else guess
        total += F(comb(k, ones), 2**k) * (F(3, 4) * (1 - guess) ** 2 + F(1, 4) * guess**2) / 2
    return total


def test_bits_used_round_by_round_need_answers_that_leave_no_choice() -> None:
    free = replace(walker(2), cells=lambda state, means, tau: [means, tuple(min(mean + tau, F(1)) for mean in means)])
    free = replace(free, after=lambda state, answers: (*state[:2], answers))  # type: ignore[index]
    with pytest.raises(
        PremiseError, match="need answers that leave no choice, got 2 states that they lead to, at round 1"
    ):
        error(free, COIN)


def _fields(method: QueryMethod) -> dict[str, Any]:
    return {name: getattr(method, name) for name in ("n", "budget", "start", "query", "after", "predictor", "cells")}
