"""Theorem 2b: queries about batches are answered by the exact means of samples.

Proved here: the error does not grow (``theorem2b.simulates``, for every method and source), and k rounds use kb samples
(``theorem2b.samples``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies
from constructions.foundations.terms import INTEGER, REAL
from constructions.foundations.vectors import VectorSum, entrywise
from constructions.learning.error import error, exact_cells
from constructions.learning.models import BSQ, QueryMethod, SampleMethod
from constructions.learning.oracles import after_rounds, answered, means_over, within_range
from constructions.learning.problems import Bits, Point, Predictor, Table, uniform
from constructions.reductions.bsq import batch_of, theorem_2b
from verify.claims.foundations.descent.steps import any_place, sample, vector
from verify.claims.learning.oracles.valid_answers import ASKED, ONE_QUERY, AnsweredRuns, AnyQueryMethod
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


Reduction = Callable[[Any], Any]


SOURCES = (
    Table(1, {((0,), 0): F(1, 16), ((1,), 1): F(15, 16)}),
    Table(1, {((0,), 0): F(6, 25), ((1,), 1): F(19, 25)}),
    uniform(1, lambda x: x[0], noise=F(1, 5)),
)


def bit_and_label(b: int, tau: Fraction) -> QueryMethod:
    """Two parallel binary queries about a batch, decoded or not by comparing them; the second round asks about the
    side that won."""

    def after(state: Any, answers: Any) -> Any:
        return (*state, answers[0] >= answers[1])

    return QueryMethod(
        n=1,
        budget=BSQ(k=2, tau=tau, b=b, p=2),
        start=lambda bits: (),
        after=after,
        cells=lambda state, means, tau: list(
            product(*([within_range(mean + i * tau) for i in (-1, 0, 1)] for mean in means))
        ),
        query=lambda state: lambda x, y: (int(y == (state[-1] if state else 1)), int(x[0] == y)),  # type: ignore[index]
        predictor=lambda state: lambda x: int(x[0] if state[1] else state[0]),  # type: ignore[index]
    )


BATCHED = tuple(bit_and_label(b, tau) for b, tau in product((1, 2), (F(0), F(1, 8), F(1, 2))))


MAJORITY = QueryMethod(
    n=1,
    budget=BSQ(k=1, tau=F(1, 8), b=3, p=1),
    start=lambda bits: False,
    query=lambda state: lambda x, y: (y,),
    cells=exact_cells,
    after=lambda state, answers: answers[0] > F(1, 2),
    predictor=lambda state: lambda x: int(bool(state)),
)


def methods_on_sources(methods: int, sources: int = len(SOURCES)) -> Callable[[], Iterator[dict[str, Any]]]:
    """Every method with every source, by number."""
    return lambda: ({"method": i, "source": j} for i in range(methods) for j in range(sources))


def costs_at_most(reduction: Reduction, methods: Any, delta: Fraction, case: Case) -> None:
    """State that the reduced method has at most ``delta`` more error on a source than the method itself."""
    method, source = methods[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    case.show("error at most delta more", error(reduction(method), source) <= error(method, source) + delta)


def _flipped(method: QueryMethod) -> SampleMethod:
    """The simulation of Theorem 2b that predicts the opposite (the twin's)."""
    made = theorem_2b()(method)

    def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
        h = made.learn(sample, bits)
        return lambda x: 1 - h(x)

    return replace(made, learn=learn)


@obligation(
    "theorem2b.error",
    paper="Theorem 2b",
    kind="enumeration",
    domain=methods_on_sources(len(BATCHED) + 1),
    expect=Verdict.CHECKED,
    finite="six adaptive methods of two rounds and a majority of three, three sources; the twin predicts the opposite",
    of=lambda case: theorem_2b(),
    twin=lambda case: _flipped,
)
def exact_means_cost_no_error(reduction: Reduction, case: Case) -> None:
    """For each method and source of the finite case, the method that is answered by the exact means of k batches of
    samples has at most the error that it has against the worst valid answers."""
    costs_at_most(reduction, (*BATCHED, MAJORITY), F(0), case)


@dataclass(frozen=True, slots=True)
class AnySample:
    """A sample of any size, of which only the numbers of points are known: the first, and the first after the last."""

    first: Number
    end: Number

    def __getitem__(self, part: slice) -> "AnySample":
        return AnySample(self.first + part.start, self.first + part.stop)


def _by_means(rounds: Callable[..., Any]) -> Callable[[Case], Any]:
    """Theorem 2b, with the code that answers a method in each round."""
    return lambda case: (theorem_2b(), rounds)


def misanswered(method: Any, state: Any, batches: Any, *, first: Any, average: Any) -> Any:
    """Rounds in which the answers are all 2 too large (the twin's)."""
    return after_rounds(
        method, state, batches, first=first, average=lambda *of: entrywise(lambda mean: mean + 2, average(*of))
    )


@obligation(
    "theorem2b.simulates",
    paper="Theorem 2b",
    kind="induction",
    of=_by_means(after_rounds),
    twin=_by_means(misanswered),
)
def pac_does_what_bsq_does(subject: tuple[Any, Any], case: Case) -> None:
    """For all b, tau >= 0, k, p, r, every bSQ method (a function of its random bits and answers) and every source: PAC
    with kb samples and r random bits has at most the error of the method, by answering each query with the mean over
    the next b samples. For every sample and random string the run is one with valid answers, so its loss is at most the
    largest that valid answers can lead to; and errors are means of these."""
    simulation, rounds = subject
    batch_at = case.function("batch", 2)
    cut = case.use("theorem2b.samples", k=case.integer("k"))
    case.show("k fresh batches of b samples, kb in all", every(*map(cut.__getitem__, cut.facts)), given=cut.premises)
    no_more_error(simulation, rounds, lambda point: lambda t: batch_at(point, t), case)
    made_run(simulation, BSQ(k=2, tau=F(0), b=2, p=1), lambda points: [points[:2], points[2:]], case)


def no_more_error(simulation: Any, rounds: Callable[..., Any], batch: Callable[..., Any], case: Case) -> None:
    """State that a method which is answered by exact means has at most the error of one that gets any valid answers;
    ``batch`` gives the batch of a round, from a point of the space of all samples and random strings, and the round."""
    space, given, made, k = case.real("space"), case.real("loss of A"), case.real("loss of A'"), case.integer("k")
    case.assume(case.real("tau") >= 0, k >= 0)
    point = case.word("worst point")(space, made, F(1), given, F(0), F(0))
    runs = AnsweredRuns(case, batch(point), rounds)
    first = AnyQueryMethod(case, case.real("answers")).start(case.function("bits", 1)(point))
    valid = runs.against_valid_answers(first)
    valid.begin(answers=case.real("answers"))
    end = case.reached(runs.against_exact_means(first, valid))
    loss = case.function("loss", 1)(AnyQueryMethod(case, F(0)).predictor(end["state"]))
    at, mean = case.word("value at"), case.word("mean")
    case.show("it is a run with valid answers", valid.reached({"t": end["t"], "state": end["state"]}))
    case.assume(end["t"] == k, label="all k rounds are over")
    case.assume(at(made, point) == loss, label="the loss of A' at a point is that of its run")
    worst = implies(valid.reached({"t": k, "state": end["state"]}), loss <= at(given, point))
    case.assume(worst, label="the loss of A at a point is at least that of every run with valid answers")
    case.principle("domination", s=space, X=made, c=F(0), a=F(1), Y=given, d=F(0), A=F(0))
    case.show("no more error", simulation.allows(mean(space, given), mean(space, made)))
    case.show("rounds are counted from 0", case.reached(valid)["t"] >= 0)


def any_method(case: Case, budget: Any = ONE_QUERY) -> Any:
    """Any method that asks queries."""
    return AnyQueryMethod(case, case.real("answers"), budget)


def any_batch(state: Number, i: Number, case: Case) -> None:
    """That the answer to a query over a batch of any size is its mean (equation 8)."""
    last, method = sample(case), any_method(case)
    b, totals, total = case.integer("points"), case.real("totals"), case.real("total")
    asked = method.ask(state, 1)
    moment = zip(("b", "totals", "sum"), (b, totals, total), strict=True)
    batch = case.use(
        "equation8.means",
        i=i,
        p=case.integer("p"),
        x=last[0][0],
        y=last[1],
        asking=state,
        asked=case.function("asked", 4, takes=ASKED),
        entry=case.function("entry", 2, takes=(REAL, INTEGER)),
        **{f"over the batch reached: {name}": value for name, value in moment},
    )
    before = VectorSum(count=b, totals=vector(case, totals))
    after_rounds(method, state, [[last]], average=lambda *of: means_over(*of, after=before))
    average = (total + asked(*last).at(i)) / (b + 1)
    said = every(batch.premises, b >= 0)
    case.show("over a batch of any size it is the mean", method.handed[0].at(i) == average, given=said)


def made_run(simulation: Any, budget: Any, batches: Any, case: Case) -> None:
    """That the method that is made of a given one takes these rounds, seen on two rounds of two points: it starts from
    the random bits, takes the rounds of ``after_rounds`` one after the other, each answered by the mean over its batch,
    and returns the predictor of the last state."""
    points = tuple(sample(case, f" {i}") for i in range(4))[: simulation.budget(budget).m]
    cut, bits, method = batches(points), case.real("random bits"), any_method(case, budget)
    found = simulation.reduce(method).learn(points, bits)
    begun = method.start(bits)
    middle = after_rounds(method, begun, cut[:1])
    last = after_rounds(method, middle, cut[1:], first=2)
    case.show("the made method returns this run's predictor", found == method.predictor(last))
    case.show("two rounds are one after the other", last == after_rounds(method, begun, cut))
    case.show("the rounds of one call are those of another", found == answered(method, cut, bits))
    i = any_place(case)
    any_batch(begun, i, case)
    for number, (state, batch) in enumerate(zip((begun, middle), cut, strict=True)):
        asked = method.ask(state, number + 1)
        average = sum((asked(*one).at(i) for one in batch), F(0)) / len(batch)
        case.show(f"round {number + 1} is answered by the mean", method.handed[number].at(i) == average)


@obligation(
    "theorem2b.samples",
    paper="Theorem 2b",
    of=lambda case: (theorem_2b().budget, batch_of),
    twin=lambda case: (theorem_2b().budget, lambda sample, t, b: batch_of(sample, t + 1, b)),
)
def batches_are_fresh(subject: tuple[Any, Any], case: Case) -> None:
    """For all k and b, batch number t is made of b samples, the first of which comes after the last of batch number t -
    1; the first batch begins with the first sample, the last one ends with the last of the kb in the budget. So the
    batches of k rounds are disjoint parts of the sample. The budget has the random bits of the given method."""
    budget, cut = subject
    k, b, t, r = (case.integer(name) for name in ("k", "b", "t", "r"))
    case.assume(k >= 1, b >= 1, t >= 0, t < k)
    got = budget(BSQ(k=k, tau=F(1, 8), b=b, p=1, r=r))
    sample = AnySample(F(0), got.m)
    one, after = cut(sample, t, b), cut(sample, t + 1, b)
    case.show("b samples", one.end - one.first == b)
    case.show("one after the other", after.first == one.end)
    case.show("from the first sample", cut(sample, 0, b).first == 0)
    case.show("to the last", cut(sample, k - 1, b).end == sample.end)
    case.show("random bits", got.r == r)
