"""The example of a workflow: its steps, run as plain commands; and the hook that is offered to other repositories."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEPS = re.findall(r"^ +run: (.*)$", (ROOT / "examples" / "workflow.yml").read_text(encoding="utf-8"), flags=re.M)


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command line in a folder, where ``querygrad`` and ``python`` are these here."""
    functions = f'querygrad() {{ "{sys.executable}" -m verify "$@"; }}\npython() {{ "{sys.executable}" "$@"; }}\n'
    given = os.environ | {"PYTHONPATH": str(ROOT), "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    words = ["bash", "-c", functions + command]
    return subprocess.run(words, cwd=folder, env=given, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_each_step_of_the_workflow_runs(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    assert STEPS[0].startswith("pip install querygrad") and len(STEPS) == 5
    for step in STEPS[1:]:
        run = shell(step, tmp_path)
        assert run.returncode == 0, f"{step}\n{run.stdout}\n{run.stderr}"
    assert "3 obligations: 3 PROVED; all as expected" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    (tmp_path / "found.json").rename(tmp_path / "verdicts.json")
    assert shell(STEPS[1], tmp_path).returncode == 0 == shell(STEPS[3], tmp_path).returncode


def test_the_hook_takes_files_by_their_names_and_its_entry_is_a_command(tmp_path: Path) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    [pattern], [entry] = (
        re.findall(r"^  files: (.*)$", text, flags=re.M),
        re.findall(r"^  entry: (.*)$", text, flags=re.M),
    )
    found = [
        name
        for name in ("a/obligations_x.py", "x_obligations.py", "x.py", "obligations.txt")
        if re.search(pattern, name)
    ]
    assert found == ["a/obligations_x.py", "x_obligations.py"]
    (tmp_path / "my_obligations.py").symlink_to(ROOT / "examples" / "latch.py")
    assert shell(f"{entry} my_obligations.py", tmp_path).returncode == 0
