"""Any SQ method about parities loses on some target: the average over those left, and the run that they all share.

Proved here: the average loss of any predictor over the targets that are left (``lowerbound.average``), and that no
larger bound holds (``lowerbound.sharp``); a target that is left sees valid answers only, so what comes of the run
counts for it (``lowerbound.same_run``); hence the bound for every method without random bits, or for every string of
them (``lowerbound.any_method``), and how many queries a method asks that learns all parities to a given error
(``lowerbound.queries``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, within
from constructions.learning.lower_bound import is_kept, least_average
from constructions.learning.oracles import is_valid
from constructions.learning.parities import summed_loss
from verify.claims.learning.lower_bound.best import BEST
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.use import Used

F = Fraction
Bound = Callable[[Number], Number]


def too_much(share: Number) -> Number:
    """A bound that is a little larger (the twins')."""
    return least_average(share) + share / 100


@obligation(
    "lowerbound.average",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: least_average,
    twin=lambda case: too_much,
)
def whoever_is_left_loses(bound: Bound, case: Case) -> None:
    """For any number n of bits, any set of M >= 1 targets and every predictor with real values: the losses on these
    targets sum to at least M times the bound, so on the target of the set on which the predictor loses most it loses at
    least the bound, (1 - 1/M)/8. The largest losses to which valid answers can lead sum to no less, over all targets:
    they are not negative, and on the set they are at least these losses. By induction over all targets, with Parseval's
    equation for u = 2h - 1; the loss of a target is what the code makes of its signed sum."""
    of_target(case)
    at = case.reached(over_the_targets(case))
    size, square, share, part = (case.real(name) for name in ("size", "square", "share", "part"))
    many, named = case.integer("M"), case.real("named")
    passes = {"bits": case.integer("bits"), "size": size, "squares": at["all squares"]}
    used = case.use(
        "parities.parseval",
        "Parseval",
        energy=square,
        before=case.real("before"),
        after=case.real("after"),
        **{f"over the passes reached: {name}": number for name, number in passes.items()},
    )
    case.assume(used.premises, label="the signed sums of u are what n passes make of it")
    case.assume(at["count"] == many, label="M targets are in the set")
    case.lemma("all of them", share * share * at["all squares"] == share * square)
    case.lemma("in the set", share * share * at["squares"] <= share * square)
    case.lemma("times M", many * (share * share * at["squares"]) <= many * (share * square))
    case.lemma("the sum", 8 * at["losses"] >= many - 1)
    case.lemma("the bound", many * bound(part) <= at["losses"])
    case.show("on average", many * bound(part) <= at["losses"])
    case.show("the named target", named >= bound(part))
    case.show("all targets", many * bound(part) <= at["total"])


def of_target(case: Case) -> None:
    """The loss of one target: with c the mean of sign * u, 2 c is at least -(M c^2 + 1/M)."""
    size, square, share, part = (case.real(name) for name in ("size", "square", "share", "part"))
    many, signed, chosen = case.integer("M"), case.real("signed"), case.integer("in")
    case.assume(chosen >= 0, chosen <= 1, many >= 1, part * many == 1, size >= 1, share * size == 1, square >= 0)
    least = many * (share * signed + part) * (share * signed + part)
    case.lemma("a square", least >= 0)
    case.lemma("expanded", least == many * share * share * signed * signed + 2 * share * signed + part)
    one = 1 + share * square - many * share * share * signed * signed - part
    case.lemma("one target", 8 * summed_loss(size, square, signed) * share >= one)


def over_the_targets(case: Case) -> Inductive:
    """The sums over all targets, and over those of the set."""
    size, square, share, part = (case.real(name) for name in ("size", "square", "share", "part"))
    many, named, signed, chosen = case.integer("M"), case.real("named"), case.real("signed"), case.integer("in")

    def loss_of(s: State) -> Number:
        return summed_loss(size, square, s["signed"]) * share

    def advance(s: State) -> State:
        return {
            "all squares": s["all squares"] + s["signed"] * s["signed"],
            "count": s["count"] + s["in"],
            "squares": s["squares"] + s["in"] * s["signed"] * s["signed"],
            "losses": s["losses"] + s["in"] * loss_of(s),
            "total": s["total"] + s["largest"],
        }

    sums = ("all squares", "squares", "losses", "total")
    state = {name: case.real(name) for name in sums} | {"count": case.integer("count")}
    return case.induction(
        "over the targets",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"signed": signed, "in": chosen, "largest": case.real("largest")},
        given=lambda s: every(
            s["largest"] >= 0, implies(s["in"] == 1, every(loss_of(s) <= named, s["largest"] >= loss_of(s)))
        ),
        advance=advance,
        holds=lambda s: every(
            s["count"] >= 0,
            s["squares"] <= s["all squares"],
            s["losses"] <= s["count"] * named,
            s["losses"] <= s["total"],
            8 * s["losses"] >= s["count"] * (1 + share * square - part) - many * share * share * s["squares"],
        ),
    )


