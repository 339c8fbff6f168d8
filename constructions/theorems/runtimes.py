"""The clauses "for every runtime TIME" of Theorem 2a and of Lemmas 1, 5a and 6: bounds on what A' takes, in gates; and
what a method that takes steps of descent has to tell apart (Lemmas 4 and 13)."""

from constructions.foundations.exact import Number


def extraction_time(m: Number, n: Number, inverse_delta: Number, time: Number, size: Number, *, both: bool) -> Number:
    """At most so many gates takes A' of Theorem 2a (``both`` labels at a time) or of Lemma 1.

    Parameters
    ----------
    m, n, inverse_delta : samples, bits of a point, 1/delta. time : the gates of the learner. size : at least the bits
        of a word and one more, the places of an answer, the random bits of a round, and the bits of b and of m.

    >>> extraction_time(1, 1, 1, 10, 2, both=True)
    61000
    """
    return (10 if both else 20) * m * (n + 1) * inverse_delta * (time + 380 * size * size * size)


def reading_time(m: Number, n: Number, time: Number, size: Number, *, both: bool) -> Number:
    """At most so many gates takes A' of Lemma 5a (``both`` labels at a time) or of Lemma 6.

    Parameters
    ----------
    m, n : samples, bits of a point. time : the gates of the learner. size : at least n + 2, the places of an answer,
        the bits of m and of n + 1, and those of a prediction.

    >>> reading_time(1, 1, 10, 3, both=True)
    2504
    """
    return (1 if both else 2) * m * (n + 1) * (time + 46 * (m + 2) * size * size)


def estimates_to_tell_apart(inverse: Number) -> Number:
    """How many multiples of rho there are from -1 to 1, by ``inverse`` = 1/rho, a whole number: each leads a weight to
    another place.

    >>> estimates_to_tell_apart(2)  # -1, -1/2, 0, 1/2, 1
    5
    """
    return 2 * inverse + 1
