"""Corollary 2 on models: bSGD with b and rho given within SQ, and SQ strictly less than PAC, over budgets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies
from constructions.foundations.terms import INTEGER
from constructions.learning.descent_methods import BSGD
from constructions.learning.models import PAC, SQ
from constructions.models.classes import Inclusion, PolynomialBound, kept_within
from constructions.models.given_precision import (
    BSGD_IN_PAC,
    SAMPLES_FOR_PARITIES,
    bsgd_in_sq,
    kept_within_bsgd,
    kept_within_sq,
    most_rounds,
    pac_in_bsgd,
    parities_beyond,
    parity_samples,
    points_of_twice_the_bits,
)
from constructions.models.simulations import STEEP_BOUND, budget_of
from constructions.reductions.descent_by_samples import theorem_1b
from constructions.reductions.descent_by_source import theorem_1c
from constructions.reductions.extract_bounds import idle_rounds_of_coin
from constructions.reductions.sample_extract import Extraction
from verify.claims.learning.lower_bound.best import BEST
from verify.claims.reductions.extract_law.any_source import as_one_term
from verify.claims.reductions.sample_extract.whole_method import AnyExtraction
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction


@obligation(
    "corollary2.exponential",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: points_of_twice_the_bits,
    twin=lambda case: lambda points: 2 * points,
)
def there_are_more_parities_than_any_polynomial(twice: Callable[[Number], Number], case: Case) -> None:
    """For every degree d and every constant c there is a number n of bits with 2^n >= c n^d. Let n = (d + 1) 2^j, let w
    be 2^d and e be (d + 1)^d. By induction on j, 2^n e is at least 2^j 2w n^d: with twice the bits 2^n is squared, and
    n^d becomes w n^d, while 2^n is at least 2w throughout. And 2^j is at least j + 1, so some j will do."""
    w, first, c = case.real("w"), case.real("e"), case.real("c")
    case.assume(w >= 1, first >= 1, c >= 0)
    names = {"points": case.real("points"), "power": case.real("power"), "twos": case.real("twos")}
    run = case.induction(
        "over j",
        state={"j": case.integer("j"), **names},
        start={"j": F(0), "points": 2 * w, "power": first, "twos": F(1)},
        inputs={},
        advance=lambda s: {
            "j": s["j"] + 1,
            "points": twice(s["points"]),
            "power": w * s["power"],
            "twos": 2 * s["twos"],
        },
        holds=lambda s: every(
            s["j"] >= 0,
            s["power"] > 0,
            s["twos"] >= s["j"] + 1,
            s["points"] >= 2 * w,
            s["points"] * first >= s["twos"] * (2 * w) * s["power"],
        ),
    )
    at = case.reached(run)
    enough = (at["j"] + 1) * (2 * w) >= c * first
    case.lemma("j is large", implies(enough, at["twos"] * (2 * w) >= c * first))
    case.lemma("times the power", implies(enough, at["twos"] * (2 * w) * at["power"] >= c * first * at["power"]))
    case.lemma("in all", implies(enough, at["points"] * first >= c * at["power"] * first))
    case.show("more parities", implies(enough, at["points"] >= c * at["power"]))


def growth(case: Case, n: Any) -> tuple[PolynomialBound, Any]:
    """Any bound c n^d >= 1, and the powers of n: n^(2d) is the square of n^d."""
    power = case.function("power", 2, takes=(INTEGER, INTEGER))
    bound = PolynomialBound(constant=case.real("c"), degree=case.integer("d"))
    here = power(n, bound.degree)
    case.assume(n >= 1, bound.constant >= 1, here >= 1)
    case.assume(power(n, 2 * bound.degree) == here * here, label="what the power of twice the degree is")
    case.assume(power(n, 2 * bound.degree + 2) == n * n * (here * here), label="what two more do to it")
    return bound, power


@obligation(
    "corollary2.sq_is_less",
    paper="Corollary 2",
    of=lambda case: parities_beyond,
    twin=lambda case: lambda most: 2 * most + 2,
)
def parities_are_learned_by_pac_and_not_by_sq(beyond: Callable[[Number], Number], case: Case) -> None:
    """For every n >= 1 and every bound B >= 1 with 2^n >= 2 B^3 + 2: no SQ method with k and 1/tau at most B, with any
    number of random bits, has an error below 1/16 on all parities of n uniform bits; and with n + 3 samples, which are
    at most 4n, a method that returns a parity which fits them has an error below 1/16 on each."""
    n, most, targets = case.integer("n"), case.real("most"), case.integer("targets")
    k, tau, error = case.integer("k"), case.real("tau"), case.real("error")
    given: Any = SQ(k=k, tau=tau, r=F(0))  # type: ignore[arg-type]
    case.assume(n >= 1, most >= 1, k >= 0, tau > 0, kept_within_sq(given, most), label="a budget within the bound")
    case.assume(targets >= beyond(most), label="so many parities")
    square = tau * tau
    case.lemma("tau times the bound", (tau * most) * (tau * most) >= 1)
    case.lemma("times the bound", most * ((tau * most) * (tau * most)) >= most)
    case.lemma("the cube", square * (most * most * most) >= most)
    case.lemma("half of the parities", F(1, 2) * targets - 1 >= most * most * most)
    case.lemma("times the square", square * (F(1, 2) * targets - 1) >= square * (most * most * most))
    case.show("few queries", BEST.cost * k <= square * (F(1, 2) * targets - 1))
    facts = ("SQ loses", "PAC learns")
    used = case.use("corollary2.separation", *facts, k=k, tau=tau, targets=targets, error=error)
    case.assume(used.premises, label="an SQ method with this error, and one that fits samples")
    case.show("SQ does not learn", error >= F(1, 16))
    learned = case.word("mean")(used.values["samples: samples"], used.values["samples: loss of the method"])
    case.show("PAC learns", learned < F(1, 16))
    room = SAMPLES_FOR_PARITIES.constant * n
    case.show("samples within a bound", kept_within(parity_samples(n), room))


@obligation(
    "corollary2.coarse",
    paper="Corollary 2",
    of=lambda case: bsgd_in_sq(case.real("delta")),
    twin=lambda case: replace(bsgd_in_sq(case.real("delta")), grown=lambda bound: bound),
)
def sq_learns_what_bsgd_learns(inclusion: Inclusion, case: Case) -> None:
    """For every n >= 1 and every bound c n^d on the budget of a bSGD method and on 1/rho, with Tp exp(-b rho^2/128) <=
    delta (b rho^2 >= 128 log(Tp/delta)): SQ has a budget within 8 c^2 n^(2d), 1/tau included, and ensures on every
    source every error that the method ensures, with at most delta more."""
    n, steps, b, p, r = (case.integer(name) for name in ("n", "T", "b", "p", "r"))
    rho, rate, most, delta = (case.real(name) for name in ("rho", "rate", "most", "delta"))
    bound, power = growth(case, n)
    given: Any = BSGD(steps=steps, rho=rho, b=b, p=p, r=r)
    case.assume(rho > 0, rate > 0, steps >= 0, b >= 1, p >= 1, r >= 0)
    case.assume(most == bound.at(n, power), kept_within_bsgd(given, most), label="a budget within c n^d")
    losses = {f"loss of {name}": case.real(f"loss of {name}") for name in ("descent", "queries alone")}
    sizes = {"T": steps, "rho": rho, "b": b, "p": p, "r": r, "rate": rate, "eps": F(0), "delta": delta}
    spaces = {name: case.real(name) for name in ("space", "strings")}
    used = case.use("theorem1c.simulates", "at most delta more error", **sizes, **spaces, **losses)
    case.assume(used.premises, label="batches that are large enough, and what the losses of both methods are")
    mean, epsilon = case.word("mean"), case.real("epsilon")
    ensured = mean(spaces["space"], losses["loss of descent"]) <= epsilon
    found = mean(spaces["strings"], losses["loss of queries alone"]) <= epsilon + delta
    case.show("delta more error", implies(ensured, found))
    made: Any = theorem_1c(delta=F(1)).budget(given)
    room = inclusion.grown(bound).at(n, power)
    case.lemma("the bound is at least 1", most >= 1)
    case.lemma("a square", every(most * most >= most, steps * p <= most * most))
    case.show("queries and bits", every(made.k <= room, made.r <= room))
    case.lemma("the tolerance", made.tau * (8 * most) >= 1)
    case.show("tolerance", made.tau * room >= 1)
    case.show("the budget is within the bound", kept_within_sq(made, room))


def with_one_bit(case: Case) -> Any:
    """The extraction of samples of n bits one label at a time, for any b and delta, with one random bit a round: what
    its budget is made of."""
    how = AnyExtraction(case, True).how()
    how.alternating, how.tau, how.coin_bits = True, F(0), 1
    idle = as_one_term(lambda: idle_rounds_of_coin(how.b, how.coin_bits))
    how.idle_rounds, how.parallel = how.width * idle, how.width
    return how


@obligation(
    "corollary2.rounds",
    paper="Corollary 2",
    of=lambda case: most_rounds,
    twin=lambda case: lambda n, most: 2 * n * most * most,
)
def rounds_are_within_a_bound(allowed: Callable[[Number, Number], Number], case: Case) -> None:
    """For every n >= 1, b >= 1, delta > 0 and m: if m and 1/delta are at most B >= 1, then m samples are extracted one
    label at a time, with one random bit a round, in at most 4n B^2 rounds."""
    how, n, m, most = with_one_bit(case), case.integer("n"), case.integer("m"), case.real("most")
    b, delta, ratio, k = how.b, how.delta, case.real("ratio"), case.integer("K")
    case.assume(n >= 1, b >= 1, m >= 0, delta > 0, most >= 1, m <= most, delta * most >= 1)
    expected = how.expected_further_rounds(m)
    case.assume(ratio * delta == expected / 8, k == how.further_rounds(m), label="K rounds beyond the certain ones")
    each = how.empty_rounds + how.idle_rounds
    case.lemma("of one sample", every(each >= 0, each <= 4 * n))
    case.lemma("of all samples", every(m * each >= 0, m * each <= 4 * n * m))
    case.lemma("the quotient", expected / 8 / delta == ratio)
    case.lemma("the ratio", every(ratio >= 0, 2 * ratio * delta <= n * m))
    case.lemma("times the bound", ratio * (delta * most) >= ratio)
    case.lemma("by the bound", 2 * ratio <= n * m * most)
    case.lemma("at most the ratio", k <= ratio)
    case.lemma("n times m", n * m <= n * most)
    case.lemma("n times m, times the bound", n * m * most <= n * most * most)
    case.lemma("n times the bound", every(n * most >= n, n * most <= n * most * most))
    case.lemma("the certain ones", m * how.certain_rounds <= 3 * n * m)
    case.show("within the bound", how.rounds(m) <= allowed(n, most))


def at_the_cost(case: Case) -> Inclusion:
    """PAC in bSGD, for any b, rho and delta."""
    return pac_in_bsgd(case.integer("b"), case.real("rho"), case.real("delta"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWithin:
    """A PAC method with m samples of n bits whose budget is within a bound c n^d, as b, 1/rho and 1/delta are, and what
    is made of it.

    Parameters
    ----------
    n, b, rho, delta : bits, batches, precision, and what may be lost. given : the budget of the method. bound, power :
        c n^d and the powers of n. idle : rounds expected to pass on undecided coins. counted :
        says how many rounds there are. extracted : the budget of the method by queries. budget : that of bSGD.
    """

    n: Any
    b: Any
    rho: Any
    delta: Any
    given: Any
    bound: PolynomialBound
    power: Any
    idle: Any
    counted: Any
    extracted: Any
    budget: Any


def trained(case: Case) -> KeptWithin:
    """Any such method and what is made of it, of which nothing is assumed yet but that c n^d is at least 1."""
    n, b, m, r = (case.integer(name) for name in ("n", "b", "m", "r"))
    rho, delta = case.real("rho"), case.real("delta")
    bound, power = growth(case, n)
    given: Any = PAC(m=m, r=r)
    how, rounds = with_one_bit(case), case.integer("rounds")
    counted = rounds == how.rounds(m)
    how.rounds = lambda samples: rounds
    extracted: Any = Extraction.budget(how, given)
    budget: Any = budget_of(extracted, rho)
    made = {"idle": how.idle_rounds, "counted": counted, "extracted": extracted, "budget": budget}
    return KeptWithin(n=n, b=b, rho=rho, delta=delta, given=given, bound=bound, power=power, **made)


def assume_within(case: Case, made: KeptWithin) -> None:
    """Assume that b rho < 2/3, and that all budgets, b, 1/rho and 1/delta are within c n^d."""
    b, rho, delta, given, most = made.b, made.rho, made.delta, made.given, case.real("most")
    case.assume(b >= 1, rho > 0, b * rho < STEEP_BOUND, delta > 0, given.m >= 0, given.r >= 0)
    case.assume(most == made.bound.at(made.n, made.power), kept_within(given, most), label="a budget within c n^d")
    case.assume(b <= most, rho * most >= 1, delta * most >= 1, label="b, 1/rho and 1/delta within c n^d")
    case.assume(made.counted, label="the rounds")


@obligation(
    "corollary2.steps",
    paper="Corollary 2",
    of=at_the_cost,
    twin=lambda case: replace(at_the_cost(case), grown=BSGD_IN_PAC.grown),
)
def bsgd_takes_a_polynomial_number_of_steps(inclusion: Inclusion, case: Case) -> None:
    """For every n >= 1, every b and rho with b rho < 2/3, every delta > 0, and every bound c n^d on the budget of a PAC
    method, on b, on 1/rho and on 1/delta: bSGD on the model that Theorem 1a makes of the method, with one random bit a
    round, has a budget within 17 c^2 n^(2d + 2), 1/rho included."""
    made = trained(case)
    assume_within(case, made)
    n, m, most = made.n, made.given.m, case.real("most")
    case.lemma("the bound is at least 1", most >= 1)
    few = case.use("corollary2.rounds", "within the bound", n=n, b=made.b, m=m, delta=made.delta, most=most)
    case.assume(few.premises, label="K rounds beyond the certain ones")
    case.lemma("few rounds", made.extracted.k <= most_rounds(n, most))
    room = inclusion.grown(made.bound).at(n, made.power)
    case.show("the budget is within the bound", kept_within_bsgd(made.budget, room))


@obligation(
    "corollary2.pac_in_bsgd",
    paper="Corollary 2",
    of=lambda case: case.real("delta"),
    twin=lambda case: case.real("delta") / 2,
)
def bsgd_learns_what_pac_learns(lost: Number, case: Case) -> None:
    """For every n >= 1, every b and rho with b rho < 2/3, every delta > 0, and every bound c n^d on the budget of a PAC
    method, on b, on 1/rho and on 1/delta: bSGD on the model that Theorem 1a makes of the method, with batches of b and
    gradients of precision rho, ensures on every source every error that the method ensures, with at most delta more."""
    made = trained(case)
    assume_within(case, made)
    mean, epsilon, space = case.word("mean"), case.real("epsilon"), case.real("space")
    losses = {f"loss of {name}": case.real(f"loss of {name}") for name in ("A", "descent")}
    sizes = {"n": made.n, "b": made.b, "rho": made.rho, "delta": made.delta, "k": made.extracted.k}
    asked = {"lemma1.learns: m": made.given.m, "lemma1.learns: idle rounds": made.idle, "idle rounds": made.idle}
    asked |= {"lemma3a.simulates: p": made.extracted.p, "lemma3a.simulates: r": made.extracted.r}
    used = case.use("theorem1a.model", "at most delta more error", space=space, **sizes, **asked, **losses)
    case.assume(used.premises, label="what the losses of the PAC method and of the trained model are")
    found = mean(space, losses["loss of descent"]) <= epsilon + lost
    case.show("delta more error", implies(mean(space, losses["loss of A"]) <= epsilon, found))


@obligation(
    "corollary2.bsgd_in_pac",
    paper="Corollary 2",
    of=lambda case: BSGD_IN_PAC,
    twin=lambda case: replace(BSGD_IN_PAC, grown=lambda bound: bound),
)
def pac_learns_what_bsgd_learns(inclusion: Inclusion, case: Case) -> None:
    """For every n >= 1 and every bound c n^d on the budget of a bSGD method and on 1/rho: PAC has a budget within
    c^2 n^(2d) and ensures on every source every error that the method ensures."""
    n, steps, b, p, r = (case.integer(name) for name in ("n", "T", "b", "p", "r"))
    rho, rate, most = (case.real(name) for name in ("rho", "rate", "most"))
    bound, power = growth(case, n)
    given: Any = BSGD(steps=steps, rho=rho, b=b, p=p, r=r)
    case.assume(rho > 0, rate > 0, b >= 1, steps >= 0, p >= 0, r >= 0)
    case.assume(most == bound.at(n, power), kept_within_bsgd(given, most), label="a budget within c n^d")
    mean, epsilon, space = case.word("mean"), case.real("epsilon"), case.real("space")
    losses = {f"loss of {name}": case.real(f"loss of {name}") for name in ("descent", "samples")}
    sizes = {"T": steps, "rho": rho, "b": b, "p": p, "r": r, "rate": rate, "eps": F(0)}
    used = case.use("theorem1b.simulates", "no more error", space=space, **sizes, **losses)
    case.assume(used.premises, label="what the losses of descent and of the PAC method are")
    ensured = mean(space, losses["loss of descent"]) <= epsilon
    case.show("the same error", implies(ensured, mean(space, losses["loss of samples"]) <= epsilon))
    made: Any = theorem_1b().budget(given)
    case.lemma("the bound is at least 1", most >= 1)
    case.lemma("a square", every(most * most >= most, steps * b <= most * most))
    case.show("the budget is within the bound", kept_within(made, inclusion.grown(bound).at(n, power)))
