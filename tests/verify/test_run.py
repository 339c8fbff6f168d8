"""Runs of many obligations: order, exit codes, what a verdict rests on, workers that die or overrun."""
import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from verify.discharge import Result
from verify.obligation import Obligation
from verify.registry import obligations_of_file, paper_obligations, select
from verify.run import exit_code, run, stopped, verdict_of
from verify.verdict import DisagreementError, Verdict
from verify.workers import Task, outcomes

Write = Callable[..., Path]
PROVED, CHECKED, UNKNOWN, VACUOUS, REFUTED = (Verdict[name] for name in ("PROVED", "CHECKED", "UNKNOWN", "VACUOUS", "REFUTED"))


def statement(subject: object, case: object) -> None:
    """A claim that is never examined."""


def result(id: str = "x", verdict: Verdict = PROVED, **rest: object) -> Result:
    made = stopped(Obligation(id=id, paper="p", claim=statement, of=lambda case: 0, twin=lambda case: 1), 1)
    return dataclasses.replace(made, verdict=verdict, **({"expect": PROVED, "twin": REFUTED} | rest))


def run_file(path: Path, **options: object) -> list[Result]:
    found = obligations_of_file(path)
    return run(found.values(), files=dict.fromkeys(found, path), **options)


@pytest.mark.parametrize(
    ("verdict", "expect", "twin", "code"),
    [
        (PROVED, PROVED, REFUTED, 0), (CHECKED, CHECKED, REFUTED, 0), (REFUTED, REFUTED, None, 0), (REFUTED, PROVED, REFUTED, 1),
        (VACUOUS, PROVED, REFUTED, 1), (PROVED, REFUTED, None, 1), (CHECKED, PROVED, REFUTED, 1), (PROVED, PROVED, PROVED, 1),
        (PROVED, PROVED, VACUOUS, 1), (UNKNOWN, PROVED, PROVED, 1), (UNKNOWN, PROVED, REFUTED, 3), (UNKNOWN, REFUTED, None, 3),
        (PROVED, PROVED, UNKNOWN, 3),
    ],
)  # fmt: skip
def test_the_exit_code_says_what_is_not_as_expected(verdict, expect, twin, code):
    assert exit_code([result(verdict=verdict, expect=expect, twin=twin)]) == code


def test_one_wrong_result_outweighs_any_unknowns():
    assert exit_code([result(verdict=UNKNOWN), result(verdict=REFUTED), result()]) == 1
    assert exit_code([result(verdict=UNKNOWN), result()]) == 3


def test_a_verdict_is_the_least_of_everything_needed():
    results = [result("a", needs=("b",)), result("b", needs=("c",)), result("c", CHECKED), result("d", UNKNOWN)]
    assert [verdict_of(id, results) for id in "abcd"] == [CHECKED, CHECKED, CHECKED, UNKNOWN]


def test_a_need_without_a_result_is_unknown():
    assert verdict_of("a", [result("a", needs=("lost",))]) is UNKNOWN
    assert verdict_of("lost", []) is UNKNOWN


def test_a_need_that_is_expected_to_be_refuted_stands_outside():
    results = [result("a", needs=("printed",)), result("printed", REFUTED, expect=REFUTED, twin=None)]
    assert verdict_of("a", results) is PROVED


def test_an_obligation_whose_twin_survives_is_worth_no_more_than_unknown():
    assert verdict_of("a", [result("a", twin=PROVED)]) is UNKNOWN


def test_obligations_that_rest_on_each_other_are_refused():
    with pytest.raises(ConstructionError, match="need obligations that do not rest on themselves, got a -> b -> a"):
        verdict_of("a", [result("a", needs=("b",)), result("b", needs=("a",))])


def test_results_are_reported_as_they_come_and_returned_in_order(user_file: Write):
    path = user_file("two.py", {"mine.slow": {"first": "__import__('time').sleep(0.3)"}, "mine.fast": {}})
    came = []
    found = run_file(path, jobs=2, on_result=came.append)
    assert [r.id for r in found] == ["mine.slow", "mine.fast"]
    assert sorted(r.id for r in came) == ["mine.fast", "mine.slow"]
    assert all(r.as_expected and not r.cached for r in found)


def test_a_claim_that_ends_its_process_is_the_files_fault(user_file: Write):
    path = user_file("dies.py", {"mine.dies": {"first": "os._exit(7)"}})
    with pytest.raises(ConstructionError, match=r"got the end of its process \(exit code 7\), at .*dies.py, obligation mine.dies"):
        run_file(path, jobs=1)


def test_a_disagreement_in_a_worker_is_raised_here(user_file: Write):
    path = user_file("differ.py", {"mine.differ": {"first": "raise DisagreementError('two answers')"}})
    with pytest.raises(DisagreementError, match="two answers"):
        run_file(path, jobs=1)


def test_finished_results_are_kept_when_a_run_breaks_off(user_file: Write):
    path = user_file("half.py", {"mine.good": {}, "mine.bad": {"first": "raise DisagreementError('late')"}})
    with pytest.raises(DisagreementError):
        run_file(path, jobs=1)
    kept = []
    with pytest.raises(DisagreementError):
        run_file(path, jobs=1, on_result=kept.append)
    assert [(r.id, r.cached) for r in kept] == [("mine.good", True)]


def test_an_interrupted_run_keeps_what_is_finished(user_file: Write):
    path = user_file("many.py", {"mine.first": {}, "mine.second": {}})

    def interrupt(result: Result) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_file(path, jobs=1, on_result=interrupt)
    assert [r.cached for r in run_file(path, jobs=1)] == [True, False]


def test_a_task_that_overruns_is_stopped_and_the_rest_goes_on(user_file: Write):
    path = user_file("long.py", {"mine.long": {"first": "__import__('time').sleep(600)"}, "mine.short": {}})
    found = dict(outcomes([Task("mine.long", path, 60), Task("mine.short", path, 60)], jobs=1, limit=6))
    assert {task.id: result and result.verdict for task, result in found.items()} == {"mine.long": None, "mine.short": PROVED}


def test_an_item_is_an_id_the_first_parts_of_one_or_an_item_of_the_paper():
    obligations = paper_obligations()
    assert list(select(obligations, ["sigma.figure"])) == ["sigma.figure"]
    assert all(id.startswith("sigma.") for id in select(obligations, ["sigma"]))
    assert {obligations[id].paper for id in select(obligations, ["lemma  10"])} == {"Lemma 10"}


def test_the_first_letters_of_a_part_are_not_enough_and_close_matches_are_told():
    with pytest.raises(ConstructionError, match=r"got 'sigma.figur' \(close: .*sigma.figure"):
        select(paper_obligations(), ["sigma.figur"])


def test_every_need_of_the_papers_obligations_is_an_obligation():
    obligations = paper_obligations()
    assert {need for o in obligations.values() for need in o.needs} <= set(obligations)
