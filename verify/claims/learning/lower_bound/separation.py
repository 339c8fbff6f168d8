"""SQ is strictly less than PAC (Corollary 2): parities are learned from n + 3 samples, and not by few queries.

Proved here: two parities differ on half of the points (``corollary2.half``); a method that returns a parity which fits
its m samples has an expected loss of at most (2^n - 1) 2^(-m) / 2 (``corollary2.samples``); so n + 3 samples do what
no SQ method does whose k/tau^2 is below about 2^n (``corollary2.separation``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.descent import squared_loss
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select
from constructions.learning.lower_bound import least_expected
from constructions.learning.parities import sign
from verify.claims.learning.lower_bound.best import BEST
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.use import Used

F = Fraction


@obligation(
    "corollary2.half",
    paper="Corollary 2",
    of=lambda case: sign,
    twin=lambda case: lambda label: 1 - label,
)
def parities_differ_on_half(signed: Callable[[Number], Number], case: Case) -> None:
    """For any number of bits and two parities that differ in some bit: they give the same label to exactly half of the
    points. For, the signed sum of 1 over the points without this bit is that over the points with it, so the signed sum
    over all is 0; and it is the number of points with the same label less that of the others."""
    points, same, half, whole = (case.real(name) for name in ("points", "same", "half", "whole"))
    used = case.use(
        "parities.halves",
        **{"target has the bit": F(1)},
        **{f"over the points reached: {name}": half for name in ("low", "high")},
        **{"over the points reached: whole": whole},
    )
    case.assume(used.premises, label="the sums of 1 over the points of two halves")
    alike, unlike = same * signed(F(0)), (points - same) * signed(F(1))
    case.assume(whole == alike + unlike, label="points with the same label, and the others with the sign of 1")
    case.show("half", 2 * same == points)


@obligation(
    "corollary2.samples",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: squared_loss,
    twin=lambda case: lambda output, label: 3 * squared_loss(output, label),
)
def samples_find_the_parity(loss: Callable[[Number, Number], Number], case: Case) -> None:
    """For every n and m, every parity of n uniform bits and every method that returns a parity which fits its m
    samples: its expected loss is at most (2^n - 1) 2^(-m) / 2. A wrong parity fits one sample with chance 1/2, m of
    them with chance 2^(-m) (by induction over the samples), and one of 2^n - 1 with at most 2^n - 1 times that (by
    induction over the parities). Only then can another parity be returned, and it loses at most 1/2."""
    s, other, fits = case.real("samples"), case.real("other"), case.real("fits one")
    chance, both, either = case.word("chance"), case.word("both"), case.word("either")
    sure, never = case.real("sure"), case.real("never")
    case.assume(chance(s, sure) == 1, chance(s, never) == 0, label="what always happens, and what never does")
    alike = case.use("corollary2.half", points=F(1), same=case.real("share that is alike"))
    case.assume(alike.premises, label="two parities that differ, in shares of all points")
    in_a_row = {"m": case.integer("m"), "size": case.real("size"), "event": case.real("event")}
    case.principle("fresh batches", s=s, A=in_a_row["event"], B=fits)
    run = case.induction(
        "over the samples",
        state=in_a_row,
        start={"m": F(0), "size": F(1), "event": sure},
        inputs={"fits": fits},
        given=lambda at: every(
            chance(s, at["fits"]) == case.real("share that is alike"),
            case.word("are independent")(s, at["event"], at["fits"]),
        ),
        advance=lambda at: {"m": at["m"] + 1, "size": 2 * at["size"], "event": both(at["event"], at["fits"])},
        holds=lambda at: every(at["m"] >= 0, at["size"] >= 1, chance(s, at["event"]) * at["size"] == 1),
    )
    size = case.reached(run)["size"]
    one_of = {"parities": case.integer("parities"), "bad": case.real("bad")}
    case.principle("union bound", s=s, A=one_of["bad"], B=other)
    among = case.induction(
        "over the parities",
        state=one_of,
        start={"parities": F(0), "bad": never},
        inputs={"other": other},
        fixed=("over the samples reached", "corollary2.half"),
        given=lambda at: chance(s, at["other"]) * size == 1,
        advance=lambda at: {"parities": at["parities"] + 1, "bad": either(at["bad"], at["other"])},
        holds=lambda at: every(at["parities"] >= 0, chance(s, at["bad"]) * size <= at["parities"]),
    )
    the_loss(loss, case, case.reached(among), size)


def the_loss(loss: Callable[[Number, Number], Number], case: Case, at: State, size: Number) -> None:
    """From the chance that another parity fits to the expected loss."""
    s, lost = case.real("samples"), case.real("loss of the method")
    point = case.word("worst point")(s, lost, F(0), F(0), F(1, 2), at["bad"])
    prediction, label = case.integer("prediction"), case.integer("label")
    case.assume(prediction >= 0, prediction <= 1, label >= 0, label <= 1)
    case.lemma("a wrong label loses 1/2", loss(prediction, label) <= F(1, 2))
    most = select(case.word("happens at")(at["bad"], point), case.real("loss there"), F(0))
    case.assume(
        implies(loss(prediction, label) <= F(1, 2), case.real("loss there") <= F(1, 2)),
        case.word("value at")(lost, point) <= most,
        label="a parity loses at most what one label does, and the right one is returned if no other fits",
    )
    case.principle("domination", s=s, X=lost, c=F(0), a=F(0), Y=F(0), d=F(1, 2), A=at["bad"])
    mean = case.word("mean")(s, lost)
    case.lemma("half of the chance", mean <= case.word("chance")(s, at["bad"]) / 2)
    case.show("few samples", 2 * mean * size <= at["parities"])


REACHED = "over the parities reached"


def learned(case: Case, size: Number, targets: Number) -> Used:
    """A method that learns each of so many parities from m samples, 2^m being the size."""
    names = {name: case.real(f"samples: {name}") for name in ("samples", "loss of the method", "event", "bad")}
    given = {"samples": names["samples"], "loss of the method": names["loss of the method"]}
    reached = {"over the samples reached: size": size, "over the samples reached: event": names["event"]}
    return case.use(
        "corollary2.samples",
        **given,
        **reached,
        **{f"{REACHED}: parities": targets - 1, f"{REACHED}: bad": names["bad"]},
    )


@obligation(
    "corollary2.separation",
    paper="Corollary 2",
    of=lambda case: least_expected,
    twin=lambda case: lambda share, left: least_expected(share, left) + share,
)
def sq_is_strictly_less_than_pac(bound: Callable[[Number, Number], Number], case: Case) -> None:
    """For every n, a method that returns a parity which fits n + 3 samples has an expected loss below 1/16 on every
    parity of n uniform bits; and every SQ method of k queries of tolerance tau > 0, with any number of random bits, has
    at least the error 1/16 on some of them, unless k/2 > tau^2 (2^n/2 - 1)."""
    targets, tau, k, m = case.integer("targets"), case.real("tau"), case.integer("k"), case.real("m")
    error, share = case.real("error"), case.real("share of all")
    sq = case.use("lowerbound.randomized", targets=targets, tau=tau, k=k, m=m, error=error, **{"share of all": share})
    case.assume(sq.premises, targets >= 1, label="an SQ method with at most this error on every parity")
    case.assume(BEST.cost * k <= tau * tau * (F(1, 2) * targets - 1), label="so few queries")
    case.lemma("at least half and one are left", (m - F(1, 2) * targets - 1) * tau * tau >= 0)
    case.lemma("in numbers", m >= F(1, 2) * targets + 1)
    case.lemma("the error, from the number", bound(share, m) <= error)
    case.lemma("in shares", share * (m - 1) >= share * (F(1, 2) * targets))
    case.show("SQ loses", error >= F(1, 16))
    pac = learned(case, 8 * targets, targets)
    case.assume(pac.premises, label="a method that returns a parity which fits n + 3 samples")
    mean = case.word("mean")(pac.values["samples"], pac.values["loss of the method"])
    case.lemma("from n + 3 samples", 16 * mean * targets <= targets - 1)
    case.show("PAC learns", mean < F(1, 16))
