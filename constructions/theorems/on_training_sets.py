"""Pipelines in which batches are drawn from a training set of M samples, with replacement: the hybrid of Section 6.

Where A learns from samples or by queries (Theorems 1a and 1d), it is A' that draws from the set. In Theorem 1c it is
A, which is gradient descent, and A' asks queries about the source.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.spelling import in_digits
from constructions.learning import tails
from constructions.learning.descent_methods import BSGD, DescentMethod
from constructions.learning.models import FBSQ, SQ, QueryMethod, SampleMethod
from constructions.models.confined import confined
from constructions.models.training_sets import (
    about_one_batch,
    about_the_set,
    drawn_again,
    enough_for_samples,
    hybrid_1d,
    hybrid_3c,
    lost_by_repeats,
)
from constructions.reductions.cells import enough_in_one_batch, lemma_5d, may_stray, reachable
from constructions.reductions.descent_by_source import theorem_1c
from constructions.reductions.queries_alone import added_loss, enough_points
from constructions.theorems.between_queries import pipeline_in_cells, rounded_up
from constructions.theorems.on_models import queries_on_model
from constructions.theorems.pipeline import Pipeline, Stage, TheoremSetting, Variant
from constructions.theorems.querying import HOEFFDING

WITH_REPLACEMENT = "a training set of M samples, from which all batches are drawn with replacement"


def on_a_training_set(pipeline: Pipeline, setting: TheoremSetting, size: int) -> Pipeline:
    """The pipeline for a training set, after the kind of its A.

    Parameters
    ----------
    pipeline : one of Theorems 1a, 1c, 1d, 2a and Lemma 1, for the ``setting``. size : M.

    Raises
    ------
    PremiseError
        For a set that is too small for Theorem 1c or 1d, or a precision that is too large for 1d.

    >>> from constructions.theorems.registry import THEOREMS
    >>> setting = TheoremSetting(n=2, b=2, m=4, tau=Fraction(1, 8), delta=Fraction(1, 20))
    >>> on_a_training_set(THEOREMS["theorem 2a"].pipeline(setting, "parity"), setting, 60).item
    'Theorem 2a on a training set'
    """
    given = pipeline.given
    if isinstance(given, DescentMethod):
        return descent_on_a_set(pipeline, given, setting, size)
    if isinstance(given, QueryMethod):
        return queries_on_a_set(pipeline, given, setting, size)
    return on_training_sets(pipeline, size)


def queries_on_a_set(pipeline: Pipeline, given: QueryMethod, setting: TheoremSetting, size: int) -> Pipeline:
    """Theorem 1d on a training set: Lemma 5d makes of an SQ method one that asks about the set, and Theorem 1d asks the
    set by its batches. Each of the two may lose delta.

    Parameters
    ----------
    pipeline : that of Theorem 1d, without a set. given : its A. size : M.

    Raises
    ------
    PremiseError
        Unless (4^k - 1)/3 exp(-M tau^2/32) <= delta and rho < tau/6.

    >>> from constructions.theorems.registry import THEOREMS
    >>> setting = TheoremSetting(n=1, b=800, m=0, tau=Fraction(1, 2), delta=Fraction(1, 20), alternating=True)
    >>> inner = THEOREMS["theorem 1d"].pipeline(setting, "query-conjunction")
    >>> made = queries_on_a_set(inner, inner.given, setting, 1000)
    >>> made.simulation.delta, made.made.budget.steps, inner.made.budget.steps
    (Fraction(1, 10), 40, 16)
    """
    asked, delta, rho = cast(SQ, given.budget), setting.delta, setting.rho
    enough = enough_in_one_batch(asked.k, tau=asked.tau, delta=delta)
    cost = added_loss(reachable(asked.k), tails.hoeffding(size, may_stray(asked.tau))[1])
    if cost > delta:
        need = f"need (4^k - 1)/3 exp(-M tau^2/32) <= delta = {delta} for a training set"
        raise _too_small(need, f"M = {size}, tau = {asked.tau}, k = {asked.k}", cost, enough)
    if rho is not None and 6 * rho >= asked.tau:
        raise PremiseError(f"need rho < tau/6 on a training set, got rho = {rho}, tau/6 = {asked.tau / 6}")
    about = pipeline_in_cells(replace(setting, m=size, alternating=False), given)
    of_the_set: Any = lemma_5d(m=size, delta=delta).then(about_the_set())
    between = of_the_set(given)
    inner = queries_on_model(replace(setting, tau=between.budget.tau), between)
    whole = hybrid_1d(size=size, b=setting.b, delta=delta, set_delta=delta, rho=rho)
    made: Any = whole(given)
    numbers = (("M", size), ("M that is enough", enough), ("loss, by the bound", rounded_up(cost)))
    stages = (Stage("draw a set", "Section 6", WITH_REPLACEMENT, numbers), *about.stages, *inner.stages)
    return replace(
        pipeline,
        item=f"{pipeline.item} on a training set",
        stages=(*stages[:-1], replace(stages[-1], numbers=(("delta", whole.delta),))),
        simulation=whole,
        made=confined(made),  # type: ignore[arg-type]
        variants=_with_and_without(pipeline, made.budget, whole.delta),
        counted=True,
    )


def descent_on_a_set(pipeline: Pipeline, given: DescentMethod, setting: TheoremSetting, size: int) -> Pipeline:
    """Theorem 1c on a training set, from which the batches of A are drawn: Theorem 1c makes of it queries about the
    set, and Lemma 5c makes of these queries about the source. Each of the two may lose delta.

    Parameters
    ----------
    pipeline : that of Theorem 1c, without a set. given : its A. size : M.

    Raises
    ------
    PremiseError
        Unless Tp exp(-M rho^2/512) <= delta.

    >>> from constructions.theorems.registry import THEOREMS
    >>> setting = TheoremSetting(n=1, b=80_000, m=0, tau=Fraction(1, 32), delta=Fraction(1, 20))
    >>> inner = THEOREMS["theorem 1c"].pipeline(setting, "regression")
    >>> made = descent_on_a_set(inner, inner.given, setting, 400_000)
    >>> str(made.made.budget.tau), str(inner.made.budget.tau), made.made.budget.k == inner.made.budget.k
    ('1/128', '1/64', True)
    """
    budget, delta = cast(BSGD, given.budget), setting.delta
    to_set: Any = theorem_1c(delta=delta).then(about_one_batch(size))
    about = cast(FBSQ, to_set.budget(budget))
    queries, width = about.k * about.p, about.tau / 2
    enough = enough_points(queries, tau=about.tau, delta=delta)
    cost = added_loss(queries, tails.hoeffding(size, width)[1])
    if cost > delta:
        need = f"need Tp exp(-M rho^2/512) <= delta = {delta} for a training set"
        got = f"M = {size}, rho = {budget.rho}, Tp = {queries}"
        raise _too_small(need, got, cost, enough)
    whole = hybrid_3c(size=size, delta=delta, set_delta=delta)
    made = whole(given)
    drawn = Stage("hold a set", "Section 6", WITH_REPLACEMENT, (("M", size), ("b", budget.b)))
    return replace(
        pipeline,
        item=f"{pipeline.item} on a training set",
        stages=(drawn, *pipeline.stages[:-1], *_of_the_source(made.budget, enough, cost, whole.delta)),
        simulation=cast(Any, whole),
        made=made,
        variants=_with_and_without(pipeline, made.budget, whole.delta),
        strays=None,
    )


def _of_the_source(asked: Any, enough: int, cost: Fraction, delta: Fraction) -> tuple[Stage, ...]:
    """The stages from queries about the set to queries about the source, of which ``asked`` is the budget."""
    return (
        Stage(
            "ask D",
            "Lemma 5c",
            "up to here the set was the source: ask D in place of it, to half of the tolerance",
            (("k'", asked.k), ("rho / 16", asked.tau)),
        ),
        Stage(
            "draw the set",
            HOEFFDING,
            "the worst answers and their queries are fixed (S1); then draw the set: some mean over it strays seldom",
            (("M that is enough", enough), ("chance, by the bound", rounded_up(2 * cost))),
        ),
        Stage(
            "return",
            "Definition 1",
            "A's predictor, held within [0, 1]: what the batches and what the set may lose",
            (("lost by the set", rounded_up(cost)), ("delta", delta)),
        ),
    )


def _too_small(need: str, got: str, cost: Fraction, enough: int) -> PremiseError:
    return PremiseError(f"{need}, got {got}: {in_digits(cost, '.6g')}; M must be at least {enough}")


def _with_and_without(pipeline: Pipeline, budget: Any, delta: Fraction) -> tuple[Variant, ...]:
    """The budget on a training set, beside that of the same theorem on fresh samples."""
    fresh = pipeline.made.budget
    return (
        Variant(f"{pipeline.item} on a training set", budget, None, delta),
        Variant(f"{pipeline.item}, fresh samples", fresh, None, pipeline.simulation.delta),
    )


def on_training_sets(pipeline: Pipeline, size: int) -> Pipeline:
    """The pipeline for a training set: its delta is larger by what repeated draws cost, m(m - 1)/(4M).

    The expected rounds are those on one source, and are not known for a set that is drawn anew. So that a repeat costs
    at most 1/2, predictions are held within [0, 1] where A' is run
    (:class:`~constructions.theorems.measure.Experiment`).

    Parameters
    ----------
    pipeline : one whose A learns from samples. size : M.

    Raises
    ------
    ConstructionError
        If A is no method on samples.

    >>> from constructions.theorems.pipeline import TheoremSetting
    >>> from constructions.theorems.registry import THEOREMS
    >>> setting = TheoremSetting(n=2, b=2, m=4, tau=Fraction(1, 8), delta=Fraction(1, 20))
    >>> made = on_training_sets(THEOREMS["theorem 1a"].pipeline(setting, "parity"), 60)
    >>> made.simulation.delta, made.stages[0].numbers[-1]
    (Fraction(1, 10), ('M for a loss of delta', 60))
    """
    given = pipeline.given
    if not isinstance(given, SampleMethod):
        raise ConstructionError(f"need a method on samples for a training set, got one with the budget {given.budget}")
    m, delta = given.budget.m, pipeline.simulation.delta
    lost = lost_by_repeats(m, size)
    again = drawn_again(size=size, delta=lost)
    stage = Stage(
        "draw",
        "Section 6",
        "a training set of M samples, from which all batches are drawn with replacement",
        (
            ("M", size),
            ("repeated draws, at most", min(Fraction(1), 2 * lost)),
            ("loss", lost),
            ("M for a loss of delta", enough_for_samples(m, delta) if delta else size),
        ),
        because=f"m(m - 1)/(4 M) = {m} * {m - 1} / {4 * size}",
    )
    whole = again.then(pipeline.simulation)
    return replace(
        pipeline,
        item=f"{pipeline.item} on a training set",
        stages=(stage, *pipeline.stages),
        simulation=replace(whole, name=pipeline.simulation.name, printed=pipeline.simulation.printed),
        variants=tuple(row if row.delta is None else replace(row, delta=row.delta + lost) for row in pipeline.variants),
        exact=None,
    )
