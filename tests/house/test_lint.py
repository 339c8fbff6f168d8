"""One list of linters: what ``make lint`` runs, what runs before a commit, and what they read."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TREES = {"constructions", "verify", "tests", "benchmarks", "examples"}


def text(name: str) -> str:
    """A file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile, its variables for the environment put in."""
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text("Makefile"), flags=re.M)
    assert found is not None
    return [line.strip().replace("$(BIN)", ".venv/bin") for line in found[1].splitlines()]


def tool(name: str) -> dict[str, Any]:
    """The settings of a tool."""
    found: dict[str, Any] = tomllib.loads(text("pyproject.toml"))["tool"][name]
    return found


def test_before_a_commit_runs_what_make_lint_runs() -> None:
    hooks = re.findall(r"^ +entry: (.+)$", text(".pre-commit-config.yaml"), flags=re.M)
    assert hooks == recipe("lint") and len(hooks) == 3


def test_a_hook_reads_the_whole_project_and_needs_no_network() -> None:
    config = text(".pre-commit-config.yaml")
    assert re.findall(r"repo: (.+)", config) == ["local"]
    for said in ("language: system", "pass_filenames: false"):
        assert config.count(said) == config.count("- id: ")


def test_linters_coverage_and_the_release_are_part_of_the_integration() -> None:
    assert {"make lint", "make coverage", "make release"} <= set(text(".ci/run").splitlines())


def test_make_coverage_fails_below_a_floor() -> None:
    words = " ".join(recipe("coverage")).split()
    assert {"pytest", "--cov", "--cov-fail-under=$(FLOOR)"} <= set(words) and words[
        words.index("-m", 3) + 1
    ] == "$(UNTIMED)"
    (floor,) = re.findall(r"^FLOOR := (\d+)$", text("Makefile"), flags=re.M)
    assert int(floor) >= 90
    assert set(tool("coverage")["run"]["source_pkgs"]) == {"constructions", "verify"}


def test_coverage_is_of_the_fast_tests_but_those_with_a_time_limit() -> None:
    (untimed,) = re.findall(r'^UNTIMED := "(.+)"$', text("Makefile"), flags=re.M)
    (fast,) = re.findall(r"-m '(.+?)'", tool("pytest")["ini_options"]["addopts"])
    assert untimed == f"{fast} and not timed"


def test_mypy_is_strict_over_every_tree_with_python_files() -> None:
    folders = {path.name: path for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}
    trees = {name for name, path in folders.items() if next(path.rglob("*.py"), None)}
    assert trees - {"build", "dist"} == TREES
    assert set(tool("mypy")["files"]) == TREES and tool("mypy")["strict"] is True
    assert all(set(row) <= {"module", "ignore_missing_imports", "follow_imports"} for row in tool("mypy")["overrides"])


def test_the_page_for_contributors_fits_on_a_screen_and_names_targets_that_exist() -> None:
    page = text("CONTRIBUTING.md")
    assert len(page.splitlines()) <= 40
    assert not [line for line in page.splitlines() if len(line) > tool("ruff")["line-length"]]
    named = set(re.findall(r"`make (\w+)`", page))
    assert {"prove", "test", "lint", "reference", "map"} <= named
    assert all(recipe(target) for target in named)


def test_no_file_is_left_unformatted() -> None:
    assert not tool("ruff").get("format") and "exclude" not in tool("ruff")
    marks = ("# fmt: " + "skip", "# fmt: " + "off")
    sources = [path for tree in TREES for path in (ROOT / tree).rglob("*.py")]
    assert not [path for path in sources if any(mark in path.read_text(encoding="utf-8") for mark in marks)]
