"""Kinds of options that several commands have."""

import re
from fractions import Fraction
from typing import Any

import click

POSITIVE = click.IntRange(min=1)


DECIMAL = re.compile(r"[+-]?[0-9]{1,40}([./][0-9]{1,40})?")


class Exact(click.ParamType):  # type: ignore[type-arg]
    """A rational: 0.05 or 1/20, as text in lowest terms."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The rational that the text means, digit by digit."""
        try:
            if not DECIMAL.fullmatch(str(value).strip()):
                raise ValueError
            return str(Fraction(str(value).strip()))
        except (ValueError, ZeroDivisionError):
            self.fail(f"need a number such as 0.05 or 1/20, got {value!r}", param, ctx)


def between(low: int, high: int) -> click.IntRange:
    """Integers in a range."""
    return click.IntRange(min=low, max=high)
