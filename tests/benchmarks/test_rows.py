"""Rows that are kept as they come: what is in the file is not done again, and what was cut off is done anew."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT
from verify.obligations.user_file import load_file


@pytest.fixture(scope="module")
def rows() -> ModuleType:
    return load_file(ROOT / "benchmarks" / "rows.py")


def squares(asked: list[int]) -> Any:
    """Rows of numbers and their squares, backwards; what was asked for is noted."""

    def do(tasks: list[int]) -> Iterator[dict[str, Any]]:
        for task in reversed(tasks):
            asked.append(task)
            yield {"n": task, "square": task**2}

    return do


def finish(rows: ModuleType, tasks: list[int], target: Path | None, asked: list[int], **more: Any) -> Any:
    return rows.completed(tasks, target, squares(asked), key=lambda row: row["n"], doing="", unit="numbers", **more)


def test_rows_of_a_file_that_was_cut_off_are_kept(rows: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"a": 1}\n{"a": 2}\n{"a"')
    assert rows.kept_rows(file) == [{"a": 1}, {"a": 2}] and file.read_text() == '{"a": 1}\n{"a": 2}\n'
    assert rows.kept_rows(tmp_path / "none") == rows.kept_rows(None) == []


@pytest.mark.parametrize("line", ["[1]", "a row", "{"])
def test_a_whole_line_that_is_no_row_is_refused_and_the_file_stays(rows: ModuleType, tmp_path: Path, line: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{{"a": 1}}\n{line}\n{{"a"')
    with pytest.raises(ConstructionError, match=r"need a row in JSON, got .*rows\.jsonl, line 2$"):
        rows.kept_rows(file)
    assert file.read_text() == f'{{"a": 1}}\n{line}\n{{"a"'


def test_what_is_in_the_file_is_not_done_again_and_rows_come_in_the_order_of_the_tasks(
    rows: ModuleType, tmp_path: Path
) -> None:
    file, asked = tmp_path / "rows.jsonl", list[int]()
    assert [row["square"] for row in finish(rows, [1, 2, 3], file, asked)] == [1, 4, 9] and asked == [3, 2, 1]
    file.write_text(file.read_text()[:-3])
    assert [row["square"] for row in finish(rows, [4, 3, 1], file, asked)] == [16, 9, 1] and asked[3:] == [1, 4]
    assert [row["n"] for row in rows.kept_rows(file)] == [3, 2, 1, 4]
    assert finish(rows, [2], file, asked) == [{"n": 2, "square": 4}] and len(asked) == 5


def test_rows_that_no_longer_count_are_done_anew_and_each_new_one_is_told(rows: ModuleType, tmp_path: Path) -> None:
    file, asked, told = tmp_path / "rows.jsonl", list[int](), list[int]()
    finish(rows, [1, 2, 3], file, asked)
    finish(rows, [1, 2, 3], file, asked, counts=lambda row: row["n"] > 1, tell=lambda row: told.append(row["n"]))
    assert asked[3:] == told == [1]


def test_without_a_file_nothing_is_kept_and_an_interrupt_loses_one_row_at_most(
    rows: ModuleType, tmp_path: Path
) -> None:
    asked: list[int] = []
    assert len(finish(rows, [1, 2], None, asked)) == 2 and not list(tmp_path.iterdir())

    def stopped(tasks: list[int]) -> Iterator[dict[str, Any]]:
        yield {"n": 1, "square": 1}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rows.completed([1, 2], tmp_path / "rows", stopped, key=lambda row: row["n"], doing="", unit="")
    assert rows.kept_rows(tmp_path / "rows") == [{"n": 1, "square": 1}]


def test_tasks_without_a_row_are_passed_over_until_there_are_enough(rows: ModuleType, tmp_path: Path) -> None:
    asked: list[int] = []

    def row_of(task: int) -> dict[str, Any] | None:
        asked.append(task)
        return {"n": task} if task % 2 else None

    def found(most: int) -> list[int]:
        kept = rows.first_rows(range(100), most, tmp_path / "rows", row_of, key=lambda row: row["n"], doing="", unit="")
        return [row["n"] for row in kept]

    assert found(2) == [1, 3] and asked == [0, 1, 2, 3]
    assert found(3) == [1, 3, 5] and asked[4:] == [0, 2, 4, 5]


def test_a_table_has_a_line_for_each_group_and_one_for_all(rows: ModuleType) -> None:
    groups = {"long kind": Counter(refused=2, other=5), "k": Counter(refused=1, DEFECT=1)}
    assert rows.table_of("kind", groups, ("refused", "DEFECT")) == [
        "kind        refused    DEFECT",
        "long kind         2         0",
        "k                 1         1",
        "all               3         1",
    ]
    assert rows.table_of("kind", {}, rows.FORGED)[1].split() == ["all", *"00000"]


@pytest.mark.parametrize(
    ("program", "words", "shown"),
    [
        ("forged", ["--base", "literal"], "8 forged certificates"),
        ("forged_proofs", [], "DEFECT"),
    ],
)
def test_a_campaign_of_forgeries_that_was_stopped_goes_on(
    program: str,
    words: list[str],
    shown: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module, file = load_file(ROOT / "benchmarks" / f"{program}.py"), tmp_path / "rows.jsonl"
    monkeypatch.setattr("sys.argv", [program, "--count", "8", "-o", str(file), *words])
    assert module.main() == 0
    first = capsys.readouterr().out
    assert shown in first and re.search(r"^all +\d", first, flags=re.M)
    whole = file.read_text()
    file.write_text(whole[:-9])
    assert module.main() == 0 and capsys.readouterr().out == first and file.read_text() == whole
