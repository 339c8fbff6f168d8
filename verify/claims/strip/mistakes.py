"""Result G: the target stays, a third goes, and so there are few updates."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some, within
from constructions.foundations.rounding import Adversary, Grid
from constructions.strip.mistakes import (
    MOST_HELD_OFF,
    TIMES,
    MajorityStage,
    MistakeLearner,
    is_fit_for_lists,
    reader_of,
    stays,
)
from constructions.strip.noisy import CLOCK
from constructions.strip.reader import Reader
from constructions.strip.sign_queries import all_queries
from constructions.strip.simulations import tolerance_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
SMALL = ((3, F(1, 8)), (5, F(1, 6)))
"""Batches and precisions with kappa = 0 and 1."""


def lenient(wrong: Number, kappa: Number) -> Any:
    """Twice as many wrong points are allowed (the twins')."""
    return stays(wrong, 2 * kappa)


def strict(wrong: Number, kappa: Number) -> Any:
    """One wrong point fewer is allowed (a twin's)."""
    return stays(wrong, kappa - 1)


def near_enough(held: Number, b: Number, rho: Number, kappa: Number) -> Any:
    """Takes every e up to 1/4 (a twin's)."""
    return every(held > 0, held <= MOST_HELD_OFF, 2 * b * tolerance_of(rho) < kappa + 1)


@obligation("strip.mistakes.kappa", paper="the strip", of=lambda case: is_fit_for_lists, twin=lambda case: near_enough)
def lists_differ_little(fits: Callable[..., Any], case: Case) -> None:
    """For all b >= 1, rho > 0, kappa >= 0 and every e that fits: if two lists of mistakes are consistent with the same
    answers, within tau + e of their means, then no query of R3 for lists that differ by more than kappa is in the
    family. So if the family has one for each such pair, what is reported and what was there differ by at most kappa.
    The largest whole number of at most 3 b rho/2 leaves room for an e that fits."""
    b, rho, kappa, held, x = (
        case.integer("b"),
        case.real("rho"),
        case.integer("kappa"),
        case.real("e"),
        case.integer("X"),
    )
    apart, half = case.integer("apart"), b * (tolerance_of(rho) + held)
    case.assume(b >= 1, rho > 0, kappa >= 0, fits(held, b, rho, kappa), label="e fits")
    case.assume(within(x, 2 * half), label="not told apart")
    case.assume(implies(apart >= kappa + 1, x >= kappa + 1), label="if they differ by more, a query of R3 for them")
    case.show("little", apart <= kappa)
    room = kappa + 1 - 2 * b * tolerance_of(rho)
    case.show("there is room for an e", implies(2 * kappa + 2 > 3 * b * rho, room > 0))


def one_clock(held: Number, right: Number) -> Reader:
    """The same clock twice (a twin's)."""
    found = reader_of(held, right)
    return Reader(held=found.held, slopes=(found.slopes[0], found.slopes[1], found.slopes[1]))


@obligation("strip.mistakes.gradients", paper="the strip", of=lambda case: reader_of, twin=lambda case: one_clock)
def only_mistakes_count(reader: Callable[[Number, Number], Reader], case: Case) -> None:
    """For every sample, every query with values 1 and -1 and 0 < e <= 1/4: the clipped gradient by the query's
    parameter is within e of (h(x) - y) r(x), which is 0 where h is right; and the clocks have those of
    ``strip.noisy.clock``: 1 and 1/3 where h is right, -1 and -1 where it is wrong. So for rho < 4/15 one of them moves
    in every step."""
    value, y, held, h = case.integer("value"), case.integer("y"), case.real("e"), case.integer("h")
    case.assume(some(value == 1, value == -1), some(y == 0, y == 1), some(h == 0, h == 1))
    case.assume(held > 0, held <= MOST_HELD_OFF)
    made = reader(held, h)
    case.show("near", within(made.gradient(0, value, y) - (h - y) * value, held))
    for group in (1, 2):
        wanted = select(h == y, CLOCK.gradient(group - 1, F(1), F(0)), CLOCK.gradient(group - 1, F(1), F(1)))
        case.show(f"clock {group}", made.gradient(group, F(1), y) == wanted)


@obligation(
    "strip.mistakes.target", paper="the strip", kind="induction", of=lambda case: stays, twin=lambda case: strict
)
def the_target_stays(kept: Callable[[Number, Number], Any], case: Case) -> None:
    """For every kappa: if what is reported differs from the true list of mistakes by at most kappa, then the target,
    which is wrong on no true mistake, is wrong on at most kappa reported ones, and stays. By induction over the points:
    at a point where the target is wrong on what is reported, no mistake was there."""
    reported, there, kappa = case.integer("reported"), case.integer("there"), case.integer("kappa")
    is_wrong = case.bit("the target is wrong on it")
    case.assume(reported >= 0, there >= 0, implies(is_wrong, there == 0), kappa >= 0)
    state = {"wrong": case.integer("wrong"), "differs": case.integer("differs")}
    gap = select(reported < there, there - reported, reported - there)
    run = case.induction(
        "over the points",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"reported": reported, "there": there, "is wrong": is_wrong},
        advance=lambda s: {
            "wrong": s["wrong"] + select(s["is wrong"], s["reported"], F(0)),
            "differs": s["differs"]
            + select(s["reported"] < s["there"], s["there"] - s["reported"], s["reported"] - s["there"]),
        },
        holds=lambda s: s["wrong"] <= s["differs"],
    )
    at = case.reached(run)
    case.lemma("a gap", gap >= 0)
    case.assume(at["differs"] <= kappa)
    case.show("it stays", kept(at["wrong"], kappa))


