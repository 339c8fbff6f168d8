"""A step that is divided into kinds is asked kind by kind, and it is asked whether each step is of some kind."""

import json
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.logic import every, negation, select, some
from constructions.foundations.terms import formula
from tests.verify.provers.inductions import F, found, obligation, step_of
from verify.discharge.second_opinion import declared
from verify.judge.check import Checking, Standing
from verify.judge.reading import MalformedError, RefusedError
from verify.judge.solver import Solver
from verify.judge.terms import infix
from verify.judge.theorems import ProofFile
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import Verdict
from verify.proofs.file import Writing
from verify.provers.by_z3 import build
from verify.provers.listening import listening
from verify.reports.smt import queries

STEP = "over the heights: step"


def climbing(case: Case, *, down: int = 0, **changed: Any) -> Any:
    """A step doubles a height that starts at 1, or adds something to it; ``down`` is what is taken off when adding."""
    by, doubles = case.integer("by"), case.bit("doubles")
    case.assume(by >= 0)
    given: dict[str, Any] = {
        "state": {"height": case.integer("height")},
        "start": {"height": F(1)},
        "inputs": {"by": by, "doubles": doubles},
        "advance": lambda s: {"height": s["height"] + select(s["doubles"], s["height"], s["by"] - down)},
        "holds": lambda s: s["height"] >= 1,
        "kinds": lambda s: {"doubled": s["doubles"], "added to": negation(s["doubles"])},
    }
    return case.induction("over the heights", **given | changed)


def climbs(subject: Any, case: Case) -> None:
    climbing(case)


def test_a_step_is_proved_kind_by_kind_and_never_asked_as_a_whole() -> None:
    with listening() as heard:
        result = found(climbs)
    assert result.verdict is Verdict.PROVED and "by 2 kinds of steps" in step_of(result).reason
    step = build(obligation(climbs), nothing).facts[1]
    whole = every(step.given, negation(step.conclusion))
    asked = {formula(each.question) for each in heard}
    assert formula(whole) not in asked
    stated = {words: formula(question) for words, question in declared(obligation(climbs), nothing)}
    steps = [f"{STEP}, {kind}" for kind in ("doubled", "added to", "of some kind")]
    assert [words for words in stated if words.startswith("over")] == ["over the heights: base", *steps]
    assert {stated[words] for words in steps} <= asked


def test_each_kind_and_their_covering_is_a_file_for_another_solver() -> None:
    names = [name.removeprefix("t-") for name in queries(obligation(climbs))]
    assert names == [
        "00-over-the-heights-base.smt2",
        "01-over-the-heights-step-doubled.smt2",
        "02-over-the-heights-step-added-to.smt2",
        "03-over-the-heights-step-of-some-kind.smt2",
    ]


def test_a_kind_that_fails_makes_the_step_fail() -> None:
    """One is taken off when nothing is added: the height 1 becomes 0."""
    result = found(lambda subject, case: climbing(case, down=1))
    assert result.verdict is Verdict.REFUTED and result.failing == (STEP,)
    assert result.counterexample is not None and result.counterexample["steps of over the heights"] == 1
    assert result.counterexample["doubles@0"] == 0


def test_a_kind_that_fails_where_no_run_comes_leaves_the_step_unknown() -> None:
    """No run comes to 0, and the property does not say so."""
    result = found(lambda subject, case: climbing(case, holds=lambda s: some(s["height"] >= 1, s["height"] == -2)))
    assert result.verdict is Verdict.UNKNOWN and "not inductive" in step_of(result).reason


def test_kinds_that_leave_out_a_step_are_refused() -> None:
    kinds = {"doubled": lambda s: {"doubled": s["doubles"]}, "nothing of 5": lambda s: {"other": s["by"] != 5}}
    for each in kinds.values():
        with pytest.raises(ConstructionError, match=r"need kinds of which every step is one, got .* of some kind"):
            found(lambda subject, case, each=each: climbing(case, kinds=each))  # type: ignore[misc]


def test_what_a_step_may_do_is_what_its_kinds_must_cover() -> None:
    """Steps that add 5 are never taken."""

    def claim(subject: Any, case: Case) -> None:
        climbing(case, given=lambda s: s["by"] != 5, kinds=lambda s: {"other": s["by"] != 5})

    assert found(claim).verdict is Verdict.PROVED


def test_a_step_of_which_no_kind_can_be_taken_is_vacuous() -> None:
    result = found(lambda subject, case: climbing(case, given=lambda s: s["by"] < 0))
    assert step_of(result).verdict is Verdict.VACUOUS


class _Noting(Checking):
    """A checker that believes the solver, and notes what was asked."""

    def refute(self, formula: Any, text: str | None, where: str) -> None:
        self.__dict__.setdefault("asked", []).append((where, infix(formula)))
        super().refute(formula, text, where)


def proof() -> dict[str, Any]:
    """The proof file of a claim about a height that some run comes to."""

    def climbs_on(least: int, case: Case) -> None:
        "A height is at least 1."
        at = case.reached(climbing(case))
        case.show("at least", at["height"] >= least)

    claim = Obligation(
        id="climbs", paper="t", kind="induction", claim=climbs_on, of=lambda case: 1, twin=lambda case: 2
    )
    text = Writing({"climbs": claim}, {"climbs": Verdict.PROVED}).text(["climbs"], {})
    whole: dict[str, Any] = json.loads(text)
    return whole


def judged(of: dict[str, Any]) -> tuple[_Noting, Standing]:
    """What a solver that refutes everything makes of a file."""
    checking = _Noting(ProofFile(json.dumps(of).encode()), Solver(("sh", "-c", "echo unsat"), "yes", 5), {})
    return checking, checking.establish("climbs")


def test_the_judge_asks_each_kind_and_whether_a_step_is_of_none() -> None:
    checking, _ = judged(proof())
    asked = dict(checking.__dict__["asked"])
    where = "the step of the induction 'over the heights' of climbs"
    assert set(asked) >= {f"the kinds of {where}", f"kind 0 of {where}", f"kind 1 of {where}"} and where not in asked
    assert asked[f"the kinds of {where}"].endswith("not (doubles or not (doubles))")


def test_the_judge_refuses_fewer_kinds_and_none() -> None:
    of = proof()
    kinds = of["theorems"][0]["proof"]["inductions"][0]["kinds"]
    for name in ("terms", "steps"):
        kinds[name].pop()
    with pytest.raises(RefusedError, match="the question of the derivation"):
        judged(of)
    kinds.update(terms=[], steps=[])
    with pytest.raises(MalformedError, match="a step for each kind"):
        judged(of)
    del of["theorems"][0]["proof"]["inductions"][0]["kinds"]
    with pytest.raises(RefusedError, match="the question of the derivation"):
        judged(of)
