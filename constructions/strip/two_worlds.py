"""An adversary that trains two worlds at once to the same weights, on any differentiable model.

In each step both worlds have the same model and batches that differ in at most k0 = floor(b rho/4) points. So in each
entry the means of their clipped gradients are at most rho/2 apart, and the multiple of rho nearest to the middle
between them is a valid rounding of both (equation 3). The adversary picks it. It looks at the present alone: the
weights, the batch of its own world and, for a drawn number, that of the other one.

At a kink any gradient is valid (footnote 6); there the world takes the estimate of the other one, or 0 if both are at a
kink.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from constructions.errors import ConstructionError, KinkError, PremiseError
from constructions.foundations.descent import Descent
from constructions.foundations.exact import Number
from constructions.foundations.rounding import Choice, Grid
from constructions.foundations.vectors import Vector, constant, entrywise
from constructions.learning.descent_methods import BSGD, DescentMethod
from constructions.learning.problems import Bits, Point, Table
from constructions.strip.coupled_coins import CoupledCoins
from constructions.strip.left_line import noisy_label, points_hidden, rare_point

Batch = tuple[Point, ...]
Pair = tuple[Batch, Batch]


def shared_rounding(value: Number, other: Number, rho: Number) -> Number:
    """The multiple of ``rho`` nearest to the middle between a ``value`` and an ``other`` one: a valid rounding of both,
    if they are in [-1, 1] and at most rho/2 apart.

    >>> shared_rounding(Fraction(1, 16), Fraction(3, 16), Fraction(1, 4))
    Fraction(1, 4)
    """
    return Grid(rho=rho).nearest((value + other) / 2)


def points_apart(batch: Sequence[Point], other: Sequence[Point]) -> int:
    """In how many points a ``batch`` and an ``other`` one differ, whatever their order.

    >>> points_apart([((0,), 1), ((0,), 0)], [((0,), 0), ((0,), 0)])
    1
    """
    return (Counter(batch) - Counter(other)).total()


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenWorlds:
    """Two sources, and how batches of both are drawn together.

    Parameters
    ----------
    name : in words. sources : both. drawn : draws a batch of each. sure : whether they never differ in more than k0
        points.

    >>> worlds = noisy_worlds(1, b=4, rho=Fraction(1))
    >>> worlds.name, [points_apart(*worlds.drawn(Random(seed))) for seed in range(3)]
    ('a noisy label', [1, 1, 1])
    """

    name: str
    sources: tuple[Table, Table]
    drawn: Callable[[Random], Pair]
    sure: bool


def noisy_worlds(n: int, *, b: int, rho: Fraction) -> HiddenWorlds:
    """A label at the point 1...1 of ``n`` bits that is 1 with the chance 1/2 - beta or 1/2 + beta, beta = k0/(2b + 2).

    Raises
    ------
    PremiseError
        Unless b rho >= 4 and rho <= 1.

    >>> str(noisy_worlds(2, b=8, rho=Fraction(1, 2)).sources[1].expectation(lambda x, y: y))
    '5/9'
    """
    coins, x = CoupledCoins(b, points_hidden(b, rho)), (1,) * n

    def drawn(source: Random) -> Pair:
        low, high = (tuple((x, int(i < heads)) for i in range(b)) for heads in coins.draw(source))
        return low, high

    return HiddenWorlds(name="a noisy label", sources=noisy_label(n, coins.bias), drawn=drawn, sure=True)


def rare_worlds(n: int, *, b: int, rho: Fraction, mass: Fraction) -> HiddenWorlds:
    """A point 1...1 of ``n`` bits and this ``mass`` with the label 0 or 1, else 0...0 with label 0. Batches are hidden
    in which it is at most k0 times.

    Raises
    ------
    PremiseError
        Unless b rho >= 4 and rho <= 1.

    >>> worlds = rare_worlds(1, b=8, rho=Fraction(1, 2), mass=Fraction(1, 8))
    >>> [points_apart(*worlds.drawn(Random(seed))) for seed in range(5)], worlds.sure
    ([2, 3, 0, 2, 1], False)
    """
    points_hidden(b, rho)
    sources, rare = rare_point(n, mass), (1,) * n

    def drawn(source: Random) -> Pair:
        low = sources[0].batch(b, source)
        return low, tuple((x, int(x == rare)) for x, _ in low)

    return HiddenWorlds(name="a rare point", sources=sources, drawn=drawn, sure=False)


@dataclass(frozen=True, slots=True)
class HiddenStep:
    """A step of both worlds.

    Parameters
    ----------
    apart : in how many points the batches differ. told : at how many parameters the exact gradients differ. moved : how
        many parameters move. models : after the step, in both worlds.

    >>> from constructions.learning.gradient_learners import linear_regression
    >>> method = linear_regression(1, b=4, rho=Fraction(1))
    >>> pair = ((((0,), 0),) * 4, (((0,), 0),) * 3 + (((0,), 1),))
    >>> step = step_of_both(method.descent, method.start(()), pair, number=1)
    >>> step.apart, step.told, step.moved, step.same
    (1, 1, 0, True)
    """

    apart: int
    told: int
    moved: int
    models: tuple[Any, Any]

    @property
    def same(self) -> bool:
        """Whether both worlds have the same weights, exactly."""
        one, other = (dict(model.edges) for model in self.models)
        return one == other


def step_of_both(descent: Descent, model: Any, pair: Pair, *, number: int) -> HiddenStep:
    """A step of gradient descent in each of two worlds, which have the same ``model``, on a ``pair`` of batches.

    Each world takes its step by itself, with an adversary whose picks are refused if they are not valid for its batch.

    Parameters
    ----------
    descent : how a step is taken. number : of the step.

    Raises
    ------
    ConstructionError
        If some pick is not valid; no batches that differ in at most k0 points lead to this.
    """
    gradients = [_gradient(descent, model, batch) for batch in pair]
    first, second = gradients
    if first is None or second is None:
        known = second if first is None else first
        free = _nearest(descent, known) if known is not None else constant(dict(model.edges), Fraction(0))
        picks: Vector = free
    else:
        picks = entrywise(lambda v, w: shared_rounding(v, w, descent.rho), first, second)

    def picked(choice: Choice) -> Fraction:
        found: Fraction = picks[choice.edge]
        return found

    meeting = replace(descent, adversary=picked, at_kink=lambda vertex, edges: picks)
    before, after = dict(model.edges), tuple(meeting.step(model, batch, number=number) for batch in pair)
    told = sum(v != second[edge] for edge, v in first.items()) if first is not None and second is not None else 0
    moved = sum(before[edge] != weight for edge, weight in after[0].edges.items())
    return HiddenStep(points_apart(*pair), told, moved, (after[0], after[1]))


def _gradient(descent: Descent, model: Any, batch: Batch) -> Vector | None:
    """The exact gradient over a batch; None at a kink."""
    try:
        return descent.batch_gradient(model, batch)
    except KinkError:
        return None


def _nearest(descent: Descent, gradient: Vector) -> Vector:
    return entrywise(Grid(rho=descent.rho).nearest, gradient)


@dataclass(frozen=True, slots=True)
class HiddenRun:
    """Two runs, one in each world.

    Parameters
    ----------
    steps : step by step. model : what both worlds end with.

    >>> from constructions.learning.gradient_learners import linear_regression
    >>> method = linear_regression(2, b=8, rho=Fraction(1, 2))
    >>> run = trained_together(method, noisy_worlds(2, b=8, rho=Fraction(1, 2)), seed=1)
    >>> len(run.steps), run.same, max(step.apart for step in run.steps)
    (24, True, 1)
    """

    steps: tuple[HiddenStep, ...]
    model: Any

    @property
    def same(self) -> bool:
        """Whether both worlds had the same weights after each step, exactly."""
        return all(step.same for step in self.steps)


def trained_together(method: DescentMethod, worlds: HiddenWorlds, *, seed: int, bits: Bits = ()) -> HiddenRun:
    """Train a ``method`` in two ``worlds`` at once, which end with the same weights.

    Parameters
    ----------
    seed : of the batches. bits : the method's random string, which both worlds share.

    Raises
    ------
    PremiseError
        For batches that differ in more than k0 points, which may happen where this is not sure; and for another method
        than bSGD.
    """
    if not isinstance(method.budget, BSGD):
        raise PremiseError("need fresh batches in each step (bSGD), got a method that looks at one batch (fbGD)")
    random = Random(seed)
    pairs = (worlds.drawn(random) for _ in range(method.budget.steps))
    steps, model = [], method.start(bits)
    for step in steps_of_both(method, model, pairs):
        steps.append(step)
        model = step.models[0]
    return HiddenRun(tuple(steps), model)


def steps_of_both(method: DescentMethod, model: Any, pairs: Iterable[Pair]) -> Iterator[HiddenStep]:
    """The steps of both worlds from a ``model`` on, on given ``pairs`` of batches.

    Raises
    ------
    PremiseError
        For batches of another size than the method's, and for some that differ in more than k0 points.
    ConstructionError
        If the worlds do not have the same weights: this would be an error of the proofs.

    >>> from constructions.learning.gradient_learners import linear_regression
    >>> method = linear_regression(1, b=4, rho=Fraction(1))
    >>> list(steps_of_both(method, method.start(()), [((((0,), 0),) * 4, (((0,), 1),) * 4)]))
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need batches that differ in at most floor(b rho/4) = 1 points, got 4, at step 1
    """
    b, rho = method.batch, method.descent.rho
    most = points_hidden(b, rho)
    for number, pair in enumerate(pairs, 1):
        if any(len(batch) != b for batch in pair):
            raise PremiseError(f"need batches of {b} points, got {[len(batch) for batch in pair]}, at step {number}")
        if points_apart(*pair) > most:
            raise PremiseError(
                f"need batches that differ in at most floor(b rho/4) = {most} points, "
                f"got {points_apart(*pair)}, at step {number}"
            )
        step = step_of_both(method.descent, model, pair, number=number)
        if not step.same:
            raise ConstructionError(f"need the same weights in both worlds, got others, at step {number}")
        model = step.models[0]
        yield step
