"""What the checker's code asks of a copy (premise c).

Proved here: a copy that the checker lets in meets `is_memory`, but for its digits (``certifier.accepted``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some
from constructions.foundations.network import Fragment
from constructions.networks.memory import (
    active_conditions,
    idle_conditions,
    path_gain,
    recording_conditions,
    written_conditions,
)
from verify.claims.networks.memory.active import any_graph
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.provers.branches import ways, with_names
from verify.recheck import memory as checker
from verify.recheck.reading import RefusedError


@dataclass(frozen=True, slots=True)
class AcceptedCopy:
    """Any copy of a network, without its digits, and what the checker's code says of it.

    Parameters
    ----------
    graph, rho, offset, rate : the copy, and where it stands. check : the checker's conditions.
    """

    graph: Fragment
    rho: Number
    offset: Number
    rate: int
    check: Callable[..., None]

    def accepted(self, odd: bool) -> Formula:
        """That the checker refuses nothing."""
        w = self.graph.weight
        copy = checker.Copy(
            v0v1=w("v0", "v1"),
            v1v2=w("v1", "v2"),
            v1v2_=w("v1", "v2'"),
            v2v3=w("v2", "v3"),
            v2_v3=w("v2'", "v3"),
            v3v4=w("v3", "v4"),
            vcv2=w("vc", "v2"),
            vcv2_=w("vc", "v2'"),
            vcv3=w("vc", "v3"),
            digits=(),
        )

        def run() -> bool:
            try:
                self.check(copy, odd, self.offset, self.rho, Fraction(self.rate))
            except RefusedError:
                return False
            return True

        return some(*(every(condition) for condition, taken in ways(run) if taken))


def _accepted(rate: int, check: Callable[..., None]) -> Callable[[Case], AcceptedCopy]:
    def build(case: Case) -> AcceptedCopy:
        rho, offset = case.real("rho"), case.real("offset")
        case.assume(rho > 0)
        return AcceptedCopy(any_graph(case), rho, offset, rate, check)

    return build


def conditions_of_the_checker() -> Callable[..., None]:
    """The checker's conditions on a copy, without those on its digits."""
    plain = checker.check_memory.__wrapped__
    return with_names(plain, _check_digits=lambda *_: None)


def without_idle(copy: Any, odd: bool, o: Any, rho: Any, rate: Any) -> None:
    """The same without those on idle copies (the twin's)."""
    plain = checker.check_memory.__wrapped__
    with_names(plain, _check_digits=lambda *_: None, _check_idle=lambda *_: None)(copy, odd, o, rho, rate)


def accepted_copies_are_memories(copy: AcceptedCopy, case: Case) -> None:
    """Every copy that the checker's code lets in, in an odd step or an even one, meets the predicate `is_memory` at the
    offset at which the output is held, but for what that says of digits; its path gain is above 0 in odd steps, below 0
    in even ones, and rho and the offset are as the theorem presupposes."""
    groups = {
        "active": active_conditions(copy.graph),
        "idle": idle_conditions(copy.graph),
        "written": written_conditions(copy.graph, copy.rho, rate=copy.rate, offset=copy.offset),
        "recording": recording_conditions(copy.graph, copy.rho, offset=copy.offset),
        "offset": every(copy.offset > 0, copy.offset * copy.rho < 1),
    }
    for odd in (True, False):
        accepted, gain = copy.accepted(odd), path_gain(copy.graph)
        sign = gain > 0 if odd else gain < 0
        for name, group in (groups | {"sign": sign}).items():
            case.show(f"{name}, in {'odd' if odd else 'even'} steps", implies(accepted, group))


for _rate in (1, 2):
    registry().add(
        Obligation(
            id=f"certifier.accepted.rate{_rate}",
            paper="the certifier",
            claim=accepted_copies_are_memories,
            of=_accepted(_rate, conditions_of_the_checker()),
            twin=_accepted(_rate, without_idle),
        )
    )
