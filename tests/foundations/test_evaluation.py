"""The meaning of terms in rationals: every operation by hand, values of the right kind only, no value where there is
none."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy
import z3
from hypothesis import given

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import RULES, UndefinedError, value_of
from constructions.foundations.logic import every, negation, select, some
from constructions.foundations.terms import INTEGER, REAL, TRUTH, RealTerm, at_least, floor, node, number, variable
from tests.rationals import rationals

pytestmark = pytest.mark.bounds

X, Y, N = variable("x", REAL), variable("y", REAL), variable("n", INTEGER)
P, Q, R = (variable(name, TRUTH) for name in "pqr")
F = Fraction
SMALL = rationals(-5, 5, 7)


@given(x=SMALL, y=SMALL)
def test_every_operation_of_numbers_is_that_of_fractions(x: Fraction, y: Fraction) -> None:
    at = {"x": x, "y": y}
    same: list[Callable[[Any, Any], Any]] = [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: -a,
        lambda a, b: abs(a),
        lambda a, b: a**3,
        lambda a, b: a // 1,
        lambda a, b: a % 1,
        lambda a, b: a % 3,
        lambda a, b: a // F(2, 3),
        lambda a, b: a <= b,
        lambda a, b: a < b,
        lambda a, b: a >= b,
        lambda a, b: a > b,
        lambda a, b: a == b,
        lambda a, b: a != b,
        lambda a, b: 2 - a,
        lambda a, b: F(1, 3) * b,
    ]
    if y:
        same += [lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: b**-2, lambda a, b: a // b, lambda a, b: 7 % b]
    for operation in same:
        found = value_of(operation(X, Y), at)
        assert found == operation(x, y) and type(found) in (Fraction, bool)
    assert value_of(floor(X), at) == x.numerator // x.denominator
    assert value_of(select(X < Y, X, Y), at) == min(x, y)


@pytest.mark.parametrize(("p", "q", "r"), list(product((False, True), repeat=3)))
def test_every_connective_is_that_of_truth_values(p: bool, q: bool, r: bool) -> None:
    at = {"p": p, "q": q, "r": r}
    assert value_of(every(P, Q, R), at) is (p and q and r)
    assert value_of(some(P, Q, R), at) is (p or q or r)
    assert value_of(negation(P), at) is (not p)
    assert value_of(P == Q, at) is (p is q)
    for needs in range(-1, 5):
        assert value_of(at_least(needs, [P, Q, R]), at) is (p + q + r >= needs)
        assert value_of(at_least(needs, [P, P, R]), at) is (2 * p + r >= needs)


def test_the_floor_is_downwards_and_not_towards_zero() -> None:
    assert [value_of(floor(X), {"x": F(n, 2)}) for n in (-4, -3, -1, 0, 1, 3)] == [-2, -2, -1, 0, 0, 1]


@pytest.mark.parametrize("term", [X / Y, 1 / (X - X), X // Y, X % Y, select(P, X / Y, 1), Y**-1, (X / Y) * 0], ids=str)
def test_a_division_by_nought_has_no_value(term: Any) -> None:
    with pytest.raises(UndefinedError, match=r"^need a divisor other than 0, got .* with .* = 0$"):
        value_of(term, {"x": F(1), "y": F(0), "p": False})


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (X, None),
        (X, 0.5),
        (X, 1.0),
        (X, True),
        (X, "1/2"),
        (X, np.int64(1)),
        (X, sympy.Integer(1)),
        (X, z3.RealVal(1)),
        (X, P),
        (X, X),
        (N, F(1, 2)),
        (N, 1.0),
        (N, True),
        (P, 2),
        (P, F(1, 2)),
        (P, 1.0),
        (P, None),
        (P, np.bool_(True)),
        (P, z3.BoolVal(True)),
        (P, "p"),
    ],
)
def test_a_variable_has_a_value_of_its_kind(term: Any, value: Any) -> None:
    name, kind = term.data
    with pytest.raises(ConstructionError, match=rf"^need a value of kind {kind}, got .*, at the variable '{name}'$"):
        value_of(term, {name: value})
    with pytest.raises(ConstructionError, match=rf"^need a value of kind {kind}, got None, at the variable '{name}'$"):
        value_of(term, {})


def test_nought_and_one_stand_for_truth_values() -> None:
    stood: tuple[Any, ...] = (0, 1, F(0), F(1), True)
    assert [value_of(P, {"p": value}) for value in stood] == [False, True, False, True, True]
    assert type(value_of(X, dict[str, Any](x=3))) is Fraction and type(value_of(P, {"p": F(1)})) is bool


def test_what_is_no_term_is_itself() -> None:
    half = F(1, 2)
    assert value_of(half, {}) is half and value_of(True, {}) is True


def test_an_operation_without_a_meaning_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need an operation that has a meaning here, got 'root', at root"):
        value_of(node(RealTerm, "root", (X,)), {"x": F(4)})
    assert value_of(node(RealTerm, "root", (X,)), {"x": F(4)}, RULES | {"root": lambda a, _: a[0] / 2}) == 2


def test_both_branches_are_evaluated() -> None:
    with pytest.raises(UndefinedError):
        value_of(select(Y == 0, 0, X / Y), {"x": F(1), "y": F(0)})


def test_a_shared_part_is_evaluated_once() -> None:
    asked: list[int] = []
    total = number(0)
    for _ in range(100):
        total = total * total + X

    def product(a: Any, _: Any) -> Any:
        asked.append(1)
        return a[0] * a[1]

    found = value_of(total, {"x": F(0)}, RULES | {"*": product})
    assert found == 0 and len(asked) <= 100
