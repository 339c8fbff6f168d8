"""The running times of Lemmas 4 and 13 and of Theorems 1b, 1c, 3b and 3c: what it takes to find the gradients of a
network, in gates.

A round of the method by queries is bounded once (``descent.bound``), and its numbers fit (``descent.fits``). The
theorems put this round where Theorems 2b and 2c and Lemmas 5b and 5c have theirs.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.computation.averaging_gates import StepSizes, step_gates, sum_bits
from constructions.computation.descent_gates import (
    DescentSizes,
    descent_gates,
    number_width,
    update_gates,
    vertex_gates,
)
from constructions.computation.one_by_one import TurnSizes, turn_gates
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from verify.claims.computation.turing.sizes import grows
from verify.obligations.case import Case
from verify.obligations.obligation import Claim, Obligation, obligation, registry

NAMES = ("edges", "inner", "vertices", "kinks", "width", "weight", "places")
Formula = Callable[..., Number]


def most_gates(kinks: Number, edges: Number, width: Number) -> Number:
    """At most so many gates has a round of the method that finds gradients.

    >>> most_gates(4, 3, 10)
    279000
    """
    return 186 * (kinks + 1) * edges * width * width


def any_sizes(case: Case) -> DescentSizes:
    """The sizes of any network: a vertex has an edge, and numbers are as wide as weights and answers at least."""
    of = DescentSizes(**{name: case.integer(name) for name in NAMES})
    case.assume(of.edges >= 1, of.inner >= 0, of.inner <= of.edges, of.vertices >= 1, of.vertices <= of.edges)
    case.assume(of.kinks >= 0, of.width >= 1, of.weight >= 0, of.weight <= of.width)
    case.assume(of.places >= 0, of.places + 2 <= of.width)
    return of


@obligation(
    "descent.bound",
    paper="Lemma 4",
    of=lambda case: descent_gates,
    twin=lambda case: lambda of: descent_gates(of) + 400 * of.edges * of.width * of.width,
)
def a_round_is_polynomial(formula: Formula, case: Case) -> None:
    """For every network of p edges and every piecewise-linear activation with K kinks: the queries, the step and the
    prediction of a round have together at most 186 (K + 1) p W^2 gates, where W is at least the bits of its numbers, of
    a weight, and the places of an answer and two more."""
    of = any_sizes(case)
    width, square = of.width, of.width * of.width
    pieces, most = of.kinks + 1, (of.kinks + 1) * square
    grows(case, 1, width, width, width)
    grows(case, of.weight, of.weight, width, width)
    grows(case, of.kinks, width, of.kinks, square)
    grows(case, 1, square, pieces, square)
    step, vertex = update_gates(replace(of, edges=1)), vertex_gates(of.kinks, width)
    case.lemma("a step", every(step >= 0, step <= 28 * square))
    case.lemma("a vertex", every(vertex >= 0, vertex <= 29 * most))
    grows(case, of.edges, step, of.edges, 28 * square)
    grows(case, of.vertices, vertex, of.edges, 29 * most)
    for many in (of.edges, of.inner, of.vertices, 1):
        for each in (width, square):
            grows(case, many, each, of.edges, most)
    case.show("at most", formula(of) <= most_gates(of.kinks, of.edges, width))


@obligation(
    "descent.fits",
    paper="Lemma 4",
    kind="induction",
    of=lambda case: number_width,
    twin=lambda case: lambda levels, places, magnitude: number_width(levels, places, magnitude) - 1,
)
def numbers_fit(width: Formula, case: Case) -> None:
    """For every network, number of levels L, g places of a weight and a slope, and beta: call a move what leads from a
    level to the next one, forward or back, or from the output to the loss. In a move a number, counted in units of its
    last place, becomes at most G (c N + l P), where N is the largest before, P the power of G B to the moves before,
    G = 2^g, and c and l are what it is multiplied by and what is added, with c + l <= B = 2^beta (on the way forward
    the largest slope times p times the largest weight, and the largest intercept; back the first of these, and 0; at
    the loss twice the largest slope, and 0). So after any number of moves it is at most (G B)^moves, and after 2 L of
    them, as many as lead to an entry of the gradient, it fits in the bits that the formula says: those of the power, a
    sign, and one more."""
    levels, places, magnitude = (case.integer(name) for name in ("L", "g", "beta"))
    unit, base = case.real("G"), case.real("B")
    case.assume(levels >= 1, places >= 0, magnitude >= 0, unit >= 1, base >= 1)
    at = case.reached(
        case.induction(
            "over the moves",
            state={name: case.real(name) for name in ("moves", "number", "power")},
            start={"moves": Fraction(0), "number": Fraction(1), "power": Fraction(1)},
            inputs={name: case.real(name) for name in ("next", "factor", "more")},
            given=lambda s: every(
                s["next"] >= 0,
                s["factor"] >= 0,
                s["more"] >= 0,
                s["factor"] + s["more"] <= base,
                s["next"] <= unit * (s["factor"] * s["number"] + s["more"] * s["power"]),
            ),
            advance=lambda s: {"moves": s["moves"] + 1, "number": s["next"], "power": unit * base * s["power"]},
            holds=lambda s: every(s["number"] >= 0, s["power"] >= 1, s["number"] <= s["power"]),
        )
    )
    case.show("at most the power", at["number"] <= at["power"])
    bits = (places + magnitude) * at["moves"]
    case.show("as many bits", width(levels, places, magnitude) == bits + 2, given=at["moves"] == 2 * levels)


def time_of_descent(formula: Formula, case: Case) -> None:
    """Bound a round, and all rounds, by what bounds the network and its numbers."""
    of = any_sizes(case)
    levels, places, magnitude, size, steps = (case.integer(name) for name in ("L", "g", "beta", "S", "T"))
    case.assume(steps >= 0, levels >= 1, levels <= of.edges, places >= 0, magnitude >= 0)
    case.assume(size >= 1, places + magnitude <= size)
    case.assume(of.width == number_width(levels, places, magnitude), label="the bits of a number")
    edges, pieces = of.edges, of.kinks + 1
    grows(case, levels, places + magnitude, edges, size)
    grows(case, 1, 1, edges, size)
    wide = edges * size
    case.lemma("wide", every(of.width >= 1, of.width <= 4 * wide))
    grows(case, of.width, of.width, 4 * wide, 4 * wide)
    case.lemma("pieces", pieces * edges >= 1)
    grows(case, pieces * edges, of.width * of.width, pieces * edges, 16 * wide * wide)
    bound = case.use("descent.bound", **{name: getattr(of, name) for name in NAMES})
    case.lemma("a round", every(bound.premises, formula(of) <= most_gates(of.kinks, edges, of.width)))
    most = 2976 * pieces * edges * wide * wide
    case.lemma("a round in all that bounds it", formula(of) <= most)
    grows(case, steps, 0, steps, most - formula(of))
    grows(case, edges, of.width, edges, 4 * wide)
    grows(case, 1, wide, wide, wide)
    grows(case, edges, wide, pieces * edges, wide * wide)
    case.show("all bits", every(edges <= edges * of.width, of.width <= edges * of.width, edges * of.width <= most))
    case.show("all rounds", steps * formula(of) <= steps * most)


for _item, _what in (("Lemma 4", "bSGD, with any batch size"), ("Lemma 13", "fbGD, with a sample of any size")):

    def time_is_polynomial(formula: Formula, case: Case) -> None:
        time_of_descent(formula, case)

    time_is_polynomial.__doc__ = (
        f"For every method of {_what}, of T steps on a network of p edges whose activation has K kinks and whose "
        "numbers have finitely many binary digits: the T rounds of A' have together at most 2976 (K + 1) T p^3 S^2 "
        "gates, S at least the places of a weight and of a slope, log2(1/rho) and those of the first weights among "
        "them, and the bits of p times the largest weight and slope (descent.fits): the time of A' is a polynomial in "
        "T, p, K and S, of degree 1 in T and K, 3 in p and 2 in S. The size of the batch does not occur."
    )
    registry().add(
        Obligation(
            id=f"{_item.lower().replace(' ', '')}.time",
            paper=_item,
            claim=time_is_polynomial,
            erratum="E123",
            of=lambda case: descent_gates,
            twin=lambda case: lambda of: 20 * descent_gates(of),
        )
    )


def descends(case: Case, lemma: str) -> tuple[DescentSizes, Number]:
    """The sizes of any network, and a number TIME that is at least the gates of a round by a lemma, so also the bits of
    all numbers; those of the state are among them."""
    of = any_sizes(case)
    numbers = {name: case.integer(name) for name in ("L", "g", "beta", "S")}
    time, wide = case.integer("TIME"), of.edges * numbers["S"]
    sizes = {name: getattr(of, name) for name in NAMES}
    used = case.use(lemma, "all rounds", "all bits", **sizes, **numbers, T=1)
    case.assume(used.premises, label="the lemma may be used")
    case.assume(2976 * (of.kinks + 1) * of.edges * wide * wide <= time, label="TIME is at least the gates of a round")
    case.lemma("a round", every(descent_gates(of) <= time, of.edges * of.width <= time))
    grows(case, of.edges, of.weight, of.edges, of.width)
    return of, time


def by_samples(formula: Formula, case: Case, lemma: str, other: str) -> None:
    """Put a round of the method by queries where a theorem about samples has its method's."""
    of, time = descends(case, lemma)
    steps, many, bits, asked = (case.integer(name) for name in ("T", "N", "L'", "places of a query"))
    case.assume(steps >= 0, steps <= time, many >= 1, bits >= 1, asked >= 0, asked + 2 <= of.width)
    own, state = descent_gates(of), of.edges * of.weight
    names = {"own": own, "state": state, "parallel": of.edges, "places": of.places, "value places": asked}
    others = {"TIME": time, "bits": bits, "many": many, "rounds": steps, "value width": 0}
    used = case.use(other, "all steps", **names, **others)
    case.lemma("the time of the other link may be used", used.premises)
    step = formula(
        StepSizes(
            own=own,
            state=state,
            parallel=of.edges,
            sum=sum_bits(bits, asked),
            counter=bits,
            places=of.places,
        )
    )
    size = time + bits + 1
    case.show("all steps", steps * many * step <= 128 * many * time * size * size * size)


