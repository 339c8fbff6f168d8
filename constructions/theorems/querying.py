"""The pipelines for methods that ask queries: Theorems 2b and 2d, Lemmas 2 and 5b."""

from dataclasses import replace
from typing import Any, cast

from constructions.learning.models import BSQ, FBSQ, SQ, Method, QueryMethod, Simulation
from constructions.reductions.bsq import lemma_2, repeats, theorem_2b, theorem_2d
from constructions.reductions.fbsq import lemma_5b
from constructions.reductions.queries_alone import asked_alone
from constructions.theorems.pipeline import Pipeline, Repeated, Stage, TheoremSetting, Variant

HOEFFDING = "Hoeffding's inequality"
ASSUMED = (HOEFFDING, "predictions in [-1, 1]", "answers that do not look ahead (E16)")


def pipeline_by_samples(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Theorem 2b for a bSQ method, Lemma 5b for an fbSQ one: exact means are valid answers.

    >>> from fractions import Fraction
    >>> from constructions.learning.learners import best_literal
    >>> setting = TheoremSetting(n=8, b=4, m=0, tau=Fraction(1, 16), delta=Fraction(1, 20))
    >>> made = pipeline_by_samples(setting, best_literal(8, b=4, tau=setting.tau))
    >>> made.item, made.made.budget.m
    ('Theorem 2b', 8)
    """
    fresh = isinstance(method.budget, BSQ)
    simulation = theorem_2b() if fresh else lemma_5b()
    made = simulation(method)
    cut = (
        f"{made.budget.m} samples are the batches of all rounds" if fresh else "the sample is the batch of every round"
    )
    stages = (
        Stage("draw", simulation.name, cut, (("m'", made.budget.m),)),
        Stage(
            "answer",
            "equation (8)",
            "the exact means over a batch are valid for any tau >= 0",
            (("tau", method.budget.tau),),
        ),
        Stage("return", "Definition 1", "A's predictor", (("delta", simulation.delta),)),
    )
    return _pipeline(simulation, method, made, stages)


def pipeline_by_batches(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Theorem 2d for an SQ method, or Lemma 2 if the setting is alternating.

    >>> from fractions import Fraction
    >>> from constructions.learning.learners import query_conjunction
    >>> setting = TheoremSetting(n=4, b=64, m=0, tau=Fraction(1, 8), delta=Fraction(1, 20))
    >>> made = pipeline_by_batches(setting, as_sq(query_conjunction(4, b=64, tau=Fraction(1, 8))))
    >>> made.made.budget.k
    928
    """
    simulation = (lemma_2 if setting.alternating else theorem_2d)(b=setting.b, delta=setting.delta)
    made = simulation(method)
    given, got = cast(SQ, method.budget), cast(BSQ, made.budget)
    stages = (_by_label if setting.alternating else _averaged)(setting, given, got)
    found = _pipeline(simulation, method, made, stages, assumes=ASSUMED)
    asked = (2 if setting.alternating else 1) * given.k
    return replace(found, repeated=Repeated(got.k // asked if asked else 0, setting.alternating))


def _averaged(setting: TheoremSetting, given: SQ, got: BSQ) -> tuple[Stage, ...]:
    q = repeats(given.k, delta=setting.delta, b=setting.b, tau=given.tau)
    return (
        Stage("repeat", HOEFFDING, "ask each query in q rounds", (("q", q), ("k'", got.k))),
        Stage(
            "average",
            "Theorem 2d",
            "go on with the mean answer: half of tau for the samples, half for the answers",
            (("tau / 2", got.tau), ("samples a query", setting.b * q)),
        ),
        Stage("return", "union bound", "A's predictor", (("delta", setting.delta),)),
    )


def _by_label(setting: TheoremSetting, given: SQ, got: BSQ) -> tuple[Stage, ...]:
    q = repeats(2 * given.k, delta=setting.delta, b=setting.b, tau=given.tau / 2)
    return (
        Stage(
            "split",
            "Lemma 2",
            "a query is a 1-query and a 0-query, each to half of the tolerance",
            (("tau / 2", given.tau / 2),),
        ),
        Stage("repeat", HOEFFDING, "ask each half in q rounds, 1-queries in odd ones", (("q", q), ("k'", got.k))),
        Stage(
            "average",
            "Theorem 2d",
            "the mean answers to each half",
            (("tau / 4", got.tau), ("samples a half", setting.b * q)),
        ),
        Stage("join", "clipping (E27)", "the sum of both, clipped to [-1, 1]"),
        Stage("return", "union bound", "A's predictor", (("delta", setting.delta),)),
    )


def _pipeline(
    simulation: Simulation[Any, Any],
    method: QueryMethod,
    made: Method,
    stages: tuple[Stage, ...],
    assumes: tuple[str, ...] = (),
) -> Pipeline:
    printed = simulation.printed(method.budget) if simulation.printed else None
    rows = (
        Variant(simulation.name, made.budget, None, simulation.delta),
        Variant("the paper", printed, None, simulation.delta),
    )
    return Pipeline(
        item=simulation.name,
        stages=stages,
        simulation=simulation,
        given=method,
        made=made,
        variants=rows,
        assumes=assumes,
    )


def as_sq(method: QueryMethod) -> QueryMethod:
    """A bSQ method as an SQ method; the queries of a round are asked one after the other.

    >>> from fractions import Fraction
    >>> from constructions.learning.learners import best_literal
    >>> as_sq(best_literal(2, b=4, tau=Fraction(1, 16))).budget
    SQ(k=6, tau=Fraction(1, 16), r=0, alternating=False, p=1)
    """
    budget = method.budget
    alone = method if budget.p == 1 else asked_alone(method)
    return _with_budget(alone, SQ(k=budget.k * budget.p, tau=budget.tau, r=budget.r))


def as_fbsq(method: QueryMethod, m: int) -> QueryMethod:
    """A bSQ method as one that asks about one batch of m.

    >>> from constructions.learning.learners import best_literal
    >>> as_fbsq(best_literal(2, b=4, tau="1/16"), 40).budget
    FBSQ(k=2, tau=Fraction(1, 16), m=40, p=3, r=0, alternating=True)
    """
    budget = method.budget
    return _with_budget(
        method, FBSQ(k=budget.k, tau=budget.tau, m=m, p=budget.p, r=budget.r, alternating=budget.alternating)
    )


def _with_budget(method: QueryMethod, budget: SQ | FBSQ) -> QueryMethod:
    return replace(method, budget=budget)
