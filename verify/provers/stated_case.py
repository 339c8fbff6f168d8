"""The case that hands out terms: a claim is stated to it, once for its own variables and once for each use.

The solver's and sympy's cases are made from :class:`StatedCase`; they differ in what they do with facts. An induction
is stated by calling its functions with the variables of an arbitrary moment. They are called once more with variables
of *other* names: what still has the old names was not read from the dictionary that the function got, so it would stay
the same from step to step; it is refused.

A claim that another one uses is stated to an :class:`InstanceCase`, in which its variables are the terms that the other
one gives, or new variables of the other one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number
from constructions.foundations.functions import Function, defined_by
from constructions.foundations.logic import Formula, every, negation, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import described, refusal
from constructions.foundations.terms import (
    APPLY,
    INTEGER,
    REAL,
    TRUTH,
    Term,
    TruthTerm,
    at_least,
    floor,
    number,
    variable,
)
from constructions.foundations.traversal import nodes, variables
from constructions.foundations.walks import ForwardRun, Gradient, backward, forward
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive, RunRule, reaches
from verify.obligations.matching import bound_by_subject, stated_for
from verify.obligations.parts import Induction, State
from verify.obligations.use import Usable, Used, checked_number, checked_truth


class StatedCase(Case):
    """A case whose variables are terms."""

    def __init__(self, known: Mapping[str, Usable] | None = None, user: str = "") -> None:
        super().__init__(known, user)
        self.variables: dict[str, Term] = {}
        self.functions: dict[str, Function] = {}
        self.predicates: set[str] = set()

    def real(self, name: str) -> Number:
        return self._variable(name, REAL)

    def integer(self, name: str) -> Number:
        return self._variable(name, INTEGER)

    def bit(self, name: str) -> Formula:
        return self._variable(name, TRUTH)

    def _variable(self, name: str, kind: str) -> Any:
        made = variable(name, kind)
        known = self.variables.setdefault(name, made)
        if name in self.functions:
            raise ConstructionError(f"need one variable of a name, got the function {name!r}")
        self.values_of[name] = made
        if known is not made:
            raise ConstructionError(f"need a variable to stay of one kind, got {known.data[1]} and {kind}, at {name!r}")
        return made

    def _function(self, function: Function) -> Callable[..., Any]:
        if function.name in self.variables or self.functions.setdefault(function.name, function) != function:
            raise ConstructionError(f"need one variable of a name, got another {function.name!r}")
        self.values_of[function.name] = function
        return function

    def _word(self, function: Function) -> Callable[..., Any]:
        self._name_predicate(function.name)
        return function

    def _reaches(self, name: str, fixed: tuple[Any, ...] | None, record: Induction) -> Callable[[State], Formula]:
        self._name_predicate(name)
        return reaches(name, fixed, record)

    def _name_predicate(self, name: str) -> None:
        self.predicates.add(name)

    def _moment(self, label: str, state: State) -> State:
        odd = next((name for name, value in state.items() if not is_variable(value)), None)
        if odd is not None:
            raise ConstructionError(f"need a variable as {odd!r} in the state, got {state[odd]}, at {label!r}")
        return {name: self._variable(f"{label}: {name}", value.data[1]) for name, value in state.items()}

    def _instance(self, obligation: Usable, label: str, given: Mapping[str, Any]) -> tuple[Any, Case]:
        bound = bound_by_subject(obligation, label, given)
        case = InstanceCase(self, obligation, label, bound)
        subject = stated_for(obligation, case, given, label)
        case.is_stated = True
        return subject, case

    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
        return circuit_formulas(circuit, inputs)

    def _check_arbitrary(self, label: str, state: State, inputs: State) -> None:
        moment = {**state, **inputs}
        fixed = [name for name, term in moment.items() if not is_variable(term)]
        if fixed or len({id(term) for term in moment.values()}) != len(moment):
            got = f"{moment[fixed[0]]} for {fixed[0]!r}" if fixed else "one variable twice"
            raise ConstructionError(
                f"need different variables as state and inputs of an induction, got {got}, at {label!r}"
            )
        spoken = [part for part in (*(p.formula for p in self.premises), *self.lemmas) if isinstance(part, Term)]
        bound = {id(term) for term in variables(*spoken).values()}
        name = next((name for name, term in state.items() if id(term) in bound), None)
        if name is not None:
            raise ConstructionError(
                f"need a state of which no premise speaks (say it in holds or given), got {name!r}, at {label!r}"
            )

    def _check_fixed(self, record: Induction, fixed: Sequence[str]) -> None:
        labels = [used.label for used in (*self.uses, *self.principles)] + [moment.label for moment in self.moments]
        new = tuple(f"{label}: " for label in labels)
        lost = next((label for label in fixed if not f"{label}: ".startswith(new)), None)
        if lost is not None:
            got = f"{lost!r}, at {record.label!r}"
            raise ConstructionError(f"need the label of a use or a moment, or a new variable of it, got {got}")
        said = tuple(f"{label}: " for label in fixed)
        found = silently_fixed(record, [premise.formula for premise in self.premises], new)
        silent = [name for name in found if not f"{name}: ".startswith(said)]
        if silent and record.declared:
            got = f"neither for {silent[0]!r}, which the step reads or a premise ties to an input, at {record.label!r}"
            raise ConstructionError(
                "need variables that are new by a use or a moment to be inputs, or the same in all steps by the word "
                f"of fixed=, got {got}"
            )

    def _check_reading(self, label: str, moment: State, made: Callable[[State], list[Any]]) -> None:
        """Ask again with variables of other names: what still has the old ones did not read what it was given."""
        noted: tuple[list[Any], ...] = (
            self.premises,
            self.facts,
            self.lemmas,
            self.scenes,
            self.uses,
            self.instances,
            self.grounds,
            self.moments,
        )
        before = [len(some_) for some_ in noted]
        asked: tuple[dict[str, Any], ...] = (self.values_of, self.variables, self.functions)
        names = [set(each) for each in asked]
        other = {name: variable(f"another {term.data[0]}", term.data[1]) for name, term in moment.items()}
        read = variables(*(part for part in made(other) if isinstance(part, Term)))
        for some_, length in zip(noted, before, strict=True):
            del some_[length:]
        for each, known in zip(asked, names, strict=True):
            for new in each.keys() - known:
                del each[new]
        name = next((name for name, term in moment.items() if read.get(term.data[0]) is term), None)
        if name is not None:
            got = f"one that has it from elsewhere, at {label!r}"
            raise ConstructionError(
                f"need functions of an induction that read {name!r} in the dictionary they get, got {got}"
            )

    def derivative(self, of: Callable[[Fragment], Number], fragment: Fragment, edge: Edge) -> Number:
        """A derivative is an identity: it belongs to sympy."""
        raise ConstructionError(
            f"need an obligation of kind 'identity' for a symbolic derivative, got a solver's, at edge {edge!r}"
        )

    def _forward(
        self,
        fragment: Fragment,
        inputs: Mapping[str, Number],
        outside: Mapping[str, Number],
        pieces: Mapping[str, Piece],
    ) -> ForwardRun:
        return forward(fragment, inputs, outside=outside, pieces=pieces)

    def _backward(self, run: ForwardRun, seeds: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Gradient:
        return backward(run, seeds, pieces=pieces, report_kinks=True)


class InstanceCase(StatedCase):
    """The case of a claim that another one uses: its variables are what the other one gives.

    Parameters
    ----------
    user : the case of the claim that uses it. obligation : what is used. label : this use; new variables are named
        after it. given : what stands for variables, by name.
    """

    def __init__(self, user: StatedCase, obligation: Usable, label: str, given: Mapping[str, Any]) -> None:
        super().__init__(user.known, obligation.id)
        self.outside, self.obligation, self.label, self.bound = user, obligation, label, given
        self.users = (*user.users, obligation.id)
        self.kinds: dict[str, str] = {}
        self.is_stated = False

    def _variable(self, name: str, kind: str) -> Any:
        known = self.kinds.setdefault(name, kind)
        if known != kind:
            raise ConstructionError(f"need a variable to stay of one kind, got {known} and {kind}, at {name!r}")
        if name not in self.values_of:
            self.values_of[name] = self._value(name, kind)
        return self.values_of[name]

    def _value(self, name: str, kind: str) -> Any:
        if name not in self.bound:
            return self.outside._variable(f"{self.label}: {name}", kind)
        value = self.bound[name]
        if kind == TRUTH:
            return checked_truth(value, name, self.label)
        value = checked_number(value, name, self.label)
        return self._whole(value, name) if kind == INTEGER and self.obligation.kind != "identity" else value

    def _function(self, function: Function) -> Callable[..., Any]:
        name = function.name
        if name not in self.values_of:
            self.values_of[name] = self._made(function)
        return self.values_of[name]  # type: ignore[no-any-return]

    def _made(self, function: Function) -> Callable[..., Any]:
        """A function of the user's: one of its variables, one that a term defines, or a new variable."""
        made = self.bound.get(function.name)
        if made is None:
            return self.outside._function(replace(function, name=f"{self.label}: {function.name}"))
        if isinstance(made, Function):
            if (made.takes, made.gives) != (function.takes, function.gives):
                got = f"one from {made.takes} to {made.gives}, at the use of {self.label}"
                raise ConstructionError(f"need a function from {function.takes} to {function.gives}, got {got}")
            return made
        if not callable(made):
            raise refusal(f"need a function for {function.name!r}, got {described(made)}, at the use of {self.label}")
        return defined_by(made, function)

    def _whole(self, value: Any, name: str) -> Any:
        """What is given for an integer variable: an integer by its form, or one of which it is shown."""
        term = number(value)
        if not term.integral:
            self.outside.lemma(f"{self.label}: {name} is an integer", term == floor(term))
        return value if term.integral else floor(term)

    def _rest_on(self, used: Used) -> None:
        """What the used claim itself rests on holds anyway, and its facts follow without it. It is stated all the same:
        an induction of the used claim has the same variables then as where it is proved."""
        _ = used.values

    def _carried(self, record: Induction, advance: Any, holds: Any, given: Any) -> Inductive:
        found = super()._carried(record, advance, holds, given)
        taken = {id(value) for name, value in self.values_of.items() if name in self.bound}
        odd = next((name for name, value in record.inputs.items() if id(value) in taken), "")
        self.inductions[record.label] = replace(found, bound=odd)
        return self.inductions[record.label]

    def _name_predicate(self, name: str) -> None:
        self.outside._name_predicate(name)

    def _take_principle(self, used: Used) -> None:
        """What the used claim rests on is listed with its own verdict."""

    def _take_rule(self, rule: Formula, ground: RunRule) -> None:
        """What is reached is said to whoever asks for it."""
        if self.is_stated or not self._on_demand():
            self.outside._take_rule(rule, ground)

    def _on_demand(self) -> bool:
        """Whether the claim that is proved takes no rules but those that it states itself."""
        return self.outside._on_demand() if isinstance(self.outside, InstanceCase) else self.outside.on_demand

    def _check_fixed(self, record: Induction, fixed: Sequence[str]) -> None:
        """Checked where the claim is proved."""

    def _check_arbitrary(self, label: str, state: State, inputs: State) -> None:
        """The moment may be any here; that it stands for an arbitrary one is checked where the claim is proved."""

    def _check_property(self, label: str, here: Formula, inputs: State) -> None:
        """Checked where the claim is proved."""

    def _check_reading(self, label: str, moment: State, made: Callable[[State], list[Any]]) -> None:
        """Checked where the claim is proved."""


