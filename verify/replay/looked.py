"""Functions and words in a replay: their values are those that a witness has."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.functions import Function, application_name, check_arity
from constructions.foundations.refusals import described, refusal
from constructions.foundations.terms import INTEGER, TRUTH


@dataclass(frozen=True)
class Looked:
    """A function whose values a witness has; it notes at which arguments it was asked."""

    function: Function
    values: Mapping[str, Fraction]
    asked: dict[str, None]

    @property
    def called(self) -> str:
        """Its name."""
        return self.function.name

    def __call__(self, *arguments: Fraction | bool) -> Fraction | bool:
        """The value, 0 or false where the witness has none."""
        check_arity(self.called, self.function.takes, arguments)
        pairs = zip(arguments, self.function.takes, strict=True)
        key = application_name(self.called, tuple(_of_kind(part, kind, self.function) for part, kind in pairs))
        self.asked[key] = None
        return _of_kind(self.values.get(key, Fraction(0)), self.function.gives, self.function)


def _of_kind(value: Any, kind: str, function: Function) -> Fraction | bool:
    """An argument or a value of a function, of the kind that it has; 0 and 1 stand for truth values in a witness."""
    if kind == TRUTH:
        right = type(value) in (bool, int, Fraction) and value in (0, 1)
    else:
        right = type(value) in (int, Fraction) and (kind != INTEGER or Fraction(value).denominator == 1)
    if not right:
        raise refusal(f"need a value of kind {kind}, got {described(value)}, at {function.name!r}")
    return bool(value) if kind == TRUTH else Fraction(value)
