"""The tutorial, executed as its reader would, and the page that is made from it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

formats = pytest.importorskip("nbformat")
ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "examples" / "tutorial.ipynb"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that the example writes, which executes the notebook."""
    pytest.importorskip("nbclient")
    folder = tmp_path_factory.mktemp("tutorial")
    around = os.environ | {"PYTHONPATH": str(ROOT), "QUERYGRAD_CACHE": str(folder / "cache")}
    program, to = ROOT / "examples" / "notebook_page.py", folder / "tutorial.html"
    subprocess.run([sys.executable, program, TUTORIAL, "-o", to], check=True, env=around, timeout=600)
    return to


@pytest.mark.slow
def test_the_tutorial_is_refuted_mended_proved_and_used(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    first, mended, larger = (text.index(f"<td>tutorial.{name}</td>") for name in ("first", "differs", "parity"))
    assert "REFUTED" in text[first : first + 200] and "fails at x=" in text[first:mended]
    assert "PROVED" in text[mended : mended + 200] and "PROVED" in text[larger : larger + 200]
    assert text.count("<figure><svg") == 4 and "http" not in text.replace("http://www.w3.org/", "").split("</svg>")[-1]


def test_the_tutorial_is_kept_without_outputs() -> None:
    notebook = formats.read(TUTORIAL, as_version=4)
    formats.validate(notebook)
    code: list[Any] = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) > 8 and not any(cell.outputs or cell.execution_count for cell in code)
