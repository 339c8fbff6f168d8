"""All combinations of valid roundings of up to five edges in the first step, those of the copies first, on one
batch."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.foundations.descent import Descent
from constructions.foundations.rounding import Choice, Grid, nearest
from constructions.networks.queries import DYADIC, MINIMAL, Setting
from constructions.networks.skeleton import Skeleton
from constructions.training.outcome import follow

RHO = Fraction(1, 16)
BATCHES = [[((1, 0), 1), ((0, 0), 0), ((1, 1), 1)], [((0, 1), 0), ((1, 1), 0), ((0, 0), 1)]]


@pytest.mark.slow
@pytest.mark.parametrize("setting", [MINIMAL, DYADIC], ids=lambda setting: setting.name)
def test_the_skeleton_follows_its_method_under_every_combination_of_roundings_of_five_edges(setting: Setting) -> None:
    skeleton = Skeleton(setting=setting, rho=RHO, coin=0)
    exact = Descent(rho=RHO, rate=setting.rate).batch_gradient(skeleton.network(), BATCHES[0])
    free = {edge: Grid(rho=RHO).valid(value) for edge, value in exact.items() if len(Grid(rho=RHO).valid(value)) > 1}
    free = dict(sorted(free.items(), key=lambda entry: ".v" not in entry[0][0] + entry[0][1])[:5])
    assert free, "a batch on which the adversary has no choice tests nothing"
    seen = 0
    for picks in product(*free.values()):
        chosen = dict(zip(free, picks, strict=True))

        def adversary(choice: Choice, chosen: dict[tuple[str, str], Fraction] = chosen) -> Fraction:
            return chosen[choice.edge] if choice.step == 1 and choice.edge in chosen else nearest(choice)

        assert follow(skeleton, BATCHES, Descent(rho=RHO, rate=setting.rate, adversary=adversary)).failure is None
        seen += 1
    assert seen == 2 ** len(free)
