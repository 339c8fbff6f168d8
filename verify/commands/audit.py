"""The command ``querygrad audit``: what the verdicts of a report of ``prove --json`` take for granted."""

from pathlib import Path

import click

from constructions.foundations.loading import loaded_when_used
from verify.screen.files import check_writable, write_text
from verify.screen.printing import say

with loaded_when_used(__name__):
    from verify.reports import audit as audits
    from verify.reports import comparing

MORE = 1
"""The exit code if more is taken for granted than before."""
FILE = click.Path(path_type=Path)


@click.command("audit")
@click.argument("report", type=FILE)
@click.option("--compare", type=FILE, metavar="OLD.json", help="Say what is new since this report of an earlier run.")
@click.option("--markdown", type=FILE, help="Write the same as Markdown, too.")
def audit(report: Path, compare: Path | None, markdown: Path | None) -> int:
    """Say what the verdicts of REPORT, which 'prove --json' wrote, take for granted.

    Of the claims that hold: the principles on which their verdicts rest, each with these claims; and the facts that
    were never seen to fail, neither under the claim's broken twin nor under a recorded change of a construction. With
    --compare the exit code is 1 if a verdict rests on a principle, or has such a fact, that it did not have in the
    earlier report, and 0 if not.
    """
    check_writable(markdown)
    found = audits.audit_of(comparing.read_report(report))
    new = None if compare is None else audits.added(audits.audit_of(comparing.read_report(compare)), found)
    say(*audits.lines(found))
    if new is not None:
        say(*audits.lines_of_added(new))
    if markdown:
        write_text(markdown, "\n".join(audits.markdown(found, new)) + "\n")
    return MORE if new else 0
