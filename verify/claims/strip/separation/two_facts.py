"""Facts R0 and R1: a random query separates two batches."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select
from constructions.learning.tails import Moments
from constructions.strip.separation import ONE_TWELFTH, least_often, with_entry
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction


@obligation("strip.separation.r0", paper="the strip", kind="induction", of=lambda case: F(2), twin=lambda case: F(3))
def a_random_query_separates(share: Number, case: Case) -> None:
    """For every function g with an entry that is not 0, over any number of sign vectors of the other entries: of the
    sums with both signs of this entry, at least half are not 0. So P(X != 0) >= 1/2."""
    entry, rest = case.real("entry"), case.real("rest")
    case.assume(entry != 0)
    counts = {"vectors": case.integer("vectors"), "not 0": case.integer("not 0")}
    run = case.induction(
        "over the other signs",
        state=counts,
        start=dict.fromkeys(counts, F(0)),
        inputs={"rest": rest},
        advance=lambda s: {
            "vectors": s["vectors"] + 2,
            "not 0": s["not 0"] + sum((select(s["rest"] + e * entry != 0, F(1), F(0)) for e in (1, -1)), F(0)),
        },
        holds=lambda s: every(s["vectors"] >= 0, 2 * s["not 0"] >= s["vectors"]),
    )
    at = case.reached(run)
    case.show("at least half", 2 * at["not 0"] >= (share - 1) * at["vectors"])


@obligation(
    "strip.separation.often", paper="the strip", of=lambda case: least_often, twin=lambda case: lambda share: 1 - share
)
def a_value_is_often_large(least: Callable[[Number], Number], case: Case) -> None:
    """Paley and Zygmund's inequality. For every value Z >= 0 of a space with means E Z > 0 and E Z^2 > 0, and every t
    from 0 to 1, t < 1: the chance of Z > t E Z is at least (1 - t)^2 (E Z)^2/E Z^2. For Z is at most t E Z, but for the
    event, where it is at most k Z^2/2 + 1/(2k) more, for each k > 0; and k = (1 - t) E Z/E Z^2 is the best."""
    s, z, square, share, factor, back = (case.real(name) for name in ("s", "Z", "Z^2", "t", "k", "1/(2k)"))
    mean, at = case.word("mean"), case.word("value at")
    first, second = mean(s, z), mean(s, square)
    event, width = case.word("strays")(z, F(0), share * first), (1 - share) * first
    case.assume(share >= 0, share < 1, first > 0, second > 0, factor * second == width, 2 * factor * back == 1)
    case.lemma("k", every(factor > 0, back > 0))
    worst = case.word("worst point")(s, z, factor / 2, square, back, event)
    value = case.real("value")
    case.assume(value == at(z, worst), value >= 0, at(square, worst) == value * value, label="Z >= 0, and its square")
    case.principle("at a point", X=z, m=F(0), eta=share * first, w=worst, A=event, B=event)
    case.lemma("a square", (factor * value - 1) * (factor * value - 1) >= 0)
    case.lemma("divided", value <= factor / 2 * (value * value) + back)
    case.principle("domination", s=s, X=z, c=share * first, a=factor / 2, Y=square, d=back, A=event)
    chance = case.word("chance")(s, event)
    case.lemma("the means", width <= factor / 2 * second + back * chance)
    case.lemma("times 2k", width * factor <= chance)
    case.show("the chance", chance * second >= least(share) * (first * first))


def heavier(moments: Moments, entry: Number) -> Moments:
    """A fourth moment that is too large (the twin's)."""
    found = with_entry(moments, entry)
    return Moments(found.count, found.second, found.fourth + 3 * entry * entry * entry * entry)


@obligation(
    "strip.separation.r1",
    paper="the strip",
    kind="induction",
    of=lambda case: with_entry,
    twin=lambda case: heavier,
)
def a_random_query_separates_well(added: Callable[[Moments, Number], Moments], case: Case) -> None:
    """For any number of integer entries: the fourth moment of X is at most 3 times the square of the second, sigma^2,
    which is at least N = |g|_1. So by Paley and Zygmund's inequality (``strip.separation.often``) the chance of X^2 >
    sigma^2/2 is at least 1/12."""
    entry = case.integer("entry")
    state = {"second": case.real("second"), "fourth": case.real("fourth"), "norm": case.integer("norm")}

    def advance(s: dict[str, Any]) -> dict[str, Any]:
        found = added(Moments(0, s["second"], s["fourth"]), s["entry"])
        size = select(s["entry"] < 0, -s["entry"], s["entry"])
        return {"second": found.second, "fourth": found.fourth, "norm": s["norm"] + size}

    run = case.induction(
        "over the entries",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"entry": entry},
        advance=advance,
        holds=lambda s: every(s["norm"] >= 0, s["second"] >= s["norm"], s["fourth"] <= 3 * s["second"] * s["second"]),
    )
    at = case.reached(run)
    second, fourth = at["second"], at["fourth"]
    case.show("the fourth moment", fourth <= 3 * second * second)
    case.show("the second moment", second >= at["norm"])
    s, z, of_fourth = case.real("s"), case.real("X^2"), case.real("X^4")
    often = case.use("strip.separation.often", s=s, Z=z, **{"Z^2": of_fourth, "t": F(1, 2)})
    mean, event = case.word("mean"), case.word("strays")(z, F(0), second / 2)
    case.assume(
        second > 0, second == mean(s, z), fourth == mean(s, of_fourth), often.premises, label="two moments of X"
    )
    chance = case.word("chance")(s, event)
    case.lemma("Paley and Zygmund's inequality", 4 * chance * fourth >= second * second)
    case.lemma("in units of the square", (12 * chance - 1) * (second * second) >= 0)
    case.show("the chance", chance >= ONE_TWELFTH)
