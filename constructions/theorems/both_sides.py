"""Runs where a batch is not read exactly any more, on both sides of b rho = 4.

*A parity by consistent batches.* M asks drawn queries with values 1 and -1 in each step, any realizable batch that is
consistent with what a step wrote is taken for its batch (:mod:`constructions.strip.consistent`), and the parity that
disagrees with the fewest points is learned. Below b rho = 4 the roundings are random. From there on the adversary
hides: beside each batch stands another one, in which the labels of k0 = floor(b rho/4) points are flipped, and each
entry is rounded to a number that is valid for both. So both batches lead to the same weights, and at least one of them
is read wrongly.

*A noisy label.* A linear model is trained in two worlds at once, in which a label is 1 with the chance 1/2 + beta or
1/2 - beta (:mod:`constructions.strip.two_worlds`). It ends with the same weights in both, and so it loses beta^2/2 more
than the best predictor in one of them at least.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import rational, whole
from constructions.foundations.rounding import randomly
from constructions.learning.descent_methods import DescentMethod
from constructions.learning.gradient_learners import linear_regression
from constructions.learning.problems import Bits, Labelled, Predictor, uniform
from constructions.strip.consistent import distance
from constructions.strip.family import balance_of
from constructions.strip.left_line import LEAST_B_RHO, best_loss, hidden_points, least_excess, most_bias
from constructions.strip.noisy import best_parity, trained_on
from constructions.strip.one_batch_models import OneBatchWeights
from constructions.strip.readout import word_length
from constructions.strip.sign_queries import drawn
from constructions.strip.two_worlds import Pair, noisy_worlds, steps_of_both, trained_together

MOST_BITS = 6
MOST_BATCH = 32
"""HiGHS is asked for no more bits, and for no larger batches."""
SAMPLES_PER_BIT = 12
"""So many samples are drawn for each bit of a parity; most of them stay right where a few are replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistentRun:
    """A parity that was learned from consistent batches.

    Parameters
    ----------
    loss : of what was learned. misread : the most points of a batch that were read as others. hidden : in how many
        points batches that led to the same weights differ at most (0 below b rho = 4).
    """

    loss: Fraction
    misread: int
    hidden: int


def samples_for(n: int, b: int) -> int:
    """How many samples are drawn for a parity of ``n`` bits: a multiple of ``b``, and at least 12 n.

    >>> samples_for(6, 32), samples_for(6, 5)
    (96, 75)
    """
    return b * ceil(SAMPLES_PER_BIT * n / b)


def consistent_method(n: int, b: int, rho: Fraction) -> DescentMethod:
    """bSGD on M with 2b(n + 1) drawn queries, that ends as the parity of ``n`` bits with the fewest disagreements, for
    batches of ``b`` and the precision ``rho``.

    Raises
    ------
    PremiseError
        For more than 6 bits, or a batch of more than 32.

    >>> consistent_method(2, 4, Fraction(1, 2)).budget
    BSGD(steps=6, rho=Fraction(1, 2), b=4, p=144, r=0)
    """
    if not (whole(n, where="bits") <= MOST_BITS and whole(b, where="batch", least=1) <= MOST_BATCH):
        raise PremiseError(f"need n <= {MOST_BITS} and b <= {MOST_BATCH} for HiGHS, got n = {n} and b = {b}")
    queries = drawn(n, b, 2 * int(word_length(n, b)), 0)
    return trained_on(queries, best_parity(n, samples_for(n, b)), rational(rho, where="rho"), by="milp")


