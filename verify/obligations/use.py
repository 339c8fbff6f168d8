"""Use: a claim states another claim for terms of its own, and may rest on it.

A claim that was proved holds for all values of its variables. So it holds for any terms in their place, and the claim
that uses it may take "its premises imply its facts", said of these terms, as true. Nothing of it is a premise, and
nothing of it has to be proved again: whoever uses a lemma shows the lemma's premises, and gets its facts.

    used = case.use("rounding.close", rho=rho, k=case.integer("k"))
    case.lemma("it applies", used.premises)
    case.show("so the two are close", within(used.values["k"] - m, 1))

A variable of the lemma for which nothing is given stays a variable, with a name that says whose it is
(``rounding.close: v``). The steps of inductions are no part of what is used: a step holds at the moments that a run
reaches, and need not hold at others. Lemmas on which the used claim rests do not come along as premises either, as they
hold whatever the values are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import defined
from constructions.foundations.logic import Formula, every, implies
from constructions.foundations.refusals import described, refusal
from constructions.foundations.rendering import render
from constructions.foundations.terms import RealTerm, Term, TruthTerm
from verify.obligations.inductions import Inductive
from verify.obligations.parts import Fact, Premise, Scene
from verify.obligations.verdict import Verdict

SHOWN = 60
"""How much of a term a report shows of what was given for a variable."""


class FalseInstanceError(ConstructionError):
    """A claim that is used does not hold for the values at hand, so it is not what it was taken for."""


class Usable(Protocol):
    """What is asked of an obligation that is used."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """Who proves it."""

    @property
    def claim(self) -> Callable[[Any, Any], None]:
        """States premises and facts."""

    @property
    def of(self) -> Callable[[Any], Any]:
        """Builds the subject."""

    @property
    def twin(self) -> Callable[[Any], Any] | None:
        """Builds a broken subject."""

    @property
    def expect(self) -> Verdict:
        """The verdict that is right."""

    @property
    def known(self) -> "Mapping[str, Usable]":
        """The obligations that it may use."""

    @property
    def domain(self) -> Callable[[], Iterator[dict[str, Any]]] | None:
        """The points of an enumeration."""


class Instance(Protocol):
    """What is read of the case to which a used claim was stated.

    Attributes
    ----------
    premises, facts, scenes : what was stated to it, and the walks in it. values_of : what stands for the variables of
        the claim, by name. bound : those of them that the user gave. inductions : by label.
    """

    premises: list[Premise]
    facts: list[Fact]
    scenes: list[Scene]
    values_of: dict[str, Any]
    bound: Mapping[str, Any]
    inductions: dict[str, Inductive]


@dataclass(frozen=True)
class Used:
    """A claim that is used, stated for given terms.

    Parameters
    ----------
    obligation : whose claim it is. label : this use, as reports call it. chosen : the labels of the facts that are
        wanted; all, if there are none. given : what stands for its variables, by name. states : states the claim for
        these terms; called when something of it is read.

    >>> from verify.obligations.obligation import Obligation
    >>> from verify.provers.stated_case import StatedCase
    >>> def is_less(two, case):
    ...     "A positive number is less than its double."
    ...     x = case.real("x")
    ...     case.assume(x > 0)
    ...     case.show("less", x < two * x)
    >>> less = Obligation(id="less", paper="mine", claim=is_less, of=lambda case: 2, twin=lambda case: 1)
    >>> StatedCase({"less": less}).use("less", x=StatedCase().real("y")).lemma
    not (y > 0) or y < 2*y
    """

    obligation: Usable
    label: str
    chosen: tuple[str, ...]
    given: Mapping[str, Any]
    states: Callable[[], tuple[Any, Instance]]

    @cached_property
    def _stated(self) -> tuple[Any, Instance]:
        subject, case = self.states()
        odd = next((name for name in self.given if name not in (*case.values_of, "subject")), None)
        if odd is not None:
            names = ", ".join(case.values_of) or "none"
            raise ConstructionError(f"need variables of {self.id} ({names}), got {odd!r}, at the use of {self.label}")
        lost = next((label for label in self.chosen if label not in [fact.label for fact in case.facts]), None)
        if lost is not None:
            raise ConstructionError(f"need a fact of {self.id}, got {lost!r}, at the use of {self.label}")
        return subject, case

    @property
    def id(self) -> str:
        """The obligation that is used."""
        return self.obligation.id

    @property
    def subject(self) -> Any:
        """What the used claim is about."""
        return self._stated[0]

    @property
    def values(self) -> Mapping[str, Any]:
        """What stands for each variable of the used claim, by its name there."""
        return self._stated[1].values_of

    @property
    def unbound(self) -> dict[str, Any]:
        """The new variables of the user's for which nothing was given, under their names there, without functions. As
        inputs of an induction they are others in each step.

        >>> from types import SimpleNamespace as Stated
        >>> case = Stated(values_of={"x": 1, "y": 2}, bound={"x": 1}, facts=[])
        >>> Used(Stated(id="lemma"), "lemma", (), {"x": 1}, lambda: (None, case)).unbound
        {'lemma: y': 2}
        """
        case = self._stated[1]
        new = {f"{self.label}: {name}": value for name, value in case.values_of.items() if name not in case.bound}
        return {name: value for name, value in new.items() if not callable(value)}

    @property
    def runs(self) -> Mapping[str, Any]:
        """The walks of the used claim, by label."""
        return {scene.label: scene.run for scene in self._stated[1].scenes}

    @property
    def inductions(self) -> Mapping[str, Inductive]:
        """The inductions of the used claim, by label: their runs can be built up in explicit steps."""
        return self._stated[1].inductions

    @property
    def premises(self) -> Formula:
        """All that the used claim presupposes; whoever shows it gets all its facts that have no further condition."""
        return every(*(premise.formula for premise in self._stated[1].premises))

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """The facts of the used claim, by label; the steps of its inductions are no facts by themselves."""
        return {
            fact.label: fact
            for fact in self._stated[1].facts
            if fact.induction is None and (not self.chosen or fact.label in self.chosen)
        }

    def __getitem__(self, label: str) -> Formula:
        """What one fact concludes."""
        if label not in self.facts:
            got = f"{label!r}, at the use of {self.label}"
            raise ConstructionError(f"need a fact of {self.id} ({', '.join(self.facts)}), got {got}")
        return self.facts[label].conclusion

    @cached_property
    def lemma(self) -> Formula:
        """Premises imply facts: what the used claim says of these terms.

        An identity says that two sides are equal where both have a value.
        """
        grouped: dict[Formula, list[Formula]] = {}
        for fact in self.facts.values():
            said = fact.conclusion
            if self.obligation.kind == "identity":
                said = implies(defined(said), said)
            grouped.setdefault(fact.under, []).append(said)
        return every(*(implies(under, every(*said)) for under, said in grouped.items()))

    @property
    def instance(self) -> dict[str, str]:
        """What was given, in words."""
        return {name: _shown(value) for name, value in self.given.items()}


def _shown(value: Any) -> str:
    return render(value, SHOWN) if isinstance(value, Term) else str(value)[:SHOWN]


def usable(known: Mapping[str, Usable], id: str, users: tuple[str, ...]) -> Usable:
    """The obligation that is to be used, one of those ``known``; ``users`` are those whose claims are being stated, the
    last one its user.

    Raises
    ------
    ConstructionError
        For an id that is none, and for a claim on which nothing may rest: one that is to be REFUTED, has no broken
        twin, or is among the users.

    >>> from types import SimpleNamespace as Claim
    >>> known = {"lemma": Claim(id="lemma", expect=Verdict.PROVED, twin=lambda case: 3)}
    >>> usable(known, "lemma", users=("mine",)).id
    'lemma'
    >>> usable(known, "lemma", users=("lemma",))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need obligations that do not rest on themselves, got lemma -> lemma, at \
