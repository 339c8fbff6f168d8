"""Numbers, settings and inputs as they are written on a command line."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import Command

with loaded_when_used(__name__):
    from constructions.networks import queries
    from verify.arguments import user_files

WRITTEN = re.compile(r"[+-]?[0-9]{1,40}([./][0-9]{1,40})?")
SETTING_WORDS = {"printed": "PRINTED", "vc": "VC_ONLY", "minimal": "MINIMAL", "strong": "STRONG", "dyadic": "DYADIC"}
"""What a command line calls each setting, and its name in :mod:`constructions.networks.queries`."""


def setting_named(word: str) -> "queries.Setting":
    """A setting of the query graphs by its word, the same in every command.

    Raises
    ------
    ConstructionError
        For a word that is none of :data:`SETTING_WORDS`.

    >>> setting_named("printed").name, setting_named("strong").name
    ('as printed', 'strong')
    """
    if word not in SETTING_WORDS:
        raise ConstructionError(f"need a setting among {', '.join(SETTING_WORDS)}, got {word!r}, at --setting")
    found: queries.Setting = getattr(queries, SETTING_WORDS[word])
    return found


def setting_of(text: str) -> "queries.Setting":
    """A setting by its word, or the one that is called NAME in a user's FILE.py:NAME.

    Raises
    ------
    ConstructionError
        For another word, or a file that has no setting of this name.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mine.py")
    ...     _ = file.write_text("from constructions.networks.queries import STRONG\\nMINE = STRONG.with_resting(1)")
    ...     setting_of(f"{file}:MINE").resting, setting_of("strong").name
    (1, 'strong')
    """
    if not user_files.is_python(text):
        return setting_named(text)
    path, name = user_files.parts_of(text)
    if not name:
        raise ConstructionError(f"need FILE.py:NAME, got {text!r}, at --setting")
    found = user_files.UserFiles().value(path, name)
    if not isinstance(found, queries.Setting):
        got = f"{type(found).__name__}, at {path}:{name}"
        raise ConstructionError(f"need a Setting of constructions.networks.queries, got {got}")
    return found


def word_of(setting: "queries.Setting") -> str:
    """The word of a setting on the command line.

    >>> word_of(setting_named("strong"))
    'strong'
    """
    return next(word for word in SETTING_WORDS if setting_named(word) == setting)


def setting_option(default: str, *, of_files: bool = False) -> Callable[[Command], Command]:
    """The option ``--setting`` of a command, which gets the setting itself; by ``default`` the one of a word, and
    FILE.py:NAME if settings ``of_files`` are taken.

    >>> @click.command()
    ... @setting_option("strong")
    ... def rate(setting):
    ...     return str(setting.rate)
    >>> [rate.main(words, standalone_mode=False) for words in ([], ["--setting", "printed"])]
    ['1', '2']
    """
    words = f"Which Q and Q': {', '.join(SETTING_WORDS)} (vc: as printed, but vc mended)"
    words += "; or FILE.py:NAME, a Setting of yours." if of_files else "."
    read = setting_of if of_files else setting_named
    return click.option(
        "--setting",
        default=default,
        show_default=True,
        help=words,
        callback=lambda ctx, param, word: read(word),
    )


def number(text: str, *, where: str) -> Fraction:
    """The rational that a text means, digit by digit; the only reading of one in the commands.

    Parameters
    ----------
    text : an integer, ``p/q`` or a decimal such as ``0.05``, of at most 40 digits each. where : what an error names.

    Raises
    ------
    ConstructionError
        For any other text.

    >>> [str(number(text, where="--rho")) for text in ("1/20", "0.05", " -3 ")]
    ['1/20', '1/20', '-3']
    """
    try:
        if not WRITTEN.fullmatch(text.strip()):
            raise ValueError
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError) as error:
        digits = " of at most 40 digits each" if len(text) > 40 else ""
        raise ConstructionError(
            f"need a rational p/q such as 1/20 or 0.05{digits}, got {text!r}, at {where}"
        ) from error


class Rational(click.ParamType):  # type: ignore[type-arg]
    """The type of an option that is a rational, read by :func:`number`.

    >>> Rational()("1/20")
    Fraction(1, 20)
    """

    name = "p/q"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """The rational, or what was wrong with the text."""
        if isinstance(value, Fraction):
            return value
        where = param.opts[0] if param is not None else "a number"
        return number(str(value), where=where)


class RationalText(Rational):
    """The same for a rational that is kept as text, in lowest terms.

    >>> RationalText()("0.05")
    '1/20'
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # type: ignore[override]
        """The text of the rational."""
        return str(super().convert(value, param, ctx))


RATIONAL, RATIONAL_TEXT = Rational(), RationalText()


def inputs_of(texts: tuple[str, ...]) -> dict[str, Fraction] | None:
    """Inputs written ``vertex=p/q``; None if there are none.

    Raises
    ------
    ConstructionError
        For a text without a vertex and ``=``, or a value that is no rational number.

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


class ListOf(click.ParamType):  # type: ignore[type-arg]
    """The type of an option that is a list, with commas between its parts.

    Parameters
    ----------
    kind : the type of each part.

    >>> ListOf(RATIONAL)("1/2,1/8")
    (Fraction(1, 2), Fraction(1, 8))
    """

    def __init__(self, kind: click.ParamType[Any]) -> None:
        self.kind, self.name = kind, f"{kind.name},..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Any, ...]:
        """The parts, each once, in their order."""
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in str(value).split(",")]
        return tuple(dict.fromkeys(self.kind.convert(part, param, ctx) for part in parts))
