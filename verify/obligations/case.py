"""A case: what a claim talks to. One claim function serves the solver, sympy, an enumeration and the exact replay.

A claim receives its subject (a graph, as a rule) and a case. It asks the case for variables, states premises with
``assume`` and facts with ``show``, and lets the case walk graphs with ``run`` and ``gradient``. A prover's case hands
out terms; the replay's case hands out the rationals of a witness and walks with code of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import described, refusal
from constructions.foundations.rendering import render
from constructions.foundations.terms import TruthTerm, number
from constructions.foundations.traversal import variables

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Premise:
    """What the facts presuppose, and how reports call it."""

    label: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Fact:
    """One conclusion: ``label`` says it in words; it need hold only where ``given`` does.

    ``given`` holds the premises and lemmas that were stated before the fact, and none that came after.
    """

    label: str
    conclusion: Formula
    given: Formula = True
    induction: "Induction | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Induction:
    """An induction over steps, in terms: what a prover needs to follow a run from the start.

    ``state`` and ``inputs`` are variables; ``start`` has the values at the start, ``after`` those after a step from
    ``state``. ``premises`` are those of the case. ``declared`` says whether the claim named its inputs: then every
    other variable stays the same all along.

    ``label`` is the fact's name, ``holds`` the property in ``state``, ``given`` says when a step is taken.
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


@dataclass(frozen=True, slots=True)
class Scene:
    """One walk over a graph inside a claim, by its ``label``, with the pieces on which its vertices are meant to
    stay."""

    label: str
    run: Any
    expect: Mapping[str, Piece]


