"""The options of ``querygrad prove`` that report a run to other programs, beside ``--json`` and ``--junit``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.screen.files import check_writable, write_text
from verify.screen.printing import say

with loaded_when_used(__name__):
    from verify.discharge import result as outcome
    from verify.obligations import obligation as registered
    from verify.reports import comparing, run_page, sarif, troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """Which reports are wanted.

    Parameters
    ----------
    sarif_file, markdown : files to write; None for none. compare : an earlier report of ``--json``; None for none.
    annotate : whether annotations are printed.
    """

    sarif_file: Path | None
    markdown: Path | None
    compare: Path | None
    annotate: bool

    def begin(self, *others: Path | None) -> "comparing.OldReport | None":
        """The report to compare with. Before any work, files that cannot be written or read are refused with
        ConstructionError, and so is one file for two reports, of these options or of ``others``."""
        check_writable(self.sarif_file, self.markdown, *others)
        if self.compare is not None and self.markdown is None:
            raise ConstructionError(
                "need --markdown beside --compare, got none ('querygrad diff' compares two reports)"
            )
        return comparing.read_report(self.compare) if self.compare is not None else None

    @property
    def any(self) -> bool:
        """Whether a report is wanted that says where claims are stated."""
        return bool(self.sarif_file or self.markdown or self.annotate)

    def write(
        self,
        results: "Sequence[outcome.Result]",
        obligations: "Mapping[str, registered.Obligation]",
        *,
        wall: float,
        old: "comparing.OldReport | None",
        beside_json: bool = False,
    ) -> None:
        """Write the reports.

        Parameters
        ----------
        results : of the run. obligations : whose claims are loaded, by id. wall : seconds of the whole run.
        old : the report to compare with, if there is one. beside_json : whether standard output gets JSON, so that
            annotations go to standard error; services read both.

        Raises
        ------
        ConstructionError
            For a file that cannot be written.
        """
        if not self.any:
            return
        found = troubles.troubles_of(results, obligations)
        if self.sarif_file:
            sarif.write_sarif(self.sarif_file, found)
        if self.markdown:
            changed = comparing.changes(old, comparing.as_old(results)) if old is not None else None
            write_text(self.markdown, run_page.page_of(results, found, wall, changed))
        if self.annotate:
            say(*sarif.annotations(found), err=beside_json)


report_options = grouped(
    "reports",
    ReportOptions,
    (
        click.option(
            "--sarif",
            "sarif_file",
            type=click.Path(path_type=Path),
            help="Write what is not as expected as SARIF 2.1.0.",
        ),
        click.option("--markdown", type=click.Path(path_type=Path), help="Write the run as a page of Markdown."),
        click.option(
            "--compare",
            type=click.Path(path_type=Path),
            help="Let the page say what changed since this report of an earlier --json.",
        ),
        click.option(
            "--annotate", is_flag=True, help="Print what is not as expected as annotations of GitHub Actions, too."
        ),
    ),
)