@obligation(
    "strip.mistakes.third", paper="the strip", kind="induction", of=lambda case: stays, twin=lambda case: lenient
)
def a_third_goes(kept: Callable[[Number, Number], Any], case: Case) -> None:
    """For every kappa >= 0: if R reported mistakes, at least 4 kappa and at least one, are wrong for at least half of
    the hypotheses each, as they are mistakes of a majority, then at most twice as many hypotheses stay as go. By
    induction over the hypotheses, each of which is wrong on at most R of them."""
    kappa, many, wrong = case.integer("kappa"), case.integer("R"), case.integer("wrong")
    case.assume(kappa >= 0, many >= 1, many >= TIMES * kappa, wrong >= 0, wrong <= many)
    state = {name: case.integer(name) for name in ("stay", "go", "sum")}
    run = case.induction(
        "over the hypotheses",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"wrong": wrong},
        advance=lambda s: {
            "stay": s["stay"] + select(kept(s["wrong"], kappa), F(1), F(0)),
            "go": s["go"] + select(kept(s["wrong"], kappa), F(0), F(1)),
            "sum": s["sum"] + s["wrong"],
        },
        holds=lambda s: every(s["stay"] >= 0, s["go"] >= 0, 4 * s["sum"] <= s["stay"] * many + 4 * s["go"] * many),
    )
    at = case.reached(run)
    case.assume(2 * at["sum"] >= many * (at["stay"] + at["go"]), label="each is wrong for at least half of them")
    case.lemma("in units of R", many * (2 * at["go"] - at["stay"]) >= 0)
    case.show("a third goes", at["stay"] <= 2 * at["go"])


@obligation("strip.mistakes.loud", paper="the strip", of=lambda case: 5, twin=lambda case: 4)
def many_mistakes_are_reported(times: int, case: Case) -> None:
    """For every kappa >= 0: a batch with 5 kappa mistakes (one, if kappa = 0) reports at least 4 kappa (one), and the
    empty list is not what is reported, so the step wrote something."""
    kappa, there, reported = case.integer("kappa"), case.integer("there"), case.integer("reported")
    case.assume(kappa >= 0, there >= times * kappa, there >= 1, there - reported <= kappa, label="little differs")
    case.show("enough", every(reported >= TIMES * kappa, reported >= 1))


@obligation(
    "strip.mistakes.updates", paper="the strip", kind="induction", of=lambda case: F(3, 2), twin=lambda case: F(2)
)
def there_are_few_updates(base: Number, case: Case) -> None:
    """If the target always stays and at least a third goes with each update, then after u updates (3/2)^u is at most
    the number of hypotheses: u is less than U = 1 + floor(log |H| to the base 3/2)."""
    many, after = case.integer("|H|"), case.integer("left after")
    case.assume(many >= 1)
    run = case.induction(
        "over the updates",
        state={"u": case.integer("u"), "left": case.integer("left"), "power": case.real("power")},
        start={"u": F(0), "left": many, "power": F(1)},
        inputs={"after": after},
        given=lambda s: every(s["after"] >= 1, 3 * s["after"] <= 2 * s["left"]),
        advance=lambda s: {"u": s["u"] + 1, "left": s["after"], "power": s["power"] * base},
        holds=lambda s: every(s["u"] >= 0, s["left"] >= 1, s["power"] > 0, s["power"] * s["left"] <= many),
    )
    at = case.reached(run)
    case.show("few", at["power"] <= many)


