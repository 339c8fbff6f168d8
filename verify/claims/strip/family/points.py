"""Why no set of 1 to 2b points has an even number of points and odd powers that all add up to 0, in any field of
characteristic 2: Vandermonde's argument.

An element of the field is known by a number, sums and products are functions of which only laws of rings are assumed,
where they are used: so these claims hold in GF(2^n) for every n. U is a set of at most 2b points.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.strip.family import last_exponent
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

F = Fraction
HALF, SAME, NEXT = "the sum of half the exponent", "the same exponent", "the next exponent"


@dataclass(frozen=True, slots=True)
class Ring:
    """Sums and products of elements that are known by numbers; 0 is known by 0."""

    case: Case

    def plus(self, a: Number, b: Number) -> Number:
        """The sum of two elements; in characteristic 2 it is their difference too."""
        return self.case.function("plus", 2)(a, b)

    def times(self, a: Number, b: Number) -> Number:
        """The product of two elements."""
        return self.case.function("times", 2)(a, b)


@obligation(
    "strip.family.powers",
    paper="the strip",
    kind="induction",
    of=lambda case: last_exponent,
    twin=lambda case: lambda b: last_exponent(b) - 2,
)
def all_powers_add_up_to_0(last: Callable[[Number], Number], case: Case) -> None:
    """For every b and every set U in a ring in which the sum of squares is the square of the sum: if the number of
    points of U is 0 in the ring, and their odd powers up to 2b - 1 add up to 0, then so do all powers from 0 to 2b."""
    ring, b, odd = Ring(case), case.integer("b"), case.real("sum of an odd power")
    case.assume(b >= 1, ring.times(F(0), F(0)) == 0)
    e, total = case.integer("e"), case.real("sum")
    half, even = case.integer("half"), case.bit("even")

    def given(s: State) -> Formula:
        back, e = earlier_state(s, HALF), s["e"] + 1
        of_odd = every(e == 2 * s["half"] + 1, implies(e <= last(b), s["odd"] == 0))
        of_even = every(e == 2 * s["half"], back["e"] == s["half"])
        return every(implies(s["even"], of_even), some(s["even"], of_odd))

    def advance(s: State) -> State:
        half_sum = earlier_state(s, HALF)["sum"]
        return {"e": s["e"] + 1, "sum": select(s["even"], ring.times(half_sum, half_sum), s["odd"])}

    run = case.induction(
        "over the exponents",
        state={"e": e, "sum": total},
        start={"e": F(0), "sum": F(0)},
        inputs={"half": half, "even": even, "odd": odd},
        earlier=(HALF,),
        given=given,
        advance=advance,
        holds=lambda s: every(s["e"] >= 0, implies(s["e"] <= 2 * b, s["sum"] == 0)),
    )
    at = case.reached(run)
    case.show("all powers up to 2b", implies(at["e"] <= 2 * b, at["sum"] == 0))


@obligation(
    "strip.family.products",
    paper="the strip",
    kind="induction",
    of=lambda case: last_exponent,
    twin=lambda case: lambda b: last_exponent(b) + 2,
)
def products_of_factors_add_up_to_0(last: Callable[[Number], Number], case: Case) -> None:
    """For every b and every set U: if the powers from 0 to 2b - 1 of the points of U add up to 0, then so do the values
    of x^e (x - a_1) ... (x - a_l) for all a_1, a_2, ... and l + e <= 2b - 1. The sum for l + 1 and e is the one for l
    and e + 1, less a_(l+1) times the one for l and e (``strip.family.terms``)."""
    ring, b, root, power = Ring(case), case.integer("b"), case.real("a"), case.real("sum of a power")
    case.assume(b >= 1, ring.plus(F(0), F(0)) == 0, ring.times(root, F(0)) == 0)
    more, shift, first = case.integer("new l"), case.integer("new e"), case.bit("no factor")

    def given(s: State) -> Formula:
        same, following = earlier_state(s, SAME), earlier_state(s, NEXT)
        rows = every(same["l"] == s["new l"] - 1, following["l"] == s["new l"] - 1, s["new l"] >= 1)
        places = every(same["e"] == s["new e"], following["e"] == s["new e"] + 1)
        known = implies(s["new e"] <= 2 * b - 1, s["power"] == 0)
        row_0 = implies(s["first"], every(s["new l"] == 0, known))
        return every(s["new e"] >= 0, row_0, some(s["first"], every(rows, places)))

    def advance(s: State) -> State:
        same, following = earlier_state(s, SAME)["sum"], earlier_state(s, NEXT)["sum"]
        of_row = ring.plus(following, ring.times(s["a"], same))
        return {"l": s["new l"], "e": s["new e"], "sum": select(s["first"], s["power"], of_row)}

    run = case.induction(
        "over factors and exponents",
        state={"l": case.integer("l"), "e": case.integer("e"), "sum": case.real("sum")},
        start={"l": F(0), "e": F(0), "sum": F(0)},
        inputs={"new l": more, "new e": shift, "first": first, "a": root, "power": power},
        earlier=(SAME, NEXT),
        given=given,
        advance=advance,
        holds=lambda s: every(s["l"] >= 0, s["e"] >= 0, implies(s["l"] + s["e"] <= last(b), s["sum"] == 0)),
    )
    at = case.reached(run)
    case.show("each sum is 0", implies(at["l"] + at["e"] <= last(b), at["sum"] == 0))


def _terms(added: bool) -> Callable[[Case], Any]:
    return lambda case: added


@obligation("strip.family.terms", paper="the strip", kind="induction", of=_terms(True), twin=_terms(False))
def sums_of_products(added: bool, case: Case) -> None:
    """For every number of points, in every ring: if each point has terms with c = p + a q, their sums over the points
    do too. (c is the value with one factor more, (x - a) t, p that of x t and q that of t; the laws of rings that are
    used are 0 + a 0 = 0 and (P + a Q) + (p + a q) = (P + p) + a (Q + q).)"""
    ring, a = Ring(case), case.real("a")
    p, q, c = (case.real(name) for name in ("p", "q", "c"))
    sums = {name: case.real(name) for name in ("P", "Q", "C")}
    case.assume(ring.plus(F(0), ring.times(a, F(0))) == 0, c == ring.plus(p, ring.times(a, q)))

    def law(s: State) -> Formula:
        left = ring.plus(ring.plus(s["P"], ring.times(a, s["Q"])), ring.plus(s["p"], ring.times(a, s["q"])))
        right = ring.plus(ring.plus(s["P"], s["p"]), ring.times(a, ring.plus(s["Q"], s["q"])))
        return left == right

    run = case.induction(
        "over the points",
        state=sums,
        start=dict.fromkeys(sums, F(0)),
        inputs={"p": p, "q": q, "c": c},
        given=law,
        advance=lambda s: {
            "P": ring.plus(s["P"], s["p"]),
            "Q": ring.plus(s["Q"], s["q"]) if added else s["Q"],
            "C": ring.plus(s["C"], s["c"]),
        },
        holds=lambda s: s["C"] == ring.plus(s["P"], ring.times(a, s["Q"])),
    )
    at = case.reached(run)
    case.show("the sums", at["C"] == ring.plus(at["P"], ring.times(a, at["Q"])))


def _factors(leaves_out: bool) -> Callable[[Case], Any]:
    return lambda case: leaves_out


@obligation("strip.family.alone", paper="the strip", kind="induction", of=_factors(True), twin=_factors(False))
def one_point_is_left(leaves_out: bool, case: Case) -> None:
    """For every finite set U in a ring without zero divisors and every point v of U: the product of (x - u) over the
    points u of U other than v is not 0 at x = v and is 0 at every other point w of U. So its values at the points of U
    add up to that at v, which is not 0. (The twin does not leave v out.)"""
    ring, root = Ring(case), case.real("u")
    v, w = case.real("v"), case.real("w")
    case.assume(v != w, label="two points")
    state: State = {"at v": case.real("at v"), "at w": case.real("at w"), "met": case.bit("w was a factor")}

    def given(s: State) -> Formula:
        pairs = [(s[f"at {name}"], ring.plus(x, s["u"]), x) for name, x in (("v", v), ("w", w))]
        laws = every(*((ring.times(a, d) == 0) == some(a == 0, d == 0) for a, d, _ in pairs))
        differences = every(*((d == 0) == (x == s["u"]) for _, d, x in pairs))
        return every(laws, differences, s["u"] != v if leaves_out else True)

    run = case.induction(
        "over the factors",
        state=state,
        start={"at v": F(1), "at w": F(1), "met": False},
        inputs={"u": root},
        given=given,
        advance=lambda s: {
            "at v": ring.times(s["at v"], ring.plus(v, s["u"])),
            "at w": ring.times(s["at w"], ring.plus(w, s["u"])),
            "met": some(s["met"], s["u"] == w),
        },
        holds=lambda s: every(s["at v"] != 0, implies(s["met"], s["at w"] == 0)),
    )
    product = case.reached(run)
    case.show("not 0 at v", product["at v"] != 0)
    case.show("0 at another point", product["at w"] == 0, given=product["met"])
    values_add_up(case, ring, product["at v"])


def values_add_up(case: Case, ring: Ring, at_v: Number) -> None:
    """The sum over the points of U of values that are 0 but at v."""
    value, is_v = case.real("value"), case.bit("is v")
    run = case.induction(
        "over the points",
        state={"sum": case.real("sum"), "v met": case.bit("v met")},
        start={"sum": F(0), "v met": False},
        inputs={"value": value, "is v": is_v},
        fixed=("over the factors reached",),
        given=lambda s: every(
            ring.plus(s["sum"], F(0)) == s["sum"],
            ring.plus(F(0), s["value"]) == s["value"],
            s["value"] == select(s["is v"], at_v, F(0)),
            negation(every(s["v met"], s["is v"])),
        ),
        advance=lambda s: {"sum": ring.plus(s["sum"], s["value"]), "v met": some(s["v met"], s["is v"])},
        holds=lambda s: s["sum"] == select(s["v met"], at_v, F(0)),
    )
    total = case.reached(run)
    case.show("the sum is not 0", total["sum"] != 0, given=total["v met"])
