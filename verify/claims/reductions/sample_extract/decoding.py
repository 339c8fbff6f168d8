"""Algorithm 1: an answer about a batch is decoded to the count of its points, if b tau < 1/2 and only then.

Proved here: ``algorithm1.decodes`` and ``algorithm1.decodes.sharp``.
"""

from collections.abc import Callable

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some, within
from constructions.reductions.one_bit import HALF, is_nearest_count
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
    """For every b >= 1 and tau with b tau < 1/2, the integer nearest to b times a valid answer is the number of points
    of the batch that it is about, and no other integer is as near. At b tau = 1/2 this fails."""
    b, w, tau, v = _answer(case)
    case.assume(premise(b * tau))
    case.lemma("within half", every(b * v - w < HALF, w - b * v < HALF))
    case.show("the count", is_nearest_count(w, v, b))
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
    """For every b >= 1 and tau with b tau >= 1/2 and every count w < b, the answer (w + 1/2)/b is valid both for w and
    for w + 1 points. So no way of reading it is right for both."""
    b, w, tau, v = case.integer("b"), case.integer("w"), case.real("tau"), case.real("v")
    case.assume(b >= 1, w >= 0, w < b, premise(b * tau), b * v == w + HALF)
    case.show("valid for w", within(b * v - w, b * tau))
    case.show("valid for w + 1", within(b * v - (w + 1), b * tau))
