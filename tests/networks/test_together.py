"""All copies of a network go along together: at what its base and its step fail."""

from typing import Any

import pytest

from constructions.networks.round_circuit import gating
from verify.claims.networks.trainable.together import COPY, NOTHING
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict
from verify.provers import by_z3

TOGETHER = paper_obligations()["lemma3b.together"]
OVER = "over all that is made"


def found(*subject: Any) -> Any:
    """What becomes of the claim about another subject."""
    return by_z3.discharge(TOGETHER, lambda case: (gating(), *subject))


@pytest.mark.slow
def test_a_run_that_begins_with_a_copy_of_no_round_fails_at_its_base() -> None:
    result = found(COPY, 0)
    assert result.verdict is Verdict.REFUTED and result.failing == (f"{OVER}: base",)


@pytest.mark.slow
def test_a_clock_that_would_have_ticked_as_it_is_built_fails_at_the_step() -> None:
    result = found(NOTHING, 1)
    assert result.verdict is Verdict.REFUTED and result.failing == (f"{OVER}: step",)
    assert result.counterexample is not None and result.counterexample[f"steps of {OVER}"] == 1
