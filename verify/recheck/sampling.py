"""Values of a circuit at random assignments: they prove nothing, but a claim that is false is often seen to be.

A value is an integer whose bit j belongs to assignment j; ``full`` is the one with all bits set.

>>> circuit = Circuit({})
>>> a, b = circuit.leaf("a"), circuit.leaf("b")
>>> both, some = circuit.every([a, b]), circuit.some([a, b])
>>> [round(word.bit_count() / WIDTH, 1) for word in words(circuit)]  # false, a, b, both, neither
[0.0, 0.5, 0.5, 0.3, 0.3]
>>> differ_somewhere(circuit, [(both, both), (both, some)])  # pair 1
1
>>> circuit.assume(a, b)
>>> differ_somewhere(circuit, [(both, some)]) is None
True
"""

from collections.abc import Sequence
from random import Random

from verify.recheck.circuit import Circuit

WIDTH = 1024


def words(circuit: Circuit, seed: int = 1) -> list[int]:
    """The values of all nodes of a circuit in as many assignments as a word has bits; the leaves are drawn by a
    seed."""
    draw, full, found = Random(seed), (1 << WIDTH) - 1, [0]
    for row in circuit.rows[1:]:
        found.append(
            draw.getrandbits(WIDTH)
            if row is None
            else at_least(row[0], [word_of(found, x, full) for x in row[1]], full)
        )
    return found


def word_of(values: Sequence[int], literal: int, full: int) -> int:
    """The values of a literal.

    >>> word_of([0, 0b0110], 3, 0b1111)  # node 1, negated
    9
    """
    return values[literal >> 1] ^ (full if literal & 1 else 0)


def at_least(needs: int, given: Sequence[int], full: int) -> int:
    """In which assignments at least as many as it ``needs`` of some literals are true, whose values are ``given``.

    >>> bin(at_least(2, [0b0011, 0b0101, 0b1001], 0b1111))
    '0b1'
    """
    if needs == len(given):
        found = full
        for word in given:
            found &= word
        return found
    reached = [full] + [0] * needs
    for word in given:
        for k in range(needs, 0, -1):
            reached[k] |= reached[k - 1] & word
    return reached[needs]


def differ_somewhere(circuit: Circuit, pairs: Sequence[tuple[int, int]]) -> int | None:
    """The number of a pair of literals that differ in some assignment in which the circuit's assumptions hold, or None
    if none is seen.
    """
    found, full = words(circuit), (1 << WIDTH) - 1
    kept = full
    for one, other in circuit.assumed:
        kept &= full ^ word_of(found, one, full) ^ word_of(found, other, full)
    for i, (one, other) in enumerate(pairs):
        if (word_of(found, one, full) ^ word_of(found, other, full)) & kept:
            return i
    return None
