"""The command ``querygrad lowerbound``: an adversary plays against a method that asks queries about parities."""

import time
from dataclasses import dataclass
from pathlib import Path

import click

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
    from verify.arguments import query_method
    from verify.reports import lowerbound as reports

ANSWERS = ("shifted", "uniform")
"""How the adversary answers (:mod:`constructions.learning.lower_bound`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GameOptions:
    """How a game is played, and what is written of it.

    Parameters
    ----------
    answers : how the adversary answers. seed : of the method's random bits. expected : whether the game is also played
        with every string of random bits. output : where the transcript goes.
    """

    answers: str = "shifted"
    seed: int = 0
    expected: bool = False
    output: Path | None = None


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
            help="Write the transcript to this file, which 'querygrad referee' checks.",
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
    found = query_method.method_named(method, options)
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


def played(found: "query_method.NamedMethod", how: GameOptions, *, quiet: bool) -> "reports.GameToTell":
    """A game against a method, with a progress bar.

    Raises
    ------
    Interrupted
        On Ctrl-C; nothing of a game is kept.
    """
    began, budget, asked = time.monotonic(), found.method.budget, 0
    total = getattr(budget, "k", 0) * getattr(budget, "p", 1)
    with progress_bar("playing", total, unit="queries", quiet=quiet) as bar:

        def watch(done: int) -> None:
            nonlocal asked
            asked = done
            bar.reach(done)

        try:
            game = parity_game.play_against(found.method, answers=how.answers, seed=how.seed, watch=watch)
            expected = parity_game.worst_expected(found.method, answers=how.answers) if how.expected else None
        except KeyboardInterrupt as error:
            raise Interrupted(f"interrupted after {asked} of {total} queries; nothing is written") from error
    seconds = time.monotonic() - began
    return reports.GameToTell(
        name=found.name,
        digest=found.digest,
        game=game,
        answers=how.answers,
        seed=how.seed,
        seconds=seconds,
        expected=expected,
    )
