"""How the facts of a claim were shown: grounds, inductions and questions, as plain values for a proof file."""

from collections.abc import Mapping
from typing import Any

from constructions.foundations.evaluation import defined
from constructions.foundations.functions import Function
from constructions.foundations.logic import every, negation
from constructions.foundations.terms import APPLY, Term, TruthTerm, formula, node, variable
from constructions.foundations.traversal import applications, variables
from verify.obligations.inductions import RunRule
from verify.obligations.obligation import Obligation
from verify.obligations.parts import Induction, asked_about, earlier_state, input_name
from verify.obligations.use import Used
from verify.proofs.noting import LEMMA, PREMISE, NotedGround, NotedInduction, NotingCase, noted
from verify.proofs.points import Points
from verify.proofs.substituting import instances, lifted_as
from verify.proofs.table import TermTable, all_of, any_of, implied, nowhere, question
from verify.provers.asking import Asking
from verify.provers.by_induction import MOST_BLOCK, in_blocks, new_each_step
from verify.provers.outcome import SECONDS
from verify.store.content import Statement, content_of
from verify.store.rules import Store


class Derivations:
    """Writes derivations; ``table`` takes their terms. What is used is known by ``cases``, one for each claim."""

    def __init__(self, table: TermTable, known: Mapping[str, Obligation], seconds: int = SECONDS) -> None:
        self.table, self.known, self.seconds = table, known, seconds
        self.cases: dict[str, NotingCase] = {}
        self.principles: dict[str, Statement] = {}

    def case(self, obligation: Obligation) -> NotingCase:
        """A claim as it was stated, once.

        >>> def is_no_less(least, case):
        ...     "A square is at least 0."
        ...     case.show("square", case.real("x") ** 2 >= least)
        >>> made = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
        >>> derivations = Derivations(TermTable(), {})
        >>> derivations.case(made).facts[0].conclusion, derivations.case(made) is derivations.case(made)
        (x*x >= 0, True)
        """
        if obligation.id not in self.cases:
            self.cases[obligation.id] = noted(obligation)
        return self.cases[obligation.id]

    def of(self, obligation: Obligation) -> dict[str, Any]:
        """The derivation of the facts of a claim of the solver or by induction.

        >>> def is_no_less(least, case):
        ...     "A square is at least 0."
        ...     case.show("square", case.real("x") ** 2 >= least)
        >>> made = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
        >>> found = Derivations(TermTable(), {}).of(made)
        >>> found["grounds"], found["facts"][0]["question"].splitlines()[-2]
        ([], '(assert (not (>= (* x x) 0.0)))')
        """
        case = self.case(obligation)
        grounds = case.noted()
        terms = [formula(ground.formula) for ground in grounds]
        points = Points(case.variables, obligation, self.seconds, case.looks)
        numbers = [i for i, fact in enumerate(case.facts) if fact.induction is None]
        made = []
        for ground in grounds:
            made.append(self._ground(ground, obligation, numbers))
        return {
            "grounds": made,
            "inductions": [self._induction(each, case, terms, points.asking) for each in case.seen.inductions],
            "facts": [self._fact(case, i, terms, points) for i in numbers],
            "rows": [],
        }

    def _fact(self, case: NotingCase, i: int, terms: list[TruthTerm], points: Points) -> dict[str, Any]:
        fact, note = case.facts[i], case.seen.facts[i]
        own = [] if note.given is True else [formula(note.given)]
        parts = [*terms[: note.grounds], *own]
        valued = defined(fact.conclusion)
        return {
            "conditions": list(range(note.grounds)),
            "given": self.table.place(own[0]) if own else None,
            "question": None if formula(fact.conclusion).op == "true" else question(parts, fails=fact.conclusion),
            "valued": None if valued is True else nowhere(parts, valued),
            "point": points.of(fact),
        }

    def _ground(self, ground: NotedGround, obligation: Obligation, numbers: list[int]) -> dict[str, Any]:
        said = formula(ground.formula)
        found: dict[str, Any] = {"kind": ground.kind, "term": self.table.place(said)}
        if ground.kind == PREMISE:
            return found
        if ground.kind == LEMMA:
            return found | {"fact": numbers.index(ground.fact)}
        if isinstance(ground.why, RunRule):
            return found | self._rule(ground.why, said)
        assert isinstance(ground.why, Used)
        return found | self._use(ground.why, obligation, said)

    def _use(self, used: Used, obligation: Obligation, said: TruthTerm) -> dict[str, Any]:
        principle = used.obligation.kind == "principle"
        if principle:
            name = used.id.removeprefix("principle ")
            statement = self.principles.setdefault(used.id, Store().principle(name).statement)
        else:
            statement = content_of(obligation.known[used.id])
        chosen = [fact for fact in statement.facts if not used.chosen or fact[0] in used.chosen]
        stated = [part for _, under, concluded in chosen for part in (under, concluded)]
        everything = [part for _, under, concluded in statement.facts for part in (under, concluded)]
        parts = instances(stated, used.values)
        whole = all_of([implied(parts[i], parts[i + 1]) for i in range(0, len(parts), 2)])
        return {
            "kind": "principle" if principle else "use",
            "of": used.id,
            "key": statement.digest,
            "facts": list(used.chosen),
            "given": self._given(used.values, everything),
            "question": None if whole is said else question([whole], fails=said),
        }

    def _rule(self, rule: RunRule, said: TruthTerm) -> dict[str, Any]:
        inductive = rule.inductive
        owner = self.known[inductive.owner]
        case = self.case(owner)
        note = next(each for each in case.seen.inductions if each.inductive.label == inductive.label)
        own = _own_terms(note, case)
        whole = _instance_of_rule(rule, note, case)
        return {
            "kind": rule.kind,
            "of": owner.id,
            "induction": inductive.label,
            "given": self._given(inductive.values, own),
            "state": {name: self.table.place(_lifted(value)) for name, value in rule.state.items()},
            "inputs": {name: self.table.place(_lifted(value)) for name, value in rule.inputs.items()},
            "question": None if whole is said else question([whole], fails=said),
        }

    def _given(self, values: Mapping[str, Any], terms: list[Term]) -> dict[str, Any]:
        """What stands for the variables and functions of some terms."""
        found: dict[str, Any] = {}
        for name, like in variables(*terms).items():
            if name in values:
                found[name] = self.table.place(lifted_as(values[name], like))
        for part in applications(*terms):
            name, takes, _ = part.data
            if name in values and name not in found:
                found[name] = self._function(values[name], name, takes, part)
        return found

    def _function(self, value: Any, name: str, takes: tuple[str, ...], like: Term) -> Any:
        if isinstance(value, Function):
            return value.name
        arguments = [variable(f"argument {i} of {name}", kind) for i, kind in enumerate(takes)]
        body = lifted_as(value(*arguments), like)
        return {"arguments": [self.table.place(each) for each in arguments], "body": self.table.place(body)}

    def _induction(
        self, note: NotedInduction, case: NotingCase, terms: list[TruthTerm], asking: Asking
    ) -> dict[str, Any]:
        record, conditions = note.inductive.record, terms[: note.grounds]
        holds, taken = formula(record.holds), formula(record.given)
        start, after = _state_terms(record, "start"), _state_terms(record, "after")
        first, then = (instances([holds], {}, by)[0] for by in (start, after))
        reached = _reached(note)
        step = asked_about(case.facts[note.step])
        proved = all(asking.ask(every(part.given, negation(part.conclusion))).status == "unsat" for part in step)
        before = [*conditions, taken, holds, *_at_earlier(record)]
        return {
            "label": record.label,
            "conditions": list(range(note.grounds)),
            "state": self._places(record.state),
            "start": self._places(record.start),
            "after": self._places(record.after),
            "inputs": self._places(record.inputs),
            "earlier": list(record.earlier),
            "holds": self.table.place(holds),
            "taken": self.table.place(taken),
            "reached": reached.data[0] if reached is not None else "",
            "fixed": [] if reached is None else [self.table.place(each) for each in _fixed(reached, record)],
            "base": question(conditions, fails=first),
            "step": "" if record.kinds else question(before, fails=then),
            "blocks": None if proved else self._blocks(record, conditions, asking),
            **({"kinds": self._kinds(record, before, then)} if record.kinds else {}),
        }

    def _kinds(self, record: Induction, before: list[TruthTerm], then: TruthTerm) -> dict[str, Any]:
        """The step of each kind, and that each step is of some kind."""
        kinds = [formula(kind) for kind in record.kinds.values()]
        return {
            "terms": [self.table.place(kind) for kind in kinds],
            "steps": [question([*before, kind], fails=then) for kind in kinds],
            "some": question(before, fails=any_of(kinds)),
        }

    def _places(self, values: Mapping[str, Any]) -> dict[str, int]:
        return {name: self.table.place(_lifted(value)) for name, value in values.items()}

    def _blocks(self, record: Induction, conditions: list[TruthTerm], asking: Asking) -> dict[str, Any] | None:
        most = 1 if record.earlier else MOST_BLOCK
        k = next((k for k in range(2, most + 1) if in_blocks(record, asking, k) is not None), None)
        if k is None:
            return None
        renewed = list(new_each_step(record).values())
        walk = _BlockWalk(
            record, conditions, renewed, {term: record.start[name] for name, term in record.state.items()}
        )
        base = []
        for _ in range(k):
            base.append(question(walk.parts, fails=walk.holds()))
            walk.step()
        walk, holding = _BlockWalk(record, conditions, renewed, {term: term for term in record.state.values()}), []
        for _ in range(k):
            holding.append(walk.holds())
            walk.step()
        step = question([*walk.parts, *holding], fails=walk.holds())
        return {"k": k, "renewed": [self.table.place(each) for each in renewed], "base": base, "step": step}


