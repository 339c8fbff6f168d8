"""Definition 1: simulations compose, and their deltas add up."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.learning.models import PAC, SampleMethod, Simulation
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

Chain = Callable[[Any, Any], Any]


def _chained(case: Case) -> Chain:
    """The delta of two simulations in a chain, from the deltas of both."""

    def deltas(first: Any, second: Any) -> Any:
        links: list[Simulation[SampleMethod, SampleMethod]] = [
            Simulation(name=name, delta=delta, budget=lambda budget: PAC(m=budget.m), reduce=lambda method: method)
            for name, delta in (("first", first), ("second", second))
        ]
        return links[0].then(links[1]).delta

    return deltas


@obligation("definition1.transitive", paper="Definition 1", of=_chained, twin=lambda case: lambda first, second: first)
def deltas_add_up(delta_of: Chain, case: Case) -> None:
    """If a method A' has at most delta1 more error than A, and A'' has at most delta2 more error than A', then A'' has
    at most delta1 + delta2 more error than A, which is the delta that the composed simulation states."""
    err0, err1, err2, delta1, delta2 = (case.real(name) for name in ("err0", "err1", "err2", "delta1", "delta2"))
    case.assume(delta1 >= 0, delta2 >= 0, err1 <= err0 + delta1, err2 <= err1 + delta2)
    case.show("transitive", err2 <= err0 + delta_of(delta1, delta2))


@obligation("definition1.reflexive", paper="Definition 1", of=lambda case: Fraction(0), twin=lambda case: Fraction(-1))
def nothing_lost_by_doing_nothing(delta: Fraction, case: Case) -> None:
    """Every class of methods simulates itself with delta = 0."""
    err = case.real("err")
    case.show("reflexive", err <= err + delta)
