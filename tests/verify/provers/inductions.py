"""Claims of one induction, about no construction, and what becomes of them: what the tests of inductions share."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import Activation
from verify.discharge.one import examine
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, nothing
from verify.obligations.verdict import Verdict
from verify.provers.outcome import Examination

LEAKY = Activation(kinks=(Fraction(0),), slopes=(Fraction(1, 4), Fraction(1)), value=Fraction(0), name="leaky")
F = Fraction
Claim = Callable[[Any, Any], None]


def obligation(claim: Claim, **options: Any) -> Obligation:
    """An induction about no construction, so without a twin."""
    claim.__doc__ = "A claim."
    return Obligation(id="t", paper="t", claim=claim, of=nothing, expect=Verdict.REFUTED, kind="induction", **options)


def found(claim: Claim, **options: Any) -> Examination:
    """What becomes of it."""
    stated = obligation(claim, **options)
    return examine(stated, stated.of)


def step_of(result: Examination) -> Any:
    """The result of the step."""
    return next(fact for fact in result.facts if fact.label.endswith(": step"))


def counting(case: Case, **changed: Any) -> None:
    """An induction over n from 0 on; something may be changed."""
    given: dict[str, Any] = {
        "state": {"n": case.integer("n")},
        "start": {"n": F(0)},
        "advance": lambda s: {"n": s["n"] + 1},
    }
    case.induction("count", **(given | changed))
