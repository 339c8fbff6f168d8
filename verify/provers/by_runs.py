"""Facts about moments that runs reach: which runs are looked at, and in which order.

That a state is reached is a premise of such a fact, and the property of the induction may be used of the state. If the
fact follows for every state, it holds at every moment of every run. If it does not, nothing is refuted yet: the state
in which it fails need not be reached by any run. So runs from the start are written out in terms, step by step, and
put in place of the moment: one after which the fact fails is a counterexample, with its inputs and its number of steps.
That what the fact presupposes can hold is shown by such a run, too, and by nothing less.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.evaluation import value_of
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation
from constructions.foundations.terms import Term, TruthTerm, formula
from constructions.foundations.traversal import variables
from verify.obligations.parts import Fact, Moment, steps_name
from verify.obligations.words import WORD_RULES
from verify.provers.asking import Asking, SolverAnswer
from verify.provers.by_induction import LONGEST, Walk, lifted, with_replaced

MOST_RUNS = 60
"""How many combinations of runs are looked at for a fact about several moments."""


@dataclass(frozen=True, slots=True)
class Runs:
    """A run for each of some moments.

    Parameters
    ----------
    lengths : how many steps each takes. by : what stands for the variables of the moments, and for "it is reached".
    conditions : what the runs presuppose.
    """

    moments: tuple[Moment, ...]
    lengths: tuple[int, ...]
    by: Mapping[Term, Any]
    conditions: Formula

    def at(self, formula: Formula) -> Formula:
        """A formula about the moments, said of the ends of the runs."""
        return with_replaced(formula, self.by)

    def ask(self, asking: Asking, formula: Formula, values: Mapping[str, Number] | None = None) -> SolverAnswer:
        """Whether a formula can hold at the ends of the runs, where variables have these values if any are given; if
        so, with the runs among the values. ``asking`` puts the question to z3."""
        answer = asking.ask(looked_at(every(self.conditions, self.at(formula)), values or {}))
        if answer.status != "sat":
            return answer
        values = dict(answer.values)
        for moment, length in zip(self.moments, self.lengths, strict=True):
            values[steps_name(moment.label)] = Fraction(length)
            values |= {
                term.data[0]: Fraction(value_of(self.by[term], answer.values, WORD_RULES))
                for term in moment.state.values()
            }
        return SolverAnswer("sat", values, answer.effort)


def runs_to(moments: tuple[Moment, ...], values: Mapping[str, Number] | None = None) -> Iterator[Runs]:
    """Runs to some moments, shorter ones first; only those that have as many steps as ``values`` say, if these say
    anything of them.

    >>> from constructions.foundations.terms import REAL, TRUTH, variable
    >>> from verify.obligations.parts import Induction
    >>> c, there = variable("c", REAL), variable("there", TRUTH)
    >>> counts = Induction(
    ...     label="counts", state={"c": c}, start={"c": 0}, after={"c": c + 2}, holds=c >= 0, given=True, premises=True,
    ...     inputs={}, declared=True)
    >>> ends = runs_to((Moment("counts reached", counts, {"c": c}, there),))
    >>> [next(ends).at(c == 6) for _ in range(5)]
    [0 == 6, 0 + 2 == 6, 0 + 2 + 2 == 6, 0 + 2 + 2 + 2 == 6, 0 + 2 + 2 + 2 + 2 == 6]

    >>> from types import SimpleNamespace
    >>> asking = Asking.of({}, SimpleNamespace(logic=None, budget=1_000_000))
    >>> ends = runs_to((Moment("counts reached", counts, {"c": c}, there),))
    >>> [next(ends).ask(asking, c == 4).status for _ in range(3)]  # 4 is reached by two steps
    ['unsat', 'unsat', 'sat']
    """
    walks = [_WrittenOut(moment) for moment in moments]
    said = [(values or {}).get(steps_name(moment.label)) for moment in moments]
    possible = (range(LONGEST + 1) if steps is None else (int(steps),) for steps in said)
    lengths = sorted(product(*possible), key=lambda each: (sum(each), each))
    for each in lengths[:MOST_RUNS]:
        ends = [walk.after(length) for walk, length in zip(walks, each, strict=True)]
        by: dict[Term, Any] = {}
        conditions: list[Formula] = []
        for moment, (state, condition) in zip(moments, ends, strict=True):  # a later run may rest on an earlier moment
            conditions.append(with_replaced(condition, by))
            new = {term: with_replaced(state[name], by) for name, term in moment.state.items()}
            by |= new | ({moment.reached: True} if isinstance(moment.reached, Term) else {})
        yield Runs(moments, each, by, every(*conditions))


def looked_at(question: Formula, values: Mapping[str, Number]) -> Formula:
    """A question about some values of its variables.

    >>> from constructions.foundations.terms import REAL, variable
    >>> looked_at(variable("x", REAL) > variable("y", REAL), {"x": 1, "z": 2})
    x == 1 and x > y
    """
    if not values:
        return question
    there = variables(formula(question))
    named = ((term, values[name]) for name, term in there.items() if name in values)
    has = (
        (term if value else negation(term)) if isinstance(term, TruthTerm) else term == value for term, value in named
    )
    return every(*has, question)


def point_for(asking: Asking, fact: Fact, looks: Sequence[Mapping[str, Number]]) -> SolverAnswer:
    """A point at which what a fact presupposes holds; of moments, at the end of some run.

    Parameters
    ----------
    asking : puts the questions to z3. looks : values at which it is looked first; what is found nowhere among them is
        asked of all values.

    >>> from types import SimpleNamespace
    >>> from constructions.foundations.terms import REAL, variable
    >>> x, asking = variable("x", REAL), Asking.of({}, SimpleNamespace(logic=None, budget=1_000_000))
    >>> [point_for(asking, Fact("small", x < 9, x > 2), looks).values["x"] for looks in ([{"x": 5}], [{"x": 1}])]
    [Fraction(5, 1), Fraction(3, 1)]
    """
    for values in looks:
        found = _point_among(asking, fact, values)
        if found.status == "sat":
            return found
    answer = asking.ask(formula(fact.given))
    return _point_among(asking, fact, {}) if answer.status == "sat" and fact.moments else answer


def _point_among(asking: Asking, fact: Fact, values: Mapping[str, Number]) -> SolverAnswer:
    """A point among those at which variables have some values."""
    if not fact.moments:
        return asking.ask(looked_at(fact.given, values))
    effort = 0
    for runs in runs_to(fact.moments, values):
        found = runs.ask(asking, fact.given, values)
        if found.status == "sat":
            return found
        effort += found.effort
    return SolverAnswer("unknown", {}, effort, f"no run of at most {LONGEST} steps comes to such a moment")


class _WrittenOut:
    """The runs to a moment, each written out when it is first asked for: a long one costs much, and short ones do."""

    def __init__(self, moment: Moment) -> None:
        start = {name: lifted(value) for name, value in moment.induction.start.items()}
        self._walk = Walk(moment.induction, start, renew=True, prefix=f"{moment.label}: ")
        self._found: list[tuple[dict[str, Any], Formula]] = []

    def after(self, steps: int) -> tuple[dict[str, Any], Formula]:
        """The state after so many steps, with what the run presupposes."""
        while len(self._found) <= steps:
            if self._found:
                self._walk.step()
            self._found.append((dict(self._walk.state), every(self._walk.premises, self._walk.taken)))
        return self._found[steps]
