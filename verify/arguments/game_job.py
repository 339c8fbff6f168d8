"""A game against a method that asks queries about parities, as a job that tells how far it is.

It reads the method's file, and the file of a game to go on with, and plays; a command has it done in a process apart,
if the method is the user's (:mod:`verify.arguments.apart`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.learning.lower_bound import Bound
from constructions.learning.parity_game import (
    AnsweredQuery,
    Game,
    play_against,
    random_string,
    that_asks,
    worst_expected,
)
from verify.arguments.kept_game import check_same, read_game
from verify.arguments.method_options import GameOptions, MethodOptions
from verify.arguments.query_method import NamedMethod, method_named
from verify.arguments.users_method import naming


@dataclass(frozen=True, slots=True)
class Begun:
    """A game begins.

    Parameters
    ----------
    about : which one it is, as a transcript says it. total : how many queries it has in all. known : how many of them
        are known from a game to go on with.
    """

    about: dict[str, Any]
    total: int
    known: int


@dataclass(frozen=True, slots=True)
class Over:
    """A game that is over: the method's name, the digest of its file, the game, and what came of the games with every
    string of random bits, if they were played."""

    name: str
    digest: str | None
    game: Game
    expected: tuple[int, Fraction, Bound] | None


def play_named(name: str, options: MethodOptions, how: GameOptions, tell: Callable[[Any], None]) -> Over:
    """Play the game against the method of a name; ``tell`` is called with a :class:`Begun`, and then with the queries
    that were answered in each round.

    Raises
    ------
    ConstructionError
        For a name, a file, options or a method that will not do, and for the file of another game.

    >>> told = []
    >>> play_named("correlations", MethodOptions(n=2), GameOptions(), told.append).name
    'correlations'
    >>> told[0].total, len(told[1]), len(told)
    (4, 2, 3)
    """
    found = method_named(name, options)
    with naming(found.path):
        method = that_asks(found.method)
        about = _about(found, how)
        known = _known(about, how)
        tell(Begun(about, method.budget.k * method.budget.p, len(known)))
        heard = 0

        def watch(asked: Sequence[AnsweredQuery]) -> None:
            nonlocal heard
            tell(list(asked[heard:]))
            heard = len(asked)

        game = play_against(method, answers=how.answers, seed=how.seed, watch=watch, known=known)
        expected = worst_expected(method, answers=how.answers) if how.expected else None
    return Over(found.name, found.digest, game, expected)


def _known(about: dict[str, Any], how: GameOptions) -> Sequence[AnsweredQuery]:
    """What was asked in the game to go on with."""
    if not how.resume or how.output is None or not how.output.exists():
        return ()
    kept = read_game(how.output)
    check_same(kept, about, how.output)
    return kept.asked


def _about(found: NamedMethod, how: GameOptions) -> dict[str, Any]:
    """Which game is played, as a transcript says it."""
    method, budget = found.method, found.method.budget
    string = random_string(budget.r, how.seed)
    return {
        "method": found.name,
        "sha256": found.digest,
        "bits": method.n,
        "tolerance": str(getattr(budget, "tau", None)),
        "answers": how.answers,
        "seed": how.seed,
        "random": "".join(map(str, string)),
    }
