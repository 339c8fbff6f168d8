"""What an induction leaves for the facts after it: a property of every moment that a run reaches.

``case.induction`` states two facts, the base and the step. Together they say that the property holds at every moment of
every run, and this is what a claim wants; so it is carried on as an :class:`Inductive`. ``case.reached(inductive)`` is
an arbitrary moment of an arbitrary run: new variables for the state, the premise that this state is reached, and the
property of it, which may be used from there on. A fact about such a moment is a fact for every number of steps.

*Reached* is a predicate of the parameters (what stays the same all along) and of the state. Nothing is known of it but
three rules, each of which holds if it is read as "some run from the start, with admissible inputs, comes to this
state":

* the start is reached (:meth:`Inductive.begin`);
* a step from a state that is reached, taken with admissible inputs, comes to a state that is reached
  (:meth:`Inductive.go_on`);
* the property holds in each state that is reached, once base and step are proved.

A step may look back: some of its inputs may stand for the state at earlier moments of the same run (``earlier``). Then
the step may use the property of these states too, as in a proof by complete induction over the length of the run; and
nobody gets the second rule, as it would have to say which states came before.

The third rule is given to nobody before the base and the step are stated, so neither can be proved by it. A claim that
uses this one gets the facts about reached moments as they are, with "reached" among their premises: it may pass on a
moment of its own, or build one up in explicit steps. The bare step is no part of what it gets, as it may fail at
moments that no run reaches.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.functions import Function
from constructions.foundations.logic import Formula, every, implies
from constructions.foundations.terms import RealTerm, Term, TruthTerm, formula, number
from constructions.foundations.traversal import substituted, variables
from verify.obligations.parts import Induction, State

REACHED, OF = "reached: ", " of "
"""How the names of the predicates begin that say which states are reached; no claim's own function may."""


