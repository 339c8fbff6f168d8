"""How many gates Lemma 1's machine has (``extraction_machine``), before equal ones are merged, for b >= 3 points in a
batch, points of n >= 2 bits, and answers with one binary place at least."""

from dataclasses import dataclass

from constructions.foundations.exact import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionSizes:
    """The numbers on which the formula depends.

    Parameters
    ----------
    n, places, coin : bits of a point, binary places of an answer, random bits a round. width, length, number : the bits
        of b, of n, and of m. table : the least power of two above b - 3, as many as there are denominators to look up.
    own, prediction : the gates of the learner, and its binary places, one at least.
    """

    n: Number
    places: Number
    coin: Number
    width: Number
    length: Number
    number: Number
    table: Number
    own: Number = 0
    prediction: Number = 1


def count_gates(room: Number) -> Number:
    """The gates of a count that is read off an answer: a product with b, ten for each pair of places that meet, and a
    half that is added, nine for each place.

    Parameters
    ----------
    room : the binary places of the answer and the bits of the count together.

    >>> count_gates(3)
    87
    """
    return 5 * room * (room + 1) + 9 * room


def coin_gates(width: Number) -> Number:
    """The gates for each random bit of a coin: a digit of the quotient, and three bits that say what it means.

    Parameters
    ----------
    width : the bits of b.

    >>> coin_gates(3)
    67
    """
    return 31 + 12 * width


def extraction_gates(of: ExtractionSizes, *, look: bool) -> Number:
    """The gates of a round: two counts of b points, for each further query one bit of a count, the coin, and the rest,
    which knows where in the word it is.

    Parameters
    ----------
    of : the numbers. look : whether the version is LOOK (else PREFIX).

    >>> sizes = ExtractionSizes(n=2, places=2, coin=1, width=3, length=2, number=2, table=2)
    >>> extraction_gates(sizes, look=False), extraction_gates(sizes, look=True)
    (770, 924)
    """
    further, rest = (
        (2 * of.n - 2, 57 + 22 * of.n + 36 * of.width)
        if look
        else (
            of.n - 1,
            42 + 14 * of.n + 24 * of.width,
        )
    )
    counts = 2 * count_gates(of.places + of.width) + further * count_gates(of.places + 1)
    where = 15 * of.length + 3 * of.n * of.length + 12 * of.number + 3 * of.table * of.width
    choice = 3 * (of.prediction - 1)
    return counts + rest + where + of.coin * coin_gates(of.width) + of.own + choice
