"""The differentiable models M and M* of a method that reads whole batches: one block for each step, one step for each
batch.

The blocks stand one behind the other, as those of Lemma 3a do (:mod:`constructions.models.blocks_in_turn`), and the
gate of each is 1 less its own record (:mod:`constructions.strip.reader`). Behind the last block stands the predictor,
which depends on the records through bumps on the grid of rho. Where gradient descent goes all gates and bumps are
constant; asked elsewhere, they refuse. So training never runs the learner: its predictor is computed at the end, from
the weights alone. What a block asks may depend on what the blocks before it read, as for Result G
(:mod:`constructions.strip.mistake_models`); there it stands behind bumps, too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.descent import Sample
from constructions.foundations.exact import Number
from constructions.foundations.network import Edge
from constructions.learning.models import QueryMethod, State
from constructions.learning.problems import Bits, Predictor
from constructions.models.answering import WHOLE, answer_edge, bit_edge
from constructions.models.blocks_in_turn import NONE_BEFORE, Passage, ended, whole_output
from constructions.models.bumps import bump, bump_place, flat_slope
from constructions.models.one_step import products
from constructions.models.snapping import nearest, read
from constructions.strip.reader import slope
from constructions.strip.reading import WholeBatch

ONE, ZERO = Fraction(1), Fraction(0)


class BlockOutput(Protocol):
    """The output of a block at a point: the held number, and slopes that its parameters are multiplied by."""

    def held_at(self, x: Bits) -> Number:
        """The output while the parameters are 0."""

    def slopes(self, x: Bits) -> Sequence[Number]:
        """The derivatives by the parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneBatchModel:
    """The model of a method that reads a whole batch in each round.

    Parameters
    ----------
    method : as :func:`constructions.strip.reading.reading_method` makes it. whole : how it asks about a batch.
    rho : the precision of gradients. asked : from what was read before, the output of a block; that of ``whole`` if not
        given.

    Raises
    ------
    PremiseError
        Unless 3 rho/4 is at most the method's tau.

    >>> from constructions.learning.learners import parity
    >>> from constructions.strip.reading import batches_read, whole_batch
    >>> rho = Fraction(1, 4)
    >>> method = batches_read(2, b=2, tau=3 * rho / 4, realizable=True, symmetric=True)(parity(2, 4))
    >>> model = OneBatchModel(method=method, whole=whole_batch(2, 2, 3 * rho / 2, realizable=True), rho=rho)
    >>> model.size, str(model.start(()).output((1, 0)))
    (10, '1/2')
    """

    method: QueryMethod
    whole: WholeBatch
    rho: Fraction
    asked: Callable[[State], BlockOutput] | None = None

    def __post_init__(self) -> None:
        if 3 * self.rho / 4 > self.method.budget.tau:
            raise PremiseError(f"need 3 rho/4 <= tau = {self.method.budget.tau}, got rho = {self.rho}")

    @property
    def steps(self) -> int:
        """T, the number of blocks."""
        return self.method.budget.k

    @property
    def size(self) -> int:
        """The number of parameters, r + s (bn + 1) T."""
        return self.method.budget.r + self.whole.size * self.steps

    def start(self, bits: Bits) -> "OneBatchWeights":
        """The model with the random string ``bits`` in its parameters, all others 0; ConstructionError for another
        number of bits."""
        if len(bits) != self.method.budget.r:
            raise ConstructionError(f"need {self.method.budget.r} random bits, got {len(bits)}")
        edges = {bit_edge(i): Fraction(bit) for i, bit in enumerate(bits, 1)}
        blocks = {edge: ZERO for t in range(1, self.steps + 1) for edge in self.block(t)}
        return OneBatchWeights(self, edges | blocks)

    def block(self, t: int) -> tuple[Edge, ...]:
        """The names of the parameters of block ``t``."""
        return _block(t, self.whole.size)


