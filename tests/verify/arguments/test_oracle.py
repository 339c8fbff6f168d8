"""The oracle that a command names: by its way to answer, or a function in a user's file."""

from fractions import Fraction
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from constructions.training.adversaries import EdgeChoice
from verify.arguments.oracle import oracle_named
from verify.arguments.user_files import UserFiles

F = Fraction
CHOICE = EdgeChoice(0, 0, 1, 1, F(1, 8), (F(0), F(1, 4)))
MINE = """
def high(question):
    return [mean + question.tau for mean in question.means]

def broken(question):
    return 1 / 0

number = 3
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def test_an_oracle_is_found_by_its_name_and_in_a_file(mine: Path) -> None:
    for name, picked in (("lowest", F(0)), ("highest", F(1, 4)), (f"{mine}:high", F(1, 4))):
        assert oracle_named(name, UserFiles(), rho=F(1, 4), seed=0)(CHOICE) == picked


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sometimes", "need a way to answer among exact"),
        ("{mine}:number", "need a function from a question"),
        ("{mine}:broken", "need a function that answers a question, got ZeroDivisionError"),
    ],
)
def test_what_is_no_oracle_is_refused(name: str, message: str, mine: Path) -> None:
    with pytest.raises(ConstructionError, match=message):
        oracle_named(name.format(mine=mine), UserFiles(), rho=F(1, 4), seed=0)(CHOICE)
