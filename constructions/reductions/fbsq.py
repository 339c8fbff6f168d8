"""Reductions to and from full-batch queries (Lemmas 5a, 5b and 6).

Lemma 5a: with b tau < 1/2 every answer gives an exact count, so the sample is read off along the tree of its prefixes,
one query for each prefix that occurs and is not complete: sum over l = 0..n of min(2^l, m) rounds at most, which is
sharp and at most m(n+1). The counts give the sample as a set with multiplicities. A method that minds the order of its
sample is run on all orders and the predictions are averaged, which by convexity of the loss costs nothing (E60).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import factorial
from typing import Any, TypeAlias, cast

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.learning.models import (
    FBSQ,
    PAC,
    Answers,
    Query,
    QueryMethod,
    SampleMethod,
    Simulation,
    State,
    of_samples,
)
from constructions.learning.oracles import answered
from constructions.learning.problems import Bits, Point, Predictor
from constructions.reductions.bsq import decoded, readings
from constructions.reductions.one_bit import begins_with, matches

Entry: TypeAlias = tuple[Bits, Any]
"""A prefix with the number of points that begin with it."""
MOST_ORDERS = 50_000


def tree_rounds(m: int, levels: int) -> int:
    """The most prefixes of length 0 to levels - 1 that a sample of size m can have.

    >>> tree_rounds(3, 4), 3 * 4
    (9, 12)
    """
    return sum(min(2**level, m) for level in range(levels))


def printed_rounds(m: Number, n: Number, *, alternating: bool) -> Number:
    """The paper's number of rounds: m(n+1), or twice that one label at a time.

    >>> printed_rounds(3, 2, alternating=False), printed_rounds(3, 2, alternating=True)
    (9, 18)
    """
    return (2 if alternating else 1) * m * (n + 1)


def ones_of(entry: Entry, answer: Number, m: Number) -> Number:
    """How many points of a prefix in a sample of m go on with 1.

    Parameters
    ----------
    entry : the prefix and its count. answer : the one to its query. m : the size of the sample.

    >>> ones_of(((0,), 2), Fraction(3, 8), 3)
    1
    """
    return min(entry[1], decoded(answer, m))


def split(entry: Entry, ones: Number, width: Number) -> tuple[list[Entry], list[Entry]]:
    """The extensions of a prefix by a bit that occur, with their counts: those to extend further, and the words.

    Parameters
    ----------
    entry : the prefix and its count. ones : how many of its points go on with 1. width : the bits of a word.

    >>> split(((0,), 3), 1, 3), split(((0,), 3), 3, 2)
    (([((0, 0), 2), ((0, 1), 1)], []), ([], [((0, 1), 3)]))
    """
    prefix, count = entry
    children = [((*prefix, bit), many) for bit, many in ((0, count - ones), (1, ones)) if many]
    return [one for one in children if len(one[0]) < width], [one for one in children if len(one[0]) == width]


def copies(word: Bits, count: int) -> list[Point]:
    """The point of a ``word`` (y, x1, ..., xn), as often as the ``count`` says.

    >>> copies((1, 0), 2)
    [((0,), 1), ((0,), 1)]
    """
    return [(word[1:], word[0])] * count


@dataclass(frozen=True, slots=True)
class SampleReading:
    """What has been read of the sample: prefixes of (y, x) still to extend, with counts, and the points found, in
    order.

    Parameters
    ----------
    bits : the method's random string. label : that of the round to come, in the alternating form.
    open, found : the prefixes, each with its count, and the points.
    """

    bits: Bits
    label: int
    open: tuple[tuple[Bits, int], ...]
    found: tuple[Point, ...] = ()


def lemma_5a(n: int, *, tau: Number, symmetric: bool = False) -> Simulation[SampleMethod, QueryMethod]:
    """fbSQ(sum of min(2^l, m) for l = 0..n, tau, m, 1, r) does what PAC(m, r) does, if m tau < 1/2; delta = 0.

    Parameters
    ----------
    symmetric : the methods to come do not look at the order of their sample, so one order will do.

    >>> lemma_5a(2, tau=Fraction(1, 8)).budget(PAC(m=3)).k, lemma_5a(2, tau=Fraction(1, 8)).printed(PAC(m=3)).k
    (6, 9)
    """
    return _reading_simulation("Lemma 5a", n, tau, alternating=False, symmetric=symmetric)


def lemma_6(n: int, *, tau: Number, symmetric: bool = False) -> Simulation[SampleMethod, QueryMethod]:
    """fbSQ0/1(1 + 2 sum of min(2^l, m) for l = 0..n-1, tau, m, 1, r) does what PAC(m, r) does, if m tau < 1/2; delta =
    0.

    The root is asked 1{y = 1}; then the points of label 1 are read in odd rounds and those of label 0 in even ones.

    With ``symmetric`` the methods to come do not look at the order of their sample, so one order will do.

    >>> lemma_6(2, tau=Fraction(1, 8)).budget(PAC(m=3)).k, lemma_6(2, tau=Fraction(1, 8)).printed(PAC(m=3)).k
    (7, 18)
    """
    return _reading_simulation("Lemma 6", n, tau, alternating=True, symmetric=symmetric)


def reading_rounds(m: int, n: int, *, alternating: bool) -> int:
    """The rounds in which any sample of m points of n bits is read; with ``alternating``, one label at a time.

    >>> reading_rounds(3, 2, alternating=False), reading_rounds(3, 2, alternating=True)
    (6, 7)
    """
    if not m:
        return 0
    return 1 + 2 * tree_rounds(m, n) if alternating else tree_rounds(m, n + 1)


def _reading_simulation(
    name: str, n: int, tau: Number, *, alternating: bool, symmetric: bool
) -> Simulation[SampleMethod, QueryMethod]:
    size, tolerance = whole(n, where="n"), rational(tau, where="tau")

    def of(budget: PAC, k: int) -> FBSQ:
        return FBSQ(k=k, tau=tolerance, m=budget.m, p=1, r=budget.r, alternating=alternating)

    def reduce(method: SampleMethod) -> QueryMethod:
        if of_samples(method).n != size:
            raise ConstructionError(f"need a method for {size} bits, got one for {method.n}")
        if not 2 * method.budget.m * tolerance < 1:
            raise PremiseError(f"need m tau < 1/2, got {method.budget.m} * {tolerance} = {method.budget.m * tolerance}")
        return read_sample(method, tau=tolerance, alternating=alternating, orders=not symmetric)

    return Simulation(
        name=name,
        delta=Fraction(0),
        reduce=reduce,
        budget=lambda budget: of(budget, reading_rounds(budget.m, size, alternating=alternating)),
        printed=lambda budget: of(budget, printed_rounds(budget.m, size, alternating=alternating)),
    )


@dataclass(frozen=True, slots=True)
class ReadingSteps:
    """The functions of the method that reads its batch along the tree of prefixes.

    Parameters
    ----------
    method : the sample is for it. alternating : whether a round asks about one label only.
    orders : whether its predictions are averaged over all orders of the sample.


    >>> from constructions.learning.learners import memoriser
    >>> steps = ReadingSteps(memoriser(1, 2), alternating=False, orders=False)  # two points (y, x), bit by bit
    >>> state = steps.start(())
    >>> [steps.query(state)((0,), y) for y in (0, 1)]
    [(0,), (1,)]
    >>> for answer in (Fraction(1), Fraction(1, 2)):  # all labels are 1; half of the x are
    ...     state = steps.after(state, (answer,))
    >>> state.found, steps.predictor(state)((1,))
    ((((0,), 1), ((1,), 1)), Fraction(1, 1))
    >>> steps.chosen(steps.start(()))  # the empty prefix, which both points have
    ((), 2)
    """

    method: SampleMethod
    alternating: bool
    orders: bool

    def start(self, bits: Bits) -> SampleReading:
        """Nothing is read: all points begin with the empty prefix."""
        m = self.method.budget.m
        return SampleReading(bits, 1, (((), m),) if m else ())

    def chosen(self, state: State) -> tuple[Bits, int] | None:
        """The first prefix to extend that a query of the round may ask about, and its count."""
        reading = cast(SampleReading, state)
        return next(
            (entry for entry in reading.open if not self.alternating or (*entry[0], 1)[0] == reading.label), None
        )

    def query(self, state: State) -> Query:
        """Which points begin with the chosen prefix and then a 1."""
        entry = self.chosen(state)
        if entry is None:
            return lambda x, y: (0,)
        wanted = (*entry[0], 1)
        return lambda x, y: (int(matches(begins_with(wanted), (y, *x))),)

    def after(self, state: State, answers: Answers) -> State:
        """What has been read after a round, from the ``state`` before it and the ``answers``."""
        reading, entry = cast(SampleReading, state), self.chosen(state)
        label, n = 1 - reading.label if self.alternating else 1, self.method.n
        if entry is None:
            return SampleReading(reading.bits, label, reading.open, reading.found)
        going_on, complete = split(entry, ones_of(entry, answers[0], self.method.budget.m), n + 1)
        rest = [other for other in reading.open if other != entry]
        full = [point for word, count in complete for point in copies(word, count)]
        found = sorted((*reading.found, *full), key=lambda point: (point[1], point[0]))
        return SampleReading(reading.bits, label, (*going_on, *rest), tuple(found))

    def predictor(self, state: State) -> Predictor:
        """What the method returns for the sample; 0 if it has not been read."""
        reading = cast(SampleReading, state)
        if reading.open:
            return lambda x: 0
        if self.orders:
            return averaged_over_orders(self.method, reading.found, reading.bits)
        return self.method.learn(reading.found, reading.bits)


def read_sample(
    method: SampleMethod, *, tau: Fraction, alternating: bool = False, rounds: int | None = None, orders: bool = True
) -> QueryMethod:
    """The query method that reads its one batch as a sample and runs a method on it; no premise is checked.

    Parameters
    ----------
    tau : the tolerance of the queries. alternating : whether a round asks about one label only.
    rounds : how many rounds there are, as many as any sample needs if not given; a sample that is not read in time
        gives the predictor 0.
    orders : whether the predictions are averaged over all orders of the sample; if not, the method is run on the
        sorted sample, as printed.

    >>> from constructions.learning.learners import parity
    >>> read_sample(parity(2, 3), tau=Fraction(1, 8)).budget
    FBSQ(k=6, tau=Fraction(1, 8), m=3, p=1, r=0, alternating=False)
    """
    m, n = method.budget.m, method.n
    k = reading_rounds(m, n, alternating=alternating) if rounds is None else rounds
    steps = ReadingSteps(method, alternating, orders)
    return QueryMethod(
        n=n,
        budget=FBSQ(k=k, tau=tau, m=m, p=1, r=method.budget.r, alternating=alternating),
        query=steps.query,
        after=steps.after,
        predictor=steps.predictor,
        start=steps.start,
        cells=readings(m),
    )


def averaged_over_orders(method: SampleMethod, points: Sequence[Point], bits: Bits) -> Predictor:
    """The mean of a method's predictions over all orders of some ``points``, with the random string ``bits``.

    Raises
    ------
    PremiseError
        For more than :data:`MOST_ORDERS` orders.

    >>> first = SampleMethod(n=0, budget=PAC(m=3), learn=lambda sample, bits: lambda x: sample[0][1])
    >>> averaged_over_orders(first, [((), 0), ((), 1), ((), 1)], ())(())
    Fraction(2, 3)
    """
    if factorial(len(points)) > MOST_ORDERS:
        raise PremiseError(f"need at most {MOST_ORDERS} orders of the sample, got {len(points)}!")
    found = [method.learn(order, bits) for order in sorted(set(permutations(points)))]
    return lambda x: sum((rational(h(x), where=f"prediction at {x}") for h in found), Fraction(0)) / len(found)


def lemma_5b() -> Simulation[QueryMethod, SampleMethod]:
    """PAC(m, r) does what fbSQ(k, tau, m, p, r) does, with delta = 0: the exact means are valid answers.

    >>> lemma_5b().budget(FBSQ(k=3, tau=Fraction(1, 8), m=4, p=2, r=1))
    PAC(m=4, r=1)
    """

    def reduce(method: QueryMethod) -> SampleMethod:
        budget = method.budget
        if not isinstance(budget, FBSQ):
            raise ConstructionError(f"need an fbSQ method, got one with the budget {budget}")
        k = budget.k
        return SampleMethod(
            n=method.n,
            budget=PAC(m=budget.m, r=budget.r),
            learn=lambda sample, bits: answered(method, [sample] * k, bits),
        )

    def count(budget: FBSQ) -> PAC:
        return PAC(m=budget.m, r=budget.r)

    return Simulation(name="Lemma 5b", delta=Fraction(0), budget=count, printed=count, reduce=reduce)
