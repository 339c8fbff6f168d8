"""Source distributions over {0,1}^n x {0,1} with rational masses (Section 2): exact expectations and seeded samples.

A point is a pair (x, y) of n bits and a label. The loss of a predictor is half the squared difference.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, product
from math import lcm, prod
from random import Random

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, rational, whole

Bits = tuple[int, ...]
Point = tuple[Bits, int]
Predictor = Callable[[Bits], Number]
Target = Callable[[Bits], int]

MOST_BITS = 20
MOST_KEPT = 4096


class Source(ABC):
    """A distribution over labelled points of n bits.

    >>> even = uniform(2, lambda x: x[0] ^ x[1])
    >>> even.n, str(even.loss(lambda x: Fraction(1, 2))), even.batch(2, Random(1))
    (2, '1/8', (((0, 0), 0), ((0, 1), 1)))
    """

    n: int

    @abstractmethod
    def masses(self) -> Iterator[tuple[Point, Fraction]]:
        """Every point of positive mass, once, with its mass; the masses sum to 1."""

    @abstractmethod
    def draw(self, source: Random) -> Point:
        """One sample."""

    def expectation(self, f: Callable[[Bits, int], Number]) -> Fraction:
        """The exact mean of a function of x and y."""
        return sum(
            (mass * rational(f(x, y), where=f"value at {(x, y)}") for (x, y), mass in self.masses()), Fraction(0)
        )

    def loss(self, predictor: Predictor) -> Fraction:
        """The mean of half the squared difference between prediction and label."""
        return self.expectation(lambda x, y: (rational(predictor(x), where=f"prediction at {x}") - y) ** 2 / 2)

    def batch(self, b: int, source: Random) -> tuple[Point, ...]:
        """b independent samples, drawn with a source of random numbers."""
        return tuple(self.draw(source) for _ in range(b))


@dataclass(frozen=True)
class Table(Source):
    """Explicit masses of the points (x, y), x of n bits.

    Raises
    ------
    ConstructionError
        For a point of another length, a bit other than 0 or 1, a negative mass, or a sum other than 1.

    >>> coin = Table(1, {((0,), 0): Fraction(1, 3), ((1,), 1): Fraction(2, 3)})
    >>> coin.expectation(lambda x, y: y), coin.loss(lambda x: Fraction(1, 2))
    (Fraction(2, 3), Fraction(1, 8))
    """

    n: int
    table: Mapping[Point, Fraction]

    def __post_init__(self) -> None:
        whole(self.n, where="n")
        clean: dict[Point, Fraction] = {}
        for (x, y), mass in self.table.items():
            if len(x) != self.n or any(bit not in (0, 1) for bit in (*x, y)):
                raise ConstructionError(f"need {self.n} bits and a label 0 or 1, got {(x, y)!r}")
            clean[x, y] = rational(mass, where=f"mass of {(x, y)!r}")
            if clean[x, y] < 0:
                raise ConstructionError(f"need masses >= 0, got {mass} at {(x, y)!r}")
        total = sum(clean.values(), Fraction(0))
        if total != 1:
            raise ConstructionError(f"need masses that sum to 1, got {total}")
        object.__setattr__(self, "table", {point: mass for point, mass in sorted(clean.items()) if mass})

    def masses(self) -> Iterator[tuple[Point, Fraction]]:
        return iter(self.table.items())

    @cached_property
    def _ends(self) -> tuple[list[Point], list[int]]:
        """The points, and for each the sum of the masses up to it, over one common denominator."""
        scale = lcm(*(mass.denominator for mass in self.table.values()))
        return list(self.table), list(accumulate(int(mass * scale) for mass in self.table.values()))

    def draw(self, source: Random) -> Point:
        points, ends = self._ends
        return points[bisect_right(ends, source.randrange(ends[-1]))]


@dataclass(frozen=True)
class Labelled(Source):
    """Independent bits with the given biases, labelled by a target that is flipped with probability ``noise``.

    Raises
    ------
    ConstructionError
        For a bias or noise outside [0, 1].

    >>> biased = Labelled((Fraction(1, 2), Fraction(1, 4)), lambda x: x[0] ^ x[1], noise=Fraction(1, 8))
    >>> biased.n, biased.expectation(lambda x, y: y)
    (2, Fraction(1, 2))
    """

    biases: tuple[Fraction, ...]
    target: Target
    noise: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        given = (*((bias, "bias") for bias in self.biases), (self.noise, "noise"))
        for value, name in given:
            if not 0 <= rational(value, where=name) <= 1:
                raise ConstructionError(f"need a {name} from 0 to 1, got {value}")

    @property
    def n(self) -> int:  # type: ignore[override]
        """How many bits a point has."""
        return len(self.biases)

    def masses(self) -> Iterator[tuple[Point, Fraction]]:
        if self.n > MOST_BITS:
            raise ConstructionError(f"need at most {MOST_BITS} bits to go through all points, got {self.n}")
        alike = Fraction(1, 2**self.n)
        for x in product((0, 1), repeat=self.n):
            mass = alike if self._fair else self._mass(x)
            y = self._label(x)
            for label, share in ((y, 1 - self.noise), (1 - y, self.noise)):
                if mass * share:
                    yield (x, label), mass * share

    def _mass(self, x: Bits) -> Fraction:
        return prod((bias if bit else 1 - bias for bit, bias in zip(x, self.biases, strict=True)), start=Fraction(1))

    @cached_property
    def _fair(self) -> bool:
        return all(bias == Fraction(1, 2) for bias in self.biases)

    def draw(self, source: Random) -> Point:
        if self._fair:
            drawn = self._point(source.getrandbits(self.n) if self.n else 0)
        else:
            x = tuple(int(_happens(bias, source)) for bias in self.biases)
            drawn = x, self._label(x)
        return (drawn[0], drawn[1] ^ 1) if self.noise and _happens(self.noise, source) else drawn

    @cached_property
    def _seen(self) -> dict[int, Point]:
        return {}

    def _point(self, word: int) -> Point:
        """The point whose bits are a word's, least first, with its label; some are kept, as a label may cost time."""
        found = self._seen.get(word)
        if found is None:
            x = tuple([word >> i & 1 for i in range(self.n)])
            found = x, self._label(x)
            if len(self._seen) < MOST_KEPT:
                self._seen[word] = found
        return found

    def _label(self, x: Bits) -> int:
        y = self.target(x)
        if y not in (0, 1):
            raise ConstructionError(f"need a label 0 or 1, got {y!r}, at x = {x}")
        return int(y)


