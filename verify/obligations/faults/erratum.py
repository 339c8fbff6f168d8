"""One line of the errata: an id, what is wrong, the repair, and the obligations that show either."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from verify.obligations.listed import Listed

Known = TypeVar("Known", bound=Listed)


@dataclass(frozen=True, slots=True)
class Erratum:
    """One line of the errata: its ``id``, what is ``wrong`` as printed, and the ``repair``, both in words.

    ``printed`` are claims that are to be REFUTED, ``repaired`` those that hold; both may be patterns.
    """

    id: str
    wrong: str
    repair: str = ""
    printed: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()

    def sides(self, obligations: Mapping[str, Known]) -> tuple[list[Known], list[Known]]:
        """The obligations that state it as printed and as repaired, each in the order of the table."""
        return _matching(self.printed, obligations), _matching(self.repaired, obligations)


def _matching(patterns: tuple[str, ...], obligations: Mapping[str, Known]) -> list[Known]:
    ids = dict.fromkeys(id for pattern in patterns for id in obligations if fnmatchcase(id, pattern))
    return [obligations[id] for id in ids]
