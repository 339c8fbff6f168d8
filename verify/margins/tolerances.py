"""How much room a fact has: by how much its bound may be tightened before it fails.

A fact that compares two numbers, ``error <= 3/8 rho``, is asked with s more on the smaller side. The end of s is the
room that the claim leaves; an end at 0 says that the bound is sharp, if only in a limit.
"""

from collections.abc import Callable, Iterator

from constructions.foundations.logic import Formula, every, negation
from constructions.foundations.terms import REAL, RealTerm, Term, TruthTerm, variable
from verify.margins.moving import TOLERANCE, Fails, Parameter
from verify.obligations.obligation import Obligation
from verify.provers.asking import Asking
from verify.provers.by_z3 import build

NAME = "room"


def tightened(conclusion: Formula, by: Term) -> Formula | None:
    """A comparison, or a conjunction of comparisons, with less room; None for a formula of another kind.

    >>> x = variable("x", REAL)
    >>> tightened(every(x <= 1, x > 0), variable("s", REAL))
    x + s <= 1 and x > s
    """
    if not isinstance(conclusion, TruthTerm):
        return None
    if conclusion.op == "and":
        parts = [tightened(part, by) for part in conclusion.args]
        return None if any(part is None for part in parts) else every(*parts)
    if conclusion.op not in ("<", "<=", ">", ">="):
        return None
    left, right = conclusion.args
    assert isinstance(left, RealTerm) and isinstance(right, RealTerm)
    if conclusion.op in ("<", "<="):
        return left + by < right if conclusion.op == "<" else left + by <= right
    more = _sum(right, by)
    return left > more if conclusion.op == ">" else left >= more


def _sum(right: RealTerm, by: Term) -> Term:
    """A number and what is added, without a needless 0."""
    return by if right.op == "constant" and right.data == 0 else right + by


def tolerances(obligation: Obligation) -> Iterator[tuple[Parameter, Fails]]:
    """Each fact of a claim whose bound can be tightened: what moves, and where the fact fails.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> [(each.name, fails) for each, (_, fails, _, _) in tolerances(square)]
    [('square', not (x*x >= room))]
    """
    case = build(obligation, obligation.of)
    room = variable(NAME, REAL)
    for fact in case.facts:
        conclusion = None if fact.induction is not None or fact.moments else tightened(fact.conclusion, room)
        if conclusion is not None:
            known = {**case.variables, NAME: room}
            fails = every(fact.given, negation(conclusion))
            asking = _asking(known, obligation)
            yield Parameter(kind=TOLERANCE, name=fact.label), (fact.label, fails, room, asking)


def _asking(known: dict[str, Term], obligation: Obligation) -> Callable[[int], Asking]:
    return lambda seconds: Asking.of(known, obligation, seconds)
