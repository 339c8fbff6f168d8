"""The printed proof of Theorem 2a, case by case: what holds in it, and with which constants.

Proved here: rare prefixes (``theorem2a.rare``), of which one printed equation fails and the conclusion holds; frequent
prefixes (``theorem2a.frequent``).
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select
from constructions.reductions.extract_law import counts_in_batches
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


def _law_of_count(p: Fraction, b: int) -> dict[int, Fraction]:
    """How many points of a batch lie in a prefix of mass p."""
    found: dict[int, Fraction] = {}
    for (w,), probability in counts_in_batches([((1,), p), ((0,), 1 - p)], b):
        found[w] = found.get(w, Fraction(0)) + probability
    return found


def _batches() -> Iterator[dict[str, Any]]:
    return ({"b": Fraction(b), "p": Fraction(1, inverse)} for b in range(1, 7) for inverse in (2, 5, 10, 30))


Event = Callable[[Number], Formula]


def a_lone_point_by_means(event: Event, case: Case) -> None:
    """Step (ii) of the printed proof, where b p <= 1/5: with w the number of points of a batch that begin with a prefix
    of mass p, the chance that there is one such point (as printed: exactly one; as repaired: one or more) is E[w] -
    E[max(0, w - 1)]."""
    b, p = int(case.integer("b")), case.real("p")
    case.assume(5 * b * p <= 1)
    exact = _law_of_count(p, b)
    means = sum(((w - max(0, w - 1)) * mass for w, mass in exact.items()), Fraction(0))
    case.equal("the chance", sum((mass for w, mass in exact.items() if event(w)), Fraction(0)), means)


obligation(
    "theorem2a.rare.equality.printed",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_batches,
    expect=Verdict.REFUTED,
    erratum="E61",
    finite="b <= 6, four p",
    of=lambda case: lambda w: w == 1,
)(a_lone_point_by_means)


obligation(
    "theorem2a.rare.equality.repaired",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_batches,
    expect=Verdict.CHECKED,
    erratum="E61",
    finite="b <= 6, four p; for one or more points",
    of=lambda case: lambda w: w >= 1,
    twin=lambda case: lambda w: w == 1,
)(a_lone_point_by_means)


@obligation(
    "theorem2a.rare.pointwise", paper="Theorem 2a", of=lambda case: 1, twin=lambda case: Fraction(1, 3), erratum="E61"
)
def lone_points_are_most(factor: Number, case: Case) -> None:
    """For every count w >= 0: 1{w >= 1} = w - max(0, w - 1), max(0, w - 1) <= w(w - 1), and 1{w = 1} >= w - w(w - 1).
    So the printed lower bound E[w] - E[w(w - 1)] is a lower bound of P(w = 1) after all."""
    w = case.integer("w")
    case.assume(w >= 0)
    more = select(w >= 1, w - 1, Fraction(0))
    case.show("one or more", select(w >= 1, Fraction(1), Fraction(0)) == w - more)
    case.show("the excess", more <= factor * w * (w - 1))
    case.show("one", select(w == 1, Fraction(1), Fraction(0)) >= w - factor * w * (w - 1))


@obligation("theorem2a.rare.moment", paper="Theorem 2a", kind="induction", of=lambda case: 2, twin=lambda case: 1)
def second_moment_of_a_count(times: int, case: Case) -> None:
    """For every b, the number w of points of a batch at a prefix of mass p has E[w(w - 1)] = b(b - 1)p^2, by induction
    over b: one more point adds 2w to w(w - 1) with probability p. If b p <= 1/5, that is at most b p / 5."""
    p = case.real("p")
    case.assume(p >= 0, p <= 1)
    state = {"b": case.integer("b"), "mean": case.real("mean"), "moment": case.real("moment")}
    b, moment = state["b"], state["moment"]
    case.induction(
        "over b",
        state=state,
        start={"b": Fraction(0), "mean": Fraction(0), "moment": Fraction(0)},
        inputs={},
        advance=lambda s: {"b": s["b"] + 1, "mean": s["mean"] + p, "moment": s["moment"] + times * s["mean"] * p},
        holds=lambda s: every(s["mean"] == s["b"] * p, s["moment"] == s["b"] * (s["b"] - 1) * p * p),
    )
    case.show(
        "at most b p / 5", moment <= b * p / 5, given=every(b >= 1, moment == b * (b - 1) * p * p, 5 * b * p <= 1)
    )


@obligation(
    "theorem2a.rare.ratio",
    paper="Theorem 2a",
    of=lambda case: 5,
    twin=lambda case: 6,
    needs=("theorem2a.rare.pointwise", "theorem2a.rare.moment", "theorem2a.l1"),
)
def more_points_are_rare(times: int, case: Case) -> None:
    """Let w be the number of points of a batch at a prefix, x = b p its expectation, P(w = 1) >= (4/5) x and P(w > 0)
    <= x. Then the expected rounds until a batch has some such point are at most 5/(4x), and so at most 2/x; and a batch
    that has some has several with probability at most 1/5 (as printed: 1/4)."""
    x, alone, some = case.real("b p"), case.real("P(w = 1)"), case.real("P(w > 0)")
    case.assume(x > 0, 5 * alone >= 4 * x, alone <= some, some <= x)
    case.show("the wait", every(4 * x <= 5 * some, x <= 2 * some))
    case.show("several", times * (some - alone) <= some)
    case.show("as printed", 4 * (some - alone) <= some)


@obligation(
    "theorem2a.rare.step",
    paper="Theorem 2a",
    of=lambda case: (5, 2, 4),
    twin=lambda case: (5, 3, 4),
    needs=("theorem2a.rare.ratio",),
)
@obligation(
    "theorem2a.rare.step.sharper",
    paper="Theorem 2a",
    of=lambda case: (Fraction(25, 12), Fraction(5, 4), 5),
    twin=lambda case: (Fraction(2), Fraction(5, 4), 5),
    needs=("theorem2a.rare.ratio",),
)
def rare_prefix_ends_soon(constants: tuple[Number, Number, int], case: Case) -> None:
    """Suppose that a rare prefix of mass q needs at most C/(b q) expected rounds if it has one bit less left. Then it
    does with one bit more: it waits for at most W/x rounds, x = b p, and then needs a part of what both sides need, in
    proportion to their shares. As printed C = 5, W = 2, and the part is a quarter; the same estimates give C = 25/12
    with W = 5/4 and a fifth."""
    limit, wait, inverse = constants
    x, theta, rounds = case.real("b p"), case.real("theta"), case.real("rounds")
    case.assume(x > 0, theta > 0, theta < 1, inverse * x * rounds <= inverse * wait + 2 * limit)
    shares = theta * (limit / (theta * x)) + (1 - theta) * (limit / ((1 - theta) * x))
    case.show("both sides", shares * x == 2 * limit)
    case.show("the step", rounds * x <= limit)


@obligation("theorem2a.frequent.hit", paper="Theorem 2a", kind="induction", of=lambda case: 6, twin=lambda case: 5)
def frequent_prefix_is_hit(inverse: int, case: Case) -> None:
    """For every b, (1-p)^b (1 + b p) <= 1. So if b p > 1/5, a batch has a point at the prefix of mass p with
    probability more than 1/6 (and so at least 1/8, as printed), and at most 8 rounds are expected until one has."""
    p = case.real("p")
    case.assume(p >= 0, p <= 1)
    state = {"b": case.integer("b"), "q": case.real("q")}
    b, q = state["b"], state["q"]
    case.induction(
        "over b",
        state=state,
        start={"b": Fraction(0), "q": Fraction(1)},
        inputs={},
        advance=lambda s: {"b": s["b"] + 1, "q": s["q"] * (1 - p)},
        holds=lambda s: every(s["b"] >= 0, s["q"] >= 0, s["q"] * (1 + s["b"] * p) <= 1),
    )
    x = case.real("b p")
    given = every(x == b * p, q >= 0, q * (1 + x) <= 1, 5 * x > 1)
    case.show("hit", inverse * (1 - q) > 1, given=given)
    case.show("as printed", 8 * (1 - q) >= 1, given=given)
