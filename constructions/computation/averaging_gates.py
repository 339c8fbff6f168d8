"""How many gates the machines of :mod:`constructions.computation.averaging` have, from those of the method A, before
equal ones are merged.

A round of A' has A's query, update and predictor once each, and beside them a counter, a choice for each bit of A's
state, and for each query a sum, a choice that empties it, and a mean. The running time of A' is this number of gates
for each of its steps.
"""

from dataclasses import dataclass

from constructions.foundations.exact import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSizes:
    """The numbers on which the formulas depend.

    Parameters
    ----------
    own : the gates of A's query, update and predictor. state, parallel : bits of A's state, queries a round.
    sum, counter, places : bits of a sum and of the counter, binary places of an answer. masked : bits of query values
        that are zero on the other label (Lemma 2), 0 if there are none.
    """

    own: Number
    state: Number
    parallel: Number
    sum: Number
    counter: Number
    places: Number
    masked: Number = 0


def sum_bits(bits: Number, places: Number) -> Number:
    """The bits of a sum: a sign, those of the number of values (or of the divisor), and the binary places.

    Parameters
    ----------
    bits, places : of the larger of both numbers, and of a value.

    >>> sum_bits(3, 2)
    6
    """
    return bits + places + 1


def mean_gates(width: Number, places: Number) -> Number:
    """The gates of a mean: the absolute value (12 for each bit), clipping (7), and for each binary place a subtraction
    and a choice two bits wider (12 each); and the sign again (12 for each bit of the answer).

    Parameters
    ----------
    width, places : the bits of the sum, the binary places of the mean.

    >>> mean_gates(5, 2)
    312
    """
    return 19 * width + 12 * places * (width + 2) + 12 * (places + 2) + 1


def query_gates(width: Number, places: Number) -> Number:
    """The gates for one query: its mean, and for each bit of its sum nine to add and three to empty it.

    Parameters
    ----------
    width, places : the bits of the sum, the binary places of the mean.

    >>> query_gates(5, 2) - mean_gates(5, 2)
    60
    """
    return mean_gates(width, places) + 12 * width


def counter_gates(width: Number) -> Number:
    """The gates of a counter of so many bits: nine each to add 1, three to compare and three to begin anew, and one.

    Parameters
    ----------
    width : its bits.

    >>> counter_gates(3)
    46
    """
    return 15 * width + 1


def step_gates(of: StepSizes) -> Number:
    """The gates of a step of A' by all that it depends on.

    >>> step_gates(StepSizes(own=100, state=4, parallel=1, sum=5, counter=3, places=2))
    530
    """
    mask = of.masked + 3 * (of.masked > 0) if isinstance(of.masked, int) else of.masked + 3
    return of.own + 3 * of.state + counter_gates(of.counter) + of.parallel * query_gates(of.sum, of.places) + mask
