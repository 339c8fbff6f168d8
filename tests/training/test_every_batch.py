"""All 64 sequences of two samples, batch size 1: the dyadic skeleton follows its method under the adversaries that
pull hardest."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.foundations.descent import Descent
from constructions.networks.queries import DYADIC
from constructions.networks.skeleton import Skeleton
from constructions.training.outcome import follow
from verify.claims.training.outcome import ADVERSARIES

SAMPLES = [((x1, x2), y) for x1, x2, y in product((0, 1), repeat=3)]
RHO = Fraction(1, 16)


@pytest.mark.slow
@pytest.mark.parametrize("coin", [0, 1])
@pytest.mark.parametrize("name", ["up", "down", "apart"])
def test_every_sequence_of_two_samples_ends_in_the_methods_predictor(name: str, coin: int) -> None:
    skeleton = Skeleton(setting=DYADIC, rho=RHO, coin=coin)
    net = skeleton.network()
    failures = {
        (first, second): found.failure
        for first, second in product(SAMPLES, repeat=2)
        if (
            found := follow(skeleton, [[first], [second]], Descent(rho=RHO, adversary=ADVERSARIES[name]()), net=net)
        ).failure
    }
    assert failures == {}
