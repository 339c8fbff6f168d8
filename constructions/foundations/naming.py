"""Things that a user names: a table of them, and an error that says which name was probably meant."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from constructions.errors import ConstructionError

Thing = TypeVar("Thing")


def named(table: Mapping[str, Thing], name: str, kind: str) -> Thing:
    """The entry of a table that has a name.

    Parameters
    ----------
    table : the entries by their names. name : what the user wrote. kind : what the entries are, for the error.

    Returns
    -------
    The entry.

    Raises
    ------
    ConstructionError
        For another name. It lists all names, and says which ones are close to what was written.

    >>> named({"parity": 1, "decision-list": 2}, "list", "learner")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a learner among parity, ..., got 'list' (close: decision-list)
    """
    check_name(table, name, kind)
    return table[name]


def check_name(names: Iterable[str], name: str, kind: str) -> None:
    """Refuse a name that is not among some; ``kind`` says in a word what they name.

    Raises
    ------
    ConstructionError
        As :func:`named`.

    >>> check_name(("parity", "decision-list"), "pairty", "learner")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a learner among parity, decision-list, got 'pairty' (close: parity)
    """
    known = list(names)
    if name not in known:
        raise ConstructionError(f"need a {kind} among {', '.join(known)}, got {name!r}{suggestion(name, known)}")


def suggestion(name: str, names: Iterable[str]) -> str:
    """The names that contain what was written or are spelled almost like it, as the end of an error; empty if none is.

    >>> suggestion("literal", ["parity", "best-of-literals"]), suggestion("Parity", ["parity"]), suggestion("", ["x"])
    (' (close: best-of-literals)', ' (close: parity)', '')
    """
    known = {one.casefold(): one for one in names}
    wanted = name.casefold()
    containing = [one for one in known if wanted and wanted in one]
    close = [known[one] for one in dict.fromkeys((*containing, *get_close_matches(wanted, known)))]
    return f" (close: {', '.join(close)})" if close else ""
