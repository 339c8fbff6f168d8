"""A whole run of scalar queries on both labels, one step for each (S6): Theorems 1d and 3d without Lemma 2's factor.

The model has a parameter theta_t for each of k rounds (and r for the random bits). Round t's turn is when the theta of
all rounds before it have left 0 and its own has not: theta_t is its own clock, as it leaves 0 in its step for every
batch and every rounding (``lemma3a.both.step``). What a theta stands for is read through bumps on the grid of rho, so
at all points that gradient descent visits the rounds before t are constants, those behind it have gradient 0, and

    f_theta(x) = centre_t(x) - slope_t(x) theta_t

for the query that the method asks in its state then (:mod:`constructions.models.both_labels`). When all have left 0,
f_theta is the predictor. A step of a query on one label at a time would take two rounds and a clock (Lemma 3a).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

from constructions.errors import ConstructionError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Edge
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod
from constructions.learning.models import BSQ, FBSQ, QueryMethod, Simulation, State
from constructions.learning.problems import Bits, Predictor
from constructions.models.both_labels import BothLabels, one_step_on_both
from constructions.reductions.bsq import theorem_2d
from constructions.reductions.cells import lemma_5d


def theta(t: int) -> Edge:
    """The parameter of round ``t``, from 1.

    >>> theta(3)
    ('theta', '3')
    """
    return "theta", str(t)


@dataclass(frozen=True, slots=True)
class RoundOfBoth:
    """The model at the parameters that it has, confined to those that can move: the theta of round ``t``, which is 0,
    for the query of the method's ``state``; behind the last round no parameter.

    >>> from constructions.learning.learners import query_conjunction
    >>> method = query_conjunction(1, b=2, tau="1/4")
    >>> model = RoundOfBoth(method, one_step_on_both(Fraction(1, 4), Fraction(1, 16)), 1, method.start(()))
    >>> model.edges, model.derivative(((1,), 1))[theta(1)]  # the query is 1 at this sample, raised to 1
    ({('theta', '1'): Fraction(0, 1)}, Fraction(-1, 1))
    >>> model.line((1,)), model.predictor()((1,))  # centre and slope: 3/4 on label 0 and 1 on label 1
    ((Fraction(-3, 1), Fraction(-1, 4)), Fraction(-3, 1))
    >>> model.with_weights({theta(1): Fraction(3, 4)}).t
    2
    """

    method: QueryMethod
    numbers: BothLabels
    t: int
    state: State

    @property
    def edges(self) -> dict[Edge, Fraction]:
        """The parameter whose turn it is."""
        return {theta(self.t): Fraction(0)} if self.t <= self.method.budget.k else {}

    def with_weights(self, changes: Mapping[Edge, Fraction]) -> "RoundOfBoth":
        """The model after a step; ConstructionError if a theta that leaves 0 is below the grid, or not this one's."""
        if set(changes) - set(self.edges):
            raise ConstructionError(f"need the parameter of round {self.t}, got {sorted(changes)}")
        moved = changes.get(theta(self.t), Fraction(0))
        if not moved:
            return self
        answer = Fraction(self.numbers.read(moved))
        return replace(self, t=self.t + 1, state=self.method.after(self.state, (answer,)))

    def line(self, x: Bits) -> tuple[Fraction, Fraction]:
        """Centre and slope of the model at x."""
        zero, one = (Fraction(self.method.ask(self.state, self.t)(x, y)[0]) for y in (0, 1))
        high, low = self.numbers.raised(zero), self.numbers.raised(one)
        return Fraction(self.numbers.centre(high, low)), Fraction(self.numbers.slope(high, low))

    def derivative(self, sample: Sample) -> dict[Edge, Any]:
        """The derivative of the squared loss on a sample by the theta whose turn it is, at 0."""
        if self.t > self.method.budget.k:
            return {}
        x, y = sample
        centre, slope = self.line(x)
        return {theta(self.t): (centre - y) * -slope}

    def predictor(self) -> Predictor:
        """The method's predictor; before the last round is over, the output of the model."""
        if self.t > self.method.budget.k:
            return self.method.predictor(self.state)
        return lambda x: self.line(x)[0]


def _derivative(model: RoundOfBoth, sample: Sample) -> Mapping[Edge, Any]:
    return model.derivative(sample)


