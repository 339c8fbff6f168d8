"""The command ``querygrad lowerbound``: an adversary plays against a method that asks queries about parities."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click

from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.arguments.method_options import SECONDS_OF_A_CALL, GameOptions, MethodOptions
from verify.arguments.values import RATIONAL
from verify.commands.interruption import Interrupted
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import POSITIVE, QUIET
from verify.reports.exit_codes import EXPECTED
from verify.screen.bar import progress_bar
from verify.screen.files import check_writable, write_json_text

with loaded_when_used(__name__):
    from constructions.learning import parity_game
    from verify.arguments import apart, game_job, user_files
    from verify.reports import lowerbound as reports
    from verify.reports import lowerbound_json as written

SECONDS_BETWEEN_WRITES = 60.0
ANSWERS = ("best", "shifted", "uniform")
"""How the adversary answers (:mod:`constructions.learning.lower_bound`)."""


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
            default="best",
            show_default=True,
            help="Answer by what uniform labels would give (uniform), by the best of some small shifts from it "
            "(shifted), or by the best answer of all (best).",
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
        click.option(
            "--seconds",
            type=POSITIVE,
            default=SECONDS_OF_A_CALL,
            show_default=True,
            help="The time for one call of a function in a file of your own; the game ends at one that takes longer.",
        ),
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
    told = played(method, options, how, quiet=quiet)
    screen = screen_beside(json_file)
    for name, line in reports.about_game(told).items():
        screen.print(f"{name:<12} {line}", markup=False, highlight=False, soft_wrap=True)
    if how.output:
        write_json_text(how.output, written.transcript(told))
        screen.print(f"wrote {how.output}", markup=False, highlight=False, soft_wrap=True)
    if json_file:
        write_json_text(json_file, written.game_json(told), indent=2)
    return EXPECTED


@dataclass(slots=True)
class Keeping:
    """A game as it goes on: which one it is (``game``), what was asked in it so far, the file that keeps it, if there
    is one, and what draws the bar."""

    path: Path | None
    quiet: bool
    drawing: ExitStack
    game: "game_job.Begun | None" = None
    asked: "list[parity_game.AnsweredQuery]" = field(default_factory=list)
    written: float = field(default_factory=time.monotonic)
    bar: Any = None

    def hear(self, told: Any) -> None:
        """Take up what the game tells: that it begins, or what more was asked; it is written now and then."""
        if isinstance(told, game_job.Begun):
            self.game = told
            self.bar = self.drawing.enter_context(progress_bar("playing", told.total, unit="queries", quiet=self.quiet))
            return
        assert self.game is not None
        self.asked += told
        self.bar.reach(len(self.asked))
        new = len(self.asked) > self.game.known
        if new and self.path is not None and time.monotonic() - self.written > SECONDS_BETWEEN_WRITES:
            self.write()

    def write(self) -> None:
        """Write what was asked so far to the file, if there is one."""
        if self.path is not None and self.game is not None and len(self.asked) > self.game.known:
            write_json_text(self.path, reports.unfinished(self.game.about, self.asked))
        self.written = time.monotonic()

    def what_is_kept(self, ended: str) -> str:
        """What is true of a game that ``ended`` in this way before it was over."""
        if self.game is None:
            return f"{ended} before the game began; nothing is written"
        found = f"{ended} after {len(self.asked)} of {self.game.total} queries; "
        if self.path is None:
            return found + "nothing is written (-o FILE keeps a game)"
        if not self.asked:
            return found + "nothing is written"
        return found + f"they are kept in {self.path}, from which the same command with --resume goes on"


def played(method: str, options: MethodOptions, how: GameOptions, *, quiet: bool) -> "written.GameToTell":
    """A game against the method of a name, with a progress bar; in a process apart, if it is the user's.

    Raises
    ------
    Interrupted, TooLongError
        On Ctrl-C, and for a call of the user's that takes too long; they say what is kept of the game.
    """
    began, job = time.monotonic(), partial(game_job.play_named, method, options, how)
    with ExitStack() as drawing:
        keeping = Keeping(how.output, quiet, drawing)
        try:
            if user_files.is_python(method):
                path, _ = user_files.parts_of(method)
                over = apart.apart(job, path, seconds=how.seconds, tell=keeping.hear)
            else:
                over = job(keeping.hear)
        except KeyboardInterrupt as error:
            keeping.write()
            raise Interrupted(keeping.what_is_kept("interrupted")) from error
        except apart.TooLongError as error:
            keeping.write()
            raise apart.TooLongError(f"{error}; {keeping.what_is_kept('ended')}") from error
    return written.GameToTell(
        name=over.name,
        digest=over.digest,
        game=over.game,
        answers=how.answers,
        seed=how.seed,
        seconds=time.monotonic() - began,
        expected=over.expected,
    )
