"""Theorem Z for every source, word length and batch size: by induction over the bits that are left.

Numbers are scaled by b p, p the mass of a prefix, so that nothing is divided: with r bits left the bound on the
expected empty rounds E reads b p E <= b p (r-1)/2 + 1 - p.
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies
from constructions.reductions.extract_bounds import empty_rounds, theorem_z
from constructions.reductions.one_bit import HALF
from verify.claims.reductions.extract_bounds import third
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
Bound = Callable[[Number, Number, Number], Number]


def scaled(bits: Number, p: Number, b: Number) -> Number:
    """Theorem Z's bound with so many bits left, times b p."""
    return b * p * (bits - 1) * HALF + 1 - p


@obligation("theorem2a.z.one", paper="Theorem 2a", of=lambda case: F(1), twin=lambda case: F(9, 8))
def one_round_in_numbers(share: Fraction, case: Case) -> None:
    """Take a prefix of mass p with r + 1 bits left, for b >= 1, 0 < p <= 1 and r >= 0. Let X be b p times the expected
    number of empty rounds at it, and let Y be the sum of the same products for its two sides, each with the side's own
    mass. If Y is at most b p (r-1)/2 + 2 - p (and 0 if the sides have no bit left, r = 0), then X is at most b p r/2 +
    1 - p."""
    b, p, q, r = case.real("b"), case.real("p"), case.real("q"), case.real("r")
    x, y, missed, alone = case.real("X"), case.real("Y"), case.real("missed"), case.real("alone")
    case.assume(b >= 1, p > 0, p <= 1, q >= 0, r >= 0, missed == q * (1 - p), alone == b * p * q)
    case.assume(third(b, p, q) >= 0, q * (1 + (b - 1) * p) <= 1, missed < 1)
    case.assume(x * (1 - missed) == b * p * missed + (1 - missed - alone) * y)
    case.lemma(
        "more points have a chance that is not negative", every(alone >= 0, missed >= 0, 1 - missed - alone >= 0)
    )
    most = scaled(r, p, b) + share
    case.assume(implies(r >= 1, y <= most), implies(r < 1, every(r == 0, y == 0)))
    case.lemma("on the sides", implies(r >= 1, (1 - missed - alone) * y <= (1 - missed - alone) * most))
    whole = (1 - missed) * scaled(r + 1, p, b) - b * p * missed - (1 - missed - alone) * (scaled(r, p, b) + 1)
    case.lemma("the slack", whole == b * p * alone * (r - 1) * HALF + third(b, p, q) * HALF)
    case.lemma("it is not negative", implies(r >= 1, b * p * alone * (r - 1) >= 0))
    last = (1 - missed) * (1 - p) - b * p * missed
    case.lemma("the slack of the last bit", last == (1 - p) * (1 - q * (1 + (b - 1) * p)))
    case.lemma("times the chance of a hit", x * (1 - missed) <= (1 - missed) * scaled(r + 1, p, b))
    case.show("the bound", x <= scaled(r + 1, p, b))


@obligation(
    "theorem2a.z.all",
    paper="Theorem 2a",
    kind="induction",
    of=lambda case: theorem_z,
    twin=lambda case: lambda bits, mass, b: theorem_z(bits, mass, b) / 2,
)
def few_rounds_are_empty(bound: Bound, case: Case) -> None:
    """Theorem Z: for every source, every number n of bits and every batch size b >= 1, at most n/2 empty rounds are
    expected until a word of n + 1 bits is returned. By induction over the bits that are left: G, the most by which a
    prefix with so many bits left exceeds its bound, is not above 0."""
    b, q, theta = case.integer("b"), case.real("q"), case.real("theta")
    names = ("p", "E", "E1", "E0", "missed", "alone", "X", "Y")
    inputs = {name: case.real(name) for name in names} | {"q": q, "theta": theta}
    p, state = inputs["p"], {"r": case.integer("r"), "G": case.real("G")}
    case.assume(b >= 1, p > 0, p <= 1, q >= 0, theta >= 0, theta <= 1)
    powers = {"over b reached: b": b, "over b reached: q": q}
    second, third_ = case.use("theorem2a.l2", p=p, **powers), case.use("theorem2a.l3", p=p, **powers)
    case.assume(second.premises, third_.premises, label="q is (1-p)^(b-1)")
    scaled_names = {name: inputs[name] for name in ("p", "q", "X", "Y", "missed", "alone")}
    case.use("theorem2a.z.one", b=b, r=state["r"], **scaled_names)
    run = case.induction(
        "over the bits",
        state=state,
        start={"r": F(0), "G": F(0)},
        inputs=inputs,
        given=lambda s: a_round_at_the_worst_prefix(s, b),
        advance=lambda s: {"r": s["r"] + 1, "G": s["X"] - scaled(s["r"] + 1, s["p"], b)},
        holds=lambda s: every(s["r"] >= 0, s["G"] <= 0),
    )
    at, n, empty = case.reached(run), case.integer("n"), case.real("empty rounds")
    mass, there = case.real("mass"), case.real("empty rounds there")
    exceeds = b * mass * there - scaled(at["r"], mass, b) <= at["G"]
    case.show("at any prefix", b * mass * there <= scaled(at["r"], mass, b), given=exceeds)
    case.assume(n >= 0, at["r"] == n + 1, label="all bits are left: the start, of mass 1")
    case.assume(b * empty - scaled(n + 1, F(1), b) <= at["G"], label="G is the most by which a prefix exceeds it")
    case.lemma("times b", b * empty <= b * n * HALF)
    case.lemma("divided by b", empty <= n * HALF)
    case.show("Theorem Z", empty <= bound(n + 1, F(1), b))


def a_round_at_the_worst_prefix(s: State, b: Number) -> Formula:
    """A prefix with one bit more left: its expected empty rounds E, of which those on its two sides are within their
    bounds but for G (and none are expected of a word)."""
    p, theta = s["p"], s["theta"]
    sides = [(theta, s["E1"]), (1 - theta, s["E0"])]
    within = [
        implies(every(s["r"] >= 1, share > 0), b * (share * p) * e - scaled(s["r"], share * p, b) <= s["G"])
        for share, e in sides
    ]
    words = implies(s["r"] == 0, every(s["E1"] == 0, s["E0"] == 0))
    further = theta * s["E1"] + (1 - theta) * s["E0"]
    chances = every(s["missed"] == s["q"] * (1 - p), s["alone"] == b * p * s["q"], s["missed"] < 1)
    expected = s["E"] == empty_rounds(s["missed"], s["alone"], further)
    return every(chances, expected, words, *within, s["X"] == b * p * s["E"], s["Y"] == b * p * further)
