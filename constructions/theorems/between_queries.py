"""The pipelines between queries about batches and queries of the source: Theorem 2c and Lemmas 5c, 5d and 7."""

from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any, cast

from constructions.learning import tails
from constructions.learning.binomial import binomial_tail
from constructions.learning.models import BSQ, FBSQ, SQ, QueryMethod, Simulation
from constructions.reductions.cells import (
    BRANCHES,
    enough_in_one_batch,
    grid_step,
    lemma_5d,
    lemma_7,
    may_stray,
    printed_in_one_batch,
    reachable,
)
from constructions.reductions.queries_alone import (
    MOST_LOSS,
    PRINTED_INSIDE,
    added_loss,
    batch_size,
    enough_points,
    lemma_5c,
    printed_one_batch,
    theorem_2c,
)
from constructions.reductions.straying import strays_along
from constructions.theorems.pipeline import Pipeline, Stage, TheoremSetting, Variant
from constructions.theorems.querying import HOEFFDING

DIGITS = 10**6


def rounded_up(value: Fraction) -> Fraction:
    """A small number between it and a millionth of it more, or a millionth: what is shown of a long fraction.

    >>> str(rounded_up(Fraction(1, 3))), str(rounded_up(Fraction(1, 10**9)))
    ('166667/500000', '1/1000000')
    """
    return Fraction(floor(value * DIGITS) + 1, DIGITS) if value else Fraction(0)


def _fair_signs(b: int, eta: Fraction) -> Fraction:
    """The chance that the mean of b fair signs is further than eta from 0; rounded up far behind its first places."""
    return binomial_tail(b, Fraction(1, 2), eta / 2)[1]


