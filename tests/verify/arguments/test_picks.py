"""An id beside a file picks that claim of the file; what no file has is looked for in the paper."""

from collections.abc import Callable
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from verify.arguments.obligations import choose
from verify.commands.main import main

Write = Callable[..., Path]


@pytest.fixture
def path(user_file: Write) -> str:
    """Claims of which one needs another, and one that is refused."""
    claims = {"m.one": {}, "m.two": {"rest": "needs=('m.one',)"}, "n.three": {}, "n.bad": {"twin": "None"}}
    return str(user_file("mine.py", claims))


@pytest.mark.parametrize(
    ("names", "order"),
    [
        ((), ["m.one", "m.two", "n.three", "n.bad"]),
        (("n.three",), ["n.three"]),
        (("m.two",), ["m.one", "m.two"]),
        (("m",), ["m.one", "m.two"]),
        (("n.bad",), ["n.bad"]),
        (("n.three", "sigma.figure"), ["sigma.figure", "n.three"]),
        (("sigma.figure",), ["sigma.figure", "m.one", "m.two", "n.three", "n.bad"]),
    ],
)
def test_names_pick_from_the_file_with_what_they_need(path: str, names: tuple[str, ...], order: list[str]) -> None:
    assert choose([path, *names]).order == order
    assert choose([*names, path]).order == order


def test_a_name_that_is_nowhere_is_refused_with_the_nearest_of_both(path: str) -> None:
    with pytest.raises(ConstructionError, match=r"got 'n\.thre' \(close: n\.three"):
        choose([path, "n.thre"])
    with pytest.raises(ConstructionError, match=r"got 'sigma\.figur' \(close: sigma\.figure"):
        choose([path, "sigma.figur"])


def test_names_pick_from_several_files(path: str, user_file: Write) -> None:
    other = str(user_file("other.py", {"o.one": {}, "o.two": {}}))
    assert choose([path, other, "o.two", "n.three"]).order == ["n.three", "o.two"]


@pytest.mark.usefixtures("no_workers")
def test_the_command_examines_what_was_picked_only(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", path, "n.three", "--jobs", "1"]) == 0
    assert "1 obligation: 1 PROVED" in capsys.readouterr().out
    assert main(["prove", path, "n.thre"]) == 2
    assert "close: n.three" in capsys.readouterr().err
