"""Obligations: what must be given, and where they are registered."""
import pytest

from constructions.errors import ConstructionError
from verify.case import Case
from verify.obligation import Obligation, fresh_registry, nothing, obligation, registry
from verify.verdict import Verdict


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
