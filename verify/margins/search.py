"""Where a fact begins to fail as a number moves: the exact end, from the fact's own formula.

Let t be the number that moves and fails(t, x) say that the premises hold and the fact does not, x all other variables.
Upwards from where the fact holds, the end is the infimum of the t with some x for which it fails. z3 answers whether
there is such a t in an interval; each yes brings a t nearby and each no a stretch that is free of failures, so the end
is enclosed. Two questions make it exact:

* *the fact fails at c, and nowhere before*: the end is c, and open, that is, c itself is outside;
* *it holds up to c, c included, and fails at every t behind it*: the end is c, and closed. That something fails at
  every t in (c, e] is shown by one x for all of them, or by an x that moves evenly with t: a question about t alone.

Candidates for c are the simplest rationals of the interval that is left. An end that is no rational is looked for as a
root of a polynomial of degree 2 (:mod:`verify.margins.roots`). Where neither is found, or z3 does not know, the end is
enclosed between a number up to which the fact holds and one at which it fails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation
from constructions.foundations.terms import REAL, Term, formula, number, variable
from constructions.foundations.traversal import substituted, variables
from verify.margins.closure import weakened
from verify.margins.roots import NARROW, Quadratic, quadratics_in, value_at
from verify.provers.asking import Asking, SolverAnswer

MOST_QUESTIONS = 72
"""How many intervals are asked of one fact on one side; what is left then is enclosed."""
MOST_UNKNOWN = 3
"""After so many questions that z3 leaves open the end is enclosed as it is."""
MOST_TRIES = 3
"""How often values are looked for with which a fact fails at everything behind an end."""
NEAR = 2**10
Values = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFailure:
    """Where a fact begins to fail, as a distance from where it is known to hold.

    Parameters
    ----------
    low : the fact holds for all smaller distances. high : it fails at this one, or (``exact`` and ``closed``) at all
        that are greater by little. exact : whether low = high is the end itself. closed : whether the fact holds at it.
    values : where it fails. reason : why the end is not exact.
    root : a polynomial of which the number itself, between both, is the root at which the fact begins to fail.
    """

    low: Fraction
    high: Fraction
    exact: bool
    closed: bool
    values: Values
    reason: str = ""
    root: Quadratic | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Nothing is known beyond ``low``, a distance up to which a fact holds, for this reason."""

    low: Fraction
    reason: str


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The rational with the least denominator (and then nearest to 0) in a closed interval.

    >>> str(simplest_between(Fraction(3, 10), Fraction(7, 20))), str(simplest_between(Fraction(-1, 2), Fraction(1, 3)))
    ('1/3', '0')
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest_between(-high, -low)
    whole = low.numerator // low.denominator
    if whole == low:
        return low
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / simplest_between(1 / (high - whole), 1 / (low - whole))


