"""Theorem 2d and Lemma 2 in the reading E[sup], as printed: the answers may look ahead at the batches of all rounds.

The rounds of one query are those of ``theorem2d.block`` and ``lemma2.block``, here for a method that holds the averages
to the grid; the rest is the argument of Lemma 5d (:mod:`verify.claims.reductions.cells.worst_case`).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.learning.models import SQ
from constructions.learning.tails import exponent
from constructions.reductions.cells import BY_LABEL_IN_CELLS, IN_CELLS, lemma_2_ahead, theorem_2d_ahead
from verify.claims.reductions.bsq.one_query import BY_LABEL, WHOLE, Form, sizes
from verify.claims.reductions.cells.tree import Tree
from verify.claims.reductions.cells.worst_case import Handing, Inputs, little_more_error, state_after
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.provers.branches import with_names

F = Fraction


NEEDED: dict[tuple[str, ...], tuple[str, ...]] = {
    WHOLE.labels: ("it is handed on", "near the mean of the batches", "an answer"),
    BY_LABEL.labels: ("it is handed on", "what is handed is near them, clipped"),
}
"""What the claims about averages say that is needed here."""


def rounds_of(form: Form) -> Callable[[Case, Inputs], None]:
    """What is presupposed of the rounds of one query: that they are those of a claim about averages, for the method
    that holds its answers to the grid."""

    def one_query(case: Case, inputs: Inputs) -> None:
        tree, size = Tree(case), sizes(case)
        moment = form.moment(case) | {"mean": case.real("last mean")}
        own_names = ("after", "handed")
        inputs |= {name: number for name, number in moment.items() if name not in ("mean", *own_names)}
        inputs["last mean"] = moment["mean"]
        parts = {f"w{label}": case.real(f"w{label}") for label in form.labels}
        inputs |= parts
        given = moment | parts | {name: inputs[name] for name in own_names}
        functions = {name: case.function(name, arity) for name, arity in (("start", 1), ("query", 3))}
        held = case.function("next, held", 2)
        used = case.use(
            form.block, *NEEDED[form.labels], **size, **given, **functions, next=held, state=inputs["asking"]
        )
        case.assume(used.premises, label="the rounds of a query, with valid answers")
        state, handed = inputs["asking"], inputs["handed"]
        case.assume(
            held(state, handed) == state_after(case, state, handed), label="the method holds answers to the grid"
        )
        estimate = case.word("value at")(tree.value(inputs["level"], state), case.real("point"))
        means = sum((parts[f"w{label}"] for label in form.labels), F(0))
        case.assume(means == len(form.labels) * estimate, label="the mean over the batches of the query")

    return one_query


AVERAGES = Handing(1, rounds_of(WHOLE))
BY_HALVES = Handing(2, rounds_of(BY_LABEL))


def ahead(build: Callable[..., Any], share: Callable[[Number], Number]) -> Callable[[Case], Any]:
    """A simulation for any delta, or for a part of it (the twin's); that it is above 0 is not checked."""
    return lambda case: with_names(build, above_zero=share)(b=1, delta=case.real("delta"))


@obligation(
    "theorem2d.ahead",
    paper="Theorem 2d",
    kind="induction",
    of=ahead(theorem_2d_ahead, lambda delta: delta),
    twin=ahead(theorem_2d_ahead, lambda delta: delta / 2),
)
def bsq_does_what_sq_does_ahead(simulation: Any, case: Case) -> None:
    """For all k, tau > 0, b >= 1, r, delta, every SQ method (a function of its random bits and answers, with
    predictions of any size) and every source: with q rounds for each query, where (4^k - 1)/3 exp(-tau^2 b q / 32) <=
    delta, the method that averages its answers and holds them to the grid has at most delta more error, E[sup] as
    printed: the answers of a round may depend on the batches of all rounds."""
    size = sizes(case)
    case.assume(size["q"] >= 1, size["b"] >= 1)
    little_more_error(simulation, AVERAGES, case)
    tau, q, b = size["tau"], size["q"], size["b"]
    exponents = exponent(Tree(case).size, AVERAGES.width(tau)) == tau * tau * b * q / IN_CELLS
    case.show("exp(-tau^2 b q/32)", exponents, given=Tree(case).size == q * b)
    made: Any = theorem_2d_ahead(b=64, delta=F(1, 20)).budget(SQ(k=3, tau=F(1, 2), r=7))
    case.show("the budget", every(made.k == 39, made.tau == F(1, 4), made.r == 7, made.p == 1, made.b == 64))


@obligation(
    "lemma2.ahead",
    paper="Lemma 2",
    kind="induction",
    of=ahead(lemma_2_ahead, lambda delta: delta),
    twin=ahead(lemma_2_ahead, lambda delta: delta / 2),
)
def alternating_bsq_does_what_sq_does_ahead(simulation: Any, case: Case) -> None:
    """For all k, tau > 0, b >= 1, r, delta, every SQ method (a function of its random bits and answers, with
    predictions of any size) and every source: with q odd and q even rounds for each query, where (4^k - 1)/3
    exp(-tau^2 b q / 64) <= delta, the method that asks about one label at a time and holds the sum of the averages to
    the grid has at most delta more error, E[sup] as printed."""
    size = sizes(case)
    case.assume(size["q"] >= 1, size["b"] >= 1)
    little_more_error(simulation, BY_HALVES, case)
    tau, q, b = size["tau"], size["q"], size["b"]
    exponents = exponent(Tree(case).size, BY_HALVES.width(tau)) == tau * tau * b * q / BY_LABEL_IN_CELLS
    case.show("exp(-tau^2 b q/64)", exponents, given=Tree(case).size == 2 * q * b)
    made: Any = lemma_2_ahead(b=64, delta=F(1, 20)).budget(SQ(k=3, tau=F(1, 2), r=7))
    case.show("the budget", every(made.k == 150, made.tau == F(1, 8), made.r == 7, made.p == 1, made.b == 64))
