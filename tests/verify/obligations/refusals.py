"""Whether the language of claims refuses something: what its tests share."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.refusals import LanguageError, statement


def is_noted(act: Callable[[], Any]) -> bool:
    """Whether a refusal counts although the claim catches it."""
    try:
        with statement(), suppress(Exception):
            act()
    except LanguageError:
        return True
    return False


def is_refused(act: Callable[[], Any]) -> bool:
    """Whether something is refused by us, and stays so where a claim catches it."""
    try:
        act()
    except ConstructionError as error:
        return is_noted(act) if isinstance(error, LanguageError) else True
    return False
