"""Facts R0 and R1: a random query separates two batches."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select
from constructions.learning.tails import Moments
from constructions.strip.separation import ONE_TWELFTH, law_of_sums, partitions, with_entry
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

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
    which is at least N = |g|_1. So if 4 p E X^4 >= (E X^2)^2 for the chance p of X^2 > sigma^2/2 (Paley and Zygmund's
    inequality, a premise here), then p >= 1/12."""
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
    at, chance = case.reached(run), case.real("p")
    second, fourth = at["second"], at["fourth"]
    case.show("the fourth moment", fourth <= 3 * second * second)
    case.show("the second moment", second >= at["norm"])
    case.assume(second > 0, 4 * chance * fourth >= second * second, chance >= 0, label="Paley and Zygmund's inequality")
    case.lemma("in units of the square", (12 * chance - 1) * (second * second) >= 0)
    case.show("the chance", chance >= ONE_TWELFTH)


@obligation(
    "strip.separation.small",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"N": n} for n in range(1, 15)),
    expect=Verdict.CHECKED,
    finite="all integer functions with |g|_1 = N up to signs and order, for N from 1 to 14",
    of=lambda case: F(1, 2),
    twin=lambda case: F(5, 8),
)
def separation_of_small_functions(least: Fraction, case: Case) -> None:
    """P(X != 0) >= 1/2, and P(X^2 > sigma^2/2) >= 1/12, by the exact law of X."""
    found = [(entries, law_of_sums(entries)) for entries in partitions(int(case.integer("N")), 14)]
    case.show("R0", all(1 - law.get(0, F(0)) >= least for _, law in found))
    case.show("R1", all(_far(entries, law) >= ONE_TWELFTH for entries, law in found))


def _far(entries: tuple[int, ...], law: dict[int, Fraction]) -> Fraction:
    """The chance that the square of the sum is more than half of its mean."""
    mean = sum(entry * entry for entry in entries)
    return sum((chance for value, chance in law.items() if 2 * value * value > mean), F(0))
