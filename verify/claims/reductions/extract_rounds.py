"""How many rounds SAMPLE-EXTRACT takes: Theorem Z's recursion, limits that make it sharp, tails."""
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import sympy

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.learning.problems import Bits
from constructions.learning.tails import at_least, markov
from constructions.reductions.extract_law import law, steps
from constructions.reductions.extract_rounds import empty_by_recursion, rare_label, rounds_law
from constructions.reductions.sample_extract import LOOK, PREFIX, Version
from verify.case import Case
from verify.claims.reductions.extract_law import RANDOM, random_masses, random_sizes
from verify.obligation import obligation
from verify.verdict import Verdict


@obligation(
    "theorem2a.z.recursion", paper="Theorem 2a", kind="enumeration", domain=random_sizes, finite=RANDOM, expect=Verdict.CHECKED,
    of=lambda case: empty_by_recursion, twin=lambda case: lambda masses, b: empty_by_recursion(masses, b + 1),
)  # fmt: skip
def recursion_is_the_walk(recursion: Callable[..., Fraction], case: Case) -> None:
    """The recursion of Theorem Z, in P0 = (1-p)^b and P1 = bp(1-p)^(b-1) alone, gives the empty rounds of the walk over all batches."""
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


def limit(value: Number, e: sympy.Symbol) -> Fraction:
    """The value of a rational function at e = 0."""
    top, bottom = sympy.fraction(sympy.cancel(value))
    ratio = sympy.Rational(top.subs(e, 0), bottom.subs(e, 0))
    return Fraction(int(ratio.p), int(ratio.q))


def _sizes(sizes: Sequence[int]) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: iter([{"n": Fraction(n)} for n in sizes])


@obligation(
    "theorem2a.z.sharp", paper="Theorem 2a", kind="enumeration", domain=_sizes((1, 2)), finite="n <= 2", expect=Verdict.CHECKED,
    of=lambda case: 2, twin=lambda case: 3,
)  # fmt: skip
def three_halves_is_sharp(b: int, case: Case) -> None:
    """At b = 2 and independent bits that are 1 with probability e, the expected rounds tend to (3n + 2)/2 as e goes to 0."""
    n, e = int(case.integer("n")), sympy.Symbol("e")
    case.equal("the limit", limit(law(PREFIX, comb_masses(n + 1, e), b).rounds, e), Fraction(3 * n + 2, 2))


@obligation(
    "theorem2a.look.sharp", paper="Theorem 2a", kind="enumeration", domain=_sizes((0, 1, 2, 3)), finite="n <= 3, b = 2",
    expect=Verdict.CHECKED, of=lambda case: 2, twin=lambda case: 1,
)  # fmt: skip
def look_takes_all_rounds_on_one_point(b: int, case: Case) -> None:
    """From a source with one point LOOK takes n + 1 rounds if b >= 2."""
    n = int(case.integer("n"))
    case.equal("rounds", law(LOOK, {(0,) * (n + 1): Fraction(1)}, b).rounds, n + 1)


def in_one_symbol(value: Number, e: sympy.Symbol) -> Callable[[Number], Number]:
    """A polynomial in one symbol as a function of any number."""
    coefficients = [Fraction(int(c.p), int(c.q)) for c in sympy.Poly(value, e, domain="QQ").all_coeffs()]

    def at(number: Number) -> Number:
        total: Number = coefficients[0]
        for coefficient in coefficients[1:]:
            total = total * number + coefficient
        return total

    return at


def _rare(version: Version, b: int) -> Callable[[Case], tuple[Callable[[Number], Number], Callable[[Number], Number]]]:
    """The chances to go on with the rare label and to stay with it for another round, from the walk, as functions of its mass."""

    def chances(case: Case) -> tuple[Callable[[Number], Number], Callable[[Number], Number]]:
        e = sympy.Symbol("e")
        label, again = steps(version, rare_label(e), b, ()), steps(version, rare_label(e), b, (1,))
        return in_one_symbol(label[(1,)], e), in_one_symbol(again[(1,)], e)

    return chances


