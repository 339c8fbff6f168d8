"""Inductions: their form, base and step, proofs by blocks of states, and the three rules about what is reached.

"Reached" is a predicate of what stays the same along a run (``fixed``) and of the state. Read it as: some run from the
start, whose inputs meet the premises in each step, comes to this state. Under this reading the start is reached, a step
from a state that is reached comes to one that is, and the property holds in all of them once base and step are shown.
A step may look back: some inputs stand for the state at an earlier moment of the same run, at which the property may be
used too (complete induction); nobody may take such a step as a rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from verify.judge.instances import MARK, Giving, functions_of
from verify.judge.reading import need
from verify.judge.terms import INTEGER, MEANT, REACHED, TRUTH, Node, Terms, inside, names_in
from verify.judge.theorems import Ground, Induction

Refute = Callable[[Node, str, str], None]
"""Asks the solver to refute a formula: the formula, the question as the file has it, and where."""
MOST_BLOCK = 10


@dataclass(frozen=True)
class Run:
    """An induction with what it rests on.

    Parameters
    ----------
    table : of all terms. owner : the id of its theorem. record : the induction. conditions : the grounds on which base
        and step rest. premises : those of them that are premises.

    >>> from verify.judge.check import Checking
    >>> from verify.judge.solver import Solver
    >>> from verify.judge.terms import infix
    >>> from verify.judge.theorems import ProofFile
    >>> from verify.obligations.obligation import Obligation
    >>> from verify.obligations.verdict import Verdict
    >>> from verify.proofs.file import Writing
    >>> def counts(least, case):
    ...     "A count from 0 on is never negative."
    ...     c = case.real("c")
    ...     step = {"advance": lambda s: {"c": s["c"] + 1}, "holds": lambda s: s["c"] >= least}
    ...     reached = case.reached(case.induction("on", state={"c": c}, start={"c": 0}, inputs={}, **step))
    ...     case.show("not negative", reached["c"] >= least)
    >>> made = {"kind": "induction", "claim": counts, "of": lambda case: 0, "twin": lambda case: 1}
    >>> known = {"counts": Obligation(id="counts", paper="mine", **made)}
    >>> file = ProofFile(Writing(known, {"counts": Verdict.PROVED}).text(["counts"], {}).encode())
    >>> checking = Checking(file, Solver.named("sh -c 'echo unsat'", seconds=5), {})
    >>> standing, run = checking.establish("counts"), checking.run_of("counts", "on", "an example")
    >>> run.check_form(spoken=[])
    >>> run.check(lambda formula, question, where: print(f"asked: {where}"))
    asked: the base of the induction 'on' of counts
    asked: the step of the induction 'on' of counts
    >>> start = Ground(kind="start", term=None, given={}, state={}, inputs={})
    >>> infix(run.instance(start))
    'not (true) or reached: counts, on(0)'
    """

    table: Terms
    owner: str
    record: Induction
    conditions: Sequence[Node]
    premises: Sequence[Node]

    @property
    def where(self) -> str:
        """Its place, for messages."""
        return f"the induction {self.record.label!r} of {self.owner}"

    def check(self, refute: Refute) -> None:
        """Check what is said of it as reached, and base and step; ``refute`` asks the solver.

        Raises
        ------
        RefusedError
            If something is wrong.
        """
        record = self.record
        if record.reached:
            self._check_reached()
        refute(self._fails(self.conditions, record.start), record.base, f"the base of {self.where}")
        if record.blocks is None:
            self._check_step(refute)
        else:
            self._check_blocks(refute)

    def _check_step(self, refute: Refute) -> None:
        """Check the step as it is, or kind by kind, and that each step is of some kind."""
        record, where = self.record, f"the step of {self.where}"
        parts = [*self.conditions, record.taken, record.holds, *(self._holds(group) for group in record.earlier)]
        if record.kinds is None:
            refute(self._fails(parts, record.after), record.step, where)
            return
        terms = record.kinds.terms
        none = self.table.make("not", None, (self.table.any_of(terms),))
        refute(self.table.all_of([*parts, none]), record.kinds.some, f"the kinds of {where}")
        for i, (term, asked) in enumerate(zip(terms, record.kinds.steps, strict=True)):
            refute(self._fails([*parts, term], record.after), asked, f"kind {i} of {where}")

    def _holds(self, group: str) -> Node:
        """The property at an earlier moment of the run."""
        record = self.record
        by = {variable: record.inputs[f"{group}: {name}"] for name, variable in record.state.items()}
        return Giving(self.table, [record.holds], {}, self.where, by).said(record.holds)

    def _fails(self, parts: Sequence[Node], state: Mapping[str, Node]) -> Node:
        """That some formulas hold and the property fails in a state."""
        by = {self.record.state[name]: value for name, value in state.items()}
        holds = Giving(self.table, [self.record.holds], {}, self.where, by).said(self.record.holds)
        return self.table.all_of([*parts, self.table.make("not", None, (holds,))])

    def check_form(self, spoken: Sequence[Node]) -> None:
        """Check that state and inputs are variables that nothing else speaks of; ``spoken`` are the premises and lemmas
        among the conditions.

        Raises
        ------
        RefusedError
            If something is wrong.
        """
        record, where = self.record, self.where
        own = [*record.state.values(), *record.inputs.values()]
        need(all(each.op == "variable" for each in own), "variables as state and inputs", "a term", where)
        need(len(set(own)) == len(own) and record.state, "different variables as state and inputs", "one twice", where)
        need(
            set(record.start) == set(record.after) == set(record.state),
            "a start and a step to the state",
            "less",
            where,
        )
        for name, variable in record.state.items():
            for value in (record.start[name], record.after[name]):
                kind = variable.data[1]
                need(value.sort == variable.sort, f"values of kind {kind} for {name!r}", value.sort, where)
                need(kind != INTEGER or value.whole, f"integers by their form for {name!r}", "another term", where)
        states = set(record.state.values())
        for parts, what in ((spoken, "premises"), (list(record.start.values()), "a start")):
            read = states & set(names_in(parts).values())
            need(not read, f"{what} without the state", [ascii(each.data[0]) for each in read], where)
        read = set(record.inputs.values()) & set(names_in([record.holds]).values())
        need(not read, "a property that reads no input", [ascii(each.data[0]) for each in read], where)
        for group in record.earlier:
            for name, variable in record.state.items():
                back = record.inputs.get(f"{group}: {name}")
                right = back is not None and back.data[1] == variable.data[1]
                need(right, f"an input for the earlier {name!r}", "none of its kind", where)

    def _check_reached(self) -> None:
        record, where = self.record, self.where
        need(MARK not in self.owner + record.label, f"names without {MARK!r}", record.label, where)
        head = f"{REACHED}{self.owner}, {record.label}"
        right = record.reached.partition(MARK)[0] == head
        need(right, f"a predicate called {head!r}", record.reached, where)
        need(all(each.op == "variable" for each in record.fixed), "variables that stay the same", "a term", where)
        parts = [*record.start.values(), *record.after.values(), record.holds, record.taken, *self.premises]
        moving = {*record.state.values(), *record.inputs.values()}
        open_ = set(names_in(parts).values()) - moving - set(record.fixed)
        need(not open_, "all that stays the same in what is reached", [ascii(each.data[0]) for each in open_], where)
        named = set(functions_of(record.reached))
        for part in inside(*parts):
            if part.op == "apply" and not part.data[0].startswith(MEANT):
                name = part.data[0]
                used = set(functions_of(name)) if name.startswith(REACHED) else {name}
                need(used <= named, "all functions in the name of what is reached", name, where)

    def _check_blocks(self, refute: Refute) -> None:
        record, blocks, where = self.record, self.record.blocks, self.where
        assert blocks is not None
        need(2 <= blocks.k <= MOST_BLOCK and len(blocks.base) == blocks.k, "a base for each state", blocks.k, where)
        need(not record.earlier, "blocks of a step that reads the present state alone", "one that looks back", where)
        new, states = set(blocks.renewed), set(record.state.values())
        right = all(each.op == "variable" for each in new) and not new & states
        need(right and new >= set(record.inputs.values()), "all inputs new in each step", "fewer", where)
        start = {record.state[name]: value for name, value in record.start.items()}
        _Walk(self, start).go(refute, blocks.base)
        walk, holding = _Walk(self, {each: each for each in states}), []
        for _ in range(blocks.k):
            holding.append(walk.holds())
            walk.step()
        failing = self.table.make("not", None, (walk.holds(),))
        refute(self.table.all_of([*walk.parts, *holding, failing]), blocks.step, f"the step of {where}, by blocks")

    def instance(self, ground: Ground) -> Node:
        """What a rule about what is reached says of the terms of a ground.

        Raises
        ------
        RefusedError
            For other names of state and inputs, and for terms of other kinds.
        """
        record, where, table = self.record, f"a rule about {self.where}", self.table
        need(record.reached, "an induction of which something is reached", "another", where)
        begins, steps = ground.kind == "start", ground.kind == "step"
        need(not (steps and record.earlier), "a step that reads the present state alone", "one that looks back", where)
        need(set(ground.state) == (set() if begins else set(record.state)), "a state", sorted(ground.state), where)
        wanted = set() if ground.kind == "property" else set(record.inputs)
        need(set(ground.inputs) == wanted, "inputs of the step", sorted(ground.inputs), where)
        besides = {record.state[name]: value for name, value in ground.state.items()}
        besides |= {record.inputs[name]: value for name, value in ground.inputs.items()}
        predicate = self._predicate(record.fixed, list(record.state.values()))
        parts = [*record.start.values(), *record.after.values(), record.holds, record.taken, *self.premises, predicate]
        at = Giving(table, parts, ground.given, where, besides)
        plain = Giving(table, parts, ground.given, where)
        fixed = [plain.said(each) for each in record.fixed]
        named = plain.said(predicate).data

        def reaches(values: Sequence[Node]) -> Node:
            return table.make("apply", named, (*fixed, *values))

        here = [ground.state[name] for name in record.state] if ground.state else []
        if ground.kind == "property":
            return table.implied(reaches(here), at.said(record.holds))
        premises = at.said(table.all_of(self.premises))
        if not steps:
            return table.implied(premises, reaches([at.said(record.start[name]) for name in record.state]))
        under = table.all_of([reaches(here), premises, at.said(record.taken)])
        return table.implied(under, reaches([at.said(record.after[name]) for name in record.state]))

    def _predicate(self, fixed: Sequence[Node], state: Sequence[Node]) -> Node:
        parts = (*fixed, *state)
        kinds = tuple(TRUTH if each.sort == TRUTH else "real" for each in parts)
        return self.table.make("apply", (self.record.reached, kinds, TRUTH), parts)


class _Walk:
    """States one after the other, with new inputs in each step."""

    def __init__(self, run: Run, state: Mapping[Node, Node]) -> None:
        self.run, self.state, self.parts, self.steps = run, dict(state), list(run.conditions), 0

    def holds(self) -> Node:
        return self._at(self.run.record.holds, self.state)

    def _at(self, term: Node, by: Mapping[Node, Node]) -> Node:
        return Giving(self.run.table, [term], {}, self.run.where, by).said(term)

    def step(self) -> None:
        record, table = self.run.record, self.run.table
        assert record.blocks is not None
        by = dict(self.state)
        names = names_in([*self.run.conditions, *record.after.values(), record.holds, record.taken])
        for each in record.blocks.renewed:
            name = f"{each.data[0]}@{self.steps}"
            need(name not in names, "new names of inputs", name, self.run.where)
            by[each] = table.variable(name, each.data[1])
        self.parts += [self._at(part, by) for part in (*self.run.conditions, record.taken)]
        self.state = {record.state[name]: self._at(value, by) for name, value in record.after.items()}
        self.steps += 1

    def go(self, refute: Refute, questions: Sequence[str]) -> None:
        for i, question in enumerate(questions):
            failing = self.run.table.make("not", None, (self.holds(),))
            refute(self.run.table.all_of([*self.parts, failing]), question, f"base {i} of {self.run.where}")
            self.step()