@obligation("strip.mistakes.quiet", paper="the strip", kind="induction", of=lambda case: 1, twin=lambda case: 3)
def some_window_is_quiet(least: int, case: Case) -> None:
    """Of U + 1 windows of steps, in which there are fewer than U updates in all, at least one has none."""
    most, here = case.integer("U"), case.integer("updates of a window")
    case.assume(here >= 0)
    run = case.induction(
        "over the windows",
        state={name: case.integer(name) for name in ("windows", "quiet", "updates")},
        start={"windows": F(0), "quiet": F(0), "updates": F(0)},
        inputs={"updates of a window": here},
        advance=lambda s: {
            "windows": s["windows"] + 1,
            "quiet": s["quiet"] + select(s["updates of a window"] == 0, F(1), F(0)),
            "updates": s["updates"] + s["updates of a window"],
        },
        holds=lambda s: every(s["quiet"] >= 0, s["updates"] >= 0, s["windows"] <= s["quiet"] + s["updates"]),
    )
    at = case.reached(run)
    case.assume(at["windows"] == most + 1, at["updates"] < most)
    case.show("quiet", at["quiet"] >= least)


@obligation(
    "strip.mistakes.learns", paper="the strip", kind="induction", of=lambda case: F(1), twin=lambda case: F(1, 2)
)
def the_error_of_what_is_learned(share: Number, case: Case) -> None:
    """Result G. For every finite class, every realizable source, all b, rho < 4/15 and kappa with b >= 5 kappa, and
    eps, delta > 0: what is learned in U + 1 windows of Q steps has on average at most eps + delta wrong labels, whoever
    rounds and whatever he knows. For each of the M histories that there may be, and each window, the chance is at most
    2^(-h) that the h of this history errs by more than eps and no batch of the window has 5 kappa mistakes (one, if
    kappa = 0; ``strip.readout.missed`` and ``strip.readout.halvings``, with q = eps^max(1, 5 kappa)); so it is at most
    delta that this is so for some history and window, if 2^h delta >= (U + 1) M. Else what is learned, the h of a
    window without an update (``strip.mistakes.quiet``), errs by at most eps, as such a batch leads to an update
    (``strip.mistakes.loud``)."""
    s, bad, never = case.real("s"), case.real("bad"), case.real("never")
    chance, either, mean = case.word("chance"), case.word("either"), case.word("mean")
    power, state = case.real("2^h"), {"pairs": case.integer("pairs"), "event": case.real("event")}
    few = {name: case.real(name) for name in ("certain", "group")} | {"h": case.integer("h")}
    groups = {
        f"over the groups reached: {name}": value for name, value in (("event", bad), ("2^h", power), ("h", few["h"]))
    }
    halved = case.use(
        "strip.readout.halvings", "at most 2^(-h)", s=s, certain=few["certain"], group=few["group"], **groups
    )
    case.assume(halved.premises, label="a history and a window: no batch of h groups has many mistakes of its h")
    case.assume(power >= 1, chance(s, never) == 0)
    case.principle("union bound", s=s, A=state["event"], B=bad)
    run = case.induction(
        "over histories and windows",
        state=state,
        start={"pairs": F(0), "event": never},
        inputs={"bad": bad, **few},
        advance=lambda at: {"pairs": at["pairs"] + 1, "event": either(at["event"], at["bad"])},
        holds=lambda at: every(at["pairs"] >= 0, chance(s, at["event"]) * power <= at["pairs"]),
    )
    at, delta, eps, error = case.reached(run), case.real("delta"), case.real("eps"), case.real("wrong labels")
    case.assume(eps >= 0, delta > 0, power * delta >= at["pairs"], label="h is large enough")
    case.lemma("seldom", chance(s, at["event"]) <= delta)
    point, value = case.word("worst point")(s, error, F(1), never, share, at["event"]), case.word("value at")
    large, enough = case.bit("h errs by more than eps"), _of_a_batch(case)
    case.assume(large == (value(error, point) > eps), value(error, point) <= 1 + eps, value(never, point) == 0)
    case.assume(implies(every(large, negation(enough)), case.word("happens at")(at["event"], point)), label="the event")
    case.assume(mean(s, never) == 0)
    case.principle("domination", s=s, X=error, c=eps, a=F(1), Y=never, d=share, A=at["event"])
    case.show("the error", mean(s, error) <= eps + delta * share)


def _of_a_batch(case: Case) -> Formula:
    """Whether a batch of a window without an update has many mistakes."""
    kappa, there, reported, quiet = (case.integer(name) for name in ("kappa", "mistakes", "reported", "quiet windows"))
    enough, update = every(there >= 5 * kappa, there >= 1), every(reported >= TIMES * kappa, reported >= 1)
    loud = case.use("strip.mistakes.loud", "enough", kappa=kappa, there=there, reported=reported)
    case.assume(implies(enough, loud.premises), label="what is reported differs little (strip.mistakes.kappa)")
    windows = case.use("strip.mistakes.quiet", "quiet", **{"over the windows reached: quiet": quiet})
    case.assume(windows.premises, label="the windows, and fewer than U updates (strip.mistakes.updates)")
    case.assume(implies(quiet >= 1, negation(update)), label="a batch of the window without an update")
    return enough


