"""What two batches must be like if they may have given the same answers (A0 to A3), and what stays hidden."""

from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, within
from constructions.strip.readout import HIDING_FACTOR, LEVEL_FACTOR
from constructions.strip.separation import RATE
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation

F = Fraction


@obligation("strip.readout.same_answers", paper="the strip", of=lambda case: F(2), twin=lambda case: F(3, 2))
def same_answers_same_products(twice: Number, case: Case) -> None:
    """For all b >= 1 and tau >= 0: if one number is within tau of <G, r>/b and of <G', r>/b, then <G - G', r> is at
    most 2 b tau in size."""
    b, tau, answer = case.integer("b"), case.real("tau"), case.real("answer")
    one, other, means = case.integer("product"), case.integer("other product"), (case.real("mean"), case.real("mean'"))
    case.assume(b >= 1, tau >= 0, means[0] * b == one, means[1] * b == other)
    case.assume(*(within(answer - mean, tau) for mean in means), label="valid for both")
    gaps = [case.real("gap"), case.real("gap'")]
    case.assume(*(gap == answer - mean for gap, mean in zip(gaps, means, strict=True)))
    case.lemma("times b", every(*(every(gap * b <= tau * b, gap * b >= -tau * b) for gap in gaps)))
    case.lemma("the products", (gaps[1] - gaps[0]) * b == one - other)
    case.show("near", within(one - other, twice * (tau * b)))


@obligation("strip.readout.a0", paper="the strip", of=lambda case: F(1), twin=lambda case: F(3, 2))
def answers_of_other_batches_differ(most: Number, case: Case) -> None:
    """A0. For b tau < 1 and two batches of b points: their products with a query are of the same parity, so those that
    are at most 2 b tau apart are equal. A query with <G - G', r> != 0 (R0) tells them apart."""
    error, half, other = case.real("b tau"), case.integer("half"), case.integer("other half")
    case.assume(error >= 0, error < most, within(2 * half - 2 * other, 2 * error))
    case.show("the same", half == other)


@obligation("strip.readout.a1", paper="the strip", of=lambda case: F(4), twin=lambda case: F(3))
def far_batches_by_two_moments(factor: Number, case: Case) -> None:
    """A1. If |G - G'|_1 is more than 2 * 4 (b tau)^2 (a distance of more than 4 (b tau)^2), and X = <G - G', r> is at
    most 2 b tau in size, then X^2 is at most sigma^2/2, so r is none of the queries of R1."""
    error, norm, second, x, square = (case.real(name) for name in ("b tau", "N", "sigma^2", "X", "(b tau)^2"))
    case.assume(error >= 0, second >= norm, norm > 2 * factor * square, square == error * error)
    case.assume(within(x, 2 * error), label="not told apart")
    case.lemma("squared", x * x <= 4 * square)
    case.show("not far", 2 * (x * x) <= second)


@obligation(
    "strip.readout.a2", paper="the strip", kind="induction", of=lambda case: LEVEL_FACTOR, twin=lambda case: F(14)
)
def far_batches_by_many_moments(factor: Number, case: Case) -> None:
    """A2. For d0 >= 1, a whole L from 1 to 2 d0 with L d0 >= 15 (b tau)^2, and N = |G - G'|_1 >= 2 d0 (a distance of d0
    or more): L <= N, and if X = <G - G', r> is at most 2 b tau in size, then X^(2L) is at most (c L N)^L/2, so r is
    none of the queries of R2."""
    error, norm, level, d0, x = (
        case.real("b tau"),
        case.integer("N"),
        case.integer("L"),
        case.integer("d0"),
        case.real("X"),
    )
    near = case.real("X^2")
    case.assume(error >= 0, d0 >= 1, level >= 1, level <= 2 * d0, norm >= 2 * d0)
    case.assume(level * d0 >= factor * (error * error), label="the level")
    case.assume(within(x, 2 * error), near == x * x, label="not told apart")
    unit = RATE * level * norm
    case.lemma("L at most N", level <= norm)
    case.lemma("squared", every(near >= 0, near <= 4 * (error * error)))
    case.lemma("in units", level * norm >= 2 * (level * d0))
    case.lemma("half", 2 * near <= unit)
    run = case.induction(
        "over the powers",
        state={"i": case.integer("i"), "power": case.real("power"), "bound": case.real("bound")},
        start={"i": F(0), "power": F(1), "bound": F(1)},
        inputs={},
        advance=lambda s: {"i": s["i"] + 1, "power": s["power"] * near, "bound": s["bound"] * unit},
        holds=lambda s: every(
            s["i"] >= 0,
            s["power"] >= 0,
            s["bound"] >= s["power"],
            implies(s["i"] >= 1, 2 * s["power"] <= s["bound"]),
        ),
    )
    at = case.reached(run)
    case.assume(at["i"] == level, label="the L-th power")
    case.show("not far", 2 * at["power"] <= at["bound"])


