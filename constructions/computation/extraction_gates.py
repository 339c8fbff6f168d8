"""How many gates the machines of Lemma 1 and Theorem 2a have (``extraction_machine``), before equal ones are merged.

Each function of the code has its formula here, a sum over what it calls (:mod:`operation_gates
<constructions.computation.operation_gates>`), and the loop over the places of a word n times what its turn writes. The
batch has b = 3 or b >= 5 points (b = 4 takes a little less), points have n >= 2 bits (n >= 1 on both labels), answers
one binary place at least.
"""

from dataclasses import dataclass

from constructions.computation.operation_gates import (
    CHOICE,
    GATE,
    XOR,
    added,
    chosen,
    less,
    product,
    same,
)
from constructions.foundations.exact import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionSizes:
    """The numbers on which the formulas depend.

    Parameters
    ----------
    n, places, coin : bits of a point (on both labels of a word, one more), binary places of an answer, random bits a
        round. width, length, number : the bits of b, of n, and of m. low : the bits of b - 3.
    own, prediction : the gates of the learner, and its binary places, one at least.
    """

    n: Number
    places: Number
    coin: Number
    width: Number
    length: Number
    number: Number
    low: Number
    own: Number = 0
    prediction: Number = 1


def count_gates(room: Number) -> Number:
    """The gates of a count that is read off an answer: a product with b, and a half that is added.

    Parameters
    ----------
    room : the binary places of the answer and the bits of the count together.

    >>> count_gates(3)
    87
    """
    return product(room) + added(room)


def digit_gates(width: Number) -> Number:
    """The gates of a digit of a quotient (``divided``): a difference and a choice, two bits wider than the numbers.

    Parameters
    ----------
    width : the bits of the numbers.

    >>> digit_gates(3)
    60
    """
    return added(width + 2) + chosen(width + 2)


def coin_gates(width: Number) -> Number:
    """The gates for each random bit of a coin (``tossed``): a digit of the quotient, whether it is above the bit, and
    whether they agree.

    Parameters
    ----------
    width : the bits of b.

    >>> coin_gates(3)
    67
    """
    return digit_gates(width) + 3 * GATE + (XOR + GATE)


def memory_gates(of: ExtractionSizes) -> Number:
    """The gates that tell where in the word the machine is, whether it is done, whether it waits, and its denominator.

    >>> memory_gates(ExtractionSizes(n=2, places=2, coin=1, width=3, length=2, number=2, low=0))
    34
    """
    where = (of.n + 1) * same(of.length) + of.n * GATE
    return where + same(of.number) + less(of.low) + (GATE + XOR)


def asking_gates(of: ExtractionSizes, *, look: bool) -> Number:
    """The gates of the queries: whether anything is asked, whether a point begins with the prefix, whether it goes on
    with 1, and for each further place whether it is asked for.

    Parameters
    ----------
    of : the numbers. look : whether the version is LOOK (else PREFIX).

    >>> sizes = ExtractionSizes(n=2, places=2, coin=1, width=3, length=2, number=2, low=0)
    >>> asking_gates(sizes, look=False), asking_gates(sizes, look=True)
    (14, 15)
    """
    begins = 3 * GATE + (of.n - 1) * (GATE + XOR) + GATE
    goes_on = (of.n + 1) * GATE + GATE
    return begins + goes_on + (of.n - 1) * (3 if look else 2) * GATE


def flip_gates(of: ExtractionSizes, *, look: bool) -> Number:
    """The gates of a round's coin: in which of four cases it is, its numerator and denominator, its tosses, what is
    left of it, and whether a point is alone.

    Parameters
    ----------
    of : the numbers. look : whether the version is LOOK (else PREFIX).

    >>> sizes = ExtractionSizes(n=2, places=2, coin=1, width=3, length=2, number=2, low=0)
    >>> flip_gates(sizes, look=True) - flip_gates(sizes, look=False)
    37
    """
    cases = 10 * GATE
    numerator, denominator = added(of.width) + 5 * GATE * of.width, 4 * GATE * of.width
    tosses = of.coin * coin_gates(of.width) + same(of.width)
    left = 5 * GATE + 2 * GATE + chosen(of.width)
    alone = same(of.width) + 2 * GATE + (added(of.width) + same(of.width) if look else 0)
    return cases + numerator + denominator + tosses + left + 3 * GATE + alone


def growing_gates(of: ExtractionSizes, *, look: bool) -> Number:
    """The gates of the next word, bit by bit, of its length, and of the number of samples.

    A bit is that of the coin, or of the word, or of the point that is alone: in PREFIX four gates for the first and the
    last bit and five for each other one, in LOOK four for the first and eleven for each other one.

    Parameters
    ----------
    of : the numbers. look : whether the version is LOOK (else PREFIX).

    >>> sizes = ExtractionSizes(n=2, places=2, coin=1, width=3, length=2, number=2, low=0)
    >>> growing_gates(sizes, look=False), growing_gates(sizes, look=True)
    (58, 87)
    """
    counters = added(of.length) + chosen(of.length) + added(of.number)
    if look:
        kept, alone, pick = of.n * GATE, GATE + (GATE + XOR) + CHOICE, 2 * CHOICE + GATE
        whether = kept + (2 * GATE + CHOICE) + alone + pick
        bits = 4 * GATE + (of.n - 1) * 11 * GATE
    else:
        whether, bits = 0, 8 * GATE + (of.n - 2) * 5 * GATE
    return CHOICE + whether + CHOICE + bits + 2 * GATE + counters


def extraction_gates(of: ExtractionSizes, *, look: bool) -> Number:
    """The gates of a round of Lemma 1's machine: two counts of b points, for each further query one bit of a count, and
    the parts above.

    Parameters
    ----------
    of : the numbers. look : whether the version is LOOK (else PREFIX).

    >>> sizes = ExtractionSizes(n=2, places=2, coin=1, width=3, length=2, number=2, low=0)
    >>> extraction_gates(sizes, look=False), extraction_gates(sizes, look=True)
    (761, 915)
    """
    further = (of.n - 1) * (2 if look else 1)
    counts = 2 * count_gates(of.places + of.width) + further * count_gates(of.places + 1)
    parts = memory_gates(of) + asking_gates(of, look=look) + flip_gates(of, look=look) + growing_gates(of, look=look)
    return counts + parts + of.own + chosen(of.prediction + 1)


def both_labels_gates(of: ExtractionSizes, *, look: bool) -> Number:
    """The gates of a round of Theorem 2a's machine, where ``of.n`` is the number of bits of a word, n + 1: one query
    less, and a choice where the prefix is empty.

    Parameters
    ----------
    of : the numbers. look : whether the version is LOOK (else PREFIX).

    >>> sizes = ExtractionSizes(n=2, places=2, coin=1, width=3, length=2, number=2, low=0)
    >>> both_labels_gates(sizes, look=False) - extraction_gates(sizes, look=False)
    -75
    """
    return extraction_gates(of, look=look) - count_gates(of.places + 1) + CHOICE + chosen(of.width)
