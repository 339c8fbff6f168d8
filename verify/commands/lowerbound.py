"""The command ``querygrad lowerbound``: an adversary plays against a method that asks queries about parities."""

import contextlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.arguments.method_options import MethodOptions
from verify.arguments.values import RATIONAL
from verify.commands.interruption import Interrupted
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import POSITIVE, QUIET
from verify.reports.exit_codes import EXPECTED
from verify.screen.bar import progress_bar
from verify.screen.files import check_writable, write_json_text

with loaded_when_used(__name__):
    from constructions.learning import parity_game
    from verify.arguments import kept_game, query_method, users_method
    from verify.reports import lowerbound as reports

SECONDS_BETWEEN_WRITES = 60.0
ANSWERS = ("shifted", "uniform")
"""How the adversary answers (:mod:`constructions.learning.lower_bound`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GameOptions:
    """How a game is played, and what is written of it.

    Parameters
    ----------
    answers : how the adversary answers. seed : of the method's random bits. expected : whether the game is also played
        with every string of random bits. output : where the transcript goes, and an unfinished game. resume : whether
        to go on from the game in that file.

    Raises
    ------
    ConstructionError
        For a game to go on with, but no file.
    """

    answers: str = "shifted"
    seed: int = 0
    expected: bool = False
    output: Path | None = None
    resume: bool = False

    def __post_init__(self) -> None:
        if self.resume and self.output is None:
            raise ConstructionError("need -o FILE with --resume, the file of the game to go on with, got none")


method_options = grouped(
    "options",
    MethodOptions,
    (
        click.option("--bits", "n", type=click.IntRange(0, 16), help="The number n of bits of a point (default: 12)."),
        click.option("--tau", type=RATIONAL, help="The tolerance of the queries (default: 1/16)."),
        click.option("--queries", "k", type=POSITIVE, help="How many queries, for a function in a file that takes k."),
    ),
)
game_options = grouped(
    "how",
    GameOptions,
    (
        click.option(
            "--answers",
            type=click.Choice(ANSWERS),
            default="shifted",
            show_default=True,
            help="Answer by what uniform labels would give (uniform), or by the best of some small shifts from it "
            "(shifted).",
        ),
        click.option(
            "--seed",
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            help="The seed of the method's random bits.",
        ),
        click.option(
            "--expected",
            is_flag=True,
            help="Play with every string of random bits too (at most 16 bits), for the expected loss on one parity.",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            help="Write the transcript to this file, which 'querygrad referee' checks; a game that is interrupted is "
            "kept there too.",
        ),
        click.option("--resume", is_flag=True, help="Go on from the game in the file of -o, if there is one yet."),
    ),
)


@click.command("lowerbound")
@click.argument("method")
@method_options
@game_options
@json_option("Write what is found as JSON")
@QUIET
def lowerbound(method: str, options: MethodOptions, how: GameOptions, json_file: Path | None, quiet: bool) -> int:
    """Play against METHOD, which asks statistical queries about parities on uniform bits, so that it learns little.

    METHOD is a built-in learner by queries (literal, correlations, query-conjunction) or FILE.py[:NAME], a QueryMethod
    or a function that builds one from n, tau or k. Every answer is within tau of the truth for each parity that is
    left, and at the end one is named on which the method loses at least the average. Where the answers leave fewer
    than two parities, there is no bound, and that is said.
    """
    check_writable(how.output, json_file)
    with contextlib.redirect_stdout(sys.stderr):  # what the user's functions print
        found = query_method.method_named(method, options)
        with users_method.naming(found.path):
            told = played(found, how, quiet=quiet)
    screen = screen_beside(json_file)
    for name, line in reports.about_game(told).items():
        screen.print(f"{name:<12} {line}", markup=False, highlight=False, soft_wrap=True)
    if how.output:
        write_json_text(how.output, reports.transcript(told))
        screen.print(f"wrote {how.output}", markup=False, highlight=False, soft_wrap=True)
    if json_file:
        write_json_text(json_file, reports.game_json(told), indent=2)
    return EXPECTED


@dataclass(slots=True)
class Keeping:
    """Which game is played (``about``), what was asked in it so far, and the file that keeps it, if there is one."""

    about: dict[str, Any]
    path: Path | None
    asked: "Sequence[parity_game.AnsweredQuery]" = ()
    written: float = field(default_factory=time.monotonic)

    def reach(self, asked: "Sequence[parity_game.AnsweredQuery]") -> None:
        """So much was asked by now; it is written now and then."""
        self.asked = asked
        if self.path is not None and time.monotonic() - self.written > SECONDS_BETWEEN_WRITES:
            self.write()

    def write(self) -> None:
        """Write what was asked so far to the file, if there is one."""
        if self.path is not None and self.asked:
            write_json_text(self.path, reports.unfinished(self.about, self.asked))
        self.written = time.monotonic()

    def what_is_kept(self, total: int) -> str:
        """What is true of a game of so many queries in all that was interrupted."""
        found = f"interrupted after {len(self.asked)} of {total} queries; "
        if self.path is None:
            return found + "nothing is written (-o FILE keeps a game)"
        if not self.asked:
            return found + "nothing is written"
        return found + f"they are kept in {self.path}, from which the same command with --resume goes on"


def _known(keeping: Keeping, how: GameOptions) -> "Sequence[parity_game.AnsweredQuery]":
    """What was asked in the game to go on with."""
    if not how.resume or how.output is None or not how.output.exists():
        return ()
    kept = kept_game.read_game(how.output)
    kept_game.check_same(kept, keeping.about, how.output)
    return kept.asked


def _about(found: "query_method.NamedMethod", how: GameOptions) -> dict[str, Any]:
    """Which game is played, as a transcript says it."""
    method, budget = found.method, found.method.budget
    string = parity_game.random_string(budget.r, how.seed)
    return {
        "method": found.name,
        "sha256": found.digest,
        "bits": method.n,
        "tolerance": str(getattr(budget, "tau", None)),
        "answers": how.answers,
        "seed": how.seed,
        "random": "".join(map(str, string)),
    }


def played(found: "query_method.NamedMethod", how: GameOptions, *, quiet: bool) -> "reports.GameToTell":
    """A game against a method, with a progress bar.

    Raises
    ------
    Interrupted
        On Ctrl-C; it says what is kept of the game.
    """
    began, method = time.monotonic(), parity_game.that_asks(found.method)
    total, keeping = method.budget.k * method.budget.p, Keeping(_about(found, how), how.output)
    known = _known(keeping, how)
    with progress_bar("playing", total, unit="queries", quiet=quiet) as bar:

        def watch(asked: "Sequence[parity_game.AnsweredQuery]") -> None:
            bar.reach(len(asked))
            if len(asked) > len(known):
                keeping.reach(asked)

        try:
            game = parity_game.play_against(method, answers=how.answers, seed=how.seed, watch=watch, known=known)
            expected = parity_game.worst_expected(method, answers=how.answers) if how.expected else None
        except KeyboardInterrupt as error:
            keeping.write()
            raise Interrupted(keeping.what_is_kept(total)) from error
    return reports.GameToTell(
        name=found.name,
        digest=found.digest,
        game=game,
        answers=how.answers,
        seed=how.seed,
        seconds=time.monotonic() - began,
        expected=expected,
    )
