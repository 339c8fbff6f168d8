"""How often SAMPLE-EXTRACT takes many rounds: Markov's inequality, and sources that come near it.

Proved here: for every k some source needs more than k rounds with a chance of at least 1/(8k)
(``theorem2a.tail``), so that no number of rounds that grows like log(1/delta) is enough; on random sources the tails
are below Markov's bound (``markov.grid``).
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from constructions.foundations.exact import Number
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import every
from constructions.foundations.symbols import symbol, to_sympy
from constructions.foundations.terms import REAL, variable
from constructions.learning.tails import at_least, markov
from constructions.reductions.extract_law import law, steps
from constructions.reductions.extract_rounds import rare_label, rounds_law
from constructions.reductions.one_bit import LOOK, PREFIX, Version
from verify.claims.reductions.extract_law.random_sources import RANDOM, random_masses, random_sizes
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

with loaded_when_used(__name__):
    import sympy


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
    """For every k there is a source with k P(T > k) >= 1/8, where T is the number of rounds of the prefix version: n =
    1, b = 2 and a label of mass e = 1/(4k). For the walk continues with the rare label with probability e, and stays
    with it for k - 1 further rounds with probability at least 1 - 2(k-1)e, by induction over k. So no number of rounds
    that grows like log(1/delta) is enough."""
    go_on, stay = chances
    e = case.real("e")
    case.assume(e > 0, e <= Fraction(1, 4))
    state = {"k": case.integer("k"), "q": case.real("q")}
    run = case.induction(
        "over k",
        state=state,
        start={"k": Fraction(1), "q": Fraction(1)},
        inputs={},
        advance=lambda s: {"k": s["k"] + 1, "q": s["q"] * stay(e)},
        holds=lambda s: every(s["k"] >= 1, s["q"] >= 0, s["q"] <= 1, s["q"] >= 1 - 2 * (s["k"] - 1) * e),
    )
    at = case.reached(run)
    source = 4 * at["k"] * e == 1
    case.show("half is left", at["q"] >= Fraction(1, 2), given=source)
    case.show("k P(T > k)", 8 * at["k"] * go_on(e) * at["q"] >= 1, given=every(source, 2 * at["q"] >= 1))


def _first_rounds(version: Version, b: int) -> Callable[[Case], tuple[Version, int]]:
    return lambda case: (version, b)


@obligation(
    "theorem2a.tail.walk", paper="Theorem 2a", kind="identity", of=_first_rounds(PREFIX, 2), twin=_first_rounds(LOOK, 2)
)
def rare_label_is_waited_for(subject: tuple[Version, int], case: Case) -> None:
    """With batches of two points and a label of mass e, the walk of the prefix version continues with this label with
    probability e; there each round stays with probability (1-e)^2, and otherwise ends the extraction."""
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
    """For each k and b of the finite case and a label of mass 1/(2bk), the exact law of the number of rounds T has k
    P(T > k) >= 1/(4b)."""
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
    twin=lambda case: Fraction(0),
    needs=("markov.finite",),
)
def exact_tails_are_below_markov(factor: Fraction, case: Case) -> None:
    """For each random source of the finite case, both versions and every k up to 12, the exact probability of k rounds
    or more is at most the expected number of rounds divided by k."""
    width, b = int(case.integer("width")), int(case.integer("b"))
    masses = random_masses(int(case.integer("seed")), width)
    for version in (PREFIX, LOOK):
        exact, mean = rounds_law(version, masses, b, 12), law(version, masses, b).rounds
        for k in range(1, 13):
            case.show(f"{version.name}, {k} rounds", at_least(exact, k) <= factor * markov(mean, k))
