"""What is written runs, what it points to exists, and the map is what the command prints."""

import os
import re
import subprocess
from pathlib import Path

import click
import pytest

from tests.house.transcripts import CONSOLE, PYTHON, as_shown, main, sessions, snippet_fails
from verify.commands.main import cli
from verify.commands.proving import Proving, proved_rows
from verify.obligations.catalogue import paper_obligations
from verify.obligations.paper import ITEMS
from verify.provers.outcome import SECONDS
from verify.reports.map import markdown

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "proofs_notes").rglob("*.md")])
FENCED = re.compile(r"^```.*?^```", flags=re.M | re.S)
FOLDERS = ("constructions", "verify", "tests", "examples", "benchmarks", "proofs_notes")
SCRIPTS = {path.name for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")}
PLACE = re.compile(r"""(?<![\w.])/(?:work|tmp|home|root|Users|mnt|opt)/|[A-Z]:\\Users""")


def name(page: Path) -> str:
    """A page by its place in the project."""
    return page.relative_to(ROOT).as_posix()


def text(page: Path) -> str:
    """What is on a page."""
    return page.read_text(encoding="utf-8")


NOTES = ROOT / "proofs_notes"
INDEX = NOTES / "README.md"
GENERATED = {
    "proofs_notes/map.md",
    "proofs_notes/mutation.md",
    "proofs_notes/computation/learner_sizes.md",
    "proofs_notes/reference/api.md",
    "proofs_notes/reference/cli.md",
}
WORDS = {"glossary.md", "errata.md"}  # pages about everything, with no item of their own
WRITTEN = [page for page in PAGES if NOTES in page.parents and page != INDEX and name(page) not in GENERATED]


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


WHOLE_JOBS = ("proofs_notes/notebooks.md", "proofs_notes/elsewhere.md")
"""The snippets of these pages train, certify, or load runtimes of others."""


@pytest.mark.parametrize(
    ("page", "line", "snippet"),
    [pytest.param(*each, marks=[pytest.mark.slow] * (each[0] in WHOLE_JOBS)) for each in snippets()],
    ids=lambda value: value if str(value).endswith(".md") else "",
)
def test_a_snippet_does_what_the_page_says(page: str, line: int, snippet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    wrong = snippet_fails(snippet, page, line - 1)
    assert not wrong, wrong


def test_the_readme_has_snippets_and_every_python_block_has_a_prompt() -> None:
    assert "README.md" in {page for page, _, _ in snippets()}
    assert len(snippets()) == sum(len(PYTHON.findall(text(page))) for page in PAGES)


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if CONSOLE.search(text(page))], ids=name)
def test_a_command_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    given = os.environ | {"PYTHONPATH": str(ROOT)}
    found = [as_shown(command, shown, tmp_path, given) for command, shown in sessions(text(page))]
    assert not [wrong for wrong in found if wrong]


def test_a_command_that_prints_something_else_would_be_found(tmp_path: Path) -> None:
    page = "```console\n$ echo one two; echo three\none ...\nthree\n$ echo four\nfive\n```\n"
    first, second = sessions(page)
    assert not as_shown(*first, tmp_path, os.environ)
    assert as_shown(*second, tmp_path, os.environ) == "echo four\nfour\n"


