"""A case: what a claim talks to. One claim function serves the solver, sympy, an enumeration and the exact replay.

A claim receives its subject (a graph, as a rule) and a case. It asks the case for variables, states premises with
``assume`` and facts with ``show``, and lets the case walk graphs with ``run`` and ``gradient``. The solver's case hands
out solver variables; the replay's case hands out the rationals of a witness and walks with code of its own.
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

State = dict[str, Number]


@dataclass(frozen=True, slots=True)
class Fact:
    """One conclusion: ``label`` says it in words; it need hold only where ``given`` does.

    ``given`` holds the premises and lemmas that were stated before the fact, and none that came after.
    """

    label: str
    conclusion: Formula
    given: Formula = True


@dataclass(frozen=True, slots=True)
class Scene:
    """One walk over a graph inside a claim, with the pieces on which its vertices are meant to stay."""

    label: str
    run: Any
    expect: Mapping[str, Piece]


class Case(ABC):
    """The interface between a claim and whoever examines it."""

    def __init__(self) -> None:
        self.premises: list[Formula] = []
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
    def _forward(self, fragment: Fragment, inputs: Mapping[str, Number], outside: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Any:
        """Walk forward."""

    @abstractmethod
    def _backward(self, run: Any, seeds: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Any:
        """Walk backward."""

    @abstractmethod
    def derivative(self, of: Callable[[Fragment], Number], fragment: Fragment, edge: Edge) -> Number:
        """The derivative of a number that is computed from a fragment, with respect to one weight, not by the backward walk."""

    def assume(self, *premises: Formula) -> None:
        """State what the facts from here on presuppose."""
        self.premises.extend(every(premise) for premise in premises)

    def show(self, label: str, conclusion: Formula, *, given: Formula = True) -> None:
        """State a fact to be proved under what was assumed so far; ``given`` is a premise of this fact alone."""
        self.facts.append(Fact(label, every(conclusion), every(*self.premises, *self.lemmas, given)))

    def lemma(self, label: str, conclusion: Formula) -> None:
        """State a fact to be proved, and use it for those that come after it."""
        self.show(label, conclusion)
        self.lemmas.append(conclusion)

    def equal(self, label: str, left: Number, right: Number) -> None:
        """State that two numbers are equal."""
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

        Vertices in ``on`` are taken to be on a piece: that becomes a premise of what follows, and must be shown before or elsewhere.
        """
        pieces, taken = dict(expect or {}), dict(on or {})
        run = self._forward(fragment, inputs, outside or {}, taken)
        self.scenes.append(Scene(label, run, pieces | taken))
        self.assume(*(run.on(v, piece) for v, piece in taken.items()))
        for v, piece in pieces.items():
            self.show(f"{label}: {v} stays strictly inside {piece}", run.on(v, piece), given=given)
        return run

    def circuit(self, circuit: FlatCircuit, inputs: Mapping[str, Formula]) -> dict[str, Formula]:
        """The outputs of a circuit for truth values or formulas."""
        if set(inputs) != set(circuit.inputs):
            lost = sorted(set(inputs) ^ set(circuit.inputs))[:3]
            raise ConstructionError(f"need a formula for each of the {len(circuit.inputs)} inputs, got another set, at {lost}")
        values = self._circuit(circuit, [every(inputs[name]) for name in circuit.inputs])
        return {name: negation(values[literal >> 1]) if literal & 1 else values[literal >> 1] for name, literal in circuit.outputs.items()}

    def gradient(
        self, run: Any, seeds: Mapping[str, Number], *, label: str, on: Mapping[str, Piece] | None = None, given: Formula = True
    ) -> Any:
        """Walk the same graph backward; that no kink is reached with a non-zero adjoint becomes a fact.

        Vertices in ``on`` are taken to be on a piece, as in :meth:`run`.
        """
        taken = dict(on or {})
        self.assume(*(run.on(v, piece) for v, piece in taken.items()))
        gradient = self._backward(run, seeds, taken)
        self.show(f"{label}: the loss is differentiable", gradient.smooth, given=given)
        return gradient

    def induction(
        self,
        label: str,
        *,
        state: State,
        start: State,
        advance: Callable[[State], State],
        holds: Callable[[State], Formula],
        given: Callable[[State], Formula] = lambda state: True,
    ) -> None:
        """Form P(start) and P(state) => P(advance(state)) from the one function ``holds``.

        ``state`` are variables of this case that stand for an arbitrary moment, so no premise may speak of them; ``given``
        says when a step is taken.
        """
        if set(start) != set(state):
            raise ConstructionError(f"need a start for the state {sorted(state)}, got {sorted(start)}")
        self.show(f"{label}: base", holds(start))
        after = advance(state)
        self._check_arbitrary(label, state)
        self.show(f"{label}: step", holds(after), given=every(given(state), holds(state)))

    @abstractmethod
    def _check_arbitrary(self, label: str, state: State) -> None:
        """Refuse a state that does not stand for an arbitrary moment; only a case with variables can tell."""
