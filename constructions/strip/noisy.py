"""Results B and C: learning from batches of which a few points are replaced, beyond b rho = 4/3.

The model M asks p queries with values 1 and -1 in each step (:mod:`constructions.strip.sign_queries`), and whatever
realizable batch is consistent with what a step wrote is taken for its batch. If the queries tell apart all batches at
a distance of d0 or more (A2), at most d0 - 1 of its points are not those of the batch. So bSGD does what A does on
samples of which in each batch d0 - 1 points are replaced by an adversary: learning with nasty noise of rate (d0 - 1)/b.

Result C takes for A the parity that disagrees with the fewest points. It stands (d0 - 1)/b < 1/8.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import cast

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.learning.descent_methods import BSGD, DescentMethod
from constructions.learning.learners import best_of
from constructions.learning.models import BSQ, PAC, SampleMethod, of_samples
from constructions.learning.parities import parity_of
from constructions.learning.problems import Bits
from constructions.strip.consistent import read
from constructions.strip.one_batch_models import OneBatchModel, OneBatchWeights
from constructions.strip.reader import REALIZABLE, Reader
from constructions.strip.reading import WholeBatch, reading_method, steps_for
from constructions.strip.readout import errors, level_for, logarithm_above, queries_for
from constructions.strip.sign_queries import SignQueries
from constructions.strip.simulations import tolerance_of, training

MOST_RHO = Fraction(1, 24)
"""Result C is for gradients at least so precise."""
SHARE_OF_A_BATCH = Fraction(1, 8)
"""So large a part of each batch may be replaced, less one point."""
CLOCK = Reader(held=Fraction(1, 4), slopes=(Fraction(4), Fraction(4, 3)))
"""For any labels: the constant query with these two slopes is loud on every batch, for rho < 4/15."""


def level_factor(share: Number) -> Number:
    """What times b rho^2 the level L of Result C is: 15 (b tau)^2/d0 for d0 = b times a ``share``, tau = 3 rho/4.

    >>> level_factor(SHARE_OF_A_BATCH)
    Fraction(135, 2)
    """
    return 15 * Fraction(9, 16) / share


@dataclass(frozen=True, slots=True)
class NoisyBatch:
    """How a realizable batch is asked about with queries of any family, and read with errors: what :class:`WholeBatch`
    is for the family of powers.

    Parameters
    ----------
    family : the queries. tau : how far an answer may be off. by : how a consistent batch is looked for.

    >>> batch = NoisyBatch(SignQueries(1, 2, (0, 2)), Fraction(1, 4), by="exhaustive")
    >>> batch.size, batch.query((1,), 0), batch.words([Fraction(0), Fraction(1)])
    (2, (Fraction(1, 1), Fraction(-1, 1)), ((0, 0), (1, 1)))
    """

    family: SignQueries
    tau: Fraction
    by: str = "milp"
    reader: Reader = REALIZABLE

    @property
    def size(self) -> int:
        """The number of parameters of a block."""
        return self.family.size

    def query(self, x: Bits, y: int) -> tuple[Fraction, ...]:
        """The gradient of a sample (x, y) by each parameter, which is what a step answers."""
        by_value = {value: Fraction(self.reader.gradient(0, value, y)) for value in (1, -1)}
        return tuple(by_value[value] for value in self.family.values(x))

    def slopes(self, x: Bits) -> tuple[Fraction, ...]:
        """The derivatives of a block's output at a point by its parameters."""
        return tuple(Fraction(self.reader.slopes[0]) * value for value in self.family.values(x))

    def held_at(self, x: Bits) -> Number:
        """The output of a block at a point while its parameters are 0: c, at every one."""
        return self.reader.held

    def words(self, answers: Sequence[Fraction]) -> tuple[Bits, ...]:
        """The words (y, x) of a consistent batch, sorted. Raises PremiseError if none is found."""
        balance = read(self.family, answers, self.tau, by=self.by)
        return tuple(sorted((int(many < 0), *x) for x, many in balance.items() for _ in range(abs(many))))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoisySimulation:
    """Result B: bSGD(ceil(m/b), rho, b, r + p ceil(m/b), r) has at most the largest error that a method A has on
    samples of which in each batch d0 - 1 points are replaced; for realizable sources and an A that minds no order.

    Parameters
    ----------
    n, b, rho : bits, batch size, precision. d0 : one more than may be replaced; 2 d0 <= b.
    queries : the family, if another one is meant than the drawn one of the theorem's size; then ``untold`` and
        ``silent`` say whether it does what is needed. by : how a consistent batch is looked for.

    Raises
    ------
    PremiseError
        Where A2 does not hold, and for 2 d0 > b.

    >>> result = NoisySimulation(n=4, b=64, rho=Fraction(1, 24), d0=8)
    >>> result.level, result.size, str(result.rate), result.budget(PAC(m=128)).p
    (8, 356515840, '7/64', 713031680)
    """

    n: int
    b: int
    rho: Fraction
    d0: int
    queries: SignQueries | None = None
    by: str = "milp"

    def __post_init__(self) -> None:
        if 2 * self.d0 > self.b:
            raise PremiseError(f"need 2 d0 <= b, got d0 = {self.d0} and b = {self.b}")
        errors(self.n, self.b, self.rho, self.d0)

    @property
    def level(self) -> int:
        """L, of A2."""
        return level_for(self.b * tolerance_of(self.rho), self.d0)

    @property
    def size(self) -> int:
        """p: how many queries a step answers."""
        return self.queries.size if self.queries else errors(self.n, self.b, self.rho, self.d0).queries

    @property
    def rate(self) -> Fraction:
        """(d0 - 1)/b: the rate of the noise."""
        return Fraction(self.d0 - 1, self.b)

    def budget(self, given: PAC) -> BSGD:
        """The budget of bSGD, from that of the method."""
        steps = steps_for(given.m, self.b)
        return BSGD(steps=steps, rho=self.rho, b=self.b, p=given.r + self.size * steps, r=given.r)

    def __call__(self, method: SampleMethod) -> DescentMethod:
        """The trained model of a ``method``, on the queries that were given. Raises PremiseError if none were."""
        if self.queries is None:
            raise PremiseError(f"need the queries themselves to train with, got their number alone, {self.size}")
        if (self.queries.n, self.queries.b) != (self.n, self.b) or of_samples(method).n != self.n:
            raise PremiseError(f"need queries and a method for n = {self.n} and b = {self.b}, got others")
        return trained_on(self.queries, method, self.rho, by=self.by)


