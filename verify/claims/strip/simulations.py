"""Result B0 for every method that minds no order, and every source; and its budget, beside what is printed."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select
from constructions.foundations.terms import INTEGER, REAL
from constructions.reductions.full import BatchReading, mean_predictor
from constructions.strip.family import queries_of
from constructions.strip.reader import is_fit
from constructions.strip.simulations import MOST_B_RHO, b0, parameters_of, tolerance_of
from verify.claims.strip.one_batch_models.moments import Blocks
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.use import Used
from verify.provers.branches import with_names

F = Fraction
MOMENT = "over the moments reached: "
SHARED = ("b", "tau", "c", "rho", "zeros", "j")
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "written": (INTEGER,),
    "mean over batch of step": (INTEGER, INTEGER),
    "record": (REAL,),
    "entry": (REAL, INTEGER),
}
"""The functions of which a training run is made, with the kinds of their arguments."""


def result_b0(gains: int = 0) -> Callable[[Case], Any]:
    """The simulation, or one that claims to gain something (the twin's)."""
    made = b0(1, b=1, rho=F(1), symmetric=True)
    return lambda case: replace(made, delta=made.delta - gains)


@obligation("strip.b0.simulates", paper="the strip", kind="induction", of=result_b0(), twin=result_b0(1))
def bsgd_reads_its_batches(made: Any, case: Case) -> None:
    """For all n, b >= 1 and rho > 0 with b rho < 4/3, every T and r, every PAC method that minds no order, with bT
    samples and r random bits, and every source: bSGD with T steps on batches of b and gradients of precision rho, on
    the model M*, has at most the error of the method, with delta = 0 and r + 2(bn + 1)T parameters. For all batches,
    all strings and all valid roundings each word is read as often as it is in the sample, so the trained model predicts
    what the method predicts. Where labels are a function of x, M does it with r + (bn + 1)T parameters; else clipping
    as in equation (2) is used."""
    b, rho, n, steps = case.integer("b"), case.real("rho"), case.integer("n"), case.integer("T")
    held, r = case.real("c"), case.integer("r")
    case.assume(b >= 1, rho > 0, b * rho < MOST_B_RHO, n >= 1, steps >= 0, r >= 0)
    case.assume(is_fit(held, b * tolerance_of(rho)), label="c fits")
    at = case.reached(words_of_all_batches(case, b, rho, held))
    case.assume(at["t"] == steps, label="all batches are read")
    case.lemma("z is read as often as it is there", at["found"] == at["there"])
    no_more_error(made, case, at["found"] == at["there"])
    case.show("M*'s parameters", parameters_of(n, b, steps, r, 2) == r + 2 * (b * n + 1) * steps)
    case.show("M's parameters", parameters_of(n, b, steps, r, 1) == r + queries_of(n, b) * steps)


def words_of_all_batches(case: Case, b: Number, rho: Number, held: Number) -> Inductive:
    """How often a word z is in the batches of all steps, and how often it is read off the blocks."""
    t, blocks, tau = case.integer("step"), Blocks(case), tolerance_of(rho)
    places = {"answer": case.integer("j"), "answer on N_1": case.integer("j of N_1")}
    ends = {"answer": "mean", "answer on N_1": "mean of N_1"}
    steps: list[Used] = []
    given: dict[str, Any] = {"b": b, "tau": tau, "c": held}
    for name, place in places.items():
        steps.append(block_after_training(case, {"b": b, "rho": rho, "c": held}, t, place, name))
        given |= {name: -blocks.entry(t, place), ends[name]: blocks.mean(t, place)}
    read = case.use("strip.batch.read", **given)
    case.assume(read.premises, label="what is read of a batch, from answers to any two queries")
    case.lemma("each word is read", read["each label"])
    zeros, ones = read.values["points with label 0"], read.values["points with label 1"]
    balance, found = read.values["balance that is read"], read.values["N_1 that is read"]
    is_1 = case.bit("z has label 1")
    there, seen = select(is_1, ones, zeros), select(is_1, found, balance + found)
    case.lemma("the word", seen == there)
    inputs = {"step": t, **{f"of {name}": place for name, place in places.items()}}
    for used in (read, *steps):
        inputs |= {f"{used.label}: {name}": value for name, value in used.values.items() if is_input(name, value)}
    counted = {"there": case.integer("z in the batch"), "seen": case.integer("z as read")}
    case.assume(counted["there"] == there, counted["seen"] == seen, label="how often z is in a batch, and is read")
    return case.induction(
        "over the batches",
        state={name: case.integer(name) for name in ("t", "found", "there")},
        start={"t": F(0), "found": F(0), "there": F(0)},
        inputs={**inputs, "z in the batch": counted["there"], "z as read": counted["seen"]},
        given=lambda s: s["step"] == s["t"] + 1,
        advance=lambda s: {
            "t": s["t"] + 1,
            "found": s["found"] + s["z as read"],
            "there": s["there"] + s["z in the batch"],
        },
        holds=lambda s: every(s["t"] >= 0, s["found"] == s["there"]),
    )


def is_input(name: str, value: Any) -> bool:
    """Whether something that a used claim speaks of is new in each step: a variable that is no parameter."""
    return not callable(value) and name not in SHARED and getattr(value, "op", "") == "variable"


def block_after_training(case: Case, sizes: dict[str, Any], t: Number, place: Number, name: str) -> Used:
    """What is known of a block when all steps are over (``strip.run.steps``), at one place."""
    moment = {part: case.integer(f"{name}: {part}") for part in ("i", "t")}
    moment |= {part: case.real(f"{name}: {part}") for part in ("block", "open")}
    functions = {called: case.function(called, len(takes), takes=takes) for called, takes in FUNCTIONS.items()}
    steps = case.use(
        "strip.run.steps",
        **sizes,
        zeros=case.real("zeros"),
        j=place,
        steep=case.bit(f"{name} is steep"),
        **functions,
        **{f"{MOMENT}{part}": value for part, value in moment.items()},
    )
    case.assume(steps.premises, label=f"a block of a training run, for the {name}")
    case.assume(moment["t"] == t, moment["i"] >= t, label=f"its step is over, for the {name}")
    near = steps["2. as its step wrote it"]
    case.lemma(f"valid: {name}", near)
    return steps


def no_more_error(made: Any, case: Case, alike: Formula) -> None:
    """From "z is as often in both", z a word that is not if there is one, to the errors."""
    space, given, simulated = case.real("space"), case.real("loss of A"), case.real("loss of A'")
    point, at = case.word("worst point")(space, simulated, F(1), given, F(0), F(0)), case.word("value at")
    sample, bits = (case.function(name, 1)(point) for name in ("sample", "bits"))
    read, learned, loss = case.real("what was read"), case.function("learned", 2), case.function("loss", 1)
    found = predictor_of(case, learned, read, bits)
    case.show(
        "the method learns from what was read", found == case.function("prediction", 2)(learned(read, bits), F(0))
    )
    case.assume(
        implies(alike, loss(learned(read, bits)) == loss(learned(sample, bits))),
        label="the method does not mind the order: it loses the same on samples with every word as often",
    )
    case.assume(at(simulated, point) == loss(learned(read, bits)), label="the loss of A' at a point is that of its run")
    case.assume(at(given, point) == loss(learned(sample, bits)), label="the loss of A at a point")
    case.principle("domination", s=space, X=simulated, c=F(0), a=F(1), Y=given, d=F(0), A=F(0))
    mean = case.word("mean")
    case.show("no more error", made.allows(mean(space, given), mean(space, simulated)))


def predictor_of(case: Case, learned: Callable[..., Number], read: Number, bits: Number) -> Number:
    """What the code predicts at a point from two batches of two words, all of which are the sample of the method."""
    prediction = case.function("prediction", 2)
    predict: Any = with_names(mean_predictor, rational=lambda value, where: value, _sample=lambda run, method: read)
    method: Any = SimpleNamespace(
        budget=SimpleNamespace(m=4), learn=lambda sample, own: lambda x: prediction(learned(sample, own), x)
    )
    words: Any = ((0, 1), (1, 1)), ((0, 0), (0, 0))
    found: Number = predict(method, BatchReading(words, bits), symmetric=True)(F(0))
    return found
