"""Methods with random bits: the expected loss on some target.

Proved here, from linearity and domination: a method whose expected loss is at most e on every parity has e at least
1/8 - (1 + k/(2 tau^2))/(8 * 2^n) (``lowerbound.randomized``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.learning.lower_bound import least_expected
from verify.claims.learning.lower_bound.any_method import who_is_left
from verify.claims.learning.lower_bound.best import BEST
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction


@obligation(
    "lowerbound.randomized",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: least_expected,
    twin=lambda case: lambda share, left: least_expected(share, left + 1),
)
def random_bits_do_not_help(bound: Callable[[Number, Number], Number], case: Case) -> None:
    """For every n, k, tau > 0 with 2^n tau^2 > k/2, any number of random bits and every SQ method of k queries of
    tolerance tau: if on every parity of n uniform bits the mean, over the random string, of the largest loss to which
    valid answers can lead is at most e, then e is at least (m - 1)/(8 * 2^n) with m = 2^n - k/(2 tau^2). For, at
    every string the largest losses on all parities sum to at least (m - 1)/8; the mean of this sum is the sum of the
    means, by induction over the targets."""
    strings, loss, error = case.real("strings"), case.real("X"), case.real("error")
    mean, total, at = case.word("mean"), case.word("sum"), case.word("value at")
    zero, least, m = case.real("zero"), case.real("least"), case.real("m")
    case.assume(mean(strings, zero) == 0, label="the value that is 0 has the mean 0")
    state = {"targets": case.integer("targets so far"), "sum": case.real("sum")}
    case.principle("linearity", s=strings, X=state["sum"], Y=loss, a=F(1), b=F(1))
    run = case.induction(
        "over the targets",
        state=state,
        start={"targets": F(0), "sum": zero},
        inputs={"X": loss},
        given=lambda s: mean(strings, s["X"]) <= error,
        advance=lambda s: {"targets": s["targets"] + 1, "sum": total(F(1), s["sum"], F(1), s["X"])},
        holds=lambda s: every(s["targets"] >= 0, mean(strings, s["sum"]) <= s["targets"] * error),
    )
    all_of_them = case.reached(run)
    left, tau, k = who_is_left(case), case.real("tau"), case.integer("k")
    targets, share = case.integer("targets"), case.real("share of all")
    case.assume(all_of_them["targets"] == targets, share * targets == 1, label="all 2^n targets")
    case.assume(m * tau * tau == targets * tau * tau - k * BEST.cost, label="so many are left at least")
    point = case.word("worst point")(strings, least, F(1), all_of_them["sum"], F(0), F(0))
    here = left.values["over the targets reached: total"]
    case.assume(at(all_of_them["sum"], point) == here, label="the sum at a string is that of the largest losses there")
    floor = bound(F(1), m)
    case.assume(at(least, point) == floor, mean(strings, least) == floor, label="the value that is the same everywhere")
    case.lemma("at every string as many are left", (left.values["M"] - m) * tau * tau >= 0)
    case.lemma("as many", left.values["M"] >= m)
    case.lemma("the share of all", 8 * here >= left.values["M"] - 1)
    case.lemma("at every string", floor <= here)
    case.principle("domination", s=strings, X=least, c=F(0), a=F(1), Y=all_of_them["sum"], d=F(0), A=F(0))
    case.lemma("on average", floor <= targets * error)
    case.lemma("shared", floor * share <= error)
    case.show("some target", error >= bound(share, m))
