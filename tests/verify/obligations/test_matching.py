"""A claim about any graph of some shape is used by naming a graph."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.foundations.logic import every, implies
from constructions.foundations.network import Fragment
from constructions.foundations.terms import REAL, variable
from verify.discharge.one import discharge, examine
from verify.obligations.case import Case
from verify.obligations.matching import bindings, pairs
from verify.obligations.obligation import Obligation, Registry, fresh_registry, registry
from verify.obligations.verdict import Verdict
from verify.provers.outcome import Examination

F = Fraction
Claim = Callable[[Any, Case], Any]


def add(id: str, claim: Claim, **rest: Any) -> None:
    """Register a claim, about a number unless something else is said."""
    claim.__doc__ = "A claim."
    options: dict[str, Any] = {"of": lambda case: 0, "twin": lambda case: 9} | rest
    registry().add(Obligation(id=id, paper="an example", claim=claim, **options))


def found(mine: Registry, id: str) -> Examination:
    """What becomes of the claim alone, without its twin."""
    obligation = mine.obligations[id]
    return examine(obligation, obligation.of)


@pytest.fixture
def mine() -> Any:
    """A registry of its own."""
    with fresh_registry() as found_:
        yield found_


def gate(case: Case) -> Fragment:
    """A vertex with any weight."""
    return Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): case.real("w")}, sigma=RAMP)


def keeps_the_sign(subject: Fragment, case: Case) -> None:
    """A vertex with a weight of at least 1 keeps the sign."""
    x = case.real("x")
    case.assume(subject.weight("x", "y") >= 1)
    case.show("sign", (case.run(subject, {"x": x}, label="walk").pre["y"] >= 0) == (x >= 0))


def of_a_subject(edges: Callable[[Any], dict[tuple[str, str], Any]]) -> Claim:
    """A claim that uses one about any gate for a gate of its own."""

    def claim(low: int, case: Case) -> None:
        y = case.real("y")
        case.assume(y >= low)
        mine_ = Fragment(inputs=("x",), outputs=("y",), edges=edges(y), sigma=RAMP)
        used = case.use("gate", subject=mine_, x=y)
        case.lemma("it applies", used.premises)
        case.show("so", every(used.runs["walk"].pre["y"] >= 0, low == 0))

    return claim


def test_a_claim_about_any_graph_is_used_by_naming_one(mine: Registry) -> None:
    flipped: dict[str, Any] = {"of": gate, "twin": lambda case: gate(case).with_weight("x", "y", -case.real("w"))}
    add("gate", keeps_the_sign, **flipped)
    add("user", of_a_subject(lambda y: {("x", "y"): y + 1}))
    assert discharge(mine.obligations["user"]).verdict is Verdict.PROVED
    add("small", of_a_subject(lambda y: {("x", "y"): F(1, 2)}))
    assert found(mine, "small").verdict is Verdict.REFUTED
    add("other", of_a_subject(lambda y: {("x", "y"): 1, ("x", "z"): 1}))
    with pytest.raises(ConstructionError, match=r"need a subject of the shape .*, got the edge \('x', 'z'\) in one of"):
        found(mine, "other")


def test_a_number_of_a_named_subject_that_the_claim_fixes_becomes_a_premise(mine: Registry) -> None:
    def fixed(case: Case) -> tuple[Any, Any]:
        return (case.real("w"), case.real("w") + 1)

    def claim(low: int, case: Case) -> None:
        y = case.real("y")
        used = case.use("pair", subject=(y, y + y))
        case.show("so", implies(every(used.premises, low == 0), y == 1))

    def above(pair: tuple[Any, Any], case: Case) -> None:
        case.show("above", pair[1] > pair[0])

    add("pair", above, of=fixed, twin=lambda case: (case.real("w"), case.real("w")))
    add("user", claim)
    assert found(mine, "user").verdict is Verdict.PROVED


def test_subjects_are_gone_through_side_by_side() -> None:
    x, p = variable("x", REAL), variable("p", "truth")
    assert bindings({"a": [x, p], "b": "text"}, {"a": [F(1), True], "b": "text"}, "t") == {"x": F(1), "p": True}
    assert [place for place, _, _ in pairs((x, [x]), (1, [2]), "t")] == ["the subject[0]", "the subject[1][0]"]
    for other in ((1, 2), [1], "text", True, None):
        with pytest.raises(ConstructionError, match="need a subject of the shape that the claim is about"):
            bindings((x,), other, "t")
            bindings(x, other, "t")
