"""What is written runs, what it points to exists, and the map is what the command prints."""

import doctest
import re
import subprocess
from pathlib import Path

import click
import pytest

from verify.commands.main import cli
from verify.commands.proving import proved_rows
from verify.obligations.paper import ITEMS
from verify.provers.outcome import SECONDS
from verify.reports.map import markdown

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "proofs_notes").rglob("*.md")])
FENCED = re.compile(r"^```.*?^```", flags=re.M | re.S)
PYTHON = re.compile(r"^```python\n(.*?)^```", flags=re.M | re.S)
PLACE = re.compile(r"""(?<![\w.])/(?:work|tmp|home|root|Users|mnt|opt)/|[A-Z]:\\Users""")


def name(page: Path) -> str:
    """A page by its place in the project."""
    return page.relative_to(ROOT).as_posix()


def text(page: Path) -> str:
    """What is on a page."""
    return page.read_text(encoding="utf-8")


def snippets() -> list[tuple[str, int, str]]:
    """Every Python block with a prompt: its page, its first line, its text."""
    found = ((page, match) for page in PAGES for match in PYTHON.finditer(text(page)))
    return [
        (name(page), text(page)[: match.start()].count("\n") + 2, match[1])
        for page, match in found
        if ">>>" in match[1]
    ]


def tracked() -> list[str]:
    """The files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("need a git checkout to know which files are tracked")
    return [file for file in listed.stdout.split("\0") if file and (ROOT / file).is_file()]


@pytest.mark.parametrize(
    ("page", "line", "snippet"), snippets(), ids=lambda value: value if str(value).endswith(".md") else ""
)
def test_a_snippet_does_what_the_page_says(page: str, line: int, snippet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(snippet, {"__name__": "__main__"}, page, page, line - 1)
    said: list[str] = []
    failed, tried = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert tried and not failed, "".join(said)


def test_the_readme_has_snippets_and_every_python_block_has_a_prompt() -> None:
    assert "README.md" in {page for page, _, _ in snippets()}
    assert len(snippets()) == sum(len(PYTHON.findall(text(page))) for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_link_or_an_image_points_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(\s*<?([^)\s>]+)", FENCED.sub("", text(page)))
    local = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    assert not [target for target in local if target and not (page.parent / target).exists()]
    assert not [target for target in local if target.startswith("/")]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_path_in_the_text_exists(page: Path) -> None:
    paths = re.findall(r"`((?:constructions|verify|tests|examples|proofs_notes)/[\w./-]*)`", text(page))
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_no_file_names_a_place_on_one_machine() -> None:
    found = []
    for file in tracked():
        data = (ROOT / file).read_bytes()
        if b"\0" not in data:
            lines = data.decode("utf-8").splitlines()
            found += [f"{file}:{number}" for number, line in enumerate(lines, 1) if PLACE.search(line)]
    assert not found


def test_a_place_on_one_machine_would_be_found() -> None:
    assert PLACE.search("see /" + "tmp/x") and PLACE.search("(/" + "home/me)")
    assert not PLACE.search("constructions/networks/gates.py") and not PLACE.search("https://example.org/" + "home/")


def test_the_readme_has_a_row_for_every_command() -> None:
    rows = re.findall(r"^\| `querygrad ([a-z]+)", text(ROOT / "README.md"), flags=re.M)
    assert sorted(set(rows)) == cli.list_commands(click.Context(cli))


def test_the_map_has_a_row_for_every_item_in_order() -> None:
    rows = re.findall(r"^\| ([^|`]+?) \|", text(ROOT / "proofs_notes" / "map.md"), flags=re.M)
    names = [item.name for item in ITEMS]
    assert [row for row in rows if row in names] == names


@pytest.mark.slow
def test_the_map_is_what_the_command_prints_now() -> None:
    rows, _ = proved_rows(jobs=None, seconds=SECONDS)
    assert text(ROOT / "proofs_notes" / "map.md") == markdown(rows)
