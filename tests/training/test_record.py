"""A trace is read as it was written, and nothing else is."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.training.engine import ArrayStep
from constructions.training.record import Recorder, TracedStep, read_header, read_trace, replayed

STEP = ArrayStep(
    number=1, outputs=(Fraction(-9, 128), Fraction(2)), moved={3: (Fraction(1, 16), Fraction(3, 16))}, system="float64"
)
KINK = ArrayStep(number=2, outputs=(Fraction(0), Fraction(0)), moved={}, system="scaled integers", kink=5, stopped=True)
BATCH = (np.array([[0, 1], [1, 1]]), np.array([1, 0]))


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Two steps."""
    recorder = Recorder(tmp_path / "trace", {"rho": "1/16"})
    recorder.write(STEP, BATCH)
    recorder.write(KINK, BATCH)
    assert recorder.kept() == (tmp_path / "trace").stat().st_size
    recorder.close()
    return tmp_path / "trace"


def test_what_is_written_is_read(trace: Path) -> None:
    assert read_header(trace) == {"querygrad trace": 1, "rho": "1/16"}
    assert list(read_trace(trace)) == [TracedStep(step, ((0, 1), (1, 1)), (1, 0)) for step in (STEP, KINK)]


def test_a_last_line_without_an_end_is_left_out(trace: Path) -> None:
    data = trace.read_bytes()
    for cut in range(1, 40):
        trace.write_bytes(data[:-cut])
        assert [one.step.number for one in read_trace(trace)] == [1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "need a trace, got no whole line, at .*"),
        ("{", "need a trace, got no whole line, at .*"),
        ("{}\n", "need a trace of querygrad, got another file, at line 1 of .*"),
        ("[]\n", "need a trace of querygrad, got another file, at line 1 of .*"),
        ("x\n", "need a line of JSON, .*, at line 1 of .*"),
        ('{"querygrad trace":1}\n{"step":1}\n', "need a step of a trace, got KeyError: .*, at line 2 of .*"),
        (
            '{"querygrad trace":1}\n{"step":1,"x":[],"y":"","outputs":["1/0"],"moved":[],"system":""}\n',
            "need a step .*ZeroDivision.*",
        ),
    ],
)
def test_another_file_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "trace").write_text(text)
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        list(read_trace(tmp_path / "trace"))


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match=r"^need a file that can be read, got No such file"):
        list(read_trace(tmp_path / "none"))
    with pytest.raises(ConstructionError, match=r"^need a file that can be written, got No such file"):
        Recorder(tmp_path / "none" / "trace", {})


def test_moves_are_followed_and_a_gap_is_found() -> None:
    weights = np.array([0, 0, 0, 1])
    steps: list[Any] = [TracedStep(STEP, (), ())]
    assert replayed(iter(steps), weights, 16) == [0, 0, 0, Fraction(3, 16)]
    with pytest.raises(ConstructionError, match=r"^need a move from 3/16, got one from 1/16, at edge 3, step 1$"):
        replayed(iter(steps * 2), weights, 16)
