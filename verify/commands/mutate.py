"""The command ``querygrad mutate``: constructions in, changed in small ways; out comes what nothing notices."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.commands.interruption import Interrupted
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import JOBS, POSITIVE, QUIET, SECONDS_EACH
from verify.screen.bar import progress_bar
from verify.screen.files import check_writable

with loaded_when_used(__name__):
    from verify.discharge import seen
    from verify.mutation import campaign
    from verify.mutation import facts as by_facts
    from verify.obligations import catalogue
    from verify.reports import mutation as report

SURVIVORS = 1
"""The exit code if a mutant survived, or a fact was never seen to fail."""
MOST_FOR_FACTS = 40
"""So many changes are tried for the facts of a claim, unless --most says otherwise."""


@click.command("mutate")
@click.argument("items", nargs=-1, required=True, metavar="ITEM_OR_FILE...")
@click.option("--only", default="", help="Only mutants whose name contains this text, such as ':120:' for line 120.")
@click.option("--most", type=POSITIVE, help="At most so many mutants of each file, drawn by the seed.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which mutants are drawn.")
@click.option("--list", "listed", is_flag=True, help="Print the mutants and try none.")
@json_option("Write the outcome of every mutant as JSON")
@click.option("--facts", is_flag=True, help="Search for each fact a change under which it fails, and record it.")
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
    facts: bool,
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

    With --facts an argument is the id of a claim or its first parts, or an item. For each fact of these claims it is
    searched whether the broken twin, or one of at most --most changes of a construction, makes it fail, and what is
    found goes into the record of the project. The exit code is 1 if some fact never failed.
    """
    check_writable(json_file, page)
    screen = screen_beside(json_file)
    if facts:
        check_facts_alone(json_file or page or listed or only or jobs)
        search = by_facts.FactSearch(most=most or MOST_FOR_FACTS, seed=seed, seconds=seconds)
        return print_facts(screen, record_facts(items, search, fresh=fresh, quiet=quiet))
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


def record_facts(items: Sequence[str], how: "by_facts.FactSearch", *, fresh: bool, quiet: bool) -> dict[str, list[str]]:
    """Search for changes under which the facts of some of the paper's claims fail, and record what is found after each
    claim.

    Parameters
    ----------
    items : what names the claims. how : how long is searched. fresh : forget what was recorded of them before.

    Returns
    -------
    The facts of each claim that never failed, by its id.
    """
    known = catalogue.paper_obligations()
    chosen = catalogue.select(known, list(items))
    unseen: dict[str, list[str]] = {}
    with progress_bar("mutating", len(chosen), unit="claims", quiet=quiet) as bar:
        for id, obligation in chosen.items():
            record = seen.read_record(seen.RECORD.read_text(encoding="utf-8"))
            record[id] = by_facts.search(obligation, how, None if fresh else record.get(id))
            seen.write_record(seen.RECORD, record)
            unseen[id] = [label for label in by_facts.statement(obligation) if label not in record[id].facts]
            bar.advance(id)
    return unseen


def check_facts_alone(beside: object) -> None:
    """Refuse what stands ``beside`` --facts and means nothing there."""
    if beside:
        raise ConstructionError("need --facts with --most, --seed, --seconds, --fresh and --quiet only, got more")


def print_facts(screen: Console, unseen: dict[str, list[str]]) -> int:
    """Print the facts that never failed, below their claims, and how many there are; the exit code."""
    for id, labels in unseen.items():
        for line in ([f"{id}:"] if labels else []) + [f"  {label}" for label in labels]:
            screen.print(line, soft_wrap=True, markup=False, highlight=False)
    count = sum(map(len, unseen.values()))
    screen.print(f"{count} facts of {len(unseen)} claims never failed.", soft_wrap=True)
    return SURVIVORS if count else 0
