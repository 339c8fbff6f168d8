"""Lemmas 5a, 5b and 6: the counts for all sizes, and the errors exactly on small problems."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.logic import between, within
from constructions.learning.error import error
from constructions.learning.learners import best_of, memoriser
from constructions.learning.models import FBSQ, PAC, QueryMethod, SampleMethod
from constructions.learning.oracles import highest, run_rounds
from constructions.learning.problems import Source, Table, uniform
from constructions.reductions.bsq import ends
from constructions.reductions.fbsq import SampleReading, lemma_5a, lemma_5b, lemma_6, read_sample, reading_rounds
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
SAMPLE_METHODS = (
    memoriser(1, 2),
    best_of([lambda x: 0, lambda x: 1, lambda x: x[0]], 1, 2),
    SampleMethod(n=1, budget=PAC(m=2), learn=lambda sample, bits: lambda x: sample[0][1]),
    SampleMethod(
        n=1, budget=PAC(m=2, r=1), learn=lambda sample, bits: lambda x: sample[bits[0]][1] ^ sample[0][0][0] ^ x[0]
    ),
)
SOURCES = (
    Table(1, {((0,), 0): F(1, 4), ((1,), 1): F(3, 4)}),
    Table(1, {((0,), 0): F(1, 6), ((0,), 1): F(1, 2), ((1,), 1): F(1, 3)}),
    uniform(1, lambda x: x[0], noise=F(1, 5)),
)
FINE = F(1, 5)
COARSE = F(1, 4)  # m tau = 1/2 for m = 2


def threshold(m: int, tau: Fraction, level: Fraction) -> QueryMethod:
    """Two rounds about one batch: how often is the label 1, then how often with or without the bit; predicts by
    comparing."""

    def after(state: Any, answers: Any) -> Any:
        return (*state, answers[0] > level)

    return QueryMethod(
        n=1,
        budget=FBSQ(k=2, tau=tau, m=m, p=1),
        start=lambda bits: (),
        after=after,
        cells=ends,
        query=lambda state: lambda x, y: (y if not state else y * int(x[0] == state[0]),),  # type: ignore[index]
        predictor=lambda state: lambda x: int(state[1] if x[0] else state[0]),  # type: ignore[index]
    )


QUERY_METHODS = tuple(
    threshold(m, tau, level) for m, tau, level in product((1, 2), (F(0), F(1, 8), F(1, 2)), (F(1, 3), F(1, 2)))
)


def _problems(methods: int) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: ({"method": i, "source": j} for i in range(methods) for j in range(len(SOURCES)))


def _picked(case: Case, methods: Any) -> tuple[Any, Source]:
    return methods[int(case.integer("method"))], SOURCES[int(case.integer("source"))]


Reduction = Callable[[Any], Any]


def _read(
    tau: Fraction, *, alternating: bool = False, orders: bool = True, rounds: int | None = None
) -> Callable[[Case], Reduction]:
    return lambda case: (
        lambda method: read_sample(method, tau=tau, alternating=alternating, orders=orders, rounds=rounds)
    )


@obligation(
    "lemma5a.error",
    paper="Lemma 5a",
    kind="enumeration",
    domain=_problems(len(SAMPLE_METHODS)),
    expect=Verdict.CHECKED,
    erratum="E60",
    finite="four methods with two samples of one bit, three sources, m tau = 2/5",
    of=lambda case: lemma_5a(1, tau=FINE),
    twin=_read(COARSE),
)
@obligation(
    "lemma5a.error.rounds",
    paper="Lemma 5a",
    kind="enumeration",
    domain=_problems(len(SAMPLE_METHODS)),
    expect=Verdict.CHECKED,
    finite="four methods with two samples of one bit, three sources, m tau = 2/5; the twin has one round less",
    of=lambda case: lemma_5a(1, tau=FINE),
    twin=_read(FINE, rounds=reading_rounds(2, 1, alternating=False) - 1),
)
@obligation(
    "lemma5a.order.printed",
    paper="Lemma 5a",
    kind="enumeration",
    domain=_problems(len(SAMPLE_METHODS)),
    expect=Verdict.REFUTED,
    erratum="E60",
    finite="four methods with two samples of one bit, three sources, m tau = 2/5",
    of=_read(FINE, orders=False),
)
@obligation(
    "lemma6.error",
    paper="Lemma 6",
    kind="enumeration",
    domain=_problems(len(SAMPLE_METHODS)),
    expect=Verdict.CHECKED,
    finite="four methods with two samples of one bit, three sources, m tau = 2/5",
    of=lambda case: lemma_6(1, tau=FINE),
    twin=_read(COARSE, alternating=True),
)
@obligation(
    "lemma6.error.rounds",
    paper="Lemma 6",
    kind="enumeration",
    domain=_problems(len(SAMPLE_METHODS)),
    expect=Verdict.CHECKED,
    finite="four methods with two samples of one bit, three sources, m tau = 2/5; the twin has one round less",
    of=lambda case: lemma_6(1, tau=FINE),
    twin=_read(FINE, alternating=True, rounds=reading_rounds(2, 1, alternating=True) - 1),
)
def reading_costs_no_error(reduction: Reduction, case: Case) -> None:
    """For each sample method and source of the finite case, the method that is run on what queries read of the sample
    has at most the error of the method itself, against the worst valid answers."""
    method, source = _picked(case, SAMPLE_METHODS)
    case.show("no more error", error(reduction(method), source) <= error(method, source))


def _upside_down(method: QueryMethod) -> SampleMethod:
    """The simulation of Lemma 5b that sees its first sample over and over (the twin's)."""
    learn = lemma_5b()(method).learn
    return SampleMethod(
        n=method.n,
        budget=PAC(m=method.budget.m),  # type: ignore[union-attr]
        learn=lambda sample, bits: learn(sample[:1] * len(sample), bits),
    )


@obligation(
    "lemma5b.error",
    paper="Lemma 5b",
    kind="enumeration",
    domain=_problems(len(QUERY_METHODS)),
    expect=Verdict.CHECKED,
    finite="twelve adaptive methods of two rounds, three sources; the twin sees one sample twice",
    of=lambda case: lemma_5b(),
    twin=lambda case: _upside_down,
)
def exact_means_cost_no_error(reduction: Reduction, case: Case) -> None:
    """For each query method and source of the finite case, the method that is answered by the exact means of the sample
    has at most the error that it has against the worst valid answers."""
    method, source = _picked(case, QUERY_METHODS)
    case.show("no more error", error(reduction(method), source) <= error(method, source))


@obligation(
    "lemma5a.decodes",
    paper="Lemma 5a, Lemma 6",
    of=lambda case: lambda m, tau: 2 * m * tau < 1,
    twin=lambda case: lambda m, tau: 2 * m * tau <= 1,
)
def answers_decode(premise: Callable[..., Any], case: Case) -> None:
    """For every m >= 1 and tau with m tau < 1/2, an answer within tau of count/m, times m, is nearer to this count than
    to any other integer."""
    m, count, other = (case.integer(name) for name in ("m", "count", "other"))
    tau, answer = case.real("tau"), case.real("answer")
    case.assume(m >= 1, tau >= 0, premise(m, tau))
    scaled, slack = case.real("scaled"), case.real("slack")
    case.assume(scaled == m * answer, slack == m * tau, within(scaled - count, slack))
    case.show("rounds to the count", between(F(-1, 2), scaled - count, F(1, 2)))
    case.show(
        "any other is farther",
        (scaled - count) * (scaled - count) < (scaled - other) * (scaled - other),
        given=other != count,
    )


def _sizes() -> Iterator[dict[str, Any]]:
    return ({"m": m, "n": n} for m in range(5) for n in range(3))


def _most_rounds(m: int, n: int, *, alternating: bool) -> int:
    """The most rounds until a sample is read, over all samples, one a set with multiplicities."""
    method = SampleMethod(n=n, budget=PAC(m=m), learn=lambda sample, bits: lambda x: 0)
    points = [(x, y) for *x, y in product((0, 1), repeat=n + 1)]
    worst = 0
    for indices in product(range(len(points)), repeat=m):
        if list(indices) == sorted(indices):
            worst = max(
                worst, _rounds_for(method, tuple((tuple(points[i][0]), points[i][1]) for i in indices), alternating)
            )
    return worst


def _rounds_for(method: SampleMethod, sample: Any, alternating: bool) -> int:
    """In how many rounds a sample is read, each answer the highest valid one."""
    source = Table(method.n, {((0,) * method.n, 0): F(1)})
    for k in range(2 * len(sample) * (method.n + 1) + 1):
        reader = read_sample(method, tau=FINE / 2, alternating=alternating, rounds=k)
        state = run_rounds(reader, source, highest, (), (sample,) * k)
        if isinstance(state, SampleReading) and not state.open:
            return k
    raise AssertionError("the sample was not read")


@obligation(
    "lemma5a.rounds",
    paper="Lemma 5a",
    kind="enumeration",
    domain=_sizes,
    expect=Verdict.CHECKED,
    finite="m < 5, n < 3, every sample",
    of=lambda case: (False, 0),
    twin=lambda case: (False, 1),
)
@obligation(
    "lemma6.rounds",
    paper="Lemma 6",
    kind="enumeration",
    domain=_sizes,
    expect=Verdict.CHECKED,
    finite="m < 5, n < 3, every sample",
    of=lambda case: (True, 0),
    twin=lambda case: (True, 1),
)
def rounds_are_sharp(subject: tuple[bool, int], case: Case) -> None:
    """For each m and n of the finite case, the sample that takes the most rounds to read takes exactly the declared
    number of rounds, which is at most the printed one."""
    alternating, less = subject
    m, n = int(case.integer("m")), int(case.integer("n"))
    declared = reading_rounds(m, n, alternating=alternating) - less
    case.show("sharp", _most_rounds(m, n, alternating=alternating) == declared)
    case.show("at most the printed budget", declared <= (2 if alternating else 1) * m * (n + 1))
