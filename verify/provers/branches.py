"""Code that branches, run over terms: every way through it, each with the condition under which it is taken.

A construction may ask ``if a < b``. Over numbers Python knows the answer. Over terms it does not: ``a < b`` is a
formula, true for some values of the variables and false for others, and Python wants a truth value at once. To write
the function a second time, without branches, would be to prove something of the copy.

So the function is *run as it is, once for each way through it*. While it runs, a formula that is asked for its truth
value is answered here (:func:`constructions.foundations.terms.deciding`):

* what simplifies to true or false is answered so, and is no branch;
* a question to which both answers are possible after those given so far is answered with yes, and it is noted that
  the other answer is still open; whether an answer is possible is asked of z3, and if its budget runs out the answer
  counts as possible: too many ways cost time and nothing else;
* when the run ends, its answers are the condition of its way, and for each open question the function is run again,
  with the same answers up to there and the other one then.

:func:`ways` lists the conditions with what came out. Together the conditions cover all values, and no two hold
together, so "whichever way is taken, the value has this property" (:func:`on_every_way`) and "the value, as one term
with cases" (:func:`own`) say what they should. Over numbers there is one way, whose condition is true.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property
from types import CodeType, FunctionType
from typing import Any, TypeVar

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, is_symbolic
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import Formula, every, implies, negation, select
from constructions.foundations.terms import TruthTerm, deciding, floor, number
from verify.provers.listening import tell
from verify.provers.remembered import Remembered

with loaded_when_used(__name__):
    import z3

    from verify.provers import to_z3

T = TypeVar("T")
MOST_WAYS = 4096
BUDGET = 200_000
"""z3's rlimit for each question whether a way can be taken at all; if it runs out, the way is followed."""


PLAIN: Remembered[tuple[bool | None]] = Remembered(most=4096)
"""What questions simplify to. A claim is stated many times over the same terms: by itself, its twin and its users."""
POSSIBLE: Remembered[str] = Remembered(most=4096)
"""Which formulas can hold together, ``sat`` or ``unsat``."""


class _Questions:
    """One solver for all questions about a function; each is asked in a scope of its own, and if that does not settle
    it, of a solver of its own. What was settled before, about whatever function, is remembered."""

    @cached_property
    def to(self) -> "to_z3.ToZ3":
        """The translation of all questions."""
        return to_z3.ToZ3(z3.Context())

    @cached_property
    def solver(self) -> "z3.Solver":
        """The solver for all questions."""
        return self._solver()

    def _solver(self) -> "z3.Solver":
        solver = z3.Solver(ctx=self.to.context)
        solver.set("rlimit", BUDGET)
        return solver

    def settled(self, question: TruthTerm) -> bool | None:
        """What a question simplifies to; None if that is neither true nor false."""
        known = PLAIN.get([question])
        if known is None:
            plain = z3.simplify(self.to.formula(question))
            known = (bool(z3.is_true(plain)) if z3.is_true(plain) or z3.is_false(plain) else None,)
            PLAIN.put([question], (), known)
        return known[0]

    def can(self, parts: Sequence[TruthTerm]) -> bool:
        """Whether formulas can hold together, as far as the solver sees."""
        found = POSSIBLE.get(parts) or self._asked(parts)
        if found != "unknown":
            POSSIBLE.put(parts, (), found)
        tell(every(*parts), found)
        return found != "unsat"

    def _asked(self, parts: Sequence[TruthTerm]) -> str:
        """What the solver says."""
        asked = [self.to.formula(part) for part in parts]
        self.solver.push()
        self.solver.add(*asked)
        found = self.solver.check()
        self.solver.pop()
        if found == z3.unknown:
            alone = self._solver()
            alone.add(*asked)
            found = alone.check()
        return str(found)


@dataclass
class _Run:
    """One run: the answers to give first, those given (and whether the other answer is open too), and what they say.

    ``questions`` makes the solver of all runs of a function when the first question is asked: over numbers none is.
    """

    given: list[bool]
    questions: Callable[[], _Questions]
    answers: list[tuple[bool, bool]] = field(default_factory=list)
    path: list[TruthTerm] = field(default_factory=list)

    def decide(self, question: TruthTerm) -> bool:
        """The answer to a question in this run."""
        asked = self.questions()
        settled = asked.settled(question)
        if settled is not None:
            return settled
        if len(self.answers) < len(self.given):
            answer, other = self.given[len(self.answers)], False
        else:
            answer = asked.can([*self.path, question])
            other = answer and asked.can([*self.path, negation(question)])
        self.answers.append((answer, other))
        self.path.append(question if answer else negation(question))
        return answer


