"""Result C: the parity with the fewest disagreements is the true one, though an eighth of each batch is replaced."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies
from constructions.strip.noisy import MOST_RHO, SHARE_OF_A_BATCH, level_factor
from constructions.strip.readout import LEVEL_FACTOR
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
WANTED = ("b", "rho", "T", "d0", "L")


@obligation(
    "strip.right.level",
    paper="the strip",
    of=lambda case: level_factor,
    twin=lambda case: lambda share: level_factor(share) - 1,
)
def the_level_of_the_right_line(factor: Callable[[Number], Number], case: Case) -> None:
    """For b >= 2, 0 < rho <= 1/24, d0 = ceil(b/8) and L = max(1, ceil(67.5 b rho^2)): A2 holds, that is L d0 >= 15 (b
    tau)^2 for tau = 3 rho/4, and L <= 2 d0; 2 d0 <= b; and d0 - 1 points of each of T batches are fewer than an eighth
    of all bT."""
    b, rho, d0, level = case.integer("b"), case.real("rho"), case.integer("d0"), case.integer("L")
    wanted, steps, square = case.real("67.5 b rho^2"), case.integer("T"), case.real("rho^2")
    case.assume(b >= 2, rho > 0, rho <= MOST_RHO, square == rho * rho, steps >= 1, 8 * d0 >= b, 8 * d0 <= b + 7)
    case.lemma("rho", every(square > 0, square <= MOST_RHO * MOST_RHO))
    case.assume(wanted == factor(SHARE_OF_A_BATCH) * (b * square), level >= 1, level >= wanted)
    case.assume(implies(level >= 2, level < wanted + 1), label="the least whole number of these")
    case.lemma("in b", every(b * square <= b * (MOST_RHO * MOST_RHO), b * square > 0))
    case.lemma("times d0", level * d0 >= wanted * d0)
    case.lemma("an eighth", 8 * (wanted * d0) >= wanted * b)
    case.show("A2", level * d0 >= LEVEL_FACTOR * (F(9, 16) * b * (b * square)))
    case.show("L at most 2 d0", level <= 2 * d0)
    case.show("2 d0 at most b", 2 * d0 <= b)
    case.lemma("per batch", 8 * (d0 - 1) <= b - 1)
    case.show("fewer than an eighth", 8 * (steps * (d0 - 1)) < b * steps)


@obligation("strip.right.fewest", paper="the strip", of=lambda case: F(1, 4), twin=lambda case: F(1, 8))
def the_true_parity_disagrees_least(least: Number, case: Case) -> None:
    """For m samples of which fewer than m/8 are replaced: if another parity disagrees with at least m/4 of the true
    ones, then it disagrees with more of what was read than the true parity does."""
    m, replaced = case.integer("m"), case.integer("replaced")
    true, other, really = (case.integer(f"disagreements{mark}") for mark in ("", " of another", " really"))
    case.assume(m >= 1, replaced >= 0, 8 * replaced < m, true <= replaced, other >= really - replaced)
    case.assume(really >= least * m, label="the other one disagrees often with the true sample")
    case.show("fewer", true < other)


@obligation(
    "strip.right.error", paper="the strip", kind="induction", of=lambda case: F(1, 2), twin=lambda case: F(1, 4)
)
def the_error_at_the_right_line(share: Number, case: Case) -> None:
    """For every n and m, uniform x, and any number of parities other than the true one: with a chance of at least 1 -
    delta each of them disagrees with at least m/4 of m samples, if delta >= (2^n - 1) exp(-m/8), and then the true one
    is found; so labels are wrong with a chance of at most delta/2. The mean of the signs of the disagreements has the
    mean 0; by Hoeffding's inequality it strays by more than 1/2 with a chance of at most 2 exp(-m/8), half of it on
    either side, as the law of a sum of fair coins is symmetric."""
    s, m, never, x = case.real("s"), case.integer("m"), case.real("never"), case.real("X")
    chance, either, mean = case.word("chance"), case.word("either"), case.word("mean")
    seldom, bound = case.real("X is below -1/2"), case.word("two times exp")(-F(1, 8) * m)
    case.assume(m >= 1, chance(s, never) == 0, mean(s, x) == 0)
    case.assume(case.word("is a mean of independent values")(s, x, m), label="signs of the disagreements of a parity")
    strays = case.word("strays")(x, F(0), F(1, 2))
    case.principle("hoeffding", s=s, X=x, b=m, eta=F(1, 2))
    case.assume(2 * chance(s, seldom) == chance(s, strays), label="as often on either side")
    state = {"parities": case.integer("parities"), "event": case.real("event")}
    case.principle("union bound", s=s, A=state["event"], B=seldom)
    case.lemma("one parity", 2 * chance(s, seldom) <= bound)
    run = case.induction(
        "over the other parities",
        state=state,
        start={"parities": F(0), "event": never},
        inputs={"X": x, "X is below -1/2": seldom},
        advance=lambda at: {"parities": at["parities"] + 1, "event": either(at["event"], at["X is below -1/2"])},
        holds=lambda at: every(at["parities"] >= 0, 2 * chance(s, at["event"]) <= at["parities"] * bound),
    )
    at, delta, wrong, loss = case.reached(run), case.real("delta"), case.real("wrong labels"), case.real("error")
    case.assume(at["parities"] * bound <= 2 * delta, label="m is large enough")
    case.lemma("all of them", chance(s, at["event"]) <= delta)
    point, value = case.word("worst point")(s, wrong, F(1), never, share, at["event"]), case.word("value at")
    found = implies(case.word("happens at")(at["event"], point) == False, value(wrong, point) <= 0)  # noqa: E712
    case.assume(value(wrong, point) <= F(1, 2), found, value(never, point) == 0, mean(s, never) == 0)
    case.principle("domination", s=s, X=wrong, c=F(0), a=F(1), Y=never, d=share, A=at["event"])
    case.assume(loss == mean(s, wrong), label="the mean of the part of wrong labels, 1/2 for another parity")
    case.show("at most delta/2", loss <= delta / 2)


@obligation(
    "strip.right.learns", paper="the strip", kind="induction", of=lambda case: F(1, 2), twin=lambda case: F(1, 4)
)
def bsgd_learns_parities_at_the_right_line(share: Number, case: Case) -> None:
    """Result C. For every n, b >= 2, 0 < rho <= 1/24, T and delta >= (2^n - 1) exp(-bT/8), uniform x and every parity
    of n bits: bSGD on M with T steps and r + pT parameters, p = 17 4^L b(n + 1) and L = max(1, ceil(67.5 b rho^2)), has
    on average at most a part delta/2 of wrong labels, whoever rounds. By Result B with d0 = ceil(b/8)
    (``strip.right.level``), for the parity that disagrees with the fewest points (``strip.right.fewest``)."""
    b, rho, steps, d0, level = (case.integer(name) if name != "rho" else case.real(name) for name in WANTED)
    space, largest, made = case.real("space"), case.real("largest loss of A"), case.real("loss of descent")
    sizes = case.use("strip.right.level", b=b, rho=rho, d0=d0, L=level, T=steps)
    case.assume(sizes.premises, label="what d0 and L are")
    losses = {"largest loss of A": largest, "loss of descent": made, "strip.noisy.reads: L": level}
    noisy = case.use("strip.noisy.simulates", "no more error", b=b, rho=rho, T=steps, d0=d0, space=space, **losses)
    case.assume(noisy.premises, label="Result B, for the parity with the fewest disagreements")
    parities, delta, error = case.integer("parities"), case.real("delta"), case.real("error")
    reached = {"over the other parities reached: parities": parities}
    own = {"s": space, "m": b * steps, "wrong labels": largest, "delta": delta, "error": error}
    seldom = case.use("strip.right.error", "at most delta/2", **own, **reached)
    case.assume(seldom.premises, label="what the method loses if it does not find the true parity")
    mean = case.word("mean")
    case.lemma("of the method", mean(space, largest) <= delta / 2)
    case.show("at most delta/2", mean(space, made) <= share * delta)
