"""Answers that are remembered: a question about the same terms need not be asked twice.

Terms of one structure are one object (:mod:`constructions.foundations.terms`), so a question is known by its terms. As
long as an answer is remembered, so are the terms of its question: no other terms can take their places in memory.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from constructions.foundations.terms import Term

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Remembered(Generic[Answer]):
    """The last answers of this process, at most ``most``, each beside the terms of its question, which it ``kept``.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x, known = variable("x", REAL), Remembered(most=1)
    >>> known.put([x > 0], ("sat?",), True)
    >>> known.get([x > 0], ("sat?",)), known.get([x > 0], ("valid?",)), known.get([x > 1], ("sat?",))
    (True, None, None)
    """

    most: int
    kept: OrderedDict[tuple[Any, ...], tuple[tuple[Term, ...], Answer]] = field(default_factory=OrderedDict)

    def get(self, terms: Sequence[Term], options: tuple[Any, ...] = ()) -> Answer | None:
        """The answer to a question of these very ``terms`` with these ``options``, if it is remembered.

        >>> Remembered(most=1).get([]) is None
        True
        """
        found = self.kept.get((tuple(map(id, terms)), options))
        return None if found is None else found[1]

    def put(self, terms: Sequence[Term], options: tuple[Any, ...], answer: Answer) -> None:
        """Remember the ``answer`` to a question of these ``terms`` with these ``options``; the oldest is forgotten if
        there are too many.

        >>> known = Remembered(most=1)
        >>> for number in (1, 2):
        ...     known.put([], (number,), "sat")
        >>> known.get([], (1,)), known.get([], (2,))
        (None, 'sat')
        """
        self.kept[(tuple(map(id, terms)), options)] = (tuple(terms), answer)
        while len(self.kept) > self.most:
            self.kept.popitem(last=False)
