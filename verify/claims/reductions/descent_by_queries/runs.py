"""The runs of gradient descent against valid estimates, and those of the method by queries against valid answers."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import Formula, every, implies, negation, within
from constructions.foundations.terms import INTEGER, REAL
from constructions.learning import oracles
from constructions.reductions.descent_by_queries import DescentSteps
from verify.claims.foundations.descent.steps import AnyModel, any_model, vector
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.parts import State

F = Fraction


@dataclass(frozen=True, slots=True)
class DescentRuns:
    """The runs of gradient descent against any valid estimates, and those of the method by queries.

    Parameters
    ----------
    case : the claim. batch : the number of the batch of a step, from the step's number (from 0).
    steps : the code of the method by queries. tau : to which tolerance it asks. slack : that of what a program finds.
    """

    case: Case
    batch: Callable[[Number], Number]
    steps: DescentSteps
    tau: Number
    slack: Number

    def gradient(self, name: str, s: State, place: Number) -> Number:
        """An entry of the gradient of a batch at some weights (by ``lemma4.means`` what is said of it here is so)."""
        mean = self.case.function(name, 3, takes=(REAL, REAL, INTEGER))
        return mean(self.batch(s["t"]), s["w"], place)

    def place(self, s: State) -> Number:
        """A place at which the roundings are not valid, or the next weights are others than equation (1) says, if there
        is one: so all is right if this entry is."""
        found = self.case.function("place", 4, gives=INTEGER)
        return found(s["picks"], s["next"], s["w"], self.batch(s["t"]))

    def kink(self, s: State) -> Formula:
        """Whether the loss has no derivative on some sample of the batch."""
        return self.case.predicate("kink", 2)(self.batch(s["t"]), s["w"])

    def estimate_is_valid(self, s: State) -> Formula:
        """Whether the estimate is one that Section 2 allows at this place: a multiple of rho within 3/4 rho, but at a
        kink; in [-1, 1], if 1 has a valid rounding there (E01), and the next weights are those of equation (1)."""
        case, place, rho = self.case, self.place(s), self.case.real("rho")
        estimate = vector(case, s["picks"])
        u, entry = estimate.at(place), self.gradient("gradient", s, place)
        near = every(u == rho * floored(u / rho), within(u - entry, 3 * rho / 4))
        ranged = implies(case.real("f") <= F(3, 4), within(u, F(1)))
        moved: Any = self.steps.method.descent.moved(any_model(case, s["w"]), estimate)
        after = vector(case, s["next"]).at(place) == moved.edges.at(place)
        return every(after, ranged, implies(negation(self.kink(s)), near))

    def of_descent(self, first: Number) -> Inductive:
        """All runs from some weights in which each estimate is valid."""
        case = self.case
        return case.induction(
            "over valid estimates",
            state={"t": case.integer("t"), "w": case.real("w")},
            start={"t": F(0), "w": first},
            inputs={"picks": case.real("picks"), "next": case.real("next")},
            given=self.estimate_is_valid,
            advance=lambda s: {"t": s["t"] + 1, "w": s["next"]},
            holds=lambda s: s["t"] >= 0,
        )

    def answer_is_valid(self, s: State) -> Formula:
        """Whether the answer at this place is one that equation (8) allows, the mean of its query being within the
        slack of the gradient; and the method rounds it and moves as its code says. (Each number is in units of rho
        too.)"""
        case, place, rho = self.case, self.place(s), self.case.real("rho")
        answers = vector(case, s["answers"])
        answer, mean, entry = answers.at(place), self.gradient("mean", s, place), self.gradient("gradient", s, place)
        near = within(mean - entry, self.slack)
        in_units = every(answer == rho * (s["q"] + s["s"]), s["s"] >= 0, s["s"] < 1, mean == rho * s["Q"])
        means = every(in_units, entry == rho * s["M"], within(mean, F(1)), within(entry, F(1)), near)
        rounded = vector(case, s["picks"]).at(place) == self.steps.estimate(answers).at(place)
        moved = self.moved(s)
        after = vector(case, s["next"]).at(place) == moved.edges.at(place)
        return every(oracles.is_valid(answer, mean, self.tau), means, rounded, after, self.no_free_step(s))

    def no_free_step(self, s: State) -> Formula:
        """That 1 has a valid rounding in [-1, 1] where there is a kink: else footnote 6 and equation (3) contradict."""
        return implies(self.kink(s), self.case.real("f") <= F(3, 4))

    def moved(self, s: State) -> AnyModel:
        """The state of the method by queries after a round."""
        model: Any = any_model(self.case, s["w"], s["next"])
        return self.steps.after(model, vector(self.case, s["answers"]))  # type: ignore[arg-type, return-value]

    def by_queries(self, first: Number, valid: Inductive) -> Inductive:
        """The runs of the method by queries against valid answers; each is one of gradient descent."""
        case = self.case
        state = {"t": case.integer("round"), "w": case.real("at")}
        names = {"q": case.integer, "s": case.real, "Q": case.real, "M": case.real}
        inputs = {"answers": case.real("answers"), "picks": case.real("picks"), "next": case.real("next")}
        inputs |= {name: ask(name) for name, ask in names.items()}
        now = {**state, **inputs}
        place = self.place(now)
        answer = vector(case, now["answers"]).at(place)
        units = {name: now[name] for name in names} | {name: case.real(name) for name in ("rho", "f", "eps", "e")}
        of_batch = {"w": self.gradient("mean", now, place), "m": self.gradient("gradient", now, place)}
        case.use("lemma4.rounding", v=answer, N=case.integer("N"), **of_batch, **units)
        valid.go_on(state, picks=inputs["picks"], next=inputs["next"])
        return case.induction(
            "over valid answers",
            state=state,
            start={"t": F(0), "w": first},
            inputs=inputs,
            given=self.answer_is_valid,
            advance=lambda s: {"t": s["t"] + 1, "w": self.moved(s).vector},
            holds=lambda s: valid.reached({"t": s["t"], "w": s["w"]}),
        )
