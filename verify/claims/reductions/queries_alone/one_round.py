"""Theorem 2c and Lemma 5c: the p queries of one round of any method, asked one at a time.

Proved here: what the method is handed after them (``theorem2c.block``), how seldom one of their p batch means strays
(``theorem2c.strays``), and what clipped predictions lose (``theorem2c.clipped``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, within
from constructions.foundations.terms import INTEGER, REAL
from constructions.learning.models import SQ
from constructions.learning.oracles import is_valid
from constructions.learning.tails import exponent, for_all
from constructions.reductions.queries_alone import MOST_LOSS, OneAtATime, asked_alone
from verify.claims.foundations.descent.steps import any_place, vector
from verify.claims.learning.oracles.valid_answers import AnyQueryMethod
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import own, with_names

F = Fraction
ROUND = (INTEGER, REAL, INTEGER)
"""Of what a batch mean is a function: the number of the round, the state that asks, the place of the query."""


@dataclass(frozen=True, slots=True)
class ByPlace:
    """The values of any number of queries at a point, by place."""

    at: Callable[[Number], Number]

    def __getitem__(self, place: Number) -> Number:
        return self.at(place)


class AnyParallelMethod(AnyQueryMethod):
    """Any method that asks p queries at once: a function of its random bits and of the answers to them."""

    cells = None

    def query(self, state: Number) -> Callable[[Any, Any], ByPlace]:
        """The queries in a state."""
        asked = self.ask(state, 1)
        return lambda x, y: ByPlace(asked((x,), y).at)


@dataclass(frozen=True, slots=True)
class GatheredAnswers:
    """The answers that were gathered in a round: how many, and the one at the place i, if it is among them."""

    count: Number
    at_i: Number


def answers_so_far(got: Any) -> GatheredAnswers:
    """Answers as the code has them: none, or those known by a number."""
    return got if isinstance(got, GatheredAnswers) else GatheredAnswers(F(len(got)), F(0))


@dataclass(frozen=True, slots=True)
class SerialCode:
    """The code that asks one at a time, over terms.

    Parameters
    ----------
    steps : its functions for any method. i : the place at which the answers are looked at.
    forgetful : whether each answer is taken for the one at every place (the twin's).
    """

    steps: OneAtATime
    i: Number
    forgetful: bool = False

    def appended(self, got: Any, answer: Number) -> GatheredAnswers:
        """One more answer."""
        before = answers_so_far(got)
        kept = answer if self.forgetful else select(before.count == self.i, answer, before.at_i)
        return GatheredAnswers(before.count + 1, kept)

    def after(self, inner: Number, count: Number, at_i: Number, answer: Number) -> tuple[Number, ...]:
        """The state after one more answer: that of the method, how many answers there are, and the one at i."""
        code = with_names(OneAtATime.after, appended=self.appended, len=lambda got: answers_so_far(got).count)

        def run() -> tuple[Number, ...]:
            found: Any = code(self.steps, (inner, GatheredAnswers(count, at_i)), (answer,))
            state, got = found
            return state, answers_so_far(got).count, answers_so_far(got).at_i

        return own(run)

    def handed(self, count: Number, at_i: Number, answer: Number) -> Number:
        """What the method is handed at the place i after the last answer."""
        return self.appended(GatheredAnswers(count, at_i), answer).at_i

    def asked(self, inner: Number, count: Number, x: Number, y: Number) -> Number:
        """What the query in a state is at a point."""
        code: Any = with_names(OneAtATime.query, len=lambda got: answers_so_far(got).count)
        return code(self.steps, (inner, GatheredAnswers(count, F(0))))(x, y)[0]


def serial(*, forgetful: bool = False) -> Callable[[Case], tuple[SerialCode, Any]]:
    """The code of Theorem 2c for any method, and the budget that it gives."""

    def build(case: Case) -> tuple[SerialCode, Any]:
        size = {name: case.integer(name) for name in ("k", "p", "b", "r")} | {"tau": case.real("tau")}
        method = AnyParallelMethod(case, case.real("answers"), SimpleNamespace(**size))
        names = {"QueryMethod": lambda **fields: SimpleNamespace(**fields), "_of_batches": lambda given: given.budget}
        made = with_names(asked_alone, **names)(method)
        return SerialCode(OneAtATime(method), case.integer("i"), forgetful), made.budget

    return build


def over_source(case: Case) -> Callable[[Number, Number], Number]:
    """The mean over the source of the query of a state at a place: any function of the two."""
    return case.function("mean over source", 2, takes=(REAL, INTEGER))


@obligation("theorem2c.block", paper="Theorem 2c, Lemma 5c", kind="induction", of=serial(), twin=serial(forgetful=True))
def one_round_one_at_a_time(subject: tuple[SerialCode, SQ], case: Case) -> None:
    """For every method that asks p >= 1 queries a round, and every tau: p rounds in a row of the simulating method ask
    the p queries of one state, one after the other. The method is then handed p answers, of which the one at any place
    i is the answer to query i, and the next round of the method begins with no answer. If each answer is valid for
    queries of the source to tolerance tau/2, so is that one. The budget is kp rounds of one query, tolerance tau/2, and
    the random bits of the method."""
    code, budget = subject
    method, place, inner = code.steps.method, any_place(case), case.real("state")
    answer, truth, size = case.real("v"), over_source(case), method.budget
    entry = vector(case, case.real("answers")).at
    case.assume(case.real("tau") > 0)
    state = {"inner": case.real("inner"), "count": case.integer("count"), "at i": case.real("at i")}
    begun: Any = code.steps.start(F(0))  # type: ignore[arg-type]
    case.function("next", 2)  # the same functions at every moment, also where a witness ends no round
    none = answers_so_far(begun[1])

    def valid(s: State) -> Formula:
        return every(s["v"] == entry(s["count"]), is_valid(s["v"], truth(s["inner"], s["count"]), budget.tau))

    run = case.induction(
        "over the queries",
        state=state,
        start={"inner": inner, "count": none.count, "at i": none.at_i},
        inputs={"v": answer},
        given=lambda s: every(valid(s), s["count"] + 1 < size.p),
        advance=lambda s: dict(zip(state, code.after(s["inner"], s["count"], s["at i"], s["v"]), strict=True)),
        holds=lambda s: every(
            s["inner"] == inner,
            every(s["count"] >= 0, s["count"] < size.p),
            implies(place < s["count"], every(s["at i"] == entry(place), valid_at(case, s["at i"], inner, budget))),
        ),
    )
    at = case.reached(run)
    x, y = case.real("x"), case.real("y")
    asks = method.query(inner)(x, y)[at["count"]]
    case.show("each round asks the next query of this state", code.asked(at["inner"], at["count"], x, y) == asks)
    case.assume(valid(at | {"v": answer}), at["count"] + 1 == size.p, label="the last of the p answers")
    after = code.after(at["inner"], at["count"], at["at i"], answer)
    handed = code.handed(at["count"], at["at i"], answer)
    case.assume(case.real("after") == after[0], label="the state of the method afterwards")
    case.show("they are handed on", case.real("after") == method.after(inner, None))
    case.show("each at its place", every(handed == entry(place), valid_at(case, handed, inner, budget)))
    case.show("the next round begins", every(after[1] == none.count, after[2] == none.at_i))
    case.show("the rounds", every(budget.k == size.k * size.p, budget.p == 1))
    case.show("half of the tolerance, and the random bits", every(budget.tau == size.tau / 2, budget.r == size.r))


def valid_at(case: Case, answer: Number, inner: Number, budget: SQ) -> Formula:
    """Whether an answer to the query at the place i is valid for queries of the source."""
    return is_valid(answer, over_source(case)(inner, case.integer("i")), budget.tau)


@dataclass(frozen=True, slots=True)
class Means:
    """The batch means of the queries along one run, as values in the space of all batches.

    Parameters
    ----------
    case : the claim. batch : from a point of the space and the number of a round to the number of the batch.
    """

    case: Case
    batch: Callable[[Number, Number], Number]

    def value(self, t: Number, state: Number, place: Number) -> Number:
        """The mean of a query over the batch of a round, by its number."""
        return self.case.function("batch mean", 3, takes=ROUND)(t, state, place)

    def strays(self, t: Number, state: Number, place: Number) -> Number:
        """The event that it is more than tau/2 away from the mean over the source."""
        truth = over_source(self.case)(state, place)
        return self.case.word("strays")(self.value(t, state, place), truth, width(self.case))

    def known(self, t: Number, state: Number, place: Number) -> Formula:
        """What it is: its value at a point is the mean over the batch there, it is a mean of b independent values, and
        its mean is that over the source."""
        case, space, value = self.case, self.case.real("space"), self.value(t, state, place)
        point = case.real("point")
        over_batch = case.function("mean over batch", 3, takes=(REAL, REAL, INTEGER))
        return every(
            case.word("value at")(value, point) == over_batch(self.batch(point, t), state, place),
            case.word("is a mean of independent values")(space, value, case.integer("b")),
            case.word("mean")(space, value) == over_source(case)(state, place),
        )

    def seldom(self, t: Number, state: Number, place: Number, event: Number) -> None:
        """State what the principles say of it, beside another event."""
        case, value = self.case, self.value(t, state, place)
        space, truth, eta = case.real("space"), over_source(case)(state, place), width(case)
        case.principle("hoeffding", s=space, X=value, b=case.integer("b"), eta=eta)
        strays = self.strays(t, state, place)
        case.principle("union bound", s=space, A=event, B=strays)
        case.principle("at a point", X=value, m=truth, eta=eta, w=case.real("point"), A=event, B=strays)


def width(case: Case) -> Number:
    """How far a batch mean may stray."""
    return case.real("tau") / 2


def bound(case: Case) -> Number:
    """Hoeffding's bound on the chance that one batch mean strays."""
    return case.word("two times exp")(-exponent(case.integer("b"), width(case)))


def fresh(case: Case) -> Means:
    """A batch for each round."""
    return Means(case, case.function("batch of", 2, takes=(REAL, INTEGER)))


def nothing_happens(case: Case) -> Number:
    """An event that never happens."""
    never = case.real("never")
    said = every(case.word("chance")(case.real("space"), never) <= 0, negated(case, never))
    case.assume(said, label="an event that never happens")
    return never


def negated(case: Case, event: Number) -> Formula:
    """That an event does not happen at the point."""
    return implies(case.word("happens at")(event, case.real("point")), False)


@obligation(
    "theorem2c.strays",
    paper="Theorem 2c, Lemma 5c",
    kind="induction",
    of=lambda case: F(1),
    twin=lambda case: F(1, 2),
)
def some_mean_strays_seldom(share: Fraction, case: Case) -> None:
    """For every space of batches, p, b >= 1, tau > 0 and the p queries of any state in any round: the chance that one
    of their p batch means is more than tau/2 away from its mean over the source is at most p times 2 exp(-b tau^2/8).
    Where that does not happen, no one of them is. (Stated for p queries and one that may be any event before them.)"""
    means, place, t, state = fresh(case), any_place(case), case.integer("t"), case.real("state")
    p, never, space = case.integer("p"), nothing_happens(case), case.real("space")
    case.assume(case.integer("b") >= 1, case.real("tau") > 0)
    moment = {"j": case.integer("j"), "event": case.real("event")}
    means.seldom(t, state, moment["j"], moment["event"])
    happens, chance, point = case.word("happens at"), case.word("chance"), case.real("point")

    def of_place(s: State) -> Formula:
        strays = happens(means.strays(t, state, place), point)
        return implies(every(place < s["j"], strays), happens(s["event"], point))

    run = case.induction(
        "over the queries",
        state=moment,
        start={"j": F(0), "event": never},
        inputs={},
        given=lambda s: every(means.known(t, state, s["j"]), s["j"] < p),
        advance=lambda s: {
            "j": s["j"] + 1,
            "event": case.word("either")(s["event"], means.strays(t, state, s["j"])),
        },
        holds=lambda s: every(
            every(s["j"] >= 0, s["j"] <= p),
            chance(space, s["event"]) <= for_all(share * s["j"], bound(case)),
            of_place(s),
        ),
    )
    at = case.reached(run)
    case.assume(at["j"] == p, means.known(t, state, place), label="all p queries")
    value, truth = means.value(t, state, place), over_source(case)(state, place)
    case.principle("at a point", X=value, m=truth, eta=width(case), w=point, A=never, B=never)
    over_batch = case.function("mean over batch", 3, takes=(REAL, REAL, INTEGER))
    near = within(over_batch(means.batch(point, t), state, place) - truth, width(case))
    case.show("seldom", chance(space, at["event"]) <= for_all(p, bound(case)))
    case.show("else none strays", near, given=negated(case, at["event"]))


def made_prediction(prediction: Number) -> Number:
    """What the simulating method predicts at a point where the given method has this prediction."""
    method = SimpleNamespace(predictor=lambda state: lambda x: prediction)
    return OneAtATime(method).predictor((F(0), ()))(())


@obligation(
    "theorem2c.clipped",
    paper="Theorem 2c, Lemma 5c",
    of=lambda case: made_prediction,
    twin=lambda case: lambda prediction: max(F(-1), min(F(1), prediction)),
)
def clipping_costs_nothing(clip: Callable[[Number], Number], case: Case) -> None:
    """For every source and every predictor, with predictions of any size: with its predictions held within [0, 1] the
    predictor loses at most what it lost before, and at most 1/2. Labels are 0 or 1, the loss is half of the square of
    the difference."""
    source, made, given = case.real("source"), case.real("loss, clipped"), case.real("loss")
    at, worst = case.word("value at"), case.word("worst point")
    for number, (c, a) in enumerate(((F(0), F(1)), (MOST_LOSS, F(0)))):
        point = worst(source, made, a, given, F(0), F(0))
        h, y = case.real(f"h {number}"), case.integer(f"y {number}")
        held = own(lambda h=h: (clip(h),))[0]  # type: ignore[misc]
        case.assume(y >= 0, y <= 1, at(made, point) == (held - y) * (held - y) / 2)
        case.assume(at(given, point) == (h - y) * (h - y) / 2, label="the losses at a point")
        case.lemma(f"at a point {number}", at(made, point) <= c + a * at(given, point))
        case.principle("domination", s=source, X=made, c=c, a=a, Y=given, d=F(0), A=F(0))
    mean = case.word("mean")
    case.show("no more than before", mean(source, made) <= mean(source, given))
    case.show("at most 1/2", mean(source, made) <= MOST_LOSS)
