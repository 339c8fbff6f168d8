"""Whole commands on files of every kind: none fails where it must not, what is wrong is seen, and the campaign goes
on where it stopped."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

import constructions.computation.formats.aiger
import constructions.computation.formats.files
import constructions.learning.data_files
from constructions.errors import ConstructionError
from constructions.learning.data_files import read_data
from verify.attacks.endings import OLD, CommandCase, Ending, in_process, wrong
from verify.attacks.fuzz import KINDS, case
from verify.attacks.hostile import hostile_json, hostile_text
from verify.attacks.tables import spoiled_csv, spoiled_npy, table
from verify.obligations.user_file import load_file

FINE = CommandCase(
    files={"a.csv": b""}, arguments=("train", "a.csv"), targets=("out.qgn", "out.json"), kept=("out.ckpt",)
)


@pytest.fixture(scope="module")
def campaign() -> ModuleType:
    return load_file(Path(__file__).parents[3] / "benchmarks" / "fuzz.py")


@pytest.mark.parametrize("name", KINDS)
def test_no_file_makes_a_command_fail_where_it_must_not(name: str) -> None:
    codes = set()
    for seed in range(12):
        made = case(name, seed)
        ending = in_process(made, old=seed % 2 == 1)
        codes.add(ending.code)
        assert (seed, made.arguments, wrong(made, ending)) == (seed, made.arguments, None)
    assert 0 in codes and 2 in codes


def test_a_third_is_well_formed_and_a_case_is_the_same_again() -> None:
    for name in KINDS:
        assert [bool(case(name, seed).codes) for seed in range(6)] == [True, False, False] * 2
        assert case(name, 1) == case(name, 1) != case(name, 4)


def ending(code: int, out: str = "", err: str = "", **after: bytes) -> Ending:
    """How a command ended that found one file and something where it would write."""
    before = {"a.csv": b"", "out.qgn": OLD}
    changed = {name.replace("_", "."): data for name, data in after.items()}
    return Ending(code=code, out=out, err=err, before=before, after=before | changed)


@pytest.mark.parametrize(
    "fine",
    [
        ending(0, "done", out_qgn=b"new", out_json=b"[1]"),
        ending(1, "refused"),
        ending(3, "open"),
        ending(2, "", "need a file, got none\n"),
        ending(0, "", "warning: batch is 4\ncolumns a, b; label b\n"),
        ending(2, "", "columns a, b; label b\nneed a rational, got x\n"),
        ending(2, "", "need rho, got 0 (step 1 was not taken)\n", out_ckpt=b"kept"),
    ],
)
def test_an_ending_as_documented_is_fine(fine: Ending) -> None:
    assert wrong(FINE, fine) is None


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (ending(4, "", "Traceback"), "exit code 4"),
        (ending(-11), "exit code -11"),
        (ending(141), "exit code 141"),
        (ending(0, "Traceback (most recent call last)"), "exit code 0: "),
        (ending(2, "", "need a file\nand more\n"), "exit code 2 with"),
        (ending(2, "", "need a \x1b[2J\n"), "exit code 2 with"),
        (ending(2), "exit code 2 with"),
        (ending(2, "", "need a file"), "exit code 2 with"),
        (ending(2, "", "KeyError: 5\n"), "exit code 2 with"),
        (ending(2, "", f"need {'x' * 3000}\n"), "exit code 2 with"),
        (ending(0, "", "need a file\n"), "exit code 0 with"),
        (ending(2, "half a table", "need a file\n"), "exit code 2 with 'half a table' on stdout"),
        (ending(2, "", "need a file\n", out_qgn=b"new"), r"exit code 2, and \['out.qgn'\] written"),
        (ending(2, "", "need a file\n", other=b""), r"exit code 2, and \['other'\] written"),
        (ending(0, ".out.qgn.x.part", _out_part=b""), r"left behind: \['.out.part'\]"),
        (ending(0, "done", out_json=b"[NaN]"), r"no JSON: \['out.json'\]"),
    ],
)
def test_what_is_wrong_is_seen(bad: Ending, why: str) -> None:
    assert re.match(why, wrong(FINE, bad) or "")


def test_a_well_formed_file_must_be_taken() -> None:
    good = replace(FINE, codes=(0,))
    assert wrong(good, ending(0)) is None
    assert wrong(good, ending(2, "", "need a file\n")) == "exit code 2 for a well-formed file: need a file\n"
    assert wrong(replace(good, says="(3 rows)"), ending(0, "2a on (3 rows)")) is None
    assert (
        wrong(replace(good, says="(3 rows)"), ending(0, "2 rows"))
        == "need '(3 rows)' for a well-formed file, got '2 rows'"
    )


def raises(*_: Any, **__: Any) -> Any:
    """A fault that nobody thought of."""
    raise KeyError("inside")


def writes_and_refuses(path: Path, *_: Any) -> None:
    """What leaves half a file behind."""
    path.write_bytes(b"half")
    raise ConstructionError("need something else, got this")


def first_row_lost(rows: list[Any], file: Path) -> tuple[str, ...]:
    """A header wherever there is a row."""
    return tuple(rows[0][1])


@pytest.mark.parametrize(
    ("place", "name", "broken", "kind", "why"),
    [
        (constructions.computation.formats.aiger, "and_rows", raises, "AIGER, ASCII", "exit code 4"),
        (constructions.computation.formats.files, "write_machine", writes_and_refuses, "BENCH", "written"),
        (constructions.learning.data_files, "_header", first_row_lost, "CSV", "rows, "),
    ],
)
def test_a_fault_put_in_on_purpose_is_found(
    place: ModuleType,
    name: str,
    broken: Callable[..., Any],
    kind: str,
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(place, name, broken)
    found = [wrong(made, in_process(made, old=True)) for made in (case(kind, seed) for seed in range(30))]
    assert any(why in (said or "") for said in found)


@pytest.mark.parametrize("numpy", [False, True])
def test_a_well_formed_table_holds_its_points(numpy: bool, tmp_path: Path) -> None:
    for seed in range(100):
        made = table(Random(seed), inputs=2, numpy=numpy)
        (tmp_path / made.name).write_bytes(made.data)
        options = dict(zip([option[2:] for option in made.options[::2]], made.options[1::2], strict=True))
        assert tuple(read_data(tmp_path / made.name, **options).points) == made.points


@pytest.mark.parametrize("numpy", [False, True])
def test_a_spoiled_table_is_refused_or_a_row_is_a_row(numpy: bool, tmp_path: Path) -> None:
    refused, spoiled = 0, spoiled_npy if numpy else spoiled_csv
    for seed in range(150):
        source = Random(seed)
        path = tmp_path / ("points.npy" if numpy else "points.csv")
        path.write_bytes(spoiled(source, table(source, inputs=2, numpy=numpy)))
        try:
            found = read_data(path)
        except ConstructionError:
            refused += 1
            continue
        if not numpy:
            lines = [line for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]
            assert len(found.points) in (len(lines) - bool(found.columns), len(lines) - bool(found.columns) - 1)
    assert refused > 80


def test_hostile_texts_and_json_differ_from_what_they_are_made_of() -> None:
    text, data = b"aag 1 1 0 1 0\n2\n2\ni0 x\n", b'{"a": [1, {"b": 2}], "c": "d"}'
    assert len({hostile_text(Random(seed), text, [b"0", b"\0"]) for seed in range(60)} - {text}) > 30
    assert len({hostile_json(Random(seed), data) for seed in range(60)} - {data}) > 30


@pytest.mark.slow
def test_the_campaign_is_told_kept_and_gone_on_with(
    campaign: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "fuzz.jsonl"
    monkeypatch.setattr("sys.argv", ["fuzz.py", "--most", "22", "--commands", "2", "-o", str(kept), "--jobs", "1"])
    assert campaign.main() == 0
    assert "24 cases, 12 of them well-formed, 0 defects; slowest " in capsys.readouterr().out
    kept.write_text(kept.read_text()[:-20])
    begun: list[int] = []
    usual = campaign.all_rows

    def rows(tasks: Any, **more: Any) -> Any:
        begun.append(len(tasks))
        return usual(tasks, **more)

    monkeypatch.setattr(campaign, "all_rows", rows)
    assert campaign.main() == 0 and begun == [1]
    monkeypatch.setattr(campaign, "CODE", "another")
    assert campaign.main() == 0 and begun == [1, 24]


@pytest.mark.timed
@pytest.mark.parametrize(
    ("what", "why"),
    [
        (lambda *_, **__: os._exit(3), "the process died"),
        (lambda *_, **__: time.sleep(9), "more than 1 s"),
        (lambda *_, **__: bytearray(8 << 30), "MemoryError: "),
    ],
)
def test_what_never_comes_back_is_a_defect(
    what: Callable[..., Any], why: str, campaign: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "in_process", what)
    rows = list(campaign.apart([("in process", "CSV", 1), ("in process", "NumPy", 1)], 1))
    assert [(row["kind"], row["why"]) for row in rows] == [("CSV", why), ("NumPy", why)]
