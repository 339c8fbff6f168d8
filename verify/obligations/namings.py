"""What a walk over a graph is told by name: its inputs, what arrives from outside, and pieces of its activation."""

from collections.abc import Mapping

from constructions.errors import ConstructionError
from constructions.foundations.activation import Piece
from constructions.foundations.exact import Number
from constructions.foundations.network import Fragment
from constructions.foundations.refusals import described, refusal


def check_names(fragment: Fragment, inputs: Mapping[str, Number], outside: Mapping[str, Number], label: str) -> None:
    """Refuse values for other vertices than the inputs, and what would reach no vertex from outside: a misspelt name
    counts for nothing."""
    if set(inputs) != set(fragment.inputs):
        raise ConstructionError(
            f"need values for the inputs {sorted(fragment.inputs)}, got {sorted(inputs)}, at {label!r}"
        )
    odd = next((v for v in outside if v not in fragment.order or v in fragment.sources), None)
    if odd is not None:
        raise ConstructionError(f"need a vertex that computes, got {odd!r}, at what {label!r} gets from outside")


def check_pieces(fragment: Fragment, pieces: Mapping[str, Piece], label: str) -> None:
    """Refuse a piece that the graph's activation does not have, or one for a vertex that computes nothing."""
    for v, piece in pieces.items():
        if v not in fragment.order or v in fragment.sources:
            raise ConstructionError(f"need a vertex that computes, got {v!r}, at the pieces of {label!r}")
        if piece not in fragment.sigma.pieces:
            raise refusal(
                f"need a piece of {fragment.sigma.name}, got {described(piece)}, at vertex {v!r} of {label!r}"
            )
