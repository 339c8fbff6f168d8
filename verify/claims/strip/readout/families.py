"""That there are queries which tell all pairs of batches apart: some of those that are drawn at random do."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies
from constructions.strip.readout import QUERIES_FACTOR, queries_for, word_length
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
SHARE = F(QUERIES_FACTOR, 24)
"""p q over the number of halvings: 17 4^L b(n + 1) queries, each with the chance q = 4^(-L)/12, for 2b(n + 1)."""


def growth(t: Number) -> Number:
    """A lower bound of (1 - q)^(-i), for t = i q."""
    return 1 + t + t * t / 2 + t * t * t / 6


@obligation(
    "strip.readout.missed", paper="the strip", kind="induction", of=lambda case: SHARE, twin=lambda case: F(1, 2)
)
def queries_seldom_all_miss(least: Number, case: Case) -> None:
    """For every q from 0 to 1, q < 1: if each query, drawn by itself, tells a pair of batches apart with a chance of at
    least q, then i of them with i q >= 17/24 all fail to with a chance of at most 1/2."""
    s, q, now = case.real("s"), case.real("q"), case.real("next")
    chance, both = case.word("chance"), case.word("both")
    state = {"i": case.integer("i"), "t": case.real("t"), "event": case.real("event"), "bound": case.real("bound")}
    certain = case.real("certain")
    case.assume(q >= 0, q < 1, chance(s, now) <= 1 - q, chance(s, certain) == 1)
    case.principle("fresh batches", s=s, A=state["event"], B=now)
    case.principle("total probability", s=s, A=now, B=now)
    case.principle("total probability", s=s, A=state["event"], B=now)
    run = case.induction(
        "over the queries",
        state=state,
        start={"i": F(0), "t": F(0), "event": certain, "bound": F(1)},
        inputs={"next": now},
        given=lambda at: case.word("are independent")(s, at["event"], at["next"]),
        advance=lambda at: {
            "i": at["i"] + 1,
            "t": at["t"] + q,
            "event": both(at["event"], at["next"]),
            "bound": at["bound"] * (1 - q),
        },
        holds=lambda at: every(
            at["i"] >= 0,
            at["t"] == at["i"] * q,
            at["t"] >= 0,
            at["bound"] >= 0,
            chance(s, at["event"]) <= at["bound"],
            at["bound"] * growth(at["t"]) <= 1,
        ),
    )
    at = case.reached(run)
    case.lemma("the bound", implies(at["t"] >= SHARE, at["bound"] * 2 <= at["bound"] * growth(at["t"])))
    case.show("at most half", 2 * chance(s, at["event"]) <= 1, given=at["t"] >= least)


@obligation("strip.readout.halvings", paper="the strip", kind="induction", of=lambda case: F(2), twin=lambda case: F(3))
def groups_of_queries_halve(factor: Number, case: Case) -> None:
    """If each of some groups of queries misses a pair with a chance of at most 1/2 (``strip.readout.missed``), then h
    groups, drawn by themselves, all do with a chance of at most 2^(-h)."""
    s, group, certain = case.real("s"), case.real("group"), case.real("certain")
    chance, both = case.word("chance"), case.word("both")
    state = {"h": case.integer("h"), "event": case.real("event"), "2^h": case.real("2^h")}
    case.assume(2 * chance(s, group) <= 1, chance(s, certain) == 1)
    case.principle("fresh batches", s=s, A=state["event"], B=group)
    case.principle("total probability", s=s, A=group, B=group)
    run = case.induction(
        "over the groups",
        state=state,
        start={"h": F(0), "event": certain, "2^h": F(1)},
        inputs={"group": group},
        given=lambda at: case.word("are independent")(s, at["event"], at["group"]),
        advance=lambda at: {"h": at["h"] + 1, "event": both(at["event"], at["group"]), "2^h": factor * at["2^h"]},
        holds=lambda at: every(at["h"] >= 0, at["2^h"] >= 1, chance(s, at["event"]) * at["2^h"] <= 1),
    )
    at = case.reached(run)
    case.show("at most 2^(-h)", chance(s, at["event"]) * at["2^h"] <= 1)


@obligation(
    "strip.readout.families",
    paper="the strip",
    kind="induction",
    of=lambda case: F(1, 2),
    twin=lambda case: F(1, 4),
)
def some_queries_tell_all_apart(share: Number, case: Case) -> None:
    """If a family of queries misses each pair of batches with a chance of at most 1/M^2, where there are at most M
    batches, then with a chance of at least 1/2 it misses none of the pairs, which are fewer than M^2/2. With a chance
    above 0 it misses no pair and leaves no batch silent either, if M > 1."""
    s, pair, never = case.real("s"), case.real("pair"), case.real("never")
    chance, either = case.word("chance"), case.word("either")
    many, batches = case.integer("M"), case.integer("batches")
    state = {"pairs": case.integer("pairs"), "event": case.real("event")}
    case.assume(many >= 2, batches >= 0, batches <= many, chance(s, never) == 0)
    case.assume(chance(s, pair) * (many * many) <= 1, label="a pair is missed seldom")
    case.principle("union bound", s=s, A=state["event"], B=pair)
    square = many * many
    run = case.induction(
        "over the pairs",
        state=state,
        start={"pairs": F(0), "event": never},
        inputs={"pair": pair},
        advance=lambda at: {"pairs": at["pairs"] + 1, "event": either(at["event"], at["pair"])},
        holds=lambda at: every(at["pairs"] >= 0, chance(s, at["event"]) * square <= at["pairs"]),
    )
    at = case.reached(run)
    found, total = chance(s, at["event"]), case.integer("all pairs")
    case.assume(2 * total == batches * (batches - 1), label="pairs of different batches")
    case.lemma("fewer than half", every(batches * (batches - 1) <= many * (many - 1), 2 * total <= square - many))
    one = implies(at["pairs"] <= total, found * square <= square * share)
    case.lemma("of the square", one)
    case.show("missed with a chance of at most 1/2", found <= share, given=at["pairs"] <= total)
    case.lemma("with the silent ones", implies(at["pairs"] <= total + batches, 2 * (found * square) <= square + many))
    case.lemma("less than the square", many <= square - many)
    case.show("or silent", found < 1, given=at["pairs"] <= total + batches)


@obligation(
    "strip.readout.sizes",
    paper="the strip",
    of=lambda case: queries_for,
    twin=lambda case: lambda n, b, power: queries_for(n, b, power) - 1,
)
def so_many_queries(queries: Callable[..., Number], case: Case) -> None:
    """For all n, b >= 1 and L >= 1, as 4^L is even: 17 4^L b(n + 1) queries are 2b(n + 1) groups of as many, each of
    which has i q >= 17/24 for q = 4^(-L)/12; and 2b(n + 1) halvings are one for each pair of words of b(n + 1) bits."""
    n, b, half, group, q = (
        case.integer("n"),
        case.integer("b"),
        case.integer("4^L/2"),
        case.integer("i"),
        case.real("q"),
    )
    case.assume(n >= 1, b >= 1, half >= 2, group == 17 * half, 12 * q * (2 * half) == 1)
    words = word_length(n, b)
    case.lemma("4^L even", queries_for(n, b, 2 * half) == 2 * words * group)
    case.show("groups", queries(n, b, 2 * half) >= 2 * words * group)
    case.show("i q", group * q >= SHARE)