def floor_of_quotient(above: Number, below: Number) -> Number:
    """The greatest integer that is not above a quotient."""
    return floor(number(above) / number(below))


def ways(run: Callable[[], T]) -> list[tuple[Formula, T]]:
    """Every way through some code: the condition and what comes out.

    Raises
    ------
    ConstructionError if there are too many.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> [(str(condition), str(found)) for condition, found in ways(lambda: max(x, 0))]
    [('x < 0', '0'), ('not (x < 0)', 'x')]
    >>> ways(lambda: max(Fraction(3), 0))
    [(True, Fraction(3, 1))]
    """
    found: list[tuple[Formula, T]] = []
    waiting: list[list[bool]] = [[]]
    questions = cache(_Questions)
    while waiting:
        state = _Run(waiting.pop(), questions)
        with deciding(state.decide):
            value = run()
        found.append((every(*state.path), value))
        for i in range(len(state.answers) - 1, len(state.given) - 1, -1):
            answer, other = state.answers[i]
            if other:
                waiting.append([*(a for a, _ in state.answers[:i]), not answer])
        if len(found) + len(waiting) > MOST_WAYS:
            raise ConstructionError(f"need at most {MOST_WAYS} ways through a function, got more")
    return found


def on_every_way(run: Callable[[], T], holds: Callable[[T], Formula]) -> Formula:
    """What holds of the value that ``run`` returns, whichever way is taken.

    >>> on_every_way(lambda: abs(Fraction(-2)), lambda value: value >= 0)
    True
    """
    return every(*(implies(condition, holds(value)) for condition, value in ways(run)))


def own(run: Callable[[], tuple[Number, ...]]) -> tuple[Number, ...]:
    """A row of numbers that some code returns, as terms.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> own(lambda: (abs(x), min(x, 2)))[1]
    if(x > 2, 2, x)
    """
    found = ways(run)
    values = found[-1][1]
    for condition, row in reversed(found[:-1]):
        values = tuple(select(condition, yes, no) for yes, no in zip(row, values, strict=True))
    return values


def with_names(function: Callable[..., T], **names: Any) -> Callable[..., T]:
    """A function's own code in which some global names stand for something else (``Fraction`` for a quotient of terms).

    Raises
    ------
    ConstructionError
        For no function of Python, or a name that it does not use.

    >>> with_names(own, ways=lambda run: [(True, run)])((1, 2))
    (1, 2)
    """
    plain = getattr(function, "py_func", function)
    if not isinstance(plain, FunctionType) or not set(names) <= _global_names(plain.__code__):
        raise ConstructionError(f"need a function that uses {', '.join(names)}, got {function!r}")
    globals_: Mapping[str, Any] = {**plain.__globals__, **names}
    return FunctionType(plain.__code__, dict(globals_), plain.__name__, plain.__defaults__, plain.__closure__)


def _global_names(code: CodeType) -> set[str]:
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*map(_global_names, inner))


def quotient(above: Number = 0, below: Number = 1) -> Number:
    """What stands for ``Fraction`` over terms: ``above`` divided by ``below``.

    >>> from constructions.foundations.terms import REAL, variable
    >>> quotient(1, variable("rho", REAL)), quotient(1, 3)
    (1/rho, Fraction(1, 3))
    """
    return Fraction(above) / below if isinstance(above, int) else above / below


@dataclass(frozen=True, slots=True)
class Power:
    """Places of which only the power of two is known: ``1 << places`` is that power, ``n >> places`` the floor of a
    quotient. It is true if there are ``some`` places."""

    power: Number
    some: bool = True

    def __bool__(self) -> bool:
        return self.some

    def __rlshift__(self, one: int) -> Number:
        return one * self.power

    def __rrshift__(self, value: Number) -> Number:
        return (
            floor_of_quotient(value, self.power)
            if is_symbolic(value) or is_symbolic(self.power)
            else value // self.power
        )
