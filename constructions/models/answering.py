"""Lemmas 3a and 12a: a method that asks one-label queries, compiled to a differentiable model that gradient descent
trains to do the same.

The parameters are r random bits, and for each round t a block: ``answer t`` with an entry for each of the p queries,
and a clock. The blocks stand one behind the other (:mod:`constructions.models.blocks_in_turn`). What the method asks in
a round depends on the bits and answers before it, which are read off the parameters through bumps (Lemma 9): answers on
the grid of rho, clipped to [-1, 1], and bits on a grid of their own, that of the whole numbers (E19). All numbers are
exact. A gate or a bump that is asked where it is not constant refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from constructions.errors import ConstructionError
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.exact import Number
from constructions.foundations.network import Edge
from constructions.foundations.rounding import Adversary, nearest
from constructions.learning.models import BSQ, FBSQ, QueryMethod, State
from constructions.learning.problems import Bits, Predictor
from constructions.models.blocks_in_turn import (
    NONE_BEFORE,
    Passage,
    ended,
    passed,
    slope_by_answer,
    slope_by_clock,
    whole_output,
)
from constructions.models.bumps import bump_place, flat_slope, gate, gate_place
from constructions.models.one_step import OneStep, products
from constructions.models.snapping import nearest as nearest_multiple
from constructions.models.snapping import product_of_bumps, read

ONE, ZERO = Fraction(1), Fraction(0)
WHOLE = Fraction(1)
"""The step of the grid on which random bits are read."""


def bit_edge(i: int) -> Edge:
    """The parameter of random bit number ``i``, from 1.

    >>> bit_edge(2)
    ('bit', '2')
    """
    return ("bit", str(i))


def answer_edge(t: int, j: int) -> Edge:
    """The parameter that gets the answer to query ``j``, from 1, of round ``t``.

    >>> answer_edge(3, 1)
    ('answer 3', '1')
    """
    return (f"answer {t}", str(j))


def clock_edge(t: int) -> Edge:
    """The clock of round ``t``.

    >>> clock_edge(3)
    ('clock', '3')
    """
    return ("clock", str(t))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringModel:
    """The differentiable model of a method with one-label queries.

    Parameters
    ----------
    method : asks 1-queries in odd rounds and 0-queries in even ones, about batches (bSQ) or one sample (fbSQ).
    numbers : precision, epsilon and slope.

    Raises
    ------
    ConstructionError
        For a method that asks other queries.
    PremiseError
        For numbers that do not answer within the method's tau.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.models.one_step import as_printed
    >>> tau = Fraction(1, 4)
    >>> model = AnsweringModel(method=query_conjunction(1, b=2, tau=tau), numbers=as_printed(tau))
    >>> model.size, [str(model.start(()).output((1,))) for _ in range(1)]
    (8, ['-1/8'])
    """

    method: QueryMethod
    numbers: OneStep

    def __post_init__(self) -> None:
        budget = self.method.budget
        if not (isinstance(budget, BSQ | FBSQ) and budget.alternating):
            raise ConstructionError(f"need a method that asks about one label at a time in batches, got {budget}")
        self.numbers.checked(budget.tau)

    @property
    def rounds(self) -> int:
        """T, the number of blocks."""
        return self.method.budget.k

    @property
    def size(self) -> int:
        """The number of parameters, r + (p + 1) T."""
        budget = self.method.budget
        return budget.r + (budget.p + 1) * budget.k

    def start(self, bits: Bits) -> "ModelWeights":
        """The model with the random string ``bits`` in its parameters, all others 0; ConstructionError for another
        number of bits."""
        budget = self.method.budget
        if len(bits) != budget.r:
            raise ConstructionError(f"need {budget.r} random bits, got {len(bits)}")
        edges = {bit_edge(i): Fraction(bit) for i, bit in enumerate(bits, 1)}
        for t in range(1, budget.k + 1):
            edges |= {answer_edge(t, j): ZERO for j in range(1, budget.p + 1)}
            edges[clock_edge(t)] = ZERO
        return ModelWeights(self, edges)

    def descent(self, adversary: Adversary = nearest) -> Descent:
        """How the model is trained: step size 1, the precision of its numbers, an ``adversary`` for the roundings."""
        return training(self.numbers, adversary)


@dataclass(frozen=True, slots=True)
class Place:
    """How far the blocks are read: the next one is block ``t``, and the method is in ``state``."""

    t: int
    state: State


@dataclass(frozen=True, slots=True)
class ModelWeights:
    """A model at some weights.

    Parameters
    ----------
    model : the model. edges : the value of each parameter. place : how far it is known that gates are open.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.models.one_step import as_printed
    >>> tau = Fraction(1, 4)
    >>> weights = AnsweringModel(method=query_conjunction(1, b=2, tau=tau), numbers=as_printed(tau)).start(())
    >>> place = weights.reached()
    >>> place.t, weights.first_state(), weights.weight("clock", "1") == 0
    (1, (), True)
    >>> weights.predictor()((0,)) == weights.block_output(place, (0,)) == weights.output((0,))
    True
    >>> slopes = weights.slopes(place, (0,))
    >>> {edge: str(slope) for edge, slope in slopes.items() if slope}
    {('clock', '1'): '1'}
    >>> weights.slopes_of_block(place, (0,)) == {edge: slopes[edge] for edge in (answer_edge(1, 1), clock_edge(1))}
    True
    >>> weights.derivative(((0,), 1))[clock_edge(1)] == (weights.output((0,)) - 1) * slopes[clock_edge(1)]
    True
    >>> weights.with_weights({clock_edge(1): Fraction(1)}).reached().t
    2
    >>> weights.next_place(place).t
    2
    """

    model: AnsweringModel
    edges: Mapping[Edge, Fraction]
    place: Place | None = None

    def weight(self, tail: str, head: str) -> Fraction:
        """The value of the parameter whose name is ``tail`` and ``head``; ConstructionError for a name of none."""
        if (tail, head) not in self.edges:
            raise ConstructionError(f"need a parameter of the model, got {(tail, head)}")
        return self.edges[tail, head]

    def with_weights(self, changes: Mapping[Edge, Fraction]) -> "ModelWeights":
        """The model with some parameters changed; ConstructionError for a name of none."""
        for edge in changes:
            self.weight(*edge)
        return ModelWeights(self.model, {**self.edges, **changes})

    def answers(self, t: int) -> tuple[Fraction, ...]:
        """The parameters of block ``t`` that hold answers."""
        return tuple(self.edges[answer_edge(t, j)] for j in range(1, self.model.method.budget.p + 1))

    def gate(self, t: int) -> Number:
        """The gate of block ``t``; PremiseError where it is not constant."""
        return _gate(self.edges[clock_edge(t)], self.model.numbers.rho)[0]

    def reached(self) -> Place:
        """The first block with a shut gate (T + 1 if there is none), and the method's state there, as it is read."""
        place = self.place or Place(1, self.first_state())
        while place.t <= self.model.rounds and self.gate(place.t):
            place = self.next_place(place)
        return place

    def first_state(self) -> State:
        """The method's state before its first round, from the random bits that are read."""
        method = self.model.method
        bits = self._bits(1, method.own if method.refill else method.budget.r)
        return self._refilled(method.start(bits), 1)

    def next_place(self, place: Place) -> Place:
        """The block after a ``place``, and the method's state there, from the answers that are read."""
        answers = _read(self.answers(place.t), self.model.numbers.rho)
        return Place(place.t + 1, self._refilled(self.model.method.after(place.state, answers), place.t + 1))

    def _refilled(self, state: State, t: int) -> State:
        method = self.model.method
        if method.refill is None or t > self.model.rounds:
            return state
        first = method.own + (t - 1) * method.fresh + 1
        return method.refill(state, self._bits(first, method.fresh))

    def _bits(self, first: int, many: int) -> Bits:
        weights = tuple(self.edges[bit_edge(i)] for i in range(first, first + many))
        return tuple(int(bit) for bit in _read(weights, WHOLE))

    def block_output(self, place: Place, x: Bits) -> Number:
        """What the block at a ``place`` returns at a point x: Lemma 8's model."""
        numbers, label = self.model.numbers, place.t % 2
        coefficients = [numbers.coefficient(label, value) for value in self._asked(place, x)]
        found = products(coefficients, self.answers(place.t))
        found = products([numbers.of_clock(label)], [self.edges[clock_edge(place.t)]], before=found)
        return numbers.held(label) + found

    def _asked(self, place: Place, x: Bits) -> tuple[Fraction, ...]:
        """The values at x of the queries that are asked at a place, on the label of the round."""
        return _values(self.model.method, place, x)

    def output(self, x: Bits) -> Number:
        """The output of the model at a point x.

        (In the blocks whose gates are open 1 - gate is 0, and behind a shut gate all is multiplied by 0: what they
        return is left out.)
        """
        place, before = self.reached(), NONE_BEFORE
        for t in range(1, place.t):
            before = passed(before, self.gate(t), ZERO)
        if place.t > self.model.rounds:
            return ended(before, self.model.method.predictor(place.state)(x))
        return whole_output(before, self.gate(place.t), self.block_output(place, x), ZERO)

    def predictor(self) -> Predictor:
        """What the model returns, as a function of the point."""
        place = self.reached()
        if place.t > self.model.rounds:
            return self.model.method.predictor(place.state)
        return self.output

    def derivative(self, sample: Sample) -> dict[Edge, Number]:
        """The derivative of the squared loss on a sample (x, y) by each parameter."""
        x, y = sample
        place = self.reached()
        lost = self.output(x) - y
        return {edge: lost * value for edge, value in self.slopes(place, x).items()}

    def slopes(self, place: Place, x: Bits) -> dict[Edge, Number]:
        """The derivative of the output at x by each parameter, where the first shut gate is at a ``place``."""
        found: dict[Edge, Number] = {edge: self._read_behind(edge) for edge in self.edges if edge[0] == "bit"}
        for t in range(1, self.model.rounds + 1):
            now = Passage(ZERO, ONE if t <= place.t else ZERO)
            if t == place.t:
                found |= self.slopes_of_block(place, x)
            else:
                coefficients = [ZERO] * self.model.method.budget.p
                found |= self._of_block(t, now, ZERO if t > place.t else ONE, coefficients, ZERO, ZERO)
        return found

    def slopes_of_block(self, place: Place, x: Bits) -> dict[Edge, Number]:
        """The derivative of the output at x by the parameters of the block at a ``place``."""
        numbers, label = self.model.numbers, place.t % 2
        coefficients = [numbers.coefficient(label, value) for value in self._asked(place, x)]
        clock, output = numbers.of_clock(label), self.block_output(place, x)
        return self._of_block(place.t, NONE_BEFORE, self.gate(place.t), coefficients, clock, output)

    def _of_block(
        self, t: int, before: Passage, gate: Number, coefficients: list[Any], clock: Number, output: Number
    ) -> dict[Edge, Number]:
        """The slopes of a block: by its answers, which later blocks read behind bumps, and by its clock."""
        kappa, rho = self.edges[clock_edge(t)], self.model.numbers.rho
        by_clock = _by_clock(before, gate, clock, _gate(kappa, rho)[1], output, ZERO)
        found: dict[Edge, Number] = {clock_edge(t): by_clock}
        for j, coefficient in enumerate(coefficients, 1):
            edge = answer_edge(t, j)
            found[edge] = _by_answer(before, gate, coefficient, _bump_slope(self.edges[edge], rho), ONE)
        return found

    def _read_behind(self, edge: Edge) -> Number:
        return _by_answer(NONE_BEFORE, ONE, ZERO, _bump_slope(self.edges[edge], WHOLE), ONE)


