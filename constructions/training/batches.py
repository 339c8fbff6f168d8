"""Where batches come from: a distribution or a data set. Step t's batch depends on the seed and
on t alone, so that a run which was stopped goes on with the batches that it would have had.
"""

from collections.abc import Callable, Sequence
from random import Random

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.learning.problems import Point, Source

Samples = npt.NDArray[np.int64]
Batch = tuple[Samples, Samples]
Batches = Callable[[int], Batch]
"""From the number of a step, which counts from 1, to x (b, n) and y (b,)."""


MOST_DRAWN = 10_000_000
"""Samples are drawn one by one; a larger batch is a mistake, and would not end."""


def as_arrays(points: Sequence[Point]) -> Batch:
    """Points as x and y.

    Raises
    ------
    ConstructionError
        For no points.

    >>> [part.tolist() for part in as_arrays([((0, 1), 1), ((1, 1), 0)])]
    [[[0, 1], [1, 1]], [1, 0]]
    """
    if not points:
        raise ConstructionError("need at least one point, got none")
    return np.array([x for x, _ in points], np.int64).reshape(len(points), -1), np.array(
        [y for _, y in points], np.int64
    )


def checked_samples(x: Samples, y: Samples, *, inputs: int, batch: int) -> tuple[Samples, Samples]:
    """The samples as 64-bit integers.

    Raises
    ------
    ConstructionError
        For another shape than (b, n) and (b,), or anything but zeros and ones.

    >>> checked_samples(np.array([[True, False]]), np.array([1]), inputs=2, batch=1)[0].tolist()
    [[1, 0]]
    """
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != (batch, inputs) or y.shape != (batch,) or x.dtype.kind not in "biu" or y.dtype.kind not in "biu":
        got = f"{x.dtype} of shape {x.shape} and {y.dtype} of shape {y.shape}"
        raise ConstructionError(f"need integers of shape {(batch, inputs)} and {(batch,)}, got {got}, at the batch")
    x, y = x.astype(np.int64), y.astype(np.int64)
    for name, part in (("x", x), ("y", y)):
        wrong = (part != 0) & (part != 1)
        if wrong.any():
            where = tuple(int(i) for i in np.argwhere(wrong)[0])
            raise ConstructionError(f"need bits and labels 0 or 1, got {int(part[where])}, at {name}{list(where)}")
    return x, y


def randomness(what: str, seed: int, step: int = 0) -> Random:
    """A source of random numbers of its own for each purpose (``what``, in a word), seed and step.

    >>> [randomness("batch", 7, step).getrandbits(8) for step in (1, 1, 2)], randomness("string", 7).getrandbits(8)
    ([229, 229, 38], 223)
    """
    return Random(f"{what} {whole(seed, where='seed')} {step}")


def drawable(batch: int) -> int:
    """A batch size; ConstructionError if so many samples are not drawn for one step.

    >>> drawable(32)
    32
    >>> drawable(10**9)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a batch of at most 10000000 samples to draw, got 1000000000
    """
    if whole(batch, least=1, where="batch") > MOST_DRAWN:
        raise ConstructionError(f"need a batch of at most {MOST_DRAWN} samples to draw, got {batch}")
    return batch


def fresh(source: Source, *, batch: int, seed: int) -> Batches:
    """b independent samples of a source, by a seed, for every step (bSGD).

    Raises
    ------
    ConstructionError
        For more than :data:`MOST_DRAWN` samples a step.

    >>> from constructions.learning.problems import uniform
    >>> batches = fresh(uniform(2, lambda x: x[0]), batch=3, seed=1)
    >>> all((x[:, 0] == y).all() for x, y in (batches(1), batches(2))), bool((batches(1)[0] == batches(1)[0]).all())
    (True, True)
    """
    drawable(batch)
    return lambda step: as_arrays(source.batch(batch, randomness("batch", seed, step)))


def drawn(points: Sequence[Point], *, batch: int, seed: int) -> Batches:
    """``batch`` of some points for every step, drawn by a seed uniformly with replacement (bSGD on the empirical
    distribution).

    Raises
    ------
    ConstructionError
        For no points, or more than :data:`MOST_DRAWN` samples a step.

    >>> batches = drawn([((0, 1), 1), ((1, 1), 0)], batch=3, seed=0)
    >>> batches(1)[0].shape, bool((batches(2)[1] == batches(2)[1]).all())
    ((3, 2), True)
    """
    x, y = as_arrays(points)
    drawable(batch)

    def rows(step: int) -> Batch:
        source = randomness("rows", seed, step)
        chosen = [source.randrange(len(y)) for _ in range(batch)]
        return x[chosen], y[chosen]

    return rows


def whole_set(points: Sequence[Point]) -> Batches:
    """The whole data set in every step (fbGD).

    >>> batches = whole_set([((0, 1), 1), ((1, 1), 0)])
    >>> [[part.tolist() for part in batches(step)] for step in (1, 2)]
    [[[[0, 1], [1, 1]], [1, 0]], [[[0, 1], [1, 1]], [1, 0]]]
    """
    both = as_arrays(points)
    return lambda step: both


def random_string(length: int, seed: int) -> list[int]:
    """The random string of this length of an initialization, from a seed.

    >>> len(random_string(5, 0)), random_string(5, 0) == random_string(5, 0)
    (5, True)
    """
    source = randomness("random string", seed)
    return [source.getrandbits(1) for _ in range(length)]
