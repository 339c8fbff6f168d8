"""The differentiable model of Result G: blocks in turn, as those of M, which hold the majority of what is left.

Block t has a parameter for each query and two for the clocks (:mod:`constructions.strip.mistakes`). At a point x its
output is h(x), held off by e, and the sum of the slopes times the parameters. Which hypotheses are left, and so h, is
read off the blocks before it through bumps on the grid of rho, as the predictor of M is; where training goes these are
constant. A step leaves no block as it was, since one of its clocks moves: so the record of a block is 1 before its step
and 0 afterwards, and its gate is 1 less its record. Behind the last block stands the majority of the first window
without an update.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from constructions.foundations.exact import Number, whole
from constructions.learning.descent_methods import BSGD, DescentMethod
from constructions.learning.models import BSQ, Query, QueryMethod
from constructions.learning.problems import Bits
from constructions.strip.mistakes import MajorityStage, MistakeLearner, reader_of
from constructions.strip.one_batch_models import OneBatchModel, OneBatchWeights
from constructions.strip.reading import WholeBatch
from constructions.strip.simulations import tolerance_of, training


@dataclass(frozen=True, slots=True)
class MistakeBlock:
    """The output of a block at a ``stage`` of a ``learner``.

    >>> from constructions.strip.sign_queries import SignQueries
    >>> class_ = [lambda x: x[0], lambda x: 1]
    >>> learner = MistakeLearner(hypotheses=class_, queries=SignQueries(1, 2, (0, 2)), rho=Fraction(1, 8), window=1)
    >>> block = MistakeBlock(learner, learner.start)
    >>> block.size, str(block.held_at((0,))), [str(slope) for slope in block.slopes((1,))]
    (4, '7/8', ['1', '-1', '-8', '-8/3'])
    >>> [str(entry) for entry in block.query((1,), 1)], [str(entry) for entry in block.query((1,), 0)]
    (['-1/8', '1/8', '1', '1/3'], ['7/8', '-7/8', '-1', '-1'])
    """

    learner: MistakeLearner
    stage: MajorityStage

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.learner.block

    def held_at(self, x: Bits) -> Number:
        """The output at a point while the parameters are 0."""
        return reader_of(self.learner.held, Fraction(self.learner.majority(self.stage.left)(x))).held

    def slopes(self, x: Bits) -> tuple[Number, ...]:
        """The derivatives of the output at a point by the parameters."""
        values = self.learner.queries.values(x)
        asked, *clocks = reader_of(self.learner.held, Fraction(self.learner.majority(self.stage.left)(x))).slopes
        return (*(asked * value for value in values), *clocks)

    def query(self, x: Bits, y: int) -> tuple[Fraction, ...]:
        """The clipped gradient of a sample (x, y) by each parameter."""
        return self.learner.gradient(self.stage, [(x, y)])


def mistake_method(learner: MistakeLearner, steps: int) -> QueryMethod:
    """What a ``learner`` does in so many ``steps`` as a method that asks queries: what each step answers.

    >>> from constructions.strip.sign_queries import SignQueries
    >>> class_ = [lambda x: x[0], lambda x: 1]
    >>> learner = MistakeLearner(hypotheses=class_, queries=SignQueries(1, 2, (0, 2)), rho=Fraction(1, 8), window=1)
    >>> mistake_method(learner, 3).budget
    BSQ(k=3, tau=Fraction(3, 32), b=2, p=4, r=0, alternating=False)
    """
    budget = BSQ(
        k=whole(steps, where="steps"), tau=Fraction(tolerance_of(learner.rho)), b=learner.queries.b, p=learner.block
    )
    after: Any = lru_cache(maxsize=1 << 12)(learner.after)

    def query(stage: Any) -> Query:
        return MistakeBlock(learner, stage).query

    return QueryMethod(
        n=learner.queries.n,
        budget=budget,
        start=lambda bits: learner.start,
        query=query,
        after=lambda stage, answers: after(stage, tuple(answers)),
        predictor=lambda stage: learner.learned(cast(MajorityStage, stage)),
    )


def mistake_model(learner: MistakeLearner, steps: int) -> OneBatchModel:
    """The model of a ``learner``, with a block for each of so many ``steps``.

    >>> from constructions.strip.sign_queries import SignQueries
    >>> class_ = [lambda x: x[0], lambda x: 1]
    >>> learner = MistakeLearner(hypotheses=class_, queries=SignQueries(1, 2, (0, 2)), rho=Fraction(1, 8), window=1)
    >>> model = mistake_model(learner, 3)
    >>> model.size, [str(model.start(()).output((bit,))) for bit in (0, 1)]
    (12, ['7/8', '7/8'])
    """
    first = cast(WholeBatch, MistakeBlock(learner, learner.start))
    return OneBatchModel(
        method=mistake_method(learner, steps),
        whole=first,
        rho=learner.rho,
        asked=lambda stage: MistakeBlock(learner, cast(MajorityStage, stage)),
    )


def trained_on_mistakes(learner: MistakeLearner, steps: int) -> DescentMethod:
    """bSGD on the model of a ``learner`` for so many ``steps``; it ends as what the learner learns.

    >>> from constructions.learning.descent_methods import descended
    >>> from constructions.strip.sign_queries import all_queries
    >>> class_ = [lambda x: 0, lambda x: x[0], lambda x: 1 - x[0], lambda x: 1]
    >>> learner = MistakeLearner(hypotheses=class_, queries=all_queries(1, 3), rho=Fraction(1, 8), window=1)
    >>> learned = descended(trained_on_mistakes(learner, 2), [[((0,), 0), ((1,), 1), ((1,), 1)]] * 2, ())
    >>> learned((0,)), learned((1,))
    (0, 1)
    """
    model = mistake_model(learner, steps)
    return DescentMethod(
        n=learner.queries.n,
        budget=BSGD(steps=steps, rho=learner.rho, b=learner.queries.b, p=model.size, r=0),
        start=lambda bits: model.start(bits).confined(),
        descent=training(learner.rho),
        predictor=OneBatchWeights.predictor,
    )


def stage_of(weights: OneBatchWeights) -> MajorityStage:
    """The stage of the learner that the blocks of final ``weights`` say.

    >>> from constructions.strip.sign_queries import SignQueries
    >>> class_ = [lambda x: x[0], lambda x: 1]
    >>> learner = MistakeLearner(hypotheses=class_, queries=SignQueries(1, 2, (0, 2)), rho=Fraction(1, 8), window=1)
    >>> stage_of(mistake_model(learner, 2).start(())).steps
    0
    """
    return cast(MajorityStage, weights.read_before(weights.turn_now()))
