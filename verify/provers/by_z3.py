"""The solver: each fact of a claim for all values of its variables, by z3.

Every fact is asked in a context of its own (fixed seed, rlimit as the budget, seconds as the backstop): premise and
negated fact. Unsatisfiable proves it; a model is turned into rationals and replayed; anything else is UNKNOWN.
"""
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.walks import Gradient, Run, backward, forward
from verify.case import Case, Fact
from verify.obligation import Obligation
from verify.provers.integers import over_the_integers
from verify.replay import replay
from verify.strict import strictly
from verify.verdict import DisagreementError, Verdict

SECONDS = 60


class SolverCase(Case):
    """A case whose variables are z3's."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: dict[str, z3.ExprRef] = {}

    def real(self, name: str) -> Number:
        return self._variable(name, z3.Real(name))

    def integer(self, name: str) -> Number:
        return z3.ToReal(self._variable(name, z3.Int(name)))

    def bit(self, name: str) -> Formula:
        return self._variable(name, z3.Bool(name))

    def _circuit(self, circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
        return circuit_formulas(circuit, inputs)

    def _variable(self, name: str, fresh: Any) -> Any:
        known = self.variables.setdefault(name, fresh)
        if known.sort() != fresh.sort():
            raise ConstructionError(f"need a variable to stay of one kind, got {known.sort()} and {fresh.sort()}, at {name!r}")
        return known

    def _check_arbitrary(self, label: str, state: Mapping[str, Number]) -> None:
        ids = {name: _variable(term) for name, term in state.items()}
        fixed = [name for name, id in ids.items() if id is None]
        if fixed or len(set(ids.values())) != len(ids):
            got = f"{state[fixed[0]]} for {fixed[0]!r}" if fixed else "one variable twice"
            raise ConstructionError(f"need different variables as the state of an induction, got {got}, at {label!r}")
        bound = {id for premise in (*self.premises, *self.lemmas) for id in _variables(premise)} & set(ids.values())
        if bound:
            name = next(name for name, id in ids.items() if id in bound)
            raise ConstructionError(f"need a state of which no premise speaks (say it in holds or given), got {name!r}, at {label!r}")

    def derivative(self, of: Callable[[Fragment], Number], fragment: Fragment, edge: Edge) -> Number:
        """A derivative is an identity: it belongs to sympy."""
        raise ConstructionError(f"need an obligation of kind 'identity' for a symbolic derivative, got a solver's, at edge {edge!r}")

    def _forward(self, fragment: Fragment, inputs: Mapping[str, Number], outside: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Run:
        return forward(fragment, inputs, outside=outside, pieces=pieces)

    def _backward(self, run: Run, seeds: Mapping[str, Number], pieces: Mapping[str, Piece]) -> Gradient:
        return backward(run, seeds, pieces=pieces, report_kinks=True)


def circuit_formulas(circuit: FlatCircuit, inputs: Sequence[Formula]) -> list[Formula]:
    """The values of all nodes of a circuit as formulas over those of its inputs."""
    values = list(inputs)
    for needs, literals in circuit.gates:
        operands = [negation(values[literal >> 1]) if literal & 1 else values[literal >> 1] for literal in literals]
        fixed = sum(operand is True for operand in operands)
        open_ = [operand for operand in operands if isinstance(operand, z3.BoolRef)]
        left = needs - fixed
        if left <= 0 or left > len(open_):
            values.append(left <= 0)
        elif left == len(open_) or left == 1:
            values.append(every(*open_) if left == len(open_) else some(*open_))
        else:
            values.append(z3.AtLeast(*open_, left))
    return values


def _variable(term: Number) -> int | None:
    """The id of a variable, also of an integer one as a real term; None for anything else."""
    inner = term.arg(0) if z3.is_app_of(term, z3.Z3_OP_TO_REAL) else term
    is_variable = isinstance(inner, z3.ArithRef) and z3.is_const(inner) and inner.decl().kind() == z3.Z3_OP_UNINTERPRETED
    return int(inner.get_id()) if is_variable else None


def _variables(formula: Formula) -> set[int]:
    """The ids of all variables in a formula."""
    found: set[int] = set()
    waiting, seen = [formula] if isinstance(formula, z3.ExprRef) else [], set()
    while waiting:
        term = waiting.pop()
        if term.get_id() not in seen:
            seen.add(term.get_id())
            found |= {term.get_id()} if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED else set()
            waiting.extend(term.children())
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What z3 said of one formula: ``sat`` with rational values, ``unsat`` or ``unknown``, and the budget spent."""

    said: str
    values: dict[str, Fraction]
    rlimit: int
    reason: str = ""


def solver_for(formula: Formula, obligation: Obligation, seconds: int = SECONDS) -> z3.Solver:
    """A solver in a fresh context, loaded with one formula and the budget."""
    context = z3.Context()
    solver = z3.SolverFor(obligation.logic, ctx=context) if obligation.logic else z3.Solver(ctx=context)
    solver.set("rlimit", obligation.budget)
    solver.set("timeout", seconds * 1000)
    solver.set("random_seed", 0)
    term = formula if isinstance(formula, z3.BoolRef) else z3.BoolVal(formula)
    solver.add(over_the_integers(term).translate(context))
    return solver


