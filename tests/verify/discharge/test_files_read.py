"""What is noted while a claim is stated; tried in other processes, for what listens to Python's events stays."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from verify.discharge.files_read import ABSENT, FOLDER, digest_of

ROOT = Path(__file__).parents[3]
SCRIPT = """
import json, os, random, sys, warnings
import networkx
from pathlib import Path
from verify.discharge.files_read import watching
def on():
    {code}
with watching("mine") as seen:
    try:
        on()
    except Exception as error:
        print(type(error).__name__, file=sys.stderr)
print(json.dumps([[[file.name, file.digest] for file in seen.reads()], seen.unwatchable()]))
"""


def noted(place: Path, code: str) -> tuple[dict[str, str], str]:
    """The files that some code reads in a folder, with digests, and what it does that cannot be watched."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(code=code)],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    reads, said = json.loads(done.stdout)
    return dict(reads), said


def test_files_are_noted_by_the_names_that_were_used(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("1")
    (tmp_path / "link.txt").symlink_to("data.txt")
    (tmp_path / "sub").mkdir()
    code = f"""
    open("data.txt").read(); Path("link.txt").read_bytes(); open(b"data.txt", "rb")
    for name in ("absent.txt", "sub", "data.txt/x"):
        try: open(name)
        except OSError: pass
    open({str(tmp_path / "data.txt")!r}); open(os.devnull); open(json.__file__); import decimal, graphlib"""
    reads, said = noted(tmp_path, code)
    content = digest_of(str(tmp_path / "data.txt"))
    assert reads == {
        "data.txt": content,
        "link.txt": content,
        "absent.txt": ABSENT,
        "sub": FOLDER,
        "data.txt/x": digest_of(str(tmp_path / "data.txt/x")),
        str(tmp_path / "data.txt"): content,
    }
    assert said == ""
    assert reads["data.txt/x"].startswith("not to be read (")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("os.listdir('.')", "lists a folder (.)"),
        ("list(os.scandir('.'))", "lists a folder (.)"),
        ("list(Path('.').iterdir())", "lists a folder (.)"),
        ("list(Path('.').glob('*'))", "lists a folder (.)"),
        ("list(os.walk('.'))", "lists a folder (.)"),
        ("import glob; glob.glob('*')", "lists a folder (*)"),
        ("open('new.txt', 'a+')", "writes to the file new.txt"),
        ("open('new.txt', 'w')", "writes to the file new.txt"),
        ("open('data.txt', 'r+')", "writes to the file data.txt"),
        ("os.open('data.txt', os.O_RDWR)", "writes to the file data.txt"),
        ("os.chdir('/')", "changes the working directory (/)"),
        ("os.mkdir('new')", "does more to files and processes than read files (new)"),
        ("os.remove('data.txt')", "does more to files and processes than read files (data.txt)"),
        ("os.system('true')", "does more to files and processes than read files"),
        ("import subprocess; subprocess.run(['true'])", "starts a process (true)"),
        ("import socket; socket.socket()", "uses the network"),
        ("import sqlite3; sqlite3.connect(':memory:')", "uses a database"),
        ("import tempfile; tempfile.mkdtemp()", "writes to the file "),
        ("open('/proc/uptime')", "reads /proc/uptime, which is no ordinary file"),
        ("open('/dev/urandom', 'rb')", "reads /dev/urandom, which is no ordinary file"),
        ("open(os.dup(0))", "opens a file by its number"),
        ("random.random()", "draws random numbers"),
        ("networkx.gnp_random_graph(3, 0.5)", "draws random numbers"),
        ("open('data.txt').read(); os.utime('data.txt', (5, 5)); open('data.txt')", "does more to files"),
        ("warnings.warn('words'); open('data.txt'); random.Random(3).random(); 'x' in os.environ", ""),
    ],
)
def test_what_cannot_be_watched_is_said(tmp_path: Path, code: str, said: str) -> None:
    (tmp_path / "data.txt").write_text("1")
    found = noted(tmp_path, code)[1]
    assert found.startswith(said) and bool(found) == bool(said)


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("1")
    change = "import ctypes; ctypes.CDLL(None).truncate(b'data.txt', 0)"  # no event of Python's tells of this
    assert noted(tmp_path, f"open('data.txt').read(); {change}")[1] == "reads data.txt, which changed meanwhile"
    (tmp_path / "data.txt").write_bytes(b"\0")  # what an empty file is when it is made longer again
    again = f"open('data.txt').read(); {change}; open('data.txt').read(); ctypes.CDLL(None).truncate(b'data.txt', 1)"
    assert noted(tmp_path, again)[1] == "reads data.txt, which changed meanwhile"


def test_watches_are_by_file() -> None:
    code = """
from verify.discharge.files_read import watching
import os
with watching("one") as one:
    os.listdir(".")
with watching("two") as two:
    open(os.__file__)
with watching("one") as again:
    pass
print([one.unwatchable(), two.unwatchable(), again is one])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['lists a folder (.)', '', True]\n"


def test_a_digest_says_what_a_name_leads_to(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    found = [digest_of(str(tmp_path / name)) for name in ("a", "b", ".", "a/b", "\0")]
    assert len(found[0]) == 64 and found[1:3] == [ABSENT, FOLDER]
    assert found[3].startswith("not to be read (") and found[4] == "not to be read (no name of a file)"
