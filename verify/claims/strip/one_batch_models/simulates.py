"""bSGD on M or M* does what the method does that reads whole batches by queries: every answer is valid."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies
from constructions.foundations.terms import INTEGER, REAL
from constructions.learning.models import Simulation
from constructions.models.blocks_in_turn import Passage, ended
from constructions.models.snapping import nearest, read
from constructions.strip.simulations import NO_LOSS, parameters_of, tolerance_of
from verify.claims.foundations.descent.steps import vector
from verify.claims.learning.oracles.valid_answers import AnsweredRuns, AnyQueryMethod, mean_of, refused_place
from verify.claims.models.answering.any_method import one_more
from verify.claims.strip.one_batch_models.moments import TrainedBlocks
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.use import Used

F = Fraction
MOMENT = "over the moments reached: "
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "written": (INTEGER,),
    "mean over batch of step": (INTEGER, INTEGER),
    "record": (REAL,),
    "entry": (REAL, INTEGER),
}
"""The functions of which a training run is made, with the kinds of their arguments."""


def any_simulation() -> Simulation[Any, Any]:
    """What is promised of the model: nothing is lost."""
    return Simulation(name="M*", delta=NO_LOSS, budget=lambda budget: budget, reduce=lambda method: method)


def _ending(ends: Callable[..., Any]) -> Callable[[Case], Any]:
    return lambda case: (any_simulation(), ends)


@obligation("strip.models.simulate", paper="the strip", kind="induction", of=_ending(ended), twin=_ending(one_more))
def bsgd_does_what_the_reading_does(subject: tuple[Any, Any], case: Case) -> None:
    """For all b >= 1 and rho > 0 with b rho < 4/3 (or queries of which one is far from 0 on every batch, and no bound
    on b rho), every c that fits, every T, n and r, every bSQ method with tolerance
    3 rho/4 that asks in each round what a step of M or M* answers (a function of its random bits and answers), and
    every source: bSGD on the model has at most the error of the method, with a step for each round. For all batches,
    all strings and all valid roundings the model ends as the predictor of a run of the method in which every answer is
    valid for its batch, so its loss is at most the largest that valid answers can lead to."""
    simulation, ends = subject
    space, given, made, k = case.real("space"), case.real("loss of A"), case.real("loss of A'"), case.integer("k")
    blocks, batch = TrainedBlocks(case), case.function("batch", 1, takes=(INTEGER,))
    first, rho, held = case.real("first"), case.real("rho"), case.real("c")
    case.assume(rho > 0, held > 0, 2 * held <= 1, label="rho and c are in their ranges")
    case.assume(k >= 0, case.real("tau") == tolerance_of(rho), label="there are k rounds")
    point, at = case.word("worst point")(space, made, F(1), given, F(0), F(0)), case.word("value at")
    started = AnyQueryMethod(case, F(0)).start(case.function("bits", 1)(point))
    case.assume(first == started, state_before(case, F(1)) == first, label="the method starts from its random bits")
    valid = AnsweredRuns(case, lambda t: batch(t + 1), lambda *_: None).against_valid_answers(first)
    valid.begin(answers=case.real("answers"))
    end = case.reached(rounds_of_training(case, blocks, valid, batch))
    state = state_before(case, end["t"] + 1)
    case.show("it is a run with valid answers", valid.reached({"t": end["t"], "state": state}))
    case.assume(end["t"] == k, label="all k steps are over")
    predictor = AnyQueryMethod(case, F(0)).predictor(state)
    output_is_the_predictor(case, ends, k, predictor)
    loss = case.function("loss", 1)(predictor)
    case.assume(at(made, point) == loss, label="the loss of A' at a point is that of this predictor")
    worst = implies(valid.reached({"t": k, "state": state}), loss <= at(given, point))
    case.assume(worst, label="the loss of A at a point is at least that of every run with valid answers")
    case.principle("domination", s=space, X=made, c=F(0), a=F(1), Y=given, d=F(0), A=F(0))
    mean = case.word("mean")
    case.show("no more error", simulation.allows(mean(space, given), mean(space, made)))
    r, n, b = case.integer("r"), case.integer("n"), case.integer("b")
    case.show("parameters", parameters_of(n, b, k, r, 2) == r + 2 * (b * n + 1) * k)


def state_before(case: Case, t: Number) -> Number:
    """The method's state before round t, after the answers that were written."""
    return case.function("state before", 1, takes=(INTEGER,))(t)


