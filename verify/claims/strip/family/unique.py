"""The queries determine a batch, for every n and b: odd entries are none, so all can be halved, and so on."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some, within
from constructions.strip.decoding import goes_on
from constructions.strip.family import halved, last_exponent
from verify.claims.models.answering.moments import own_variables
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
ROWS, FACTORS = "over factors and exponents reached: ", "over the factors reached: "
POINTS = "over the points reached: "
PARITY = ("points", "sum", "at v", "at w", "v", "w")


@obligation(
    "strip.family.parity",
    paper="the strip",
    of=lambda case: last_exponent,
    twin=lambda case: lambda b: last_exponent(b) + 1,
)
def no_odd_points(last: Callable[[Number], Number], case: Case) -> None:
    """For every b and every set U of at most 2b points in a field of characteristic 2: if the number of its points is
    even and their odd powers up to 2b - 1 add up to 0, then U is empty. Else let v be one of its points: the product of
    the factors (x - u) of the others, at most 2b - 1 of them, adds up to 0 over U by one argument, and to something
    else by the other."""
    b, points, total, at_v = case.integer("b"), case.integer("points"), case.real("sum"), case.real("at v")
    case.assume(b >= 1, points >= 0, points <= last(b) + 1, label="at most 2b points")
    rows = case.use("strip.family.products", b=b, **{f"{ROWS}l": points - 1, f"{ROWS}e": F(0), f"{ROWS}sum": total})
    alone = case.use(
        "strip.family.alone",
        v=case.real("v"),
        w=case.real("w"),
        **{f"{FACTORS}at v": at_v, f"{FACTORS}at w": case.real("at w"), f"{FACTORS}met": case.bit("met")},
        **{f"{POINTS}sum": total, f"{POINTS}v met": case.bit("v met")},
    )
    case.assume(
        implies(points >= 1, every(rows.premises, alone.premises, case.bit("v met"))),
        label="if there is a point, it is v, and the sum of the products is formed in both ways",
    )
    case.show("U is empty", points == 0)


@obligation(
    "strip.family.unique",
    paper="the strip",
    kind="induction",
    of=lambda case: goes_on,
    twin=lambda case: lambda power, b: goes_on(2 * power, b),
)
def balances_are_determined(more: Callable[[Number, Number], Formula], case: Case) -> None:
    """For all n and b and every integer function g on GF(2^n) with |g|_1 <= 2b whose products with the bn + 1 queries
    are 0: g is 0. So two batches of b points with the same answers have the same balance. The step: the odd entries
    of g are at most 2b points, none by ``strip.family.parity`` (the products are the number of points less twice the
    counts of bits, so these counts are even with them), so g/2 is such a function, and its products are 0 too. After k
    steps an entry is 0 or |g| is at least 2^k."""
    b, g, norm = case.integer("b"), case.integer("entry of g"), case.integer("norm of g")
    case.assume(b >= 1, norm >= 0, norm <= 2 * b, within(g, norm), label="|g|_1 <= 2b")
    half, rest, odd = case.integer("half"), case.integer("rest"), case.integer("odd entries")
    own = own_variables(case, "set", PARITY[1:])
    bits = {name: case.bit(f"set {name}") for name in ("met", "v met")}
    parity = case.use("strip.family.parity", b=b, points=odd, **own, **bits)
    case.assume(odd >= 0, odd <= norm, label="the odd entries of a function with |g|_1 <= norm")
    case.assume(parity.premises, label="they are a set whose number is even and whose odd powers add up to 0")
    case.lemma("no odd entry", odd == 0)
    state = {"power": case.integer("2^k"), "entry": case.integer("entry")}

    def given(s: State) -> Formula:
        split = every(s["entry"] == 2 * s["half"] + s["rest"], some(s["rest"] == 0, s["rest"] == 1))
        return every(split, implies(s["rest"] == 1, s["odd entries"] >= 1))

    run = case.induction(
        "over the digits",
        state=state,
        start={"power": F(1), "entry": g},
        inputs={"half": half, "rest": rest, "odd entries": odd}
        | {f"set {name}": value for name, value in (own | bits).items()}
        | parity.unbound,
        fixed=("strip.family.parity",),  # what is left is the field, which is the same for all halves
        given=given,
        advance=lambda s: {"power": 2 * s["power"], "entry": s["half"]},
        holds=lambda s: every(s["power"] >= 1, s["entry"] * s["power"] == g),
    )
    at = case.reached(run)
    case.show("g is 0", g == 0, given=negation(more(at["power"], b)))


@obligation(
    "strip.family.counts",
    paper="the strip",
    kind="induction",
    of=lambda case: halved,
    twin=lambda case: lambda ones, of_query: ones - of_query,
)
def bits_are_counted(counted: Callable[[Number, Number], Number], case: Case) -> None:
    """For every integer function g and every query r = 1 - 2 bit: half of <g, 1> - <g, r> is the sum of g over the
    points whose bit is 1, by induction over the points. So products that are all 0 give counts that are all 0."""
    value, bit = case.integer("value"), case.integer("bit")
    case.assume(some(bit == 0, bit == 1))
    sums = {name: case.integer(name) for name in ("ones", "of query", "of bit")}
    run = case.induction(
        "over the points",
        state=sums,
        start=dict.fromkeys(sums, F(0)),
        inputs={"value": value, "bit": bit},
        advance=lambda s: {
            "ones": s["ones"] + s["value"],
            "of query": s["of query"] + select(s["bit"] == 1, -s["value"], s["value"]),
            "of bit": s["of bit"] + select(s["bit"] == 1, s["value"], F(0)),
        },
        holds=lambda s: counted(s["ones"], s["of query"]) == s["of bit"],
    )
    at = case.reached(run)
    case.show("the count", counted(at["ones"], at["of query"]) == at["of bit"])
