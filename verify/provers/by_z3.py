"""The solver: each fact of a claim for all values of its variables, by z3.

Every fact is asked in a context of its own (fixed seed, rlimit as the budget, seconds of the processor as the
backstop): premise and negated fact. Unsatisfiable proves it; a model is turned into rationals, in which the terms
themselves and then the claim are evaluated again; anything else is UNKNOWN. A step of an induction that fails somewhere
is settled by ``by_induction``.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import defined
from constructions.foundations.logic import Formula, every, negation
from constructions.foundations.rendering import render
from constructions.foundations.terms import Term, TruthTerm, formula
from constructions.foundations.traversal import applications, variables
from verify.obligations.inductions import REACHED
from verify.obligations.obligation import Obligation
from verify.obligations.parts import LABEL, Fact, asked_about, kinds_of, steps_name
from verify.obligations.use import FalseInstanceError
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers.asking import Asking, SolverAnswer, words
from verify.provers.by_induction import LONGEST, settle
from verify.provers.by_runs import looked_at, point_for, runs_to
from verify.provers.listening import hand_over
from verify.provers.outcome import SECONDS, Examination, FactFinding, departure_in, principles_in, uses_in
from verify.provers.stated_case import StatedCase
from verify.provers.stating import state
from verify.replay.witness import ReplayCase, replay_of


class SolverCase(StatedCase):
    """A case whose facts go to z3."""


def build(obligation: Obligation, of: Any) -> SolverCase:
    """State an obligation's claim about the subject that ``of`` builds, with variables.

    Raises
    ------
    ConstructionError
        If it states no fact, two of one name, or variables that are not right.
    """
    case = SolverCase(obligation.known, obligation.id)
    state(obligation, of, case)
    if not case.facts:
        raise ConstructionError(f"need at least one fact, got none, at obligation {obligation.id}")
    labels = [fact.label for fact in case.facts]
    twice = next((label for i, label in enumerate(labels) if label in labels[:i]), None)
    if twice is not None:
        raise ConstructionError(f"need facts with different labels, got {twice!r} twice, at obligation {obligation.id}")
    _check_variables(case, obligation)
    return case


def _check_variables(case: SolverCase, obligation: Obligation) -> None:
    """Refuse a variable that the claim did not ask for, which no witness reaches, and names that the witness of a
    run needs."""
    stated = [part for fact in case.facts for part in (fact.given, fact.conclusion) if isinstance(part, Term)]
    other = next((name for name, term in variables(*stated).items() if case.variables.get(name) is not term), None)
    strange = [
        part.data[0] for part in applications(*stated) if part.data[0] not in {*case.functions, *case.predicates}
    ]
    other = other or next(iter(strange), None)
    if other is not None:
        raise ConstructionError(
            f"need variables that are asked of the case, got another {other!r}, at obligation {obligation.id}"
        )
    records = [fact.induction for fact in case.facts if fact.induction is not None]
    inputs = {name for record in records for name in record.inputs} | set(case.variables if records else ())
    lengths = {steps_name(record.label) for record in records} | {steps_name(moment.label) for moment in case.moments}
    for name in case.variables:
        head, at, step = name.rpartition("@")
        if name in lengths or (at and step.isdecimal() and head in inputs):
            raise ConstructionError(
                f"need another name, got the variable {name!r}, which a run would need, at obligation {obligation.id}"
            )


def discharge(obligation: Obligation, of: Any, seconds: int = SECONDS) -> Examination:
    """Prove every fact, or stop at the first counterexample, replayed.

    Parameters
    ----------
    obligation : its claim states the facts. of : builds the subject. seconds : for each question to the solver.

    Raises
    ------
    ConstructionError for a claim that cannot be stated, or says nothing where a divisor is 0. DisagreementError if the
    replay and the solver disagree.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> [fact.conclusion for fact in build(square, square.of).facts]
    [x*x >= 0]
    >>> discharge(square, square.of).verdict.name, discharge(square, square.twin).failing
    ('PROVED', ('square',))
    """
    return _Discharging(obligation, of, seconds).all_facts()


def failing(obligation: Obligation, of: Any, wanted: Collection[str], seconds: int = SECONDS) -> Iterator[str]:
    """The labels of the ``wanted`` facts that fail about the subject that ``of`` builds, each at a counterexample that
    was replayed; the others are asked after one has failed, too. Each question may take so many ``seconds``.

    >>> def is_between(least, case):
    ...     "A square is at least 0, and so is its double."
    ...     x = case.real("x")
    ...     case.show("square", x * x >= least)
    ...     case.show("double", 2 * x * x >= 2 * least)
    ...     case.show("negative", -x * x <= 0)
    >>> square = Obligation(id="square", paper="mine", claim=is_between, of=lambda case: 0, twin=lambda case: 1)
    >>> list(failing(square, square.twin, ["square", "double", "negative"]))
    ['square', 'double']
    """
    asked, seen = _Discharging(obligation, of, seconds), set[str]()
    for fact in asked.case.facts:
        if fact.label in wanted and fact.label not in seen:
            found = asked.finding_of(fact)
            fresh = [label for label in found.failing if label not in seen] if isinstance(found, Examination) else []
            seen.update(fresh)
            yield from (label for label in fresh if label in wanted)


def speaks_of_runs(fact: Fact) -> bool:
    """Whether a fact says that a state is reached: values of variables alone do not tell."""
    parts = [part for part in (fact.given, fact.conclusion) if isinstance(part, Term)]
    return any(part.data[0].startswith(REACHED) for part in applications(*parts))


class _Discharging:
    """The facts of one claim, one after the other."""

    def __init__(self, obligation: Obligation, of: Any, seconds: int) -> None:
        self.obligation, self.of = obligation, of
        self.case = build(obligation, of)
        hand_over(self.case)
        self.asking = Asking.of(self.case.variables, obligation, seconds)
        self.results: list[FactFinding] = []
        self.witness: dict[str, Fraction] = {}
        self.failing: dict[str, str] = {}
        self.steps = {fact.label for fact in self.case.facts if fact.induction is not None}
        self.of_runs = {fact.label for fact in self.case.facts if speaks_of_runs(fact)}
        self.possible: dict[Term, SolverAnswer] = {}
        self.valued: dict[tuple[Term, Term], SolverAnswer] = {}

    def all_facts(self) -> Examination:
        """Examine the facts until one is refuted."""
        for fact in self.case.facts:
            found = self.finding_of(fact)
            if isinstance(found, Examination):
                return found
            self.results.append(found)
        self._spot_check()
        return Examination(
            verdict=min(fact.verdict for fact in self.results),
            facts=tuple(self.results),
            witness=self.witness,
            uses=uses_in(self.case),
            principles=principles_in(self.case),
        )

    def _spot_check(self) -> None:
        """Replay what was proved at a few points: what a claim takes from Python (a set of terms, say) is seen only
        there.

        A step of an induction may fail at a moment that no run reaches.
        """
        proved = {result.label for result in self.results if result.verdict is Verdict.PROVED}
        proved -= self.steps | self.of_runs
        plain = {fact.label for fact in self.case.facts if fact.conclusion is True}
        for value in (Fraction(0), Fraction(1)):
            point = dict.fromkeys(self.case.variables, value)
            try:
                failing = replay_of(self.obligation, self.of, point).failing()
            except FalseInstanceError:
                raise
            except Exception:  # a point at which the claim says nothing, or its subject cannot be built
                continue
            odd = next((label for label in failing if label in proved), None)
            if odd in plain:
                got = f"{odd!r}, which is plainly true of terms and fails with all variables {value}"
                where = f"at obligation {self.obligation.id}"
                raise ConstructionError(f"need facts that say the same of terms and of numbers, got {got}, {where}")
            if odd is not None:
                raise DisagreementError(
                    f"{self.obligation.id}: z3 proves '{odd}', the replay with all variables {value} does not"
                )

    def finding_of(self, fact: Fact) -> FactFinding | Examination:
        """What becomes of a fact; an examination that ends with it, if it is refuted."""
        reach = self._possible(fact)
        if reach.status != "sat":
            verdict = Verdict.VACUOUS if reach.status == "unsat" else Verdict.UNKNOWN
            return FactFinding(fact.label, verdict, reach.effort, reach.reason)
        answer = self._asked(fact)
        if answer.status == "sat" and fact.induction is not None:
            return self._finding_of_step(fact, answer)
        if answer.status == "sat" and fact.moments:
            return self._at_moments(fact, answer)
        if answer.status == "sat":
            return self._refuted(fact.label, answer)
        if answer.status == "unsat" and fact.label in self.failing:
            where = self.failing[fact.label]
            raise DisagreementError(
                f"{self.obligation.id}: z3 proves '{fact.label}', the replay has it fail at {where}"
            )
        if answer.status == "unsat":
            reason = "by arithmetic alone: no variable is left in it" if fact.conclusion is True else answer.reason
            return self._with_a_value(fact, FactFinding(fact.label, Verdict.PROVED, answer.effort, reason))
        return FactFinding(fact.label, Verdict.UNKNOWN, answer.effort, answer.reason)

    def _asked(self, fact: Fact) -> SolverAnswer:
        """The answer about a fact; about a step that is divided into kinds, what those about each kind give together: a
        state in which one fails, else one that is unknown."""
        parts = asked_about(fact)
        answers = [self._failing_point(every(part.given, negation(part.conclusion))) for part in parts]
        effort = sum(answer.effort for answer in answers)
        if len(parts) == 1:
            return answers[0]
        self._check_kinds(parts[-1], answers[-1])
        named = [(part.label, answer) for part, answer in zip(parts, answers, strict=True)]
        for status in ("sat", "unknown"):
            for label, answer in named:
                if answer.status == status:
                    return replace(answer, effort=effort, reason=f"{label}: {answer.reason}")
        return SolverAnswer("unsat", {}, effort, f"by {len(parts) - 1} kinds of steps, and each step is of one of them")

    def _failing_point(self, question: Formula) -> SolverAnswer:
        """Whether a fact can fail; where that is unknown, it is looked where premises are said to hold."""
        answer = self.asking.ask(question)
        if answer.status != "unknown":
            return answer
        there = (self.asking.ask(looked_at(question, values)) for values in self.case.looks)
        return next((found for found in there if found.status == "sat"), answer)

    def _check_kinds(self, some_kind: Fact, answer: SolverAnswer) -> None:
        """Refuse kinds that leave out a step."""
        if answer.status == "sat":
            got = f"{some_kind.label!r}, which fails at {words(answer.values)}"
            raise ConstructionError(
                f"need kinds of which every step is one, got {got}, at obligation {self.obligation.id}"
            )

    def _finding_of_step(self, fact: Fact, answer: SolverAnswer) -> FactFinding | Examination:
        """A step that fails somewhere: a run from the start that fails, a proof by k-induction, or neither."""
        assert fact.induction is not None
        settled = settle(fact.induction, self.asking, answer)
        if settled.run is not None:
            return self._refuted(fact.label, settled.run)
        if settled.proved:
            return self._with_a_value(fact, FactFinding(fact.label, Verdict.PROVED, settled.effort, settled.words))
        return FactFinding(fact.label, Verdict.UNKNOWN, settled.effort, settled.words)

    def _at_moments(self, fact: Fact, answer: SolverAnswer) -> FactFinding | Examination:
        """A fact about moments that fails in some state: runs from the start after which it fails, or nothing known."""
        for runs in runs_to(fact.moments):
            found = runs.ask(self.asking, every(fact.given, negation(fact.conclusion)))
            if found.status == "sat":
                return self._refuted(fact.label, found)
        states = [name for moment in fact.moments for name in (term.data[0] for term in moment.state.values())]
        at = words({name: answer.values[name] for name in states if name in answer.values})
        reason = f"the property does not give it: it fails at {at}, which no run of at most {LONGEST} steps reaches"
        return FactFinding(fact.label, Verdict.UNKNOWN, answer.effort, reason)

    def _with_a_value(self, fact: Fact, proved: FactFinding) -> FactFinding:
        """What was proved, if no quotient by 0 is in it: for the solver such a quotient is any number, for us it is
        none."""
        everywhere = defined(fact.conclusion)
        if everywhere is True:
            return proved
        question = every(fact.given, negation(everywhere))
        if question is False:
            return proved
        key = (formula(fact.given), formula(everywhere))
        if key not in self.valued:
            self.valued[key] = self.asking.ask(question)
        answer = self.valued[key]
        if answer.status == "sat":
            got = f"a quotient by 0 in {fact.label!r} at {words(answer.values)}"
            raise ConstructionError(
                f"need a fact that says what holds where a divisor is 0, got {got}, at obligation {self.obligation.id}"
            )
        if answer.status == "unknown":
            return FactFinding(
                fact.label, Verdict.UNKNOWN, answer.effort, f"whether a divisor can be 0: {answer.reason}"
            )
        return proved

    def _replayed(self, answer: SolverAnswer) -> ReplayCase:
        """The claim at the solver's values; there every claim that it uses holds, as the solver was told so."""
        try:
            return replay_of(self.obligation, self.of, answer.values)
        except FalseInstanceError as error:
            raise DisagreementError(f"{self.obligation.id}: z3 was told what the replay denies: {error}") from error

    def _refuted(self, label: str, answer: SolverAnswer) -> Examination:
        seen = self._replayed(answer)
        failing = seen.failing()
        if label not in failing:
            raise DisagreementError(
                f"{self.obligation.id}: z3 refutes '{label}' at {words(answer.values)}, the replay does not"
            )
        return Examination(
            verdict=Verdict.REFUTED,
            facts=(*self.results, FactFinding(label, Verdict.REFUTED, answer.effort)),
            witness=self.witness,
            counterexample=answer.values,
            failing=tuple(each for each in failing if each == label or each not in self.of_runs | self.steps),
            leaves=departure_in(seen),
            uses=uses_in(self.case),
            principles=principles_in(self.case),
        )

    def _possible(self, fact: Fact) -> SolverAnswer:
        """Whether what a fact presupposes can hold; if not, which premises cannot hold together."""
        reach = formula(fact.given)
        if reach not in self.possible:
            self.possible[reach] = self._reached(fact, reach)
        return self.possible[reach]

    def _reached(self, fact: Fact, reach: TruthTerm) -> SolverAnswer:
        if fact.given is True:
            return SolverAnswer("sat", {}, 0)
        answer = self._some_kind_can(fact) or point_for(self.asking, fact, self.case.looks)
        if answer.status == "unsat":
            return SolverAnswer("unsat", {}, answer.effort, self._impossible(reach))
        if answer.status == "unknown":
            return SolverAnswer("unknown", {}, answer.effort, f"whether the premises can hold: {answer.reason}")
        seen = self._replayed(answer)
        if not seen.given(fact.label):
            raise DisagreementError(
                f"{self.obligation.id}: z3 finds '{fact.label}' given at {words(answer.values)}, the replay does not"
            )
        self.failing |= dict.fromkeys((set(seen.failing()) - self.of_runs), words(answer.values))
        self.witness = self.witness or answer.values
        return answer

    def _some_kind_can(self, fact: Fact) -> SolverAnswer | None:
        """That some kind of step can be taken, if a step is divided into kinds and this is seen."""
        kinds = (self.asking.ask(kind.given) for kind in kinds_of(fact) if kind is not fact)
        return next((answer for answer in kinds if answer.status == "sat"), None)

    def _impossible(self, reach: TruthTerm) -> str:
        """The names of premises that cannot hold together."""
        parts = [part for part in reach.args if isinstance(part, TruthTerm)] if reach.op == "and" else [reach]
        named = {
            premise.formula: premise.label for premise in self.case.premises if isinstance(premise.formula, TruthTerm)
        }
        labels = [named.get(parts[i], render(parts[i], LABEL)) for i in self.asking.core(parts)]
        return f"the premises cannot hold together: {'; '.join(labels)}"
