"""The command ``querygrad margins``: how far each number of a gadget may move before a claim about it fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.exact import rational
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.arguments.values import setting_option, word_of
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import ENDINGS, POSITIVE, QUIET
from verify.reports.exit_codes import EXPECTED, OPEN
from verify.screen.bar import progress_bar
from verify.screen.files import STDOUT, check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.networks import queries
    from verify.arguments import fragment, gadgets, obligations
    from verify.discharge import job as one_job
    from verify.drawing import intervals
    from verify.margins import ends
    from verify.obligations import obligation as registered
    from verify.reports import margins as reports

SECONDS_OF_MARGINS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginOptions:
    """What is looked at: the setting of Q and Q', one number, variables that are held, whether the bounds of facts are
    tightened, seconds for a question, and whether no progress is shown."""

    setting: "queries.Setting"
    only: str | None
    at: tuple[str, ...]
    tolerances: bool
    seconds: int
    quiet: bool

    def asked(self) -> "ends.Looking":
        """The options as values."""
        return ends.Looking(
            seconds=self.seconds, fixed=dict(map(_held, self.at)), only=self.only, tolerances=self.tolerances
        )


def _held(text: str) -> tuple[str, Fraction]:
    name, equals, value = text.rpartition("=")
    if not (equals and name):
        raise ConstructionError(f"need a variable and its value, as in rho=1/16, got {text!r}")
    return name, rational(value, where=f"variable {name!r}")


margin_options = grouped(
    "options",
    MarginOptions,
    (
        setting_option("strong"),
        click.option(
            "--only", metavar="NUMBER", help='Move this number alone: an edge ("v1 -> v2"), a variable (rho).'
        ),
        click.option("--at", multiple=True, metavar="NAME=P/Q", help="Hold a variable of the claims at this value."),
        click.option("--tolerances", is_flag=True, help="Tighten the bounds of facts too: how much room they leave."),
        click.option(
            "--seconds",
            type=POSITIVE,
            default=SECONDS_OF_MARGINS,
            show_default=True,
            help="The time for each question to the solver, in seconds of the processor; each number takes many.",
        ),
        QUIET,
    ),
)


@click.command("margins")
@click.argument("thing")
@click.argument("id", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Draw the graph with the interval of each weight to this .svg, .png, .dot, .graphml or .json file.",
)
@json_option("Write every margin, with a counterexample beyond each end, as JSON")
@margin_options
def margins(thing: str, id: str | None, output: Path | None, json_file: Path | None, options: MarginOptions) -> int:
    """Say how far each number of THING may move, one at a time, before a claim about it fails.

    THING is q, q', and, or, not, adaptor or read-out, the id of a claim, or a Python file of yours (then ID is one of
    its claims). What moves are the weights of the graph, the constants of the claim's subject, and the variables that a
    premise confines to a range. Exit code 3 if some end is not exact.
    """
    check_writable(json_file)
    check_writable(output, endings=ENDINGS)
    claims, chosen = gadgets.claims_about(thing, setting=word_of(options.setting), file_id=id)
    found = look(claims, chosen, options)
    screen = screen_beside(json_file)
    screen.print(reports.table(found))
    if together := reports.tightest(found):
        screen.print()
        screen.print("All claims together:")
        screen.print(reports.table(together))
    if output:
        draw(claims[0], found, output, title=thing)
        say(f"wrote {output}", err=json_file is STDOUT)
    if json_file:
        reports.write_margins(json_file, thing, found)
    found_ends = [end for margin in found for end in (margin.low, margin.high) if end is not None]
    return OPEN if any(end.kind in ("enclosed", "unknown") for end in found_ends) else EXPECTED


def look(
    claims: "Sequence[registered.Obligation]", chosen: "obligations.Chosen", options: MarginOptions
) -> "list[ends.Margin]":
    """The margins of some claims; a gadget's name or an item may name claims of other provers, which have none."""
    by_solver = [claim for claim in claims if claim.kind in ("solver", "induction")]
    asked, found = options.asked(), list["ends.Margin"]()
    with progress_bar("moving", len(by_solver or claims), quiet=options.quiet) as bar:
        for claim in by_solver or claims:
            try:
                with chosen.home(claim.id):
                    found += ends.margins(claim, asked)
            except ConstructionError:
                raise
            except Exception as error:
                job = one_job.job_of(claim, chosen.files.get(claim.id), asked.seconds)
                raise ConstructionError(one_job.fault_of(error, job).said) from error
            bar.advance(claim.id)
    if not found:
        wanted = f" called {asked.only!r}" if asked.only else ""
        raise ConstructionError(f"need a claim with a number{wanted} that can move, got none, at {claims[0].id}")
    return found


def draw(claim: "registered.Obligation", found: "Sequence[ends.Margin]", output: Path, *, title: str) -> None:
    """Draw the graph of a claim with the interval of each weight."""
    graph = fragment.fragment_of(fragment.subject_of(claim), where=claim.id)
    caption = "where each weight may be, alone"
    intervals.draw_intervals(graph, reports.intervals_of_edges(found), output, title=title, caption=caption)
