"""Fact R2, its bound on moments: E Y^(2L) >= (c L N)^L for a sum Y of N signs and all L from 1 to N, row by row."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some
from constructions.strip.separation import MOST_GROWTH, RATE, bound_from_above, least_after
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

F = Fraction
FACTORS = "over the factors reached: "
SAME, ABOVE = "one sign fewer", "the row above"
Bound = Callable[[Number, Number, Number, Number], Number]


def too_large(above: Number, grown: Number, level: Number, norm: Number) -> Number:
    """A bound that grows too fast (the twin's)."""
    return 3 * bound_from_above(above, grown, level, norm)


@obligation(
    "strip.separation.rates", paper="the strip", kind="induction", of=lambda case: RATE, twin=lambda case: F(2, 3)
)
def the_rate_is_small(rate: Number, case: Case) -> None:
    """For every L: c^L is at most 2^(-L). So where all N = L signs are equal, which has a chance of 2 2^(-L), the 2L-th
    power alone brings the mean to (c L N)^L."""
    powers = {name: case.real(name) for name in ("rate", "half")}
    run = case.induction(
        "over the factors",
        state=powers,
        start=dict.fromkeys(powers, F(1)),
        inputs={},
        advance=lambda s: {"rate": s["rate"] * rate, "half": s["half"] / 2},
        holds=lambda s: every(s["rate"] >= 0, s["half"] >= s["rate"]),
    )
    at, square, moment = case.reached(run), case.real("square"), case.real("moment")
    case.assume(square >= 0, moment >= 2 * at["half"] * square, label="L^(2L), and the mean of the 2L-th power")
    case.lemma("times the power", at["half"] * square >= at["rate"] * square)
    case.lemma("not negative", at["rate"] * square >= 0)
    case.show("the bound", moment >= at["rate"] * square)


def powers_of(case: Case, label: str, k: Number, part: Number, **reached: Number) -> None:
    """State what is known of (1 + 1/k)^i, for 1/k the ``part`` and the ``reached`` i, t = i/k and power."""
    at = {f"{FACTORS}{name}": value for name, value in reached.items()}
    used = case.use("strip.separation.growth", **{"k": k, "1/k": part}, **at)
    case.assume(used.premises, label=label)


@obligation(
    "strip.separation.cell",
    paper="the strip",
    of=lambda case: bound_from_above,
    twin=lambda case: too_large,
)
def one_place_from_two(bound: Bound, case: Case) -> None:
    """For 2 <= L <= N: if the 2L-th moment of N signs is at least (c L N)^L and their (2L-2)-nd at least
    (c (L - 1) N)^(L-1), then the 2L-th of N + 1 signs is at least (c L (N + 1))^L."""
    level, norm, part, back = case.integer("L"), case.integer("N"), case.real("1/N"), case.real("1/(L-1)")
    grown, ratio = case.real("(L/(L-1))^(L-1)"), case.real("((N+1)/N)^L")
    case.assume(level >= 2, norm >= level, part * norm == 1, label="2 <= L <= N")
    powers_of(case, "the power of L/(L - 1)", level - 1, back, i=level - 1, t=F(1), power=grown)
    powers_of(case, "the power of (N + 1)/N", norm, part, i=level, t=level * part, power=ratio)
    names = ("moment before", "moment above", "bound before", "bound above", "new moment", "new bound")
    before, above, known, higher, moment, new = (case.real(name) for name in names)
    case.assume(higher >= 0, known == bound(higher, grown, level, norm), label="(c L N)^L")
    case.assume(new == ratio * known, label="(c L (N + 1))^L")
    case.assume(moment >= least_after(before, above, level), label="the moments")
    unit = level * (grown * higher)
    case.lemma("the powers", every(grown >= 1, grown <= MOST_GROWTH, ratio <= 1 + (MOST_GROWTH - 1) * (level * part)))
    case.lemma("not negative", every(grown * higher >= 0, grown * higher <= MOST_GROWTH * higher, unit >= 0))
    case.lemma("the bound before", every(known == RATE * norm * unit, known * part == RATE * unit, known >= 0))
    case.lemma("one sign more", new - known <= (MOST_GROWTH - 1) * level * (known * part))
    case.lemma("in units", new - known <= (MOST_GROWTH - 1) * RATE * (level * unit))
    case.lemma("above", (MOST_GROWTH - 1) * RATE * (level * unit) <= F(77, 60) * level * level * higher)
    case.lemma("two rows", every(level * level * higher >= 2 * level * higher, level * higher >= 0))
    added = level * (2 * level - 1) * above >= level * (2 * level - 1) * higher
    case.lemma("what is added", implies(above >= higher, added))
    case.show("the new moment", moment >= new, given=every(before >= known, above >= higher))


@obligation(
    "strip.separation.moments",
    paper="the strip",
    kind="induction",
    of=lambda case: RATE,
    twin=lambda case: F(5, 4),
)
def moments_of_signs(rate: Number, case: Case) -> None:
    """For all L >= 1 and N >= L: the 2L-th moment of a sum of N signs is at least (c L N)^L, c = 4/15. Row by row: for
    L = 1 it is N, for N = L all signs are equal often enough (``strip.separation.rates``), and each other place comes
    from the one before it and the one above that (``strip.separation.cell``)."""
    names = ("L", "N", "moment before", "moment above", "bound before", "bound above", "new moment", "new bound")
    new = {name: case.integer(name) if name in "LN" else case.real(name) for name in names}
    powers = {name: case.real(name) for name in ("1/N", "1/(L-1)", "(L/(L-1))^(L-1)", "((N+1)/N)^L")}
    first = case.bit("the first of a row")
    loose = {name: case.real(name) for name in ("c^L", "2^(-L)", "L^(2L)")}
    used = case.use("strip.separation.cell", **new, **powers)
    rates = case.use(
        "strip.separation.rates",
        **{f"{FACTORS}rate": loose["c^L"], f"{FACTORS}half": loose["2^(-L)"]},
        square=loose["L^(2L)"],
        moment=new["new moment"],
    )
    level, norm, moment, least = (new[name] for name in ("L", "N", "new moment", "new bound"))
    second = every(level >= 2, least == loose["c^L"] * loose["L^(2L)"], rates.premises)
    one = every(level == 1, norm >= 0, moment >= norm + 1, least == rate * (norm + 1))
    known = every(new["moment before"] >= new["bound before"], new["moment above"] >= new["bound above"])
    begins = some(one, every(norm == level - 1, second))
    case.assume(level >= 1, implies(first, begins), some(first, used.premises), label="a place of the table")
    case.lemma("its moment", implies(some(first, known), moment >= least))

    state: State = {name: case.integer(name) for name in ("level", "norm")}
    state = {**state, **{name: case.real(name) for name in ("moment", "bound")}}
    run = case.induction(
        "row by row",
        state=state,
        start={"level": F(1), "norm": F(1), "moment": F(1), "bound": rate},
        inputs={**new, **powers, "first": first, **used.unbound, **rates.unbound, **loose},
        earlier=(SAME, ABOVE),
        given=looks_back,
        advance=lambda s: {"level": s["L"], "norm": s["N"] + 1, "moment": s["new moment"], "bound": s["new bound"]},
        holds=lambda s: every(s["level"] >= 1, s["norm"] >= 1, s["moment"] >= s["bound"]),
    )
    at = case.reached(run)
    case.show("the moment", at["moment"] >= at["bound"])


def looks_back(s: State) -> Formula:
    """Which places of the table a new one looks back at: the one before it, and the one above that."""
    places = ((earlier_state(s, SAME), s["L"], "before"), (earlier_state(s, ABOVE), s["L"] - 1, "above"))
    found = [
        every(at["level"] == row, at["norm"] == s["N"], at["moment"] == s[f"moment {name}"]) for at, row, name in places
    ]
    bounds = [at["bound"] == s[f"bound {name}"] for at, _, name in places]
    return some(s["first"], every(*found, *bounds))