class LenientLearner(MistakeLearner):
    """Counts one wrong point too few (the twin's)."""

    def wrong(self, number: int, mistakes: Sequence[Any]) -> int:
        """One fewer than there are."""
        return MistakeLearner.wrong(self, number, mistakes) - 1


@obligation(
    "strip.mistakes.runs",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"b": b, "rho": rho} for b, rho in SMALL),
    expect=Verdict.CHECKED,
    finite="n = 1, all functions as the class, kappa = 0 and 1: all stages, targets, batches and valid roundings of "
    "what is read",
    of=lambda case: MistakeLearner,
    twin=lambda case: LenientLearner,
)
def steps_of_small_learners(made: type[MistakeLearner], case: Case) -> None:
    """With every step the target stays; with an update at least a third goes; and a batch with 5 kappa mistakes (one,
    if kappa = 0) leads to an update, whatever the valid roundings are."""
    learner = small_learner(made, case)
    found = [outcome for target in range(4) for outcome in _all_steps(learner, target)]
    case.show("the target stays", all(target in after.left for target, _, after, _ in found))
    updated = [(before, after) for _, before, after, _ in found if after.updates > before.updates]
    case.show("a third goes", bool(updated) and all(3 * len(a.left) <= 2 * len(b.left) for b, a in updated))
    many = [after.updates > before.updates for _, before, after, wrong in found if wrong >= max(1, 5 * learner.kappa)]
    case.show("many mistakes are enough", bool(many) and all(many))


def small_learner(made: type[MistakeLearner], case: Case) -> MistakeLearner:
    """The learner of all functions of one bit, by all queries."""
    class_ = [lambda x, bits=bits: bits[x[0]] for bits in product((0, 1), repeat=2)]
    queries = all_queries(1, int(case.integer("b")))
    return made(hypotheses=class_, queries=queries, rho=F(case.real("rho")), window=1)


@obligation(
    "strip.mistakes.held_back",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"b": b, "rho": rho} for b, rho in SMALL[1:]),
    expect=Verdict.REFUTED,
    finite="n = 1, all functions as the class, kappa = 1: all stages, targets, batches and valid roundings of what is "
    "read",
    of=lambda case: MistakeLearner,
)
def updates_cannot_be_held_back(made: type[MistakeLearner], case: Case) -> None:
    """Whether a batch leads to an update is the same for all valid roundings. (It is not: whoever rounds may let a
    stage stand that errs little, and have another one begin with the last step. So the last stage is not what is
    learned.)"""
    found: dict[tuple[int, tuple[int, ...], int, tuple[Any, ...]], set[bool]] = {}
    learner = small_learner(made, case)
    for target in range(4):
        for target_, before, after, wrong, batch in _all_steps_on_batches(learner, target):
            found.setdefault((target_, before.left, wrong, batch), set()).add(after.updates > 0)
    case.show("the same", all(len(each) == 1 for each in found.values()))


def in_turn(answers: Sequence[Fraction]) -> Adversary:
    """Who picks these roundings, one after the other."""
    left = iter(answers)
    return lambda choice: next(left)


def _all_steps(learner: MistakeLearner, target: int) -> list[tuple[int, MajorityStage, MajorityStage, int]]:
    """All steps from stages that have a target: before, after, and how many mistakes there were."""
    return [found[:4] for found in _all_steps_on_batches(learner, target)]


def _all_steps_on_batches(
    learner: MistakeLearner, target: int
) -> list[tuple[int, MajorityStage, MajorityStage, int, tuple[Any, ...]]]:
    """The same, with the batch."""
    found, grid, b = [], Grid(rho=learner.rho), learner.queries.b
    for chosen in product((False, True), repeat=4):
        left = tuple(number for number, is_in in enumerate(chosen) if is_in or number == target)
        stage, majority = MajorityStage(left=left), learner.majority(left)
        for ones in range(b + 1):
            points = [(1,)] * ones + [(0,)] * (b - ones)
            batch = tuple((x, learner.hypotheses[target](x)) for x in points)
            wrong = sum(majority(x) != y for x, y in batch)
            *read, one, other = (grid.valid(value) for value in learner.gradient(stage, batch))
            for answers in product(*read, one[-1:], other[-1:]):
                after = learner.step(stage, batch, in_turn(answers))
                found.append((target, stage, after, wrong, batch))
    return found
