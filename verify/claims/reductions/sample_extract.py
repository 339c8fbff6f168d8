"""Algorithm 1 and Theorem 2a: decoding, Theorem Z by three inductions over the batch size, LOOK's theorem, the
printed step, budgets."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some, within
from constructions.learning.error import error
from constructions.learning.learners import conjunction, memoriser, parity
from constructions.learning.models import PAC, QueryMethod, SampleMethod, stopped
from constructions.learning.problems import Table
from constructions.reductions.extract_bounds import empty_rounds, idle_rounds_of_coin, look_bound, theorem_z
from constructions.reductions.one_bit import HALF, LOOK, PREFIX, VERSIONS, is_nearest_count
from constructions.reductions.sample_extract import Extraction, lemma_1, theorem_2a
from verify.obligations.case import Case, State
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

Premise = Callable[[Number], Formula]


def _is(subject: object) -> Callable[[Case], Any]:
    return lambda case: subject


def _answer(case: Case) -> tuple[Number, Number, Number, Number]:
    """b, tau, a count w and a valid answer v to it."""
    b, w, tau, v = case.integer("b"), case.integer("w"), case.real("tau"), case.real("v")
    case.assume(b >= 1, w >= 0, w <= b, tau >= 0, within(b * v - w, b * tau))
    return b, w, tau, v


@obligation(
    "algorithm1.decodes", paper="Algorithm 1", of=_is(lambda t: t < HALF), twin=_is(lambda t: t == HALF), erratum="S9"
)
def a_valid_answer_decodes(premise: Premise, case: Case) -> None:
    """If b tau < 1/2, the integer nearest to b times any valid answer is the count, and no other is as near; at b
    tau = 1/2 not."""
    b, w, tau, v = _answer(case)
    case.assume(premise(b * tau))
    case.lemma("within half", every(b * v - w < HALF, w - b * v < HALF))
    case.show("the count", is_nearest_count(w, v, b))
    other = case.integer("j")
    case.show("no other integer", implies(other != w, some(other - b * v > HALF, b * v - other > HALF)))


@obligation(
    "algorithm1.decodes.sharp",
    paper="Algorithm 1",
    of=_is(lambda t: t >= HALF),
    twin=_is(lambda t: 3 * t >= 1),
    erratum="S9",
)
def one_answer_is_valid_for_two_counts(premise: Premise, case: Case) -> None:
    """If b tau >= 1/2, the answer (w + 1/2)/b is valid for w and for w + 1, so no reading of it is right for both."""
    b, w, tau, v = case.integer("b"), case.integer("w"), case.real("tau"), case.real("v")
    case.assume(b >= 1, w >= 0, w < b, premise(b * tau), b * v == w + HALF)
    case.show("valid for w", within(b * v - w, b * tau))
    case.show("valid for w + 1", within(b * v - (w + 1), b * tau))


def _chance(case: Case) -> Number:
    p = case.real("p")
    case.assume(p >= 0, p <= 1)
    return p


def _powers(case: Case) -> State:
    return {"b": case.integer("b"), "q": case.real("q")}


ONE = {"b": Fraction(1), "q": Fraction(1)}


@obligation("theorem2a.l1", paper="Theorem 2a", kind="induction", of=_is(Fraction(0)), twin=_is(Fraction(1, 8)))
def powers_lie_above_their_tangent(gain: Fraction, case: Case) -> None:
    """L1: (1-p)^b >= 1 - b p for every b >= 1 and p in [0, 1]."""
    p, state = _chance(case), _powers(case)
    case.induction(
        "over b",
        state=state,
        start={"b": Fraction(1), "q": 1 - p},
        inputs={},
        advance=lambda s: {"b": s["b"] + 1, "q": s["q"] * (1 - p)},
        holds=lambda s: every(s["b"] >= 1, s["q"] >= 0, s["q"] >= 1 - (s["b"] - gain) * p),
    )


@obligation("theorem2a.l2", paper="Theorem 2a", kind="induction", of=_is(Fraction(0)), twin=_is(Fraction(1, 8)))
def at_most_one_point_is_a_chance(gain: Fraction, case: Case) -> None:
    """L2: (1-p)^(b-1) (1 + (b-1) p) <= 1 for every b >= 1 and p in [0, 1]."""
    p, state = _chance(case), _powers(case)
    case.induction(
        "over b",
        state=state,
        start=ONE,
        inputs={},
        advance=lambda s: {"b": s["b"] + 1, "q": s["q"] * (1 - p)},
        holds=lambda s: every(s["b"] >= 1, s["q"] >= 0, s["q"] * (1 + (s["b"] - 1) * (1 + gain) * p) <= 1),
    )


def third(b: Number, p: Number, q: Number) -> Number:
    """G_b, with q = (1-p)^(b-1)."""
    return q * (2 - 2 * p + b * p + b * p * p) - (2 - b * p)


@obligation("theorem2a.l3", paper="Theorem 2a", kind="induction", of=_is(Fraction(0)), twin=_is(Fraction(1, 8)))
def third_inequality(gain: Fraction, case: Case) -> None:
    """L3: G_b = (1-p)^(b-1) (2 - 2p + bp + bp^2) - (2 - bp) >= 0 for every b >= 1 and p in [0, 1], with L1 carried
    along."""
    p, state = _chance(case), _powers(case)
    b, q = state["b"], state["q"]
    carried = every(b >= 1, q >= 0, q * (1 - p) >= 1 - b * p)
    grown = q * (1 - p) * (1 + p) - (1 - b * p)
    case.show("what is added is not negative", grown >= 0, given=carried)
    case.show("the recursion", third(b + 1, p, q * (1 - p)) == (1 - p) * third(b, p, q) + p * grown)
    case.induction(
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


@obligation("theorem2a.constants.sharp", paper="Theorem 2a", of=_is(Fraction(0)), twin=_is(Fraction(-1)))
def sharper_constants_fail(least: Fraction, case: Case) -> None:
    """No constant can be better: L1 with b - c for b fails at b = 1, L2 with (1+c)(b-1) at b = 2, G_b >= c p^2 at b
    = 2, for each c > 0."""
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
    of=_is(theorem_z),
    twin=_is(lambda r, p, b: (1 / p - 1) / (b + 1)),
)
def last_bit(bound: Bound, case: Case) -> None:
    """With one bit left, b p times the slack of Theorem Z is (1-p) times the slack of L2."""
    b, p, q = _point(case)
    missed, alone = q * (1 - p), b * p * q
    expected = empty_rounds(missed, alone, Fraction(0))
    case.equal("slack", b * p * (bound(1, p, b) - expected) * (1 - missed), (1 - p) * (1 - q * (1 + (b - 1) * p)))


@obligation("theorem2a.z.step", paper="Theorem 2a", kind="identity", of=_is(theorem_z), twin=_is(smaller))
def one_more_bit(bound: Bound, case: Case) -> None:
    """With r >= 2 bits left and the bound on both sides of the next bit, b p times the slack is b p P1 (r-2)/2 +
    G_b/2."""
    b, p, q = _point(case)
    r, theta = case.real("r"), case.real("theta")
    missed, alone = q * (1 - p), b * p * q
    further = theta * bound(r - 1, theta * p, b) + (1 - theta) * bound(r - 1, (1 - theta) * p, b)
    slack = b * p * (bound(r, p, b) - empty_rounds(missed, alone, further)) * (1 - missed)
    case.equal("slack", slack, b * p * alone * (r - 2) * HALF + third(b, p, q) * HALF)


@obligation(
    "theorem2a.z.sign",
    paper="Theorem 2a",
    of=_is(2),
    twin=_is(0),
    needs=("theorem2a.l1", "theorem2a.l2", "theorem2a.l3", "theorem2a.z.base", "theorem2a.z.step"),
)
def slack_is_not_negative(least: int, case: Case) -> None:
    """By L2 and L3 both slacks are not negative, and one certain side costs less than two; so E[Z] <= (r-1)/2 + (1/p
    - 1)/b."""
    b, r, p, q = case.integer("b"), case.integer("r"), case.real("p"), case.real("q")
    case.assume(b >= 1, r >= least, p > 0, p <= 1, q >= 0, q * (1 + (b - 1) * p) <= 1, third(b, p, q) >= 0)
    case.show("the last bit", (1 - p) * (1 - q * (1 + (b - 1) * p)) >= 0)
    alone = case.real("alone")
    case.show("one more bit", b * p * alone * (r - 2) * HALF + third(b, p, q) * HALF >= 0, given=alone == b * p * q)
    inverse = case.real("1/p")
    case.show("one side", (inverse - 1) / b <= (2 * inverse - 1) / b, given=every(inverse * p == 1, inverse >= 1))


def _hidden(case: Case) -> tuple[Number, Number]:
    p, theta = _chance(case), case.real("theta")
    case.assume(theta > 0, theta < 1)
    return p, theta


@obligation(
    "theorem2a.look.convex", paper="Theorem 2a", kind="induction", of=_is(Fraction(1)), twin=_is(Fraction(7, 8))
)
def inverse_powers_are_convex(share: Fraction, case: Case) -> None:
    """For A = (1 - theta p)^b and B = (1-p)^b: B <= A (theta + (1-theta) B), which says that 1/(1-xp)^b is convex
    between 0 and 1."""
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
    of=_is(goes_on),
    twin=_is(lambda t, a, c: t * (1 - c) - t * (a - c)),
)
def gap_is_the_convexity(chance: Callable[..., Number], case: Case) -> None:
    """theta (1-B)(1-A) less the chance of going on is theta/(1-theta) times the slack of convexity."""
    theta, a, c = case.real("theta"), case.real("A"), case.real("B")
    gap = theta * (1 - c) * (1 - a) - chance(theta, a, c)
    case.equal("gap", gap, theta / (1 - theta) * (a * (theta + (1 - theta) * c) - c))


@obligation(
    "theorem2a.look.bound",
    paper="Theorem 2a",
    of=_is(Fraction(1)),
    twin=_is(Fraction(9, 8)),
    needs=("theorem2a.look.convex", "theorem2a.look.gap"),
)
def look_needs_few_rounds(factor: Fraction, case: Case) -> None:
    """If going on has chance G_c <= theta_c (1-B)(1-A_c), then 1/(1-B) empty rounds and r - 1 + 1/(1-B) rounds are
    inherited from both sides: so E[Z] <= 1 and E[T] <= n + 1 at the start, where B = 0."""
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


def printed_rounds(left: Number, bp: Number) -> Number:
    """The proof's bound on the rounds with some bits left at b p_s = bp > 1/5."""
    return 8 + 10 * (left - 1) + 10 / bp