def block_of_a_run(case: Case, moment: dict[str, Number], place: Number) -> Used:
    """What is known of a moment of training (``strip.run.steps``), with an eye on one place."""
    functions = {name: case.function(name, len(takes), takes=takes) for name, takes in FUNCTIONS.items()}
    functions["multiple"] = case.function("multiple", 2, takes=(INTEGER, INTEGER), gives=INTEGER)
    shared = {"b": case.integer("b"), "rho": case.real("rho"), "c": case.real("c"), "zeros": case.real("zeros")}
    reached = {f"{MOMENT}{name}": value for name, value in moment.items()}
    used = case.use("strip.run.steps", **shared, **functions, **reached, j=place, steep=case.bit("steep"))
    case.assume(used.premises, label="a block of a training run")
    return used


def moment_of(case: Case, mark: str) -> dict[str, Number]:
    """Variables for a moment of training."""
    found = {name: case.integer(f"{mark}: {name}") for name in ("i", "t")}
    return found | {name: case.real(f"{mark}: {name}") for name in ("block", "open")}


def rounds_of_training(case: Case, blocks: TrainedBlocks, valid: Inductive, batch: Callable[..., Number]) -> Inductive:
    """The rounds of the method along a training run: each is answered by what its step wrote, which is valid."""
    r, moment, rho = case.integer("round"), moment_of(case, "block of the round"), case.real("rho")
    answers, state = case.function("read", 1)(blocks.written(r)), state_before(case, r)
    place = refused_place(case, answers, batch(r), state)
    steps = block_of_a_run(case, moment, place)
    asked = AnyQueryMethod(case, F(0)).ask(state, 1)
    mean, multiple = mean_of(case)(batch(r), asked, 0).at(place), blocks.multiple(r, place)
    case.assume(blocks.mean(r, place) == mean, label="in each state the method asks what a step answers")
    entry = read(-blocks.entry(r, place), rho)
    case.assume(vector(case, answers).at(place) == entry, label="an answer is read off each parameter")
    used = case.use("lemma9.nearest", delta=rho, k=multiple, part=F(0))
    case.lemma("on the grid", every(used.premises, nearest(rho * multiple, rho) == rho * multiple))
    t = case.integer("rounds")
    valid.go_on({"t": t, "state": state_before(case, t + 1)}, answers=case.function("read", 1)(blocks.written(t + 1)))
    return case.induction(
        "over the rounds",
        state={"t": t},
        start={"t": F(0)},
        inputs={"round": r, **{f"block: {name}": value for name, value in moment.items()}, **steps.unbound},
        given=lambda s: every(
            *(s[name] == s["t"] + 1 for name in ("round", "block: t")),
            s["block: i"] == s["round"],
            state_before(case, s["round"] + 1) == after_round(case, blocks, s["round"]),
        ),
        advance=lambda s: {"t": s["t"] + 1},
        holds=lambda s: every(s["t"] >= 0, valid.reached({"t": s["t"], "state": state_before(case, s["t"] + 1)})),
    )


def after_round(case: Case, blocks: TrainedBlocks, t: Number) -> Number:
    """The method's state after the answers of round t."""
    answers = case.function("read", 1)(blocks.written(t))
    return AnyQueryMethod(case, answers).after(state_before(case, t), None)


def output_is_the_predictor(case: Case, ends: Callable[..., Any], k: Number, predictor: Number) -> None:
    """That after k steps the output of the model at every point is the value of the predictor: all gates are open, and
    the blocks give 0."""
    moment, x = moment_of(case, "behind the last block"), case.real("x")
    block_of_a_run(case, moment, case.integer("j"))
    case.assume(moment["i"] == k, moment["t"] == k + 1, label="after k steps")
    total, open_ = case.real("total"), moment["open"]
    walk = case.use("lemma3a.walk", **{"over the blocks reached: total": total, "over the blocks reached: open": open_})
    case.assume(walk.premises, label="what the blocks give at a point")
    case.lemma("all gates are open", open_ == 1)
    prediction = case.function("prediction", 2)
    output = ends(Passage(total, open_), prediction(predictor, x))
    case.show("the output of the model is the predictor", output == prediction(predictor, x))
