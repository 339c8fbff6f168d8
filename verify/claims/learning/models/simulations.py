"""Definition 1: what a simulation promises; simulations compose, and their deltas add up."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
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


@dataclass(frozen=True, slots=True)
class AnyMethod:
    """A method of some class, known by a number, and its budget."""

    number: Number
    budget: PAC


class Forgetful(Simulation[Any, Any]):
    """A simulation that forgets the loss of the one that comes after it (the twin's)."""

    def then(self, after: Any) -> Any:
        """The chain, with the delta of its first link."""
        made = Simulation.then(self, after)
        return Simulation(name=made.name, delta=self.delta, budget=made.budget, reduce=made.reduce)


def links(kind: Callable[..., Any]) -> Callable[[Case], tuple[Any, Any]]:
    """Two simulations between any three classes: to each method any other, for a delta of its own."""

    def build(case: Case) -> tuple[Any, Any]:
        return link(kind, case, "1"), link(kind, case, "2")

    return build


def link(kind: Callable[..., Any], case: Case, name: str) -> Any:
    """A simulation of any class by any other."""
    made, size = case.function(f"A{name}", 1), case.function(f"m{name}", 1)

    def reduce(method: AnyMethod) -> AnyMethod:
        return AnyMethod(made(method.number), budget(method.budget))

    def budget(given: PAC) -> PAC:
        return PAC(m=size(given.m))

    return kind(name=name, delta=case.real(f"delta{name}"), budget=budget, reduce=reduce)


@obligation("definition1.simulates", paper="Definition 1", of=links(Simulation), twin=links(Forgetful))
def simulation_up_to_delta(chain: tuple[Any, Any], case: Case) -> None:
    """Let one class of methods simulate another up to delta, by a function that gives to every method A a method A'.
    The printed sentence, err(A', D) <= err(A, D) + delta for every source D, says the same as: whatever error A
    ensures on D, A' ensures with delta more. Simulations with delta1 and delta2 in a chain are one with delta1 +
    delta2, which takes A to A'' and the budget of A to that of A''; and no class loses anything to itself."""
    first, second = chain
    err = case.function("err", 2)
    source, epsilon, method = case.real("D"), case.real("epsilon"), AnyMethod(case.real("A"), PAC(m=case.real("m")))
    made = first(method)
    after = second(made)
    ends = [err(each.number, source) for each in (method, made, after)]
    promise = first.allows(ends[0], ends[1])
    case.equal("the promise is the printed inequality", promise, ends[1] <= ends[0] + first.delta)
    ensured = every(promise, ends[0] <= epsilon)
    case.show("what A ensures, A' ensures with delta more", ends[1] <= epsilon + first.delta, given=ensured)
    least = every(epsilon == ends[0], ends[1] <= epsilon + first.delta)
    case.show("and if it does so for the least error of A, it keeps the promise", promise, given=least)
    both = first.then(second)
    found = both(method)
    case.show("a chain takes A to A''", found.number == after.number)
    case.show("with the budget of A''", found.budget.m == after.budget.m)
    case.show("the deltas add up", both.allows(ends[0], ends[2]), given=every(promise, second.allows(*ends[1:])))
    itself = type(first)(name="itself", delta=Fraction(0), budget=lambda budget: budget, reduce=lambda one: one)
    case.show("a class simulates itself", itself.allows(ends[0], err(itself(method).number, source)))
