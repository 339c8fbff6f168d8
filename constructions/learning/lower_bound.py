"""An adversary that plays against any SQ method about parities on uniform bits (Corollary 2: SQ is less than PAC).

It keeps a set of targets, at first all 2^n, and answers each query by what the mean would be if labels were uniform and
independent of x, plus a small shift. A target whose own mean is further than tau from the answer *falls*: it finds the
answer invalid. At the end the adversary names a target that is left. All answers were valid for it, so the method would
have got the very same run from this target's source, and the loss of its predictor there counts.

*Few fall.* The deviations of the targets' means have squares that sum to at most 1 (Parseval). So fewer than 1/tau^2
targets deviate by more than tau. The best answer of all makes fewer than 1/(2 tau^2) fall. For, put the targets in the
order of their deviations: an answer keeps those in an interval of length 2 tau. If the best one makes F fall, then of
the first F targets and the last F, taken pairwise in this order, each two are more than 2 tau apart (else all from one
to the other could be kept, which is one more). The upper one's square, if it is above 0, and the lower one's, if it is
below, sum to more than 2 tau^2, and no target counts twice. With the best of 32 shifts between -tau/2 and tau/2, which
needs no order, at most 16/(31 tau^2) fall.

*Who is left loses.* If M targets are left, a predictor's loss is at least (1 - 1/M)/8 on average over them, whatever
real numbers it predicts; the named target is one on which it is largest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from constructions.foundations.exact import Number, rational
from constructions.foundations.logic import Formula
from constructions.foundations.rounding import clip
from constructions.learning.oracles import is_near
from constructions.learning.parities import (
    parity_of,
)
from constructions.learning.problems import Predictor

PARTS = 32


def shifts_of(parts: int) -> tuple[Fraction, ...]:
    """The middles of so many equal parts of the interval from -1/2 to 1/2: the shifts, in units of tau.

    >>> [str(shift) for shift in shifts_of(2)]
    ['-1/4', '1/4']
    """
    return tuple(Fraction(2 * j + 1 - parts, 2 * parts) for j in range(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How a query is answered: by the mean under uniform labels, if nobody falls at it; else by the first of some
    answers that keeps the most targets.

    Parameters
    ----------
    shifts : answers that are tried, in units of tau from that mean. cost : tau^2 times the number of targets that fall
        at one query is at most this. every : whether every answer that there is is tried.

    >>> [ANSWERINGS[way].most_fallen(Fraction(1, 4)) for way in ("uniform", "shifted", "best")]
    [15, 8, 7]
    """

    shifts: tuple[Fraction, ...]
    cost: Fraction
    every: bool = False

    def most_fallen(self, tau: Fraction) -> int | None:
        """How many targets can fall at one query of tolerance tau; None if any number can.

        Without given shifts the number is even below cost/tau^2.
        """
        if not tau:
            return None
        most = self.cost / tau**2
        return floor(most) if self.shifts else ceil(most) - 1


ANSWERINGS = {
    "uniform": Answering(shifts=(), cost=Fraction(1)),
    "shifted": Answering(shifts=shifts_of(PARTS), cost=Fraction(PARTS, 2 * (PARTS - 1))),
    "best": Answering(shifts=(), cost=Fraction(1, 2), every=True),
}
"""By what uniform labels would give, by the best of some shifts from it, and by the best of all answers."""


def is_kept(deviation: Number, offset: Number, tau: Number) -> Formula:
    """Whether a target finds an answer valid: its mean, at this deviation from the mean under uniform labels, is within
    tau of the answer, which is at this offset from it.

    >>> is_kept(Fraction(1, 4), 0, Fraction(1, 4)), is_kept(Fraction(1, 4), Fraction(-1, 8), Fraction(1, 4))
    (True, False)
    """
    return is_near(offset, deviation, tau)


def offset_of(uniform: Number, shift: Number, tau: Number) -> Number:
    """How far an answer with this shift is from the mean under uniform labels: shift * tau, but no answer is outside
    [-1, 1].

    >>> [str(offset_of(uniform, Fraction(1, 2), Fraction(1, 8))) for uniform in (Fraction(0), Fraction(1))]
    ['1/16', '0']
    """
    return clip(uniform + shift * tau) - uniform


def least_average(share: Number) -> Number:
    """The least that the average loss of a predictor over some targets can be, from the share of one of them.

    >>> str(least_average(Fraction(1, 4))), least_average(Fraction(1))
    ('3/32', Fraction(0, 1))
    """
    return (1 - share) / 8


def least_expected(share: Number, left: Number) -> Number:
    """The least that the expected loss of a method with random bits can be on some target, if so many are left for each
    string, from the share of one of all targets.

    >>> str(least_expected(Fraction(1, 8), 5))
    '1/16'
    """
    return (left - 1) * share / 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What is known before a method is run; None stands for "no bound".

    Parameters
    ----------
    left : so many targets are left at least. average : the loss is at least this on one of them, for every string of
        random bits. expected : some target has at least this expected loss, over the random bits.

    >>> bound_for(4, queries=5, tau=Fraction(1, 2), answering=ANSWERINGS["uniform"])
    Bound(left=1, average=None, expected=None)
    >>> bound_for(4, queries=4, tau=Fraction(1, 2), answering=ANSWERINGS["uniform"])
    Bound(left=4, average=Fraction(3, 32), expected=Fraction(3, 128))
    """

    left: int
    average: Fraction | None
    expected: Fraction | None


def bound_for(n: int, *, queries: int, tau: Fraction, answering: Answering) -> Bound:
    """The bound for all methods that ask so many ``queries`` of tolerance ``tau`` about n bits, if the adversary
    answers as ``answering`` says.

    >>> str(bound_for(12, queries=10, tau=Fraction(1, 16), answering=ANSWERINGS["best"]).average)
    '2825/22608'
    """
    fall, targets = answering.most_fallen(tau), 2**n
    left = max(0, targets - queries * (targets if fall is None else fall))
    if left < 2:
        return Bound(left=left, average=None, expected=None)
    expected = rational(least_expected(Fraction(1, targets), left), where="bound")
    return Bound(left=left, average=rational(least_average(Fraction(1, left)), where="bound"), expected=expected)


def average_of(targets: Sequence[int], n: int) -> Predictor:
    """The average of the labels of some targets, at points of n bits: on each of them it loses just what
    :func:`least_average` says.

    >>> from constructions.learning.parities import predictions_of
    >>> losses = [predictions_of(average_of([1, 2], 2), 2).loss(target) for target in (1, 2)]
    >>> [str(loss) for loss in losses], str(least_average(Fraction(1, 2)))
    (['1/16', '1/16'], '1/16')
    """
    labels = [parity_of(target, n) for target in targets]
    return lambda x: Fraction(sum(label(x) for label in labels), len(labels))
