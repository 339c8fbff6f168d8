"""A gadget that is wrong: one hard-tanh vertex meant to tell two bits apart. ``querygrad prove`` refutes it and exits
with 1.

Bits are -1 and 1; the vertex should return 1 if x and y differ and -1 if they do not. It gets 2x - 2y, which is 0 where
they agree, and -4 where only y is set.
"""

from constructions.foundations.activation import HARD_TANH
from constructions.foundations.logic import select, some
from constructions.foundations.network import Fragment
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

DIFFERS = Fragment(
    inputs=("x", "y"), outputs=("differs",), edges={("x", "differs"): 2, ("y", "differs"): -2}, sigma=HARD_TANH
)


@obligation(
    "wrong.differs", paper="examples", of=lambda case: DIFFERS, twin=lambda case: DIFFERS.with_weight("x", "differs", 0)
)
def tells_bits_apart(gadget: Fragment, case: Case) -> None:
    """The vertex returns 1 if the bits differ and -1 if they agree."""
    x, y = case.real("x"), case.real("y")
    case.assume(some(x == -1, x == 1), some(y == -1, y == 1))
    run = case.run(gadget, {"x": x, "y": y}, label="differs")
    case.equal("right", run.out["differs"], select(x == y, -1, 1))
