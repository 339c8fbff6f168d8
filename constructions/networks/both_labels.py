"""A query on both labels in one step of a network (S6 on networks), by clipping.

On a model S6 holds the output far away, f = M, for a point at which a query has the same value on both labels, so that
both labels move theta by nearly the same. A network with the two-stage ramp returns at most 2 in size, and then one
label moves a weight by at least a fifth less than the other, whatever the slope is. Clipping makes up for it. With the
output held at 1 + eta, eta = offset rho, as in rounds of Q', an active copy has the gradient (1 + eta) slope on label 0
and eta slope on label 1. The usual copy, of slope at most 1/(1 + eta), sees label 0 only, but for eta. A *steep* one,
of slope 1/rho, which is at least 1/eta, is clipped to 1 on both labels: it counts the samples at which it is active,
whatever their label is. So one step, in a round of Q', answers queries on label 0 by usual copies, on both labels alike
by steep ones, and on label 1 by their difference.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.network import Fragment
from constructions.networks.memory import Condition, absolute, broken, conditions, path_gain
from constructions.networks.queries import Setting

CLIPPED, DIGITS = "no gradient of v0 -> v1 is clipped", "there are digits for every fraction"
"""The conditions of a memory that a steep copy meets in another form."""


def steep_gain(rho: Number) -> Number:
    """The weight of v3 -> v4 in size with which a copy of Q' has the slope 1/rho, for the precision rho.

    >>> str(steep_gain(Fraction(1, 8)))
    '4'
    """
    return Fraction(1, 2) / rho


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


def steep_conditions(graph: Fragment, rho: Number, bits: int, *, offset: Fraction) -> tuple[Condition, ...]:
    """The conditions under which a graph is a steep copy of Q' at the learning rate 1: those of a memory, but that its
    gradient is clipped to 1 on either label, and that its digits hold a record of 1 and of what rounding adds.

    Parameters
    ----------
    graph, rho, bits, offset : as :func:`~constructions.networks.memory.conditions` takes them.

    >>> from constructions.networks.queries import DYADIC, query_graph
    >>> rho = Fraction(1, 16)
    >>> graph = query_graph(steep(DYADIC, steep_gain(rho)), rho=rho, bits=5, prime=True)
    >>> all(found.holds for found in steep_conditions(graph, rho, 5, offset=DYADIC.offset))
    True
    """
    usual = conditions(graph, rho, bits, rate=1, offset=offset)
    kept = [condition for condition in usual if condition.name not in (CLIPPED, DIGITS)]
    if len(kept) == len(usual):  # another shape, of which no more is said
        return usual
    clipped = offset * rho * absolute(path_gain(graph))
    return (
        *kept,
        Condition(
            group="recording",
            name="every gradient of v0 -> v1 is clipped",
            term="offset rho |path gain|",
            value=clipped,
            bounds=((">=", 1),),
        ),
        *_room(rho, bits),
    )


def _room(rho: Number, bits: int) -> tuple[Condition, ...]:
    """That so many digits hold what a steep copy records; nothing is said of a copy without digits."""
    room, name = (2**bits - 1) * rho, "there are digits for every share"
    bound = ((">=", 1 + 3 * rho / 4),)
    return (
        (Condition(group="reading", name=name, term=f"(2^{bits} - 1) rho", value=room, bounds=bound),) if bits else ()
    )


def why_no_steep_memory(graph: Fragment, rho: Number, bits: int, *, offset: Fraction) -> str | None:
    """The first of :func:`steep_conditions` that a graph of rational weights breaks; None if it meets all.

    >>> from constructions.networks.queries import DYADIC, query_graph
    >>> rho = Fraction(1, 16)
    >>> usual = query_graph(DYADIC, rho=rho, bits=5, prime=True)
    >>> why_no_steep_memory(usual, rho, 5, offset=DYADIC.offset)
    'recording: every gradient of v0 -> v1 is clipped: need offset rho |path gain| >= 1, got 27/512'
    """
    return broken(steep_conditions(graph, rho, bits, offset=offset))
