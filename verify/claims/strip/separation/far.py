"""Facts R2 and R3: how often a random query tells two batches far apart."""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select
from constructions.strip.separation import ONE_TWELFTH, chance_aligned, chance_far
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation

F = Fraction
Chance = Callable[[Number], Number]


def twelvefold(power: Number) -> Number:
    """Twelve times the chance of R2 (the twin's)."""
    return 12 * chance_far(power)


@obligation(
    "strip.separation.r2", paper="the strip", kind="induction", of=lambda case: chance_far, twin=lambda case: twelvefold
)
def a_random_query_separates_far(least: Chance, case: Case) -> None:
    """R2. For 1 <= L <= N and every integer function g with |g|_1 = N: X^(2L) > (c L N)^L/2, for X = <g, eps>, with a
    chance of at least 4^(-L)/12. So X^2 > 2^(-1/L) c L N, c = 4/15. By Paley and Zygmund's inequality at 1/2, from the
    bound on moments, and from Bonami's inequality, whose factor ((4L-1)/(2L-1))^(2L) is at most 3 4^L."""
    level, s, x = case.integer("L"), case.real("s"), case.real("X")
    factor, four = bonami_factor(case, level)
    quarter = case.real("4^(-L)")
    case.assume(quarter * four == 1)
    mean, power = case.word("mean"), case.word("power")
    z, square = power(x, 2 * level), power(x, 4 * level)
    case.assume(case.word("is a sum of signs")(s, x), label="X is a sum of signs")
    case.assume(case.word("raised")((4 * level - 1) / (2 * level - 1), 2 * level) == factor, label="the factor's name")
    case.principle("bonami", **{"s": s, "X": x, "half of p": level})
    moment, bound, of_signs = case.real("moment"), case.real("(c L N)^L"), case.real("moment of N signs")
    place = {"level": level, "norm": case.integer("N"), "moment": of_signs, "bound": bound}
    signs = case.use("strip.separation.moments", **{f"row by row reached: {name}": at for name, at in place.items()})
    case.assume(signs.premises, bound > 0, label="the bound on the moment of N signs")
    case.assume(moment == mean(s, z), moment >= of_signs, label="that of X is no less (strip.separation.merged)")
    often = case.use("strip.separation.often", s=s, Z=z, **{"Z^2": square, "t": F(1, 2)})
    case.assume(often.premises, label="X^(2L) is not negative, and X^(4L) is its square")
    chance = case.word("chance")(s, case.word("strays")(z, F(0), moment / 2))
    case.lemma("Bonami", mean(s, square) <= factor * (moment * moment))
    case.lemma("Paley and Zygmund", 4 * chance * mean(s, square) >= moment * moment)
    case.lemma("a chance", chance >= 0)
    case.lemma("both", (4 * chance * factor - 1) * (moment * moment) >= 0)
    case.lemma("divided", 4 * chance * factor >= 1)
    case.lemma("the factor", 4 * chance * (3 * four) >= 1)
    case.lemma("in quarters", 12 * (chance * four) >= 1)
    case.lemma("4^(-L)", every(quarter > 0, 12 * (chance * four) * quarter >= quarter))
    case.show("the chance", chance >= least(quarter))
    case.show("how far", moment / 2 >= bound / 2)


def bonami_factor(case: Case, level: Number) -> tuple[Number, Number]:
    """((4L-1)/(2L-1))^(2L) and 4^L, reached after 2L factors; the first is at most 3 times the second."""
    back, ratio = case.real("1/(4L-1)"), case.real("(4L-1)/(2L-1)")
    case.assume(level >= 1, back * (4 * level - 1) == 1, ratio * (1 - back) == 2, label="L >= 1")
    case.lemma("at most 1/3", every(back > 0, back <= F(1, 3)))
    run = case.induction(
        "over the factors",
        state={"i": case.integer("i"), "factor": case.real("factor"), "two": case.real("2^i")},
        start={"i": F(0), "factor": F(1), "two": F(1)},
        inputs={},
        advance=lambda s: {"i": s["i"] + 1, "factor": ratio * s["factor"], "two": 2 * s["two"]},
        holds=lambda s: every(
            s["i"] >= 0, s["factor"] > 0, s["two"] > 0, s["factor"] * (1 - s["i"] * back) <= s["two"]
        ),
    )
    at = case.reached(run)
    case.assume(at["i"] == 2 * level, label="2L factors")
    case.lemma("each factor", ratio == (4 * level - 1) / (2 * level - 1))
    case.lemma("what is left", 3 * (1 - 2 * level * back) >= 1)
    case.lemma("at most 3 4^L", at["factor"] <= 3 * at["two"])
    return at["factor"], at["two"]


