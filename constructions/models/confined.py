"""The same training, confined to the block whose turn it is.

In each step all parameters but those of one block have gradient 0 on every sample, and 0 rounds only to 0 (proved:
``lemma3a.idle``), so a step need not look at them. A run of many steps is then as fast as its method. The tests compare
it, step by step, with training that looks at all parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.errors import ConstructionError
from constructions.foundations.descent import Sample
from constructions.foundations.exact import Number
from constructions.foundations.network import Edge
from constructions.learning.descent_methods import DescentMethod
from constructions.learning.problems import Predictor
from constructions.models.answering import ModelWeights, Place, answer_edge, clock_edge


@dataclass(frozen=True, slots=True)
class OneBlock:
    """A model whose training is confined to the block at a ``place``; the gates before it are open.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.models.answering import AnsweringModel
    >>> from constructions.models.one_step import as_printed
    >>> tau = Fraction(1, 4)
    >>> model = AnsweringModel(method=query_conjunction(1, b=2, tau=tau), numbers=as_printed(tau))
    >>> OneBlock.of(model.start(())).edges
    {('answer 1', '1'): Fraction(0, 1), ('clock', '1'): Fraction(0, 1)}
    >>> block = OneBlock.of(model.start(()))
    >>> block.weight("clock", "1") == 0, block.with_weights({clock_edge(1): Fraction(1)}).place.t
    (True, 2)
    >>> whole, part = block.weights.derivative(((0,), 1)), block.derivative(((0,), 1))
    >>> all(whole[edge] == slope for edge, slope in part.items()), {whole[edge] for edge in whole if edge not in part}
    (True, {Fraction(0, 1)})
    """

    weights: ModelWeights
    place: Place

    @classmethod
    def of(cls, weights: ModelWeights) -> "OneBlock":
        """The model at some ``weights``, confined to the block whose turn it is there."""
        return cls(weights, weights.reached())

    @property
    def edges(self) -> dict[Edge, Fraction]:
        """The parameters of the block; none behind the last one."""
        t, model = self.place.t, self.weights.model
        if t > model.rounds:
            return {}
        names = [answer_edge(t, j) for j in range(1, model.method.budget.p + 1)]
        return {edge: self.weights.edges[edge] for edge in (*names, clock_edge(t))}

    def weight(self, tail: str, head: str) -> Fraction:
        """The value of the block's parameter whose name is ``tail`` and ``head``; ConstructionError for another."""
        if (tail, head) not in self.edges:
            raise ConstructionError(f"need a parameter of block {self.place.t}, got {(tail, head)}")
        return self.edges[tail, head]

    def with_weights(self, changes: Mapping[Edge, Fraction]) -> "OneBlock":
        """The model with some parameters of the block changed, confined to the block whose turn it is then."""
        for edge in changes:
            self.weight(*edge)
        return OneBlock.of(replace(self.weights.with_weights(changes), place=self.place))

    def derivative(self, sample: Sample) -> dict[Edge, Number]:
        """The derivative of the squared loss on a sample (x, y) by each parameter of the block."""
        x, y = sample
        if self.place.t > self.weights.model.rounds:
            return {}
        lost = self.weights.block_output(self.place, x) - y
        return {edge: lost * value for edge, value in self.weights.slopes_of_block(self.place, x).items()}

    def predictor(self) -> Predictor:
        """What the model returns, as a function of the point."""
        return replace(self.weights, place=self.place).predictor()


def confined(method: DescentMethod) -> DescentMethod:
    """A ``method`` that trains a model of Lemma 3a, with each step confined to the block whose turn it is.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.models.simulations import compiled
    >>> method = confined(compiled(query_conjunction(1, b=2, tau="1/4")))
    >>> len(method.start(()).edges), method.budget.p
    (2, 8)
    """
    return replace(method, start=lambda bits: OneBlock.of(method.start(bits)), predictor=OneBlock.predictor)
