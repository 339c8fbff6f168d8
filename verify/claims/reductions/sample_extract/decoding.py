"""Algorithm 1: an answer about a batch is decoded to the count of its points, if b tau < 1/2 and only then.

Proved here: ``algorithm1.decodes`` and ``algorithm1.decodes.sharp``.
"""

from collections.abc import Callable

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some, within
from constructions.reductions.sample_extract import (
    HALF,
    decodes_to,
)
from verify.claims.reductions.extract_bounds import fixed
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

Premise = Callable[[Number], Formula]


def _answer(case: Case) -> tuple[Number, Number, Number, Number]:
    """b, tau, a count w and a valid answer v to it."""
    b, w, tau, v = case.integer("b"), case.integer("w"), case.real("tau"), case.real("v")
    case.assume(b >= 1, w >= 0, w <= b, tau >= 0, within(b * v - w, b * tau))
    return b, w, tau, v


@obligation(
    "algorithm1.decodes",
    paper="Algorithm 1",
    of=fixed(lambda t: t < HALF),
    twin=fixed(lambda t: t == HALF),
    erratum="S9",
)
def a_valid_answer_decodes(premise: Premise, case: Case) -> None:
    """If b tau < 1/2, the integer nearest to b times any valid answer is the count, and no other is as near; at b
    tau = 1/2 not."""
    b, w, tau, v = _answer(case)
    case.assume(premise(b * tau))
    case.lemma("within half", every(b * v - w < HALF, w - b * v < HALF))
    case.show("the count", decodes_to(w, v, b))
    other = case.integer("j")
    case.show("no other integer", implies(other != w, some(other - b * v > HALF, b * v - other > HALF)))


@obligation(
    "algorithm1.decodes.sharp",
    paper="Algorithm 1",
    of=fixed(lambda t: t >= HALF),
    twin=fixed(lambda t: 3 * t >= 1),
    erratum="S9",
)
def one_answer_is_valid_for_two_counts(premise: Premise, case: Case) -> None:
    """If b tau >= 1/2, the answer (w + 1/2)/b is valid for w and for w + 1, so no reading of it is right for both."""
    b, w, tau, v = case.integer("b"), case.integer("w"), case.real("tau"), case.real("v")
    case.assume(b >= 1, w >= 0, w < b, premise(b * tau), b * v == w + HALF)
    case.show("valid for w", within(b * v - w, b * tau))
    case.show("valid for w + 1", within(b * v - (w + 1), b * tau))