def consistent_run(n: int, b: int, rho: Fraction, *, seed: int) -> ConsistentRun:
    """Learn a parity of every second one of ``n`` bits from consistent batches of ``b`` points, for gradients of
    precision ``rho``.

    Parameters
    ----------
    seed : of the samples, and of the roundings or of what is hidden.

    Raises
    ------
    PremiseError
        For more than 6 bits, a batch of more than 32, and where HiGHS finds no consistent batch.
    ConstructionError
        Where scipy is not installed.

    >>> consistent_run(2, 4, Fraction(1, 2), seed=1)  # b rho = 2
    ConsistentRun(loss=Fraction(0, 1), misread=0, hidden=0)
    >>> consistent_run(3, 8, Fraction(1, 2), seed=1)  # b rho = 4
    ConsistentRun(loss=Fraction(0, 1), misread=2, hidden=1)
    """
    method, random = consistent_method(n, b, rho), Random(seed)
    source = uniform(n, lambda x: sum(x[::2]) % 2)
    pairs = list(hidden_pairs(source, method, random))
    weights = method.start(())
    if b * rho < LEAST_B_RHO:
        descent = replace(method.descent, adversary=randomly(random.randrange(2**62)))
        for number, (batch, _) in enumerate(pairs, 1):
            weights = descent.step(weights, batch, number=number)
    else:
        for step in steps_of_both(method, replace(weights, alone=False), pairs):
            weights = step.models[0]
    read, predictor = _read_off(weights)
    gaps = [distance(found, balance_of(batch)) for found, pair in zip(read, pairs, strict=True) for batch in pair]
    apart = [distance(balance_of(one), balance_of(other)) for one, other in pairs]
    return ConsistentRun(loss=source.loss(predictor), misread=int(max(gaps)), hidden=int(max(apart)))


def hidden_pairs(source: Labelled, method: DescentMethod, random: Random) -> Iterator[Pair]:
    """The batches of a run of a ``method``, drawn from a ``source``, each beside one in which the labels of up to
    floor(b rho/4) points that are there once are flipped: so its labels are a function of the point, too.

    >>> method, source = consistent_method(3, 8, Fraction(1, 2)), uniform(3, lambda x: x[0])
    >>> [sum(a != b for a, b in zip(*pair, strict=True)) for pair in hidden_pairs(source, method, Random(0))]
    [1, 1, 1, 1, 1]
    """
    most = hidden_points(method.batch, method.descent.rho)
    for _ in range(method.budget.steps):
        batch = source.batch(method.batch, random)
        times = Counter(batch)
        flipped = set([point for point in batch if times[point] == 1][:most])
        yield batch, tuple((x, 1 - y if (x, y) in flipped else y) for x, y in batch)


def _read_off(weights: OneBatchWeights) -> tuple[list[dict[Bits, int]], Predictor]:
    """The balances of the batches that are read off final weights, and what is learned from them."""
    method = weights.model.method
    state: Any = method.start(weights.bits())
    for t in range(1, weights.model.steps + 1):
        state = method.after(state, weights.answers(t))
    read = [balance_of((word[1:], word[0]) for word in words) for words in state.batches]
    return read, method.predictor(state)


def hidden_run(n: int, b: int, rho: Fraction, *, seed: int) -> tuple[Fraction, bool]:
    """By how much a linear model on ``n`` bits loses more than the best predictor in one of the two worlds of a noisy
    label, and whether both ended with the same weights; for batches of ``b`` and the precision ``rho``.

    Parameters
    ----------
    seed : of the batches.

    Raises
    ------
    PremiseError
        Unless b rho >= 4 and rho <= 1.

    >>> excess, same = hidden_run(2, 8, Fraction(1, 2), seed=0)
    >>> same, excess >= least_hidden_loss(8, Fraction(1, 2)), str(least_hidden_loss(8, Fraction(1, 2)))
    (True, True, '1/648')
    """
    method, worlds = linear_regression(n, b=b, rho=rho), noisy_worlds(n, b=b, rho=rho)
    run = trained_together(method, worlds, seed=seed)
    predictor = method.predictor(run.model)
    lost = max(world.loss(predictor) for world in worlds.sources)
    return Fraction(lost - best_loss(most_bias(b, rho))), run.same


def least_hidden_loss(b: int, rho: Fraction) -> Fraction:
    """beta^2/2: so much more than the best predictor every bSGD loses in one of the worlds of a noisy label, for
    batches of ``b`` and the precision ``rho``.

    >>> str(least_hidden_loss(16, Fraction(1, 4)))
    '1/2312'
    """
    return Fraction(least_excess(most_bias(b, rho)))
