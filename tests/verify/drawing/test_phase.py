"""The picture of a sweep: what its legend says, and where its marks are."""

from fractions import Fraction as F
from pathlib import Path

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.theorems.phase import SweepPoint, SweepRow, SweepSetting
from verify.drawing import phase

SETTING = SweepSetting(n=4)


def row(learner: str, b: int, rho: F, state: str, **more: object) -> SweepRow:
    return SweepRow(point=SweepPoint(learner=learner, b=b, rho=rho), state=state, way="", **more)  # type: ignore[arg-type]


ROWS = (
    row("parity", 1, F(1, 2), "run", error=F(1, 3)),
    row("parity", 4, F(1, 8), "proved only"),
    row("parity", 4, F(1, 2), "open"),
    row("regression", 64, F(1, 2), "run", held=3, runs=3, error=F(1, 8), steps=24, parameters=5),
    row("regression", 16, F(1, 2), "run", held=1, runs=3, steps=24, parameters=5),
    row("literal", 1, F(1, 64), "run", error=F(0)),
    row("literal", 1, F(1, 2), "open"),
)
CONSISTENT = (
    row("consistent", 8, F(1, 4), "run", error=F(0), misread=0),
    row("consistent", 8, F(1, 2), "run", error=F(0), misread=2),
    row("consistent", 16, F(1, 2), "run", error=F(1, 4), misread=9),
    row("consistent", 32, F(1, 3), "open"),
    row("hidden", 8, F(1, 2), "run", held=1, runs=1, error=F(1, 100)),
)


def test_each_kind_of_point_has_a_mark_of_its_own_and_a_line_in_the_legend() -> None:
    left, right = phase._figure(SETTING, ROWS).axes
    marks = {line.get_label(): (line.get_marker(), np.asarray(line.get_xdata()).tolist()) for line in left.lines}
    assert marks["run, and lost more than 1/20 on average"] == ("s", [0.0])
    assert marks["open"] == (".", [2.0]) and marks["held in some of the runs"] == ("+", [4.0])
    assert marks["gradient descent is held by the adversary, loss 1/8"] == ("x", [6.0])
    assert marks["proved only: too large to be run here"] == ("o", [2.0])
    assert any(str(label).startswith("b rho = 4/3") for label in marks)
    assert [text.get_text() for text in left.texts] == ["0.33"] and len(right.lines) == 3


def test_consistent_batches_are_marked_by_what_was_read() -> None:
    wide, axes = phase._figure(SETTING, CONSISTENT).axes
    rings = [line for line in wide.lines if str(line.get_label()).startswith("a noisy label is hidden")]
    assert [np.asarray(line.get_xdata()).tolist() for line in rings] == [[3.0]]
    marks = {str(line.get_label()): np.asarray(line.get_xdata()).tolist() for line in axes.lines}
    assert marks["learned from consistent batches: all points were read"] == [3.0]
    assert marks["learned, though so many points of a batch were read as others"] == [3.0]
    assert marks["consistent batches: lost more on average"] == [4.0]
    assert marks["open"] == [5.0] and any(label.startswith("b rho = 4: from here on") for label in marks)
    assert [text.get_text() for text in axes.texts] == ["2", "9"]


@pytest.mark.parametrize("some", [ROWS[:1], ROWS[3:4], ROWS[5:6]])
def test_a_part_of_the_rows_is_drawn_too(some: tuple[SweepRow, ...], tmp_path: Path) -> None:
    assert phase.draw_phase(SETTING, some, tmp_path / "p.png").read_bytes()[1:4] == b"PNG"


def test_the_line_of_result_b0_is_where_b_rho_is_four_thirds() -> None:
    axes = phase._figure(SETTING, ROWS[:3]).axes[0]
    line = next(line for line in axes.lines if str(line.get_label()).startswith("b rho = 4/3"))
    sums = np.asarray(line.get_xdata()) + np.asarray(line.get_ydata())
    assert len(sums) == 2 and np.allclose(2.0**sums, 4 / 3)


def test_nothing_is_not_drawn(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match="need rows"):
        phase.draw_phase(SETTING, (), tmp_path / "p.png")
    with pytest.raises(ConstructionError, match="ends in"):
        phase.draw_phase(SETTING, ROWS, tmp_path / "p.dot")
