"""Code run over terms: every way through it is met, and together the ways are the function."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import z3

from constructions.errors import ConstructionError
from constructions.foundations.logic import negation, some
from constructions.foundations.refusals import LanguageError
from constructions.foundations.terms import INTEGER, REAL, RealTerm, floor, variable
from verify.provers.branches import (
    PLAIN,
    POSSIBLE,
    Power,
    floor_of_quotient,
    on_every_way,
    own,
    quotient,
    ways,
    with_names,
)
from verify.provers.listening import listening
from verify.provers.to_z3 import ToZ3

pytestmark = pytest.mark.bounds

X, Y, N = variable("x", REAL), variable("y", REAL), variable("n", INTEGER)
AS_TRUTH = "as a Python truth value"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test asks its questions anew."""
    PLAIN.kept.clear()
    POSSIBLE.kept.clear()


def middle(a: Any, b: Any, c: Any) -> Any:
    """The second of three numbers, by sorting."""
    return sorted([a, b, c])[1]


def collatz(a: Any, b: Any) -> Any:
    """Something with a loop, a floor and an early return."""
    if not a:
        return b
    steps = 0
    while a > b and steps < 3:
        a, steps = a // 2, steps + 1
    return a + steps


def clauses(a: Any, b: Any) -> Any:
    """Something with and, or, not, in and a chained comparison."""
    if (a < 0 <= b) or not (a != 1 and b != 2):
        return a
    return b if b in (3, a) else a - b


def is_valid(formula: Any) -> bool:
    """Whether a formula holds for all values."""
    solver = z3.Solver(ctx=z3.Context())
    solver.add(ToZ3(solver.ctx).formula(negation(formula)))
    return bool(solver.check() == z3.unsat)


@pytest.mark.parametrize(
    "function", [max, min, lambda a, b: middle(a, b, a + b), collatz, lambda a, b: max(abs(a), -b), clauses]
)
def test_the_ways_together_are_the_function(function: Callable[[Any, Any], Any], worth: Any) -> None:
    found = ways(lambda: function(X, Y))
    assert is_valid(some(*(condition for condition, _ in found)))
    (term,) = own(lambda: (function(X, Y),))
    for a, b in product(
        (Fraction(-3), Fraction(0), Fraction(1, 2), Fraction(1), Fraction(7)), map(Fraction, (-1, 0, 2, 3))
    ):
        at = {"x": a, "y": b}
        taken = [value for condition, value in found if worth(condition, at)]
        assert len(taken) == 1
        assert worth(taken[0], at) == worth(term, at) == function(a, b)


def test_a_way_that_cannot_be_taken_is_left_out() -> None:
    assert len(ways(lambda: 1 if X > 1 and X < 0 else 2)) == 2
    assert len(ways(lambda: middle(X, Y, X))) < 8
    assert len(ways(lambda: 1 if N > 0 and N < 1 else 2)) == 2


def test_every_question_has_the_whole_budget_and_says_nothing_of_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    x = variable("x", REAL)

    def steps() -> int:
        return sum(1 for i in range(40) if x > i and x != i)

    monkeypatch.setattr("verify.provers.branches.BUDGET", 5000)
    with listening() as heard:
        assert len(ways(steps)) == 41
    assert {each.status for each in heard} == {"sat", "unsat"} and len(heard) > 80


def test_a_question_that_one_solver_for_all_does_not_settle_is_asked_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    check, solvers = z3.Solver.check, []

    def settles_nothing_in_a_scope(solver: z3.Solver) -> Any:
        solvers.append(solver)
        return z3.unknown if solver.num_scopes() else check(solver)

    monkeypatch.setattr("z3.Solver.check", settles_nothing_in_a_scope)
    assert len(ways(lambda: 1 if X > 1 and X < 0 else 2)) == 2
    assert [solver.num_scopes() for solver in solvers] == [0] * len(solvers) and len(set(map(id, solvers))) > 2