def by_source(formula: Formula, case: Case, lemma: str, other: str) -> None:
    """Put a round of the method by queries where a theorem about queries of the source has its method's."""
    of, time = descends(case, lemma)
    steps, turn, asked = (case.integer(name) for name in ("T", "turn", "places of a query"))
    case.assume(steps >= 0, steps <= time, turn >= 0, turn <= of.edges, asked >= 0, asked + 2 <= of.width)
    numbers = {
        "own": descent_gates(of),
        "state": of.edges * of.weight,
        "parallel": of.edges,
        "value": asked + 2,
        "places": of.places,
        "turn": turn,
    }
    used = case.use(other, "all rounds", **numbers, TIME=time, k=steps)
    case.lemma("the time of the other link may be used", used.premises)
    a_round = formula(TurnSizes(**numbers))
    case.show("all rounds", steps * of.edges * a_round <= 50 * time * time * time * time)


NETWORK = (
    "with TIME at least T and 2976 (K + 1) p^3 S^2, as much as the gates of a round that finds the gradients of a "
    "network of p edges with K kinks ({lemma}.time); S is at least the places of a weight and of a slope, log2(1/rho) "
    "and those of the first weights among them, and the bits of p times the largest weight and slope"
)
SAMPLES = (
    ("Theorem 1b", "lemma4", "theorem2b", "T b samples", "b"),
    ("Theorem 3b", "lemma13", "lemma5b", "the T rounds in which A' goes through its m points", "m"),
)
SOURCES = (("Theorem 1c", "lemma4", "theorem2c"), ("Theorem 3c", "lemma13", "lemma5c"))