@dataclass(frozen=True, slots=True)
class OneBatchWeights:
    """A model at some weights.

    Parameters
    ----------
    model : the model. values : the value of each parameter. turn : a block before which all gates are known to be open.
    alone : whether only the parameters of the block whose turn it is are looked at. (The gradient of all others is 0 on
        every sample, which is proved: ``strip.reader.idle``; so training does the same, and is as fast as its method.)

    >>> from constructions.learning.learners import parity
    >>> from constructions.strip.reading import batches_read, whole_batch
    >>> rho = Fraction(1, 4)
    >>> method = batches_read(1, b=2, tau=3 * rho / 4, realizable=True, symmetric=True)(parity(1, 2))
    >>> model = OneBatchModel(method=method, whole=whole_batch(1, 2, 3 * rho / 2, realizable=True), rho=rho)
    >>> start = model.start(())
    >>> [str(slope) for slope in start.derivative(((1,), 1)).values()]
    ['-1', '1', '1']
    >>> after = start.with_weights({edge: rho for edge in model.block(1)})
    >>> start.record(1) == 1, after.record(1) == 0, start.predictor()((1,)) == start.output((1,))
    (True, True, True)
    >>> start.bits(), str(start.block_output(1, (0,))), start.read_before(1)
    ((), '1/2', BatchReading(batches=(), own=()))
    >>> start.turn_now(), after.turn_now(), start.weight(*model.block(1)[0]) == 0
    (1, 2, True)
    >>> start.confined().edges == start.edges, start.slopes((0,)) == start.derivative(((0,), 1)).__class__(
    ...     {edge: Fraction(2) for edge in model.block(1)})
    (True, True)
    """

    model: OneBatchModel
    values: Mapping[Edge, Fraction]
    turn: int = 1
    alone: bool = False

    @property
    def edges(self) -> Mapping[Edge, Fraction]:
        """The parameters that are looked at, by name."""
        if not self.alone:
            return self.values
        turn = self.turn_now()
        return {edge: self.values[edge] for edge in self.model.block(turn)} if turn <= self.model.steps else {}

    def weight(self, tail: str, head: str) -> Fraction:
        """The value of the parameter whose name is ``tail`` and ``head``; ConstructionError for a name of none."""
        if (tail, head) not in self.values:
            raise ConstructionError(f"need a parameter of the model, got {(tail, head)}")
        return self.values[tail, head]

    def with_weights(self, changes: Mapping[Edge, Fraction]) -> "OneBatchWeights":
        """The model with some parameters changed; ConstructionError for a name of none."""
        for edge in changes:
            self.weight(*edge)
        turn = self.turn_now() if self.alone else 1
        return replace(self, values={**self.values, **changes}, turn=turn)

    def confined(self) -> "OneBatchWeights":
        """The same weights, of which each step looks at those of one block."""
        return replace(self, alone=True)

    def block(self, t: int) -> tuple[Fraction, ...]:
        """The parameters of block ``t``."""
        return tuple(self.values[edge] for edge in self.model.block(t))

    def record(self, t: int) -> Number:
        """The record of block ``t``: 1 while its parameters are 0, 0 after its step; PremiseError where it is not
        constant."""
        found = ONE
        for value in {(value.numerator, value.denominator): value for value in self.block(t)}.values():
            found = found * _about_zero(value, self.model.rho)[0]
        return found

    def turn_now(self) -> int:
        """The first block with a shut gate, that is with the record 1; T + 1 if there is none."""
        turn = self.turn
        while turn <= self.model.steps and not self.record(turn):
            turn += 1
        return turn

    def block_output(self, t: int, x: Bits) -> Number:
        """What block ``t`` returns at a point x."""
        asked = self.asked(t)
        return products(asked.slopes(x), self.block(t), before=asked.held_at(x))

    def asked(self, t: int) -> BlockOutput:
        """The output of block ``t``, as it was made or as the blocks before it say."""
        return self.model.whole if self.model.asked is None else self.model.asked(self.read_before(t))

    def read_before(self, t: int) -> State:
        """The state of the method after what blocks 1 to ``t`` - 1 say."""
        state: State = self.model.method.start(self.bits())
        for before in range(1, t):
            state = self.model.method.after(state, self.answers(before))
        return state

    def output(self, x: Bits) -> Number:
        """The output of the model at a point x."""
        turn = self.turn_now()
        if turn > self.model.steps:
            return ended(NONE_BEFORE, self.predictor()(x))
        return whole_output(NONE_BEFORE, 1 - self.record(turn), self.block_output(turn, x), ZERO)

    def predictor(self) -> Predictor:
        """What the model returns, as a function of the point."""
        if self.turn_now() <= self.model.steps:
            return self.output
        return self.model.method.predictor(self.read_before(self.model.steps + 1))

    def bits(self) -> Bits:
        """The random bits that are read off their parameters."""
        r = self.model.method.budget.r
        return tuple(int(read(self.values[bit_edge(i)], WHOLE)) for i in range(1, r + 1))

    def answers(self, t: int) -> tuple[Fraction, ...]:
        """The answers that are read off block ``t``: less its parameters, on the grid."""
        return tuple(_read(value, self.model.rho) for value in self.block(t))

    def derivative(self, sample: Sample) -> dict[Edge, Number]:
        """The derivative of the squared loss on a sample (x, y) by each parameter that is looked at."""
        x, y = sample
        turn, lost = self.turn_now(), ZERO
        if not self.alone or turn <= self.model.steps:
            lost = self.output(x) - y
        by_value: dict[tuple[int, int], Number] = {}
        found: dict[Edge, Number] = {}
        for edge, value in self.slopes(x).items():
            key = value.numerator, value.denominator  # the hash of a Fraction takes long
            if key not in by_value:
                by_value[key] = lost * value
            found[edge] = by_value[key]
        return found

    def slopes(self, x: Bits) -> dict[Edge, Number]:
        """The derivative of the output at x by each parameter that is looked at."""
        turn, found = self.turn_now(), {}
        bits = {} if self.alone else {edge: value for edge, value in self.values.items() if edge[0] == "bit"}
        for edge, value in bits.items():
            found[edge] = _slope(NONE_BEFORE, (ZERO, ZERO), ONE, ZERO, value, _read_slope(value, WHOLE))
        for t in [turn] if self.alone else range(1, self.model.steps + 1):
            if t <= self.model.steps:
                found |= self._of_block(t, Passage(ZERO, ONE if t <= turn else ZERO), x if t == turn else None)
        return found

    def _of_block(self, t: int, before: Passage, x: Bits | None) -> dict[Edge, Number]:
        """The slopes of a block; x if it is its turn, for else the slopes of its output are multiplied by 0."""
        block, rho = self.block(t), self.model.rho
        coefficients: Sequence[Number] = (ZERO,) * len(block) if x is None else self.asked(t).slopes(x)
        zeros = self.record(t)
        known: dict[tuple[int, ...], Number] = {}
        found: dict[Edge, Number] = {}
        for edge, value, factor in zip(self.model.block(t), block, coefficients, strict=True):
            key = value.numerator, value.denominator, factor.numerator, factor.denominator
            if key not in known:
                known[key] = _slope(before, _about_zero(value, rho), zeros, factor, value, _read_slope(value, rho))
            found[edge] = known[key]
        return found