def test_a_page_is_compared_as_a_reader_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, seen in (("right.md", "2"), ("wrong.md", "3")):
        snippet = f"```python\n>>> 1 + 1\n{seen}\n\n```\n"
        (tmp_path / name).write_text(f"```console\n$ ls examples/latch.py\nexamples/latch.py\n```\n{snippet}")
    assert main([str(tmp_path / "right.md")]) == 0 and main([str(tmp_path / "wrong.md")]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [f"as shown: {tmp_path / 'right.md'}", f"not as shown: {tmp_path / 'wrong.md'}"]
    assert main([]) == 1


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_link_or_an_image_points_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(\s*<?([^)\s>]+)", FENCED.sub("", text(page)))
    local = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    assert not [target for target in local if target and not (page.parent / target).exists()]
    assert not [target for target in local if target.startswith("/")]


def code_on(page: Path) -> list[str]:
    """What stands in backticks on a page, and the lines of its blocks that are no Python."""
    blocks = re.findall(r"^```(?!python)\w*\n(.*?)^```", text(page), flags=re.M | re.S)
    return re.findall(r"`([^`\n]+)`", FENCED.sub("", text(page))) + "".join(blocks).splitlines()


def missing_paths(code: str) -> list[str]:
    """The paths in a piece of code, a folder of the project first, that lead to nothing; ``*`` stands for anything."""
    paths = re.findall(rf"(?<![\w./-])((?:{'|'.join(FOLDERS)})/[\w./*-]*)", code)
    paths = [path.rstrip(".") for path in paths]
    return [path for path in paths if not (list(ROOT.glob(path)) if "*" in path else (ROOT / path).exists())]


def missing_modules(code: str) -> list[str]:
    """The dotted names in a piece of code that are neither a module of the project nor a name in one."""
    names = re.findall(r"(?<![\w./-])((?:constructions|verify)(?:\.\w+)+)(?![\w/])", code)
    return [name for name in names if not (_is_module(name) or _is_module(name.rpartition(".")[0]))]


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").exists()


def unknown_options(code: str) -> list[str]:
    """The options in a command line that its command does not have, and a command that there is not."""
    found = re.match(r"(?:\$ |^)querygrad ([a-z]+)(.*)", code.strip())
    if not found:
        return []
    command = cli.get_command(click.Context(cli), found[1])
    if command is None:
        return [found[1]]
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
    used = re.findall(r"(?<=\s)(--?[a-z][a-z-]*)", found[2].split(" | ")[0])
    return [option for option in used if option not in known]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_names_of_the_code_exists(page: Path) -> None:
    spans = code_on(page)
    assert not [path for span in spans for path in missing_paths(span)]
    assert not [module for span in spans for module in missing_modules(span)]
    alone = [span for span in spans if re.fullmatch(r"\w+\.py", span)]
    assert not [file for file in alone if file not in SCRIPTS and file != "FILE.py"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_command_on_a_page_has_the_options_that_it_is_given(page: Path) -> None:
    assert not [option for span in code_on(page) for option in unknown_options(span)]


def test_what_does_not_exist_would_be_found() -> None:
    assert missing_paths("python benchmarks/no_such.py --most 3") == ["benchmarks/no_such.py"]
    assert missing_paths("verify/claims/*/no_such.py") and not missing_paths("verify/claims/*/budget.py")
    assert missing_modules("python -m verify.no_such.room x") == ["verify.no_such.room"]
    assert not missing_modules("constructions.networks.memory.is_memory")
    assert unknown_options("$ querygrad prove --no-such FILE.py") == ["--no-such"]
    assert unknown_options("querygrad nothing") == ["nothing"] and not unknown_options("querygrad prove --fresh")


def test_the_index_of_the_notes_has_each_page_once() -> None:
    targets = re.findall(r"^\* \[[^]]+\]\((\S+\.md)\): ", text(INDEX), flags=re.M)
    linked = [(NOTES / target).resolve() for target in targets]
    assert sorted(linked) == sorted(page for page in PAGES if NOTES in page.parents and page != INDEX)


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_a_note_leads_back_to_the_index(page: Path) -> None:
    up = "../" * (len(page.relative_to(NOTES).parts) - 1)
    assert text(page).splitlines()[1:3] == ["", f"[Index of the notes]({up}README.md)"]


@pytest.mark.parametrize("page", [page for page in WRITTEN if page.name not in WORDS], ids=name)
def test_a_note_opens_with_its_item_and_its_claim(page: Path) -> None:
    opening = text(page).split("\n\n")[2]
    assert opening.startswith("**Item.** ") and "\n**Claim.** " in opening


@pytest.mark.parametrize("page", [page for page in WRITTEN if page.name not in WORDS], ids=name)
def test_a_note_that_names_obligations_says_what_is_proved_or_only_checked(page: Path) -> None:
    ids = {id.split(".")[0] for id in paper_obligations()}
    if any(quoted.split(".")[0] in ids for quoted in re.findall(r"`([\w'*-]+\.[\w'.*-]+)`", text(page))):
        assert re.search(r"^\*\*(Proved|Only checked)\.\*\* ", text(page).split("\n\n")[2], flags=re.M)


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
    rows, _ = proved_rows(Proving(seconds=SECONDS))
    assert text(ROOT / "proofs_notes" / "map.md") == markdown(rows)
