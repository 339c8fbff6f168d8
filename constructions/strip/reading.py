"""Whole batches from the answers of one round each: bSQ(ceil(m/b), tau, b, s (bn + 1), r) does what PAC(m, r) does,
with delta = 0, for b tau < 1 (FULL and Theorem 2a: b tau < 1/2).

A round asks what one step of the models M (s = 1) or M* (s = 2) answers. From the first bn + 1 answers the balance G of
the batch is decoded; for M* those that follow give N_1, the points with label 1, and G + N_1 has those with label 0. M
serves batches whose labels are a function of the point. The order inside a batch is lost, as with FULL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational
from constructions.foundations.logic import select
from constructions.learning.error import exact_cells
from constructions.learning.models import BSQ, PAC, Answers, Query, QueryMethod, SampleMethod, Simulation, of_samples
from constructions.learning.problems import Bits, Predictor
from constructions.reductions.full import BatchReading, mean_predictor
from constructions.strip.decoding import counts, decoded, nearest_of_parity
from constructions.strip.family import PowerFamily
from constructions.strip.reader import REALIZABLE, Reader, any_labels, held_for, ones_from


def points_of_each_label(balance: Number, ones: Number | None) -> tuple[Number, Number]:
    """How often a point is in a batch with label 0 and with label 1: from the ``balance`` there and the points with
    label 1, the ``ones``, or from the balance alone if no point has both labels.

    >>> points_of_each_label(-1, 3), points_of_each_label(-1, None)
    ((2, 3), (0, 1))
    """
    with_1 = select(balance < 0, -balance, 0) if ones is None else ones
    return balance + with_1, with_1


@dataclass(frozen=True, slots=True)
class WholeBatch:
    """How a batch is asked about, and read.

    Parameters
    ----------
    family : the queries. reader : the numbers of M or M*.

    >>> whole = WholeBatch(PowerFamily(2, 3), REALIZABLE)
    >>> batch = [((0, 1), 1), ((1, 1), 0), ((0, 1), 1)]
    >>> means = [sum(row) / Fraction(3) for row in zip(*(whole.query(x, y) for x, y in batch))]
    >>> whole.size, whole.slopes((0, 1))[:2], whole.words(means)
    (7, (Fraction(2, 1), Fraction(2, 1)), ((0, 1, 1), (1, 0, 1), (1, 0, 1)))
    """

    family: PowerFamily
    reader: Reader

    @property
    def size(self) -> int:
        """The number of parameters of a block."""
        return self.family.size * len(self.reader.slopes)

    def query(self, x: Bits, y: int) -> tuple[Fraction, ...]:
        """The clipped gradient of a sample (x, y) by each parameter, which is what a step answers."""
        values, reader = self.family.values(x), self.reader
        by_value = [{value: reader.gradient(group, value, y) for value in (1, -1)} for group in self.groups]
        return tuple(by_value[group][value] for group in self.groups for value in values)

    def slopes(self, x: Bits) -> tuple[Fraction, ...]:
        """The derivatives of a block's output at a point by its parameters."""
        return tuple(factor * value for factor in self.reader.slopes for value in self.family.values(x))

    def held_at(self, x: Bits) -> Number:
        """The output of a block at a point while its parameters are 0: c, at every one."""
        return self.reader.held

    @property
    def groups(self) -> range:
        """The groups of parameters, by number."""
        return range(len(self.reader.slopes))

    def words(self, answers: Sequence[Fraction]) -> tuple[Bits, ...]:
        """The words (y, x) of the batch, sorted, from the answers of a round.

        Raises
        ------
        PremiseError
            For answers that no batch of b points has (for M: of points whose labels are a function of x).
        """
        size, b = self.family.size, self.family.b
        exact = counts(answers[:size], b)
        balance = decoded(self.family, exact)
        with_both = len(self.groups) > 1
        ones = decoded(self.family, self._counts_of_ones(exact, answers[size:])) if with_both else {}
        every = [
            ((label, *x), int(many))
            for x in {**balance, **ones}
            for label, many in enumerate(points_of_each_label(balance.get(x, 0), ones.get(x, 0) if with_both else None))
        ]
        if any(many < 0 for _, many in every) or sum(many for _, many in every) != b:
            raise PremiseError(f"need the answers of a batch of {b} points, got some that no batch has")
        return tuple(sorted(word for word, many in every for _ in range(many)))

    def _counts_of_ones(self, exact: Sequence[int], answers: Sequence[Fraction]) -> list[int]:
        """The products of N_1 with the queries, from those of the balance and the answers to queries with slope 1."""
        b, held = self.family.b, self.reader.held
        many = (b - exact[0]) // 2
        near = (ones_from(Fraction(total), b * answer, held) for total, answer in zip(exact, answers, strict=True))
        return [int(nearest_of_parity(value, many)) for value in near]


