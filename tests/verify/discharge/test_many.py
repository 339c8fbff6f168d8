"""Runs of many obligations: order, exit codes, what a verdict rests on, workers that die or overrun."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from constructions.errors import ConstructionError
from verify.discharge.job import Job, reply_to
from verify.discharge.many import run
from verify.discharge.resting import resting, worths
from verify.discharge.result import Result, stopped
from verify.discharge.workers import replies
from verify.obligations.catalogue import paper_obligations, select
from verify.obligations.obligation import Obligation
from verify.obligations.sources import read_sources
from verify.obligations.user_file import claims_of
from verify.obligations.verdict import BAD_INPUT, DISAGREEMENT, INTERNAL, Fault, Verdict
from verify.provers.outcome import Examination
from verify.reports.exit_codes import exit_code, gravest

Write = Callable[..., Path]
ROOT = Path(__file__).parents[3]
PROVED, CHECKED, UNKNOWN, VACUOUS, REFUTED = (
    Verdict[name] for name in ("PROVED", "CHECKED", "UNKNOWN", "VACUOUS", "REFUTED")
)


def statement(subject: object, case: object) -> None:
    """A claim that is never examined."""


def result(id: str = "x", verdict: Verdict = PROVED, *, twin: Verdict | None = REFUTED, **rest: object) -> Result:
    """A result with these verdicts of the claim and of its twin."""
    made = stopped(Obligation(id=id, paper="p", claim=statement, of=lambda case: 0, twin=lambda case: 1), 1)
    found = {"claim": Examination(verdict=verdict), "twin": None if twin is None else Examination(verdict=twin)}
    return replace(made, **(found | {"expect": PROVED} | rest))


def sleep_once(seconds: int) -> str:
    """The text of a line that sleeps when its claim is first stated in a process, and not again: it is stated often."""
    sys, slept = "__import__('sys')", f"not __import__('time').sleep({seconds})"
    return f"vars({sys}).get('slept') or setattr({sys}, 'slept', {slept})"


def run_file(path: Path, **options: Any) -> list[Result]:
    sources = read_sources(path)
    found = claims_of(sources).obligations
    return run(found.values(), files=dict.fromkeys(found, sources), **options)


@pytest.mark.parametrize(
    ("verdict", "expect", "twin", "code"),
    [
        (PROVED, PROVED, REFUTED, 0),
        (CHECKED, CHECKED, REFUTED, 0),
        (REFUTED, REFUTED, None, 0),
        (REFUTED, PROVED, REFUTED, 1),
        (VACUOUS, PROVED, REFUTED, 1),
        (PROVED, REFUTED, None, 1),
        (CHECKED, PROVED, REFUTED, 1),
        (PROVED, PROVED, PROVED, 1),
        (PROVED, PROVED, VACUOUS, 1),
        (UNKNOWN, PROVED, PROVED, 1),
        (UNKNOWN, PROVED, REFUTED, 3),
        (UNKNOWN, REFUTED, None, 3),
        (PROVED, PROVED, UNKNOWN, 3),
    ],
)
def test_the_exit_code_says_what_is_not_as_expected(
    verdict: Verdict, expect: Verdict, twin: Verdict | None, code: int
) -> None:
    assert exit_code([result(verdict=verdict, expect=expect, twin=twin)]) == code


def test_one_wrong_result_outweighs_any_unknowns() -> None:
    assert exit_code([result(verdict=UNKNOWN), result(verdict=REFUTED), result()]) == 1
    assert exit_code([result(verdict=UNKNOWN), result()]) == 3


def test_a_verdict_is_the_least_of_everything_needed() -> None:
    results = [result("a", needs=("b",)), result("b", needs=("c",)), result("c", CHECKED), result("d", UNKNOWN)]
    assert worths(results) == {"a": CHECKED, "b": CHECKED, "c": CHECKED, "d": UNKNOWN}


def test_a_need_without_a_result_is_unknown() -> None:
    assert worths([result("a", needs=("lost",))]) == {"a": UNKNOWN}


def test_a_need_that_is_expected_to_be_refuted_stands_outside() -> None:
    results = [result("a", needs=("printed",)), result("printed", REFUTED, expect=REFUTED, twin=None)]
    assert worths(results)["a"] is PROVED


def test_an_obligation_whose_twin_survives_is_worth_no_more_than_unknown() -> None:
    assert worths([result("a", twin=PROVED)]) == {"a": UNKNOWN}


def test_obligations_that_rest_on_each_other_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need obligations that do not rest on themselves, got a -> b -> a"):
        worths([result("a", needs=("b",)), result("b", needs=("a",))])


def test_of_several_codes_the_gravest_counts() -> None:
    assert [gravest(codes) for codes in ((0, 3), (3, 1), (1, 2), (2, 4), (4, 0, 1, 2, 3), (3, 0), ())] == [
        3,
        1,
        2,
        4,
        4,
        3,
        0,
    ]


def test_an_error_counts_by_its_kind() -> None:
    errors = {
        kind: result("e", UNKNOWN, error=Fault(kind, "need this, got that"))
        for kind in (BAD_INPUT, DISAGREEMENT, INTERNAL)
    }
    assert {kind: exit_code([error]) for kind, error in errors.items()} == {BAD_INPUT: 2, DISAGREEMENT: 4, INTERNAL: 4}
    assert exit_code([result(verdict=REFUTED), errors[BAD_INPUT], result()]) == 2
    assert not errors[BAD_INPUT].as_expected


@pytest.mark.parametrize(
    ("need", "verdict", "code"),
    [
        ({}, PROVED, 0),
        ({"verdict": UNKNOWN}, UNKNOWN, 3),
        ({"verdict": VACUOUS}, VACUOUS, 1),
        ({"verdict": REFUTED}, REFUTED, 1),
        ({"twin": PROVED}, UNKNOWN, 1),
        ({"verdict": UNKNOWN, "error": Fault(BAD_INPUT, "need, got")}, UNKNOWN, 2),
        ({"verdict": CHECKED}, CHECKED, 1),
        ({"verdict": REFUTED, "expect": REFUTED, "twin": None}, PROVED, 0),
    ],
)
def test_no_verdict_is_more_than_that_of_a_need_and_of_its_needs(
    need: dict[str, Any], verdict: Verdict, code: int
) -> None:
    found = resting([result("top", needs=("middle",)), result("middle", needs=("low",)), result("low", **need)])
    assert [r.verdict for r in found[:2]] == [verdict, verdict]
    assert exit_code(found) == code
    assert found[0].as_expected == (verdict is PROVED)
    assert found[0].lowered == ({} if verdict is PROVED else {"middle": verdict}) and found[0].own is PROVED
    assert resting(found) == found


def test_a_claim_that_needs_a_finite_case_is_checked_as_expected() -> None:
    found = resting([result("a", needs=("b",)), result("b", CHECKED, expect=CHECKED)])
    assert (found[0].verdict, found[0].due, found[0].as_expected, exit_code(found)) == (CHECKED, CHECKED, True, 0)


def test_a_need_that_was_not_asked_for_is_unknown() -> None:
    (found,) = resting([result("a", needs=("lost",))])
    assert (found.verdict, found.lowered, exit_code([found])) == (UNKNOWN, {"lost": UNKNOWN}, 3)


def test_a_long_chain_of_needs_is_no_trouble() -> None:
    chain = [result(f"n{i}", needs=(f"n{i + 1}",)) for i in range(3000)]
    assert resting([*chain, result("n3000", UNKNOWN)])[0].verdict is UNKNOWN


def test_results_are_reported_as_they_come_and_returned_in_order(user_file: Write) -> None:
    path = user_file("two.py", {"mine.slow": {"first": sleep_once(1)}, "mine.fast": {}})
    came: list[Result] = []
    found = run_file(path, jobs=2, on_result=came.append)
    assert [r.id for r in found] == ["mine.slow", "mine.fast"]
    assert sorted(r.id for r in came) == ["mine.fast", "mine.slow"]
    assert all(r.as_expected and not r.cached for r in found)


def test_a_claim_that_ends_its_process_is_an_error_and_the_rest_goes_on(user_file: Write) -> None:
    dies = {"first": "__import__('os')._exit(7)"}
    path = user_file("dies.py", {"mine.first": {}, "mine.dies": dies, "mine.dies.too": dies, "mine.last": {}})
    found = run_file(path, jobs=1)
    assert [r.word for r in found] == ["PROVED", "ERROR", "ERROR", "PROVED"]
    line = (
        path.read_text()
        .splitlines()
        .index('@obligation("mine.dies", paper="an example", of=lambda case: 2, twin=lambda case: 3, )')
        + 1
    )
    said = f"got the end of its process (exit code 7), at {path}:{line}, obligation mine.dies"
    assert found[1].error is not None and found[1].error.kind == BAD_INPUT and found[1].error.said.endswith(said)


def test_a_worker_that_dies_afterwards_is_no_fault_of_the_next_claim(user_file: Write) -> None:
    later = "__import__('threading').Timer(1, lambda: __import__('os')._exit(9)).start()"
    path = user_file(
        "later.py",
        {"mine.plants": {"first": later}, "mine.slow": {"first": sleep_once(2)}, "mine.last": {}},
    )
    assert [r.word for r in run_file(path, jobs=1)] == ["PROVED"] * 3


def test_a_disagreement_in_a_worker_is_an_error_and_the_rest_goes_on(user_file: Write) -> None:
    differ = {"first": "if not hasattr(case, 'variables'): raise DisagreementError('two answers')"}
    path = user_file("differ.py", {"mine.differ": differ, "mine.good": {}})
    found = run_file(path, jobs=1)
    assert [r.word for r in found] == ["ERROR", "PROVED"] and exit_code(found) == 4
    assert found[0].error is not None and found[0].error.kind == DISAGREEMENT
    assert "got 'two answers'" in found[0].error.said and "\n" not in found[0].error.said


@pytest.mark.usefixtures("no_workers")
def test_only_what_has_a_verdict_is_kept(user_file: Write) -> None:
    path = user_file("half.py", {"mine.good": {}, "mine.bad": {"first": "1 / 0"}})
    assert [r.cached for r in run_file(path, jobs=1)] == [False, False]
    assert [(r.word, r.cached) for r in run_file(path, jobs=1)] == [("PROVED", True), ("ERROR", False)]


def test_an_interrupted_run_keeps_what_is_finished(user_file: Write) -> None:
    path = user_file("many.py", {"mine.first": {}, "mine.second": {}})

    def interrupt(result: Result) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_file(path, jobs=1, on_result=interrupt)
    assert [r.cached for r in run_file(path, jobs=1)] == [True, False]


def test_an_error_of_the_papers_own_is_internal_and_one_line() -> None:
    found = reply_to(Job("no.such.obligation", None, 1))
    assert isinstance(found, Fault) and found.kind == INTERNAL
    assert found.said.startswith("need an obligation of the paper that can be examined, got 'KeyError: 'no.such")
    assert "', at job.py:" in found.said
    assert found.said.endswith(", obligation no.such.obligation")


@pytest.mark.slow
def test_sets_of_texts_have_one_order_in_all_workers(user_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    first = "first = list({'a', 'b', 'c', 'd', 'e'})[0]; raise ValueError(first)"
    path = user_file("order.py", {f"mine.{i}": {"first": first} for i in range(6)})
    errors = [found.error for found in run_file(path, jobs=6)]
    assert len({error.said.split("'")[1] for error in errors if error}) == 1 and len(errors) == 6
    assert "PYTHONHASHSEED" not in os.environ


def test_workers_take_no_module_of_python_from_the_working_directory(
    user_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that begins imports sockets before it knows where its own modules are."""
    path, place = user_file("mine.py", {"mine.one": {}}), tmp_path / "place"
    place.mkdir()
    (place / "socket.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(place)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    assert [found.word for found in run_file(path, jobs=1)] == ["PROVED"] and "PYTHONSAFEPATH" not in os.environ


@pytest.mark.timed
@pytest.mark.slow
def test_workers_that_are_only_starting_say_nothing_of_ctrl_c(user_file: Write) -> None:
    path = user_file("long.py", {f"mine.{i}": {"first": "__import__('time').sleep(60)"} for i in range(4)})
    path.write_text("print('loaded', flush=True)\n" + path.read_text())
    command = [sys.executable, "-m", "verify", "prove", str(path), "--jobs", "4"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True, stdout=pipe, stderr=pipe) as process:
        assert process.stderr is not None and process.stderr.readline() == "loaded\n"
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        out, said = process.communicate(timeout=30)
    lines = [line for line in said.splitlines() if line not in ("", "loaded")]  # a fast worker has loaded the file
    assert (process.returncode, out.count("\n"), len(lines)) == (130, 1, 1)  # out: the heading
    assert lines[0].startswith("interrupted; ")


@pytest.mark.timed
def test_a_task_that_overruns_is_stopped_and_the_rest_goes_on(user_file: Write) -> None:
    path = user_file("long.py", {"mine.long": {"first": "__import__('time').sleep(600)"}, "mine.short": {}})
    sources = read_sources(path)
    found = dict(replies([Job("mine.long", sources, 60), Job("mine.short", sources, 60)], workers=1, limit=6))
    assert {job.id: reply.verdict if isinstance(reply, Result) else None for job, reply in found.items()} == {
        "mine.long": None,
        "mine.short": PROVED,
    }


def test_an_item_is_an_id_the_first_parts_of_one_or_an_item_of_the_paper() -> None:
    obligations = paper_obligations()
    assert list(select(obligations, ["sigma.figure"])) == ["sigma.figure"]
    assert all(id.startswith("sigma.") for id in select(obligations, ["sigma"]))
    assert {obligations[id].paper for id in select(obligations, ["lemma  10"])} == {"Lemma 10"}


def test_the_first_letters_of_a_part_are_not_enough_and_close_matches_are_told() -> None:
    with pytest.raises(ConstructionError, match=r"got 'sigma.figur' \(close: .*sigma.figure"):
        select(paper_obligations(), ["sigma.figur"])


def test_every_need_of_the_papers_obligations_is_an_obligation() -> None:
    obligations = paper_obligations()
    assert {need for o in obligations.values() for need in o.needs} <= set(obligations)
