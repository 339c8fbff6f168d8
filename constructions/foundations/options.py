"""Options as frozen values: which of them were given."""

from dataclasses import fields
from typing import Any


def fields_given(options: Any) -> dict[str, Any]:
    """The fields of some ``options`` (an object of a dataclass) that are not None, by name.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Size:
    ...     width: int | None = None
    ...     depth: int | None = None
    >>> fields_given(Size(depth=3))
    {'depth': 3}
    """
    found = {field.name: getattr(options, field.name) for field in fields(options)}
    return {name: value for name, value in found.items() if value is not None}