def test_what_was_settled_about_one_function_is_not_asked_about_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as first:
        one = ways(lambda: clauses(X, Y))
    monkeypatch.setattr("z3.Solver.check", lambda solver: pytest.fail("asked again"))
    with listening() as again:
        assert ways(lambda: clauses(X, Y)) == one
    assert again == first and {each.status for each in first} == {"sat", "unsat"}


def test_what_the_solver_does_not_settle_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("z3.Solver.check", lambda solver: z3.unknown)
    for _ in range(2):
        with listening() as heard:
            assert len(ways(lambda: 1 if X > 0 and X < 0 else 2)) == 3
        assert {each.status for each in heard} == {"unknown"} and not POSSIBLE.kept
    monkeypatch.undo()
    assert len(ways(lambda: 1 if X > 0 and X < 0 else 2)) == 2


def test_what_fails_on_one_way_fails() -> None:
    assert is_valid(on_every_way(lambda: max(X, Y), lambda found: found >= X))
    assert not is_valid(on_every_way(lambda: max(X, Y), lambda found: found > X))
    assert on_every_way(lambda: max(2, 3), lambda found: found > 2) is True


def test_terms_have_no_truth_value_outside_of_a_run() -> None:
    ways(lambda: max(X, 0))
    for ask in (lambda: bool(X > 0), lambda: max(X, 0), lambda: bool(X), lambda: 0 < X < 1, lambda: X in (1, 2)):
        with pytest.raises(LanguageError, match=AS_TRUTH):
            ask()


def test_a_run_that_breaks_leaves_nothing_behind() -> None:
    def breaks() -> None:
        raise ValueError("broken" if X > 0 else "other")

    with pytest.raises(ValueError, match="broken"):
        ways(breaks)
    with pytest.raises(LanguageError, match=AS_TRUTH):
        bool(X > 0)


def test_too_many_ways_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.provers.branches.MOST_WAYS", 20)
    reals = [variable(f"r{i}", REAL) for i in range(5)]
    with pytest.raises(ConstructionError, match="need at most 20 ways through a function, got more"):
        ways(lambda: [bool(r > 0) for r in reals])


def test_names_that_a_function_does_not_use_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need a function that uses nothing"):
        with_names(collatz, nothing=quotient)


def test_places_of_which_the_power_is_known(worth: Any) -> None:
    assert (
        1 << Power(Fraction(8)) == 8
        and Fraction(29) >> Power(Fraction(8)) == 3
        and Fraction(-1) >> Power(Fraction(8)) == -1
    )
    for shifted in (
        N >> Power(Fraction(8)),
        N >> Power(variable("p", INTEGER)),
        Fraction(-1) >> Power(variable("p", INTEGER)),
    ):
        assert isinstance(shifted, RealTerm) and worth(shifted, {"n": -1, "p": 8}) == -1
    assert worth(N >> Power(Fraction(8)), {"n": 29}) == 3
    assert not Power(Fraction(1), some=False)


@pytest.mark.parametrize("value", [Fraction(-7, 2), Fraction(-2), Fraction(0), Fraction(5, 3), Fraction(4)])
def test_the_floor_is_the_greatest_integer_that_is_not_above(value: Fraction, worth: Any) -> None:
    assert (
        worth(floor(X), {"x": value})
        == worth(X // 1, {"x": value})
        == worth(floor_of_quotient(X, 1), {"x": value})
        == value // 1
    )
    assert worth(X % 2, {"x": value}) == value % 2 and worth(7 // X if value else X, {"x": value}) == (
        7 // value if value else 0
    )


def test_what_stands_for_a_fraction_is_a_quotient(worth: Any) -> None:
    assert (
        quotient() == 0
        and quotient(3, 4) == Fraction(3, 4)
        and worth(quotient(1, X), {"x": Fraction(2)}) == Fraction(1, 2)
    )
    with pytest.raises(ConstructionError, match="need exact numbers"):
        quotient(0.5, X)
