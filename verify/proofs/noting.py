"""The case that notes on which grounds each fact of a claim rests, in the order in which they were stated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from constructions.foundations.logic import Formula
from verify.obligations.inductions import Inductive, RunRule
from verify.obligations.obligation import Obligation
from verify.obligations.parts import Induction
from verify.obligations.use import Usable, Used
from verify.provers.stated_case import StatedCase
from verify.provers.stating import state

PREMISE, INSTANCE, LEMMA = "premise", "instance", "lemma"


@dataclass(frozen=True, slots=True)
class NotedGround:
    """One thing on which facts rest.

    Parameters
    ----------
    kind : a premise, an instance of something that holds, or a lemma. formula : what it says. why : of an instance, the
        use, or the rule about what is reached. fact : of a lemma, the number of the fact.
    """

    kind: str
    formula: Formula
    why: Used | RunRule | None = None
    fact: int = -1


@dataclass(frozen=True, slots=True)
class NotedFact:
    """How many grounds were there when a fact was stated, and the condition ``given`` that is the fact's own."""

    grounds: int
    given: Formula


@dataclass(frozen=True, slots=True)
class NotedInduction:
    """An induction, what it leaves (``inductive``), and how many grounds were there when it was stated; ``step`` is the
    number of its step's fact."""

    inductive: Inductive
    grounds: int
    step: int


class _Logged(list[Any]):
    """A list that writes down in a common log when something is put into it, or taken off its end."""

    def __init__(self, log: list[tuple[str, int]], kind: str) -> None:
        super().__init__()
        self.log, self.kind = log, kind

    def append(self, value: Any) -> None:
        self.log.append((self.kind, len(self)))
        super().append(value)

    def __delitem__(self, place: Any) -> None:
        super().__delitem__(place)
        self.log[:] = [(kind, i) for kind, i in self.log if kind != self.kind or i < len(self)]


@dataclass(slots=True)
class _Notes:
    facts: dict[int, NotedFact] = field(default_factory=dict)
    lemmas: dict[int, int] = field(default_factory=dict)
    inductions: list[NotedInduction] = field(default_factory=list)


class NotingCase(StatedCase):
    """A case that a claim is stated to once more, to see what each fact rests on."""

    def __init__(self, known: Mapping[str, Usable] | None = None, user: str = "") -> None:
        super().__init__(known, user)
        self.log: list[tuple[str, int]] = []
        self.premises = _Logged(self.log, PREMISE)
        self.instances = _Logged(self.log, INSTANCE)
        self.lemmas = _Logged(self.log, LEMMA)
        self.seen = _Notes()

    def show(self, label: str, conclusion: Formula, *, given: Formula = True) -> None:
        self.seen.facts[len(self.facts)] = NotedFact(len(self.log), given)
        super().show(label, conclusion, given=given)

    def lemma(self, label: str, conclusion: Formula) -> None:
        self.seen.lemmas[len(self.lemmas)] = len(self.facts)
        super().lemma(label, conclusion)

    def _carried(
        self,
        record: Induction,
        advance: Callable[[Any], Any],
        holds: Callable[[Any], Formula],
        given: Callable[[Any], Formula],
    ) -> Inductive:
        found = super()._carried(record, advance, holds, given)
        self.seen.inductions.append(NotedInduction(found, len(self.log), len(self.facts) - 1))
        return found

    def ground(self, place: int) -> NotedGround:
        """The ground at a place of the order in which they were stated."""
        kind, i = self.log[place]
        if kind == PREMISE:
            return NotedGround(PREMISE, self.premises[i].formula)
        if kind == LEMMA:
            return NotedGround(LEMMA, self.lemmas[i], fact=self.seen.lemmas[i])
        return NotedGround(INSTANCE, self.instances[i], why=self.grounds[i])

    def noted(self) -> Sequence[NotedGround]:
        """All grounds, in their order."""
        return [self.ground(i) for i in range(len(self.log))]


def noted(obligation: Obligation) -> NotingCase:
    """An obligation's claim about its own subject, stated to a case that notes.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     x = case.real("x")
    ...     case.assume(x >= least)
    ...     case.lemma("square", x * x >= 0)
    ...     case.show("more", x * x + x >= 0)
    >>> made = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: -9)
    >>> case = noted(made)
    >>> [(ground.kind, ground.formula, ground.fact) for ground in case.noted()]
    [('premise', x >= 0, -1), ('lemma', x*x >= 0, 0)]
    >>> case.seen.facts
    {0: NotedFact(grounds=1, given=True), 1: NotedFact(grounds=2, given=True)}

    >>> case.ground(1) == case.noted()[1]
    True
    """
    case = NotingCase(obligation.known, obligation.id)
    state(obligation, obligation.of, case)
    return case
