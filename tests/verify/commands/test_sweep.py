"""querygrad sweep and querygrad plot: rows in a file that goes on growing, and a picture of them."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest

from constructions.theorems import phase
from verify.commands.main import main

SMALL = [
    "--bits",
    "3",
    "--batches",
    "1,16",
    "--precisions",
    "1/2,1/64",
    "--learners",
    "parity",
    "--runs",
    "1",
    "--jobs",
    "1",
]


def swept(file: Path, *more: str) -> int:
    return main(["sweep", *SMALL, "-o", str(file), *more])


def test_rows_are_written_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.json"
    assert swept(file) == 0
    said = capsys.readouterr().out
    assert "4 points: 3 run, 1 open" in said and "nothing here reads batches" in said
    rows = json.loads(file.read_text())["rows"]
    assert {(row["batch"], row["rho"], row["state"]) for row in rows} == {
        (1, "1/2", "run"),
        (1, "1/64", "run"),
        (16, "1/2", "open"),
        (16, "1/64", "run"),
    }
    for ending in (".svg", ".png", ".pdf"):
        assert main(["plot", str(file), "-o", str(tmp_path / f"p{ending}")]) == 0
    drawn = (tmp_path / "p.svg").read_bytes()
    assert main(["plot", str(file), "-o", str(tmp_path / "again.svg")]) == 0
    assert (tmp_path / "again.svg").read_bytes() == drawn


def test_a_sweep_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, whole = tmp_path / "s.json", tmp_path / "whole.json"
    assert swept(whole) == 0
    kept = json.loads(whole.read_text())
    file.write_text(json.dumps({**kept, "rows": kept["rows"][:2]}))
    asked, found = list[object](), phase.found_at

    def found_at(setting: phase.SweepSetting, point: phase.SweepPoint) -> phase.SweepRow:
        asked.append(point)
        return found(setting, point)

    monkeypatch.setattr(phase, "found_at", found_at)
    assert swept(file) == 0 and len(asked) == 2
    assert json.loads(file.read_text()) == kept
    assert swept(file, "--seed", "1") == 2
    assert "seed is 0, not 1" in capsys.readouterr().err and json.loads(file.read_text()) == kept


def test_an_interrupt_keeps_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, many, found = tmp_path / "s.json", [], phase.found_at

    def found_at(*given):  # type: ignore[no-untyped-def]
        many.append(given)
        if len(many) == 2:
            raise KeyboardInterrupt
        return found(*given)

    monkeypatch.setattr(phase, "found_at", found_at)
    assert swept(file) == 130
    assert len(json.loads(file.read_text())["rows"]) == 1


def test_a_loss_above_what_is_proved_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = phase.found_at

    def wrong(setting: phase.SweepSetting, point: phase.SweepPoint) -> phase.SweepRow:
        row = found(setting, point)
        return replace(row, error=Fraction(1, 8), low=0.1, high=0.2) if row.state == "run" else row

    monkeypatch.setattr(phase, "found_at", wrong)
    assert swept(tmp_path / "s.json") == 1
    assert capsys.readouterr().out.count("OUTSIDE what is proved: parity at b = ") == 3


@pytest.mark.slow
def test_a_killed_sweep_is_resumed_by_processes(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    words = [*SMALL, "--learners", "parity,literal", "--batches", "1,256,1024", "-o", str(file), "--jobs", "2", "-q"]
    one = subprocess.Popen([sys.executable, "-m", "verify", "sweep", *words], stdout=subprocess.DEVNULL)
    for _ in range(600):
        time.sleep(0.1)
        if file.exists() and json.loads(file.read_text())["rows"]:
            break
    one.send_signal(signal.SIGKILL)
    one.wait()
    kept = len(json.loads(file.read_text())["rows"])
    done = subprocess.run([sys.executable, "-m", "verify", "sweep", *words], capture_output=True, text=True)
    assert done.returncode == 0 and "12 points" in done.stdout
    assert kept >= 1 and len(json.loads(file.read_text())["rows"]) == 12


@pytest.mark.slow
def test_a_cluster_finds_the_same_rows(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        assert swept(tmp_path / "a.json", "--cluster", cluster.scheduler_address) == 0
    assert swept(tmp_path / "b.json") == 0
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--batches", "1,x"], "x"),
        (["--batches", "0"], "0"),
        (["--precisions", "2"], "need 0 < rho <= 1, got rho = 2"),
        (["--precisions", "1/0"], "1/0"),
        (["--learners", "parity,majority"], "majority"),
        (["--cluster", "tcp://127.0.0.1:1"], "--cluster tcp://127.0.0.1:1"),
    ],
)
def test_bad_words_are_one_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "--cluster" in words:
        said = "need distributed (pip install 'querygrad[cluster]')" if not _has_dask() else said
    assert swept(tmp_path / "s.json", *words) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "s.json").exists()


def _has_dask() -> bool:
    return find_spec("distributed") is not None


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"kind": "querygrad sweep", "format": 1}', "\0"])
def test_a_file_that_is_no_sweep_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.json"
    file.write_text(text)
    for words in (["plot", str(file), "-o", str(tmp_path / "p.svg")], ["sweep", *SMALL, "-o", str(file)]):
        assert main(words) == 2
        assert "need a file that querygrad sweep has written" in capsys.readouterr().err
    assert file.read_text() == text


def test_a_row_that_was_edited_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "s.json"
    assert swept(file) == 0
    kept = json.loads(file.read_text())
    for key, value in (("state", "sure"), ("rho", "0"), ("error", 0.5), ("batch", "4"), ("learner", "none")):
        file.write_text(json.dumps({**kept, "rows": [{**kept["rows"][0], key: value}]}))
        assert main(["plot", str(file), "-o", str(tmp_path / "p.svg")]) == 2, key
    assert not (tmp_path / "p.svg").exists()
