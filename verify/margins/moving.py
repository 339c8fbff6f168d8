"""A claim in which one number moves: a weight of its graph, a constant of its subject, or a variable beyond its range.

Nobody writes the claim down again. The subject is built as ever, one number of it is replaced by a term, and the same
claim states its facts about that. For a variable of the claim that premises confine to a range (``rho < 1/8``), what
moves is the variable itself: the premises that confine it are left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.terms import REAL, RealTerm, Term, TruthTerm
from constructions.foundations.traversal import variables
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, Subject
from verify.provers.asking import Asking
from verify.provers.by_z3 import SolverCase, build
from verify.provers.to_smt import conjuncts

Step = str | int
Path = tuple[Step, ...]
BOUNDS = ("<", "<=", ">", ">=")
WEIGHT, CONSTANT, RANGE, TOLERANCE = "weight", "constant", "range", "tolerance"
Fails = tuple[str, Formula, Term, Callable[[int], Asking]]
"""Of a fact: its label, the formula that says where it fails, the variable that moves, and how z3 is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number of a claim that can move.

    Parameters
    ----------
    kind : ``weight`` (of an edge), ``constant`` (of the subject), ``range`` (of a variable) or ``tolerance`` (of a
        fact).
    name : as reports call it. path : where it stands in the subject. edge : of a weight, else None.
    now : what it is; a term for a weight that is a formula, of which the shift moves; None for a range.
    least, most : of a range, the numbers to which premises confine it; None for none.
    """

    kind: str
    name: str
    path: Path = ()
    edge: Edge | None = None
    now: Number | None = None
    least: Fraction | None = None
    most: Fraction | None = None

    @property
    def shifts(self) -> bool:
        """Whether it is a formula, so that a number is added to it, instead of one in its place."""
        return isinstance(self.now, Term)


def parameters_of(obligation: Obligation) -> list[Parameter]:
    """The weights, constants and ranges of a claim that can be moved, in the order of its subject.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> [(each.name, str(each.now)) for each in parameters_of(paper_obligations()["lemma10.not"])]
    [('x1 -> gate', '-2')]
    >>> Moved(made := paper_obligations()["lemma10.not"], parameters_of(made)[0]).variable
    'moved x1 -> gate'
    """
    case = SolverCase(obligation.known, obligation.id)
    subject = obligation.of(case)
    found = list(_of_subject(subject, ()))
    stated = build(obligation, obligation.of)
    alone = {name for premise in stated.premises if (name := _bounded(premise.formula)) is not None}
    ranges = [name for name, term in stated.variables.items() if term.data[1] == REAL and name in alone]
    formulas = [premise.formula for premise in stated.premises]
    return [*found, *(_range(name, formulas) for name in ranges)]


def _range(name: str, premises: Sequence[Formula]) -> Parameter:
    """A variable with the numbers to which premises that speak of it alone confine it."""
    bounds: dict[bool, list[Fraction]] = {True: [], False: []}
    for part in (part for premise in premises if _bounded(premise) == name for part in conjuncts(premise)):
        left, right = part.args
        above = part.op.startswith("<" if left.op == "variable" else ">")
        bounds[above].append(right.data if left.op == "variable" else left.data)
    return Parameter(
        kind=RANGE, name=name, least=max(bounds[False], default=None), most=min(bounds[True], default=None)
    )


def _of_subject(part: Any, path: Path) -> Iterator[Parameter]:
    if isinstance(part, Fragment):
        for (u, v), weight in part.edges.items():
            yield Parameter(kind=WEIGHT, name=f"{u} -> {v}", path=path, edge=(u, v), now=weight)
    elif type(part) is Fraction or (isinstance(part, RealTerm) and part.op != "variable"):
        name = ".".join(f"part {step}" if isinstance(step, int) else step for step in path) or "subject"
        yield Parameter(kind=CONSTANT, name=name, path=path, now=part)
    elif type(part) is tuple:
        for place, inner in enumerate(part):
            yield from _of_subject(inner, (*path, place))
    elif is_dataclass(part) and not isinstance(part, type):
        for each in fields(part):
            yield from _of_subject(getattr(part, each.name), (*path, each.name))


def _alone(formula: Formula) -> str | None:
    """The variable of which alone a premise speaks; None if it speaks of none or of several."""
    names = variables(formula) if isinstance(formula, Term) else {}
    return next(iter(names)) if len(names) == 1 else None


def _bounded(formula: Formula) -> str | None:
    """The variable that a premise alone confines: a comparison of it with a number, or several of one variable."""
    parts = conjuncts(formula) if isinstance(formula, TruthTerm) else ()
    return _alone(formula) if parts and all(_bound(part) for part in parts) else None


def _bound(part: TruthTerm) -> bool:
    """Whether a formula compares a variable with a number."""
    return part.op in BOUNDS and {argument.op for argument in part.args} == {"variable", "constant"}


def replaced(subject: Any, path: Path, by: Callable[[Any], Any]) -> Any:
    """A subject in which what stands at a place is something else.

    >>> replaced((1, (2, 3)), (1, 0), lambda number: number + 10)
    (1, (12, 3))
    """
    if not path:
        return by(subject)
    step = path[0]
    if isinstance(step, int):
        return (*subject[:step], replaced(subject[step], path[1:], by), *subject[step + 1 :])
    return replace(subject, **{step: replaced(getattr(subject, step), path[1:], by)})


@dataclass(slots=True)
class Loosened:
    """A case that takes everything but the premises that alone confine one variable to a range.

    A replay has numbers in the place of terms and cannot tell of what a premise speaks; so the places at which premises
    were left out are noted when the claim is stated in terms.

    >>> case = Loosened(SolverCase(), "x", places=set(), stating=True)
    >>> x, y = case.real("x"), case.real("y")
    >>> case.assume(x > 0, x < y)
    >>> [premise.formula for premise in case.premises], case.places  # what speaks of x alone is left out
    ([x < y], {(0, 0)})
    """

    case: Case
    name: str
    places: set[tuple[int, int]]
    stating: bool
    asked: int = field(default=0)

    def assume(self, *premises: Formula, label: str | None = None) -> None:
        """State premises, without those of the variable alone."""
        for place, premise in enumerate(premises):
            here = (self.asked, place)
            if self.stating and _bounded(premise) == self.name:
                self.places.add(here)
            if here not in self.places:
                self.case.assume(premise, label=label)
        self.asked += 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self.case, name)


@dataclass(frozen=True, slots=True)
class Moved:
    """The claim of an obligation in which a parameter moves, or has moved to a value; ``fixed`` variables of it are
    held at values, and ``places`` are those at which premises are left out (:class:`Loosened`)."""

    obligation: Obligation
    parameter: Parameter
    fixed: Mapping[str, Fraction] = field(default_factory=dict)
    places: set[tuple[int, int]] = field(default_factory=set)

    @property
    def variable(self) -> str:
        """The name of the variable that moves."""
        name = self.parameter.name
        return name if self.parameter.kind == RANGE else f"moved {name}"

    def general(self) -> tuple[Obligation, Subject]:
        """The claim and its subject with the parameter as a variable."""
        return self._with(lambda case: case.real(self.variable))

    def at(self, value: Fraction) -> tuple[Obligation, Subject]:
        """The claim and its subject with the parameter at a value (or shifted by it)."""
        return self._with(lambda case: value)

    def _with(self, number: Callable[[Case], Number]) -> tuple[Obligation, Subject]:
        return self._beyond(number) if self.parameter.kind == RANGE else self._inside(number)

    def _inside(self, number: Callable[[Case], Number]) -> tuple[Obligation, Subject]:
        path, edge = self.parameter.path, self.parameter.edge

        def of(case: Case) -> Any:
            value = number(case)
            for name, held in self.fixed.items():
                case.assume(case.real(name) == held)
            return replaced(self.obligation.of(case), path, lambda part: _moved(part, edge, value))

        return self.obligation, of

    def _beyond(self, number: Callable[[Case], Number]) -> tuple[Obligation, Subject]:
        name, claim = self.parameter.name, self.obligation.claim

        def of(case: Case) -> Any:
            value = number(case)
            values = {**self.fixed, **({name: value} if isinstance(value, Fraction) else {})}
            for each, held in values.items():
                case.assume(case.real(each) == held)
            loosened: Any = Loosened(case, name, self.places, isinstance(case, SolverCase))
            return loosened, self.obligation.of(loosened)

        def moved_claim(pair: Any, case: Case) -> None:
            loosened, subject = pair
            claim(subject, loosened)

        moved_claim.__doc__ = self.obligation.statement
        return replace(self.obligation, claim=moved_claim), of


def _moved(part: Any, edge: Edge | None, value: Number) -> Any:
    """A number or a weight of a graph at another value; one that is a formula is shifted."""
    if edge is not None:
        weight = part.weight(*edge)
        return part.with_weight(*edge, weight + value if isinstance(weight, Term) else value)
    return part + value if isinstance(part, Term) else value
