"""Reading a memory and its error budget (Lemma 11's last claim, Lemma 3b's accounting).

The digits read R = min(m, 2^k - 1) for a record of m steps of rho. Divided by the gain, R rho exceeds the wrong
fraction fm by an amount between ``-3 rho/(8 g)`` and ``(offset + 3/(8 g)) rho``: for the minimal repair -3/2 to 7/2
(times rho), for the strong gadget -1 to 17/8. A query with values in [0, 1] is asked digit by digit; d digits leave out
at most 2^-d.
"""

from collections.abc import Sequence
from fractions import Fraction

from constructions.foundations.exact import Number, rational
from constructions.networks.queries import Setting


def answer_read(setting: Setting, rho: Number, digits: Sequence[int]) -> Fraction:
    """The answer that digits hold in a setting: R rho / gain, where R is the integer that they read (least digit
    first).

    >>> from constructions.networks.queries import STRONG
    >>> answer_read(STRONG, Fraction(1, 16), [1, 0, 1, 0])
    Fraction(5, 12)
    """
    read = sum(2**i for i, digit in enumerate(digits) if digit)
    return Fraction(read * rational(rho, where="rho") / setting.record_gain)
