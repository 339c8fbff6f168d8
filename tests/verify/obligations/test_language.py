"""Whatever is foreign is refused by every function of claims, in every place, also where it is caught.

The functions are found in the modules themselves, so that a new one is not forgotten here.
"""

import inspect
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy

from constructions.errors import ConstructionError
from constructions.foundations import evaluation, exact, logic, symbols, terms, traversal
from constructions.foundations.refusals import LanguageError, statement
from constructions.foundations.terms import INTEGER, REAL, TRUTH, RealTerm, Term, TruthTerm, variable
from tests.verify.obligations.refusals import is_refused
from verify.obligations import words
from verify.obligations.words import Word, WordTerm, word
from verify.provers.by_z3 import SolverCase

pytestmark = pytest.mark.bounds

X, N = variable("x", REAL), variable("n", INTEGER)
P, Q = variable("p", TRUTH), variable("q", TRUTH)
W = word([P, Q, True])


Place = tuple[type, Callable[[Any], Any]]
NUMBER, FORMULA, BITS, INT = RealTerm, TruthTerm, WordTerm, int
FUNCTIONS: dict[Callable[..., Any], list[Place]] = {
    logic.every: [
        (FORMULA, lambda o: logic.every(o)),
        (FORMULA, lambda o: logic.every(False, P, o)),
        (FORMULA, lambda o: logic.every([P, o])),
    ],
    logic.some: [(FORMULA, lambda o: logic.some(o)), (FORMULA, lambda o: logic.some(True, P, o))],
    logic.negation: [(FORMULA, logic.negation)],
    logic.implies: [
        (FORMULA, lambda o: logic.implies(o, P)),
        (FORMULA, lambda o: logic.implies(P, o)),
        (FORMULA, lambda o: logic.implies(False, o)),
    ],
    logic.select: [
        (FORMULA, lambda o: logic.select(o, 1, 2)),
        (NUMBER, lambda o: logic.select(P, o, 2)),
        (NUMBER, lambda o: logic.select(P, 1, o)),
        (NUMBER, lambda o: logic.select(True, 1, o)),
        (NUMBER, lambda o: logic.select(False, o, 1)),
    ],
    logic.largest: [
        (NUMBER, lambda o: logic.largest(o)),
        (NUMBER, lambda o: logic.largest(o, X)),
        (NUMBER, lambda o: logic.largest(1, X, o)),
    ],
    logic.between: [
        (NUMBER, lambda o: logic.between(o, X, 1)),
        (NUMBER, lambda o: logic.between(0, o, 1)),
        (NUMBER, lambda o: logic.between(3, 2, o)),
    ],
    logic.within: [
        (NUMBER, lambda o: logic.within(o, 1)),
        (NUMBER, lambda o: logic.within(2, o)),
        (NUMBER, lambda o: logic.within(X, o)),
    ],
    terms.number: [(NUMBER, terms.number)],
    terms.formula: [(FORMULA, terms.formula)],
    terms.floor: [(NUMBER, terms.floor)],
    terms.opposite: [(FORMULA, terms.opposite)],
    terms.at_least: [(INT, lambda o: terms.at_least(o, [P])), (FORMULA, lambda o: terms.at_least(1, [P, o]))],
    traversal.substituted: [
        (NUMBER, lambda o: traversal.substituted([X + 1], {X: o})),
        (FORMULA, lambda o: traversal.substituted([P], {P: o})),
    ],
    exact.floored: [(NUMBER, exact.floored)],
    exact.exact: [(NUMBER, lambda o: exact.exact(o, where="here"))],
    exact.rational: [(NUMBER, lambda o: exact.rational(o, where="here"))],
    symbols.to_sympy: [(NUMBER, symbols.to_sympy)],
    symbols.from_sympy: [(object, symbols.from_sympy)],
    evaluation.value_of: [
        (NUMBER, lambda o: evaluation.value_of(X, {"x": o})),
        (FORMULA, lambda o: evaluation.value_of(P, {"p": o})),
    ],
    words.word: [(FORMULA, lambda o: words.word([P, o])), (FORMULA, lambda o: words.word([o]))],
    words.constant: [
        (INT, lambda o: words.constant(o, W)),
        (INT, lambda o: words.constant(o, Word(1, 3))),
        (object, lambda o: words.constant(1, o)),
    ],
    words.width_of: [(object, words.width_of)],
    words.below: [
        (BITS, lambda o: words.below(o, W)),
        (BITS, lambda o: words.below(W, o)),
        (object, lambda o: words.below(o, o)),
        (BITS, lambda o: words.below(Word(1, 3), o)),
    ],
    words.signed_below: [
        (BITS, lambda o: words.signed_below(o, W)),
        (BITS, lambda o: words.signed_below(Word(1, 3), o)),
    ],
    words.shifted_right: [(object, lambda o: words.shifted_right(o, 1)), (BITS, lambda o: words.shifted_right(W, o))],
    words.extended: [(object, lambda o: words.extended(o, 9)), (INT, lambda o: words.extended(W, o))],
    words.bit_of: [(object, lambda o: words.bit_of(o, 0)), (INT, lambda o: words.bit_of(W, o))],
    words.choice: [
        (FORMULA, lambda o: words.choice(o, W, W)),
        (BITS, lambda o: words.choice(P, o, W)),
        (BITS, lambda o: words.choice(True, W, o)),
    ],
}
NOT_OF_CLAIMS = {
    terms.deciding,
    terms.node,
    traversal.applications,
    traversal.nodes,
    traversal.variables,
    terms.variable,
    exact.is_symbolic,
    exact.product,
    exact.sum_of_products,
    exact.whole,
    symbols.symbol,
    evaluation.defined,
}
"""Functions that make no term of an object that a claim has in its hands, or that walks call, on exact numbers."""
FITS: dict[type, tuple[Any, ...]] = {
    NUMBER: (int, Fraction, RealTerm),
    FORMULA: (bool, TruthTerm),
    BITS: (int, WordTerm, Word),
    INT: (int,),
    object: (),
}


