"""Theorems 1c and 3c, by use of Lemma 4 and Theorem 2c, and of Lemma 13 and Lemma 5c; and their exact errors on small
problems."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod, descent_error
from constructions.learning.error import error
from constructions.reductions.descent_by_queries import by_queries
from constructions.reductions.descent_by_source import theorem_1c, theorem_3c
from constructions.reductions.queries_alone import asked_alone, lemma_5c, theorem_2c
from verify.claims.reductions.bsq.exact_means import methods_on_sources
from verify.claims.reductions.descent_by_queries.small_problems import LAYERED, LINEAR, descending
from verify.claims.reductions.queries_alone.errors import HERE
from verify.claims.reductions.queries_alone.worst_answers import simulation_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict
from verify.provers.branches import with_names


def chain(build: Callable[..., Any], link: Callable[..., Any], share: Callable[[Number], Number]) -> Any:
    """A theorem for any delta, or for a part of it (the twin's), and any slack of the gradients."""

    def built(case: Case) -> Any:
        second = {link.__name__: lambda delta: simulation_of(link, share)(case)}
        return with_names(build, **second)(delta=case.real("delta"), slack=case.real("eps"))

    return built


@obligation(
    "theorem1c.simulates",
    paper="Theorem 1c",
    of=chain(theorem_1c, theorem_2c, lambda delta: delta),
    twin=chain(theorem_1c, theorem_2c, lambda delta: delta / 2),
)
def sq_does_what_bsgd_does(simulation: Any, case: Case) -> None:
    """For all T, rho > 0, b, p >= 1, r, delta with Tp exp(-b tau^2/8) <= delta for tau = rho/4 - eps > 0, every step
    size, every differentiable model, every initialization and every source: SQ with Tp queries to tolerance tau/2 and r
    random bits has at most delta more error than bSGD, if a program finds each entry of a gradient up to eps. Without a
    slack tau/2 is rho/8 and b rho^2 >= 128 log(Tp/delta) is enough. For bSQ has at most this error (Lemma 4), and SQ at
    most delta more than bSQ (Theorem 2c)."""
    b = case.integer("b")
    case.assume(b >= 1)
    given = {"kind": BSGD, "b": b}
    by_two_links(simulation, ("lemma4.simulates", "theorem2c.simulates"), given, case)


@obligation(
    "theorem3c.simulates",
    paper="Theorem 3c",
    of=chain(theorem_3c, lemma_5c, lambda delta: delta),
    twin=chain(theorem_3c, lemma_5c, lambda delta: delta / 2),
)
def sq_does_what_fbgd_does(simulation: Any, case: Case) -> None:
    """For all T, rho > 0, m, p >= 1, r, delta with Tp exp(-m tau^2/8) <= delta for tau = rho/4 - eps > 0, every step
    size, every differentiable model, every initialization and every source: SQ with Tp queries to tolerance tau/2 and r
    random bits has at most delta more error than fbGD, if a program finds each entry of a gradient up to eps. Without a
    slack m rho^2 >= 128 log(Tp/delta) is enough: one sample for all steps costs no more than fresh batches. For fbSQ
    has at most this error (Lemma 13), and SQ at most delta more than fbSQ (Lemma 5c)."""
    m = case.integer("m")
    case.assume(m >= 1)
    given = {"kind": FBGD, "m": m}
    by_two_links(simulation, ("lemma13.simulates", "lemma5c.simulates"), given, case)


def by_two_links(simulation: Any, links: tuple[str, str], given: dict[str, Any], case: Case) -> None:
    """State that the error grows by delta at most, by the tops of both links; ``given`` has the kind of the budget and
    the size of a batch."""
    steps, p, r = (case.integer(name) for name in ("T", "p", "r"))
    rho, rate, eps, delta = (case.real(name) for name in ("rho", "rate", "eps", "delta"))
    tau = rho / 4 - eps
    case.assume(rho > 0, rate > 0, steps >= 0, p >= 1, eps >= 0, tau > 0)
    kind, size = given["kind"], next(number for name, number in given.items() if name != "kind")
    batch = {name: number for name, number in given.items() if name != "kind"}
    made = simulation.budget(kind(steps=steps, rho=rho, p=p, r=r, **batch))
    case.show("Tp queries to half of rho/4 less the slack", every(made.k == steps * p, made.tau == tau / 2))
    case.show("one query a round, r random bits", every(made.p == 1, made.r == r))
    descent, queries, alone = (case.real(f"loss of {name}") for name in ("descent", "queries", "queries alone"))
    space, strings, averaged = case.real("space"), case.real("strings"), case.real("loss of queries, by strings")
    sizes = {"p": p, "r": r, **batch}
    losses = {"loss of A": descent, "loss of A'": queries}
    one = case.use(links[0], "no more error", space=space, T=steps, rho=rho, rate=rate, eps=eps, **sizes, **losses)
    case.assume(one.premises, label="what the losses of descent and of the method by queries are")
    asked = {"k": steps, "tau": tau, "p": p, "r": r, "b": size, "delta": delta, "strings": strings}
    losses = {"loss of A": averaged, "loss of A'": alone}
    two = case.use(links[1], "at most delta more error", **asked, **losses)
    case.assume(two.premises, label="what the losses of the method by queries and of the one that asks the source are")
    mean = case.word("mean")
    same = mean(space, queries) == mean(strings, averaged)
    case.assume(same, label="over strings and batches at once, or over strings of the mean over batches")
    case.show("at most delta more error", simulation.allows(mean(space, descent), mean(strings, alone)))


F = Fraction
DELTA, LARGE, SMALL = F(1, 20), 613, 1
"""Batches with which Tp exp(-b rho^2/128) <= 1/20 for rho = 1 and Tp <= 6, and without."""
SIZES = tuple(product((LINEAR, LAYERED), (1, 2)))
Made = Callable[[DescentMethod], Any]


def by_the_theorem(same: bool) -> Callable[[int], Made]:
    """The method that asks the source: that of the theorem for a large batch, whose premise a small one breaks."""
    build = theorem_3c if same else theorem_1c
    return lambda b: build(delta=DELTA) if b == LARGE else lambda method: asked_alone(by_queries(method))


def checked(id: str, paper: str, *, same: bool) -> Callable[[Any], Any]:
    """An obligation about the exact errors."""
    return obligation(
        id,
        paper=paper,
        kind="enumeration",
        domain=methods_on_sources(len(SIZES), len(HERE)),
        expect=Verdict.CHECKED,
        finite="a linear model of two weights and one of two layers, T <= 2, rho = 1, delta = 1/20, b = 613, two "
        "sources, nested error; the twin has b = 1",
        of=lambda case: (LARGE, by_the_theorem(same)),
        twin=lambda case: (SMALL, by_the_theorem(same)),
    )


def costs_delta(batch: tuple[int, Callable[[int], Made]], same: bool, case: Case) -> None:
    """State that the method that asks the source has at most delta more error than gradient descent on batches."""
    size, made = batch
    edges, steps = SIZES[int(case.integer("method"))]
    method, source = descending(edges, steps, size, F(1), F(0), same), HERE[int(case.integer("source"))]
    case.show("at most delta more", error(made(size)(method), source) <= descent_error(method, source) + DELTA)


@checked("theorem1c.error", "Theorem 1c", same=False)
def the_source_costs_delta(batch: tuple[int, Callable[[int], Made]], case: Case) -> None:
    """For each bSGD method and source of the finite case, with Tp exp(-b rho^2/128) <= delta, the method that asks the
    source itself has, against the worst valid answers, at most delta more error than gradient descent on batches of b
    samples has against the worst valid estimates."""
    costs_delta(batch, False, case)


@checked("theorem3c.error", "Theorem 3c", same=True)
def the_source_for_one_sample_costs_delta(batch: tuple[int, Callable[[int], Made]], case: Case) -> None:
    """For each fbGD method and source of the finite case, with Tp exp(-m rho^2/128) <= delta, the method that asks the
    source itself has, against the worst valid answers, at most delta more error than gradient descent on one sample of
    m points has against the worst valid estimates."""
    costs_delta(batch, True, case)
