"""Footnote 10: the binary queries of a round are packed into one real query; and simulations in a chain.

Proved here: the answer to a packed query gives back every count (``footnote10``), and a chain of simulations has the
budget and error that its links add up to (``definition1.chain``).
"""

from collections.abc import Callable
from typing import Any

from constructions.foundations.logic import between, every, implies, within
from constructions.learning.error import error
from constructions.learning.models import PAC, QueryMethod, SampleMethod, stopped
from constructions.learning.problems import Table
from constructions.reductions.bsq import (
    packed,
    packed_top,
    packing,
)
from constructions.reductions.sample_extract import theorem_2a
from verify.claims.reductions.bsq.exact_means import BATCHED, SOURCES, F, Reduction, costs_at_most, methods_on_sources
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


@obligation("footnote10.decodes", paper="footnote 10", kind="induction", of=lambda case: 1, twin=lambda case: 0)
def counts_are_digits(extra: int, case: Case) -> None:
    """For every b >= 1 and every number p of counts from 0 to b, the counts, read as digits to base b + 1, make a
    number from 0 to (b + 1)^p - 1."""
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
    """For every b >= 1, two numbers to base b + 1 with last digits c and d from 0 to b are equal only if c = d and the
    rests are equal. So the number gives back all of the counts."""
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
    """If 2 tau N < 1, then an answer within tau of code/N is within less than 1/2 of the code in units of 1/N, for
    every N >= 1 and every code from 0 to N."""
    top, code = case.integer("top"), case.integer("code")
    scaled, slack = case.real("scaled"), case.real("slack")  # answer * top, tau * top
    case.assume(top >= 1, code >= 0, code <= top, slack >= 0, premise(2 * slack), within(scaled - code, slack))
    case.show("decodes", between(F(-1, 2), scaled - code, F(1, 2)))


@obligation(
    "footnote10.error",
    paper="footnote 10",
    kind="enumeration",
    domain=methods_on_sources(len(BATCHED)),
    expect=Verdict.CHECKED,
    finite="six methods with two binary queries, batches up to 2, three sources; the twin has 2 tau ((b+1)^p - 1) = 2",
    of=lambda case: lambda method: packing(tau=F(1, 20))(method),
    twin=lambda case: lambda method: packed(method, tau=F(1, packed_top(method.budget.b, method.budget.p))),
)
def packing_costs_no_error(reduction: Reduction, case: Case) -> None:
    """For each method and source of the finite case, the method whose binary queries of a round are packed into one
    real query has at most the error that the given method has against the worst valid answers."""
    costs_at_most(reduction, BATCHED, F(0), case)


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
    finite="Theorem 2a, then footnote 10: two methods of one sample, four sources, b <= 2, delta = 1/9; "
    "the twin stops after a round",
    of=lambda case: lambda made: made,
    twin=lambda case: lambda made: stopped(made, 1),
)
def chains_keep_their_promise(kept: Callable[[QueryMethod], QueryMethod], case: Case) -> None:
    """For each method and source of the finite case, the chain of Theorem 2a (a sample method is simulated by binary
    queries) and footnote 10 (these are packed into one real query in each round) asks one query a round and has at most
    as much more error as the deltas of its links add up to."""
    b, method, source = (
        int(case.integer("b")),
        FIRST[int(case.integer("method"))],
        CHAIN_SOURCES[int(case.integer("source"))],
    )
    chain = theorem_2a(1, b=b, tau=F(1, 5), delta=F(1, 9)).then(packing(tau=F(1, 2 * (b + 1) ** 2)))
    made = kept(chain(method))
    case.show("one query a round", made.budget.p == 1)
    case.show("the error", error(made, source) <= error(method, source) + chain.delta)
