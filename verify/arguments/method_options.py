"""What a command says of a method that asks queries, and of a game against it; what it means is found in
:mod:`verify.arguments.query_method` and :mod:`verify.arguments.game_job`."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from constructions.errors import ConstructionError

SECONDS_OF_A_CALL = 60
"""The time of one call of a function in a user's file, if the command does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodOptions:
    """What a command says of a method; None is what it leaves open.

    Parameters
    ----------
    n : bits of a point. tau : the tolerance. k : how many queries, for a method that is built for a number of them.
    """

    n: int | None = None
    tau: Fraction | None = None
    k: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GameOptions:
    """How a game is played, and what is written of it.

    Parameters
    ----------
    answers : how the adversary answers. seed : of the method's random bits. expected : whether the game is also played
        with every string of random bits. output : where the transcript goes, and an unfinished game. resume : whether
        to go on from the game in that file. seconds : the time of one call of a function of the user's.

    Raises
    ------
    ConstructionError
        For a game to go on with, but no file.
    """

    answers: str = "best"
    seed: int = 0
    expected: bool = False
    output: Path | None = None
    resume: bool = False
    seconds: int = SECONDS_OF_A_CALL

    def __post_init__(self) -> None:
        if self.resume and self.output is None:
            raise ConstructionError("need -o FILE with --resume, the file of the game to go on with, got none")
