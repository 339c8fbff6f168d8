"""The parts of a statement: premises, facts, inductions and walks, as a case collects them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from constructions.foundations.activation import Piece
from constructions.foundations.logic import Formula, every, some

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Premise:
    """What the facts presuppose, a formula, and how reports call it, its label."""

    label: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Fact:
    """One conclusion: ``label`` says it in words; it need hold only where ``given`` does.

    ``given`` holds the premises and lemmas that were stated before the fact, and none that came after; ``under`` the
    premises alone, from which those lemmas follow: what another claim that uses this one has to show. ``moments`` are
    those moments of runs that stand among the premises.
    """

    label: str
    conclusion: Formula
    given: Formula = True
    induction: "Induction | None" = None
    under: Formula = True
    moments: "tuple[Moment, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Induction:
    """An induction over steps, in terms: what a prover needs to follow a run from the start.

    ``state`` and ``inputs`` are variables; ``start`` has the values at the start, ``after`` those after a step from
    ``state``. ``premises`` are those of the case. ``declared`` says whether the claim named its inputs: then every
    other variable stays the same all along.

    ``label`` is the fact's name, ``holds`` the property in ``state``, ``given`` says when a step is taken. ``earlier``
    names the groups of inputs that stand for the state at an earlier moment of the same run (:func:`earlier_state`).
    ``under`` are the premises without what follows from them: what an input must meet for a run to go on with it.
    ``kinds`` are formulas, by their names, of which one is true of every step, if the claim divides its step.
    """

    label: str
    state: Mapping[str, Any]
    start: Mapping[str, Any]
    after: Mapping[str, Any]
    holds: Formula
    given: Formula
    premises: Formula
    inputs: Mapping[str, Any]
    declared: bool
    earlier: tuple[str, ...] = ()
    under: Formula = True
    kinds: Mapping[str, Formula] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """An arbitrary moment of a run: its label, the induction, the state there, and that this state is reached."""

    label: str
    induction: Induction
    state: Mapping[str, Any]
    reached: Formula


@dataclass(frozen=True, slots=True)
class Scene:
    """One walk (``run``) over a graph inside a claim, by its ``label``, with the pieces on which its vertices are meant
    to stay."""

    label: str
    run: Any
    expect: Mapping[str, Piece]


def kinds_of(fact: Fact) -> tuple[Fact, ...]:
    """A step of each kind, of a step that is divided into kinds; else the fact itself.

    >>> from constructions.foundations.terms import REAL, variable
    >>> c, x = variable("c", REAL), variable("x", REAL)
    >>> adds = Induction(
    ...     label="adds", state={"c": c}, start={"c": 0}, after={"c": c + x}, holds=c >= 0, given=x * x >= x,
    ...     premises=True, inputs={"x": x}, declared=True, kinds={"down": x <= 0, "up": x >= 1})
    >>> step = Fact("adds: step", c + x >= 0, every(c >= 0, x * x >= x), adds)
    >>> [(each.label, each.given) for each in kinds_of(step)]
    [('adds: step, down', x <= 0 and c >= 0 and x*x >= x), ('adds: step, up', x >= 1 and c >= 0 and x*x >= x)]
    >>> [(each.label, each.conclusion) for each in asked_about(step)][2:]
    [('adds: step, of some kind', x <= 0 or x >= 1)]
    """
    kinds = fact.induction.kinds if fact.induction is not None else {}
    named = ((f"{fact.label}, {name}", every(kind, fact.given)) for name, kind in kinds.items())
    return tuple(replace(fact, label=label, given=given) for label, given in named) or (fact,)


def asked_about(fact: Fact) -> tuple[Fact, ...]:
    """The facts that a prover is asked about for a fact: itself; or, for a step that is divided into kinds, the step of
    each kind, and last that each step is of some kind. If all of these hold then so does the fact."""
    kinds = fact.induction.kinds if fact.induction is not None else {}
    if not kinds:
        return (fact,)
    return (*kinds_of(fact), replace(fact, label=f"{fact.label}, of some kind", conclusion=some(*kinds.values())))


def earlier_state(moment: Mapping[str, Any], group: str) -> State:
    """The state at the earlier moment called ``group`` that a step looks back at, out of what the step reads.

    >>> earlier_state({"w": 3, "first: w": 1, "second: w": 2}, "first")
    {'w': 1}
    """
    return {name.removeprefix(f"{group}: "): at for name, at in moment.items() if name.startswith(f"{group}: ")}


LABEL = 120
"""How much of a formula serves as the name of a premise."""


def steps_name(label: str) -> str:
    """Under which name a witness has the number of steps of a failing run.

    >>> steps_name("the counter")
    'steps of the counter'
    """
    return f"steps of {label}"


def input_name(name: str, step: int) -> str:
    """Under which name a witness has an input of a step (the first step is step 0).

    >>> input_name("x", 0)
    'x@0'
    """
    return f"{name}@{step}"
