"""The command ``querygrad plot``: the picture of a sweep."""

from pathlib import Path

import click

from constructions.foundations.loading import loaded_when_used
from verify.reports.exit_codes import EXPECTED
from verify.screen.files import check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from verify.drawing import phase
    from verify.reports import sweep as reports

ENDINGS = (".svg", ".png", ".pdf")


@click.command("plot")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Write the picture to this .svg, .png or .pdf file.",
)
def plot(file: Path, output: Path) -> int:
    """Draw FILE, which 'querygrad sweep' has written: what is learned at each batch size and precision.

    Lines stand for what is proved. b rho = 1/8: Theorem 1a as printed; 1/3 and 2/3: as proved here, with bumps of slope
    1 and steep ones; 4/3: Result B0, by which whole batches are read; (b + 2) rho = 4: up to there any two realizable
    batches can be told apart (Result T4); b rho = 4: from there on one point of a batch can be hidden (Result T3);
    b rho^2 = log_4(n)/67.5: Result C with n times its fewest parameters; b rho^2 = 128 ln(2Tp/delta): Theorem 1c.
    """
    check_writable(output, endings=ENDINGS)
    found = reports.read_sweep(file)
    phase.draw_phase(found.setting, list(found.rows.values()), output)
    say(f"wrote {output}")
    return EXPECTED
