"""Rows for a pipe: in the order of the table, each as soon as it is settled, and the same as at the end."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from verify.arguments.obligations import Chosen, choose
from verify.commands.main import main
from verify.discharge.many import run
from verify.discharge.result import Result
from verify.obligations.verdict import Verdict
from verify.reports.rows import RowsInOrder, print_rows
from verify.reports.table import table
from verify.screen.printing import console

pytestmark = pytest.mark.usefixtures("no_workers")
Write = Callable[..., Path]


def lines(out: io.StringIO) -> list[str]:
    """The ids and verdicts that were printed so far, without the heading."""
    return [" ".join(line.split()[:2]) for line in out.getvalue().splitlines()[1:]]


@pytest.fixture
def made(user_file: Write) -> tuple[Chosen, dict[str, Result]]:
    """Three claims, the first of which needs the last, and their results."""
    path = user_file("mine.py", {"m.one": {"rest": "needs=('m.three',)"}, "m.two": {}, "m.three": {}})
    chosen = choose([str(path)])
    found = run(chosen.obligations.values(), files=chosen.files, jobs=1)
    return chosen, {result.id: result for result in found}


def test_a_row_waits_for_those_before_it_and_for_its_needs(made: tuple[Chosen, dict[str, Result]]) -> None:
    chosen, found = made
    out = io.StringIO()
    rows = RowsInOrder(console(file=out), chosen)
    assert out.getvalue().split() == ["id", "verdict", "expected", "twin", "prover", "seconds", "erratum"]
    rows.add(found["m.two"])
    rows.add(found["m.one"])
    assert lines(out) == []
    rows.add(found["m.three"])
    assert lines(out) == ["m.one PROVED", "m.two PROVED", "m.three PROVED"]


def test_a_row_that_is_printed_has_the_verdict_of_the_end(made: tuple[Chosen, dict[str, Result]]) -> None:
    chosen, found = made
    assert found["m.three"].claim is not None
    poor = replace(found["m.three"], claim=replace(found["m.three"].claim, verdict=Verdict.UNKNOWN))
    out, whole = io.StringIO(), io.StringIO()
    rows = RowsInOrder(console(file=out), chosen)
    for result in (found["m.one"], poor, found["m.two"]):
        rows.add(result)
    assert lines(out)[0] == "m.one UNKNOWN"
    print_rows(console(file=whole), chosen.results([found["m.one"], found["m.two"], poor]))
    assert out.getvalue() == whole.getvalue()


def test_what_a_verdict_is_given_moves_no_column(made: tuple[Chosen, dict[str, Result]]) -> None:
    _, found = made
    given = replace(found["m.one"], given=("fresh batches", "hoeffding"))
    out, whole = io.StringIO(), io.StringIO()
    print_rows(console(file=out), [given, found["m.two"]])
    head, one, two = out.getvalue().splitlines()
    assert one.endswith("  given {fresh batches, hoeffding}") and "given" not in two
    for name in ("verdict", "twin", "prover"):
        assert one[head.index(name) - 1] == two[head.index(name) - 1] == " "
    words = [line[head.index("verdict") :].split()[:3] for line in (one, two)]
    assert words == [["PROVED", "REFUTED", "z3"]] * 2
    assert one.index("REFUTED") == two.index("REFUTED") == head.index("twin")
    console(file=whole).print(table([given, found["m.two"]]))
    assert "PROVED given {fresh batches, hoeffding}" in whole.getvalue()


def test_rows_are_there_before_the_run_is_over(
    user_file: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = user_file("mine.py", {"m.one": {}, "m.two": {}})
    seen: list[str] = []
    usual = RowsInOrder.add

    def added(self: RowsInOrder, result: Result) -> None:
        usual(self, result)
        seen.append(capsys.readouterr().out)

    monkeypatch.setattr(RowsInOrder, "add", added)
    assert main(["prove", str(path), "--jobs", "1"]) == 0
    assert "m.one" in seen[0] and "m.two" not in seen[0].split("\n", 1)[1] and "m.two" in seen[1]
    rest = capsys.readouterr().out
    assert "m.one" not in rest and "2 obligations: 2 PROVED" in rest


def test_a_claim_that_is_none_has_one_row(user_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = user_file("mine.py", {"m.one": {}, "m.odd": {"rest": "kind='guess'"}})
    assert main(["prove", str(path)]) == 2
    rows = [line.split()[:2] for line in capsys.readouterr().out.splitlines()[1:3]]
    assert rows == [["m.one", "PROVED"], ["m.odd", "ERROR"]]
    main(["prove", str(path)])
    assert capsys.readouterr().out.count("\nm.odd ") == 1
