"""A game of ``querygrad lowerbound`` that was interrupted, or is over, as its file keeps it: what was asked so far.

Little in the file is believed. The game is played again with the queries that it has, of which the values at some
points are compared with what the method asks; every answer is found anew, and a file of another game is refused.
"""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line
from constructions.learning.parities import QueryTable
from constructions.learning.parity_game import AnsweredQuery

OF_A_GAME = ("method", "sha256", "bits", "tolerance", "answers", "seed", "random")
"""What must be the same for a game to go on."""


@dataclass(frozen=True, slots=True)
class KeptGame:
    """What a file says of a game: which one it is (``about``), and its queries with their answers (``asked``)."""

    about: dict[str, Any]
    asked: tuple[AnsweredQuery, ...]


def read_game(path: Path) -> KeptGame:
    """The game that a file keeps.

    Raises
    ------
    ConstructionError
        For a file that cannot be read, or keeps no game.

    >>> read_game(Path("no such file"))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a game that can be read, got No such file or directory, at no such file
    """
    try:
        found = json.loads(path.read_bytes())
        queries = [_query(each) for each in found["queries"]]
        return KeptGame({name: found[name] for name in OF_A_GAME}, tuple(queries))
    except OSError as error:
        raise ConstructionError(f"need a game that can be read, got {error.strerror}, at {path}") from error
    except (ValueError, TypeError, KeyError, RecursionError, ArithmeticError) as error:
        got = f"{type(error).__name__}: {one_line(error)}"
        raise ConstructionError(f"need a game that 'lowerbound' wrote, got {got}, at {path}") from error


def _query(said: dict[str, Any]) -> AnsweredQuery:
    numbers = [said["denominator"], *said["zero"], *said["one"]]
    if any(type(number) is not int for number in numbers) or said["denominator"] < 1:
        raise ConstructionError("no whole numbers in a query")
    table = QueryTable(denominator=said["denominator"], zero=tuple(said["zero"]), one=tuple(said["one"]))
    return AnsweredQuery(table=table, answer=Fraction(str(said["answer"])), fallen=0, left=said["left"])


def check_same(kept: KeptGame, about: dict[str, Any], path: Path) -> None:
    """Refuse a file at a path that keeps another game than the one that is played.

    Parameters
    ----------
    kept : what the file says. about : what is true of the game that is played.

    Raises
    ------
    ConstructionError
        If something differs: the name of a method of the user's may, as long as the file is the same.

    >>> check_same(KeptGame({"seed": 1}, ()), {"seed": 2}, Path("game.json"))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a file with this game, got one whose seed is 1 and not 2, at game.json
    """
    for name, value in about.items():
        if kept.about[name] != value and not (name == "method" and about["sha256"] is not None):
            got = f"one whose {name} is {kept.about[name]} and not {value}"
            raise ConstructionError(f"need a file with this game, got {got}, at {path}")
