"""Code run over terms: every way through it is met, and together the ways are the function."""
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import z3

from constructions.errors import ConstructionError
from verify.ways import Power, on_every_way, own, quotient, ways, with_names

X, Y, N = z3.Real("x"), z3.Real("y"), z3.Int("n")


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


def is_valid(formula: z3.BoolRef) -> bool:
    """Whether a formula holds for all values."""
    solver = z3.Solver()
    solver.add(z3.Not(formula))
    return bool(solver.check() == z3.unsat)


@pytest.mark.parametrize("function", [max, min, lambda a, b: middle(a, b, a + b), collatz, lambda a, b: max(abs(a), -b)])
def test_the_ways_together_are_the_function(function: Callable[[Any, Any], Any]) -> None:
    found = ways(lambda: function(X, Y))
    assert is_valid(z3.Or([condition for condition, _ in found]))
    (term,) = own(lambda: (function(X, Y),))
    for a in (Fraction(-3), Fraction(0), Fraction(1, 2), Fraction(7)):
        for b in (Fraction(-1), Fraction(0), Fraction(1, 2), Fraction(2)):
            pairs = ((X, z3.RealVal(str(a))), (Y, z3.RealVal(str(b))))
            taken = [condition for condition, _ in found if z3.is_true(z3.simplify(z3.substitute(condition, *pairs)))]
            assert len(taken) == 1
            assert z3.simplify(z3.substitute(term, *pairs)).as_fraction() == function(a, b)


def test_a_way_that_cannot_be_taken_is_left_out() -> None:
    assert len(ways(lambda: 1 if X > 1 and X < 0 else 2)) == 2
    assert len(ways(lambda: middle(X, Y, X))) < 8


def test_what_fails_on_one_way_fails() -> None:
    assert is_valid(on_every_way(lambda: max(X, Y), lambda found: found >= X))
    assert not is_valid(on_every_way(lambda: max(X, Y), lambda found: found > X))
    assert on_every_way(lambda: max(2, 3), lambda found: found > 2) is True


def test_terms_have_no_truth_value_outside_of_a_run() -> None:
    ways(lambda: max(X, 0))
    with pytest.raises(z3.Z3Exception):
        bool(X > 0)
    with pytest.raises(TypeError):
        X // 2


def test_a_run_that_breaks_leaves_nothing_behind() -> None:
    def breaks() -> None:
        raise ValueError("broken" if X > 0 else "other")

    with pytest.raises(ValueError, match="broken"):
        ways(breaks)
    with pytest.raises(z3.Z3Exception):
        bool(X > 0)


def test_too_many_ways_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.ways.MOST_WAYS", 20)
    reals = z3.Reals(" ".join(f"r{i}" for i in range(5)))
    with pytest.raises(ConstructionError, match="need at most 20 ways through a function, got more"):
        ways(lambda: [bool(r > 0) for r in reals])


def test_names_that_a_function_does_not_use_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need a function that uses nothing"):
        with_names(collatz, nothing=quotient)


def test_places_of_which_the_power_is_known() -> None:
    assert 1 << Power(Fraction(8)) == 8 and Fraction(29) >> Power(Fraction(8)) == 3 and Fraction(-1) >> Power(Fraction(8)) == -1
    floor = z3.ToReal(N) >> Power(z3.RealVal(8))
    assert z3.simplify(z3.substitute(floor, (N, z3.IntVal(-1)))).as_fraction() == -1
    assert not Power(Fraction(1), some=False)
