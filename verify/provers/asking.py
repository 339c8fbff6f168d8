"""How z3 is asked: one formula in a context of its own, with a fixed seed, an rlimit as the budget and seconds of
the processor as the backstop.

Some questions in which numbers are multiplied take z3 a thousand times longer than the same ones in another order. So
such a question is attempted with small budgets, and one second at most, first: in the logic of polynomials, where z3
decides by cylindrical decomposition; from another seed; and last with the whole budget. Functions of which nothing is
known are in the way of the first. Where they are applied the question is attempted as it comes before that, and then it
is asked without them (``without_functions``), and believed only if that can hold, which is evaluated again at its
values. If the whole budget leaves it open, too, the attempts that their second has ended are made again with three
seconds: so what is settled does not hang on that second. Every attempt is z3's, is made in a context of its own, and
counts only if it settles the question. So whatever one attempt alone would settle is settled. The effort that is told
is that of all attempts.

What z3 answers, and with which effort, is thereby a function of the question and its options, but for those seconds. A
claim and its twin ask many questions alike (whether their premises can hold, say), so the last answers are remembered,
and a question that comes again in the same form is not asked again: one that cannot hold whoever asks, another one if
the same values are wanted. An answer that is unknown is never remembered.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from constructions.foundations.evaluation import UndefinedError, value_of
from constructions.foundations.functions import application_name
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import Formula, every
from constructions.foundations.processor_time import processor_limit
from constructions.foundations.terms import Term, TruthTerm, formula
from constructions.foundations.traversal import applications, variables
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import DisagreementError
from verify.obligations.words import WORD_RULES
from verify.provers.listening import tell
from verify.provers.outcome import SECONDS
from verify.provers.remembered import Remembered
from verify.provers.smt_logic import logic_of
from verify.provers.without_functions import WithoutFunctions, without_functions

with loaded_when_used(__name__):
    import z3

    from verify.provers import to_z3


@dataclass(frozen=True, slots=True)
class SolverAnswer:
    """What z3 answers to one question, whether a formula can hold.

    Parameters
    ----------
    status : ``sat`` (it can), ``unsat`` (it cannot) or ``unknown``. values : rationals for which it holds, if it can.
    effort : what the answer took, in units of z3's ``rlimit``.
    reason : why it is unknown, or what it rests on, in words.
    """

    status: Literal["sat", "unsat", "unknown"]
    values: dict[str, Fraction]
    effort: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask: the ``logic`` of which z3 is told, None if it is to find out itself; the seed, and the rlimit."""

    logic: str | None
    seed: int
    budget: int


REMEMBERED: Remembered[SolverAnswer] = Remembered(most=1024)
QUICK = Way(None, 0, 20_000)
OF_POLYNOMIALS = Way("QF_NRA", 0, 1_000_000)
"""What cannot hold in reals cannot hold in integers, and a number that is no integer is no value of an integer."""
ANEW = Way(None, 1, 500_000)
"""From some starts a question that is nearly always short takes a thousand times as long."""

SHORT = 1
"""The seconds of an attempt before the whole budget: decompositions of polynomials pass their budget by far. Of what
57 dear claims ask, no attempt that settled anything took more than half of it."""
LONGER = 3
"""Its seconds after the whole budget, if that has settled nothing."""
MOST_TERMS = 20_000
"""How many terms a translation has when another one is begun."""
TRANSLATIONS: "list[to_z3.ToZ3]" = []
"""The one in use, if there is one."""


def _translation() -> "to_z3.ToZ3":
    """A translation into a context in which nothing is asked, so that it may serve many claims, their twins and all
    their questions: each question is copied into a context of its own, and there nothing is left of others."""
    if not TRANSLATIONS or TRANSLATIONS[-1].size > MOST_TERMS:
        TRANSLATIONS[:] = [to_z3.ToZ3(z3.Context())]
    return TRANSLATIONS[-1]


