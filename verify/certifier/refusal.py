"""Why a network is refused: the premise that fails, and where."""

from collections.abc import Mapping
from typing import Any

PREMISES = {
    "a": "one sink, the constant and the inputs are the sources, no cycle, no parallel edges, exact weights",
    "b": "every edge into the output comes from a v3 or a control",
    "c": "each copy is a memory and nothing else touches it",
    "d": "vc and every control are strictly flat at every step",
    "e": "each copy acts and each control is not 0 in one step only, and each active copy is cancelled",
    "f": "final controls are 0 until training ends; then they alone are not 0, and give the predictor's value",
    "g": "the output's pre-activation is the round's on every sample, strictly inside its piece",
    "h": "each random bit is a sampled edge of its own, bound to one random input of the machine",
    "i": "rho, rate, steps, loss and labels are those of the statement",
    "j": "read-out and decoder agree with rho, gain and rate",
    "k": "every computation vertex is a gate, strictly flat, and the circuit is the machine's",
    "l": "training can be computed exactly: how many bits its numbers need at most",
}


class NetworkRefused(Exception):
    """A network is not certified.

    >>> str(NetworkRefused("b", "an edge from a gate", vertex=7))
    '(b) every edge into the output comes from a v3 or a control: an edge from a gate, at vertex 7'
    """

    def __init__(
        self,
        premise: str,
        what: str,
        *,
        vertex: int | None = None,
        edge: tuple[int, int] | None = None,
        witness: Mapping[str, Any] | None = None,
    ) -> None:
        self.premise, self.what, self.vertex, self.edge = premise, what, vertex, edge
        self.witness = dict(witness or {})
        at = "" if vertex is None else f", at vertex {vertex}"
        at += "" if edge is None else f", at the edge {edge[0]} -> {edge[1]}"
        super().__init__(f"({premise}) {PREMISES[premise]}: {what}{at}")
