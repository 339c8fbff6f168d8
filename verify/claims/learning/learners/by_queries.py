"""Learners by queries: how far from best they may be under every valid answer, in units of the tolerance tau.

Proved here: conjunctions (``learners.query``), the best literal (``learners.literal``), correlations
(``learners.correlations``), and that a learner which decodes its answers goes on with the exact ones
(``learners.decoding``).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, within
from constructions.learning.error import error
from constructions.learning.learners import (
    agreements,
    decoding,
    is_broken,
    query_conjunction,
    vote,
)
from constructions.learning.models import BSQ, SQ, QueryMethod
from constructions.learning.problems import Bits, Source, Table
from verify.claims.learning.learners.parity import F
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

Broken = Callable[[Number, Number], Formula]


def _answer(case: Case) -> tuple[Number, Number, Number]:
    """tau, how often a literal is broken, a valid answer to it."""
    tau, often, answer = case.real("tau"), case.real("often"), case.real("answer")
    case.assume(tau > 0, often >= 0, often <= 1, within(answer - often, tau))
    return tau, often, answer


@obligation(
    "learners.query.kept",
    paper="Section 4",
    of=lambda case: is_broken,
    twin=lambda case: lambda answer, tau: answer > 3 * tau,
)
def literals_are_kept_or_dropped(broken: Broken, case: Case) -> None:
    """For every tolerance tau > 0 and every valid answer, the learner of conjunctions keeps a literal that positive
    examples break with frequency at most tau (in particular 0), and drops one that they break with frequency more than
    3 tau."""
    tau, often, answer = _answer(case)
    case.show("kept", implies(often <= tau, negation(broken(answer, tau))))
    case.show("dropped", implies(often > 3 * tau, broken(answer, tau)))


@obligation(
    "learners.query.kept.sharp",
    paper="Section 4",
    of=lambda case: lambda often, tau: often > tau,
    twin=lambda case: lambda often, tau: often >= tau,
)
def answers_decide_in_between(above: Broken, case: Case) -> None:
    """For every frequency above tau and up to 3 tau with which a literal is broken, some valid answer makes the learner
    keep the literal, and another valid answer makes it drop the literal."""
    tau, often, _ = _answer(case)
    case.assume(above(often, tau), often <= 3 * tau)
    case.show("one keeps it", negation(is_broken(often - tau, tau)))
    case.show("one drops it", is_broken(often + tau, tau))


@obligation(
    "learners.query.loss",
    paper="Section 4",
    kind="induction",
    of=lambda case: 3,
    twin=lambda case: F(5, 2),
    needs=("learners.query.kept",),
)
def few_positives_are_missed(times: Fraction, case: Case) -> None:
    """Suppose that a conjunction of n bits labels the source, and that frequencies are those of the source. Then the
    learned conjunction misses at most 3 tau max(n, 2) of the mass, and where it holds the label is 1. For a positive
    example that is missed breaks some kept literal: there is at most one kept literal for each bit, each broken with
    frequency at most 3 tau, or both literals of some bit are kept, and then all positive examples together have mass at
    most 6 tau."""
    tau, first, second, n = case.real("tau"), case.real("first"), case.real("second"), case.integer("n")
    positives = case.real("positives")
    case.assume(tau > 0, first >= 0, first <= 3 * tau, second >= 0, second <= 3 * tau, n >= 1)
    state = {"bits": case.integer("bits"), "missed": case.real("missed")}
    case.induction(
        "over the bits",
        state=state,
        start={"bits": F(0), "missed": F(0)},
        inputs={"first": first},
        advance=lambda s: {"bits": s["bits"] + 1, "missed": s["missed"] + s["first"]},
        holds=lambda s: s["missed"] <= times * s["bits"] * tau,
    )
    most = select(n >= 2, n, F(2))
    one_a_bit = every(state["bits"] == n, state["missed"] <= times * state["bits"] * tau)
    case.show("one literal a bit", state["missed"] <= times * most * tau, given=one_a_bit)
    both = every(state["missed"] <= positives, positives <= first + second)
    case.show("both of a bit", state["missed"] <= times * most * tau, given=both)


def _labelled(masses: dict[tuple[int, ...], Fraction], n: int, target: Callable[[Bits], int]) -> Source:
    return Table(n, {(x, target(x)): mass for x, mass in masses.items()})


REALISABLE = (
    (F(1, 9), _labelled({(0,): F(1, 2), (1,): F(1, 2)}, 1, lambda x: x[0])),
    (F(1, 6), _labelled({(0,): F(1, 2), (1,): F(1, 2)}, 1, lambda x: 1)),
    (F(1, 9), _labelled({(0, 1): F(1, 3), (1, 0): F(1, 3), (1, 1): F(1, 3)}, 2, lambda x: 1)),
    (F(1, 9), _labelled({(0, 0): F(1, 4), (0, 1): F(1, 4), (1, 0): F(1, 8), (1, 1): F(3, 8)}, 2, lambda x: x[1])),
)


@obligation(
    "learners.query.error",
    paper="Section 4",
    kind="enumeration",
    expect=Verdict.CHECKED,
    needs=("learners.query.loss",),
    domain=lambda: ({"source": i} for i in range(len(REALISABLE))),
    finite="four sources of one and two bits, two of them worst ones",
    of=lambda case: F(3),
    twin=lambda case: F(8, 3),
)
def exact_error_of_query_conjunctions(times: Fraction, case: Case) -> None:
    """For each source of the finite case, which a conjunction of n bits labels, if the learner is given answers within
    tau of the source's means, its exact error is at most half of 3 tau max(n, 2). Two of the sources reach this
    bound."""
    tau, source = REALISABLE[int(case.integer("source"))]
    method = query_conjunction(source.n, b=1, tau=tau)
    about = replace(method, budget=SQ(k=method.budget.k, tau=tau, alternating=True))
    case.show("the error", error(about, source) <= times * tau * max(source.n, 2) / 2)


def _frequencies(case: Case, name: str) -> tuple[list[Number], list[Number]]:
    """How often a label comes, alone and with each of two bits, and valid answers."""
    tau = case.real("tau")
    true = [case.real(f"{name}{j}") for j in range(3)]
    answers = [case.real(f"{name}{j} answered") for j in range(3)]
    case.assume(tau >= 0, *(every(value >= 0, value <= true[0]) for value in true), true[0] <= 1)
    case.assume(*(within(answer - value, tau) for answer, value in zip(answers, true, strict=True)))
    return true, answers


@obligation("learners.literal.best", paper="Section 4", of=lambda case: (6, False), twin=lambda case: (F(11, 2), False))
@obligation("learners.literal.alike", paper="Section 4", of=lambda case: (4, True), twin=lambda case: (F(7, 2), True))
def chosen_literal_is_nearly_best(subject: tuple[Number, bool], case: Case) -> None:
    """For every tolerance tau and all valid answers, a literal that wins by the answers agrees with the label at most 6
    tau less often than any other literal, whatever the number of bits: two literals speak of at most two bits, and the
    share of agreement of each is a sum of three means. Between literals that are both plain or both negated it is at
    most 4 tau, as one of the answers is common to both."""
    times, alike = subject
    (ones, one_answers), (zeros, zero_answers) = _frequencies(case, "one"), _frequencies(case, "zero")
    true, answered = agreements(ones, zeros), agreements(one_answers, zero_answers)
    for won, lost in product(true, repeat=2):
        if won != lost and (won[1] == lost[1] or not alike):
            wins = answered[won] >= answered[lost]
            case.show(f"{won} before {lost}", true[won] >= true[lost] - times * case.real("tau"), given=wins)


@obligation(
    "learners.correlations.margin", paper="Section 4", kind="induction", of=lambda case: 2, twin=lambda case: F(3, 2)
)
def total_is_nearly_the_true_one(times: Number, case: Case) -> None:
    """For every number of bits n and tolerance tau, the total of the correlations at a point, as answered, is within 2
    n tau of the true total, by induction over the bits. So the prediction is right wherever the true total is further
    than that from 0."""
    tau, one, zero, bit = case.real("tau"), case.real("one"), case.real("zero"), case.integer("bit")
    answers = case.real("one answered"), case.real("zero answered")
    case.assume(tau > 0, bit >= 0, bit <= 1, within(answers[0] - one, tau), within(answers[1] - zero, tau))
    off = vote(*answers, bit) - vote(one, zero, bit)
    case.lemma("one bit", within(off, times * tau))
    state = {"n": case.integer("n"), "total": case.real("total"), "truth": case.real("truth")}
    inputs = {"one": one, "zero": zero, "bit": bit, "one answered": answers[0], "zero answered": answers[1]}
    case.induction(
        "over the bits",
        state=state,
        start={"n": F(0), "total": F(0), "truth": F(0)},
        inputs=inputs,
        advance=lambda s: {
            "n": s["n"] + 1,
            "total": s["total"] + vote(s["one answered"], s["zero answered"], s["bit"]),
            "truth": s["truth"] + vote(s["one"], s["zero"], s["bit"]),
        },
        holds=lambda s: within(s["total"] - s["truth"], times * s["n"] * tau),
    )
    near = within(state["total"] - state["truth"], times * state["n"] * tau)
    case.show("right if it is clear", state["total"] > 0, given=every(near, state["truth"] > times * state["n"] * tau))


def _edges() -> Iterator[dict[str, Any]]:
    return ({"b": b, "count": count, "sign": sign} for b in range(1, 7) for count in range(b + 1) for sign in (-1, 1))


@obligation(
    "learners.decoding",
    paper="Section 4",
    kind="enumeration",
    domain=_edges,
    expect=Verdict.CHECKED,
    finite="b <= 6, every count",
    of=lambda case: F(1, 2) - F(1, 10**9),
    twin=lambda case: F(1, 2),
)
def decoded_answers_are_exact(edge: Fraction, case: Case) -> None:
    """For every batch size b and every number of ones in a batch, a method that decodes its answers goes on with the
    exact mean of the batch, even if its answer was off by almost half a count, which is the most that b tau < 1/2
    allows. At b tau = 1/2 this fails."""
    b, count = int(case.integer("b")), F(case.integer("count"))
    keep = QueryMethod(
        n=0,
        budget=BSQ(k=1, tau=F(1, 3 * b), b=b, p=1),
        start=lambda bits: (),
        query=lambda state: lambda x, y: (y,),
        after=lambda state, answers: answers,
        predictor=lambda state: lambda x: 0,
    )
    case.equal("the mean", decoding(keep).after((), ((count + edge * case.integer("sign")) / b,))[0], count / b)  # type: ignore[index]
