"""The command ``querygrad diff``: what changed from one run of ``prove --json`` to the next."""

from pathlib import Path

import click

from constructions.foundations.loading import loaded_when_used
from verify.screen.files import check_writable, write_text
from verify.screen.printing import say

with loaded_when_used(__name__):
    from verify.reports import comparing

GOT_WORSE = 1
"""The exit code if something became worse."""
FILE = click.Path(path_type=Path)


@click.command("diff")
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option("--markdown", type=FILE, help="Write the changes as a table of Markdown, too.")
def diff(before: Path, after: Path, markdown: Path | None) -> int:
    """Say what changed between two reports that 'prove --json' wrote, BEFORE and AFTER.

    What became worse comes first: a verdict that says less, a claim that is gone, one that is given more principles or
    of which less is expected, a twin that is not refuted any more. The exit code is 1 if there is any such change, and
    0 if not. A claim that has other words or other formulas than before is named too.
    """
    check_writable(markdown)
    found = comparing.changes(comparing.read_report(before), comparing.read_report(after))
    say(*comparing.lines(found))
    if markdown:
        write_text(markdown, "\n".join(comparing.markdown(found)) + "\n")
    return GOT_WORSE if any(change.is_worse for change in found) else 0
