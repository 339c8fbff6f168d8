"""The parts of the certifier's theorem fall with each thing that the checker's code no longer shows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from verify.claims.certifier.certify import accepted
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict
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
@pytest.mark.parametrize(("name", "what"), [("claims_after", "(e) a copy"), ("claims_after", "(k) what vertex")])
def test_rounds_fall_with_a_claim_that_the_checker_leaves_out(
    name: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checker, name, without(name, what))
    assert examine(IDS["certifier.rounds"], IDS["certifier.rounds"].of).verdict is not Verdict.PROVED


@pytest.mark.slow
def test_a_checker_that_forgets_a_condition_lets_in_what_is_no_memory() -> None:
    def build(case: Any) -> Any:
        return replace(IDS["certifier.accepted.rate1"].of(case), check=accepted.without_idle)

    assert examine(IDS["certifier.accepted.rate1"], build).verdict is Verdict.REFUTED