def _step(least: Fraction, rounds: Callable[[Number, Number], Number]) -> Callable[[Case], object]:
    return lambda case: (least, rounds)


def ten_rounds_a_bit(subject: tuple[Fraction, Callable[[Number, Number], Number]], case: Case) -> None:
    """With r bits left at a prefix with b p_s > 1/5 the bound of the step is at most 10 r."""
    least, rounds = subject
    r, bp = case.integer("r"), case.real("bp")
    case.assume(r >= 1, bp > least)
    case.show("at most 10 r", rounds(r, bp) <= 10 * r)


def true_rounds(left: Number, bp: Number) -> Number:
    """Theorem Z's bound on the rounds: r and the empty ones, (1/p - 1)/b being less than 1/(b p)."""
    return left + theorem_z(left, Fraction(1), Fraction(1)) + 1 / bp


obligation(
    "theorem2a.rounds.printed",
    paper="Theorem 2a",
    of=_step(Fraction(1, 5), printed_rounds),
    expect=Verdict.REFUTED,
    erratum="E10",
)(ten_rounds_a_bit)
obligation(
    "theorem2a.rounds.repaired",
    paper="Theorem 2a",
    of=_step(Fraction(1, 5), true_rounds),
    twin=_step(Fraction(1, 10), true_rounds),
    needs=("theorem2a.z.sign",),
    erratum="E10",
)(ten_rounds_a_bit)
obligation(
    "theorem2a.rounds.five",
    paper="Theorem 2a",
    of=_step(Fraction(5), printed_rounds),
    twin=_step(Fraction(4), printed_rounds),
    erratum="E10",
)(ten_rounds_a_bit)


