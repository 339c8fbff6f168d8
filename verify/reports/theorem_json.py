"""What ``querygrad theorem --json`` writes: JSON of a documented form, from which ``--resume`` goes on."""

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any, Literal

import msgspec

from constructions.learning.binomial import Strays
from constructions.theorems.kept_runs import Parameters
from constructions.theorems.measure import RISK, Tally
from constructions.theorems.pipeline import Pipeline, Stage, Variant
from verify.discharge.result_json import Rational, to_json
from verify.reports.theorem import Line

VERSION: Literal[1] = 1
"""The version of the form; it changes when a reader of the old form could misread the new one. Files of 0.2.0 and
earlier have none, and else the same form."""


class RunsSoFar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The runs so far.

    Parameters
    ----------
    runs : how many. form : how their draws are made. sums : of each measured quantity, the sum and that of the squares.
    """

    runs: int
    form: str
    sums: dict[str, tuple[Fraction, Fraction]]


class StageRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stage of the construction.

    Parameters
    ----------
    name : of the stage. rests : the statement on which it rests. does : what it does. because : how one of its numbers
        comes about; null if there is nothing to say. numbers : by name.
    """

    name: str
    rests: str
    does: str
    because: str | None
    numbers: dict[str, Fraction]


class BudgetRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to the same end.

    Parameters
    ----------
    name : of the way. rounds_a_sample : the rounds that a sample is expected to take at most. delta : what is given up
        in error. note : why there is no budget. budget : by the letters of the paper; null if it cannot be had so.
    """

    name: str
    rounds_a_sample: Fraction | None
    delta: Fraction | None
    note: str
    budget: dict[str, int | bool | Rational | None] | None


class MeasuredRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measured quantity.

    Parameters
    ----------
    name : of the quantity. mean : over the runs. low, high : between these it is, but for a chance of ``risk``.
    standard_error : null of one run. bound : what is proved of it; null if nothing is.
    """

    name: str
    mean: Fraction
    low: float
    high: float
    standard_error: float | None
    risk: float
    bound: Fraction | None


class StraysRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How likely it is that some batch mean strays.

    Parameters
    ----------
    queries : how many there are. of_two_values : for how many of them the tails are exact. at_most : the chance that
        some mean strays. by_hoeffding : the same by Hoeffding's bound alone.
    """

    queries: int
    of_two_values: int
    at_most: float
    by_hoeffding: float


class TheoremRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad theorem --json`` writes. Rationals are texts ("1/4").

    Parameters
    ----------
    kind, version : of this form. parameters : of the runs, by the names of the options; null where nothing was given.
    state : the runs so far. item : the theorem. assumes : what is cited and not proved. stages : in their order.
    budgets : those that are proved, and the paper's. exact_rounds_a_sample : null if it is not known.
    measured : empty if nothing was run. strays : null if nothing can stray, or it is not known.
    """

    kind: Literal["querygrad theorem"]
    version: Literal[1]
    parameters: Parameters
    state: RunsSoFar
    item: str
    assumes: tuple[str, ...]
    stages: tuple[StageRow, ...]
    budgets: tuple[BudgetRow, ...]
    exact_rounds_a_sample: Fraction | None
    measured: tuple[MeasuredRow, ...]
    strays: StraysRow | None


def theorem_json(
    parameters: Parameters,
    tally: Tally,
    pipeline: Pipeline,
    lines: Sequence[Line],
    *,
    exact: Fraction | None = None,
    strays: Strays | None = None,
) -> Any:
    """Everything that is printed, and all that is needed to go on, as JSON values.

    Parameters
    ----------
    parameters, tally : the parameters of the runs, and their sums. pipeline : the theorem with its numbers.
    lines : what was measured. exact : the exact rounds of a sample on average. strays : how likely a mean strays.

    >>> from constructions.theorems.task import THEOREMS, TheoremOptions, prepare
    >>> pipeline = prepare("theorem 2b", THEOREMS["theorem 2b"], TheoremOptions(runs=0)).pipeline
    >>> told = theorem_json({"bits": 8}, Tally(), pipeline, [])
    >>> told["item"], told["stages"][0]["does"], told["state"], told["measured"]
    ('Theorem 2b', '8 samples are the batches of all rounds', {'runs': 0, 'form': 'one by one', 'sums': {}}, ())
    """
    return to_json(
        TheoremRun(
            kind="querygrad theorem",
            version=VERSION,
            parameters=parameters,
            state=RunsSoFar(runs=tally.runs, form=tally.form, sums=dict(tally.sums)),
            item=pipeline.item,
            assumes=tuple(pipeline.assumes),
            stages=tuple(map(_stage_row, pipeline.stages)),
            budgets=tuple(map(_budget_row, pipeline.variants)),
            exact_rounds_a_sample=exact,
            measured=tuple(map(_measured_row, lines)),
            strays=None if strays is None else _strays_row(strays),
        )
    )


def _stage_row(stage: Stage) -> StageRow:
    numbers = {name: Fraction(value) for name, value in stage.numbers}
    return StageRow(name=stage.name, rests=stage.rests, does=stage.does, because=stage.because or None, numbers=numbers)


def _budget_row(row: Variant) -> BudgetRow:
    budget = None if row.budget is None else {name: _number(value) for name, value in asdict(row.budget).items()}
    return BudgetRow(name=row.name, rounds_a_sample=row.rounds, delta=row.delta, note=row.note, budget=budget)


def _number(value: Fraction | int | None) -> int | str | None:
    return str(value) if isinstance(value, Fraction) else value


def _measured_row(line: Line) -> MeasuredRow:
    found = line.found
    return MeasuredRow(
        name=line.name,
        mean=found.mean,
        low=found.low,
        high=found.high,
        standard_error=found.error,
        risk=RISK,
        bound=line.bound,
    )


def _strays_row(found: Strays) -> StraysRow:
    return StraysRow(
        queries=found.queries,
        of_two_values=found.exactly,
        at_most=float(found.chance[1]),
        by_hoeffding=float(found.bound),
    )
