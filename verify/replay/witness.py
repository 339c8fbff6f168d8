"""Exact replay of a witness: a second evaluator in rationals that shares no walk with the provers' encoder.

A claim is run again with the witness's numbers: its premise must hold and the fact must fail, else the two evaluators
disagree and that is an internal error. Graphs are walked by :mod:`verify.replay.walks`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.computation.watching import WATCHERS, tell
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.functions import Function, application_name
from constructions.foundations.logic import every
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import described, refusal, statement
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive, RunRule, check_induction
from verify.obligations.matching import bound_by_subject, stated_for
from verify.obligations.parts import Fact, Induction, Moment, Premise, State, earlier_state, input_name, steps_name
from verify.obligations.use import FalseInstanceError, Usable, Used, checked_number, checked_truth, numbered
from verify.replay.looked import Looked
from verify.replay.walks import ReplayGradient, ReplayRun, replay_forward, replay_gradient


@dataclass(frozen=True, slots=True)
class OffPiece:
    """A vertex that is not strictly inside the piece on which a claim means it to stay, in the walk of this label."""

    walk: str
    vertex: str
    pre_activation: Fraction
    piece: Piece


class ReplayCase(Case):
    """A case whose variables are the rationals of a witness; ``asked`` are those that the claim asked for.

    Raises
    ------
    ConstructionError
        For values that are no ints and no Fractions.

    >>> from constructions.foundations.activation import RAMP
    >>> twice = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2})
    >>> case = ReplayCase({"x": Fraction(1, 8)})
    >>> run = case.run(twice, {"x": case.real("x")}, label="twice", expect={"y": RAMP.pieces[-1]})
    >>> found = case.first_off_piece()
    >>> found.vertex, str(found.pre_activation)
    ('y', '1/4')
    """

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
        self.speaks = False

    def real(self, name: str) -> Fraction:
        """The witness's value; 0 for a variable on which nothing depends."""
        self.asked[name] = None
        known = self.values_of.get(name)
        if not isinstance(known, Fraction):  # one object for one name: a variable is known by it
            self.values_of[name] = known = Fraction(self.values.get(name, Fraction(0)))
        return known

    def integer(self, name: str) -> Fraction:
        """The witness's value, an integer."""
        value = self.real(name)
        if value.denominator != 1:
            raise ArithmeticError(f"need an integer for {name}, got {value}")
        return value

    def _function(self, function: Function) -> Callable[..., Any]:
        """The witness's values of a function; 0 or false at arguments on which nothing depends."""

        self.values_of[function.name] = looked = Looked(function, self.values, self.asked)
        return looked

    def _word(self, function: Function) -> Callable[..., Any]:
        """A word means what the witness says."""
        self.speaks = True
        return Looked(function, self.values, self.asked)

    def _take_principle(self, used: Used) -> None:
        """What the witness says of words need not be true of any space; then it says nothing of the facts."""
        self.instances.append(every(*(not _truth(f.under) or _truth(f.conclusion) for f in used.facts.values())))

    def _reaches(self, name: str, fixed: tuple[Any, ...] | None, record: Induction) -> Callable[[State], bool]:
        """Which states are reached, as the witness says."""

        def reached(state: State) -> bool:
            key = application_name(name, (*(fixed or ()), *(state[key] for key in record.state)))
            return self.values.get(key, Fraction(0)) == 1

        return reached

    def _moment(self, label: str, state: State) -> State:
        """The state that the witness has; see also :meth:`reached`."""
        return {
            name: self.bit(f"{label}: {name}") if isinstance(value, bool) else self.real(f"{label}: {name}")
            for name, value in state.items()
        }

    def reached(self, inductive: Inductive) -> State:
        """The moment at the end of the run that the witness has, or else the state that it has."""
        label = numbered(f"{inductive.label} reached", [moment.label for moment in self.moments])
        if steps_name(label) not in self.values:
            return super().reached(inductive)
        record = inductive.record
        run, taken = self._follow(
            label, dict(record.start), record, inductive.advance, inductive.taken, prefix=f"{label}: "
        )
        self._moment(label, dict(record.state))
        self.premises.append(Premise(label, taken))
        self.moments.append(Moment(label, record, run[-1], taken))
        return run[-1]

    def _follow(
        self, label: str, start: State, reads: Induction, advance: Any, given: Any, prefix: str = ""
    ) -> tuple[list[State], bool]:
        """The states of the run that the witness has, and whether each step may be taken and looks back at states of
        this run."""
        run, taken = [dict(start)], True
        for step in range(int(self.values[steps_name(label)])):
            new = {name: self._input(f"{prefix}{name}", step, like) for name, like in reads.inputs.items()}
            moment = {**run[-1], **new}
            back = (earlier_state(moment, group) in run for group in reads.earlier)
            taken = taken and every(given(dict(moment)), *back)
            run.append(advance(dict(moment)))
        return run, taken

    def _take_rule(self, rule: bool, ground: RunRule) -> None:
        """The rules hold for what is reached; the witness need not say all of it."""

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
                if self.speaks:  # of words, of which a witness need not say what is true of a space
                    self.instances.append(False)
                    return
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
        self.values_of[name] = value == 1
        return value == 1

    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[bool]) -> list[bool]:
        values = list(inputs)
        for needs, literals in circuit.gates:
            true = 0
            for literal in literals:
                true += values[literal >> 1] != literal & 1  # a truth value and its number are equal
            values.append(true >= needs)
        if WATCHERS:
            found = {name: int(values[literal >> 1]) ^ (literal & 1) for name, literal in circuit.outputs.items()}
            tell(circuit, dict(zip(circuit.inputs, inputs, strict=True)), found)
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
        earlier: Sequence[str] = (),
        fixed: Sequence[str] = (),
        kinds: Callable[[State], Mapping[str, bool]] = lambda state: {},
    ) -> Inductive:
        """Base and step at the witness; or, where the witness is a run from the start, the property after each of
        its steps."""
        if steps_name(label) not in self.values:
            told: dict[str, Any] = {"advance": advance, "holds": holds, "given": given, "inputs": inputs}
            return super().induction(label, state=state, start=start, earlier=earlier, **told)
        check_induction(label, state, start, inputs, earlier)
        reads = Induction(
            label=label,
            state=state,
            start=start,
            after={},
            holds=True,
            given=True,
            premises=True,
            inputs=self._looking_back(state, inputs, earlier) or {},
            declared=inputs is not None,
            earlier=tuple(earlier),
        )
        self.show(f"{label}: base", holds(dict(start)))
        self.runs[label], taken = self._follow(label, start, reads, advance, given)
        self.show(f"{label}: step", every(*(holds(dict(now)) for now in self.runs[label][1:])), given=taken)
        record = replace(reads, after=self.runs[label][-1], given=taken)
        return self._carried(record, advance, holds, given)

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
        self.users = (*user.users, obligation.id)

    def real(self, name: str) -> Fraction:
        """The number that is given, or the witness's value: the same object, as an induction tells by it what moves."""
        if name not in self.values_of:
            given = name in self.bound
            self.values_of[name] = (
                checked_number(self.bound[name], name, self.label) if given else self.outside.real(self._new(name))
            )
        return self.values_of[name]  # type: ignore[no-any-return]

    def integer(self, name: str) -> Fraction:
        """The integer that is given, or the witness's value."""
        if self.obligation.kind == "identity":
            return self.real(name)
        if name not in self.values_of and name in self.bound:
            value = checked_number(self.bound[name], name, self.label)
            whole = value.denominator == 1
            self.outside.lemma(f"{self.label}: {name} is an integer", whole)
            self.values_of[name] = value if whole else Fraction(value.numerator // value.denominator)
        elif name not in self.values_of:
            self.values_of[name] = self.outside.integer(self._new(name))
        return self.values_of[name]  # type: ignore[no-any-return]

    def _new(self, name: str) -> str:
        """The name of the user's variable that stands for one for which nothing is given."""
        return f"{self.label}: {name}"

    def bit(self, name: str) -> bool:
        """The truth value that is given, or the witness's."""
        given = name in self.bound
        found = checked_truth(self.bound[name], name, self.label) if given else self.outside.bit(self._new(name))
        self.values_of[name] = bool(found)
        return bool(found)

    def _function(self, function: Function) -> Callable[..., Any]:
        """The function that is given, or the witness's."""
        name = function.name
        found = self.bound.get(name)
        self.values_of[name] = found or self.outside._function(replace(function, name=self._new(name)))
        return self.values_of[name]  # type: ignore[no-any-return]

    def _word(self, function: Function) -> Callable[..., Any]:
        return self.outside._word(function)

    def _take_principle(self, used: Used) -> None:
        """What the used claim rests on is tried where that claim is replayed."""

    def _reaches(self, name: str, fixed: tuple[Any, ...] | None, record: Induction) -> Callable[[State], bool]:
        return self.outside._reaches(name, fixed, record)

    def _rest_on(self, used: Used) -> None:
        """What the used claim itself rests on is tried where that claim is replayed. It is stated all the same, so that
        both evaluators have the same variables."""
        _ = used.values


def _truth(formula: Any) -> bool:
    if formula is True or formula is False:
        return bool(formula)
    raise TypeError(f"need a truth value in a replay, got {formula!r}")


def replay(claim: Any, of: Any, values: Mapping[str, Fraction]) -> ReplayCase:
    """Run a claim that uses no other on the subject that the function ``of`` builds, with a witness's numbers as the
    values of its variables.

    Raises
    ------
    ConstructionError
        If the claim divides by 0 there.

    >>> def is_less(limit, case):
    ...     "A number is less than the limit."
    ...     case.show("less", case.real("x") < limit)
    >>> [fact.conclusion for fact in replay(is_less, lambda case: 1, {"x": Fraction(2)}).facts]
    [False]
    """
    return _run(claim, of, ReplayCase(values))


def replay_of(obligation: Usable, of: Any, values: Mapping[str, Fraction]) -> ReplayCase:
    """Run the claim of an obligation on the subject that ``of`` builds, with a witness's numbers as the values.

    Raises
    ------
    FalseInstanceError if a claim that it uses does not hold there.

    >>> from verify.obligations.obligation import Obligation
    >>> def is_less(limit, case):
    ...     "A number below 1 is less than the limit."
    ...     case.assume(case.real("x") < 1)
    ...     case.show("less", case.real("x") < limit)
    >>> made = Obligation(id="my.less", paper="mine", claim=is_less, of=lambda case: 1, twin=lambda case: 0)
    >>> [replay_of(made, of, {"x": Fraction(1, 2)}).failing() for of in (made.of, made.twin)]
    [[], ['less']]
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
