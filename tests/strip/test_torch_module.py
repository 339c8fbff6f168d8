"""M and M* as PyTorch modules take the steps of the exact ones (needs PyTorch, `-m torch`)."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from constructions.foundations.rounding import down, nearest, up
from constructions.learning.learners import parity
from constructions.learning.problems import uniform
from constructions.strip.one_batch_models import OneBatchModel
from constructions.strip.reading import batches_read, whole_batch
from constructions.strip.simulations import tolerance_of, training
from constructions.strip.torch_module import TorchBatchWeights, torch_batch_model

F = Fraction
RHO = F(5, 8)  # b rho = 5/4


@pytest.mark.torch
@pytest.mark.parametrize("adversary", [up, down, nearest])
@pytest.mark.parametrize("realizable", [True, False])
def test_the_same_steps_under_the_same_roundings(realizable: bool, adversary: Any) -> None:
    tau = tolerance_of(RHO)
    method = batches_read(2, b=2, tau=tau, realizable=realizable, symmetric=True)(parity(2, 4))
    model = OneBatchModel(method=method, whole=whole_batch(2, 2, 2 * tau, realizable=realizable), rho=RHO)
    source, random = uniform(2, lambda x: x[0]), Random(2)
    exact: Any = model.start(())
    real: Any = TorchBatchWeights(exact)
    for number in (1, 2):
        batch = source.batch(2, random)
        exact = training(RHO, adversary).step(exact, batch, number=number)
        real = training(RHO, adversary).step(real, batch, number=number)
        assert dict(exact.edges) == dict(real.edges)
        assert torch_batch_model(exact)((1, 0)).item() == float(exact.output((1, 0)))