def twice_as_often(power: Number) -> Number:
    """Twice the chance of R3 (the twin's)."""
    return 2 * chance_aligned(power)


@obligation(
    "strip.separation.r3",
    paper="the strip",
    kind="induction",
    of=lambda case: chance_aligned,
    twin=lambda case: twice_as_often,
)
def a_random_query_finds_mass(least: Chance, case: Case) -> None:
    """R3. For 1 <= K <= N and every integer function g with |g|_1 = N: X >= K with a chance of at least 2^(-K-1).
    Entries are taken one by one until they have the mass K, at most K of them; their signs are one vector of at most
    2^K. Of each two opposite vectors of the others one at least adds up to 0 or more."""
    mass = case.integer("K")
    case.assume(mass >= 1)
    taken = entries_with_the_mass(case, mass)
    at, rest = case.reached(taken), case.real("rest")
    case.assume(at["i"] == mass, label="K times")
    case.lemma("the mass", at["mass"] >= mass)
    names = ("pairs", "good")
    run = case.induction(
        "over the others",
        state={name: case.integer(name) for name in names},
        start=dict.fromkeys(names, F(0)),
        inputs={"rest": rest},
        fixed=("over the entries reached",),
        advance=lambda s: {
            "pairs": s["pairs"] + 1,
            "good": s["good"] + sum((select(at["mass"] + e * s["rest"] >= mass, F(1), F(0)) for e in (1, -1)), F(0)),
        },
        holds=lambda s: every(s["pairs"] >= 0, s["good"] >= s["pairs"]),
    )
    found, chance, back = case.reached(run), case.real("chance"), case.real("2^(-K)")
    case.assume(
        found["pairs"] >= 1, chance * (at["vectors"] * (2 * found["pairs"])) == found["good"], label="the chance"
    )
    case.lemma("per pair", every(chance > 0, 2 * (chance * at["vectors"]) * found["pairs"] >= found["pairs"]))
    case.lemma("of a pair", 2 * (chance * at["vectors"]) >= 1)
    case.lemma("at most 2^K vectors", 2 * (chance * at["2^i"]) >= 1)
    case.assume(back * at["2^i"] == 1)
    case.lemma("2^(-K)", every(back > 0, 2 * (chance * at["2^i"]) * back >= back))
    case.show("the chance", chance >= least(back))


def entries_with_the_mass(case: Case, mass: Number) -> Inductive:
    """K times: an entry is taken, unless the mass is there; with how many vectors its sign is one."""
    entry = case.integer("size of an entry")
    case.assume(entry >= 1)
    return case.induction(
        "over the entries",
        state={"i": case.integer("i"), **{name: case.integer(name) for name in ("mass", "vectors", "2^i")}},
        start={"i": F(0), "mass": F(0), "vectors": F(1), "2^i": F(1)},
        inputs={"size of an entry": entry},
        advance=lambda s: {
            "i": s["i"] + 1,
            "mass": select(s["mass"] < mass, s["mass"] + s["size of an entry"], s["mass"]),
            "vectors": select(s["mass"] < mass, 2 * s["vectors"], s["vectors"]),
            "2^i": 2 * s["2^i"],
        },
        holds=lambda s: every(s["vectors"] >= 1, s["vectors"] <= s["2^i"], some_mass(s["mass"], s["i"], mass)),
    )


def some_mass(mass: Number, i: Number, wanted: Number) -> object:
    """Whether the wanted mass is there, or one for each entry."""
    return select(mass < wanted, mass - i, F(0)) >= 0


@obligation("strip.separation.sigma", paper="the strip", of=lambda case: F(6, 32), twin=lambda case: F(1, 4))
def cited_for_one_deviation(least: Number, case: Case) -> None:
    """For every sum X of signs: X^2 is at least its mean with a chance of at least 6/32, which is more than the 1/12 of
    R1 (cited, Dvorak and Tiba)."""
    s, x = case.real("s"), case.real("X")
    case.assume(case.word("is a sum of signs")(s, x))
    case.principle("dvorak tiba", s=s, X=x)
    square = case.word("power")(x, 2)
    chance = case.word("chance")(s, case.word("not below")(square, case.word("mean")(s, square)))
    case.show("the chance", chance >= least)
    case.show("more than R1's", least >= 2 * ONE_TWELFTH)
