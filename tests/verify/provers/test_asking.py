"""Questions to z3: answers in rationals, budgets, cores, and a check of every model against the terms themselves."""

from fractions import Fraction
from typing import Any

import pytest
import z3

from constructions.foundations.logic import every, negation, some
from constructions.foundations.terms import INTEGER, REAL, TRUTH, variable
from constructions.foundations.traversal import variables
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import DisagreementError, Verdict
from verify.obligations.words import word
from verify.provers.asking import REMEMBERED, TRANSLATIONS, Asking, SolverAnswer, Way, words
from verify.provers.to_z3 import COMPARISONS, ToZ3

pytestmark = pytest.mark.bounds

X, Y, N = variable("x", REAL), variable("y", REAL), variable("n", INTEGER)
P, Q = variable("p", TRUTH), variable("q", TRUTH)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test asks its questions anew."""
    REMEMBERED.kept.clear()
    TRANSLATIONS.clear()


def claim(subject: Any, case: Any) -> None:
    """A claim."""


def asking(*parts: Any, seconds: int = 60, **options: Any) -> Asking:
    """How questions are asked, with some variables of a case."""
    obligation = Obligation(id="t", paper="t", claim=claim, of=nothing, expect=Verdict.REFUTED, **options)
    return Asking.of({v.data[0]: v for v in parts}, obligation, seconds)


def test_a_model_has_a_rational_for_every_variable_asked_for_and_every_one_in_the_question() -> None:
    answer = asking(X, P).ask(every(X > 1, X < 2, N == 3, Q))
    assert answer.status == "sat" and set(answer.values) == {"x", "p", "n", "q"}
    assert 1 < answer.values["x"] < 2 and answer.values["n"] == 3 and answer.values["q"] == 1
    assert all(type(value) is Fraction for value in answer.values.values())


def test_what_cannot_hold_has_no_values() -> None:
    answer = asking(X).ask(every(X > 1, X < 1))
    assert (answer.status, answer.values) == ("unsat", {}) and answer.effort > 0
    assert asking().ask(False).status == "unsat" and asking().ask(True).status == "sat"


def test_a_budget_and_an_irrational_model_are_unknown_with_a_reason() -> None:
    x, y, z = (variable(name, INTEGER) for name in "xyz")
    hard = every(x > 1, y > 1, z > 1, x * x * x + y * y * y == z * z * z)
    spent = asking(budget=20_000).ask(hard)
    assert spent.status == "unknown" and spent.reason and spent.values == {}
    irrational = asking().ask(X * X == 2)
    assert (irrational.status, irrational.reason) == ("unknown", "satisfiable, but no rational model was found")


def test_an_irrational_model_is_moved_to_a_rational_one() -> None:
    answer = asking().ask(every(X * X * X == 2 + Y, Y > 0))
    assert answer.status == "sat" and answer.values["x"] ** 3 == 2 + answer.values["y"]


def test_the_same_question_has_the_same_answer() -> None:
    question = some(every(X > 3, Y < X), N * N > 40, word([P, Q]) == 2)
    first = asking(X, Y).ask(question)
    REMEMBERED.kept.clear()
    again = asking(X, Y).ask(question)
    assert first is not again and first == again


def test_what_was_translated_before_changes_neither_an_answer_nor_its_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, n = variable("a", REAL), variable("b", REAL), variable("k", INTEGER)
    question = some(every(a * b > 3, b < a, a + b < 100), n * n * n > 40, every(word([P, Q]) == 2, b * b == 2))
    first = asking(a, b).ask(question)
    of_other_kinds = (negation(variable("a", TRUTH)), variable("b", INTEGER) * n > 7)
    for asked in (True, False):
        REMEMBERED.kept.clear()
        TRANSLATIONS.clear()
        for part in (*of_other_kinds, b < a, *(b * i - a <= n for i in range(50)), question):
            other = asking(*reversed(variables(part).values()))
            other.ask(part) if asked else other.to.formula(part)
        REMEMBERED.kept.clear()
        assert asking(a, b).ask(question) == first


@pytest.mark.parametrize(("in_time", "again"), [(False, [("QF_NRA", 3)]), (True, [])])
def test_attempts_that_their_second_has_ended_are_made_again_after_the_whole_budget(
    monkeypatch: pytest.MonkeyPatch, in_time: bool, again: list[tuple[str, int]]
) -> None:
    made: list[tuple[str | None, int]] = []

    def within(mine: Asking, most: int, question: Any, attempt: Way) -> tuple[SolverAnswer, bool]:
        made.append((attempt.logic, most))
        settled = (attempt.logic, most) == ("QF_NRA", 3)
        return SolverAnswer("sat" if settled else "unknown", {}, 1), in_time

    monkeypatch.setattr(Asking, "_within", within)
    found = asking(seconds=60, budget=2_000_000).ask(X * X == 2)
    assert made == [("QF_NRA", 1), (None, 1), (None, 60), *again]
    assert (found.status, found.effort) == ("unknown" if in_time else "sat", len(made))


def test_a_translation_serves_many_questions_until_it_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    first = asking().to
    assert asking(X).to is first
    monkeypatch.setattr("verify.provers.asking.MOST_TERMS", 3)
    first.formula(X < 7)
    assert asking().to is first
    first.formula(Y < 8)
    assert asking().to is not first


def test_a_question_that_was_answered_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = asking(X, Y).ask(X > 3)
    solvers: list[z3.Solver] = []
    solver_of = Asking.solver

    def counted(mine: Asking, *how: Any) -> z3.Solver:
        solvers.append(solver_of(mine, *how))
        return solvers[-1]

    monkeypatch.setattr(Asking, "solver", counted)
    assert asking(X, Y).ask(X > 3) == first and not solvers
    first.values["x"] = Fraction(0)
    assert asking(X, Y).ask(X > 3).values["x"] > 3 and not solvers
    others = [asking(X), asking(Y, X), asking(X, Y, budget=999_999), asking(X, Y, logic="QF_LRA")]
    for number, other in enumerate((*others, asking(X, Y, seconds=59)), 1):
        assert other.ask(X > 3).status == "sat" and len(solvers) == number


def test_what_cannot_hold_is_not_asked_again_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    first = asking(X, Y).ask(every(X > 3, X < Y, Y < 3))
    monkeypatch.setattr(Asking, "solver", lambda *_: pytest.fail("asked again"))
    assert asking(N).ask(every(X > 3, X < Y, Y < 3)) == first == asking().ask(every(X > 3, X < Y, Y < 3))
    for options in ({"budget": 999_999}, {"logic": "QF_LRA"}, {"seconds": 59}):
        with pytest.raises(pytest.fail.Exception, match="asked again"):
            asking(X, Y, **options).ask(every(X > 3, X < Y, Y < 3))


def test_what_is_unknown_is_asked_again_and_few_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    hard = every(X * X * X + Y * Y * Y == 3, X * Y > N * N * N * Y, N > 1)
    assert asking(budget=1).ask(hard).status == "unknown" and not REMEMBERED.kept
    few = type(REMEMBERED)(most=2)
    monkeypatch.setattr("verify.provers.asking.REMEMBERED", few)
    for bound in range(4):
        asking(X).ask(bound < X)
    assert {terms[0] for terms, _ in few.kept.values()} == {X > 2, X > 3}


def test_one_question_does_not_weigh_on_the_next() -> None:
    mine = asking(X)
    assert (
        mine.ask(X < 0).status == "sat"
        and mine.ask(every(X > 0)).values["x"] > 0
        and mine.ask(every(X > 0, X < 0)).status == "unsat"
    )


@pytest.mark.parametrize(
    ("parts", "core"),
    [
        ([X > 1, Y > 0, X < 1], [0, 2]),
        ([X > 0, X < 0], [0, 1]),
        ([Y > 0, N > 0, X * X < 0], [2]),
        ([P, negation(P), Q], [0, 1]),
        ([X < Y, Y < N, N < X, Q], [0, 1, 2]),
    ],
)
def test_a_core_is_what_cannot_hold_together_and_no_more(parts: list[Any], core: list[int]) -> None:
    assert asking().core(parts) == core


@pytest.mark.parametrize(("right", "wrong"), [("<=", "<"), ("<", "<="), (">", ">=")])
def test_a_translation_that_says_something_else_is_found(
    monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    methods = {"<": z3.ArithRef.__lt__, "<=": z3.ArithRef.__le__, ">=": z3.ArithRef.__ge__}
    monkeypatch.setitem(COMPARISONS, right, methods[wrong])
    questions = {"<": every(X < Y, Y <= X), ">": every(X > Y, Y >= X), "<=": negation(every(X <= 1, X >= 1))}
    if right == "<=":
        assert asking().ask(every(X <= 1, X >= 1)).status == "unsat", (
            "that a model is lost is what the tests of translations find"
        )
    else:
        with pytest.raises(DisagreementError, match="t: z3 has a model of a formula that is false at x="):
            asking().ask(questions[right])


def test_a_division_by_nought_is_left_to_the_replay() -> None:
    answer = asking().ask(every(X / Y == 5, Y == 0))
    assert answer.status == "sat" and answer.values["y"] == 0


def test_questions_are_asked_in_a_context_of_their_own() -> None:
    mine = asking(X)
    assert isinstance(mine.to, ToZ3) and mine.solver().ctx != mine.solver().ctx != mine.to.context


def test_values_in_a_row() -> None:
    assert words({"x": Fraction(1, 2), "n": Fraction(3)}) == "x=1/2, n=3"
