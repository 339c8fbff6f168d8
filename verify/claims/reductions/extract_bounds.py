"""Theorem Z and its counterpart for LOOK: how many rounds without progress SAMPLE-EXTRACT has to expect.

Proved here: three inequalities between powers, by induction over the batch size (``theorem2a.l1``, ``.l2``, ``.l3``);
from them, by induction over the bits that are left, the bound on the empty rounds of the prefix version
(``theorem2a.z``); and by convexity the smaller one of LOOK (``theorem2a.look``).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.reductions.extract_bounds import empty_rounds, look_bound, theorem_z
from constructions.reductions.one_bit import HALF
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State


def fixed(subject: object) -> Callable[[Case], Any]:
    """A subject that is the same in every case."""
    return lambda case: subject


def _chance(case: Case) -> Number:
    """Any probability p."""
    p = case.real("p")
    case.assume(p >= 0, p <= 1)
    return p


def _powers(case: Case) -> State:
    return {"b": case.integer("b"), "q": case.real("q")}


ONE = {"b": Fraction(1), "q": Fraction(1)}


@obligation("theorem2a.l1", paper="Theorem 2a", kind="induction", of=fixed(Fraction(0)), twin=fixed(Fraction(1, 8)))
def powers_lie_above_their_tangent(gain: Fraction, case: Case) -> None:
    """Inequality L1: (1-p)^b >= 1 - b p, for every b >= 1 and every p in [0, 1]."""
    p, state = _chance(case), _powers(case)
    case.induction(
        "over b",
        state=state,
        start={"b": Fraction(1), "q": 1 - p},
        inputs={},
        advance=lambda s: {"b": s["b"] + 1, "q": s["q"] * (1 - p)},
        holds=lambda s: every(s["b"] >= 1, s["q"] >= 0, s["q"] >= 1 - (s["b"] - gain) * p),
    )


@obligation("theorem2a.l2", paper="Theorem 2a", kind="induction", of=fixed(Fraction(0)), twin=fixed(Fraction(1, 8)))
def at_most_one_point_is_a_chance(gain: Fraction, case: Case) -> None:
    """Inequality L2: (1-p)^(b-1) (1 + (b-1) p) <= 1, for every b >= 1 and every p in [0, 1]."""
    p, state = _chance(case), _powers(case)
    powers = case.induction(
        "over b",
        state=state,
        start=ONE,
        inputs={},
        advance=lambda s: {"b": s["b"] + 1, "q": s["q"] * (1 - p)},
        holds=lambda s: every(s["b"] >= 1, s["q"] >= 0, s["q"] * (1 + (s["b"] - 1) * (1 + gain) * p) <= 1),
    )
    at = case.reached(powers)
    case.show("L2", every(at["b"] >= 1, at["q"] >= 0, at["q"] * (1 + (at["b"] - 1) * p) <= 1))


def third(b: Number, p: Number, q: Number) -> Number:
    """G_b, with q = (1-p)^(b-1)."""
    return q * (2 - 2 * p + b * p + b * p * p) - (2 - b * p)


@obligation("theorem2a.l3", paper="Theorem 2a", kind="induction", of=fixed(Fraction(0)), twin=fixed(Fraction(1, 8)))
def third_inequality(gain: Fraction, case: Case) -> None:
    """Inequality L3: G_b = (1-p)^(b-1) (2 - 2p + bp + bp^2) - (2 - bp) >= 0, for every b >= 1 and every p in [0, 1].
    The induction over b carries L1 along."""
    p, state = _chance(case), _powers(case)
    b, q = state["b"], state["q"]
    carried = every(b >= 1, q >= 0, q * (1 - p) >= 1 - b * p)
    grown = q * (1 - p) * (1 + p) - (1 - b * p)
    case.show("what is added is not negative", grown >= 0, given=carried)
    case.show("the recursion", third(b + 1, p, q * (1 - p)) == (1 - p) * third(b, p, q) + p * grown)
    powers = case.induction(
        "over b",
        state=state,
        start=ONE,
        inputs={},
        advance=lambda s: {"b": s["b"] + 1, "q": s["q"] * (1 - p)},
        holds=lambda s: every(
            s["b"] >= 1, s["q"] >= 0, s["q"] * (1 - p) >= 1 - s["b"] * p, third(s["b"], p, s["q"]) >= gain * p * p
        ),
        given=lambda s: s["q"] * (1 - p) * (1 + p) >= 1 - s["b"] * p,
    )
    at = case.reached(powers)
    case.show("L3", third(at["b"], p, at["q"]) >= 0)


@obligation("theorem2a.constants.sharp", paper="Theorem 2a", of=fixed(Fraction(0)), twin=fixed(Fraction(-1)))
def sharper_constants_fail(least: Fraction, case: Case) -> None:
    """None of the constants in L1, L2 and L3 can be better. For every c with 0 < c <= 1, L1 with b - c for b fails at b
    = 1, L2 with (1 + c)(b - 1) for b - 1 fails at b = 2, and G_b >= c p^2 fails at b = 2, each for some p."""
    c, p = case.real("c"), case.real("p")
    case.assume(c > least, c <= 1)
    case.show("L1", 1 - (1 - c) * HALF > 1 - HALF)
    case.assume(p > 0, 2 * p * (1 + c) == c)
    case.show("L2", (1 - p) * (1 + (1 + c) * p) > 1)
    case.show("L3", third(Fraction(2), Fraction(1), Fraction(0)) < c)


Bound = Callable[[Number, Number, Number], Number]


def smaller(bits: Number, mass: Number, b: Number) -> Number:
    """A bound that is too small (the twin's)."""
    return (bits - 1) * Fraction(2, 5) + (1 / mass - 1) / b


def _point(case: Case) -> tuple[Number, Number, Number]:
    return case.real("b"), case.real("p"), case.real("q")


@obligation(
    "theorem2a.z.base",
    paper="Theorem 2a",
    kind="identity",
    of=fixed(theorem_z),
    twin=fixed(lambda r, p, b: (1 / p - 1) / (b + 1)),
)
def last_bit(bound: Bound, case: Case) -> None:
    """With one bit left at a prefix of mass p, b p times the slack of Theorem Z (its bound minus the expected empty
    rounds, times the chance that the batch does not miss the prefix) equals (1-p) times the slack of L2."""
    b, p, q = _point(case)
    missed, alone = q * (1 - p), b * p * q
    expected = empty_rounds(missed, alone, Fraction(0))
    case.equal("slack", b * p * (bound(1, p, b) - expected) * (1 - missed), (1 - p) * (1 - q * (1 + (b - 1) * p)))


@obligation("theorem2a.z.step", paper="Theorem 2a", kind="identity", of=fixed(theorem_z), twin=fixed(smaller))
def one_more_bit(bound: Bound, case: Case) -> None:
    """With r >= 2 bits left at a prefix of mass p, if the bound of Theorem Z holds with equality on both sides of the
    next bit, then b p times its slack at the prefix equals b p P1 (r-2)/2 + G_b/2, where P1 is the chance that the
    batch has one point at the prefix."""
    b, p, q = _point(case)
    r, theta = case.real("r"), case.real("theta")
    missed, alone = q * (1 - p), b * p * q
    further = theta * bound(r - 1, theta * p, b) + (1 - theta) * bound(r - 1, (1 - theta) * p, b)
    slack = b * p * (bound(r, p, b) - empty_rounds(missed, alone, further)) * (1 - missed)
    case.equal("slack", slack, b * p * alone * (r - 2) * HALF + third(b, p, q) * HALF)


@obligation(
    "theorem2a.z.sign",
    paper="Theorem 2a",
    of=fixed(2),
    twin=fixed(0),
    needs=("theorem2a.l1", "theorem2a.l2", "theorem2a.l3", "theorem2a.z.base", "theorem2a.z.step"),
)
def slack_is_not_negative(least: int, case: Case) -> None:
    """By L2 and L3 both of these slacks are not negative, and a next bit that is certain costs less than one with two
    sides. So at a prefix of mass p with r bits left, at most (r-1)/2 + (1/p - 1)/b empty rounds are expected, for every
    b >= 1."""
    b, r, p, q = case.integer("b"), case.integer("r"), case.real("p"), case.real("q")
    case.assume(b >= 1, r >= least, p > 0, p <= 1, q >= 0, q * (1 + (b - 1) * p) <= 1, third(b, p, q) >= 0)
    case.show("the last bit", (1 - p) * (1 - q * (1 + (b - 1) * p)) >= 0)
    alone = case.real("alone")
    case.show("one more bit", b * p * alone * (r - 2) * HALF + third(b, p, q) * HALF >= 0, given=alone == b * p * q)
    inverse = case.real("1/p")
    case.show("one side", (inverse - 1) / b <= (2 * inverse - 1) / b, given=every(inverse * p == 1, inverse >= 1))


def _hidden(case: Case) -> tuple[Number, Number]:
    """Any probability p, and any share theta of a side, neither 0 nor 1."""
    p, theta = _chance(case), case.real("theta")
    case.assume(theta > 0, theta < 1)
    return p, theta


@obligation(
    "theorem2a.look.convex", paper="Theorem 2a", kind="induction", of=fixed(Fraction(1)), twin=fixed(Fraction(7, 8))
)
def inverse_powers_are_convex(share: Fraction, case: Case) -> None:
    """For every b, every p in [0, 1] and every theta in (0, 1), with A = (1 - theta p)^b and B = (1-p)^b: B <= A (theta
    + (1-theta) B). This says that the function 1/(1 - xp)^b is convex between x = 0 and x = 1."""
    p, theta = _hidden(case)
    near, far = 1 - theta * p, 1 - p
    state = {"b": case.integer("b"), "A": case.real("A"), "B": case.real("B")}
    a, c = state["A"], state["B"]
    held = every(a >= 0, c >= 0, c <= 1, c <= a * (theta * share + (1 - theta) * c))
    case.show("scaled", c * far <= a * far * (theta * share + (1 - theta) * c), given=held)

    def sides(missed: Number) -> tuple[Number, Number]:
        return far * (theta * share + (1 - theta) * missed), near * (theta * share + (1 - theta) * missed * far)

    left, right = sides(c)
    case.show("the factors", right - left == theta * (1 - theta) * p * (share - c * far))
    case.show("the factors in order", left <= right, given=held)
    case.induction(
        "over b",
        state=state,
        start={"b": Fraction(0), "A": Fraction(1), "B": Fraction(1)},
        inputs={},
        advance=lambda s: {"b": s["b"] + 1, "A": s["A"] * near, "B": s["B"] * far},
        holds=lambda s: every(
            s["A"] >= 0, s["B"] >= 0, s["B"] <= 1, s["B"] <= s["A"] * (theta * share + (1 - theta) * s["B"])
        ),
        given=lambda s: every(
            s["B"] * far <= s["A"] * sides(s["B"])[0], s["A"] * sides(s["B"])[0] <= s["A"] * sides(s["B"])[1]
        ),
    )


def goes_on(theta: Number, missed_side: Number, missed: Number) -> Number:
    """The chance that LOOK picks a side of share theta and finds two points or more there: (picked) - (picked and
    alone)."""
    return theta * (1 - missed) - theta * (missed_side - missed) / (1 - theta)


@obligation(
    "theorem2a.look.gap",
    paper="Theorem 2a",
    kind="identity",
    of=fixed(goes_on),
    twin=fixed(lambda t, a, c: t * (1 - c) - t * (a - c)),
)
def gap_is_the_convexity(chance: Callable[..., Number], case: Case) -> None:
    """With A = (1 - theta p)^b and B = (1-p)^b, theta (1-B)(1-A) minus the chance that LOOK goes on with a side of
    share theta equals theta/(1-theta) times the slack A (theta + (1-theta) B) - B of convexity."""
    theta, a, c = case.real("theta"), case.real("A"), case.real("B")
    gap = theta * (1 - c) * (1 - a) - chance(theta, a, c)
    case.equal("gap", gap, theta / (1 - theta) * (a * (theta + (1 - theta) * c) - c))


@obligation(
    "theorem2a.look.bound",
    paper="Theorem 2a",
    of=fixed(Fraction(1)),
    twin=fixed(Fraction(9, 8)),
    needs=("theorem2a.look.convex", "theorem2a.look.gap"),
)
def look_needs_few_rounds(factor: Fraction, case: Case) -> None:
    """Let LOOK miss a prefix with chance B and its side c, of share theta_c, with chance A_c, and let it go on with
    side c with a chance of at most theta_c (1-B)(1-A_c). If on each side at most 1/(1-A_c) empty rounds and at most r -
    2 + 1/(1-A_c) rounds are expected, then at the prefix, with r bits left, at most 1/(1-B) empty rounds and at most r
    - 1 + 1/(1-B) rounds are expected. At the start B = 0, so one empty round and n + 1 rounds at most are expected in
    all."""
    theta, missed, r = case.real("theta"), case.real("B"), case.integer("r")
    case.assume(theta >= 0, theta <= 1, missed >= 0, missed < 1, r >= 2)
    empty, rounds = missed, Fraction(1)
    for c, share in ((0, theta), (1, 1 - theta)):
        side, on, inherited = case.real(f"A{c}"), case.real(f"G{c}"), case.real(f"V{c}")
        case.assume(
            side >= 0, side < 1, on >= 0, on <= factor * share * (1 - missed) * (1 - side), inherited * (1 - side) == 1
        )
        case.lemma(f"side {c}", on * inherited <= factor * share * (1 - missed))
        case.lemma(f"side {c}, once", on <= factor * share * (1 - missed))
        empty, rounds = empty + on * inherited, rounds + on * (r - 2 + inherited)
        case.lemma(f"side {c}, often", on * (r - 2) <= factor * share * (1 - missed) * (r - 2))
    case.show("empty rounds", empty <= 1)
    case.show("rounds", rounds <= (1 - missed) * (r - 1) + 1)
    case.show("at the start", look_bound(Fraction(0)) == 1)
