"""Methods in code: the budgets that follow from others, and what is refused (Definition 1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.models import (
    BSQ,
    FBSQ,
    PAC,
    SQ,
    Answers,
    QueryMethod,
    SampleMethod,
    Simulation,
    asked_by_label,
    of_samples,
    split_by_label,
    stopped,
    strings,
)
from verify.claims.foundations.rounding.choosing import taken
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

EIGHTH = Fraction(1, 8)


@dataclass(frozen=True, slots=True)
class ByLabel:
    """The budgets of the methods that ask by label: in two parts, and in q rounds for each."""

    split: Callable[[SQ], SQ]
    asked: Callable[[SQ, Any, Any], BSQ]


def _kept(budget: SQ) -> SQ:
    """The same budget (the twin's)."""
    return budget


def _once(budget: SQ, q: Any, b: Any) -> BSQ:
    """One round for each query (the twin's)."""
    return BSQ(k=budget.k, tau=budget.tau, b=q, p=2, r=q)


@obligation(
    "definition1.by_label",
    paper="Definition 1",
    of=lambda case: ByLabel(split_by_label, asked_by_label),
    twin=lambda case: ByLabel(_kept, _once),
)
def budgets_by_label(subject: ByLabel, case: Case) -> None:
    """For all k, tau, r, q and b: the method that asks each of k queries in two parts, one for each label, has 2k
    rounds, tolerance tau/2, r random bits and one query a round, and alternates; the one that asks each part in q
    rounds over batches of b has 2kq rounds, tolerance tau/4 and else the same."""
    k, r, q, b = (case.integer(name) for name in ("k", "r", "q", "b"))
    tau = case.real("tau")
    case.assume(k >= 1, r >= 1, q >= 2, b >= 1, tau > 0, q != b)
    parts, rounds = subject.split(SQ(k=k, tau=tau, r=r)), subject.asked(SQ(k=k, tau=tau, r=r), q, b)
    for name, made, times, part in (("parts", parts, 2, 2), ("rounds", rounds, 2 * q, 4)):
        case.show(f"{name}: so many rounds", made.k == times * k)
        case.show(f"{name}: the tolerance", made.tau == tau / part)
        case.show(f"{name}: one query a round, alternating", made.p == 1 and made.alternating)
        case.show(f"{name}: the random bits", made.r == r)
    case.show("rounds: the batch", rounds.b == b)


def method_of(budget: Any, *, values: Any = (0,), fresh: int = 0, refilled: bool = False) -> QueryMethod:
    """A method with a budget that always asks queries of these values.

    >>> method_of(BSQ(k=1, tau=EIGHTH, b=1, p=1)).ask((), 1)((0,), 1)
    (Fraction(0, 1),)
    """
    return QueryMethod(
        n=1,
        budget=budget,
        start=lambda bits: bits,
        query=lambda state: lambda x, y: values,
        after=lambda state, answers: state,
        predictor=lambda state: lambda x: 0,
        fresh=fresh,
        refill=(lambda state, bits: state) if refilled else None,
    )


def _methods() -> Iterator[dict[str, Any]]:
    for kind, k, size, p, r in product(range(4), (-1, 0, 1), (-1, 0, 1), (-1, 0), (-1, 0)):
        yield from ({"kind": kind, "k": k, "size": size, "p": p, "r": r, "tau": tau} for tau in (-1, 0))


def _made(kind: int, k: int, size: int, p: int, r: int, tau: Fraction) -> Any:
    """A method of one of the four kinds with a budget."""
    if kind == 0:
        return SampleMethod(n=1, budget=PAC(m=size, r=r), learn=lambda sample, bits: lambda x: 0)
    if kind == 1:
        return method_of(SQ(k=k, tau=tau, r=r, p=p))
    return method_of(BSQ(k=k, tau=tau, b=size, p=p, r=r) if kind == 2 else FBSQ(k=k, tau=tau, m=size, p=p, r=r))


@obligation(
    "definition1.budgets",
    paper="Definition 1",
    kind="enumeration",
    domain=_methods,
    finite="numbers from -1 to 1",
    expect=Verdict.CHECKED,
    of=lambda case: _made,
    twin=lambda case: lambda *numbers: _made(0, 1, 1, 1, 0, EIGHTH),
)
def budgets_that_are_refused(make: Callable[..., Any], case: Case) -> None:
    """A method on samples, and one that asks about the source, about fresh batches, or about one batch, is refused
    exactly if one of its numbers is negative or its batch is empty; the one batch may be empty where there is no
    round. What asks queries is refused as a method on samples."""
    kind, k, size, p, r = (int(case.integer(name)) for name in ("kind", "k", "size", "p", "r"))
    tau = Fraction(case.integer("tau")) / 8
    numbers = {0: (size, r), 1: (k, p, r, tau)}.get(kind, (k, size, p, r, tau))
    empty = size == 0 and (kind == 2 or (kind == 3 and k > 0))
    refused = empty or any(number < 0 for number in numbers)
    found = taken(lambda: make(kind, k, size, p, r, tau))
    case.show("refused, or not", (found is ConstructionError) == refused)
    samples = taken(lambda: of_samples(found)) if not refused else found
    case.show("whether it is on samples", (samples is found) == (kind == 0 or refused))


@obligation(
    "definition1.defaults",
    paper="Definition 1",
    kind="enumeration",
    domain=lambda: ({"k": k, "size": size, "p": p} for k, size, p in product((1, 2), repeat=3)),
    finite="one or two rounds, points and queries",
    expect=Verdict.CHECKED,
    of=lambda case: {},
    twin=lambda case: {"r": 1, "alternating": True, "p": 2},
)
def what_is_not_said(more: dict[str, Any], case: Case) -> None:
    """A budget of which no more is said has no random bits; it does not alternate; about the source it asks one query a
    round."""
    k, size, p = (int(case.integer(name)) for name in ("k", "size", "p"))
    asked = (
        SQ(k=k, tau=EIGHTH, **more),
        BSQ(k=k, tau=EIGHTH, b=size, **{"p": p, **more}),
        FBSQ(k=k, tau=EIGHTH, m=size, **{"p": p, **more}),
    )
    bits = {name: by for name, by in more.items() if name == "r"}
    case.show("no random bits", [each.r for each in (PAC(m=size, **bits), *asked)] == [0, 0, 0, 0])
    case.show("no alternation", not any(each.alternating for each in asked))
    case.show("one query about the source", asked[0].p == 1)


def _fresh() -> Iterator[dict[str, Any]]:
    for k, fresh, r, to in product((1, 2, 3), (0, 1, 2), range(6), (0, 1)):
        yield from ({"k": k, "fresh": fresh, "r": r, "to": to, "refilled": bit} for bit in (0, 1))


def _without_bits(method: QueryMethod, k: int) -> QueryMethod:
    """The same method (the twin's)."""
    return method


@obligation(
    "definition1.fresh",
    paper="Definition 1",
    kind="enumeration",
    domain=_fresh,
    finite="at most 3 rounds and 5 random bits",
    expect=Verdict.CHECKED,
    of=lambda case: (method_of, stopped),
    twin=lambda case: (lambda budget, **given: method_of(budget), _without_bits),
)
def random_bits_of_rounds(subject: tuple[Callable[..., Any], Callable[..., Any]], case: Case) -> None:
    """A method that draws fresh random bits in each of k rounds is refused exactly if it has not so many in all, or
    has no rule that puts them into its state; without fresh bits it may have no such rule. Stopped after some rounds it
    keeps its own bits and those of these rounds, and all else of its budget."""
    k, fresh, r, to, refilled = (int(case.integer(name)) for name in ("k", "fresh", "r", "to", "refilled"))
    make, stop = subject
    budget = BSQ(k=k, tau=EIGHTH, b=2, p=1, r=r)
    found = taken(lambda: make(budget, fresh=fresh, refilled=bool(refilled)))
    refused = r < k * fresh or bool(fresh) != bool(refilled)
    case.show("refused, or not", (found is ConstructionError) == refused)
    left = None if refused or found is ConstructionError else stop(found, to)
    own = r - k * fresh
    wanted = None if refused else (own, BSQ(k=to, tau=EIGHTH, b=2, p=1, r=own + to * fresh))
    case.show("what is left", (left and (left.own, left.budget)) == wanted)


QUERY_VALUES = tuple(map(Fraction, ("-9/8", "-1", "0", "1", "9/8")))


def _questions() -> Iterator[dict[str, Any]]:
    for one, other, p, alternating in product(range(5), range(5), (1, 2, 3), (0, 1)):
        values = {"one": one, "other": other, "p": p, "alternating": alternating}
        yield from (values | {"y": y, "round": number} for y, number in product((0, 1), (1, 2)))


def _unchecked(method: QueryMethod, state: Any, number: int) -> Any:
    """The queries with one more, and nothing refused (the twin's)."""
    return lambda x, y: (*method.query(state)(x, y), Fraction(0))


@obligation(
    "definition1.asked",
    paper="Definition 1",
    kind="enumeration",
    domain=_questions,
    finite="two values of five, one to three queries",
    expect=Verdict.CHECKED,
    of=lambda case: QueryMethod.ask,
    twin=lambda case: _unchecked,
)
def queries_that_are_refused(ask: Callable[..., Callable[..., Answers]], case: Case) -> None:
    """The queries of a method that alternates are refused in an odd round at label 0 and in an even one at label 1
    exactly if one is not 0; those of any method exactly if they are not as many as its budget says or one is outside
    [-1, 1]. What is not refused is what the method asks."""
    names = ("one", "other", "p", "alternating", "y", "round")
    one, other, p, alternating, y, number = (int(case.integer(name)) for name in names)
    values = (QUERY_VALUES[one], QUERY_VALUES[other])
    method = method_of(BSQ(k=2, tau=EIGHTH, b=1, p=p, alternating=bool(alternating)), values=values)
    wrong = p != 2 or any(abs(value) > 1 for value in values)
    wrong_label = bool(alternating) and y != number % 2 and any(values)
    found = taken(lambda: ask(method, (), number)((0,), y))
    case.show("the values, or none", found == (ConstructionError if wrong or wrong_label else values))


@obligation(
    "definition1.strings",
    paper="Definition 1",
    kind="enumeration",
    domain=lambda: ({"r": r} for r in (0, 1, 2, 3, 5, 16, 17)),
    finite="0 to 5, 16 and 17 random bits",
    expect=Verdict.CHECKED,
    of=lambda case: strings,
    twin=lambda case: lambda r: [(0,) * r],
)
def strings_of_bits(every_string: Callable[[int], list[Any]], case: Case) -> None:
    """The random strings of r bits are 2^r different tuples of r bits; for more than 16 bits this is refused."""
    r = int(case.integer("r"))
    found = taken(lambda: every_string(r))
    case.show("all, once, or none", found is PremiseError if r > 16 else len(set(found)) == len(found) == 2**r)
    case.show("of r bits", r > 16 or all(len(bits) == r and set(bits) <= {0, 1} for bits in found))


class Unwatched(Simulation[Any, Any]):
    """A simulation that does not look at budgets (the twin's)."""

    def __call__(self, method: Any) -> Any:
        """The simulating method, whatever its budget is."""
        return self.reduce(method)


@obligation(
    "definition1.promised",
    paper="Definition 1",
    kind="enumeration",
    domain=lambda: ({"m": m, "made": made, "first": a, "second": b} for m, made, a, b in product((1, 2), repeat=4)),
    finite="samples 1 and 2",
    expect=Verdict.CHECKED,
    of=lambda case: Simulation,
    twin=lambda case: Unwatched,
)
def budgets_that_are_promised(kind: Callable[..., Any], case: Case) -> None:
    """A simulation is refused exactly where it makes a method whose budget is not the promised one. In a chain the
    budgets follow one another, the names are said in order, and what either rests on is kept, once."""
    m, made, *ends = (int(case.integer(name)) for name in ("m", "made", "first", "second"))

    def method(size: int) -> SampleMethod:
        return SampleMethod(n=1, budget=PAC(m=size), learn=lambda sample, bits: lambda x: 0)

    def link(name: str, size: int, rests: tuple[str, ...]) -> Any:
        def budget(given: PAC) -> PAC:
            return PAC(m=given.m + size)

        return kind(
            name=name, delta=EIGHTH, budget=budget, reduce=lambda one: method(one.budget.m + made), assumes=rests
        )

    first, second = (link(name, size, ("both", name)) for name, size in zip("ab", ends, strict=True))
    found, chained = taken(lambda: first(method(m)).budget), taken(lambda: first.then(second)(method(m)).budget)
    wrong = ends[0] != made
    case.show("refused, or as promised", found == (ConstructionError if wrong else PAC(m=m + made)))
    wrong = wrong or ends[1] != made
    case.show("a chain, too", chained == (ConstructionError if wrong else PAC(m=m + 2 * made)))
    both = first.then(second)
    case.show("names and what they rest on", (both.name, both.assumes) == ("a, then b", ("both", "a", "b")))
    case.show("the budget of a chain", both.budget(PAC(m=m)) == PAC(m=m + sum(ends)))
