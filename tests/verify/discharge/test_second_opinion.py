"""A second solver gets all that z3 gets; what only one settles changes nothing, a contradiction is an error."""

from pathlib import Path

import pytest

from constructions.foundations.logic import Formula
from tests.verify.jobs_here import start_no_workers
from tests.verify.other_solver import BY_Z3, executable
from verify.discharge.cache import Cache
from verify.discharge.many import run
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.discharge.result_json import from_json, to_json
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import DISAGREEMENT, Verdict
from verify.provers.asking import REMEMBERED, Asking
from verify.provers.second import SecondSolver
from verify.reports.exit_codes import code_of
from verify.reports.second import coloured_share, record_of, recorded, second_lines, second_summary


def solver(folder: Path, body: str) -> SecondSolver:
    """An executable that answers by some code."""
    return SecondSolver(name="it", version="1", command=(executable(folder, body),), serves=False, seconds=20)


def gate(second: SecondSolver, id: str = "lemma10.not") -> Result:
    """A small obligation, discharged with a second opinion."""
    return discharge(paper_obligations()[id], second=second)


def test_everything_that_z3_is_asked_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = Asking.ask

    def noting(self: Asking, question: Formula) -> object:
        answer = plain(self, question)
        asked.append(answer.status)
        return answer

    monkeypatch.setattr(Asking, "ask", noting)
    found = gate(solver(tmp_path, BY_Z3))
    assert found.second is not None and found.verdict is Verdict.PROVED and code_of(found) == 0
    assert [answer.first for answer in found.second.answers] == asked == [a.second for a in found.second.answers]
    assert {answer.side for answer in found.second.answers} == {"claim", "twin"}
    assert {"the bit is right", "the premises of the bit is right"} <= {a.about for a in found.second.answers}
    assert str(coloured_share(found)) == f"{len(asked)} of {len(asked)}" and not second_lines([found])


def test_an_answer_that_is_remembered_is_asked_of_the_other_too(tmp_path: Path) -> None:
    one = solver(tmp_path, BY_Z3)
    REMEMBERED.kept.clear()
    first = gate(one)
    assert REMEMBERED.kept
    again = gate(one)
    assert first.second is not None and again.second is not None
    assert [a.digest for a in again.second.answers] == [a.digest for a in first.second.answers]


def test_inductions_and_branches_are_asked_too(tmp_path: Path) -> None:
    found = gate(solver(tmp_path, "print('unknown')"), "lemma10.sum").second
    assert found is not None and any(answer.about == "a further question" for answer in found.answers)
    assert found.settled == 0


def test_a_solver_that_knows_nothing_changes_no_verdict_and_is_reported(tmp_path: Path) -> None:
    found = gate(solver(tmp_path, "print('unknown')"))
    assert found.second is not None and found.verdict is Verdict.PROVED and found.as_expected
    lines = second_lines([found])
    assert len(lines) == len(found.second.answers) and all(line.startswith("ONLY z3 lemma10.not, ") for line in lines)
    assert "0 settled as by z3" in second_summary([found])[0]


@pytest.mark.parametrize("word", ["sat", "unsat"])
def test_a_contradiction_is_an_error_of_the_result_and_never_green(tmp_path: Path, word: str) -> None:
    found = gate(solver(tmp_path, f"print('{word}')"))
    assert found.error is not None and found.error.kind == DISAGREEMENT and not found.as_expected
    assert code_of(found) == 4 and str(coloured_share(found)) == "DISAGREES"
    assert "need two solvers that agree, got z3's" in found.error.said and "it 1" in found.error.said
    assert any(line.startswith("DISAGREE lemma10.not") for line in second_lines([found]))


def test_a_result_goes_to_json_and_back_with_its_second_opinion(tmp_path: Path) -> None:
    found = gate(solver(tmp_path, BY_Z3))
    assert from_json(to_json(found), Result) == found


def test_a_kept_result_says_what_which_second_solver_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERYGRAD_CACHE", str(tmp_path / "cache"))
    one, obligation = solver(tmp_path, BY_Z3), paper_obligations()["lemma10.not"]
    first, again = (run([obligation], second=one, jobs=1)[0] for _ in range(2))
    assert again.cached and again.second == first.second and first.second is not None
    start_no_workers(monkeypatch)
    assert not run([obligation], jobs=1)[0].cached
    cache = Cache.open()
    other = SecondSolver(name="it", version="2", command=one.command, serves=False, seconds=20)
    keys = {cache.key(obligation, 60, None, each) for each in (None, one, other)}
    assert len(keys) == 3


def test_the_record_has_each_question_once(tmp_path: Path) -> None:
    opinion = gate(solver(tmp_path, BY_Z3)).second
    assert opinion is not None
    lines = record_of([opinion, opinion])
    assert len(lines) == 1 + len({answer.digest for answer in opinion.answers})
    path = tmp_path / "record.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert recorded(path) == {answer.digest: answer.first for answer in opinion.answers}
