"""Exact replay of a witness: a second evaluator in rationals that shares no walk with the provers' encoder.

Values go through the ReLU form of sigma (not its pieces); derivatives come from pushing a unit change forward from each
vertex (not from the chain rule backward). A claim is run again with the witness's numbers: its premise must hold and
the fact must fail, else the two evaluators disagree and that is an internal error.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import rational
from constructions.foundations.logic import every
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import described, refusal, statement
from verify.obligations.case import Case
from verify.obligations.matching import bound_by_subject, stated_for
from verify.obligations.parts import Fact, State, input_name, steps_name
from verify.obligations.use import FalseInstanceError, Usable, Used, checked_number, checked_truth
from verify.replay.relu_form import relu_slopes, relu_value


@dataclass(frozen=True)
class ReplayRun:
    """A forward walk in rationals."""

    fragment: Fragment
    pre: Mapping[str, Fraction]
    out: Mapping[str, Fraction]

    def flat(self, *vertices: str) -> bool:
        """Whether the vertices, at least one, have slope 0 on both sides and around."""
        if not vertices:
            raise refusal("need at least one vertex, got none, at flat()")
        return all(not any(relu_slopes(self.fragment.sigma, self.pre[v])) for v in vertices)

    def on(self, vertex: str, piece: Piece) -> bool:
        """Whether a vertex is strictly inside a piece."""
        x = self.pre[vertex]
        return (piece.low is None or piece.low < x) and (piece.high is None or x < piece.high)


@dataclass(frozen=True)
class ReplayGradient:
    """Derivatives in rationals, with the vertices on kinks that matter."""

    edges: Mapping[Edge, Fraction]
    pre: Mapping[str, Fraction]
    out: Mapping[str, Fraction]
    kinks: Mapping[str, bool]

    @property
    def smooth(self) -> bool:
        """Whether no kink is reached with a non-zero adjoint."""
        return not any(self.kinks.values())


def replay_forward(fragment: Fragment, inputs: Mapping[str, Any], outside: Mapping[str, Any]) -> ReplayRun:
    """Evaluate a fragment at rational inputs and weights."""
    out: dict[str, Fraction] = {v: rational(x, where=f"input {v!r}") for v, x in inputs.items()}
    if fragment.constant is not None:
        out[fragment.constant] = Fraction(1)
    pre: dict[str, Fraction] = {}
    graph = fragment.graph
    for v in fragment.order:
        if v not in out:
            arriving = [Fraction(data["weight"]) * out[u] for u, _, data in graph.in_edges(v, data=True)]
            pre[v] = rational(outside.get(v, 0), where=f"what {v!r} gets from outside") + sum(arriving, Fraction(0))
            out[v] = relu_value(fragment.sigma, pre[v])
    return ReplayRun(fragment, pre, out)


def replay_gradient(run: ReplayRun, seeds: Mapping[str, Any]) -> ReplayGradient:
    """Derivatives of the seeded sum of outputs, each by pushing a change of one vertex's output forward."""
    graph = run.fragment.graph
    out = {v: _push(run, v, seeds) for v in run.fragment.order}
    pre: dict[str, Fraction] = {}
    kinks: dict[str, bool] = {}
    edges: dict[Edge, Fraction] = {}
    for v in run.pre:
        left, right = relu_slopes(run.fragment.sigma, run.pre[v])
        pre[v], kinks[v] = right * out[v], left != right and out[v] != 0
        edges |= {(u, v): run.out[u] * pre[v] for u in graph.predecessors(v)}
    return ReplayGradient(edges, pre, out, kinks)


def _push(run: ReplayRun, source: str, seeds: Mapping[str, Any]) -> Fraction:
    graph = run.fragment.graph
    change = {source: Fraction(1)}
    for v in run.fragment.order[run.fragment.order.index(source) + 1 :]:
        arriving = sum(
            (data["weight"] * change[u] for u, _, data in graph.in_edges(v, data=True) if u in change), Fraction(0)
        )
        if arriving:
            change[v] = relu_slopes(run.fragment.sigma, run.pre[v])[1] * arriving
    return sum((rational(seeds.get(v, 0), where=f"seed of {v!r}") * by for v, by in change.items()), Fraction(0))


@dataclass(frozen=True, slots=True)
class OffPiece:
    """A vertex that is not strictly inside the piece on which a claim means it to stay, in the walk of this label."""

    walk: str
    vertex: str
    pre_activation: Fraction
    piece: Piece


