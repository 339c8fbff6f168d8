"""Inductions whose step fails somewhere: what is asked then, and in which order.

A claim says of a property P that it holds in every state of every run. As an induction that is two facts: P holds at
the start (*base*), and if P holds in a state then it holds in the next one (*step*). The solver proves each by
itself, and then all is done. This module is for a step that fails in some state s.

That refutes nothing, for no run may ever reach s. With c' = c/2 + 1, and c in [0, 1] at the start, "0 <= c <= 2, or c
= 10" is true of every run, and its step fails at c = 10. Three things are asked in turn.

1. *Is there a run from the start, of at most ``LONGEST`` steps, after which P fails?* The run is written out in
   terms: its first state is the start, each further one is the step's expression with the state before it put in. If
   there is such a run, the claim is REFUTED, and the run is the witness: its start, its inputs step by step, and how
   many steps it takes.
2. *Does P in k states in a row imply P in the next, for k = 2 or 3, and does P hold in the first k states of every
   run?* This is k-induction. Take the first state of some run in which P fails. It is not among the first k, so P
   holds in the k states before it, so it holds in it: there is no such state. The claim is PROVED, and the reason
   names k.
   A step that looks back at earlier moments is left out here: it may look further back than the block.
3. *Else nothing is known*: UNKNOWN, "not inductive", with the state in which the step fails.

What a step reads besides the state is a *parameter*, which is the same all along, or an *input*, which is new in
every step. An input called x is called ``x@0``, ``x@1``, ... in the steps of a run. Where the claim does not say
which is which, each question is asked so that its answer is right both ways: the run of (1) keeps the variable the
same (a constant sequence is a sequence), and the proof of (2) takes a new one in each step (what holds for all
sequences holds for constant ones).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, some
from constructions.foundations.terms import Term, formula, number, variable
from constructions.foundations.traversal import substituted, variables
from verify.obligations.parts import Induction, earlier_state, input_name, steps_name
from verify.provers.asking import Asking, SolverAnswer, words

LONGEST = 12
MOST_BLOCK = 3


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a step: a run from the start that fails, a proof, or words for neither."""

    run: SolverAnswer | None
    proved: bool
    words: str
    effort: int = 0


def settle(induction: Induction, asking: Asking, failing: SolverAnswer) -> Settled:
    """Settle an induction whose step fails in the state that ``failing`` has. ``asking`` puts the questions to z3.

    >>> from types import SimpleNamespace
    >>> from fractions import Fraction
    >>> from constructions.foundations.terms import REAL
    >>> c = variable("c", REAL)
    >>> counts = Induction(
    ...     label="counts", state={"c": c}, start={"c": 0}, after={"c": c + 1}, holds=c <= 1, given=True, premises=True,
    ...     inputs={}, declared=True)
    >>> asking = Asking.of({"c": c}, SimpleNamespace(logic=None, budget=1_000_000))
    >>> found = settle(counts, asking, failing=SolverAnswer("sat", {"c": Fraction(1)}, 0))
    >>> found.proved, found.run.values["steps of counts"]
    (False, Fraction(2, 1))
    """
    run, searched = failing_run(induction, asking)
    if run is not None:
        return Settled(run, False, "", run.effort)
    for k in range(2, 2 if induction.earlier else MOST_BLOCK + 1):
        spent = in_blocks(induction, asking, k)
        if spent is not None:
            return Settled(None, True, f"by k-induction, k = {k}", spent)
    moment = words({name: failing.values[name] for name in _names(induction) if name in failing.values})
    return Settled(None, False, f"not inductive: the step fails at {moment}; {searched}", failing.effort)


def failing_run(induction: Induction, asking: Asking) -> tuple[SolverAnswer | None, str]:
    """A run from the start after which the property fails, the shortest; else how far was searched, in words."""
    walk = Walk(induction, {name: lifted(value) for name, value in induction.start.items()}, renew=induction.declared)
    for steps in range(LONGEST + 1):
        question = every(walk.premises, walk.taken, negation(walk.holds()))
        answer = asking.ask(question)
        if answer.status == "sat":
            values = {**answer.values, steps_name(induction.label): number(steps).data}
            return SolverAnswer("sat", values, answer.effort), ""
        if answer.status == "unknown":
            return None, f"whether a run of {steps} steps from the start reaches such a state: {answer.reason}"
        walk.step()
    return None, f"no run of at most {LONGEST} steps from the start fails"


