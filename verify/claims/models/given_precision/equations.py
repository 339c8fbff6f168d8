"""Equations (4) to (7), the paper's informal summaries of Theorems 1a to 1d, as statements about methods.

Each puts together what the theorems say. That one may choose the other parameters as polynomials is in Corollaries 1
and 2 (``corollary1.classes``, ``corollary2.classes``).
"""

from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.models.simulations import STEEP_BOUND
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
MORE = "at most delta more error"
PRINTED_RANGE = F(1, 8)
"""The bound on b rho in Corollaries 1 and 2."""


TIMES = 4
"""The tolerance of SQ over the precision of bSGD that does as much; above 3 by Theorem 1d."""


def sq_in_bsgd(case: Case, less: Number) -> None:
    """State that bSGD with a precision rho does what SQ does with the tolerance 4 rho; ``less`` is taken off what may
    be lost (0; a twin's: 1)."""
    rho, b, k, q = case.real("rho"), case.integer("b"), case.integer("k"), case.integer("q")
    case.assume(rho > 0, TIMES * rho <= 1, b >= 1, k >= 1, q >= 1, case.real("delta") > 0)
    case.show("Theorem 1d's premise", 3 * rho < TIMES * rho)
    losses = {name: case.real(f"{name} (1d)") for name in ("strings", "space", "loss of A", "loss of descent")}
    sizes = {"k": k, "q": q, "b": b, "tau": TIMES * rho, "rho": rho, "delta": case.real("delta")}
    used = case.use("theorem1d.model", MORE, **sizes, **losses)
    case.assume(used.premises, label="Theorem 1d: how often a query is asked, and what the losses of both methods are")
    mean = case.word("mean")
    given, made = mean(losses["strings"], losses["loss of A"]), mean(losses["space"], losses["loss of descent"])
    case.show("SQ in bSGD", made <= given + case.real("delta") - less)


def descent(case: Case) -> dict[str, Number]:
    """The numbers of any bSGD method."""
    numbers = {name: case.integer(name) for name in ("T", "b", "p", "r")}
    case.assume(numbers["T"] >= 0, numbers["b"] >= 1, numbers["p"] >= 1, numbers["r"] >= 0)
    reals = {name: case.real(name) for name in ("rho", "rate")}
    case.assume(*(number > 0 for number in reals.values()))
    return {**numbers, **reals, "eps": F(0)}


def bsgd_in_pac(case: Case, numbers: dict[str, Number]) -> None:
    """State that PAC does what a bSGD method of these numbers does."""
    losses = {name: case.real(f"{name} (1b)") for name in ("space", "loss of descent", "loss of samples")}
    used = case.use("theorem1b.simulates", "no more error", **numbers, **losses)
    case.assume(used.premises, label="Theorem 1b: what the losses of descent and of the PAC method are")
    mean = case.word("mean")
    given, made = (mean(losses["space"], losses[name]) for name in ("loss of descent", "loss of samples"))
    case.show("bSGD in PAC", made <= given)


@obligation("equation4.methods", paper="Corollary 1", of=lambda case: F(0), twin=lambda case: F(1))
def bsgd_is_between(less: Number, case: Case) -> None:
    """Equation (4), for every batch size b: to each SQ method there is a bSGD method with batches of b, of a precision
    of its own choice, a quarter of the tolerance, with at most delta more error; and to each bSGD method a PAC method
    with no more error."""
    numbers = descent(case)
    sq_in_bsgd(case, less)
    bsgd_in_pac(case, numbers)


@obligation("equation5.methods", paper="Corollary 2", of=lambda case: F(0), twin=lambda case: F(1))
def fine_gradients_are_pac(less: Number, case: Case) -> None:
    """Equation (5): where rho < 1/(8b), to each PAC method there is a bSGD method with this b and rho and at most delta
    more error, and to each bSGD method a PAC method with no more error. (On models every rho < 2/(3b) will do.)"""
    b, rho, delta, numbers = case.integer("b"), case.real("rho"), case.real("delta"), descent(case)
    case.assume(b >= 1, rho > 0, delta > 0, rho * b < PRINTED_RANGE, case.integer("n") >= 0)
    case.show("Theorem 1a's premise", b * rho < STEEP_BOUND)
    losses = {name: case.real(f"{name} (1a)") for name in ("space", "loss of A", "loss of descent")}
    used = case.use("theorem1a.model", MORE, b=b, rho=rho, delta=delta, n=case.integer("n"), **losses)
    case.assume(used.premises, label="Theorem 1a: what the losses of both methods are")
    mean = case.word("mean")
    given, made = (mean(losses["space"], losses[name]) for name in ("loss of A", "loss of descent"))
    case.show("PAC in bSGD", made <= given + delta - less)
    bsgd_in_pac(case, numbers)


@obligation("equation6.methods", paper="Corollary 2", of=lambda case: F(0), twin=lambda case: F(1))
def coarse_gradients_are_sq(less: Number, case: Case) -> None:
    """Equation (6): where Tp exp(-b rho^2/128) <= delta, so for b rho^2 of the order of log(Tp/delta) and more, to each
    bSGD method there is an SQ method with the tolerance rho/8 and at most delta more error; to each SQ method with the
    tolerance 4 rho there is a bSGD method with at most delta more error. (That SQ learns less than PAC is in
    ``corollary2.sq_is_less``.)"""
    numbers = {name: value for name, value in descent(case).items() if name != "eps"} | {"delta": case.real("delta")}
    sq_in_bsgd(case, less)
    used = case.use("corollary2.coarse", "delta more error", **numbers)
    case.show("bSGD in SQ", used["delta more error"], given=used.premises)


@obligation("equation7.methods", paper="Corollary 2", of=lambda case: F(0), twin=lambda case: F(1))
def bsgd_is_at_least_sq(less: Number, case: Case) -> None:
    """Equation (7), for every b and every rho <= 1/4, fine or coarse: to each SQ method with the tolerance 4 rho there
    is a bSGD method with this b and rho and at most delta more error."""
    sq_in_bsgd(case, less)
