"""The command ``querygrad mutate``: constructions in, changed in small ways; out comes what nothing notices."""

from pathlib import Path

import click

from constructions.foundations.loading import loaded_when_used
from verify.commands.interruption import Interrupted
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import JOBS, POSITIVE, QUIET, SECONDS_EACH
from verify.screen.files import check_writable

with loaded_when_used(__name__):
    from verify.mutation import campaign
    from verify.reports import mutation as report

SURVIVORS = 1
"""The exit code if a mutant survived."""


@click.command("mutate")
@click.argument("items", nargs=-1, required=True, metavar="ITEM_OR_FILE...")
@click.option("--only", default="", help="Only mutants whose name contains this text, such as ':120:' for line 120.")
@click.option("--most", type=POSITIVE, help="At most so many mutants of each file, drawn by the seed.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which mutants are drawn.")
@click.option("--list", "listed", is_flag=True, help="Print the mutants and try none.")
@json_option("Write the outcome of every mutant as JSON")
@click.option("--page", type=click.Path(path_type=Path), help="Put the scores into this Markdown page, in their rows.")
@JOBS
@click.option("--fresh", is_flag=True, help="Do not use outcomes that earlier runs kept.")
@SECONDS_EACH
@QUIET
def mutate(
    items: tuple[str, ...],
    only: str,
    most: int | None,
    seed: int,
    listed: bool,
    json_file: Path | None,
    page: Path | None,
    jobs: int | None,
    fresh: bool,
    seconds: int,
    quiet: bool,
) -> int:
    """Change the construction behind an item, and see whether its claims, and then its tests, notice.

    An argument is an item of the paper ("Lemma 11"), a file of constructions, or a Python file of yours with claims. A
    mutant is one small change: < for <=, 3 for 2, a term left out. Each is tried in a copy, never in the files
    themselves. What neither claims nor tests notice is printed: the survivors. The exit code is 1 if there are any.
    """
    check_writable(json_file, page)
    screen = screen_beside(json_file)
    how = campaign.How(only=only, most=most, seed=seed, jobs=jobs, fresh=fresh, seconds=seconds, quiet=quiet)
    if listed:
        for mutant in campaign.all_mutants(items, how):
            screen.print(mutant.name)
        return 0
    try:
        found = [campaign.campaign_of(item, how) for item in items]
    except KeyboardInterrupt as error:
        kept = "the outcomes found so far are kept if they can be, the same command (without --fresh) goes on"
        raise Interrupted(f"interrupted; {kept}") from error
    if json_file:
        report.write_json(json_file, found)
    if page:
        given = ("--only", only), ("--most", most), ("--seed", seed)
        options = " ".join(f"{name} {value!r}" for name, value in given if value)
        report.put_into_page(page, found, options=options)
    report.print_campaigns(screen, found)
    return SURVIVORS if any(each.score.survived for each in found) else 0