def in_blocks(induction: Induction, asking: Asking, k: int) -> int | None:
    """The budget that a proof by k-induction took; None if there is no proof for this k. ``asking`` puts the questions
    to z3.

    >>> from types import SimpleNamespace
    >>> from constructions.foundations.terms import REAL
    >>> a, b = variable("a", REAL), variable("b", REAL)
    >>> swaps = Induction(
    ...     label="swaps", state={"a": a, "b": b}, start={"a": 0, "b": 2}, after={"a": b, "b": a}, holds=a <= 2,
    ...     given=True, premises=True, inputs={}, declared=True)
    >>> asking = Asking.of({"a": a, "b": b}, SimpleNamespace(logic=None, budget=1_000_000))
    >>> in_blocks(swaps, asking, 2) is not None
    True
    """
    spent = 0
    base = Walk(induction, {name: lifted(value) for name, value in induction.start.items()}, renew=True)
    block = Walk(induction, dict(induction.state), renew=True)
    holding: list[Formula] = []
    for _ in range(k):
        answer = asking.ask(every(base.premises, base.taken, negation(base.holds())))
        spent += answer.effort
        if answer.status != "unsat":
            return None
        base.step()
        holding.append(block.holds())
        block.step()
    question = every(block.premises, block.taken, *holding, negation(block.holds()))
    answer = asking.ask(question)
    return spent + answer.effort if answer.status == "unsat" else None


class Walk:
    """A run in terms: the state after some steps, and what was presupposed on the way.

    >>> from constructions.foundations.terms import REAL
    >>> c, x = variable("c", REAL), variable("x", REAL)
    >>> adds = Induction(
    ...     label="adds", state={"c": c}, start={"c": 0}, after={"c": c + x}, holds=c >= 0, given=True,
    ...     premises=x >= 0, inputs={"x": x}, declared=True)
    >>> walk = Walk(adds, {"c": 0}, renew=True)
    >>> for _ in range(2):
    ...     walk.step()
    >>> walk.state, walk.holds()
    ({'c': 0 + x@0 + x@1}, 0 + x@0 + x@1 >= 0)
    """

    def __init__(self, induction: Induction, state: dict[str, Any], *, renew: bool, prefix: str = "") -> None:
        self.induction, self.state, self.renew, self.prefix = induction, state, renew, prefix
        self.steps = 0
        self.past: list[dict[str, Any]] = []
        self.taken: Formula = True
        self.premises: Formula = induction.premises
        self._new = new_each_step(induction) if renew else {}

    def holds(self) -> Formula:
        """The property in the present state."""
        return with_replaced(self.induction.holds, self._of_state())

    def step(self) -> None:
        """Go on by one step, with inputs of its own."""
        by = self._of_state() | {term: self._renewed(name, term) for name, term in self._new.items()}
        self.past.append(self.state)
        self.taken = every(self.taken, *(self._came_before(group, by) for group in self.induction.earlier))
        self.premises = every(self.premises, with_replaced(self.induction.premises, by))
        self.taken = every(self.taken, with_replaced(self.induction.given, by))
        self.state = {name: with_replaced(value, by) for name, value in self.induction.after.items()}
        self.steps += 1

    def _came_before(self, group: str, by: Mapping[Term, Any]) -> Formula:
        """That what a step looks back at is a state of this run, the present one or one before it."""
        seen = {name: by[term] for name, term in earlier_state(self.induction.inputs, group).items()}
        return some(*(every(*(seen[name] == lifted(at[name]) for name in seen)) for at in self.past))

    def _of_state(self) -> dict[Term, Any]:
        return {term: self.state[name] for name, term in self.induction.state.items()}

    def _renewed(self, name: str, term: Term) -> Term:
        return variable(self.prefix + input_name(name, self.steps), term.data[1])  # type: ignore[no-any-return]


def new_each_step(induction: Induction) -> dict[str, Term]:
    """The variables that are new in each step: those declared, else all that neither the start nor the property
    reads.

    >>> from constructions.foundations.terms import REAL
    >>> c, x = variable("c", REAL), variable("x", REAL)
    >>> counts = Induction(
    ...     label="counts", state={"c": c}, start={"c": 0}, after={"c": c + x}, holds=c >= 0, given=True,
    ...     premises=x >= 0, inputs={}, declared=False)
    >>> new_each_step(counts)
    {'x': x}
    """
    if induction.declared:
        return dict(induction.inputs)
    fixed = {**_variables(induction.holds), **_variables(*induction.start.values())}
    read = _variables(induction.given, *induction.after.values(), induction.premises)
    own = {id(term) for term in induction.state.values()}
    return {name: term for name, term in read.items() if name not in fixed and id(term) not in own}


def _names(induction: Induction) -> list[str]:
    return list(
        _variables(*induction.state.values(), *induction.inputs.values(), induction.given, *induction.after.values())
    )


def _variables(*parts: Any) -> dict[str, Term]:
    return variables(*(part for part in parts if isinstance(part, Term)))


def lifted(value: Number | Formula) -> Term:
    """A number or a truth value as a term; a term is what it is.

    >>> lifted(True), lifted(2), lifted(lifted(2))
    (true, 2, 2)
    """
    return formula(value) if isinstance(value, bool) else value if isinstance(value, Term) else number(value)


def with_replaced(part: Any, by: Mapping[Term, Any]) -> Any:
    """A formula or number ``part`` with some variables replaced, as ``by`` says; what is no term is as it is.

    >>> from constructions.foundations.terms import REAL
    >>> x, y = variable("x", REAL), variable("y", REAL)
    >>> with_replaced(x + 1, {x: 2 * y}), with_replaced(True, {x: y})
    (2*y + 1, True)
    """
    return substituted([part], dict(by))[0] if isinstance(part, Term) else part
