"""Questions without functions: they can hold exactly if the given ones can, and no answer rests on them alone."""

from fractions import Fraction

import pytest

from constructions.foundations.functions import Function
from constructions.foundations.logic import every, negation
from constructions.foundations.terms import INTEGER, REAL, TRUTH, TruthTerm, variable
from constructions.foundations.traversal import applications
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers import asking as asked
from verify.provers.asking import REMEMBERED, Asking, Way
from verify.provers.without_functions import MOST_PAIRS, WithoutFunctions, without_functions

X, Y, N = variable("x", REAL), variable("y", REAL), variable("n", INTEGER)
F, P = Function("f", (REAL,), REAL), Function("p", (REAL,), TRUTH)
HARD = every(F(X) * F(Y) == 6, X * Y == 1, F(X) > F(Y), X > 2)


def claim(subject: object, case: object) -> None:
    """A claim."""


ASKING = Asking.of({}, Obligation(id="t", paper="t", claim=claim, of=nothing, expect=Verdict.REFUTED))


@pytest.fixture
def only_polynomials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the attempt in the logic of polynomials, and the whole budget."""
    REMEMBERED.kept.clear()
    monkeypatch.setattr(asked, "QUICK", Way(None, 0, 1))
    monkeypatch.setattr(asked, "ANEW", Way(None, 1, 1))


@pytest.mark.parametrize(
    ("question", "can"),
    [
        (every(X == Y, F(X) < F(Y)), False),
        (every(X == Y, P(X), negation(P(Y))), False),
        (every(F(F(X)) == 1, F(X) == X, F(1) != 1, X == 1), False),
        (every(X != Y, F(X) < F(Y), P(X), negation(P(Y))), True),
        (every(F(F(X)) == 2, F(X) == 1), True),
    ],
)
def test_a_question_without_functions_can_hold_exactly_if_the_question_can(question: TruthTerm, can: bool) -> None:
    found = without_functions(question)
    assert found is not None and not applications(found.question)
    for form in (question, found.question):
        assert ASKING.ask(form).status == ("sat" if can else "unsat")


def test_there_is_none_where_no_function_is_applied_or_too_many_are() -> None:
    assert without_functions(X < Y) is None
    some = range(MOST_PAIRS)
    assert without_functions(every(*(F(i) > 0 for i in some))) is None


def test_no_variable_of_the_question_is_taken_for_a_value() -> None:
    taken = variable("value 1 of f", REAL)
    found = without_functions(every(F(X) == 1, taken == 2))
    assert found is not None and found.places[F(X)] is not taken and ASKING.ask(found.question).status == "sat"


@pytest.mark.usefixtures("only_polynomials")
def test_values_of_functions_come_with_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Asking, "_whole", Way(None, 0, 1))
    answer = ASKING.ask(HARD)
    values = answer.values
    assert answer.status == "sat" and values["x"] * values["y"] == 1
    assert values[f"f({values['x']})"] * values[f"f({values['y']})"] == 6


@pytest.mark.usefixtures("only_polynomials")
def test_that_it_cannot_hold_is_believed_of_the_question_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "without_functions", lambda question: WithoutFunctions(False, {}))
    assert ASKING.ask(every(HARD, X > 3)).status == "sat"


@pytest.mark.usefixtures("only_polynomials")
def test_that_it_can_hold_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "without_functions", lambda question: WithoutFunctions(X == 5, {}))
    with pytest.raises(DisagreementError, match="z3 has a model of a formula that is false"):
        ASKING.ask(every(HARD, X > 4))


@pytest.mark.usefixtures("only_polynomials")
def test_a_number_that_is_no_integer_is_no_value_of_an_integer() -> None:
    assert ASKING.ask(4 * N * N == 9).status != "sat"
    found = ASKING.ask(every(4 * N * N == 36, X * N == 1, N > 0))
    assert found.values == {"n": Fraction(3), "x": Fraction(1, 3)}
