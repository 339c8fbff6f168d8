"""Values of results as JSON values and back, by their types (msgspec).

What is read must be of the type in every part: a field too many, a missing one or a verdict that is none is refused,
with its place. Rationals are texts (``"1/4"``, ``"-3"``), verdicts are their names.
"""

import re
from fractions import Fraction
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec

from constructions.errors import ConstructionError

T = TypeVar("T", bound=msgspec.Struct)
RATIONAL = r"^-?[0-9]+(/[1-9][0-9]*)?$"
"""How a rational is written: an integer, or a numerator and a denominator that is not 0."""
Rational: TypeAlias = Annotated[str, msgspec.Meta(pattern=RATIONAL, description="A rational number.")]
"""A rational as the text that it is written as, for places where a whole number or another value may stand too."""


def to_json(value: msgspec.Struct) -> Any:
    """Everything of a value as JSON values.

    >>> from verify.provers.outcome import Departure
    >>> to_json(Departure("active", "vc", Fraction(1, 2), "(-1, 0)"))["pre_activation"]
    '1/2'
    """
    return msgspec.to_builtins(value, enc_hook=_text_of)


def from_json(found: Any, kind: type[T]) -> T:
    """The value of a kind of which :func:`to_json` made the JSON values that were ``found``.

    Raises
    ------
    ConstructionError for anything that is not of this kind, with the place.

    >>> from verify.provers.outcome import Departure
    >>> from_json({"walk": "active", "vertex": "vc", "pre_activation": "1/2", "piece": "(-1, 0)"}, Departure)
    Departure(walk='active', vertex='vc', pre_activation=Fraction(1, 2), piece='(-1, 0)')
    """
    try:
        return msgspec.convert(found, kind, dec_hook=_read)
    except msgspec.ValidationError as error:
        raise ConstructionError(f"need JSON of the kind {kind.__name__}, got something else: {error}") from error


def _text_of(value: Any) -> str:
    if type(value) is Fraction:
        return str(value)
    raise TypeError(f"need a value that JSON has, got {type(value).__name__}")


def _read(kind: type, value: Any) -> Any:
    if kind is Fraction and isinstance(value, str) and re.fullmatch(RATIONAL, value):
        return Fraction(value)
    raise ValueError(f"need a rational as text, got {value!r}")
