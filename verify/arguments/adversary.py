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

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mine.py")
    ...     _ = file.write_text("def lowest(choice):\\n    return min(choice)\\n")
    ...     picks = adversary_named(f"{file}:lowest", UserFiles())
    >>> adversary_named("down", UserFiles()), picks([3, 1, 2])
    ('down', 1)
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