def silently_fixed(record: Induction, premises: Sequence[Formula], starts: tuple[str, ...]) -> list[str]:
    """The variables and functions that stay the same along a run although the step reads them, or a premise ties them
    to an input.

    Parameters
    ----------
    record : the induction. premises : those that were stated before it. starts : how the names of those begin that are
        asked about.

    >>> x, y, z = (variable(name, REAL) for name in ("x", "a use: y", "a use: z"))
    >>> sums = Induction(label="sums", state={}, start={}, after={"sum": x}, holds=True, given=True, premises=True,
    ...     inputs={"x": x}, declared=True)
    >>> silently_fixed(sums, [x <= y, z >= 0], ("a use: ",))
    ['a use: y']
    """
    inputs = {value.data[0] for value in record.inputs.values()}
    moving = inputs | {value.data[0] for value in record.state.values()}
    found = dict.fromkeys(_names_in(record.given, *record.after.values()))
    for tied in (_names_in(part) for premise in premises if inputs for part in _conjuncts(premise)):
        found |= dict.fromkeys(tied if inputs & set(tied) else ())
    return [name for name in found if name.startswith(starts) and name not in moving] if starts else []


def _conjuncts(formula: Formula) -> list[Formula]:
    """The parts of a premise that all have to hold."""
    if not isinstance(formula, TruthTerm) or formula.op != "and":
        return [formula]
    return [inner for part in formula.args for inner in _conjuncts(part)]


def _names_in(*parts: Any) -> list[str]:
    """The variables and functions in some terms."""
    inside = nodes(*(part for part in parts if isinstance(part, Term)))
    return [term.data[0] for term in inside if term.op in ("variable", APPLY)]


def is_variable(value: Any) -> bool:
    """Whether a value is a variable as it stands."""
    return isinstance(value, Term) and value.op == "variable"


def circuit_formulas(circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
    """The values of all nodes of a circuit as formulas over those of its inputs.

    >>> from constructions.computation.flat import Gates
    >>> circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"only a": 4})
    >>> circuit_formulas(circuit, [variable("a", TRUTH), variable("b", TRUTH)])
    [a, b, a and not b]
    """
    values = list(inputs)
    for needs, literals in circuit.gates:
        operands = [negation(values[literal >> 1]) if literal & 1 else values[literal >> 1] for literal in literals]
        fixed = sum(operand is True for operand in operands)
        open_ = [operand for operand in operands if isinstance(operand, TruthTerm)]
        left = needs - fixed
        if left <= 0 or left > len(open_):
            values.append(left <= 0)
        elif left == len(open_) or left == 1:
            values.append(every(*open_) if left == len(open_) else some(*open_))
        else:
            values.append(at_least(left, open_))
    return values
