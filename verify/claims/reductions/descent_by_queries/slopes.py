"""Footnote 8, behind a hidden layer: a program knows a pre-activation only up to h, and is to find the slope there."""

from fractions import Fraction

from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, some, within
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
CURVED = Activation(kinks=(F(0), F(1, 4)), slopes=(F(0), F(1, 2), F(1)), value=F(0), name="another")
"""An activation with a kink that the ramp does not have (the twin's)."""


def far(sigma: Activation, z: Number, h: Number) -> object:
    """Whether no kink is within h of z."""
    return every(*(some(z - kink > h, kink - z > h) for kink in sigma.kinks))


def two_pre_activations(case: Case) -> tuple[Number, Number, Number]:
    """A pre-activation, and what a program knows of it: within h, where h > 0."""
    z, known, h = case.real("z"), case.real("known z"), case.real("h")
    case.assume(h > 0, within(z - known, h))
    return z, known, h


def slopes_are_near(sigma: Activation, case: Case) -> None:
    """For the two-stage ramp and small enough h > 0: the slope at a number within h of the pre-activation is within 1/2
    of the slope at the pre-activation, if neither is a kink."""
    z, known, h = two_pre_activations(case)
    case.assume(h <= F(1, 2**40))
    case.assume(*(number != kink for number in (z, known) for kink in sigma.kinks))
    case.show("within 1/2", within(sigma.slope(z) - sigma.slope(known), F(1, 2)))


obligation("footnote8.slope.printed", paper="footnote 8", of=lambda case: RAMP, expect=Verdict.REFUTED, erratum="E86")(
    slopes_are_near
)


@obligation(
    "footnote8.slope.repaired",
    paper="footnote 8",
    of=lambda case: (RAMP, RAMP),
    twin=lambda case: (RAMP, CURVED),
    erratum="E86",
)
def slopes_are_equal_off_the_kinks(subject: tuple[Activation, Activation], case: Case) -> None:
    """For the two-stage ramp and every h > 0: the slope at a number within h of the pre-activation is the slope at the
    pre-activation, if no kink is within h of that."""
    sigma, used = subject
    z, known, h = two_pre_activations(case)
    case.assume(far(sigma, z, h))
    case.show("equal", used.slope(z) == used.slope(known))


@obligation("footnote8.slope.always", paper="footnote 8", of=lambda case: F(1), twin=lambda case: F(2), erratum="E86")
def no_precision_is_enough(jump: Fraction, case: Case) -> None:
    """For every h from 0 to 1 there are two numbers within h of each other, both off the kinks, at which the slopes of
    the two-stage ramp are 1 apart: h/2 and -h/2. So no number of bits of a pre-activation tells its slope."""
    h = case.real("h")
    case.assume(h > 0, h < 1)
    case.show("off the kinks", every(*(side * h / 2 != kink for side in (1, -1) for kink in RAMP.kinks)))
    case.show("1 apart", RAMP.slope(h / 2) - RAMP.slope(-h / 2) == jump)


@obligation("footnote8.smooth", paper="footnote 8", kind="induction", of=lambda case: F(1), twin=lambda case: F(2))
def some_digits_are_enough(found_up_to: Fraction, case: Case) -> None:
    """For every activation whose value and slope a program finds up to eps, and which change at most as fast as known
    constants say, for every network: call a move what leads from a level to the next one, forward or back. In a move an
    error d becomes at most c d + a eps P, with P the power of B to the moves before and c + a <= B (forward c is the
    largest slope times p times the largest weight and a is 1; back a counts what a wrong slope does to a derivative of
    at most P, by the constant of the slope). So after any number of moves it is at most eps B^moves, and a gradient is
    found up to a slack if eps B^moves is at most the slack: log2(1/slack) + moves log2 B digits are enough, a
    polynomial in the depth and in the digits of B."""
    base, eps, slack = (case.real(name) for name in ("B", "eps", "slack"))
    case.assume(base >= 1, eps >= 0)
    at = case.reached(
        case.induction(
            "over the moves",
            state={name: case.real(name) for name in ("moves", "error", "power")},
            start={"moves": F(0), "error": eps, "power": F(1)},
            inputs={name: case.real(name) for name in ("next", "factor", "more")},
            given=lambda s: every(
                s["next"] >= 0,
                s["factor"] >= 0,
                s["more"] >= 0,
                s["factor"] + s["more"] <= base,
                s["next"] <= s["factor"] * s["error"] + s["more"] * (found_up_to * eps) * s["power"],
            ),
            advance=lambda s: {"moves": s["moves"] + 1, "error": s["next"], "power": base * s["power"]},
            holds=lambda s: every(s["error"] >= 0, s["power"] >= 1, s["error"] <= eps * s["power"]),
        )
    )
    case.show("at most eps times the power", at["error"] <= eps * at["power"])
    case.show("within the slack", at["error"] <= slack, given=eps * at["power"] <= slack)
