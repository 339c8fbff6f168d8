"""Lemmas 3a and 12a as the paper states them: for every method with one-label queries and every source."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, within
from constructions.foundations.rounding import clip
from constructions.foundations.terms import INTEGER, REAL
from constructions.foundations.vectors import Family
from constructions.learning.models import BSQ, FBSQ
from constructions.models.blocks_in_turn import Passage, ended
from constructions.models.one_step import OneStep
from constructions.models.simulations import budget_of, lemma_3a, lemma_12a
from constructions.models.snapping import read
from verify.claims.foundations.descent.steps import vector
from verify.claims.learning.oracles.valid_answers import ASKED, AnsweredRuns, AnyQueryMethod, mean_of, refused_place
from verify.claims.models.answering.moments import PARTS, Records
from verify.claims.models.one_step.steps import numbers_given, numbers_of
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
MOMENT = "over the moments reached: "
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "written": (INTEGER,),
    "state before": (INTEGER,),
    "batch": (INTEGER,),
    "read": (REAL,),
    "entry": (REAL, INTEGER),
    "asked": ASKED,
    "next": (REAL, REAL),
    "mean over batch": (REAL, REAL, INTEGER),
}
"""The functions of which a method, its batches and a training run are made, with the kinds of their arguments."""


def functions(case: Case) -> dict[str, Any]:
    """These functions, as variables of a claim."""
    return {name: case.function(name, len(kinds), takes=kinds) for name, kinds in FUNCTIONS.items()}


def _ending(simulation: Callable[[], Any], ends: Callable[..., Any]) -> Callable[[Case], Any]:
    return lambda case: (simulation(), ends)


def one_more(before: Passage, predicted: Any) -> Any:
    """An output that is 1 too large at the end (the twins')."""
    return ended(before, predicted) + 1


@obligation(
    "lemma3a.simulates",
    paper="Lemma 3a",
    kind="induction",
    of=_ending(lemma_3a, ended),
    twin=_ending(lemma_3a, one_more),
)
def bsgd_does_what_alternating_bsq_does(subject: tuple[Any, Any], case: Case) -> None:
    """For all b, tau, k, p, r, every bSQ0/1 method (a function of its random bits and answers), every source: bSGD on
    the model that is compiled from the method has, for every precision and all numbers of Lemma 8 with error at most
    tau and a clock that ticks, at most the error of the method; k steps, r + (p + 1) k parameters, r random bits. For
    all batches, all random strings and all valid roundings the model ends as the predictor of a run of the method in
    which every answer is valid for its batch, so its loss is at most the largest that valid answers can lead to."""
    no_more_error(subject, case, same=False)
    sizes(case, BSQ(k=case.integer("k"), tau=case.real("tau"), b=case.integer("b"), p=case.integer("p")))


@obligation(
    "lemma12a.simulates",
    paper="Lemma 12a",
    kind="induction",
    of=_ending(lemma_12a, ended),
    twin=_ending(lemma_12a, one_more),
)
def fbgd_does_what_alternating_fbsq_does(subject: tuple[Any, Any], case: Case) -> None:
    """For all m, tau, k, p, r, every fbSQ0/1 method (a function of its random bits and answers) and every source: fbGD
    on the model that is compiled from the method has, for every precision and all numbers of Lemma 8 with error at most
    tau and a clock that ticks, at most the error of the method; k steps, r + (p + 1) k parameters, r random bits. For
    every sample, which is the batch of each step, the argument is that of Lemma 3a."""
    no_more_error(subject, case, same=True)
    sizes(case, FBSQ(k=case.integer("k"), tau=case.real("tau"), m=case.integer("b"), p=case.integer("p")))


def sizes(case: Case, budget: Any) -> None:
    """That the budget is the printed one: k steps, r + (p + 1) k parameters, r random bits."""
    r = case.integer("r")
    found = budget_of(replace(budget, r=r), case.real("rho"))
    case.show("steps and bits", every(found.steps == budget.k, found.r == r, found.rho == case.real("rho")))
    case.show("parameters", found.p == r + (budget.p + 1) * budget.k)


def no_more_error(subject: tuple[Any, Any], case: Case, *, same: bool) -> None:
    """State that training has at most the error of the method; ``same`` if all steps have the same batch."""
    simulation, ends = subject
    space, given, made, k = case.real("space"), case.real("loss of A"), case.real("loss of A'"), case.integer("k")
    numbers, records, sample = numbers_of(case), Records(case), case.real("sample")
    case.assume(k >= 0, label="there are k rounds")

    def batch(t: Number) -> Number:
        return sample if same else records.batch(t + 1)

    point = worst_point(case, space, made, given)
    started = AnyQueryMethod(case, F(0)).start(case.function("bits", 1)(point))
    case.assume(case.real("first") == started, label="the method starts from its random bits")
    valid = AnsweredRuns(case, batch, lambda *_: None).against_valid_answers(case.real("first"))
    valid.begin(answers=case.real("answers"))
    end = case.reached(rounds_of_training(case, numbers, records, valid, batch, same=same))
    state = records.state(end["t"] + 1)
    case.show("it is a run with valid answers", valid.reached({"t": end["t"], "state": state}))
    case.assume(end["t"] == k, label="all k steps are over")
    at, mean = case.word("value at"), case.word("mean")
    predictor = AnyQueryMethod(case, F(0)).predictor(state)
    output_is_the_predictor(case, numbers, ends, k, state)
    loss = case.function("loss", 1)(predictor)
    case.assume(at(made, point) == loss, label="the loss of A' at a point is that of this predictor")
    worst = implies(valid.reached({"t": k, "state": state}), loss <= at(given, point))
    case.assume(worst, label="the loss of A at a point is at least that of every run with valid answers")
    case.principle("domination", s=space, X=made, c=F(0), a=F(1), Y=given, d=F(0), A=F(0))
    case.show("no more error", simulation.allows(mean(space, given), mean(space, made)))
    case.show("rounds are counted from 0", case.reached(valid)["t"] >= 0)


def worst_point(case: Case, space: Number, made: Number, given: Number) -> Number:
    """The point of the space of batches and random strings at which the claim is least true."""
    return case.word("worst point")(space, made, F(1), given, F(0), F(0))


def moment_of(case: Case, mark: str) -> State:
    """Variables for a moment of training: a block after some steps."""
    names = {name: f"{mark}: {name}" for name in PARTS}
    return {name: case.integer(at) if name in ("i", "t") else case.real(at) for name, at in names.items()}


def training_at(case: Case, numbers: OneStep, moment: State, place: Number) -> Any:
    """What is known of a moment of training (``lemma3a.steps``), with an eye on the answer at one place."""
    shared = {name: case.real(name) for name in ("tau", "first", "zeros", "least")}
    return case.use(
        "lemma3a.steps",
        **numbers_given(numbers),
        **shared,
        **functions(case),
        **{"j": place, "clock at last": moment["kappa"]},
        **{f"{MOMENT}{name}": value for name, value in moment.items()},
    )


def rounds_of_training(
    case: Case, numbers: OneStep, records: Records, valid: Inductive, batch: Callable[..., Number], *, same: bool
) -> Inductive:
    """The rounds of the method along a training run: each is answered by what its step wrote, which is valid."""
    r, moment = case.integer("round"), moment_of(case, "block of the round")
    answers, state = records.read(records.written(r)), records.state(r)
    place = refused_place(case, answers, batch(r - 1), state)
    steps = training_at(case, numbers, moment, place)
    case.assume(steps.premises, label="a block of a training run")
    here: Family = vector(case, answers)
    entry = read(vector(case, records.written(r)).at(place), numbers.rho)
    case.assume(here.at(place) == entry, label="an answer is read off each parameter")
    if same:
        case.assume(records.batch(r) == batch(r - 1), label="each step has the same batch")
    t = case.integer("rounds")
    asked = {"t": t, "state": records.state(t + 1)}
    valid.go_on(asked, answers=records.read(records.written(t + 1)))
    return case.induction(
        "over the rounds",
        state={"t": t},
        start={"t": F(0)},
        inputs={"round": r, **{f"block: {name}": value for name, value in moment.items()}, **steps.unbound},
        given=lambda s: every(
            *(s[name] == s["t"] + 1 for name in ("round", "block: i", "block: t")),
            records.state(s["round"] + 1) == records.after(s["round"]),
        ),
        advance=lambda s: {"t": s["t"] + 1},
        holds=lambda s: every(s["t"] >= 0, valid.reached({"t": s["t"], "state": records.state(s["t"] + 1)})),
    )


def output_is_the_predictor(case: Case, numbers: OneStep, ends: Callable[..., Any], k: Number, state: Number) -> None:
    """That after k steps the output of the model at every point is the value of the predictor in the method's last
    state: all gates are open, the blocks give 0, and the state is read right."""
    moment, x = moment_of(case, "behind the last block"), case.real("x")
    steps = training_at(case, numbers, moment, case.integer("j"))
    case.assume(steps.premises, label="the place behind the last block of a training run")
    case.assume(moment["i"] == k, moment["t"] == k + 1, label="after k steps")
    total, open_ = case.real("total"), moment["open"]
    walk = case.use("lemma3a.walk", **{"over the blocks reached: total": total, "over the blocks reached: open": open_})
    case.assume(walk.premises, label="what the blocks give at a point")
    case.lemma("all gates are open", open_ == 1)
    prediction, predictor = case.function("prediction", 2), case.function("predictor", 1)
    case.lemma("the state is read right", moment["state"] == state)
    output = ends(Passage(total, open_), prediction(predictor(moment["state"]), x))
    case.show("the output of the model is the predictor", output == prediction(predictor(state), x))


def no_more_error_by_rounds(simulation: Any, case: Case, bound: Number, *, same: bool) -> None:
    """State that what was trained has at most the error of the method, if what is read in each round is as near to the
    mean of its query as the bound says; ``same`` if all steps have the same batch."""
    space, given, made, k = case.real("space"), case.real("loss of A"), case.real("loss of A'"), case.integer("k")
    records, sample = Records(case), case.real("sample")

    def batch(t: Number) -> Number:
        return sample if same else records.batch(t + 1)

    point = worst_point(case, space, made, given)
    started = AnyQueryMethod(case, F(0)).start(case.function("bits", 1)(point))
    case.assume(case.real("first") == started, label="the method starts from its random bits")
    case.assume(records.state(F(1)) == case.real("first"), label="so does the first round of the training")
    valid = AnsweredRuns(case, batch, lambda *_: None).against_valid_answers(case.real("first"))
    valid.begin(answers=case.real("answers"))
    end = case.reached(rounds_by_answers(bound, case, records, valid, batch))
    state = records.state(end["t"] + 1)
    case.show("it is a run with valid answers", valid.reached({"t": end["t"], "state": state}))
    case.assume(end["t"] == k, label="all k steps are over")
    at, mean = case.word("value at"), case.word("mean")
    predictor = AnyQueryMethod(case, F(0)).predictor(state)
    loss = case.function("loss", 1)(predictor)
    case.assume(at(made, point) == loss, label="what was trained returns this predictor: the loss of A' is its loss")
    worst = implies(valid.reached({"t": k, "state": state}), loss <= at(given, point))
    case.assume(worst, label="the loss of A at a point is at least that of every run with valid answers")
    case.principle("domination", s=space, X=made, c=F(0), a=F(1), Y=given, d=F(0), A=F(0))
    case.show("no more error", simulation.allows(mean(space, given), mean(space, made)))
    case.show("rounds are counted from 0", case.reached(valid)["t"] >= 0)


def rounds_by_answers(
    bound: Number, case: Case, records: Records, valid: Inductive, batch: Callable[..., Number]
) -> Inductive:
    """The rounds of the method along a training run: each is answered by what is read after its step, which is
    valid."""
    t, read, mean = case.integer("rounds"), case.real("what is read"), case.real("mean of the query")

    def answered(s: State) -> Formula:
        answers, state = records.read(records.written(s["t"] + 1)), records.state(s["t"] + 1)
        place = refused_place(case, answers, batch(s["t"]), state)
        asked = AnyQueryMethod(case, F(0)).ask(state, 1)
        return every(
            within(s["read"] - s["mean"], bound),
            vector(case, answers).at(place) == clip(s["read"]),
            mean_of(case)(batch(s["t"]), asked, 0).at(place) == s["mean"],
            within(s["mean"], F(1)),
            records.state(s["t"] + 2) == records.after(s["t"] + 1),
        )

    asked = {"t": t, "state": records.state(t + 1)}
    valid.go_on(asked, answers=records.read(records.written(t + 1)))
    return case.induction(
        "over the rounds",
        state={"t": t},
        start={"t": F(0)},
        inputs={"read": read, "mean": mean},
        given=answered,
        advance=lambda s: {"t": s["t"] + 1},
        holds=lambda s: every(s["t"] >= 0, valid.reached({"t": s["t"], "state": records.state(s["t"] + 1)})),
    )
