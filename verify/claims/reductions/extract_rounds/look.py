"""The chance that LOOK picks a side with a single point, in closed form for every batch size.

Proved here: the binomial sum is a difference of two powers (``theorem2a.look.alone``), on which the bound on LOOK's
rounds rests.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.loading import loaded_when_used
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

with loaded_when_used(__name__):
    import sympy


def _tails() -> Iterator[dict[str, Any]]:
    return iter([{"b": Fraction(b)} for b in range(1, 9)])


def alone_on_a_side(theta: Number, p: Number, b: int) -> Number:
    """E[1{w_c = 1} / w], by the binomial law: one point on the side, j of the others on the other side."""
    return sum(
        b * theta * p * _choose(b - 1, j) * ((1 - theta) * p) ** j * (1 - p) ** (b - 1 - j) / (j + 1) for j in range(b)
    )


def _choose(n: int, k: int) -> int:
    return int(sympy.binomial(n, k))


@obligation(
    "theorem2a.look.alone",
    paper="Theorem 2a",
    kind="identity",
    finite="b <= 8, as polynomials in theta and p",
    of=lambda case: alone_on_a_side,
    twin=lambda case: lambda theta, p, b: alone_on_a_side(theta, p, b) * Fraction(9, 10),
    expect=Verdict.CHECKED,
)
def chance_of_being_alone(chance: Callable[..., Number], case: Case) -> None:
    """Let w be the number of points of a batch at a prefix of mass p, and w_c the number of those on its side c, which
    has the share theta. Then (1 - theta) E[1{w_c = 1}/w] = theta ((1 - theta p)^b - (1-p)^b); the expectation is the
    chance that LOOK picks a side with one point on it."""
    theta, p = case.real("theta"), case.real("p")
    for b in range(1, 9):
        case.equal(
            f"the binomial sum, b = {b}",
            (1 - theta) * chance(theta, p, b),
            theta * ((1 - theta * p) ** b - (1 - p) ** b),
        )


@obligation(
    "theorem2a.look.alone.absorbed", paper="Theorem 2a", kind="identity", of=lambda case: 1, twin=lambda case: 2
)
def choices_absorb_a_factor(more: int, case: Case) -> None:
    """For all b and j, (j+1) C(b+1, j+1) = (b+1) C(b, j): by induction over b, it follows from Pascal's rule if it
    holds for b and for j and j - 1. So the factor 1/w in E[1{w_c = 1}/w], with w = j + 1, turns C(b-1, j) into C(b,
    j+1)/b."""
    b, j, here = case.real("b"), case.real("j"), case.real("C(b,j)")
    one_left = j * here / b  # C(b-1,j-1), by the induction
    left = here - one_left  # C(b-1,j), by Pascal's rule
    above = b * left / (j + 1)  # C(b,j+1), by the induction
    case.equal("the step", (j + 1) * (above + here), (b + more) * here)
    case.equal("b = 0, j = 0", (0 + 1) * 1, (0 + more) * 1)


@obligation(
    "theorem2a.look.alone.all",
    paper="Theorem 2a",
    kind="induction",
    of=lambda case: 1,
    twin=lambda case: 2,
    needs=("theorem2a.look.alone", "theorem2a.look.alone.absorbed"),
)
def sum_over_the_other_side(start: int, case: Case) -> None:
    """For every b, the sum over i >= 1 of C(b, i) u^i v^(b-i) is (u+v)^b - v^b. With u = (1-theta) p and v = 1 - p the
    sum is (1-theta)/theta E[1{w_c = 1}/w], and u + v = 1 - theta p. So, for every b, LOOK picks a side with one point
    on it with probability theta ((1 - theta p)^b - (1-p)^b)/(1-theta)."""
    u, v, theta, p = case.real("u"), case.real("v"), case.real("theta"), case.real("p")
    state = {"sum": case.real("sum"), "U": case.real("U"), "V": case.real("V")}
    case.induction(
        "over b",
        state=state,
        start={"sum": Fraction(0), "U": Fraction(1), "V": Fraction(start)},
        inputs={},
        advance=lambda s: {"sum": s["sum"] * (u + v) + u * s["V"], "U": s["U"] * (u + v), "V": s["V"] * v},
        holds=lambda s: s["sum"] == s["U"] - s["V"],
    )
    case.show("one side less", (1 - theta) * p + (1 - p) == 1 - theta * p)
