"""How many targets fall at one query if the adversary gives the best answer of all, whatever the query is.

Proved here: two deviations that no answer keeps together have squares above 2 tau^2, of the upper one if it is above 0
and of the lower one if it is below (``lowerbound.one_pair``); so fewer than 1/(2 tau^2) targets fall at a query, for
any number of bits (``lowerbound.fallen.best``), and so many are left after all queries (``lowerbound.left``). Checked:
that the code finds the best answer (``lowerbound.best``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select
from constructions.learning.lower_bound import ANSWERINGS, Answering
from constructions.learning.parities import QueryTable
from constructions.learning.parity_game import ParityAdversary
from verify.claims.learning.lower_bound.fallen import QUERY_INTEGERS, QUERY_REALS, a_query, cheaper
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

F = Fraction
BEST = ANSWERINGS["best"]


def upper(deviation: Number) -> Number:
    """The square of a deviation that is above 0; else 0."""
    return select(deviation > 0, deviation * deviation, F(0))


def lower(deviation: Number) -> Number:
    """The square of a deviation that is below 0; else 0."""
    return select(deviation < 0, deviation * deviation, F(0))


@obligation("lowerbound.one_pair", paper="Corollary 2", of=lambda case: BEST, twin=lambda case: cheaper(BEST))
def two_that_are_far_apart(answering: Answering, case: Case) -> None:
    """For every tau > 0 and two deviations that are more than 2 tau apart: the square of the upper one, if it is above
    0, and that of the lower one, if it is below, sum to more than tau^2 divided by the cost, which is 1/2."""
    tau, high, low = case.real("tau"), case.real("high"), case.real("low")
    case.assume(tau > 0, high - low > 2 * tau)
    case.lemma("above 0", implies(every(high > 0, low >= 0), high > 2 * tau))
    case.lemma("below 0", implies(every(high <= 0, low < 0), low < -2 * tau))
    both = (high - low) * (high - low) + (high + low) * (high + low) == 2 * (high * high + low * low)
    case.lemma("by the sum and the difference", both)
    case.lemma("the difference", (high - low) * (high - low) > 4 * tau * tau)
    case.show("far apart", answering.cost * (upper(high) + lower(low)) > tau * tau)


@obligation(
    "lowerbound.fallen.best",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: BEST,
    twin=lambda case: cheaper(BEST),
)
def fewer_fall_at_the_best_answer(answering: Answering, case: Case) -> None:
    """For any number of bits, every tau > 0, every query with values in [-1, 1] and any set of targets: if F >= 1 of
    them fall at the best answer, F tau^2 is below the cost, 1/2. For, in the order of their deviations, the i-th of the
    first F and the i-th of the last F are more than 2 tau apart: else the answer in the middle would keep all from one
    to the other, which is one more than are kept. By induction over these pairs the upper ones' squares and the lower
    ones' sum to more than F tau^2 divided by the cost; by induction over the targets, to at most the squares of all
    deviations, as a target is the upper one of at most one pair, and the lower one of at most one; and by Parseval's
    equation those sum to at most 1."""
    tau, best = case.real("tau"), case.integer("best")
    pairs, targets = over_the_pairs(answering, case), over_the_targets(case)
    case.assume(pairs["pairs"] == best, label="so many fall at the best answer")
    same = every(pairs["upper"] == targets["upper"], pairs["lower"] == targets["lower"])
    case.assume(same, label="the upper and the lower ones of the pairs are the targets that are marked so")
    sums = case.use(
        "parities.deviations", "at most 1", **a_query(case), **{"over the targets reached: deviations": targets["all"]}
    )
    case.assume(sums.premises, label="the deviations of all targets")
    case.lemma("the sums", pairs["upper"] + pairs["lower"] <= 1)
    case.show("few fall", best * tau * tau <= answering.cost)
    case.show("fewer fall", best * tau * tau < answering.cost, given=best >= 1)


def over_the_pairs(answering: Answering, case: Case) -> State:
    """The pairs, each of two targets that no answer keeps together."""
    tau, high, low = case.real("tau"), case.real("high"), case.real("low")
    one = case.use("lowerbound.one_pair", tau=tau, high=high, low=low)
    case.assume(tau > 0, one.premises, label="a pair")
    run = case.induction(
        "over the pairs",
        state={"pairs": case.integer("pairs"), "upper": case.real("upper"), "lower": case.real("lower")},
        start={"pairs": F(0), "upper": F(0), "lower": F(0)},
        inputs={"high": high, "low": low},
        given=lambda s: s["high"] - s["low"] > 2 * tau,
        advance=lambda s: {
            "pairs": s["pairs"] + 1,
            "upper": s["upper"] + upper(s["high"]),
            "lower": s["lower"] + lower(s["low"]),
        },
        holds=lambda s: every(
            s["pairs"] >= 0,
            s["pairs"] * tau * tau <= answering.cost * (s["upper"] + s["lower"]),
            implies(s["pairs"] >= 1, s["pairs"] * tau * tau < answering.cost * (s["upper"] + s["lower"])),
        ),
    )
    return case.reached(run)


def over_the_targets(case: Case) -> State:
    """All targets, each of which may be the upper one of a pair, the lower one, both or neither."""
    deviation, is_upper, is_lower = case.real("deviation"), case.integer("is upper"), case.integer("is lower")
    case.assume(is_upper >= 0, is_upper <= 1, is_lower >= 0, is_lower <= 1)
    run = case.induction(
        "over the targets",
        state={"all": case.real("all"), "upper": case.real("upper so far"), "lower": case.real("lower so far")},
        start={"all": F(0), "upper": F(0), "lower": F(0)},
        inputs={"deviation": deviation, "is upper": is_upper, "is lower": is_lower},
        advance=lambda s: {
            "all": s["all"] + s["deviation"] * s["deviation"],
            "upper": s["upper"] + select(s["is upper"] == 1, upper(s["deviation"]), F(0)),
            "lower": s["lower"] + select(s["is lower"] == 1, lower(s["deviation"]), F(0)),
        },
        holds=lambda s: s["upper"] + s["lower"] <= s["all"],
    )
    return case.reached(run)


PAIRS, TARGETS = ("upper", "lower"), ("all", "upper", "lower")


def the_fallen(case: Case) -> dict[str, Number]:
    """What is known of one query and of the targets that fall at it, by the variables of the claim about them."""
    reals = {f"query: {name}": case.real(f"query: {name}") for name in QUERY_REALS}
    wholes = {f"query: {name}": case.integer(f"query: {name}") for name in QUERY_INTEGERS}
    names = ("high", "low", "deviation", "upper", "lower", "upper so far", "lower so far", "all")
    found = reals | wholes | {name: case.real(name) for name in names}
    found |= {f"over the pairs reached: {name}": case.real(f"pairs: {name}") for name in PAIRS}
    found |= {f"over the targets reached: {name}": case.real(f"targets: {name}") for name in TARGETS}
    found |= {name: case.integer(name) for name in ("is upper", "is lower", "pairs")}
    return found | {"best": case.integer("best"), "over the pairs reached: pairs": case.integer("best")}


@obligation(
    "lowerbound.left",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: F(1),
    twin=lambda case: F(1, 2),
)
def many_targets_are_left(share: Fraction, case: Case) -> None:
    """For any number of bits, every tau > 0 and any number of queries: tau^2 times the number of targets that are left
    is at least tau^2 times the number of all targets, less the cost for each query. By induction over the queries."""
    answering = BEST
    tau, targets, best, cost = case.real("tau"), case.integer("targets"), case.integer("best"), answering.cost * share
    case.assume(targets >= 0, label="a number of targets")
    run = case.induction(
        "over the queries",
        state={"asked": case.integer("asked"), "left": case.integer("left")},
        start={"asked": F(0), "left": targets},
        inputs={"best": best},
        given=lambda s: s["best"] * tau * tau <= answering.cost,
        advance=lambda s: {"asked": s["asked"] + 1, "left": s["left"] - s["best"]},
        holds=lambda s: every(s["asked"] >= 0, s["left"] * tau * tau >= targets * tau * tau - s["asked"] * cost),
    )
    at = case.reached(run)
    case.show("left", at["left"] * tau * tau >= targets * tau * tau - at["asked"] * cost)
    few = case.use("lowerbound.fallen.best", "few fall", tau=tau, **the_fallen(case))
    case.assume(few.premises, label="one query, with the targets that fall at it")
    case.show("so few fall at each query", best * tau * tau <= answering.cost)


def some_queries() -> Iterator[dict[str, Any]]:
    """All queries about one bit with values -1, 0 and 1, and drawn ones about three bits, by a seed."""
    for tau in (F(1, 8), F(1, 5), F(1, 3), F(1, 2)):
        for seed, values in enumerate(product((-1, 0, 1), repeat=4)):
            yield {"tau": tau, "seed": seed, **{f"v{i}": value for i, value in enumerate(values)}}


def drawn(seed: int) -> QueryTable:
    """A query about three bits with values in eighths."""
    random = Random(seed)
    zero, one = (tuple(random.randint(-8, 8) for _ in range(8)) for _ in range(2))
    return QueryTable(denominator=8, zero=zero, one=one)


def most_kept(deviations: Sequence[Fraction], tau: Fraction) -> int:
    """The most targets with these deviations that one answer can keep: those in an interval that begins at one."""
    return max(sum(1 for d in deviations if 0 <= d - first <= 2 * tau) for first in deviations)


@obligation(
    "lowerbound.best",
    paper="Corollary 2",
    kind="enumeration",
    domain=some_queries,
    expect=Verdict.CHECKED,
    finite="every query about one bit with values -1, 0 and 1 and 81 drawn ones about three bits, four tolerances; the "
    "twin tries no answer but that of uniform labels",
    of=lambda case: BEST,
    twin=lambda case: replace(BEST, every=False),
)
def no_answer_keeps_more(answering: Answering, case: Case) -> None:
    """For each query of the finite case: the answer is in [-1, 1], no answer keeps more targets, and fewer than
    1/(2 tau^2) fall, if any."""
    tau, values = case.real("tau"), [int(case.integer(f"v{i}")) for i in range(4)]
    one_bit = QueryTable(denominator=1, zero=(values[0], values[1]), one=(values[2], values[3]))
    for name, n, table in (("one bit", 1, one_bit), ("three bits", 3, drawn(int(case.integer("seed"))))):
        adversary = ParityAdversary(n, tau, answering)
        found, deviations = adversary.answer(table), [table.deviation(target) for target in range(2**n)]
        case.show(f"an answer, {name}", abs(found.answer) <= 1)
        case.show(f"the most are kept, {name}", found.left == most_kept(deviations, tau))
        case.show(f"few fall, {name}", 2 * found.fallen * tau * tau < 1)
