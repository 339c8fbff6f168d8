"""Whole runs of M and M*, exhaustively: all batches, all valid roundings, all steps; and exact errors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.rounding import Grid
from constructions.learning.descent_methods import descent_error
from constructions.learning.error import error
from constructions.learning.learners import memoriser
from constructions.learning.models import PAC, QueryMethod, SampleMethod
from constructions.learning.problems import Point, Table, uniform
from constructions.strip.family import balance_of
from constructions.strip.one_batch_models import OneBatchModel, OneBatchWeights
from constructions.strip.reading import batches_read, whole_batch
from constructions.strip.simulations import b0, tolerance_of, training
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
RHO = F(13, 20)
SIZES = {1: (1, 1, 2), 2: (1, 2, 1), 3: (2, 1, 2), 4: (2, 2, 1), 5: (2, 1, 1)}
"""n, b and T by number; with the precision 13/20 the mean 1 has the valid roundings 13/20 and 13/10."""


def guess(n: int, m: int) -> SampleMethod:
    """A method that is never run."""
    return SampleMethod(n=n, budget=PAC(m=m), learn=lambda sample, bits: lambda x: 0)


def model_of(n: int, b: int, steps: int, *, realizable: bool) -> OneBatchModel:
    """The model for so many batches."""
    tau = tolerance_of(RHO)
    method: QueryMethod = batches_read(n, b=b, tau=tau, realizable=realizable, symmetric=True)(guess(n, steps * b))
    return OneBatchModel(method=method, whole=whole_batch(n, b, b * tau, realizable=realizable), rho=RHO)


def batches_of(n: int, b: int, *, realizable: bool) -> Iterator[tuple[Point, ...]]:
    """All batches, sorted; those whose labels are a function of the point, if they are to be ``realizable``."""
    points = list(product(product((0, 1), repeat=n), (0, 1)))
    for batch in product(points, repeat=b):
        some_both = realizable and sum(map(abs, balance_of(batch).values())) < b
        if list(batch) == sorted(batch) and not some_both:
            yield batch


def ends(weights: OneBatchWeights, batches: list[tuple[Point, ...]]) -> Iterator[OneBatchWeights]:
    """All models to which valid roundings lead: those of the mean of the clipped gradients over each batch."""
    if not batches:
        yield weights
        return
    descent, grid = training(RHO), Grid(rho=RHO)
    gradient = descent.batch_gradient(weights, batches[0])  # type: ignore[arg-type]
    valid = [grid.valid(value) for value in gradient.values()]
    for picked in product(*valid):
        estimate = dict(zip(gradient, picked, strict=True))
        yield from ends(descent.moved(weights, estimate), batches[1:])  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class KindOfRuns:
    """How runs are made: for realizable batches or all, with which batches."""

    realizable: bool
    batches_realizable: bool


def _sizes(numbers: tuple[int, ...]) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: iter([{"size": i} for i in numbers])


def every_run_reads_its_batches(runs: KindOfRuns, case: Case) -> None:
    """For all batches of all steps and all valid roundings of all entries of the gradient, in exact arithmetic over all
    parameters of the model: after the last step all gates are open, and the batches that are read off the weights are
    those that were trained on."""
    n, b, steps = SIZES[int(case.integer("size"))]
    model = model_of(n, b, steps, realizable=runs.realizable)
    many, wrong = 0, 0
    for chosen in product(batches_of(n, b, realizable=runs.batches_realizable), repeat=steps):
        for end in ends(model.start(()), list(chosen)):
            many, wrong = many + 1, wrong + (read_off(end) != [words_of(batch) for batch in chosen])
    case.show("there are runs", many > 0)
    case.show("each reads its batches", wrong == 0)


def read_off(end: OneBatchWeights) -> list[Any]:
    """The batches that are read off the weights; none if a gate is shut, or the answers are of no batch."""
    model = end.model
    if end.turn_now() <= model.steps:
        return []
    try:
        return [model.whole.words(end.answers(t)) for t in range(1, model.steps + 1)]
    except PremiseError:
        return []


def words_of(batch: tuple[Point, ...]) -> tuple[Any, ...]:
    """The words (y, x) of a batch, sorted."""
    return tuple(sorted((y, *x) for x, y in batch))


FINITE = "n and b at most 2, at most two steps, rho = 13/20"
obligation(
    "strip.run.realizable",
    paper="the strip",
    kind="enumeration",
    domain=_sizes((1, 2, 3, 4)),
    finite=f"M: {FINITE}, all batches whose labels are a function of x",
    expect=Verdict.CHECKED,
    of=lambda case: KindOfRuns(True, True),
    twin=lambda case: KindOfRuns(True, False),
)(every_run_reads_its_batches)
obligation(
    "strip.run.any",
    paper="the strip",
    kind="enumeration",
    domain=_sizes((1, 2, 5)),
    finite=f"M*: {FINITE}, all batches (two steps with n = b = 1 only, and not n = b = 2)",
    expect=Verdict.CHECKED,
    of=lambda case: KindOfRuns(False, False),
    twin=lambda case: KindOfRuns(True, False),
)(every_run_reads_its_batches)

SOURCES = (
    Table(1, {((0,), 0): F(1, 4), ((0,), 1): F(1, 4), ((1,), 1): F(1, 2)}),
    uniform(1, lambda x: x[0], noise=F(1, 8)),
)
METHODS = (
    SampleMethod(n=1, budget=PAC(m=2), learn=lambda sample, bits: lambda x: sample[0][1]),
    memoriser(1, 1),
    SampleMethod(n=1, budget=PAC(m=2, r=1), learn=lambda sample, bits: lambda x: sample[bits[0]][1] ^ x[0]),
)


def _problems() -> Iterator[dict[str, Any]]:
    return iter({"method": i, "source": j} for i, j in product(range(len(METHODS)), range(len(SOURCES))))


def lossy(method: SampleMethod) -> Any:
    """A model that takes the points of a batch in their sorted order (the twin's)."""
    return b0(1, b=2, rho=RHO, symmetric=True)(method)


@obligation(
    "strip.b0.error",
    paper="the strip",
    kind="enumeration",
    domain=_problems,
    finite="n = 1, b = 2, b rho = 13/10, three methods of one or two samples, two sources with noise",
    expect=Verdict.CHECKED,
    of=lambda case: b0(1, b=2, rho=RHO),
    twin=lambda case: lossy,
)
def no_error_is_lost(simulation: Callable[[SampleMethod], Any], case: Case) -> None:
    """The exact error of bSGD on M*, against the worst valid roundings, is at most that of the method, also for methods
    that look at the order of their sample and for batches with more points than are needed: the predictions are
    averaged over the orders, and over what is left out. (The twin takes the sorted order.)"""
    method, source = METHODS[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    made = simulation(method)
    case.show("one step", made.budget.steps == 1)
    case.show("no more error", descent_error(replace(made), source) <= error(method, source))
