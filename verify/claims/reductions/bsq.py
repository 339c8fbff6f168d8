"""Theorems 2b and 2d, Lemma 2 and footnote 10: tolerances and counts for all sizes, errors exactly on small
problems."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.logic import between, every, implies, select, within
from constructions.learning.error import error, exact_cells
from constructions.learning.models import BSQ, PAC, SQ, QueryMethod, SampleMethod, stopped
from constructions.learning.oracles import within_range
from constructions.learning.problems import Bits, Point, Predictor, Source, Table, uniform
from constructions.learning.tails import hoeffding
from constructions.reductions.bsq import (
    HOEFFDING,
    averaged,
    averaged_by_label,
    ends,
    joined,
    lemma_2,
    packed,
    packed_top,
    packing,
    repeats,
    split,
    theorem_2b,
    theorem_2d,
)
from constructions.reductions.sample_extract import theorem_2a
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
ZERO = F(0)
DELTA = F(1, 8)
Reduction = Callable[[Any], Any]
SOURCES = (
    Table(1, {((0,), 0): F(1, 16), ((1,), 1): F(15, 16)}),
    Table(1, {((0,), 0): F(6, 25), ((1,), 1): F(19, 25)}),
    uniform(1, lambda x: x[0], noise=F(1, 5)),
)


def sign_of_label(k: int, tau: Fraction, low: Fraction, level: Fraction = ZERO) -> QueryMethod:
    """k queries 2y - 1, the later ones only where x is not 0 if the first said so; predicts 1 or ``low``, as
    all answers are above ``level`` or not."""

    def after(state: Any, answers: Any) -> Any:
        return (*state, answers[0] > level)

    return QueryMethod(
        n=1,
        budget=SQ(k=k, tau=tau),
        start=lambda bits: (),
        cells=ends,
        after=after,
        query=lambda state: lambda x, y: ((2 * y - 1) if not state or state[-1] or x[0] else y - 1,),  # type: ignore[index]
        predictor=lambda state: lambda x: F(1) if all(state) else low,  # type: ignore[arg-type]
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


COARSE = (sign_of_label(1, F(1), F(-1), F(-1, 4)), sign_of_label(1, F(1), F(1, 2), F(-1, 8)))
SIGNS = (sign_of_label(1, F(3, 4), F(-1)), sign_of_label(1, F(3, 4), F(0)))
ADAPTIVE = (*SIGNS, sign_of_label(2, F(3, 4), F(-1)), sign_of_label(2, F(1, 2), F(1, 2)))
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


def _problems(methods: int, sources: int = len(SOURCES)) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: ({"method": i, "source": j} for i in range(methods) for j in range(sources))


def _costs_at_most(reduction: Reduction, methods: Any, delta: Fraction, case: Case) -> None:
    method, source = methods[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    case.show("error at most delta more", error(reduction(method), source) <= error(method, source) + delta)


def _flipped(method: QueryMethod) -> SampleMethod:
    made = theorem_2b()(method)

    def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
        h = made.learn(sample, bits)
        return lambda x: 1 - h(x)

    return replace(made, learn=learn)


@obligation(
    "theorem2b.error",
    paper="Theorem 2b",
    kind="enumeration",
    domain=_problems(len(BATCHED) + 1),
    expect=Verdict.CHECKED,
    finite="six adaptive methods of two rounds and a majority of three, three sources; the twin predicts the opposite",
    of=lambda case: theorem_2b(),
    twin=lambda case: _flipped,
)
def exact_means_cost_no_error(reduction: Reduction, case: Case) -> None:
    """A method that is answered by the exact means of k batches of samples has at most its error against the worst
    valid answers."""
    _costs_at_most(reduction, (*BATCHED, MAJORITY), F(0), case)


def _one_batch(budget: BSQ) -> PAC:
    """The samples of one round alone (the twin's)."""
    return PAC(m=budget.b, r=budget.r)


@obligation(
    "theorem2b.count",
    paper="Theorem 2b",
    kind="induction",
    of=lambda case: theorem_2b().budget,
    twin=lambda case: _one_batch,
)
def batches_use_kb_samples(budget: Callable[[BSQ], Any], case: Case) -> None:
    """Rounds of b samples each have used tb after t rounds, so after k as many as the simulation's budget has; its
    random bits are A's."""
    b, k = case.integer("b"), case.integer("k")
    state = {"t": case.integer("t"), "used": case.real("used")}
    case.induction(
        "over the rounds",
        state=state,
        start={"t": F(0), "used": F(0)},
        holds=lambda s: s["used"] == s["t"] * b,
        advance=lambda s: {"t": s["t"] + 1, "used": s["used"] + b},
        inputs={},
    )
    r = case.integer("r")
    got = budget(BSQ(k=k, tau=F(1, 8), b=b, p=1, r=r))
    case.show("random bits", got.r == r)
    case.show("after k rounds", state["used"] == got.m, given=every(state["t"] == k, state["used"] == state["t"] * b))


@obligation(
    "theorem2d.tolerance",
    paper="Theorem 2d, Lemma 2",
    kind="induction",
    of=lambda case: F(1),
    twin=lambda case: F(1, 2),
)
def averaging_keeps_the_tolerance(share: Fraction, case: Case) -> None:
    """The mean of q valid answers is within tau of the mean of the q batch means, for every q >= 1: by induction, the
    sums of answers and of batch means are within q tau."""
    tau, answer, mean = case.real("tau"), case.real("answer"), case.real("mean")
    case.assume(tau > 0, within(answer - mean, tau))
    state = {"q": case.integer("q")} | {name: case.real(name) for name in ("answers", "means")}
    case.induction(
        "over the batches",
        state=state,
        start={name: F(0) for name in state},
        inputs={"answer": answer, "mean": mean},
        advance=lambda s: {"q": s["q"] + 1, "answers": s["answers"] + s["answer"], "means": s["means"] + s["mean"]},
        holds=lambda s: every(s["q"] >= 0, within(s["answers"] - s["means"], share * s["q"] * tau)),
    )
    v, w = case.real("v"), case.real("w")
    q = state["q"]
    named = every(
        within(state["answers"] - state["means"], q * tau), q >= 1, v * q == state["answers"], w * q == state["means"]
    )
    case.show("the means", within((v - w) * q, q * tau), given=named)


@obligation("theorem2d.sampling", paper="Theorem 2d", of=lambda case: F(1, 2), twin=lambda case: F(3, 4))
def tolerance_is_shared(share: Fraction, case: Case) -> None:
    """An answer within tau/2 of a batch mean that is within tau/2 of the truth is valid for SQ."""
    tau, answer, mean, truth = (case.real(name) for name in ("tau", "answer", "mean", "truth"))
    case.assume(tau > 0, within(answer - mean, share * tau), within(mean - truth, tau / 2))
    case.show("valid", within(answer - truth, tau))


@obligation(
    "theorem2d.error",
    paper="Theorem 2d",
    kind="enumeration",
    domain=_problems(len(ADAPTIVE), 2),
    expect=Verdict.CHECKED,
    finite="four methods of one or two rounds, two sources, b = 16, delta = 1/8, nested error; the twin asks once, b = 1",
    of=lambda case: theorem_2d(b=16, delta=DELTA),
    twin=lambda case: lambda method: averaged(method, b=1, q=1),
)
def averages_cost_delta(reduction: Reduction, case: Case) -> None:
    """An SQ method that is answered by averages over enough batches has at most delta more error, against answers that
    know the batches so far."""
    _costs_at_most(reduction, ADAPTIVE, DELTA, case)


@obligation(
    "lemma2.error",
    paper="Lemma 2",
    kind="enumeration",
    domain=_problems(len(COARSE), 2),
    expect=Verdict.CHECKED,
    finite="two methods of one round, two sources, tau = 1, b = 48, delta = 1/8, nested error; the twin asks once, b = 1",
    of=lambda case: lemma_2(b=48, delta=DELTA),
    twin=lambda case: lambda method: averaged_by_label(method, b=1, q=1),
)
def averages_by_label_cost_delta(reduction: Reduction, case: Case) -> None:
    """An SQ method that is answered by averages of one-label queries has at most delta more error."""
    _costs_at_most(reduction, COARSE, DELTA, case)


@obligation(
    "lemma2.split.error",
    paper="Lemma 2",
    kind="enumeration",
    domain=_problems(len(ADAPTIVE)),
    expect=Verdict.CHECKED,
    erratum="E27",
    finite="four methods of one or two rounds, three sources; the twin's halves keep the tolerance of the whole",
    of=lambda case: split(),
    twin=lambda case: _wide_halves,
)
def halves_cost_no_error(reduction: Reduction, case: Case) -> None:
    """An SQ method whose queries are asked on one label at a time, each to half the tolerance, has at most its
    error."""
    _costs_at_most(reduction, ADAPTIVE, F(0), case)


def _wide_halves(method: QueryMethod) -> QueryMethod:
    return replace(split()(method), budget=SQ(k=2 * method.budget.k, tau=method.budget.tau, alternating=True))


@obligation("lemma2.split", paper="Lemma 2", of=lambda case: F(1, 2), twin=lambda case: F(3, 4), erratum="E27")
def clipped_sum_is_valid(share: Fraction, case: Case) -> None:
    """If the answers to both halves are within tau/2, their sum, clipped to [-1, 1], is within tau of the mean,
    which is in [-1, 1]."""
    v1, v0, m1, m0, tau = (case.real(name) for name in ("v1", "v0", "m1", "m0", "tau"))
    case.assume(tau > 0, within(m1 + m0, 1), within(v1 - m1, share * tau), within(v0 - m0, share * tau))
    total = v1 + v0
    clipped = select(total > 1, F(1), select(total < -1, F(-1), total))
    case.show("the sum is near", within(total - m1 - m0, tau))
    case.show("clipping keeps it so", within(clipped - m1 - m0, tau))


def _tenths() -> Iterator[dict[str, Any]]:
    return ({"mean1": F(i, 10), "mean0": F(j, 10)} for i in range(11) for j in range(11 - i))


@obligation(
    "lemma2.range.printed",
    paper="Lemma 2",
    kind="enumeration",
    domain=_tenths,
    expect=Verdict.REFUTED,
    erratum="E27",
    finite="means in tenths, tau = 1/5",
    of=lambda case: False,
)
@obligation(
    "lemma2.range.repaired",
    paper="Lemma 2",
    kind="enumeration",
    domain=_tenths,
    expect=Verdict.CHECKED,
    erratum="E27",
    finite="means in tenths, tau = 1/5",
    of=lambda case: True,
    twin=lambda case: False,
)
def sum_is_an_answer(clip: bool, case: Case) -> None:
    """The sum of two answers, each 1/10 above its mean, is a number in [-1, 1], as answers are."""
    total = joined(case.real("mean1") + F(1, 10), case.real("mean0") + F(1, 10), clip=clip)
    case.show("in [-1, 1]", within(total, 1))


def _logs() -> Iterator[dict[str, Any]]:
    grid = product((1, 2, 5), (1, 4, 1000), (F(1, 2), F(1)), (F(1), F(1, 8), F(1, 100)))
    return ({"k": k, "b": b, "tau": tau, "delta": delta} for k, b, tau, delta in grid)


@obligation(
    "theorem2d.rounds.printed",
    paper="Theorem 2d, Lemma 2",
    kind="enumeration",
    domain=_logs,
    expect=Verdict.REFUTED,
    erratum="E15",
    finite="54 sets of parameters, C = 8",
    of=lambda case: 1,
)
@obligation(
    "theorem2d.rounds.repaired",
    paper="Theorem 2d, Lemma 2",
    kind="enumeration",
    domain=_logs,
    expect=Verdict.CHECKED,
    erratum="E15",
    finite="54 sets of parameters, C = 8",
    of=lambda case: 4,
    twin=lambda case: 1,
)
def every_query_is_asked(inside: int, case: Case) -> None:
    """Each query is asked at least once: ceil(C log(k/delta) / (b tau^2)) >= 1."""
    k, b = int(case.integer("k")), int(case.integer("b"))
    times = repeats(k, delta=case.real("delta"), b=b, tau=case.real("tau"), constant=HOEFFDING, inside=inside)
    case.show("at least once", times >= 1)


@obligation(
    "theorem2d.rounds.enough",
    paper="Theorem 2d, Lemma 2",
    kind="enumeration",
    domain=_logs,
    expect=Verdict.CHECKED,
    finite="54 sets of parameters, exp between rationals",
    of=lambda case: HOEFFDING,
    twin=lambda case: HOEFFDING // 2,
)
def repeats_are_enough(constant: int, case: Case) -> None:
    """With q = ceil(8 log(4k/delta) / (b tau^2)), Hoeffding's bound for k means of qb values and a loss of at most 2,
    2 k 2 exp(-(tau/2)^2 q b / 2), is at most delta."""
    k, b, tau, delta = int(case.integer("k")), int(case.integer("b")), case.real("tau"), case.real("delta")
    q = repeats(k, delta=delta, b=b, tau=tau, constant=constant)
    case.show("at most delta", 2 * k * hoeffding(q * b, tau / 2)[1] <= delta)


@obligation("theorem2d.loss", paper="Theorem 2d, Lemma 2", of=lambda case: F(2), twin=lambda case: F(15, 8))
def a_wrong_run_loses_two_at_most(most: Fraction, case: Case) -> None:
    """Predictions in [-1, 1] lose half a square of at most 2 on labels 0 and 1."""
    h, mass = case.real("h"), case.real("mass")
    case.assume(within(h, 1), mass >= 0, mass <= 1)
    losses = [(h - y) * (h - y) / 2 for y in (F(0), F(1))]
    for y, loss in enumerate(losses):
        case.lemma(f"label {y}", loss <= most)
    case.show("the mean", mass * losses[1] + (1 - mass) * losses[0] <= most)


def two_sides(side: int) -> Source:
    """A quarter of the mass at (0, 1), a quarter at (1, 1), the rest at (side, 0)."""
    return Table(1, {((0,), 1): F(1, 4), ((1,), 1): F(1, 4), ((side,), 0): F(1, 2)})


def which_side() -> QueryMethod:
    """One query, 1{x = 1}, to tolerance 1/8, tells the two sides apart."""
    return QueryMethod(
        n=1,
        budget=SQ(k=1, tau=F(1, 8)),
        start=lambda bits: 0,
        query=lambda state: lambda x, y: (x[0],),
        cells=ends,
        after=lambda state, answers: int(answers[0] > F(1, 2)),
        predictor=lambda side: lambda x: F(1, 3) if x[0] == side else 1,
    )


@obligation(
    "lemma2.rounds.sq",
    paper="Lemma 2",
    kind="enumeration",
    domain=lambda: ({"side": side} for side in (0, 1)),
    expect=Verdict.CHECKED,
    erratum="E14",
    finite="the two sources of E14",
    of=lambda case: F(1, 12),
    twin=lambda case: F(1, 13),
)
def one_query_tells_them_apart(bound: Fraction, case: Case) -> None:
    """The SQ method with one query has error 1/12 on either source."""
    case.show("error", error(which_side(), two_sides(int(case.integer("side")))) <= bound)


def _asked_on(label: int) -> Callable[[Case], int]:
    return lambda case: label


@obligation(
    "lemma2.rounds.blind",
    paper="Lemma 2",
    of=_asked_on(1),
    twin=_asked_on(0),
    erratum="E14",
    needs=("lemma2.rounds.sq",),
)
def one_round_cannot(label: int, case: Case) -> None:
    """Round 1 asks a 1-query, which has the same mean on both sources whatever it is (so have batches' labels of 1, up
    to their number); and every predictor has error at least 1/8 on one of them."""
    on0, on1, h0, h1 = (case.real(name) for name in ("on0", "on1", "h0", "h1"))
    means = [
        sum((mass * (on1 if x[0] else on0) for (x, y), mass in two_sides(side).masses() if y == label), F(0))
        for side in (0, 1)
    ]
    case.equal("the mean", means[0], means[1])
    losses = [
        sum((mass * ((h1 if x[0] else h0) - y) ** 2 for (x, y), mass in two_sides(side).masses()), F(0))
        for side in (0, 1)
    ]
    case.show("the mean error is at least 1/8", losses[0] + losses[1] >= F(1, 2))


def printed_rounds_for_large_batches(b: int, case: Case) -> None:
    """Lemma 2's number of rounds for one query leaves room for a 1-query and a 0-query, at tau = 1/8, delta = 1/50,
    C = 32."""
    case.show("two rounds", lemma_2(b=b, delta=F(1, 50)).printed(SQ(k=1, tau=F(1, 8))).k >= 2)  # type: ignore[union-attr, misc]


def repaired_rounds_for_large_batches(factor: int, case: Case) -> None:
    """The mended number of rounds leaves room for a 1-query and a 0-query, for every b."""
    budget = lemma_2(b=int(case.integer("b")), delta=F(1, 50)).budget(SQ(k=1, tau=F(1, 8)))
    case.show("two rounds", factor * budget.k >= 4 * 1)  # type: ignore[union-attr]


obligation(
    "lemma2.rounds.printed",
    paper="Lemma 2",
    kind="enumeration",
    expect=Verdict.REFUTED,
    erratum="E14",
    finite="b = 10^5",
    of=lambda case: 10**5,
    needs=("lemma2.rounds.blind",),
)(printed_rounds_for_large_batches)
obligation(
    "lemma2.rounds.repaired",
    paper="Lemma 2",
    kind="enumeration",
    expect=Verdict.CHECKED,
    erratum="E14",
    finite="b = 1, 10, ..., 10^6",
    domain=lambda: ({"b": 10**i} for i in range(7)),
    of=lambda case: 2,
    twin=lambda case: 1,
)(repaired_rounds_for_large_batches)


@obligation("footnote10.decodes", paper="footnote 10", kind="induction", of=lambda case: 1, twin=lambda case: 0)
def counts_are_digits(extra: int, case: Case) -> None:
    """Counts from 0 to b are digits to base b + 1: any number of them make a number from 0 to base^p - 1, for every
    b >= 1."""
    b, count = case.integer("b"), case.integer("count")
    case.assume(b >= 1, count >= 0, count <= b)
    state = {"power": case.real("power"), "code": case.real("code")}

    def holds(s: Any) -> Any:
        return every(s["power"] >= 1, s["code"] >= 0, s["code"] <= s["power"] - 1)

    case.induction(
        "over the digits",
        state=state,
        start={"power": F(1), "code": F(0)},
        holds=holds,
        inputs={"count": count},
        advance=lambda s: {"power": s["power"] * (b + extra), "code": s["code"] * (b + extra) + s["count"]},
    )


@obligation("footnote10.unique", paper="footnote 10", kind="solver", of=lambda case: 1, twin=lambda case: 0)
def digits_are_unique(extra: int, case: Case) -> None:
    """Two numbers with the last digits c and d from 0 to b are equal only if c = d and the rest is equal: so the number
    gives all counts."""
    b, c, d, rest, other = (case.integer(name) for name in ("b", "c", "d", "rest", "other"))
    case.assume(b >= 1, c >= 0, c <= b, d >= 0, d <= b)
    base, apart = b + extra, case.integer("apart")
    case.assume(rest == other + apart)
    product_ = case.real("product")  # apart * base
    case.assume(
        product_ == apart * base, implies(apart >= 1, product_ >= base), implies(apart <= -1, product_ <= -base)
    )
    case.assume(implies(apart == 0, product_ == 0))
    case.show("equal", every(c == d, apart == 0), given=product_ + c - d == 0)


@obligation(
    "footnote10.tolerance",
    paper="footnote 10",
    of=lambda case: lambda left: left < 1,
    twin=lambda case: lambda left: left <= 1,
)
def packed_answer_decodes(premise: Callable[[Any], Any], case: Case) -> None:
    """With 2 tau N < 1, an answer within tau of code/N is within less than 1/2 of the code, in units of 1/N."""
    top, code = case.integer("top"), case.integer("code")
    scaled, slack = case.real("scaled"), case.real("slack")  # answer * top, tau * top
    case.assume(top >= 1, code >= 0, code <= top, slack >= 0, premise(2 * slack), within(scaled - code, slack))
    case.show("decodes", between(F(-1, 2), scaled - code, F(1, 2)))


@obligation(
    "footnote10.error",
    paper="footnote 10",
    kind="enumeration",
    domain=_problems(len(BATCHED)),
    expect=Verdict.CHECKED,
    finite="six methods with two binary queries, batches up to 2, three sources; the twin has 2 tau ((b+1)^p - 1) = 2",
    of=lambda case: lambda method: packing(tau=F(1, 20))(method),
    twin=lambda case: lambda method: packed(method, tau=F(1, packed_top(method.budget.b, method.budget.p))),
)
def packing_costs_no_error(reduction: Reduction, case: Case) -> None:
    """A method whose binary queries are packed into one real query has at most its error against the worst valid
    answers."""
    _costs_at_most(reduction, BATCHED, F(0), case)


FIRST = tuple(
    SampleMethod(n=1, budget=PAC(m=1, r=r), learn=lambda sample, bits: lambda x: sample[0][1] ^ any(bits) * x[0])
    for r in (0, 1)
)
CHAIN_SOURCES = (Table(1, {((1,), 1): F(1)}), *SOURCES)


@obligation(
    "definition1.chain",
    paper="Definition 1",
    kind="enumeration",
    expect=Verdict.CHECKED,
    domain=lambda: (
        {"b": b, "method": i, "source": j} for b in (1, 2) for i in range(2) for j in range(len(CHAIN_SOURCES))
    ),
    finite="Theorem 2a, then footnote 10: two methods of one sample, four sources, b <= 2, delta = 1/9; the twin stops after a round",
    of=lambda case: lambda made: made,
    twin=lambda case: lambda made: stopped(made, 1),
)
def chains_keep_their_promise(kept: Callable[[QueryMethod], QueryMethod], case: Case) -> None:
    """A chain of simulations has the budget and the delta to which its links add up: a sample method by binary queries,
    packed into one real query a round."""
    b, method, source = (
        int(case.integer("b")),
        FIRST[int(case.integer("method"))],
        CHAIN_SOURCES[int(case.integer("source"))],
    )
    chain = theorem_2a(1, b=b, tau=F(1, 5), delta=F(1, 9)).then(packing(tau=F(1, 2 * (b + 1) ** 2)))
    made = kept(chain(method))
    case.show("one query a round", made.budget.p == 1)
    case.show("the error", error(made, source) <= error(method, source) + chain.delta)
