"""How many bits exact training of a certified network needs (premise l).

Training is exact in float64 if every number that a step meets is a whole number over one power of two, and has at most
53 bits. For a network that is certified both can be bounded once and for all steps, as it is known which edges move.

*Over what are numbers whole?* Let L be a scale over which all weights, rate times rho and the output's pre-activations
are whole. Only edges of copies and controls move, by multiples of rate times rho, so all weights stay whole over L. A
vertex's number is over the product of the scales on its way: along a copy v1 carries a number over L, v2 over L^2, v3
over L^3, and what v3 gives to the output is over L^4. All other vertices carry whole numbers (-2, 0 or 2, or an input).
Backwards the error of the output is a number over L, the adjoint of v3 over L^2, of v2 over L^3, of v1 over L^4, and
each entry of the gradient is over L^4. So L^4 serves for all.

*How large are they?* No vertex carries more than 2 in size, and no weight moves by more than rate (1 + rho). So a
partial sum on the way up is at most twice the sum of the sizes of the weights into a vertex, and what can be added for
the two edges into v3 that move (:func:`most_upwards`). The error of the output is below 2; so an adjoint is at most
twice an edge into the output, and in a copy at most what :func:`most_downwards` says. A batch adds up b entries.

:func:`float_bits` puts both together. It is a bound: a network that needs more bits by it may still be trained exactly
in float64 (:mod:`constructions.training.exactness` looks at the numbers of each step).
"""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, lcm

import numpy as np

from constructions.foundations.exact import Number
from verify.certifier.roles.parts import Parts

FLOAT = 53
IN_FLOAT64 = f"exact in float64 ({FLOAT} bits)"
"""How the line ends if float64 has all bits."""
MOVING = 6
"""The edges of a copy that move are the first of its row."""


def most_upwards(sizes: Number, rate: Number, rho: Number) -> Number:
    """How large a partial sum can be at a vertex while training moves weights by the rate times at most 1 + rho, given
    the sum of the sizes of its weights as they are in the file.

    >>> str(most_upwards(Fraction(5), Fraction(1), Fraction(1, 8)))
    '29/2'
    """
    return 2 * sizes + 4 * rate * (1 + rho)


def most_downwards(v0v1: Number, v1v2: Number, v1v2_: Number, v2v3: Number, v2_v3: Number, v3v4: Number) -> Number:
    """How large an adjoint or an entry of an active copy can be before it is clipped, from the weights of its edges
    that move: ``v0v1`` of v0 -> v1, ``v1v2`` and ``v1v2_`` of v1 -> v2 and v1 -> v2', ``v2v3`` and ``v2_v3`` of v2 ->
    v3 and v2' -> v3, ``v3v4`` of v3 -> v4.

    >>> [str(most_downwards(*map(Fraction, row))) for row in ((1, 1, 1, 1, 1, 1), (1, "1/64", "1/64", 64, 64, 8))]
    ['8', '2048']
    """
    inner = max(abs(v2v3), abs(v2_v3))
    through = abs(v1v2 * v2v3) + abs(v1v2_ * v2_v3)
    return 4 * max(abs(v3v4) * max(1, inner, through), 1)


def float_bits(parts: Parts, held: Iterable[Fraction]) -> str:
    """A line: the bits that suffice for a batch of the file's size, and whether float64 has them.

    Parameters
    ----------
    parts, held : the network with its parts, and the values at which its output is held.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from verify.certifier.roles.parts import take_apart
    >>> plan = Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 8), tolerance=Fraction(1))
    >>> print(*float_bits(take_apart(plan.trainable), [Fraction(-73, 64)]).split(", "), sep="\\n")
    linear pass: every number of training is 1/2^28 times a whole number of at most 38 bits
    exact in float64 (53 bits)
    """
    net, flat = parts.net, parts.flat
    scale = lcm(flat.scale, (net.rate * net.rho).denominator, *(value.denominator for value in held))
    largest_sum = 0
    for low, high, edges in flat.pieces():
        if edges.stop > edges.start:
            begins = flat.offsets[max(low, flat.first) : high] - edges.start
            largest_sum = max(largest_sum, int(np.add.reduceat(np.abs(flat.weights[edges]), begins).max()))
    most = most_upwards(Fraction(largest_sum, flat.scale), net.rate, net.rho)
    for row in np.unique(parts.memory[:, :MOVING], axis=0).tolist():
        most = max(most, most_downwards(*(Fraction(w, flat.scale) for w in row)))
    largest = ceil(most) * net.batch
    bits = (scale**4).bit_length() + largest.bit_length()
    if scale & (scale - 1):
        return f"linear pass: {told(f'{scale}^4', bits)}; {scale} is no power of two, so not exact in float64"
    said = IN_FLOAT64 if bits <= FLOAT else f"by this bound more than the {FLOAT} bits of float64"
    return f"linear pass: {told(f'2^{4 * (scale.bit_length() - 1)}', bits)}, {said}"


def told(unit: str, bits: int) -> str:
    """What is known of all numbers of training: all are whole multiples of 1/``unit``, of so many bits.

    >>> told("2^40", 56)
    'every number of training is 1/2^40 times a whole number of at most 56 bits'
    """
    return f"every number of training is 1/{unit} times a whole number of at most {bits} bits"
