"""The example notebook, executed as its reader would: every value shows itself, and the verdicts are right."""

import os
from pathlib import Path
from typing import Any

import pytest

client = pytest.importorskip("nbclient")
formats = pytest.importorskip("nbformat")
ROOT = Path(__file__).parents[3]
NOTEBOOK = ROOT / "examples" / "whole_job.ipynb"


@pytest.mark.slow
def test_the_notebook_runs_and_every_value_shows_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep))
    monkeypatch.setenv("QUERYGRAD_CACHE", str(tmp_path))
    notebook = formats.read(NOTEBOOK, as_version=4)
    client.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    gate, proved, drawn, net, trained, certified = (each for each in map(shown, notebook.cells) if each)
    assert "<svg" in gate["image/svg+xml"] and "1/8" not in gate["text/plain"]
    assert "<svg" in drawn["image/svg+xml"]
    assert "gate.sign" in proved["text/html"] and "sigma.figure" in proved["text/html"]
    assert proved["text/html"].count("<td>PROVED</td>") == proved["text/html"].count("<td>REFUTED</td>") == 2
    assert "2 steps, batch 1, rho 1/16" in net["text/html"] and "2 of 2" in trained["text/html"]
    assert "<th>certified</th>" in certified["text/html"]
    assert bars(notebook) and set(bars(notebook)) == {""}, "bars are taken away in the end"


def shown(cell: Any) -> Any:
    """The forms in which the value of a cell shows itself."""
    return next((each["data"] for each in cell.get("outputs", []) if each["output_type"] == "execute_result"), None)


def bars(notebook: Any) -> list[str]:
    """What is left of the progress bars."""
    outputs = [each for cell in notebook.cells for each in cell.get("outputs", [])]
    return [each["data"]["text/html"] for each in outputs if each["output_type"] == "display_data"]


def test_the_notebook_is_kept_without_outputs() -> None:
    notebook = formats.read(NOTEBOOK, as_version=4)
    formats.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and not any(cell.outputs or cell.execution_count for cell in code)
