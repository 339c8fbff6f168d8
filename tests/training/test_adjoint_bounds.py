"""Downwards: what is passed down, and the first entry, sum or comparison that is too long."""

from fractions import Fraction

import numpy as np
import pytest

from constructions.foundations.activation import IDENTITY, RAMP
from constructions.foundations.network import Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training.adjoint_bounds import bound_adjoints, comparison_fits, entry_fits
from constructions.training.engine import engine_of
from constructions.training.kernels import nothing_known
from constructions.training.number_limits import BATCH, ENTRY, GRID, no_fault
from constructions.training.output_bounds import bound_outputs


@pytest.mark.parametrize(
    ("size", "full", "batch", "fault"),
    [
        (1.0, 2.0**50, 4, [-1, -1, -1]),
        (16.0, 2.0**50, 4, [3, ENTRY, 55]),
        (1.0, 2.0**50, 16, [3, BATCH, 55]),
        (2.0, 2.0**50, 4, [-1, -1, -1]),
    ],
)
def test_an_entry_counts_before_clipping_and_its_sum_after(
    size: float, full: float, batch: int, fault: list[int]
) -> None:
    noted = no_fault()
    assert entry_fits(size, full, batch, 3, noted) and noted[:3].tolist() == fault


def test_a_comparison_counts_only_for_integers() -> None:
    noted = no_fault()
    assert comparison_fits(1.0, 1 << 50, 1 << 8, (1, 1 << 50), 3, noted)
    assert not comparison_fits(1.0, 1 << 50, 1 << 8, (1, (1 << 50) + 1), 3, noted)
    assert noted[:5].tolist() == [-1, -1, -1, 3, GRID]


@pytest.mark.parametrize(("bias", "sloped"), [(Fraction(1, 2), True), (Fraction(-1, 4), False)])
def test_nothing_is_passed_down_through_a_flat_vertex(bias: Fraction, sloped: bool) -> None:
    """g -> h -> f; with bias 1/2 the vertex h is on a slope of the ramp, with -1/4 on the flat piece at 0."""
    edges = {("x1", "g"): 1, ("one", "h"): bias, ("g", "h"): Fraction(1, 8), ("h", "f"): Fraction(1, 8)}
    graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=RAMP)
    net = Trainable(network=flat_network(graph), rho=Fraction(1, 4), last=IDENTITY)
    engine = engine_of(net)
    known, fault = nothing_known(net.network.size, len(edges)), no_fault()
    assert bound_outputs(engine.arrays, known, fault)
    assert bound_adjoints(engine.arrays, np.ones(len(edges), np.bool_), 1, (1, 4), known, fault)
    assert [int(known.slope[3]) > 0, int(known.under_adjoint[2]) > 1] == [sloped, sloped]