@lru_cache(maxsize=64)
def _block(t: int, size: int) -> tuple[Edge, ...]:
    return tuple(answer_edge(t, j) for j in range(1, size + 1))


@lru_cache(maxsize=1 << 12)
def _about_zero(value: Fraction, rho: Fraction) -> tuple[Number, Number]:
    """The bump about 0 of a parameter in a record, and its slope."""
    return bump(value, ZERO, rho), flat_slope(bump_place(value, ZERO, rho))


@lru_cache(maxsize=1 << 12)
def _read(value: Fraction, rho: Fraction) -> Fraction:
    """The answer for which a parameter stands, through a bump."""
    centre = nearest(value, rho)
    return Fraction(-(bump(value, centre, rho) * read(value, rho)))


@lru_cache(maxsize=1 << 12)
def _read_slope(value: Fraction, grid: Fraction) -> Number:
    """The slope of the bump behind which a parameter is read."""
    return flat_slope(bump_place(value, nearest(value, grid), grid))


@lru_cache(maxsize=1 << 12)
def _slope(
    before: Passage, own: tuple[Number, Number], zeros: Number, coefficient: Number, value: Number, read_slope: Number
) -> Number:
    """The slope by a parameter, from its own bump in the record, and the product of the bumps of the block.

    (Where the record of the block is 1 so is the product of the other bumps; where it is 0 this product is multiplied
    by slopes that are 0, and by the bump itself.)
    """
    values = {"open": before.open, "record": own[0], "record'": own[1], "zeros": zeros, "coefficient": coefficient}
    return slope({**values, "v": value, "others": ZERO, "rest": ONE, "bump'": read_slope, "rest'": ONE})