def pipeline_alone(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Theorem 2c for a bSQ method, Lemma 5c for an fbSQ one: the source is asked one query at a time.

    >>> from constructions.learning.learners import best_literal
    >>> tau = Fraction(1, 2)
    >>> setting = TheoremSetting(n=8, b=200, m=0, tau=tau, delta=Fraction(1, 20))
    >>> made = pipeline_alone(setting, best_literal(8, b=200, tau=tau))
    >>> made.item, made.made.budget.k, dict(made.stages[2].numbers)["points that are enough"]
    ('Theorem 2c', 18, 189)
    """
    fresh = isinstance(method.budget, BSQ)
    simulation = (theorem_2c if fresh else lemma_5c)(delta=setting.delta)
    made = simulation(method)
    return Pipeline(
        item=simulation.name,
        stages=stages_alone(setting, cast(Any, method.budget), cast(SQ, made.budget)),
        simulation=cast(Any, simulation),
        given=method,
        made=made,
        variants=_two(simulation, method, made),
        assumes=(HOEFFDING,),
        strays=lambda source: strays_along(method, source),
    )


def stages_alone(setting: TheoremSetting, given: BSQ | FBSQ, got: SQ) -> tuple[Stage, ...]:
    """The stages of Theorem 2c and Lemma 5c.

    Parameters
    ----------
    setting : the numbers of the theorem. given, got : the budgets of the given method, and of the one that is made.

    >>> setting = TheoremSetting(n=8, b=200, m=0, tau=Fraction(1, 2), delta=Fraction(1, 20))
    >>> given = BSQ(k=2, tau=Fraction(1, 2), b=200, p=9)
    >>> [stage.name for stage in stages_alone(setting, given, SQ(k=18, tau=Fraction(1, 4)))]
    ['ask alone', 'fix', 'draw', 'return']
    """
    queries, size, width = given.k * given.p, batch_size(given), given.tau / 2
    bound, delta = tails.hoeffding(size, width)[1], setting.delta
    printed = (
        enough_points(queries, tau=given.tau, delta=delta, inside=PRINTED_INSIDE)
        if isinstance(given, BSQ)
        else printed_one_batch(given.k, given.p, tau=given.tau, delta=delta)
    )
    return (
        Stage(
            "ask alone",
            "equation (8)",
            "ask the p queries of a round one after the other, of the source, to half of the tolerance",
            (("p", given.p), ("k'", got.k), ("tau / 2", got.tau)),
        ),
        Stage("fix", "Theorem 2c", "from a random string on, the worst answers and their queries are fixed (S1)"),
        Stage(
            "draw",
            HOEFFDING,
            "then draw the batches: some mean strays by more than tau/2 with a small chance",
            (
                ("points in a batch", size),
                ("points that are enough", enough_points(queries, tau=given.tau, delta=delta)),
                ("points, the paper's proof", printed),
                ("chance, by the bound", rounded_up(tails.for_all(queries, bound))),
                ("chance, fair signs", rounded_up(queries * _fair_signs(size, width))),
            ),
        ),
        Stage(
            "return",
            "Definition 1",
            "A's predictor, held within [0, 1]: half of that chance is lost",
            (
                ("largest loss", MOST_LOSS),
                ("lost, by the bound", rounded_up(added_loss(queries, bound))),
                ("delta", delta),
            ),
        ),
    )


def pipeline_in_cells(setting: TheoremSetting, method: QueryMethod) -> Pipeline:
    """Lemma 5d for an SQ method, or Lemma 7 if the setting is alternating: one batch of the setting's m.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.theorems.querying import as_sq
    >>> tau = Fraction(1, 2)
    >>> setting = TheoremSetting(n=2, b=1, m=1700, tau=tau, delta=Fraction(1, 20))
    >>> made = pipeline_in_cells(setting, as_sq(query_conjunction(2, b=1, tau=tau)))
    >>> made.item, made.made.budget.k, dict(made.stages[1].numbers)["queries in the tree"]
    ('Lemma 5d', 8, 21845)
    """
    simulation = (lemma_7 if setting.alternating else lemma_5d)(m=setting.m, delta=setting.delta)
    made = simulation(method)
    found = Pipeline(
        item=simulation.name,
        stages=_in_cells(setting, cast(SQ, method.budget), cast(FBSQ, made.budget)),
        simulation=cast(Any, simulation),
        given=method,
        made=made,
        variants=_two(simulation, method, made),
        assumes=(HOEFFDING,),
    )
    return replace(found, stages=(*_halves(setting, cast(FBSQ, made.budget)), *found.stages))


def _halves(setting: TheoremSetting, got: FBSQ) -> tuple[Stage, ...]:
    if not setting.alternating:
        return ()
    does = "ask a query on label 1 and then on label 0, about the same batch; hand on the sum, clipped to [-1, 1]"
    return (Stage("split", "Lemma 7", does, (("k'", got.k), ("tau / 4", got.tau))),)


def _in_cells(setting: TheoremSetting, given: SQ, got: FBSQ) -> tuple[Stage, ...]:
    queries, width, delta = reachable(given.k), may_stray(given.tau), setting.delta
    bound = tails.hoeffding(got.m, width)[1]
    enough, printed = (of(given.k, tau=given.tau, delta=delta) for of in (enough_in_one_batch, printed_in_one_batch))
    return (
        Stage(
            "hold",
            "Lemma 5d",
            "hold each answer to the nearest multiple of tau/2",
            (("k'", got.k), ("tau'", got.tau), ("step", grid_step(given.tau))),
        ),
        Stage(
            "branch",
            "Lemma 5d",
            "at most four answers can be handed on: a tree of queries, fixed from a random string on (S2)",
            (("branches", BRANCHES), ("queries in the tree", queries)),
        ),
        Stage(
            "draw",
            HOEFFDING,
            "then draw the sample: some mean strays by more than tau/4 with a small chance",
            (
                ("points in the sample", got.m),
                ("points that are enough", enough),
                ("points, the paper's proof", printed),
                ("chance, by the bound", rounded_up(tails.for_all(queries, bound))),
                ("chance, fair signs", rounded_up(queries * _fair_signs(got.m, width))),
            ),
        ),
        Stage(
            "return",
            "Definition 1",
            "A's predictor, held within [0, 1]: half of that chance is lost",
            (
                ("largest loss", MOST_LOSS),
                ("lost, by the bound", rounded_up(added_loss(queries, bound))),
                ("delta", delta),
            ),
        ),
    )


def _two(
    simulation: Simulation[QueryMethod, QueryMethod], given: QueryMethod, made: QueryMethod
) -> tuple[Variant, Variant]:
    assert simulation.printed is not None
    return (
        Variant(simulation.name, made.budget, None, simulation.delta),
        Variant("the paper", simulation.printed(given.budget), None, simulation.delta),
    )
