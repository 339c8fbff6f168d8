"""A user's file and its own modules: found without executing them, read once, executed as they were read."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from verify.obligations.sources import Sources, at_home, read_sources
from verify.obligations.user_file import claims_of, load_file

CLAIM = '''
from verify.obligations.obligation import obligation

@obligation("mine.claim", paper="an example", of=lambda case: {value}, twin=lambda case: 0)
def claim(number, case):
    """A number."""
    case.show("it", case.real("x") == number)
'''


def write(folder: Path, files: dict[str, str]) -> Path:
    """Files in a folder; the first is the user's."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder / next(iter(files))


HIDES = "mine.py imports zipapp, which hides a module of Python (line 1)"


def subject(sources: Sources) -> object:
    """What the file's claim is about."""
    return claims_of(sources).obligations["mine.claim"].of(None)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def paths() -> Iterator[None]:
    """Nothing of a user's stays on the path."""
    before = list(sys.path)
    yield
    assert sys.path == before


def test_own_modules_are_found_however_they_are_imported(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "mine.py": "import one\nfrom pack import two\nimport pack.sub.three as x\n"
            "def late():\n    from bare import four\n",
            "one.py": "import five",
            "five.py": "",
            "pack/__init__.py": "",
            "pack/two.py": "from . import six\nfrom .sub import three",
            "pack/six.py": "",
            "pack/sub/__init__.py": "",
            "pack/sub/three.py": "from ..six import y",
            "bare/four.py": "",
            "unused.py": "",
        },
    )
    found = read_sources(path)
    assert [module.name for module in found.modules] == [
        "bare",
        "bare.four",
        "five",
        "one",
        "pack",
        "pack.six",
        "pack.sub",
        "pack.sub.three",
        "pack.two",
    ]
    assert found.unkept == ""


@pytest.mark.parametrize(
    ("files", "said"),
    [  # ", which cannot be watched" is added to each
        ({"mine.py": "import helper", "helper.py": "\nimport os"}, "helper.py imports os (line 2)"),
        ({"mine.py": "import helper", "helper.py": "x = eval"}, "helper.py uses eval (line 1)"),
        ({"mine.py": "import zipapp", "zipapp.py": ""}, HIDES),
        ({"mine.py": "import abi", "abi.so": ""}, "mine.py imports abi, which is not written in Python (line 1)"),
        ({"mine.py": "import absent"}, "mine.py imports absent (line 1)"),
        ({"mine.py": "import numpy"}, "mine.py imports numpy (line 1)"),
        ({"mine.py": "import helper", "helper.py": "from pathlib import Path", "more.py": ""}, ""),
    ],
)
def test_the_first_thing_that_cannot_be_watched_is_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    assert "zipapp" not in sys.modules
    found = read_sources(write(tmp_path, files)).unkept
    assert found.removeprefix(f"{os.path.realpath(tmp_path)}/") == (f"{said}, which cannot be watched" if said else "")


def test_what_was_read_is_executed_whatever_the_files_say_meanwhile(tmp_path: Path) -> None:
    path = write(
        tmp_path, {"mine.py": "from helper import VALUE\n" + CLAIM.format(value="VALUE"), "helper.py": "VALUE = 1\n"}
    )
    found = read_sources(path)
    path.write_text("broken(")
    (tmp_path / "helper.py").write_text("VALUE = 2\n")
    assert subject(found) == 1
    assert "helper" not in sys.modules


def test_a_module_of_the_same_size_and_time_is_read_anew(tmp_path: Path) -> None:
    path = write(
        tmp_path, {"mine.py": "from helper import VALUE\n" + CLAIM.format(value="VALUE"), "helper.py": "VALUE = 1\n"}
    )
    found = []
    for value in (1, 2):
        (tmp_path / "helper.py").write_text(f"VALUE = {value}\n")
        os.utime(tmp_path / "helper.py", (10**9, 10**9))
        found.append(read_sources(path))
    assert [subject(sources) for sources in found] == [1, 2]
    assert found[0].digest != found[1].digest


def test_the_digest_is_of_all_that_is_executed_and_of_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path, {"mine.py": "import helper", "helper.py": "", "other.py": ""})
    before = read_sources(path).digest
    (tmp_path / "other.py").write_text("x = 1")
    assert read_sources(path).digest == before
    (tmp_path / "helper.py").write_text("x = 1")
    assert read_sources(path).digest != before


def test_modules_are_at_home_only_inside(tmp_path: Path) -> None:
    homes = []
    for value in (1, 2):
        path = write(tmp_path / str(value), {"mine.py": "", "helper.py": f"VALUE = {value}"})
        path.write_text("import helper")
        homes.append(read_sources(path))
    seen = []
    for home in (*homes, *homes):
        with at_home(home):
            seen.append(__import__("helper"))
    assert [module.VALUE for module in seen] == [1, 2, 1, 2]
    assert seen[0] is seen[2] and "helper" not in sys.modules


def test_a_module_that_is_there_already_gives_way_and_comes_back(tmp_path: Path) -> None:
    path = write(tmp_path, {"mine.py": "import helper", "helper.py": "VALUE = 3"})
    there = type(sys)("helper")
    there.__file__ = str(tmp_path / "elsewhere" / "helper.py")
    sys.modules["helper"] = there
    try:
        with at_home(read_sources(path)):
            assert __import__("helper").VALUE == 3
        assert sys.modules["helper"] is there
    finally:
        del sys.modules["helper"]


@pytest.mark.parametrize("name", ["none.py", "folder.py", "text.txt"])
def test_what_is_no_python_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "text.txt").touch()
    with pytest.raises(ConstructionError, match=r"need a (Python file, got|file whose name ends in \.py, got)"):
        read_sources(tmp_path / name)


def test_a_link_to_itself_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    for name, got in (("loop.py", "nothing"), ("pipe.py", "something else")):
        with pytest.raises(ConstructionError, match=f"need a Python file, got {got}"):
            read_sources(tmp_path / name)


def test_bytes_that_were_read_can_be_executed_in_place_of_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, {"mine.py": "VALUE = 1"})
    before = list(sys.path)
    assert (load_file(path).VALUE, load_file(path, b"VALUE = 2").VALUE) == (1, 2)
    sys.path[:] = before
