"""How many bits exact training of a certified network needs (premise l).

Let L be a scale over which all weights, rate rho and the output's pre-activations are whole. Only edges of copies and controls move, by
multiples of rate rho, so weights stay whole over L. v1 carries a number over L, v2 over L^2, v3 over L^3, and all other vertices but the
output whole numbers; a copy's edge to the output makes it L^4. Backwards, the error of the output is a number over L, v3's adjoint over
L^2, v2's L^3, v1's L^4, and each entry is over L^4. No vertex carries more than 2 in size, what has moved is multiplied by 0 in later
steps, and the error is below 2; so partial sums are at most twice the sum of the sizes of the weights into a vertex, and entries below
that; b of them are added.
"""
from collections.abc import Iterable
from fractions import Fraction
from math import lcm

import numpy as np

from verify.certifier.parts import Parts

FLOAT = 53


def float_bits(parts: Parts, held: Iterable[Fraction]) -> str:
    """A line: the bits that suffice for a batch of the file's size, and whether float64 has them.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from verify.certifier.parts import take_apart
    >>> plan = Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 8), tolerance=Fraction(1))
    >>> float_bits(take_apart(plan.trainable), [Fraction(-73, 64)])
    'linear pass: whole numbers over 2^28 of at most 38 bits, exact in float64'
    """
    net, flat = parts.net, parts.flat
    scale = lcm(flat.scale, (net.rate * net.rho).denominator, *(value.denominator for value in held))
    begins = flat.offsets[flat.first : -1]
    sizes = np.add.reduceat(np.abs(flat.weights), begins)
    largest = (2 * int(sizes.max()) // flat.scale + 4) * net.batch
    bits = (scale**4).bit_length() + largest.bit_length()
    if scale & (scale - 1):
        return f"linear pass: whole numbers over {scale}^4 of at most {bits} bits; {scale} is no power of two, so not in float64"
    exact = "exact in float64" if bits <= FLOAT else "more than float64 has by this bound"
    return f"linear pass: whole numbers over 2^{4 * (scale.bit_length() - 1)} of at most {bits} bits, {exact}"
