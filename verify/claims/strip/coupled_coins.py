"""Claims about two coins whose heads never differ by more than k: by induction for all b and k, and by exact tables."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select
from constructions.strip.coupled_coins import CoupledCoins, bias_of, growth, is_below, next_slack, weights_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

F = Fraction
Weights = Callable[[Number, Number], tuple[Number, Number]]
Pair = tuple[Number, Number]
MOST_TOSSES = 16


def one_more(b: Number, hidden: Number) -> tuple[Number, Number]:
    """The odds for the next larger bias (the twins')."""
    return weights_of(b, hidden + 1)


@obligation("strip.coupling.quotient", paper="the strip", of=lambda case: weights_of, twin=lambda case: one_more)
def the_quotient_never_rises(weights: Weights, case: Case) -> None:
    """For all k >= 1, b >= k and l from 0 to b - k, and p : q = b + 1 + k : b + 1 - k: if P(N+ = l + k) < P(N- = l),
    for l heads in b tosses with the chances q/(p + q) and p/(p + q), then P(N+ = l + k + 1) < P(N- = l + 1). For (p^2
    u w)/(q^2 (u + k)(w + k)) <= 1 with u = l + 1 and w = b - k - l: that is 4 u w <= (u + w)^2."""
    b, k, heads = case.integer("b"), case.integer("k"), case.integer("l")
    low, high = case.real("P(N- = l)"), case.real("P(N+ = l + k)")
    case.assume(k >= 1, heads >= 0, heads <= b - k, low > 0, high >= 0, high < low)
    p, q = weights(b, k)
    u, w = heads + 1, b - k - heads
    less, more = p * p * (u * w), q * q * ((u + k) * (w + k))
    case.lemma("a square", 4 * u * w <= (u + w) * (u + w))
    case.lemma("times k (q + k)", (4 * u * w) * (k * (u + w + k)) <= ((u + w) * (u + w)) * (k * (u + w + k)))
    case.lemma("the quotient of quotients", less <= more)
    case.lemma("the greater one is above 0", more > 0)
    next_low, next_high = case.real("P(N- = l + 1)"), case.real("P(N+ = l + k + 1)")
    grown = every(*(grows(*row) for row in next_chances(b, k, heads, (low, next_low), (high, next_high), weights)))
    case.assume(grown, label="the next two chances")
    case.lemma("P(N- = l + 1)", next_low * (u * p) == low * ((w + k) * q))
    case.lemma("P(N+ = l + k + 1)", next_high * ((u + k) * q) == high * (w * p))
    scale = (u * p) * ((u + k) * q)
    case.lemma("the scale is above 0", scale > 0)
    case.lemma("both by one scale", every(next_low * scale == low * more, next_high * scale == high * less))
    case.lemma("less", every(high * less <= high * more, high * more < low * more))
    case.lemma("times the scale", (next_low - next_high) * scale > 0)
    case.show("still less", next_high < next_low)
    case.show("above 0", next_low > 0)
    case.show("not below 0", next_high >= 0)


def next_chances(
    b: Number, k: Number, heads: Number, low: Pair, high: Pair, weights: Weights = weights_of
) -> tuple[tuple[Pair, Pair], tuple[Pair, Pair]]:
    """Each chance with the next one, and their quotient: of N- at l, and of N+ at l + k."""
    p, q = weights(b, k)
    return (low, growth(heads, b, q, p)), (high, growth(heads + k, b, p, q))


def grows(chances: Pair, quotient: Pair) -> Formula:
    """Whether two chances have a quotient."""
    return chances[1] * quotient[1] == chances[0] * quotient[0]


def first_chances(case: Case, names: Sequence[str]) -> State:
    """f(0), P(N- = 0) and P(N+ = k), of which only the signs matter."""
    begun = {name: case.real(f"first {name}") for name in names}
    slack, low, high = begun.values()
    case.assume(slack >= 0, label="f(0) = 1 - P(N+ >= k) is not negative")
    case.assume(low > 0, high >= 0, label="chances")
    return begun


@obligation(
    "strip.coupling.sure", paper="the strip", kind="induction", of=lambda case: next_slack, twin=lambda case: _no_fall
)
def the_worlds_never_differ_by_more(advanced: Callable[..., Number], case: Case) -> None:
    """For all k >= 1 and b >= k, and two coins with the chances 1/2 + beta and 1/2 - beta of heads, beta = k/(2b + 2):
    no slack f(l) = P(N- >= l) - P(N+ >= l + k) is negative, l = 0, ..., b + 1 - k. So quantiles of the same number, the
    heads in b tosses of each, differ by at most k. By induction over l: if a slack is negative, so are all further
    ones; but f(b + 1 - k) = P(N- >= b + 1 - k) is not."""
    b, k = case.integer("b"), case.integer("k")
    case.assume(k >= 1, b >= k)
    names = ("f", "P(N- = l)", "P(N+ = l + k)", "least")
    state = {"l": case.integer("l")} | {name: case.real(name) for name in names}
    begun = first_chances(case, names[:3])
    after = {name: case.real(name) for name in ("P(N- = l + 1)", "P(N+ = l + k + 1)")}
    case.use("strip.coupling.quotient", b=b, k=k, **{name: state[name] for name in ("l", *names[1:3])}, **after)

    def both(s: State) -> tuple[tuple[Pair, Pair], tuple[Pair, Pair]]:
        low, high = (s["P(N- = l)"], s["P(N- = l + 1)"]), (s["P(N+ = l + k)"], s["P(N+ = l + k + 1)"])
        return next_chances(b, k, s["l"], low, high)

    def advance(s: State) -> State:
        slack = advanced(s["f"], s["P(N- = l)"], s["P(N+ = l + k)"])
        return {
            "l": s["l"] + 1,
            "f": slack,
            "P(N- = l)": s["P(N- = l + 1)"],
            "P(N+ = l + k)": s["P(N+ = l + k + 1)"],
            "least": select(slack < s["least"], slack, s["least"]),
        }

    def holds(s: State) -> Any:
        falls = every(s["f"] < 0, s["P(N+ = l + k)"] < s["P(N- = l)"])
        positive = every(s["P(N- = l)"] > 0, s["P(N+ = l + k)"] >= 0)
        return every(s["l"] >= 0, positive, s["least"] <= s["f"], implies(s["least"] < 0, falls))

    run = case.induction(
        "over the heads",
        state=state,
        start={"l": F(0), **begun, "least": begun["f"]},
        inputs=after,
        given=lambda s: every(s["l"] <= b - k, *(grows(*row) for row in both(s))),
        advance=advance,
        holds=holds,
    )
    at = case.reached(run)
    case.assume(at["l"] == b + 1 - k, at["f"] >= 0, label="f(b + 1 - k) is a chance, as no one has more than b heads")
    case.show("no slack is negative", at["least"] >= 0)


def _no_fall(slack: Number, low: Number, high: Number) -> Number:
    """A slack that never falls below the one before by more than half of what it should (the twin's)."""
    return slack - 2 * low + high


def is_at_most(number: Number, chance: Number) -> Any:
    """Whether a number is at most a chance (the twin's)."""
    return number <= chance


@obligation(
    "strip.coupling.quantile",
    paper="the strip",
    kind="induction",
    of=lambda case: is_below,
    twin=lambda case: is_at_most,
)
def quantiles_have_the_law(below: Callable[[Number, Number], Any], case: Case) -> None:
    """For every b, every k from 1 on and whole numbers A(1) >= A(2) >= ... from 0 to the total: the number of heads,
    which is how many A(j) are above the number u that was drawn, is at least k exactly if u < A(k). So of the total
    equally likely numbers u exactly A(k) give k heads or more: the heads have the law of which A(k) are the chances,
    times the total, in both worlds."""
    u, k, now, total = case.integer("u"), case.integer("k"), case.integer("next A"), case.integer("total")
    case.assume(k >= 1, u >= 0, u < total)
    state = {name: case.integer(name) for name in ("j", "heads", "last A", "A(k)")}
    run = case.induction(
        "over the numbers of heads",
        state=state,
        start={"j": F(0), "heads": F(0), "last A": total, "A(k)": total},
        inputs={"next A": now},
        given=lambda s: every(s["next A"] >= 0, s["next A"] <= s["last A"]),
        advance=lambda s: {
            "j": s["j"] + 1,
            "heads": s["heads"] + select(below(u, s["next A"]), F(1), F(0)),
            "last A": s["next A"],
            "A(k)": select(s["j"] + 1 == k, s["next A"], s["A(k)"]),
        },
        holds=lambda s: every(
            s["j"] >= 0,
            s["heads"] <= s["j"],
            implies(u < s["last A"], s["heads"] == s["j"]),
            implies(u >= s["last A"], s["heads"] < s["j"]),
            implies(s["j"] >= k, every(s["last A"] <= s["A(k)"], (s["heads"] >= k) == (u < s["A(k)"]))),
        ),
    )
    at = case.reached(run)
    case.show("k heads or more", (at["heads"] >= k) == (u < at["A(k)"]), given=at["j"] >= k)


@obligation(
    "strip.coupling.tables",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"b": b, "k": k} for b in range(1, MOST_TOSSES + 1) for k in range(b + 1)),
    expect=Verdict.CHECKED,
    finite=f"all 0 <= k <= b <= {MOST_TOSSES}",
    of=lambda case: weights_of,
    twin=lambda case: one_more,
)
def tables_of_the_coupling(weights: Weights, case: Case) -> None:
    """By exact tables: the coupled heads have the laws of b tosses with the chances 1/2 - beta and 1/2 + beta, beta =
    k/(2b + 2), and never differ by more than k, nor by less than 0."""
    b, k = int(case.integer("b")), int(case.integer("k"))
    up, down = weights(b, k)
    coins = CoupledCoins(b, k, (int(up), int(down)))
    case.show("the bias", coins.bias == bias_of(F(b), k))
    case.show("no slack is negative", coins.is_sure)
    law = list(coins.law())
    case.show("never further apart", all(0 <= high - low <= k for low, high, _ in law))
    for world, odds in enumerate(((down, up), (up, down))):
        wanted = [F(term, coins.total) for term in coins.terms(*map(int, odds))]
        found = [sum((pair[2] for pair in law if pair[world] == heads), F(0)) for heads in range(b + 1)]
        case.show(f"the law of world {world}", found == wanted)
