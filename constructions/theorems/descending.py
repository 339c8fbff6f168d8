"""The pipelines for methods of gradient descent: Lemmas 4 and 13, Theorems 1b, 1c, 3b and 3c."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.errors import PremiseError
from constructions.learning.descent_methods import BSGD, DescentMethod
from constructions.learning.gradient_learners import DESCENT_LEARNERS
from constructions.learning.models import Simulation
from constructions.reductions.descent_by_queries import lemma_4, lemma_13
from constructions.reductions.descent_by_samples import theorem_1b, theorem_3b
from constructions.reductions.descent_by_source import theorem_1c, theorem_3c
from constructions.reductions.straying import strays_along
from constructions.theorems.between_queries import stages_alone
from constructions.theorems.pipeline import Pipeline, Stage, TheoremSetting, Variant
from constructions.theorems.querying import HOEFFDING


def by_descent(setting: TheoremSetting, learner: str, *, same: bool) -> DescentMethod:
    """The learner of this name for a setting, with gradients of precision rho = 4 tau: bSGD with batches of b, or (the
    ``same`` batch in all steps) fbGD with a sample of m.

    Raises
    ------
    PremiseError
        Unless tau > 0.

    >>> setting = TheoremSetting(n=3, b=8, m=20, tau=Fraction(1, 64), delta=Fraction(1, 20))
    >>> by_descent(setting, "regression", same=True).budget
    FBGD(steps=24, rho=Fraction(1, 16), m=20, p=4, r=0)
    """
    if setting.tau <= 0:
        raise PremiseError(f"need tau > 0, as gradients have the precision rho = 4 tau, got tau = {setting.tau}")
    return DESCENT_LEARNERS[learner](setting.n, b=setting.m if same else setting.b, rho=4 * setting.tau, same=same)


def queries_pipeline(setting: TheoremSetting, method: DescentMethod) -> Pipeline:
    """Lemma 4 for a bSGD method, Lemma 13 for an fbGD one.

    >>> setting = TheoremSetting(n=3, b=8, m=20, tau=Fraction(1, 64), delta=Fraction(1, 20))
    >>> made = queries_pipeline(setting, by_descent(setting, "regression", same=False))
    >>> made.item, made.made.budget.k, [stage.name for stage in made.stages]
    ('Lemma 4', 24, ['ask', 'answer', 'round', 'step', 'return'])
    """
    simulation = lemma_4() if isinstance(method.budget, BSGD) else lemma_13()
    answer = Stage(
        "answer", "equation (8)", "anything within rho/4 of the means over the batch", (("tau'", setting.tau),)
    )
    return _pipeline(simulation, method, answer)


def samples_pipeline(setting: TheoremSetting, method: DescentMethod) -> Pipeline:
    """Theorem 1b for a bSGD method, Theorem 3b for an fbGD one.

    >>> setting = TheoremSetting(n=3, b=8, m=20, tau=Fraction(1, 64), delta=Fraction(1, 20))
    >>> made = samples_pipeline(setting, by_descent(setting, "regression", same=False))
    >>> made.item, made.made.budget.m
    ('Theorem 1b', 192)
    """
    fresh = isinstance(method.budget, BSGD)
    simulation = theorem_1b() if fresh else theorem_3b()
    drawn: Any = simulation.budget(method.budget)
    rests, of = (
        ("Theorem 2b", "T batches of b samples") if fresh else ("Lemma 5b", "one sample, the batch of each step")
    )
    answer = Stage("answer", rests, f"the exact means over the batch: {of}", (("m'", drawn.m),))
    return _pipeline(simulation, method, answer)


def source_pipeline(setting: TheoremSetting, method: DescentMethod) -> Pipeline:
    """Theorem 1c for a bSGD method, Theorem 3c for an fbGD one: Lemma 4 and Theorem 2c, or Lemmas 13 and 5c.

    >>> setting = TheoremSetting(n=3, b=300_000, m=0, tau=Fraction(1, 64), delta=Fraction(1, 20))
    >>> made = source_pipeline(setting, by_descent(setting, "regression", same=False))
    >>> made.item, made.made.budget.k, str(made.made.budget.tau), [stage.name for stage in made.stages]
    ('Theorem 1c', 96, '1/128', ['ask', 'round', 'ask alone', 'fix', 'draw', 'return'])
    """
    fresh = isinstance(method.budget, BSGD)
    first, simulation = (lemma_4(), theorem_1c) if fresh else (lemma_13(), theorem_3c)
    asking, rho = first(method), method.descent.rho
    found = _pipeline(simulation(delta=setting.delta), method, Stage("", "", ""))
    asked, _, rounded, *_ = found.stages
    size = ("b rho^2", method.batch * rho * rho)
    rounded = replace(rounded, does=f"{rounded.does}, and move the weights", numbers=(*rounded.numbers, size))
    alone = stages_alone(setting, asking.budget, found.made.budget)  # type: ignore[arg-type]
    return replace(
        found,
        stages=(asked, rounded, *alone),
        assumes=(HOEFFDING,),
        strays=lambda source: strays_along(asking, source),
        counted=True,
    )


def _pipeline(simulation: Simulation[Any, Any], method: DescentMethod, answer: Stage) -> Pipeline:
    budget, made, rho = method.budget, simulation(method), method.descent.rho
    furthest = ("furthest from the gradient", 3 * rho / 4)
    stages = (
        Stage("ask", "equation (2)", "a query for each weight: its entry of the clipped gradient", (("p", budget.p),)),
        answer,
        Stage("round", "equation (3)", "each answer to the nearest multiple of rho", (("rho", rho), furthest)),
        Stage("step", "equation (1)", "move the weights, and ask again", (("T", budget.steps),)),
        Stage("return", "Definition 1", "the model after the last step", (("delta", Fraction(0)),)),
    )
    printed = simulation.printed(budget) if simulation.printed else None
    given: Any = method
    return Pipeline(
        item=simulation.name,
        stages=stages,
        simulation=simulation,
        given=given,
        made=made,
        variants=(
            Variant(simulation.name, made.budget, None, simulation.delta),
            Variant("the paper", printed, None, simulation.delta),
        ),
    )
