"""The models M and M*, and that of Result G, as a PyTorch module (optional): float64, real bumps made of exp(-1/t),
gradients by autograd.

Nothing is cut short where it is constant: records and bumps are smooth functions of the weights, and autograd goes
through all of them. At the weights that training reaches the module agrees with the exact model
(:mod:`constructions.strip.one_batch_models`), which is tested.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import Sample
from constructions.foundations.network import Edge
from constructions.foundations.optional import optional
from constructions.learning.problems import Bits
from constructions.models.answering import WHOLE
from constructions.models.blocks_in_turn import Passage, ended, passed
from constructions.models.bumps import bump_place, step
from constructions.models.torch_module import real_bump, real_rise
from constructions.strip.one_batch_models import BlockOutput, OneBatchWeights


@dataclass(frozen=True, slots=True)
class TorchBatchWeights:
    """A model at some weights, in float64: what :class:`OneBatchWeights` is in exact numbers.

    Parameters
    ----------
    exact : the model at the same weights, in exact numbers; they must be numbers of float64.

    >>> TorchBatchWeights(weights).derivative(((1, 0), 1))  # doctest: +SKIP
    """

    exact: OneBatchWeights

    @property
    def edges(self) -> Mapping[Edge, Fraction]:
        """The parameters by name."""
        return self.exact.edges

    def weight(self, tail: str, head: str) -> Fraction:
        """The value of the parameter whose name is ``tail`` and ``head``; ConstructionError for a name of none."""
        return self.exact.weight(tail, head)

    def with_weights(self, changes: Mapping[Edge, Fraction]) -> "TorchBatchWeights":
        """The model with some parameters changed."""
        return TorchBatchWeights(self.exact.with_weights(changes))

    def derivative(self, sample: Sample) -> dict[Edge, Fraction]:
        """The derivative of the squared loss on a sample (x, y) by each parameter, by autograd."""
        x, y = sample
        module = torch_batch_model(self.exact)
        loss = (module(x) - y) ** 2 / 2
        loss.backward()
        found: dict[Edge, Fraction] = {}
        for t in range(1, self.exact.model.steps + 1):
            grad = getattr(module, f"block_{t}").grad
            entries = [0.0] * self.exact.model.whole.size if grad is None else grad.tolist()
            found |= dict(zip(self.exact.model.block(t), map(Fraction, entries), strict=True))
        bits = {edge: value for edge, value in self.exact.values.items() if edge[0] == "bit"}
        grad = module.bits.grad
        return dict(zip(bits, map(Fraction, [0.0] * len(bits) if grad is None else grad.tolist()), strict=True)) | found


def torch_batch_model(weights: OneBatchWeights) -> Any:
    """The model at some ``weights`` as a ``torch.nn.Module`` with a float64 vector for each block, ``block_1``,
    ``block_2``, ..., and one, ``bits``, for the random bits; called with a point x it gives the output as a tensor."""
    torch = optional("torch")
    module: Any = torch.nn.Module()
    vectors = {f"block_{t}": weights.block(t) for t in range(1, weights.model.steps + 1)}
    vectors["bits"] = tuple(value for edge, value in weights.values.items() if edge[0] == "bit")
    for name, values in vectors.items():
        tensor = torch.tensor([float(value) for value in values], dtype=torch.float64)
        module.register_parameter(name, torch.nn.Parameter(tensor))
    module.forward = lambda x: real_output(weights, module, x)
    return module


def real_output(weights: OneBatchWeights, module: Any, x: Bits) -> Any:
    """The output of a model at a point x, with the parameters of a ``module``, a tensor; ``weights`` are the exact ones
    from which the module was made, and say which predictor stands behind the last block."""
    torch, model = optional("torch"), weights.model
    zero, one = (torch.tensor(number, dtype=torch.float64) for number in (0.0, 1.0))
    before, read = Passage(zero, one), _read(list(module.bits), WHOLE, one)
    for t in range(1, model.steps + 1):
        block = getattr(module, f"block_{t}")
        record = step(bump_place(block, 0.0, float(model.rho)), real_rise).prod()
        behind = one if model.asked is None else read  # what a block asks stands behind bumps where it depends on them
        before = passed(before, 1 - record, behind * _block_output(weights.asked(t), block, x))
        if before.open.item() == 0:  # a shut gate is flat: what is behind it is multiplied by 0, and so is its slope
            return before.total
        read = read * _read(list(block), model.rho, one)
    return ended(before, read * float(weights.predictor()(x)))


def _block_output(asked: BlockOutput, block: Any, x: Bits) -> Any:
    """The output of a block at a point."""
    slopes = optional("torch").tensor([float(value) for value in asked.slopes(x)], dtype=block.dtype)
    return float(asked.held_at(x)) + (slopes * block).sum()


def _read(values: list[Any], grid: Fraction, one: Any) -> Any:
    """The product of the bumps behind which parameters are read."""
    found = one
    for value in values:
        found = found * real_bump(value, grid)
    return found
