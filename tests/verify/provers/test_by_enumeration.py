"""Enumerations: the claim's variables and the domain's are the same, every fact at every point, exact numbers only."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from constructions.errors import ConstructionError
from constructions.foundations.network import Fragment
from constructions.foundations.refusals import LanguageError
from verify.discharge.one import examine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import Verdict
from verify.provers.by_enumeration import discharge
from verify.provers.outcome import Examination

pytestmark = pytest.mark.bounds

F = Fraction
FACTS: list[Any] = []
VALUE: list[Any] = []
"""What the claims below state, so that their own code names nothing foreign."""


class Named(IntEnum):
    """An int with a name."""

    TWO = 2


def domain(*points: dict[str, Any]) -> Callable[[], Iterator[dict[str, Any]]]:
    """A domain of these points."""
    return lambda: iter(points)


def found(claim: Callable[[Any, Any], None], *points: dict[str, Any], **options: Any) -> Examination:
    """What becomes of an enumeration about nothing."""
    claim.__doc__ = "A claim."
    stated = Obligation(
        id="t",
        paper="t",
        claim=claim,
        of=nothing,
        expect=Verdict.REFUTED,
        kind="enumeration",
        domain=domain(*points) if points else None,
        **options,
    )
    return examine(stated, nothing)


def below_ten(_: Any, case: Case) -> None:
    case.show("below ten", case.real("x") < 10)


def test_every_point_is_examined_and_the_first_that_fails_refutes() -> None:
    assert found(below_ten, {"x": 1}, {"x": F(19, 2)}).verdict is Verdict.CHECKED
    result = found(below_ten, {"x": 1}, {"x": 11}, {"x": 12})
    assert (
        result.verdict is Verdict.REFUTED and result.counterexample == {"x": F(11)} and result.failing == ("below ten",)
    )
    assert found(below_ten, {"x": 1}).witness == {"x": 1}


@pytest.mark.parametrize(
    "value",
    [1.0, 0.5, True, np.int64(1), np.float64(1), sympy.Integer(1), Decimal(1), "1", None, Named.TWO, np.array(1)],
)
def test_a_domain_has_exact_numbers(value: Any) -> None:
    with pytest.raises(
        LanguageError, match=r"need exact numbers \(int, Fraction\) in a domain, got the .* for 'x', at obligation t"
    ):
        found(below_ten, {"x": value})


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"y": 1}, "the variable 'x' without a value"),
        ({"x": 1, "y": 2}, "values for 'y', which the claim never asks for"),
        ({"X": 1}, "(the variable 'x' without a value|values for 'X', which the claim never asks for)"),
        ({}, "the variable 'x' without a value"),
    ],
)
def test_the_domain_has_the_variables_of_the_claim(point: dict[str, Any], message: str) -> None:
    with pytest.raises(
        ConstructionError, match=f"need a domain with the variables of the claim, got {message}, at obligation t"
    ):
        found(below_ten, point)


def test_a_claim_with_variables_needs_a_domain_and_one_without_does_not() -> None:
    with pytest.raises(ConstructionError, match="got the variable 'x' without a value"):
        found(below_ten)
    assert found(lambda _, case: case.show("one", 1 + 1 == 2)).verdict is Verdict.CHECKED


def test_every_fact_is_stated_at_every_point() -> None:
    def sometimes(_: Any, case: Case) -> None:
        x = case.integer("x")
        case.show("always", x < 100)
        if x == 7:
            case.show("seven", x == 7)

    for order in ((7, 8), (8, 7)):
        with pytest.raises(
            ConstructionError, match=r"need the same facts at every point, got 'seven' at some only at x=[78], at obl"
        ):
            found(sometimes, *({"x": x} for x in order))
    assert found(sometimes, {"x": 7}).verdict is Verdict.CHECKED


def test_a_point_without_facts_and_a_fact_stated_twice_are_refused() -> None:
    def none(_: Any, case: Case) -> None:
        if case.integer("x") > 1:
            case.show("f", True)

    def twice(_: Any, case: Case) -> None:
        case.show("f", case.integer("x") > 0)
        case.show("f", True)

    with pytest.raises(
        ConstructionError, match="need at least one fact at every point, got none at x=1, at obligation t"
    ):
        found(none, {"x": 2}, {"x": 1})
    with pytest.raises(
        ConstructionError, match="need facts with different labels, got 'f' twice at x=1, at obligation t"
    ):
        found(twice, {"x": 1})


def test_points_off_the_premise_are_passed_over_and_no_point_on_it_is_vacuous() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.integer("x")
        case.assume(x > 0)
        case.show("positive", x >= 1)

    assert found(claim, {"x": -1}, {"x": 1}).verdict is Verdict.CHECKED
    result = found(claim, {"x": -1}, {"x": 0})
    assert result.verdict is Verdict.VACUOUS and result.facts[0].reason == "no point of the domain meets the premises"


def test_a_fact_whose_own_premise_no_point_meets_is_vacuous() -> None:
    def claim(_: Any, case: Case) -> None:
        x = case.integer("x")
        case.show("all", x > 0)
        case.show("large", x > 10, given=x > 100)

    result = found(claim, {"x": 1}, {"x": 2})
    assert result.verdict is Verdict.VACUOUS and [fact.verdict.name for fact in result.facts] == ["CHECKED", "VACUOUS"]
    assert result.facts[1].reason == "no point of the domain meets its premises"


def test_truth_values_are_nought_and_one() -> None:
    def claim(_: Any, case: Case) -> None:
        case.equal("itself", case.bit("p"), case.bit("p"))

    assert found(claim, {"p": 0}, {"p": 1}).verdict is Verdict.CHECKED
    with pytest.raises((ArithmeticError, ConstructionError), match="need 0 or 1 for p, got 2"):
        found(claim, {"p": 2})


@pytest.mark.parametrize("fact", [np.bool_(True), 1, "yes", None, [], np.array([True])])
def test_a_fact_is_a_truth_value(fact: Any) -> None:
    def claim(_: Any, case: Case) -> None:
        case.show("f", FACTS[int(case.integer("i"))])

    FACTS[:] = [fact]
    with pytest.raises(LanguageError, match="need truth values or formulas, one by one, got the"):
        found(claim, {"i": 0})


def test_walks_take_exact_numbers_only() -> None:
    path = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 1})

    def claim(_: Any, case: Case) -> None:
        FACTS[0](case, path)

    def on_inputs(case: Case, graph: Any) -> None:
        case.show("f", case.run(graph, {"x": VALUE[0]}, label="run").out["y"] <= 2)

    def outside(case: Case, graph: Any) -> None:
        case.show("f", case.run(graph, {"x": F(1)}, label="run", outside={"y": VALUE[0]}).out["y"] <= 2)

    def seeded(case: Case, graph: Any) -> None:
        run = case.run(graph, {"x": F(1)}, label="run")
        case.show("f", case.gradient(run, {"y": VALUE[0]}, label="back").out["x"] <= 2)

    for value in (0.5, np.int64(1), Decimal(1), True):
        for use in (on_inputs, outside, seeded):
            FACTS[:], VALUE[:] = [use], [value]
            with pytest.raises(ConstructionError, match="need an exact number"):
                found(claim)


def test_the_subject_is_read() -> None:
    claim = below_ten
    claim.__doc__ = "A claim."
    stated = Obligation(
        id="t",
        paper="t",
        claim=claim,
        of=lambda case: 1,
        twin=lambda case: 2,
        kind="enumeration",
        domain=domain({"x": 1}),
    )
    with pytest.raises(ConstructionError, match="need a claim that reads its subject"):
        discharge(stated, stated.of)
