"""A claim that states something else the second time is refused, of every kind."""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from verify.discharge.stated import check_same, same, stated
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation

Claim = Callable[[Any, Any], None]
DICE = random.Random(1)


def points() -> Iterator[dict[str, Any]]:
    """Two points."""
    yield {"x": Fraction(1)}
    yield {"x": Fraction(2)}


def of_kind(claim: Claim, kind: str) -> Obligation:
    """An obligation of some kind."""
    claim.__doc__ = "A claim."
    domain = points if kind == "enumeration" else None
    return Obligation(id="t", paper="t", claim=claim, of=lambda case: 2, twin=lambda case: 3, kind=kind, domain=domain)


def counting() -> Callable[[], int]:
    """A function that says how often it was called."""
    calls: list[int] = []
    return lambda: calls.append(1) or len(calls)  # type: ignore[func-returns-value]


@pytest.mark.parametrize("kind", ["solver", "induction", "identity", "enumeration"])
def test_a_claim_that_is_the_same_each_time_passes(kind: str) -> None:
    def claim(number: Any, case: Case) -> None:
        case.equal("two", case.real("x") * 0 + number, 2)

    obligation = of_kind(claim, kind)
    check_same(obligation, stated(obligation), times=3)


@pytest.mark.parametrize("kind", ["solver", "identity", "enumeration"])
@pytest.mark.parametrize("source", [counting(), lambda: DICE.randint(1, 10**9)])
def test_one_that_differs_is_refused_with_the_fact(kind: str, source: Callable[[], int]) -> None:
    def claim(number: Any, case: Case) -> None:
        case.equal("a number", case.real("x") * 0 + number, source())

    obligation = of_kind(claim, kind)
    before = stated(obligation)
    if kind == "enumeration":  # two numbers that are both not 2 make facts that are both false
        before = (*before[:-1], (before[-1][0], (True, True)))
    with pytest.raises(
        ConstructionError,
        match=r"need a claim that states the same each time, got two statements that differ, at 'a number'",
    ):
        check_same(obligation, before)


def test_another_premise_and_another_number_of_facts_are_noticed() -> None:
    count = counting()

    def premised(number: Any, case: Case) -> None:
        case.assume(case.real("x") > count())
        case.show("a fact", case.real("x") > number)

    def longer(number: Any, case: Case) -> None:
        for i in range(count()):
            case.show(f"fact {i}", case.real("x") > number)

    obligation = of_kind(premised, "solver")
    with pytest.raises(ConstructionError, match="at 'premise'"):
        check_same(obligation, stated(obligation))
    obligation = of_kind(longer, "solver")
    with pytest.raises(ConstructionError, match=r"at \d premises and facts, and then \d"):
        check_same(obligation, stated(obligation))


def test_terms_are_compared_as_objects_and_numbers_as_numbers() -> None:
    def claim(number: Any, case: Case) -> None:
        case.show("a fact", case.real("x") > number)

    (one,), (other,) = stated(of_kind(claim, "solver")), stated(of_kind(claim, "solver"))
    assert same(one, other) and same((Fraction(1), True), (1, True))
    assert not same(one[1][0], True) and not same((1,), (1, 2)) and not same("a", "b")
