"""Every obligation of the paper has the verdict that is expected of it, and a refuted twin."""
import pytest

from verify.discharge import discharge
from verify.obligation import Obligation
from verify.registry import paper_obligations
from verify.verdict import Verdict

OBLIGATIONS = paper_obligations()
LONG = (
    "algorithm1.law.equation", "certifier.answer.error.signed", "certifier.bits.downwards", "certifier.final.sum", "certifier.gate.mixed",
    "certifier.gate.recognized", "engine.step", "following", "learners.machine", "lemma1.law.equation", "lemma1.machine", "lemma2.error",
    "lemma3b.decoder.circuit.signed", "lemma3b.round.signed", "relu.shape", "skeleton.trained", "theorem2d.error", "trainer.step",
)  # fmt: skip
"""Obligations, or beginnings of their ids, that take seconds."""


def cases() -> list[object]:
    """All obligations; the long ones run in make slow."""
    return [pytest.param(o, id=id, marks=[pytest.mark.slow] * id.startswith(LONG)) for id, o in OBLIGATIONS.items()]


@pytest.mark.parametrize("obligation", cases())
def test_the_verdict_is_the_expected_one_and_the_twin_is_refuted(obligation: Obligation) -> None:
    result = discharge(obligation)
    assert result.verdict is obligation.expect
    assert result.twin is (None if obligation.twin is None else Verdict.REFUTED)


def test_every_need_is_an_obligation() -> None:
    assert {need for obligation in OBLIGATIONS.values() for need in obligation.needs} <= set(OBLIGATIONS)


@pytest.mark.parametrize("start", LONG)
def test_what_is_long_is_there(start: str) -> None:
    assert any(id.startswith(start) for id in OBLIGATIONS)
