"""Functions as variables: equal arguments give equal values, and nothing else is known of them."""

import pickle
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import value_of
from constructions.foundations.functions import Function, application_name, defined_by
from constructions.foundations.refusals import LanguageError
from constructions.foundations.symbols import to_sympy
from constructions.foundations.terms import INTEGER, REAL, TRUTH, number, variable
from constructions.foundations.traversal import applications, substituted, variables

F = Fraction
X, Y, N, P = variable("x", REAL), variable("y", REAL), variable("n", INTEGER), variable("p", TRUTH)
G = Function("g", (REAL,), REAL)
H = Function("h", (INTEGER, TRUTH), INTEGER)


def test_an_application_is_one_term_for_equal_arguments_and_shows_its_name() -> None:
    assert G(X + 1) is G(X + 1)
    assert str(G(X + 1) <= H(N, P)) == "g(x + 1) <= h(n, p)"
    assert pickle.loads(pickle.dumps(G(X))) is G(X)
    assert (G(X).integral, H(N, True).integral) == (False, True)
    assert [str(part) for part in applications(G(G(X)) + 1)] == ["g(x)", "g(g(x))"]
    assert list(variables(G(X) + H(N, P))) == ["x", "n", "p"]
    assert substituted([G(X)], {X: Y + 1})[0] is G(Y + 1)
    assert substituted([G(X)], {G(X): F(3)})[0] is number(3)


def test_a_value_is_looked_up_by_what_the_arguments_are_worth() -> None:
    values = {"x": F(1, 2), "g(1/2)": F(5), "g(5)": F(7), "h(0, true)": F(3)}
    assert value_of(G(X) + G(G(X)), values) == 12
    assert value_of(H(0, True), values) == 3
    assert value_of(G(9), values) == 0
    assert value_of(Function("q", (REAL,), TRUTH)(X), values) is False
    assert application_name("g", (F(1, 2), False)) == "g(1/2, false)"
    with pytest.raises(ConstructionError, match=r"need a value of kind integer, got Fraction\(1, 2\), at the value 'h"):
        value_of(H(0, True), {"h(0, true)": F(1, 2)})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((), "need 2 arguments, got 0"), ((X, P), "an integer by its form"), ((N, X), "truth"), ((0.5, P), "float")],
)
def test_arguments_of_other_kinds_are_refused(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        H(*arguments)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: Function("", (REAL,), REAL), "need a name"),
        (lambda: Function("f", (), REAL), "no arguments"),
        (lambda: Function("f", ("word",), REAL), "'word'"),
    ],
)
def test_functions_of_other_kinds_are_refused(made: Any, message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        made()


def test_a_function_that_a_term_defines_is_asked_once() -> None:
    """A Python function that looks at the terms it gets is a function all the same."""
    seen = []

    def odd(x: Any) -> Any:
        seen.append(x)
        return x + len(seen)

    made = defined_by(odd, G)
    assert made(X) is X + 1
    assert made(Y + 1) is Y + 1 + 1
    assert len(seen) == 1
    with pytest.raises(LanguageError, match="need values that are integers by their form"):
        defined_by(lambda n, p: X, H)
    with pytest.raises(LanguageError, match="need 1 arguments, got 2"):
        made(X, Y)


def test_sympy_has_no_such_functions() -> None:
    with pytest.raises(LanguageError, match=r"need sums, products and quotients for sympy, got g\(x\)"):
        to_sympy(G(X))
