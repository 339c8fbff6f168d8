"""Training by asking an oracle (Lemmas 4 and 13): each entry of a step's gradient is the answer to a query, rounded.

The engine knows the exact mean over the batch of each clipped entry. An oracle of bSQ or fbSQ answers with anything
within rho/4 of it, and the answer is rounded to the nearest multiple of rho, as the method by queries does
(:mod:`constructions.reductions.descent_by_queries`). So these are the choices of an adversary. (Where a mean is 0, all
answers are rounded to 0, and the engine asks nobody.)
"""

from collections.abc import Callable
from fractions import Fraction
from random import Random

from constructions.errors import PremiseError
from constructions.foundations.rounding import Grid
from constructions.learning.oracles import Oracle, Question, valid
from constructions.reductions.descent_by_queries import tolerance
from constructions.training.adversaries import EdgeChoice, Picks

SEEDS = 1 << 62
OracleOf = Callable[[Fraction, int], Oracle]


def by_answers(oracle: OracleOf, *, rho: Fraction, seed: int, name: str) -> Picks:
    """The adversary that asks an oracle for each entry and rounds its answer.

    Parameters
    ----------
    oracle : from a tolerance and a seed to what answers; each entry of each step has a seed of its own, which follows
        from ``seed``, so that a run can be resumed. rho : the gradient precision. name : how checkpoints know it.

    Raises
    ------
    PremiseError
        If 1 has no valid rounding in [-1, 1] (E01).
    ConstructionError
        Where it is called, for an answer that is not valid.

    >>> from constructions.learning.oracles import highest
    >>> picks = by_answers(lambda tau, seed: highest, rho=Fraction(1, 4), seed=0, name="highest")
    >>> [str(picks(EdgeChoice(0, 0, 1, 1, value, ()))) for value in (Fraction(1, 17), Fraction(1, 16), Fraction(1))]
    ['0', '1/4', '1']
    """
    grid, tau = Grid(rho=rho), tolerance(rho)
    if not grid.reaches_one:
        raise PremiseError(f"need the fractional part of 1/rho to be at most 3/4, got rho = {rho} (E01)")

    def picks(choice: EdgeChoice) -> Fraction:
        question = Question(choice.step, (choice.value,), tau)
        own = Random(f"{seed}, {choice.step}, {choice.edge}").randrange(SEEDS)
        (answer,) = valid(oracle(tau, own)(question), question)
        return Fraction(grid.nearest(answer))

    picks.__qualname__ = f"answers within {tau}: {name}"
    return picks