def fits(place: type, function: Callable[..., Any], other: Any) -> bool:
    """Whether an object belongs in a place after all."""
    if function in (exact.exact, exact.rational) and isinstance(other, str):
        return True
    if function is symbols.from_sympy:
        return isinstance(other, sympy.Rational) or (type(other) is sympy.Symbol and not other.is_positive)
    if function is evaluation.value_of and place is FORMULA:
        return type(other) in (bool, int, Fraction)
    if place is object:
        return isinstance(other, Word | WordTerm)
    return type(other) in FITS[place]


def test_every_function_of_the_language_is_in_the_list() -> None:
    found = {
        value
        for module in (logic, terms, traversal, exact, symbols, evaluation, words)
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }
    assert found == set(FUNCTIONS) | NOT_OF_CLAIMS


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_every_function_refuses_every_foreign_object_in_every_place(
    function: Callable[..., Any], anywhere: list[Any]
) -> None:
    taken = []
    for number_, (place, act) in enumerate(FUNCTIONS[function]):
        for other in [*anywhere, True, False, 0, 1, Fraction(1), X, P, W, Word(1, 3)]:
            if not fits(place, function, other) and not is_refused(partial(act, other)):
                taken.append((number_, other))
    assert not taken


def test_a_refusal_that_is_caught_counts_at_the_end_and_not_before_or_after() -> None:
    with pytest.raises(LanguageError, match=r"got the float 0\.5, beside x"), statement() as noted:
        with suppress(ConstructionError):
            X + 0.5
        with suppress(ConstructionError):
            X + 1j
        assert len(noted) == 2
    with statement() as noted:
        assert X + 1 is not X
    assert noted == []
    with pytest.raises(LanguageError):
        X + 0.5


def test_another_error_of_a_statement_comes_out_as_it_is() -> None:
    with pytest.raises(KeyError), statement():
        with suppress(ConstructionError):
            X + 0.5
        raise KeyError("mine")


def test_a_statement_inside_another_keeps_its_refusals_to_itself() -> None:
    with statement() as outer:
        with pytest.raises(LanguageError), statement(), suppress(ConstructionError):
            X + 0.5
        assert outer == []


def test_an_array_of_terms_is_theirs_and_its_elements_areis_refused() -> None:
    row = np.array([X, N], object)
    assert list(row + 1) == [X + 1, N + 1] or all(a is b for a, b in zip(row + 1, (X + 1, N + 1), strict=True))
    for other in (np.array([0.5, 0.5]), 0.5, np.float64(0.5)):
        with pytest.raises(LanguageError):
            row * other
    assert is_refused(lambda: SolverCase().show("f", row == row))
    assert isinstance(row[0], Term)
