"""Adversaries of the array engine by name: who picks among the valid roundings of a whole step at once.

What an adversary sees is numbers: positions of edges, the step, the multiples below, how far the value is above them,
and which of the two neighbours are valid. It has no state, so that a run that was stopped goes on as it would have
gone: what is random is a function of seed, step and edge.

In the functions ``found`` are the entries whose rounding is open, ``which`` says which neighbours are valid (LOWER,
UPPER or EITHER), ``seed`` is that of what is random.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError, KinkError
from constructions.training.compiled import compiled
from constructions.training.kernels import EITHER, LOWER, Integers

Upper = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class EdgeChoice:
    """What a caller's adversary sees: edge (its position), its two ends (``tail`` and ``head``), the step, the
    ``value`` (the exact clipped entry) and its valid roundings."""

    edge: int
    tail: int
    head: int
    step: int
    value: Fraction
    valid: tuple[Fraction, ...]


Picks = Callable[[EdgeChoice], Fraction]
AtKink = Callable[[int, Mapping[int, Fraction]], Mapping[int, Fraction]]


class EngineChoices(TypedDict, total=False):
    """Who chooses where equations (1) to (3) leave a choice: the keywords of an engine, none of which must be given.

    Parameters
    ----------
    adversary : picks each rounding; a name, or a function of what is open. seed : of what is random.
    at_kink : picks the gradient of a step in which the loss has none (footnote 6).
    """

    adversary: str | Picks
    seed: int
    at_kink: AtKink


class EdgeWeights(Mapping[int, Fraction]):
    """An engine's weights now, read edge by edge.

    >>> EdgeWeights(lambda edge: Fraction(edge, 2), 3)[1], len(EdgeWeights(Fraction, 3))
    (Fraction(1, 2), 3)
    """

    def __init__(self, weight: Callable[[int], Fraction], size: int) -> None:
        self.weight, self.size = weight, size

    def __getitem__(self, edge: int) -> Fraction:
        if not 0 <= edge < self.size:
            raise KeyError(edge)
        return self.weight(edge)

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.size))

    def __len__(self) -> int:
        return self.size


def stop_at_kink(vertex: int, weights: Mapping[int, Fraction]) -> Mapping[int, Fraction]:
    """What is done at a kink if nothing else is asked for, whatever the weights are: a KinkError that names the
    vertex.

    >>> stop_at_kink(7, {})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    constructions.errors.KinkError: need a pre-activation off every kink ..., got a kink at vertex 'v7'
    """
    raise KinkError(f"v{vertex}", "a kink")


@dataclass(frozen=True, slots=True)
class OpenEntries:
    """All entries of a step that are not 0, as the kernel found them: ``edges``, ``below``, ``rest`` and ``part`` as in
    :class:`constructions.training.kernels.Roundings`."""

    edges: Integers
    step: int
    below: Integers
    rest: Integers
    part: Integers

    @property
    def negative(self) -> Upper:
        """Where the value is below 0: the multiple below is."""
        return np.asarray(self.below < 0)


def _nearest(found: OpenEntries, seed: int) -> Upper:
    twice = 2 * found.rest
    return np.asarray((twice > found.part) | ((twice == found.part) & found.negative))


def _random(found: OpenEntries, seed: int) -> Upper:
    return np.asarray(mixed(found.edges, seed, found.step) & np.uint64(1), np.bool_)


def _hashed(found: OpenEntries, seed: int) -> Upper:
    return np.asarray(mixed(found.edges, seed, 0) & np.uint64(1), np.bool_)


NAMED: dict[str, Callable[[OpenEntries, int], Upper]] = {
    "nearest": _nearest,
    "down": lambda found, seed: np.zeros(len(found.edges), np.bool_),
    "up": lambda found, seed: np.ones(len(found.edges), np.bool_),
    "toward-zero": lambda found, seed: found.negative,
    "away-from-zero": lambda found, seed: ~found.negative,
    "random": _random,
    "alternating": lambda found, seed: np.full(len(found.edges), found.step % 2 == 1),
    "apart": lambda found, seed: np.asarray(found.edges % 2 == 1),
    "apart-alternating": lambda found, seed: np.asarray((found.edges + found.step) % 2 == 1),
    "hashed": _hashed,
}
"""``nearest`` (on a tie nearer to 0), ``down``, ``up``, toward or away from zero, ``random`` (a function of seed, step
and edge), ``alternating`` (up in odd steps), ``apart`` (up at edges of odd position: two edges side by side into one
vertex are split), ``apart-alternating`` (the other way round in every other step), ``hashed`` (each edge its own way,
the same in every step)."""


@compiled
def mixed(edges: Integers, seed: int, step: int) -> Any:
    """A 64-bit mixture of seed, step and edge for each edge (the finalizer of splitmix64, three times)."""
    found = np.empty(len(edges), np.uint64)
    for i in range(len(edges)):
        z = np.uint64(0)
        for part in (np.uint64(seed), np.uint64(step), np.uint64(edges[i])):
            z = (z ^ part) + np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
        found[i] = z
    return found


def named_choice(name: str, found: OpenEntries, which: Integers, seed: int) -> Integers:
    """The multiples of rho that an adversary by name picks: its wish where both neighbours are valid, else the valid
    one.

    >>> below, rest, part = np.array([-1, 0, 0]), np.array([1, 3, 1]), np.array([2, 4, 4])  # -1/2, 3/4 and 1/4 of rho
    >>> found, which = OpenEntries(np.array([4, 5, 6]), 1, below, rest, part), np.array([EITHER, EITHER, LOWER])
    >>> [named_choice(name, found, which, seed=0).tolist() for name in ("nearest", "down", "up", "toward-zero")]
    [[0, 1, 0], [-1, 0, 0], [0, 1, 0], [0, 0, 0]]
    """
    return np.asarray(found.below + is_upper(name, found, which, seed), np.int64)


def is_upper(name: str, found: OpenEntries, which: Integers, seed: int) -> Upper:
    """Where an adversary by name picks the upper neighbour.

    >>> found = OpenEntries(np.array([4, 5, 6]), 1, np.array([-1, 0, 0]), np.array([1, 3, 1]), np.array([2, 4, 4]))
    >>> is_upper("up", found, np.array([EITHER, EITHER, LOWER]), seed=0).tolist()
    [True, True, False]
    """
    return np.where(which == EITHER, NAMED[name](found, seed), which != LOWER)


def check_named(name: str, seed: int) -> None:
    """Raises ConstructionError for a name that is none, or a seed that is no 63-bit integer.

    >>> check_named("upwards", seed=0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need an adversary among nearest, down, up, ..., got 'upwards'
    """
    if name not in NAMED:
        raise ConstructionError(f"need an adversary among {', '.join(NAMED)}, got {name!r}")
    if not 0 <= seed < 1 << 63:
        raise ConstructionError(f"need a seed from 0 to 2^63 - 1, got {seed}")
