"""While a claim is stated to the solver, what Python would quietly misread is an error.

z3 answers ``bool(x == 1)`` by comparing the two terms as text, so ``x == 1 and y == 2``, ``not x == 1``, ``x in (0, 1)`` and
``if x == 0`` would each state something else than they say; and it turns the float 0.1 into 1/10.
"""
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import z3

from constructions.errors import ConstructionError
from constructions.foundations.exact import is_exact_value


@contextmanager
def strictly() -> Iterator[None]:
    """Refuse formulas as Python truth values, and floats in formulas."""
    truth, cast = z3.BoolRef.__bool__, z3.ArithSortRef.cast

    def no_truth(formula: z3.BoolRef) -> bool:
        if z3.is_true(formula) or z3.is_false(formula):
            return bool(z3.is_true(formula))
        raise ConstructionError(
            "need every(), some(), negation(), implies() or select() for formulas (not and, or, not, if, in, chained "
            f"comparisons), got {' '.join(str(formula).split())[:80]!r} as a Python truth value"
        )

    def exact_cast(sort: z3.ArithSortRef, value: Any) -> Any:
        if not isinstance(value, z3.ExprRef) and not is_exact_value(value):
            raise ConstructionError(f"need an exact number in a formula, got the {type(value).__name__} {value!r}")
        return cast(sort, value)

    z3.BoolRef.__bool__, z3.ArithSortRef.cast = no_truth, exact_cast
    try:
        yield
    finally:
        z3.BoolRef.__bool__, z3.ArithSortRef.cast = truth, cast