def compiled_on_both(method: QueryMethod, rho: Fraction | None = None) -> DescentMethod:
    """The method of gradient descent that does what a method of one query a round does, on both labels at once, at
    precision ``rho`` < tau/3 (tau/8 if it is not given).

    Raises
    ------
    ConstructionError
        For a method of several queries a round, or of the source.
    PremiseError
        For a rho that is too large.

    >>> from constructions.learning.learners import query_conjunction
    >>> compiled_on_both(query_conjunction(1, b=2, tau="1/4")).budget
    BSGD(steps=4, rho=Fraction(1, 32), b=2, p=4, r=0)
    """
    budget: Any = method.budget
    if budget.p != 1 or method.refill is not None or not isinstance(budget, BSQ | FBSQ):
        raise ConstructionError(f"need a method of one query a round about batches, got one with {budget}")
    numbers = one_step_on_both(budget.tau, budget.tau / 8 if rho is None else rho)
    return DescentMethod(
        n=method.n,
        budget=budget_on_both(budget, Fraction(numbers.rho)),
        start=lambda bits: RoundOfBoth(method, numbers, 1, method.start(bits)),
        descent=Descent(rho=Fraction(numbers.rho), derivative=cast(Any, _derivative)),
        predictor=RoundOfBoth.predictor,
    )


def budget_on_both(budget: Any, rho: Fraction) -> BSGD | FBGD:
    """T' = k steps, r + k parameters, and the random bits of the method with the ``budget``; rho is the precision.

    >>> budget_on_both(FBSQ(k=5, tau=Fraction(1, 8), m=20, p=1, r=2), Fraction(1, 64))
    FBGD(steps=5, rho=Fraction(1, 64), m=20, p=7, r=2)
    """
    if isinstance(budget, FBSQ):
        return FBGD(steps=budget.k, rho=rho, m=budget.m, p=budget.r + budget.k, r=budget.r)
    return BSGD(steps=budget.k, rho=rho, b=budget.b, p=budget.r + budget.k, r=budget.r)


def on_both_labels(*, rho: Fraction | None = None) -> Simulation[Any, Any]:
    """bSGD(k, rho, b, r + k, r) does what bSQ(k, tau, b, 1, r) does, and fbGD what fbSQ does, with delta = 0, for every
    rho < tau/3 (tau/8 if it is not given); queries are on both labels.

    Raises
    ------
    ConstructionError
        When it is used, for a method of several queries a round, or of the source.
    PremiseError
        When it is used, for a rho that is too large.

    >>> on_both_labels().budget(BSQ(k=3, tau=Fraction(1, 4), b=4, p=1, r=1))
    BSGD(steps=3, rho=Fraction(1, 32), b=4, p=4, r=1)
    """
    return Simulation(
        name="Lemma 3a on both labels (S6)",
        delta=Fraction(0),
        budget=cast(Any, lambda budget: budget_on_both(budget, budget.tau / 8 if rho is None else rho)),
        reduce=cast(Any, lambda method: compiled_on_both(method, rho)),
    )


def theorem_1d_on_both(*, b: int, delta: Fraction, rho: Fraction | None = None) -> Simulation[Any, Any]:
    """Theorem 1d by queries on both labels: Theorem 2d, not Lemma 2, then S6; for every rho < tau/6 (tau/16 if it is
    not given).

    >>> from constructions.learning.models import SQ
    >>> from constructions.models.simulations import theorem_1d
    >>> given = SQ(k=1, tau=Fraction(1))
    >>> [made(b=48, delta=Fraction(1, 8)).budget(given).steps for made in (theorem_1d_on_both, theorem_1d)]
    [1, 6]
    """
    return cast("Simulation[Any, Any]", theorem_2d(b=b, delta=delta)).then(on_both_labels(rho=rho))


def theorem_3d_on_both(*, m: int, delta: Fraction, rho: Fraction | None = None) -> Simulation[Any, Any]:
    """Theorem 3d by queries on both labels: Lemma 5d, not Lemma 7, then S6; for every rho < tau/6 (tau/16 if it is not
    given).

    >>> from constructions.learning.models import SQ
    >>> theorem_3d_on_both(m=900, delta=Fraction(1, 20)).budget(SQ(k=3, tau=Fraction(1, 2), r=2))
    FBGD(steps=3, rho=Fraction(1, 32), m=900, p=5, r=2)
    """
    return cast("Simulation[Any, Any]", lemma_5d(m=m, delta=delta)).then(on_both_labels(rho=rho))
