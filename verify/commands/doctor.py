"""The command ``querygrad doctor``: what querygrad runs on here, and whether its guards hold."""

import click

from constructions.foundations.loading import loaded_when_used
from verify.reports.exit_codes import EXPECTED, INTERNAL, WRONG
from verify.screen.printing import say

with loaded_when_used(__name__):
    from verify.reports import health


@click.command("doctor")
def doctor() -> int:
    """Say which versions, cores and folders querygrad finds here, and try its guards.

    The guards: a small claim is proved and its broken twin refuted, in a process of its own; a floating-point number in
    a claim is refused; a verdict is kept and found again; assertions are not switched off. The exit code is 4 if one
    fails, 1 if a library is missing or older than querygrad needs, and 0 otherwise.
    """
    found = health.findings()
    for each in found:
        say(f"{each.mark} {each.name:<20} {each.said}")
    if any(each.bad and each.guard for each in found):
        return INTERNAL
    return WRONG if any(each.bad for each in found) else EXPECTED
