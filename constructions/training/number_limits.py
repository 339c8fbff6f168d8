"""How long a number may be in each number system, and the first place where one may be longer.

Sizes are bounded in float64, as sums and products of positive numbers. Such a bound may itself be rounded; so the limit
for float64 is 53 bits less a part in 2^20, more than all roundings of a bound together can hide.

Where a number may be too long is noted in ``fault``, six integers: vertex, kind of number (``what``) and bits of the
first that float64 may not hold, then the same of the first that 61 bits may not; -1 stands for none.
"""

import numpy as np

from constructions.training.compiled import compiled
from constructions.training.kernels import Integers

FLOAT_BITS, WHOLE_BITS = 53, 61
FLOAT_MOST, WHOLE_MOST = 2.0**FLOAT_BITS * (1 - 2.0**-20), 2.0**WHOLE_BITS
SUM, PIECE, WEIGHT, ADJOINT, ENTRY, BATCH, GRID = range(7)
WHAT = {
    SUM: "the pre-activation",
    PIECE: "the output",
    WEIGHT: "an edge's weight",
    ADJOINT: "the adjoint",
    ENTRY: "an edge's gradient entry",
    BATCH: "an edge's batch sum",
    GRID: "an edge's comparison with b rho",
}


def no_fault() -> Integers:
    """(6,) the first number that is too long for float64, then the first that is for 61 bits: vertex (-1: there is
    none), what it is, how many bits.

    >>> no_fault().tolist()
    [-1, -1, -1, -1, -1, -1]
    """
    return np.full(6, -1, np.int64)


def fault_in_words(fault: Integers) -> str:
    """A fault (vertex, what, bits) in words.

    >>> fault_in_words(np.array([3, SUM, 54]))
    '54 bits in the pre-activation of vertex 3'
    """
    what = WHAT[int(fault[1])]
    return f"{int(fault[2])} bits in {what} {'into' if what.startswith('an ') else 'of'} vertex {int(fault[0])}"


@compiled
def farther(low: int, high: int) -> float:
    """The larger of the sizes of the integers ``low`` and ``high``, as a float64.

    >>> farther(-3, 2)
    3.0
    """
    return max(abs(float(low)), abs(float(high)))


@compiled
def fits_whole(fault: Integers, size: float, vertex: int, what: int) -> bool:
    """Whether a number of this size at a vertex fits into 61 bits; noted if not.

    >>> fault = no_fault()
    >>> fits_whole(fault, 2.0**60, 4, SUM), fits_whole(fault, 2.0**62, 5, SUM), fault_in_words(fault[3:])
    (True, False, '63 bits in the pre-activation of vertex 5')
    """
    if size < WHOLE_MOST:
        return True
    if fault[3] < 0:
        fault[3], fault[4], fault[5] = vertex, what, max(WHOLE_BITS, int(np.log2(size))) + 1
    return False


@compiled
def fits(fault: Integers, size: float, vertex: int, what: int) -> bool:
    """Whether a number of this size at a vertex fits into 61 bits; if it does not fit into 53, that is noted too.

    >>> fault = no_fault()
    >>> [fits(fault, size, vertex, SUM) for vertex, size in enumerate((2.0**52, 2.0**53, 2.0**60, 2.0**61))]
    [True, True, True, False]
    >>> fault_in_words(fault[:3]), fault_in_words(fault[3:])
    ('54 bits in the pre-activation of vertex 1', '62 bits in the pre-activation of vertex 3')
    """
    if size >= FLOAT_MOST and fault[0] < 0:
        fault[0], fault[1], fault[2] = vertex, what, max(FLOAT_BITS, int(np.log2(size))) + 1
    return bool(fits_whole(fault, size, vertex, what))
