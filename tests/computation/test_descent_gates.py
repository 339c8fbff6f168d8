"""The gates of a method that finds gradients: each part is in the whole, and the bound is above it."""

from dataclasses import replace

from constructions.computation.descent_gates import (
    DescentSizes,
    descent_gates,
    edge_gates,
    entry_gates,
    forward_gates,
    gradient_gates,
    number_width,
    update_gates,
    vertex_gates,
)
from verify.claims.computation.descent_gates import most_gates

SIZES = DescentSizes(edges=5, inner=2, vertices=3, kinks=4, width=30, weight=9, places=5)


def test_a_round_is_its_parts() -> None:
    assert descent_gates(SIZES) == gradient_gates(SIZES) + update_gates(SIZES) + forward_gates(SIZES)
    one_more = forward_gates(replace(SIZES, edges=6)) - forward_gates(SIZES)
    assert one_more == edge_gates(30)
    assert gradient_gates(replace(SIZES, edges=6)) - gradient_gates(SIZES) == edge_gates(30) + entry_gates(30)
    assert forward_gates(replace(SIZES, vertices=4)) - forward_gates(SIZES) == vertex_gates(4, 30)


def test_the_bound_is_above_and_not_far() -> None:
    assert descent_gates(SIZES) <= most_gates(4, 5, 30) <= 50 * int(descent_gates(SIZES))


def test_numbers_grow_with_each_level() -> None:
    assert number_width(3, 4, 5) - number_width(2, 4, 5) == 18
