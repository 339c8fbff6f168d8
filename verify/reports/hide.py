"""What ``querygrad hide`` says: two worlds, the run that both share, and what it loses in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from constructions.learning.descent_methods import DescentMethod
from constructions.strip.left_line import (
    best_loss,
    enough_samples,
    least_excess,
    loss_of_the_seen,
    points_hidden,
    seen_too_often,
)
from constructions.strip.two_worlds import HiddenStep, HiddenWorlds

LONGEST = 24
SAMPLES = 1000
"""With how many samples a learner by samples is compared, where a rare point is hidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenTold:
    """A run in two worlds.

    Parameters
    ----------
    name : of the method. method, worlds : both. mass : of the rare point, if that is what is hidden. steps : of the
        run. losses : in each world.
    """

    name: str
    method: DescentMethod
    worlds: HiddenWorlds
    mass: Fraction | None
    steps: Sequence[HiddenStep]
    losses: tuple[Fraction, Fraction]


def about_hidden(told: HiddenTold) -> dict[str, str]:
    """The lines, by what each is about.

    Parameters
    ----------
    told : the run.

    >>> from constructions.learning.gradient_learners import linear_regression
    >>> from constructions.strip.two_worlds import noisy_worlds, trained_together
    >>> method, worlds = linear_regression(1, b=4, rho=Fraction(1)), noisy_worlds(1, b=4, rho=Fraction(1))
    >>> run = trained_together(method, worlds, seed=0)
    >>> losses = Fraction(1, 8), Fraction(1, 8)
    >>> lines = about_hidden(
    ...     HiddenTold(name="mine", method=method, worlds=worlds, mass=None, steps=run.steps, losses=losses))
    >>> lines["hidden"], lines["weights"]
    ('up to 1 of 4 points of a batch', 'identical in both worlds after each of 24 steps, exactly')
    """
    method, steps = told.method, told.steps
    b, rho = method.batch, method.descent.rho
    apart = [step.apart for step in steps]
    lines = {
        "model": f"{told.name}: {method.budget.p:,} parameters, {len(steps)} steps",
        "batch": f"b = {b}, rho = {rho}, b rho = {b * rho}",
        "hidden": f"up to {points_hidden(b, rho)} of {b} points of a batch",
        "batches": f"differ in {sum(map(bool, apart))} of {len(steps)} steps, "
        f"in at most {max(apart, default=0)} of {b} points",
        "gradients": f"differ, before they are rounded, at up to {max((step.told for step in steps), default=0):,} of "
        f"{method.budget.p:,} parameters; what they are rounded to is the same, and valid in both worlds",
        "weights": f"identical in both worlds after each of {len(steps)} steps, exactly",
        "losses": " and ".join(map(_number, told.losses)),
    }
    return lines | (_about_noise(b, rho, told) if told.mass is None else _about_rare(b, rho, told, told.mass))


def _about_noise(b: int, rho: Fraction, told: HiddenTold) -> dict[str, str]:
    chances = [source.expectation(lambda x, y: y) for source in told.worlds.sources]
    bias = (chances[1] - chances[0]) / 2
    floor, excess = Fraction(best_loss(bias)), Fraction(least_excess(bias))
    m = enough_samples(bias, excess / 2)
    return {
        "worlds": f"at one point a label that is 1 with the chance {chances[0]} or {chances[1]}; the best loss is "
        f"{_number(floor)}",
        "proved": f"in one of them every bSGD with these b and rho, of any model, loses at least beta^2/2 = "
        f"{_number(excess)} more than that, on average over batches (strip.left.noisy)",
        "Theorem 1a": f"concludes what is false here: the mean of m = {m:,} labels, and delta = {_number(excess / 2)} "
        "more, is below it in both (strip.left.refutes_1a)",
    }


def _about_rare(b: int, rho: Fraction, told: HiddenTold, mass: Fraction) -> dict[str, str]:
    often = seen_too_often(b, points_hidden(b, rho), mass)
    return {
        "worlds": f"a point of mass {mass} with the label 0 or 1, else another one with the label 0",
        "proved": f"in one of them every bSGD with these b, rho and T errs by at least (g/8)(1 - Tq), g = {mass}, "
        f"q = {_number(often)} (strip.left.rare); who has {SAMPLES:,} samples errs by "
        f"{_number(loss_of_the_seen(mass, SAMPLES))}",
    }


def _number(value: Fraction) -> str:
    """A number, exactly if that is short."""
    text = str(value)
    return text if len(text) <= LONGEST else f"{float(value):.6g}"
