"""The left line, b rho = 4: what no gradient descent of any size learns on batches of b with precision rho, in numbers.

Means over two batches that differ in at most k0 = floor(b rho/4) points are at most rho/2 apart, so they can be rounded
to the same number (:mod:`constructions.strip.two_worlds`). Two pairs of sources are hidden in this way.

*A noisy label*, where b rho >= 4: one point x*, whose label is 1 with the chance 1/2 + beta or 1/2 - beta, with beta =
k0/(2b + 2). Batches of both worlds never differ in more than k0 points (:mod:`constructions.strip.coupled_coins`), so
gradient descent ends with the same predictor and loses at least beta^2/2 more than the best one in one of the worlds,
for every model, every p and every T. The mean of m labels loses (1/4 - beta^2)/(2m) more than the best.

*A rare point*: x* with mass g and the label j, else x0 with label 0. Who has seen x* knows j. Batches in which x* is at
most k0 times are hidden.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import comb, floor

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.learning.models import PAC, SampleMethod
from constructions.learning.problems import Bits, Point, Predictor, Table
from constructions.learning.tails import exponential
from constructions.strip.coupled_coins import bias_of

LEAST_B_RHO = 4
"""From here on one point of a batch can be hidden."""


def hidden_points(b: int, rho: Fraction) -> int:
    """k0 = floor(b rho/4), in how many points batches of ``b`` may differ that a precision ``rho`` does not tell apart.

    >>> hidden_points(16, Fraction(1, 2)), hidden_points(15, Fraction(1, 4))
    (2, 0)
    """
    return floor(b * rho / LEAST_B_RHO)


def points_hidden(b: int, rho: Fraction) -> int:
    """The same, where at least one point can be hidden.

    Raises
    ------
    PremiseError
        If b rho < 4, or rho is above 1.

    >>> points_hidden(15, Fraction(1, 4))
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need b rho >= 4, from where on a point of a batch can be hidden, \
got b rho = 15 * 1/4 = 15/4
    """
    precision, many = rational(rho, where="rho"), whole(b, where="batch", least=1)
    if many * precision < LEAST_B_RHO:
        raise PremiseError(
            f"need b rho >= {LEAST_B_RHO}, from where on a point of a batch can be hidden, "
            f"got b rho = {many} * {precision} = {many * precision}"
        )
    if precision > 1:
        raise PremiseError(f"need rho <= 1, got rho = {precision}")
    return hidden_points(many, precision)


def best_loss(bias: Number) -> Number:
    """What the best predictor loses on a label that is 1 with the chance 1/2 + ``bias``: half of its variance.

    >>> best_loss(Fraction(1, 10))
    Fraction(3, 25)
    """
    return (Fraction(1, 4) - bias * bias) / 2


def loss_of_guess(guess: Number, bias: Number) -> Number:
    """What a ``guess`` h loses on a label that is 1 with the chance 1/2 + ``bias``.

    >>> loss_of_guess(Fraction(3, 5), Fraction(1, 10)) == best_loss(Fraction(1, 10))
    True
    """
    chance = Fraction(1, 2) + bias
    return (chance * ((guess - 1) * (guess - 1)) + (1 - chance) * (guess * guess)) / 2


def least_excess(bias: Number) -> Number:
    """By how much a predictor that does not depend on the world loses more than the best one, in one of the worlds with
    the chances 1/2 + ``bias`` and 1/2 - ``bias``, at least.

    >>> least_excess(Fraction(1, 10))
    Fraction(1, 200)
    """
    return bias * bias / 2


def excess_of_the_mean(bias: Number, share: Number) -> Number:
    """By how much the mean of m labels loses more than the best guess on average, in both worlds with a
    ``bias``; ``share`` is 1/m.

    >>> excess_of_the_mean(Fraction(1, 10), Fraction(1, 24))
    Fraction(1, 200)
    """
    return best_loss(bias) * share


def enough_samples(bias: Fraction, delta: Fraction) -> int:
    """The least m for which the mean of m labels, and ``delta`` more, loses less than gradient descent must in a world
    with this ``bias``.

    Raises
    ------
    PremiseError
        Unless 0 <= delta < beta^2/2.

    >>> enough_samples(Fraction(1, 10), Fraction(1, 400))
    49
    """
    room = least_excess(bias) - delta
    if delta < 0 or room <= 0:
        raise PremiseError(f"need 0 <= delta < beta^2/2 = {least_excess(bias)}, got delta = {delta}")
    return int(Fraction(best_loss(bias)) / Fraction(room)) + 1


def mean_label(n: int, m: int) -> SampleMethod:
    """PAC(m, 0): predict the mean of the ``m`` labels of a sample of ``n`` bits, at every point.

    >>> str(mean_label(1, 2).learn((((0,), 1), ((0,), 0)), ())((1,)))
    '1/2'
    """
    many = whole(m, where="samples", least=1)

    def learn(sample: Sequence[Point], bits: Bits) -> Predictor:
        mean = Fraction(sum(y for _, y in sample), many)
        return lambda x: mean

    return SampleMethod(n=n, budget=PAC(m=many), learn=learn)


def noisy_label(n: int, bias: Fraction) -> tuple[Table, Table]:
    """The two sources of a noisy label at the point 1...1 of ``n`` bits: with the chance 1/2 - ``bias`` for the label
    1, and with 1/2 + ``bias``.

    >>> down, up = noisy_label(1, Fraction(1, 10))
    >>> str(up.expectation(lambda x, y: y)), str(down.expectation(lambda x, y: y))
    ('3/5', '2/5')
    """
    x, half = (1,) * n, Fraction(1, 2)
    down, up = (Table(n, {(x, 1): half + sign * bias, (x, 0): half - sign * bias}) for sign in (-1, 1))
    return down, up


def rare_point(n: int, mass: Fraction) -> tuple[Table, Table]:
    """The two sources of a rare point of ``n`` >= 1 bits: 1...1 with this ``mass`` and the label 0 or 1, else 0...0
    with the label 0.

    >>> str(rare_point(2, Fraction(1, 8))[1].expectation(lambda x, y: y))
    '1/8'
    """
    rare, usual = (1,) * whole(n, where="bits", least=1), (0,) * n
    zero, one = (Table(n, {(rare, label): mass, (usual, 0): 1 - mass}) for label in (0, 1))
    return zero, one


def knows_rare_point(n: int, m: int) -> SampleMethod:
    """PAC(m, 0): predict the label of the rare point 1...1 of ``n`` bits if it is among the ``m`` samples, else 1/2
    there; 0 elsewhere.

    >>> [str(knows_rare_point(1, 1).learn(sample, ())((1,))) for sample in ([((1,), 1)], [((0,), 0)])]
    ['1', '1/2']
    """
    rare = (1,) * whole(n, where="bits", least=1)

    def learn(sample: Sequence[Point], bits: Bits) -> Predictor:
        label = dict(sample).get(rare, Fraction(1, 2))
        return lambda x: Fraction(label if x == rare else 0)

    return SampleMethod(n=n, budget=PAC(m=whole(m, where="samples")), learn=learn)


def rare_loss(mass: Number, unseen: Number) -> Number:
    """What a method loses on a rare point of this ``mass``, at least, in one of the two worlds, if ``unseen`` is the
    chance that it ends with the same predictor in both: (mass/8) unseen.

    >>> rare_loss(Fraction(1, 8), Fraction(1, 2))
    Fraction(1, 128)
    """
    return mass * unseen / 8


def loss_of_the_seen(mass: Fraction, m: int) -> Fraction:
    """The error of :func:`knows_rare_point` with ``m`` samples, on a rare point of this ``mass``.

    >>> loss_of_the_seen(Fraction(1, 2), 1)
    Fraction(1, 32)
    """
    return Fraction(rare_loss(mass, (1 - mass) ** m))


def seen_too_often(b: int, hidden: int, mass: Fraction) -> Fraction:
    """The chance that a point of this ``mass`` is more than k0 = ``hidden`` times in a batch of ``b``.

    >>> seen_too_often(2, 1, Fraction(1, 4))
    Fraction(1, 16)
    """
    return sum((comb(b, k) * mass**k * (1 - mass) ** (b - k) for k in range(hidden + 1, b + 1)), Fraction(0))


def tail_bound(b: int, hidden: int, mass: Fraction) -> Fraction:
    """A bound on that chance: the mean number of choices of k0 + 1 points of the batch all of which are x*.

    >>> tail_bound(2, 1, Fraction(1, 4)), tail_bound(4, 0, Fraction(1, 8))
    (Fraction(1, 16), Fraction(1, 2))
    """
    return comb(b, hidden + 1) * mass ** (hidden + 1)


def closed_bound(rho: Fraction, hidden: int, mass: Fraction) -> Fraction:
    """A larger one that does not look at b: (4 e mass/rho)^(k0 + 1), with a rational number above e.

    >>> closed_bound(Fraction(1, 4), 1, Fraction(1, 64)) > tail_bound(16, 1, Fraction(1, 64))
    True
    """
    return (4 * mass / (rho * exponential(1)[0])) ** (hidden + 1)


def least_rare_error(b: int, rho: Fraction, mass: Fraction, steps: int) -> Fraction:
    """What every bSGD with so many ``steps`` on batches of ``b`` with precision ``rho`` loses on a rare point of this
    ``mass``, at least, in one of the two worlds, whatever its model and its size.

    >>> least_rare_error(16, Fraction(1, 4), Fraction(1, 64), 1) > 4 * loss_of_the_seen(Fraction(1, 64), 100)
    True
    """
    return Fraction(rare_loss(mass, max(Fraction(0), 1 - steps * seen_too_often(b, hidden_points(b, rho), mass))))


def most_bias(b: int, rho: Fraction) -> Fraction:
    """beta of the noisy label that batches of ``b`` and a precision ``rho`` hide; PremiseError if b rho < 4.

    >>> most_bias(16, Fraction(1, 4))
    Fraction(1, 34)
    """
    return Fraction(bias_of(Fraction(b), points_hidden(b, rho)))
