"""The store and its rules: the only way in which something becomes a theorem.

Each rule is argued in proofs_notes/store.md. None takes a solver, a proof or an answer from its caller: a rule asks its
own prover, whose version it writes down. What an obligation uses is proved first, and what that depends on is passed
on.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.rendering import render
from constructions.foundations.terms import INTEGER, TRUTH, Term, formula, number
from constructions.foundations.traversal import substituted, variables
from verify.obligations.obligation import Obligation
from verify.obligations.principles import PRINCIPLES
from verify.obligations.verdict import Verdict
from verify.provers import by_enumeration, by_sympy, by_z3
from verify.provers.circles import check_no_circle
from verify.provers.outcome import SECONDS, Examination
from verify.provers.stated_case import StatedCase
from verify.store.content import Statement, content_of, key_of, statement_of
from verify.store.theorem import SEAL, ForgedError, StoredTheorem, StoredUse, Taint

with loaded_when_used(__name__):
    import sympy
    import z3


def prover_of(kind: str) -> str:
    """Who decides obligations of a kind, with the version.

    >>> prover_of("identity").split()[0]
    'sympy'
    """
    if kind == "identity":
        return f"sympy {sympy.__version__}"
    if kind == "enumeration":
        return f"Python {platform.python_version()}, fractions"
    return f"z3 {z3.get_version_string()}"


@dataclass
class Store:
    """Theorems by the keys of their statements, and what is written of each.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> made = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> store = Store()
    >>> theorem = store.prove(made)
    >>> store.check(theorem) is theorem, theorem.verdict.name, theorem.rule
    (True, 'PROVED', 'solver')
    >>> store.instance(theorem, x=3).statement.facts[0][2]
    3*3 >= 0
    >>> store.principle("markov").taint.principles
    frozenset({'markov'})
    >>> Store().check(theorem)  # what another store has proved is no theorem here
    Traceback (most recent call last):
        ...
    verify.store.theorem.ForgedError: need a theorem of this store, got another object, at 'square'
    >>> store.get(theorem.key) is theorem, store.get("another key")
    (True, None)
    """

    _theorems: dict[str, StoredTheorem] = field(default_factory=dict)
    _records: dict[str, str] = field(default_factory=dict)
    _open: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> StoredTheorem | None:
        """The theorem of a statement, if there is one."""
        found = self._theorems.get(key)
        return None if found is None else self.check(found)

    def check(self, theorem: StoredTheorem) -> StoredTheorem:
        """The theorem itself, if all of it is as a rule of this store wrote it.

        Raises
        ------
        ForgedError
            For anything else, whatever it looks like.
        """
        if type(theorem) is not StoredTheorem:
            raise ForgedError(f"need a theorem, got {type(theorem).__name__}")
        try:
            genuine = self._records.get(theorem.key) == theorem.record
        except (AttributeError, TypeError, ValueError):
            genuine = False
        if not genuine:
            raise ForgedError(f"need a theorem of this store, got another object, at {getattr(theorem, 'id', '?')!r}")
        return theorem

    def _write(self, theorem: StoredTheorem) -> StoredTheorem:
        known = self._theorems.get(theorem.key)
        if known is not None and known.verdict >= theorem.verdict:
            return known
        self._theorems[theorem.key], self._records[theorem.key] = theorem, theorem.record
        return theorem

    def prove(self, obligation: Obligation, seconds: int = SECONDS) -> StoredTheorem:
        """The rules *solver*, *identity*, *enumeration* and *induction*: examine an obligation by its own prover.

        What it uses is proved first; what of that is not proved makes the theorem open. The solver has so many seconds
        for each question.

        Raises
        ------
        ConstructionError
            If a fact is refuted or vacuous or its prover finds nothing; nothing is written then.
        """
        if type(obligation) is not Obligation:
            raise ConstructionError(f"need an obligation, got {type(obligation).__name__}, at a rule of the store")
        found = _examined(obligation, seconds)
        if found.verdict not in (Verdict.PROVED, Verdict.CHECKED):
            raise ConstructionError(f"need a claim that its prover shows, got {found.verdict.name}, at {obligation.id}")
        steps, taint = self._used(obligation, found, seconds)
        for name in {use.id for use in found.principles}:
            taint |= self.principle(name).taint
        if found.verdict is Verdict.CHECKED or obligation.finite:
            taint |= Taint(finite=frozenset({obligation.id}))
        return self._write(
            StoredTheorem(
                id=obligation.id,
                statement=content_of(obligation),
                rule=obligation.kind,
                prover=prover_of(obligation.kind),
                steps=steps,
                taint=taint | Taint(prose=frozenset(obligation.needs)),
                point=tuple(found.witness.items()),
                seal=SEAL,
            )
        )

    def _used(self, obligation: Obligation, found: Examination, seconds: int) -> tuple[tuple[StoredUse, ...], Taint]:
        """The theorems that a claim uses, and all that these depend on."""
        check_no_circle(obligation, tuple(use.id for use in found.uses))
        steps, taint = [], Taint()
        for use in found.uses:
            other = obligation.known[use.id]
            steps.append(StoredUse(key_of(other), use.id, tuple(use.instance.items())))
            try:
                taint |= (self._proved_before(other) or self.prove(other, seconds)).taint
            except ConstructionError:
                taint |= Taint(open=frozenset({use.id}))
        return tuple(steps), taint

    def _proved_before(self, obligation: Obligation) -> StoredTheorem | None:
        """The theorem of an obligation that was proved before."""
        known = self.get(key_of(obligation))
        return known if known is not None and known.id == obligation.id else None

    def principle(self, name: str) -> StoredTheorem:
        """The rule *principle*: what a principle states, which depends on the principle. Raises ConstructionError
        for a name that is none."""
        if name not in PRINCIPLES:
            raise ConstructionError(f"need a principle ({', '.join(PRINCIPLES)}), got {name!r}")
        case = StatedCase()
        PRINCIPLES[name].claim(None, case)
        return self._write(
            StoredTheorem(
                id=PRINCIPLES[name].id,
                statement=statement_of(case.facts),
                rule="principle",
                prover=PRINCIPLES[name].reference,
                steps=(),
                taint=Taint(principles=frozenset({name})),
                point=(),
                seal=SEAL,
            )
        )

    def instance(self, theorem: StoredTheorem, **given: Any) -> StoredTheorem:
        """The rule *instance*: a theorem for given terms in the place of some variables; the others stay variables.

        Raises
        ------
        ForgedError for what is no theorem of this store. ConstructionError for a name of no variable, a term of another
        kind, and for a theorem about a finite case.
        """
        self.check(theorem)
        by = _places(theorem, given)
        old = theorem.statement
        terms = substituted([part for _, under, said in old.facts for part in (under, said)], by)
        made = tuple((fact[0], terms[2 * i], terms[2 * i + 1]) for i, fact in enumerate(old.facts))
        step = StoredUse(theorem.key, theorem.id, tuple((name, render(by[at], 400)) for name, at in _named(old, given)))
        return self._write(
            StoredTheorem(
                id=theorem.id,
                statement=Statement(made, runs=old.runs),
                rule="instance",
                prover="substitution",
                steps=(step,),
                taint=theorem.taint,
                point=(),
                seal=SEAL,
            )
        )


def _named(statement: Statement, given: Mapping[str, Any]) -> list[tuple[str, Term]]:
    terms = variables(*(part for _, under, said in statement.facts for part in (under, said)))
    odd = next((name for name in given if name not in terms), None)
    if odd is not None:
        raise ConstructionError(f"need variables of the theorem ({', '.join(terms) or 'none'}), got {odd!r}")
    return [(name, terms[name]) for name in given]


def _places(theorem: StoredTheorem, given: Mapping[str, Any]) -> dict[Term, Any]:
    """What stands for each variable that is named, of its kind."""
    if theorem.statement.finite:
        raise ConstructionError(f"need a theorem about all values, got one about a finite case, at {theorem.id!r}")
    by: dict[Term, Any] = {}
    for name, at in _named(theorem.statement, given):
        kind = at.data[1]
        value = formula(given[name], where=name) if kind == TRUTH else number(given[name], where=name)
        if kind == INTEGER and not value.integral:
            raise ConstructionError(f"need a term that is an integer by its form, got {render(value)}, at {name!r}")
        by[at] = value
    return by


def _examined(obligation: Obligation, seconds: int) -> Examination:
    """What an obligation's own prover finds."""
    if obligation.kind == "identity":
        return by_sympy.discharge(obligation, obligation.of, seconds)
    if obligation.kind == "enumeration":
        return by_enumeration.discharge(obligation, obligation.of)
    return by_z3.discharge(obligation, obligation.of, seconds)
