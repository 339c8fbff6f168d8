"""The commands as processes: where the locale is not UTF-8, where no folder can be written, and for files whose
names are not UTF-8."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCALES = {
    "c": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "strict": {"PYTHONIOENCODING": "utf-8:strict"},
}
ENCODINGS = {"c": "ascii", "latin-1": "latin-1", "ascii": "ascii", "strict": "utf-8"}
HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "QUERYGRAD_CACHE", "NUMBA_CACHE_DIR", "MPLCONFIGDIR")
MAP = """
import sys
from verify.commands import main as cli, proving
from verify.reports.items import map_rows
from verify.obligations.catalogue import paper_obligations
proving.proved_rows = lambda how: (map_rows(list(paper_obligations().values()), []), [])
sys.exit(cli.main(["map"]))
"""
CAF = os.fsdecode(b"caf\xe9 \xc3\xa9 \xd7\x90")


def environment(**changed: str) -> dict[str, str]:
    """The environment of a process without what tells Python about encodings and homes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHON")) and name not in HOMES
    }
    return {**kept, "PYTHONPATH": str(ROOT), **changed}


def ran(*arguments: str, cwd: Path, **changed: str) -> subprocess.CompletedProcess[bytes]:
    """A Python process."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment(**changed), capture_output=True, check=False
    )


def commands() -> dict[str, list[str]]:
    """Commands on files whose names are not UTF-8."""
    return {
        "draw": ["draw", f"{CAF}.py:graph", "-o", f"{CAF}.svg", "--title", "\u05d0\u2192"],
        "prove": ["prove", f"{CAF}.py", "--jobs", "1", "--json", f"{CAF}.json", "--junit", f"{CAF}.xml"],
        "theorem": ["theorem", "2a", "--data", f"{CAF}.csv", "--runs", "1", "--json", f"theorem {CAF}.json"],
        "circuit": ["circuit", f"{CAF}.aag", "-o", f"{CAF}.bench"],
        "prove --circuit": ["prove", "--circuit", f"{CAF}.aag"],
        "show": ["show", "wrong", "--file", f"{CAF}.py"],
        "not there": ["prove", f"not there {CAF}.py"],
    }


@pytest.fixture
def place(folder: Path, tmp_path: Path) -> Path:
    """The files under names that are not UTF-8."""
    for source, ending in (("own.py", ".py"), ("rows.csv", ".csv"), ("few.aag", ".aag")):
        text = (folder / source).read_bytes().replace(b'"wrong " + EVERYTHING', b'"wrong"')
        (tmp_path / f"{CAF}{ending}").write_bytes(text)
    return tmp_path


def check(done: subprocess.CompletedProcess[bytes], encoding: str, code: int) -> None:
    """The exit code, no traceback, and nothing that the encoding could not say or a screen could not show."""
    assert done.returncode == code, done.stderr
    for shown in (done.stdout, done.stderr):
        assert b"Traceback" not in shown and all(line.isprintable() for line in shown.decode(encoding).split("\n"))


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_the_commands_work_where_the_locale_is_not_utf_8(locale: str, place: Path) -> None:
    codes = {"prove": 1, "show": 1, "not there": 2}
    for name, arguments in commands().items():
        done = ran("-m", "verify", *arguments, cwd=place, QUERYGRAD_CACHE=str(place / "cache"), **LOCALES[locale])
        check(done, ENCODINGS[locale], codes.get(name, 0))
        assert (done.stderr == b"") is (name != "not there")
    check(ran("-c", MAP, cwd=place, **LOCALES[locale]), ENCODINGS[locale], 0)
    check(ran("-m", "verify", "--help", cwd=place, **LOCALES[locale]), "ascii", 0)


def test_a_command_works_where_nothing_but_ascii_can_be_said(place: Path) -> None:
    done = ran("-m", "verify", "circuit", f"{CAF}.aag", "-o", f"{CAF}.aig", cwd=place, **LOCALES["c"])
    check(done, "ascii", 0)
    assert b"wrote caf\\udce9 \\" in done.stdout
    done = ran("-m", "verify", "prove", "--circuit", f"{CAF}.aag", "--json", "-", cwd=place, **LOCALES["ascii"])
    check(done, "ascii", 0)
    assert json.loads(done.stdout)["circuits"][0]["verdict"] == "PROVED"


@pytest.mark.slow
@pytest.mark.parametrize("home", ["nope", "file", "read-only"])
def test_without_a_folder_to_write_a_command_warns_once_and_works(home: str, place: Path) -> None:
    (place / "file").write_bytes(b"")
    where = {"nope": "/proc/nope", "file": str(place / "file"), "read-only": "/proc"}[home]
    if home != "file" and not Path("/proc/self").exists():
        pytest.skip("need /proc")
    homes = [{"HOME": where}, {"HOME": where, "XDG_CACHE_HOME": where}, {"QUERYGRAD_CACHE": where}]
    for changed in homes:
        done = ran("-m", "verify", "prove", f"{CAF}.py", "--jobs", "2", cwd=place, **changed)
        check(done, "utf-8", 1)
        assert re.fullmatch(rb"warning: results are not kept: need a folder for the cache [^\n]*\n", done.stderr)
    done = ran("-m", "verify", "draw", f"{CAF}.py:graph", "-o", "a.svg", cwd=place, **homes[1])
    check(done, "utf-8", 0)
    assert done.stderr == b"" and (place / "a.svg").exists()


@pytest.mark.slow
def test_a_run_that_goes_on_finds_the_data_by_a_name_that_is_not_utf_8(place: Path) -> None:
    known = f"{CAF}.json"
    for runs in ("1", "2"):
        options = ["--data", f"{CAF}.csv", "--json", known] if runs == "1" else ["--resume", known]
        done = ran("-m", "verify", "theorem", "2a", *options, "--runs", runs, cwd=place)
        check(done, "utf-8", 0)
    assert b"2 of 2 runs, the first 1 of them from caf" in done.stdout
