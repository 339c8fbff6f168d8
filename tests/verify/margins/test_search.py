"""The end at which a fact begins to fail: exact where it is rational, open or closed, and enclosed where it is not."""

from fractions import Fraction
from typing import Any

import pytest
import z3

from constructions.foundations.logic import every, negation, some
from constructions.foundations.terms import INTEGER, REAL, variable
from constructions.foundations.traversal import variables
from verify.margins.closure import weakened
from verify.margins.roots import value_at
from verify.margins.search import EndSearch, FirstFailure, Open, simplest_between
from verify.obligations.obligation import Obligation
from verify.provers.asking import Asking

T, X, Y, N = variable("t", REAL), variable("x", REAL), variable("y", REAL), variable("n", INTEGER)


def claim(subject: Any, case: Any) -> None:
    """Nothing."""


ASKED = Obligation(id="it", paper="it", claim=claim, of=lambda case: None, twin=lambda case: None)


def end(fails: Any, *, start: int = 0, sign: int = 1, before: FirstFailure | None = None) -> FirstFailure | Open | None:
    """Where something begins to hold as t moves."""
    asking = Asking.of(variables(fails), ASKED, 10)
    return EndSearch(fails, T, Fraction(start), sign, asking).first_failure(before)


@pytest.mark.parametrize(
    ("fails", "at", "closed"),
    [
        (Fraction(7, 3) <= T, Fraction(7, 3), False),
        (Fraction(7, 3) < T, Fraction(7, 3), True),
        (every(T >= X, X > 1), Fraction(1), True),
        (every(T > X, X >= 1), Fraction(1), True),
        (every(X > 0, X < T - 1, Y == T * 2 + X), Fraction(1), True),
        (every(X == 3 * T, X > 5), Fraction(5, 3), True),
        (every(X > 0, T - Fraction(1, 2) > X * X), Fraction(1, 2), True),
        (every(N >= 1, 2 * T >= 3 * N), Fraction(3, 2), False),
        (some(T > 5, every(T >= 4, Fraction(9, 2) >= T)), Fraction(4), False),
        (T > 0, Fraction(0), True),
    ],
)
def test_a_rational_end_is_exact_and_open_or_closed(fails: Any, at: Fraction, closed: bool) -> None:
    found = end(fails)
    assert isinstance(found, FirstFailure) and found.exact
    assert (found.low, found.high, found.closed) == (at, at, closed)


def test_downwards_is_the_mirror_image() -> None:
    found = end(T <= -2, start=1, sign=-1)
    assert isinstance(found, FirstFailure) and (found.low, found.exact, found.closed) == (Fraction(3), True, False)


def test_what_never_fails_has_no_end() -> None:
    assert end(every(T > 3, X * X < 0)) is None


def test_only_what_fails_sooner_counts() -> None:
    closed = end(T > 2)
    assert isinstance(closed, FirstFailure)
    assert end(T > 3, before=closed) is None and end(T > 2, before=closed) is None
    at_the_same = end(T >= 2, before=closed)
    assert isinstance(at_the_same, FirstFailure) and not at_the_same.closed
    assert end(T >= 2, before=at_the_same) is None


def test_an_end_of_which_z3_does_not_know_is_not_called_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Asking, "solver", lambda self, attempt=None: _without_time(self))
    found = end(every(X * X * X + Y * Y * Y == T * T * T + 5, X > T, Y > T * X))
    assert isinstance(found, Open) and found.reason


def _without_time(asking: Asking) -> z3.Solver:
    solver = z3.Solver(ctx=z3.Context())
    solver.set("rlimit", 1)
    return solver


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        ("1/3", "1/2", "1/2"),
        ("5/2", "7/2", "3"),
        ("-7/2", "-5/2", "-3"),
        ("-1", "1", "0"),
        ("311/100", "316/100", "22/7"),
    ],
)
def test_the_simplest_rational_of_an_interval(low: str, high: str, wanted: str) -> None:
    assert simplest_between(Fraction(low), Fraction(high)) == Fraction(wanted)


def test_a_weakened_formula_holds_wherever_the_formula_does() -> None:
    strict = every(X > 0, negation(some(Y >= 1, X == Y)), X < Y)
    assert str(weakened(strict)) == "x >= 0 and y <= 1 and x <= y"
    assert str(weakened(N == 1)) == "n == 1"


@pytest.mark.parametrize(
    ("fails", "root", "closed"),
    [
        (every(T * T >= 2, X * X >= 0), (1, 0, -2), False),
        (every(T * T > 2, T > X), (1, 0, -2), True),
        (every(T * T + T >= 1, Y == T), (1, 1, -1), False),
    ],
)
def test_an_end_that_is_no_rational_is_a_root(fails: Any, root: tuple[int, int, int], closed: bool) -> None:
    found = end(fails)
    assert isinstance(found, FirstFailure) and (found.exact, found.root, found.closed) == (True, root, closed)
    assert found.low < found.high and value_at(root, found.low) < 0 < value_at(root, found.high)


def test_what_is_no_root_of_degree_2_is_enclosed() -> None:
    found = end(every(T * T * T >= 2, X * X >= 0))
    assert isinstance(found, FirstFailure) and not found.exact and found.root is None
    assert found.low**3 < 2 <= found.high**3
