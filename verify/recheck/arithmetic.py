"""Numbers in a circuit: lists of literals, the lowest place first, unsigned or in two's complement.

Each function says which number it gives; that it does is the school method, place by place.

``circuit`` is where gates are written. Two numbers a and b have as many places; where ``equal`` is among the arguments,
equal numbers count as well.

>>> circuit, pairs = Circuit({}), [(0, 0), (0, 1), (1, 0), (1, 1)]
>>> [[gate(circuit, a, b) for a, b in pairs] for gate in (both, either, differ)]
[[0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0]]
>>> x, y = circuit.leaf("x"), circuit.leaf("y")
>>> choose(circuit, TRUE, x, y) == x, choose(circuit, x, TRUE, FALSE) == x, choose(circuit, x, y, y) == y
(True, True, True)
>>> chosen(circuit, TRUE, constant(5, 3), constant(2, 3)), chosen(circuit, FALSE, constant(5, 3), constant(2, 3))
([1, 0, 1], [0, 1, 0])
"""

from collections.abc import Sequence

from verify.recheck.circuit import Circuit
from verify.recheck.proof import FALSE, TRUE

Bits = list[int]


def both(circuit: Circuit, a: int, b: int) -> int:
    """a and b."""
    return circuit.every((a, b))


def either(circuit: Circuit, a: int, b: int) -> int:
    """a or b."""
    return circuit.every((a ^ 1, b ^ 1)) ^ 1


def differ(circuit: Circuit, a: int, b: int) -> int:
    """Exactly one of a and b: signs are taken out, then neither both nor none."""
    if a <= TRUE or b <= TRUE:
        return b ^ a if a <= TRUE else a ^ b
    sign = (a ^ b) & 1
    a, b = a & ~1, b & ~1
    return both(circuit, both(circuit, a, b) ^ 1, both(circuit, a ^ 1, b ^ 1) ^ 1) ^ sign


def choose(circuit: Circuit, condition: int, yes: int, no: int) -> int:
    """``yes`` where the condition holds, else ``no``."""
    if yes == no:
        return yes
    return both(circuit, both(circuit, condition, yes) ^ 1, both(circuit, condition ^ 1, no) ^ 1) ^ 1


def constant(value: int, width: int) -> Bits:
    """A value modulo 2^width, as constant literals.

    >>> constant(6, 4), constant(-1, 3)
    ([0, 1, 1, 0], [1, 1, 1])
    """
    return [value >> i & 1 for i in range(width)]


def extended(bits: Sequence[int], width: int, fill: int = FALSE) -> Bits:
    """The number of these bits in a width of at least as many places; ``fill`` on top (the sign, for two's
    complement).

    >>> extended([1, 1], 4), extended([1, 1], 4, TRUE)
    ([1, 1, 0, 0], [1, 1, 1, 1])
    """
    return [*bits, *[fill] * (width - len(bits))]


def add(circuit: Circuit, a: Bits, b: Bits, carry: int = FALSE) -> Bits:
    """a + b + carry modulo 2^width.

    >>> add(Circuit({}), constant(3, 4), constant(5, 4)) == constant(8, 4)
    True
    """
    total = []
    for x, y in zip(a, b, strict=True):
        apart = differ(circuit, x, y)
        total.append(differ(circuit, apart, carry))
        carry = either(circuit, both(circuit, x, y), both(circuit, apart, carry))
    return total


def subtract(circuit: Circuit, a: Bits, b: Bits) -> Bits:
    """a - b modulo 2^width: a + not b + 1.

    >>> subtract(Circuit({}), constant(3, 4), constant(5, 4)) == constant(-2, 4)
    True
    """
    return add(circuit, a, [literal ^ 1 for literal in b], TRUE)


def less(circuit: Circuit, a: Bits, b: Bits, *, equal: bool = False) -> int:
    """a < b as unsigned numbers (or a <= b): a place more decides, or leaves it as it was.

    >>> less(Circuit({}), constant(3, 4), constant(5, 4)), less(Circuit({}), constant(3, 4), constant(3, 4), equal=True)
    (1, 1)
    """
    found = TRUE if equal else FALSE
    for x, y in zip(a, b, strict=True):
        found = either(circuit, both(circuit, x ^ 1, y), both(circuit, either(circuit, x ^ 1, y), found))
    return found


def signed_less(circuit: Circuit, a: Bits, b: Bits, *, equal: bool = False) -> int:
    """a < b (or a <= b) in two's complement: with 2^(width - 1) added to both, it is the unsigned order.

    >>> signed_less(Circuit({}), constant(-3, 4), constant(2, 4))
    1
    """
    return less(circuit, [*a[:-1], a[-1] ^ 1], [*b[:-1], b[-1] ^ 1], equal=equal)


def chosen(circuit: Circuit, condition: int, yes: Bits, no: Bits) -> Bits:
    """``yes`` where the condition holds, else ``no``, place by place."""
    return [choose(circuit, condition, x, y) for x, y in zip(yes, no, strict=True)]


def shifted(bits: Bits, places: int) -> Bits:
    """The number of these bits times 2^places, modulo 2^width.

    >>> shifted([1, 1, 0], 1)
    [0, 1, 1]
    """
    return ([FALSE] * places + bits)[: len(bits)]
