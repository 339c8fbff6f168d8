"""What one rounded gradient gives away: the whole batch, to an asker who chose the model, for discrete data.

The asker crafts the model (a block of M*, or of M for realizable batches), somebody else takes one step of gradient
descent on a batch of b points, and hands back the update, each entry rounded to a multiple of rho in any valid way. For
b rho < 4/3 the update determines the batch but for its order. What is reconstructed is checked: the update must be a
valid rounding for the batch in every entry, and then no other batch of b points will do
(``strip.given.certified``). Else it is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import rational
from constructions.foundations.optional import optional
from constructions.foundations.rounding import Adversary, Choice, Grid, choose, down, nearest, randomly, up
from constructions.learning.problems import Bits, Point
from constructions.models.snapping import nearest as nearest_multiple
from constructions.strip.reading import WholeBatch, whole_batch
from constructions.strip.simulations import MOST_B_RHO, tolerance_of


def farthest(choice: Choice) -> Fraction:
    """The valid rounding farthest from the value, the upper one on a tie.

    >>> grid = Grid(rho=Fraction(1, 4))
    >>> farthest(Choice(("u", "v"), 1, Fraction(1, 9), grid.valid(Fraction(1, 9))))
    Fraction(1, 4)
    """
    return max(choice.valid, key=lambda u: (abs(u - choice.value), u))


ROUNDED: dict[str, Callable[[int], Adversary]] = {
    "nearest": lambda seed: nearest,
    "up": lambda seed: up,
    "down": lambda seed: down,
    "random": randomly,
    "worst": lambda seed: farthest,
}
"""Who rounds, by name, from a seed."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """That an update is that of a batch, and of no other one of b points.

    Parameters
    ----------
    n, b, rho : bits of a point, points of a batch, precision. modulus : of GF(2^n). held, slopes : c and the slopes.
    update : its entries. batch : the points, sorted by label and bits.
    """

    n: int
    b: int
    rho: Fraction
    modulus: int
    held: Fraction
    slopes: tuple[Fraction, ...]
    update: tuple[Fraction, ...]
    batch: tuple[Point, ...]

    def as_plain(self) -> dict[str, Any]:
        """As numbers and texts, for a file."""
        return {
            **{name: getattr(self, name) for name in ("n", "b", "modulus")},
            **{name: str(getattr(self, name)) for name in ("rho", "held")},
            **{name: [str(value) for value in getattr(self, name)] for name in ("slopes", "update")},
            "batch": [["".join(map(str, x)), y] for x, y in self.batch],
        }


@dataclass(frozen=True, slots=True)
class Crafted:
    """A crafted model.

    Parameters
    ----------
    whole : how it asks about a batch. rho : the precision of the gradient that it is for.

    >>> crafted = craft(3, 2, Fraction(3, 5))
    >>> batch = (((0, 1, 1), 0), ((1, 0, 0), 1))
    >>> update = crafted.update(batch, farthest)
    >>> crafted.reconstruct(update).batch == batch, len(update)
    (True, 14)
    >>> crafted.belongs(update, batch), crafted.gradient(batch)[0], crafted.output([Fraction(0)] * 14, (1, 1, 1))
    (True, Fraction(0, 1), Fraction(1, 64))
    >>> crafted.module()  # doctest: +SKIP
    >>> crafted.reconstruct([0] * 14)
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need an update of a batch of 2 points, got one that is no valid rounding for any
    """

    whole: WholeBatch
    rho: Fraction

    def output(self, weights: Sequence[Fraction], x: Bits) -> Fraction:
        """The output of the model at a point x, for some ``weights``; all are 0 before the step."""
        pairs = zip(self.whole.slopes(x), weights, strict=True)
        return sum((factor * weight for factor, weight in pairs), Fraction(self.whole.reader.held))

    def gradient(self, batch: Sequence[Point]) -> tuple[Fraction, ...]:
        """The mean of the clipped gradients of half the squared loss over a ``batch``, where all weights are 0."""
        totals = [Fraction(0)] * self.whole.size
        for x, y in batch:
            totals = [total + value for total, value in zip(totals, self.whole.query(x, y), strict=True)]
        return tuple(total / len(batch) for total in totals)

    def update(self, batch: Sequence[Point], adversary: Adversary = nearest) -> tuple[Fraction, ...]:
        """What a step of rate 1 on a ``batch`` adds to the weights, if an ``adversary`` rounds."""
        grid = Grid(rho=self.rho)
        choices = (Choice(("weight", str(j)), 1, v, grid.valid(v)) for j, v in enumerate(self.gradient(batch), 1))
        return tuple(-choose(adversary, choice) for choice in choices)

    def reconstruct(self, update: Sequence[Any]) -> Certificate:
        """The batch to which an ``update`` belongs, with what shows it.

        Raises
        ------
        PremiseError
            If it belongs to none.
        """
        b, given = self.whole.family.b, tuple(rational(u, where="an update") for u in update)
        if len(given) != self.whole.size:
            raise PremiseError(f"need an update with {self.whole.size} entries, got {len(given)}")
        answers = tuple(-nearest_multiple(u, self.rho) for u in given)
        words = self.whole.words(answers)
        batch = tuple((word[1:], word[0]) for word in words)
        found = Certificate(
            n=self.whole.family.n,
            b=b,
            rho=self.rho,
            modulus=self.whole.family.field.modulus,
            held=Fraction(self.whole.reader.held),
            slopes=tuple(map(Fraction, self.whole.reader.slopes)),
            update=given,
            batch=batch,
        )
        if not self.belongs(given, batch):
            raise PremiseError(f"need an update of a batch of {b} points, got one that is no valid rounding for any")
        return found

    def belongs(self, update: Sequence[Fraction], batch: Sequence[Point]) -> bool:
        """Whether an ``update`` is a valid rounding, in every entry, for a ``batch``."""
        near = tolerance_of(self.rho)
        pairs = zip(update, self.gradient(batch), strict=True)
        return all(abs(u + v) <= near and (u / self.rho).denominator == 1 for u, v in pairs)

    def module(self) -> Any:
        """The model as a ``torch.nn.Module`` with one float64 vector, ``weights``; it is called with a point."""
        torch = optional("torch")
        made: Any = torch.nn.Module()
        made.register_parameter("weights", torch.nn.Parameter(torch.zeros(self.whole.size, dtype=torch.float64)))

        def forward(x: Bits) -> Any:
            slopes = torch.tensor([float(value) for value in self.whole.slopes(x)], dtype=torch.float64)
            return float(self.whole.reader.held) + (slopes * made.weights).sum()

        made.forward = forward
        return made


def craft(n: int, b: int, rho: Fraction, *, realizable: bool = False) -> Crafted:
    """A model of which one gradient of precision rho gives away ``b`` points of ``n`` bits with their labels.

    Parameters
    ----------
    realizable : no batch has a point with both labels, so half of the parameters will do.

    Raises
    ------
    PremiseError
        Unless 0 < b rho < 4/3.

    >>> craft(32, 40, Fraction(33, 1000), realizable=True).whole.size
    1281
    """
    if not 0 < b * rational(rho, where="rho") < MOST_B_RHO:
        raise PremiseError(f"need 0 < b rho < 4/3, got b rho = {b} * {rho} = {b * rho}")
    return Crafted(whole_batch(n, b, Fraction(b * tolerance_of(rho)), realizable=realizable), rho)
