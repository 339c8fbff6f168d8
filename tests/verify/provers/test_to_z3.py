"""Terms for z3: sorts, contexts, integers that stay integers, one translation of each term."""

from fractions import Fraction
from typing import Any

import pytest
import z3

from constructions.errors import ConstructionError
from constructions.foundations.logic import every, negation, select
from constructions.foundations.terms import INTEGER, REAL, TRUTH, RealTerm, at_least, floor, node, number, variable
from verify.obligations.words import WORD_RULES, below, choice, extended, signed_below, word
from verify.provers.to_z3 import ARITHMETIC, COMPARISONS, WORDS, ToZ3

pytestmark = pytest.mark.bounds

X, Y, M, N = variable("x", REAL), variable("y", REAL), variable("m", INTEGER), variable("n", INTEGER)
P, Q = variable("p", TRUTH), variable("q", TRUTH)


def said(formula: Any) -> str:
    """What z3 says of a formula."""
    solver = z3.Solver(ctx=z3.Context())
    solver.add(ToZ3(solver.ctx).formula(formula))
    return str(solver.check())


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (X < 1, "x < 1"),
        (X > 1, "x > 1"),
        (X <= Y, "x <= y"),
        (X >= 0, "x >= 0"),
        (number(0) < X, "0 < x"),
        (X != Y, "x != y"),
        (M < 2 * N + 1, "m < 2*n + 1"),
        (M < X, "ToReal(m) < x"),
        (floor(X) <= N, "ToInt(x) <= n"),
        (X - Y > -X, "x - y > -x"),
        (select(P, N, 2) < M, "If(p, n, 2) < m"),
        (every(P, negation(Q)), "And(p, Not(q))"),
        (P == Q, "p == q"),
        (at_least(2, [P, Q, P]), "at-least(p, q, p)"),
    ],
)
def test_a_formula_becomes_its_own(term: Any, text: str) -> None:
    found = str(ToZ3(z3.Context()).formula(term)).replace("\n", " ")
    assert found == text or (term.op == "at least" and "p" in found)


def test_a_comparison_is_not_turned_round() -> None:
    to = ToZ3(z3.Context())
    kinds = {"<=": z3.Z3_OP_LE, "<": z3.Z3_OP_LT, ">=": z3.Z3_OP_GE, ">": z3.Z3_OP_GT}
    for left, right in ((X, number(1)), (number(1), X), (N, number(1)), (number(1), N), (X, Y)):
        for term in (left <= right, left < right, left >= right, left > right):
            kind = kinds[term.op]
            made = to.formula(term)
            assert made.decl().kind() == kind and [str(part) for part in made.children()] == [str(left), str(right)]


@pytest.mark.parametrize("value", [True, False])
def test_truth_values_are_formulas_too(value: bool) -> None:
    assert z3.is_true(ToZ3(z3.Context()).formula(value)) is value


def test_numbers_are_real_and_comparisons_of_integers_are_not() -> None:
    to = ToZ3(z3.Context())
    for term in (X, N, number(3), floor(X), N + M, select(P, N, 2)):
        assert to.term(term).sort().kind() == z3.Z3_REAL_SORT
    assert to.formula(floor(X) > N + M).arg(0).sort().kind() == z3.Z3_INT_SORT
    assert to.formula(floor(X) > N + X).arg(0).sort().kind() == z3.Z3_REAL_SORT


@pytest.mark.parametrize(
    ("formula", "answer"),
    [
        (every(N > 0, N < 1), "unsat"),
        (every(X > 0, X < 1), "sat"),
        (every(2 * M == 2 * N + 1), "unsat"),
        (floor(X) == Fraction(1, 2), "unsat"),
        (every(floor(X) == -2, X > -2, X < -1), "sat"),
        (every(floor(X) == -1, X < -1), "unsat"),
        (every(N < X, X < N + 1, floor(X) != N), "unsat"),
        (every(at_least(2, [P, Q]), negation(P)), "unsat"),
        (at_least(-1, [P]), "sat"),
        (negation(at_least(-1, [P])), "unsat"),
        (at_least(2**32, [P]), "unsat"),
        (at_least(3, [P, Q]), "unsat"),
        (at_least(0, [P]), "sat"),
        (every(N == X, Fraction(1, 3) == X), "unsat"),
        (every(select(P, N, X) == Fraction(1, 2), P), "unsat"),
    ],
)
def test_what_z3_says(formula: Any, answer: str) -> None:
    assert said(formula) == answer


def test_a_fraction_is_exact() -> None:
    tenth = Fraction(1, 10)
    assert said(every(tenth == X, 10 * X != 1)) == "unsat"
    assert said(every(Fraction(0.1) == X, 10 * X == 1)) == "unsat"
    assert said(number(Fraction(10**40 + 1, 10**40)) > 1) == "sat"


def test_words_are_bit_vectors_least_bit_first() -> None:
    a = word([P, Q, True])
    assert said(every(a == 4, P)) == "unsat" and said(every(a == 5, P, negation(Q))) == "sat"
    assert said(every(below(a, 4))) == "unsat" and said(negation(signed_below(a, 0))) == "unsat"
    assert said(negation(choice(P, a, a + 0) == a)) == "unsat"
    assert (
        said(negation(below(extended(a, 5), 8))) == "unsat"
        and said(negation(below(extended(a, 5, signed=True), 28))) == "sat"
    )


def test_everything_is_made_in_the_context() -> None:
    context = z3.Context()
    to = ToZ3(context)
    for term in (X + N * 2, every(P, X > 0, at_least(1, [P, Q])), word([P, Q]) + 3, select(P, X, 1), floor(X)):
        assert to.term(term).ctx == context


def test_a_term_is_translated_once_and_a_deep_one_without_recursion() -> None:
    to = ToZ3(z3.Context())
    total: RealTerm = X
    for _ in range(200):
        total = total * total + 1
    made = to.term(total)
    assert to.term(total) is made and len(to._made) == 1 + 1 + 200 * 2
    chain = P
    for _ in range(20_000):
        chain = negation(every(chain, Q))
    assert z3.is_bool(to.formula(chain))


def test_names_that_cannot_be_printed_stay_different() -> None:
    names = ("a", "a\x1b", "a\\x1b", "a\\\\x1b", "a\n", "a\\n")
    formula = every(*(variable(name, REAL) == i for i, name in enumerate(names)))
    assert said(formula) == "sat"


def test_an_operation_that_z3_does_not_have_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a term that z3 has, got root"):
        ToZ3(z3.Context()).term(node(RealTerm, "root", (X,)))


def test_every_operation_of_the_language_has_a_translation() -> None:
    done = {*COMPARISONS, *ARITHMETIC, *WORDS}
    methods = {name for name in vars(ToZ3) if name.startswith("_")}
    rest = {f"_{op.replace(' ', '_').replace('#', '_value')}" for op in set(WORD_RULES) - done}
    assert rest <= methods
