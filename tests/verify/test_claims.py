"""Every obligation of the paper has the verdict that is expected of it, and a refuted twin."""
import pytest

from verify.discharge import discharge
from verify.obligation import Obligation
from verify.registry import paper_obligations
from verify.verdict import Verdict

OBLIGATIONS = paper_obligations()


@pytest.mark.parametrize("obligation", OBLIGATIONS.values(), ids=OBLIGATIONS)
def test_the_verdict_is_the_expected_one_and_the_twin_is_refuted(obligation: Obligation) -> None:
    result = discharge(obligation)
    assert result.verdict is obligation.expect
    assert result.twin is (None if obligation.twin is None else Verdict.REFUTED)


def test_every_need_is_an_obligation() -> None:
    assert {need for obligation in OBLIGATIONS.values() for need in obligation.needs} <= set(OBLIGATIONS)
