"""The adversary of the rounding that a command names."""

import functools
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line
from constructions.training.adversaries import EdgeChoice
from verify.arguments.user_files import UserFiles, is_python, parts_of
from verify.obligations.user_file import place


def adversary_named(name: str, files: UserFiles) -> Any:
    """A name, or the function of a user's file.

    Raises
    ------
    ConstructionError
        If what the file has under this name is no function; the function that is returned raises it where the user's
        own raises anything.
    """
    if not is_python(name):
        return name
    path, called = parts_of(name, "adversary")
    found = files.value(path, called)
    if not callable(found):
        raise ConstructionError(
            f"need a function from a choice to one of its valid roundings, got {type(found).__name__}, at {name}"
        )

    @functools.wraps(found)
    def picks(choice: EdgeChoice) -> Any:
        try:
            return found(choice)
        except Exception as error:
            got = f"{type(error).__name__}: {one_line(error)}, at {place(error, path)}"
            raise ConstructionError(f"need a function that picks a rounding, got {got}") from error

    return picks
