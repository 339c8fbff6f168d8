"""Kept results of a user's file: found again while all that was read is the same, else examined anew."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from verify.commands.main import main
from verify.discharge.many import run
from verify.discharge.result import Result
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.obligations.sources import read_sources
from verify.obligations.user_file import claims_of

CLAIM = '''
{head}
from fractions import Fraction
from pathlib import Path
from verify.obligations.obligation import obligation

@obligation("{name}", paper="an example", of=lambda case: 2, twin=lambda case: 3)
def twice(number, case):
    """Twice an integer that is 1 is the number that the file finds, less the number, plus 2."""
    n = case.integer("n")
    case.assume(n == 1)
    case.show("it is", 2 * n + Fraction({value}) == 2 + number)
'''
HERE = "Path(__file__).parent"
WATCHED = {
    "same": ("", f"({HERE} / 'data.txt').read_text()"),
    "content": ("", f"({HERE} / 'content.txt').read_text()"),
    "binary": ("", f"int(open({HERE} / 'binary', 'rb').read()[0] - 48)"),
    "relative": ("", "open('relative.txt').read()"),
    "link": ("", f"({HERE} / 'link.txt').read_text()"),
    "override": (
        """
def found():
    try:
        return open('override.txt').read()
    except FileNotFoundError:
        return 2
""",
        "found()",
    ),
    "folder": (
        """
def inside():
    try:
        return open('folder/inside.txt').read()
    except (FileNotFoundError, NotADirectoryError):
        return 2
