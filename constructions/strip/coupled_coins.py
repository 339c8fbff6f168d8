"""Two coins whose heads in b tosses never differ by more than k, for biases of k/(2b + 2) upwards and downwards.

In one world a label is 1 with the chance 1/2 + beta, in the other with 1/2 - beta, beta = k/(2b + 2). The numbers of
labels 1 in a batch, N+ and N-, are taken as the quantiles of one number drawn uniformly: N+ is the number of l >= 1
with P(N+ >= l) above it. So N- <= N+, and N+ <= N- + k exactly if no *slack*

    f(l) = P(N- >= l) - P(N+ >= l + k),    l = 0, ..., b + 1 - k,

is negative. f(0) and f(b + 1 - k) are not, as P(N- >= 0) = 1 and P(N+ >= b + 1) = 0. Between them f rises by P(N+ = l +
k) - P(N- = l). The quotient of these two chances never rises: from l to l + 1 it is multiplied by p^2 u w / (q^2 (u +
k)(w + k)) for u = l + 1, w = b - k - l and p : q = b + 1 + k : b + 1 - k; that is at most 1, since u + w = q and 4 u w
<= q^2. So f first rises and then falls, and is nowhere below its ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from random import Random

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, whole
from constructions.foundations.logic import Formula


def weights_of(b: Number, hidden: Number) -> tuple[Number, Number]:
    """The odds of the coin with the bias upwards, for batches of ``b`` tosses, ``hidden`` of which can be hidden: 1/2 +
    beta to 1/2 - beta with beta = k/(2b + 2).

    >>> weights_of(4, 1)
    (6, 4)
    """
    return b + 1 + hidden, b + 1 - hidden


def bias_of(b: Number, hidden: Number) -> Number:
    """beta = k/(2b + 2), for batches of ``b`` tosses, k = ``hidden`` of which can be hidden.

    >>> bias_of(Fraction(4), 1)
    Fraction(1, 10)
    """
    up, down = weights_of(b, hidden)
    return (up - down) / (2 * (up + down))


def growth(heads: Number, b: Number, up: Number, down: Number) -> tuple[Number, Number]:
    """The chance of one more head than ``heads`` in ``b`` tosses over that of so many, for a coin with the odds ``up``
    to ``down``: a numerator and a denominator.

    >>> growth(1, 2, 3, 1)
    (3, 2)
    """
    return (b - heads) * up, (heads + 1) * down


def next_slack(slack: Number, low: Number, high: Number) -> Number:
    """f(l + 1) from f(l), P(N- = l) and P(N+ = l + k): a ``slack`` and two chances, ``low`` and ``high``.

    >>> next_slack(5, 3, 1)
    3
    """
    return slack - low + high


def is_below(number: Number, chance: Number) -> Formula:
    """Whether a ``number`` that was drawn has one head more: it is below the ``chance`` of so many heads or more, times
    the total. The number of these is the quantile.

    >>> is_below(2, 3), is_below(3, 3)
    (True, False)
    """
    return number < chance


@dataclass(frozen=True)
class CoupledCoins:
    """The coupling, in exact numbers.

    Parameters
    ----------
    b : tosses. hidden : k, by how many heads the two worlds may differ. weights : the odds, those of
        :func:`weights_of` if not given.

    Raises
    ------
    PremiseError
        Unless 0 <= k <= b.

    >>> coins = CoupledCoins(4, 1)
    >>> str(coins.bias), coins.is_sure, sorted({high - low for low, high, _ in coins.law()})
    ('1/10', True, [0, 1])
    >>> CoupledCoins(4, 1, (7, 3)).is_sure
    False
    >>> coins.draw(Random(1))
    (2, 3)
    >>> CoupledCoins(2, 1).terms(3, 1), CoupledCoins(1, 1).at_least
    ([1, 6, 9], ([4, 1], [4, 3]))
    """

    b: int
    hidden: int
    weights: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if whole(self.hidden, where="points that can be hidden") > whole(self.b, where="tosses", least=1):
            raise PremiseError(f"need at most b = {self.b} points that can be hidden, got {self.hidden}")

    @property
    def odds(self) -> tuple[int, int]:
        """Of the coin with the bias upwards; the other one has them the other way round."""
        if self.weights is not None:
            return self.weights
        up, down = weights_of(self.b, self.hidden)
        return int(up), int(down)

    @property
    def bias(self) -> Fraction:
        """beta."""
        up, down = self.odds
        return Fraction(up - down, 2 * (up + down))

    @property
    def total(self) -> int:
        """How many equally likely numbers are drawn from."""
        return int(sum(self.odds) ** self.b)

    def terms(self, up: int, down: int) -> list[int]:
        """The chances of 0, ..., b heads in b tosses of a coin with the odds ``up`` to ``down``, times the total."""
        found = [down**self.b]
        for heads in range(self.b):
            over, under = growth(heads, self.b, up, down)
            found.append(found[-1] * int(over) // int(under))
        return found

    @cached_property
    def at_least(self) -> tuple[list[int], list[int]]:
        """In the world with the bias downwards and in the other: the chances of at least 0, ..., b heads, times the
        total."""
        up, down = self.odds
        low, high = (list(accumulate(reversed(self.terms(*odds))))[::-1] for odds in ((down, up), (up, down)))
        return low, high

    @property
    def slacks(self) -> list[int]:
        """f(0), ..., f(b + 1 - k), times the total."""
        low, high = ([*chances, 0] for chances in self.at_least)
        return [low[heads] - high[heads + self.hidden] for heads in range(self.b + 2 - self.hidden)]

    @property
    def is_sure(self) -> bool:
        """Whether the numbers of heads never differ by more than k."""
        return all(slack >= 0 for slack in self.slacks)

    def heads_at(self, number: int) -> tuple[int, int]:
        """The heads in both worlds for a ``number`` that was drawn, from 0 to the total less 1."""
        low, high = (sum(map(int, (is_below(number, chance) for chance in chances[1:]))) for chances in self.at_least)
        return low, high

    def draw(self, source: Random) -> tuple[int, int]:
        """The heads in the world with the bias downwards and in the other, drawn with a ``source`` of numbers."""
        return self.heads_at(source.randrange(self.total))

    def law(self) -> Iterator[tuple[int, int, Fraction]]:
        """Each pair of numbers of heads that has a chance, with its chance."""
        ends = sorted({0, self.total, *self.at_least[0], *self.at_least[1]})
        for start, end in pairwise(ends):
            yield *self.heads_at(start), Fraction(end - start, self.total)
