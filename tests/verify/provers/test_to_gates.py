"""Terms as gates agree with the terms at every point, and what no circuit asks is refused with the reason."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from constructions.foundations.evaluation import value_of
from constructions.foundations.functions import Function
from constructions.foundations.logic import every, select, some
from constructions.foundations.terms import INTEGER, REAL, TRUTH, TruthTerm, at_least, floor, formula, variable
from verify.obligations.words import (
    WORD_RULES,
    below,
    bit_of,
    choice,
    extended,
    shifted_right,
    signed_below,
    word,
)
from verify.provers import to_gates
from verify.provers.to_gates import NotFiniteError, bounds_of, question_in_gates

P, Q, R = (variable(name, TRUTH) for name in "pqr")
N, M = variable("n", INTEGER), variable("m", INTEGER)
VALUES = {"n": [Fraction(value) for value in range(5)], "m": [Fraction(value) for value in (-2, 0, 1)]}


def drawn_number(draw: Random, depth: int) -> Any:
    """A number of finitely many values."""
    if depth == 0:
        return draw.choice([N, M, Fraction(draw.randint(-3, 3), 2)])
    one, other = drawn_number(draw, depth - 1), drawn_number(draw, depth - 1)
    made: list[Callable[[], Any]] = [
        lambda: one + other,
        lambda: one - other,
        lambda: 2 * one,
        lambda: M * N + one,
        lambda: select(drawn_formula(draw, depth - 1), one, other),
        lambda: (one + N) // 2,
        lambda: N / 3 - other,
    ]
    return draw.choice(made)()


def drawn_word(draw: Random, depth: int) -> Any:
    """A word of three bits, or a formula's choice of two."""
    if depth == 0:
        return word([draw.choice([P, Q, R, True, False]) for _ in range(2)] + [P])
    one, other = drawn_word(draw, depth - 1), drawn_word(draw, depth - 1)
    made: list[Callable[[], Any]] = [
        lambda: one + other,
        lambda: one - other,
        lambda: one * other,
        lambda: -one,
        lambda: ~one,
        lambda: one & other,
        lambda: one | other,
        lambda: one ^ other,
        lambda: one << other,
        lambda: shifted_right(one, other),
        lambda: choice(drawn_formula(draw, depth - 1), one, other),
    ]
    return draw.choice(made)()


def drawn_formula(draw: Random, depth: int) -> Any:
    """A formula about bits, numbers and words."""
    if depth == 0:
        return draw.choice([P, Q, R])
    one, other = drawn_formula(draw, depth - 1), drawn_formula(draw, depth - 1)
    a, b = drawn_number(draw, depth - 1), drawn_number(draw, depth - 1)
    u, v = drawn_word(draw, depth - 1), drawn_word(draw, depth - 1)
    made: list[Callable[[], Any]] = [
        lambda: every(one, other),
        lambda: some(one, other == R),
        lambda: at_least(2, [one, other, Q]),
        lambda: a <= b + N,
        lambda: a + M < b,
        lambda: a == b + N,
        lambda: floor(N / 2) != M,
        lambda: u == v,
        lambda: below(u, v),
        lambda: signed_below(u, v),
        lambda: extended(u, 5, signed=True) == extended(v, 5) + 1,
        lambda: bit_of(u, 1),
    ]
    return draw.choice(made)()


def points() -> list[dict[str, Any]]:
    """All points."""
    return [
        {**dict(zip("pqr", bits, strict=True)), "n": n, "m": m}
        for *bits, n, m in product((False, True), (False, True), (False, True), VALUES["n"], VALUES["m"])
    ]


def at(circuit: Any, point: Mapping[str, Any]) -> bool:
    """What a question says at a point."""
    given = {}
    for name in circuit.inputs:
        base, _, place = name.partition("[")
        given[name] = VALUES[base].index(point[base]) >> int(place[:-1]) & 1 if place else int(point[base])
    return bool(circuit.evaluate(given)["fails"])


@pytest.mark.parametrize("seed", range(40))
def test_gates_are_true_where_the_formula_is(seed: int) -> None:
    asked = drawn_formula(Random(seed), 3)
    if isinstance(asked, TruthTerm):
        circuit = question_in_gates(asked, VALUES)
        wrong = [point for point in points() if at(circuit, point) != value_of(asked, point, WORD_RULES)]
        assert not wrong, asked


def test_a_value_that_there_is_not_is_no_answer() -> None:
    circuit = question_in_gates(some(N == 4, N != 4), VALUES)
    assert circuit.inputs == ("n[0]", "n[1]", "n[2]")
    found = [circuit.evaluate({f"n[{i}]": code >> i & 1 for i in range(3)})["fails"] for code in range(8)]
    assert found == [1] * 5 + [0] * 3


def test_only_the_points_that_are_named_count() -> None:
    circuit = question_in_gates(
        some(P, N > 2), VALUES, [{"n": Fraction(3), "p": Fraction(0)}, {"n": Fraction(0), "p": Fraction(0)}]
    )
    found = {(n, p): at(circuit, {"n": Fraction(n), "p": p}) for n in range(5) for p in (False, True)}
    assert [where for where, said in found.items() if said] == [(3, False)]


@pytest.mark.parametrize(
    ("premise", "values"),
    [
        (every(N >= 1, N <= 3), [1, 2, 3]),
        (every(N > 0, N < 4), [1, 2, 3]),
        (every(formula(N > 0), formula(N <= 3), P), [1, 2, 3]),
        (every(Fraction(1, 2) < N, Fraction(5, 2) > N), [1, 2]),
        (every(Fraction(1, 2) <= N, Fraction(5, 2) >= N), [1, 2]),
        (N == 2, [2]),
    ],
)
def test_the_values_between_two_constants_are_read_off_the_premises(premise: TruthTerm, values: list[int]) -> None:
    assert bounds_of(premise) == {"n": values}


def test_one_bound_is_no_bound() -> None:
    assert not bounds_of(every(N >= 0, M <= 3, N <= M)) and not bounds_of(every(N >= 0, N <= 10**6))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (variable("x", REAL) > 0, "need a variable with finitely many values, got 'x'"),
        (variable("k", INTEGER) > 0, "need a whole number between two constants, got 'k'"),
        (Function("f", (INTEGER,), REAL)(N) > 0, "need bits and numbers of finitely many values, got f"),
        (formula(True), "need something that varies, got a question about constants alone"),
    ],
)
def test_what_no_circuit_asks_is_refused(question: TruthTerm, said: str) -> None:
    with pytest.raises(NotFiniteError, match=rf"^{said}"):
        question_in_gates(question, VALUES)


def test_numbers_of_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_gates, "MOST_VALUES", 6)
    with pytest.raises(NotFiniteError, match="need numbers of at most 6 values, got one of 8"):
        question_in_gates(N + M == 1, VALUES)
    monkeypatch.setattr(to_gates, "MOST_PAIRS", 10)
    with pytest.raises(NotFiniteError, match="need numbers of few values beside each other, got 5 and 3 of them"):
        question_in_gates(N < M, VALUES)
