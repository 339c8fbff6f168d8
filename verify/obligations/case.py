"""A case: what a claim talks to. One claim function serves the solver, sympy, an enumeration and the exact replay.

A claim receives its subject (a graph, as a rule) and a case. It asks the case for variables, states premises with
``assume`` and facts with ``show``, and lets the case walk graphs with ``run`` and ``gradient``. A prover's case hands
out terms; the replay's case hands out the rationals of a witness and walks with code of its own.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.functions import Function
from constructions.foundations.logic import Formula, every, implies
from constructions.foundations.rendering import render
from constructions.foundations.terms import REAL, TRUTH, TruthTerm, number
from verify.obligations.inductions import (
    REACHED,
    Inductive,
    RunRule,
    check_induction,
    check_integers,
    check_property,
    other_parameters,
    parameters,
    predicate_name,
)
from verify.obligations.parts import LABEL, Fact, Induction, Moment, Premise, Scene, State, earlier_state
from verify.obligations.principles import MEANT
from verify.obligations.taking import Taking
from verify.obligations.use import Usable, Used, numbered


class Case(Taking):
    """The interface between a claim and whoever examines it.

    Parameters
    ----------
    known : the obligations that the claim may use, by id. user : the id of the claim's own obligation.

    >>> from fractions import Fraction
    >>> from verify.replay.witness import ReplayCase
    >>> case = ReplayCase({"x": Fraction(1, 2)})
    >>> x = case.real("x")
    >>> case.assume(x > 0)
    >>> case.show("half of it is less", x / 2 < x)
    >>> [(fact.label, fact.conclusion) for fact in case.facts]
    [('half of it is less', True)]
    >>> case.equal("two halves", x / 2 + x / 2, x)
    >>> case.facts[-1].conclusion
    True

    >>> from verify.provers.stated_case import StatedCase
    >>> case = StatedCase(user="mine")
    >>> n, f = case.integer("n"), case.function("f", 1)
    >>> case.assume(f(0) >= 0)
    >>> counts = case.induction(
    ...     "counts", state={"n": n}, start={"n": 0}, inputs={}, advance=lambda s: {"n": s["n"] + 1},
    ...     holds=lambda s: s["n"] >= 0)
    >>> [fact.label for fact in case.facts], case.reached(counts)
    (['counts: base', 'counts: step'], {'n': counts reached: n})
    >>> case.lemma("not negative", f(0) + 1 > 0)
    >>> case.lemmas, case.facts[-1].label
    ([f(0) + 1 > 0], 'not negative')
    """

    def __init__(self, known: Mapping[str, Usable] | None = None, user: str = "") -> None:
        self.known = {} if known is None else known
        self.user = user
        self.users: tuple[str, ...] = (user,)
        """The ids of the obligations whose claims are being stated, each used by the one before it."""
        self.premises: list[Premise] = []
        self.facts: list[Fact] = []
        self.lemmas: list[Formula] = []
        self.scenes: list[Scene] = []
        self.uses: list[Used] = []
        self.principles: list[Used] = []
        self.instances: list[Formula] = []
        self.grounds: list[Used | RunRule] = []
        self.values_of: dict[str, Any] = {}
        self.bound: Mapping[str, Any] = {}
        self.inductions: dict[str, Inductive] = {}
        self.moments: list[Moment] = []
        self.on_demand = False
        self.looks: list[Mapping[str, Number]] = []

    @abstractmethod
    def real(self, name: str) -> Number:
        """A real variable."""

    @abstractmethod
    def integer(self, name: str) -> Number:
        """An integer variable."""

    @abstractmethod
    def bit(self, name: str) -> Formula:
        """A truth value as a variable."""

    def function(
        self, name: str, arity: int, *, takes: Sequence[str] | None = None, gives: str = REAL
    ) -> Callable[..., Any]:
        """A function as a variable: of any ``arity`` numbers, unless ``takes`` names other kinds of arguments.

        Parameters
        ----------
        takes : the kind of each argument, ``real``, ``integer`` or ``truth``. gives : the kind of the values.

        Raises
        ------
        ConstructionError
            For another number of kinds than arguments, and for a name that begins as those of predicates and words do.
        """
        kinds = tuple(takes) if takes is not None else (REAL,) * arity
        if len(kinds) != arity:
            raise ConstructionError(f"need {arity} kinds of arguments, got {len(kinds)}, at {name!r}")
        if name.startswith((REACHED, MEANT)):
            raise ConstructionError(f"need a name that does not begin with {REACHED!r} or {MEANT!r}, got {name!r}")
        return self._function(Function(name, kinds, gives))

    def predicate(self, name: str, arity: int, *, takes: Sequence[str] | None = None) -> Callable[..., Any]:
        """A predicate as a variable: its ``name``, its ``arity`` and the kinds that it ``takes`` are those of
        :meth:`function`."""
        return self.function(name, arity, takes=takes, gives=TRUTH)

    @abstractmethod
    def _function(self, function: Function) -> Callable[..., Any]:
        """What stands for a function that is a variable."""

    def assume(self, *premises: Formula, label: str | None = None) -> None:
        """State what the facts from here on presuppose; ``label`` is how a report calls it (the formula itself, if
        none is given)."""
        for premise in premises:
            checked = every(premise)
            called = label or (render(premise, LABEL) if isinstance(premise, TruthTerm) else str(premise))
            self.premises.append(Premise(called, checked))

    def show(self, label: str, conclusion: Formula, *, given: Formula = True) -> None:
        """State a fact, the ``conclusion``, to be proved under what was assumed so far; ``label`` names it, ``given``
        is a premise of this fact alone."""
        self.facts.append(
            Fact(label, every(conclusion), self._given(given), None, self._under(given), tuple(self.moments))
        )

    def _given(self, *more: Formula) -> Formula:
        """What a fact may rest on: premises, and what follows from them or holds anyway."""
        return every(*(premise.formula for premise in self.premises), *self.instances, *self.lemmas, *more)

    def _under(self, *more: Formula) -> Formula:
        """What a fact presupposes, without what follows from it."""
        return every(*(premise.formula for premise in self.premises), *more)

    def lemma(self, label: str, conclusion: Formula) -> None:
        """State a fact, the ``conclusion``, called ``label``, to be proved, and use it for those that come after it."""
        self.show(label, conclusion)
        self.lemmas.append(every(conclusion))

    def equal(self, label: str, left: Any, right: Any) -> None:
        """State, as a fact called ``label``, that ``left`` and ``right``, two numbers or two truth values, are
        equal."""
        truths = (bool, TruthTerm)
        if isinstance(left, truths) and isinstance(right, truths):
            self.show(label, left == right)
            return
        for side in (left, right):
            number(side, where=repr(label))
        self.show(label, left == right)

    def induction(
        self,
        label: str,
        *,
        state: State,
        start: State,
        advance: Callable[[State], State],
        holds: Callable[[State], Formula],
        given: Callable[[State], Formula] = lambda state: True,
        inputs: State | None = None,
        earlier: Sequence[str] = (),
        fixed: Sequence[str] = (),
        kinds: Callable[[State], Mapping[str, Formula]] = lambda state: {},
    ) -> Inductive:
        """Form P(start) and P(state) => P(advance(state)) from the one function ``holds``.

        Parameters
        ----------
        state : variables of this case that stand for an arbitrary moment, so no premise may speak of them.
        given : says when a step is taken.
        inputs : variables that are new in every step, as the premises and lemmas so far allow; ``advance`` and
            ``given`` get state and inputs in one dictionary, and read them there. Every other variable is a parameter
            and stays the same (``inputs={}``: all). If nothing is said of inputs, a variable that only ``advance`` and
            ``given`` read may be either, and only what is right both ways counts.
        earlier : names of earlier moments of the same run at which a step looks back; ``advance`` and ``given`` find
            the state there with :func:`~verify.obligations.parts.earlier_state`, and the step may use the property of
            it, as in complete induction.
        fixed : labels of uses and moments whose new variables are meant to be the same in all steps, or such variables.
        kinds : divides the step: formulas by their names, read from what ``advance`` reads, of which one is true of
            every step that is taken. The step is then asked kind by kind, and it is asked whether each is of some kind.
        label : the name of the fact.

        Returns
        -------
        The property for the facts that come later: see :meth:`reached`.

        Raises
        ------
        ConstructionError
            For a step to another state, functions that read something else than what they get, and a variable that is
            new by a use or a moment, is no input, and is read by the step or tied by a premise to what is.

        A step that fails somewhere refutes nothing: the moment may never come. Only a run from the start does.
        """
        check_induction(label, state, start, inputs, earlier)
        inputs = self._looking_back(state, inputs, earlier)
        record = self._record(label, state, start, inputs, tuple(earlier), advance, holds, given, kinds)
        self._check_fixed(record, fixed)
        self.show(f"{label}: base", holds(dict(start)))
        known = (record.holds, *(holds(earlier_state(record.inputs, group)) for group in earlier))
        step = Fact(f"{label}: step", every(holds(dict(record.after))), self._given(record.given, *known), record)
        self.facts.append(step)
        return self._carried(record, advance, holds, given)

    def _looking_back(self, state: State, inputs: State | None, earlier: Sequence[str]) -> State | None:
        """The inputs of an induction, with those that stand for earlier moments."""
        if not earlier:
            return inputs
        back = {f"{group}: {name}": at for group in earlier for name, at in self._moment(group, state).items()}
        return {**(inputs or {}), **back}

    def _record(
        self,
        label: str,
        state: State,
        start: State,
        inputs: State | None,
        earlier: tuple[str, ...],
        advance: Any,
        holds: Any,
        given: Any,
        kinds: Any,
    ) -> Induction:
        """An induction in terms, after a look at what it reads."""
        moment = {**state, **(inputs or {})}
        after = advance(dict(moment))
        if set(after) != set(state):
            raise ConstructionError(f"need a step to the state {sorted(state)}, got {sorted(after)}, at {label!r}")
        check_integers(label, state, start, after)
        self._check_arbitrary(label, state, inputs or {})
        here, taken = holds(dict(state)), given(dict(moment))
        self._check_property(label, every(here), inputs or {})
        self._check_reading(
            label, moment, lambda at: [*advance(dict(at)).values(), given(dict(at)), holds({v: at[v] for v in state})]
        )
        return Induction(
            label=label,
            state=state,
            start=start,
            after=after,
            holds=every(here),
            given=every(taken),
            premises=self._given(),
            inputs=inputs or {},
            declared=inputs is not None,
            earlier=earlier,
            under=self._under(),
            kinds=dict(kinds(dict(moment))),
        )

    def _carried(self, record: Induction, advance: Any, holds: Any, given: Any) -> Inductive:
        """What an induction leaves for later facts."""
        called = {name: value for name, value in self.values_of.items() if callable(value)}
        moving, values = {**record.state, **record.inputs}, dict(self.values_of)
        name = predicate_name(self.user, record.label, called)
        found = Inductive(
            record=record,
            advance=advance,
            holds=holds,
            taken=given,
            reached=self._reaches(name, parameters(values, moving), record),
            states=self._take_rule,
            owner=self.user,
            values=self.values_of,
            elsewhere=lambda others: self._reaches(
                name, other_parameters(values, moving, others, f"{record.label!r} of {self.user}"), record
            ),
        )
        self.inductions[record.label] = found
        return found

    def reached(self, inductive: Inductive) -> State:
        """An arbitrary moment that a run of an induction reaches, after any number of steps.

        Parameters
        ----------
        inductive : what :meth:`induction` returned; it must have named its inputs.

        Returns
        -------
        New variables for the state, called ``LABEL reached: NAME``. That it is reached is a premise from here on, and
        the property of the induction may be used of it.

        Raises
        ------
        ConstructionError
            For an induction that does not name its inputs.
        """
        if not inductive.record.declared:
            raise ConstructionError(f"need an induction that names its inputs, got none named, at {inductive.label!r}")
        label = numbered(f"{inductive.label} reached", [moment.label for moment in self.moments])
        state = self._moment(label, dict(inductive.record.state))
        is_reached = every(inductive.reached(state))
        self.premises.append(Premise(label, is_reached))
        self._take_as_true(
            implies(is_reached, inductive.holds(dict(state))), RunRule("property", inductive, dict(state), {})
        )
        self.moments.append(Moment(label, inductive.record, state, is_reached))
        return dict(state)

    def look_at(self, values: Mapping[str, Number]) -> None:
        """Say where premises hold, for a prover that looks for a point at which they do: nothing rests on it, as the
        point that it finds is examined.

        Parameters
        ----------
        values : numbers for some variables, by name; of runs, for inputs (``LABEL: NAME@STEP``) and numbers of steps
            (``steps of LABEL``).
        """
        self.looks.append(dict(values))

    def takes_rules_on_demand(self) -> None:
        """Take along only those rules about runs that this claim states itself: a claim that is used and builds up a
        run in its own proof states rules about its own variables, too; they are true, and there are many."""
        self.on_demand = True

    def _take_rule(self, rule: Formula, ground: RunRule) -> None:
        """Take a rule about what is reached as true."""
        self._take_as_true(rule, ground)

    def _check_property(self, label: str, here: Formula, inputs: State) -> None:
        """Refuse a property that reads an input."""
        check_property(label, here, inputs)

    @abstractmethod
    def _reaches(self, name: str, fixed: tuple[Any, ...] | None, record: Induction) -> Callable[[State], Formula]:
        """The predicate that says which states a run reaches."""

    @abstractmethod
    def _moment(self, label: str, state: State) -> State:
        """The state at an arbitrary moment."""

    def _check_fixed(self, record: Induction, fixed: Sequence[str]) -> None:
        """Refuse what would be the same in all steps without a word; only a case with variables can tell."""

    @abstractmethod
    def _check_arbitrary(self, label: str, state: State, inputs: State) -> None:
        """Refuse a state that does not stand for an arbitrary moment; only a case with variables can tell."""

    @abstractmethod
    def _check_reading(self, label: str, moment: State, made: Callable[[State], list[Any]]) -> None:
        """Refuse functions of an induction that read a moment elsewhere than in what they get; only terms can tell."""
