"""Obligations: what must be given, and where they are registered."""

import re
from typing import Any

import pytest

from constructions.errors import ConstructionError
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, fresh_registry, nothing, obligation, registry, same_source
from verify.obligations.verdict import Fault, Verdict


def claim(subject: object, case: Case) -> None:
    """One is one."""
    case.show("one", True)


def undocumented(subject: object, case: Case) -> None:
    case.show("one", True)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need a kind among .* got 'magic', at obligation a"):
        Obligation(id="a", paper="p", claim=claim, of=nothing, twin=nothing, kind="magic")


def test_a_claim_without_words_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a statement in words"):
        Obligation(id="a", paper="p", claim=undocumented, of=nothing, twin=nothing)


def test_a_claim_without_a_twin_is_refused_unless_it_is_to_be_refuted() -> None:
    with pytest.raises(ConstructionError, match="need a broken twin, got none, at obligation a"):
        Obligation(id="a", paper="p", claim=claim, of=nothing)
    assert Obligation(id="a", paper="p", claim=claim, of=nothing, expect=Verdict.REFUTED).twin is None


def test_an_id_is_used_once() -> None:
    with fresh_registry():
        register = obligation("a", paper="p", twin=nothing)
        register(claim)
        with pytest.raises(ConstructionError, match="need a new id, got 'a' twice"):
            register(claim)


def test_a_fresh_registry_keeps_its_obligations_to_itself() -> None:
    before = set(registry().obligations)
    with fresh_registry() as found:
        obligation("mine.alone", paper="p", twin=nothing)(claim)
    assert set(found.obligations) == {"mine.alone"} and set(registry().obligations) == before


def test_the_statement_is_the_docstring_in_one_line() -> None:
    assert Obligation(id="a", paper="p", claim=claim, of=nothing, twin=nothing).statement == "One is one."


def test_verdicts_are_ordered_from_worst_to_best() -> None:
    assert [v.name for v in sorted(Verdict)] == ["REFUTED", "VACUOUS", "UNKNOWN", "CHECKED", "PROVED"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"id": " "}, "need a text as id, got ' '"),
        ({"id": 7}, "need a text as id, got 7"),
        ({"paper": ""}, "need a text as paper, got ''"),
        ({"claim": 3}, "need a function as claim, got 3"),
        ({"of": 3}, "need a function as of, got 3"),
        ({"twin": 3}, "need a function as twin"),
        ({"domain": [1]}, r"need a function as domain, got \[1\]"),
        ({"finite": 3}, "need a text as finite, or None, got 3"),
        ({"needs": "a.b"}, "need a tuple of ids as needs, got 'a.b'"),
        ({"needs": (3,)}, "need a tuple of ids as needs"),
        ({"expect": "PROVED"}, r"need a verdict to be expected \(Verdict.PROVED\), got 'PROVED'"),
        ({"expect": 4}, "need a verdict to be expected"),
        ({"budget": "1"}, "need an integer of at least 1 as budget, got '1'"),
        ({"budget": True}, "need an integer"),
        ({"budget": 0}, "need an integer"),
    ],
)
def test_what_is_of_another_type_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ConstructionError, match=words):
        Obligation(**{"id": "a", "paper": "p", "claim": claim, "of": nothing, "twin": nothing, **changed})


def test_needs_may_be_a_list() -> None:
    listed: Any = ["b"]
    assert Obligation(id="a", paper="p", claim=claim, of=nothing, twin=nothing, needs=listed).needs == ("b",)


def test_texts_of_a_users_own_class_become_plain_ones() -> None:
    class Odd(str):
        def __str__(self) -> str:
            return "odd"

    made = Obligation(
        id=Odd("a"), paper=Odd("p"), claim=claim, of=nothing, twin=nothing, needs=(Odd("b"),), erratum=Odd("E1")
    )
    texts = (made.id, made.paper, *made.needs, made.erratum)
    assert texts == ("a", "p", "b", "E1") and {type(text) for text in texts} == {str}


def test_a_lenient_registry_puts_down_what_it_refuses_with_its_place() -> None:
    with fresh_registry(lenient=True) as found:
        obligation("a", paper="p", twin=nothing)(claim)
        obligation("a", paper="p", twin=nothing)(claim)
        obligation("b", paper="p", twin=nothing)(undocumented)
        obligation(claim)  # type: ignore[arg-type]
        obligation("c", paper="p", twn=nothing)(claim)  # type: ignore[call-arg]
        obligation("d", paper="p", twin=nothing)(claim)
    assert list(found.obligations) == ["a", "d"]
    places = [(refused.id, refused.after) for refused in found.refused]
    assert places == [("a (2)", 1), ("b", 1), ("claim", 1), ("c", 1)]
    assert all(re.search(rf", at {re.escape(__file__)}:\d+$", refused.said) for refused in found.refused)
    assert found.refused[0].statement == "One is one." and found.refused[1].statement == ""


def test_a_strict_registry_raises_what_it_refuses() -> None:
    said = r"need fields of an obligation \(id, .*\), got 'twn', at obligation a"
    with fresh_registry(), pytest.raises(ConstructionError, match=said):
        obligation("a", paper="p", twn=nothing)(claim)  # type: ignore[call-arg]
    with fresh_registry(), pytest.raises(ConstructionError, match="got no id"):
        obligation(claim)  # type: ignore[arg-type]


def test_a_claim_whose_file_is_executed_twice_is_one_claim() -> None:
    code = compile("def claim(subject, case):\n    'Words.'\n", "a file", "exec")
    twice: list[dict[str, Any]] = [{}, {}]
    for names in twice:
        exec(code, names)
    one, other = (names["claim"] for names in twice)
    assert same_source(one, other)
    assert not same_source(one, one) and not same_source(one, claim) and not same_source(max, one)
    with fresh_registry() as found:
        obligation("a", paper="p", twin=nothing)(one)
        obligation("a", paper="p", twin=nothing)(other)
        with pytest.raises(ConstructionError, match="got 'a' twice"):
            obligation("a", paper="p", twin=nothing)(one)
    assert found.obligations["a"].claim is one


def test_a_verdict_is_no_truth_value() -> None:
    with pytest.raises(TypeError, match=r"need a comparison of verdicts .* got REFUTED as a truth value"):
        bool(Verdict.REFUTED)


def test_a_fault_is_of_a_known_kind() -> None:
    with pytest.raises(ConstructionError, match="need a kind of fault, got 'odd'"):
        Fault("odd", "need, got")  # type: ignore[arg-type]


def test_a_blank_finite_case_is_refused_for_it_would_cap_nothing() -> None:
    def claim(subject: object, case: object) -> None:
        """Says nothing."""

    with pytest.raises(ConstructionError, match=r"^need a text as finite, or None, got ' ', at obligation a$"):
        Obligation(id="a", paper="none", claim=claim, of=lambda case: 1, twin=lambda case: 2, finite=" ")
