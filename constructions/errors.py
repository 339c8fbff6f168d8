"""The errors that the constructions raise: each says what was needed, what was got, and where."""


class ConstructionError(ValueError):
    """A value from which no construction can be made (a float weight, a cycle, a parallel edge)."""


class PremiseError(ConstructionError):
    """A lemma used outside its hypothesis; the message quotes the inequality with its numbers."""


class KinkError(ConstructionError):
    """A derivative asked for where it does not exist (footnote 6): a kink reached with a non-zero adjoint.

    Attributes
    ----------
    vertex : the vertex whose pre-activation sits on the kink.
    """

    def __init__(self, vertex: str, pre: object) -> None:
        super().__init__(
            f"need a pre-activation off every kink where the adjoint is not zero, got {pre} at vertex {vertex!r}"
        )
        self.vertex = vertex


class ClippingError(ConstructionError):
    """A gradient entry above 1 under the convention in which the method then fails (Section 2)."""


class EnginesDifferError(RuntimeError):
    """Two engines that must take the same steps have not: a defect of this program, and no fault of its input."""