class ReplayCase(Case):
    """A case whose variables are the rationals of a witness; ``asked`` are those that the claim asked for."""

    def __init__(
        self, values: Mapping[str, Fraction], known: Mapping[str, Usable] | None = None, user: str = ""
    ) -> None:
        super().__init__(known, user)
        for name, value in values.items():
            if type(value) not in (int, Fraction):
                got = f"{described(value)}, at {name!r}"
                raise refusal(f"need exact numbers (int, Fraction) as the values of variables, got {got}")
        self.values = {name: Fraction(value) for name, value in values.items()}
        self.asked: dict[str, None] = {}
        self.runs: dict[str, list[State]] = {}

    def real(self, name: str) -> Fraction:
        """The witness's value; 0 for a variable on which nothing depends."""
        self.asked[name] = None
        return self.values.get(name, Fraction(0))

    def integer(self, name: str) -> Fraction:
        """The witness's value, an integer."""
        value = self.real(name)
        if value.denominator != 1:
            raise ArithmeticError(f"need an integer for {name}, got {value}")
        return value

    def _instance(self, obligation: Usable, label: str, given: Mapping[str, Any]) -> tuple[Any, Case]:
        bound = bound_by_subject(obligation, label, given)
        case = ReplayInstance(self, obligation, label, bound)
        return stated_for(obligation, case, given, label), case

    def _rest_on(self, used: Used) -> None:
        """The used claim must hold for the values at hand; an identity says nothing where a divisor is 0."""
        facts: Mapping[str, Fact] = {}
        with suppress(*([ZeroDivisionError] if used.obligation.kind == "identity" else [])):
            facts = used.facts
        for fact in facts.values():
            if _truth(fact.under) and not _truth(fact.conclusion):
                at = ", ".join(f"{name}={value}" for name, value in used.values.items())
                got = f"{used.id}, whose fact {fact.label!r} fails at {at}, at what {self.user} uses"
                raise FalseInstanceError(f"need an obligation that holds for all values, got {got}")

    def _forward(
        self, fragment: Fragment, inputs: Mapping[str, Any], outside: Mapping[str, Any], pieces: Mapping[str, Piece]
    ) -> ReplayRun:
        return replay_forward(fragment, inputs, outside)

    def _backward(self, run: ReplayRun, seeds: Mapping[str, Any], pieces: Mapping[str, Piece]) -> ReplayGradient:
        return replay_gradient(run, seeds)

    def bit(self, name: str) -> bool:
        """The witness's value, 0 or 1."""
        value = self.real(name)
        if value not in (0, 1):
            raise ArithmeticError(f"need 0 or 1 for {name}, got {value}")
        return value == 1

    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[bool]) -> list[bool]:
        values = list(inputs)
        for needs, literals in circuit.gates:
            values.append(sum(values[literal >> 1] != bool(literal & 1) for literal in literals) >= needs)
        return values

    def derivative(self, of: Callable[[Fragment], Fraction], fragment: Fragment, edge: Edge) -> Fraction:
        """A difference that is exact for polynomials up to degree three, as half a square is within one piece; all
        else is refused."""
        weight, h = Fraction(fragment.weight(*edge)), Fraction(1, 2**40)
        a, b, c, d, e = (of(fragment.with_weight(*edge, weight + i * h)) for i in (-2, -1, 0, 1, 2))
        if a - 4 * b + 6 * c - 4 * d + e:
            raise ConstructionError(
                f"need a polynomial of degree 3 at most to derive, got another function or a kink, at edge {edge!r}"
            )
        return (a - 8 * b + 8 * d - e) / (12 * h)

    def induction(
        self,
        label: str,
        *,
        state: State,
        start: State,
        advance: Callable[[State], State],
        holds: Callable[[State], bool],
        given: Callable[[State], bool] = lambda state: True,
        inputs: State | None = None,
    ) -> None:
        """Base and step at the witness; or, where the witness is a run from the start, the property after each of
        its steps."""
        if steps_name(label) not in self.values:
            super().induction(label, state=state, start=start, advance=advance, holds=holds, given=given, inputs=inputs)
            return
        self._check_induction(label, state, start, inputs)
        self.show(f"{label}: base", holds(dict(start)))
        now, taken, right = dict(start), True, True
        self.runs[label] = [dict(now)]
        for step in range(int(self.values[steps_name(label)])):
            moment = {**now, **{name: self._input(name, step, like) for name, like in (inputs or {}).items()}}
            taken = taken and every(given(dict(moment)))
            now = advance(dict(moment))
            right = right and every(holds(dict(now)))
            self.runs[label].append(dict(now))
        self.show(f"{label}: step", right, given=taken)

    def _input(self, name: str, step: int, like: Fraction | bool) -> Fraction | bool:
        """An input of one step, of the kind that the claim asked for; 0 for one on which nothing depends."""
        value = self.values.get(input_name(name, step), Fraction(0))
        return value == 1 if isinstance(like, bool) else value

    def _check_arbitrary(self, label: str, state: State, inputs: State) -> None:
        """Numbers stand for nothing else."""

    def _check_reading(self, label: str, moment: State, made: Callable[[State], list[Any]]) -> None:
        """Numbers have no names."""

    def failing(self) -> list[str]:
        """The labels of the facts that fail here although what they presuppose holds."""
        return [fact.label for fact in self.facts if _truth(fact.given) and not _truth(fact.conclusion)]

    def given(self, label: str) -> bool:
        """Whether what some fact of this label presupposes holds here."""
        return any(_truth(fact.given) for fact in self.facts if fact.label == label)

    def first_off_piece(self) -> OffPiece | None:
        """The first vertex that leaves its piece, in the order of the walks and of their graphs; None if all stay."""
        for scene in self.scenes:
            for v in scene.run.fragment.order:
                if v in scene.expect and not scene.run.on(v, scene.expect[v]):
                    return OffPiece(scene.label, v, scene.run.pre[v], scene.expect[v])
        return None


