"""Walks over graphs and circuits inside a claim, and what they are told by name."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import described, refusal
from verify.obligations.parts import Premise, Scene


class Walking(ABC):
    """The part of a case that walks graphs and circuits; it adds to the premises and scenes.

    >>> from constructions.computation.builder import Builder
    >>> from constructions.networks.gates import conjunction
    >>> from verify.replay.witness import ReplayCase
    >>> case, gate = ReplayCase({}), conjunction()
    >>> inputs = {"x1": 2, "x2": 2}
    >>> run = case.run(gate, inputs, label="and")
    >>> gradient = case.gradient(run, {"gate": 1}, label="and")  # of the gate's output
    >>> str(run.out["gate"]), str(gradient.edges["x1", "gate"])  # the gate is saturated
    ('2', '0')
    >>> builder = Builder()
    >>> circuit = builder.circuit(None, {"both": builder.both(builder.input("a"), builder.input("b"))})
    >>> case.circuit(circuit, {"a": True, "b": False})
    {'both': False}
    """

    premises: list[Premise]
    scenes: list[Scene]

    @abstractmethod
    def show(self, label: str, conclusion: Formula, *, given: Formula = True) -> None:
        """State a fact, the ``conclusion``, called ``label``, ``given`` a premise of its own."""

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
        check_names(fragment, inputs, outside or {}, label)
        pieces, taken = dict(expect or {}), dict(on or {})
        check_pieces(fragment, pieces | taken, label)
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
        check_pieces(run.fragment, taken, label)
        self._take(run, taken, label)
        return self._backward(run, seeds, taken)

    def _take(self, run: Any, taken: Mapping[str, Piece], label: str) -> None:
        """Take vertices to be on their pieces: a premise of what follows."""
        for v, piece in taken.items():
            self.premises.append(Premise(f"{label}: {v} is strictly inside {piece}", every(run.on(v, piece))))


def check_names(fragment: Fragment, inputs: Mapping[str, Number], outside: Mapping[str, Number], label: str) -> None:
    """Refuse, with ConstructionError, values for other vertices than the inputs, and what would reach no vertex from
    outside: a misspelt name counts for nothing. ``label`` names the walk."""
    if set(inputs) != set(fragment.inputs):
        raise ConstructionError(
            f"need values for the inputs {sorted(fragment.inputs)}, got {sorted(inputs)}, at {label!r}"
        )
    odd = next((v for v in outside if v not in fragment.order or v in fragment.sources), None)
    if odd is not None:
        raise ConstructionError(f"need a vertex that computes, got {odd!r}, at what {label!r} gets from outside")


def check_pieces(fragment: Fragment, pieces: Mapping[str, Piece], label: str) -> None:
    """Refuse, with ConstructionError, a piece that the graph's activation does not have, or one for a vertex that
    computes nothing. ``label`` names the walk."""
    for v, piece in pieces.items():
        if v not in fragment.order or v in fragment.sources:
            raise ConstructionError(f"need a vertex that computes, got {v!r}, at the pieces of {label!r}")
        if piece not in fragment.sigma.pieces:
            raise refusal(
                f"need a piece of {fragment.sigma.name}, got {described(piece)}, at vertex {v!r} of {label!r}"
            )
