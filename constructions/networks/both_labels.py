"""A query on both labels in one step of a network (S6 on networks), by clipping.

On a model S6 holds the output far away, f = M, for a point at which a query has the same value on both labels, so that
both labels move theta by nearly the same. A network with the two-stage ramp returns at most 2 in size, and then one
label moves a weight by at least a fifth less than the other, whatever the slope is. Clipping makes up for it. With the
output held at 1 + eta, eta = offset rho, as in rounds of Q', an active copy has the gradient (1 + eta) slope on label 0
and eta slope on label 1. The usual copy, of slope at most 1/(1 + eta), sees label 0 only, but for eta. A *steep* one,
of slope 1/eta, is clipped to 1 on both labels: it counts the samples at which it is active, whatever their label is. So
one step, in a round of Q', answers queries on label 0 by usual copies, on both labels alike by steep ones, and on label
1 by their difference.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.networks.queries import Setting


def steep_gain(setting: Setting, rho: Number) -> Number:
    """The weight of v3 -> v4 in size with which a copy of Q' has the slope 1/(offset rho).

    Parameters
    ----------
    setting : says which offset. rho : the precision.

    >>> from constructions.networks.queries import DYADIC
    >>> str(steep_gain(DYADIC, Fraction(1, 9)))
    '4'
    """
    return Fraction(1, 2) / (setting.offset * rho)


def steep(setting: Setting, gain: Any) -> Setting:
    """The setting with steep copies, of a ``gain`` that is :func:`steep_gain`'s.

    >>> from constructions.networks.queries import DYADIC
    >>> str(steep(DYADIC, Fraction(4)).share)
    '1/2'
    """
    steeper = replace(setting, name=f"{setting.name}, steep", gain=gain, gain_prime=-gain)
    return steeper.with_resting(setting.resting)


def both_from(usual: Number, steep_one: Number) -> tuple[Number, Number]:
    """The shares of a batch at which a query is 1, with label 0 and with label 1.

    Parameters
    ----------
    usual, steep_one : what a usual copy, over its slope, and a steep copy record of it.

    >>> both_from(Fraction(1, 4), Fraction(3, 4))
    (Fraction(1, 4), Fraction(1, 2))
    """
    return usual, steep_one - usual