def labelled_points(n: int) -> list[Point]:
    """All pairs of a point of n bits and a label.

    >>> labelled_points(1)
    [((0,), 0), ((0,), 1), ((1,), 0), ((1,), 1)]
    """
    return [(x, y) for x in product((0, 1), repeat=n) for y in (0, 1)]


def uniform(n: int, target: Target, *, noise: Number = 0) -> Labelled:
    """n uniform bits, labelled by a target that is flipped with probability ``noise``.

    Raises
    ------
    ConstructionError
        For noise outside [0, 1].

    >>> str(uniform(2, lambda x: x[0], noise=Fraction(1, 4)).expectation(lambda x, y: x[0] ^ y))
    '1/4'
    """
    return Labelled((Fraction(1, 2),) * whole(n, where="n"), target, rational(noise, where="noise"))


def empirical(points: Sequence[Point]) -> Table:
    """The uniform distribution over a list of points, with multiplicities.

    Raises
    ------
    ConstructionError
        For no points.

    >>> empirical([((0,), 1), ((0,), 1), ((1,), 0)]).table[(0,), 1]
    Fraction(2, 3)
    """
    if not points:
        raise ConstructionError("need at least one point, got none")
    counts = Counter((tuple(x), y) for x, y in points)
    return Table(len(points[0][0]), {point: Fraction(count, len(points)) for point, count in counts.items()})


def _happens(probability: Fraction, source: Random) -> bool:
    return source.randrange(probability.denominator) < probability.numerator
