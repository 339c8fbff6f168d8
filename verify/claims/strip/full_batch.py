"""Result T5: one step of full-batch gradient descent is bSGD with b = m."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.exact import Number
from constructions.learning.descent_methods import DescentMethod, at_other_steps, descent_error
from constructions.learning.gradient_learners import linear_regression
from constructions.learning.models import Simulation
from constructions.learning.problems import uniform
from constructions.strip.full_batch import as_full_batch, privacy_bound
from constructions.strip.simulations import NO_LOSS, parameters_of, tolerance_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


def promising(delta: Number) -> Simulation[Any, Any]:
    """A simulation that loses so much."""
    given: Any = delta
    return Simulation(name="fbGD", delta=given, budget=lambda budget: budget, reduce=lambda method: method)


@obligation("strip.full.simulates", paper="the strip", of=lambda case: NO_LOSS, twin=lambda case: NO_LOSS - 1)
def one_step_reads_the_whole_sample(lost: Number, case: Case) -> None:
    """Result T5, few samples. For all n, m >= 1 and rho > 0 with m rho < 4/3, every PAC method that minds no order,
    with m samples and r random bits, and every source: fbGD with one step on m samples, gradients of precision rho and
    r + 2(mn + 1) parameters has at most the error of the method. It is Result B0 with T = 1 and b = m."""
    m, n, r, space = case.integer("m"), case.integer("n"), case.integer("r"), case.real("space")
    one = case.use("strip.b0.simulates", "no more error", b=m, T=F(1), n=n, r=r, space=space)
    case.assume(one.premises, label="one step on all samples")
    case.lemma("by Result B0", one["no more error"])
    mean = case.word("mean")
    given, made = (mean(space, one.values[name]) for name in ("loss of A", "loss of descent"))
    case.show("no more error", promising(lost).allows(given, made))
    case.show("parameters", parameters_of(n, m, F(1), r, 2) == r + 2 * (m * n + 1))


@obligation(
    "strip.full.privacy",
    paper="the strip",
    of=lambda case: privacy_bound,
    twin=lambda case: lambda b, rho, level: privacy_bound(b, rho, level) / 2,
)
def little_is_kept_private(bound: Callable[..., Number], case: Case) -> None:
    """Result T5, privacy. For all b >= 1, rho > 0 and L >= 1: with d0 = ceil(15 (b tau)^2/L), tau = 3 rho/4, the d0 - 1
    points of a batch that A2 leaves unread, if L <= 2 d0 <= 2b, are less than (135/16) b rho^2/L of the batch. (With
    p = 17 4^L b(n + 1) queries L is of the order of log p; where that is more than 2 d0, d0 = ceil(sqrt(7.5) b tau)
    will do, and the share is of the order of rho.)"""
    b, rho, level, d0 = case.integer("b"), case.real("rho"), case.integer("L"), case.integer("d0")
    error = b * tolerance_of(rho)
    case.assume(b >= 1, rho > 0, level >= 1, d0 >= 1, (d0 - 1) * level < 15 * error * error, label="d0 is so small")
    case.lemma("in b and rho", 15 * error * error == b * b * (15 * F(9, 16) * rho * rho))
    share = bound(b, rho, level)
    case.lemma("times L", (share * level) * b == b * b * (15 * F(9, 16) * rho * rho))
    case.lemma("compared", level * (share * b - (d0 - 1)) > 0)
    case.show("the share", d0 - 1 < share * b)


def _sizes() -> Iterator[dict[str, Any]]:
    return ({"m": m, "rho": rho} for m, rho in product((1, 2, 3), (F(1, 2), F(2, 3), F(1))))


@obligation(
    "strip.full.same",
    paper="the strip",
    kind="enumeration",
    domain=_sizes,
    expect=Verdict.CHECKED,
    finite="a linear model of 1 bit, m up to 3, three rho, a noisy source",
    of=lambda case: as_full_batch,
    twin=lambda case: lambda method: at_other_steps(as_full_batch(method), 2),
)
def one_step_is_one_step(full: Callable[[DescentMethod], DescentMethod], case: Case) -> None:
    """The exact errors of bSGD with one step on batches of m, and of fbGD with one step on m samples, are the same."""
    m, rho = int(case.integer("m")), F(case.real("rho"))
    source = uniform(1, lambda x: x[0], noise=F(1, 8))
    method = at_other_steps(linear_regression(1, b=m, rho=rho), 1)
    case.show("the same error", descent_error(method, source) == descent_error(full(method), source))
