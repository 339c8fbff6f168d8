"""How many bits exact training of a certified network needs (premise l).

In a step no more can have moved than the edges of copies and controls, by multiples of rate rho. So all weights are whole over one scale L. v1 has
the scale L, v2 L^2, v3 L^3; a digit adds an edge to v1, L^2; all other vertices carry whole numbers. The output adds v3 times an edge, L^4. The
bound below takes the largest sum of sizes over any vertex at the scale L^4; a product of an adjoint with a value has no larger scale than L^4
either, and no larger size than four times as much, for adjoints of the output are below 4 and path weights at most doubled.
"""
from math import lcm

import numpy as np

from verify.certifier.parts import Parts


def float_bits(parts: Parts) -> str:
    """A line: the bits that suffice, and whether that is float64.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from verify.certifier.parts import take_apart
    >>> float_bits(take_apart(Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 8), tolerance=Fraction(1)).trainable))
    'linear pass: numbers over 2^32 of at most 47 bits, exact in float64'
    """
    net, flat = parts.net, parts.flat
    scale = lcm(flat.scale, (net.rate * net.rho).denominator)
    power = scale**4
    sizes = np.add.reduceat(np.abs(flat.weights), np.minimum(flat.offsets[flat.first : -1], len(flat.weights) - 1)) if len(flat.weights) else [0]
    largest = 4 * (2 * int(max(sizes)) // flat.scale + 4)
    bits = power.bit_length() + largest.bit_length()
    if power & (power - 1):
        return f"linear pass: numbers over {scale}^4, no power of two, so not in float64; integers of {bits} bits"
    exact = "exact in float64" if bits <= 53 else "more than float64 has by this bound"
    return f"linear pass: numbers over 2^{power.bit_length() - 1} of at most {bits} bits, {exact}"