def trained_on(queries: SignQueries, method: SampleMethod, rho: Fraction, *, by: str) -> DescentMethod:
    """bSGD on the model M with these ``queries``, that ends as the predictor of a ``method`` on batches consistent with
    what its steps wrote.

    Parameters
    ----------
    rho : the precision of gradients. by : how a consistent batch is looked for.

    >>> from constructions.learning.learners import parity
    >>> made = trained_on(SignQueries(1, 2, (0, 2)), parity(1, 2), Fraction(1, 3), by="exhaustive")
    >>> made.budget
    BSGD(steps=1, rho=Fraction(1, 3), b=2, p=2, r=0)
    """
    tau = Fraction(tolerance_of(rho))
    batch = cast(WholeBatch, NoisyBatch(queries, tau, by))
    steps = steps_for(method.budget.m, queries.b)
    budget = BSQ(k=steps, tau=tau, b=queries.b, p=queries.size, r=method.budget.r)
    model = OneBatchModel(method=reading_method(method, batch, budget, symmetric=True), whole=batch, rho=rho)
    return DescentMethod(
        n=method.n,
        budget=BSGD(steps=steps, rho=rho, b=queries.b, p=model.size, r=method.budget.r),
        start=lambda bits: model.start(bits).confined(),
        descent=training(rho),
        predictor=OneBatchWeights.predictor,
    )


def best_parity(n: int, m: int) -> SampleMethod:
    """The parity of ``n`` bits that disagrees with the fewest of ``m`` points (the first of them).

    >>> best_parity(2, 3).learn((((1, 0), 1), ((0, 1), 0), ((1, 1), 1)), ())((1, 0))
    1
    """
    return best_of([parity_of(target, n) for target in range(2**n)], n, m)


@dataclass(frozen=True, slots=True, kw_only=True)
class RightLine:
    """The numbers of Result C.

    Parameters
    ----------
    steps : T. level : L. d0 : one more than the replaced points of a batch. parameters : p', of all steps.
    samples : m = bT."""

    steps: int
    samples: int
    level: int
    d0: int
    parameters: int


def right_line(n: int, *, b: int, rho: Fraction, delta: Fraction) -> RightLine:
    """Result C: uniform x, parities of ``n`` bits: bSGD with batches of b and precision rho <= 1/24 has an error of at
    most delta/2.

    Raises
    ------
    PremiseError
        For rho above 1/24 or not above 0, and for delta not between 0 and 1.

    >>> right_line(40, b=1000, rho=Fraction(1, 1000), delta=Fraction(1, 100))
    RightLine(steps=1, samples=1000, level=1, d0=125, parameters=2788000)
    """
    many = whole(b, where="b", least=1)
    if not 0 < rational(rho, where="rho") <= MOST_RHO:
        raise PremiseError(f"need 0 < rho <= {MOST_RHO}, got rho = {rho}")
    if not 0 < rational(delta, where="delta") < 1:
        raise PremiseError(f"need 0 < delta < 1, got delta = {delta}")
    needed = 8 * (n * logarithm_above(2) + logarithm_above(ceil(1 / delta)))
    steps = ceil(needed / many)
    level = max(1, ceil(level_factor(SHARE_OF_A_BATCH) * many * rho**2))
    parameters = int(queries_for(n, many, 4**level)) * steps
    return RightLine(
        steps=steps, samples=many * steps, level=level, d0=ceil(many * SHARE_OF_A_BATCH), parameters=parameters
    )


def statistical_error(n: int, queries: int, tau: Fraction) -> Fraction:
    """What any SQ method with so many ``queries`` of tolerance tau errs by, at least, on some parity of ``n`` bits (by
    the loss (f - y)^2/2): 1/8 - 2^(-n) - k/(tau^2 2^n); at least 0.

    >>> statistical_error(10, 10, Fraction(1, 4)) < statistical_error(30, 10, Fraction(1, 4)) < Fraction(1, 8)
    True
    """
    asked: Fraction = Fraction(queries) / rational(tau, where="tau") ** 2 / 2**n
    found: Fraction = SHARE_OF_A_BATCH - Fraction(1, 2**n) - asked
    return max(Fraction(0), found)