""",
        "inside()",
    ),
    "helper": ("import helper", "helper.VALUE"),
    "deep": ("from package import part", "part.VALUE"),
    "later": ("", "late()\n\ndef late():\n    import lazy\n    return lazy.VALUE\n\n(0"),
}
UNWATCHED = {
    "glob": ("", f"len(list(({HERE} / 'many').glob('*.txt'))) * 2"),
    "iterdir": ("", f"len(list(({HERE} / 'many').iterdir())) * 2"),
    "append": ("", "open('appended.txt', 'a+').tell() * 0 + 2"),
    "stat": ("import os", "os.stat('data.txt').st_size * 2"),
    "exists": ("", "2 if Path('data.txt').exists() else 3"),
    "device": ("", "2 if open('/proc/uptime').read() else 3"),
    "clock": ("import time", "2 if time.time() > 0 else 3"),
    "environment": ("from os import environ", "environ.get('MY_NUMBER', 2)"),
    "chance": ("import networkx", "2 if len(networkx.gnm_random_graph(5, 3)) else 3"),
    "hidden": ("", "__import__('os').getpid() * 0 + 2"),
    "evaluated": ("", "eval('2')"),
    "subclasses": ("", "len(object.__subclasses__()) * 0 + 2"),
    "far": ("import far", "far.VALUE"),
    "optional": ("try:\n    import none_such\nexcept ImportError:\n    pass", "2"),
}


def text(name: str, head: str, value: str) -> str:
    """The file of one claim; what stands after its value is put behind the claim."""
    value, _, rest = value.partition("\n")
    return CLAIM.format(name=name, head=head, value=value) + rest.removesuffix("(0")


def lay(folder: Path, value: int) -> None:
    """All that the claims read, with one value in it; times and sizes are the same for every value."""
    for name in ("data.txt", "content.txt", "binary", "first.txt"):
        (folder / name).write_text(str(value) if name != "data.txt" else "2")
    (folder / "helper.py").write_text(f"VALUE = {value}\n")
    (folder / "lazy.py").write_text(f"VALUE = {value}\n")
    (folder / "far.py").write_text("import os\nVALUE = 2\n")
    (folder / "package").mkdir(exist_ok=True)
    (folder / "package" / "part.py").write_text("from package.inner import VALUE\n")
    (folder / "package" / "inner.py").write_text(f"VALUE = {value}\n")
    for path in folder.rglob("*"):
        os.utime(path, (10**9, 10**9))


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Result]]]:
    """Three runs of all the files: at first, again, and after everything was changed that can be without a trace."""
    patch, place = pytest.MonkeyPatch(), tmp_path_factory.mktemp("kept")
    patch.setenv("QUERYGRAD_CACHE", str(place / "cache"))
    mine, here, there = place / "mine", place / "here", place / "there"
    for folder in (mine, mine / "many", here, there):
        folder.mkdir()
    for name, (head, value) in {**WATCHED, **UNWATCHED}.items():
        (mine / f"{name}_file.py").write_text(text(name, head, value))
    lay(mine, 2)
    (mine / "many" / "one.txt").touch()
    (here / "relative.txt").write_text("2")
    (there / "relative.txt").write_text("3")
    for folder in (here, there):
        (folder / "data.txt").write_text("2")
    (mine / "second.txt").write_text("3")
    (mine / "link.txt").symlink_to("first.txt")
    (mine / "first.txt").write_text("2")
    patch.chdir(here)
    found = [run_all(mine), run_all(mine)]
    lay(mine, 3)
    (mine / "link.txt").unlink()
    (mine / "link.txt").symlink_to("second.txt")
    (mine / "first.txt").write_text("2")
    (there / "override.txt").write_text("3")
    (there / "folder").mkdir()
    (there / "folder" / "inside.txt").write_text("3")
    patch.chdir(there)
    found.append(run_all(mine))
    patch.undo()
    yield found


def run_all(folder: Path) -> dict[str, Result]:
    """The results of all files, by name."""
    homes = {path.stem.removesuffix("_file"): read_sources(path) for path in sorted(folder.glob("*_file.py"))}
    claims = [claims_of(home).obligations[name] for name, home in homes.items()]
    return {result.id: result for result in run(claims, files=homes, jobs=2)}


@pytest.mark.parametrize("name", WATCHED)
def test_what_can_be_watched_is_kept_until_it_changes(rounds: list[dict[str, Result]], name: str) -> None:
    before, again, after = (found[name] for found in rounds)
    assert (before.word, before.error, before.unkept) == ("PROVED", None, "")
    assert (again.word, again.cached) == ("PROVED", True)
    assert (after.word, after.cached) == (("PROVED", True) if name == "same" else ("REFUTED", False))


REASONS = {
    "glob": "uses .glob (line 12)",
    "iterdir": "lists a folder",
    "append": "writes to the file appended.txt",
    "stat": "imports os (line 2)",
    "exists": "uses .exists",
    "device": "reads /proc/uptime, which is no ordinary file",
    "clock": "imports time (line 2)",
    "environment": "imports os (line 2)",
    "chance": "draws random numbers",
    "hidden": "uses __import__",
    "evaluated": "uses eval",
    "subclasses": "uses .__subclasses__",
    "far": "far.py imports os (line 1)",
    "optional": "imports none_such (line 3)",
}


@pytest.mark.parametrize("name", UNWATCHED)
def test_what_cannot_be_watched_is_not_kept_and_why_is_said(rounds: list[dict[str, Result]], name: str) -> None:
    assert [(found[name].word, found[name].cached) for found in rounds] == [("PROVED", False)] * 3
    assert REASONS[name] in rounds[0][name].unkept


def test_every_reason_is_tried() -> None:
    assert set(REASONS) == set(UNWATCHED)


@pytest.mark.timed  # where lines are noted, tests have more time for a claim than a command has
def test_tests_share_verdicts_and_a_command_finds_them(
    verdict_of: Callable[[Obligation], Result], kept_verdicts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    obligation = paper_obligations()["sigma.figure"]
    first, second = verdict_of(obligation), verdict_of(obligation)
    assert second.cached and replace(second, cached=first.cached) == first
    assert list(kept_verdicts.glob("*.json"))
    assert main(["prove", "sigma.figure"]) == 0
    assert "1 kept from earlier runs" in capsys.readouterr().out
    for file in kept_verdicts.glob("*.json"):
        if '"sigma.figure"' in file.read_text(encoding="utf-8"):
            file.unlink()
    assert not verdict_of(obligation).cached
