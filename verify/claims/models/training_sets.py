"""Section 6's hybrid: batches that are drawn with replacement from a fixed training set, by use of the theorems about
batches of any source, for the source that draws from the set; what the set itself costs is proved here or by use of
Lemmas 5d and 5c.

A training set is a point of a space of sets. What is used for its batches is used at the set at which it is least true,
and holds on average over sets (*domination*). The loss is on D, in the statements that are used too: they say nothing
of a loss but what is presupposed of it by name.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select
from constructions.learning.descent_methods import BSGD
from constructions.learning.error import error
from constructions.learning.models import SQ, Simulation
from constructions.models.training_sets import (
    about_one_batch,
    about_the_set,
    drawn_again,
    exact_error,
    is_large,
    lost_by_repeats,
    lost_if_missed,
    pairs_of,
    still_missed,
)
from constructions.reductions.queries_alone import MOST_LOSS
from verify.claims.models.simulations import Chain, forgetting, gaining, in_a_chain
from verify.claims.reductions.sample_extract.error import METHODS, SOURCES
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

F = Fraction
EVENT = "over the pairs reached: event"


@obligation(
    "hybrid.repeats",
    paper="Section 6",
    kind="induction",
    of=lambda case: pairs_of,
    twin=lambda case: lambda m: pairs_of(m) - 1,
)
def repeats_are_few(pairs: Callable[[Number], Number], case: Case) -> None:
    """For all m >= 1 and M >= 1: two of m draws from a training set of M points are the same place of it with a chance
    of at most m(m - 1)/2 times 1/M. Each draw makes a pair with each one before it, and each pair is the same place
    with a chance of 1/M."""
    m, size, space = case.integer("m"), case.integer("M"), case.real("space")
    chance, either = case.word("chance"), case.word("either")
    pair, none = case.real("pair"), case.real("no pair")
    case.assume(m >= 1, size >= 1)
    case.assume(size * chance(space, pair) <= 1, label="two draws are the same place with a chance of 1/M")
    case.assume(chance(space, none) <= 0, label="an event that never happens")
    names = ("draws", "before", "n")
    state = {name: case.integer(name) for name in names} | {"event": case.real("event")}
    case.principle("union bound", s=space, A=state["event"], B=pair)

    def advance(s: State) -> State:
        last = s["before"] + 1 == s["draws"]
        return {
            "draws": select(last, s["draws"] + 1, s["draws"]),
            "before": select(last, F(0), s["before"] + 1),
            "n": s["n"] + 1,
            "event": either(s["event"], s["pair"]),
        }

    def holds(s: State) -> Formula:
        place = every(s["draws"] >= 1, s["before"] >= 0, s["before"] < s["draws"])
        return every(place, s["n"] == pairs(s["draws"]) + s["before"], size * chance(space, s["event"]) <= s["n"])

    run = case.induction(
        "over the pairs",
        state=state,
        start={"draws": F(1), "before": F(0), "n": F(0), "event": none},
        inputs={"pair": pair},
        advance=advance,
        holds=holds,
    )
    at = case.reached(run)
    case.assume(at["draws"] == m, at["before"] == 0, label="all pairs of m draws were looked at")
    case.show("seldom", size * chance(space, at["event"]) <= pairs(m))


def any_set(share: Callable[[Number], Number]) -> Callable[[Case], Any]:
    """The draws from a training set of any size, for any delta or for a part of it (the twin's)."""
    return lambda case: drawn_again(size=case.integer("M"), delta=share(case.real("set delta")))


@obligation(
    "hybrid.samples",
    paper="Section 6",
    kind="induction",
    of=any_set(lambda delta: delta),
    twin=any_set(lambda delta: delta / 2),
)
def draws_do_what_samples_do(simulation: Any, case: Case) -> None:
    """For all m >= 1, M >= 1, delta with m(m - 1) <= 4 M delta, every PAC method with m samples (with predictions of
    any size) and every source: on m draws with replacement from a training set of M samples, with its predictions held
    within [0, 1], the method has at most delta more error than on m samples of the source. Unless a place is drawn
    twice, the draws are m samples of the source; and a loss is at most 1/2."""
    m, size, space, delta = case.integer("m"), case.integer("M"), case.real("space"), case.real("set delta")
    made, given = case.real("loss of A'"), case.real("loss of A")
    at, mean, chance = case.word("value at"), case.word("mean"), case.word("chance")
    case.assume(m >= 1, size >= 1, is_large(m, size, delta), label="m(m - 1) <= 4 M delta")
    repeats = case.use("hybrid.repeats", m=m, M=size, space=space)
    bad = repeats.values[EVENT]
    case.assume(repeats.premises, label="some pair of the m draws is the same place")
    point = case.word("worst point")(space, made, F(1), given, MOST_LOSS, bad)
    about = {name: case.real(name) for name in ("source", "loss", "loss, clipped")}
    less = case.use("theorem2c.clipped", **about)
    case.assume(less.premises, label="what A predicts from the draws, and what A' makes of it")
    case.assume(at(made, point) == mean(about["source"], about["loss, clipped"]), label="the loss on D of A'")
    fresh = at(given, point) == mean(about["source"], about["loss"])
    is_bad = case.word("happens at")(bad, point)
    new = "A learns from the draws, with a fresh sample of D for each place that came before: m samples of D"
    case.assume(implies(negation(is_bad), fresh), at(given, point) >= 0, label=new)
    case.lemma("at the point", at(made, point) <= at(given, point) + select(is_bad, MOST_LOSS, F(0)))
    case.principle("domination", s=space, X=made, c=F(0), a=F(1), Y=given, d=MOST_LOSS, A=bad)
    case.lemma("in units of M", size * (MOST_LOSS * chance(space, bad)) <= size * delta)
    case.lemma("at most delta", MOST_LOSS * chance(space, bad) <= delta)
    case.show("at most delta more error", simulation.allows(mean(space, given), mean(space, made)))


@obligation(
    "hybrid.missed",
    paper="Section 6",
    kind="induction",
    of=lambda case: still_missed,
    twin=lambda case: lambda chance, share: still_missed(chance, share) * share,
)
def a_place_is_seldom_missed(missed: Callable[[Number, Number], Number], case: Case) -> None:
    """For all M >= 1 and K: K draws with replacement all miss a place of a training set of M points with a chance of at
    most (1 - 1/M)^K. Each draw misses it with a chance of 1 - 1/M, whatever the draws before it were."""
    size, space, share = case.integer("M"), case.real("space"), case.real("share")
    chance, both, now = case.word("chance"), case.word("both"), case.real("misses")
    case.assume(size >= 1, size * share == size - 1, label="the share of the other places")
    case.assume(chance(space, now) <= share, label="a draw misses the place with a chance of 1 - 1/M")
    state = {"K": case.integer("draws"), "event": case.real("missed by all"), "power": case.real("power")}
    case.principle("total probability", s=space, A=now, B=now)
    case.principle("total probability", s=space, A=state["event"], B=now)
    case.principle("total probability", s=space, A=case.real("certain"), B=now)
    case.principle("fresh batches", s=space, A=state["event"], B=now)
    independent = case.word("are independent")
    run = case.induction(
        "over the draws",
        state=state,
        start={"K": F(0), "event": case.real("certain"), "power": F(1)},
        inputs={"misses": now},
        given=lambda s: independent(space, s["event"], s["misses"]),
        advance=lambda s: {
            "K": s["K"] + 1,
            "event": both(s["event"], s["misses"]),
            "power": missed(s["power"], share),
        },
        holds=lambda s: every(s["K"] >= 0, s["power"] >= 0, chance(space, s["event"]) <= s["power"]),
    )
    at = case.reached(run)
    case.show("seldom", chance(space, at["event"]) <= at["power"])


@obligation(
    "hybrid.all",
    paper="Section 6",
    kind="induction",
    of=lambda case: lost_if_missed,
    twin=lambda case: lambda chance, size: lost_if_missed(chance, size) / 2,
)
def all_points_are_read(lost: Callable[[Number, Number], Number], case: Case) -> None:
    """For all M >= 1, K and delta with M (1 - 1/M)^K <= 2 delta, every PAC method that minds neither the order of its
    sample nor how often a point is in it, and every source: from the distinct points among K draws with replacement
    from a training set of M samples, with its predictions held within [0, 1], it has at most delta more error than from
    all M samples. Unless some place was missed by all draws, both are the same set of points."""
    size, space, delta = case.integer("M"), case.real("space"), case.real("set delta")
    chance, either, mean, at = (case.word(name) for name in ("chance", "either", "mean", "value at"))
    place, none = case.real("place missed"), case.real("no place")
    case.assume(size >= 1, chance(space, none) <= 0, label="an event that never happens")
    one = case.use(
        "hybrid.missed", M=size, space=space, share=case.real("share"), **{"over the draws reached: event": place}
    )
    case.assume(one.premises, label="a place that all draws miss")
    power, all_along = one.values["over the draws reached: power"], f"{one.label}: over the draws reached: power"
    others = {name: number for name, number in one.unbound.items() if name != all_along}
    state = {"n": case.integer("places"), "event": case.real("some missed")}
    case.principle("union bound", s=space, A=state["event"], B=place)
    run = case.induction(
        "over the places",
        state=state,
        start={"n": F(0), "event": none},
        inputs={"place missed": place, **others},
        fixed=(all_along,),
        advance=lambda s: {"n": s["n"] + 1, "event": either(s["event"], s["place missed"])},
        holds=lambda s: every(s["n"] >= 0, chance(space, s["event"]) <= s["n"] * power),
    )
    end = case.reached(run)
    bad, made, given = end["event"], case.real("loss of A'"), case.real("loss of A")
    case.assume(end["n"] == size, lost(power, size) <= delta, label="M (1 - 1/M)^K <= 2 delta")
    point = case.word("worst point")(space, made, F(1), given, MOST_LOSS, bad)
    about = {name: case.real(name) for name in ("source", "loss", "loss, clipped")}
    less = case.use("theorem2c.clipped", **about)
    case.assume(less.premises, label="what A predicts from the draws, and what A' makes of it")
    case.assume(at(made, point) == mean(about["source"], about["loss, clipped"]), label="the loss on D of A'")
    is_bad = case.word("happens at")(bad, point)
    same = implies(negation(is_bad), at(given, point) == mean(about["source"], about["loss"]))
    case.assume(same, at(given, point) >= 0, label="no place missed: A learns the same from the whole set")
    case.lemma("at the point", at(made, point) <= at(given, point) + select(is_bad, MOST_LOSS, F(0)))
    case.principle("domination", s=space, X=made, c=F(0), a=F(1), Y=given, d=MOST_LOSS, A=bad)
    case.show("at most delta more error", mean(space, made) <= mean(space, given) + delta)


def _drawn() -> Iterator[dict[str, Any]]:
    """Every method and source, with training sets of 1 to 3 points."""
    sizes = range(len(METHODS)), range(len(SOURCES)), (1, 2, 3)
    return ({"method": method, "source": source, "M": size} for method, source, size in product(*sizes))


@obligation(
    "hybrid.samples.exact",
    paper="Section 6",
    kind="enumeration",
    domain=_drawn,
    expect=Verdict.CHECKED,
    finite="five methods of one or two samples of one bit, three sources, training sets of at most 3 points",
    of=lambda case: lost_by_repeats,
    twin=lambda case: lambda m, size: F(0),
)
def repeats_cost_little(lost: Callable[[int, int], Fraction], case: Case) -> None:
    """For each method and source of the finite case, over all training sets and all draws from them, the method has at
    most m(m - 1)/(4M) more error than on samples of the source, exactly. (The twin says that it has no more.)"""
    method, source = METHODS[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    size = int(case.integer("M"))
    found, least = exact_error(method, source, size), error(method, source)
    case.show("little more", found <= least + lost(method.budget.m, size))


def on_average(case: Case, made: Number, given: Number, lost: Number, shown: tuple[Number, Number]) -> None:
    """From one training set to all: if at each of them the mean loss of a method is at most ``lost`` more than that of
    another, so it is on average. ``shown`` are both means at the set at which this is least true."""
    sets, at = case.real("sets"), case.word("value at")
    held = case.word("worst point")(sets, made, F(1), given, F(0), F(0))
    case.assume(at(made, held) == shown[0], at(given, held) == shown[1], label="the mean losses for this training set")
    case.assume(lost >= 0)
    case.lemma("for this set", at(made, held) <= lost + at(given, held))
    case.principle("domination", s=sets, X=made, c=lost, a=F(1), Y=given, d=F(0), A=F(0))


def promised(name: str, delta: Number) -> Simulation[Any, Any]:
    """A theorem that is used, of which only its delta is read here."""
    return Simulation(name=name, delta=delta, budget=lambda budget: budget, reduce=lambda method: method)


@obligation(
    "hybrid1a.model",
    paper="Section 6",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
)
def training_on_a_set_does_what_pac_does(chain: Chain, case: Case) -> None:
    """For all b >= 1, rho > 0 with b rho < 2/3, delta > 0, m >= 1, M >= 1, n, r, set_delta with m(m - 1) <= 4 M
    set_delta, every PAC method and every source: bSGD whose batches of b are drawn with replacement from a training set
    of M samples, on the model of Theorem 1a, has at most delta + set_delta more error. For each training set it is
    Theorem 1a for the source that draws from the set, and m draws from it do what m samples do."""
    b, rho, delta, n = case.integer("b"), case.real("rho"), case.real("delta"), case.integer("n")
    case.assume(delta > 0)
    draws, sets, mean = case.real("draws"), case.real("sets"), case.word("mean")
    losses = {"loss of A": case.real("loss from the set"), "loss of descent": case.real("loss of descent")}
    inner = {"space": case.real("space"), "b": b, "rho": rho, "delta": delta, "n": n}
    held = case.use("theorem1a.model", "at most delta more error", **inner, **losses)
    case.assume(held.premises, label="what Theorem 1a presupposes, for one training set")
    made, between = case.real("loss of descent, by sets"), case.real("loss from the set, by sets")
    space = case.real("space")
    shown = mean(space, losses["loss of descent"]), mean(space, losses["loss of A"])
    on_average(case, made, between, delta, shown)
    outer = {"m": case.integer("m"), "M": case.integer("M"), "set delta": case.real("set delta"), "space": draws}
    link = {"loss of A": case.real("loss of PAC"), "loss of A'": case.real("loss from the draws")}
    again = case.use("hybrid.samples", "at most delta more error", **outer, **link)
    case.assume(again.premises, label="what the losses of the PAC method are, on samples and on draws from a set")
    same = mean(draws, link["loss of A'"]) == mean(sets, between)
    case.assume(same, label="over sets and draws at once, or over sets of the mean over draws")
    whole = chain(again.subject, promised("Theorem 1a", delta))
    case.show("at most both deltas more error", whole.allows(mean(draws, link["loss of A"]), mean(sets, made)))


@obligation(
    "hybrid1d.model",
    paper="Section 6",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: gaining,
)
def training_on_a_set_does_what_sq_does(chain: Chain, case: Case) -> None:
    """For all k, tau in (0, 1], b, r, M >= 1, delta, set_delta >= 0 with (4^k - 1)/3 exp(-M tau^2/32) <= set_delta,
    every SQ method and every source: bSGD whose batches of b are drawn with replacement from a training set of M
    samples, with gradients of any precision rho < tau/6, has at most delta + set_delta more error, if each query is
    asked on one label at a time in q rounds each, 8k exp(-tau^2 b q/128) <= delta. Lemma 5d makes queries about the set
    of those about the source, to tolerance tau/2, and for each training set Theorem 1d asks them of its batches."""
    k, tau, rho, b = case.integer("k"), case.real("tau"), case.real("rho"), case.integer("b")
    delta, size, r = case.real("delta"), case.integer("M"), case.integer("r")
    case.assume(tau > 0, tau <= 1, rho > 0, 6 * rho < tau, delta >= 0, k >= 0, b >= 1)
    case.assume(case.integer("q") >= 1, size >= 1)
    mean, strings, sets = case.word("mean"), case.real("strings"), case.real("sets")
    outer = {"k": k, "tau": tau, "delta": case.real("set delta"), "values": size, "strings": strings}
    link = {"loss of A": case.real("loss of SQ"), "loss of A'": case.real("loss about the set, by strings")}
    about = case.use("lemma5d.simulates", "at most delta more error", **outer, **link)
    case.assume(about.premises, label="what the losses of the SQ method and of the one about the set are")
    asked: Any = about_the_set().budget(about.subject.budget(SQ(k=k, tau=tau, r=r)))
    case.show("k queries to tolerance tau/2", every(asked.k == k, asked.tau == tau / 2, asked.p == 1, asked.r == r))
    losses = {"loss of A": case.real("loss about the set"), "loss of descent": case.real("loss of descent")}
    inner = {"k": asked.k, "tau": asked.tau, "rho": rho, "b": b, "delta": delta, "q": case.integer("q")}
    spaces = {"strings": case.real("strings of a set"), "space": case.real("space")}
    held = case.use("theorem1d.model", "at most delta more error", **inner, **spaces, **losses)
    case.assume(held.premises, label="what Theorem 1d presupposes, for one training set")
    made, between = case.real("loss of descent, by sets"), case.real("loss about the set, by sets")
    shown = mean(spaces["space"], losses["loss of descent"]), mean(spaces["strings"], losses["loss of A"])
    on_average(case, made, between, delta, shown)
    same = mean(strings, link["loss of A'"]) == mean(sets, between)
    case.assume(same, label="over strings of the mean over sets, or over sets of the mean over strings")
    whole = chain(about.subject, promised("Theorem 1d", delta))
    case.show("at most both deltas more error", whole.allows(mean(strings, link["loss of A"]), mean(sets, made)))


@obligation(
    "hybrid3c.simulates",
    paper="Section 6",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
)
def sq_does_what_training_on_a_set_does(chain: Chain, case: Case) -> None:
    """For all T, rho > 0, b, p >= 1, M >= 1, r, delta, set_delta >= 0 with Tp exp(-b tau^2/8) <= delta and Tp exp(-M
    tau^2/32) <= set_delta for tau = rho/4 - eps > 0, every step size, every differentiable model, every initialization
    and every source: SQ with Tp queries to tolerance tau/4 and r random bits has at most delta + set_delta more error
    than bSGD whose batches of b are drawn with replacement from a training set of M samples. Without a slack tau/4 is
    rho/16, and b rho^2 >= 128 log(Tp/delta) with M rho^2 >= 512 log(Tp/set_delta) is enough. For each training set
    Theorem 1c makes of it queries about the set, and Lemma 5c makes of these queries about the source."""
    steps, p, r, b = (case.integer(name) for name in ("T", "p", "r", "b"))
    rho, rate, eps, delta = (case.real(name) for name in ("rho", "rate", "eps", "delta"))
    size, mean, sets = case.integer("M"), case.word("mean"), case.real("sets")
    case.assume(size >= 1, delta >= 0)
    sizes = {"T": steps, "p": p, "r": r, "b": b, "rho": rho, "rate": rate, "eps": eps, "delta": delta}
    spaces = {"space": case.real("space"), "strings": case.real("strings of a set")}
    losses = {"loss of descent": case.real("loss of descent"), "loss of queries alone": case.real("loss about the set")}
    held = case.use("theorem1c.simulates", "at most delta more error", **sizes, **spaces, **losses)
    case.assume(held.premises, label="what Theorem 1c presupposes, for one training set")
    between, given = case.real("loss about the set, by sets"), case.real("loss of descent, by sets")
    shown = mean(spaces["strings"], losses["loss of queries alone"]), mean(spaces["space"], losses["loss of descent"])
    on_average(case, between, given, delta, shown)
    first = chain(held.subject, about_one_batch(size))
    asked: Any = about_one_batch(size).budget(held.subject.budget(BSGD(steps=steps, rho=rho, b=b, p=p, r=r)))
    inner = {"k": asked.k, "tau": asked.tau, "p": asked.p, "r": asked.r, "b": asked.m}
    strings, link = case.real("strings"), {"loss of A": case.real("loss about the set, by strings")}
    link |= {"loss of A'": case.real("loss of SQ")}
    others = {"delta": case.real("set delta"), "strings": strings}
    alone = case.use("lemma5c.simulates", "at most delta more error", **inner, **others, **link)
    case.assume(alone.premises, label="what the losses of the method about the set and of the SQ method are")
    same = mean(strings, link["loss of A"]) == mean(sets, between)
    case.assume(same, label="over strings of the mean over sets, or over sets of the mean over strings")
    whole = chain(first, alone.subject)
    case.show("at most both deltas more error", whole.allows(mean(sets, given), mean(strings, link["loss of A'"])))
    made: Any = alone.subject.budget(asked)
    quarter = every(made.k == steps * p, made.tau == (rho / 4 - eps) / 4)
    case.show("Tp queries to a quarter of rho/4 less the slack", quarter)
    case.show("one query a round, r random bits", every(made.p == 1, made.r == r))
