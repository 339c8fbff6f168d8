"""Claims about the decoder: rounded answers are exact counts, batches are decoded, and answers of no batch are
refused."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, within
from constructions.strip.decoding import decoded, nearest_of_parity
from constructions.strip.family import PowerFamily, balances
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
Decoder = Callable[[PowerFamily, Sequence[int]], Any]


def _below(bound: Number) -> Callable[[Case], Any]:
    return lambda case: (nearest_of_parity, bound)


@obligation("strip.counts.exact", paper="the strip", of=_below(F(1)), twin=_below(F(9, 8)))
def answers_are_counts(subject: tuple[Any, Number], case: Case) -> None:
    """For every b >= 1 and tau with b tau < 1, every integer a of the parity of b and every answer within tau of a/b:
    the integer of b's parity that is nearest to b times the answer is a. (With a valid rounding for an answer tau is
    3 rho/4, so b rho < 4/3 will do.)"""
    nearest, bound = subject
    b, half, tau, answer = case.integer("b"), case.integer("half"), case.real("tau"), case.real("answer")
    mean = case.real("mean")
    case.assume(b >= 1, tau >= 0, b * tau < bound)
    case.assume(b * mean == b + 2 * half, within(answer - mean, tau), label="an answer to a query with values 1 and -1")
    case.lemma("times b", within(b * answer - (b + 2 * half), b * tau))
    case.show("the count", nearest(b * answer, b) == b + 2 * half)


@obligation("strip.counts.end", paper="the strip", of=_below(F(1)), expect=Verdict.REFUTED)
def answers_at_the_end(subject: tuple[Any, Number], case: Case) -> None:
    """For every b >= 1 and tau with b tau = 1 (b rho = 4/3), every integer a of the parity of b and every answer within
    tau of a/b: the integer of b's parity that is nearest to b times the answer is a."""
    nearest, bound = subject
    b, half, tau, answer = case.integer("b"), case.integer("half"), case.real("tau"), case.real("answer")
    case.assume(b >= 1, b * tau == bound, within(b * answer - (b + 2 * half), bound))
    case.show("the count", nearest(b * answer, b) == b + 2 * half)


def uncompared(family: PowerFamily, answers: Sequence[int]) -> Any:
    """A decoder that looks at the parities alone, and does not compare (the twin's)."""
    return decoded(family, [total % 2 for total in answers])


def _all_answers() -> Iterator[dict[str, Any]]:
    return ({"n": n, "b": b} for n, b in ((1, 1), (1, 2), (2, 1), (2, 2)))


@obligation(
    "strip.decoding.batches",
    paper="the strip",
    kind="enumeration",
    domain=_all_answers,
    expect=Verdict.CHECKED,
    finite="all vectors of bn + 1 integers from -b to b, for n and b at most 2",
    of=lambda case: decoded,
    twin=lambda case: uncompared,
)
def batches_are_decoded_and_all_else_is_refused(decoder: Decoder, case: Case) -> None:
    """Answers that an integer function G with |G|_1 <= b has are decoded to G, and all others are refused."""
    family = PowerFamily(int(case.integer("n")), int(case.integer("b")))
    known = {family.answers(balance): balance for size in range(family.b + 1) for balance in balances(family.n, size)}
    wrong = 0
    for answers in product(range(-family.b, family.b + 1), repeat=family.size):
        try:
            wrong += decoder(family, answers) != known.get(answers)
        except PremiseError:
            wrong += answers in known
    case.show("all are decoded or refused", wrong == 0)
    case.show("some are batches", every(len(known) > 1))
