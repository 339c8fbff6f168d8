"""The pipelines that end in gradient descent on a differentiable model: Lemmas 3a and 12a, Theorems 1a, 1d, 3a and
3d."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from constructions.learning.models import FBSQ, QueryMethod, SampleMethod, Simulation
from constructions.models.both_labels import one_step_on_both
from constructions.models.confined import confined
from constructions.models.on_both_labels import budget_on_both, theorem_1d_on_both, theorem_3d_on_both
from constructions.models.simulations import (
    lemma_3a,
    lemma_12a,
    numbers_for,
    theorem_1a,
    theorem_1d,
    theorem_3a,
    theorem_3d,
)
from constructions.reductions.one_bit import VERSIONS
from constructions.theorems.between_queries import pipeline_in_cells
from constructions.theorems.in_noise import noisy_pipeline
from constructions.theorems.in_steps import step_pipeline
from constructions.theorems.pipeline import NOISY, STEP, Pipeline, Stage, TheoremSetting, Variant
from constructions.theorems.querying import pipeline_by_batches
from constructions.theorems.sampling import extraction_pipeline, reading_pipeline


def model_pipeline(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Lemma 3a for a bSQ method with queries on one label at a time, Lemma 12a for an fbSQ one.

    >>> from constructions.learning.learners import query_conjunction
    >>> setting = TheoremSetting(n=2, b=4, m=0, tau=Fraction(1, 16), delta=Fraction(1, 20), alternating=True)
    >>> made = model_pipeline(setting, query_conjunction(2, b=4, tau=setting.tau))
    >>> made.item, made.made.budget.p, [stage.name for stage in made.stages]
    ('Lemma 3a', 16, ['compile', 'step', 'read', 'return'])
    """
    same = isinstance(method.budget, FBSQ)
    simulation = (lemma_12a if same else lemma_3a)(rho=setting.rho)
    stages, printed = _stages(setting, simulation, method, Fraction(0)), simulation.printed
    assert printed is not None
    return _pipeline("Lemma 12a" if same else "Lemma 3a", simulation, method, stages, printed(method.budget))


def samples_on_model(setting: TheoremSetting, method: SampleMethod) -> Pipeline:
    """Theorem 1a on a model, for a ``method`` from samples: Lemma 1, then Lemma 3a, or a step for each batch,
    which is read without errors or with them.

    >>> from constructions.learning.learners import parity
    >>> setting = TheoremSetting(n=5, b=4, m=12, tau=Fraction(1, 16), delta=Fraction(1, 10), alternating=True)
    >>> made = samples_on_model(setting, parity(5, 12))
    >>> made.made.budget.steps, [stage.name for stage in made.stages][-4:]
    (289, ['compile', 'step', 'read', 'return'])
    """
    if setting.extract == STEP:
        return step_pipeline(setting, method)
    if setting.extract == NOISY:
        return noisy_pipeline(setting, method)
    first = extraction_pipeline(setting, method)
    how = VERSIONS[setting.extract]
    rho = setting.tau / 4 if setting.rho is None else setting.rho
    whole = theorem_1a(setting.n, b=setting.b, rho=rho, delta=setting.delta, tau=setting.tau, version=how)
    return _after(first, "Theorem 1a", whole, setting)


