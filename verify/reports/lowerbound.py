"""What ``querygrad lowerbound`` prints, and what it keeps of a game that is interrupted."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from constructions.learning.parities import bits_of
from constructions.learning.parity_game import AnsweredQuery, Game
from verify.discharge.result_json import to_json
from verify.reports.lowerbound_json import FORMAT, GameToTell, query_row

UNFINISHED = "querygrad unfinished parity game"


def about_game(told: GameToTell) -> dict[str, str]:
    """What is reported of a game: by the name of a line, the line.

    >>> from constructions.learning.learners import correlations
    >>> from constructions.learning.parity_game import play_against
    >>> game = play_against(correlations(6, b=1, tau="1/8"), answers="shifted")
    >>> told = GameToTell(name="correlations", digest=None, game=game, answers="shifted", seed=0, seconds=0.5)
    >>> for name, line in about_game(told).items():
    ...     print(f"{name:<12} {line}")
    method       correlations: 12 queries of tolerance 1/8 about 6 bits, no random bits
    beforehand   no bound: 12 queries might leave fewer than two of the 64 parities
    answers      shifted: 12 answers rule out 6 parities, at most 1 by one answer
    left         58 of 64 parities agree with all answers, within the tolerance
    bound        whatever is predicted after these answers, the average loss over them is at least 57/464 = 0.122845
    target       no bit, the parity left on which the method loses most: 1/8 = 0.125; the average over those left is 1/8
    seconds      0.50
    """
    game = told.game
    string = f"random bits {''.join(map(str, game.string))} (seed {told.seed})" if game.string else "no random bits"
    most = max((one.fallen for one in game.asked), default=0)
    left = len(game.left)
    fell = 2**game.n - left
    found = {
        "method": f"{told.name}: {game.queries} queries of tolerance {game.tau} about {game.n} bits, {string}",
        "beforehand": _beforehand(game),
        "answers": f"{told.answers}: {len(game.asked)} answers rule out {fell} parities, at most {most} by one answer",
        "left": f"{left} of {2**game.n} parities agree with all answers, within the tolerance",
    }
    if game.certain is None:
        found["bound"] = "no bound: fewer than two parities are left"
    else:
        found["bound"] = "whatever is predicted after these answers, the average loss over them is at least " + _number(
            game.certain
        )
    if game.target is not None:
        found["target"] = (
            f"{spelled(game.target, game.n)}, the parity left on which the method loses most: {_number(game.loss)}; "
            f"the average over those left is {game.average}"
        )
    if told.expected is not None:
        target, loss, bound = told.expected
        least = "no bound" if bound.expected is None else f"at least {_number(bound.expected)} beforehand"
        found["expected"] = f"over all random bits the loss on {spelled(target, game.n)} is {_number(loss)} ({least})"
    return found | {"seconds": f"{told.seconds:.2f}"}


def _beforehand(game: Game) -> str:
    if game.bound.average is None or game.bound.expected is None:
        return f"no bound: {game.queries} queries might leave fewer than two of the {2**game.n} parities"
    expected = f"; expected over random bits {_number(game.bound.expected)}" if game.string else ""
    least = _number(game.bound.average)
    return f"any method of {game.queries} such queries loses at least {least} on some parity{expected}"


def _number(value: Fraction | None) -> str:
    """A rational, and what it is about as a decimal number."""
    assert value is not None
    about = f"{float(value):.6g}"
    return f"{value} = {about}" if len(str(value)) <= 40 else f"about {about}"


def spelled(target: int, n: int) -> str:
    """The bits of a target among n, as x1, x2, ...

    >>> spelled(0b101, 3), spelled(0, 3)
    ('x1 + x3', 'no bit')
    """
    return " + ".join(f"x{i + 1}" for i, bit in enumerate(bits_of(target, n)) if bit) or "no bit"


def unfinished(about: dict[str, Any], asked: Sequence[AnsweredQuery]) -> dict[str, Any]:
    """What is kept of a game that is not over; the referee refuses it, and 'lowerbound --resume' goes on from it.

    Parameters
    ----------
    about : which game it is. asked : the queries so far, with their answers.

    >>> unfinished({"seed": 0}, ())
    {'kind': 'querygrad unfinished parity game', 'format': 1, 'seed': 0, 'queries': []}
    """
    return {"kind": UNFINISHED, "format": FORMAT, **about, "queries": [to_json(query_row(one)) for one in asked]}