def training(numbers: OneStep, adversary: Adversary = nearest) -> Descent:
    """Gradient descent as these models are trained with it: step size 1, the precision of the ``numbers``, and an
    ``adversary`` that picks roundings.

    >>> training(OneStep(rho=Fraction(1, 16), epsilon=Fraction(1, 8))).rate
    Fraction(1, 1)
    """
    return Descent(rho=numbers.rho, derivative=cast(Any, derivative_of), adversary=adversary)


def derivative_of(weights: ModelWeights, sample: Sample) -> Mapping[Edge, Number]:
    """The derivative of the loss of a model at its ``weights`` on a ``sample``, as gradient descent asks for it."""
    return weights.derivative(sample)


@lru_cache(maxsize=1 << 16)
def _values(method: QueryMethod, place: Place, x: Bits) -> tuple[Fraction, ...]:
    return tuple(Fraction(value) for value in method.ask(place.state, place.t)(x, place.t % 2))


@lru_cache(maxsize=1 << 16)
def _read(weights: tuple[Fraction, ...], delta: Fraction) -> tuple[Fraction, ...]:
    """The numbers for which some weights stand, through bumps."""
    centres = tuple(nearest_multiple(weight, delta) for weight in weights)
    whole = product_of_bumps(weights, centres, delta)
    return tuple(whole * read(weight, delta) for weight in weights)


@lru_cache(maxsize=1 << 12)
def _bump_slope(value: Fraction, delta: Number) -> Number:
    """The slope of the bump behind which a parameter is read."""
    return flat_slope(bump_place(value, nearest_multiple(value, delta), delta))


@lru_cache(maxsize=1 << 12)
def _gate(kappa: Fraction, rho: Number) -> tuple[Number, Number]:
    """The gate for the weight of a clock, and its slope."""
    return gate(kappa, rho), flat_slope(gate_place(kappa, rho))


_by_answer = lru_cache(maxsize=1 << 12)(slope_by_answer)
_by_clock = lru_cache(maxsize=1 << 12)(slope_by_clock)