@dataclass
class EndSearch:
    """One fact, one number that moves, one direction.

    Parameters
    ----------
    fails : what holds where the fact fails. term : the number that moves. start : where the fact holds.
    sign : 1 upwards, -1 downwards. asking : how z3 is asked. known : a distance below which it is proved not to fail.
    asked, unknown, tried : how many questions were asked, left open, and asked for values behind an end. reason : why
        one was left open.

    >>> from types import SimpleNamespace
    >>> x = variable("x", REAL)
    >>> asking = Asking.of({"x": x}, SimpleNamespace(logic=None, budget=1_000_000))
    >>> found = EndSearch(fails=2 * x > 3, term=x, start=Fraction(1), sign=1, asking=asking).first_failure()
    >>> str(found.low), str(found.high), found.closed  # it fails behind 1 + 1/2, and not there
    ('1/2', '1/2', True)
    """

    fails: Formula
    term: Term
    start: Fraction
    sign: int
    asking: Asking
    known: Fraction = Fraction(0)
    asked: int = field(default=0)
    unknown: int = field(default=0)
    tried: int = field(default=0)
    reason: str = field(default="")

    def first_failure(self, before: FirstFailure | None = None) -> FirstFailure | Open | None:
        """Where the fact begins to fail, if that is sooner than ``before`` (at the same end it is sooner to fail there
        than behind it); None if it does not."""
        within = None if before is None else before.high
        reach = before is not None and before.exact and before.closed
        low = self.known
        if within is not None and (within < low or (within == low and not reach)):
            return None
        here = self._failing_at(low)
        if here.status == "sat" and low > 0:
            return FirstFailure(low=low, high=low, exact=True, closed=False, values=here.values)
        answer = here if here.status == "unknown" else self._failing(low, within, reach=reach)
        if answer.status != "sat":
            return None if answer.status == "unsat" else Open(low=low, reason=answer.reason)
        found = answer
        while self.asked < MOST_QUESTIONS and self.unknown <= MOST_UNKNOWN:
            step = self._look_at(low, found)
            if isinstance(step, FirstFailure):
                return step
            if step[0] == low and step[1] is found:
                break
            low, found = step
        return self._enclosed(low, found)

    def _look_at(self, low: Fraction, found: SolverAnswer) -> "FirstFailure | tuple[Fraction, SolverAnswer]":
        """One candidate for the end, and one halving of the interval: the end, or a smaller interval."""
        high = self._distance(found.values)
        candidate = self._simplest(low, high)
        before = self._failing(low, candidate, reach=False)
        if before.status == "sat":
            found, high = before, self._distance(before.values)
        elif before.status == "unsat":
            here = self._failing_at(candidate)
            if here.status == "sat":
                return FirstFailure(low=candidate, high=candidate, exact=True, closed=False, values=here.values)
            low = candidate if here.status == "unsat" else low
        near = self._failing(low, low + (high - low) / NEAR, reach=True)
        if near.status == "sat":
            values = self._everywhere_behind(low, near)
            if values is not None:
                return FirstFailure(low=low, high=low, exact=True, closed=True, values=values)
            return low, near
        half = low + (high - low) / 2
        beyond = self._failing(low, half, reach=True)
        return (low, beyond) if beyond.status == "sat" else (half if beyond.status == "unsat" else low, found)

    def _enclosed(self, low: Fraction, found: SolverAnswer) -> FirstFailure:
        high, reason = self._distance(found.values), self.reason or f"not settled by {self.asked} questions"
        at_root = self._at_a_root(low, high, found.values) if high - low <= NARROW and not self.unknown else None
        if at_root is not None:
            return at_root
        return FirstFailure(low=low, high=high, exact=False, closed=False, values=found.values, reason=reason)

    def _at_a_root(self, low: Fraction, high: Fraction, values: Values) -> FirstFailure | None:
        """The end as the root of a polynomial: nothing fails on the near side of it, and something at it or behind."""
        ends = sorted((self.start + self.sign * low, self.start + self.sign * high))
        distance = self._distance_term()
        inside = every(distance > low, distance <= high)
        for root in quadratics_in(ends[0], ends[1]):
            sign = 1 if value_at(root, self.start + self.sign * low) > 0 else -1
            there = value_at(root, self.term) * sign
            if self._ask(every(self.fails, inside, there > 0)).status != "unsat":
                continue
            here = self._ask(every(self.fails, inside, there == 0))
            opened = here.status == "sat" or here.reason.startswith("satisfiable")
            if opened or (here.status == "unsat" and self._fail_on(values, low, high, beyond=there < 0)):
                return FirstFailure(low=low, high=high, exact=True, closed=not opened, values=values, root=root)
        return None

    def _everywhere_behind(self, end: Fraction, near: SolverAnswer) -> Values | None:
        """Values with which the fact fails at every distance from ``end`` to that of an answer; None if none are found.

        They may move evenly with the distance, from a limit at the end itself: none of them, one, or all.
        """
        if self.tried >= MOST_TRIES:
            return None
        self.tried += 1
        far, names = self._distance(near.values), list(self._moving())
        for moving in dict.fromkeys(((), *((name,) for name in names), tuple(names))):
            values = self._family(end, far, moving)
            if values is not None:
                return values
        return None

    def _family(self, end: Fraction, far: Fraction, names: Sequence[str]) -> Values | None:
        """Values with which the fact fails at every distance in (end, far]; those of some names move evenly.

        At ``far`` the fact fails; at ``end`` it fails with its strict comparisons weakened, as it does at a limit.
        """
        limit = {name: variable(f"{name} at the end", REAL) for name in names}
        at_end: dict[Term, Any] = {self._moving()[name]: term for name, term in limit.items()}
        at_end[self.term] = number(self.start + self.sign * end)
        there = substituted([formula(weakened(self.fails))], at_end)[0]
        known = {**self.asking.variables, **{term.data[0]: term for term in limit.values()}}
        question = every(there, self.fails, self._distance_term() == far)
        both = replace(self.asking, variables=known).ask(question)
        if both.status != "sat":
            return None
        share = (self._distance_term() - end) / (far - end)
        evenly: dict[str, Any] = dict(both.values)
        for name, term in limit.items():
            first, last = both.values[term.data[0]], both.values[name]
            evenly[name] = first + (last - first) * share
        values = {name: value for name, value in both.values.items() if name in self.asking.variables}
        return values if self._fail_on(evenly, end, far) else None

    def _fail_on(self, values: Mapping[str, Any], end: Fraction, far: Fraction, *, beyond: Formula = True) -> bool:
        """Whether the fact fails at every distance in (end, far], and ``beyond``, with these values of the other
        variables."""
        others = {term: values.get(name, Fraction(0)) for name, term in self._others().items()}
        by = {term: (value == 1 if term.data[1] == "truth" else value) for term, value in others.items()}
        here = substituted([formula(self.fails)], by)[0]
        distance = self._distance_term()
        question = every(distance > end, distance <= far, beyond, negation(here))
        return self.asking.ask(question).status == "unsat"

    def _moving(self) -> dict[str, Term]:
        """The other variables that have values between any two."""
        return {name: term for name, term in self._others().items() if term.data[1] == REAL}

    def _others(self) -> dict[str, Term]:
        found = variables(formula(self.fails))
        return {name: term for name, term in found.items() if term is not self.term}

    def _distance_term(self) -> Number:
        return (self.term - self.start) * self.sign  # type: ignore[operator]

    def _distance(self, values: Values) -> Fraction:
        return (values[self.term.data[0]] - self.start) * self.sign

    def _simplest(self, low: Fraction, high: Fraction) -> Fraction:
        """The distance of the simplest number between two distances; not the lower one itself, which is done."""
        ends = sorted((self.start + self.sign * (low + (high - low) / NEAR), self.start + self.sign * high))
        return (simplest_between(ends[0], ends[1]) - self.start) * self.sign

    def _ask(self, question: Formula) -> SolverAnswer:
        self.asked += 1
        answer = self.asking.ask(question)
        if answer.status == "unknown":
            self.unknown += 1
            self.reason = f"z3 does not know ({answer.reason})"
        return answer

    def _failing_at(self, distance: Fraction) -> SolverAnswer:
        return self._ask(every(self.fails, self.term == self.start + self.sign * distance))

    def _failing(self, low: Fraction, high: Fraction | None, *, reach: bool) -> SolverAnswer:
        """Whether the fact fails at a distance above ``low`` and below ``high`` (or at it: ``reach``)."""
        distance = self._distance_term()
        upper: Formula = True if high is None else distance <= high if reach else distance < high
        return self._ask(every(self.fails, distance > low, upper))
