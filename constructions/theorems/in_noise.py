"""Theorem 1a with batches that are read with errors: Result B as a pipeline, for b rho of 4/3 and more, too."""

from fractions import Fraction
from math import comb
from typing import Any

from constructions.errors import PremiseError
from constructions.learning.models import PAC, SampleMethod, Simulation
from constructions.strip.noisy import trained_on
from constructions.strip.reading import steps_for
from constructions.strip.readout import hidden, readouts, word_length
from constructions.strip.sign_queries import drawn
from constructions.strip.simulations import tolerance_of
from constructions.theorems.in_steps import precision_of
from constructions.theorems.pipeline import Pipeline, Stage, TheoremSetting, Variant

MOST_BITS = 10
FEW_BATCHES = 5_000
"""So many batches are gone through; of more, a consistent one is looked for by a linear program."""
QUERIES_SEED = 0


def batches_there_are(n: int, b: int) -> int:
    """How many batches of ``b`` points of ``n`` bits there are whose labels are a function of the point.

    >>> batches_there_are(1, 1), batches_there_are(2, 3)
    (4, 88)
    """
    points = 2**n
    return sum(comb(points, k) * 2**k * comb(b - 1, k - 1) for k in range(1, min(points, b) + 1))


def noisy_pipeline(setting: TheoremSetting, method: SampleMethod) -> Pipeline:
    """Result B for a ``method`` from samples that does not look at their order, with 2b(n + 1) queries drawn with the
    seed 0. (With so few of them it is measured, not proved, how many points are read wrongly.)

    Raises
    ------
    PremiseError
        For more than 10 bits or none.

    >>> from constructions.learning.learners import parity
    >>> setting = TheoremSetting(n=2, b=3, m=6, tau=Fraction(3, 8), delta=Fraction(1, 20), rho=Fraction(1, 2))
    >>> made = noisy_pipeline(setting, parity(2, 6))
    >>> made.made.budget, [stage.name for stage in made.stages]
    (BSGD(steps=2, rho=Fraction(1, 2), b=3, p=36, r=0), ['ask', 'step', 'search', 'return'])
    """
    n, b, rho = setting.n, setting.b, precision_of(setting)
    if not 1 <= n <= MOST_BITS:
        raise PremiseError(f"need 1 to {MOST_BITS} bits for batches that are read with errors, got {n}")
    queries = drawn(n, b, 2 * int(word_length(n, b)), QUERIES_SEED)
    by = "exhaustive" if batches_there_are(n, b) <= FEW_BATCHES else "milp"

    def reduce(given: Any) -> Any:
        return trained_on(queries, given, rho, by=by)

    made = reduce(method)
    simulation: Any = Simulation(
        name="Result B", delta=Fraction(0), budget=lambda given: reduce(_like(method, given)).budget, reduce=reduce
    )
    return Pipeline(
        item="Theorem 1a",
        stages=_stages(setting, rho, queries.size, made.budget, by),
        simulation=simulation,
        given=method,
        made=made,
        variants=(Variant("Result B", made.budget, _share(made.budget.steps, method.budget)),),
        replaces=True,
    )


def _like(method: SampleMethod, budget: PAC) -> SampleMethod:
    return SampleMethod(n=method.n, budget=budget, learn=method.learn)


def _share(steps: int, given: PAC) -> Fraction:
    return Fraction(steps, given.m) if given.m else Fraction(0)


def _stages(setting: TheoremSetting, rho: Fraction, p: int, budget: Any, by: str) -> tuple[Stage, ...]:
    n, b = setting.n, setting.b
    best = min((each for each in readouts(n, b, rho) if each.queries <= p), key=lambda each: each.missed, default=None)
    how = "all batches are gone through" if by == "exhaustive" else "HiGHS looks for it, and it is checked exactly"
    sure = (("replaced, if they tell all apart", best.missed),) if best else ()
    return (
        Stage("ask", "A1, A2", "queries with values 1 and -1, drawn at random with the seed 0", (("p", p),)),
        Stage(
            "step",
            "Result M",
            "a step of gradient descent writes the answers about its batch; what it wrote is its clock",
            (("rho", rho), ("b rho", b * rho), ("b tau", b * Fraction(tolerance_of(rho))), ("T'", budget.steps)),
        ),
        Stage(
            "search",
            "Result B",
            f"a batch that is consistent with the answers of a block: {how}",
            (("hidden at least", hidden(n, b, rho, p)), *sure),
        ),
        Stage(
            "return",
            "Result B",
            "the predictor of A on these batches; its error is that of A on a sample of which points are replaced",
            (("T'", steps_for(setting.m, b)),),
        ),
    )
