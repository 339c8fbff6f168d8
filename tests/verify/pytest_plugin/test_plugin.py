"""A file of obligations as a test file."""

import re

import pytest

from tests.verify.pytest_plugin.conftest import GADGET, Running

GOOD, TWIN = "gadget.py::my.good", "gadget.py::my.good[[]twin]"


@pytest.mark.slow
def test_a_claim_and_its_twin_are_tests_with_verdicts(run: Running) -> None:
    found = run("gadget.py", "-v")
    found.assert_outcomes(passed=4, failed=5)
    passed = [GOOD, TWIN, "gadget.py::my.wrong[[]twin]", "gadget.py::my.weak"]
    found.stdout.fnmatch_lines_random([f"{name} PASSED*" for name in passed])
    failed = ("my.wrong", "my.weak[[]twin]", "my.empty", "my.empty[[]twin]", "my.odd")
    found.stdout.fnmatch_lines_random([f"gadget.py::{name} FAILED*" for name in failed])


def test_a_failure_has_the_witness_and_no_traceback(run: Running) -> None:
    text = run("gadget.py", "-k", "wrong and not twin", "--querygrad-tries", "0").stdout.str()
    assert "REFUTED, and PROVED was expected: A square is at least its number." in text
    assert re.search(r"The claim fails at x=\d+/\d+\.", text) and "This fact fails there: more" in text
    assert "Traceback" not in text and "collecting.py" not in text and "Hypothesis" not in text
    assert "twin        REFUTED" in text


