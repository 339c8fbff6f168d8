"""How many rounds SAMPLE-EXTRACT is expected to take at most (Theorem Z, LOOK, the coin), and how many a budget
needs for them."""

from fractions import Fraction
from math import ceil

from constructions.errors import PremiseError
from constructions.foundations.exact import Number

HALF = Fraction(1, 2)
LOSS_OF_HALF = Fraction(1, 8)
"""What predicting 1/2 loses at most."""


def empty_rounds(missed: Number, alone: Number, further: Number) -> Number:
    """Empty rounds expected at a prefix (prefix version), if the batch misses it with the probability ``missed``, has
    one point in it with the probability ``alone``, and ``further`` ones are expected once it grows: each round is
    empty, ends the run, or grows the prefix.

    >>> str(empty_rounds(Fraction(1, 4), Fraction(1, 2), 1))
    '2/3'
    """
    return (missed + (1 - missed - alone) * further) / (1 - missed)


def theorem_z(bits: Number, mass: Number, b: Number) -> Number:
    """Theorem Z: with batches of b points, at most this many empty rounds are expected at a prefix of a mass with so
    many bits left.

    >>> theorem_z(3, Fraction(1), 2), theorem_z(1, Fraction(1, 4), 2)
    (Fraction(1, 1), Fraction(3, 2))
    """
    return (bits - 1) * HALF + (1 / mass - 1) / b


def look_bound(missed: Number) -> Number:
    """LOOK: at most this many empty rounds are expected at a prefix that a batch misses with this probability.

    >>> look_bound(Fraction(0)), look_bound(Fraction(1, 3))
    (Fraction(1, 1), Fraction(3, 2))
    """
    return 1 / (1 - missed)


def idle_rounds_of_coin(b: int, bits: int) -> Fraction:
    """At most this many rounds are expected to pass on one undecided coin, given the bits a round; w <= 2 is decided by
    one bit.

    Raises
    ------
    PremiseError
        Without random bits, if a coin is tossed at all (b > 1).

    >>> [str(idle_rounds_of_coin(b, bits)) for b, bits in ((3, 1), (3, 2), (2, 1), (1, 0))]
    ['1', '1/3', '0', '0']
    """
    if b == 1 or (b == 2 and bits):
        return Fraction(0)
    if not bits:
        raise PremiseError(f"need at least one random bit a round for b > 1, got b={b} and {bits} bits")
    return Fraction(1, 2**bits - 1)


def least_further_rounds(expected: Fraction, delta: Fraction) -> int:
    """The least K for which running out of K rounds loses at most delta, ``expected`` of them being expected at most.

    By Markov's inequality more than K are needed with a chance of at most expected/(K + 1), as rounds are whole;
    whoever runs out of them predicts 1/2 and loses at most 1/8. So K is the least with expected/(K + 1)/8 <= delta.

    >>> least_further_rounds(Fraction(260), Fraction(1, 20)), least_further_rounds(Fraction(0), Fraction(1, 20))
    (649, 0)
    >>> str(Fraction(260) / (649 + 1) / 8)
    '1/20'
    """
    return max(0, ceil(LOSS_OF_HALF * expected / delta) - 1)