class ReplayInstance(ReplayCase):
    """The replay of a claim that another one uses: its variables are the rationals that the other one gives.

    Parameters
    ----------
    user : the replay of the claim that uses it. obligation : what is used. label : this use; variables for which
        nothing is given are named after it. given : the values of variables, by name.
    """

    def __init__(self, user: ReplayCase, obligation: Usable, label: str, given: Mapping[str, Any]) -> None:
        super().__init__({}, user.known, obligation.id)
        self.outside, self.obligation, self.label, self.bound = user, obligation, label, given
        self.shown: set[str] = set()

    def real(self, name: str) -> Fraction:
        """The number that is given, or the witness's value."""
        if name not in self.bound:
            self.values_of[name] = self.outside.real(f"{self.label}: {name}")
        else:
            self.values_of[name] = Fraction(checked_number(self.bound[name], name, self.label))
        return Fraction(self.values_of[name])

    def integer(self, name: str) -> Fraction:
        """The integer that is given, or the witness's value."""
        if self.obligation.kind == "identity":
            return self.real(name)
        if name not in self.bound:
            self.values_of[name] = self.outside.integer(f"{self.label}: {name}")
            return Fraction(self.values_of[name])
        value = self.real(name)
        if name not in self.shown:
            self.shown.add(name)
            self.outside.lemma(f"{self.label}: {name} is an integer", value.denominator == 1)
        self.values_of[name] = Fraction(value.numerator // value.denominator)
        return Fraction(self.values_of[name])

    def bit(self, name: str) -> bool:
        """The truth value that is given, or the witness's."""
        given = name in self.bound
        found = (
            checked_truth(self.bound[name], name, self.label) if given else self.outside.bit(f"{self.label}: {name}")
        )
        self.values_of[name] = found
        return bool(found)

    def _rest_on(self, used: Used) -> None:
        """What the used claim itself rests on is tried where that claim is replayed."""


def _truth(formula: Any) -> bool:
    if formula is True or formula is False:
        return bool(formula)
    raise TypeError(f"need a truth value in a replay, got {formula!r}")


def replay(claim: Any, of: Any, values: Mapping[str, Fraction]) -> ReplayCase:
    """Run a claim that uses no other on the subject with a witness's numbers."""
    return _run(claim, of, ReplayCase(values))


def replay_of(obligation: Usable, of: Any, values: Mapping[str, Fraction]) -> ReplayCase:
    """Run the claim of an obligation on a subject with a witness's numbers.

    Raises
    ------
    FalseInstanceError if a claim that it uses does not hold there.
    """
    return _run(obligation.claim, of, ReplayCase(values, obligation.known, obligation.id))


def _run(claim: Any, of: Any, case: ReplayCase) -> ReplayCase:
    try:
        with statement():
            claim(of(case), case)
    except ZeroDivisionError as error:
        at = ", ".join(f"{name}={value}" for name, value in case.values.items())
        raise ConstructionError(
            f"need a claim that says what holds where a divisor is 0, got a division by 0 at {at}"
        ) from error
    return case