def _register(item: str, claim: Claim, formula: Formula) -> None:
    registry().add(
        Obligation(
            id=f"{item.lower().replace(' ', '')}.time",
            paper=item,
            claim=claim,
            erratum="E123" if item == "Theorem 3b" else "E87" if item == "Theorem 1b" else None,
            of=lambda case: formula,
            twin=lambda case: lambda of: 10**12 * formula(of),
        )
    )


def _from_samples(item: str, lemma: str, other: str, steps: str, many: str) -> None:
    def time_is_polynomial(formula: Formula, case: Case) -> None:
        by_samples(formula, case, f"{lemma}.time", f"{other}.time")

    time_is_polynomial.__doc__ = (
        f"The time of A' of {item}: for {steps} it takes at most 128 {many} TIME (TIME + L' + 1)^3 gates, L' the bits "
        f"of {many}, {NETWORK.format(lemma=lemma)}. So TIME' is a polynomial in T, {many}, p, K and S, of degree 4 in "
        f"TIME and 1 in {many} but for L'. Used are {lemma}.time and {other}.time."
    )
    _register(item, time_is_polynomial, step_gates)


def _from_source(item: str, lemma: str, other: str) -> None:
    def time_is_polynomial(formula: Formula, case: Case) -> None:
        by_source(formula, case, f"{lemma}.time", f"{other}.time")

    time_is_polynomial.__doc__ = (
        f"The time of A' of {item}: its T p queries of the source, one after the other, take together at most "
        f"50 TIME^4 gates, {NETWORK.format(lemma=lemma)}. So TIME' is a polynomial in T, p, K and S, of degree 4 in "
        f"TIME; the size of the batch and delta do not occur. Used are {lemma}.time and {other}.time."
    )
    _register(item, time_is_polynomial, turn_gates)


for _row in SAMPLES:
    _from_samples(*_row)
for _source in SOURCES:
    _from_source(*_source)
