"""The options of ``querygrad prove`` that ask a second solver."""

from dataclasses import dataclass

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.commands.options import POSITIVE

with loaded_when_used(__name__):
    from verify.provers import second as solvers

SECONDS_OF_SECOND = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOptions:
    """Who is asked for a second opinion, and of what.

    Parameters
    ----------
    second : the name of a solver; None for no second opinion. second_seconds : the time for each question.
    drawn : ask only what is new and so many questions that are drawn; None for all questions. seed : of the drawing.
    """

    second: str | None
    second_seconds: int
    drawn: int | None
    seed: int

    def solver(self) -> "solvers.SecondSolver | None":
        """The solver, if one was asked for.

        Raises
        ------
        ConstructionError if there is none of this name, and for options that need one without one.
        """
        if self.second is not None:
            return solvers.second_solver(self.second, seconds=self.second_seconds)
        if self.drawn is not None:
            raise ConstructionError("need --second beside --drawn, got none")
        return None


second_options = grouped(
    "asked",
    SecondOptions,
    (
        click.option(
            "--second",
            metavar="SOLVER",
            help="Ask another solver too everything that z3 is asked: cvc5, or an executable that reads SMT-LIB.",
        ),
        click.option(
            "--second-seconds",
            type=POSITIVE,
            default=SECONDS_OF_SECOND,
            show_default=True,
            help="The time for each question to the second solver, in seconds.",
        ),
        click.option(
            "--drawn",
            type=click.IntRange(min=0),
            help="Ask both solvers only what is not in the record of such questions, and so many drawn from it.",
        ),
        click.option("--seed", type=int, default=0, show_default=True, help="The seed of the drawing."),
    ),
)
