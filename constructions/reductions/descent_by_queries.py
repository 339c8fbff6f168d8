"""Lemmas 4 and 13: a method by queries that does what gradient descent does.

In each round it asks for the clipped gradient of the loss at its present weights, one query for each entry, and rounds
each answer to the nearest multiple of rho. An answer within rho/4 of an entry's mean, rounded by at most rho/2, is
within 3 rho/4 of it: an estimate that equation (3) allows. So every run of the method against valid answers is a run of
gradient descent against valid estimates.

Where a program can find the gradient only up to a slack (footnote 8), the tolerance is rho/4 less the slack.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number
from constructions.foundations.rounding import Grid
from constructions.foundations.vectors import Vector, entrywise
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod, at_the_weights, in_a_row
from constructions.learning.models import BSQ, FBSQ, Answers, Query, QueryMethod, Simulation, State
from constructions.learning.oracles import within_range
from constructions.learning.problems import Bits, Point, Predictor

MOST_REMEMBERED = 4096


def tolerance(rho: Number, slack: Number = Fraction(0)) -> Number:
    """How near to the means the answers must be: rho/4, less the slack of the gradients that a program finds.

    >>> tolerance(Fraction(1, 4)), tolerance(Fraction(1, 4), Fraction(1, 32))
    (Fraction(1, 16), Fraction(1, 32))
    """
    return rho / 4 - slack


@dataclass(frozen=True, slots=True)
class DescentSteps:
    """The functions of the method by queries that takes the steps of a method of gradient descent; a state is a model
    at its weights.

    >>> from constructions.foundations.network import Network
    >>> from constructions.learning.descent_methods import network_method
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 0, ("one", "f"): "1/8"}, constant="one")
    >>> steps = DescentSteps(network_method(net, steps=4, rho=Fraction(1, 8), b=16))
    >>> after = steps.after(net, (Fraction(1, 32), Fraction(1, 10)))
    >>> {edge: str(weight) for edge, weight in after.edges.items()}
    {('one', 'f'): '1/8', ('x1', 'f'): '-1/8'}
    >>> answers = steps.cells(net, (Fraction(0), Fraction(1, 16)), Fraction(1, 32))
    >>> [[str(entry) for entry in steps.estimate(given)] for given in answers]
    [['0', '0'], ['0', '1/8']]
    >>> [str(entry) for entry in steps.query(net)((1,), 1)]  # of f(x) = 1/8, with x1 = 1 and label 1
    ['-7/8', '-7/8']
    """

    method: DescentMethod

    def start(self, bits: Bits) -> State:
        """The model as it is initialized."""
        return self.method.start(bits)  # type: ignore[no-any-return]

    def query(self, state: State) -> Query:
        """A query for each weight: its entry of the clipped gradient."""
        model: Any = state
        return lambda x, y: in_a_row(model, self.method.found_gradient(model, x, y))

    def estimate(self, answers: Vector) -> Vector:
        """Each of the answers, rounded to the nearest multiple of rho."""
        return entrywise(Grid(rho=self.method.descent.rho).nearest, answers)

    def after(self, state: State, answers: Answers) -> State:
        """The model after the step of equation (1) for the rounded answers, from the one that the ``state`` is."""
        model: Any = state
        estimate = at_the_weights(model, self.estimate(answers))
        return self.method.descent.moved(model, estimate)

    def predictor(self, state: State) -> Predictor:
        """What the model returns."""
        return self.method.predictor(state)

    def cells(self, state: State, means: Answers, tau: Fraction) -> list[Answers]:
        """For each estimate to which answers within ``tau`` of the means can be rounded, whatever the ``state``, some
        that are. (Valid answers are at most rho/2 apart, so the ends of what is valid are rounded to all that there
        is.)"""
        round_ = Grid(rho=self.method.descent.rho).nearest
        ends = [(within_range(mean - tau), within_range(mean + tau)) for mean in means]
        return list(product(*({round_(answer): answer for answer in both}.values() for both in ends)))


class Remembering:
    """Queries whose values are found once at each point as long as the state is the same: a gradient has an entry for
    each of p queries, and a batch has points that come twice.

    Parameters
    ----------
    queries : from a state to its queries.

    >>> found = []
    >>> query = Remembering(lambda state: lambda x, y: (found.append(x), y)[1:]).query("a state")
    >>> query((0,), 1), query((0,), 1), found
    ((1,), (1,), [(0,)])
    """

    def __init__(self, queries: Callable[[State], Query]) -> None:
        self._queries, self._last, self._known = queries, object(), dict[Point, Sequence[Number]]()

    def query(self, state: State) -> Query:
        """The queries of a state."""
        if state is not self._last:
            self._last, self._known = state, {}
        asked, known = self._queries(state), self._known

        def values(x: Bits, y: int) -> Sequence[Number]:
            if (x, y) in known:
                return known[x, y]
            found = asked(x, y)
            if len(known) < MOST_REMEMBERED:
                known[x, y] = found
            return found

        return values


def by_queries(method: DescentMethod) -> QueryMethod:
    """The method by queries that does what a method of gradient descent does: bSQ for bSGD, fbSQ for fbGD.

    Raises
    ------
    PremiseError
        If the method's slack is above rho/4.

    >>> from constructions.foundations.network import Network
    >>> from constructions.learning.descent_methods import network_method
    >>> from constructions.learning.oracles import run
    >>> from constructions.learning.problems import uniform
    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 0, ("one", "f"): "1/8"}, constant="one")
    >>> made = by_queries(network_method(net, steps=4, rho=Fraction(1, 8), b=16))
    >>> made.budget
    BSQ(k=4, tau=Fraction(1, 32), b=16, p=2, r=0, alternating=False)
    >>> h = run(made, uniform(1, lambda x: x[0]))
    >>> str(h((0,))), str(h((1,)))
    ('1/8', '3/4')
    """
    steps, budget = DescentSteps(method), budget_by_queries(method.budget, method.slack)
    if budget.tau < 0:
        raise PremiseError(f"need gradients within rho/4 = {method.budget.rho / 4}, got a slack of {method.slack}")
    return QueryMethod(
        n=method.n,
        budget=budget,
        start=steps.start,
        query=steps.query,
        after=steps.after,
        predictor=steps.predictor,
        cells=steps.cells,
    )


def budget_by_queries(budget: BSGD | FBGD, slack: Number = Fraction(0)) -> BSQ | FBSQ:
    """The budget of the method by queries: a round for each step, a query for each parameter.

    >>> budget_by_queries(FBGD(steps=5, rho=Fraction(1, 8), m=20, p=3, r=2))
    FBSQ(k=5, tau=Fraction(1, 32), m=20, p=3, r=2, alternating=False)
    """
    tau = tolerance(budget.rho, slack)
    if isinstance(budget, BSGD):
        return BSQ(k=budget.steps, tau=tau, b=budget.b, p=budget.p, r=budget.r)
    return FBSQ(k=budget.steps, tau=tau, m=budget.m, p=budget.p, r=budget.r)


def lemma_4(*, slack: Number = Fraction(0)) -> Simulation[Any, QueryMethod]:
    """bSQ(T, rho/4 - slack, b, p, r) does what bSGD(T, rho, b, p, r) does, with delta = 0; the paper's has no slack.

    Raises
    ------
    PremiseError
        When it is used, for a slack above rho/4.
    ConstructionError
        When it is used, for another method than a bSGD method with this slack.

    >>> lemma_4().budget(BSGD(steps=5, rho=Fraction(1, 8), b=4, p=3, r=2))
    BSQ(k=5, tau=Fraction(1, 32), b=4, p=3, r=2, alternating=False)
    """
    return _simulation("Lemma 4", BSGD, "a bSGD", slack)


def lemma_13(*, slack: Number = Fraction(0)) -> Simulation[Any, QueryMethod]:
    """fbSQ(T, rho/4 - slack, m, p, r) does what fbGD(T, rho, m, p, r) does, with delta = 0; the paper's has no slack.

    Raises
    ------
    PremiseError
        When it is used, for a slack above rho/4.
    ConstructionError
        When it is used, for another method than an fbGD method with this slack.

    >>> lemma_13().budget(FBGD(steps=5, rho=Fraction(1, 8), m=20, p=3, r=2))
    FBSQ(k=5, tau=Fraction(1, 32), m=20, p=3, r=2, alternating=False)
    """
    return _simulation("Lemma 13", FBGD, "an fbGD", slack)


def _simulation(name: str, kind: type, called: str, slack: Number) -> Simulation[Any, QueryMethod]:
    def reduce(method: DescentMethod) -> QueryMethod:
        if not (isinstance(method, DescentMethod) and isinstance(method.budget, kind) and method.slack == slack):
            got = f"one with the budget {method.budget} and slack {getattr(method, 'slack', None)}"
            raise ConstructionError(f"need {called} method whose slack is {slack}, got {got}, at {name}")
        made = by_queries(method)
        return replace(made, query=Remembering(made.query).query)

    return Simulation(
        name=name,
        delta=Fraction(0),
        budget=lambda budget: budget_by_queries(budget, slack),
        printed=budget_by_queries,
        reduce=reduce,
    )