class _BlockWalk:
    """States one after the other, with what was presupposed on the way, as it stands."""

    def __init__(
        self, record: Induction, conditions: list[TruthTerm], renewed: list[Term], state: Mapping[Term, Any]
    ) -> None:
        self.record, self.conditions, self.renewed = record, conditions, renewed
        self.state: dict[Term, Any] = dict(state)
        self.parts = list(conditions)
        self.steps = 0

    def holds(self) -> TruthTerm:
        return instances([formula(self.record.holds)], {}, self.state)[0]  # type: ignore[no-any-return]

    def step(self) -> None:
        new = {term: variable(input_name(term.data[0], self.steps), term.data[1]) for term in self.renewed}
        by = self.state | new
        self.parts += instances([*self.conditions, formula(self.record.given)], {}, by)
        after = {term: _lifted(self.record.after[name]) for name, term in self.record.state.items()}
        self.state = dict(zip(after, instances(list(after.values()), {}, by), strict=True))
        self.steps += 1


def _lifted(value: Any) -> Term:
    return value if isinstance(value, Term) else lifted_as(value, formula(True) if isinstance(value, bool) else _ZERO)


_ZERO = variable("any number", "real")


def _state_terms(record: Induction, which: str) -> dict[Term, Any]:
    """What stands for the state at the start, or after a step."""
    return {term: getattr(record, which)[name] for name, term in record.state.items()}