@dataclass(frozen=True, slots=True)
class Asking:
    """How questions are asked: of which variables values are wanted beside those of the question, the obligation's
    budget and seconds, and ``to``, a translation that questions share.

    >>> from types import SimpleNamespace
    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> asking = Asking.of({"x": x}, SimpleNamespace(logic=None, budget=1_000_000))
    >>> asking.ask(every(x * x == x + 2, x > 0)).values
    {'x': Fraction(2, 1)}
    >>> asking.core([x > 0, x < 5, x < -1])  # the first and the third cannot hold together
    [0, 2]
    >>> str(asking.solver().check())  # nothing was asserted yet
    'sat'
    """

    variables: Mapping[str, Term]
    obligation: Obligation
    seconds: int
    to: "to_z3.ToZ3"

    @classmethod
    def of(cls, variables: Mapping[str, Term], obligation: Obligation, seconds: int = SECONDS) -> "Asking":
        """Questions with these variables; they serve an obligation, whose budget z3 has for each, and so many
        seconds."""
        return cls(variables, obligation, seconds, _translation())

    def solver(self, attempt: Way | None = None) -> "z3.Solver":
        """A solver in a fresh context, for an attempt, or with the whole budget."""
        how = attempt or self._whole
        context = z3.Context()
        solver = z3.SolverFor(how.logic, ctx=context) if how.logic else z3.Solver(ctx=context)
        solver.set("rlimit", how.budget)
        solver.set("random_seed", how.seed)
        return solver

    @property
    def _whole(self) -> Way:
        return Way(self.obligation.logic, 0, self.obligation.budget)

    def attempts(self, question: Formula) -> Iterator[Way]:
        """The ways in which a question is asked until one settles it.

        >>> from types import SimpleNamespace
        >>> from constructions.foundations.terms import REAL, variable
        >>> x, asking = variable("x", REAL), Asking.of({}, SimpleNamespace(logic=None, budget=2_000_000))
        >>> [attempt.logic for attempt in asking.attempts(x * x == 2)]
        ['QF_NRA', None, None]
        >>> [attempt.logic for attempt in asking.attempts(x + x == 2)]
        [None]
        """
        logic = self.obligation.logic or logic_of(formula(question))
        if "N" in logic:
            shorter = (*((QUICK,) if "UF" in logic else ()), OF_POLYNOMIALS, ANEW)
            yield from (each for each in shorter if each.budget < self.obligation.budget)
        yield self._whole

    def ask(self, question: Formula) -> SolverAnswer:
        """Ask whether a formula has a model, and for one in rationals; a question asked before has its answer. Whoever
        listens hears both.

        Raises
        ------
        DisagreementError
            If the terms themselves, evaluated at a model of z3's, say that it is none.
        """
        alone, options = (formula(question),), (self.obligation.logic, self.obligation.budget, self.seconds)
        terms = (*alone, *self.variables.values())
        answer = REMEMBERED.get(alone, ("unsat", *options)) or REMEMBERED.get(terms, options)
        if answer is None:
            answer = self._answer(question)
            if answer.status == "unsat":  # whatever the variables are of which values are wanted
                REMEMBERED.put(alone, ("unsat", *options), answer)
            elif answer.status == "sat":
                REMEMBERED.put(terms, options, answer)
        tell(question, answer.status)
        return replace(answer, values=dict(answer.values))

    def _answer(self, question: Formula) -> SolverAnswer:
        spent, stopped = 0, list[Way]()
        for attempt in self.attempts(question):
            last = attempt == self._whole
            answer, in_time = self._within(self.seconds if last else SHORT, question, attempt)
            spent += answer.effort
            if answer.status != "unknown":
                return replace(answer, effort=spent)
            stopped += [attempt] * (not last and not in_time)
        for attempt in stopped:
            later, _ = self._within(LONGER, question, attempt)
            spent += later.effort
            if later.status != "unknown":
                return replace(later, effort=spent)
        return replace(answer, effort=spent)

    def _within(self, most: int, question: Formula, attempt: Way) -> tuple[SolverAnswer, bool]:
        """What an attempt of at most so many seconds settles, and whether they were enough."""
        bare = without_functions(formula(question)) if attempt is OF_POLYNOMIALS else None
        solver = self.solver(attempt)
        with processor_limit(solver.ctx.interrupt, most) as over:
            answer = self._attempted(question, bare or WithoutFunctions(question, {}), solver)
        settled = answer.status == "sat" or (answer.status == "unsat" and bare is None)
        if settled or not over.is_set():
            return answer if settled else replace(answer, status="unknown"), True
        return replace(answer, status="unknown", reason=f"more than {most} s of the processor"), False

    def _attempted(self, question: Formula, asked: WithoutFunctions, solver: "z3.Solver") -> SolverAnswer:
        """What one solver says of a question, when it is ``asked`` it in some form."""
        solver.add(self.to.formula(asked.question).translate(solver.ctx))
        status = solver.check()
        spent = _spent(solver)
        if status == z3.unknown:
            return SolverAnswer("unknown", {}, spent, solver.reason_unknown())
        if status == z3.unsat:
            return SolverAnswer("unsat", {}, spent)
        wanted = {**self.variables, **variables(formula(question))}
        applied = dict(enumerate(applications(formula(question))))
        made: dict[str | int, Any] = {}
        for name, term in wanted.items():
            made[name] = self.to.term(term).translate(solver.ctx)
        for place, term in applied.items():
            made[place] = self.to.term(asked.places.get(term, term)).translate(solver.ctx)
        found = _rational_model(solver, made)
        values = None if found is None or _splits(found, wanted) else with_applications(found, applied)
        if values is None:
            return SolverAnswer("unknown", {}, spent, "satisfiable, but no rational model was found")
        self._check(question, values)
        return SolverAnswer("sat", values, spent)

    def core(self, parts: Sequence[TruthTerm]) -> list[int]:
        """The places of some formulas that cannot hold together, none of which can be left out as far as the solver
        sees."""
        kept = list(range(len(parts)))
        for i in range(len(parts)):
            fewer = [j for j in kept if j != i]
            if self.ask(every(*(parts[j] for j in fewer))).status == "unsat":
                kept = fewer
        return kept

    def _check(self, question: Formula, values: dict[str, Fraction]) -> None:
        """Evaluate the question itself in rationals: a translation that says something else is found here."""
        try:
            holds = value_of(question, values, WORD_RULES)
        except UndefinedError:
            return  # the solver may call a quotient by 0 what it likes; the replay of the claim refuses it
        if holds is not True:
            raise DisagreementError(
                f"{self.obligation.id}: z3 has a model of a formula that is false at {words(values)}"
            )


