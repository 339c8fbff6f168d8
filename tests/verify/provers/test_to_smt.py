"""SMT-LIB text: what z3 and cvc5 read is what was meant, whatever the variables are called and however often a part
is used."""

from fractions import Fraction
from typing import Any

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.logic import every, negation, select
from constructions.foundations.terms import INTEGER, REAL, TRUTH, RealTerm, at_least, floor, node, number, variable
from verify.obligations.words import below, bit_of, extended, word
from verify.provers.to_smt import constant, expression, quoted, script

pytestmark = pytest.mark.bounds

X, Y, M, N = variable("x", REAL), variable("y", REAL), variable("m", INTEGER), variable("n", INTEGER)
P, Q = variable("p", TRUTH), variable("q", TRUTH)
A = word([P, Q, True])
NAMES = (
    "x",
    "and",
    "or",
    "not",
    "ite",
    "true",
    "false",
    "distinct",
    "let",
    "forall",
    "as",
    "par",
    "match",
    "select",
    "concat",
    "xor",
    "abs",
    "mod",
    "to_real",
    "bvadd",
    "bv1",
    "t%0",
    "t!0",
    "_",
    "a b",
    "a|b",
    "a\\b",
    "%7c.",
    "é",
    "\x1b[0m",
    "(assert false)",
    "; comment",
    '"',
    "'",
    "1",
    "-1",
    ":named",
    "x@0",
    "steps of it",
    "|",
    "||",
    "and%.",
    "\n",
    "\u202e",
    "a" * 300,
)


def by_z3(text: str) -> str:
    """What z3 says of a script."""
    solver = z3.Solver(ctx=z3.Context())
    solver.from_string(text)
    return str(solver.check())


def by_cvc5(text: str) -> str:
    """What cvc5 says of a script; what z3 says, if cvc5 is not installed."""
    try:
        import cvc5
    except ImportError:
        return by_z3(text)
    solver = cvc5.Solver()
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "a script")
    symbols, said = parser.getSymbolManager(), []
    while not (command := parser.nextCommand()).isNull():
        said.append(str(command.invoke(solver, symbols)).strip())
    return " ".join(text for text in said if text)


BOTH = pytest.mark.parametrize("solve", [by_z3, by_cvc5])


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (X + N <= 1, "(<= (+ x (to_real n)) 1.0)"),
        (M + 1 < 2 * N, "(< (+ m 1) (* 2 n))"),
        (M < N + Fraction(1, 2), None),  # noqa: SIM300
        (-X, "(- x)"),
        (number(-3), "(- 3.0)"),
        (number(Fraction(-1, 3)), "(- (/ 1.0 3.0))"),
        (floor(X) < N, "(< (to_int x) n)"),
        (floor(X) < X, "(< (to_real (to_int x)) x)"),
        (X != Y, "(distinct x y)"),
        (P == Q, "(= p q)"),
        (negation(P), "(not p)"),
        (select(P, N, 2) > 0, "(> (ite p n 2) 0)"),
        (every(P, Q, X > 0), "(and p q (> x 0.0))"),
        (at_least(2, [P, Q, P]), "(>= (+ (ite p 1 0) (ite q 1 0) (ite p 1 0) 0) 2)"),
        (
            A + 1 == A,
            "(= (bvadd (concat (ite true #b1 #b0) (ite q #b1 #b0) (ite p #b1 #b0)) (_ bv1 3)) "
            "(concat (ite true #b1 #b0) (ite q #b1 #b0) (ite p #b1 #b0)))",
        ),
        (bit_of(A, 1), "(= ((_ extract 1 1) (concat (ite true #b1 #b0) (ite q #b1 #b0) (ite p #b1 #b0))) #b1)"),
        (below(extended(word([P]), 3, signed=True), 5), "(bvult ((_ sign_extend 2) (ite p #b1 #b0)) (_ bv5 3))"),
    ],
)
def test_a_term_becomes_its_text(term: Any, text: str | None) -> None:
    assert expression(term) == text or text is None
    if text is None:
        assert expression(term) == "(< (to_real m) (+ (to_real n) (/ 1.0 2.0)))"


def test_a_number_has_a_sign_before_it_and_a_quotient_of_numerals() -> None:
    assert [constant(Fraction(value), whole=False) for value in ("0", "-2", "3/4", "-5/6")] == [
        "0.0",
        "(- 2.0)",
        "(/ 3.0 4.0)",
        "(- (/ 5.0 6.0))",
    ]
    assert [constant(Fraction(value), whole=True) for value in (0, -2)] == ["0", "(- 2)"]


def test_names_stay_different_and_mean_nothing_to_a_solver() -> None:
    symbols = [quoted(name) for name in NAMES]
    assert len(set(symbols)) == len(NAMES)
    for symbol in symbols:
        assert symbol.isascii() and symbol.isprintable()
        assert symbol.isidentifier() or (
            symbol[0] == symbol[-1] == "|" and "|" not in symbol[1:-1] and "\\" not in symbol
        )


@BOTH
@pytest.mark.parametrize("kind", [REAL, INTEGER, TRUTH])
def test_every_name_can_be_declared_and_used(solve: Any, kind: str) -> None:
    found = [variable(name, kind) for name in NAMES]
    parts = found if kind == TRUTH else [value == i for i, value in enumerate(found)]
    assert solve(script(every(*parts))) == "sat"
    assert solve(script(every(*parts, negation(parts[1])))) == "unsat"


@BOTH
def test_a_variable_named_as_a_definition_is_not_taken_for_it(solve: Any) -> None:
    for name in ("t!0", "t%0", "t%0.", "t0"):
        own = variable(name, TRUTH)
        twice = (X + Y) * (X + Y)
        question = every(own, twice + 1 > twice, twice > 4, negation(twice == 9), X == 1, Y == 2)
        assert solve(script(question)) == "unsat"
        assert solve(script(every(own, twice + 1 > twice, twice > 4))) == "sat"


@given(st.lists(st.text(alphabet=r"ab|\%.7c5é_", min_size=1, max_size=6), unique=True))
def test_different_names_have_different_symbols(names: list[str]) -> None:
    assert len({quoted(name) for name in names}) == len(names)


@BOTH
def test_integers_stay_integers(solve: Any) -> None:
    assert solve(script(every(N > 0, N < 1))) == "unsat"
    assert solve(script(every(X > 0, X < 1, M < X + N, N + 1 > M))) == "sat"
    assert solve(script(every(2 * M == 2 * N + 1))) == "unsat"
    assert solve(script(every(floor(X) == Fraction(1, 2)))) == "unsat"
    assert solve(script(every(floor(X) == -2, X > -2, X < -1))) == "sat"
    assert solve(script(every(floor(X) == -1, X < -1))) == "unsat"


def test_what_is_used_twice_is_written_once() -> None:
    total: RealTerm = X
    for _ in range(60):
        total = total * total + 1
    text = script(total > 0)
    assert len(text) < 6000 and text.count("define-fun") >= 59
    assert len(expression(total > 0)) < 6000


def test_a_script_declares_each_variable_once_with_its_kind() -> None:
    text = script(every(P, X > 0, X < N, N > 0))
    assert text.splitlines()[:4] == [
        "(set-logic QF_LIRA)",
        "(declare-const p Bool)",
        "(declare-const x Real)",
        "(declare-const n Int)",
    ]
    assert text.endswith("(check-sat)\n")
    assert script(True) == "(set-logic QF_UF)\n(assert true)\n(check-sat)\n"


def test_an_operation_that_smt_does_not_have_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a term that SMT-LIB has, got root"):
        expression(node(RealTerm, "root", (X,)))