def _at_earlier(record: Induction) -> list[TruthTerm]:
    """The property at the earlier moments at which a step looks back."""
    found: list[TruthTerm] = []
    for group in record.earlier:
        back = earlier_state(record.inputs, group)
        found += instances([formula(record.holds)], {}, {term: back[name] for name, term in record.state.items()})
    return found


def _reached(note: NotedInduction) -> Term | None:
    """That the state is reached, as a term; None where nothing can be said of it."""
    try:
        found = note.inductive.reached(dict(note.inductive.record.state))
    except Exception:  # terms that stand for several things: nothing rests on it then
        return None
    return found if isinstance(found, Term) and found.op == APPLY else None


def _fixed(reached: Term, record: Induction) -> list[Term]:
    return list(reached.args[: len(reached.args) - len(record.state)])


def _own_terms(note: NotedInduction, case: NotingCase) -> list[Term]:
    """The terms of an induction, and the premises under which it was stated."""
    record = note.inductive.record
    parts: list[Any] = [*record.start.values(), *record.after.values(), record.holds, record.given]
    parts += [ground.formula for ground in case.noted()[: note.grounds] if ground.kind == PREMISE]
    reached = _reached(note)
    return [_lifted(part) for part in parts] + ([] if reached is None else [reached])


def _instance_of_rule(rule: RunRule, note: NotedInduction, case: NotingCase) -> TruthTerm:
    """What a rule says of the given terms, made from the induction as its own claim states it."""
    record = note.inductive.record
    reached = _reached(note)
    assert reached is not None
    premises = all_of([formula(each.formula) for each in case.noted()[: note.grounds] if each.kind == PREMISE])
    besides = {term: rule.state[name] for name, term in record.state.items() if rule.state}
    besides |= {term: rule.inputs[name] for name, term in record.inputs.items() if rule.inputs}

    def at(term: Any, state: Mapping[Term, Any]) -> Any:
        return instances([_lifted(term)], rule.inductive.values, {**besides, **state})[0]

    def reaches(values: list[Term]) -> TruthTerm:
        fixed = instances(_fixed(reached, record), rule.inductive.values)
        named = instances([reached], rule.inductive.values)[0].data
        return node(TruthTerm, APPLY, (*fixed, *values), named)  # type: ignore[no-any-return]

    here = [_lifted(rule.state[name]) for name in record.state] if rule.state else []
    if rule.kind == "property":
        return implied(reaches(here), at(record.holds, {}))
    if rule.kind == "start":
        return implied(at(premises, {}), reaches([at(value, {}) for value in record.start.values()]))
    under = all_of([reaches(here), at(premises, {}), at(record.given, {})])
    return implied(under, reaches([at(record.after[name], {}) for name in record.state]))
