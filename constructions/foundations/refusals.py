"""What a claim may not say, and how it is told so: a refusal is an error that cannot be caught away.

A claim is a Python function of its user's, and Python lets it catch any error and go on. A claim that caught the
refusal of a float, say, would go on with a statement that nobody meant. So every refusal is also noted while a claim is
stated (:func:`statement`), and a statement that ends with a note is refused after all.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from constructions.errors import ConstructionError

_REFUSED: list[list[str]] = []


class LanguageError(ConstructionError):
    """Something that the language of claims does not have: a foreign number, or a formula as a truth value."""


@contextmanager
def statement() -> Iterator[list[str]]:
    """While a claim is stated, every refusal is noted.

    Yields
    ------
    The list of what was refused so far.

    Raises
    ------
    LanguageError
        At the end, with the first refusal, if there was one, even if the claim has caught it.

    >>> with statement():
    ...     try:
    ...         raise refusal("need an exact number, got 0.5")
    ...     except LanguageError:
    ...         pass
    Traceback (most recent call last):
        ...
    constructions.foundations.refusals.LanguageError: need an exact number, got 0.5
    """
    noted: list[str] = []
    _REFUSED.append(noted)
    try:
        yield noted
    finally:
        _REFUSED.pop()
    if noted:
        raise LanguageError(noted[0])


def refusal(message: str) -> LanguageError:
    """The error that says what is refused, noted for the end of the statement; the caller raises it."""
    if _REFUSED:
        _REFUSED[-1].append(message)
    return LanguageError(message)


def described(value: object) -> str:
    """A foreign object in words: its type and how it prints, cut short.

    >>> described(0.5)
    'the float 0.5'
    """
    text = " ".join(repr(value).split())
    return f"the {type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
