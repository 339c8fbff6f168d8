"""The left line, b rho = 4: what every gradient descent loses on a noisy label or a rare point, whatever its model and
size; and that what Theorem 1a concludes is false there."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, negation, some
from constructions.learning.models import Simulation
from constructions.learning.tails import Moments
from constructions.strip.coupled_coins import bias_of
from constructions.strip.left_line import (
    LEAST_B_RHO,
    best_loss,
    excess_of_the_mean,
    least_excess,
    loss_of_guess,
    rare_loss,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
STEPS = "over the steps reached: "
Worlds = tuple[Number, Number]


def guesses(case: Case, point: Number) -> Worlds:
    """What the models of both worlds predict at x* after all steps, at a point of the space at which the batches of no
    step differ in more than b rho/4 points."""
    ends = [case.function(name, 1)(point) for name in ("weights at the end", "weights at the end of the other world")]
    trained = case.use(
        "strip.hidden.training",
        rho=case.real("rho"),
        rate=case.real("rate"),
        **{f"{STEPS}w": ends[0], f"{STEPS}w'": ends[1]},
    )
    hidden = case.predicate("all batches are near", 1)(point)
    case.assume(implies(hidden, every(trained.premises)), label="the adversary trains both worlds together")
    case.lemma("both worlds have the same weights", implies(hidden, ends[0] == ends[1]))
    one, other = (case.function("prediction at x*", 1)(end) for end in ends)
    return one, other


def of_both(case: Case, space: Number, losses: Worlds, least: Number, event: Number) -> None:
    """That the losses in both worlds have means that sum to at least a number, less it times the chance of an event:
    for they sum to at least this number where the event does not happen."""
    total, given = case.word("sum")(F(1), losses[0], F(1), losses[1]), case.real("constant")
    mean, at = case.word("mean"), case.word("value at")
    point = case.word("worst point")(space, given, F(1), total, least, event)
    case.assume(at(given, point) == least, mean(space, given) == least, label="the value is the same everywhere")
    case.assume(at(total, point) == at(losses[0], point) + at(losses[1], point), label="a sum at a point")
    case.principle("domination", s=space, X=given, c=F(0), a=F(1), Y=total, d=least, A=event)
    case.principle("linearity", s=space, X=losses[0], Y=losses[1], a=F(1), b=F(1))
    both = mean(space, losses[0]) + mean(space, losses[1])
    case.show("both together", least <= both + least * case.word("chance")(space, event))


@obligation(
    "strip.left.guess", paper="the strip", of=lambda case: least_excess, twin=lambda case: lambda bias: bias * bias
)
def one_guess_for_two_worlds(excess: Callable[[Number], Number], case: Case) -> None:
    """For every beta and every guess h of a label that is 1 with the chance 1/2 - beta in one world and 1/2 + beta in
    the other: the losses sum to at least twice the loss of the best guess and beta^2/2 each. h = 1/2 attains it."""
    bias, guess = case.real("beta"), case.real("h")
    losses, half = loss_of_guess(guess, -bias) + loss_of_guess(guess, bias), F(1, 2)
    case.show("both together", losses >= 2 * (best_loss(bias) + excess(bias)))
    least = loss_of_guess(half, -bias) + loss_of_guess(half, bias)
    case.show("attained", least == 2 * (best_loss(bias) + least_excess(bias)))
    case.show("the best", loss_of_guess(guess, bias) == best_loss(bias) + (guess - half - bias) ** 2 / 2)


@obligation(
    "strip.left.noisy", paper="the strip", of=lambda case: least_excess, twin=lambda case: lambda bias: 2 * bias
)
def a_noisy_label_is_not_learned(excess: Callable[[Number], Number], case: Case) -> None:
    """Result T3 (ii). For all b and rho with b rho >= 4 and rho <= 1, every whole k0 >= 1 with 4 k0 <= b rho, and every
    bSGD on batches of b with precision rho, of any model, any number p of parameters and any number T of steps: on one
    of the two sources {x*} with a label that is 1 with the chance 1/2 - beta or 1/2 + beta, beta = k0/(2b + 2), its
    error is at least beta^2/2 above that of the best predictor. (The space is that of the coupled batches; that its two
    marginals are the batches of both sources is ``strip.coupling.tables``.)"""
    b, rho, k, space = case.integer("b"), case.real("rho"), case.integer("k"), case.real("space")
    case.assume(rho > 0, case.real("rate") > 0, label="rho and the step size are above 0")
    case.assume(b >= 1, rho <= 1, k >= 1, LEAST_B_RHO * k <= b * rho, label="k points can be hidden")
    case.lemma("at most all points", every(b * rho <= b, k <= b))
    coupled = case.use("strip.coupling.sure", b=b, k=k)
    case.assume(coupled.premises, label="the heads in both worlds are quantiles of one number")
    case.lemma("never further apart", coupled["no slack is negative"])
    bias, losses = bias_of(b, k), (case.real("loss in one world"), case.real("loss in the other"))
    least, at = 2 * (best_loss(bias) + least_excess(bias)), case.word("value at")
    given, total = case.real("constant"), case.word("sum")(F(1), losses[0], F(1), losses[1])
    point = case.word("worst point")(space, given, F(1), total, least, F(0))
    one, other = guesses(case, point)
    hidden = case.predicate("all batches are near", 1)(point)
    case.assume(implies(coupled["no slack is negative"], hidden), label="batches of heads that differ in at most k")
    reached = (at(losses[0], point) >= loss_of_guess(one, -bias), at(losses[1], point) >= loss_of_guess(other, bias))
    case.assume(*reached, label="what a run with valid roundings leads to is at most the largest loss")
    guess = case.use("strip.left.guess", beta=bias, h=one)
    case.lemma("one guess", guess["both together"])
    case.assume(case.word("chance")(space, F(0)) == 0, label="0 is an event that never happens")
    of_both(case, space, losses, least, F(0))
    mean, lost = case.word("mean"), best_loss(bias) + excess(bias)
    case.show("lost in one world", some(mean(space, losses[0]) >= lost, mean(space, losses[1]) >= lost))


@obligation(
    "strip.left.mean",
    paper="the strip",
    kind="induction",
    of=lambda case: excess_of_the_mean,
    twin=lambda case: lambda bias, share: excess_of_the_mean(bias, share / 2),
)
def the_mean_of_labels_learns(excess: Callable[[Number, Number], Number], case: Case) -> None:
    """For every beta and m >= 1: the mean of m labels that are 1 with the chance 1/2 + beta loses (1/4 - beta^2)/(2m)
    more than the best guess, on average: half of its variance. The variance of a sum is the sum of the variances, each
    twice the loss of the best guess."""
    bias, m = case.real("beta"), case.integer("m")
    state = {"m": case.integer("labels"), "variance": case.real("variance")}

    def advance(s: dict[str, Any]) -> dict[str, Any]:
        found = Moments(s["m"], s["variance"], F(0)).plus(2 * best_loss(bias), F(0))
        return {"m": found.count, "variance": found.second}

    run = case.induction(
        "over the labels",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={},
        advance=advance,
        holds=lambda s: every(s["m"] >= 0, s["variance"] == s["m"] * (2 * best_loss(bias))),
    )
    at, variance = case.reached(run), case.real("variance of the mean")
    share = case.real("1/m")
    case.assume(m >= 1, share * m == 1, at["m"] == m)
    case.assume(variance == share * share * at["variance"], label="the mean of m labels")
    case.lemma("once divided", share * at["variance"] == (share * m) * (2 * best_loss(bias)))
    case.lemma("twice divided", variance == share * (2 * best_loss(bias)))
    case.show("half of the variance", variance / 2 == excess(bias, share))


def promising(delta: Number) -> Simulation[Any, Any]:
    """What Theorem 1a concludes: an error larger by at most delta."""
    given: Any = delta
    return Simulation(name="Theorem 1a", delta=given, budget=lambda budget: budget, reduce=lambda method: method)


@obligation(
    "strip.left.refutes_1a",
    paper="Result T3",
    of=lambda case: promising,
    twin=lambda case: lambda delta: promising(delta + 1),
)
def theorem_1a_concludes_what_is_false(promise: Callable[[Number], Any], case: Case) -> None:
    """What Theorem 1a concludes is false for b rho >= 4. For all b and rho with b rho >= 4 and rho <= 1, every whole k0
    >= 1 with 4 k0 <= b rho and beta = k0/(2b + 2), every delta >= 0 below beta^2/2, and every m with
    (1/4 - beta^2)/(2m) < beta^2/2 - delta: no bSGD on batches of b with precision rho, of any model, size and number of
    steps, has on every source an error of at most delta more than the PAC method that returns the mean of m labels.
    (Such m exist, as the left side tends to 0.)"""
    b, k, delta, m = case.integer("b"), case.integer("k"), case.real("delta"), case.integer("m")
    space, mean = case.real("space"), case.word("mean")
    noisy = case.use("strip.left.noisy", b=b, k=k, space=space)
    case.assume(noisy.premises, label="gradient descent in both worlds")
    case.lemma("lost in one world", noisy["lost in one world"])
    bias = bias_of(b, k)
    case.assume(delta >= 0, delta < least_excess(bias), m >= 1, best_loss(bias) < m * (least_excess(bias) - delta))
    share = case.real("1/m")
    case.assume(share * m == 1)
    excess = excess_of_the_mean(bias, share)
    case.lemma("the excess", excess * m == best_loss(bias))
    case.lemma("less", (least_excess(bias) - delta - excess) * m > 0)
    case.lemma("the mean of labels loses less", excess + delta < least_excess(bias))
    given, simulation = best_loss(bias) + excess, promise(delta)
    errors = (mean(space, noisy.values["loss in one world"]), mean(space, noisy.values["loss in the other"]))
    allowed = every(*(simulation.allows(given, made) for made in errors))
    case.show("not on both sources", negation(allowed))


@obligation(
    "strip.left.tail",
    paper="the strip",
    kind="induction",
    of=lambda case: lambda ways, power: ways * power,
    twin=lambda case: lambda ways, power: ways * power / 2,
)
def a_rare_point_is_seldom_often(bound: Callable[[Number, Number], Number], case: Case) -> None:
    """For every mass g from 0 to 1, every j >= 1 and every b >= j - 1: a point of mass g is j times or more in a batch
    of b with a chance of at most C(b, j) g^j. By induction over b: one more point adds g times the chance of j - 1, at
    most C(b, j - 1) g^(j - 1), and Pascal's rule adds C(b, j - 1) to C(b, j)."""
    mass, j, power = case.real("g"), case.integer("j"), case.real("g^(j - 1)")
    case.assume(mass >= 0, mass <= 1, j >= 1, power >= 0)
    state = {"b": case.integer("b"), **{name: case.real(name) for name in ("tail", "C(b, j)", "C(b, j - 1)", "others")}}
    following = case.real("C(b + 1, j - 1)")
    run = case.induction(
        "over the points",
        state=state,
        start={"b": j - 1, "tail": F(0), "C(b, j)": F(0), "C(b, j - 1)": F(1), "others": F(1)},
        inputs={"C(b + 1, j - 1)": following},
        given=lambda s: s["C(b + 1, j - 1)"] * (s["b"] + 2 - j) == s["C(b, j - 1)"] * (s["b"] + 1),
        advance=lambda s: {
            "b": s["b"] + 1,
            "tail": s["tail"] + mass * (s["C(b, j - 1)"] * power * s["others"]),
            "C(b, j)": s["C(b, j)"] + s["C(b, j - 1)"],
            "C(b, j - 1)": s["C(b + 1, j - 1)"],
            "others": s["others"] * (1 - mass),
        },
        holds=lambda s: every(
            s["b"] >= j - 1,
            s["C(b, j - 1)"] > 0,
            s["others"] >= 0,
            s["others"] <= 1,
            s["tail"] <= bound(s["C(b, j)"], power * mass),
        ),
    )
    at = case.reached(run)
    case.show("seldom", at["tail"] <= bound(at["C(b, j)"], power * mass))


