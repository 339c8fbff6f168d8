"""The command ``querygrad report``: all verdicts as one page of HTML."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT
from constructions.foundations.loading import loaded_when_used
from verify.arguments.names import is_file_name
from verify.commands.interruption import results_kept
from verify.commands.options import JOBS, QUIET, SECONDS_EACH
from verify.reports.exit_codes import exit_code
from verify.screen.files import check_writable
from verify.screen.printing import say

if TYPE_CHECKING:
    from verify.discharge import result
    from verify.obligations import obligation

with loaded_when_used(__name__):
    from verify.arguments import fragment, obligations
    from verify.commands import proving
    from verify.pages import claims, gadget_section, notes, page, playing
    from verify.reports import items as by_item
    from verify.reports import mutation

NOTES = ROOT / "proofs_notes"
"""Not there where the package alone is installed; the page then has no notes."""
MOST_GRAPHS = 12
TITLE = "querygrad: differentiable learning versus PAC and SQ, machine-checked"


@click.command("report")
@click.argument("items", nargs=-1, metavar="[ITEM_OR_FILE]...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The page, a file whose name ends in .html."
)
@click.option("--title", help="The title of the page (default: what it is about).")
@click.option(
    "--source", default="", metavar="URL", help="An address of the project's files: places in them become links to it."
)
@JOBS
@click.option("--fresh", is_flag=True, help="Do not use results that earlier runs kept.")
@SECONDS_EACH
@QUIET
def report(
    items: tuple[str, ...],
    output: Path,
    title: str | None,
    source: str,
    jobs: int | None,
    fresh: bool,
    seconds: int,
    quiet: bool,
) -> int:
    """Write one page of HTML with every verdict: the map of the paper, its items, its errata, and all claims.

    The arguments are those of 'prove'; for a file of yours the page shows its claims. The page needs no other file and
    no network: it can be sent by mail, searched, gone through by keyboard alone, and printed.
    """
    check_writable(output, endings=(".html",))
    source = checked_address(source)
    chosen = obligations.choose(items)
    how = proving.Proving(jobs=jobs, fresh=fresh, seconds=seconds, quiet=quiet)
    with results_kept():
        results = proving.prove_with_progress(chosen, how)
    own = any(map(is_file_name, items))
    rows = [] if own else by_item.map_rows(list(chosen.obligations.values()), results)
    named = ", ".join(Path(each).name if is_file_name(each) else each for each in items)
    notes_shown = {} if own else notes.notes_in(NOTES)
    known = claims.Known(
        {each.id: each for each in results},
        chosen.obligations,
        chosen.home,
        scores={name: score.said for name, score in mutation.kept_scores().items()},
        notes=notes_shown.keys(),
        source=source,
    )
    graphs = fragments_of(chosen, results) if own else gadget_section.EXAMPLES
    title = title or named or TITLE
    page.write_page(output, results, known, title=title, rows=rows, fragments=graphs, notes=notes_shown)
    say(f"wrote {len(results)} claims: {output}")
    return exit_code(results)


def checked_address(text: str) -> str:
    """An address of the web, or none. Raises ConstructionError for another text."""
    if text and not re.fullmatch(r"https?://[^\s\"'<>]+", text):
        raise ConstructionError(f"need an address that begins with https:// or http://, got {text!r}, at --source")
    return text


def fragments_of(chosen: "obligations.Chosen", results: "Sequence[result.Result]") -> "dict[str, playing.Playable]":
    """The graphs over which the claims behind some ``results`` walk, each with the claim's facts and the values of its
    witness; where a claim walks over none, the graph that it is about. ``chosen`` are the obligations."""
    found: dict[str, playing.Playable] = {}
    for each in results[:MOST_GRAPHS]:
        try:
            with chosen.home(each.id):
                found |= _playable(chosen.obligations[each.id], chosen.obligations, each)
        except (ArithmeticError, ConstructionError):
            continue
    return found


def _playable(
    claim: "obligation.Obligation", known: "Mapping[str, obligation.Obligation]", found: "result.Result"
) -> "dict[str, playing.Playable]":
    starts = found.claim.witness or {} if found.claim else {}
    walks = {}
    if claim.kind != "enumeration":
        walks = dict(playing.playables_of(claim, known, starts))
    if walks:
        return walks
    alone = playing.Playable(fragment=fragment.fragment_of(fragment.subject_of(claim), where=claim.id), starts=starts)
    return {claim.id: alone} if playing.is_playable(alone) else {}
