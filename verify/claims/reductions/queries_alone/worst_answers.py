"""Theorem 2c and Lemma 5c for every method and every source: the answers that are worst for queries of the source are
fixed before any batch is drawn.

A random string R is any one. A run of A' from R is any in which each answer is valid for queries of the source: it
reads no batch, so its states and queries are numbers of their own, and not functions of a point of the space of
batches. The batches are drawn after it: at a point of that space where none of its kp batch means strays, the run is
one of A with answers that are valid for the batches there.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies
from constructions.foundations.terms import INTEGER, REAL
from constructions.learning.models import BSQ, FBSQ
from constructions.learning.oracles import after_rounds
from constructions.learning.tails import for_all
from constructions.reductions.queries_alone import MOST_LOSS, added_loss, lemma_5c, theorem_2c
from verify.claims.learning.oracles.valid_answers import ASKED, AnsweredRuns, AnyQueryMethod, refused_place
from verify.claims.reductions.queries_alone.one_round import ROUND, bound, fresh, negated, nothing_happens
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import with_names

F = Fraction
INTEGERS = ("over the queries reached: count", "union over the queries reached: j", "in round")
ONE_ROUND = (
    "over the queries reached: inner",
    "over the queries reached: count",
    "over the queries reached: at i",
    "v",
)
FUNCTIONS = {
    "start": (REAL,),
    "asked": ASKED,
    "next": (REAL, REAL),
    "entry": (REAL, INTEGER),
    "mean over source": (REAL, INTEGER),
    "mean over batch": (REAL, REAL, INTEGER),
    "batch of": (REAL, INTEGER),
    "batch mean": ROUND,
}
"""What a method, a source and the batches are: functions of which nothing is known, by what they take."""
UNION = ("over the queries reached: j", "over the queries reached: event")


def simulation_of(build: Callable[..., Any], share: Callable[[Number], Number]) -> Callable[[Case], Any]:
    """A simulation for any delta, or for a part of it (the twin's); that it is above 0 is not checked."""
    return lambda case: with_names(build, _alone=with_names(_alone_of(build), above_zero=share))(
        delta=case.real("delta")
    )


def _alone_of(build: Callable[..., Any]) -> Any:
    return build.__globals__["_alone"]


@obligation(
    "theorem2c.simulates",
    paper="Theorem 2c",
    kind="induction",
    of=simulation_of(theorem_2c, lambda delta: delta),
    twin=simulation_of(theorem_2c, lambda delta: delta / 2),
)
def sq_does_what_bsq_does(simulation: Any, case: Case) -> None:
    """For all k, p, b >= 1, tau > 0, r, delta with kp exp(-b tau^2/8) <= delta, every bSQ method (a function of its
    random bits and answers, with predictions of any size) and every source: SQ(kp, tau/2, r) has at most delta more
    error, E[sup] as printed, by asking one query at a time and holding its predictions within [0, 1]."""
    little_more_error(simulation, lambda t: fresh(case).batch(case.real("point"), t), case)
    made: Any = simulation.budget(BSQ(k=3, tau=F(1, 2), b=1, p=2, r=7))
    case.show("the budget", every(made.k == 6, made.tau == F(1, 4), made.r == 7, made.p == 1))


@obligation(
    "lemma5c.simulates",
    paper="Lemma 5c",
    kind="induction",
    of=simulation_of(lemma_5c, lambda delta: delta),
    twin=simulation_of(lemma_5c, lambda delta: delta / 2),
)
def sq_does_what_fbsq_does(simulation: Any, case: Case) -> None:
    """For all k, p, m >= 1, tau > 0, r, delta with kp exp(-m tau^2/8) <= delta, every fbSQ method (a function of its
    random bits and answers, with predictions of any size) and every source: SQ(kp, tau/2, r) has at most delta more
    error, though all rounds of the fbSQ method see one batch. (m is written b.)"""
    sample = case.function("sample", 1)(case.real("point"))
    little_more_error(simulation, lambda t: sample, case)
    made: Any = simulation.budget(FBSQ(k=3, tau=F(1, 2), m=1, p=2, r=7))
    case.show("the budget", every(made.k == 6, made.tau == F(1, 4), made.r == 7, made.p == 1))


def little_more_error(simulation: Any, batch: Callable[[Number], Number], case: Case) -> None:
    """State that a method that asks the source itself has at most delta more error than one that asks about batches;
    ``batch`` gives the batch of a round at the point of the space of batches."""
    strings, made, given = case.real("strings"), case.real("loss of A'"), case.real("loss of A")
    string = case.word("worst point")(strings, made, F(1), given, F(0), F(0))
    first = AnyQueryMethod(case, F(0)).start(case.function("bits", 1)(string))
    k, p, delta = case.integer("k"), case.integer("p"), case.real("delta")
    case.assume(k >= 0, p >= 1, case.integer("b") >= 1, case.real("tau") > 0)
    valid, run = both_runs(first, batch, case)
    end = case.reached(run)
    case.assume(end["t"] == k, label="all rounds are over")
    at, mean = case.word("value at"), case.word("mean")
    most = added_loss(k * p, bound(case))
    over_batches = from_one_string(valid, end, case)
    worst = implies(at(made, string) > over_batches + most, lost(case) > over_batches + most)
    case.assume(worst, label="if A' can lose more than so much, the run is one of its runs that do")
    case.assume(at(given, string) == over_batches, label="the error of A from a random string")
    case.lemma("from a string", at(made, string) <= at(given, string) + most)
    case.assume(bound(case) >= 0, label="2 exp(x) is not negative")
    case.assume(most <= delta, label="kp exp(-b tau^2/8) <= delta")
    case.lemma("not negative", most >= 0)
    case.principle("domination", s=strings, X=made, c=most, a=F(1), Y=given, d=F(0), A=F(0))
    case.show("at most delta more error", simulation.allows(mean(strings, given), mean(strings, made)))
    case.show("rounds are counted from 0", case.reached(valid)["t"] >= 0)


def both_runs(first: Number, batch: Callable[[Number], Number], case: Case) -> tuple[Inductive, Inductive]:
    """The runs of A with valid answers about the batches at a point, and those of A' with valid answers about the
    source, of which each is one of A where nothing strays."""
    point, never, space = case.real("point"), nothing_happens(case), case.real("space")
    runs = AnsweredRuns(case, batch, after_rounds)
    valid = runs.against_valid_answers(first)
    valid.begin(answers=case.real("answers"))
    inputs = a_round(batch, case)
    inner, t, event = inputs["asking"], inputs["in round"], inputs["union " + UNION[1]]
    valid.go_on({"t": t, "state": inner}, answers=inputs["answers"])
    before = case.real("bad before")
    case.principle("union bound", s=space, A=before, B=event)
    case.principle("at a point", X=F(0), m=F(0), eta=F(0), w=point, A=before, B=event)
    state = {"t": case.integer("round"), "state": case.real("at"), "bad": case.real("bad"), "n": case.integer("n")}
    either, chance, p = case.word("either"), case.word("chance"), case.integer("p")

    def known(s: State) -> Formula:
        return every(s["t"] == s["in round"], s["state"] == s["asking"], s["bad"] == s["bad before"])

    def holds(s: State) -> Formula:
        counted = every(s["t"] >= 0, s["n"] == s["t"] * p, chance(space, s["bad"]) <= for_all(s["n"], bound(case)))
        return every(counted, implies(negated(case, s["bad"]), valid.reached({"t": s["t"], "state": s["state"]})))

    run = case.induction(
        "over the rounds",
        state=state,
        start={"t": F(0), "state": first, "bad": never, "n": F(0)},
        inputs={**inputs, "bad before": before},
        given=known,
        advance=lambda s: {
            "t": s["t"] + 1,
            "state": s["after"],
            "bad": either(s["bad"], s["union " + UNION[1]]),
            "n": s["n"] + p,
        },
        holds=holds,
    )
    return valid, run


def a_round(batch: Callable[[Number], Number], case: Case) -> dict[str, Number]:
    """The inputs of a round of A': the state that asks, its p answers, each valid for queries of the source, and what
    the two claims about a round say of them."""
    inputs = {name: case.real(name) for name in ("asking", "answers", "after")} | {"in round": case.integer("in round")}
    for name in (*ONE_ROUND, *("union " + each for each in UNION)):
        inputs[name] = case.integer(name) if name in INTEGERS else case.real(name)
    inner, t, answers = inputs["asking"], inputs["in round"], inputs["answers"]
    place = refused_place(case, answers, batch(t), inner)
    moment = {name: inputs[name] for name in ONE_ROUND}
    size = {name: case.integer(name) for name in ("k", "p", "b", "r")} | {"tau": case.real("tau")}
    seen = size | functions(case, "start", "asked", "next", "entry", "mean over source")
    block = case.use("theorem2c.block", state=inner, i=place, answers=answers, after=inputs["after"], **moment, **seen)
    case.assume(block.premises, label="p rounds of A' with valid answers")
    case.assume(fresh(case).batch(case.real("point"), t) == batch(t), label="the batch of the round")
    union = {name: inputs["union " + name] for name in UNION}
    batches = functions(case, "batch mean", "batch of", "mean over batch", "mean over source")
    batches |= {name: size[name] for name in ("p", "b", "tau")}
    batches |= {name: case.real(name) for name in ("point", "space", "never")}
    strays = case.use("theorem2c.strays", state=inner, t=t, i=place, **union, **batches)
    case.assume(strays.premises, label="the batch means of the p queries")
    return inputs


def functions(case: Case, *names: str) -> dict[str, Any]:
    """Functions that a claim shares with those about a round."""
    return {name: case.function(name, len(FUNCTIONS[name]), takes=FUNCTIONS[name]) for name in names}


def lost(case: Case) -> Number:
    """The loss of the run of A', which is the same whatever the batches are."""
    return case.word("mean")(case.real("source"), case.real("loss, clipped"))


def from_one_string(valid: Inductive, end: State, case: Case) -> Number:
    """From one random string: the loss of a run of A' is at most the error of A, which is returned, and half of the
    chance that something strays."""
    space, given, fixed = case.real("space"), case.real("loss by batches"), case.real("loss, fixed")
    at, mean, bad = case.word("value at"), case.word("mean"), end["bad"]
    point, losses = case.real("point"), mean(case.real("source"), case.real("loss"))
    case.assume(point == case.word("worst point")(space, fixed, F(1), given, MOST_LOSS, bad))
    about = {name: case.real(name) for name in ("source", "loss", "loss, clipped")}
    less = case.use("theorem2c.clipped", **about)
    case.assume(less.premises, label="the predictions of A at the end of the run, and what A' makes of them")
    same = every(at(fixed, point) == lost(case), mean(space, fixed) == lost(case))
    case.assume(same, label="the run of A' reads no batch: its loss is the same at all points")
    case.assume(at(given, point) >= 0, label="no loss is negative")
    legal = valid.reached({"t": end["t"], "state": end["state"]})
    case.assume(implies(legal, losses <= at(given, point)), label="A loses at least what a valid run of it loses")
    case.principle("domination", s=space, X=fixed, c=F(0), a=F(1), Y=given, d=MOST_LOSS, A=bad)
    most = added_loss(end["n"], bound(case))
    case.lemma("for the batches", lost(case) <= mean(space, given) + most)
    return mean(space, given)
