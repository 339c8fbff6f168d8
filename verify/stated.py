"""What a claim states, as text: a claim that states something else the second time is no claim, whatever the provers say of it.

The provers state a claim several times: for the solver, with the numbers of each witness, about its twin. They take each for
the same claim. One with a counter or a random number in it would be proved as one thing and confirmed as another.
"""
from typing import Any

from constructions.errors import ConstructionError
from verify.obligation import Obligation
from verify.provers import by_sympy, by_z3
from verify.replay import replay


def stated(obligation: Obligation) -> tuple[tuple[str, str], ...]:
    """Labels and texts of all that a claim states about its subject, by the prover of its kind (an enumeration: at its first point).

    >>> from verify.registry import paper_obligations
    >>> stated(paper_obligations()["sigma.figure"])[0][0]
    'premise'
    """
    if obligation.kind == "identity":
        case = by_sympy.IdentityCase()
        obligation.claim(obligation.of(case), case)
        return tuple((label, text(difference)) for label, difference in case.identities)
    seen: Any
    point: dict[str, Any] = {}
    if obligation.kind == "enumeration":
        point = next(iter(obligation.domain()), {}) if obligation.domain else {}
        seen = replay(obligation.claim, obligation.of, point)
    else:
        seen = by_z3.build(obligation, obligation.of)
    premises = [("premise", text(premise)) for premise in seen.premises]
    facts = [(fact.label, f"{text(fact.conclusion)} given {text(fact.given)}") for fact in seen.facts]
    return (*((name, str(value)) for name, value in point.items()), *premises, *facts)


def text(formula: Any) -> str:
    """A formula or a number as text."""
    return str(formula.sexpr()) if hasattr(formula, "sexpr") else repr(formula)


def check_same(obligation: Obligation, before: tuple[tuple[str, str], ...], *, times: int = 1) -> None:
    """State a claim again, and refuse it if it states something else than before."""
    for _ in range(times):
        now = stated(obligation)
        if now != before:
            label = next((one[0] for one, other in zip(before, now, strict=False) if one != other), "the number of facts")
            raise ConstructionError(f"need a claim that states the same each time, got two statements that differ, at {label!r}")
