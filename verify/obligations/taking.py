"""What a claim takes as true without showing it: what other claims say of its terms, and what principles state.

Each is noted where it is taken, so that a verdict says on what it rests.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.functions import Function
from constructions.foundations.logic import Formula
from verify.obligations.inductions import RunRule
from verify.obligations.principles import PRINCIPLES, WORDS
from verify.obligations.use import Instance, Usable, Used, check_in_domain, numbered, usable
from verify.obligations.walking import Walking


class Taking(Walking):
    """The part of a case that takes claims and principles as true; it adds to the uses, principles and instances, and
    to the grounds on which these rest. ``known`` are the obligations that may be used, and ``users`` those that are
    being stated.

    >>> from verify.obligations.obligation import Obligation
    >>> from verify.provers.stated_case import StatedCase
    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> case = StatedCase({"square": square}, user="mine")
    >>> case.use("square", x=case.real("y") + 1)["square"]
    (y + 1)*(y + 1) >= 0
    >>> mean = case.word("mean")(case.real("s"), case.real("X"))
    >>> used = case.principle("markov", s=case.real("s"), X=case.real("X"), k=2)
    >>> mean, [used.id for used in (*case.uses, *case.principles)]
    (meant: mean(s, X), ['square', 'principle markov'])
    """

    known: Mapping[str, Usable]
    users: tuple[str, ...]
    uses: list[Used]
    principles: list[Used]
    instances: list[Formula]
    grounds: list[Used | RunRule]

    def use(self, id: str, /, *facts: str, **given: Any) -> Used:
        """State another obligation's claim for terms of this one, and rest on it from here on.

        Parameters
        ----------
        id : the obligation. facts : the labels of the facts that are wanted; all, if none is named.
        given : what stands for the other claim's variables, by their names there: numbers for numbers, a term that is
            an integer for an integer variable (where it is not one by its form, that it is one becomes a fact of this
            claim), formulas for truth values. A variable for which nothing is given stays one. ``subject`` gives the
            thing that the other claim is about: its numbers stand where that one's subject has variables.

        Returns
        -------
        The use: its premises, what each fact concludes (``used["label"]``), its subject, walks and values.

        Raises
        ------
        ConstructionError
            For an id that is none, or on which nothing may rest; for a name that is no variable of the other claim;
            and for values that are outside the finite case of an enumeration.
        """
        obligation = usable(self.known, id, self.users)
        label = numbered(id, [used.label for used in self.uses])
        check_in_domain(obligation, given, label)
        used = Used(obligation, label, facts, given, lambda: self._instance(obligation, label, given))
        self.uses.append(used)
        self._rest_on(used)
        return used

    @abstractmethod
    def _instance(self, obligation: Usable, label: str, given: Mapping[str, Any]) -> tuple[Any, Instance]:
        """State a claim of another obligation for some terms: its subject, and the case to which it was stated."""

    def principle(self, name: str, /, **given: Any) -> Used:
        """State a principle for given terms, and rest on it from here on: the verdict is then *given* this principle.

        Raises
        ------
        ConstructionError
            For a name that is no principle's, and for a name of no variable of it.
        """
        if name not in PRINCIPLES:
            raise ConstructionError(f"need a principle ({', '.join(PRINCIPLES)}), got {name!r}")
        found = PRINCIPLES[name]
        label = numbered(found.id, [used.label for used in self.principles])
        used = Used(found, label, (), given, lambda: self._instance(found, label, given))
        self.principles.append(used)
        self._take_principle(used)
        return used

    def word(self, name: str) -> Callable[..., Any]:
        """A word of the principles: a function that means the same in every claim. Raises ConstructionError for
        another."""
        if name not in WORDS:
            raise ConstructionError(f"need a word of the principles ({', '.join(WORDS)}), got {name!r}")
        return self._word(WORDS[name])

    def _take_principle(self, used: Used) -> None:
        """Take what a principle says of its terms as true."""
        self._take_as_true(used.lemma, used)

    @abstractmethod
    def _word(self, function: Function) -> Callable[..., Any]:
        """What stands for a word."""

    def _rest_on(self, used: Used) -> None:
        """Take what a used claim says of its terms as true."""
        self._take_as_true(used.lemma, used)

    def _take_as_true(self, said: Formula, ground: Used | RunRule) -> None:
        """Take something as true; ``grounds`` has why, at the same place."""
        self.instances.append(said)
        self.grounds.append(ground)
