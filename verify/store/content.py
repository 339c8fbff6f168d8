"""Statements as text, so that two are one theorem exactly if they say the same.

The text lists every part of a statement once, parts before what is made of them, each with its operation, its data and
the numbers of its parts. It is made from our own terms; no name or number of a solver's is in it. A digest of this text
is the key of a theorem.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from constructions.foundations.evaluation import defined
from constructions.foundations.files import sha256_of
from constructions.foundations.logic import every, implies
from constructions.foundations.terms import Term, formula, number
from constructions.foundations.traversal import applications, nodes, variables
from verify.obligations.case import Case
from verify.obligations.inductions import OF, REACHED, Inductive
from verify.obligations.obligation import Obligation
from verify.obligations.parts import Fact
from verify.provers import by_sympy, by_z3
from verify.provers.by_induction import lifted
from verify.replay.witness import replay_of

LARGEST = 10_000
"""How many points of a finite case are listed in a statement; of more, as many, and how many there are."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a theorem says: each conclusion holds where what stands before it does, for all values of all variables.

    Parameters
    ----------
    facts : labels, with what each fact presupposes and concludes, as terms. finite : the points of the finite case
        about which it is, as text; empty if it is about all values. runs : what the predicates mean that say what is
        reached: for each name the digest of the induction's start, step, inputs and premises.

    >>> from constructions.foundations.terms import REAL, variable
    >>> Statement((("f", formula(True), variable("x", REAL) > 0),)).variables
    {'x': 'real'}
    """

    facts: tuple[tuple[str, Term, Term], ...]
    finite: str = ""
    runs: tuple[tuple[str, str], ...] = ()

    @property
    def variables(self) -> dict[str, str]:
        """The variables with their kinds, and the functions."""
        terms = [part for _, under, said in self.facts for part in (under, said)]
        found = {name: term.data[1] for name, term in variables(*terms).items()}
        return found | {part.data[0]: f"{part.data[1:]}" for part in applications(*terms)}

    @property
    def text(self) -> str:
        """The statement as text."""
        lines, places = _lines(part for _, under, said in self.facts for part in (under, said))
        said = [f"fact {label!r}: {places[id(under)]} => {places[id(fact)]}" for label, under, fact in self.facts]
        runs = [f"run {name!r}: {meaning}" for name, meaning in self.runs]
        return "\n".join((*lines, *said, *runs, f"finite: {self.finite}"))

    @property
    def digest(self) -> str:
        """The key: the SHA-256 of the text.

        >>> from constructions.foundations.terms import REAL, variable
        >>> x, y = variable("x", REAL), variable("y", REAL)
        >>> one, other = (Statement((("f", formula(True), v > 0),)) for v in (x, y))
        >>> one.digest == Statement(one.facts).digest, one.digest == other.digest
        (True, False)
        """
        return sha256_of(self.text.encode())


def _lines(terms: Iterable[Term]) -> tuple[list[str], dict[int, int]]:
    """One line for each part of some terms, and the number of each."""
    places: dict[int, int] = {}
    lines: list[str] = []
    for part in nodes(*terms):
        places[id(part)] = len(lines)
        kind = type(part).__name__
        lines.append(f"{len(lines)}: {kind} {part.op} {part.data!r} {[places[id(argument)] for argument in part.args]}")
    return lines, places


def statement_of(facts: Iterable[Fact], finite: str = "") -> Statement:
    """The statement that some facts make; steps of inductions are none by themselves. ``finite`` says about which
    points it is, if it is about some only.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> statement_of([Fact("less", x < 1, under=x < 0)]).facts
    (('less', x < 0, x < 1),)
    """
    return Statement(
        tuple((fact.label, formula(fact.under), formula(fact.conclusion)) for fact in facts if fact.induction is None),
        finite,
    )


_CONTENTS: dict[int, tuple[Obligation, Statement]] = {}
_KEYS: dict[int, tuple[Obligation, str]] = {}
"""What was stated and its key, by the object, which is kept: two obligations that look alike may know others by the
same ids."""


def content_of(obligation: Obligation) -> Statement:
    """What an obligation states about its own subject, stated once.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> for line in content_of(square).text.splitlines()[:6]:
    ...     print(line)
    0: TruthTerm true None []
    1: RealTerm variable ('x', 'real') []
    2: RealTerm * None [1, 1]
    3: RealTerm constant Fraction(0, 1) []
    4: TruthTerm >= None [2, 3]
    fact 'square': 0 => 4
    """
    if id(obligation) not in _CONTENTS:
        _CONTENTS[id(obligation)] = obligation, _content(obligation)
    return _CONTENTS[id(obligation)][1]


def key_of(obligation: Obligation, case: Case | None = None) -> str:
    """The key of what an obligation states about its own subject, found once.

    Parameters
    ----------
    case : the one to which its prover had the claim stated, of an enumeration at the first point; without it the claim
        is stated anew.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> ramp = paper_obligations()["sigma.figure"]
    >>> key_of(ramp) == content_of(ramp).digest
    True
    """
    if id(obligation) not in _KEYS:
        _KEYS[id(obligation)] = obligation, _content(obligation, case).digest
    return _KEYS[id(obligation)][1]


def _content(obligation: Obligation, case: Case | None = None) -> Statement:
    if obligation.kind == "identity":
        made = case if isinstance(case, by_sympy.IdentityCase) else by_sympy.build(obligation, obligation.of)
        under = formula(every(*(premise.formula for premise in made.premises)))
        facts = tuple((each.label, under, _where_defined(each)) for each in made.identities)
        return Statement(facts, obligation.finite or "")
    if obligation.kind == "enumeration":
        return _of_points(obligation, case)
    stated = by_z3.build(obligation, obligation.of) if case is None else case
    _INDUCTIONS[id(obligation)] = obligation, stated.inductions
    statement = statement_of(stated.facts, obligation.finite or "")
    parts = [part for _, under, said in statement.facts for part in (under, said)]
    return replace(statement, runs=_meanings(parts, obligation))


def _meanings(terms: Iterable[Term], obligation: Obligation) -> tuple[tuple[str, str], ...]:
    """What is meant by "reached" in some terms, by the names of the predicates."""
    names = dict.fromkeys(part.data[0] for part in applications(*terms) if part.data[0].startswith(REACHED))
    return tuple((name, _meaning(name, obligation)) for name in names)


_INDUCTIONS: dict[int, tuple[Obligation, Mapping[str, Inductive]]] = {}
"""The inductions of a claim, by the object, which is kept."""


def _meaning(name: str, obligation: Obligation) -> str:
    """The digest of the induction that a predicate speaks of: its obligation's own, or that of one that it may use;
    empty if there is none."""
    head = name.removeprefix(REACHED).partition(f"{OF}[")[0]
    for other in (obligation.id, *obligation.known):
        label = head.removeprefix(f"{other}, ")
        owner = obligation if other == obligation.id else obligation.known[other]
        if label != head and owner.kind in ("solver", "induction"):
            if id(owner) not in _INDUCTIONS:
                _INDUCTIONS[id(owner)] = owner, by_z3.build(owner, owner.of).inductions
            found = _INDUCTIONS[id(owner)][1].get(label)
            if found is not None:
                return run_statement(found, owner).digest
    return ""


def run_statement(inductive: Inductive, owner: Obligation) -> Statement:
    """The start, step, inputs and premises of an induction as a statement, whose digest is the meaning of "reached".

    Parameters
    ----------
    inductive : what the induction left in the claim of its obligation. owner : this obligation.

    >>> def grows(least, case):
    ...     "A sum of numbers is at least 0."
    ...     x = case.real("x")
    ...     case.assume(x >= least)
    ...     case.induction(
    ...         "sums", state={"s": case.real("s")}, start={"s": 0}, inputs={"x": x},
    ...         advance=lambda at: {"s": at["s"] + at["x"]}, holds=lambda at: at["s"] >= 0)
    >>> made = Obligation(
    ...     id="sum", paper="mine", claim=grows, of=lambda case: 0, twin=lambda case: -1, kind="induction")
    >>> [label for label, _, _ in run_statement(by_z3.build(made, made.of).inductions["sums"], made).facts]
    ['start s', 'step s', 'input x', 'taken', 'reached']
    """
    record = inductive.record
    facts: list[tuple[str, Term, Term]] = []
    for name, variable in record.state.items():
        facts.append((f"start {name}", variable, lifted(record.start[name])))
        facts.append((f"step {name}", variable, lifted(record.after[name])))
    facts += [(f"input {name}", variable, variable) for name, variable in record.inputs.items()]
    facts += [(f"earlier {group}", formula(True), formula(True)) for group in record.earlier]
    facts.append(("taken", formula(record.under), formula(record.given)))
    parts = [part for _, one, other in facts for part in (one, other)]
    facts.append(("reached", formula(inductive.reached(dict(record.state))), formula(True)))
    return Statement(tuple(facts), runs=_meanings(parts, owner))


def _where_defined(identity: by_sympy.Identity) -> Term:
    """That two sides are equal where both have a value."""
    said = identity.left == identity.right
    return formula(implies(defined(said), said))


def _of_points(obligation: Obligation, case: Case | None) -> Statement:
    """The statement of an enumeration: its labels, at the points that it goes through."""
    points: list[Any] = list(obligation.domain() if obligation.domain else iter(({},)))
    seen = case if case is not None else replay_of(obligation, obligation.of, points[0] if points else {})
    text = ", ".join(
        str({name: str(number(value).data) for name, value in point.items()}) for point in points[:LARGEST]
    )
    finite = f"{obligation.finite or ''}; {obligation.statement}; {len(points)} points: {text}"
    return Statement(tuple((fact.label, formula(True), formula(True)) for fact in seen.facts), finite)