def whole_batch(n: int, b: int, error: Fraction, *, realizable: bool = False) -> WholeBatch:
    """How batches of ``b`` points of ``n`` bits are asked about by M* (or by M, if they are to be ``realizable``), for
    answers that are within tau of their means, and b tau = ``error``.

    Raises
    ------
    PremiseError
        Unless b tau < 1.

    >>> whole_batch(2, 3, Fraction(1, 2)).size, whole_batch(2, 3, Fraction(1, 2), realizable=True).size
    (14, 7)
    """
    held = held_for(error)
    return WholeBatch(PowerFamily(n, b), REALIZABLE if realizable else any_labels(held))


def batches_read(
    n: int, *, b: int, tau: Fraction, realizable: bool = False, symmetric: bool = False
) -> Simulation[SampleMethod, QueryMethod]:
    """bSQ(ceil(m/b), tau, b, 2(bn + 1), r) does what PAC(m, r) does, with delta = 0, for b tau < 1.

    Parameters
    ----------
    n : bits of a point. b, tau : batch size and tolerance.
    realizable : no batch has a point with both labels, so bn + 1 queries will do.
    symmetric : the methods to come do not look at the order of their sample, so one arrangement will do.

    Raises
    ------
    PremiseError
        For b tau >= 1 or a negative tau; when it is used, for a method on other bits.

    >>> batches_read(8, b=4, tau=Fraction(1, 5)).budget(PAC(m=20))
    BSQ(k=5, tau=Fraction(1, 5), b=4, p=66, r=0, alternating=False)
    """
    if rational(tau, where="tau") < 0 or b * tau >= 1:
        raise PremiseError(f"need tau >= 0 and b tau < 1, got b tau = {b} * {tau} = {b * tau}")
    whole = whole_batch(n, b, b * tau, realizable=realizable)

    def budget(given: PAC) -> BSQ:
        return BSQ(k=steps_for(given.m, b), tau=tau, b=b, p=whole.size, r=given.r)

    def reduce(method: SampleMethod) -> QueryMethod:
        if of_samples(method).n != n:
            raise PremiseError(f"need a method on n = {n} bits, got one on n = {method.n}")
        return reading_method(method, whole, budget(method.budget), symmetric=symmetric)

    return Simulation(name="Whole batches", delta=Fraction(0), budget=budget, reduce=reduce)


def steps_for(m: int, b: int) -> int:
    """ceil(m/b), the batches of ``b`` points that have ``m`` samples.

    >>> steps_for(20, 4), steps_for(21, 4), steps_for(0, 4)
    (5, 6, 0)
    """
    return -(-m // b)


def reading_method(method: SampleMethod, whole: WholeBatch, budget: BSQ, *, symmetric: bool) -> QueryMethod:
    """The method that reads a ``whole`` batch in each round of its ``budget``, and runs a ``method`` on all of them;
    one order of each batch will do if it is ``symmetric``.

    >>> from constructions.learning.learners import parity
    >>> whole = whole_batch(2, 3, Fraction(1, 2), realizable=True)
    >>> reading_method(parity(2, 6), whole, BSQ(k=2, tau=Fraction(1, 6), b=3, p=7), symmetric=True).budget.k
    2
    """

    def query(state: Any) -> Query:
        return whole.query

    def after(state: Any, answers: Answers) -> BatchReading:
        reading: BatchReading = state
        return reading._replace(batches=(*reading.batches, whole.words(answers)))

    def predictor(state: Any) -> Predictor:
        return mean_predictor(method, state, symmetric=symmetric)

    return QueryMethod(
        n=method.n,
        budget=budget,
        start=lambda bits: BatchReading((), bits),
        query=query,
        after=after,
        predictor=predictor,
        cells=exact_cells,
    )
