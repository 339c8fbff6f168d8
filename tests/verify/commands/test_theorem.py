"""``querygrad theorem`` as a user runs it: tables, measured runs, interrupted and resumed, on data of all kinds."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.theorems.in_arrays import Blocks
from constructions.theorems.measure import Interval
from tests.verify.commands.theorem_runs import SMALL, kept, printed
from verify.commands.main import main
from verify.reports.theorem import Line, outside, short_number

DATA = "a,b,y\n1,0,1\n0,1,0\n1,1,1\n0,0,0\n"


def test_the_example_prints_stages_budgets_of_all_variants_and_measures(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, "2a", "--bits", "8", "--batch", "4", "--samples", "20", "--delta", "0.05", "--runs", "20")
    for stage in ("decode", "ask", "extract", "toss", "repeat", "learn"):
        assert re.search(rf"^{stage} ", out, flags=re.M)
    budgets = dict(re.findall(r"^((?:prefix|look|full|the paper)[a-z, ]*\*?) +([\d,]+) ", out, flags=re.M))
    assert {name.strip(): value for name, value in budgets.items()} == {
        "prefix*": "829",
        "look": "379",
        "full": "5",
        "the paper": "36,000",
        "prefix, alternating": "1,164",
        "look, alternating": "914",
        "the paper, alternating": "72,000",
    }
    assert re.search(r"^rounds a sample +4\.\d+ .* 4\.6087 +<= 22$", out, flags=re.M)
    assert "tau = 1/16, delta = 1/20" in out and "20 of 20 runs" in out and "full, alternating: none;" in out


def test_the_further_rounds_are_printed_and_kept_with_how_they_come_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """4 empty rounds and 9 idle ones a sample are 260; 260/(649 + 1)/8 = 1/20."""
    path = tmp_path / "found.json"
    out = " ".join(printed(capsys, "2a", "--runs", "0", "--json", str(path)).split())
    why = (
        "20 (4 + 9) = 260 empty and idle rounds are expected at most; "
        "more than K are needed with a chance of at most 260/(K + 1), "
        "which loses 1/8 at most; the least K with 260/(K + 1)/8 <= delta = 1/20 is 649"
    )
    assert f"repeat: {why}" in out
    stages = {stage["name"]: stage for stage in kept(path)["stages"]}
    assert stages["repeat"]["because"] == why and stages["ask"]["because"] is None
    assert stages["repeat"]["numbers"] == {
        "certain rounds": "180",
        "further rounds expected": "260",
        "further rounds allowed": "649",
        "k'": "829",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["2a", "--extract", "look", "--oracle", "highest"],
        ["2a", "--extract", "full", "--oracle", "grid"],
        ["2a", "--alternating", "--oracle", "random", "--noise", "1/10"],
        ["lemma", "1", "--extract", "look", "--learner", "memoriser", "--problem", "majority"],
        ["lemma 5a", "--oracle", "lowest"],
        ["lemma 6"],
        ["5a", "--alternating"],
        ["5b"],
    ],
    ids=" ".join,
)
def test_every_theorem_runs(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, *arguments, *SMALL)
    assert "60 of 60 runs" in out and "error, A' - A" in out and "OUTSIDE" not in out


@pytest.mark.parametrize(
    "arguments",
    [["2b", "--learner", "correlations"], ["2d", "--delta", "0.1"], ["lemma 2", "--delta", "1/8", "--tau", "1/2"]],
)
def test_theorems_about_queries_run_and_say_what_they_compare(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(capsys, *arguments, "--bits", "2", "--runs", "2")
    assert "2 of 2 runs" in out and "worst valid answers" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2a", "--tau", "0.125"], "b tau < 1/2, got b tau = 4 * 1/8 = 1/2"),
        (["2a", "--delta", "0"], "need delta > 0, got delta = 0"),
        (["2a", "--delta=-1/3"], "got delta = -1/3"),
        (["5a", "--tau", "1/40"], "need m tau < 1/2, got 20 * 1/40 = 1/2"),
        (["2d", "--delta", "1/4"], "need 0 < delta <= 1/8"),
        (["2a", "--delta", "nan"], "such as 1/20 or 0.05, got 'nan'"),
        (["2a", "--delta", "1e400"], "such as 1/20 or 0.05"),
        (["2a", "--tau", "1/0"], "such as 1/20 or 0.05"),
        (["2a", "--noise", "3/2"], "need a noise from 0 to 1, got 3/2"),
        (["2a", "--batch", "0"], "0 is not in the range"),
        (["lemma 8"], "need a theorem with a pipeline (theorem 2a, "),
        (["9"], "which is known (a smooth function that snaps"),
        (["2a", "--learner", "none"], "need a learner among parity"),
        (["1a", "--rho", "1/6"], "need 0 < b rho < 2/3, got b rho = 4 * 1/6 = 2/3"),
        (["3a", "--samples", "4", "--rho", "1/6"], "need 0 < m rho < 2/3, got m rho = 4 * 1/6 = 2/3"),
        (["3d", "--samples", "9"], "need (4^k - 1)/3 exp(-m tau^2/32) <= delta = 1/20, got m = 9"),
        (["lemma 3a", "--as", "network"], "need --as model, got network"),
        (["2a", "--rho", "1/6"], "need --rho with a theorem about models"),
        (["2b", "--extract", "look"], "need --extract with theorem 1a, theorem 2a or lemma 1"),
        (["5b", "--samples", "0"], "need an integer >= 1, got 0, at m of FBSQ"),
        (["2b", "--samples", "9"], "need no --samples with theorem 2b"),
        (["lemma 1", "--plain"], "need no --plain with lemma 1"),
        (["2a", "--data", "no.csv"], "need a file that can be read"),
        (["2a", "--data", "x.csv", "--problem", "parity"], "got both"),
        (["2a", "--resume", "no.json"], "need a file that can be read"),
        (["2a", "--json", "no/where.json"], "need a file in an existing folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_parameters_are_one_line_with_their_numbers(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["theorem", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_data_of_a_user_is_the_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "data.csv"
    table.write_text(DATA)
    out = printed(capsys, "2a", "--data", str(table), "--learner", "parity", "--runs", "20")
    assert "n = 2" in out and "(4 rows)" in out
    assert main(["theorem", "2a", "--data", str(table), "--bits", "3"]) == 2
    assert "need --bits 2" in capsys.readouterr().err
    np.save(tmp_path / "data.npy", np.array([[1, 1], [0, 0], [1, 1]]))
    assert "n = 1" in printed(capsys, "2a", "--data", str(tmp_path / "data.npy"), "--runs", "5")


def test_the_label_and_the_delimiter_are_kept_with_the_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, kept = tmp_path / "data.pyx.csv", str(tmp_path / "kept.json")
    table.write_text("y;a;b\nyes;1;0\nno;0;0\n")
    out = printed(capsys, "2a", "--data", str(table), "--label", "y", "--delimiter", ";", "--runs", "3", "--json", kept)
    assert "(2 rows)" in out and "\ncolumns y, a, b; label y\n" in out
    assert "the first 3 of them from" in printed(capsys, "2a", "--resume", kept, "--runs", "5")
    assert main(["theorem", "2a", "--resume", kept, "--label", "a"]) == 2
    assert "label is y, not a" in capsys.readouterr().err
    assert main(["theorem", "2a", "--label", "a"]) == 2
    assert "need --label with --data FILE.csv or FILE.npy only, got it without" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,0\n0,2\n", "got '2', at row 2, column 2"),
        ("1,0\n1\n", "need 2 columns, as in the first row, got 1"),
        ("", "at least one row"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, text: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "data.csv"
    table.write_text(text)
    assert main(["theorem", "2a", "--data", str(table)]) == 2
    assert message in capsys.readouterr().err


WIDE = "\n".join(",".join("01"[i * j % 3 % 2] for j in range(200)) for i in range(9))


@pytest.mark.parametrize(
    "text", ["1,0,1\n", "1,1\n0,1\n", "1\n0\n0\n", WIDE], ids=["one row", "one label", "labels alone", "wide"]
)
def test_odd_data_is_measured(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "data.csv"
    table.write_text(text)
    assert "5 of 5 runs" in printed(capsys, "2a", "--data", str(table), "--runs", "5")


@pytest.mark.parametrize("resume", [False, True])
def test_an_interrupted_run_is_printed_kept_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], resume: bool
) -> None:
    once, twice = tmp_path / "once.json", tmp_path / "twice.json"
    printed(capsys, "2a", *SMALL, "--json", str(once))
    honest = Blocks.runs

    def interrupted(self: Blocks, begin: int, end: int) -> list[dict[str, Fraction]]:
        if begin == 23:
            raise KeyboardInterrupt
        return honest(self, begin, min(end, 23))

    with monkeypatch.context() as patched:
        patched.setattr(Blocks, "runs", interrupted)
        out = printed(capsys, "2a", *SMALL, "--json", str(twice), code=130)
    assert "23 of 60 runs" in out and "rounds a sample" in out and "interrupted; --resume" in out
    assert kept(twice)["state"]["runs"] == 23
    out = printed(capsys, "2a", *(["--resume"] if resume else [*SMALL, "--json"]), str(twice))
    assert "60 of 60 runs, the first 23 of them from" in out
    assert twice.read_bytes() == once.read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_a_finished_file_is_read_again_and_extended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    once, more = tmp_path / "once.json", tmp_path / "more.json"
    printed(capsys, "2a", *SMALL, "--json", str(once))
    printed(capsys, "2a", *SMALL[:-1], "80", "--json", str(more))
    printed(capsys, "2a", "--resume", str(once), "--runs", "80")
    assert once.read_bytes() == more.read_bytes()
    monkeypatch.setattr(Blocks, "runs", lambda self, begin, end: pytest.fail("no run is left"))
    assert "80 of 80 runs" in printed(capsys, "2a", "--resume", str(once))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2a", "--delta", "1/9"], "delta is 1/20, not 1/9"),
        (["lemma 1"], "item is theorem 2a, not lemma 1"),
        (["2a", "--runs", "10"], "need --runs of at least the 60 in the file, got 10"),
    ],
)
def test_a_file_of_other_runs_is_not_gone_on_with(
    tmp_path: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "kept.json"
    printed(capsys, "2a", *SMALL, "--json", str(path))
    before = path.read_bytes()
    for way in (["--resume", str(path), *arguments[1:]], ["--json", str(path), *SMALL, *arguments[1:]]):
        assert main(["theorem", arguments[0], *way]) == 2
        assert message in capsys.readouterr().err
    assert path.read_bytes() == before


def test_changed_data_is_not_gone_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, path = tmp_path / "data.csv", tmp_path / "kept.json"
    table.write_text(DATA)
    printed(capsys, "2a", "--data", str(table), "--runs", "5", "--json", str(path))
    printed(capsys, "2a", "--resume", str(path), "--runs", "6")
    table.write_text(DATA + "1,1,0\n")
    assert main(["theorem", "2a", "--resume", str(path), "--runs", "7"]) == 2
    assert "rows is 4 rows" in capsys.readouterr().err


OURS = '{"kind": "querygrad theorem", "parameters": {%s}, "state": {"runs": %s, "sums": {}}}'


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"kind": "querygrad theorem"}', OURS % ("", -1), OURS % ('"bits": "x"', 0)]
)
def test_another_file_is_refused_and_left_alone(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    for option in ("--resume", "--json"):
        assert main(["theorem", "2a", *SMALL, option, str(path)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert path.read_text() == text


def test_a_negative_number_of_runs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.json"
    path.write_text(OURS % ("", -1))
    assert main(["theorem", "2a", "--resume", str(path)]) == 2
    assert "need an integer >= 0, got -1, at runs of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sums": {}}, "need sums of rounds, late, simulated, learner, excess, got none"),
        ({"runs": 3.5}, "need an integer >= 0, got 3.5, at runs of"),
        ({"sums": {"late": ["3", "2"]}}, "need sums of 4 runs, got 3 and 2 for squares, at late of"),
    ],
)
def test_sums_that_no_runs_have_are_refused(
    tmp_path: Path, changed: Any, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "runs.json"
    printed(capsys, "2a", *SMALL[:-1], "4", "--json", str(path))
    found = kept(path)
    path.write_text(json.dumps(found | {"state": found["state"] | changed}))
    assert main(["theorem", "2a", "--resume", str(path), "--runs", "6"]) == 2
    assert message in capsys.readouterr().err


def test_runs_that_are_gone_on_with_are_said_to_be_from_their_own_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    printed(capsys, "2a", *SMALL[:-1], "4", "--json", str(old))
    out = printed(capsys, "2a", "--resume", str(old), "--json", str(new), "--runs", "5")
    assert f"the first 4 of them from {old}; kept in {new}" in out.replace("\n", "")
    assert kept(old)["state"]["runs"] == 4 and kept(new)["state"]["runs"] == 5
    assert main(["theorem", "2a", "--resume", str(old), "--json", str(new)]) == 2
    assert (
        "need a new file for the runs that --resume continues" in capsys.readouterr().err
        and kept(new)["state"]["runs"] == 5
    )


def test_a_bound_that_the_interval_contradicts_is_said() -> None:
    lines = [
        Line(name, Interval(Fraction(1), low, 1.1), None, Fraction(1, 2)) for name, low in (("a", 0.9), ("b", 0.4))
    ]
    assert outside(lines) == ["a"]


def test_a_method_that_loses_more_than_delta_is_found_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    honest, wrong = Blocks.runs, {"excess": Fraction(1, 2)}
    monkeypatch.setattr(Blocks, "runs", lambda self, begin, end: [run | wrong for run in honest(self, begin, end)])
    assert "OUTSIDE its bound: error, A' - A" in printed(capsys, "2a", *SMALL, code=1)


def test_numbers_are_short() -> None:
    assert (
        short_number(Fraction(67, 2)) == "67/2"
        and short_number(10**30) == "1.0000e+30"
        and len(short_number(Fraction(1, 10**30))) < 9
    )


@pytest.mark.timed
@pytest.mark.slow
def test_control_c_is_heard_in_the_middle_of_a_run(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    command = [sys.executable, "-m", "verify", "theorem", "2a", "--runs", "100000", "--json", str(path)]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    )
    while not path.exists() and running.poll() is None:
        time.sleep(0.1)
    os.kill(running.pid, signal.SIGINT)
    out, error = running.communicate(timeout=60)
    assert running.returncode == 130 and not error
    assert f"{kept(path)['state']['runs']} of 100000 runs" in out and kept(path)["state"]["runs"] > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alternating": 7}, "need arguments as in"),
        ({"tau": "x" * 200_000}, "need parameters of at most 100000 characters, got more, at tau"),
        ({"problem": "\x1b[2J"}, "need arguments as in"),
        ({"runs": [[0]]}, "need arguments as in"),
    ],
)
def test_parameters_in_a_file_that_are_none_are_refused_in_one_line(
    tmp_path: Path, change: dict[str, object], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.json"
    printed(capsys, "2a", "--problem", "literal", "--bits", "2", "--samples", "1", "--runs", "2", "--json", str(kept))
    found = json.loads(kept.read_text())
    kept.write_text(json.dumps(found | {"parameters": found["parameters"] | change}))
    assert main(["theorem", "2a", "--resume", str(kept)]) == 2
    err = capsys.readouterr().err
    assert message in err and err.count("\n") == 1 and len(err) < 1000


def test_a_deep_file_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000)
    assert main(["theorem", "2a", "--resume", str(tmp_path / "deep.json")]) == 2
    assert "need a file that querygrad theorem has written, got RecursionError" in capsys.readouterr().err