@obligation(
    "strip.left.rare",
    paper="the strip",
    kind="induction",
    of=lambda case: rare_loss,
    twin=lambda case: lambda mass, unseen: rare_loss(mass, 2 * unseen),
)
def a_rare_point_is_not_learned(bound: Callable[[Number, Number], Number], case: Case) -> None:
    """Result T3 (i). For all b >= 1, rho > 0 and every bSGD on batches of b with precision rho, of any model, any p and
    T steps: on one of the two sources in which x* has the mass g and the label 0 or 1, and x0 the rest and the label 0,
    its error is at least (g/8)(1 - T q), if a batch has x* more than b rho/4 times with a chance of at most q. (By
    ``strip.left.tail`` q = C(b, k0 + 1) g^(k0 + 1) will do, k0 = floor(b rho/4).)"""
    space, mass, often, steps = case.real("space"), case.real("g"), case.real("q"), case.integer("T")
    case.assume(case.real("rho") > 0, case.real("rate") > 0, label="rho and the step size are above 0")
    chance, either, never = case.word("chance"), case.word("either"), case.real("never")
    case.assume(mass >= 0, mass <= 1, often >= 0, chance(space, never) == 0)
    state, one_step = {"t": case.integer("t"), "event": case.real("event")}, case.real("x* too often in a step")
    case.principle("union bound", s=space, A=state["event"], B=one_step)
    run = case.induction(
        "over the batches",
        state=state,
        start={"t": F(0), "event": never},
        inputs={"step": one_step},
        given=lambda s: chance(space, s["step"]) <= often,
        advance=lambda s: {"t": s["t"] + 1, "event": either(s["event"], s["step"])},
        holds=lambda s: every(s["t"] >= 0, chance(space, s["event"]) <= s["t"] * often),
    )
    at = case.reached(run)
    case.assume(at["t"] == steps)
    losses, least = (case.real("loss in one world"), case.real("loss in the other")), mass / 4
    given, total = case.real("constant"), case.word("sum")(F(1), losses[0], F(1), losses[1])
    point = case.word("worst point")(space, given, F(1), total, least, at["event"])
    one, other = guesses(case, point)
    happens, value = case.word("happens at")(at["event"], point), case.word("value at")
    hidden = case.predicate("all batches are near", 1)(point)
    case.assume(implies(negation(happens), hidden), label="labels of x* alone differ")
    lost = (mass * (one * one) / 2, mass * ((other - 1) * (other - 1)) / 2)
    reached = (value(losses[0], point) >= lost[0], value(losses[1], point) >= lost[1])
    case.assume(*reached, label="what a run with valid roundings leads to is at most the largest loss")
    case.assume(value(losses[0], point) >= 0, value(losses[1], point) >= 0, label="losses are not negative")
    case.lemma("one guess", 4 * (one * one + (one - 1) * (one - 1)) >= 2)
    case.lemma("times g", mass * (4 * (one * one + (one - 1) * (one - 1))) >= mass * 2)
    of_both(case, space, losses, least, at["event"])
    mean, unseen = case.word("mean"), 1 - steps * often
    case.lemma("the event is seldom", least * chance(space, at["event"]) <= least * (steps * often))
    case.show("lost in one world", some(*(mean(space, loss) >= bound(mass, unseen) for loss in losses)))