@obligation(
    "strip.readout.all_parities", paper="the strip", kind="induction", of=lambda case: F(2), twin=lambda case: F(1)
)
def all_parities_by_parseval(factor: Number, case: Case) -> None:
    """A1 by all 2^n parities: if none of the products of g = G - G' with them is more than 2 b tau in size, then
    |g|_1 <= 4 (b tau)^2: the distance is at most 2 (b tau)^2. For the squares of the products add up to 2^n times those
    of g (Parseval), which are integers."""
    error, x, size = case.real("b tau"), case.real("X"), case.integer("2^n")
    square = case.real("(b tau)^2")
    case.assume(error >= 0, size >= 1, square == error * error, within(x, 2 * error), label="not told apart")
    case.lemma("squared", x * x <= 4 * square)
    over_points = norm_and_energy(case)
    over_parities = case.induction(
        "over the parities",
        state={"count": case.integer("count"), "squares": case.real("squares")},
        start={"count": F(0), "squares": F(0)},
        inputs={"X": x},
        advance=lambda s: {"count": s["count"] + 1, "squares": s["squares"] + s["X"] * s["X"]},
        holds=lambda s: every(s["count"] >= 0, s["squares"] <= 4 * square * s["count"]),
    )
    here, there, distance = case.reached(over_points), case.reached(over_parities), case.real("distance")
    passes = {"bits": case.integer("bits"), "size": size, "squares": there["squares"]}
    used = case.use(
        "parities.parseval",
        "Parseval",
        energy=here["energy"],
        before=case.real("before"),
        after=case.real("after"),
        **{f"over the passes reached: {name}": number for name, number in passes.items()},
    )
    case.assume(used.premises, there["count"] == size, label="the products are what n passes make of g")
    case.lemma("Parseval", size * here["energy"] <= size * (4 * square))
    case.lemma("divided", here["energy"] <= 4 * square)
    case.assume(2 * distance == here["norm"])
    case.show("the distance", distance <= factor * square)


def norm_and_energy(case: Case) -> Inductive:
    """|g|_1 and the sum of squares of an integer function g, which is no less."""
    entry = case.integer("entry")
    norms = {"norm": case.integer("norm"), "energy": case.real("energy")}
    return case.induction(
        "over the points",
        state=norms,
        start=dict.fromkeys(norms, F(0)),
        inputs={"entry": entry},
        advance=lambda s: {
            "norm": s["norm"] + select(s["entry"] < 0, -s["entry"], s["entry"]),
            "energy": s["energy"] + s["entry"] * s["entry"],
        },
        holds=lambda s: s["energy"] >= s["norm"],
    )


@obligation("strip.readout.a3", paper="the strip", kind="induction", of=lambda case: F(1), twin=lambda case: F(1, 2))
def all_queries_by_the_signs(factor: Number, case: Case) -> None:
    """A3. Among all queries is r = sign of g = G - G', with <g, r> = |g|_1. So if none of them tells the batches apart,
    their distance is at most b tau."""
    error, entry, distance = case.real("b tau"), case.integer("entry"), case.real("distance")
    sums = {"norm": case.integer("norm"), "product": case.integer("product")}
    run = case.induction(
        "over the points",
        state=sums,
        start=dict.fromkeys(sums, F(0)),
        inputs={"entry": entry},
        advance=lambda s: {
            "norm": s["norm"] + select(s["entry"] < 0, -s["entry"], s["entry"]),
            "product": s["product"] + s["entry"] * select(s["entry"] < 0, F(-1), F(1)),
        },
        holds=lambda s: s["norm"] == s["product"],
    )
    at = case.reached(run)
    case.assume(error >= 0, within(at["product"], 2 * error), 2 * distance == at["norm"], label="not told apart")
    case.show("the distance", distance <= factor * error)


@obligation(
    "strip.readout.hiding",
    paper="the strip",
    kind="induction",
    of=lambda case: HIDING_FACTOR,
    twin=lambda case: F(HIDING_FACTOR, 2),
)
def some_batches_are_hidden(factor: Number, case: Case) -> None:
    """Let there be k different points, so k <= 2^n, and b - k more for both batches. For any p queries with values in
    [-1, 1] and every k >= 1 with 2p exp(-(b rho)^2/(32 k)) < 1, that is k < (b rho)^2/(32 ln 2p): some two batches of b
    points at the distance k have means at most rho/2 apart for each query, so they share a vector of valid answers
    (``strip.pair.shared``). Take the k points with labels by fair coins, the opposite labels, and the others beside
    them: the chance that some mean of the coins strays by more than b rho/(4k) is less than 1 (``equation10.tail``)."""
    b, k, rho, eta = case.integer("b"), case.integer("k"), case.real("rho"), case.real("eta")
    s, p = case.real("s"), case.integer("p")
    case.assume(b >= 1, k >= 1, k <= b, rho > 0, 4 * k * eta == b * rho)
    own = {"X": case.real("X"), "mu": F(0), "never": case.real("never")}
    event = case.real("some mean strays")
    reached = {"over the queries reached: p": p, "over the queries reached: event": event}
    tail = case.use("equation10.tail", s=s, b=k, eta=eta, **own, **reached)
    bound = case.word("two times exp")
    case.assume(tail.premises, label="means of k coins, times the values of p queries")
    back = case.real("1/k")
    case.assume(back * k == 1, p * bound(-(b * rho) * (b * rho) * back / factor) < 1, label="k is small enough")
    case.lemma("eta", every(eta > 0, eta == b * rho * back / 4))
    case.lemma("the exponent", -(eta * eta * k) / 2 == -(b * rho) * (b * rho) * back / HIDING_FACTOR)
    chance = case.word("chance")(s, event)
    case.show("some coins do not stray", chance < 1)
    mean, gap = case.real("mean of the coins"), case.real("gap of the means")
    case.assume(within(mean, eta), gap * b == 2 * (mean * k), label="coins that do not stray")
    case.lemma("times k", every(mean * k <= eta * k, mean * k >= -eta * k))
    case.lemma("times b", every(gap * b <= b * rho / 2, gap * b >= -b * rho / 2))
    case.show("hidden", within(gap, rho / 2))
