"""How many rounds SAMPLE-EXTRACT takes: Theorem Z's recursion, limits that make it sharp, tails."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import sympy

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select
from constructions.foundations.symbols import symbol, to_sympy
from constructions.foundations.terms import REAL, variable
from constructions.learning.problems import Bits
from constructions.learning.tails import at_least, markov
from constructions.reductions.extract_bounds import look_bound, theorem_z
from constructions.reductions.extract_law import counts_in_batches, law, steps
from constructions.reductions.extract_rounds import empty_by_recursion, rare_label, rounds_law
from constructions.reductions.one_bit import LOOK, PREFIX, Version
from verify.claims.reductions.extract_law import RANDOM, random_masses, random_sizes
from verify.obligations.case import Case, State
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


@obligation(
    "theorem2a.z.recursion",
    paper="Theorem 2a",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=lambda case: empty_by_recursion,
    twin=lambda case: lambda masses, b: empty_by_recursion(masses, b + 1),
)
def recursion_is_the_walk(recursion: Callable[..., Fraction], case: Case) -> None:
    """The recursion of Theorem Z, in P0 = (1-p)^b and P1 = bp(1-p)^(b-1) alone, gives the empty rounds of the walk
    over all batches."""
    width, b = int(case.integer("width")), int(case.integer("b"))
    masses = random_masses(int(case.integer("seed")), width)
    case.equal("empty rounds", recursion(masses, b), law(PREFIX, masses, b).empty)


def comb_masses(width: int, e: Number) -> dict[Bits, Number]:
    """Independent bits, each 1 with probability e: nearly all mass on the word of zeros."""
    found: dict[Bits, Number] = {}
    for word in product((0, 1), repeat=width):
        mass: Number = 1
        for bit in word:
            mass = mass * (e if bit else 1 - e)
        found[word] = mass
    return found


def limit(value: Number) -> Fraction:
    """The value of a rational function of e at e = 0."""
    top, bottom = sympy.fraction(sympy.cancel(to_sympy(value)))
    e = symbol("e")
    ratio = sympy.Rational(top.subs(e, 0), bottom.subs(e, 0))
    return Fraction(int(ratio.p), int(ratio.q))


def _sizes(sizes: Sequence[int]) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: iter([{"n": Fraction(n)} for n in sizes])


@obligation(
    "theorem2a.z.sharp",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_sizes((1, 2)),
    finite="n <= 2",
    expect=Verdict.CHECKED,
    of=lambda case: 2,
    twin=lambda case: 3,
)
def three_halves_is_sharp(b: int, case: Case) -> None:
    """At b = 2 and independent bits that are 1 with probability e, the expected rounds tend to (3n + 2)/2 as e goes
    to 0."""
    n, e = int(case.integer("n")), variable("e", REAL)
    case.equal("the limit", limit(law(PREFIX, comb_masses(n + 1, e), b).rounds), Fraction(3 * n + 2, 2))


@obligation(
    "theorem2a.look.sharp",
    paper="Theorem 2a",
    kind="enumeration",
    domain=_sizes((0, 1, 2, 3)),
    finite="n <= 3, b = 2",
    expect=Verdict.CHECKED,
    of=lambda case: 2,
    twin=lambda case: 1,
)
def look_takes_all_rounds_on_one_point(b: int, case: Case) -> None:
    """From a source with one point LOOK takes n + 1 rounds if b >= 2."""
    n = int(case.integer("n"))
    case.equal("rounds", law(LOOK, {(0,) * (n + 1): Fraction(1)}, b).rounds, n + 1)


def in_one_symbol(value: Number) -> Callable[[Number], Number]:
    """A polynomial in e as a function of any number."""
    coefficients = [
        Fraction(int(c.p), int(c.q)) for c in sympy.Poly(to_sympy(value), symbol("e"), domain="QQ").all_coeffs()
    ]

    def at(number: Number) -> Number:
        total: Number = coefficients[0]
        for coefficient in coefficients[1:]:
            total = total * number + coefficient
        return total

    return at


def _rare(version: Version, b: int) -> Callable[[Case], tuple[Callable[[Number], Number], Callable[[Number], Number]]]:
    """The chances to go on with the rare label and to stay with it for another round, from the walk, as functions of
    its mass."""

    def chances(case: Case) -> tuple[Callable[[Number], Number], Callable[[Number], Number]]:
        e = variable("e", REAL)
        label, again = steps(version, rare_label(e), b, ()), steps(version, rare_label(e), b, (1,))
        return in_one_symbol(label[(1,)]), in_one_symbol(again[(1,)])

    return chances


@obligation(
    "theorem2a.tail",
    paper="Theorem 2a",
    kind="induction",
    of=_rare(PREFIX, 2),
    twin=_rare(LOOK, 2),
    needs=("theorem2a.tail.walk",),
)
def tail_is_as_heavy_as_markov(
    chances: tuple[Callable[[Number], Number], Callable[[Number], Number]], case: Case
) -> None:
    """For every k there is a source (n = 1, b = 2, a label of mass e = 1/(4k)) with k P(T > k) >= 1/8: the walk goes on
    with the rare label with probability e and stays with it for k - 1 further rounds with q >= 1 - 2(k-1)e, by
    induction over k. So no number of rounds that grows like log(1/delta) is enough for the prefix version."""
    go_on, stay = chances
    e = case.real("e")
    case.assume(e > 0, e <= Fraction(1, 4))
    state = {"k": case.integer("k"), "q": case.real("q")}
    least = 1 - 2 * (state["k"] - 1) * e
    case.induction(
        "over k",
        state=state,
        start={"k": Fraction(1), "q": Fraction(1)},
        inputs={},
        advance=lambda s: {"k": s["k"] + 1, "q": s["q"] * stay(e)},
        holds=lambda s: every(s["k"] >= 1, s["q"] >= 0, s["q"] <= 1, s["q"] >= 1 - 2 * (s["k"] - 1) * e),
    )
    reached = every(state["k"] >= 1, state["q"] >= least, 4 * state["k"] * e == 1)
    case.show("half is left", state["q"] >= Fraction(1, 2), given=reached)
    case.show("k P(T > k)", 8 * state["k"] * go_on(e) * state["q"] >= 1, given=every(reached, 2 * state["q"] >= 1))


def _first_rounds(version: Version, b: int) -> Callable[[Case], tuple[Version, int]]:
    return lambda case: (version, b)


@obligation(
    "theorem2a.tail.walk", paper="Theorem 2a", kind="identity", of=_first_rounds(PREFIX, 2), twin=_first_rounds(LOOK, 2)
)
def rare_label_is_waited_for(subject: tuple[Version, int], case: Case) -> None:
    """The walk from batches of two points grows by the rare label with probability e; there it stays with probability
    (1-e)^2 and ends otherwise."""
    version, b = subject
    e = case.real("e")
    start, again = steps(version, rare_label(e), b, ()), steps(version, rare_label(e), b, (1,))
    case.equal("goes on", start.get((1,), 0), e)
    case.equal("stays", again.get((1,), 0), (1 - e) ** 2)
    case.equal("ends", again.get((1, 1), 0), 1 - (1 - e) ** 2)


@obligation(
    "theorem2a.tail.exact",
    paper="Theorem 2a",
    kind="enumeration",
    expect=Verdict.CHECKED,
    finite="k <= 40 and 300, b = 2, 3, 5",
    domain=lambda: ({"k": k, "b": b} for k, b in product((*range(1, 41), 300), (2, 3, 5))),
    of=lambda case: PREFIX,
    twin=lambda case: LOOK,
)
def exact_tail_is_heavy(version: Version, case: Case) -> None:
    """k P(T > k) >= 1/(4b) for the label of mass 1/(2bk), by the exact law of the rounds."""
    k, b = int(case.integer("k")), int(case.integer("b"))
    tail = rounds_law(version, rare_label(Fraction(1, 2 * b * k)), b, k)[k + 1]
    case.show("heavy", 4 * b * k * tail >= 1)


@obligation(
    "markov.grid",
    paper="Theorem 2a",
    kind="enumeration",
    domain=random_sizes,
    finite=RANDOM,
    expect=Verdict.CHECKED,
    of=lambda case: Fraction(1),
    twin=lambda case: Fraction(2, 3),
    needs=("markov.finite",),
)
def exact_tails_are_below_markov(factor: Fraction, case: Case) -> None:
    """The exact chance of k rounds or more is at most E[T]/k, for both versions and k <= 12."""
    width, b = int(case.integer("width")), int(case.integer("b"))
    masses = random_masses(int(case.integer("seed")), width)
    for version in (PREFIX, LOOK):
        exact, mean = rounds_law(version, masses, b, 12), law(version, masses, b).rounds
        for k in range(1, 13):
            case.show(f"{version.name}, {k} rounds", at_least(exact, k) <= factor * markov(mean, k))


def _tails() -> Iterator[dict[str, Any]]:
    return iter([{"b": Fraction(b)} for b in range(1, 9)])


def alone_on_a_side(theta: Number, p: Number, b: int) -> Number:
    """E[1{w_c = 1} / w], by the binomial law: one point on the side, j of the others on the other side."""
    return sum(
        b * theta * p * _choose(b - 1, j) * ((1 - theta) * p) ** j * (1 - p) ** (b - 1 - j) / (j + 1) for j in range(b)
    )


def _choose(n: int, k: int) -> int:
    return int(sympy.binomial(n, k))


@obligation(
    "theorem2a.look.alone",
    paper="Theorem 2a",
    kind="identity",
    finite="b <= 8, as polynomials in theta and p",
    of=lambda case: alone_on_a_side,
    twin=lambda case: lambda theta, p, b: alone_on_a_side(theta, p, b) * Fraction(9, 10),
    expect=Verdict.CHECKED,
)
def chance_of_being_alone(chance: Callable[..., Number], case: Case) -> None:
    """(1 - theta) E[1{w_c = 1}/w] = theta ((1 - theta p)^b - (1-p)^b): the chance that LOOK picks a side with one
    point."""
    theta, p = case.real("theta"), case.real("p")
    for b in range(1, 9):
        case.equal(
            f"the binomial sum, b = {b}",
            (1 - theta) * chance(theta, p, b),
            theta * ((1 - theta * p) ** b - (1 - p) ** b),
        )


@obligation(
    "theorem2a.look.alone.absorbed", paper="Theorem 2a", kind="identity", of=lambda case: 1, twin=lambda case: 2
)
def choices_absorb_a_factor(more: int, case: Case) -> None:
    """(j+1) C(b+1, j+1) = (b+1) C(b, j) for every b and j, by induction over b: it is Pascal's rule if it holds for b
    and j, j - 1. So 1/w in the sum, with w = j + 1, turns C(b-1, j) into C(b, j+1)/b."""
    b, j, here = case.real("b"), case.real("j"), case.real("C(b,j)")
    one_left = j * here / b  # C(b-1,j-1), by the induction
    left = here - one_left  # C(b-1,j), by Pascal's rule
    above = b * left / (j + 1)  # C(b,j+1), by the induction
    case.equal("the step", (j + 1) * (above + here), (b + more) * here)
    case.equal("b = 0, j = 0", (0 + 1) * 1, (0 + more) * 1)


@obligation(
    "theorem2a.look.alone.all",
    paper="Theorem 2a",
    kind="induction",
    of=lambda case: 1,
    twin=lambda case: 2,
    needs=("theorem2a.look.alone", "theorem2a.look.alone.absorbed"),
)
def sum_over_the_other_side(start: int, case: Case) -> None:
    """The sum over i >= 1 of C(b, i) u^i v^(b-i) is (u+v)^b - v^b for every b. With u = (1-theta) p and v = 1 - p that
    is (1-theta)/theta E[1{w_c = 1}/w], and u + v = 1 - theta p: so LOOK picks a side with one point with the chance
    theta ((1 - theta p)^b - (1-p)^b)/(1-theta), for every b."""
    u, v, theta, p = case.real("u"), case.real("v"), case.real("theta"), case.real("p")
    state = {"sum": case.real("sum"), "U": case.real("U"), "V": case.real("V")}
    case.induction(
        "over b",
        state=state,
        start={"sum": Fraction(0), "U": Fraction(1), "V": Fraction(start)},
        inputs={},
        advance=lambda s: {"sum": s["sum"] * (u + v) + u * s["V"], "U": s["U"] * (u + v), "V": s["V"] * v},
        holds=lambda s: s["sum"] == s["U"] - s["V"],
    )
    case.show("one side less", (1 - theta) * p + (1 - p) == 1 - theta * p)


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
    """Step (ii), b p <= 1/5: the chance that one point of the batch begins with the prefix is E[w] - E[max(0, w -
    1)]."""
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
    """For every count w: 1{w >= 1} = w - max(0, w - 1), max(0, w - 1) <= w(w - 1), and 1{w = 1} >= w - w(w - 1); so the
    printed lower bound E[w] - E[w(w - 1)] is one of P(w = 1) after all."""
    w = case.integer("w")
    case.assume(w >= 0)
    more = select(w >= 1, w - 1, Fraction(0))
    case.show("one or more", select(w >= 1, Fraction(1), Fraction(0)) == w - more)
    case.show("the excess", more <= factor * w * (w - 1))
    case.show("one", select(w == 1, Fraction(1), Fraction(0)) >= w - factor * w * (w - 1))


@obligation("theorem2a.rare.moment", paper="Theorem 2a", kind="induction", of=lambda case: 2, twin=lambda case: 1)
def second_moment_of_a_count(times: int, case: Case) -> None:
    """E[w(w - 1)] = b(b - 1)p^2 for every b: one more point adds 2w to w(w - 1) with probability p. With b p <= 1/5
    that is at most b p / 5."""
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
    """With x = b p, P(w = 1) >= (4/5) x and P(w > 0) <= x: at most 5/(4x) <= 2/x rounds are expected until some point
    comes, and then there are several with a chance of at most 1/5 (1/4 as printed)."""
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
    """If rare prefixes of mass q need at most C/(b q) rounds with one bit less, they do with one more: a wait of w/x,
    and a part of what both sides need, share by share. As printed C = 5, w = 2 and a quarter; the same estimates give C
    = 25/12 with w = 5/4 and a fifth."""
    limit, wait, inverse = constants
    x, theta, rounds = case.real("b p"), case.real("theta"), case.real("rounds")
    case.assume(x > 0, theta > 0, theta < 1, inverse * x * rounds <= inverse * wait + 2 * limit)
    shares = theta * (limit / (theta * x)) + (1 - theta) * (limit / ((1 - theta) * x))
    case.show("both sides", shares * x == 2 * limit)
    case.show("the step", rounds * x <= limit)


@obligation("theorem2a.frequent.hit", paper="Theorem 2a", kind="induction", of=lambda case: 6, twin=lambda case: 5)
def frequent_prefix_is_hit(inverse: int, case: Case) -> None:
    """(1-p)^b (1 + b p) <= 1 for every b; so with b p > 1/5 a batch has a point in the prefix with a chance of more
    than 1/6 (1/8 as printed): at most 8 rounds are expected until then."""
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


@obligation(
    "theorem2a.count",
    paper="Theorem 2a, Lemma 1",
    of=lambda case: theorem_z,
    twin=lambda case: lambda r, p, b: 2 * theorem_z(r, p, b),
    needs=("theorem2a.z.sign", "theorem2a.look.bound"),
)
def rounds_fit_in_the_printed_ones(empty: Callable[..., Number], case: Case) -> None:
    """For all n, b >= 1 and delta <= 1 the rounds for each sample (the sure ones, and the empty ones that are expected,
    over delta) are at most 3(n+1)/(2 delta), by turns 3(n+1)/delta, with LOOK by turns 4(n+1)/delta. As printed
    10(n+1)/delta and 20(n+1)/delta."""
    n, b, inverse, share = case.integer("n"), case.integer("b"), case.real("1/delta"), case.real("1/b")
    case.assume(n >= 1, b >= 1, inverse >= 1, share * b == 1)
    once = Fraction(1)
    case.lemma("1/b is at most 1", share <= 1)
    case.lemma("products", every(n * inverse >= n, share * inverse <= inverse))
    case.show("prefix", n + 1 + empty(n + 1, once, b) * inverse <= Fraction(3, 2) * (n + 1) * inverse)
    case.show("look", n + 1 + look_bound(0 * once) * inverse <= Fraction(3, 2) * (n + 1) * inverse)
    case.show("prefix by turns", 2 * n + 1 + 2 * (empty(n, once, b) + share) * inverse <= 3 * (n + 1) * inverse)
    case.show("look by turns", 2 * n + 1 + 2 * (look_bound(0 * once) + share) * inverse <= 4 * (n + 1) * inverse)


@obligation("lemma1.count", paper="Lemma 1", kind="induction", of=lambda case: 0, twin=lambda case: 1)
def turns_double_the_rounds(lost: int, case: Case) -> None:
    """A sample that takes T rounds of its own takes at most 2T - 1 by turns, from a round of either label: one for the
    label, one more if the label is not the round's, and two for each further one but the last. So m samples take at
    most twice their rounds."""
    own, agrees = case.integer("T"), case.bit("the label is the round's")
    case.assume(own >= 1)

    def taken(s: State) -> Number:
        other = select(s["T"] >= 2, 2 + 2 * (s["T"] - 2), Fraction(1))
        return select(s["agrees"], 1 + 2 * (s["T"] - 1), other) + lost

    sample: State = {"T": own, "agrees": agrees}
    case.lemma("one sample", taken(sample) <= 2 * own - 1)
    state = {"m": case.integer("m"), "own": case.real("own rounds"), "all": case.real("all rounds")}
    case.induction(
        "over the samples",
        state=state,
        start={"m": Fraction(0), "own": Fraction(0), "all": Fraction(0)},
        inputs=sample,
        advance=lambda s: {"m": s["m"] + 1, "own": s["own"] + s["T"], "all": s["all"] + taken(s)},
        holds=lambda s: every(s["m"] >= 0, s["all"] <= 2 * s["own"] - s["m"]),
    )