class Case(ABC):
    """The interface between a claim and whoever examines it.

    >>> from fractions import Fraction
    >>> from verify.replay.witness import ReplayCase
    >>> case = ReplayCase({"x": Fraction(1, 2)})
    >>> x = case.real("x")
    >>> case.assume(x > 0)
    >>> case.show("half of it is less", x / 2 < x)
    >>> [(fact.label, fact.conclusion) for fact in case.facts]
    [('half of it is less', True)]
    """

    def __init__(self) -> None:
        self.premises: list[Premise] = []
        self.facts: list[Fact] = []
        self.lemmas: list[Formula] = []
        self.scenes: list[Scene] = []

    @abstractmethod
    def real(self, name: str) -> Number:
        """A real variable."""

    @abstractmethod
    def integer(self, name: str) -> Number:
        """An integer variable."""

    @abstractmethod
    def bit(self, name: str) -> Formula:
        """A truth value as a variable."""

    @abstractmethod
    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
        """The values of all nodes of a circuit."""

    @abstractmethod
    def _forward(
        self,
        fragment: Fragment,
        inputs: Mapping[str, Number],
        outside: Mapping[str, Number],
        pieces: Mapping[str, Piece],
    ) -> Any:
        """Walk forward."""

    @abstractmethod
    def _backward(self, run: Any, seeds: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Any:
        """Walk backward."""

    @abstractmethod
    def derivative(self, of: Callable[[Fragment], Number], fragment: Fragment, edge: Edge) -> Number:
        """The derivative of a number that is computed from a fragment, with respect to the weight of one edge, not by
        the backward walk."""

    def assume(self, *premises: Formula, label: str | None = None) -> None:
        """State what the facts from here on presuppose; ``label`` is how a report calls it (the formula itself, if
        none is given)."""
        for premise in premises:
            checked = every(premise)
            called = label or (render(premise, LABEL) if isinstance(premise, TruthTerm) else str(premise))
            self.premises.append(Premise(called, checked))

    def show(self, label: str, conclusion: Formula, *, given: Formula = True) -> None:
        """State a fact, the ``conclusion``, to be proved under what was assumed so far; ``label`` names it, ``given``
        is a premise of this fact alone."""
        self.facts.append(Fact(label, every(conclusion), self._given(given)))

    def _given(self, *more: Formula) -> Formula:
        return every(*(premise.formula for premise in self.premises), *self.lemmas, *more)

    def lemma(self, label: str, conclusion: Formula) -> None:
        """State a fact, the ``conclusion``, called ``label``, to be proved, and use it for those that come after it."""
        self.show(label, conclusion)
        self.lemmas.append(every(conclusion))

    def equal(self, label: str, left: Any, right: Any) -> None:
        """State, as a fact called ``label``, that ``left`` and ``right``, two numbers or two truth values, are
        equal."""
        truths = (bool, TruthTerm)
        if isinstance(left, truths) and isinstance(right, truths):
            self.show(label, left == right)
            return
        for side in (left, right):
            number(side, where=repr(label))
        self.show(label, left == right)

    def run(
        self,
        fragment: Fragment,
        inputs: Mapping[str, Number],
        *,
        label: str,
        outside: Mapping[str, Number] | None = None,
        expect: Mapping[str, Piece] | None = None,
        on: Mapping[str, Piece] | None = None,
        given: Formula = True,
    ) -> Any:
        """Walk a graph forward; each vertex in ``expect`` must be strictly inside its piece (a fact per vertex).

        Vertices in ``on`` are taken to be on a piece: that becomes a premise of what follows, and must be shown before
        or elsewhere.

        Parameters
        ----------
        fragment, inputs : the graph, and the value of every input.
        label : the walk's name, with which the labels of its facts begin.
        outside : what the rest of a network adds to vertices.
        given : a premise of these facts alone.

        Raises
        ------
        ConstructionError
            Unless exactly the inputs have values; for a piece that the activation does not have, and for a vertex that
            is none or computes nothing.
        """
        _check_names(fragment, inputs, outside or {}, label)
        pieces, taken = dict(expect or {}), dict(on or {})
        _check_pieces(fragment, pieces | taken, label)
        run = self._forward(fragment, inputs, outside or {}, taken)
        self.scenes.append(Scene(label, run, pieces | taken))
        self._take(run, taken, label)
        for v, piece in pieces.items():
            self.show(f"{label}: {v} stays strictly inside {piece}", run.on(v, piece), given=given)
        return run

    def circuit(self, circuit: FlatCircuit, inputs: Mapping[str, Formula]) -> dict[str, Formula]:
        """The outputs of a circuit for truth values or formulas. Raises ConstructionError unless each input has one."""
        if set(inputs) != set(circuit.inputs):
            lost = sorted(set(inputs) ^ set(circuit.inputs))[:3]
            raise ConstructionError(
                f"need a formula for each of the {len(circuit.inputs)} inputs, got another set, at {lost}"
            )
        values = self._circuit(circuit, [every(inputs[name]) for name in circuit.inputs])
        return {
            name: negation(values[literal >> 1]) if literal & 1 else values[literal >> 1]
            for name, literal in circuit.outputs.items()
        }

    def gradient(
        self,
        run: Any,
        seeds: Mapping[str, Number],
        *,
        label: str,
        on: Mapping[str, Piece] | None = None,
        given: Formula = True,
    ) -> Any:
        """Walk the same graph backward; that no kink is reached with a non-zero adjoint becomes a fact.

        Vertices in ``on`` are taken to be on a piece, as in :meth:`run`.

        Parameters
        ----------
        run : what :meth:`run` has returned.
        seeds : by how much what is differentiated grows with the output of each of some vertices.
        label, given : as in :meth:`run`.

        Raises
        ------
        ConstructionError
            For a seed at no vertex of the graph, and as :meth:`run`.
        """
        gradient = self._walk_back(run, seeds, dict(on or {}), label)
        self.show(f"{label}: the loss is differentiable", gradient.smooth, given=given)
        return gradient

    def _walk_back(self, run: Any, seeds: Mapping[str, Number], taken: Mapping[str, Piece], label: str) -> Any:
        odd = next((v for v in seeds if v not in run.fragment.order), None)
        if odd is not None:
            raise ConstructionError(f"need seeds at vertices of the graph, got {odd!r}, at {label!r}")
        _check_pieces(run.fragment, taken, label)
        self._take(run, taken, label)
        return self._backward(run, seeds, taken)

    def _take(self, run: Any, taken: Mapping[str, Piece], label: str) -> None:
        """Take vertices to be on their pieces: a premise of what follows."""
        for v, piece in taken.items():
            self.premises.append(Premise(f"{label}: {v} is strictly inside {piece}", every(run.on(v, piece))))

    def induction(
        self,
        label: str,
        *,
        state: State,
        start: State,
        advance: Callable[[State], State],
        holds: Callable[[State], Formula],
        given: Callable[[State], Formula] = lambda state: True,
        inputs: State | None = None,
    ) -> None:
        """Form P(start) and P(state) => P(advance(state)) from the one function ``holds``.

        Parameters
        ----------
        state : variables of this case that stand for an arbitrary moment, so no premise may speak of them.
        given : says when a step is taken.
        inputs : variables that are new in every step, as the premises and lemmas so far allow; ``advance`` and
            ``given`` get state and
            inputs in one dictionary, and read them there. Every other variable is a parameter and stays the same
            (``inputs={}``: all). If nothing is said of inputs, a variable that only ``advance`` and ``given`` read may
            be either, and only what is right both ways counts.
        label : the name of the fact.

        Raises
        ------
        ConstructionError
            For a step to another state, or functions that read something else than what they get.

        A step that fails somewhere refutes nothing: the moment may never come. Only a run from the start does.
        """
        self._check_induction(label, state, start, inputs)
        moment = {**state, **(inputs or {})}
        after = advance(dict(moment))
        if set(after) != set(state):
            raise ConstructionError(f"need a step to the state {sorted(state)}, got {sorted(after)}, at {label!r}")
        self._check_arbitrary(label, state, inputs or {})
        here, taken = holds(dict(state)), given(dict(moment))
        self._check_property(label, every(here), inputs or {})
        self._check_reading(
            label, moment, lambda at: [*advance(dict(at)).values(), given(dict(at)), holds({v: at[v] for v in state})]
        )
        record = Induction(
            label=label,
            state=state,
            start=start,
            after=after,
            holds=every(here),
            given=every(taken),
            premises=self._given(),
            inputs=inputs or {},
            declared=inputs is not None,
        )
        self.show(f"{label}: base", holds(dict(start)))
        self.facts.append(Fact(f"{label}: step", every(holds(after)), self._given(taken, here), record))

    @staticmethod
    def _check_induction(label: str, state: State, start: State, inputs: State | None) -> None:
        if set(start) != set(state):
            raise ConstructionError(f"need a start for the state {sorted(state)}, got {sorted(start)}, at {label!r}")
        both = sorted(set(state) & set(inputs or {}))
        if both:
            raise ConstructionError(f"need inputs that are no part of the state, got {both[0]!r}, at {label!r}")

    def _check_property(self, label: str, here: Formula, inputs: State) -> None:
        """Refuse a property that reads an input: it would be one of each step's own."""
        read = {id(term) for term in variables(here).values()} if isinstance(here, TruthTerm) else set()
        name = next((name for name, term in inputs.items() if id(term) in read), None)
        if name is not None:
            raise ConstructionError(f"need a property that reads no input, got {name!r} in it, at {label!r}")

    @abstractmethod
    def _check_arbitrary(self, label: str, state: State, inputs: State) -> None:
        """Refuse a state that does not stand for an arbitrary moment; only a case with variables can tell."""

    @abstractmethod
    def _check_reading(self, label: str, moment: State, made: Callable[[State], list[Any]]) -> None:
        """Refuse functions of an induction that read a moment elsewhere than in what they get; only terms can tell."""


LABEL = 120
"""How much of a formula serves as the name of a premise."""


def steps_name(label: str) -> str:
    """Under which name a witness has the number of steps of a failing run."""
    return f"steps of {label}"


def input_name(name: str, step: int) -> str:
    """Under which name a witness has an input of a step (the first step is step 0).

    >>> input_name("x", 0)
    'x@0'
    """
    return f"{name}@{step}"


def _check_names(fragment: Fragment, inputs: Mapping[str, Number], outside: Mapping[str, Number], label: str) -> None:
    """Refuse values for other vertices than the inputs, and what would reach no vertex from outside: a misspelt name
    counts for nothing."""
    if set(inputs) != set(fragment.inputs):
        raise ConstructionError(
            f"need values for the inputs {sorted(fragment.inputs)}, got {sorted(inputs)}, at {label!r}"
        )
    odd = next((v for v in outside if v not in fragment.order or v in fragment.sources), None)
    if odd is not None:
        raise ConstructionError(f"need a vertex that computes, got {odd!r}, at what {label!r} gets from outside")


def _check_pieces(fragment: Fragment, pieces: Mapping[str, Piece], label: str) -> None:
    """Refuse a piece that the graph's activation does not have, or one for a vertex that computes nothing."""
    for v, piece in pieces.items():
        if v not in fragment.order or v in fragment.sources:
            raise ConstructionError(f"need a vertex that computes, got {v!r}, at the pieces of {label!r}")
        if piece not in fragment.sigma.pieces:
            raise refusal(
                f"need a piece of {fragment.sigma.name}, got {described(piece)}, at vertex {v!r} of {label!r}"
            )
