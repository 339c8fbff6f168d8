"""The certifier's theorem falls with each thing that the checker's code no longer shows, and its tree goes down to the
leaves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from verify.claims.certifier.certify import trained
from verify.claims.certifier.certify.circuit import TrainedCircuit
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.paper import item_named
from verify.obligations.verdict import Verdict
from verify.provers.stated_case import StatedCase
from verify.recheck import claims as checker
from verify.recheck.claims import Claim

IDS = paper_obligations()


def without(name: str, wanted: str) -> Callable[..., list[Claim]]:
    """A list of the checker's, without the claims whose words begin so."""
    listed = getattr(checker, name)

    def fewer(*given: Any) -> list[Claim]:
        return [claim for claim in listed(*given) if not claim.what.startswith(wanted)]

    return fewer


def test_what_the_checker_shows_is_read_off_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine(IDS["certifier.shown"], IDS["certifier.shown"].of).verdict is Verdict.PROVED
    monkeypatch.setattr(checker, "claims_before", without("claims_before", "(e) a copy"))
    assert examine(IDS["certifier.shown"], IDS["certifier.shown"].of).verdict is Verdict.REFUTED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("claims_before", "(e), (f) a control"),
        ("claims_before", "(k) the constant"),
        ("claims_after", "(e) a copy"),
        ("claims_after", "(k) what vertex"),
    ],
)
def test_rounds_fall_with_a_claim_that_the_checker_leaves_out(
    name: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checker, name, without(name, what))
    assert examine(IDS["certifier.rounds"], IDS["certifier.rounds"].of).verdict is not Verdict.PROVED


@pytest.mark.slow
def test_a_checker_that_forgets_a_condition_lets_in_what_is_no_memory() -> None:
    def build(case: Any) -> Any:
        copy = IDS["certifier.accepted.rate1"].of(case)
        return replace(copy, check=trained.without_idle)

    assert examine(IDS["certifier.accepted.rate1"], build).verdict is Verdict.REFUTED


@pytest.mark.slow
def test_a_circuit_whose_code_forgets_constants_is_no_longer_proved() -> None:
    def build(case: Any) -> TrainedCircuit:
        run: TrainedCircuit = IDS["certifier.circuit"].of(case)
        return replace(
            run, decide=lambda low, count, least, most, scale: run.decide(low - 1, count, least, most, scale)
        )

    assert examine(IDS["certifier.circuit"], build).verdict is not Verdict.PROVED


def test_the_top_statement_rests_on_each_lemma_and_leaves_nothing_unsaid() -> None:
    item = item_named("the certifier")
    assert item is not None and item.top == "certifier.simulates"
    case = StatedCase(IDS, user=item.top)
    IDS[item.top].claim(IDS[item.top].of(case), case)
    used = {use.id for use in case.uses}
    assert {"certifier.circuit", "certifier.rounds", "certifier.output", "certifier.answer.reading"} <= used
    assert {f"certifier.copy.rate{rate}.{kind}" for rate in (1, 2) for kind in ("q", "q'")} <= used
    assert [part.what for part in item.parts if not part.claim]  # what is open is said
