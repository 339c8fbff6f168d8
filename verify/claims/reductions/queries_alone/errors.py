"""Theorem 2c and Lemma 5c on tiny problems, exactly: methods that were not written for it, the worst answers, and the
exact chance that they are not legal for the batches beside Hoeffding's bound."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from constructions.learning.error import error
from constructions.learning.models import BSQ, FBSQ, QueryMethod, strings
from constructions.learning.problems import Source, Table
from constructions.learning.tails import hoeffding
from constructions.reductions.bsq import ends
from constructions.reductions.queries_alone import MOST_LOSS, added_loss, asked_alone, batch_size
from constructions.reductions.straying import straying, tails_along, worst_path
from verify.claims.reductions.bsq.exact_means import SOURCES, bit_and_label, methods_on_sources
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
DELTA = F(1, 20)
LARGE, SMALL = 48, 1
"""Batches with which kp exp(-b tau^2/8) <= 1/20 for tau = 1 and kp <= 4, and without."""


def drawn(seed: int, *, k: int, p: int, b: int, tau: Fraction, r: int = 0) -> QueryMethod:
    """A method of k rounds and p queries that is drawn from a seed: in each state its queries have values in thirds, it
    compares each answer with a number in eighths, and in the end it predicts numbers from -1/2 to 3/2."""

    def query(state: Any) -> Callable[..., tuple[Fraction, ...]]:
        return lambda x, y: tuple(F(Random(f"{seed} {state} {x} {y} {j}").randint(-3, 3), 3) for j in range(p))

    def after(state: Any, answers: Any) -> Any:
        levels = (F(Random(f"{seed} {state} {j}").randint(-4, 4), 8) for j in range(p))
        return (*state, tuple(answer > level for answer, level in zip(answers, levels, strict=True)))

    return QueryMethod(
        n=1,
        budget=BSQ(k=k, tau=tau, b=b, p=p, r=r),
        start=lambda bits: (bits,),
        query=query,
        after=after,
        predictor=lambda state: lambda x: F(Random(f"{seed} {state} {x}").randint(-2, 6), 4),
        cells=lambda state, means, tau: list(
            product(*([end[0] for end in ends(state, (mean,), tau)] for mean in means))
        ),
    )


def lopsided(b: int, tau: Fraction) -> QueryMethod:
    """A method of one query, 2y - 1, that predicts x, or 1 - x if the answer is below -tau/4."""
    return QueryMethod(
        n=1,
        budget=BSQ(k=1, tau=tau, b=b, p=1),
        start=lambda bits: False,
        query=lambda state: lambda x, y: (2 * y - 1,),
        after=lambda state, answers: answers[0] < -tau / 4,
        predictor=lambda state: lambda x: 1 - x[0] if state else x[0],
        cells=ends,
    )


def several(b: int, tau: Fraction) -> tuple[QueryMethod, ...]:
    """A method that compares one answer, an adaptive one that compares two, and drawn ones of one to three rounds, one
    with a random bit."""
    sizes = ((1, 1, 0), (1, 2, 1), (2, 1, 0), (2, 2, 0), (3, 1, 0), (2, 2, 0))
    drawn_ones = (drawn(seed, k=k, p=p, b=b, tau=tau, r=r) for seed, (k, p, r) in enumerate(sizes))
    return (lopsided(b, tau), bit_and_label(b, tau), *drawn_ones)


EIGHT = 8
HERE: tuple[Source, ...] = (Table(1, {((0,), 0): F(1, 2), ((1,), 1): F(1, 2)}), SOURCES[1])


def as_one_batch(method: QueryMethod) -> QueryMethod:
    """The same method, all rounds about one batch."""
    size = method.budget
    assert isinstance(size, BSQ)
    return replace(method, budget=FBSQ(k=size.k, tau=size.tau, m=size.b, p=size.p, r=size.r))


Asked = Callable[[QueryMethod], QueryMethod]


def loosely(method: QueryMethod) -> QueryMethod:
    """The same, but each query is asked to four times the tolerance (the twins')."""
    made = asked_alone(method)
    return replace(made, budget=replace(made.budget, tau=4 * made.budget.tau))


def chance_of_straying(method: QueryMethod, source: Source) -> tuple[Fraction, Fraction]:
    """The exact chance that the worst answers are not legal, over random strings, and what single tails say of it."""
    chances, tails = F(0), F(0)
    for string in strings(method.budget.r):
        worst = worst_path(method, source, string)
        chances += straying(method, source, worst) / 2**method.budget.r
        tails += sum(tails_along(method, source, worst), F(0)) / 2**method.budget.r
    return chances, tails


@obligation(
    "theorem2c.error",
    paper="Theorem 2c, Lemma 5c",
    kind="enumeration",
    domain=methods_on_sources(2 * EIGHT, len(HERE)),
    expect=Verdict.CHECKED,
    finite="eight methods, fresh batches and one batch, two sources, b = 48, tau = 1/2, nested error; the twin "
    "asks to four times the tolerance",
    of=lambda case: asked_alone,
    twin=lambda case: loosely,
)
def errors_differ_by_what_strays(asked: Asked, case: Case) -> None:
    """For each method and source of the finite case: the error of the method that asks the source itself is at most
    that of the given one and half of the exact chance that its worst answers are not legal for the batches. That chance
    is at most the sum of the exact tails of its queries, and this is at most Hoeffding's bound."""
    number, source = int(case.integer("method")), HERE[int(case.integer("source"))]
    given = several(LARGE, F(1, 2))[number // 2]
    method = as_one_batch(given) if number % 2 else given
    chance, tails = chance_of_straying(method, source)
    case.show(
        "error at most half of the chance more", error(asked(method), source) <= error(method, source) + chance / 2
    )
    case.show("the union bound", chance <= tails)
    size = method.budget
    bound = hoeffding(batch_size(size), size.tau / 2)[1]  # type: ignore[arg-type]
    case.show("Hoeffding", tails * MOST_LOSS <= added_loss(size.k * size.p, bound))


@obligation(
    "theorem2c.error.delta",
    paper="Theorem 2c, Lemma 5c",
    kind="enumeration",
    domain=methods_on_sources(2 * EIGHT, len(HERE)),
    expect=Verdict.CHECKED,
    finite="eight methods, fresh batches and one batch, two sources, tau = 1, delta = 1/20, b = 48; the twin has b = 1",
    of=lambda case: LARGE,
    twin=lambda case: SMALL,
)
def errors_differ_by_delta(b: int, case: Case) -> None:
    """For each method and source of the finite case, with kp exp(-b tau^2/8) <= delta = 1/20, the method that asks the
    source itself has at most delta more error."""
    number, source = int(case.integer("method")), HERE[int(case.integer("source"))]
    given = several(b, F(1))[number // 2]
    method = as_one_batch(given) if number % 2 else given
    case.show("at most delta more", error(asked_alone(method), source) <= error(method, source) + DELTA)
