"""A recorded run that shows itself: a row for each step, and the roundings of a step; other runs are refused."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.network import Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from verify.notebook import job, traces

EDGES = {("x1", "f"): Fraction(1), ("one", "f"): Fraction(1, 2)}
GRAPH = Network(inputs=("x1",), outputs=("f",), edges=EDGES, constant="one")
NET = Trainable(network=flat_network(GRAPH), rho=Fraction(1, 4), steps=3)


@pytest.fixture(name="path")
def path_fixture(tmp_path: Path) -> Path:
    """The trace of a run of three steps."""
    path = tmp_path / "run.jsonl"
    job.train(NET, problem="parity", seed=1, adversary="up", trace=path, quiet=True)
    return path


def test_a_trace_has_a_row_for_each_step_and_a_step_one_for_each_entry(path: Path) -> None:
    found = job.trace(NET, path, quiet=True)
    text = str(found._repr_html_())
    assert len(found) == 3 == len(found[:]) and text.count("<tr>") == 4 and "rho 1/4" in text
    steps = [each.retraced for each in found]
    assert sum(len(each.traced.step.moved) for each in steps) and all(
        each.farthest <= Fraction(3, 16) for each in found
    )
    entry = next(each for step in steps for each in step.entries)
    shown = str(found[0]._repr_html_())
    assert shown.count("<tr>") == 1 + len(steps[0].entries) and "-&gt; v" in shown and str(entry.gradient) in shown
    assert ", ".join(map(str, entry.valid)) in shown


def test_of_many_rows_the_first_are_shown(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "MOST_ROWS", 2)
    text = str(job.trace(NET, path, quiet=True)._repr_html_())
    assert text.count("<tr>") == 4 and "and 1 more" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:1], "need a trace with at least one step, got none, at "),
        (lambda lines: [lines[0], *lines[2:]], "need step 1 of the trace, got step 2"),
        (lambda lines: lines[1:], "need a trace of querygrad, got another file"),
    ],
)
def test_what_is_no_run_of_the_network_is_refused(path: Path, change: Any, said: str) -> None:
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))
    with pytest.raises(ConstructionError, match=said):
        job.trace(NET, path, quiet=True)


def test_a_run_of_another_network_is_refused(path: Path) -> None:
    other = Trainable(network=flat_network(GRAPH.with_weight("x1", "f", 2)), rho=NET.rho, steps=3)
    with pytest.raises(ConstructionError, match="need a trace of this network and start, got other"):
        job.trace(other, path, quiet=True)