@obligation("lowerbound.sharp", paper="Corollary 2", of=lambda case: least_average, twin=lambda case: too_much)
def no_larger_bound_holds(bound: Bound, case: Case) -> None:
    """For any n and any set of M targets: a predictor whose u has the sum of squares 2^n/M and the signed sum -2^n/M on
    each target of the set loses exactly the bound on each. The average of the labels of the set is one
    (``lowerbound.sharp.average``)."""
    size, share, part = (case.real(name) for name in ("size", "share", "part"))
    case.assume(size >= 1, share * size == 1, part > 0, part <= 1)
    case.show("the same", summed_loss(size, size * part, -size * part) * share == bound(part))


INPUTS = ("answer", "uniform", "deviation", "offset", "W after")


@obligation(
    "lowerbound.same_run",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: is_kept,
    twin=lambda case: lambda deviation, offset, tau: is_kept(deviation, offset, 2 * tau),
)
def who_is_left_shares_the_run(kept: Callable[..., Formula], case: Case) -> None:
    """For every SQ method (a function of its random bits and of the answers to its queries), every target, any number k
    of queries and every tau >= 0: if the target is never further than tau from an answer, all answers were valid for
    it. So the largest loss to which valid answers can lead is at least the loss of what the method returns in this
    run."""
    tau, start, largest = case.real("tau"), case.real("start"), case.real("largest loss")
    given, shift = {name: case.real(name) for name in INPUTS}, case.real("shift")
    means = {name: given[name] for name in ("uniform", "deviation")}
    answers = case.use("lowerbound.answer", "valid", **means, tau=tau, shift=shift)
    answered = given["uniform"] + given["offset"]
    case.assume(tau >= 0, answers.premises, label="the means of a query")
    case.assume(given["answer"] == answered, within(answered, F(1)), label="an answer at some offset")
    follows = case.function("next", 2)

    def allowed(s: State) -> Formula:
        truth = s["uniform"] + s["deviation"]
        return implies(is_valid(s["answer"], truth, tau), s["W"] >= s["W after"])

    def advance(s: State) -> State:
        return {
            "asked": s["asked"] + 1,
            "state": follows(s["state"], s["answer"]),
            "W": s["W after"],
            "left": s["left"] * select(kept(s["deviation"], s["offset"], tau), F(1), F(0)),
        }

    state = {"asked": case.integer("asked"), "left": case.integer("left")}
    run = case.induction(
        "over the queries",
        state=state | {"state": case.real("state"), "W": case.real("W")},
        start={"asked": F(0), "left": F(1), "state": start, "W": largest},
        inputs=given | {"shift": shift},
        given=allowed,
        advance=advance,
        holds=lambda s: every(
            s["asked"] >= 0, s["left"] >= 0, s["left"] <= 1, implies(s["left"] == 1, largest >= s["W"])
        ),
    )
    at, loss = case.reached(run), case.real("loss")
    case.assume(at["asked"] == case.integer("k"), at["W"] == loss, label="after k queries the method returns")
    case.show("it counts", implies(at["left"] == 1, largest >= loss))


RUN_REALS = (
    "start",
    "largest loss",
    *INPUTS,
    "shift",
    "over the queries reached: state",
    "over the queries reached: W",
)


