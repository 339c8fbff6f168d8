"""What ``querygrad lowerbound`` writes: what is found as JSON (``--json``), and the transcript (``-o``), which the
referee checks."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import msgspec

from constructions.learning.lower_bound import Bound
from constructions.learning.parity_game import AnsweredQuery, Game
from verify.discharge.result_json import to_json

VERSION: Literal[1] = 1
"""The version of the form of ``--json``."""
FORMAT: Literal[1] = 1
"""That of the transcript."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GameToTell:
    """A game that is over.

    Parameters
    ----------
    name, digest : of the method, and of its file if it has one. game : what came of it. answers : how the adversary
        answers. seed : of the method's random bits. seconds : the time it took. expected : of the games with every
        string of random bits, if they were played: a parity, the expected loss on it, and the bound beforehand.
    """

    name: str
    digest: str | None
    game: Game
    answers: str
    seed: int
    seconds: float
    expected: tuple[int, Fraction, Bound] | None = None


class AnswerRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query of the method: its ``answer``, how many parities this rules out (``fallen``), how many are ``left``."""

    answer: Fraction
    fallen: int
    left: int


class BeforehandRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known before the method is run; null stands for "no bound".

    Parameters
    ----------
    left : so many parities are left at least. average : the loss on one of them is at least this. expected : the same
        of the expected loss, over the random bits.
    """

    left: int
    average: Fraction | None
    expected: Fraction | None


class ExpectedRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The expected ``loss`` over all random bits, on the parity ``target``."""

    target: int
    loss: Fraction


class GameReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad lowerbound --json`` writes. Rationals are texts ("1/4"); a parity is a whole number, whose bit i
    says whether it has bit i of a point.

    Parameters
    ----------
    version : of this form. method, sha256 : its name, and the digest of its file; null if it is built in.
    bits, tolerance, answers, seed : of the game. random : the method's random bits. left : how many parities are.
    target, loss, average : the parity that is named, the loss on it and the average over those left; null if none is.
    bound : what the average is at least, whatever is predicted; null if there is no bound. queries : in their order.
    beforehand : what was known before. expected : null unless it was asked for. seconds : the time that it took.
    """

    version: Literal[1]
    method: str
    sha256: str | None
    bits: int
    tolerance: Fraction
    answers: str
    seed: int
    random: str
    left: int
    target: int | None
    loss: Fraction | None
    average: Fraction | None
    bound: Fraction | None
    queries: tuple[AnswerRow, ...]
    beforehand: BeforehandRow
    expected: ExpectedRow | None
    seconds: float


class QueryRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query in full.

    Parameters
    ----------
    denominator : of all its values. zero, one : their numerators at all points, with the labels 0 and 1.
    answer : of the adversary. left : how many parities are, then.
    """

    denominator: int
    zero: tuple[int, ...]
    one: tuple[int, ...]
    answer: Fraction
    left: int


class PredictionsRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The predictions at all points: their ``denominator``, and the numerators (``values``)."""

    denominator: int
    values: tuple[int, ...]


class Transcript(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad lowerbound -o`` writes of a game that is over, and ``querygrad referee`` checks.

    Parameters
    ----------
    kind, format : of this form. queries : in their order, in full. predictions : at all points.
    method, sha256, bits, tolerance, answers, seed, random, left, target, loss, average, bound : as in a report of
        ``--json``.
    """

    kind: Literal["querygrad parity transcript"]
    format: Literal[1]
    method: str
    sha256: str | None
    bits: int
    tolerance: Fraction
    answers: str
    seed: int
    random: str
    left: int
    target: int | None
    loss: Fraction | None
    average: Fraction | None
    bound: Fraction | None
    queries: tuple[QueryRow, ...]
    predictions: PredictionsRow


def _of_game(told: GameToTell) -> dict[str, Any]:
    """The fields that both forms have."""
    game = told.game
    return {
        "method": told.name,
        "sha256": told.digest,
        "bits": game.n,
        "tolerance": game.tau,
        "answers": told.answers,
        "seed": told.seed,
        "random": "".join(map(str, game.string)),
        "left": len(game.left),
        "target": game.target,
        "loss": game.loss,
        "average": game.average,
        "bound": game.certain,
    }


def game_json(told: GameToTell) -> Any:
    """What is said of a game as JSON values: everything but the values of queries and predictions.

    >>> from constructions.learning.learners import correlations
    >>> from constructions.learning.parity_game import play_against
    >>> game = play_against(correlations(2, b=1, tau="1/2"))
    >>> told = GameToTell(name="correlations", digest=None, game=game, answers="shifted", seed=0, seconds=0.5)
    >>> {key: value for key, value in game_json(told).items() if key in ("left", "target", "loss", "average", "bound")}
    {'left': 4, 'target': 0, 'loss': '1/8', 'average': '1/8', 'bound': '3/32'}
    """
    bound = told.game.bound
    return to_json(
        GameReport(
            version=VERSION,
            **_of_game(told),
            queries=tuple(AnswerRow(answer=one.answer, fallen=one.fallen, left=one.left) for one in told.game.asked),
            beforehand=BeforehandRow(left=bound.left, average=bound.average, expected=bound.expected),
            expected=None if told.expected is None else ExpectedRow(target=told.expected[0], loss=told.expected[1]),
            seconds=round(told.seconds, 2),
        )
    )


def query_row(one: AnsweredQuery) -> QueryRow:
    """A query in full.

    >>> from constructions.learning.learners import correlations
    >>> from constructions.learning.parity_game import play_against
    >>> query_row(play_against(correlations(1, b=1, tau="1/2")).asked[0])
    QueryRow(denominator=2, zero=(0, 0), one=(-1, 1), answer=Fraction(0, 1), left=2)
    """
    table = one.table
    return QueryRow(
        denominator=table.denominator,
        zero=tuple(table.zero),
        one=tuple(table.one),
        answer=one.answer,
        left=one.left,
    )


def transcript(told: GameToTell) -> Any:
    """The transcript of a game as JSON values, which the referee checks.

    >>> from constructions.learning.learners import correlations
    >>> from constructions.learning.parity_game import play_against
    >>> game = play_against(correlations(1, b=1, tau="1/2"))
    >>> told = GameToTell(name="correlations", digest=None, game=game, answers="shifted", seed=0, seconds=0.5)
    >>> transcript(told)["queries"][0]
    {'denominator': 2, 'zero': (0, 0), 'one': (-1, 1), 'answer': '0', 'left': 2}
    """
    predictions = told.game.predictions
    return to_json(
        Transcript(
            kind="querygrad parity transcript",
            format=FORMAT,
            **_of_game(told),
            queries=tuple(map(query_row, told.game.asked)),
            predictions=PredictionsRow(denominator=predictions.denominator, values=tuple(predictions.values)),
        )
    )