def test_hypothesis_finds_a_counterexample_before_the_solver_is_asked(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.discharge.many.run", None)
    text = run("gadget.py", "-k", "wrong and not twin", "--querygrad-fresh").stdout.str()
    assert "The claim fails at x=1/4." in text and "Found by Hypothesis, before the solver was asked." in text
    assert "twin        not examined" in text


def test_a_vacuous_claim_and_one_that_is_none_fail_and_say_why(run: Running) -> None:
    text = run("gadget.py", "-k", "empty or odd").stdout.str()
    assert "VACUOUS, and PROVED was expected" in text and "need a kind among" in text
    assert "need a twin that is refuted, got VACUOUS, at my.empty" in text


OPEN = """
@obligation("my.open", paper="mine", kind="induction", of=lambda case: 0, twin=lambda case: 1)
def stays(start, case):
    "A number that is doubled again and again stays below 1."
    case.induction(
        "below",
        state={"x": case.real("x")},
        start={"x": start},
        advance=lambda now: {"x": 2 * now["x"]},
        holds=lambda now: now["x"] < 1,
    )
"""


def test_a_claim_that_is_neither_proved_nor_refuted_fails(run: Running, pytester: pytest.Pytester) -> None:
    (pytester.path / "open.py").write_text(GADGET[: GADGET.index("@obligation")] + OPEN)
    found = run("open.py", "-k", "open and not twin")
    found.assert_outcomes(failed=1)
    assert "UNKNOWN, and PROVED was expected: A number" in found.stdout.str()


def test_a_verdict_that_is_kept_is_honoured_unless_a_fresh_one_is_wanted(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("gadget.py", "-k", "good").assert_outcomes(passed=2)
    monkeypatch.setattr("verify.discharge.many.replies", lambda jobs, **_: ((job, None) for job in jobs))
    run("gadget.py", "-k", "good").assert_outcomes(passed=2)
    run("gadget.py", "-k", "good", "--querygrad-fresh").assert_outcomes(failed=2)


def test_marks_choose_claims_or_twins(run: Running) -> None:
    run("gadget.py", "-m", "querygrad_twin and not querygrad_claim", "-k", "good or weak").assert_outcomes(
        passed=1, failed=1
    )


def test_the_summary_counts_verdicts_once(run: Running) -> None:
    assert "querygrad: 1 PROVED, 1 twin REFUTED" in run("gadget.py", "-k", "good").stdout.str()


def test_junit_has_the_verdict_the_file_and_the_line(run: Running, pytester: pytest.Pytester) -> None:
    run("gadget.py", "-k", "good and not twin", "--junitxml", "found.xml")
    xml = (pytester.path / "found.xml").read_text()
    line = 1 + GADGET.splitlines().index('@obligation("my.good", paper="mine", of=lambda case: 0, twin=lambda case: 1)')
    assert '<property name="querygrad" value="PROVED" />' in xml and 'name="file" value="' in xml
    assert int(re.findall(r'name="line" value="(\d+)"', xml)[0]) in (line - 1, line)  # pytester strips the first line


def test_a_file_is_taken_by_its_name_when_a_folder_is_walked(run: Running, pytester: pytest.Pytester) -> None:
    run().assert_outcomes()
    (pytester.path / "gadget.py").rename(pytester.path / "obligations_of_mine.py")
    run("-k", "good").assert_outcomes(passed=2)
    pytester.makeini("[pytest]\nquerygrad_files = claims_*.py")
    run("-k", "good").assert_outcomes()


def test_other_files_are_left_to_pytest(run: Running, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_other="def test_it(): pass")
    run("test_other.py").assert_outcomes(passed=1)


def test_a_test_file_that_registers_nothing_at_once_is_left_to_pytest(run: Running, pytester: pytest.Pytester) -> None:
    own = "import verify.obligations.obligation as o\n\ndef test_it():\n    def inner():\n        @o.obligation('x')\n"
    (pytester.path / "test_own.py").write_text(f"{own}        def claim(subject, case): ...\n")
    run("test_own.py").assert_outcomes(passed=1)


RESTING = """
@obligation("my.lemma", paper="mine", of=lambda case: {lemma}, twin=lambda case: 1)
def lemma(least, case):
    "A square is at least a number."
    case.show("square", case.real("x") ** 2 >= least)

@obligation("my.theorem", paper="mine", needs=("my.lemma",), of=lambda case: 0, twin=lambda case: 1)
def theorem(least, case):
    "A fourth power is at least 0."
    case.show("power", case.real("x") ** 4 >= least)
"""


@pytest.mark.parametrize(("lemma", "passed"), [("0", 1), ("1", 0)])
def test_a_claim_is_worth_no_more_than_what_it_needs(
    run: Running, pytester: pytest.Pytester, lemma: str, passed: int
) -> None:
    (pytester.path / "rests.py").write_text(GADGET[: GADGET.index("@obligation")] + RESTING.format(lemma=lemma))
    found = run("rests.py", "-k", "theorem and not twin", "--querygrad-tries", "0")
    found.assert_outcomes(passed=passed, failed=1 - passed)
    assert passed or "my.lemma" in found.stdout.str()


def test_claims_that_a_function_makes_are_collected(run: Running, pytester: pytest.Pytester) -> None:
    head, body = GADGET.split('@obligation("my.good"')[0], GADGET.split("@obligation")[1].replace("\n", "\n    ")
    (pytester.path / "family.py").write_text(f"{head}\ndef family(size):\n    @obligation{body}\n\nfamily(1)\n")
    run("family.py", "--collect-only", "-q").stdout.fnmatch_lines(["family.py::my.good", "family.py::my.good[[]twin]"])
    (pytester.path / "beside.py").write_text("from family import family\nfamily(2)\n")
    run("beside.py", "--collect-only", "-q").stdout.fnmatch_lines(["beside.py::my.good"])


def test_a_file_that_registers_nothing_after_all_has_no_claims(run: Running, pytester: pytest.Pytester) -> None:
    (pytester.path / "none.py").write_text(f"{GADGET.split('@obligation')[0]}\nfor each in ():\n    obligation(each)\n")
    assert run("none.py").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_tests_beside_obligations_are_run_too_and_register_nothing(run: Running, pytester: pytest.Pytester) -> None:
    (pytester.path / "both.py").write_text(f"{GADGET}\n\ndef test_it(): assert good\n")
    run("both.py", "-k", "good or test_it").assert_outcomes(passed=3)
    run("both.py", "-k", "good or test_it").assert_outcomes(passed=3)


def test_a_file_that_does_not_run_is_an_error_of_collection(run: Running, pytester: pytest.Pytester) -> None:
    (pytester.path / "broken.py").write_text(f"{GADGET}\n1 / 0\n")
    found = run("broken.py")
    found.assert_outcomes(errors=1)
    assert "need a file that runs, got ZeroDivisionError" in found.stdout.str()


@pytest.mark.parametrize("option", ["--querygrad-seconds=0", "--querygrad-tries=-1", "--querygrad-mutate=x"])
def test_a_wrong_number_is_a_usage_error(run: Running, option: str) -> None:
    found = run("gadget.py", option)
    assert found.ret == pytest.ExitCode.USAGE_ERROR and "need a whole number of at least" in found.stderr.str()


def test_an_unknown_second_solver_fails_with_one_line(run: Running) -> None:
    text = run(
        "gadget.py", "-k", "good and not twin", "--querygrad-fresh", "--querygrad-second", "no-such"
    ).stdout.str()
    assert "need an installed solver" in text and "Traceback" not in text


@pytest.mark.slow
def test_changes_to_the_file_are_to_be_noticed(run: Running, pytester: pytest.Pytester) -> None:
    text = "def least():\n    return 0\n\n" + GADGET[: GADGET.index('@obligation("my.wrong"')].replace(
        "of=lambda case: 0", "of=lambda case: least()"
    )
    (pytester.path / "mine.py").write_text(text)
    run("mine.py", "-k", "changes", "--querygrad-mutate", "9").assert_outcomes(failed=1)
