"""What is found while a source is edited is kept neither for the source as it was nor as it is then."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILE = "constructions/foundations/activation.py"
RIGHT, WRONG = "(0, 1, 0, 1, 0), -2)", "(0, 2, 0, 1, 0), -2)"
PROGRAM = f"""
import sys
from pathlib import Path
from verify.commands.main import main
from verify.discharge import workers

file, start, take, when = Path({FILE!r}), workers._start, workers._take, sys.argv[1]

def edited(old, new):
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

def started():
    if when != "never":
        edited({RIGHT!r}, {WRONG!r})
    return start()

def taken(worker, job):
    reply = take(worker, job)
    if when == "for a while":
        edited({WRONG!r}, {RIGHT!r})
    return reply

workers._start, workers._take = started, taken
sys.exit(main(["prove", "sigma.figure", "--jobs", "1"]))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the packages, with what Python has compiled of all modules but the one that is edited."""
    for package in ("constructions", "verify"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns(f"{Path(FILE).stem}.*.pyc"))
    return tmp_path


def proved(tree: Path, when: str) -> str:
    """What `prove` prints in a tree while a source is edited before its worker starts; ``when``: for how long."""
    environment = os.environ | {"QUERYGRAD_CACHE": str(tree / "cache"), "PYTHONPATH": str(tree)}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
    command = [sys.executable, "-c", PROGRAM, when]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("when", ["until the end", "for a while"])
def test_a_result_of_a_source_that_is_edited_after_its_digest_was_taken_is_not_kept(tree: Path, when: str) -> None:
    found = proved(tree, when)
    assert "1 REFUTED" in found and "0 kept" in found
    said = f"warning: results are not kept from here on: need sources that stay as they are, got a change of {FILE}"
    assert said in found
    (tree / FILE).write_bytes((ROOT / FILE).read_bytes())
    again = proved(tree, "never")
    assert "1 PROVED" in again and "0 kept" in again
    assert "1 kept" in proved(tree, "never")