@dataclass(frozen=True, slots=True)
class RunRule:
    """Why something may be taken as true of what is reached.

    Parameters
    ----------
    kind : ``start``, ``step`` or ``property``, the three rules. inductive : of which induction. state : the state from
        which a step is taken, or of which the property is said. inputs : those of the step, or of the start.
    """

    kind: str
    inductive: "Inductive"
    state: Mapping[str, Any]
    inputs: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Inductive:
    """A property that holds at every moment of every run.

    Parameters
    ----------
    record : the induction in the terms of its case. advance, holds, taken : its functions. reached : the predicate
        that says which states are reached. states : takes a rule as true in the case of the induction, with its ground.
        bound : an input for which a use has given a value; there is none then in a run that is built up. owner : the id
        of the obligation whose claim has it. values : what stands for the variables of that claim, by name. elsewhere :
        the predicate for other values of some of these.

    >>> from verify.provers.stated_case import StatedCase
    >>> case = StatedCase(user="mine")
    >>> weight, rate = case.real("weight"), case.real("rate")
    >>> falls = case.induction(
    ...     "falls", state={"weight": weight}, start={"weight": 1}, inputs={"rate": rate},
    ...     advance=lambda s: {"weight": s["weight"] - s["rate"] ** 2}, holds=lambda s: s["weight"] <= 1)
    >>> state = falls.go_on(falls.begin(rate=0), rate=2)  # the start, and one step
    >>> state, falls.reached(state)
    ({'weight': -3}, reached: mine, falls(-3))
    """

    record: Induction
    advance: Callable[[State], State]
    holds: Callable[[State], Formula]
    taken: Callable[[State], Formula]
    reached: Callable[[State], Formula]
    states: Callable[[Formula, RunRule], None]
    bound: str = ""
    owner: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    elsewhere: Callable[[Mapping[str, Any]], Callable[[State], Formula]] | None = None

    def reached_for(self, state: State, **others: Any) -> Formula:
        """That a run comes to a state in which some parameters have the values of ``others``, by their names in the
        claim. This states a formula, and nothing about it: a use for these values says what follows from it, as the
        claim is proved for all values of its parameters.

        Raises
        ------
        ConstructionError
            For a name that no number or truth value of the claim has that stays the same along a run.

        >>> from verify.provers.stated_case import StatedCase
        >>> case = StatedCase(user="mine")
        >>> weight, rate = case.real("weight"), case.real("rate")
        >>> falls = case.induction(
        ...     "falls", state={"weight": weight}, start={"weight": 1}, inputs={},
        ...     advance=lambda s: {"weight": s["weight"] - rate ** 2}, holds=lambda s: s["weight"] <= 1)
        >>> falls.reached({"weight": weight}), falls.reached_for({"weight": weight}, rate=rate + 1)
        (reached: mine, falls(rate, weight), reached: mine, falls(rate + 1, weight))
        """
        if self.elsewhere is None:
            raise ConstructionError(f"need an induction of which something is reached, got {self.label!r}")
        return self.elsewhere(others)(state)

    @property
    def label(self) -> str:
        """What the induction is called."""
        return self.record.label

    def begin(self, **inputs: Any) -> State:
        """The start, which is reached where the premises hold; ``inputs`` are some that are admissible."""
        self._check(self.record.state, inputs)
        start = {name: with_inputs(self.record, value, inputs) for name, value in self.record.start.items()}
        rule = implies(with_inputs(self.record, self.record.premises, inputs), self.reached(start))
        self.states(rule, RunRule("start", self, {}, inputs))
        return start

    def go_on(self, state: State, **inputs: Any) -> State:
        """The state after a step from a state, with these inputs; reached if the state is, and the inputs are
        admissible."""
        self._check(state, inputs)
        moment = {**state, **inputs}
        after = self.advance(dict(moment))
        admissible = with_inputs(self.record, self.record.premises, inputs)
        may = every(self.reached(state), admissible, self.taken(dict(moment)))
        self.states(implies(may, self.reached(after)), RunRule("step", self, state, inputs))
        return after

    def _check(self, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> None:
        if self.record.earlier:
            got = f"one that looks back at {self.record.earlier[0]!r}, at {self.label!r}"
            raise ConstructionError(f"need a step that reads the present state alone to build up a run, got {got}")
        if self.bound:
            got = f"one for {self.bound!r}, at {self.label!r}"
            raise ConstructionError(f"need no value for an input of a run that is built up step by step, got {got}")
        if set(inputs) != set(self.record.inputs) or set(state) != set(self.record.state):
            need = f"a state of {sorted(self.record.state)} and inputs {sorted(self.record.inputs)}"
            raise ConstructionError(f"need {need}, got {sorted(state)} and {sorted(inputs)}, at {self.label!r}")


def with_inputs(record: Induction, part: Any, inputs: Mapping[str, Any]) -> Any:
    """What an induction says of its inputs, said of those of one step; a number or truth value is what it is.

    The inputs are variables that stand for nothing else (:meth:`Inductive.begin` sees to it).
    """
    if not isinstance(part, Term):
        return part
    return substituted([part], {record.inputs[name]: value for name, value in inputs.items()})[0]


def predicate_name(user: str, label: str, functions: Mapping[str, Any]) -> str:
    """The name of the predicate that says which states an induction reaches.

    Parameters
    ----------
    user : the id of the claim's obligation. label : the induction. functions : those that the claim has as variables.

    >>> predicate_name("a.claim", "over the steps", {})
    'reached: a.claim, over the steps'
    """
    names = [_name_of(function, name, label) for name, function in functions.items()]
    return f"{REACHED}{user}, {label}{f'{OF}{names}' if names else ''}"


def _name_of(function: Any, name: str, label: str) -> str:
    found = getattr(function, "called", None) or getattr(function, "name", None)
    if not isinstance(found, str):
        raise ConstructionError(
            f"need a function that is a variable as {name!r}, got a term, at the moments of {label!r}"
        )
    return found


def parameters(values: Mapping[str, Any], moving: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What stays the same along a run: all values that were asked for, but the numbers among state and inputs
    (``moving``).

    A value is known by its object; None if one stands for something that moves and for something else.

    >>> from constructions.foundations.terms import REAL, variable
    >>> rate, weight = variable("rate", REAL), variable("weight", REAL)
    >>> parameters({"rate": rate, "weight": weight}, moving={"weight": weight})
    (rate,)
    """
    own = Counter(id(value) for value in moving.values() if not isinstance(value, bool | TruthTerm))
    asked = Counter(id(value) for value in values.values())
    if any(asked[place] > times for place, times in own.items()):
        return None
    return tuple(value for value in values.values() if id(value) not in own and not callable(value))


def other_parameters(
    values: Mapping[str, Any], moving: Mapping[str, Any], others: Mapping[str, Any], where: str
) -> tuple[Any, ...] | None:
    """What stays the same along a run (:func:`parameters` of ``values`` and ``moving``) with values of ``others``, in
    place of some of it; ``where`` is for messages. Raises ConstructionError for a name of something else.

    >>> from constructions.foundations.terms import REAL, variable
    >>> rate, weight = variable("rate", REAL), variable("weight", REAL)
    >>> other_parameters({"rate": rate, "weight": weight}, {"weight": weight}, {"rate": 2}, "the descent")
    (2,)
    """
    own = {id(value) for value in moving.values() if not isinstance(value, bool | TruthTerm)}
    stays = {name for name, value in values.items() if not callable(value) and id(value) not in own}
    odd = next((name for name in others if name not in stays), None)
    if odd is not None:
        raise ConstructionError(f"need parameters ({', '.join(sorted(stays))}), got {odd!r}, at {where}")
    return parameters({**values, **others}, moving)


def reaches(name: str, fixed: tuple[Any, ...] | None, record: Induction) -> Callable[[State], Formula]:
    """The predicate of an induction in terms, under a name, with what stays ``fixed`` along a run as its first
    arguments.

    >>> from constructions.foundations.terms import REAL, variable
    >>> rate, weight = variable("rate", REAL), variable("weight", REAL)
    >>> falls = Induction(
    ...     label="falls", state={"w": weight}, start={"w": 1}, after={"w": weight - rate}, holds=weight <= 1,
    ...     given=True, premises=rate >= 0, inputs={}, declared=True)
    >>> reaches("reached: falls", (rate,), falls)({"w": 1 - rate})
    reached: falls(rate, 1 - rate)
    """

    def reached(state: State) -> Formula:
        if fixed is None:
            got = f"one term for two of them, at {record.label!r}"
            raise ConstructionError(f"need terms of their own for what changes along a run, {got}")
        parts = (*map(_term, fixed), *(_term(state[key]) for key in record.state))
        return Function(name, tuple(_kind(part) for part in parts), "truth")(*parts)

    return reached


def _term(value: Any) -> Term:
    return formula(value) if isinstance(value, bool | TruthTerm) else number(value)


def _kind(part: Term) -> str:
    return "real" if isinstance(part, RealTerm) else "truth"


def check_induction(label: str, state: State, start: State, inputs: State | None, earlier: Sequence[str] = ()) -> None:
    """Refuse, with ConstructionError, a start of another state than that of the induction with this label, inputs that
    are part of it, and a look at ``earlier`` moments if nothing is said of inputs.

    >>> check_induction("falls", {"weight": 0}, {"width": 1}, None)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a start for the state ['weight'], got ['width'], at 'falls'
    """
    if set(start) != set(state):
        raise ConstructionError(f"need a start for the state {sorted(state)}, got {sorted(start)}, at {label!r}")
    if earlier and inputs is None:
        raise ConstructionError(f"need an induction that names its inputs to look back, got none named, at {label!r}")
    both = sorted(set(state) & set(inputs or {}))
    if both:
        raise ConstructionError(f"need inputs that are no part of the state, got {both[0]!r}, at {label!r}")


def check_integers(label: str, state: State, *moments: State) -> None:
    """Refuse, with ConstructionError, a start or a next moment of the induction with this label, among the ``moments``,
    in which an integer variable of the state becomes something that need not be one: nothing would be shown of the
    step after that.

    >>> from constructions.foundations.terms import INTEGER, variable
    >>> n = variable("n", INTEGER)
    >>> check_integers("halves", {"n": n}, {"n": 1}, {"n": n / 2})
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a state of integers by their form, got n/2 for 'n', at 'halves'
    """
    for name, term in state.items():
        if isinstance(term, RealTerm) and term.op == "variable" and term.integral:
            odd = next((moment[name] for moment in moments if not number(moment[name]).integral), None)
            if odd is not None:
                raise ConstructionError(f"need a state of integers by their form, got {odd} for {name!r}, at {label!r}")


def check_property(label: str, here: Formula, inputs: State) -> None:
    """Refuse, with ConstructionError, a property that, as it stands (``here``), reads an input of the induction with
    this label: it would be one of each step's own.

    >>> from constructions.foundations.terms import REAL, variable
    >>> weight, most = variable("weight", REAL), variable("most", REAL)
    >>> check_property("falls", weight <= most, {"most": most})
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a property that reads no input, got 'most' in it, at 'falls'
    """
    read = {id(term) for term in variables(here).values()} if isinstance(here, TruthTerm) else set()
    name = next((name for name, term in inputs.items() if id(term) in read), None)
    if name is not None:
        raise ConstructionError(f"need a property that reads no input, got {name!r} in it, at {label!r}")
