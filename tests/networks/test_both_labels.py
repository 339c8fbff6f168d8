"""S6 on networks: usual and steep copies side by side."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from constructions.foundations.rounding import clip
from constructions.networks.both_labels import both_from, steep, steep_gain
from constructions.networks.memory import conditions
from constructions.networks.queries import DYADIC, STRONG, Setting, query_graph

F = Fraction


@pytest.mark.parametrize("setting", [STRONG, DYADIC])
@pytest.mark.parametrize("rho", [F(1, 8), F(1, 16), F(1, 100)])
def test_a_steep_copy_is_a_memory_but_for_clipping(setting: Setting, rho: Fraction) -> None:
    made = steep(setting, steep_gain(rho))
    graph = query_graph(made, rho=rho, bits=0, prime=True)
    broken = [c.name for c in conditions(graph, rho, 0, rate=1, offset=setting.offset) if not c.holds]
    assert broken == ["no gradient of v0 -> v1 is clipped"]


def test_every_batch_of_three_is_told_within_eta() -> None:
    rho = F(1, 16)
    eta, slopes = DYADIC.offset * rho, (DYADIC.record_gain, 1 / rho)
    for batch in product(product((0, 1), repeat=2), repeat=3):
        usual, counted = (
            sum((query * clip((1 + eta - y) * slope) for query, y in batch), F(0)) / 3 for slope in slopes
        )
        told = both_from(usual / slopes[0], counted)
        for label in (0, 1):
            assert abs(told[label] - F(sum(query for query, y in batch if y == label), 3)) <= eta


def test_the_share_follows_the_gain() -> None:
    made = steep(DYADIC, F(4))
    assert made.share == 2 * DYADIC.resting * 4 and made.gain_prime == -4
    assert replace(made, gain=DYADIC.gain).record_gain == DYADIC.record_gain
