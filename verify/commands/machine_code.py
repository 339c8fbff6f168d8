"""A word about machine code that cannot be kept: training and certifying then compile their passes anew in every
run."""

from constructions.training.compiled import FAULT
from verify.screen.printing import say


def warn_if_not_kept() -> None:
    """One line on stderr if there is no folder for machine code."""
    if FAULT:
        say(f"warning: machine code is not kept, so every run compiles it: {FAULT}", err=True)
