"""Space-time pictures: the state, the head and every symbol stand in the picture."""

from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from tests.computation.test_turing import FOLDER, known
from verify.drawing.tableau import draw_machine_file, space_time


def test_every_row_has_its_state_and_its_symbols() -> None:
    machine = known("palindrome")
    run = list(machine.trace("0110"))
    figure = space_time(machine, run, (-1, 4), "a run")
    texts = [text.get_text() for text in figure.axes[0].texts]
    for now in run:
        at = texts.index(f"{now.steps}  {now.state}")
        symbols = [now.tape.get(cell, "_").replace("_", "·") for cell in range(-1, 5)]
        assert texts[at + 1 : at + 7] == symbols
    heads = [patch.get_x() + 0.5 for patch in figure.axes[0].patches]  # type: ignore[attr-defined]
    assert heads == [now.head for now in run]
    assert figure.texts[-1].get_text().startswith("accepted after 15 steps")


@pytest.mark.parametrize(
    ("word", "steps", "end"), [("01", 20, "rejected after 4"), ("0110", 4, "still running after 4")]
)
def test_how_it_ended_is_told(word: str, steps: int, end: str) -> None:
    machine = known("palindrome")
    figure = space_time(machine, list(machine.trace(word, steps=steps)), (0, 4), "")
    assert figure.texts[-1].get_text().startswith(end)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}.svg" for i in range(2)]
    for path in paths:
        draw_machine_file(FOLDER / "palindrome.tm", path, word="0110", steps=50, title="")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_long_or_wide_run_is_refused(tmp_path: Path) -> None:
    path = FOLDER / "parity.tm"
    with pytest.raises(ConstructionError, match="need at most 300 cells, 30000 over all steps, got 501 cells"):
        draw_machine_file(path, tmp_path / "a.svg", word="0" * 500, steps=600, title="")
    assert not list(tmp_path.iterdir())
