"""Result G: the target stays, a third goes, and so there are few updates."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, within
from constructions.foundations.rounding import Adversary, Grid
from constructions.strip.mistakes import TIMES, MajorityStage, MistakeLearner, stays
from constructions.strip.sign_queries import SignQueries, all_queries
from constructions.strip.simulations import tolerance_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def lenient(wrong: Number, kappa: Number) -> Any:
    """Twice as many wrong points are allowed (the twins')."""
    return stays(wrong, 2 * kappa)


def strict(wrong: Number, kappa: Number) -> Any:
    """One wrong point fewer is allowed (a twin's)."""
    return stays(wrong, kappa - 1)


@obligation("strip.mistakes.kappa", paper="the strip", of=lambda case: tolerance_of, twin=lambda case: lambda rho: rho)
def lists_differ_little(near: Callable[[Number], Number], case: Case) -> None:
    """For all b >= 1, rho > 0 and kappa >= 0, the largest whole number of at most 3 b rho/2: if two lists of mistakes
    differ by more than kappa, a query of R3 for them has products that are more than 2 b tau apart, so no answer is
    within tau of both means. Hence what is reported and what was there differ by at most kappa."""
    b, rho, kappa, apart, x = (
        case.integer("b"),
        case.real("rho"),
        case.integer("kappa"),
        case.integer("N"),
        case.integer("X"),
    )
    case.assume(b >= 1, rho > 0, kappa >= 0, kappa <= 2 * b * near(rho), 2 * b * near(rho) < kappa + 1)
    case.assume(within(x, 2 * (b * near(rho))), label="not told apart")
    case.assume(implies(apart >= kappa + 1, x >= kappa + 1), label="if they differ by more, a query of R3 for them")
    case.show("little", apart <= kappa)
    case.show("kappa", every(2 * kappa <= 3 * b * rho, 3 * b * rho < 2 * kappa + 2))


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


class LenientLearner(MistakeLearner):
    """Counts one wrong point too few (the twin's)."""

    def wrong(self, number: int, mistakes: Sequence[Any]) -> int:
        """One fewer than there are."""
        return MistakeLearner.wrong(self, number, mistakes) - 1


@obligation(
    "strip.mistakes.runs",
    paper="the strip",
    kind="enumeration",
    domain=lambda: ({"b": b, "rho": rho} for b, rho in ((3, F(1, 8)), (5, F(4, 25)))),
    expect=Verdict.CHECKED,
    finite="n = 1, all functions as the class, kappa = 0 and 1: all stages, targets, batches and valid roundings",
    of=lambda case: MistakeLearner,
    twin=lambda case: LenientLearner,
)
def steps_of_small_learners(made: type[MistakeLearner], case: Case) -> None:
    """With every step the target stays; with an update at least a third goes; and a batch with 5 kappa mistakes (one,
    if kappa = 0) leads to an update, whatever the valid roundings are."""
    queries: SignQueries = all_queries(1, int(case.integer("b")))
    rho = F(case.real("rho"))
    class_ = [lambda x, bits=bits: bits[x[0]] for bits in product((0, 1), repeat=2)]
    learner = made(hypotheses=class_, queries=queries, rho=rho)
    found = [outcome for target in range(4) for outcome in _all_steps(learner, target)]
    case.show("the target stays", all(target in after.left for target, _, after, _ in found))
    updated = [(before, after) for _, before, after, _ in found if after.updates > before.updates]
    case.show("a third goes", bool(updated) and all(3 * len(a.left) <= 2 * len(b.left) for b, a in updated))
    many = [after.updates > before.updates for _, before, after, wrong in found if wrong >= max(1, 5 * learner.kappa)]
    case.show("many mistakes are enough", bool(many) and all(many))


def in_turn(answers: Sequence[Fraction]) -> Adversary:
    """Who picks these roundings, one after the other."""
    left = iter(answers)
    return lambda choice: next(left)


def _all_steps(learner: MistakeLearner, target: int) -> list[tuple[int, MajorityStage, MajorityStage, int]]:
    """All steps from stages that have a target: before, after, and how many mistakes there were."""
    found, grid = [], Grid(rho=learner.rho)
    for chosen in product((False, True), repeat=4):
        left = tuple(number for number, is_in in enumerate(chosen) if is_in or number == target)
        stage, output = MajorityStage(left=left), learner.output(MajorityStage(left=left))
        for ones in range(learner.queries.b + 1):
            points = [(1,)] * ones + [(0,)] * (learner.queries.b - ones)
            batch = [(x, learner.hypotheses[target](x)) for x in points]
            wrong = sum(output(x) != y for x, y in batch)
            for answers in product(*(grid.valid(value) for value in learner.gradient(stage, batch))):
                after = learner.step(stage, batch, in_turn(answers))
                found.append((target, stage, after, wrong))
    return found
