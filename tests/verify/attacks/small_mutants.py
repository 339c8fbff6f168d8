"""Two small bases by name, and a mutant that there is: what the tests of mutants share."""

from verify.attacks.bases import base
from verify.attacks.mutants import Mutant, mutant

SMALL = "conjunction by queries, minimal"
COINS = "coins, minimal"


def found(name: str, kind: str, seed: int = 0) -> Mutant:
    """A mutant that there is."""
    made = mutant(base(name), kind, seed)
    assert made is not None
    return made