def with_applications(found: Mapping[str | int, Fraction], applied: Mapping[int, Term]) -> dict[str, Fraction]:
    """Values of variables, and those of functions under the names of their applications to numbers."""
    values = {name: value for name, value in found.items() if isinstance(name, str)}
    for place, part in applied.items():
        with suppress(UndefinedError):  # at a quotient by 0, which the replay refuses
            arguments = tuple(value_of(argument, values, WORD_RULES) for argument in part.args)
            values[application_name(part.data[0], arguments)] = found[place]
    return values


def _splits(values: Mapping[str | int, Fraction], variables: Mapping[str, Term]) -> bool:
    """Whether a variable that is an integer has another value, as it may where all numbers are taken for reals."""
    return any(values[name].denominator != 1 for name, term in variables.items() if term.integral)


def _spent(solver: "z3.Solver") -> int:
    return next((int(value) for key, value in solver.statistics() if key == "rlimit count"), 0)


def _rational_model(
    solver: "z3.Solver", variables: "Mapping[str | int, z3.ExprRef]"
) -> dict[str | int, Fraction] | None:
    """Rational values of all variables; an irrational coordinate is moved to a rational nearby and asked again."""
    for _ in range(len(variables) + 1):
        model = solver.model()
        values: dict[str | int, Fraction] = {}
        irrational: tuple[Any, Fraction] | None = None
        for name, variable in variables.items():
            value = model.eval(variable, model_completion=True)
            if z3.is_bool(value):
                values[name] = Fraction(int(z3.is_true(value)))
            elif z3.is_algebraic_value(value):
                near = value.approx(6)
                irrational = (variable, Fraction(near.numerator_as_long(), near.denominator_as_long()))
            else:
                value = z3.simplify(value)
                values[name] = Fraction(value.numerator_as_long(), value.denominator_as_long())
        if irrational is None:
            return values
        near_text = f"{irrational[1].numerator}/{irrational[1].denominator}"
        solver.add(irrational[0] == z3.RealVal(near_text, solver.ctx))
        if solver.check() != z3.sat:
            return None
    return None


def words(values: Mapping[str, Fraction]) -> str:
    """Values in a row, as messages give them.

    >>> words({"x": Fraction(1, 2), "y": Fraction(3)})
    'x=1/2, y=3'
    """
    return ", ".join(f"{name}={value}" for name, value in values.items())
