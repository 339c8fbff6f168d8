"""What the induction over the rounds carries from one round to the next."""

from dataclasses import dataclass

from verify.certifier.roles.parts import Halves
from verify.certifier.rounds.phases import Known, Proved
from verify.certifier.rounds.state_functions import FALSE_FUNCTION, TRUE_FUNCTION, Equation


@dataclass(frozen=True, kw_only=True)
class Between:
    """What holds between two rounds, for every random string, all batches and all valid roundings.

    Parameters
    ----------
    state : the machine's state, a function for each bit. known : what vertices of earlier rounds carry that later ones
        read. equal : pairs of functions that are equal there; only the solver uses them.

    >>> import numpy as np
    >>> one = Between(state=(TRUE_FUNCTION,), known={7: (None, 2), 8: (True, TRUE_FUNCTION)})
    >>> reader = np.zeros(9, np.int32) + 3
    >>> one.carried_on(reader, 2), one.carried_on(reader, 3)
    ([7], [])
    """

    state: tuple[int, ...]
    known: Known
    equal: tuple[Equation, ...] = ()

    def carried_on(self, reader: Halves, t: int) -> list[int]:
        """The vertices that round t carries on: read later than in t, as ``reader`` (N,) says, and no constants by
        now."""
        return [u for u, (_, after) in self.known.items() if reader[u] > t and after > FALSE_FUNCTION]

    def after(self, proof: Proved, reader: Halves, t: int) -> "Between":
        """What holds after round t, of which this was proved; ``reader`` (N,) has the last round that reads each
        vertex.

        While round t + 1 is to come, round t is to come or in its step, but earlier ones may be over: what was a
        constant before its round and is another one after it is then either.

        >>> import numpy as np
        >>> from fractions import Fraction
        >>> before = Between(state=(4,), known={7: (None, TRUE_FUNCTION), 8: (None, 2)})
        >>> proof = Proved(held=Fraction(-9, 8), roles=(), live={9: (None, 6)}, state=(6,))
        >>> reader = np.full(10, 5, np.int32)  # round 5 reads them all
        >>> between = before.after(proof, reader, t=2)
        >>> between.state, between.known  # of the older vertices only the constant is still known
        ((6,), {7: (None, 0), 9: (None, 6)})
        """
        kept: Known = {}
        for u, (before, after) in self.known.items():
            if reader[u] > t and after in (TRUE_FUNCTION, FALSE_FUNCTION):
                kept[u] = (before if before is (after == TRUE_FUNCTION) else None, after)
        return Between(state=proof.state, known=kept | proof.live, equal=proof.equations)
