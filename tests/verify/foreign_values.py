"""A claim of a user's, and values of foreign libraries that its code does not name: what the tests of leaks share."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import sympy
import z3

from constructions.foundations.activation import HARD_TANH
from constructions.foundations.network import Fragment
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.obligations.obligation import fresh_registry, obligation

F = Fraction
GATE = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 1}, sigma=HARD_TANH)
TENTH, LARGE, HALF_ARRAY = 0.1, np.int64(2**62), np.array([0.5])
"""Values that a claim gets from elsewhere, so that its code does not name them."""
FROM: dict[str, Any] = {
    "tenth": TENTH,
    "large": LARGE,
    "symbol": sympy.Symbol("x", positive=True),
    "plain": sympy.Symbol("x"),
    "z3": z3.Real("x"),
}


def result_of(claim: Callable[[Any, Any], None], **options: Any) -> Result:
    """What a user sees of a claim about the number 1, whose twin is about 2."""
    claim.__doc__ = claim.__doc__ or "A claim."
    given: dict[str, Any] = {"paper": "mine", "of": lambda case: 1, "twin": lambda case: 2} | options
    with fresh_registry() as mine:
        obligation("mine.claim", **given)(claim)
        return discharge(mine.obligations["mine.claim"])
