"""What was trained has at most the error of the method, round by round: for any model or network whose answers are
read after each step, and which ends as the method's predictor.

The statements about models with a clock (Lemma 3a) look at the training itself; here it is known by what is read.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, within
from constructions.foundations.rounding import clip
from verify.claims.foundations.descent.steps import vector
from verify.claims.learning.oracles import AnsweredRuns, AnyQueryMethod, mean_of, refused_place
from verify.claims.models.answering.any_method import worst_point
from verify.claims.models.answering.moments import Records
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.parts import State

F = Fraction


def no_more_error_by_rounds(simulation: Any, case: Case, bound: Number, *, same: bool) -> None:
    """State that what was trained has at most the error of the method, if what is read in each round is as near to the
    mean of its query as the bound says; ``same`` if all steps have the same batch."""
    space, given, made, k = case.real("space"), case.real("loss of A"), case.real("loss of A'"), case.integer("k")
    records, sample = Records(case), case.real("sample")

    def batch(t: Number) -> Number:
        return sample if same else records.batch(t + 1)

    point = worst_point(case, space, made, given)
    started = AnyQueryMethod(case, F(0)).start(case.function("bits", 1)(point))
    case.assume(case.real("first") == started, label="the method starts from its random bits")
    case.assume(records.state(F(1)) == case.real("first"), label="so does the first round of the training")
    valid = AnsweredRuns(case, batch, lambda *_: None).against_valid_answers(case.real("first"))
    valid.begin(answers=case.real("answers"))
    end = case.reached(rounds_by_answers(bound, case, records, valid, batch))
    state = records.state(end["t"] + 1)
    case.show("it is a run with valid answers", valid.reached({"t": end["t"], "state": state}))
    case.assume(end["t"] == k, label="all k steps are over")
    at, mean = case.word("value at"), case.word("mean")
    predictor = AnyQueryMethod(case, F(0)).predictor(state)
    loss = case.function("loss", 1)(predictor)
    case.assume(at(made, point) == loss, label="what was trained returns this predictor: the loss of A' is its loss")
    worst = implies(valid.reached({"t": k, "state": state}), loss <= at(given, point))
    case.assume(worst, label="the loss of A at a point is at least that of every run with valid answers")
    case.principle("domination", s=space, X=made, c=F(0), a=F(1), Y=given, d=F(0), A=F(0))
    case.show("no more error", simulation.allows(mean(space, given), mean(space, made)))


def rounds_by_answers(
    bound: Number, case: Case, records: Records, valid: Inductive, batch: Callable[..., Number]
) -> Inductive:
    """The rounds of the method along a training run: each is answered by what is read after its step, which is
    valid."""
    t, read, mean = case.integer("rounds"), case.real("what is read"), case.real("mean of the query")

    def answered(s: State) -> Formula:
        answers, state = records.read(records.written(s["t"] + 1)), records.state(s["t"] + 1)
        place = refused_place(case, answers, batch(s["t"]), state)
        asked = AnyQueryMethod(case, F(0)).ask(state, 1)
        return every(
            within(s["read"] - s["mean"], bound),
            vector(case, answers).at(place) == clip(s["read"]),
            mean_of(case)(batch(s["t"]), asked, 0).at(place) == s["mean"],
            within(s["mean"], F(1)),
            records.state(s["t"] + 2) == records.after(s["t"] + 1),
        )

    asked = {"t": t, "state": records.state(t + 1)}
    valid.go_on(asked, answers=records.read(records.written(t + 1)))
    return case.induction(
        "over the rounds",
        state={"t": t},
        start={"t": F(0)},
        inputs={"read": read, "mean": mean},
        given=answered,
        advance=lambda s: {"t": s["t"] + 1},
        holds=lambda s: every(s["t"] >= 0, valid.reached({"t": s["t"], "state": records.state(s["t"] + 1)})),
    )
