"""Which obligations use which, found by stating them, and that none rests on itself.

A claim is a function, so what it uses is seen when it is called. A claim that another one uses is called with what that
one gives; whether it leads back to that one is found by stating it by itself, once in a process.
"""

from constructions.errors import ConstructionError
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation
from verify.obligations.use import Used
from verify.provers.stated_case import StatedCase
from verify.replay.witness import ReplayCase


class _Noted(StatedCase):
    """A case that notes what a claim uses, and does not look into it unless the claim does."""

    def _rest_on(self, used: Used) -> None:
        """Nothing is proved here."""


class _NotedInReplay(ReplayCase):
    """The same for an enumeration, at its first point."""

    def _rest_on(self, used: Used) -> None:
        """Nothing is evaluated here."""


_NOTED: dict[int, tuple[Obligation, tuple[str, ...]]] = {}
"""What was found, by the object, which is kept: two obligations that look alike may know others by the same ids."""


def uses_of(obligation: Obligation) -> tuple[str, ...]:
    """The ids that a claim uses about its own subject, found once; what it used before an error, if it raises one.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> uses_of(paper_obligations()["sigma.figure"])
    ()
    """
    if id(obligation) not in _NOTED:
        _NOTED[id(obligation)] = obligation, _uses(obligation)
    return _NOTED[id(obligation)][1]


def _uses(obligation: Obligation) -> tuple[str, ...]:
    case: Case = _Noted(obligation.known, obligation.id)
    if obligation.kind == "identity":
        return ()
    if obligation.kind == "enumeration":
        point = next(obligation.domain(), {}) if obligation.domain else {}
        case = _NotedInReplay(point, obligation.known, obligation.id)
    try:
        obligation.claim(obligation.of(case), case)
    except Exception:  # its own row says what is wrong with it
        return _ids(case)
    return _ids(case)


def _ids(case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(used.id for used in case.uses))


def check_no_circle(obligation: Obligation, used: tuple[str, ...]) -> None:
    """Refuse a claim that rests on itself by what it uses (``used``), through whatever obligations.

    Raises
    ------
    ConstructionError that names the obligations around the circle, in order.

    >>> from verify.obligations.obligation import fresh_registry, obligation
    >>> with fresh_registry() as mine:
    ...     @obligation("a", paper="mine", of=lambda case: "b", twin=lambda case: "a")
    ...     @obligation("b", paper="mine", of=lambda case: "a", twin=lambda case: "b")
    ...     def uses_another(other, case):
    ...         "What the other says."
    ...         case.use(other)
    >>> uses_of(mine.obligations["b"])
    ('a',)
    >>> check_no_circle(mine.obligations["a"], ("b",))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need obligations that do not rest on themselves, got a -> b -> a
    """
    ways: list[tuple[str, ...]] = [(id,) for id in used]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == obligation.id:
            circle = " -> ".join((obligation.id, *way))
            raise ConstructionError(f"need obligations that do not rest on themselves, got {circle}")
        if way[-1] not in seen and way[-1] in obligation.known:
            seen.add(way[-1])
            ways += [(*way, id) for id in uses_of(obligation.known[way[-1]])]