GRID = "n in 0, 1, 2, 6, 7, 40; b in 1, 2, 3, 4, 50; m in 1, 3, 20; delta in 1, 1/3, 1/20"


def _parameters() -> Iterator[dict[str, Any]]:
    for n, b, m, inverse in product((0, 1, 2, 6, 7, 40), (1, 2, 3, 4, 50), (1, 3, 20), (1, 3, 20)):
        yield {"n": Fraction(n), "b": Fraction(b), "m": Fraction(m), "1/delta": Fraction(inverse)}


@obligation(
    "theorem2a.budget",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_parameters,
    finite=GRID,
    of=_is((PREFIX, False, 0)),
    twin=_is((PREFIX, False, 1)),
    expect=Verdict.CHECKED,
)
@obligation(
    "theorem2a.budget.look",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_parameters,
    finite=GRID,
    of=_is((LOOK, False, 0)),
    twin=_is((LOOK, False, 1)),
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.budget",
    paper="Lemma 1",
    kind="enumeration",
    domain=_parameters,
    finite=GRID,
    of=_is((PREFIX, True, 0)),
    twin=_is((PREFIX, True, 1)),
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.budget.look",
    paper="Lemma 1",
    kind="enumeration",
    domain=_parameters,
    finite=GRID,
    of=_is((LOOK, True, 0)),
    twin=_is((LOOK, True, 1)),
    expect=Verdict.CHECKED,
)
def budgets_are_below_the_printed_ones(subject: tuple[Any, bool, int], case: Case) -> None:
    """Rounds and random bits are at most the printed ones. The rounds beyond the sure ones are the fewest, K, for which
    an eighth of Markov's E/(K + 1) is at most delta, E being the empty and idle ones that are expected; for n >= 1 an
    ideal coin that loses 1 when rounds run out would ask for as many at least."""
    version, alternates, less = subject
    n, b, m, inverse = (case.integer(name) for name in ("n", "b", "m", "1/delta"))
    how = Extraction(
        n=int(n), b=int(b), tau=Fraction(1, int(2 * b + 1)), delta=1 / inverse, version=version, alternating=alternates
    )
    given = PAC(m=int(m))
    made, printed = how.budget(given), how.printed(given)
    further, expected = (
        Fraction(made.k) - how.certain_rounds * m - less,
        m * (how.empty_rounds + how.width * idle_rounds_of_coin(how.b, how.coin_bits)),
    )
    case.show("rounds", made.k <= printed.k)
    case.show("random bits", made.r <= printed.r)
    case.show("enough", expected * inverse <= 8 * (further + 1))
    case.show("no round too many", some(further <= 0, expected * inverse > 8 * further))
    case.show("not more than for an ideal coin", n == 0 or further <= how.empty_rounds * m * inverse // 1)
    if version is PREFIX:
        case.show("queries", made.p <= printed.p)


METHODS = (
    SampleMethod(n=1, budget=PAC(m=1), learn=lambda sample, bits: lambda x: sample[0][1]),
    SampleMethod(n=1, budget=PAC(m=1, r=1), learn=lambda sample, bits: lambda x: sample[0][1] ^ bits[0] & x[0]),
    memoriser(1, 1),
    conjunction(1, 1),
    parity(1, 2),
)
SOURCES = (
    Table(1, {((1,), 1): Fraction(1)}),
    Table(1, {((0,), 0): Fraction(7, 8), ((1,), 1): Fraction(1, 8)}),
    Table(1, {((0,), 0): Fraction(1, 4), ((0,), 1): Fraction(1, 4), ((1,), 1): Fraction(1, 2)}),
)
DELTA = Fraction(1, 9)


def _runs(*sizes: int) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: (
        {"b": b, "method": i, "source": j} for b in sizes for i in range(len(METHODS)) for j in range(len(SOURCES))
    )


def _reduced(name: str, build: Callable[..., Any], *, short: bool = False) -> Callable[[Case], Any]:
    """The reduction of a method, in all its rounds or (the twin's) in one less than its samples take when no round
    is empty."""

    def reduce(method: SampleMethod, b: int) -> QueryMethod:
        made: QueryMethod = build(1, b=b, tau=Fraction(1, 2 * b + 1), delta=DELTA, version=VERSIONS[name])(method)
        return stopped(made, 2 * method.budget.m - 1) if short else made

    return lambda case: reduce


def _misread(build: Callable[..., Any]) -> Callable[[Case], Any]:
    """The reduction at b tau = 1/2, where all answers may be half a count too high and are read as one more (the
    twins')."""

    def reduce(method: SampleMethod, b: int) -> QueryMethod:
        made: QueryMethod = build(1, b=b, tau=Fraction(1, 2 * b + 1), delta=DELTA)(method)
        made = stopped(made, min(made.budget.k, 6))
        budget = replace(made.budget, tau=Fraction(1, 2 * b))
        return replace(
            made,
            budget=budget,
            cells=lambda state, means, tau: [means, tuple(min(mean + tau, Fraction(1)) for mean in means)],
            fresh=0,
            refill=None,
        )

    return lambda case: reduce


RUNS = "five methods of one or two samples of one bit, three sources, delta = 1/9, "


@obligation(
    "theorem2a.simulates",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_runs(1, 2, 3),
    finite=RUNS + "b <= 3",
    of=_reduced("prefix", theorem_2a),
    twin=_reduced("prefix", theorem_2a, short=True),
    expect=Verdict.CHECKED,
)
@obligation(
    "theorem2a.simulates.look",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_runs(3),
    finite=RUNS + "b = 3",
    of=_reduced("look", theorem_2a),
    twin=_reduced("look", theorem_2a, short=True),
    expect=Verdict.CHECKED,
)
@obligation(
    "theorem2a.simulates.tolerance",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_runs(2),
    finite=RUNS + "b = 2",
    of=_reduced("prefix", theorem_2a),
    twin=_misread(theorem_2a),
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.simulates",
    paper="Lemma 1",
    kind="enumeration",
    domain=_runs(1, 2),
    finite=RUNS + "b <= 2",
    of=_reduced("prefix", lemma_1),
    twin=_reduced("prefix", lemma_1, short=True),
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.simulates.look",
    paper="Lemma 1",
    kind="enumeration",
    domain=_runs(2),
    finite=RUNS + "b = 2",
    of=_reduced("look", lemma_1),
    twin=_reduced("look", lemma_1, short=True),
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma1.simulates.tolerance",
    paper="Lemma 1",
    kind="enumeration",
    domain=_runs(1),
    finite=RUNS + "b = 1",
    of=_reduced("prefix", lemma_1),
    twin=_misread(lemma_1),
    expect=Verdict.CHECKED,
)
def error_grows_by_delta_at_most(reduce: Callable[[SampleMethod, int], QueryMethod], case: Case) -> None:
    """err(A', D) <= err(A, D) + delta, exactly, random bits and worst valid answers included. The twins have one round
    less than m samples take if none is empty, or b tau = 1/2 and answers that are half a count too high whenever that
    does harm."""
    method, source = METHODS[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    case.show("the error", error(reduce(method, int(case.integer("b"))), source) <= error(method, source) + DELTA)