def queries_on_model(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Theorem 1d on a model, for an SQ ``method``: Lemma 2, then Lemma 3a.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.theorems.querying import as_sq
    >>> setting = TheoremSetting(n=1, b=64, m=0, tau=Fraction(1, 8), delta=Fraction(1, 20), alternating=True)
    >>> made = queries_on_model(setting, as_sq(query_conjunction(1, b=64, tau=Fraction(1, 8))))
    >>> made.made.budget.rho, made.made.budget.p == 2 * made.made.budget.steps
    (Fraction(1, 128), True)
    """
    whole = theorem_1d(b=setting.b, delta=setting.delta, rho=setting.rho)
    return _after(pipeline_by_batches(setting, method), "Theorem 1d", whole, setting)


def sample_on_model(setting: TheoremSetting, method: SampleMethod) -> Pipeline:
    """Theorem 3a on a model, for a ``method`` from samples that does not look at their order: Lemma 6, then Lemma 12a.

    >>> from constructions.learning.learners import parity
    >>> setting = TheoremSetting(n=3, b=1, m=6, tau=Fraction(1, 24), delta=Fraction(1, 10), alternating=True)
    >>> made = sample_on_model(setting, parity(3, 6))
    >>> made.made.budget, [stage.name for stage in made.stages][:3]
    (FBGD(steps=15, rho=Fraction(1, 96), m=6, p=30, r=0), ['decode', 'read', 'learn'])
    """
    rho = setting.tau / 4 if setting.rho is None else setting.rho
    whole = theorem_3a(setting.n, m=setting.m, rho=rho, tau=setting.tau, symmetric=True)
    return _after(reading_pipeline(setting, method), "Theorem 3a", whole, setting)


def one_batch_on_model(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Theorem 3d on a model, for an SQ ``method``: Lemma 7, then Lemma 12a.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.theorems.querying import as_sq
    >>> tau = Fraction(1, 2)
    >>> setting = TheoremSetting(n=2, b=1, m=1700, tau=tau, delta=Fraction(1, 20), alternating=True)
    >>> one_batch_on_model(setting, as_sq(query_conjunction(2, b=1, tau=tau))).made.budget
    FBGD(steps=16, rho=Fraction(1, 32), m=1700, p=32, r=0)
    """
    whole = theorem_3d(m=setting.m, delta=setting.delta, rho=setting.rho)
    return _after(pipeline_in_cells(setting, method), "Theorem 3d", whole, setting)


def queries_on_both(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Theorem 1d on a model by queries on both labels, for an SQ ``method``: Theorem 2d, then S6.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.theorems.querying import as_sq
    >>> setting = TheoremSetting(n=1, b=64, m=0, tau=Fraction(1, 8), delta=Fraction(1, 20))
    >>> asked = as_sq(query_conjunction(1, b=64, tau=Fraction(1, 8)))
    >>> alternating = queries_on_model(replace(setting, alternating=True), asked)
    >>> queries_on_both(setting, asked).made.budget.steps, alternating.made.budget.steps
    (188, 1656)
    """
    whole = theorem_1d_on_both(b=setting.b, delta=setting.delta, rho=setting.rho)
    return _on_both(pipeline_by_batches(setting, method), "Theorem 1d", whole)


def one_batch_on_both(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Theorem 3d on a model by queries on both labels, for an SQ ``method``: Lemma 5d, then S6.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.theorems.querying import as_sq
    >>> tau = Fraction(1, 2)
    >>> setting = TheoremSetting(n=2, b=1, m=1700, tau=tau, delta=Fraction(1, 20))
    >>> one_batch_on_both(setting, as_sq(query_conjunction(2, b=1, tau=tau))).made.budget
    FBGD(steps=8, rho=Fraction(1, 32), m=1700, p=8, r=0)
    """
    whole = theorem_3d_on_both(m=setting.m, delta=setting.delta, rho=setting.rho)
    return _on_both(pipeline_in_cells(setting, method), "Theorem 3d", whole)


def _on_both(first: Pipeline, item: str, whole: Simulation[Any, Any]) -> Pipeline:
    """A pipeline that ends in queries on both labels, followed by S6."""
    between: Any = first.made.budget
    budget: Any = whole.budget(first.given.budget)
    numbers = one_step_on_both(between.tau, budget.rho)
    stages = (
        *first.stages,
        Stage(
            "compile",
            "S6",
            "a parameter for each round, which is its own clock",
            (("T'", budget.steps), ("p'", budget.p), ("least raised query", Fraction(numbers.floor))),
        ),
        Stage(
            "step",
            "S6",
            "a step of gradient descent writes the answer to one query on both labels into its parameter",
            (("rho", budget.rho), ("tau", between.tau), ("error", Fraction(numbers.error()))),
        ),
        Stage("return", "Definition 1", "when all parameters have moved the output is the predictor"),
    )
    beside: Any = first.simulation.printed
    printed = budget_on_both(beside(first.given.budget), budget.rho)
    made, given = whole(first.given), first.given
    rows = (
        Variant(f"{item} on both labels", cast(Any, made.budget), None, whole.delta),
        Variant("the paper, without Lemma 2 or 7", cast(Any, printed), None, whole.delta),
    )
    return Pipeline(
        item=item, stages=stages, simulation=whole, given=given, made=made, variants=rows, assumes=first.assumes
    )


def _after(first: Pipeline, item: str, whole: Simulation[Any, Any], setting: TheoremSetting) -> Pipeline:
    """A pipeline that ends in one-label queries, followed by Lemma 3a or 12a; ``whole`` is the simulation of both."""
    made: Any = first.made
    link = lemma_12a if isinstance(made.budget, FBSQ) else lemma_3a
    model = link(rho=setting.rho)
    stages = (*first.stages, *_stages(setting, model, made, whole.delta))
    printed = first.simulation.printed
    assert printed is not None
    found = _pipeline(item, whole, first.given, stages, link().budget(printed(first.given.budget)))
    return replace(found, assumes=first.assumes)


def _stages(
    setting: TheoremSetting, simulation: Simulation[Any, Any], method: Any, delta: Fraction
) -> tuple[Stage, ...]:
    budget: Any = simulation.budget(method.budget)
    numbers = numbers_for(method.budget.tau, setting.rho)
    return (
        Stage(
            "compile",
            simulation.name,
            "a block of parameters for each round: an answer for each query, and a clock",
            (("T'", budget.steps), ("p'", budget.p), ("epsilon", numbers.epsilon), ("clock's slope", numbers.slope)),
        ),
        Stage(
            "step",
            "Lemma 8",
            "a step of gradient descent writes the answers of one round into its block",
            (("rho", numbers.rho), ("rho / tau", numbers.rho / method.budget.tau), ("error", numbers.error())),
        ),
        Stage("read", "Lemma 9", "the next queries depend on the answers through bumps", (("grid", numbers.rho),)),
        Stage("return", "Definition 1", "when all gates are open the output is the predictor", (("delta", delta),)),
    )


def _pipeline(
    item: str,
    simulation: Simulation[Any, Any],
    given: Any,
    stages: tuple[Stage, ...],
    printed: Any,
) -> Pipeline:
    """The pipeline of a simulation, with the budget that is printed in the paper beside its own."""
    made = simulation(given)
    return Pipeline(
        item=item,
        stages=stages,
        simulation=simulation,
        given=given,
        made=confined(made),  # type: ignore[arg-type]
        variants=(
            Variant(item, made.budget, None, simulation.delta),
            Variant("the paper", printed, None, simulation.delta),
        ),
    )
