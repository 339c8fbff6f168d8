"""Try a claim before its prover gets it: at points that Hypothesis draws, in exact rational numbers.

This proves nothing. But a claim that is wrong is mostly found to be wrong at once, at small numbers, where a solver may
need its whole time.
"""

import importlib.util
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.terms import Term
from verify.discharge.result import Result, described
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.provers.outcome import Examination, departure_in

with loaded_when_used(__name__):
    import hypothesis

    from verify.provers import by_z3
    from verify.pytest_plugin import points
    from verify.replay import witness


class FailsError(Exception):
    """A claim fails at the point that was drawn."""


def can_be_tried(obligation: Obligation, case: "by_z3.SolverCase") -> bool:
    """Whether points say something of a claim, stated to a ``case``: it is for all values of numbers, and rests on
    nothing else."""
    rests = case.functions or case.predicates or case.uses or case.principles or case.inductions
    return obligation.expect is Verdict.PROVED and bool(case.variables) and not rests


def point_of_failure(obligation: Obligation, tries: int) -> dict[str, Fraction] | None:
    """A point at which a claim fails though its premises hold, as small as Hypothesis can make it; None if none was
    found, or points say nothing of such a claim.

    Parameters
    ----------
    obligation : the claim. tries : at how many points it is tried.

    >>> def is_more(least, case):
    ...     "A square is more than its number."
    ...     x = case.real("x")
    ...     case.assume(x >= 0)
    ...     case.show("more", x ** 2 >= x + least)
    >>> wrong = Obligation(id="mine.square", paper="mine", claim=is_more, of=lambda case: 0, twin=lambda case: 1)
    >>> point = point_of_failure(wrong, 100)
    >>> 0 < point["x"] < 1
    True
    """
    if obligation.kind != "solver" or importlib.util.find_spec("hypothesis") is None:
        return None
    try:
        case = by_z3.build(obligation, obligation.of)
    except ConstructionError:  # the prover says it, with the place
        return None
    if not can_be_tried(obligation, case):
        return None
    premises = [premise.formula for premise in case.premises if isinstance(premise.formula, Term)]
    return _smallest(obligation, points.points(premises, case.variables), tries)


def _smallest(obligation: Obligation, strategy: Any, tries: int) -> dict[str, Fraction] | None:
    found: list[dict[str, Fraction]] = []

    @hypothesis.settings(
        max_examples=tries,
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        report_multiple_bugs=False,
    )
    @hypothesis.given(strategy)
    def fails_nowhere(point: dict[str, Fraction] | None) -> None:
        if point is not None and failing(obligation, point):
            found.append(point)
            raise FailsError

    try:
        fails_nowhere()
    except FailsError:
        return found[-1]
    except hypothesis.errors.Unsatisfiable:
        return None
    return None


def failing(obligation: Obligation, point: Mapping[str, Fraction]) -> list[str]:
    """The facts of a claim that fail at a point; none where it has no meaning, or its premises fail.

    >>> def is_more(least, case):
    ...     "A number is more than another."
    ...     case.assume(case.real("x") > 0)
    ...     case.show("more", case.real("x") > least)
    >>> claim = Obligation(id="mine.more", paper="mine", claim=is_more, of=lambda case: 1, twin=lambda case: 2)
    >>> [failing(claim, {"x": Fraction(number, 2)}) for number in (-1, 1, 3)]
    [[], ['more'], []]
    """
    try:
        return witness.replay_of(obligation, obligation.of, point).failing()
    except (ArithmeticError, ConstructionError):
        return []


def refuted(obligation: Obligation, point: Mapping[str, Fraction]) -> Result:
    """The result of an obligation that fails at a point: REFUTED, with the point and the facts that fail there.

    >>> def is_more(least, case):
    ...     "A number is more than another."
    ...     case.show("more", case.real("x") > least)
    >>> claim = Obligation(id="mine.more", paper="mine", claim=is_more, of=lambda case: 1, twin=lambda case: 2)
    >>> found = refuted(claim, {"x": Fraction(1)})
    >>> found.word, found.claim.failing
    ('REFUTED', ('more',))
    """
    seen = witness.replay_of(obligation, obligation.of, point)
    claim = Examination(
        verdict=Verdict.REFUTED,
        counterexample=dict(point),
        failing=tuple(seen.failing()),
        leaves=departure_in(seen),
    )
    return replace(described(obligation), claim=claim)
