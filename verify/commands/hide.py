"""The command ``querygrad hide``: an adversary that trains two worlds at once to the same weights."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.arguments.names import HIDDEN
from verify.arguments.values import RATIONAL
from verify.commands.interruption import Interrupted
from verify.commands.options import POSITIVE, QUIET
from verify.reports.exit_codes import EXPECTED
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.strip import left_line, two_worlds
    from verify.arguments import descent_method, users_method
    from verify.reports import hide as reports
    from verify.screen import bar


@dataclass(frozen=True, slots=True, kw_only=True)
class HideOptions:
    """What is hidden from whom.

    Parameters
    ----------
    batch, rho : b and the precision. bits, steps : n and T, if they are said. worlds : which pair of sources.
    mass : of the rare point. seed : of the batches and of the method's random bits.
    """

    batch: int
    rho: Fraction
    bits: int | None
    steps: int | None
    worlds: str
    mass: Fraction
    seed: int


options_of_hiding = grouped(
    "options",
    HideOptions,
    (
        click.option("--batch", type=click.IntRange(1, 10**5), required=True, help="The batch size b."),
        click.option("--rho", type=RATIONAL, required=True, help="The precision of gradients; b rho is at least 4."),
        click.option("--bits", type=click.IntRange(1, 512), help="The bits n of a point (default: 4)."),
        click.option("--steps", type=POSITIVE, help="The number T of steps (default: the method's)."),
        click.option(
            "--worlds",
            type=click.Choice(HIDDEN),
            default="noisy",
            show_default=True,
            help="Hide how noisy a label is (noisy), or the label of a rare point (rare).",
        ),
        click.option("--mass", type=RATIONAL, default="1/100", show_default=True, help="The mass of the rare point."),
        click.option(
            "--seed",
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            help="The seed of the batches and of the random bits.",
        ),
    ),
)


@click.command("hide")
@click.argument("method")
@options_of_hiding
@QUIET
def hide(method: str, options: HideOptions, quiet: bool) -> int:
    """Train METHOD in two worlds at once, so that it ends with the same weights in both and learns nothing of which.

    METHOD is a built-in learner by gradient descent (regression), FILE.py[:NAME], a DescentMethod or a function that
    builds one from n, b, rho or steps, or a network file NET.qgn. From b rho = 4 on one point of a batch can be hidden:
    the adversary rounds gradients so that both worlds take the same step, and each rounding is valid in both.
    """
    left_line.points_hidden(options.batch, options.rho)
    if not 0 < options.mass < 1:
        raise ConstructionError(f"need a mass between 0 and 1, got {options.mass}, at --mass")
    wanted = descent_method.DescentWanted(
        name=method, b=options.batch, rho=options.rho, n=options.bits, steps=options.steps
    )
    found, path = descent_method.descent_named(wanted)
    trained: Any = lambda: _trained(method, found, options, quiet=quiet)  # noqa: E731
    with users_method.naming(path):
        told = trained() if path is None else users_method.calling(trained, path, "is trained")()
    for name, line in reports.about_hidden(told).items():
        say(f"{name:<11} {line}")
    return EXPECTED


def _trained(name: str, found: Any, options: HideOptions, *, quiet: bool) -> "reports.HiddenTold":
    """The run in both worlds, with a progress bar."""
    b, rho, rare = options.batch, options.rho, options.worlds == "rare"
    if rare:
        worlds = two_worlds.rare_worlds(found.n, b=b, rho=rho, mass=options.mass)
    else:
        worlds = two_worlds.noisy_worlds(found.n, b=b, rho=rho)
    random = Random(options.seed)
    model = found.start(tuple(random.randrange(2) for _ in range(found.budget.r)))
    steps: list[two_worlds.HiddenStep] = []
    pairs = (worlds.drawn(random) for _ in range(found.budget.steps))
    try:
        with bar.progress_bar("training", found.budget.steps, unit="steps", quiet=quiet) as drawn:
            for step in two_worlds.steps_of_both(found, model, pairs):
                steps.append(step)
                drawn.advance()
    except KeyboardInterrupt as error:
        done = f"interrupted after {len(steps)} of {found.budget.steps} steps, in all of which both worlds were alike"
        raise Interrupted(f"{done}; nothing is kept") from error
    predictor = found.predictor(steps[-1].models[0] if steps else model)
    low, high = (source.loss(predictor) for source in worlds.sources)
    mass = options.mass if rare else None
    return reports.HiddenTold(name=name, method=found, worlds=worlds, mass=mass, steps=steps, losses=(low, high))
