"""Numbers, settings and inputs as they are written on a command line."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

import click

from constructions.errors import ConstructionError
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, VC_ONLY, Setting

Command = TypeVar("Command", bound=Callable[..., Any])


SETTING_WORDS = {"printed": PRINTED, "vc": VC_ONLY, "minimal": MINIMAL, "strong": STRONG, "dyadic": DYADIC}


def setting_named(word: str) -> Setting:
    """A setting of the query graphs by its word, the same in every command.

    >>> setting_named("printed").name, setting_named("strong").name
    ('as printed', 'strong')
    """
    if word not in SETTING_WORDS:
        raise ConstructionError(f"need a setting among {', '.join(SETTING_WORDS)}, got {word!r}, at --setting")
    return SETTING_WORDS[word]


def setting_option(default: str) -> Callable[[Command], Command]:
    """The option ``--setting`` of a command, which gets the setting itself."""
    words = f"Which Q and Q': {', '.join(SETTING_WORDS)} (vc: as printed, but vc mended)."
    return click.option(
        "--setting",
        default=default,
        show_default=True,
        help=words,
        callback=lambda ctx, param, word: setting_named(word),
    )


def number(text: str, *, where: str) -> Fraction:
    """A rational written p/q."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise ConstructionError(f"need a rational p/q, got {text!r}, at {where}") from error


def inputs_of(texts: tuple[str, ...]) -> dict[str, Fraction] | None:
    """Inputs written ``vertex=p/q``; None if there are none.

    >>> inputs_of(("x=1/2", "y=-2"))
    {'x': Fraction(1, 2), 'y': Fraction(-2, 1)}
    """
    found: dict[str, Fraction] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise ConstructionError(f"need an input as vertex=p/q, got {text!r}, at --input")
        found[name] = number(value, where=f"--input {name}")
    return found or None