what lemma uses
    """
    where = f"at what {users[-1] or 'a claim without a registry'} uses"
    if id not in known:
        raise ConstructionError(f"need the id of an obligation, got {id!r}, {where}")
    found = known[id]
    if id in users:
        circle = " -> ".join((*users[users.index(id) :], id))
        raise ConstructionError(f"need obligations that do not rest on themselves, got {circle}, {where}")
    if found.expect is Verdict.REFUTED:
        raise ConstructionError(f"need an obligation that holds, got {id}, which is to be REFUTED, {where}")
    if found.twin is None:
        raise ConstructionError(f"need an obligation with a broken twin, got {id}, which has none, {where}")
    return found


def numbered(id: str, labels: Sequence[str]) -> str:
    """The label of one more use of an id.

    >>> numbered("a", []), numbered("a", ["a", "b"])
    ('a', 'a (2)')
    """
    times = 1 + sum(label == id or label.startswith(f"{id} (") for label in labels)
    return id if times == 1 else f"{id} ({times})"


def check_in_domain(obligation: Usable, given: Mapping[str, Any], label: str) -> None:
    """Refuse the use of an enumeration for anything but one of the points that it goes through.

    Parameters
    ----------
    obligation : what is used. given : what stands for its variables. label : the use.

    Raises
    ------
    ConstructionError
        If it is refused.

    >>> from types import SimpleNamespace as Claim
    >>> digits = Claim(id="digits", kind="enumeration", domain=lambda: iter([{"n": 1}, {"n": 2}]))
    >>> check_in_domain(digits, {"n": 2}, "digits")
    >>> check_in_domain(digits, {"n": 3}, "digits (2)")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a point of the finite case of digits, got n=3, at the use of digits (2)
    """
    if obligation.kind != "enumeration":
        return
    open_ = next((name for name, value in given.items() if _constant(value) is None), None)
    if open_ is not None:
        got = f"{_shown(given[open_])} for {open_!r}, at the use of {label}"
        raise ConstructionError(f"need numbers of the finite case of {obligation.id}, got {got}")
    point = {name: _constant(value) for name, value in given.items()}
    points = obligation.domain() if obligation.domain else iter(({},))
    if not any({name: _constant(value) for name, value in values.items()} == point for values in points):
        got = ", ".join(f"{name}={value}" for name, value in point.items()) or "no values"
        raise ConstructionError(f"need a point of the finite case of {obligation.id}, got {got}, at the use of {label}")


def _constant(value: Any) -> Fraction | None:
    """A given value as a number, if it is one."""
    if isinstance(value, RealTerm) and value.op == "constant":
        return Fraction(value.data)
    return Fraction(value) if isinstance(value, bool | int | Fraction) else None


def checked_number(value: Any, name: str, label: str) -> Any:
    """A number, the ``value`` that is given for the variable called ``name`` at the use of this label; a formula or a
    foreign number is refused with ConstructionError.

    >>> checked_number(2, "x", "lemma")
    Fraction(2, 1)
    >>> checked_number(True, "x", "lemma")
    Traceback (most recent call last):
        ...
    constructions.foundations.refusals.LanguageError: need a number for 'x', got the bool True, at the use of lemma
    """
    if isinstance(value, RealTerm) or type(value) in (int, Fraction):
        return Fraction(value) if type(value) is int else value
    raise refusal(f"need a number for {name!r}, got {described(value)}, at the use of {label}")


def checked_truth(value: Any, name: str, label: str) -> Any:
    """A formula or truth value, which is given for the variable called ``name`` at the use of this label; a number is
    refused with ConstructionError.

    >>> checked_truth(True, "p", "lemma")
    True
    >>> checked_truth(1, "p", "lemma")
    Traceback (most recent call last):
        ...
    constructions.foundations.refusals.LanguageError: need a formula or a truth value for 'p', got the int 1, at the \
use of lemma
    """
    if isinstance(value, TruthTerm | bool):
        return value
    raise refusal(f"need a formula or a truth value for {name!r}, got {described(value)}, at the use of {label}")
