"""How many gates the machine of Lemmas 5a and 6 has (``reading_machine``), before equal ones are merged, for answers
with one binary place at least.

Each function of the code has its formula here, a sum over what it calls (:mod:`operation_gates
<constructions.computation.operation_gates>`), and the loops over the m words and over the n + 1 places of a word so
many times what a turn writes.
"""

from dataclasses import dataclass

from constructions.computation.extraction_gates import count_gates
from constructions.computation.operation_gates import CHOICE, GATE, XOR, added, less, same
from constructions.foundations.exact import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSizes:
    """The numbers on which the formulas depend.

    Parameters
    ----------
    n, m, places : bits of a point, points of the sample, binary places of an answer. width, length : the bits of m, and
        of n + 1. own, prediction : the gates of the learner, and the bits of its prediction.
    """

    n: Number
    m: Number
    places: Number
    width: Number
    length: Number
    own: Number = 0
    prediction: Number = 1


def word_gates(of: ReadingSizes, *, alternating: bool) -> Number:
    """The gates for each word: how many of its bits are known, whether it is first, what is asked of it, whether it
    belongs to the answer and how, and what it becomes; for Lemma 6 also whether its label is the round's.

    Parameters
    ----------
    of : the numbers. alternating : whether a round is about one label.

    >>> sizes = ReadingSizes(n=2, m=3, places=2, width=2, length=2)
    >>> word_gates(sizes, alternating=False), word_gates(sizes, alternating=True)
    (105, 112)
    """
    known, turn = (of.n + 2) * same(of.length), (CHOICE + XOR + GATE if alternating else 0)
    first = 2 * GATE + (of.n + 1) * GATE + of.length * GATE
    member = same(of.n + 1) + same(of.length) + 2 * GATE
    rank = added(of.width) + less(of.width) + GATE
    return known + turn + first + member + rank + (of.n + 1) * 2 * GATE + added(of.length)


def reading_gates(of: ReadingSizes, *, alternating: bool) -> Number:
    """The gates of a round: those for each word, the query, the count, and the learner, whose prediction is held back
    until the sample is read.

    Parameters
    ----------
    of : the numbers. alternating : whether a round is about one label (Lemma 6, else Lemma 5a).

    >>> sizes = ReadingSizes(n=2, m=3, places=2, width=2, length=2, own=100, prediction=1)
    >>> reading_gates(sizes, alternating=False), reading_gates(sizes, alternating=True)
    (608, 629)
    """
    words = of.m * word_gates(of, alternating=alternating)
    chosen_one = GATE + (of.n + 1) * GATE + of.length * GATE
    place = GATE + CHOICE + GATE + XOR
    query = (of.n + 1) * (same(of.length) + place) + 2 * GATE
    return words + chosen_one + query + count_gates(of.places + of.width) + of.width + of.own + GATE + of.prediction
