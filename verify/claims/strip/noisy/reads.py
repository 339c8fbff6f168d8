"""Result B: the trained model has at most the largest error that A has on samples with a few points replaced."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, some, within
from constructions.foundations.rounding import is_valid
from constructions.foundations.terms import INTEGER
from constructions.strip.noisy import CLOCK
from constructions.strip.reader import Reader
from constructions.strip.simulations import tolerance_of
from verify.claims.models.simulations import gaining, in_a_chain
from verify.claims.strip.one_batch_models.simulates import any_simulation
from verify.claims.strip.simulations import gaining_as_much
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation

F = Fraction
POWERS = "over the powers reached: "


@obligation("strip.silent.far", paper="the strip", of=lambda case: tolerance_of, twin=lambda case: lambda rho: rho / 2)
def a_far_product_is_loud(near: Callable[[Number], Number], case: Case) -> None:
    """For all b >= 1 and rho > 0: if the product of G with some query is more than 3 b rho/4 in size, then every valid
    rounding of the mean of this query is not 0."""
    b, rho, a, mean, k = case.integer("b"), case.real("rho"), case.integer("a"), case.real("mean"), case.integer("k")
    case.assume(b >= 1, rho > 0, mean * b == a, is_valid(k, mean, rho), label="a valid rounding of the mean")
    case.assume(some(a > b * near(rho), a < -b * near(rho)), label="the product is far from 0")
    case.lemma("if it were 0", implies(k == 0, within(a, 3 * b * rho / 4)))
    case.show("it is not 0", k != 0)


@obligation("strip.noisy.clock", paper="the strip", of=lambda case: F(4, 15), twin=lambda case: F(2, 5))
def a_clock_for_any_labels(most: Number, case: Case) -> None:
    """For all b >= 1 and 0 < rho < 4/15, and every batch whatever its labels are: with the output held at 1/4, the
    constant query with slope 4, whose clipped gradients are 1 on label 0 and -1 on label 1, or the one with slope 4/3,
    whose gradients are 1/3 and -1, has a mean of which every valid rounding is not 0. The weights are those of the
    code."""
    b, rho, ones = case.integer("b"), case.real("rho"), case.integer("ones")
    clock: Reader = CLOCK
    case.assume(b >= 1, rho > 0, rho < most, ones >= 0, ones <= b)
    means, ks = (case.real("mean 0"), case.real("mean 1")), (case.integer("k 0"), case.integer("k 1"))
    for group, mean in enumerate(means):
        at = [clock.gradient(group, F(1), F(y)) for y in (0, 1)]
        case.assume(mean * b == (b - ones) * at[0] + ones * at[1], label=f"the mean, group {group}")
    case.assume(*(is_valid(k, mean, rho) for k, mean in zip(ks, means, strict=True)), label="valid roundings")
    case.lemma("together", (3 * means[1] - 2 * means[0]) * b == -b)
    case.lemma("divided", 3 * means[1] - 2 * means[0] == -1)
    case.show("one is not 0", some(*(k != 0 for k in ks)))


def replaced_in_a_batch(case: Case, d0: Number) -> Number:
    """How many points of a batch are replaced in what is read of it: at most d0 - 1, as a query tells apart all batches
    that are further, and the answers are valid for both."""
    replaced, product, other = case.integer("replaced"), case.integer("product"), case.integer("other product")
    b, tau = case.integer("b"), case.real("tau")
    same = case.use(
        "strip.readout.same_answers",
        b=b,
        tau=tau,
        answer=case.real("answer"),
        product=product,
        **{"mean": case.real("mean"), "mean'": case.real("mean'"), "other product": other},
    )
    case.assume(same.premises, label="what is read is consistent with the answers")
    power, bound = case.real("power"), case.real("bound")
    sizes = {"b tau": tau * b, "N": 2 * replaced, "L": case.integer("L"), "d0": d0, "X": product - other}
    moment = {f"{POWERS}power": power, f"{POWERS}bound": bound}
    far = case.use("strip.readout.a2", **sizes, **moment)
    case.lemma("valid for both", within(product - other, 2 * (tau * b)))
    case.assume(
        replaced >= 0,
        implies(replaced >= d0, every(far.premises, 2 * power > bound)),
        label="if d0 points or more are replaced, then the family has a query of R2 for this pair of batches",
    )
    case.lemma("few are replaced", replaced <= d0 - 1)
    return replaced


def replaced_in_all_batches(case: Case, d0: Number) -> Inductive:
    """How many batches there were, and the most points that are replaced in one of them. (The batch that is looked at
    is one in which the most are.)"""
    b, tau, odd = case.integer("b"), case.real("tau"), case.integer("batch")
    case.assume(b >= 1, tau >= 0, d0 >= 1, 2 * d0 <= b)
    replaced, of_batch = replaced_in_a_batch(case, d0), case.function("replaced in batch", 1, takes=(INTEGER,))
    case.assume(of_batch(odd) == replaced, label="the batch that is looked at")
    return case.induction(
        "over the batches",
        state={"t": case.integer("t"), "most": case.real("most")},
        start={"t": F(0), "most": F(0)},
        inputs={},
        given=lambda s: of_batch(s["t"] + 1) <= of_batch(odd),
        advance=lambda s: {
            "t": s["t"] + 1,
            "most": select(of_batch(s["t"] + 1) > s["most"], of_batch(s["t"] + 1), s["most"]),
        },
        holds=lambda s: every(s["t"] >= 0, s["most"] <= d0 - 1),
    )


def errors_in_the_reading(gains: int) -> Callable[[Case], Any]:
    """The simulation by reading with errors, or one that claims to gain something (the twin's)."""
    return lambda case: gaining_as_much(any_simulation(), gains)


@obligation(
    "strip.noisy.reads",
    paper="the strip",
    kind="induction",
    of=errors_in_the_reading(0),
    twin=errors_in_the_reading(1),
)
def bsq_reads_with_errors(made: Any, case: Case) -> None:
    """For all b, tau, d0 and L as in A2 with 2 d0 <= b, every family that tells all batches apart that are d0 or more
    points apart, every T and r, every PAC method that minds no order with bT samples, and every source whose labels are
    a function of the point: whoever takes for each batch any that is consistent with the answers loses at most the
    most that the method loses on a sample of which in each batch d0 - 1 points are replaced, at every point of the
    space of batches and strings; so the means are in this order, too."""
    d0, steps, space = case.integer("d0"), case.integer("T"), case.real("space")
    at_end = case.reached(replaced_in_all_batches(case, d0))
    case.assume(at_end["t"] == steps, label="all batches are read")
    given, simulated = case.real("loss of A"), case.real("loss of A'")
    point, at = case.word("worst point")(space, simulated, F(1), given, F(0), F(0)), case.word("value at")
    learned, loss, read = case.function("learned", 2), case.function("loss", 1), case.real("what was read")
    found = loss(learned(read, case.function("bits", 1)(point)))
    case.assume(at(simulated, point) == found, label="the loss of the reading at a point is that of what was read")
    worst = implies(at_end["most"] <= d0 - 1, found <= at(given, point))
    case.assume(worst, label="the largest loss of A on samples with d0 - 1 points of each batch replaced is no less")
    case.principle("domination", s=space, X=simulated, c=F(0), a=F(1), Y=given, d=F(0), A=F(0))
    mean = case.word("mean")
    case.show("no more error", made.allows(mean(space, given), mean(space, simulated)))


@obligation(
    "strip.noisy.simulates", paper="the strip", kind="induction", of=lambda case: in_a_chain, twin=lambda case: gaining
)
def bsgd_learns_under_noise(chain: Callable[[Any, Any], Any], case: Case) -> None:
    """Result B. For all n, b, rho, d0 and L as in A2 with 2 d0 <= b, every family of p queries that tells all batches
    apart that are d0 or more points apart and leaves none silent (there is one for p = 17 4^L b(n + 1):
    ``strip.readout.families``), every T and r, every PAC method A that minds no order with bT samples and r random
    bits, and every source whose labels are a function of the point: bSGD on M with T steps and r + pT parameters has at
    most the mean over samples S and strings R of the largest L(A(S', R)), S' being S with at most d0 - 1 points of each
    batch replaced: nasty noise of the rate (d0 - 1)/b."""
    b, rho, steps, d0 = case.integer("b"), case.real("rho"), case.integer("T"), case.integer("d0")
    space, between, tau = case.real("space"), case.real("loss of the reading"), tolerance_of(case.real("rho"))
    case.assume(b >= 1, rho > 0, steps >= 0, d0 >= 1, 2 * d0 <= b)
    first = {"loss of A": case.real("largest loss of A"), "loss of A'": between}
    reading = case.use("strip.noisy.reads", "no more error", space=space, b=b, tau=tau, T=steps, d0=d0, **first)
    case.assume(reading.premises, label="what the losses of the PAC method and of the reading are")
    second = {"loss of A": between, "loss of A'": case.real("loss of descent"), "c": F(1, 2)}
    model = case.use("strip.models.simulate", "no more error", space=space, b=b, tau=tau, rho=rho, k=steps, **second)
    case.assume(model.premises, label="what the losses of the reading and of the trained model are")
    mean = case.word("mean")
    given, made = mean(space, case.real("largest loss of A")), mean(space, case.real("loss of descent"))
    simulation = chain(reading.subject, any_simulation())
    case.show("no more error", simulation.allows(given, made))
