"""The two readings of the error of a batch-query method (E[sup] against the nested one, E16), exactly on small
problems."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.learning.error import error
from constructions.learning.models import BSQ, QueryMethod
from constructions.learning.oracles import within_range
from constructions.learning.problems import Source, Table, uniform
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
SOURCES: tuple[Source, ...] = (
    uniform(1, lambda x: x[0]),
    Table(1, {((0,), 0): F(1, 3), ((1,), 1): F(2, 3)}),
    Table(1, {((0,), 0): F(1, 2), ((0,), 1): F(1, 4), ((1,), 1): F(1, 4)}),
)


def steered(b: int, tau: Fraction, *, rounds: int = 2) -> QueryMethod:
    """Answers to all rounds but the last (a constant query, so any answer is as good as another) choose which value of
    the bit the last one asks about; a batch that is all of it makes the method predict 2."""

    def after(state: Any, answers: Any) -> Any:
        return (*state, answers[0] >= (F(0) if len(state) < rounds - 1 else F(1)))

    def query(state: Any) -> Any:
        return (
            (lambda x, y: (0,)) if len(state) < rounds - 1 else lambda x, y: (int(x[0] == (state[0] if state else 0)),)
        )

    return QueryMethod(
        n=1,
        budget=BSQ(k=rounds, tau=tau, b=b, p=1),
        start=lambda bits: (),
        after=after,
        query=query,
        cells=lambda state, means, tau: [(within_range(means[0] + i * tau),) for i in (-1, 0, 1)],
        predictor=lambda state: lambda x: 2 if state[-1] else F(1, 2),  # type: ignore[index]
    )


METHODS = tuple(steered(b, tau, rounds=rounds) for b, tau, rounds in product((1, 2), (F(0), F(1, 8), F(1, 2)), (1, 2)))


def _problems() -> Iterator[dict[str, Any]]:
    return ({"method": i, "source": j} for i in range(len(METHODS)) for j in range(len(SOURCES)))


Reading = Callable[[QueryMethod, Source], Fraction]


def _nested(method: QueryMethod, source: Source) -> Fraction:
    return error(method, source)


def _ahead(method: QueryMethod, source: Source) -> Fraction:
    return error(method, source, look_ahead=True)


@obligation(
    "section4.readings.order",
    paper="Section 4",
    kind="enumeration",
    domain=_problems,
    expect=Verdict.CHECKED,
    erratum="E16",
    finite="twelve methods of one or two rounds, three sources",
    of=lambda case: (_nested, _ahead),
    twin=lambda case: (_ahead, _nested),
)
def looking_ahead_does_not_help(readings: tuple[Reading, Reading], case: Case) -> None:
    """For each method and source of the finite case, the error in the nested reading, where each answer is chosen
    before the samples of later rounds are drawn, is at most the printed E[sup], where answers may depend on all
    samples."""
    method, source = METHODS[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    case.show("at most", readings[0](method, source) <= readings[1](method, source))


@obligation(
    "section4.readings.printed",
    paper="Section 4",
    kind="enumeration",
    domain=_problems,
    expect=Verdict.REFUTED,
    erratum="E16",
    finite="twelve methods of one or two rounds, three sources",
    of=lambda case: (_nested, _ahead),
)
def readings_are_one(readings: tuple[Reading, Reading], case: Case) -> None:
    """For each method and source of the finite case, it makes no difference to the error whether answers may depend on
    the samples of later rounds, as a union bound over the rounds takes for granted."""
    method, source = METHODS[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    case.equal("equal", readings[0](method, source), readings[1](method, source))


@obligation(
    "section4.readings.steered",
    paper="Section 4",
    kind="enumeration",
    expect=Verdict.CHECKED,
    erratum="E16",
    finite="the steered method, b = 1, tau = 1/8, a fair bit",
    of=lambda case: steered(1, F(1, 8)),
    twin=lambda case: steered(1, F(0)),
)
def steering_by_hand(method: QueryMethod, case: Case) -> None:
    """In the nested reading of the error, the bit about which the steered method asks comes up half of the time, so its
    error is (5/4 + 1/8)/2. If answers may depend on the samples of later rounds, that bit always comes up, and the
    error is 5/4."""
    case.equal("nested", error(method, SOURCES[0]), F(11, 16))
    case.equal("looking ahead", error(method, SOURCES[0], look_ahead=True), F(5, 4))


def coins(k: int, b: int, tau: Fraction) -> QueryMethod:
    """Decodes how many labels of a batch are 1; one random bit a round, if it is 1, turns the count around; a bit of
    its own turns the prediction."""

    def after(state: Any, answers: Any) -> Any:
        own, total, bits = state
        count = int((answers[0] * b + F(1, 2)) // 1)
        return own, total + (b - count if bits[0] else count), bits[1:]

    return QueryMethod(
        n=1,
        budget=BSQ(k=k, tau=tau, b=b, p=1, r=k + 1),
        start=lambda bits: (bits[0], 0, bits[1:]),
        after=after,
        query=lambda state: lambda x, y: (y ^ state[0] if state[1] else x[0],),  # type: ignore[index]
        predictor=lambda state: lambda x: abs(state[0] - F(state[1], k * b)),  # type: ignore[index]
        cells=lambda state, means, tau: [means],
        fresh=1,
        refill=lambda state, bits: (*state[:2], bits),  # type: ignore[index]
    )


def _bits() -> Iterator[dict[str, Any]]:
    return ({"k": k, "b": b, "source": j} for k, b, j in product((1, 2, 3), (1, 2), range(len(SOURCES))))


@obligation(
    "section4.bits",
    paper="Section 4",
    kind="enumeration",
    domain=_bits,
    expect=Verdict.CHECKED,
    finite="methods of one to three rounds with a random bit each and one of their own, batches up to 2, three sources",
    of=lambda case: lambda method: method,
    twin=lambda case: lambda method: replace(method, refill=lambda state, bits: (*state[:2], (0,))),
)
def bits_may_be_drawn_in_their_rounds(drawn: Callable[[QueryMethod], QueryMethod], case: Case) -> None:
    """For methods whose answers leave no choice, the error is the same whether all random bits are drawn at the start,
    as the paper has it, or each round's random bits are drawn in the round that uses them."""
    k, b = int(case.integer("k")), int(case.integer("b"))
    method, source = coins(k, b, F(1, 2 * b + 1)), SOURCES[int(case.integer("source"))]
    case.equal("the error", error(drawn(method), source), error(replace(method, fresh=0, refill=None), source))
