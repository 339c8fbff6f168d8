"""The command ``querygrad referee``: the checker of transcripts, also ``python -m verify.referee``."""

from pathlib import Path

import click

from constructions.foundations.loading import loaded_when_used

with loaded_when_used(__name__):
    from verify.referee import __main__ as checker


@click.command("referee")
@click.argument("transcript", type=click.Path(path_type=Path))
def referee(transcript: Path) -> int:
    """Check the file TRANSCRIPT that 'lowerbound' wrote, by a program that shares nothing with it.

    Every mean, every loss and the number of parities left are computed again. Exit codes: 0 all of it is true; 1
    refused; 2 bad input.
    """
    return checker.checked(transcript)
