"""The wheel has all that the command needs, away from the checkout."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from verify.obligations.catalogue import paper_obligations

ROOT = Path(__file__).parents[2]
PARTS = ("constructions", "verify", "proofs_notes", "pyproject.toml", "README.md", "LICENSE")
COUNT = """
import verify
from verify.obligations.catalogue import paper_obligations
print(len(paper_obligations()), verify.__file__)
"""


def run(*arguments: str, cwd: Path, **environment: str) -> str:
    """What a Python process prints; its errors if it fails."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=kept | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources and unpacked to a folder without its dependencies."""
    if importlib.util.find_spec("build") is None:
        pytest.skip("need the package build (pip install -e '.[dev]')")
    place = tmp_path_factory.mktemp("wheel")
    copy, target = place / "copy", place / "target"
    copy.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, copy / part)
    run("-m", "build", "--wheel", "--outdir", str(place), str(copy), cwd=place)
    (wheel,) = place.glob("*.whl")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel), cwd=place)
    return target


@pytest.mark.slow
def test_the_wheel_has_the_two_packages_and_nothing_else(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if path.suffix != ".dist-info"} - {"bin", "share"} == {
        "constructions",
        "verify",
    }


@pytest.mark.slow
def test_the_wheel_says_that_its_packages_are_typed(installed: Path) -> None:
    assert all((installed / package / "py.typed").is_file() for package in ("constructions", "verify"))


@pytest.mark.slow
def test_the_installed_command_has_every_obligation(installed: Path, tmp_path: Path) -> None:
    count, file = run("-c", COUNT, cwd=tmp_path, PYTHONPATH=str(installed)).split(maxsplit=1)
    assert int(count) == len(paper_obligations())
    assert Path(file.strip()).is_relative_to(installed)


@pytest.mark.slow
def test_the_installed_command_proves_figure_1(installed: Path, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(installed), "QUERYGRAD_CACHE": str(tmp_path / "cache")}
    assert "sigma.figure" in run("-m", "verify", "prove", "Figure 1", cwd=tmp_path, **environment)


@pytest.mark.slow
def test_the_installed_command_explains_itself(installed: Path, tmp_path: Path) -> None:
    said = run("-m", "verify", "--help", cwd=tmp_path, PYTHONPATH=str(installed))
    assert all(command in said for command in ("prove", "show", "map", "draw"))