@obligation(
    "theorem2a.tail", paper="Theorem 2a", kind="induction", of=_rare(PREFIX, 2), twin=_rare(LOOK, 2), needs=("theorem2a.tail.walk",)
)  # fmt: skip
def tail_is_as_heavy_as_markov(chances: tuple[Callable[[Number], Number], Callable[[Number], Number]], case: Case) -> None:
    """For every k there is a source (n = 1, b = 2, a label of mass e = 1/(4k)) with k P(T > k) >= 1/8: the walk goes on with the rare
    label with probability e and stays with it for k - 1 further rounds with q >= 1 - 2(k-1)e, by induction over k. So no number of
    rounds that grows like log(1/delta) is enough for the prefix version."""
    go_on, stay = chances
    e = case.real("e")
    case.assume(e > 0, e <= Fraction(1, 4))
    state = {"k": case.integer("k"), "q": case.real("q")}
    least = 1 - 2 * (state["k"] - 1) * e
    case.induction(
        "over k", state=state, start={"k": Fraction(1), "q": Fraction(1)},
        advance=lambda s: {"k": s["k"] + 1, "q": s["q"] * stay(e)},
        holds=lambda s: every(s["k"] >= 1, s["q"] >= 0, s["q"] <= 1, s["q"] >= 1 - 2 * (s["k"] - 1) * e),
    )  # fmt: skip
    reached = every(state["k"] >= 1, state["q"] >= least, 4 * state["k"] * e == 1)
    case.show("half is left", state["q"] >= Fraction(1, 2), given=reached)
    case.show("k P(T > k)", 8 * state["k"] * go_on(e) * state["q"] >= 1, given=every(reached, 2 * state["q"] >= 1))


def _first_rounds(version: Version, b: int) -> Callable[[Case], tuple[Version, int]]:
    return lambda case: (version, b)


@obligation(
    "theorem2a.tail.walk", paper="Theorem 2a", kind="identity", of=_first_rounds(PREFIX, 2), twin=_first_rounds(LOOK, 2)
)  # fmt: skip
def rare_label_is_waited_for(subject: tuple[Version, int], case: Case) -> None:
    """The walk from batches of two points grows by the rare label with probability e; there it stays with probability (1-e)^2 and ends
    otherwise."""
    version, b = subject
    e = case.real("e")
    start, again = steps(version, rare_label(e), b, ()), steps(version, rare_label(e), b, (1,))
    case.equal("goes on", start.get((1,), 0), e)
    case.equal("stays", again.get((1,), 0), (1 - e) ** 2)
    case.equal("ends", again.get((1, 1), 0), 1 - (1 - e) ** 2)


@obligation(
    "theorem2a.tail.exact", paper="Theorem 2a", kind="enumeration", expect=Verdict.CHECKED, finite="k <= 40 and 300, b = 2, 3, 5",
    domain=lambda: ({"k": k, "b": b} for k, b in product((*range(1, 41), 300), (2, 3, 5))), of=lambda case: PREFIX, twin=lambda case: LOOK,
)  # fmt: skip
def exact_tail_is_heavy(version: Version, case: Case) -> None:
    """k P(T > k) >= 1/(4b) for the label of mass 1/(2bk), by the exact law of the rounds."""
    k, b = int(case.integer("k")), int(case.integer("b"))
    tail = rounds_law(version, rare_label(Fraction(1, 2 * b * k)), b, k)[k + 1]
    case.show("heavy", 4 * b * k * tail >= 1)


@obligation(
    "markov.grid", paper="Theorem 2a", kind="enumeration", domain=random_sizes, finite=RANDOM, expect=Verdict.CHECKED,
    of=lambda case: Fraction(1), twin=lambda case: Fraction(2, 3), needs=("markov.finite",),
)  # fmt: skip
def exact_tails_are_below_markov(factor: Fraction, case: Case) -> None:
    """The exact chance of k rounds or more is at most E[T]/k, for both versions and k <= 12."""
    width, b = int(case.integer("width")), int(case.integer("b"))
    masses = random_masses(int(case.integer("seed")), width)
    for version in (PREFIX, LOOK):
        exact, mean = rounds_law(version, masses, b, 12), law(version, masses, b).rounds
        for k in range(1, 13):
            case.show(f"{version.name}, {k} rounds", at_least(exact, k) <= factor * markov(mean, k))