def ask(formula: Formula, variables: Mapping[str, z3.ExprRef], obligation: Obligation, seconds: int = SECONDS) -> Answer:
    """Ask whether a formula has a model, and for one in rationals."""
    solver = solver_for(formula, obligation, seconds)
    said = solver.check()
    spent = _spent(solver)
    if said == z3.unknown:
        return Answer("unknown", {}, spent, solver.reason_unknown())
    if said == z3.unsat:
        return Answer("unsat", {}, spent)
    values = _rational_model(solver, variables)
    if values is None:
        return Answer("unknown", {}, spent, "satisfiable, but no rational model was found")
    return Answer("sat", values, spent)


def _spent(solver: z3.Solver) -> int:
    return next((int(value) for key, value in solver.statistics() if key == "rlimit count"), 0)


def _rational_model(solver: z3.Solver, variables: Mapping[str, z3.ExprRef]) -> dict[str, Fraction] | None:
    """Rational values of all variables; an irrational coordinate is moved to a rational nearby and asked again."""
    context = solver.ctx
    for _ in range(len(variables) + 1):
        model = solver.model()
        values: dict[str, Fraction] = {}
        irrational: tuple[Any, Fraction] | None = None
        for name, variable in variables.items():
            value = model.eval(variable.translate(context), model_completion=True)
            if z3.is_bool(value):
                values[name] = Fraction(int(z3.is_true(value)))
            elif z3.is_algebraic_value(value):
                near = value.approx(6)
                irrational = (variable.translate(context), Fraction(near.numerator_as_long(), near.denominator_as_long()))
            elif z3.is_int_value(value):
                values[name] = Fraction(value.as_long())
            else:
                values[name] = Fraction(value.numerator_as_long(), value.denominator_as_long())
        if irrational is None:
            return values
        near_text = f"{irrational[1].numerator}/{irrational[1].denominator}"
        solver.add(irrational[0] == z3.RealVal(near_text, context))
        if solver.check() != z3.sat:
            return None
    return None


@dataclass(frozen=True, slots=True)
class FactResult:
    """One fact and what became of it."""

    label: str
    verdict: Verdict
    rlimit: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Discharge:
    """The outcome for one claim: verdict, facts, a witness that the premise can hold, a counterexample."""

    verdict: Verdict
    facts: tuple[FactResult, ...]
    witness: dict[str, Fraction]
    counterexample: dict[str, Fraction] | None = None
    failing: tuple[str, ...] = ()


def build(obligation: Obligation, of: Any) -> SolverCase:
    """State a claim about a subject with solver variables."""
    case = SolverCase()
    with strictly():
        obligation.claim(of(case), case)
    if not case.facts:
        raise ConstructionError(f"need at least one fact, got none, at obligation {obligation.id}")
    labels = [fact.label for fact in case.facts]
    twice = next((label for i, label in enumerate(labels) if label in labels[:i]), None)
    if twice is not None:
        raise ConstructionError(f"need facts with different labels, got {twice!r} twice, at obligation {obligation.id}")
    return case


def discharge(obligation: Obligation, of: Any, seconds: int = SECONDS) -> Discharge:
    """Prove every fact, or stop at the first counterexample, replayed."""
    case = build(obligation, of)
    results: list[FactResult] = []
    witness: dict[str, Fraction] = {}
    failing: dict[str, str] = {}
    possible: dict[z3.BoolRef | bool, Answer] = {}
    for fact in case.facts:
        reach = fact.given
        if reach not in possible:
            possible[reach], seen = _possible(fact, case, obligation, of, seconds)
            failing |= seen
            witness = witness or possible[reach].values
        if possible[reach].said != "sat":
            verdict = Verdict.VACUOUS if possible[reach].said == "unsat" else Verdict.UNKNOWN
            results.append(FactResult(fact.label, verdict, possible[reach].rlimit, possible[reach].reason or "the premise"))
            continue
        answer = ask(every(reach, negation(fact.conclusion)), case.variables, obligation, seconds)
        if answer.said == "sat":
            wrong = _confirm(fact, answer.values, obligation, of)
            results.append(FactResult(fact.label, Verdict.REFUTED, answer.rlimit))
            return Discharge(Verdict.REFUTED, tuple(results), witness, answer.values, tuple(wrong))
        if answer.said == "unsat" and fact.label in failing:
            raise DisagreementError(f"{obligation.id}: z3 proves '{fact.label}', the replay has it fail at {failing[fact.label]}")
        verdict = Verdict.PROVED if answer.said == "unsat" else Verdict.UNKNOWN
        results.append(FactResult(fact.label, verdict, answer.rlimit, "true as it is stated" if fact.conclusion is True else answer.reason))
    return Discharge(min(result.verdict for result in results), tuple(results), witness)


def _possible(fact: Fact, case: SolverCase, obligation: Obligation, of: Any, seconds: int) -> tuple[Answer, dict[str, str]]:
    """Whether a premise can hold; and the facts that the replay has fail where it does, for comparison with what is proved."""
    if fact.given is True:
        return Answer("sat", {}, 0), {}
    failing: dict[str, str] = {}
    answer = ask(fact.given, case.variables, obligation, seconds)
    if answer.said == "sat":
        seen = replay(obligation.claim, of, answer.values)
        if not seen.given(fact.label):
            raise DisagreementError(f"{obligation.id}: z3 finds '{fact.label}' given at {_words(answer.values)}, the replay does not")
        failing = dict.fromkeys(seen.failing(), _words(answer.values))
    return answer, failing


def _confirm(fact: Fact, values: Mapping[str, Fraction], obligation: Obligation, of: Any) -> list[str]:
    failing = replay(obligation.claim, of, values).failing()
    if fact.label not in failing:
        raise DisagreementError(f"{obligation.id}: z3 refutes '{fact.label}' at {_words(values)}, the replay does not")
    return failing


def _words(values: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())
