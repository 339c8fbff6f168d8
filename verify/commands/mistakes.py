"""The command ``querygrad mistakes``: Result G for the parities of a few bits, its budget and a run of it."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.arguments.names import ROUNDED
from verify.arguments.values import RATIONAL
from verify.commands.interruption import Interrupted
from verify.commands.options import POSITIVE, QUIET
from verify.reports.exit_codes import EXPECTED
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.learning import parities, problems
    from constructions.strip import given_away, sign_queries
    from constructions.strip import mistakes as learning
    from verify.reports import mistakes as reports
    from verify.screen import bar

MOST_STEPS = 20_000
"""So many steps of a run are gone through, unless the user chose its windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeOptions:
    """What is learned by whom.

    Parameters
    ----------
    bits, batch, rho : n, b and the precision. target : the parity that labels the points, as a number whose binary
        digits say which bits are added; None for that of all bits. error, delta : what the budget is for.
    window : the steps of a window; None for Q. rounding : who rounds. seed : of the batches and of random roundings.
    """

    bits: int
    batch: int
    rho: Fraction
    target: int | None
    error: Fraction
    delta: Fraction
    window: int | None
    rounding: str
    seed: int


options_of_mistakes = grouped(
    "options",
    MistakeOptions,
    (
        click.option("--bits", type=click.IntRange(1, 3), default=2, show_default=True, help="The bits n of a point."),
        click.option("--batch", type=click.IntRange(1, 64), default=4, show_default=True, help="The batch size b."),
        click.option(
            "--rho", type=RATIONAL, default="1/8", show_default=True, help="The precision of gradients, below 4/15."
        ),
        click.option(
            "--target",
            type=click.IntRange(0, 7),
            help="The parity that labels points: a number whose binary digits say which bits are added (default: all).",
        ),
        click.option(
            "--error", type=RATIONAL, default="1/4", show_default=True, help="The share of wrong labels allowed."
        ),
        click.option(
            "--delta", type=RATIONAL, default="1/10", show_default=True, help="The chance allowed of a larger share."
        ),
        click.option("--window", type=POSITIVE, help="The steps of a window (default: Q, for which it is proved)."),
        click.option(
            "--rounding", type=click.Choice(ROUNDED), default="worst", show_default=True, help="Who rounds gradients."
        ),
        click.option(
            "--seed",
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            help="The seed of the batches and of random roundings.",
        ),
    ),
)


@click.command("mistakes")
@options_of_mistakes
@QUIET
def mistakes(options: MistakeOptions, quiet: bool) -> int:
    """Learn a parity of a few bits from the mistakes of the present majority alone, for any b rho (Result G).

    The class are the parities of n bits and the constant 1. The budget is that for which the error is proved; then a
    run on uniform bits is made, up to its first window without an update, whose majority is what is learned.
    """
    learner, budget, target = _prepared(options)
    if options.window is None and budget.steps > MOST_STEPS:
        raise ConstructionError(
            f"need --window for runs of more than {MOST_STEPS} steps, got a budget of {budget.steps} in windows of "
            f"{budget.window}"
        )
    stage = _run(learner, target, options, quiet=quiet)
    wrong = sum(learner.learned(stage)(x) != learner.hypotheses[target](x) for x in learner.queries.points)
    told = reports.MistakesTold(
        learner=learner,
        budget=budget,
        error=options.error,
        delta=options.delta,
        rounding=options.rounding,
        stage=stage,
        wrong=Fraction(wrong, 2**options.bits),
    )
    for name, line in reports.about_mistakes(told).items():
        say(f"{name:<11} {line}")
    return EXPECTED


def _prepared(options: MistakeOptions) -> "tuple[learning.MistakeLearner, learning.MistakeBudget, int]":
    """The learner, the budget and the number of the target."""
    n, many = options.bits, 2**options.bits
    target = many - 1 if options.target is None else options.target
    if target >= many:
        raise ConstructionError(f"need a target below 2^n = {many}, got {target}, at --target")
    budget = learning.mistake_budget(
        n, b=options.batch, rho=options.rho, hypotheses=many + 1, error=options.error, delta=options.delta
    )
    learner = learning.MistakeLearner(
        hypotheses=[*(parities.parity_of(word, n) for word in range(many)), lambda x: 1],
        queries=sign_queries.all_queries(n, options.batch),
        rho=options.rho,
        window=options.window or budget.window,
    )
    return learner, budget, target


def _run(
    learner: "learning.MistakeLearner", target: int, options: MistakeOptions, *, quiet: bool
) -> "learning.MajorityStage":
    """The stage after the first window without an update."""
    random, source = Random(options.seed), problems.uniform(options.bits, learner.hypotheses[target])
    adversary, stage = given_away.ROUNDED[options.rounding](options.seed), learner.start
    most = learner.window * (learner.most_updates + 1)
    try:
        with bar.progress_bar("training", most, unit="steps", quiet=quiet) as drawn:
            while stage.kept is None and stage.steps < most:
                stage = learner.step(stage, source.batch(options.batch, random), adversary)
                drawn.advance()
    except KeyboardInterrupt as error:
        raise Interrupted(f"interrupted after {stage.steps} of {most} steps; nothing is kept") from error
    return stage
