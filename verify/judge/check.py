"""The check: a theorem is re-established from its file, with everything that it uses, or it is refused.

Nothing that the file says of itself is believed. Keys are made again from the statements; each ground of a fact is
shown to be one; each question is written again from the derivation, must be the file's to the letter, and goes to the
reviewer's solver; polynomials are multiplied out, points and tables evaluated; what a theorem depends on is gathered
again from all that it uses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from verify.judge.induction import Run
from verify.judge.instances import Giving
from verify.judge.meaning import Values, where_defined
from verify.judge.points import check_point
from verify.judge.polynomials import equal_everywhere
from verify.judge.principles import PRINCIPLES, stated
from verify.judge.reading import RefusedError, UnsettledError, need
from verify.judge.runs import Runs
from verify.judge.smt import question
from verify.judge.solver import Solver
from verify.judge.statements import Statement
from verify.judge.terms import Node, names_in
from verify.judge.theorems import RUN_RULES, USES, Ground, ProofFile, Theorem

PRINCIPLE = "principle "


@dataclass(frozen=True)
class Standing:
    """What a theorem is worth.

    Parameters
    ----------
    principles, finite, prose : on what its truth depends: principles, theorems about a finite case, and ids on which it
        rests in words, through everything that it uses. rows : enumerations. tables : those of no formulas.
    supposed : predicates of which a point only supposes that a run reaches it.
    """

    principles: frozenset[str] = frozenset()
    finite: frozenset[str] = frozenset()
    prose: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    supposed: frozenset[str] = frozenset()

    def __or__(self, other: "Standing") -> "Standing":
        """Both together.

        >>> sorted((Standing(finite=frozenset("a")) | Standing(finite=frozenset("b"))).finite)
        ['a', 'b']
        """
        return Standing(*(getattr(self, name) | getattr(other, name) for name in self.__dataclass_fields__))


@dataclass
class Checking:
    """Re-establishes theorems of one file.

    Parameters
    ----------
    file : the proofs. solver : whom to ask. permitted : the principles that may be used, by name, each with the key of
        its statement; None where it is the one that this checker knows. found : what became of each theorem so far.

    >>> from verify.obligations.obligation import Obligation
    >>> from verify.obligations.verdict import Verdict
    >>> from verify.proofs.file import Writing
    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> claim = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> text = Writing({"square": claim}, {"square": Verdict.PROVED}).text(["square"], {})
    >>> solver = Solver.named("sh -c 'echo unsat'", seconds=5)  # a stand-in, which agrees to everything
    >>> checking = Checking(ProofFile(text.encode()), solver, {})
    >>> checking.check_meant(checking.statement("square"), "square")  # it does not speak of what is reached
    >>> checking.establish("square") == Standing()
    True
    >>> false = checking.file.table.make("false")
    >>> checking.refute(false, question(false), "a fact")
    >>> checking.refute(false, "another text", "a fact")
    Traceback (most recent call last):
        ...
    verify.judge.reading.RefusedError: need the question of the derivation, got another text, at a fact
    """

    file: ProofFile
    solver: Solver
    permitted: Mapping[str, str | None]
    found: dict[str, Standing | RefusedError] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def check_meant(self, statement: Statement, where: str) -> None:
        """Check that the file has each induction of which a statement says that something is reached.

        Raises
        ------
        UnsettledError
            If one is missing; ``where`` it is needed.
        """
        lost = next((name for name, meaning in statement.runs if not meaning), None)
        if lost is not None:
            raise UnsettledError(f"need the induction of {lost!a}, got none in the file, at {where}")

    def establish(self, id: str, user: str = "the statements") -> Standing:
        """What the theorem of an id is worth, after everything about it was checked; ``user`` is who needs it.

        Raises
        ------
        RefusedError
            If something is wrong. UnsettledError if something is missing, or the solver does not know.
        """
        if id not in self.found:
            if id not in self.file.theorems:
                raise UnsettledError(f"need the theorem {id!a}, got none in the file, at {user}")
            need(id not in self._open, "theorems that do not rest on themselves", " -> ".join((*self._open, id)), user)
            self._open.append(id)
            try:
                self.found[id] = self._checked(self.file.theorems[id])
            except RefusedError as error:
                self.found[id] = error
            finally:
                self._open.pop()
        found = self.found[id]
        if isinstance(found, RefusedError):
            raise found
        return found

    def _checked(self, theorem: Theorem) -> Standing:
        where, statement = f"theorem {theorem.id!a}", self.statement(theorem.id)
        names_in(statement.terms)
        self.check_meant(statement, where)
        need(statement.key == theorem.key, "the key of the statement", theorem.key, where)
        by_rule: Mapping[str, Any] = {
            "principle": self._principle,
            "identity": self._identity,
            "enumeration": self._enumeration,
            "solver": self._derived,
            "induction": self._derived,
        }
        found: Standing = by_rule[theorem.rule](theorem, where)
        found |= Standing(prose=frozenset(theorem.needs))
        if statement.finite:
            found |= Standing(finite=frozenset({theorem.id}))
        for name in ("principles", "finite", "prose"):
            said, seen = theorem.taint[name], sorted(getattr(found, name))
            need(list(said) == seen, f"{name} {seen}, on which it depends", f"{list(said)}", where)
        need(not theorem.taint["open"], "nothing open in a theorem", f"{list(theorem.taint['open'])}", where)
        need(theorem.prover.strip(), "a prover that is named", theorem.prover, where)
        return found

    def refute(self, formula: Node, text: str | None, where: str) -> None:
        """Have the solver say that a formula cannot hold; the question must be the file's ``text``.

        Parameters
        ----------
        formula : what should not hold. text : the file's question. where : for messages.

        Raises
        ------
        RefusedError
            If it is another, or the formula can hold. UnsettledError if the solver does not know.
        """
        written = question(formula)
        need(text == written, "the question of the derivation", "another text", where)
        answer = self.solver.ask(written)
        if answer == "unknown":
            raise UnsettledError(f"need unsat, got unknown, at {where}")
        need(answer == "unsat", "unsat", answer, where)

    def _principle(self, theorem: Theorem, where: str) -> Standing:
        name = theorem.id.removeprefix(PRINCIPLE)
        need(theorem.id == PRINCIPLE + name, "a principle by its name", theorem.id, where)
        need(
            name in self.permitted,
            f"a principle that is permitted ({', '.join(self.permitted) or 'none is'})",
            name,
            where,
        )
        key = self.permitted[name]
        if key is None:
            need(name in PRINCIPLES, "the key of a principle that this checker does not know", "its name", where)
            key = stated(name, self.file.table).key
        need(theorem.key == key, "the statement of this principle", "another", where)
        self._no_proof(theorem, where)
        return Standing(principles=frozenset({name}))

    def _no_proof(self, theorem: Theorem, where: str, *, but: Sequence[str] = ()) -> None:
        for name in ("grounds", "inductions", "facts", "rows"):
            need(name in but or not getattr(theorem, name), f"no {name} at this rule", "some", where)

    def _identity(self, theorem: Theorem, where: str) -> Standing:
        self._no_proof(theorem, where, but=("facts",))
        need(len(theorem.facts) == len(theorem.statement.facts), "a point for each fact", len(theorem.facts), where)
        supposed = frozenset[str]()
        for proof, (label, under, said) in zip(theorem.facts, theorem.statement.facts, strict=True):
            at = f"the fact {label!a} of {where}"
            sides = said.args[-1] if said.op == "or" else said
            need(sides.op == "==", "an equation", sides.op, at)
            defined = where_defined(sides, self.file.table)
            right = said is self.file.table.disj(self.file.table.neg(defined), sides)
            need(right, "an equation where both sides have a value", "another condition", at)
            need(equal_everywhere(*sides.args), "two sides that are one rational function", "two", at)
            supposed |= check_point(proof.point, under, {}, {}, at)
        return Standing(supposed=supposed)

    def _enumeration(self, theorem: Theorem, where: str) -> Standing:
        self._no_proof(theorem, where, but=("rows",))
        facts, met, written = theorem.statement.facts, set[str](), True
        need(theorem.rows, "points of a finite case", "none", where)
        plain = all(under.op == said.op == "true" for _, under, said in facts)
        need(plain, "facts that the table says", "others", where)
        for i, row in enumerate(theorem.rows):
            at = f"row {i} of {where}"
            need(len(row.said) == len(facts), "each fact at each point", len(row.said), at)
            values = Values(row.values)
            for (label, _, _), (under, said) in zip(facts, row.said, strict=True):
                given = _truth_at(under, values)
                need(not given or _truth_at(said, values), f"the fact {label!a} to hold", "false", at)
                met |= {label} if given else set()
            written = written and any(isinstance(cell, Node) for pair in row.said for cell in pair)
        need(len(met) == len(facts), "each fact's premises to hold at some point", f"{len(met)} of {len(facts)}", where)
        own = frozenset({theorem.id})
        return Standing(rows=own, tables=frozenset() if written else own)

    def _derived(self, theorem: Theorem, where: str) -> Standing:
        """A theorem of the solver or by induction."""
        self._no_proof(theorem, where, but=("grounds", "inductions", "facts"))
        need(len(theorem.facts) == len(theorem.statement.facts), "a proof of each fact", len(theorem.facts), where)
        labels = [record.label for record in theorem.inductions]
        need(len(set(labels)) == len(labels), "inductions with different labels", labels, where)
        steps = _Steps(self, theorem, where)
        found = Standing()
        for i, ground in enumerate(theorem.grounds):
            found |= steps.ground(i, ground)
        for run in steps.runs.values():
            steps.check_conditions(run.record.conditions, run.where)
            run.check(self.refute)
        for i in range(len(theorem.facts)):
            found |= Standing(supposed=frozenset(steps.fact(i)))
        return found

    def run_of(self, owner: str, label: str, user: str) -> Run:
        """The induction of a theorem that was established, for whoever uses it."""
        self.establish(owner, user)
        return _Steps(self, self.file.theorems[owner], user).run(label)

    def __post_init__(self) -> None:
        """No two inductions of the file may have one name: a predicate of what is reached belongs to one of them."""
        self.runs = Runs.of(self.file.table, self.file.theorems)

    def statement(self, id: str) -> Statement:
        """What the theorem of an id states, with what is meant by "reached" in it.

        Raises
        ------
        RefusedError
            For an induction that speaks of itself.
        """
        statement = self.file.theorems[id].statement
        return replace(statement, runs=self.runs.meanings(statement.terms))


class _Steps:
    """The grounds and facts of one derivation."""

    def __init__(self, checking: Checking, theorem: Theorem, where: str) -> None:
        self.checking, self.theorem, self.where = checking, theorem, where
        self.table = checking.file.table
        self.runs = {record.label: self.run(record.label) for record in theorem.inductions}

    def run(self, label: str) -> Run:
        theorem = self.theorem
        record = next((each for each in theorem.inductions if each.label == label), None)
        if record is None:
            raise RefusedError(f"need an induction of {theorem.id!a}, got {label!a}, at {self.where}")
        self.check_range(record.conditions, f"the induction {label!a} of {theorem.id}")
        grounds = [theorem.grounds[i] for i in record.conditions]
        premises = [ground.term for ground in grounds if ground.kind == "premise"]
        run = Run(self.table, theorem.id, record, [ground.term for ground in grounds], premises)
        run.check_form(self.spoken(record.conditions))
        return run

    def check_range(self, conditions: Sequence[int], where: str) -> None:
        right = all(0 <= i < len(self.theorem.grounds) for i in conditions)
        need(right and list(conditions) == sorted(set(conditions)), "grounds in their order", list(conditions), where)

    def spoken(self, conditions: Sequence[int]) -> list[Node]:
        """The premises and lemmas among some grounds."""
        grounds = [self.theorem.grounds[i] for i in conditions]
        return [ground.term for ground in grounds if ground.kind in ("premise", "lemma")]

    def check_conditions(self, conditions: Sequence[int], where: str) -> None:
        """What rests on a lemma has all the premises of the lemma."""
        self.check_range(conditions, where)
        for i in conditions:
            ground = self.theorem.grounds[i]
            if ground.kind == "lemma":
                rests = set(self.theorem.facts[ground.fact].conditions)
                need(rests <= set(conditions), "the premises of the lemma", "fewer", where)

    def ground(self, i: int, ground: Ground) -> Standing:
        """Check that something may be taken as true; RefusedError if not."""
        where = f"ground {i} of {self.where}"
        if ground.kind == "premise":
            return Standing()
        if ground.kind == "lemma":
            self._lemma(i, ground, where)
            return Standing()
        if ground.kind in USES:
            found = self.checking.establish(ground.of, where)
            whole = self._used(ground, where)
        else:
            assert ground.kind in RUN_RULES
            found, run = self._run(i, ground, where)
            whole = run.instance(ground)
        names_in([whole, ground.term])
        if whole is ground.term:
            need(ground.question is None, "no question about one term", "one", where)
        else:
            failing = self.table.make("not", None, (ground.term,))
            self.checking.refute(self.table.all_of([whole, failing]), ground.question, where)
        return found

    def _lemma(self, i: int, ground: Ground, where: str) -> None:
        need(0 <= ground.fact < len(self.theorem.facts), "a fact as a lemma", ground.fact, where)
        proof, said = self.theorem.facts[ground.fact], self.theorem.statement.facts[ground.fact][2]
        need(proof.given is None, "a lemma without a condition of its own", "one with", where)
        need(all(other < i for other in proof.conditions), "a lemma that rests on earlier grounds", "later ones", where)
        need(said is ground.term, "what the fact says", "something else", where)

    def _used(self, ground: Ground, where: str) -> Node:
        """What a used theorem says of the given terms."""
        theorem = self.checking.file.theorems[ground.of]
        rule = "principle" if ground.kind == "principle" else theorem.rule
        right = theorem.rule == rule and (ground.kind == "principle") == (theorem.rule == "principle")
        need(right and rule != "enumeration", "a theorem about all values", theorem.rule, where)
        need(ground.key == theorem.key, f"the key of {ground.of!a}", ground.key, where)
        labels = [label for label, _, _ in theorem.statement.facts]
        need(set(ground.facts) <= set(labels), "facts of the theorem", list(ground.facts), where)
        giving = Giving(self.table, theorem.statement.terms, ground.given, where)
        chosen = [each for each in theorem.statement.facts if not ground.facts or each[0] in ground.facts]
        return self.table.all_of(
            [self.table.implied(giving.said(under), giving.said(said)) for _, under, said in chosen]
        )

    def _run(self, i: int, ground: Ground, where: str) -> tuple[Standing, Run]:
        """The induction of a rule about what is reached; of an own property, base and step come before."""
        if ground.of != self.theorem.id:
            return self.checking.establish(ground.of, where), self.checking.run_of(ground.of, ground.induction, where)
        run = self.run(ground.induction)
        if ground.kind == "property":
            before = all(other < i for other in run.record.conditions)
            need(before, "a base and a step that were stated before", "later ones", where)
        return Standing(), run

    def fact(self, i: int) -> set[str]:
        """Check one fact; what its point supposes. RefusedError if it is not shown."""
        proof, (label, under, said) = self.theorem.facts[i], self.theorem.statement.facts[i]
        where = f"the fact {label!a} of {self.where}"
        self.check_conditions(proof.conditions, where)
        grounds = [self.theorem.grounds[j] for j in proof.conditions]
        own = [] if proof.given is None else [proof.given]
        stated = {under, *(under.args if under.op == "and" else ())}
        for part in [ground.term for ground in grounds if ground.kind == "premise"] + own:
            need(part in stated or part.op == "true", "each premise in the statement", "another", where)
        parts = [*(ground.term for ground in grounds), *own]
        names_in([*parts, under, said])
        if said.op == "true":
            need(proof.question is None, "no question about what is plainly true", "one", where)
        else:
            failing = self.table.make("not", None, (said,))
            self.checking.refute(self.table.all_of([*parts, failing]), proof.question, where)
        self._valued(said, parts, proof.valued, where)
        premises = {label: run.premises for label, run in self.runs.items()}
        records = {label: run.record for label, run in self.runs.items()}
        return check_point(proof.point, under, records, premises, where)

    def _valued(self, said: Node, parts: list[Node], text: str | None, where: str) -> None:
        """Check that no quotient by 0 is in what a fact says where it is said."""
        defined = where_defined(said, self.table)
        if defined is True:
            need(text is None, "no question about divisors", "one", where)
            return
        nowhere = self.table.lifted(self.table.neg(defined))
        self.checking.refute(self.table.all_of([*parts, nowhere]), text, f"the divisors in {where}")


def _truth_at(cell: Any, values: Values) -> bool:
    """Whether a cell of a table says something true."""
    if isinstance(cell, tuple):
        return bool(cell[0] == cell[1])
    return bool(values.of(cell)) if isinstance(cell, Node) else bool(cell)
