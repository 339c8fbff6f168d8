"""The step of the printed induction over the bits in Theorem 2a: ten rounds for each bit that is left.

Proved here: the printed estimate does not give ten rounds a bit where the step needs it; the true one does, and the
printed one from b p = 5 on (``theorem2a.rounds``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.reductions.extract_bounds import theorem_z
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


def printed_rounds(left: Number, bp: Number) -> Number:
    """The proof's bound on the rounds with some bits left at b p_s = bp > 1/5."""
    return 8 + 10 * (left - 1) + 10 / bp


def _bound_from(least: Fraction, rounds: Callable[[Number, Number], Number]) -> Callable[[Case], object]:
    return lambda case: (least, rounds)


def ten_rounds_a_bit(subject: tuple[Fraction, Callable[[Number, Number], Number]], case: Case) -> None:
    """At every prefix of mass p_s with r >= 1 bits left and b p_s above the given bound (1/5 as printed), the estimate
    of the rounds in the induction step is at most 10 r."""
    least, rounds = subject
    r, bp = case.integer("r"), case.real("bp")
    case.assume(r >= 1, bp > least)
    case.show("at most 10 r", rounds(r, bp) <= 10 * r)


def true_rounds(left: Number, bp: Number) -> Number:
    """Theorem Z's bound on the rounds: r and the empty ones, (1/p - 1)/b being less than 1/(b p)."""
    return left + theorem_z(left, Fraction(1), Fraction(1)) + 1 / bp


obligation(
    "theorem2a.rounds.printed",
    paper="Theorem 2a",
    of=_bound_from(Fraction(1, 5), printed_rounds),
    expect=Verdict.REFUTED,
    erratum="E10",
)(ten_rounds_a_bit)


obligation(
    "theorem2a.rounds.repaired",
    paper="Theorem 2a",
    of=_bound_from(Fraction(1, 5), true_rounds),
    twin=_bound_from(Fraction(1, 10), true_rounds),
    needs=("theorem2a.z.sign",),
    erratum="E10",
)(ten_rounds_a_bit)


obligation(
    "theorem2a.rounds.five",
    paper="Theorem 2a",
    of=_bound_from(Fraction(5), printed_rounds),
    twin=_bound_from(Fraction(4), printed_rounds),
    erratum="E10",
)(ten_rounds_a_bit)
