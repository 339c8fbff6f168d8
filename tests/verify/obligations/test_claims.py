"""Every obligation of the paper has the verdict that is expected of it, and a refuted twin."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.discharge.result import Result
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import KINDS, Obligation
from verify.obligations.verdict import Verdict

ROOT = Path(__file__).parents[3]
OBLIGATIONS = paper_obligations()
LONG = (
    "algorithm1.law.equation",
    "algorithm1.round",
    "b1.",
    "bits.cells",
    "certifier.accepted",
    "certifier.answer.error.signed",
    "certifier.bits.downwards",
    "certifier.bits.said",
    "certifier.circuit",
    "certifier.final.left",
    "certifier.final.prediction",
    "certifier.final.sum",
    "certifier.gate.decided",
    "certifier.gate.mixed",
    "certifier.gate.recognized",
    "certifier.output",
    "certifier.rounds",
    "corollary1.",
    "corollary2.bsgd_in_pac",
    "corollary2.classes",
    "corollary2.coarse",
    "corollary2.network",
    "corollary2.separation",
    "corollary2.sq_is_less",
    "corollary3.classes",
    "corollary3.fbgd",
    "corollary3.network",
    "descent.follows",
    "engine.descends",
    "engine.exact",
    "engine.incremental",
    "engine.step",
    "engine.trains",
    "equation10.exact",
    "equation3.valid",
    "equation4.methods",
    "equation5.methods",
    "equation6.methods",
    "exactness.progressions",
    "gates.merged",
    "hybrid",
    "lanes.outputs",
    "learners.machine",
    "lemma1.law.equation",
    "lemma1.learns",
    "lemma1.machine",
    "lemma10.component",
    "lemma11.after.minimal.q",
    "lemma11.after.strong.q",
    "lemma11.batch",
    "lemma11.memory",
    "lemma11.readout",
    "lemma11.step",
    "lemma11.training",
    "lemma12a.simulates",
    "lemma12b.rounds",
    "lemma12b.simulates",
    "lemma13.error",
    "lemma13.simulates",
    "lemma2.ahead",
    "lemma2.error",
    "lemma2.machine",
    "lemma2.time",
    "lemma3a.both",
    "lemma3b.both.record",
    "lemma3b.both.runs",
    "lemma3b.both.sizes",
    "lemma3b.both.slice",
    "lemma3b.both.trained",
    "lemma3b.decoder.circuit.both",
    "theorem1d.both.model",
    "theorem3d.both.model",
    "lemma3a.simulates",
    "lemma3a.steps",
    "lemma3b.answers",
    "lemma3b.batch",
    "lemma3b.decoder.circuit.signed",
    "lemma3b.output.q",
    "lemma3b.places",
    "lemma3b.returns.q",
    "lemma3b.round.signed",
    "lemma3b.rounds",
    "lemma3b.simulates",
    "lemma3b.size",
    "lemma3b.together",
    "lemma3b.written",
    "lemma4.error",
    "lemma4.rounding",
    "lemma4.simulates",
    "lemma5a.tree",
    "lemma5b.time",
    "lemma5c.simulates",
    "lemma5d.cells",
    "lemma5d.error",
    "lemma5d.simulates",
    "lemma5d.time",
    "lemma6.tree",
    "lemma7.error",
    "lemma7.simulates",
    "lemma7.time",
    "lowerbound.any_method",
    "lowerbound.fallen",
    "lowerbound.one_target",
    "lowerbound.randomized",
    "memory.moves",
    "relu.shape",
    "rounding.bounded.printed",
    "signed.",
    "skeleton.trained",
    "strip.b0.simulates",
    "strip.count.exact",
    "strip.full.simulates",
    "strip.hidden",
    "strip.mistakes.held_back",
    "strip.mistakes.runs",
    "strip.mistakes.trained",
    "strip.models.simulate",
    "strip.run",
    "strip.separation.",
    "strip.telling",
    "theorem1a.network",
    "theorem1b.error",
    "theorem1c.error",
    "theorem1d.network",
    "theorem2b.time",
    "theorem2d.ahead",
    "theorem2d.error",
    "theorem2d.time",
    "theorem3a.network",
    "theorem3c.error",
    "theorem3d.network",
    "trainer.step",
    "turing.classes",
    "turing.learner",
    "turing.size.whole",
    "turing.tableau",
)
"""Obligations, or beginnings of their ids, that take seconds."""
BOUNDS = (
    "algorithm1.law.step",
    "bits.add.cell",
    "bits.mul.rows",
    "certifier.answer.error.signed.whole",
    "certifier.gate.exchange",
    "certifier.gate.sweep",
    "descent.batch",
    "learners.decoding",
    "lemma10.circuit",
    "lemma10.drive",
    "lemma10.threshold",
    "lemma11.after.twelfth.minimal.q'",
    "lemma11.digits",
    "lemma11.gradients.q",
    "lemma11.gradients.q'",
    "lemma3b.vc.printed",
    "memory.moves.rate1",
    "memory.moves.rate2",
    "relu.shape.copy.dyadic",
    "rounding.readings.printed.up",
    "rounding.readings.repaired.up",
    "theorem2a.look.convex",
    "theorem2a.rare.equality.printed",
    "theorem2a.z.step",
)
"""Some of each kind, and those with which z3 had trouble, for the lowest and the newest z3 and sympy."""


def cases() -> list[object]:
    """All obligations; the long ones run in make slow, a few in make bounds too."""
    marks = {id: [pytest.mark.slow] * id.startswith(LONG) + [pytest.mark.bounds] * (id in BOUNDS) for id in OBLIGATIONS}
    return [pytest.param(o, id=id, marks=marks[id]) for id, o in OBLIGATIONS.items()]


@pytest.mark.parametrize("obligation", cases())
def test_the_verdict_is_the_expected_one_and_the_twin_is_refuted(
    obligation: Obligation, verdict_of: Callable[[Obligation], Result]
) -> None:
    result = verdict_of(obligation)
    assert result.verdict is obligation.expect
    assert result.twin_verdict is (None if obligation.twin is None else Verdict.REFUTED)


def test_every_need_is_an_obligation() -> None:
    assert {need for obligation in OBLIGATIONS.values() for need in obligation.needs} <= set(OBLIGATIONS)


def test_those_for_the_bounds_are_there_and_of_every_kind() -> None:
    assert set(BOUNDS) <= set(OBLIGATIONS)
    assert {OBLIGATIONS[id].kind for id in BOUNDS} == set(KINDS)
    assert {OBLIGATIONS[id].expect for id in BOUNDS} == {Verdict.PROVED, Verdict.CHECKED, Verdict.REFUTED}


STATED = [*sorted((ROOT / "verify/claims").rglob("*.py")), *sorted((ROOT / "examples").glob("*.py"))]


@pytest.mark.parametrize("path", STATED, ids=lambda path: path.stem)
def test_every_induction_says_which_variables_are_new_in_each_step(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    inductions = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "induction"]
    assert not [call.lineno for call in inductions if "inputs" not in {keyword.arg for keyword in call.keywords}]


@pytest.mark.parametrize("start", LONG)
def test_what_is_long_is_there(start: str) -> None:
    assert any(id.startswith(start) for id in OBLIGATIONS)
