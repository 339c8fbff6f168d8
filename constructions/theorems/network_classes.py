"""Corollaries 1, 2 and 3 for neural networks: the classes bSGD_NN and fbGD_NN, and PAC_TM and SQ_TM.

A method of PAC_TM or SQ_TM has, beside its budget, a running time TIME: the gates of its query, update and predictor. A
method of bSGD_NN or fbGD_NN is gradient descent on a network with the two-stage ramp, all of whose edges train; its
parameters are the edges. What is poly-learnable with such a class is defined as for models
(:mod:`constructions.models.classes`), with TIME among the numbers that are held below a bound B = c n^d, and with those
that describe the circuits: S, the bits of the words that a round handles, and F, the most literals of a gate.

Each function here bounds one number of what a theorem makes, by n and B alone. All are polynomials in n and B. As B is
c n^d, so is each power of B (:func:`raised`), and the classes are as the corollaries say.
"""

from fractions import Fraction

from constructions.foundations.exact import Number

RAMP_KINKS = 4
"""The kinks of the two-stage ramp."""


def power_of(base: Number, exponent: int) -> Number:
    """A number multiplied by itself, ``exponent`` times in all.

    >>> power_of(3, 4), power_of(5, 0)
    (81, 1)
    """
    found: Number = 1
    for _ in range(exponent):
        found = found * base
    return found


def gradient_work(most: Number, kinks: Number = RAMP_KINKS) -> Number:
    """At most so many gates find the gradients of a network in a round (Lemmas 4 and 13: 2976 (K + 1) p^3 S^2), if its
    parameters and the bits of its numbers are at most a number, ``most``; ``kinks`` are those of the activation.

    >>> gradient_work(2) == 2976 * 5 * 2**3 * 2**2
    True
    """
    return 2976 * (kinks + 1) * power_of(most, 5)


def time_from_samples(most: Number, work: Number) -> Number:
    """At most so many gates takes PAC for what bSGD or fbGD does on a network (Theorems 1b and 3b).

    Parameters
    ----------
    most : the batch size and the bits of its digits are at most this. work : at least ``most``, the number of steps,
        and the gates in which gradients are found.

    >>> time_from_samples(2, 10)
    69120000
    """
    return 3456 * most * power_of(work, 4)


def time_from_source(work: Number) -> Number:
    """At most so many gates takes SQ for the same (Theorem 1c); ``work`` is at least the number of steps and the gates
    in which gradients are found.

    >>> time_from_source(10)
    500000
    """
    return 50 * power_of(work, 4)


def edges_for_samples(n: Number, most: Number) -> Number:
    """At most so many parameters has the network of Theorem 1a for samples of ``n`` bits, if m, 1/delta, TIME, S and F
    are at most a number, ``most``, in the rounds of Corollary 2.

    >>> edges_for_samples(2, 1)
    10400
    """
    return 5200 * n * power_of(most, 7)


def edges_for_one_sample(n: Number, most: Number) -> Number:
    """At most so many parameters has the network of Theorem 3a for a sample of points of ``n`` bits, if m, TIME, S and
    F are at most a number, ``most``.

    >>> edges_for_one_sample(2, 1)
    5560
    """
    return 2780 * n * power_of(most, 7)


def rounds_of_averages(most: Number) -> Number:
    """At most so many rounds has Lemma 2 (2 k q of them, with Corollary 1's q), if k, 1/tau and 1/delta are at most a
    number, ``most``.

    >>> rounds_of_averages(2)
    16448
    """
    return 514 * power_of(most, 5)


def edges_for_queries(most: Number) -> Number:
    """At most so many parameters has the network of Theorem 1d, if k, 1/tau, 1/delta, S, which is at least TIME, and F
    are at most a number, ``most``.

    >>> edges_for_queries(1)
    275010
    """
    return 275010 * power_of(most, 10)


def network_precision(m: Number) -> Number:
    """A precision at which fbGD reads ``m`` points on a network, by Theorem 3a: m rho is 1/9, below 1/8.

    >>> str(network_precision(2))
    '1/18'
    """
    return Fraction(1) / (9 * m)
