"""Points that meet premises, and what they find."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.strategies import DataObject, data

from constructions.foundations.evaluation import value_of
from constructions.foundations.logic import every, implies, negation, some, within
from constructions.foundations.terms import INTEGER, REAL, TRUTH, Term, variable
from verify.obligations.catalogue import paper_obligations
from verify.pytest_plugin.points import points
from verify.pytest_plugin.trying import point_of_failure

X, Y, E = (variable(name, REAL) for name in "xye")
N, P = variable("n", INTEGER), variable("p", TRUTH)
PREMISES: dict[str, list[Any]] = {
    "a range": [X >= 0, Fraction(1, 3) > X],
    "a bit within an error": [E >= 0, Fraction(1, 8) > E, some(Y == -1, Y == 1), within(X - Y, E)],
    "an equation before its turn": [Y == 2 * X + 1, Y > 5],
    "a whole number": [Fraction(1, 2) < N, N <= 3],
    "a number that is left out": [N >= 0, N <= 1, N != 0],
    "negated": [negation(X <= 1), negation(some(Y < 0, Y > 1))],
    "if so": [implies(P, X == 7), P],
    "a truth value that is false": [negation(P), X == 1],
    "a divisor": [X > 0, Y == 1 / X],
}
UNKNOWN = {"e": E, "x": X, "y": Y, "n": N, "p": P}


@pytest.mark.parametrize("name", PREMISES)
@given(data=data())
@settings(max_examples=40, database=None, derandomize=True, deadline=None)
def test_a_point_meets_premises_that_are_linear(name: str, data: DataObject) -> None:
    point = data.draw(points(PREMISES[name], UNKNOWN))
    assert point is None or (set(point) == set(UNKNOWN) and value_of(every(*PREMISES[name]), point) is True)


@pytest.mark.parametrize("name", PREMISES)
def test_some_point_is_drawn(name: str) -> None:
    settled = settings(database=None, derandomize=True, phases=[Phase.generate])  # a smaller point would say no more
    assert find(points(PREMISES[name], UNKNOWN), lambda point: point is not None, settings=settled) is not None


def test_premises_that_clash_leave_no_point() -> None:
    @given(points([X < 0, X > 0], {"x": X}))
    @settings(database=None, derandomize=True)
    def no_point(point: dict[str, Term] | None) -> None:
        assert point is None

    no_point()


KNOWN = paper_obligations()
WITH_NUMBERS = ("algorithm1.decodes", "bits.mux.cell", "certifier.gate.decided", "exactness.ends")


@pytest.mark.parametrize("id", WITH_NUMBERS)
def test_a_claim_that_holds_fails_at_no_point_and_its_twin_at_one(id: str) -> None:
    claim = KNOWN[id]
    assert claim.twin is not None and point_of_failure(claim, 30) is None
    assert point_of_failure(replace(claim, of=claim.twin, twin=claim.of), 200) is not None