def who_is_left(case: Case) -> Used:
    """The targets that are left after k queries, and what any predictor loses on them."""
    tau, k, targets, many = case.real("tau"), case.integer("k"), case.integer("targets"), case.integer("M")
    left = case.use(
        "lowerbound.left",
        "left",
        tau=tau,
        targets=targets,
        **{"over the queries reached: asked": k, "over the queries reached: left": many},
    )
    case.assume(left.premises, label="k queries")
    case.assume(targets * tau * tau > k * BEST.cost, label="not all targets can fall")
    case.lemma("some are left", many >= 1)
    average = case.use("lowerbound.average", M=many, size=targets, named=case.real("loss"), part=case.real("part"))
    case.assume(average.premises, label="the predictor, and the target on which it loses most among those left")
    return average


def the_game(case: Case) -> tuple[Number, Number, Number]:
    """A whole run against any method, with the target that is named: how many targets are left, the share of one of
    them, and the largest loss on the named one."""
    average, tau, k = who_is_left(case), case.real("tau"), case.integer("k")
    run = case.use(
        "lowerbound.same_run",
        tau=tau,
        k=k,
        loss=case.real("loss"),
        **{name: case.real(f"run: {name}") for name in RUN_REALS},
        **{"over the queries reached: left": F(1), "over the queries reached: asked": k},
        next=case.function("next", 2),
    )
    case.assume(run.premises, label="the run, in which the named target is left")
    return average.values["M"], average.values["part"], run.values["largest loss"]


@obligation(
    "lowerbound.any_method",
    paper="Corollary 2",
    of=lambda case: least_average,
    twin=lambda case: too_much,
)
def every_method_loses(bound: Bound, case: Case) -> None:
    """For every n, k and tau > 0 with 2^n tau^2 > k/2, and every SQ method that asks k queries of tolerance tau
    about n uniform bits, a function of the answers: there is a parity on which it has at least the error (1 - 1/M)/8,
    for a whole number M >= 2^n - k/(2 tau^2). The error is at least 1/8 - 2^(-n) - k/(tau^2 2^n)."""
    many, part, largest = the_game(case)
    tau, k, targets, share = case.real("tau"), case.integer("k"), case.integer("targets"), case.real("share of all")
    case.show("the error", largest >= bound(part))
    case.show("so many are left", many * tau * tau >= targets * tau * tau - k * BEST.cost)
    case.assume(k >= 0, share * targets == 1, case.real("k/tau^2") * tau * tau == k)
    asked = case.real("k/tau^2")
    case.lemma("not negative", asked >= 0)
    case.lemma("all but so many", (many - targets + asked) * tau * tau >= 0)
    case.lemma("all but so many are left", targets <= many + asked)
    case.lemma("times what is left", many + asked <= many * (1 + asked))
    case.lemma("divided", part * targets <= 1 + asked)
    case.lemma("divided again", part <= share * (1 + asked))
    case.show("in the usual form", largest >= F(1, 8) - share - asked * share)


@obligation(
    "lowerbound.queries",
    paper="Corollary 2",
    of=lambda case: BEST.cost,
    twin=lambda case: BEST.cost * F(1, 2),
)
def learning_parities_takes_many_queries(cost: Fraction, case: Case) -> None:
    """For every n, k, tau > 0 and every SQ method of k queries of tolerance tau that has at most the error e < 1/8 on
    every parity of n uniform bits: k is at least 2 tau^2 (2^n - 1/(1 - 8 e))."""
    tau, k, targets, error = case.real("tau"), case.integer("k"), case.integer("targets"), case.real("error")
    many, part, largest = the_game(case)
    case.assume(error < F(1, 8), largest <= error, label="it learns the named parity, too")
    case.lemma("the error", largest >= least_average(part))
    case.lemma("few are left", (1 - 8 * error) * many <= 1)
    case.lemma(
        "times tau^2", (1 - 8 * error) * (targets * tau * tau - k * BEST.cost) <= (1 - 8 * error) * many * tau * tau
    )
    case.lemma("less", (1 - 8 * error) * many * tau * tau <= tau * tau)
    case.show("many queries", (1 - 8 * error) * k * cost >= tau * tau * ((1 - 8 * error) * targets - 1))
