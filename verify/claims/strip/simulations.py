"""Result B0 for every method that minds no order, and every source; and its parameters."""

from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select
from constructions.foundations.terms import INTEGER
from constructions.learning.models import Simulation
from constructions.reductions.full import BatchReading, mean_predictor
from constructions.strip.reader import is_fit
from constructions.strip.reading import batches_read
from constructions.strip.simulations import MOST_B_RHO, b0, parameters_of, tolerance_of
from verify.claims.models.simulations import gaining, in_a_chain
from verify.claims.strip.one_batch_models.simulates import any_simulation
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.provers.branches import with_names

F = Fraction


def reading_simulation(gains: int = 0) -> Callable[[Case], Any]:
    """The simulation by reading, or one that claims to gain something (the twin's)."""
    return lambda case: gaining_as_much(batches_read(1, b=1, tau=F(1, 2), symmetric=True), gains)


def gaining_as_much(made: Any, gains: int) -> Any:
    """A simulation that promises that the error falls by so much."""
    return Simulation(name=made.name, delta=made.delta - gains, budget=made.budget, reduce=made.reduce)


@obligation(
    "strip.whole.simulates", paper="the strip", kind="induction", of=reading_simulation(), twin=reading_simulation(1)
)
def bsq_reads_its_batches(made: Any, case: Case) -> None:
    """For all n, b >= 1 and tau with b tau < 1 (Theorem 2a as printed: 1/2), every c that fits, every T and r, every
    PAC method that minds no order, with bT samples, and every source: bSQ with T rounds of 2(bn + 1) queries (bn + 1
    where labels are a function of x) and tolerance tau has at most the error of the method, whatever valid answers it
    gets. For each word is read as often as it is in the sample."""
    b, tau, steps, held = case.integer("b"), case.real("tau"), case.integer("T"), case.real("c")
    case.assume(b >= 1, tau >= 0, b * tau < 1, steps >= 0, is_fit(held, b * tau), label="b tau < 1, and c fits")
    at = case.reached(words_of_all_batches(case, b, tau, held))
    case.assume(at["t"] == steps, label="all batches are read")
    case.lemma("z is read as often as it is there", at["found"] == at["there"])
    no_more_error(made, case, at["found"] == at["there"])


def words_of_all_batches(case: Case, b: Number, tau: Number, held: Number) -> Inductive:
    """How often a word z is in the batches of all rounds, and how often it is read. (The batch that is looked at is one
    in which z is read another number of times than it is there, if there is one.)"""
    odd, is_1 = case.integer("batch"), case.bit("z has label 1")
    there, seen = (
        case.function(name, 1, takes=(INTEGER,), gives=INTEGER) for name in ("z in batch", "z read of batch")
    )
    read = case.use("strip.batch.read", b=b, tau=tau, c=held)
    case.assume(read.premises, label="a batch, and what is read of it, from valid answers")
    case.lemma("each word is read", read["each label"])
    zeros, ones = read.values["points with label 0"], read.values["points with label 1"]
    balance, found = read.values["balance that is read"], read.values["N_1 that is read"]
    case.assume(there(odd) == select(is_1, ones, zeros), label="how often z is in the batch")
    case.assume(seen(odd) == select(is_1, found, balance + found), label="how often z is read")
    case.lemma("the word", seen(odd) == there(odd))
    return case.induction(
        "over the batches",
        state={name: case.integer(f"sum {name}") for name in ("t", "found", "there")},
        start={"t": F(0), "found": F(0), "there": F(0)},
        inputs={},
        given=lambda s: implies(seen(odd) == there(odd), seen(s["t"] + 1) == there(s["t"] + 1)),
        advance=lambda s: {
            "t": s["t"] + 1,
            "found": s["found"] + seen(s["t"] + 1),
            "there": s["there"] + there(s["t"] + 1),
        },
        holds=lambda s: every(s["t"] >= 0, s["found"] == s["there"]),
    )


@obligation(
    "strip.b0.simulates", paper="Result B0", kind="induction", of=lambda case: in_a_chain, twin=lambda case: gaining
)
def bsgd_does_what_pac_does(chain: Callable[[Any, Any], Any], case: Case) -> None:
    """Result B0. For all n, b >= 1 and rho > 0 with b rho < 4/3 (Theorem 1a as printed: 1/8), every T and r, every PAC
    method that minds no order, with bT samples and r random bits, and every source: bSGD with T steps on batches of b
    and gradients of precision rho, on the model M* with r + 2(bn + 1)T parameters, has at most the error of the method:
    delta = 0. Where labels are a function of x, M does it with r + (bn + 1)T parameters, and no gradient is clipped;
    else clipping as in equation (2) is used (``strip.reader.any``). The reading of whole batches by queries with
    tolerance 3 rho/4 has at most the error of the method, and the trained model at most that of the reading."""
    b, rho, n, steps = case.integer("b"), case.real("rho"), case.integer("n"), case.integer("T")
    held, r, tau = case.real("c"), case.integer("r"), tolerance_of(case.real("rho"))
    case.assume(b >= 1, rho > 0, b * rho < MOST_B_RHO, n >= 1, steps >= 0, r >= 0)
    case.assume(is_fit(held, b * tau), label="c fits")
    space, between = case.real("space"), case.real("loss of the reading")
    sizes = {"b": b, "c": held}
    first = {"loss of A": case.real("loss of A"), "loss of A'": between}
    reading = case.use("strip.whole.simulates", "no more error", space=space, tau=tau, T=steps, **sizes, **first)
    case.assume(reading.premises, label="what the losses of the PAC method and of the reading are")
    second = {"loss of A": between, "loss of A'": case.real("loss of descent")}
    model = case.use(
        "strip.models.simulate", "no more error", space=space, tau=tau, rho=rho, k=steps, **sizes, **second
    )
    case.assume(model.premises, label="what the losses of the reading and of the trained model are")
    mean = case.word("mean")
    given, made = mean(space, case.real("loss of A")), mean(space, case.real("loss of descent"))
    simulation = chain(reading.subject, any_simulation())
    case.show("no more error", simulation.allows(given, made))
    case.show("M*'s parameters", parameters_of(n, b, steps, r, 2) == r + 2 * (b * n + 1) * steps)
    case.show("M's parameters", parameters_of(n, b, steps, r, 1) == r + (b * n + 1) * steps)
    case.show("nothing is lost", b0(1, b=1, rho=F(1)).delta == 0)


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
