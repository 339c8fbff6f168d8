"""Pipelines whose A' draws its batches from a training set of M samples, with replacement: the hybrid of Section 6."""

from dataclasses import replace
from fractions import Fraction

from constructions.errors import ConstructionError
from constructions.learning.models import SampleMethod
from constructions.models.training_sets import drawn_again, enough_for_samples, lost_by_repeats
from constructions.theorems.pipeline import Pipeline, Stage


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
