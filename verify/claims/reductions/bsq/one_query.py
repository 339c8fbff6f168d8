"""Theorem 2d and Lemma 2: the rounds in which one query of any SQ method is asked.

Proved here, for any number q of repetitions: what a method is handed after them (``theorem2d.block``,
``lemma2.block``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select, within
from constructions.foundations.rounding import clip
from constructions.learning.models import SQ
from constructions.learning.oracles import is_valid
from constructions.reductions.bsq import averaged, averaged_by_label
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import own, with_names

F = Fraction


@dataclass(frozen=True, slots=True)
class AnyScalarMethod:
    """Any SQ method: a function of its random bits and of the answers to its queries. A state is known by a number."""

    case: Case
    budget: SQ
    cells: None = None
    n: int = 0

    def start(self, bits: Number) -> Number:
        """The state for a random string."""
        return self.case.function("start", 1)(bits)

    def query(self, state: Number) -> Callable[[Number, Number], tuple[Number]]:
        """The query in a state, any function of the state and of a point (x, y)."""
        value = self.case.function("query", 3)
        return lambda x, y: (value(state, x, y),)

    def after(self, state: Number, answers: tuple[Number]) -> Number:
        """The next state by the answer."""
        return self.case.function("next", 2)(state, answers[0])

    def predictor(self, state: Number) -> Number:
        """What is returned from a state, by the number of the state."""
        return state


@dataclass(frozen=True, slots=True)
class Form:
    """How queries are asked: on all points, or on the points of one label at a time.

    Parameters
    ----------
    block : the claim about the rounds of one query. labels : the parts in which a query is asked.
    """

    block: str
    labels: tuple[str, ...]

    def width(self, case: Case) -> Number:
        """How far a mean of batches may stray, and an answer from the mean of its batch."""
        return case.real("tau") / (2 * len(self.labels))

    def numbers(self, case: Case, name: str) -> list[Number]:
        """A variable for each part of a query."""
        return [case.real(f"{name}{label}") for label in self.labels]

    def moment(self, case: Case) -> dict[str, Number]:
        """The rounds of one query, by the variables of the claim about them: a moment before the last answer, and
        that."""
        reals, whole = MOMENT[self.labels]
        names = [(name, case.real) for name in reals] + [(name, case.integer) for name in whole]
        found = {f"over the rounds reached: {name}": ask(f"block: {name}") for name, ask in names}
        return found | {name: case.real(name) for name in ("v", "mean", "after", "handed", "average")}


MOMENT: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("",): (("inner", "total", "means"), ("asked",)),
    (" 1", " 0"): (("inner", "total", "means 1", "means 0"), ("asked", "pairs", "parity")),
}
"""What is known of a moment within the rounds of a query: numbers, and integers."""
WHOLE = Form("theorem2d.block", ("",))
BY_LABEL = Form("lemma2.block", (" 1", " 0"))


def sizes(case: Case) -> dict[str, Number]:
    """Queries, repetitions, batch, random bits and tolerance."""
    return {name: case.integer(name) for name in ("k", "q", "b", "r")} | {"tau": case.real("tau")}


def functions(case: Case) -> dict[str, Any]:
    """What any method is made of: functions of which nothing is known."""
    return {name: case.function(name, arity) for name, arity in (("start", 1), ("next", 2), ("query", 3))}


def made_of_any(build: Callable[..., Any], case: Case) -> Any:
    """What some code makes of any SQ method. The checks of sizes, which need numbers, are left out."""
    size = sizes(case) | functions(case)
    method = AnyScalarMethod(case, SQ(k=size["k"], tau=size["tau"], r=size["r"]))
    names = {"QueryMethod": lambda **fields: SimpleNamespace(**fields), "_scalar": lambda given: given.budget}
    return method, with_names(build, **names)(method, b=size["b"], q=size["q"])


def _of_any_method(build: Callable[..., Any]) -> Callable[[Case], Any]:
    return lambda case: made_of_any(build, case)


def _last_answer_alone(build: Callable[..., Any]) -> Callable[[Case], Any]:
    """The same, but the last answer counts alone (the twins')."""

    def broken(case: Case) -> Any:
        method, made = made_of_any(build, case)
        return method, SimpleNamespace(**(vars(made) | {"after": lambda state, v: made.after((*state[:2], F(0)), v)}))

    return broken


@obligation(
    "theorem2d.block",
    paper="Theorem 2d",
    kind="induction",
    of=_of_any_method(averaged),
    twin=_last_answer_alone(averaged),
)
def one_query_in_q_rounds(subject: tuple[Any, Any], case: Case) -> None:
    """For every SQ method, every q >= 1, b and tau > 0: in q rounds in a row the simulating method asks the query of
    one state of the given method. If each answer is valid to tolerance tau/2 for a batch of its own, and the mean of
    the q batch means is within tau/2 of the mean over the source, then the given method is handed one answer that is
    valid to tolerance tau, and the next query begins. The budget is k q rounds, tolerance tau/2, one query a round, and
    the random bits of the given method."""
    method, made = subject
    size, inner, answer, mean = sizes(case), case.real("state"), case.real("v"), case.real("mean")
    q, tau, width = size["q"], size["tau"], WHOLE.width(case)
    case.assume(q >= 1, tau > 0, is_valid(answer, mean, made.budget.tau))
    run = case.induction(
        "over the rounds",
        state={name: case.integer(name) if name == "asked" else case.real(name) for name in sum(MOMENT["",], ())},
        start=dict(zip(("inner", "asked", "total"), (inner, *made.start(F(0))[1:]), strict=True)) | {"means": F(0)},
        inputs={"v": answer, "mean": mean},
        given=lambda s: s["asked"] + 1 < q,
        advance=lambda s: row_after(made, s) | {"means": s["means"] + s["mean"]},
        holds=lambda s: every(
            every(s["inner"] == inner, s["asked"] >= 0, s["asked"] < q),
            within(s["total"] - s["means"], s["asked"] * width),
            within(s["total"], s["asked"]),
        ),
    )
    at = case.reached(run)
    x, y, batches = case.real("x"), case.real("y"), case.real("w")
    asks = own(lambda: made.query(tuple(at[name] for name in ("inner", "asked", "total")))(x, y))
    case.show("each round asks the query of this state", asks[0] == method.query(inner)(x, y)[0])
    case.assume(at["asked"] + 1 == q, batches * q == at["means"] + mean, label="the last of the q rounds")
    handed_on(method, made, {**at, "v": answer}, inner, lambda average: average, case)
    average = case.real("average")
    case.lemma("the sums", every(within((average - batches) * q, q * width), within(average * q, q)))
    case.lemma("near the mean of the batches", within(average - batches, width))
    case.lemma("an answer", within(average, F(1)))
    truth = case.real("truth")
    case.show("valid", is_valid(case.real("handed"), truth, tau), given=within(batches - truth, width))
    budget = made.budget
    case.show("the rounds", every(budget.k == size["k"] * q, budget.b == size["b"], budget.p == 1))
    case.show("half of the tolerance, and the random bits", every(budget.tau == tau / 2, budget.r == size["r"]))


def row_after(made: Any, s: State) -> State:
    """The state of the simulating method after one more answer, as its own code has it."""
    found = own(lambda: made.after((s["inner"], s["asked"], s["total"]), (s["v"],)))
    return dict(zip(("inner", "asked", "total"), found, strict=True))


def handed_on(
    method: Any, made: Any, last: State, inner: Number, clipped: Callable[[Number], Number], case: Case
) -> None:
    """The last round of a query: what the given method is handed, and how the next query begins."""
    q, average, handed, after = case.integer("q"), case.real("average"), case.real("handed"), row_after(made, last)
    case.assume(
        average * q == last["total"] + last["v"], handed == clipped(average), label="the average that is handed"
    )
    case.assume(case.real("after") == after["inner"], label="the state of the given method afterwards")
    case.lemma("the average", (last["total"] + last["v"]) / q == average)
    case.show("it is handed on", case.real("after") == method.after(inner, (handed,)))
    begun = made.start(F(0))
    case.show("the next query begins", every(after["asked"] == begun[1], after["total"] == begun[2]))


@obligation(
    "lemma2.block",
    paper="Lemma 2",
    kind="induction",
    of=_of_any_method(averaged_by_label),
    twin=_last_answer_alone(averaged_by_label),
)
def one_query_by_label(subject: tuple[Any, Any], case: Case) -> None:
    """For every SQ method, every q >= 1, b and tau > 0: in 2q rounds in a row the simulating method asks the query of
    one state of the given method, on the points of label 1 in odd rounds and of label 0 in even ones, q times each. If
    each answer is valid to tolerance tau/4 for a batch of its own, and both means of the q batch means are within tau/4
    of those over the source, then the given method is handed one answer, clipped to [-1, 1], that is valid to tolerance
    tau, and the next query begins. The budget is 2 k q rounds of one query, tolerance tau/4, in the alternating form,
    and the random bits of the given method."""
    method, made = subject
    size, inner, answer, mean = sizes(case), case.real("state"), case.real("v"), case.real("mean")
    q, tau, width = size["q"], size["tau"], BY_LABEL.width(case)
    case.assume(q >= 1, tau > 0, is_valid(answer, mean, made.budget.tau))
    reals, whole = MOMENT[BY_LABEL.labels]
    begun = dict(zip(("inner", "asked", "total"), (inner, *made.start(F(0))[1:]), strict=True))
    run = case.induction(
        "over the rounds",
        state={name: case.real(name) for name in reals} | {name: case.integer(name) for name in whole},
        start=begun | dict.fromkeys(("means 1", "means 0", "pairs", "parity"), F(0)),
        inputs={"v": answer, "mean": mean},
        given=lambda s: s["asked"] + 1 < 2 * q,
        advance=lambda s: row_after(made, s) | means_after(s),
        holds=lambda s: every(
            every(s["inner"] == inner, s["asked"] >= 0, s["asked"] < 2 * q, s["asked"] == 2 * s["pairs"] + s["parity"]),
            every(s["pairs"] >= 0, s["parity"] >= 0, s["parity"] <= 1),
            within(s["total"] - s["means 1"] - s["means 0"], s["asked"] * width),
        ),
    )
    at = case.reached(run)
    x, y = case.real("x"), case.integer("y")
    asks = own(lambda: made.query(tuple(at[name] for name in ("inner", "asked", "total")))(x, y))
    half = select(at["parity"] == 0, y, 1 - y) * method.query(inner)(x, y)[0]
    case.show("odd rounds ask about label 1, even ones about label 0", asks[0] == half, given=every(y >= 0, y <= 1))
    last_by_label(method, made, {**at, "v": answer}, inner, case)
    budget = made.budget
    case.show("the rounds", every(budget.k == 2 * size["k"] * q, budget.b == size["b"], budget.p == 1))
    case.show("a quarter of the tolerance, and the random bits", every(budget.tau == tau / 4, budget.r == size["r"]))
    case.show("one label at a time", budget.alternating)


def means_after(s: State) -> State:
    """How the sums of batch means grow: label 1 first, then label 0."""
    on_one = s["parity"] == 0
    return {
        "means 1": s["means 1"] + select(on_one, s["mean"], F(0)),
        "means 0": s["means 0"] + select(on_one, F(0), s["mean"]),
        "pairs": s["pairs"] + s["parity"],
        "parity": 1 - s["parity"],
    }


def last_by_label(method: Any, made: Any, last: State, inner: Number, case: Case) -> None:
    """The last of 2q rounds."""
    q, tau, width = case.integer("q"), case.real("tau"), BY_LABEL.width(case)
    on1, on0 = BY_LABEL.numbers(case, "w")
    case.assume(last["asked"] + 1 == 2 * q, label="the last of the 2q rounds")
    case.show("q rounds on each label", every(last["pairs"] == q - 1, last["parity"] == 1))
    case.assume(on1 * q == last["means 1"], on0 * q == last["means 0"] + case.real("mean"))
    handed_on(method, made, last, inner, lambda average: clip(average), case)
    average, (true1, true0) = case.real("average"), BY_LABEL.numbers(case, "truth")
    case.lemma("the sums", within((average - on1 - on0) * q, q * (2 * width)))
    case.lemma("near the means of the batches", within(average - on1 - on0, 2 * width))
    held = within(case.real("handed") - clip(on1 + on0), 2 * width)
    case.show("what is handed is near them, clipped", every(held, within(case.real("handed"), F(1))))
    near = every(within(on1 - true1, width), within(on0 - true0, width), within(true1 + true0, F(1)))
    case.show("valid", is_valid(case.real("handed"), true1 + true0, tau), given=near)
